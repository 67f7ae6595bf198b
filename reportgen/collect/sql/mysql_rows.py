"""Results of MySQL's binary protocol as Arrow columns, on a connection that PyMySQL made.

PyMySQL makes Python objects of every value, which takes ten times as long as the server needs to send them. A prepared
statement is answered in another form, with numbers as the bytes they are in memory: row packets whose fields follow
each other, numbers with the width of their type, text with its length in front. These are taken apart for many rows
at once. The form is that of "Binary Protocol Resultset" in the manuals of MySQL and MariaDB; the five private names of
PyMySQL that are needed are used here and nowhere else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pymysql.constants import CR, FIELD_TYPE, FLAG
from pymysql.err import MySQLError, OperationalError, raise_mysql_exception
from pymysql.protocol import FieldDescriptorPacket

from reportgen.collect.sql.database import Type, rows_to_table, schema_of

_PREPARE, _EXECUTE, _CLOSE = 0x16, 0x17, 0x19
_BLOCK = 2_000_000
"""Bytes that are taken apart at once: about 30,000 points."""
_MOST_LEFT = 16_000_000
"""Bytes of a result that are not taken apart as they come."""
_HEAD = 4
"""Bytes before each packet: its length in three, and a number."""

_WIDTHS: Mapping[int, str] = {
    FIELD_TYPE.LONGLONG: "<i8",
    FIELD_TYPE.LONG: "<i4",
    FIELD_TYPE.INT24: "<i4",
    FIELD_TYPE.SHORT: "<i2",
    FIELD_TYPE.YEAR: "<i2",
    FIELD_TYPE.TINY: "|i1",
    FIELD_TYPE.DOUBLE: "<f8",
    FIELD_TYPE.FLOAT: "<f4",
}
"""Type of a column → how its values are sent; those of all other types are sent as text."""
_TIMES = frozenset({FIELD_TYPE.DATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP, FIELD_TYPE.TIME, FIELD_TYPE.NEWDATE})
_GREATEST = pa.scalar(2**63 - 1, pa.uint64())
_LOW_BYTES = np.array([(1 << (8 * n)) - 1 for n in range(9)], dtype=np.uint64)


class _Stretch(NamedTuple):
    """``n`` row packets of equal length, one after the other."""

    start: int
    length: int
    n: int


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a statement as they were received, of which the first may be columns already."""

    fields: Sequence[Any]
    schema: pa.Schema
    columns: list[pa.RecordBatch]
    packets: list[tuple[bytes, list[_Stretch]]]

    def table(self) -> pa.Table:
        """A value that does not fit its column is null, text that is not UTF-8 is mended."""
        return pa.Table.from_batches([*self.columns, *self._unpacked()], schema=self.schema)

    def unpack(self) -> None:
        self.columns.extend(self._unpacked())
        self.packets.clear()

    def _unpacked(self) -> Iterator[pa.RecordBatch]:
        return (_columns(raw, stretches, self.fields, self.schema) for raw, stretches in self.packets)


def received_rows(connection: Any, sql: str, types: Mapping[str, Type]) -> Rows:
    """The rows of ``sql``, whose columns are ``types`` in this order. Raises ``pymysql.err.MySQLError``.

    A few megabytes are left for ``Rows.table`` to take apart, when the connection is free for the next statement.
    """
    statement, n_columns = _prepared(connection, sql)
    try:
        rows = Rows(_executed(connection, statement, n_columns), schema_of(types), [], [])
        for block in _blocks(connection):
            rows.packets.append(block)
            if sum(len(raw) for raw, _ in rows.packets) > _MOST_LEFT:
                rows.unpack()
    except MySQLError:
        raise
    except BaseException:  # rows that nobody took would be the answer to the next statement
        connection._force_close()
        raise
    finally:
        if connection.open:
            connection._execute_command(_CLOSE, struct.pack("<I", statement))  # the server does not answer that
    return rows


def _prepared(connection: Any, sql: str) -> tuple[int, int]:
    """(number of the statement, its columns)."""
    connection._execute_command(_PREPARE, sql)
    _, statement, n_columns, _ = struct.unpack_from("<BIHH", connection._read_packet().get_all_data())
    for _ in range(n_columns + 1 if n_columns else 0):
        connection._read_packet()
    return statement, n_columns


def _executed(connection: Any, statement: int, n_columns: int) -> Sequence[Any]:
    """The columns of the result, whose rows come next."""
    connection._execute_command(_EXECUTE, struct.pack("<IBI", statement, 0, 1))
    connection._read_packet()
    fields = [connection._read_packet(FieldDescriptorPacket) for _ in range(n_columns)]
    connection._read_packet()
    return fields


def _blocks(connection: Any) -> Iterator[tuple[bytes, list[_Stretch]]]:
    """The row packets as they come, a few megabytes at a time. They end with a packet that is no row."""
    received, at = bytearray(), 0
    stretches: list[_Stretch] = []
    while True:
        while (stretch := _next_stretch(received, at)) is not None and stretch.n:
            stretches.append(stretch)
            at += stretch.length * stretch.n
        if stretches and (at > _BLOCK or stretch is not None):
            yield bytes(received[:at]), stretches
            del received[:at]
            at, stretches = 0, []
        if stretch is not None:
            break
        received += _received(connection)
    if received[_HEAD] == 0xFF:
        raise_mysql_exception(bytes(received[_HEAD:]))


def _next_stretch(received: bytearray, at: int) -> _Stretch | None:
    """The rows at ``at`` that have one length; of no rows if another packet is there, None if none is there in full."""
    n_bytes = len(received) - at
    if n_bytes <= _HEAD:
        return None
    length = int.from_bytes(received[at : at + 3], "little") + _HEAD
    if n_bytes < length:
        return None
    if received[at + _HEAD] != 0:
        return _Stretch(at, length, 0)
    if length - _HEAD == 0xFFFFFF:
        raise OperationalError(CR.CR_NET_PACKET_TOO_LARGE, "a row of more than 16 MB")
    # A row that begins where one of this length ends is a row of this length if its head says so, and so on.
    heads = np.ndarray((n_bytes // length,), "<u4", received, at, (length,))
    firsts = np.ndarray((n_bytes // length,), np.uint8, received, at + _HEAD, (length,))
    others = np.flatnonzero(((heads & 0xFFFFFF) != length - _HEAD) | (firsts != 0))
    return _Stretch(at, length, int(others[0]) if len(others) else len(heads))


def _received(connection: Any) -> bytes:
    try:
        received: bytes = connection._rfile.read1(1 << 20)
    except OSError as error:
        connection._force_close()
        raise OperationalError(CR.CR_SERVER_LOST, f"Lost connection to MySQL server during query ({error})") from error
    if not received:
        connection._force_close()
        raise OperationalError(CR.CR_SERVER_LOST, "Lost connection to MySQL server during query")
    return received


# --- rows to columns ---


def _columns(raw: bytes, stretches: Sequence[_Stretch], fields: Sequence[Any], schema: pa.Schema) -> pa.RecordBatch:
    packets = np.concatenate([np.arange(s.n) * s.length + s.start for s in stretches]) + _HEAD
    raw += bytes(16)  # so that eight bytes can be taken wherever a value may begin
    octets = np.frombuffer(raw, np.uint8)
    at = packets + 1 + (len(fields) + 9) // 8
    columns = []
    for index, (field, wanted) in enumerate(zip(fields, schema, strict=True)):
        bit = index + 2  # the bits that tell nulls begin with the third
        null = (octets[packets + 1 + bit // 8] >> (bit % 8) & 1).astype(bool)
        if field.type_code in _WIDTHS:
            values, width = _numbers(raw, at, field)
            column = pa.array(values, mask=null)
        else:
            start, width = _lengths(raw, octets, at, is_time=field.type_code in _TIMES)
            column = _texts(raw, start, np.where(null, 0, width), null)
            width = width + start - at
        at = at + (np.where(null, 0, width) if null.any() else width)
        columns.append(_fitting(column, wanted))
    return pa.record_batch(columns, schema=schema)


def _numbers(raw: bytes, at: np.ndarray, field: Any) -> tuple[np.ndarray, np.ndarray]:
    dtype = np.dtype(_WIDTHS[field.type_code])
    if field.flags & FLAG.UNSIGNED and dtype.kind == "i":
        dtype = np.dtype(dtype.str.replace("i", "u"))
    values = np.ndarray((len(raw) - dtype.itemsize + 1,), dtype, raw, 0, (1,))  # one value begins at each byte
    return values[at], np.full(len(at), dtype.itemsize)


def _lengths(raw: bytes, octets: np.ndarray, at: np.ndarray, *, is_time: bool) -> tuple[np.ndarray, np.ndarray]:
    """(where text begins, its length): the length is the first byte, or in the two, three or eight after 252, 253 or 254."""
    first, start = octets[at].astype(np.int64), at + 1
    if is_time or not (first > 250).any():
        return start, first
    width = first
    more = np.ndarray((len(raw) - 7,), "<u8", raw, 0, (1,))[start]
    for mark, n_bytes in ((252, 2), (253, 3), (254, 8)):
        start = np.where(first == mark, start + n_bytes, start)
        width = np.where(first == mark, (more & _LOW_BYTES[n_bytes]).astype(np.int64), width)
    return start, width


def _texts(raw: bytes, start: np.ndarray, width: np.ndarray, null: np.ndarray) -> pa.Array:
    """Bytes from ``start``. Rows that follow each other have mostly the same text, which is then made once."""
    change = np.ones(len(start), dtype=bool)
    longest = int(width.max())
    if longest <= 256:
        change[1:] = (width[1:] != width[:-1]) | (null[1:] != null[:-1])
        words = np.ndarray((len(raw) - 7,), "<u8", raw, 0, (1,))
        for offset in range(0, longest, 8):
            part = words[np.minimum(start + offset, len(words) - 1)] & _LOW_BYTES[np.clip(width - offset, 0, 8)]
            change[1:] |= part[1:] != part[:-1]
    rows = np.flatnonzero(change)
    ends = zip(start[rows].tolist(), width[rows].tolist(), null[rows].tolist(), strict=True)
    texts = pa.array([None if is_null else raw[at : at + n] for at, n, is_null in ends], pa.binary())
    return texts if len(rows) == len(start) else texts.take(pa.array(np.cumsum(change) - 1))


def _fitting(column: pa.Array, wanted: pa.Field) -> pa.Array:
    """``column`` as the type that is asked for, as quickly as it can be done."""
    try:
        if column.type == pa.uint64():
            column = pc.if_else(pc.greater(column, _GREATEST), pa.scalar(None, pa.uint64()), column)
        if column.type == pa.binary() and wanted.type != pa.string():
            column = column.cast(pa.string())
        return column.cast(wanted.type)
    except pa.ArrowInvalid:
        rows = [(value,) for value in column.to_pylist()]
        return rows_to_table(rows, pa.schema([wanted])).column(0).combine_chunks()

"""The lines of metric files as arrays: ``timestamp value [step [dataset-name digest]]``.

MLflow 0.x wrote two fields, later versions three, and five for a metric of a dataset; a name with blanks makes more.
From three fields on the third is the step, as in ``mlflow migrate-filestore`` (``mlflow/store/fs2db/_tracking.py``);
MLflow's own ``FileStore`` reads five-field lines with step 0 and refuses four and six, which is its mistake, not the
writer's. Numbers are what Python's ``int`` and ``float`` make of the fields, as there; ``nan``, ``inf`` and
``Infinity`` included.

Ordinary files, three fields of plain digits on every line, go to Arrow's CSV parser, many files in one call: 0.1 µs a
point instead of 0.6 line by line (``benchmarks/files.py``). Whatever Arrow does not take is read line by line, so a
damaged file costs only its damaged lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pyarrow as pa
from pyarrow import csv

_PLAIN = b"0123456789+-.einfa \n"
"""What Python writes for a number, ``nan``, ``inf`` and ``-inf``; Arrow takes more than Python outside of these."""
_MAX_JOINED = 8 << 20
_INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Damage:
    """What of a metric file is no point."""

    n_lines: int
    first: str
    """Where the first such line is, and what is wrong with it."""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The points of several metric files, one file after the other, in the order of their lines."""

    lengths: np.ndarray
    """int64, points for each file."""
    step: np.ndarray
    timestamp: np.ndarray
    value: np.ndarray
    """float64; NaN and ±inf as logged."""
    damage: Mapping[int, Damage]
    """Index of a file → its lines that are not here."""

    @property
    def n_stored(self) -> np.ndarray:
        """Lines for each file, with those that hold no point."""
        stored = self.lengths.copy()
        for index, damage in self.damage.items():
            stored[index] += damage.n_lines
        return stored

    @property
    def n_bytes(self) -> int:
        return int(self.step.nbytes + self.timestamp.nbytes + self.value.nbytes)

    def of(self, keep: Sequence[bool]) -> Points:
        """The points of the files that ``keep`` says."""
        rows = np.repeat(np.array(keep, dtype=bool), self.lengths)
        indices = [index for index, is_kept in enumerate(keep) if is_kept]
        damage = {new: self.damage[old] for new, old in enumerate(indices) if old in self.damage}
        return Points(self.lengths[indices], self.step[rows], self.timestamp[rows], self.value[rows], damage)

    def last(self) -> tuple[np.ndarray, np.ndarray]:
        """(indices of the files that have a point, the row of the last point of each).

        Last is the greatest (step, timestamp, value), NaN below every number, as MLflow's ``FileStore`` has it
        (``_get_metric_from_file``), whose answer for NaN depends on the order of the lines.
        """
        files = np.flatnonzero(self.lengths)
        if not len(files):
            return files, files
        starts = (np.cumsum(self.lengths) - self.lengths)[files]
        rows = np.flatnonzero(self.step == np.repeat(np.maximum.reduceat(self.step, starts), self.lengths[files]))
        owner = np.searchsorted(starts, rows, side="right") - 1
        order = np.lexsort((self.value[rows], ~np.isnan(self.value[rows]), self.timestamp[rows], owner))
        is_end = np.append(np.diff(owner[order]) != 0, True)
        return files, rows[order][is_end]


Segment = tuple[np.ndarray, np.ndarray, np.ndarray]
"""(timestamp, value, step) of consecutive lines."""


def n_lines(data: bytes) -> int:
    """How many lines of a metric file are not blank."""
    return sum(1 for line in data.decode("utf-8", "replace").splitlines() if line.strip())


def points_of(files: Sequence[bytes]) -> Points:
    """The points of ``files``, each the content of one metric file."""
    plain = [_n_plain(data) for data in files]
    lengths = np.zeros(len(files), dtype=np.int64)
    segments: list[Segment] = []
    damage: dict[int, Damage] = {}
    for first, n_files in _groups(files, plain):
        group = slice(first, first + n_files)
        for index, n_points, segment, bad in _segments(first, files[group], plain[group]):
            lengths[index : index + len(n_points)] = n_points
            segments.append(segment)
            damage |= {index: bad} if bad else {}
    timestamp, value, step = (
        np.concatenate([segment[i] for segment in segments] or [np.empty(0, dtype)])
        for i, dtype in enumerate((np.int64, np.float64, np.int64))
    )
    return Points(lengths, step, timestamp, value, damage)


def _n_plain(data: bytes) -> int:
    """How many lines a file has that looks ordinary, or 0 for one that is to be read line by line."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    n_blanks = data.count(b" ", 0, data.find(b"\n"))
    return data.count(b"\n") + (not data.endswith(b"\n")) if n_blanks == 2 and not data.translate(None, _PLAIN) else 0


def _groups(files: Sequence[bytes], plain: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(first, how many) of files that are read together: ordinary ones up to ``_MAX_JOINED`` bytes, others alone."""
    for is_plain, run in groupby(range(len(files)), key=lambda index: plain[index] > 0):
        first, n_files, n_bytes = -1, 0, 0
        for index in run:
            if n_files and (not is_plain or n_bytes + len(files[index]) > _MAX_JOINED):
                yield first, n_files
                n_files = n_bytes = 0
            first = first if n_files else index
            n_files += 1
            n_bytes += len(files[index])
        yield first, n_files


def _segments(
    first: int, files: Sequence[bytes], plain: Sequence[int]
) -> Iterator[tuple[int, Sequence[int], Segment, Damage | None]]:
    """(first file, points for each, their segment, what is no point) of pieces of a group, in order."""
    segment = _by_arrow(files, sum(plain)) if all(plain) else None
    if segment is not None:
        yield first, plain, segment, None
    elif len(files) == 1:
        segment, bad = _by_line(files[0])
        yield first, [len(segment[0])], segment, bad
    else:
        middle = len(files) // 2
        yield from _segments(first, files[:middle], plain[:middle])
        yield from _segments(first + middle, files[middle:], plain[middle:])


def _by_arrow(files: Sequence[bytes], n_rows: int) -> Segment | None:
    """All lines of ordinary ``files``, or None when one of them is not ordinary after all."""
    joined = b"".join(data if data.endswith(b"\n") else data + b"\n" for data in files)
    try:
        table = csv.read_csv(
            pa.BufferReader(joined),
            csv.ReadOptions(column_names=["timestamp", "value", "step"], use_threads=False, block_size=len(joined)),
            csv.ParseOptions(delimiter=" ", quote_char=False),
            csv.ConvertOptions(column_types={"timestamp": pa.int64(), "value": pa.float64(), "step": pa.int64()}, null_values=[]),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != n_rows:
        return None
    return table.column("timestamp").to_numpy(), table.column("value").to_numpy(), table.column("step").to_numpy()


def _by_line(data: bytes) -> tuple[Segment, Damage | None]:
    """The points of one file, and what of it is none: a half-written last line is none either."""
    timestamps: list[int] = []
    values: list[float] = []
    steps: list[int] = []
    n_bad, first_bad = 0, ""
    lines = data.decode("utf-8", "replace").splitlines(keepends=True)
    n_usual = 0
    for number, line in enumerate(lines, 1):
        fields = line.strip().split(" ")
        if fields == [""]:
            continue
        is_cut = number == len(lines) and len(fields) < n_usual and not line.endswith(("\n", "\r"))
        point = None if is_cut else _point(fields)
        if point is None:
            why = "was cut short" if is_cut else "is no `timestamp value step`"
            first_bad = first_bad or f"line {number} {why}: {line.strip()[:60]!r}"
            n_bad += 1
            continue
        timestamps.append(point[0])
        values.append(point[1])
        steps.append(point[2])
        n_usual = min(len(fields), 3)
    segment = (np.array(timestamps, np.int64), np.array(values, np.float64), np.array(steps, np.int64))
    return segment, Damage(n_bad, first_bad) if n_bad else None


def _point(fields: Sequence[str]) -> tuple[int, float, int] | None:
    """(timestamp, value, step) of a line, as MLflow reads it; None when it holds no point."""
    if len(fields) < 2:
        return None
    try:
        timestamp, value, step = int(fields[0]), float(fields[1]), int(fields[2]) if len(fields) > 2 else 0
    except ValueError:
        return None
    return (timestamp, value, step) if timestamp in _INT64 and step in _INT64 else None

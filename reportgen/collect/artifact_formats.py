"""What an artifact holds: pictures, tables and text, each decoded within limits and written anew.

Nothing here is executed and nothing fetched. A small file may unfold into a large one (a picture of one colour, objects
without a common key, brackets within brackets), so each kind is bounded before it is unfolded.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import warnings
from collections.abc import Sequence
from itertools import islice
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.canonical_rows import plain
from reportgen.redaction import MASK, hides, names_a_secret, public_text

MAX_PIXELS = 25_000_000
"""A picture of 5000 x 5000, about 100 MB decoded."""
MAX_SIDE = 1600
"""Pixels of the longer side of the new picture."""
MAX_CELLS = 200_000
"""Cells of a table that are kept; rows beyond it are counted."""
MAX_COLUMNS = 2000
"""Columns of a table."""
MAX_DECODED = 256 << 20
"""Bytes that a Parquet file says it holds."""
MAX_UNFOLDED = 8
"""How many times as long as its file the indented text of JSON may be."""
_IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF")
_IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})
_TEXTS = {
    ".txt": "text/plain", ".log": "text/plain", ".md": "text/markdown", ".yaml": "application/yaml", ".yml": "application/yaml",
    ".py": "text/x-python", ".toml": "application/toml", ".ini": "text/plain", ".cfg": "text/plain", ".sql": "text/plain",
    ".xml": "text/xml", ".sh": "text/plain", ".jsonl": "application/jsonl",
}  # fmt: skip


class RefusedArtifactError(Exception):
    """One artifact, or the artifacts of one run, are not read; the text says why."""


def decoded(path: str, data: bytes) -> tuple[str, str, bytes]:
    """(kind, media type of what was found, what is kept). Raises ``RefusedArtifactError``."""
    try:
        return _decoded(PurePosixPath(path).suffix.lower(), data)
    except RecursionError:
        raise RefusedArtifactError("it is nested too deeply to show") from None


def _decoded(suffix: str, data: bytes) -> tuple[str, str, bytes]:
    if suffix in _IMAGE_SUFFIXES or data.startswith(_SIGNATURES[:4]):
        return _image(data)
    if suffix == ".svg":
        raise RefusedArtifactError("SVG is not shown, since it can hold programs; log a PNG beside it")
    if suffix in (".csv", ".tsv"):
        return (
            "table",
            f"text/{'csv' if suffix == '.csv' else 'tab-separated-values'}",
            _csv(_text(data), "," if suffix == ".csv" else "\t"),
        )
    if suffix == ".parquet":
        return "table", "application/vnd.apache.parquet", _parquet(data)
    if suffix == ".json":
        return _json(_text(data))
    if suffix in _TEXTS:
        return "text", _TEXTS[suffix], _public(_text(data)).encode()
    raise RefusedArtifactError(f"files of the kind {suffix or '(no suffix)'} are not shown")


def _image(data: bytes) -> tuple[str, str, bytes]:
    """The picture (of an animation the first frame) as a new PNG without metadata, at most ``MAX_SIDE`` pixels long."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata and of sizes that are refused below anyway
        try:
            with Image.open(io.BytesIO(data), formats=tuple(_IMAGES)) as found:
                if found.width * found.height > MAX_PIXELS:
                    raise RefusedArtifactError(f"it has {found.width:,} x {found.height:,} pixels, more than {MAX_PIXELS:,}")
                media_type = _IMAGES[found.format or "PNG"]
                picture = ImageOps.exif_transpose(found)
                picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
            picture.thumbnail((MAX_SIDE, MAX_SIDE))
            # From its pixels alone, so that no profile, comment or text chunk comes along.
            bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
            out = io.BytesIO()
            bare.save(out, "PNG")
        except (
            UnidentifiedImageError,
            Image.DecompressionBombError,
            OSError,
            ValueError,
            SyntaxError,
            EOFError,
            MemoryError,
        ) as error:
            raise RefusedArtifactError(f"it cannot be decoded as a picture ({type(error).__name__})") from error
    return "image", media_type, out.getvalue()


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedArtifactError("it is not UTF-8 text") from None
    if "\0" in text:
        raise RefusedArtifactError("it is not text")
    return text


def _public(text: str) -> str:
    """``text`` without credentials, its lines ended in one way."""
    return "\n".join(public_text(text).splitlines())


def _json(text: str) -> tuple[str, str, bytes]:
    """What ``mlflow.log_table`` writes (``columns`` and ``data``), and lists of flat objects, as tables; the rest as text."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedArtifactError("it is not whole JSON") from None
    if isinstance(found, dict) and isinstance(found.get("columns"), list) and isinstance(found.get("data"), list):
        rows = [row for row in found["data"] if isinstance(row, list)]
        if len(rows) == len(found["data"]):
            return "table", "application/json", _table([str(name) for name in found["columns"]], rows)
    if isinstance(found, list) and found and all(isinstance(row, dict) for row in found):
        names = list(dict.fromkeys(str(key) for row in found for key in row))
        kept = found[: _n_kept(len(names))]
        return "table", "application/json", _table(names, [[row.get(name) for name in names] for row in kept], len(found))
    return "text", "application/json", _public(_indented(found, MAX_UNFOLDED * len(text) + 1000)).encode("utf-8", "replace")


def _indented(found: object, most: int) -> str:
    """JSON of at most ``most`` characters: brackets within brackets make a long margin of a short file."""
    parts: list[str] = []
    n = 0
    for part in json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(found):
        parts.append(part)
        n += len(part)
        if n > most:
            raise RefusedArtifactError("it is nested too deeply to show")
    return "".join(parts)


def _csv(text: str, delimiter: str) -> bytes:
    try:
        lines = (line for line in csv.reader(io.StringIO(text), delimiter=delimiter) if line)
        names = next(lines, None)
        if names is None:
            raise RefusedArtifactError("it is empty")
        rows = [[_number(value) for value in line] for line in islice(lines, _n_kept(len(names)))]
        n_rows = len(rows) + sum(1 for _ in lines)
    except csv.Error as error:
        raise RefusedArtifactError(f"it is not whole CSV ({error})") from error
    return _table(names, rows, n_rows)


def _number(text: str) -> object:
    """A number where the cell is nothing else; ``007`` and ``1_000`` are words, an empty cell is not there."""
    if not text:
        return None
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII) and not re.match(r"[+-]?0\d", text):
        return float(text)
    return text


def _parquet(data: bytes) -> bytes:
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(pa.BufferReader(data))
        texts = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_binary(field.type)]
        file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts)
        size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
        if size > MAX_DECODED or file.metadata.num_rows * max(1, file.metadata.num_columns) > 50 * MAX_CELLS:
            raise RefusedArtifactError(f"it holds {file.metadata.num_rows:,} rows, too many to show")
        table = file.read()
        shown = table.slice(0, _n_kept(table.num_columns))
        if sum(_n_unfolded(column) for column in shown.columns) > MAX_DECODED:
            raise RefusedArtifactError(f"its text is longer than {MAX_DECODED:,} characters")
        rows = [list(row) for row in zip(*(column.to_pylist() for column in shown.columns), strict=True)]
    except (pa.ArrowException, OSError, ValueError, NotImplementedError) as error:
        raise RefusedArtifactError(f"it is not whole Parquet ({type(error).__name__})") from error
    return _table([str(name) for name in table.column_names], rows, table.num_rows)


def _n_unfolded(column: pa.ChunkedArray) -> int:
    """Bytes of the texts of a column that repeats a few of them; 0 for any other, which is as long as it was in the file."""
    n = 0
    for chunk in column.chunks:
        if pa.types.is_dictionary(chunk.type) and len(chunk):
            n += pc.sum(pc.take(pc.binary_length(chunk.dictionary), chunk.indices)).as_py() or 0
    return n


def _n_kept(n_columns: int) -> int:
    """How many rows of a table are kept. Raises ``RefusedArtifactError`` for one that is too wide."""
    if n_columns > MAX_COLUMNS:
        raise RefusedArtifactError(f"it has {n_columns:,} columns, more than {MAX_COLUMNS:,}")
    return max(1, MAX_CELLS // max(1, n_columns))


def _table(names: Sequence[str], rows: Sequence[Sequence[object]], n_rows: int | None = None) -> bytes:
    """JSON of ``columns``, ``rows`` (as many as ``MAX_CELLS`` allows, each as wide as the header) and ``n_rows``."""
    width = len(names)
    kept = rows[: _n_kept(width)]
    secret = [names_a_secret(name) for name in names]

    def cell(at: int, value: object) -> object:
        return MASK if secret[at] and value is not None and hides(names[at], str(value)) else _cell(value)

    cells = [[cell(at, row[at]) if at < len(row) else None for at in range(width)] for row in kept]
    found = {
        "columns": [plain(public_text(name)) for name in names],
        "rows": cells,
        "n_rows": len(rows) if n_rows is None else n_rows,
    }
    return json.dumps(found, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def _cell(value: object) -> object:
    """Numbers, truth values and text; everything else (lists, times, bytes, numbers of many digits) as the text of it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 1 << 63 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return plain(public_text(text))

"""The last look at the finished files of a bundle: none that holds a credential is delivered.

What was read has been masked long before, so nothing is ever found here unless a text took a way that nobody thought of. Such a
file is left out, named, and a gap of the bundle.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import Problem
from reportgen.render.options import Content, Draft

if TYPE_CHECKING:
    import pyarrow as pa

_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
"""Drawn by ourselves or decoded and drawn anew: they hold no text."""
_LIBRARY = 500_000
"""Scripts longer than this are the chart library's, the same in every report."""
_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
_DATA_URI = re.compile(r"base64,[A-Za-z0-9+/=]{40,}")
_INVISIBLE = re.compile(r"<[^>]*>|[\u00ad\u200b-\u200f\u2060\ufeff]")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def without_leaks(draft: Draft) -> Draft:
    """``draft`` without the files that hold a credential."""
    redactor = draft.options.redactor
    leaking = [path for path, content in draft.files.items() if any(redactor.finds(text) for text in _texts(path, content))]
    if not leaking:
        return draft
    todo = "this is a fault of reportgen: report it, without the file; until then take the credential out of MLflow or the config"
    problems = tuple(
        Problem("file-with-secret", path, f"{path} was left out: a credential stands in it.", todo) for path in leaking
    )
    kept = {path: content for path, content in draft.files.items() if path not in leaking}
    return replace(draft, files=kept, render_problems=(*draft.render_problems, *problems))


def visible_text(page: str) -> str:
    """What a reader of the HTML ``page`` sees: without tags and marks that have no width, entities as characters."""
    return html.unescape(_INVISIBLE.sub("", page))


def _texts(path: str, content: Content) -> Iterator[str]:
    """Everything in a file that could be read out of it."""
    if path.endswith(_PICTURES):
        return
    if path.endswith(".parquet"):
        yield from _of_parquet(content)
        return
    data = content if isinstance(content, bytes) else content.read_bytes()
    if path.endswith(".pdf"):
        yield from _of_pdf(data)
        return
    text = data.decode("utf-8", "replace")
    if path.endswith((".html", ".svg")):
        scripts = [script for script in _SCRIPT.findall(text) if len(script) < _LIBRARY]
        page = _DATA_URI.sub("", _SCRIPT.sub("", text))
        yield from (page, visible_text(page), *scripts)
    else:
        yield text


def _of_pdf(data: bytes) -> Iterator[str]:
    """Its plain parts, links, metadata and attachments. The letters on its pages are numbers of glyphs: the page that it was laid out
    from is looked at instead (``pdf.report_pdf``)."""
    yield _STREAM.sub(b"", data).decode("latin-1")
    for packed in _STREAM.findall(data):
        try:
            inner = zlib.decompressobj().decompress(packed, 64 << 20)
        except zlib.error:
            continue
        if b"\0" not in inner[:4096]:  # a font or a picture
            yield inner.decode("utf-8", "replace")


def _of_parquet(content: Content) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(content if isinstance(content, Path) else pa.BufferReader(content), pre_buffer=False)
    yield str(file.schema_arrow.metadata or "")
    texts = [field.name for field in file.schema_arrow if not _is_number(field.type)]
    for batch in file.iter_batches(columns=texts) if texts else ():
        for column in batch.columns:
            yield from _of_column(column)


def _is_number(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_primitive(kind))


def _of_column(column: pa.Array) -> Iterable[str]:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary
    elif pa.types.is_map(column.type):
        return [text for part in (column.keys, column.items) if not _is_number(part.type) for text in _of_column(part)]
    elif pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return _of_column(column.flatten())
    elif pa.types.is_struct(column.type):
        return [text for part in column.flatten() if not _is_number(part.type) for text in _of_column(part)]
    if pa.types.is_binary(column.type):
        return [value.decode("utf-8", "replace") for value in column.to_pylist() if value is not None]
    return (
        ["\n".join(text for text in column.unique().to_pylist() if text is not None)] if pa.types.is_string(column.type) else []
    )

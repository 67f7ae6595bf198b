"""Credentials that were logged as data stay in the store: a snapshot holds ``[redacted]`` in their place.

Pure. A value is masked when its key names a secret (``db.password``, ``hf_token``), and the user-info of a URL
wherever it stands. This guards the plain accidents; it cannot know that a param called ``note`` holds a password.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.errors import Problem
from reportgen.redaction import MASK, names_a_secret, public_text
from reportgen.snapshot import SCHEMAS, Snapshot, sort_history

_IDS = frozenset({"experiment_id", "run_id", "parent_run_id", "lifecycle", "status", "kind", "version"})
"""Columns that link tables, or hold words of MLflow's own."""


def redacted(snapshot: Snapshot, n_masked_metrics: int = 0) -> Snapshot:
    """``snapshot`` without credentials, and with a note that says how many values were masked.

    Its history has gone through ``plain_metrics`` already, which masked ``n_masked_metrics`` names.
    """
    masker = _Masker()
    tables = {name: masker.table(name, table) for name, table in snapshot.tables()}
    masker.n_urls += n_masked_metrics
    if not masker.n_keys and not masker.n_urls:
        return snapshot
    parts = [f"{masker.n_keys} because of their key"] if masker.n_keys else []
    parts += [f"{masker.n_urls} that hold a URL with credentials"] if masker.n_urls else []
    note = Problem(
        "redacted",
        snapshot.source.uri,
        f"values masked: {', '.join(parts)}",
        "do not log credentials; those that were logged should be replaced by new ones",
        "note",
    )
    return replace(snapshot, **tables, problems=(*snapshot.problems, note))


class _Masker:
    """Masks tables and counts what it masked."""

    def __init__(self) -> None:
        self.n_keys = 0
        self.n_urls = 0

    def table(self, name: str, table: pa.Table) -> pa.Table:
        if name in ("params", "tags"):
            table = self._by_key(table)
        for field in SCHEMAS[name]:
            if field.name in _IDS:
                continue
            if pa.types.is_string(field.type):
                table = _with(table, field.name, self._text(table.column(field.name)))
            elif pa.types.is_map(field.type) and pa.types.is_string(field.type.item_type):
                table = _with(table, field.name, self._pairs(table.column(field.name)))
        return table

    def _by_key(self, table: pa.Table) -> pa.Table:
        keys = pc.unique(table.column("key")).to_pylist()
        secret = pa.array([key for key in keys if names_a_secret(key)], pa.string())
        if not len(secret):
            return table
        hit = pc.is_in(table.column("key"), secret)
        self.n_keys += int(pc.sum(hit).as_py())
        return _with(table, "value", pc.if_else(hit, MASK, table.column("value")))

    def _text(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        candidates = pc.fill_null(pc.match_substring(column, "://"), False)
        if not pc.any(candidates).as_py():
            return column
        return pa.chunked_array([pa.array([self._masked(text) for text in column.to_pylist()], pa.string())])

    def _masked(self, text: str | None) -> str | None:
        if text is None or "://" not in text:
            return text
        public = public_text(text)
        self.n_urls += public != text
        return public

    def _pairs(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        rows = [None if pairs is None else [self._pair(*pair) for pair in pairs] for pairs in column.to_pylist()]
        return pa.chunked_array([pa.array(rows, column.type)])

    def _pair(self, key: str, value: str | None) -> tuple[str, str | None]:
        if names_a_secret(key):
            self.n_keys += 1
            return key, MASK
        return key, self._masked(value)


def plain_metrics(points: pa.Table) -> tuple[pa.Table, int]:
    """A piece of a history without credentials in the names of metrics, and how many names were masked."""
    table = points.unify_dictionaries()
    chunks = table.column("metric").chunks
    words = chunks[0].dictionary.to_pylist() if chunks else []
    public = [public_text(word) if "://" in word else word for word in words]
    n_masked = sum(one != other for one, other in zip(words, public, strict=True))
    if not n_masked:
        return points, 0
    masked = [pa.DictionaryArray.from_arrays(chunk.indices, pa.array(public, pa.string())) for chunk in chunks]
    spelled = pa.chunked_array(masked).cast(pa.string()).dictionary_encode()  # two names may have become one
    return sort_history(_with(table, "metric", spelled)), n_masked


def _with(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)

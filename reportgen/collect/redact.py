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
from reportgen.snapshot import SCHEMAS, History, Snapshot

_IDS = frozenset({"experiment_id", "run_id", "parent_run_id", "lifecycle", "status", "kind", "version"})
"""Columns that link tables, or hold words of MLflow's own."""


def redacted(snapshot: Snapshot) -> Snapshot:
    """``snapshot`` without credentials, and with a note that says how many values were masked."""
    masker = _Masker()
    tables = {name: masker.table(name, table) for name, table in snapshot.tables()}
    history = masker.history(snapshot.history)
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
    return replace(snapshot, **tables, history=history, problems=(*snapshot.problems, note))


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
            elif pa.types.is_map(field.type):
                table = _with(table, field.name, self._pairs(table.column(field.name)))
        return table

    def history(self, history: History) -> History:
        """Names of metrics only; a history on disk is left as it is, since its writer masked it."""
        if history.on_disk:
            return history
        table = history.table().unify_dictionaries()
        if table.num_rows == 0 or not any("://" in word for word in _words(table)):
            return history
        plain = self._text(table.column("metric").cast(pa.string()))
        return History(_with(table, "metric", plain.dictionary_encode()))

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


def _words(table: pa.Table) -> list[str]:
    column = table.column("metric").combine_chunks()
    words: list[str] = (column.chunk(0) if isinstance(column, pa.ChunkedArray) else column).dictionary.to_pylist()
    return words


def _with(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)

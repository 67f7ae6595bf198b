"""Masking of credentials that were logged as data: a snapshot holds ``[redacted]`` in their place.

Pure. A value is masked when its key names a secret (``db.password``, ``hf_token``), wherever something looks like a credential
(``reportgen.secret_patterns``), where a credential of this job itself stands, and as the config's ``redact`` asks. It cannot know
that a param called ``note`` holds a password.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.errors import Problem
from reportgen.order import sorted_by
from reportgen.redaction import MASK, NO_REDACTION, Redactor
from reportgen.snapshot import LINKS, SCHEMAS, SORT_KEYS, LedgerRow, Snapshot, sort_history

_REASONS = {"key": "because of their key", "text": "that hold a credential", "column": "of columns that `redact` names"}


def redacted(snapshot: Snapshot, redactor: Redactor = NO_REDACTION, n_masked_metrics: int = 0) -> Snapshot:
    """``snapshot`` without credentials, and with a note that says how many values were masked.

    Its history has gone through ``plain_metrics`` already, which masked ``n_masked_metrics`` names.
    """
    masker = _Masker(redactor)
    tables = {name: masker.table(name, table) for name, table in snapshot.tables()}
    masker.counts["text"] += n_masked_metrics
    snapshot = replace(
        snapshot,
        ledger=_plain_ledger(snapshot.ledger, redactor),
        problems=_plain_problems(snapshot.problems, redactor),
        selection=tuple((what, redactor(value)) for what, value in snapshot.selection),
    )
    parts = [f"{masker.counts[reason]} {words}" for reason, words in _REASONS.items() if masker.counts[reason]]
    if not parts:
        return snapshot
    note = Problem(
        "redacted",
        snapshot.source.uri,
        f"values masked: {', '.join(parts)}",
        "do not log credentials; those that were logged should be replaced by new ones",
        "note",
    )
    return replace(snapshot, **tables, problems=(*snapshot.problems, note))


def _plain_ledger(rows: Iterable[LedgerRow], redactor: Redactor) -> tuple[LedgerRow, ...]:
    return tuple(replace(row, experiment=redactor(row.experiment)) for row in rows)


def _plain_problems(problems: Iterable[Problem], redactor: Redactor) -> tuple[Problem, ...]:
    """Problems name experiments and metrics, which may be called like a URL."""
    return tuple(replace(p, where=redactor(p.where), what=redactor(p.what), todo=redactor(p.todo)) for p in problems)


class _Masker:
    """Masks tables and counts what it masked, by reason."""

    def __init__(self, redactor: Redactor) -> None:
        self.counts: Counter[str] = Counter()
        self._redactor = redactor
        self._seen: dict[str, str] = {}

    def table(self, name: str, table: pa.Table) -> pa.Table:
        table = self._columns(name, table)
        if name in ("params", "tags"):
            table = self._by_key(table)
        n_before = self.counts["text"]
        for field in SCHEMAS[name]:
            if field.name in LINKS:
                continue
            if pa.types.is_string(field.type):
                table = _with(table, field.name, self._text(table.column(field.name)))
            elif pa.types.is_map(field.type):
                table = _with(table, field.name, self._pairs(table.column(field.name)))
            elif pa.types.is_list(field.type):
                table = _with(table, field.name, self._lists(table.column(field.name)))
        return table if self.counts["text"] == n_before else sorted_by(table, SORT_KEYS[name])

    def _columns(self, name: str, table: pa.Table) -> pa.Table:
        for column in self._redactor.columns:
            of_table, _, field = column.partition(".")
            if of_table == name and table.num_rows:
                is_there = pc.and_(pc.is_valid(table.column(field)), pc.not_equal(table.column(field), MASK))
                self.counts["column"] += int(pc.sum(is_there).as_py() or 0)
                table = _with(table, field, pc.if_else(is_there, MASK, table.column(field)))
        return table

    def _by_key(self, table: pa.Table) -> pa.Table:
        keys = [key for key in pc.unique(table.column("key")).to_pylist() if self._redactor.hides(key, MASK)]
        if not keys:
            return table
        hit = pc.fill_null(
            pc.and_(pc.is_in(table.column("key"), pa.array(keys, pa.string())), pc.not_equal(table.column("value"), MASK)), False
        )
        pairs = zip(hit.to_pylist(), table.column("key").to_pylist(), table.column("value").to_pylist(), strict=True)
        found = [is_named and self._redactor.hides(key, value) for is_named, key, value in pairs]
        self.counts["key"] += sum(found)
        return _with(table, "value", pc.if_else(pa.array(found, pa.bool_()), MASK, table.column("value")))

    def _text(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        if (hint := self._redactor.hint) is not None:
            may_change = pc.match_substring_regex(column, hint, ignore_case=True)
            if not pc.any(may_change).as_py():
                return column
            texts = zip(may_change.to_pylist(), column.to_pylist(), strict=True)
            return pa.chunked_array([pa.array([self._masked(text) if may else text for may, text in texts], pa.string())])
        return pa.chunked_array([pa.array([self._masked(text) for text in column.to_pylist()], pa.string())])

    def _masked(self, text: str | None) -> str | None:
        if text is None:
            return text
        if (public := self._seen.get(text)) is None:
            public = self._redactor(text)
            if len(text) < 1000:
                self._seen[text] = public
        self.counts["text"] += public != text
        return public

    def _pairs(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        rows = [None if pairs is None else [self._pair(*pair) for pair in pairs] for pairs in column.to_pylist()]
        return pa.chunked_array([pa.array(rows, column.type)])

    def _pair(self, key: str, value: str | float | None) -> tuple[str | None, str | float | None]:
        if not isinstance(value, str):
            return self._masked(key), value
        if self._redactor.hides(key, value):
            self.counts["key"] += value != MASK
            return self._masked(key), MASK
        return self._masked(key), self._masked(value)

    def _lists(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        rows = [None if texts is None else [self._masked(text) for text in texts] for texts in column.to_pylist()]
        return pa.chunked_array([pa.array(rows, column.type)])


def plain_metrics(points: pa.Table, redactor: Redactor = NO_REDACTION) -> tuple[pa.Table, frozenset[str]]:
    """A piece of a history without credentials in the names of metrics, and those of its names that were masked."""
    table = points.unify_dictionaries()
    chunks = table.column("metric").chunks
    words = chunks[0].dictionary.to_pylist() if chunks else []
    public = [redactor(word) for word in words]
    if public == words:
        return points, frozenset()
    used = pc.unique(table.column("metric").cast(pa.string())).to_pylist()  # a piece may have words of other pieces
    names = frozenset(word for word in used if redactor(word) != word)
    if not names:
        return points, names
    masked = [pa.DictionaryArray.from_arrays(chunk.indices, pa.array(public, pa.string())) for chunk in chunks]
    spelled = pa.chunked_array(masked).cast(pa.string()).dictionary_encode()  # two names may have become one
    return sort_history(_with(table, "metric", spelled)), names


def plain_contents(table: pa.Table, redactor: Redactor) -> pa.Table:
    """Artifacts without this job's credentials; those that look like one were masked when they were read."""

    def public(content: bytes | None, kind: str) -> bytes | None:
        return content if content is None or kind == "image" else redactor.own(content.decode("utf-8", "replace")).encode()

    pairs = zip(table.column("content").to_pylist(), table.column("kind").to_pylist(), strict=True)
    contents = pa.array([public(content, kind) for content, kind in pairs], table.schema.field("content").type)
    return _with(table, "content", pa.chunked_array([contents]))


def _with(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)

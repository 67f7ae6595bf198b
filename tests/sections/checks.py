"""What must hold for every report, whatever store it came from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from reportgen.model import Block, Chart, Column, Findings, Interval, Paragraph, Report, Table, Tiles, Trace, Verdict
from reportgen.render.walk import all_blocks

ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def is_whole(report: Report) -> None:
    """Ids unique and safe, tables rectangular, charts finite and described, no broken section."""
    assert not [problem for problem in report.problems if problem.slug in ("section-failed", "analysis-failed")]
    assert report.headline.endswith(".")
    assert "\n" not in report.headline
    assert all(isinstance(number, int | float) and math.isfinite(number) for number in report.metrics.values())
    blocks = list(all_blocks(report))
    tables = [*tables_of(blocks), report.provenance.ledger]
    charts = [block for block in blocks if isinstance(block, Chart)]
    ids = [section.id for section in report.sections], [table.id for table in tables], [chart.id for chart in charts]
    for some in ids:
        assert len(set(some)) == len(some), some
        assert all(ID.fullmatch(one) for one in some), some
    for table in tables:
        _is_rectangular(table)
    for chart in charts:
        _is_drawable(chart)
    for block in blocks:
        _has_words(block)
    for section in report.sections:  # a rule that several boxes share stands in the first
        verdicts = [block for block in section.blocks if isinstance(block, Verdict)]
        assert all(one.rule for one in verdicts[:1])


def tables_of(blocks: list[Block]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Chart) and block.table is not None:
            yield block.table


def _is_rectangular(table: Table) -> None:
    assert table.title
    assert table.columns
    keys = [column.key for column in table.columns]
    assert len(set(keys)) == len(keys), keys
    assert all(len(row) == len(table.columns) for row in table.rows), table.id
    if table.n_total is not None:
        assert table.n_total >= len(table.rows)
    for row in table.rows:
        for cell, column in zip(row, table.columns, strict=True):
            _is_typed(cell.value, column)


def _is_typed(value: object, column: Column) -> None:
    if isinstance(value, str):
        assert column.format in ("text", "code", "status", "goal"), (column.key, value)
        assert len(value) <= 700, (column.key, value)
    if isinstance(value, Interval):
        assert (value.low is None) == (value.high is None)
        if value.low is not None and value.high is not None and value.value is not None:
            assert value.low <= value.value <= value.high
        assert value.n >= 1


def _is_drawable(chart: Chart) -> None:
    assert chart.alt.endswith(".")
    assert chart.table is not None, chart.id
    assert chart.traces or chart.bands or chart.grid or chart.figure, chart.id
    for trace in chart.traces:
        _is_finite(trace)
        if chart.kind == "intervals":
            assert all(y is not None and 0 <= y < len(chart.y.categories) for y in trace.y)
    for band in chart.bands:
        assert len(band.x) == len(band.low) == len(band.high) > 0
        assert all(math.isfinite(value) for value in (*band.x, *band.low, *band.high))
    n_points = sum(len(trace.x) for trace in chart.traces)
    assert n_points <= 30_000, (chart.id, n_points)


def _is_finite(trace: Trace) -> None:
    assert len(trace.x) == len(trace.y)
    assert all(value is None or math.isfinite(value) for value in (*trace.x, *trace.y, *trace.low, *trace.high)), trace.name
    for side in (trace.low, trace.high, trace.labels):
        assert len(side) in (0, len(trace.x))


def _has_words(block: Block) -> None:
    match block:
        case Paragraph():
            text = "".join(span.text for span in block.spans)
            assert text.strip()
            assert "  " not in text
            assert "None" not in text.replace("None of", "")
        case Findings():
            assert block.items
            assert all(one.title or one.detail for one in block.items)
        case Tiles():
            assert 0 < len(block.tiles) <= 6
        case Verdict():
            assert block.sentence.endswith(".")
            assert "None" not in block.sentence

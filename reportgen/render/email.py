"""``email.html``: page 1 of the report for mail programs, which know no scripts, no style sheets and no data URIs.

Every style stands at its element, the layout is a table of 640 pixels that shrinks, pictures are PNG. The page opens in a browser as it is; who sends it
puts the pictures beside it and an address in the place of ``LINK``.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from reportgen.formats import one_line, text_of
from reportgen.model import Block, Cell, Chart, Column, Figure, Gallery, Prose, Report, RunLink, Section, Table, Tile
from reportgen.outcomes import GATE_TONES
from reportgen.render.common_sections import gates_sentence, problems_sentence
from reportgen.render.environment import environment_of, rendered
from reportgen.render.markdown import period_line
from reportgen.render.options import Draft, Output
from reportgen.render.outputs import FILES
from reportgen.render.signs import change_arrow, change_word
from reportgen.render.view import RIGHT_ALIGNED
from reportgen.render.walk import of_kind
from reportgen.words import Words

PATH = FILES["email"]
LINK = "<!-- link to the report -->"
_MOST_CHARTS = 3
_MOST_ROWS = 12
_MOST_COLUMNS = 5
_CELL = 90


@dataclass(frozen=True, slots=True)
class MailTable:
    """A table that is narrow enough for a mail."""

    title: str
    head: tuple[tuple[str, str], ...]
    """(label, alignment)."""
    rows: tuple[tuple[tuple[str, str, str], ...], ...]
    """(text, tone, alignment)."""
    n_more: int
    is_facts: bool


@dataclass(frozen=True, slots=True)
class MailTile:
    label: str
    value: str
    change: str
    tone: str
    note: str


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    alt: str
    data: str
    """PNG in base64."""
    width: int


def email_html(draft: Draft) -> Output:
    say, report = Words(), draft.report
    opening = report.sections[0] if report.sections else Section("", "", ())
    pictures = _pictures(report)
    blocks = [view for block in opening.blocks if (view := _view(block, pictures)) is not None]
    shown = {shown.title for _, shown in blocks if isinstance(shown, Picture)}
    blocks += [("picture", picture) for id_, picture in pictures.items() if picture.title not in shown]
    gates = [
        (gate.name, say("page-gate-words", state=gate.state), GATE_TONES[gate.state], gate.sentence)
        for gate in report.gates[:_MOST_ROWS]
    ]
    context = {
        "title": one_line(report.title, 300),
        "headline": report.headline,
        "period": period_line(report),
        "language": report.locale.tag,
        "breaks": _breaks,
        "blocks": blocks,
        "gates": gates,
        "gates_sentence": gates_sentence(report.gates) if report.gates else "",
        "problems": say("list-sentence", clause=problems_sentence(draft.problems)) if draft.problems else "",
        "brand": draft.options.brand,
        "snapshot": report.provenance.snapshot_digest[:12] or say("summary-not-saved"),
    }
    html = rendered(environment_of(draft.options.template_dirs, draft.options.brand), "email.html.j2", context)
    return Output({PATH: html.encode()})


def _view(block: Block, pictures: dict[str, Picture]) -> tuple[str, object] | None:
    """(name of its part of the template, what it shows); None for what a mail leaves out."""
    match block:
        case Chart():
            picture = pictures.get(block.id)
            return ("picture", picture) if picture else ("text", block.alt)
        case Table():
            return "table", _table(block)
        case Figure():
            return "prose", [f"{name}: {chart.alt}" if name else chart.alt for name, chart, _ in block.rows][:_MOST_ROWS]
        case Prose():
            return "prose", [line for line in block.markdown.splitlines() if line.strip()][:_MOST_ROWS]
        case Gallery():
            return None
        case _:
            name = type(block).__name__.lower()
            return name, [_tile(tile) for tile in block.tiles] if name == "tiles" else block  # type: ignore[union-attr]


def _breaks(text: str, side: str) -> str:
    """Where a cell may be broken on a telephone: a short number nowhere, words between them, only a long name anywhere."""
    if side == "right" and len(text) <= 10:
        return "white-space:nowrap"
    longest = max(map(len, re.split(r"[\s\-]", text)), default=0)
    return "overflow-wrap:anywhere" if longest > 16 else "overflow-wrap:normal"


def _tile(tile: Tile) -> MailTile:
    change, told = tile.change, ""
    if change is not None:
        value = text_of(change.delta, change.format, change.digits)
        told = " ".join(filter(None, (change_arrow(change.delta), value, change_word(change.tone), change.against)))
    value = tile.value.name if isinstance(tile.value, RunLink) else text_of(tile.value, tile.format, tile.digits)
    tone = change.tone if change is not None and tile.tone == "neutral" else tile.tone
    return MailTile(tile.label, one_line(value, 40), told, tone, one_line(tile.note, 120))


def _table(table: Table) -> MailTable:
    columns = [column for column in table.columns if column.on_paper][:_MOST_COLUMNS]
    at = [table.columns.index(column) for column in columns]
    sides = ["right" if column.format in RIGHT_ALIGNED else "left" for column in columns]
    rows = tuple(
        tuple((_cell(row[i], column), row[i].tone, side) for i, column, side in zip(at, columns, sides, strict=True))
        for row in table.rows[:_MOST_ROWS]
    )
    head = tuple((one_line(column.label, 40), side) for column, side in zip(columns, sides, strict=True))
    n_more = max(table.n_total or 0, len(table.rows)) - len(rows)
    return MailTable(one_line(table.title, 160), head, rows, n_more, table.layout == "facts")


def _cell(cell: Cell, column: Column) -> str:
    if cell.value is None and cell.chart is not None:
        return one_line(cell.chart.alt, _CELL)
    digits = cell.digits if cell.digits is not None else column.digits
    text = one_line(text_of(cell.value, cell.format or column.format, digits), 400 if column.key == "value" else _CELL)
    return f"{text} ({one_line(cell.note, _CELL)})" if cell.note else text


def _pictures(report: Report) -> dict[str, Picture]:
    """The first charts of the first two sections, by id; one that cannot be drawn is left out, and told in words."""
    from reportgen.charts.paper import PaperOptions, paper_images

    charts = [chart for section in report.sections[:2] for chart in of_kind(section.blocks, Chart)][:_MOST_CHARTS]
    drawn = paper_images(charts, PaperOptions(png=True)).pngs
    return {
        chart.id: Picture(
            one_line(chart.title, 160), chart.alt, base64.b64encode(drawn[chart.id].data).decode(), drawn[chart.id].width
        )
        for chart in charts
        if chart.id in drawn
    }

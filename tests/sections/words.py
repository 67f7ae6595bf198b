"""A report as plain text, block by block: what goldens hold and tests search in. Uses only ``formats.text_of``."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.formats import text_of
from reportgen.model import Block, Chart, Figure, Findings, Notice, Paragraph, Prose, Report, Row, Section, Table, Tiles, Verdict
from reportgen.render.walk import method_of


def of_section(section: Section) -> str:
    method = (plain(f"~ {sentence}") for sentence in method_of(section))
    return "\n".join([f"## {section.title}", *(of_block(block) for block in section.blocks), *method])


def of_report(report: Report) -> str:
    return "\n\n".join([f"# {report.title}", report.headline, *(of_section(section) for section in report.sections)])


def of_block(block: Block) -> str:
    return plain(_of_block(block))


def plain(text: str) -> str:
    """``text`` with ordinary spaces."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def _of_block(block: Block) -> str:
    match block:
        case Paragraph():
            return "".join(span.text for span in block.spans)
        case Prose():
            return f"> {block.source}: {block.markdown}"
        case Tiles():
            return "\n".join(_tiles(block))
        case Table():
            return "\n".join(_table(block))
        case Chart():
            return "\n".join([f"({block.kind}) {block.title}: {block.alt}", *(f"  {note}" for note in block.notes)])
        case Verdict():
            return "\n".join(
                [
                    f"[{block.outcome}] {block.title}",
                    *([block.heading] if block.heading else []),
                    block.sentence,
                    block.rule,
                    *(f"- {one}" for one in block.caveats),
                ]
            )
        case Findings():
            return "\n".join([f"{block.title}:", *(f"{one.sign} {one.title}: {one.detail}" for one in block.items)])
        case Figure():
            return "\n".join([f"{block.title}:", *(f"{name} {chart.alt} {value}" for name, chart, value in block.rows)])
        case Row():
            return "\n".join(map(_of_block, block.blocks))
        case Notice():
            return f"! {block.title}: {block.text} {block.todo}".rstrip()
    raise AssertionError(block)


def _tiles(block: Tiles) -> Iterator[str]:
    for tile in block.tiles:
        change = tile.change
        words = f" ({text_of(change.delta, change.format, change.digits)} {change.against})" if change else ""
        yield f"{tile.label} = {text_of(tile.value, tile.format, tile.digits)}{words}; {tile.note}"


def _table(table: Table) -> Iterator[str]:
    yield f"{table.title}:"
    yield " | ".join(column.label for column in table.columns)
    for row in table.rows:
        yield " | ".join(
            text_of(cell.value, cell.format or column.format, column.digits if cell.digits is None else cell.digits)
            + (f" ({cell.note})" if cell.note else "")
            for cell, column in zip(row, table.columns, strict=True)
        )
    yield from (f"  {note}" for note in table.notes)

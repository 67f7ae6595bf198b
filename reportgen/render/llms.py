"""``llms.txt``: the report as compact plain text, for assistants that read it, and for the plain part of a message.

The same blocks as in every output, in their order; tables are tab-separated. Names, tags and notes in it were written by others: each is
one line without control characters, quoted text begins with ``>``, and the head says that they are data and no instructions.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.formats import goal_arrow, one_line, text_of
from reportgen.model import (
    Block,
    Cell,
    Chart,
    Column,
    Figure,
    Findings,
    Gallery,
    Notice,
    Paragraph,
    Prose,
    Report,
    Row,
    RunLink,
    Section,
    Table,
    Tile,
    Tiles,
    Verdict,
)
from reportgen.render.common_sections import sections_of
from reportgen.render.markdown import Part, fitting
from reportgen.render.options import Draft, Output
from reportgen.render.outputs import FILES
from reportgen.render.signs import change_word, tone_word
from reportgen.render.walk import method_of
from reportgen.words import Words

PATH = FILES["llms"]
MOST = 60_000
"""Characters, about 20,000 tokens."""
_ROWS = 40
_CELL = 120
_TEXT = 4_000
_PLAIN = str.maketrans({"\N{MINUS SIGN}": "-", "\N{NARROW NO-BREAK SPACE}": " ", "\N{NO-BREAK SPACE}": " "})


def llms_txt(draft: Draft) -> Output:
    """The whole report; sections that do not fit are left out from the end, and named."""
    report = draft.report
    say = Words()
    parts = [Part(section.title, text) for section in sections_of(draft, draft.problems) if (text := _section(section))]
    kept, left_out = fitting(parts, MOST - 2_000)
    if left_out:
        kept.append(say("summary-left-out", names=say("list-separator").join(part.name for part in left_out)))
    digest = one_line(report.provenance.snapshot_digest[:12])
    foot = say("summary-llms-foot", digest=digest or say("summary-not-saved"))
    return Output({PATH: ("\n\n".join((_head(report), *kept, foot)) + "\n").encode()})


def plain_text(blocks: tuple[Block, ...]) -> str:
    """``blocks`` as plain text, one after the other."""
    return "\n".join(line for block in blocks for line in _lines(block)).translate(_PLAIN)


def _head(report: Report) -> str:
    say = Words()
    lines = (
        f"# {one_line(report.title, 300)}",
        f"> {one_line(report.headline, 1000)}" if report.headline else "",
        say("summary-llms-period", window=one_line(report.window.words, 200), day=text_of(report.generated_at, "date")),
        say("summary-llms-data"),
    )
    return "\n\n".join(line for line in lines if line).translate(_PLAIN)


def _section(section: Section) -> str:
    say = Words()
    lines = (
        plain_text(section.blocks),
        *(say("summary-llms-method", sentence=one_line(sentence, 1200)) for sentence in method_of(section)),
    )
    text = "\n".join(line for line in lines if line)
    return f"## {one_line(section.title, 200)}\n\n{text}" if text else ""


def _lines(block: Block) -> Iterator[str]:
    say = Words()
    match block:
        case Paragraph():
            yield one_line("".join(_run(span.run) if span.run else span.text for span in block.spans), _TEXT)
        case Prose():
            yield from (
                f"> {one_line(line, _TEXT)}" for line in (block.source, *block.markdown[:_TEXT].splitlines()) if line.strip()
            )
        case Tiles():
            yield from (one_line(f"- {_tile(tile)}", 600) for tile in block.tiles)
        case Table():
            yield from _table(block)
        case Chart():
            yield say("summary-llms-chart", title=one_line(block.title, 200), alt=one_line(block.alt, 600))
        case Figure():
            yield from (one_line(f"- {name}: {chart.alt}" if name else f"- {chart.alt}", 600) for name, chart, _ in block.rows)
        case Verdict():
            outcome = say("terms-outcome", outcome=block.outcome)
            sentence = one_line(block.sentence, 1200)
            yield say("summary-llms-verdict", outcome=outcome, title=one_line(block.title, 300), sentence=sentence)
            yield from (f"- {say('summary-llms-caveat', caveat=one_line(caveat, 600))}" for caveat in block.caveats)
            yield from (f"- {say('summary-llms-rule', rule=one_line(rule, 600))}" for rule in [block.rule] if rule)
        case Notice():
            todo = f" {say('summary-todo', todo=block.todo)}" if block.todo else ""
            yield one_line(f"{block.title.rstrip('.')}. {block.text}{todo}", 2400)
        case Findings():
            yield from (
                one_line(
                    f"- {block.title}: {f'{word}: ' if (word := tone_word(item.tone)) else ''}{item.title}. {item.detail}", 1200
                )
                for item in block.items
            )
        case Row():
            for one in block.blocks:
                yield from _lines(one)
        case Gallery():
            yield from (
                say("summary-llms-picture", title=one_line(image.title, _CELL), alt=one_line(image.alt, 300))
                for image in block.images
            )


def _tile(tile: Tile) -> str:
    change, note = tile.change, f"; {tile.note}" if tile.note else ""
    told = ""
    if change is not None:
        words = (text_of(change.delta, change.format, change.digits), change.against)
        told = f" ({', '.join(filter(None, (' '.join(filter(None, words)), change_word(change.tone))))})"
    return f"{tile.label}: {text_of(tile.value, tile.format, tile.digits)}{told}{note}"


def _table(table: Table) -> Iterator[str]:
    say = Words()
    if not table.rows:
        return
    if table.title:
        yield say("summary-llms-table", title=one_line(table.title, 200))
    if table.layout == "columns":
        yield "\t".join(" ".join(word for word in (one_line(c.label, 80), goal_arrow(c.goal)) if word) for c in table.columns)
    for row in table.rows[:_ROWS]:
        yield "\t".join(_cell(cell, column) for cell, column in zip(row, table.columns, strict=True))
    if (n_more := max(table.n_total or 0, len(table.rows)) - min(len(table.rows), _ROWS)) > 0:
        yield f"({say('summary-more-rows', n=n_more)})"
    yield from (f"({one_line(note, 600)})" for note in table.notes)


def _cell(cell: Cell, column: Column) -> str:
    if isinstance(cell.value, RunLink):
        text = _run(cell.value)
    else:
        text = one_line(
            text_of(cell.value, cell.format or column.format, cell.digits if cell.digits is not None else column.digits), _CELL
        )
    return f"{text} ({one_line(cell.note, _CELL)})" if cell.note else text


def _run(run: RunLink) -> str:
    """A run by name and short id."""
    name = one_line(run.name, _CELL)
    return name if not name or run.run_id.startswith(name) else f"{name} [{run.run_id[:8]}]"

"""``summary.md``: the report as one comment under a pull request, or as a job's summary. GitHub-flavoured.

Whole sections are left out from the end, and named, until it fits; nothing is cut in the middle. Text from MLflow can
neither format, nor link, nor mention anybody, nor speak to a CI system, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from itertools import chain

from reportgen.bidi import isolated
from reportgen.errors import Problem
from reportgen.formats import goal_arrow, one_line, text_of, visible
from reportgen.model import (
    Block,
    Cell,
    Change,
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
    Span,
    Table,
    Tile,
    Tiles,
    Verdict,
)
from reportgen.outcomes import OUTCOMES
from reportgen.render.common_sections import gates_sentence, gates_table, problems_sentence, problems_table, severity_words
from reportgen.render.options import Draft, Output
from reportgen.render.outputs import FILES
from reportgen.render.signs import SIGNS, change_arrow, change_word
from reportgen.render.view import RIGHT_ALIGNED
from reportgen.render.walk import all_blocks, blocks_of, method_of, of_kind
from reportgen.words import Words

PATH = FILES["markdown"]
MOST = 60_000
"""Characters. GitHub takes 65,536 in a comment; what posts it needs some for itself."""
_ROWS = 10
_OVERVIEW_ROWS = 25
_PROBLEM_ROWS = 25
_MEMO_ROWS = 60
_CELL = 160
_SPACE = "&#8203;"
"""A zero-width space: it breaks mentions, references and links without a trace for the reader."""
_BREAK = "\0"
"""Stands for it while text is escaped; ``visible`` has removed every real one."""
_ISOLATES = {"\1": "&#8296;", "\2": "&#8297;"}
"""Begin and end of what runs from right to left: text, which no sanitiser takes away as it may ``<bdi>``, and seen in the file itself."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_FORMATTING = re.compile(r"[\\`*_\[\]|~$]")
_STARTS = re.compile(r"^(\s*)(?=[-+=#:])|^(\s*\d{1,9})(?=[.)](?:\s|$))")
_LIVE = (
    (re.compile(r"@(?=\w)"), f"@{_BREAK}"),
    (re.compile(r"#(?=\d)"), f"#{_BREAK}"),
    (re.compile(r"(?i)\b(GH-)(?=\d)"), rf"\1{_BREAK}"),
    (re.compile(r"(?i)\b(www)\."), rf"\1{_BREAK}."),
    (re.compile(r":(?=//)"), f":{_BREAK}"),
    (re.compile(r"(?i)\b(mailto|xmpp):"), rf"\1{_BREAK}:"),
    (re.compile(r":(?=:)"), f":{_BREAK}"),
    (re.compile(r":(?=[a-z0-9_+-]+:)"), f":{_BREAK}"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece that is shown whole or not at all."""

    name: str
    text: str


def summary_md(draft: Draft) -> Output:
    """The summary; it always holds the headline and says what was left out."""
    say, report = Words(), draft.report
    parts = [part for part in (*_parts(draft),) if part.text]
    foot = _files(draft)
    kept, left_out = fitting(parts, MOST - len(foot) - 400)
    if left_out:
        kept.append(f"*{escaped(say('summary-left-out', names=say.listed(part.name for part in left_out)))}*")
    text = "\n\n".join((_head(report), *kept, foot)) + "\n"
    return Output({PATH: text.encode()})


def fitting(parts: Iterable[Part], room: int) -> tuple[list[str], list[Part]]:
    """The texts of the first parts that fit into ``room`` characters, and the parts from the first one on that does not."""
    kept: list[str] = []
    left_out: list[Part] = []
    for part in parts:
        room -= len(part.text) + 2
        if room >= 0 and not left_out:
            kept.append(part.text)
        else:
            left_out.append(part)
    return kept, left_out


def _parts(draft: Draft) -> tuple[Part, ...]:
    report = draft.report
    if report.layout == "memo":
        return _memo_parts(draft)
    say, opening = Words(), report.sections[0] if report.sections else None
    return (
        Part(say("summary-part", part="gates"), _gates(report)),
        Part(say("summary-part", part="verdicts"), _verdicts(report)),
        Part(say("summary-part", part="numbers"), _tiles(opening)),
        Part(
            say("summary-part", part="overview"),
            _overview(opening, {verdict.sentence for verdict in of_kind(all_blocks(report), Verdict)}),
        ),
        Part(say("summary-part", part="problems"), _problems(draft.problems)),
        Part(say("summary-part", part="leaderboard"), _leaderboard(report)),
    )


def _memo_parts(draft: Draft) -> tuple[Part, ...]:
    """The whole text of a memo, section by section."""
    say, sections = Words(), draft.report.sections
    parts = [Part(section.title.lower(), _whole(section)) for section in sections]
    problems = Part(say("summary-part", part="problems"), _problems(draft.problems) if draft.problems else "")
    return (*parts[:1], Part(say("summary-part", part="gates"), _gates(draft.report)), problems, *parts[1:])


def _whole(section: Section) -> str:
    blocks = blocks_of(section.blocks)
    texts = (table_md_titled(block, _MEMO_ROWS) if isinstance(block, Table) else block_md(block) for block in blocks)
    method = " ".join(map(escaped, method_of(section)))
    notes = [f"<sub>{method}</sub>"] if method else []
    return "\n\n".join((f"### {escaped(one_line(section.title, 200))}", *(text for text in texts if text), *notes))


def table_md_titled(table: Table, most: int | None = None) -> str:
    """``table_md`` under the table's title, with the notes after it."""
    title = f"{strong(one_line(table.title, 200))}\n\n" if table.title else ""
    notes = "".join(f"\n\n<sub>{escaped(note)}</sub>" for note in table.notes)
    return f"{title}{table_md(table, most)}{notes}"


def _head(report: Report) -> str:
    lines = [f"## {escaped(one_line(report.title, 300))}"]
    if report.headline:
        lines.append(strong(one_line(report.headline, 1000)))
    lines.append(escaped(period_line(report)))
    return "\n\n".join(lines)


def period_line(report: Report) -> str:
    """ "7 days to 2026-11-20 · report of 2026-11-20"."""
    say = Words()
    return say("summary-period", window=one_line(report.window.words, 200), day=text_of(report.generated_at, "date"))


def _gates(report: Report) -> str:
    if not report.gates:
        return ""
    say = Words()
    return f"### {say('summary-gates')}\n\n{escaped(gates_sentence(report.gates))}\n\n{table_md(gates_table(report.gates))}"


def _verdicts(report: Report) -> str:
    blocks = of_kind(all_blocks(report), Verdict)
    say = Words()
    return "\n".join((f"### {say('summary-verdicts')}\n", *map(verdict_md, blocks))) if blocks else ""


def verdict_md(block: Verdict) -> str:
    """A verdict as one bullet: outcome and title; under it sentence, caveats and rule."""
    say, style = Words(), OUTCOMES[block.outcome]
    rule = [escaped(say("summary-rule", rule=block.rule))] if block.rule else []
    under = (escaped(block.sentence), *(f"! {escaped(caveat)}" for caveat in block.caveats), *rule)
    return "\n".join(
        (
            f"- **{style.sign} {escaped(block.heading or say('page-outcome', outcome=block.outcome))}**: {escaped(block.title)}",
            *(f"  - {line}" for line in under),
        )
    )


def _tiles(section: Section | None) -> str:
    tiles = [tile for block in of_kind(blocks_of(section.blocks) if section else (), Tiles) for tile in block.tiles]
    say = Words()
    return f"### {say('summary-numbers')}\n\n{tiles_md(tiles)}" if tiles else ""


def tiles_md(tiles: Iterable[Tile]) -> str:
    """Tiles as a table: label, value, change where any tile has one, note."""
    say, tiles = Words(), tuple(tiles)
    value = say("summary-value")
    if not any(tile.change for tile in tiles):
        rows = [f"| {escaped(tile.label)} | {_tile_value(tile)} | {escaped(tile.note)} |" for tile in tiles]
        return "\n".join((f"| | {value} | |", "|---|--:|---|", *rows))
    rows = [f"| {escaped(tile.label)} | {_tile_value(tile)} | {_change(tile.change)} | {escaped(tile.note)} |" for tile in tiles]
    return "\n".join((f"| | {value} | {say('summary-change')} | |", "|---|--:|---|---|", *rows))


def _tile_value(tile: Tile) -> str:
    value = (
        run_md(tile.value)
        if isinstance(tile.value, RunLink)
        else escaped(one_line(text_of(tile.value, tile.format, tile.digits), _CELL))
    )
    return f"{SIGNS[tile.tone]} **{value}**".strip()


def _change(change: Change | None) -> str:
    if change is None:
        return ""
    words = (
        change_arrow(change.delta),
        text_of(change.delta, change.format, change.digits),
        change_word(change.tone),
        escaped(change.against),
    )
    return " ".join(word for word in words if word)


def _overview(section: Section | None, verdicts: Set[str]) -> str:
    """The opening section without the paragraphs that repeat a sentence of ``verdicts``, which stand above it."""
    if section is None:
        return ""
    blocks = [block for block in blocks_of(section.blocks) if not _repeats(block, verdicts)]
    texts = [text for block in blocks if (text := _overview_text(block))]
    return "\n\n".join((f"### {escaped(one_line(section.title, 200))}", *texts)) if texts else ""


def _repeats(block: Block, sentences: Set[str]) -> bool:
    if not isinstance(block, Paragraph):
        return False
    text = "".join(span.text for span in block.spans)
    return any(sentence in text for sentence in sentences)


def _overview_text(block: Block) -> str:
    """``block`` with as many rows as a summary has room for; tiles and verdicts have places of their own."""
    if isinstance(block, Tiles | Verdict | Prose | Gallery):
        return ""
    if isinstance(block, Table):
        block = replace(block, rows=block.rows[:_OVERVIEW_ROWS], n_total=max(block.n_total or 0, len(block.rows)))
    return block_md(block)


def block_md(block: Block) -> str:
    """``block`` as Markdown; a picture is told in words."""
    match block:
        case Paragraph():
            return " ".join(word for word in (SIGNS[block.tone], "".join(map(_span, block.spans))) if word)
        case Prose():
            return "\n".join(
                f"> {escaped(line)}".rstrip()
                for line in (*([block.source] if block.source else []), *block.markdown.splitlines())
            )
        case Tiles():
            return tiles_md(block.tiles)
        case Table():
            title = f"{strong(one_line(block.title, 200))}\n\n" if block.title else ""
            return title + table_md(block)
        case Chart():
            return f"{strong(one_line(block.title, 200))} {escaped(block.alt)}"
        case Figure():
            lines = (f"- {strong(name) + ' ' if name else ''}{escaped(chart.alt)}" for name, chart, _ in block.rows)
            head, tail = (strong(one_line(block.title, 200)), f"\n{escaped(block.caption)}")
            return "\n".join([*([head] if block.title else []), *lines, *([tail] if block.caption else [])])
        case Verdict():
            return verdict_md(block)
        case Notice():
            say = Words()
            todo = f" {escaped(say('summary-todo', todo=block.todo))}" if block.todo else ""
            words = (SIGNS[block.tone], strong(block.title), f"{escaped(block.text)}{todo}")
            return f"> {' '.join(word for word in words if word)}"
        case Gallery():
            return "\n".join(f"- {escaped(image.title)}: {escaped(image.alt)}" for image in block.images)
        case Findings():
            return findings_md(block)
        case Row():
            return "\n\n".join(text for one in block.blocks if (text := block_md(one)))


def findings_md(block: Findings) -> str:
    """A bullet for each: its sign, what was found, and the evidence."""
    say, lines = Words(), []
    for item in block.items:
        words = (escaped(item.sign) or SIGNS[item.tone], strong(item.title), escaped(item.detail))
        lines.append(f"- {' '.join(word for word in words if word)}")
    more = [f"- {say('brief-more', n=block.n_more)}"] if block.n_more else []
    return "\n".join([*([strong(block.title), ""] if block.title else []), *lines, *more])


def _span(span: Span) -> str:
    text = run_md(span.run) if span.run else escaped(span.text)
    if not span.strong:
        return text
    # Asterisks do not work beside letters and signs.
    return f"**{text.rstrip()}** " if span.text.endswith(" ") and text.strip() else f"<strong>{text}</strong>"


def _problems(problems: tuple[Problem, ...]) -> str:
    say = Words()
    if not problems:
        return f"### {say('page-problems')}\n\n{say('summary-no-problems')}"
    table = table_md(problems_table(problems), _PROBLEM_ROWS)
    return f"### {say('page-problems')}\n\n{escaped(problems_sentence(problems))}\n\n{table}"


def _leaderboard(report: Report) -> str:
    blocks = (block for section in report.sections if section.id == "leaderboard" for block in blocks_of(section.blocks))
    tables = [table for table in of_kind(blocks, Table) if table.layout == "columns"]
    ranked = [table for table in tables if any(column.format == "run" for column in table.columns)] or tables
    if not ranked:
        return ""
    return f"### {escaped(one_line(ranked[0].title, 200))}\n\n{table_md(ranked[0], _ROWS)}"


def table_md(table: Table, most: int | None = None) -> str:
    """``table`` as a pipe table with at most ``most`` rows; the rest is counted under it."""
    shown = table.rows[:most]
    rows = [
        "| " + " | ".join(_head_cell(column) for column in table.columns) + " |",
        "|" + "|".join("--:" if column.format in RIGHT_ALIGNED else "---" for column in table.columns) + "|",
        *("| " + " | ".join(map(cell_md, row, table.columns)) + " |" for row in shown),
    ]
    n_more = max(table.n_total or 0, len(table.rows)) - len(shown)
    say = Words()
    more = say("summary-more-rows", n=n_more) if n_more else ""
    return "\n".join(rows) + (f"\n\n*{say('list-sentence', clause=more)}*" if more else "")


def _head_cell(column: Column) -> str:
    return " ".join(word for word in (escaped(one_line(column.label, 80)), goal_arrow(column.goal)) if word) or " "


def cell_md(cell: Cell, column: Column) -> str:
    """One cell, with its sign and note."""
    how = cell.format or column.format
    digits = cell.digits if cell.digits is not None else column.digits
    text = one_line(cell.chart.alt if cell.value is None and cell.chart else text_of(cell.value, how, digits), _CELL)
    if isinstance(cell.value, RunLink):
        value = run_md(cell.value)
    else:
        value = code(text) if how == "code" and cell.value not in (None, "") else escaped(text)
    note = f"({escaped(one_line(cell.note, _CELL))})" if cell.note else ""
    return " ".join(word for word in (SIGNS[cell.tone], value, note) if word)


def run_md(run: RunLink) -> str:
    """A run by name and short id; not a link, because links in comments outlive the server."""
    name = one_line(run.name, _CELL)
    return (
        f"{escaped(name)} {code(run.run_id[:8])}"
        if name not in ("", run.run_id[:8]) and run.name != run.run_id
        else code(run.run_id[:8])
    )


def escaped(text: str) -> str:
    """``text`` on one line as Markdown shows it literally: no format, link, image, mention, reference or CI command."""
    line = isolated(visible(text).replace("\n", " ").replace("\r", " ").replace("\t", " "), *_ISOLATES)
    line = re.sub("[&<>]", lambda match: _ENTITIES[match[0]], line)
    line = _FORMATTING.sub(lambda match: f"\\{match[0]}", line)
    line = _STARTS.sub(lambda match: f"{match[0]}\\", line)
    for live, dead in _LIVE:
        line = live.sub(dead, line)
    return re.sub("[\1\2]", lambda match: _ISOLATES[match[0]], line).replace(_BREAK, _SPACE)


def strong(text: str) -> str:
    """``escaped(text)`` in bold; blanks at its ends would leave the asterisks standing."""
    return f"**{escaped(text.strip())}**"


def code(text: str) -> str:
    """``text`` as a code span: nothing in it is interpreted but the pipe, which would end a table's cell."""
    line = " ".join(visible(text).split()).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}" if line else ""


def _files(draft: Draft) -> str:
    names = {FILES["html"], FILES["pdf"]} & {*draft.files}
    more = ["data/"] if any(path.startswith("data/") for path in draft.files) else []
    gap = [problem for problem in draft.render_problems if problem.severity == "gap"]
    say = Words()
    gaps = dict.fromkeys(say("summary-severity-of", where=p.where, severity=severity_words(p.severity)) for p in gap)
    missing = say("summary-not-complete", gaps=say.listed(gaps, 4)) if gap else ""
    digest = draft.report.provenance.snapshot_digest[:12]
    where = say.listed(f"`{name}`" for name in chain(sorted(names), more))
    return say("summary-files", where=where, missing=escaped(missing), digest=code(digest) or say("summary-not-saved"))

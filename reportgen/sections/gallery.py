"""Artifacts that the config asked for: pictures in a grid, tables as tables, text quoted, pages as links; what MLflow's evaluation
wrote is redrawn. Every word of them is hostile."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from reportgen.analyze.model_evaluations import recognised
from reportgen.analyze.runs import RunKey
from reportgen.formats import n_bytes, one_line, shared_digits, slug
from reportgen.model import Block, Cell, Column, Gallery, Image, Notice, Prose, RunLink, Scalar, Section, Table
from reportgen.sections.model_evaluations import evaluation_blocks, unusable_blocks
from reportgen.sections.view import View, paragraph, run_name
from reportgen.words.quantities import label_of

MOST_ROWS = 200
"""Rows of a table on the page; the data files hold all that were read."""
MOST_EVALUATED = 50
"""Rows of an evaluation on the page."""
PAPER_EVALUATED = 10
"""Those on paper."""
MOST_COLUMNS = 12
MOST_LINES = 200
LONGEST_LINE = 1000
_TICKS = re.compile(r"`+")

Row = Mapping[str, Any]


def gallery_section(view: View) -> Section | None:
    """Left out when nothing is to be shown, unless the config asked for it of the whole report."""
    say, include = view.say, view.report.artifacts.include
    found = sorted(_known(view), key=lambda row: (_place(view, _key(row)), row["path"]))
    if not found:
        if view.is_part or not include:
            return None
        text = say("gallery-none", patterns=say.listed(include))
        notice = Notice("neutral", say("gallery-none-title"), text, say("gallery-none-todo"))
        return Section("gallery", say("gallery-title"), (notice,), say("gallery-question"))
    redrawn = view.facts.model_evaluations.redrawn
    blocks: list[Block] = [paragraph(f"{_lead(view, found)} {_whose(view, found)}".strip()), *evaluation_blocks(view)]
    rest = [row for row in found if (_key(row), row["path"]) not in redrawn]
    if pictures := [row for row in rest if row["kind"] == "image"]:
        notes = (say("gallery-pictures-note"),)
        blocks.append(Gallery("", tuple(_image(view, row) for row in pictures), notes))
    if pages := [row for row in rest if row["kind"] == "page" or row["media_type"] == "text/html"]:
        blocks.append(_pages(view, pages))
    blocks += unusable_blocks(view)
    for row in found:
        if row["kind"] == "table" and (row in rest or _is_rows(row)):
            blocks.append(_table(view, row))
        elif row["kind"] == "text" and row not in pages:
            blocks.append(_text(view, row))
    return Section("gallery", say("gallery-title"), tuple(blocks), say("gallery-question"))


def _key(row: Row) -> RunKey:
    return row["experiment_id"], row["run_id"]


def _known(view: View) -> list[Row]:
    return [row for row in view.snapshot.contents.to_pylist() if _key(row) in view.facts.by_key]


def _place(view: View, key: RunKey) -> tuple[int, int, RunKey]:
    """Best runs first, the others newest first."""
    board = view.facts.leaderboard
    ranks = {row.key: at for at, row in enumerate(board.rows)} if board and board.best else {}
    run = view.run(key)
    return (ranks.get(key, len(ranks)), -(run.started_ms or 0), key)


def _is_rows(row: Row) -> bool:
    """Whether it is shown row by row although its scores are drawn."""
    known = recognised(row["path"])
    return known is not None and known.what == "rows"


# --- which runs --------------------------------------------------------------------------------------------------------


def _lead(view: View, found: Sequence[Row]) -> str:
    size = n_bytes(sum(row["n_bytes"] or 0 for row in found))
    return view.say("gallery-lead", n=len(found), runs=len({_key(row) for row in found}), size=size)


def _whose(view: View, found: Sequence[Row]) -> str:
    """Which runs the artifacts are of, and why of these; nothing of all runs."""
    say, wanted, board = view.say, view.report.artifacts.runs, view.facts.leaderboard
    metric, best = view.primary, board.best if board else None
    if wanted == "all":
        return ""
    if wanted not in ("best", 1):
        if metric is None or best is None:
            return say("gallery-of-some-newest", most=int(wanted))
        return say("gallery-of-some", metric=label_of(metric), most=int(wanted))
    key = _key(found[0])
    run = run_name(view.run(key))
    if metric is None or board is None or best is None:
        return say("gallery-of-newest", run=run)
    label = label_of(metric)
    place = next((row for row in board.rows if row.key == key), None)
    if place is None:
        return say("gallery-of-unranked", metric=label, run=run)
    if place is best:
        return say("gallery-of-best", metric=label, run=run)
    first = run_name(view.run(best.key))
    return say("gallery-of-next", metric=label, best=first, run=run, rank=place.rank, n=len(board.rows))


# --- one after the other -----------------------------------------------------------------------------------------------


def _where(view: View, row: Row) -> str:
    known = recognised(row["path"])
    path, run = one_line(row["path"], 80), run_name(view.run(_key(row)))
    if known is None:
        return view.say("gallery-where", path=path, run=run)
    named = view.say("gallery-evaluated-file", what=view.say("gallery-evaluated", what=known.what), path=path)
    if known.data:
        return view.say("gallery-where-on-data", path=named, run=run, data=one_line(known.data, 40))
    return view.say("gallery-where", path=named, run=run)


def _image(view: View, row: Row) -> Image:
    known, path = recognised(row["path"]), one_line(row["path"], 80)
    title = view.say("gallery-evaluated-file", what=view.say("gallery-evaluated", what=known.what), path=path) if known else path
    return Image(title, row["content"], view.say("gallery-picture", where=_where(view, row)), view.link(_key(row)))


def _pages(view: View, pages: Sequence[Row]) -> Table:
    say = view.say
    columns = (
        Column("path", say("gallery-column-path"), "code"),
        Column("n_bytes", say("gallery-column-size"), "bytes"),
        Column("run", say("gallery-column-run"), "run"),
    )
    links = [_page_link(view, row) for row in pages]
    rows = tuple(
        (Cell(one_line(row["path"], 120)), Cell(row["n_bytes"]), Cell(link)) for row, link in zip(pages, links, strict=True)
    )
    note = say("gallery-pages-note", linked="yes" if all(link.url for link in links) else "no")
    return Table("artifact-pages", say("gallery-pages"), columns, rows[:MOST_ROWS], (note,), len(rows), paper_rows=30)


def _page_link(view: View, row: Row) -> RunLink:
    """To the artifact on its run's page in MLflow."""
    link = view.link(_key(row))
    return RunLink(link.run_id, link.name, f"{link.url}/artifacts/{quote(row['path'])}" if link.url else None)


def _table(view: View, row: Row) -> Block:
    """``content`` is JSON of ``columns``, ``rows`` and ``n_rows``, as ``collect.contents`` writes it."""
    say = view.say
    try:
        data = json.loads(row["content"])
        names, rows, n_rows = data["columns"], data["rows"], data["n_rows"]
    except (ValueError, KeyError, TypeError):
        return Notice("warning", _where(view, row), say("gallery-damaged"))
    evaluated = next((one for one in view.facts.model_evaluations.rows if (one.key, one.path) == (_key(row), row["path"])), None)
    order = (evaluated.order if evaluated else tuple(range(len(names))))[:MOST_COLUMNS]
    columns = tuple(_column(i, str(names[i]), rows) for i in order)
    lines = rows[: MOST_EVALUATED if evaluated else MOST_ROWS]
    cells = tuple(
        tuple(Cell(_scalar(line[i] if i < len(line) else None, column)) for i, column in zip(order, columns, strict=True))
        for line in lines
    )
    notes = (say("gallery-columns-left", n=len(names) - len(order)),) if len(names) > len(order) else ()
    table_id = f"artifact-{slug('/'.join((*_key(row), row['path'])))}"
    paper_rows = PAPER_EVALUATED if evaluated else 30
    return Table(table_id, _where(view, row), columns, cells, notes, n_rows, paper_rows=paper_rows, sortable=True)


def _column(at: int, name: str, rows: list[list[Any]]) -> Column:
    """A column of numbers when all of its values are some; a mixed one is text."""
    values = [line[at] for line in rows if at < len(line) and line[at] is not None]
    key, label = f"c{at}", one_line(name, 40) or f"column {at + 1}"
    if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return Column(key, label, "integer")
    if values and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return Column(key, label, "number", shared_digits(values))
    return Column(key, label)


def _scalar(value: object, column: Column) -> Scalar:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if column.format != "text" else str(value)
    return one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), 300)


def _text(view: View, row: Row) -> Prose:
    """Text as it is: fenced by more backticks than it holds, so that none of it is taken for Markdown."""
    text = row["content"].decode("utf-8", "replace")
    lines = text.splitlines()
    cut = [line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in lines[:MOST_LINES]]
    where = _where(view, row)
    source = view.say("gallery-lines-shown", where=where, shown=MOST_LINES, n=len(lines)) if len(lines) > MOST_LINES else where
    fence = "`" * max(3, 1 + max((len(ticks) for ticks in _TICKS.findall(text)), default=0))
    return Prose("\n".join((fence, *cut, fence)), source, quoted=True)

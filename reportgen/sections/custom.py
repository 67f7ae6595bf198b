"""Sections that are a person's own function, named ``module:name`` in the config.

The function gets one ``SectionData`` and returns what the section shows: a Plotly figure, Markdown, a table, a block of
``reportgen.model``, or several of these in a list; None leaves the section out. It is code of whoever runs the report, looked for beside the
config and in the environment, and runs with all their rights; a config that came with a bundle runs none. Whatever it does wrong costs its
own place.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa

from reportgen.analyze.runs import Run
from reportgen.errors import Problem
from reportgen.formats import one_line, slug
from reportgen.model import Block, Cell, Chart, Column, Notice, Prose, Row, Section, Table
from reportgen.sections.own_figures import own_chart
from reportgen.sections.view import View
from reportgen.snapshot import Snapshot

MOST_ROWS = 5000
PAPER_ROWS = 30


@dataclass(frozen=True, slots=True)
class SectionData:
    """What a custom section is given; nothing in it can be changed."""

    snapshot: Snapshot
    """All that was read: ``.runs``, ``.params``, ``.metrics`` … are Arrow tables, ``.history.series()`` the curves."""
    runs: tuple[Run, ...]
    """Every run that is not deleted: ``.name``, ``.params``, ``.tags``, ``.last_values``, ``.seconds``, ``.finished`` …"""
    best: Run | None
    """The run that is ranked best; None where nothing is ranked."""
    metric: str
    """The metric that ranks; "" for none."""


def custom_section(view: View, spec: str) -> tuple[Section | None, Problem | None]:
    """What the function ``spec`` returned, or a notice in its place with a problem."""
    section_id = f"custom-{slug(spec)}"
    name = spec.partition(":")[2].replace("_", " ").strip()
    title = f"{name[:1].upper()}{name[1:]}"
    if view.code is None:
        what = view.say("custom-not-run")
        problem = Problem("custom-section-not-run", one_line(spec, 120), what, "give the config with --config", "gap")
        return Section(
            section_id, title, (Notice("warning", view.say("custom-missing"), what, problem.todo, problem.slug),)
        ), problem
    try:
        with _importable(view.code):
            made = _function(spec, view.code)(_data(view))
            parts = [] if made is None else list(made) if _is_many(made) else [made]
            blocks = tuple(_block(part, f"{section_id}-{at}", title, view) for at, part in enumerate(parts, 1))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody's own code: whatever it raises costs its own place only
        said = one_line(f"{type(error).__name__}: {error}", 300)
        what = view.say("custom-failed", error=f"{said}{_place(error)}")
        problem = Problem("custom-section-failed", one_line(spec, 120), what, "correct the function that the config names", "gap")
        return Section(section_id, title, (Notice("bad", view.say("custom-missing"), what, problem.todo, problem.slug),)), problem
    return (Section(section_id, title, blocks), None) if blocks else (None, None)


def _data(view: View) -> SectionData:
    board, primary = view.facts.leaderboard, view.facts.primary
    best = view.run(board.best.key) if board is not None and board.best is not None else None
    return SectionData(view.snapshot, view.facts.active, best, primary.name if primary else "")


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """``folder`` is looked through first for modules."""
    place = str(folder.resolve())
    sys.path.insert(0, place)
    try:
        yield
    finally:
        if place in sys.path:
            sys.path.remove(place)


def _function(spec: str, folder: Path) -> Callable[[SectionData], Any]:
    module_name, _, name = spec.partition(":")
    _forget_another(module_name, folder)
    importlib.invalidate_caches()
    function = getattr(importlib.import_module(module_name), name)
    if not callable(function):
        raise TypeError(f"{spec} is no function")
    return function  # type: ignore[no-any-return]


def _forget_another(module_name: str, folder: Path) -> None:
    """One process makes reports of several configs: a module of this name that lies beside another config is not this one."""
    file = folder.resolve() / f"{module_name.replace('.', '/')}.py"
    known = sys.modules.get(module_name)
    if known is not None and file.is_file() and Path(getattr(known, "__file__", None) or "").resolve() != file:
        del sys.modules[module_name]


def _place(error: BaseException) -> str:
    """ " (team_sections.py, line 12)": the last line of code that is not ours."""
    ours = str(Path(__file__).parent)
    frames = [one for one in traceback.extract_tb(error.__traceback__) if not one.filename.startswith((ours, "<"))]
    return f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""


def _is_many(made: object) -> bool:
    is_one = isinstance(made, (str, Mapping, pa.Table, *get_args(Block))) or _is_frame(made) or hasattr(made, "to_plotly_json")
    return not is_one and isinstance(made, Iterable)


def _is_frame(made: object) -> bool:
    return type(made).__name__ == "DataFrame" and hasattr(made, "columns")


def _block(part: Any, block_id: str, title: str, view: View) -> Block:
    if isinstance(part, str):
        return Prose(part)
    if isinstance(part, get_args(Block)):
        return _named(part, block_id)
    if isinstance(part, pa.Table):
        return _table(part, block_id, title)
    if _is_frame(part):
        return _table(pa.Table.from_pandas(part, preserve_index=False), block_id, title)
    if isinstance(part, Mapping) or hasattr(part, "to_plotly_json"):
        return own_chart(part, block_id, title, view.say("custom-figure", title=title))
    raise TypeError(
        f"a section cannot show a {type(part).__name__}: return a Plotly figure, Markdown, a table, or a block of reportgen.model"
    )


def _named(block: Block, block_id: str) -> Block:
    """With an id that no other block of the report has."""
    match block:
        case Table():
            return replace(block, id=block_id)
        case Chart():
            return replace(block, id=block_id, table=replace(block.table, id=f"{block_id}-data") if block.table else None)
        case Row():
            return replace(block, blocks=tuple(_named(one, f"{block_id}-{at}") for at, one in enumerate(block.blocks, 1)))
        case _:
            return block


def _table(table: pa.Table, block_id: str, title: str) -> Table:
    columns = tuple(
        Column(slug(name) or f"c{at}", one_line(name, 60), "number" if _is_number(kind) else "text")
        for at, (name, kind) in enumerate(zip(table.column_names, table.schema.types, strict=True))
    )
    shown = [column.slice(0, MOST_ROWS).to_pylist() for column in table.columns]
    rows = tuple(
        tuple(_cell(value, column) for value, column in zip(row, columns, strict=True)) for row in zip(*shown, strict=True)
    )
    return Table(block_id, title, columns, rows, n_total=table.num_rows, sortable=True, paper_rows=PAPER_ROWS)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _cell(value: Any, column: Column) -> Cell:
    return Cell(value if value is None or column.format == "number" else one_line(str(value), 300))

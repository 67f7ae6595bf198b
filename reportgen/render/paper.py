"""The report on paper, as HTML for WeasyPrint: the same blocks, with widths, parts and pictures instead of scripts.

A table that does not fit on an upright page gets smaller type, then a landscape section when it is long, else it is cut
into parts that each repeat the column which names the row. Sections turn as a whole, and the first never does: page 1
is the page that the lead reads. ``paper_rows`` and ``RenderOptions.paper_rows`` limit rows; what is left out is counted.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from reportgen.formats import plural, visible
from reportgen.model import Chart, Section, Table
from reportgen.render.environment import environment_of
from reportgen.render.html import chart_failure, context_of, page_of
from reportgen.render.options import Draft
from reportgen.render.parts import sections_of
from reportgen.render.view import ChartView, ImageView, Scene, TableView, anchor, data_path, section_view, table_view
from reportgen.render.widths import PORTRAIT_DENSE, demands, parts_of, shares, sheet_for, tightened, wants_landscape

CELL_CHARS = 240


def paper_htmls(draft: Draft) -> list[str]:
    """The document, and, when sections of it lie on landscape pages, the same with all pages upright.

    Nothing in it has to be fetched. The second is for when turning the paper leaves a page nearly empty.
    """
    sections = sections_of(draft, draft.problems)
    wide = [at > 0 and _is_wide(section) for at, section in enumerate(sections)]
    turned = [_html(draft, sections, wide)] if any(wide) else []
    return [*turned, _html(draft, sections, [False] * len(sections))]


def paper_scene(draft: Draft, *, landscape: bool = False) -> Scene:
    """How blocks are shown on paper, upright or turned."""
    extra = {
        "images": draft.images,
        "most": draft.options.paper_rows,
        "files": frozenset(draft.files),
        "landscape": landscape,
    }
    return Scene(_tables, _chart, CELL_CHARS, extra)


def _html(draft: Draft, sections: tuple[Section, ...], wide: list[bool]) -> str:
    upright, turned = paper_scene(draft), paper_scene(draft, landscape=True)
    views = tuple(
        section_view(section, turned if turn else upright, _orientation(turn, before))
        for section, turn, before in zip(sections, wide, [False, *wide], strict=False)
    )
    template = environment_of(draft.options.template_dirs).get_template("paper.html.j2")
    return template.render(context_of(page_of(draft, views)))


def _orientation(turn: bool, before: bool) -> str:
    """Classes of a section: whether it lies on landscape pages, and whether a new page must begin where that changes."""
    return " ".join(name for name, on in (("landscape", turn), ("turned", turn != before)) if on)


def _is_wide(section: Section) -> bool:
    return any(isinstance(block, Table) and wants_landscape(block, CELL_CHARS) for block in section.blocks)


def _tables(table: Table, scene: Scene) -> tuple[TableView, ...]:
    """``table`` cut to its rows on paper, in one piece or in parts that fit the page."""
    shown, left_out = _with_fewer_rows(_without_screen_columns(table), scene)
    if table.layout == "facts":
        return (table_view(shown, scene, styles=["width:24%"] + ["width:76%"] * (len(table.columns) - 1)),)
    wanted = demands(shown, CELL_CHARS)
    if sheet_for(wanted, landscape=scene.extra["landscape"]) is None:
        wanted = tightened(wanted)
    sheet = sheet_for(wanted, landscape=scene.extra["landscape"])
    if sheet:
        views = [table_view(shown, scene, styles=shares(shown.columns, wanted, sheet), css=sheet.css)]
    else:
        views = _parts(shown, scene)
    views[-1] = replace(views[-1], notes=(*left_out, *views[-1].notes))
    return tuple(replace(view, sortable=False) for view in views)


def _parts(table: Table, scene: Scene) -> list[TableView]:
    wanted = tightened(demands(table, CELL_CHARS))
    parts = parts_of(table, wanted, landscape=scene.extra["landscape"])
    views = []
    for n, part in enumerate(parts, 1):
        chosen = [wanted[at] for at in part]
        sheet = sheet_for(chosen, landscape=scene.extra["landscape"]) or PORTRAIT_DENSE
        piece = replace(
            table,
            id=table.id if n == 1 else f"{table.id}-part-{n}",
            columns=tuple(table.columns[at] for at in part),
            rows=tuple(tuple(row[at] for at in part) for row in table.rows),
            notes=table.notes if n == len(parts) else (),
            n_total=table.n_total if n == len(parts) else None,
        )
        views.append(
            replace(
                table_view(piece, scene, styles=shares(piece.columns, chosen, sheet), css=sheet.css),
                part=f"part {n} of {len(parts)}",
            )
        )
    return views


def _without_screen_columns(table: Table) -> Table:
    kept = [at for at, column in enumerate(table.columns) if column.on_paper]
    if len(kept) == len(table.columns):
        return table
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[at] for at in kept), rows=rows)


def _with_fewer_rows(table: Table, scene: Scene) -> tuple[Table, tuple[str, ...]]:
    most = min(table.paper_rows or len(table.rows), scene.extra["most"])
    n_more = len(table.rows) - most
    if n_more <= 0:
        return table, ()
    path = data_path(table)
    where = f" in {path}, attached to this document" if path in scene.extra["files"] else " not shown on paper"
    return replace(table, rows=table.rows[:most]), (f"{plural(n_more, 'more row')}{where}.",)


def _chart(chart: Chart, scene: Scene) -> ChartView:
    image = scene.extra["images"].get(chart.id)
    return ChartView(
        kind="picture",
        anchor=anchor("c", chart.id),
        title=visible(chart.title),
        alt=visible(chart.alt),
        notes=tuple(map(visible, chart.notes)),
        height=chart.height,
        tables=() if image else _tables(chart.table, scene) if chart.table else (),
        failure=None if image else chart_failure(chart),
        image=ImageView(visible(chart.title), _source(image), visible(chart.alt)) if image else None,
    )


def _source(image: Any) -> str:
    media_type = {"svg": "image/svg+xml", "png": "image/png"}[image.format]
    return f"data:{media_type};base64,{base64.b64encode(image.data).decode()}"

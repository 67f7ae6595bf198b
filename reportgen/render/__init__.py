"""Report → files of the Bundle: every output of ``reportgen.render.outputs`` in its order, then the manifest.

``outputs`` is the table of all of them. An output that fails is a ``Problem``, and the rest of the bundle is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.errors import Problem, RenderError
from reportgen.model import Chart, Report
from reportgen.render.bundle import Bundle, bundled
from reportgen.render.leaks import without_leaks
from reportgen.render.options import Draft, Output, RenderOptions
from reportgen.render.outputs import OUTPUTS
from reportgen.render.walk import all_blocks, of_kind
from reportgen.words import stand_in_problems, told

if TYPE_CHECKING:
    from reportgen.charts.paper import PaperCharts
    from reportgen.snapshot import Snapshot

__all__ = ["OUTPUTS", "Bundle", "Draft", "Output", "RenderOptions", "bundle_of"]


def bundle_of(report: Report, snapshot: Snapshot | None = None, options: RenderOptions | None = None) -> Bundle:
    """Every file of ``report``. ``snapshot`` is what it was made from; None leaves ``data/*.parquet`` out.

    Raises ``RenderError`` when ``options.formats`` names an output that does not exist.
    """
    with told(report.language, report.timezone) as stand_ins:
        return _bundle_of(report, snapshot, options or RenderOptions(), stand_ins)


def _bundle_of(report: Report, snapshot: Snapshot | None, options: RenderOptions, stand_ins: Set[str]) -> Bundle:
    if unknown := sorted(set(options.formats) - set(OUTPUTS)):
        raise RenderError(
            "unknown-format", "an output that does not exist was asked for", found=", ".join(unknown), allowed=", ".join(OUTPUTS)
        )
    charts = of_kind(all_blocks(report), Chart)
    draft = Draft(report, snapshot, options, files=dict(options.extra_files), render_problems=options.brand.problems)
    if charts and {"charts", "pdf", "site"} & set(options.formats):
        draft = _with_images(draft, charts)
    for name, kind in OUTPUTS.items():
        if name in options.formats:
            draft = draft.with_output(_output(name, kind.make, draft))
    lacking = stand_in_problems(report.language, stand_ins)
    draft = replace(draft, render_problems=(*draft.render_problems, *lacking)) if lacking else draft
    return bundled(without_leaks(draft), len(charts))


def _with_images(draft: Draft, charts: tuple[Chart, ...]) -> Draft:
    try:
        drawn = _paper_charts(charts, draft.options)
    except Exception as error:  # noqa: BLE001 - a drawing library may fail in any way; tables then take the charts' places
        problem = Problem("chart-images-failed", "all charts", f"No chart could be drawn for paper: {_reason(error)}.")
        return draft.with_output(Output({}, (problem,), frozenset(chart.id for chart in charts)))
    failed = frozenset(chart.id for chart in charts if chart.id not in drawn.images)
    return replace(
        draft.with_output(Output({}, tuple(drawn.problems), failed)),
        images=dict(drawn.images),
        pngs=dict(drawn.pngs),
    )


def _paper_charts(charts: tuple[Chart, ...], options: RenderOptions) -> PaperCharts:
    from reportgen.charts.paper import PaperOptions, paper_images

    return paper_images(charts, options.charts or PaperOptions())


def _output(name: str, make: Callable[[Draft], Output], draft: Draft) -> Output:
    try:
        return make(draft)
    except Exception as error:  # noqa: BLE001 - templates may be a user's own; one output must not cost the others
        todo = (error.todo or "") if isinstance(error, RenderError) else "run again with --debug to see where"
        return Output(
            problems=(Problem(f"{name}-failed", name, f"The {name} output could not be made: {_reason(error)}.", todo),)
        )


def _reason(error: Exception) -> str:
    from reportgen.formats import one_line

    if isinstance(error, RenderError):
        return one_line(error.what, 400)
    return one_line(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__, 300).rstrip(".")

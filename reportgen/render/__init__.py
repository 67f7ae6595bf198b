"""Report → files of the Bundle. One function per output, one literal registry, one walk.

Outputs are made in the order of ``OUTPUTS`` and each sees what the earlier ones met: the data files first (the PDF
attaches them), then the pictures, the PDF, and last the texts that can still tell what went wrong with the others. An
output that fails is a ``Problem``, and the rest of the bundle is complete. Heavy libraries load when their output is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.errors import Problem, RenderError
from reportgen.model import Chart, Report
from reportgen.render.bundle import Bundle, bundled
from reportgen.render.options import ALL_FORMATS, Draft, Output, RenderOptions

if TYPE_CHECKING:
    from reportgen.charts.paper import PaperCharts
    from reportgen.snapshot import Snapshot

__all__ = ["OUTPUTS", "Bundle", "Draft", "Output", "RenderOptions", "bundle_of"]


def bundle_of(report: Report, snapshot: Snapshot | None = None, options: RenderOptions | None = None) -> Bundle:
    """Every file of ``report``. ``snapshot`` is what it was made from; None leaves ``data/*.parquet`` out.

    Raises ``RenderError`` when ``options.formats`` names an output that does not exist.
    """
    options = options or RenderOptions()
    if unknown := sorted(set(options.formats) - set(OUTPUTS)):
        raise RenderError(
            "unknown-format", "an output that does not exist was asked for", found=", ".join(unknown), allowed=", ".join(OUTPUTS)
        )
    charts = charts_of(report)
    draft = Draft(report, snapshot, options, files=dict(options.extra_files))
    if charts and {"charts", "pdf"} & set(options.formats):
        draft = _with_images(draft, charts)
    for name, output in OUTPUTS.items():
        if name in options.formats:
            draft = draft.with_output(_output(name, output, draft))
    return bundled(draft, len(charts))


def charts_of(report: Report) -> tuple[Chart, ...]:
    """Every chart of ``report``, in reading order."""
    return tuple(block for section in report.sections for block in section.blocks if isinstance(block, Chart))


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
        drawn_with=tuple(drawn.versions),
    )


def _paper_charts(charts: tuple[Chart, ...], options: RenderOptions) -> PaperCharts:
    from reportgen.charts.paper import PaperOptions, paper_images

    return paper_images(charts, options.charts or PaperOptions())


def _output(name: str, output: Callable[[Draft], Output], draft: Draft) -> Output:
    try:
        return output(draft)
    except Exception as error:  # noqa: BLE001 - templates may be a user's own; one output must not cost the others
        todo = "run again with --debug to see where" if not isinstance(error, RenderError) else ""
        return Output(
            problems=(Problem(f"{name}-failed", name, f"The {name} output could not be made: {_reason(error)}.", todo),)
        )


def _reason(error: Exception) -> str:
    from reportgen.formats import one_line

    return one_line(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__, 300).rstrip(".")


def _data(draft: Draft) -> Output:
    from reportgen.render.data import data_files

    return data_files(draft)


def _charts(draft: Draft) -> Output:
    from reportgen.render.data import chart_files

    return chart_files(draft)


def _pdf(draft: Draft) -> Output:
    from reportgen.render.pdf import report_pdf

    return report_pdf(draft)


def _html(draft: Draft) -> Output:
    from reportgen.render.html import report_html

    return report_html(draft)


def _markdown(draft: Draft) -> Output:
    from reportgen.render.markdown import summary_md

    return summary_md(draft)


def _gates(draft: Draft) -> Output:
    from reportgen.render.gates import gate_files

    return gate_files(draft)


OUTPUTS: Mapping[str, Callable[[Draft], Output]] = {
    "data": _data,
    "charts": _charts,
    "pdf": _pdf,
    "html": _html,
    "markdown": _markdown,
    "gates": _gates,
}
"""Name → what it adds to the bundle; made in this order."""

assert tuple(OUTPUTS) == ALL_FORMATS

"""Charts for the screen: Plotly figures as plain JSON, without a template and without importing plotly.

The page holds plotly.js, the two templates and ``PLOTLY_CONFIG`` once, and each figure as data:
``Plotly.newPlot(div, figure.data, {...figure.layout, template: templates[theme]}, config)``; switching the theme is
``Plotly.relayout(div, {template: templates[theme]})``. Figures contain only ordinary SVG traces, so the strict content
policy of the page holds and many charts do not exhaust the browser's WebGL contexts.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from reportgen.charts import plotly_parts as plotly
from reportgen.charts import theme
from reportgen.charts.clean import drawable
from reportgen.charts.kinds import KINDS
from reportgen.charts.layout import LayoutRequest, frame_of
from reportgen.charts.text import plotly_text
from reportgen.errors import RenderError
from reportgen.model import Axis, Chart
from reportgen.words import Words

PLOTLY_CONFIG: Final[Mapping[str, Any]] = {
    "displaylogo": False,
    "doubleClick": "reset",
    "modeBarButtonsToRemove": ["autoScale2d", "lasso2d", "pan2d", "select2d", "zoomIn2d", "zoomOut2d"],
    "plotlyServerURL": "",
    "responsive": True,
    "showSendToCloud": False,
    "showTips": False,
    "toImageButtonOptions": {"format": "png", "scale": 2},
}
"""For every ``newPlot``: nothing is sent anywhere, and the tool bar keeps zoom, reset and download."""


def screen_figure(chart: Chart) -> dict[str, Any]:
    """The Plotly figure of ``chart``: ``{"data": […], "layout": {…}, "runs": {…}}``, ready for ``json.dumps``.

    Deterministic; numbers have six significant digits (whole numbers all of them), missing ones are None. All text is
    escaped for Plotly. A chart without values becomes a figure that says so. ``runs`` says of each series, and of each of the
    annotations, which runs it is of (as ``Trace.runs``); it is left out where all is of all runs.
    """
    if chart.kind == "plotly":
        return _own_figure(chart)
    kind, clean = KINDS[chart.kind], drawable(chart).chart
    if not has_values(clean):
        say = Words()
        return _message(chart, say("drawing-no-values"))
    data, layout = kind.screen(clean, kind.frame(clean, theme.SCREEN_WIDTH))
    runs = {"data": _taken(data), "annotations": _taken(layout["annotations"])}
    return {"data": data, "layout": layout} | ({"runs": runs} if any(runs["data"]) else {})


def _taken(parts: Sequence[dict[str, Any]]) -> list[Any]:
    """Of which runs each part is, which is taken out of it."""
    return [part.pop("runs", ()) for part in parts]


def _own_figure(chart: Chart) -> dict[str, Any]:
    """Somebody's own figure as it is, at the height of its chart."""
    figure = json.loads(chart.figure)
    return {"data": figure["data"], "layout": figure["layout"] | {"height": chart.height}}


def light_figure(chart: Chart) -> dict[str, Any]:
    """The same figure with the light theme and a size of its own, for a file of its own."""
    figure = screen_figure(chart)
    looks = {"template": theme.template("light", theme.PAPER_FONT), "paper_bgcolor": "#ffffff"}
    return {"data": figure["data"], "layout": figure["layout"] | looks | {"autosize": False, "width": theme.SCREEN_WIDTH}}


def has_values(chart: Chart) -> bool:
    """Whether there is anything to draw: a point, a cell or a band."""
    points = any(v is not None for trace in chart.traces for v in trace.y)
    return points or bool(chart.bands) or any(v is not None for row in chart.grid for v in row)


def _message(chart: Chart, text: str) -> dict[str, Any]:
    bare = Chart(chart.id, chart.title, "lines", Axis(""), Axis(""), chart.alt, height=min(chart.height, 160))
    layout = plotly.layout_of(frame_of(LayoutRequest(bare, theme.SCREEN_WIDTH, [], [])))
    hidden = {"visible": False}
    words = plotly.annotation(plotly_text(text), x=0.5, y=0.5, xref="paper", yref="paper")
    return {"data": [], "layout": layout | {"xaxis": hidden, "yaxis": hidden, "annotations": [words]}}


def templates(fonts: Sequence[str] = ()) -> dict[str, Any]:
    """The two looks of a page, ``light`` and ``dark``, as Plotly templates; one copy per page. ``fonts`` come before ours."""
    font = ", ".join((*(f'"{name}"' for name in fonts), theme.SCREEN_FONT))
    return {name: theme.template(name, font) for name in ("light", "dark")}


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def plotly_js() -> str:
    """plotly.js of the installed plotly package, safe inside an inline ``<script>``.

    Raw control characters (there are two in string literals of plotly.js 4) are written as escapes, because HTML does
    not allow them; nothing else is changed.

    Raises:
        RenderError: the installed plotly package does not have the file, or it could close its own script element.
    """
    text = plotly_js_path().read_text(encoding="utf-8")
    if "</script" in text.lower():
        raise RenderError("plotly-js-unsafe", "plotly.js cannot be embedded in a page.", found="</script inside the file")
    return _CONTROL.sub(lambda m: f"\\x{ord(m[0]):02x}", text)


def plotly_js_path() -> Path:
    """Where the installed plotly package keeps plotly.js (found without importing plotly)."""
    spec = importlib.util.find_spec("plotly")
    path = Path(spec.origin).parent / "package_data" / "plotly.min.js" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise RenderError("plotly-js-missing", "plotly.js is not there.", found=str(path), todo="Reinstall plotly.")
    return path


def plotly_version() -> str:
    """Version of the installed plotly package."""
    return importlib.metadata.version("plotly")

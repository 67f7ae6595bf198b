"""Charts drawn in ten lines, for tests that are about the page and not about the drawings."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reportgen.model import Chart


@dataclass(frozen=True)
class PaperOptions:
    pass


@dataclass(frozen=True)
class ChartImage:
    format: str
    data: bytes
    width: int
    height: int
    words: tuple[Any, ...] = ()
    wordless: bytes = b""


@dataclass(frozen=True)
class PaperCharts:
    images: Mapping[str, ChartImage]
    problems: tuple[Any, ...] = ()
    pngs: Mapping[str, Any] = field(default_factory=dict)


def screen_figure(chart: Chart) -> dict[str, Any]:
    data = [
        {"type": "scatter", "name": t.name.replace("&", "&amp;").replace("<", "&lt;"), "x": list(t.x), "y": list(t.y)}
        for t in chart.traces
    ]
    runs = {"data": [t.runs for t in chart.traces], "annotations": []}
    return {
        "data": data or [{"type": "heatmap", "z": [list(row) for row in chart.grid]}],
        "layout": {"height": chart.height, "margin": {"t": 20}},
        **({"runs": runs} if any(runs["data"]) else {}),
    }


def paper_images(charts: Iterable[Chart], options: PaperOptions) -> PaperCharts:
    def svg(chart: Chart) -> bytes:
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{chart.height}" viewBox="0 0 720 {chart.height}"><rect width="720" height="{chart.height}" fill="#eef"/><text x="20" y="40">{chart.kind}</text></svg>'.encode()

    return PaperCharts({chart.id: ChartImage("svg", svg(chart), 720, chart.height) for chart in charts})


def modules() -> dict[str, types.ModuleType]:
    """Stand-ins for the two modules of ``reportgen.charts`` that draw charts, by module name."""
    from reportgen.charts.screen import plotly_js

    screen, paper = (types.ModuleType(f"reportgen.charts.{name}") for name in ("screen", "paper"))
    screen.screen_figure = screen_figure
    screen.templates = lambda _fonts=(): {
        "light": {"layout": {"font": {"color": "#222"}, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}},
        "dark": {"layout": {"font": {"color": "#ddd"}, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}},
    }
    screen.plotly_js = plotly_js  # every page of a process carries the same, whoever asked first
    screen.PLOTLY_CONFIG = {
        "responsive": True,
        "displaylogo": False,
        "showSendToCloud": False,
        "plotlyServerURL": "",
        "displayModeBar": False,
    }
    paper.PaperOptions, paper.ChartImage, paper.PaperCharts, paper.paper_images = (
        PaperOptions,
        ChartImage,
        PaperCharts,
        paper_images,
    )
    return {module.__name__: module for module in (screen, paper)}

"""Texts that try to become markup, links, templates or formulas, and charts that carry them everywhere."""

from __future__ import annotations

from dataclasses import replace

from reportgen.model import Axis, Band, Chart, Mark, Trace
from tests.charts.samples import SAMPLES

INLINE = (
    '<b style="fill:url(http://canary.invalid/a)">B</b>',
    '<a href="javascript:window.__pwned=1">x</a>',
    '<a href="http://canary.invalid/b">click</a>',
    "<img src=x onerror=window.__pwned=1>",
    "</script><script>window.__pwned=1</script>",
    "%{y:.2f}%{customdata[0]}%{meta[0]}%{fullData.name}",
    "$\\href{javascript:window.__pwned=1}{x}$",
    "a<b and c>d & e &amp; f",
    "_leading underscore",
    "line\nbreak\tand \u202ebidi\u202c \x1b[31m \ud800 \x00",
    "&#60;script&#62;",
    "]]><!--",
    "__proto__",
    "𝕬 العربية עברית 模型 🚀",
)


def poisoned(chart: Chart, text: str) -> Chart:
    """``chart`` with ``text`` in every place that holds words; names get a number so that they stay different."""

    def axis(one: Axis) -> Axis:
        return replace(one, label=text, categories=tuple(f"{text} {i}" for i in range(len(one.categories))))

    def trace(i: int, one: Trace) -> Trace:
        return replace(one, name=f"{text} {i}", labels=tuple(text for _ in one.x))

    def band(i: int, one: Band) -> Band:
        return replace(one, name=f"{text} band {i}", in_legend=True)

    return replace(
        chart,
        title=text,
        alt=text,
        x=axis(chart.x),
        y=axis(chart.y),
        z=axis(chart.z) if chart.z else None,
        axes=tuple(axis(a) for a in chart.axes),
        traces=tuple(trace(i, t) for i, t in enumerate(chart.traces)),
        bands=tuple(band(i, b) for i, b in enumerate(chart.bands)),
        marks=tuple(Mark(m.axis, m.at, text, m.tone) for m in chart.marks),
        notes=(text,),
    )


def one_of_each_kind() -> list[Chart]:
    found: dict[str, Chart] = {}
    for chart in SAMPLES.values():
        found.setdefault(chart.kind, chart)
    return list(found.values())

"""Any chart that can be written down, sensible or not."""

from __future__ import annotations

from hypothesis import strategies as st

from reportgen.charts.kinds import KINDS
from reportgen.model import Axis, Band, Chart, Mark, Trace

values = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))
words = st.text(max_size=30)


@st.composite
def any_chart(draw: st.DrawFn) -> Chart:
    kind = draw(st.sampled_from(sorted(KINDS)))
    axis = st.builds(
        Axis,
        label=words,
        kind=st.sampled_from(["linear", "log", "time", "category"]),
        format=st.sampled_from(["number", "integer", "percent", "change", "duration", "bytes", "time", "p"]),
        categories=st.lists(words, max_size=4).map(tuple),
        low=values,
        high=values,
    )
    row = st.lists(values, max_size=6).map(tuple)
    trace = st.builds(
        Trace,
        name=words,
        x=row,
        y=row,
        mode=st.sampled_from(["lines", "points", "lines+points", "bars", "steps"]),
        color=st.one_of(st.none(), st.integers(0, 20)),
        low=row,
        high=row,
        labels=st.lists(words, max_size=3).map(tuple),
        in_legend=st.booleans(),
        tone=st.sampled_from(["neutral", "best", "muted"]),
    )
    numbers = st.lists(st.floats(allow_nan=True), max_size=5).map(tuple)
    return Chart(
        id="c",
        title=draw(words),
        kind=kind,
        x=draw(axis),
        y=draw(axis),
        alt="alt",
        traces=tuple(draw(st.lists(trace, max_size=4))),
        bands=tuple(draw(st.lists(st.builds(Band, name=words, x=numbers, low=numbers, high=numbers), max_size=2))),
        marks=tuple(draw(st.lists(st.builds(Mark, st.sampled_from(["x", "y"]), st.floats(), words), max_size=2))),
        grid=tuple(draw(st.lists(row, max_size=4))),
        height=draw(st.integers(120, 500)),
        z=draw(st.one_of(st.none(), axis)),
        axes=tuple(draw(st.lists(axis, max_size=4))),
    )

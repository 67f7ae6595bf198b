"""Where things go: looks, legends, names at line ends, marks."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts import theme
from reportgen.charts.clean import chart_problems
from reportgen.charts.frame import Entry, Look, legend_short_names, looks_of
from reportgen.charts.kinds import KINDS
from reportgen.charts.kinds.intervals import printed_estimates
from reportgen.charts.layout import spread
from reportgen.charts.paper import picture_of
from reportgen.charts.picture import Path, Rect
from reportgen.charts.screen import screen_figure
from reportgen.model import Axis, Band, Chart, Mark, Trace
from tests.charts.samples import SAMPLES


def lines(n: int, *, ends: float = 10.0, name: str = "run") -> Chart:
    traces = tuple(Trace(f"{name} {i}", (0.0, 5.0, ends), (1.0, 0.5, 0.1 * i)) for i in range(n))
    return Chart("c", "C", "lines", Axis("step"), Axis("loss"), "alt", traces)


def frame(chart: Chart):
    return KINDS[chart.kind].frame(chart, 720)


@given(st.lists(st.floats(-20, 320), max_size=18), st.just(15.0), st.just(300.0))
def test_spread_keeps_order_distance_and_bounds(wishes, gap, length):
    places = spread(wishes, gap, length)
    assert places is not None
    ordered = sorted(range(len(wishes)), key=lambda i: (wishes[i], i))
    assert all(places[b] - places[a] >= gap - 1e-6 for a, b in itertools.pairwise(ordered))
    assert all(-1e-6 <= p <= length + 1e-6 for p in places)


def test_spread_moves_nobody_who_has_room():
    assert spread([10.0, 100.0, 200.0], 15, 300) == [10.0, 100.0, 200.0]
    assert spread([100.0, 100.0], 16, 300) == [92.0, 108.0]
    assert spread([0.0] * 30, 15, 300) is None


def test_few_lines_say_their_names_at_their_ends():
    drawn = frame(lines(6))
    assert [label.text for label in drawn.end_labels] == [f"run {i}" for i in range(6)]
    assert drawn.legend == ()
    assert drawn.margin.right > 40


def test_many_lines_have_a_legend():
    drawn = frame(lines(8))
    assert drawn.end_labels == ()
    assert [entry.name for entry in drawn.legend] == [f"run {i}" for i in range(8)]


def test_a_line_that_ends_early_is_led_to_its_name():
    chart = lines(3)
    short = replace(chart.traces[0], x=(0.0, 1.0, 2.0))
    early = replace(chart, traces=(short, *chart.traces[1:]))
    drawn = frame(early)
    assert [label.since for label in drawn.end_labels] == [2.0, 10.0, 10.0]
    assert drawn.legend == ()
    led = [trace for trace in screen_figure(early)["data"] if trace.get("line", {}).get("dash") == "dot"]
    assert [trace["x"] for trace in led] == [[2, 10]]
    picture = picture_of(early)
    assert sum(isinstance(s, Path) and s.stroke is not None and bool(s.stroke.dash) for s in picture.shapes) == 1


def test_bands_stay_in_the_legend_when_lines_have_their_names():
    band = Band("95 % interval", (0.0, 10.0), (0.0, 0.0), (1.0, 1.0), color=0)
    drawn = frame(replace(lines(2), bands=(band,)))
    assert len(drawn.end_labels) == 2
    assert [(entry.name, entry.shape) for entry in drawn.legend] == [("95 % interval", "band")]


def test_more_names_than_a_legend_holds_are_left_out_and_said():
    chart = lines(31)
    assert frame(chart).legend == ()
    (problem,) = chart_problems(chart)
    assert (problem.slug, problem.severity) == ("chart-legend-left-out", "note")
    assert "31 names" in problem.what


def test_colours_free_and_fixed():
    traces = (
        Trace("a", (), ()),
        Trace("b", (), (), color=0),
        Trace("c", (), ()),
        Trace("raw", (), (), color=1),
        Trace("x", (), (), tone="bad"),
    )
    looks, bands = looks_of(replace(lines(0), traces=traces, bands=(Band("a", (), (), ()), Band("other", (), (), ()))))
    assert len({looks[i].color for i in (0, 1, 2, 3)}) == 4
    assert looks[4].color == "#c2410c"
    assert bands[0].color == looks[0].color
    assert bands[1].color not in {look.color for look in looks}


def test_words_of_close_marks_stand_in_rows():
    marks = (
        Mark("x", 5.0, "warm-up ends"),
        Mark("x", 5.2, "learning rate drops"),
        Mark("x", 9.9, "last"),
        Mark("y", 0.5, "gate"),
    )
    drawn = frame(replace(lines(2), marks=marks))
    rows = {label.mark.label: (label.row, label.side) for label in drawn.marks}
    assert rows["warm-up ends"][0] != rows["learning rate drops"][0]
    assert rows["last"][1] == "left"
    assert drawn.above > 2 * 14
    assert drawn.margin.top > drawn.above


def test_marks_outside_the_range_are_not_drawn():
    chart = replace(lines(2), x=Axis("step", low=0, high=10), marks=(Mark("x", 50.0, "far"),))
    assert frame(chart).marks == ()


def test_long_categories_lay_bars_down_and_short_ones_do_not():
    assert frame(SAMPLES["bars-long"]).y.kind == "category"
    assert frame(SAMPLES["bars"]).x.kind == "category"


@pytest.mark.parametrize("chart", SAMPLES.values(), ids=SAMPLES)
def test_the_plot_keeps_most_of_the_picture(chart):
    drawn = KINDS[chart.kind].frame(chart, 680)
    assert drawn.plot_width > 680 * 0.3
    assert drawn.plot_height > chart.height * 0.45


def test_legend_names_are_short_and_hover_names_whole():
    chart = lines(8, name="a-very-long-run-name-that-nobody-can-read-in-a-legend")
    drawn = frame(chart)
    assert len({drawn.short[t.name] for t in chart.traces}) == 8
    assert all("…" in drawn.short[t.name] for t in chart.traces)
    data, _ = KINDS["lines"].screen(chart, drawn)
    assert data[0]["meta"][0] == chart.traces[0].name


def test_a_short_legend_shares_the_row_of_the_y_label():
    drawn = frame(SAMPLES["over-time"])
    assert drawn.legend_beside
    assert not frame(SAMPLES["curves-12"]).legend_beside
    beside, above = frame(SAMPLES["scatter"]).margin.top, frame(replace(SAMPLES["scatter"], y=Axis("a " * 40))).margin.top
    assert beside + 15 < above


def test_long_categories_take_two_lines_where_rows_are_high():
    texts = [tick.text for tick in frame(SAMPLES["forest"]).y.ticks]
    assert texts[4] == "calibration/expected_calibration_error_\n15_bins"
    low = replace(SAMPLES["forest"], height=240)
    assert [tick.text for tick in frame(low).y.ticks][4].count("\n") == 0


def test_printed_estimates_have_enough_digits_to_differ():
    trace = Trace("m", (6.6284, 6.6297, 6.6421), (0.0, 1.0, 2.0), "points", low=(6.62, 6.62, 6.64), high=(6.63, 6.64, 6.65))
    rows = Axis("", kind="category", categories=("a", "b", "c"))
    chart = Chart("c", "C", "intervals", Axis("rmse"), rows, "alt", (trace,))
    assert [text for _, text in printed_estimates(chart)][:2] == ["6.6284 [6.6200, 6.6300]", "6.6297 [6.6200, 6.6400]"]


def test_intervals_that_share_a_row_are_not_printed():
    assert printed_estimates(SAMPLES["forest-seeds"]) == []


def test_few_names_of_a_legend_stand_whole_in_half_a_page():
    names = ("rises in 9 of 12", "falls in 1 of 12", "stays in 2 of 12")
    entries = [Entry(name, Look(theme.PALETTE[0], "circle", "solid", 1.8, 1.0), "line+marker") for name in names]
    assert legend_short_names(names, entries, 330) == {name: name for name in names}


def test_printed_estimates_have_the_decimals_that_the_axis_names():
    trace = Trace("mean", (0.97093,), (0.0,), "points", low=(0.968,), high=(0.974,))
    chart = Chart(
        "c", "C", "intervals", Axis("accuracy", format="percent", digits=3), Axis("", "category", "text", ("a",)), "alt", (trace,)
    )
    ((_, text),) = printed_estimates(chart)
    assert text.startswith("97.093")
    ((_, free),) = printed_estimates(replace(chart, x=replace(chart.x, digits=1)))
    assert free.startswith("97.1")


def test_a_stretch_is_shaded_on_screen_and_on_paper_and_widens_the_axis():
    marks = (Mark("x", 8.0, "this period", "best", 12.0), Mark("y", 2.0, "gate: at least 2"))
    chart = replace(lines(2), kind="points", marks=marks)
    shapes = screen_figure(chart)["layout"]["shapes"]
    assert {one["type"]: one["layer"] for one in shapes} == {"rect": "below", "line": "above"}
    (rect,) = [one for one in shapes if one["type"] == "rect"]
    assert (rect["x0"], rect["x1"]) == (8.0, 12.0)
    drawn = frame(chart)
    assert drawn.x.high >= 12
    assert drawn.y.high >= 2
    paper = KINDS["points"].frame(chart, theme.PAPER_WIDTH)
    shaded = [shape for shape in picture_of(chart).shapes if isinstance(shape, Rect) and shape.opacity == theme.STRETCH]
    assert [round(one.width) for one in shaded] == [round((paper.x.share(12) - paper.x.share(8)) * paper.plot_width)]

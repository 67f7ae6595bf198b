"""Figures for the screen: valid, escaped, deterministic, complete."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from reportgen.charts.clean import chart_problems
from reportgen.charts.kinds import KINDS
from reportgen.charts.screen import (
    PLOTLY_CONFIG,
    light_figure,
    plotly_js,
    plotly_js_path,
    plotly_version,
    screen_figure,
    templates,
)
from reportgen.model import Axis, Chart, Trace
from tests.charts.hostile import INLINE, one_of_each_kind, poisoned
from tests.charts.samples import SAMPLES
from tests.charts.strategies import any_chart
from tests.hostile import payloads

OWN_MARKUP = re.compile(r'<br>|</?b>|<extra></extra>|<span style="color:#[0-9a-f]{6}">|</span>')
OWN_TEMPLATE = re.compile(r"%\{(?:meta\[[0-2]\]|x|text|customdata(?:\[[01]\])?)\}")
SVG_TRACES = {"scatter", "bar", "box", "heatmap"}


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def line_chart(*traces: Trace, **changes: object) -> Chart:
    chart = Chart("c", "C", "lines", Axis("step"), Axis("loss"), "alt", traces)
    return replace(chart, **changes)  # type: ignore[arg-type]


def test_every_kind_has_a_sample():
    assert {chart.kind for chart in SAMPLES.values()} == set(KINDS)


@pytest.mark.parametrize("chart", SAMPLES.values(), ids=SAMPLES)
@pytest.mark.parametrize("figure_of", [screen_figure, light_figure])
def test_figures_are_valid_plotly_and_strict_json(chart, figure_of):
    import plotly.graph_objects as go

    figure = figure_of(chart)
    go.Figure(figure)
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure
    assert {trace["type"] for trace in figure["data"]} <= SVG_TRACES


def test_a_figure_says_beside_its_series_and_names_which_runs_they_are_of():
    """Series, sign at its end and name of one run go together; Plotly itself is given nothing of it."""
    one, two = (("1", "a"),), (("1", "b"), ("1", "c"))
    traces = (
        Trace("one", (0, 1), (1, 2), runs=(one,)),
        Trace("all", (0, 1), (3, 4)),
        Trace("group", (0, 1), (5, 6), runs=(two,)),
    )
    figure = screen_figure(line_chart(*traces))
    assert [of for of in figure["runs"]["data"] if of] == [(one,), (two,), (one,), (two,)]
    named = [text["text"] for text, of in zip(figure["layout"]["annotations"], figure["runs"]["annotations"], strict=True) if of]
    assert [text.rpartition(" ")[2] for text in named] == ["one", "group"]
    assert "runs" not in {key for part in (*figure["data"], *figure["layout"]["annotations"]) for key in part}
    assert "runs" not in screen_figure(line_chart(traces[1]))


@pytest.mark.parametrize("chart", SAMPLES.values(), ids=SAMPLES)
def test_the_same_chart_gives_the_same_figure(chart):
    assert json.dumps(screen_figure(chart)) == json.dumps(screen_figure(replace(chart)))


@pytest.mark.parametrize("chart", SAMPLES.values(), ids=SAMPLES)
def test_screen_figures_leave_colours_of_the_page_to_the_template(chart):
    layout = screen_figure(chart)["layout"]
    assert not {"template", "font", "paper_bgcolor", "plot_bgcolor", "images", "width"} & set(layout)


def test_templates_are_valid_plotly():
    import plotly.graph_objects as go

    assert set(templates()) == {"light", "dark"}
    for template in templates().values():
        go.layout.Template(template)


@pytest.mark.parametrize("payload", [*INLINE, *payloads(generated=False).values()])
def test_hostile_text_is_never_markup_or_template(payload):
    for chart in one_of_each_kind():
        for figure in (screen_figure(poisoned(chart, payload)), light_figure(poisoned(chart, payload))):
            for text in strings(figure):
                assert not re.search(r"[<>]", OWN_MARKUP.sub("", text)), text
                assert "$" not in text
                assert "%{" not in OWN_TEMPLATE.sub("", text)


def test_hover_templates_hold_no_name():
    allowed = {t["hovertemplate"] for c in one_of_each_kind() for t in screen_figure(c)["data"] if "hovertemplate" in t}
    for payload in INLINE:
        for chart in one_of_each_kind():
            for trace in screen_figure(poisoned(chart, payload))["data"]:
                template = re.sub(r"%\{text\}<br>", "", trace.get("hovertemplate", ""))
                assert not template or template in allowed


def test_hover_says_the_number_as_the_tables_do():
    trace = Trace("run", (1.0, 2.0), (0.91234567, 0.5), low=(0.9, 0.4), high=(0.92, 0.6), labels=("bold-hawk", ""))
    drawn = screen_figure(line_chart(trace, y=Axis("acc", format="percent")))["data"][0]
    assert drawn["customdata"][0] == "91.2346\u202f&#37; [90.0000\u202f&#37;, 92.0000\u202f&#37;]"
    assert drawn["text"] == ["bold-hawk", ""]


def test_numbers_are_rounded_but_steps_and_times_are_exact():
    trace = Trace("run", (1_234_567.0, 1_234_568.0), (0.123456789, 1.0))
    drawn = screen_figure(line_chart(trace))["data"][0]
    assert drawn["x"] == [1_234_567, 1_234_568]
    assert drawn["y"] == [0.123457, 1]
    times = Trace("run", (1_795_165_200_123.0, 1_795_165_300_000.0), (100_000.001, 100_000.002))
    drawn = screen_figure(line_chart(times, x=Axis("", kind="time")))["data"][0]
    assert drawn["x"] == [1_795_165_200_123, 1_795_165_300_000]
    assert drawn["y"] == [100_000.001, 100_000.002], "small differences of large numbers must stay visible"


def test_gaps_stay_gaps_and_what_is_not_finite_becomes_one_and_is_counted():
    trace = Trace("run", (1.0, 2.0, 3.0, 4.0), (1.0, None, math.nan, 1.7976931348623157e308))
    chart = line_chart(trace)
    assert screen_figure(chart)["data"][0]["y"] == [1, None, None, None]
    (problem,) = chart_problems(chart)
    assert problem.slug == "chart-overflow"
    assert problem.what == "2 points of 1 series are not finite or beyond ±1e300 and left out of the picture."


def test_a_log_axis_leaves_out_what_it_cannot_show_and_says_so():
    traces = (Trace("a", (1.0, 2.0, 3.0), (0.1, 0.0, -1.0)), Trace("b", (1.0,), (0.5,)))
    chart = line_chart(*traces, y=Axis("loss", kind="log"))
    assert screen_figure(chart)["data"][0]["y"] == [0.1, None, None]
    (problem,) = chart_problems(chart)
    assert (problem.slug, problem.severity) == ("chart-log-non-positive", "warning")
    assert problem.what == "2 points of 1 series are at or below zero and cannot stand on a log axis."


def test_a_chart_without_values_says_so():
    for chart in one_of_each_kind():
        figure = screen_figure(replace(chart, traces=(), bands=(), grid=()))
        assert [a["text"] for a in figure["layout"]["annotations"]] == ["No values to draw"]


@pytest.mark.parametrize("chart", SAMPLES.values(), ids=SAMPLES)
def test_a_click_in_the_legend_finds_the_series_it_names(chart):
    data = screen_figure(chart)["data"]
    shown = [t for t in data if t.get("showlegend")]
    for entry in shown:
        assert any(t["legendgroup"] == entry["legendgroup"] for t in data if t is not entry and t.get("x") != [None])
    assert len({t["name"] for t in shown}) == len(shown)


def test_plotly_js_is_safe_in_a_page_and_unchanged_otherwise():
    text = plotly_js()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text)
    assert "</script" not in text.lower()
    original = plotly_js_path().read_text(encoding="utf-8")
    assert text.replace("\\x01", "\x01").replace("\\x1a", "\x1a") == original.replace("\\x01", "\x01").replace("\\x1a", "\x1a")
    assert plotly_version().split(".")[0].isdigit()


def test_nothing_is_sent_anywhere():
    assert PLOTLY_CONFIG["showSendToCloud"] is False
    assert PLOTLY_CONFIG["plotlyServerURL"] == ""
    assert PLOTLY_CONFIG["displaylogo"] is False
    json.dumps(PLOTLY_CONFIG)


def test_a_bar_of_zero_on_a_log_axis_prints_no_value():
    bar = Trace("", (1.0, 2.0), (0.0, 10.0))
    chart = Chart("c", "", "bars", Axis(""), Axis("", "log"), "alt", (bar,))
    texts = [one["text"] for one in screen_figure(chart)["layout"].get("annotations", ())]
    assert "10" in "".join(texts)
    assert "0" not in texts


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(any_chart())
def test_every_chart_that_can_be_written_can_be_drawn(chart):
    import plotly.graph_objects as go

    for figure in (screen_figure(chart), light_figure(chart)):
        json.dumps(figure, allow_nan=False)
    go.Figure(figure)
    chart_problems(chart)


def test_importing_the_room_imports_no_drawing_library():
    code = "import sys, reportgen.charts; print([m for m in ('plotly', 'kaleido', 'matplotlib', 'choreographer') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_very_many_points_become_a_picture_of_how_many_lie_where() -> None:
    n = 2000
    cloud = Trace("runs", tuple(float(at % 50) for at in range(n)), tuple(10.0 ** (at % 7) for at in range(n)), mode="points")
    best = Trace("best", (3.0,), (1e6,), mode="points", tone="best", labels=("run 1",))
    chart = Chart("cloud", "Cloud", "points", Axis("x"), Axis("y", kind="log"), "A cloud.", traces=(cloud, best))
    drawn = screen_figure(chart)["data"]
    assert [trace["type"] for trace in drawn[:2]] == ["heatmap", "scatter"]
    counts = drawn[0]["z"]
    assert sum(count or 0 for row in counts for count in row) == n
    assert (len(counts), len(counts[0]), len(drawn[0]["y"]), len(drawn[0]["x"])) == (60, 120, 61, 121)
    assert 0 not in {count for row in counts for count in row}
    shades = [at for at, _ in drawn[0]["colorscale"]]
    assert shades == sorted(shades)
    assert (shades[0], shades[-1], drawn[0]["zmax"]) == (0, 1, max(count or 0 for row in counts for count in row))

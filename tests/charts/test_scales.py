"""Ranges and ticks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts.scales import scale_of, ticks_between
from reportgen.model import Axis

NBSP = "\N{NARROW NO-BREAK SPACE}"
finite = st.floats(-1e300, 1e300, allow_nan=False)


def ms(*at: int) -> float:
    return datetime(*at, tzinfo=UTC).timestamp() * 1000  # type: ignore[arg-type]


def texts(kind: str, format: str, low: float, high: float, n: int = 6) -> list[str]:
    return [tick.text for tick in ticks_between(kind, format, low, high, n)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "format", "low", "high", "expected"),
    [
        ("linear", "number", 0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ("linear", "number", -0.02, 0.05, ["−0.02", "0", "0.02", "0.04"]),
        ("linear", "number", 0, 20_000, ["0", "5k", "10k", "15k", "20k"]),
        ("linear", "number", 0, 3e-6, ["0", "10⁻⁶", "2×10⁻⁶", "3×10⁻⁶"]),
        ("linear", "number", 100_000.01, 100_000.09, ["100,000.02", "100,000.04", "100,000.06", "100,000.08"]),
        ("linear", "integer", 0, 1, ["0", "1"]),
        ("linear", "percent", 0.9001, 0.9009, [f"90.0{d}{NBSP}%" for d in "2468"]),
        (
            "linear",
            "percent_change",
            -0.02,
            0.03,
            [f"−2{NBSP}%", f"−1{NBSP}%", f"0{NBSP}%", f"+1{NBSP}%", f"+2{NBSP}%", f"+3{NBSP}%"],
        ),
        ("linear", "change", -0.02, 0.03, ["−0.02", "−0.01", "0", "+0.01", "+0.02", "+0.03"]),
        ("linear", "duration", 0, 5400, ["0", "30 min", "1 h", "1 h 30 min"]),
        ("linear", "duration", 0, 18_000, ["0", "1 h", "2 h", "3 h", "4 h", "5 h"]),
        ("linear", "duration", 0, 0.003, ["0", "1 ms", "2 ms", "3 ms"]),
        ("linear", "bytes", 0, 3.2e9, ["0", "1 GB", "2 GB", "3 GB"]),
        ("log", "number", 10, 1e5, ["10", "100", "1,000", "10k", "100k"]),
        ("log", "number", 1e-5, 1, ["10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1"]),
        ("log", "number", 0.02, 0.7, ["0.02", "0.05", "0.1", "0.2", "0.5"]),
        ("log", "number", 0.2, 0.35, ["0.20", "0.25", "0.30", "0.35"]),
        (
            "time",
            "time",
            ms(2026, 11, 20, 9),
            ms(2026, 11, 20, 14),
            ["09:00\n20 Nov", "10:00", "11:00", "12:00", "13:00", "14:00"],
        ),
        (
            "time",
            "time",
            ms(2026, 11, 19, 9),
            ms(2026, 11, 20, 15),
            ["12:00\n19 Nov", "18:00", "00:00\n20 Nov", "06:00", "12:00"],
        ),
        ("time", "date", ms(2026, 11, 1), ms(2026, 11, 20), ["2 Nov\n2026", "9 Nov", "16 Nov"]),
        ("time", "date", ms(2025, 11, 20), ms(2026, 2, 3), ["24 Nov\n2025", "8 Dec", "22 Dec", "5 Jan\n2026", "19 Jan", "2 Feb"]),
        ("time", "date", ms(2026, 6, 1), ms(2026, 11, 20), ["Jun\n2026", "Jul", "Aug", "Sep", "Oct", "Nov"]),
        ("time", "date", ms(2010, 6, 1), ms(2026, 11, 20), ["2015", "2020", "2025"]),
    ],
)
def test_ticks_are_written_as_people_write_them(kind, format, low, high, expected):
    assert texts(kind, format, low, high) == expected


@given(finite, finite, st.integers(1, 6), st.sampled_from(["number", "integer", "percent", "change", "duration", "bytes", "p"]))
def test_linear_ticks_are_few_ordered_inside_and_different(a, b, n, format):
    scale = scale_of(Axis("", format=format), [a, b], 300, along="y")
    ticks = ticks_between("linear", format, scale.low, scale.high, n)
    places = [tick.at for tick in ticks]
    assert len(places) <= n + 1
    assert places == sorted(places)
    assert all(-0.001 <= scale.share(at) <= 1.001 for at in places)
    assert len({tick.text for tick in ticks}) == len(ticks)


@given(st.floats(1e-290, 1e290), st.floats(1e-290, 1e290), st.integers(2, 6))
def test_log_ticks_are_few_ordered_and_different(a, b, n):
    scale = scale_of(Axis("", kind="log"), [a, b], 300, along="y")
    ticks = ticks_between("log", "number", scale.low, scale.high, n)
    places = [tick.at for tick in ticks]
    assert len(places) <= n + 2
    assert places == sorted(places)
    assert all(-0.01 <= scale.share(at) <= 1.01 for at in places)
    assert len({tick.text for tick in ticks}) == len(ticks)


@given(st.floats(-6e13, 2.5e14), st.floats(1, 6e13), st.integers(2, 6))
def test_time_ticks_are_few_ordered_and_inside(start, length, n):
    ticks = ticks_between("time", "time", start, start + length, n)
    places = [tick.at for tick in ticks]
    assert len(places) <= n + 2
    assert places == sorted(places)
    assert all(start <= at <= start + length for at in places)


def test_a_range_just_above_zero_begins_at_zero_and_one_far_above_does_not():
    assert scale_of(Axis(""), [0.1, 2.0], 300, along="y").low == 0
    assert scale_of(Axis(""), [0.9, 0.95], 300, along="y").low > 0.89


def test_bars_take_zero_in():
    scale = scale_of(Axis(""), [0.9, 0.95], 300, along="y", zero=True)
    assert scale.low == 0
    assert scale_of(Axis(""), [-3.0, -1.0], 300, along="y", zero=True).high == 0


@pytest.mark.parametrize("values", [[], [7.0], [7.0, 7.0], [0.0], [5e-324, 0.0], [1e300, -1e300], [1.0, 1.0 + 1e-15]])
@pytest.mark.parametrize("kind", ["linear", "log", "time"])
def test_every_set_of_values_has_a_range_with_ticks(values, kind):
    scale = scale_of(Axis("", kind=kind), values, 300, along="y")
    assert scale.low < scale.high
    assert len(scale.ticks) >= 2


def test_the_axis_own_bounds_win_unless_they_are_impossible():
    scale = scale_of(Axis("", low=-1, high=1), [0.5], 300, along="y")
    assert (scale.low, scale.high) == (-1, 1)
    upside_down = scale_of(Axis("", low=2, high=1), [0.5, 0.6], 300, along="y")
    assert upside_down.low < 0.5
    assert upside_down.high > 0.6


def test_times_that_no_calendar_holds_become_numbers():
    assert scale_of(Axis("", kind="time"), [1e20], 300, along="x").kind == "linear"

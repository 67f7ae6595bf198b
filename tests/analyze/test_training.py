"""What is drawn of histories: the best as lines, all others as a band, nothing left out in silence."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from reportgen.analyze.training import N_LINES, partner_of
from reportgen.words import Words
from reportgen.words.health import concerns_text
from tests.snapshots import FakeRun, facts, metric_configs, snapshot

UP = metric_configs(m={"goal": "maximize"})


def curve(level: float, n: int = 5) -> list[float]:
    return [level * (i + 1) / n for i in range(n)]


def test_few_runs_are_all_lines_best_first() -> None:
    runs = [FakeRun(f"r{i}", histories={"m": curve(i)}) for i in range(1, 5)]
    (found,) = facts(snapshot(*runs), metrics=UP).histories
    assert [one.key[1] for one in found.curves] == ["r4", "r3", "r2", "r1"]
    assert found.band is None
    assert found.curves[0].line.x == (0, 1, 2, 3, 4)
    assert found.curves[0].line.y[-1] == 4


def test_many_runs_are_five_lines_and_a_band_of_the_others() -> None:
    runs = [FakeRun(f"r{i:02}", histories={"m": curve(i)}) for i in range(1, 26)]
    (found,) = facts(snapshot(*runs), metrics=UP).histories
    assert len(found.curves) == N_LINES
    assert found.band is not None
    assert (found.n_runs, found.band.n_runs) == (25, 20)
    assert found.band.middle[-1] == 10.5  # the median of 1 … 20
    assert (found.band.low[-1], found.band.high[-1]) == pytest.approx((2.9, 18.1))


def test_unfinished_runs_come_after_finished_ones() -> None:
    runs = [FakeRun("a", histories={"m": curve(1)}), FakeRun("b", histories={"m": curve(9)}, status="RUNNING")]
    (found,) = facts(snapshot(*runs), metrics=UP).histories
    assert [one.key[1] for one in found.curves] == ["a", "b"]


def test_nan_breaks_the_line_and_is_told() -> None:
    (found,) = facts(snapshot(FakeRun("a", histories={"m": [1.0, math.nan, 3.0, math.inf]})), metrics=UP).histories
    assert found.curves[0].line.y == (1.0, None, 3.0)
    assert found.bad == ((("1", "a"), 1),)


def test_runs_that_logged_once_or_nothing_finite_are_counted() -> None:
    runs = [FakeRun("a", histories={"m": curve(1)}), FakeRun("b", {"m": 2}), FakeRun("c", histories={"m": [math.nan, math.nan]})]
    (found,) = facts(snapshot(*runs), metrics=UP).histories
    assert (found.n_runs, found.n_single, found.n_all_bad) == (1, 1, 1)


def test_metrics_without_steps_are_drawn_over_time() -> None:
    (found,) = facts(snapshot(FakeRun("a", histories={"m": [(0, 1.0), (0, 2.0), (0, 3.0)]})), metrics=UP).histories
    assert found.axis == "time"
    assert found.curves[0].line.x == (0.0, 0.001, 0.002)


def test_long_lines_are_thinned_and_smoothed_and_keep_their_peak() -> None:
    values = [math.sin(i / 50) for i in range(10_000)]
    values[4321] = 77.0
    (found,) = facts(snapshot(FakeRun("a", histories={"m": values})), metrics=UP).histories
    line = found.curves[0].line
    assert (line.n_points, line.n_drawn) == (10_000, len(line.y))
    assert line.n_drawn <= 2000
    assert 77.0 in line.y
    assert len(line.smooth_y) <= 2000
    assert max(line.smooth_y) < 77


def test_groups_of_three_runs_are_means_with_a_band() -> None:
    runs = [
        FakeRun(f"{arm}{i}", params={"lr": "1"}, tags={"arm": arm}, histories={"m": curve(base + i / 10)})
        for arm, base in (("a", 1), ("b", 2))
        for i in range(3)
    ]
    runs.append(FakeRun("c0", tags={"arm": "c"}, histories={"m": curve(9)}))
    (found,) = facts(snapshot(*runs), metrics=UP, compare={"by": "tags.arm"}).histories
    assert [(one.label, one.n_runs) for one in found.groups] == [("a", 3), ("b", 3)]
    assert found.groups[0].mean[-1] == pytest.approx(1.1)
    assert found.groups[0].low[-1] == pytest.approx(1.1 - 4.302653 * 0.1 / 3**0.5)


def test_groups_have_their_training_curve_too() -> None:
    runs = [
        FakeRun(f"{arm}{i}", tags={"arm": arm}, histories={"val_loss": [3.0, 2.0 + i], "train_loss": [2.0, 1.0 + i]})
        for arm in "ab"
        for i in range(3)
    ]
    (found,) = facts(snapshot(*runs), compare={"by": "tags.arm"}).histories
    assert [one.mean for one in found.groups] == [(3.0, 3.0), (3.0, 3.0)]
    assert [one.mean for one in found.partner_groups] == [(2.0, 2.0), (2.0, 2.0)]


def test_a_group_says_how_many_runs_last() -> None:
    runs = [FakeRun(f"a{i}", tags={"arm": "a"}, histories={"m": curve(1 + i / 9, 4 if i < 3 else 2)}) for i in range(5)]
    runs += [FakeRun(f"b{i}", tags={"arm": "b"}, histories={"m": curve(2 + i / 9, 4)}) for i in range(3)]
    (found,) = facts(snapshot(*runs), metrics=UP, compare={"by": "tags.arm"}).histories
    assert (found.groups[0].n_first, found.groups[0].n_last, found.groups[0].n_runs) == (5, 3, 5)


def test_training_and_validation_are_drawn_together() -> None:
    run = FakeRun("a", histories={"val_loss": [3.0, 2.0, 1.0, 1.5], "train_loss": [2.0, 1.0, 0.5, 0.2]})
    (found,) = facts(snapshot(run)).histories
    assert (found.metric, found.partner) == ("val_loss", "train_loss")
    assert found.curves[0].partner is not None
    assert found.curves[0].gap is not None
    assert found.curves[0].gap.at_end == pytest.approx(1.3)


@pytest.mark.parametrize(
    ("name", "names", "partner"),
    [
        ("val_loss", ["loss", "val_loss"], "loss"),
        ("val_loss", ["loss", "train_loss", "val_loss"], "train_loss"),
        ("eval/acc", ["train/acc", "acc"], "train/acc"),
        ("validation-rmse", ["rmse"], None),
        ("test_accuracy", ["accuracy"], None),
        ("loss", ["train_loss"], None),
        ("valid_0-l2", ["training-l2"], "training-l2"),
    ],
)
def test_partners(name: str, names: list[str], partner: str | None) -> None:
    assert partner_of(name, names) == partner


def test_further_metrics_with_curves_fill_the_section() -> None:
    runs = [FakeRun("a", {"test_accuracy": 0.5}, histories={"loss": [3.0, 2.0], "system/cpu": [1.0, 2.0], "lr": [1.0, 0.1]})]
    found = facts(snapshot(*runs), metrics={}, primary="test_accuracy")
    assert [one.metric for one in found.histories] == ["loss"]


def test_deleted_runs_are_not_drawn() -> None:
    runs = [FakeRun("a", histories={"m": curve(1)}), FakeRun("b", histories={"m": curve(9)}, deleted=True)]
    (found,) = facts(snapshot(*runs), metrics=UP).histories
    assert found.n_runs == 1


# --- restarts, several writers, dates ---------------------------------------------------------------------------------


def passes(*runs: list[int]) -> list[tuple[int, float]]:
    """Points in order of time; the value is the step plus 100 for each pass before."""
    return [(step, step + 100.0 * i) for i, steps in enumerate(runs) for step in steps]


def test_a_run_that_begins_again_is_judged_by_its_newest_pass() -> None:
    run = FakeRun("a", histories={"m": passes(list(range(80)), list(range(50, 120)))})
    (found,) = facts(snapshot(run), metrics=UP).histories
    (drawn,) = found.curves
    assert drawn.line.x == tuple(range(120))
    assert drawn.line.y == (*range(50), *range(150, 220))
    (abandoned,) = drawn.abandoned
    assert (abandoned.x[0], abandoned.x[-1]) == (50, 79)
    assert found.restarted == (("1", "a"),)
    assert (drawn.facts.n_points, drawn.facts.n_duplicate_steps) == (120, 0)


def test_a_last_value_of_an_abandoned_pass_is_not_the_value_of_the_run() -> None:
    run = FakeRun("a", histories={"m": passes(list(range(80)), list(range(30)))})
    told = facts(snapshot(run), metrics=UP)
    assert told.metrics["m"].values["1", "a"] == 129.0
    (concern,) = told.health.concerns
    assert (concern.kind, concern.grave) == ("restarted", True)
    assert concerns_text([concern], Words()) == (
        "restarted: m from step 0 (2 passes), MLflow's last value 79 (step 79) is of an abandoned pass, 129 is used"
    )


def test_slightly_disordered_logging_is_no_restart() -> None:
    steps = [0, 1, 2, 4, 3, 5, 6, 8, 7, 9]
    (found,) = facts(snapshot(FakeRun("a", histories={"m": [(s, float(s)) for s in steps]})), metrics=UP).histories
    assert found.restarted == ()
    assert found.curves[0].line.y == tuple(range(10))


def test_several_writers_are_their_mean_and_a_band() -> None:
    points = [(step, float(step + writer)) for step in range(20) for writer in (0, 2, 4)]
    (found,) = facts(snapshot(FakeRun("a", histories={"m": points})), metrics=UP).histories
    (drawn,) = found.curves
    assert found.restarted == ()
    assert drawn.line.y == tuple(step + 2.0 for step in range(20))
    assert drawn.spread is not None
    assert (drawn.spread.low[3], drawn.spread.high[3]) == (3.0, 7.0)


def test_writers_that_are_out_of_step_are_no_restarts() -> None:
    points = [(start + i, float(writer)) for start in range(0, 40, 10) for writer in (1, 2) for i in range(10)]
    (found,) = facts(snapshot(FakeRun("a", histories={"m": points})), metrics=UP).histories
    assert found.restarted == ()
    assert found.curves[0].line.y == (1.5,) * 40


DAY = 86_400


@pytest.mark.parametrize(
    ("steps", "unit"),
    [
        ([20251230, 20251231, 20260101], "yyyymmdd"),
        ([202511, 202512, 202601], "yyyymm"),
        ([1764460800 + DAY * i for i in range(5)], "s"),
        ([(1764460800 + DAY * i) * 1000 for i in range(5)], "ms"),
        ([20251230, 20251231, 20251232], "count"),
        ([202611, 202612, 202613], "count"),
        ([1_000_000_007 * i for i in range(1, 4)], "count"),
        ([i * 1_000_000_000_000 for i in range(20)], "count"),
    ],
)
def test_steps_that_are_dates(steps: list[int], unit: str) -> None:
    points = [(step, float(i)) for i, step in enumerate(steps)]
    (found,) = facts(snapshot(FakeRun("a", histories={"m": points})), metrics=UP).histories
    assert (found.axis, found.unit) == ("step" if unit == "count" else "date", unit)


def test_dates_are_drawn_where_they_are() -> None:
    points = [(step, 1.0 * step) for step in (20251231, 20260101, 20260105)]
    (found,) = facts(snapshot(FakeRun("a", histories={"m": points})), metrics=UP).histories
    days = [datetime.fromtimestamp(x / 1000, UTC).strftime("%Y%m%d") for x in found.curves[0].line.x]
    assert days == ["20251231", "20260101", "20260105"]


def test_steps_beyond_exact_floats_are_drawn_from_their_first() -> None:
    points = [(2**62 + i, float(i)) for i in range(5)]
    (found,) = facts(snapshot(FakeRun("a", histories={"m": points})), metrics=UP).histories
    assert (found.axis, found.origin) == ("offset", 2**62)
    assert found.curves[0].line.x == (0, 1, 2, 3, 4)


def test_runs_of_impossible_times_are_in_no_trend() -> None:
    starts = {"old": datetime(1970, 1, 1, tzinfo=UTC), "ahead": datetime(2031, 5, 1, tzinfo=UTC)}
    runs = [FakeRun(name, {"m": 9.0}, start=at) for name, at in starts.items()]
    told = facts(snapshot(*runs, FakeRun("a", {"m": 1.0}), FakeRun("b", {"m": 2.0})), metrics=UP)
    assert told.trend is not None
    assert [key[1] for key in told.trend.keys] == ["a", "b"]
    assert told.trend.best_so_far == (1.0, 2.0)
    assert told.trend.n_impossible == 2
    assert {concern.key[1] for concern in told.health.concerns if concern.kind == "clock"} == {"old", "ahead"}

"""This window against the time before it: the ladder, what is new, what is missed, and gates on the past."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reportgen.analyze.methods import estimates, means, proportions
from reportgen.analyze.regressions import MOST_PERIODS, Watched
from reportgen.analyze.weekly import Weekly
from reportgen.model import Gate, Window
from reportgen.snapshot import table_of
from tests.sections.checks import is_whole
from tests.sections.words import of_section, plain
from tests.snapshots import FakeRun, facts, gates, snapshot, told

NEWEST = datetime(2026, 11, 18, 8, tzinfo=UTC)
WEEK = Window(datetime(2026, 11, 14, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC), "7 days to 2026-11-20")


def run(
    name: str, value: float, weeks_ago: float, *, seed: int | None = None, status: str = "FINISHED", depth: str = "3"
) -> FakeRun:
    own = {"depth": depth} | ({} if seed is None else {"seed": str(seed)})
    return FakeRun(name, {"val_acc": value}, own, start=NEWEST - timedelta(weeks=weeks_ago), status=status)


def weeks(*values: float, first: float = 1, depth: str = "3") -> list[FakeRun]:
    """One run a week, the newest of them ``first`` weeks ago; ``values`` oldest first."""
    n = len(values)
    return [run(f"d{depth}w{n - i}", value, first + n - 1 - i, depth=depth) for i, value in enumerate(values)]


def weekly(*runs: FakeRun, **report: Any) -> Weekly:
    found = facts(snapshot(*runs), **report).weekly
    assert found is not None
    return found  # type: ignore[no-any-return]


def only(*runs: FakeRun) -> Watched:
    (one,) = weekly(*runs).watched
    return one


def test_three_runs_against_three_are_compared_by_welch() -> None:
    now, before = [0.80, 0.81, 0.82, 0.80], [0.90, 0.91, 0.92, 0.91]
    one = only(
        *(run(f"a{i}", v, 1 + i / 100) for i, v in enumerate(before)), *(run(f"b{i}", v, i / 100) for i, v in enumerate(now))
    )
    test = estimates.welch(before, now)
    assert test is not None
    assert (one.rung, one.state, one.paired) == ("comparison", "worse", ())
    assert [one.change, one.p] == pytest.approx([test.value, test.p])
    assert [one.low, one.high] == pytest.approx([test.low, test.high])


def test_runs_of_the_same_seeds_are_pairs() -> None:
    one = only(
        *(run(f"a{i}", 0.9 + i / 10, 1, seed=i) for i in range(4)),
        *(run(f"b{i}", 0.92 + i / 10 + i / 1000, 0, seed=i) for i in range(4)),
    )
    assert (one.rung, one.state, one.paired) == ("comparison", "better", ("seed",))


def test_where_some_seeds_ran_in_one_period_only_the_pairs_are_told_and_the_means_of_all_beside_them() -> None:
    """Mutation: the mean before of all runs plus the difference of the pairs is a value that no run measured."""
    runs = [run(f"a{i}", 0.9 + i / 10, 1 + i / 100, seed=i) for i in range(5)]
    runs += [run(f"b{i}", 0.92 + i / 10 + i / 1000, i / 100, seed=i) for i in range(3)]
    one = only(*runs)
    assert (one.n_pairs, one.is_partial, one.baseline, one.now) == (3, True, pytest.approx(1.0), pytest.approx(1.021))
    assert [one.mean_before, one.mean_now] == pytest.approx([1.1, 1.021])
    report = told(snapshot(*runs))
    is_whole(report)
    words = plain(of_section(next(one for one in report.sections if one.id == "changes")))
    assert (
        "went from 1.0000 to 1.0210 (+0.0210) in the 3 pairs by seed that ran in both periods; all runs: 1.1000 (n = 5) before, "
        "1.0210 (n = 3) now; 95 % interval of the change +0.0185 to +0.0235, 3 pairs, p < 0.001." in words
    )
    assert "3 pairs, of 3 and 5 runs" in words


def test_a_change_below_the_declared_margin_is_shown_and_called_neither_worse_nor_better() -> None:
    past = [0.9000, 0.9001, 0.9000, 0.9001, 0.9000, 0.9001]
    runs = (*weeks(*past), run("now", 0.8912, 0))
    margin = {"metric": "val_acc", "not_worse_than": "previous", "baseline_margin": 0.01}
    report = told(snapshot(*runs), gates=[margin])
    words = plain(of_section(next(one for one in report.sections if one.id == "changes")))
    assert (
        "No change as large as the declared margin was shown in 1 test of configurations that ran before; 1 smaller change was shown: "
        "val_acc of exp, −1.0 %." in words
    )
    assert "A change below the declared margin (val_acc 0.0100) is called neither worse nor better." in words
    assert only(*runs).state == "worse"  # nobody declared that it does not matter


def test_a_quiet_report_says_which_change_would_have_been_found() -> None:
    noise = random.Random(2)
    past = [run(f"w{w}s{i}", 0.9 + noise.gauss(0, 0.01), 6 - w + i / 100) for w in range(6) for i in range(3)]
    now = [run(f"now{i}", 0.9 + noise.gauss(0, 0.01), i / 100) for i in range(3)]
    one = only(*past, *now)
    assert (one.rung, one.state, one.window) == ("level_shift", "steady", 1)
    assert one.seen_from == pytest.approx(
        0.01 * 3.3 / 3**0.5 * 1.08, rel=0.35
    )  # (t of 5 % over three windows + 0.84) · sd · √(1/3 + 1/18)
    words = plain(of_section(next(one for one in told(snapshot(*past, *now)).sections if one.id == "changes")))
    assert f"A change of val_acc by {one.seen_from:.3f} would have been found four times in five." in words
    assert "vary by as much" not in words


def test_one_run_is_held_against_the_prediction_interval_of_earlier_ones() -> None:
    past = [0.90, 0.91, 0.92, 0.91, 0.90]
    interval = means.prediction(past, [0.8], (0.0, 1.0), 0.99)
    assert interval is not None
    assert interval.low < estimates.prediction_interval(past, 1, 0.99).low  # an accuracy has a longer tail below
    one = only(*weeks(*past), run("now", 0.80, 0))
    assert (one.rung, one.state, one.n_tests) == ("prediction_interval", "worse", 1)
    assert [one.low, one.high] == pytest.approx([interval.low, interval.high])
    assert only(*weeks(*past), run("now", 0.905, 0)).state == "steady"


def test_a_change_that_lasts_is_found_weeks_after_it_happened() -> None:
    """Three runs a week, a step of two standard deviations: the week before the last is at the new level too."""
    noise = random.Random(2)
    level = [0.9] * 6 + [0.88] * 3
    runs = [run(f"w{w}s{i}", v + noise.gauss(0, 0.01), 8 - w + i / 100) for w, v in enumerate(level) for i in range(3)]
    one = only(*runs)
    assert (one.rung, one.state, one.window > 1) == ("level_shift", "worse", True)
    report = told(snapshot(*runs))
    is_whole(report)
    words = plain(of_section(next(one for one in report.sections if one.id == "changes")))
    assert f"over the last {one.window} periods with runs of it; 95 % interval of the change" in words


def test_too_little_history_is_said_and_nothing_is_tested() -> None:
    found = weekly(*weeks(0.9, 0.91, 0.9), run("now", 0.5, 0))
    assert [one.state for one in found.watched] == ["little_history"]
    assert (found.n_tests, found.expected_false_alarms) == (0, 0)


def test_runs_without_variation_are_not_tested_and_never_p_zero() -> None:
    one = only(*weeks(0.9, 0.9, 0.9, 0.9), run("now", 0.8, 0))
    assert (one.state, one.p, one.n_tests) == ("worse", None, 0)
    assert one.change == pytest.approx(-0.1)
    same = only(*weeks(0.9, 0.9, 0.9, 0.9), run("now", 0.9, 0))
    assert (same.state, same.p) == ("untested", None)


def test_other_configurations_are_no_repeats() -> None:
    found = weekly(*weeks(0.9, 0.91, 0.9, 0.91), run("now", 0.5, 0, depth="6"))
    assert (found.watched, found.n_alone) == ((), 1)


def test_runs_without_parameters_are_repeats_only_by_name() -> None:
    past = [FakeRun(f"r{i}", {"val_acc": 0.9 + i / 1000}, name="train", start=NEWEST - timedelta(weeks=1 + i)) for i in range(5)]
    same = FakeRun("now", {"val_acc": 0.5}, name="train", start=NEWEST)
    other = FakeRun("now", {"val_acc": 0.5}, name="else", start=NEWEST)
    assert only(*past, same).state == "worse"
    assert weekly(*past, other).watched == ()


def test_paths_and_dates_make_no_configuration() -> None:
    runs = [
        FakeRun(
            f"r{i}", {"val_acc": 0.9 + i / 1000}, {"depth": "3", "output_dir": f"/runs/{i}"}, start=NEWEST - timedelta(weeks=i)
        )
        for i in range(6)
    ]
    assert only(*runs).rung == "prediction_interval"


def test_folds_of_one_model_are_one_value() -> None:
    runs = [
        FakeRun(
            f"r{week}{fold}",
            {"val_acc": 0.9 + week / 1000 + fold / 100},
            {"depth": "3", "fold": str(fold)},
            start=NEWEST - timedelta(weeks=week, minutes=-fold),
        )
        for week in (0,)
        for fold in range(5)
    ]
    past = [
        FakeRun(
            f"p{fold}",
            {"val_acc": 0.9 + fold / 100},
            {"depth": "3", "fold": str(fold)},
            start=NEWEST - timedelta(weeks=1, minutes=-fold),
        )
        for fold in range(5)
    ]
    one = only(*past, *runs)
    assert (len(one.values), len(one.previous), one.state) == (1, 1, "little_history")
    assert one.values[0] == pytest.approx(0.92)


def test_holm_over_the_comparisons_and_the_expected_false_alarms() -> None:
    groups = [
        run(f"{depth}{week}{i}", 0.9 + depth / 100 + i / 100, week + i / 100, depth=str(depth))
        for depth in range(3)
        for week in (0, 1)
        for i in range(3)
    ]
    runs = (*groups, *weeks(0.7, 0.71, 0.7, 0.71, depth="9"), run("now9", 0.705, 0, depth="9"))
    found = weekly(*runs)
    assert found.n_tests == 4
    assert found.expected_false_alarms == pytest.approx(0.05 + 0.01)
    words = plain(of_section(next(one for one in told(snapshot(*runs)).sections if one.id == "changes")))
    assert "How many false findings to expect is not said: fewer than six earlier periods" in words
    assert all(one.p == 1.0 for one in found.watched if one.rung == "comparison")


@pytest.mark.parametrize(("n_earlier", "is_said"), [(5, True), (6, False)])
def test_an_alarm_after_few_periods_says_that_their_luck_is_not_known(n_earlier: int, is_said: bool) -> None:
    past = [run(f"w{w}s{i}", 0.9 + i / 1000, w + i / 100) for w in range(1, n_earlier + 1) for i in range(3)]
    runs = (*past, *(run(f"now{i}", 0.8 + i / 1000, i / 100) for i in range(3)))
    gated = [{"metric": "val_acc", "not_worse_than": "previous"}]
    report = told(snapshot(*runs), gates=gated)
    words = "Only 5 earlier periods: a luck that the runs of one period share (machine, data, libraries) would look the same."
    assert only(*runs).state == "worse"
    for section in ("overview", "changes"):
        found = plain(of_section(next(one for one in report.sections if one.id == section)))
        assert (words in found) is is_said
    (answer,) = report.gates
    assert answer.state == "FAIL"
    assert (words in answer.sentence) is is_said


def test_values_that_are_too_large_are_no_little_history() -> None:
    runs = (*weeks(1e150, 2e150, 1.5e150, 1e150, 2e150), run("now", 1e150, 0))
    assert only(*runs).state == "too_large"
    report = told(snapshot(*runs), gates=[{"metric": "val_acc", "not_worse_than": "previous"}])
    words = plain(of_section(next(one for one in report.sections if one.id == "changes")))
    assert "values too large to compute with" in words
    assert "Not enough history" not in words
    assert gate(*runs, metric="val_acc", not_worse_than="previous").state == "INCONCLUSIVE"


def test_what_ran_in_both_periods_before_and_not_now_is_missed() -> None:
    found = weekly(*weeks(0.9, 0.9), *weeks(0.8, 0.8, depth="6"), *weeks(0.7, depth="9"), run("now", 0.9, 0))
    assert [label for label, _ in found.missed] == ["depth=6"]


def test_new_bests_and_what_they_did_differently() -> None:
    found = weekly(*weeks(0.9, 0.85), run("now", 0.95, 0, depth="6"))
    (best,) = found.bests
    assert (best.value, best.previous, best.record) == (0.95, 0.85, 0.9)
    assert best.delta == pytest.approx(0.05)
    assert found.changed_params == (("depth", "3", "6"),)


def test_nothing_is_said_without_a_period_before_or_without_new_runs() -> None:
    assert facts(snapshot(run("now", 0.9, 0))).weekly is None
    assert facts(snapshot(run("old", 0.9, 5))).weekly is None


def test_a_long_history_keeps_its_newest_periods() -> None:
    n = MOST_PERIODS + 5
    past = [run(f"a{i}", 0.9 + i / 10_000, n - i) for i in range(n)]
    one = only(*past, run("now", 0.9, 0))
    assert one.history == tuple(0.9 + i / 10_000 for i in range(5, n))
    assert one.history_at[-1] == past[-1].start


def test_an_exact_drop_is_told_as_one_on_page_1() -> None:
    runs = [run(f"w{w}s{i}", 0.5, w + i / 100) for w in range(1, 6) for i in range(3)]
    runs += [run(f"now{i}", 0.4, i / 100) for i in range(3)]
    one = only(*runs)
    assert (one.state, one.p, one.is_exact) == ("worse", None, True)
    report = told(snapshot(*runs))
    is_whole(report)
    page_1 = plain(of_section(report.sections[0]))
    assert "val_acc of exp got worse: 0.5000 → 0.4000" in page_1
    words = plain(of_section(next(one for one in report.sections if one.id == "changes")))
    assert "no run varies from" in words
    assert "too few runs before" not in words
    assert "tests were made" not in words


def test_a_collapse_among_many_tests_is_told() -> None:
    """Forty-five single runs and ten configurations: no correction for many tests may hide what is certain."""
    noise = random.Random(9)
    past = [run(f"d{d}w{w}", 0.9 + noise.gauss(0, 0.005), 45 - w + d / 100, depth=str(d)) for d in range(10) for w in range(45)]
    now = [run(f"now{d}", 0.09 if d == 4 else 0.9, d / 100, depth=str(d)) for d in range(10)]
    found = weekly(*past, *now)
    assert [(one.label, one.state) for one in found.alarms] == [("depth=4", "worse")]
    weeks_of_three = [
        run(f"d{d}w{w}s{i}", 0.1 if (d, w) == (4, 0) else 0.9 + noise.gauss(0, 0.005), w + i / 100 + d / 1000, depth=str(d))
        for d in range(10)
        for w in range(5)
        for i in range(3)
    ]
    assert [one.label for one in weekly(*weeks_of_three).alarms] == ["depth=4"]


def test_no_change_that_was_missed_is_larger_than_what_would_have_been_found() -> None:
    one = only(*weeks(0.99, 0.995, 0.999, 0.998), run("now", 0.60, 0))
    assert one.state == "worse" or one.seen_from is None
    assert one.high is None or one.high <= 1


def test_a_window_is_compared_with_runs_that_are_not_in_the_report() -> None:
    """What ``earlier`` holds enters the comparison and nothing else."""
    now = snapshot(run("now", 0.80, 0))
    past = weeks(0.90, 0.91, 0.92, 0.91, 0.90)
    start = [round(one.start.timestamp() * 1000) for one in past if one.start]
    table = table_of(
        "earlier",
        {
            "experiment_id": ["1"] * 5,
            "run_id": [one.run_id for one in past],
            "name": [one.run_id for one in past],
            "status": ["FINISHED"] * 5,
            "start_time": start,
            "params": [[("depth", "3")]] * 5,
            "tags": [[]] * 5,
            "metrics": [list(one.metrics.items()) for one in past],
            "datasets": [[]] * 5,
        },
    )
    windowed = snapshot(run("now", 0.80, 0), earlier=table)
    found = facts(windowed, window=WEEK)
    (one,) = found.weekly.watched
    assert (one.rung, one.state, one.history) == ("prediction_interval", "worse", (0.90, 0.91, 0.92, 0.91, 0.90))
    assert [r.run_id for r in found.runs] == [r.run_id for r in facts(now, window=WEEK).runs] == ["now"]
    assert found.leaderboard.rows[0].value == 0.80
    report = told(windowed, window=WEEK)
    is_whole(report)
    words = plain(of_section(report.sections[0]))
    assert "val_acc of exp got worse" in words
    assert "Best val_acc = 0.8000 (−0.1200 vs. best before); now · ↑ higher is better" in words
    assert plain(report.headline).startswith("Worse: val_acc of exp −11.9 %. ")
    assert (found.trend.before, found.trend.best) == (0.92, 0.80)


def test_how_far_back_the_best_before_reaches_is_what_was_asked_of_the_store() -> None:
    asked = (("compared with runs from", "2026-07-25T00:00:00+00:00"),)
    taken = snapshot(*weeks(*PAST), run("now", 0.95, 0), selection=asked)
    assert facts(taken).weekly.known_from == datetime(2026, 7, 25, tzinfo=UTC)
    words = plain(of_section(next(one for one in told(taken).sections if one.id == "changes")))
    assert "5 runs started before this period, counted from 2026-07-25 on" in words
    assert "Before, from 2026-07-25 on" in words
    assert "Best since then" in words
    assert "New best" not in words
    assert "Runs that started before 2026-07-25 are not read" in words


def test_the_section_in_words() -> None:
    report = told(snapshot(*weeks(0.90, 0.91, 0.92, 0.91, 0.90), run("now", 0.80, 0)))
    is_whole(report)
    (found,) = [one for one in report.sections if one.id == "changes"]
    words = plain(of_section(found))
    assert (
        "Worse. val_acc of exp went from 0.9080 to 0.8000 (−0.1080); expected was 0.8556 to 0.9502 (99 % prediction interval of "
        "5 earlier runs; it takes values to be spread normally)." in words
    )
    assert (
        "1 test was made: if nothing had changed, and runs of one period shared nothing else, 0.01 false findings would be expected"
        in words
    )


# --- gates -------------------------------------------------------------------------------------------------------------


def gate(*runs: FakeRun, **config: Any) -> Gate:
    (found,) = gates(snapshot(*runs), gates=[config])
    return found  # type: ignore[no-any-return]


PAST = (0.90, 0.91, 0.92, 0.91, 0.90)


def previous(*runs: FakeRun, **config: Any) -> Gate:
    return gate(*runs, metric="val_acc", not_worse_than="previous", **config)


def test_a_gate_on_the_past_in_its_four_states() -> None:
    assert previous(*weeks(*PAST), run("now", 0.80, 0)).state == "FAIL"
    passed = previous(*weeks(*PAST), run("now", 0.905, 0))
    assert passed.state == "PASS"
    assert "no proof that nothing got worse" in passed.sentence
    assert previous(*weeks(0.9, 0.91), run("now", 0.5, 0)).state == "INCONCLUSIVE"
    assert previous(run("now", 0.9, 0)).state == "NO_DATA"
    assert previous(*weeks(*PAST), run("now", 0.9, 0, depth="6")).state == "NO_DATA"


def test_an_exact_loss_without_any_variation_fails() -> None:
    failed = previous(*weeks(0.9, 0.9, 0.9, 0.9), run("now", 0.8, 0))
    assert failed.state == "FAIL"
    assert "no run-to-run variation" in failed.sentence


def test_few_runs_leave_a_gate_open() -> None:
    found = previous(*weeks(*PAST), run("now", 0.80, 0), min_runs=3, on_inconclusive="warn")
    assert (found.state, found.warns) == ("INCONCLUSIVE", True)


def test_a_margin_against_the_period_before_is_non_inferiority() -> None:
    before = [run(f"a{i}", 0.90 + i / 1000, 1 + i / 100) for i in range(5)]
    same = [run(f"b{i}", 0.90 + i / 1000, i / 100) for i in range(5)]
    lower = [run(f"b{i}", 0.85 + i / 1000, i / 100) for i in range(5)]
    assert previous(*before, *same, baseline_margin=0.01).state == "PASS"
    assert previous(*before, *lower, baseline_margin=0.01).state == "FAIL"
    assert previous(*before, same[0], baseline_margin=0.01).state == "INCONCLUSIVE"


def test_the_best_of_the_window_is_a_point_gate() -> None:
    runs = (*weeks(0.99, 0.90, 0.91), run("now", 0.90, 0))
    assert gate(*runs, metric="val_acc", not_worse_than="best_of_window").state == "FAIL"
    assert gate(*runs, metric="val_acc", not_worse_than="best_of_window", baseline_margin=0.02).state == "PASS"


def test_a_metric_without_a_direction_is_never_worse() -> None:
    runs = [FakeRun(f"r{i}", {"alpha": i / 10}, {"depth": "3"}, start=NEWEST - timedelta(weeks=i)) for i in range(6)]
    assert gate(*runs, metric="alpha", not_worse_than="previous").state == "NO_DATA"


def test_the_share_of_failed_runs() -> None:
    runs = [run(f"r{i}", 0.9, i / 100, status="FAILED" if i < 2 else "FINISHED") for i in range(20)]
    assert gate(*runs, of="failed", at_most=0.1).state == "PASS"
    assert gate(*runs, of="failed", at_most=0.05).state == "FAIL"
    sure = gate(*runs, of="failed", at_most=0.15, mode="confident")
    interval = proportions.exact_bounds(2, 20)
    assert interval.low < 0.15 < interval.high
    assert sure.state == "INCONCLUSIVE"
    assert gate(*runs, of="failed", at_most=0.35, mode="confident").state == "PASS"
    assert gate(*runs, of="failed", at_most=0.015, mode="confident").state == "FAIL"
    assert gate(*runs, of="failed", at_most=0.02, mode="confident").state == "INCONCLUSIVE"
    assert gate(run("r", 0.9, 0, status="RUNNING"), of="failed", at_most=0.1).state == "NO_DATA"


def test_a_pass_rate_needs_zeros_and_ones() -> None:
    runs = [FakeRun(f"r{i}", {"passed": float(i > 0)}, start=NEWEST) for i in range(10)]
    found = gate(*runs, metric="passed", of="rate", at_least=0.8)
    assert (found.state, found.value, found.threshold) == ("PASS", 0.9, 0.8)
    assert gate(*runs, metric="passed", of="rate", at_least=0.8, mode="confident").state == "INCONCLUSIVE"
    odd = gate(*runs, FakeRun("x", {"passed": 0.5}, start=NEWEST), metric="passed", of="rate", at_least=0.8)
    assert (odd.state, "0 or 1 in each" in odd.sentence) == ("NO_DATA", True)


def test_how_many_runs_finished() -> None:
    runs = [run(f"r{i}", 0.9, 0) for i in range(4)]
    assert gate(*runs, of="runs", at_least=4).state == "PASS"
    assert gate(*runs, of="runs", at_least=5).state == "FAIL"


def test_equivalence_passes_inside_the_margin_and_fails_outside() -> None:
    def against(shift: float, within: float, n: int = 6) -> Gate:
        runs = [
            FakeRun(f"{arm}{i}", {"val_acc": 0.9 + i / 1000 + (shift if arm == "b" else 0)}, {"lr": "1"}, {"arm": arm})
            for arm in "ab"
            for i in range(n)
        ]
        config = {"metric": "val_acc", "group": "b", "equivalent_within": within}
        (found,) = gates(snapshot(*runs), compare={"by": "tags.arm"}, gates=[config])
        return found  # type: ignore[no-any-return]

    assert against(0.001, 0.01).state == "PASS"
    assert against(0.05, 0.01).state == "FAIL"  # better by more than the margin is not equivalent either
    assert against(-0.05, 0.01).state == "FAIL"
    assert against(0.001, 0.0015).state == "INCONCLUSIVE"
    assert against(0.001, 0.01, n=2).state == "INCONCLUSIVE"
    assert "the margin ±0.0100" in against(0.001, 0.01).sentence


def test_weeks_that_differ_by_more_than_their_runs_count_as_one_value_each() -> None:
    """Five runs a week that agree to 0.001, weeks that lie 0.02 apart: a week like the others is no news, one far off is."""
    noise = random.Random(4)
    luck = [0.90, 0.92, 0.91, 0.93, 0.90, 0.92]

    def at(level: float) -> Watched:
        past = [run(f"w{w}s{i}", v + noise.gauss(0, 0.001), 6 - w + i / 100) for w, v in enumerate(luck) for i in range(5)]
        return only(*past, *(run(f"now{i}", level + noise.gauss(0, 0.001), i / 100) for i in range(5)))

    usual, odd = at(0.90), at(0.80)
    assert (usual.rung, len(usual.period_means), usual.state) == ("prediction_interval", 6, "steady")
    assert (len(odd.period_means), odd.state) == (6, "worse")
    assert odd.baseline == pytest.approx(sum(luck) / 6, abs=0.001)


def test_weeks_that_differ_as_their_runs_do_are_runs() -> None:
    noise = random.Random(5)
    past = [run(f"w{w}s{i}", 0.9 + noise.gauss(0, 0.01), 6 - w + i / 100) for w in range(6) for i in range(5)]
    now = [run(f"now{i}", 0.9 + noise.gauss(0, 0.01), i / 100) for i in range(5)]
    assert (only(*past, *now).rung, only(*past, *now).period_means) == ("level_shift", ())


def test_a_margin_takes_a_period_as_one_value_where_periods_differ() -> None:
    """Weeks 0.02 apart whose runs agree to 0.001: against the week before alone five runs would pass or fail by its luck."""
    noise = random.Random(4)
    luck = [0.90, 0.92, 0.91, 0.93, 0.90, 0.89]
    past = [run(f"w{w}s{i}", v + noise.gauss(0, 0.001), 6 - w + i / 100) for w, v in enumerate(luck) for i in range(5)]
    now = [run(f"now{i}", 0.895 + noise.gauss(0, 0.001), i / 100) for i in range(5)]
    found = previous(*past, *now, baseline_margin=0.01)
    assert found.state == "INCONCLUSIVE"
    assert "5 runs now, the means of 6 earlier periods, which differ by more than their runs do" in found.sentence
    assert previous(*past, *now, baseline_margin=0.08).state == "PASS"

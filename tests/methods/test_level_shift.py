"""Level shifts: against SciPy and all arrangements, and how often they alarm when something or nothing changed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from scipy import stats

from reportgen.analyze.methods import estimates
from reportgen.analyze.methods.level_shift import Shift, Unit, level_shift, periods_differ
from reportgen.analyze.methods.randomness import generator


def rng_for(name: str) -> np.random.Generator:
    return generator(name, 1)


def units(*periods: Sequence[float]) -> list[list[Unit]]:
    return [[Unit(float(value)) for value in period] for period in periods]


def seeded(*periods: Sequence[float]) -> list[list[Unit]]:
    """The nth value of each period has seed n."""
    return [[Unit(float(value), seed) for seed, value in enumerate(period)] for period in periods]


def shift(*periods: Sequence[float]) -> Shift:
    return level_shift(units(*periods), rng_for)


WEEKS = ([0.90, 0.91, 0.92], [0.91, 0.90, 0.93], [0.92, 0.90, 0.91], [0.90, 0.91, 0.91])


def test_the_newest_period_is_held_against_all_before_it() -> None:
    found = shift(*WEEKS, [0.80, 0.81, 0.80])
    before, now = [value for week in WEEKS for value in week], [0.80, 0.81, 0.80]
    test = stats.ttest_ind(now, before)
    assert (found.window, found.n_now, found.n_before, found.n_windows) == (1, 3, 12, 2)
    assert found.estimate is not None
    assert (found.estimate.t, found.change) == pytest.approx((test.statistic, np.mean(now) - np.mean(before)))
    interval = test.confidence_interval(1 - 0.05 / 2)
    assert (found.estimate.low, found.estimate.high) == pytest.approx((interval.low, interval.high))
    assert found.p == pytest.approx(2 * test.pvalue)
    assert found.p_shuffled == pytest.approx(2 / 455, abs=0.002)  # of all ways to choose three of fifteen
    assert found.is_alarm


def test_a_change_that_lasts_is_found_in_the_periods_since_then() -> None:
    lower = [[value - 0.02 for value in week] for week in WEEKS[:2]]
    assert (shift(*WEEKS, *lower).window, shift(*WEEKS, *lower).is_alarm) == (2, True)


def brute(periods: Sequence[Sequence[float]], n_now: int) -> float:
    """Twice the share of all arrangements whose newest mean is as low as the one in order."""
    values = np.concatenate(periods)
    sums = [values[list(chosen)].sum() for chosen in itertools.combinations(range(values.size), n_now)]
    return 2 * float(np.mean(np.array(sums) <= values[-n_now:].sum() + 1e-12))


def test_shuffles_agree_with_all_arrangements() -> None:
    """Three periods have one window."""
    periods = ([1.0, 0.98, 1.02], [1.01, 0.99, 1.0], [0.9, 0.99, 0.97])
    found = shift(*periods)
    assert found.n_windows == 1
    assert found.estimate is not None
    assert (found.p, found.p_shuffled) == (found.estimate.p, pytest.approx(brute(periods, 3), abs=0.02))


def test_runs_of_one_seed_are_compared_with_each_other() -> None:
    """Seeds that lie far apart hide a small change, unless each is held against itself."""
    level = np.array([0.5, 0.7, 0.9, 0.6])
    noise = rng_for("seeds").normal(0, 0.002, (5, 4))
    weeks = [*(level + row for row in noise[:4]), level + noise[4] - 0.01]
    assert not level_shift(units(*weeks), rng_for).is_alarm
    found = level_shift(seeded(*weeks), rng_for)
    assert found.is_alarm
    assert found.change == pytest.approx(np.mean(weeks[4]) - np.mean(weeks[:4]))


def test_seeds_that_did_not_run_now_do_not_count_as_a_change() -> None:
    level = {0: 0.5, 1: 0.9}
    weeks = [[Unit(level[seed] + i / 1000, seed) for seed in (0, 1) for i in range(3)] for _ in range(4)]
    now = [Unit(0.5 + i / 1000, 0) for i in range(3)]
    assert level_shift([*weeks, now], rng_for).change == pytest.approx(0, abs=1e-9)


def test_seeds_that_did_not_run_now_do_not_hide_a_change() -> None:
    """The levels of seeds 3 and 4 are no noise of seeds 0 to 2."""
    noise = rng_for("five seeds").normal(0, 0.001, (9, 5))
    weeks = [[Unit(0.9 + 0.05 * seed + noise[week, seed], seed) for seed in range(5)] for week in range(8)]
    now = [Unit(0.89 + 0.05 * seed + noise[8, seed], seed) for seed in range(3)]
    found = level_shift([*weeks, now], rng_for)
    assert (found.is_alarm, found.n_now, found.n_before) == (True, 3, 24)


def test_a_collapse_is_an_alarm_however_few_runs_a_period_has() -> None:
    noise = rng_for("collapse").normal(0.9, 0.005, 60)
    for n in (1, 2, 3):
        for earlier in (5, 8, 15):
            weeks = [noise[week * n : (week + 1) * n].tolist() for week in range(earlier)]
            found = shift(*weeks, [0.1] * n)
            assert found.is_alarm, (n, earlier)
            assert found.p is not None
            assert found.p < 1e-4 or found.is_prediction  # Holm over many tests leaves it one
    forty = [[value] for value in noise[:45]]
    assert shift(*forty, [0.1]).window == 1  # one run that collapsed is no change of the last two


def test_very_many_runs_are_shuffled_less_often_and_not_cut() -> None:
    rng = rng_for("many")
    weeks = [rng.normal(0, 1, 400) for _ in range(12)]
    found = shift(*weeks, rng.normal(-0.5, 1, 400))
    assert (found.is_alarm, found.n_before) == (True, 4_800)


def test_one_run_is_held_against_a_prediction_interval() -> None:
    past = [0.90, 0.91, 0.92, 0.91, 0.90]
    found = shift(*([value] for value in past), [0.80])
    interval = estimates.prediction_interval(past, 1, 0.99)
    assert (found.is_prediction, found.expected) == (True, (interval.low, interval.high))
    assert found.is_alarm
    assert not shift(*([value] for value in past), [0.89]).is_alarm
    assert shift([0.9], [0.91], [0.9], [0.5]).window == 0


def test_nothing_is_tested_where_nothing_varies() -> None:
    found = shift([0.9] * 3, [0.9] * 3, [0.9] * 3, [0.8] * 3)
    assert (found.p, found.estimate, found.change) == (None, None, pytest.approx(-0.1))
    assert shift([0.9] * 3, [0.9] * 3, [0.9] * 3).change == pytest.approx(0, abs=1e-12)
    assert shift(*([0.9] for _ in range(5)), [0.8]).p is None


def test_periods_differ_by_the_f_test_within_the_levels_of_a_shift() -> None:
    rng = rng_for("luck")
    for _ in range(20):
        weeks = [rng.normal(luck, 0.01, 4) for luck in (0.0, 0.005, 0.0, -0.005, -1.0)]
        assert stats.f_oneway(*weeks).pvalue < 1e-6
        within = sum(((week - week.mean()) ** 2).sum() for week in weeks)
        between = 4 * np.var([week.mean() for week in weeks[:4]]) * 4
        p = stats.f.sf((between / 3) / (within / 15), 3, 15)
        assert periods_differ(units(*weeks), 1) == (p <= 0.1)  # 0.2 from six earlier periods on
    lucky = [rng.normal(luck, 0.01, 4) for luck in (0.0, 0.1, -0.1, 0.05, 0.0)]
    assert periods_differ(units(*lucky), 1)
    found = level_shift(units(*lucky), rng_for)
    assert (found.n_periods, found.n_now, found.is_alarm) == (4, 1, False)


def share_of_alarms(n: int, weeks: int, *, step: float = 0.0, skewed: bool = False, times: int = 250) -> tuple[float, float]:
    """(worse, better): the newest week is lower by ``step`` sd."""
    rng = rng_for(f"alarms {n} {weeks} {step} {skewed}")
    lower = higher = 0
    for _ in range(times):
        values = rng.beta(19.6, 0.4, (weeks, n)) / 0.0306 if skewed else rng.normal(0, 1, (weeks, n))
        values[-1] -= step
        found = shift(*values)
        lower += found.is_alarm and found.change < 0
        higher += found.is_alarm and found.change > 0
    return lower / times, higher / times


@pytest.mark.parametrize("skewed", [False, True])
def test_quiet_weeks_stay_quiet(skewed: bool) -> None:
    """2.5 % each way is promised; wide bounds, so that only a broken method fails."""
    worse, better = share_of_alarms(3, 8, skewed=skewed)
    assert max(worse, better) <= 0.05


def test_a_large_step_is_seen_at_once_more_often_than_not() -> None:
    worse, better = share_of_alarms(3, 9, step=2.0, times=100)
    assert (worse > 0.55, better) == (True, 0)

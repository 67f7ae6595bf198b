"""The methods by themselves, where they can be drawn faster than through a report: coverage of intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

from benchmarks.coverage.made import (
    Draw,
    Rng,
    collapsed,
    heavy,
    lognormal,
    normal,
    rng_of,
    share,
    table,
    three_times,
)
from reportgen.analyze.methods import aggregate, estimates, folds, proportions, quantiles, ranks, sequential
from reportgen.analyze.methods.means import interval_of_mean


def difference_of_means(replications: int) -> None:
    """Coverage of 95 % intervals of mean B − mean A; the true difference is 0."""
    arms: dict[str, tuple[Draw, Draw]] = {
        "normal": (normal, normal),
        "lognormal(0.6)": (lognormal, lognormal),
        "10 % collapsed seeds": (collapsed, collapsed),
        "sd ratio 3": (normal, three_times),
        "normal against lognormal": (normal, lognormal),
        "normal against collapsed": (normal, collapsed),
    }
    rows = [
        (
            name,
            n,
            welch_coverage(f"welch {name} {n}", replications, n, *draws),
            *bootstrap_coverage(name, replications // 4, n, *draws),
        )
        for name, draws in arms.items()
        for n in (3, 5, 10, 20)
    ]
    table(
        "Difference of means: coverage of 95 % intervals", ("data", "n per side", "Welch t", "percentile bootstrap", "BCa"), rows
    )


def welch_coverage(cell: str, replications: int, n: int, a: Draw, b: Draw) -> float:
    def covered(rng: Rng) -> bool:
        test = estimates.welch(a(rng, n), b(rng, n))
        return test is not None and test.low <= 0 <= test.high

    return share(cell, replications, covered)


def bootstrap_coverage(name: str, replications: int, n: int, a: Draw, b: Draw) -> tuple[float, float]:
    def difference(x: np.ndarray, y: np.ndarray, axis: int) -> np.ndarray:
        return np.asarray(y.mean(axis=axis) - x.mean(axis=axis))

    def coverage(method: str) -> float:
        def covered(rng: Rng) -> bool:
            found = stats.bootstrap((a(rng, n), b(rng, n)), difference, n_resamples=1_000, method=method, rng=rng)
            return bool(found.confidence_interval.low <= 0 <= found.confidence_interval.high)

        return share(f"{method} {name} {n}", replications, covered)

    return coverage("percentile"), coverage("bca")


def paired_runs(replications: int) -> None:
    """Coverage of the paired t interval, and type I error on cross-validation folds with and without correction."""

    def covered(correlation: float, n: int, draw: Draw) -> Callable[[Rng], bool]:
        def hit(rng: Rng) -> bool:
            common = draw(rng, n) * math.sqrt(correlation)
            rest = math.sqrt(1 - correlation)
            test = estimates.paired(common + rest * draw(rng, n), common + rest * draw(rng, n))
            return test is not None and test.low <= 0 <= test.high

        return hit

    rows = [
        (
            draw.__name__,
            correlation,
            n,
            share(f"paired {draw.__name__} {correlation} {n}", replications, covered(correlation, n, draw)),
        )
        for draw in (normal, lognormal, collapsed)
        for correlation in (0.7,)
        for n in (3, 5, 10)
    ]
    table(
        "Paired runs: coverage of the 95 % paired t interval",
        ("data", "correlation", "pairs", "coverage"),
        [_text(row) for row in rows],
    )

    def fold_differences(rng: Rng) -> np.ndarray:
        """100 differences of 10 × 10 folds with correlation 0.1 between any two."""
        return math.sqrt(0.1) * rng.normal() + math.sqrt(0.9) * rng.normal(size=100)

    def naive(rng: Rng) -> bool:
        return bool(stats.ttest_1samp(fold_differences(rng), 0).pvalue < 0.05)

    def corrected(rng: Rng) -> bool:
        test = folds.corrected_paired(np.zeros(100), fold_differences(rng), 0.1)
        return test is not None and test.p < 0.05

    rows = [
        ("plain paired t", share("folds plain", replications, naive)),
        ("Nadeau–Bengio", share("folds nb", replications, corrected)),
    ]
    table("10 × 10 folds, correlation 0.1, no difference: share with p < 0.05", ("test", "false positives"), rows)


def _text(row: Sequence[object]) -> Sequence[object]:
    return [str(cell) if place == 1 else cell for place, cell in enumerate(row)]


def covers(interval: estimates.Estimate | None, value: float) -> bool:
    """Whether there is an interval and ``value`` lies in it."""
    return interval is not None and interval.low <= value <= interval.high


def location_and_shares(replications: int) -> None:
    """Coverage of the exact rank intervals, of quantile intervals and of Newcombe's paired interval."""

    def shift(rng: Rng) -> bool:
        return covers(ranks.hodges_lehmann_shift(heavy(rng, 8), heavy(rng, 8)).interval, 0)

    def pseudo(rng: Rng) -> bool:
        return covers(ranks.pseudo_median(heavy(rng, 10), heavy(rng, 10)).interval, 0)

    def p95(rng: Rng) -> bool:
        return covers(quantiles.quantile_interval(rng.lognormal(size=100), 0.95).interval, math.exp(1.6448536269514722))

    def passes(rng: Rng) -> bool:
        counts = rng.multinomial(60, [0.7, 0.05, 0.15, 0.1])
        return covers(proportions.paired_share_difference(*(int(count) for count in counts)).difference, 0.10)

    rows = [
        ("Hodges–Lehmann shift, t(3), 8 per side (exact 95.0 %)", share("hl", replications, shift)),
        ("pseudo-median, t(3), 10 pairs (exact 95.1 %)", share("pm", replications, pseudo)),
        ("p95 by order statistics, lognormal, n = 100", share("p95", replications, p95)),
        ("Newcombe paired, 60 items, 85 % against 75 %", share("newcombe", replications, passes)),
    ]
    table("Other 95 % intervals: coverage", ("interval", "coverage"), rows)


def shares(replications: int) -> None:
    """The mean of a metric between 0 and 1: how often do its intervals hold, and how often do they leave the scale?"""

    def skewed(a: float, b: float) -> tuple[Draw, float]:
        return (lambda rng, n: rng.beta(a, b, n)), a / (a + b)

    def items(rng: Rng, n: int) -> np.ndarray:
        return rng.binomial(100, 0.97, n) / 100

    shapes = {
        "Beta(19.6, 0.4)": skewed(19.6, 0.4),
        "Beta(98, 2)": skewed(98, 2),
        "Beta(15, 5)": skewed(15, 5),
        "100 items, 97 %": (items, 0.97),
    }

    def cell(name: str, draw: Draw, true: float, n: int) -> tuple[object, ...]:
        def plain(rng: Rng) -> bool:
            found = estimates.t_interval(draw(rng, n))
            return found.low <= true <= found.high

        def outside(rng: Rng) -> bool:
            found = estimates.t_interval(draw(rng, n))
            return found.low < 0 or found.high > 1

        def inside(rng: Rng) -> bool:
            values = draw(rng, n)
            found = interval_of_mean(values, (0.0, 1.0))
            while found is None:  # equal values have no interval
                found = interval_of_mean(draw(rng, n), (0.0, 1.0))
            return found.low <= true <= found.high

        return (name, n, *(share(f"shares {name} {n}", replications, hit) for hit in (plain, outside, inside)))

    rows = [cell(name, draw, true, n) for name, (draw, true) in shapes.items() for n in (3, 5, 8, 12, 20)]
    table("Mean of a share: 95 % intervals", ("data", "n", "t", "t beyond 0 or 1", "t of the logit"), rows)


def aggregates(replications: int) -> None:
    """Coverage of the stratified bootstrap interval of the interquartile mean, runs skewed within tasks."""

    def task(rng: Rng, level: float, n: int) -> np.ndarray:
        return level * rng.lognormal(-0.08, 0.4, n)

    def coverage(tasks: int, runs: int) -> float:
        levels = np.linspace(0.1, 1.5, tasks)
        truth = aggregate.iqm(np.concatenate([task(rng_of(f"truth {level}"), level, 20_000) for level in levels]))

        def covered(rng: Rng) -> bool:
            scores = [task(rng, level, runs) for level in levels]
            found = aggregate.aggregate_intervals(scores, lambda _: rng, draws=1_000).iqm
            return covers(found.interval, truth)

        return share(f"iqm {tasks} {runs}", replications, covered)

    rows = [(f"{tasks} × {runs}", coverage(tasks, runs)) for tasks, runs in ((10, 3), (10, 5), (26, 5), (10, 10), (5, 20))]
    table("Interquartile mean over tasks: coverage of the 95 % stratified bootstrap", ("tasks × runs", "coverage"), rows)


def looks(replications: int) -> None:
    """Five looks at runs that come in batches: type I error and power of naive and group-sequential decisions."""
    rows = []
    for planned in (10, 20, 50):
        at = [planned * (step + 1) // 5 for step in range(5)]
        bounds = sequential.sequential_bounds([n / planned for n in at])
        for effect in (0.0, 1.0):
            naive = share(f"naive {planned} {effect}", replications, _any_look(at, planned, effect, [0.05] * 5))
            planned_looks = share(f"looks {planned} {effect}", replications, _any_look(at, planned, effect, bounds.p_levels))
            last = share(f"last {planned} {effect}", replications, _any_look(at, planned, effect, [0.0] * 4 + [0.05]))
            rows.append((f"{planned} per side", f"{effect:g} sd", naive, planned_looks, last))
    header = ("planned", "true difference", "p < 0.05 at any of 5 looks", "Lan–DeMets O'Brien–Fleming", "one look at the end")
    table("Repeated looks with Welch's t: how often a difference is claimed", header, rows)


def _any_look(at: Sequence[int], planned: int, effect: float, levels: Sequence[float]) -> Callable[[Rng], bool]:
    def hit(rng: Rng) -> bool:
        a, b = rng.normal(size=planned), rng.normal(effect, 1, planned)
        tests = [estimates.welch(a[:n], b[:n]) for n in at]
        return any(test is not None and test.p <= level for test, level in zip(tests, levels, strict=True))

    return hit

"""How often the intervals hold and how often the alarms are false: seeded simulations of the functions that reports call.

    python -m benchmarks.coverage [--replications 4000]

Prints one Markdown table per question; ``docs/statistics.md`` quotes them. Every cell has its own generator, made from its
name, so a cell gives the same figure when others are added. The Monte Carlo error of a share near 5 % is 0.7 points (two
standard errors) at 4 000 replications.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from scipy import stats

from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.two_groups import difference_of
from reportgen.analyze.compare.values import summarised_values
from reportgen.analyze.configurations import Configurations, start_of
from reportgen.analyze.directions import Direction
from reportgen.analyze.methods import (
    aggregate,
    equivalence,
    estimates,
    folds,
    proportions,
    quantiles,
    randomness,
    ranks,
    sequential,
)
from reportgen.analyze.methods.means import interval_of_mean
from reportgen.analyze.metrics import Metric
from reportgen.analyze.regressions import State, Watched, watched_configurations
from reportgen.analyze.runs import Run

SEED = 20261120
Rng = np.random.Generator
Draw = Callable[[Rng, int], np.ndarray]


def rng_of(cell: str) -> Rng:
    return randomness.generator(cell, SEED)


def share(cell: str, replications: int, hit: Callable[[Rng], bool]) -> float:
    """In which share of the replications ``hit`` is true."""
    rng = rng_of(cell)
    return sum(hit(rng) for _ in range(replications)) / replications


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    print(f"\n### {title}\n")
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print(
            "| " + " | ".join(f"{100 * cell:.1f} %" if isinstance(cell, float) else str(cell) for cell in row) + " |", flush=True
        )


# --- what is drawn ---------------------------------------------------------------------------------------------------


def normal(rng: Rng, n: int) -> np.ndarray:
    return rng.normal(size=n)


def lognormal(rng: Rng, n: int) -> np.ndarray:
    """Skewed, shifted to mean 0."""
    return rng.lognormal(0, 0.6, n) - math.exp(0.18)


def collapsed(rng: Rng, n: int) -> np.ndarray:
    """One seed in ten fails by 5 sd; shifted to mean 0."""
    return rng.normal(size=n) - 5 * (rng.random(n) < 0.1) + 0.5


def near_one(rng: Rng, n: int) -> np.ndarray:
    """Beta(19.6, 0.4) as an accuracy near 1 has it, scaled to mean 0 and variance 1."""
    return (rng.beta(19.6, 0.4, n) - 0.98) / math.sqrt(19.6 * 0.4 / (20**2 * 21))


def three_times(rng: Rng, n: int) -> np.ndarray:
    return 3 * rng.normal(size=n)


def heavy(rng: Rng, n: int) -> np.ndarray:
    return rng.standard_t(3, n)


# --- the questions ---------------------------------------------------------------------------------------------------


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


DAY = datetime(2026, 1, 5, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def last_week(weeks: Sequence[np.ndarray], *, is_share: bool = False) -> Watched:
    """What section "What is new" says of the last of ``weeks`` of runs of one configuration."""
    runs = [
        Run(
            "1",
            f"w{at}r{i}",
            "e",
            "",
            "FINISHED",
            started_at=DAY + at * WEEK + timedelta(minutes=i),
            params={"depth": "3"},
        )
        for at, week in enumerate(weeks)
        for i in range(len(week))
    ]
    values = {run.key: float(value) for run, value in zip(runs, np.concatenate(weeks), strict=True)}
    bounds = (0.0, 1.0) if is_share else None
    metric = Metric("m", "m", Direction("maximize", "config"), "number", 4, False, "last", values, len(runs), bounds=bounds)
    start, by_key = DAY + (len(weeks) - 1) * WEEK, {run.key: run for run in runs}
    inside = [run for run in runs if start_of(run) >= start]
    before = [run for run in runs if start_of(run) < start]
    period = (start, WEEK)
    (found,), _, _ = watched_configurations([metric], inside, before, Configurations(runs), by_key, {}, period, {})
    return found


def alarms(replications: int) -> None:
    """Whole weekly reports of one configuration: false findings when nothing changed, and how soon a change is found."""

    def states(draw: Draw, n: int, earlier: int, luck: float = 0.0) -> Callable[[Rng], State]:
        """ "Near 1" is the accuracy itself, whose scale ends at 1."""
        if draw is near_one:
            return lambda rng: last_week([rng.beta(19.6, 0.4, n) for _ in range(earlier + 1)], is_share=True).state
        return lambda rng: last_week([100 + luck * rng.normal() + draw(rng, n) for _ in range(earlier + 1)]).state

    def false(name: str, draw: Draw, n: int, earlier: int, luck: float = 0.0) -> tuple[float, float]:
        ask = states(draw, n, earlier, luck)
        rng = rng_of(f"alarms {name} {n} {earlier} {luck}")
        found = Counter(ask(rng) for _ in range(replications))
        return found["worse"] / replications, found["better"] / replications

    shapes = {"normal": normal, "near 1": near_one, "lognormal": lognormal, "collapsed": collapsed, "t(3)": heavy}
    rows: list[tuple[object, ...]] = [
        (name, n, earlier, *false(name, draw, n, earlier))
        for name, draw in shapes.items()
        for n, earlier in ((3, 1), (3, 3), (3, 8), (5, 8), (10, 8), (1, 8), (1, 20))
    ]
    table(
        "One configuration, nothing changed: what a weekly report calls worse and better (nominal 2.5 % each; one run a week 0.5 to 2.5 %)",
        ("values", "runs a week", "earlier weeks", "worse", "better"),
        rows,
    )
    lucky = [
        (f"{luck:g} sd", n, earlier, sum(false("luck", normal, n, earlier, luck)))
        for luck in (0.25, 0.5, 1.0)
        for n, earlier in ((3, 3), (5, 3), (5, 4), (5, 8), (10, 8), (1, 8))
    ]
    table("Weeks with a luck of their own: any finding (nominal 5 %)", ("luck", "runs a week", "earlier weeks", "found"), lucky)

    def found_by(name: str, n: int, earlier: int, change: Callable[[int], float], most: int) -> np.ndarray:
        """Share of series that were called worse by the first, second … report after ``earlier`` quiet weeks."""
        rng, hits = rng_of(f"told {name} {n} {earlier}"), np.zeros(most)
        for _ in range(replications // 2):
            weeks = [normal(rng, n) - change(at - earlier + 1) for at in range(earlier + most)]
            first = next((at for at in range(most) if last_week(weeks[: earlier + at + 1]).state == "worse"), most)
            hits[first:] += 1
        return hits / (replications // 2)

    steps = [
        (
            f"{size:g} sd",
            n,
            earlier,
            *(float(share) for share in found_by(f"step {size}", n, earlier, lambda at, s=size: s * (at > 0), 4)),
        )
        for size in (1.0, 2.0)
        for n, earlier in ((3, 3), (3, 6), (3, 10), (5, 6), (10, 6), (1, 10))
    ]
    header = ("step", "runs a week", "earlier weeks", "its week", "by the second", "by the third", "by the fourth")
    table("A lasting step: share called worse", header, steps)
    drifts = [
        (
            f"{slope:g} sd a week",
            n,
            *(float(share) for share in found_by(f"drift {slope}", n, 6, lambda at, s=slope: s * max(at, 0), 16)[3::4]),
        )
        for slope in (0.1, 0.2)
        for n in (3, 5)
    ]
    table("A drift after six quiet weeks: share called worse by week", ("drift", "runs a week", "4", "8", "12", "16"), drifts)


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


def gates(replications: int) -> None:
    """B is worse than A by exactly the margin (1 sd): how often does a gate let it pass?"""

    def passes(n: int) -> Callable[[Rng], bool]:
        return lambda rng: (
            equivalence.non_inferiority(rng.normal(size=n), rng.normal(-1, 1, n), 1.0, higher_is_better=True).state == "PASS"
        )

    def not_significant(n: int) -> Callable[[Rng], bool]:
        def hit(rng: Rng) -> bool:
            test = estimates.welch(rng.normal(size=n), rng.normal(-1, 1, n))
            return test is not None and test.p > 0.05

        return hit

    def relative(n: int) -> Callable[[Rng], bool]:
        return lambda rng: (
            equivalence.relative_non_inferiority(rng.normal(10, 1, n), rng.normal(9, 1, n), 0.1, higher_is_better=True).state
            == "PASS"
        )

    rows = [
        (
            n,
            share(f"gate {n}", replications, passes(n)),
            share(f"relative {n}", replications, relative(n)),
            share(f"ns {n}", replications, not_significant(n)),
        )
        for n in (3, 5, 10, 20)
    ]
    header = ("n per side", "non-inferiority, margin 1 sd", "keeps 90 % of the baseline", '"p > 0.05" (refused)')
    table("B is worse by the margin: gates that pass (nominal 5 %)", header, rows)


def confident_means(replications: int) -> None:
    """`mode: confident` at the true mean: gates that pass, and that fail."""
    scale = (0.0, 1.0)
    cells: list[tuple[str, Draw, float, tuple[float, float] | None]] = [
        ("normal", lambda rng, n: 0.9 + 0.01 * normal(rng, n), 0.9, scale),
        ("t(3)", lambda rng, n: 10 + heavy(rng, n), 10.0, None),
        ("beta(45, 5)", lambda rng, n: rng.beta(45, 5, n), 0.9, scale),
        ("beta(98, 2)", lambda rng, n: rng.beta(98, 2, n), 0.98, scale),
        ("beta(19.6, 0.4)", lambda rng, n: rng.beta(19.6, 0.4, n), 0.98, scale),
        ("accuracy of 100 items", lambda rng, n: rng.binomial(100, 0.97, n) / 100, 0.97, scale),
        ("one in ten 5 sd worse", lambda rng, n: 0.9 + 0.01 * (normal(rng, n) - 5 * (rng.random(n) < 0.1)), 0.895, scale),
        ("lognormal(0.6)", lambda rng, n: rng.lognormal(0, 0.6, n), math.exp(0.18), None),
        ("lognormal(1)", lambda rng, n: rng.lognormal(0, 1, n), math.exp(0.5), None),
    ]

    def shares_of(name: str, draw: Draw, bound: float, ends: tuple[float, float] | None, n: int) -> tuple[float, float]:
        rng = rng_of(f"confident {name} {n}")
        judged = (equivalence.threshold_gate(draw(rng, n), bound, higher_is_better=True, scale=ends) for _ in range(replications))
        found = Counter(one.state for one in judged if one.reason is None or one.reason.slug != "exact-value-decides")
        return found["PASS"] / replications, found["FAIL"] / replications

    rows = [
        (
            name,
            *(f"{100 * passed:.1f}, {100 * failed:.1f} %" for n in (3, 5, 8, 12, 20) for passed, failed in [shares_of(*cell, n)]),
        )
        for cell in cells
        for name in [cell[0]]
    ]
    table(
        "A confident gate at the true mean: PASS, FAIL (nominal 5 % each)",
        ("values", *(f"n = {n}" for n in (3, 5, 8, 12, 20))),
        rows,
    )


def unequal(replications: int) -> None:
    """Two groups of one distribution, or a standard deviation apart: how often a comparison calls the small one better or worse."""
    metric = Metric("m", "m", Direction("maximize", "config"), "number", 4, False, "last", {}, 0)

    study = Study({("1", f"{side}{i}"): Run("1", f"{side}{i}", "e", "", "FINISHED") for side in "ab" for i in range(20)})

    def outcome(n_a: int, n_b: int, draw: Draw, shift: float) -> Callable[[Rng], str]:
        def one(rng: Rng) -> str:
            a, b = draw(rng, n_a), draw(rng, n_b) + shift
            sides = [
                summarised_values(label, {("1", f"{label}{i}"): float(v) for i, v in enumerate(x)})
                for label, x in (("a", a), ("b", b))
            ]
            return difference_of(study, metric, *sides, effects=False).outcome

        return one

    def welch_better(n_a: int, n_b: int, draw: Draw) -> Callable[[Rng], bool]:
        def hit(rng: Rng) -> bool:
            test = estimates.welch(draw(rng, n_a), draw(rng, n_b))
            return test is not None and test.p <= 0.05 and test.value > 0

        return hit

    rows = []
    for name, draw in (("normal", normal), ("near 1", near_one), ("lognormal", lognormal), ("collapsed", collapsed)):
        for n_a, n_b in ((10, 5), (12, 3), (20, 5), (20, 3)):
            cells = []
            for shift, wanted in ((0.0, "better"), (0.0, "worse"), (1.0, "better")):
                ask = outcome(n_a, n_b, draw, shift)
                cells.append(share(f"unequal {name} {n_a} {n_b} {shift}", replications, lambda rng, a=ask, w=wanted: a(rng) == w))
            alone = share(f"unequal {name} {n_a} {n_b} alone", replications, welch_better(n_a, n_b, draw))
            rows.append((name, f"{n_a} against {n_b}", alone, *cells))
    header = (
        "values",
        "runs",
        "better by Welch alone",
        "better by chance (nominal 2.5 %)",
        "worse by chance (2.5 %)",
        "better when it is by 1 sd",
    )
    table("Groups of unequal sizes, the whole comparison", header, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Coverage and false alarms of the statistical methods, as Markdown tables.")
    parser.add_argument("--replications", type=int, default=4_000, help="per cell; costly cells take a quarter (default: 4000)")
    replications = parser.parse_args().replications
    began = time.monotonic()
    print(f"Seed {SEED}, {replications} replications per cell; bootstrap, weekly reports and unequal sizes {replications // 4}.")
    for question in (difference_of_means, paired_runs, location_and_shares, shares, looks, gates, confident_means):
        question(replications)
    for question in (aggregates, alarms, unequal):
        question(replications // 4)
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()

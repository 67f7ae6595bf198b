"""Whole comparisons of groups of runs: verdicts that are wrong, families, several metrics, margins, looks, one run.

Each goes through ``comparison_of`` (groups, pairing, choice of test, Holm, what lowers a verdict) and the declared look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.coverage.designs import Design, design, metric_of
from benchmarks.coverage.made import SHAPES, Draw, Rate, Rng, normal, rates, table, three_times
from reportgen.analyze.compare.comparison import comparison_of
from reportgen.analyze.compare.difference import Difference, OneRun
from reportgen.analyze.replicates import noise_of, replicate_groups, summarised
from reportgen.analyze.runs import Run

Row = tuple[object, ...]
TOLD = ("better", "worse")


def two_groups(replications: int) -> None:
    """Two groups of one distribution: how often one is called better or worse, and how often the interval holds."""
    rows: list[Row] = []
    for name, draw in SHAPES.items():
        for n in (3, 5, 10):
            for paired in (False, True):
                told, covered = two_of_one(name, draw, n, replications, paired=paired)
                rows.append((name, f"{n} pairs by seed" if paired else f"{n} runs each", told, covered))
    table(
        "Two groups of one distribution, whole comparisons",
        ("values", "runs", "better or worse (promised 5 %)", "interval holds (95 %)"),
        rows,
    )


def two_of_one(name: str, draw: Draw, n: int, replications: int, *, paired: bool) -> list[Rate]:
    """[better or worse, interval holds]; pairs share half of their variance."""
    made = design((n, n), (lambda _, i: {"seed": str(i)}) if paired else None)

    def hits(rng: Rng) -> tuple[bool, bool | None]:
        common = 0.5**0.5 * draw(rng, n) if paired else np.zeros(n)
        rest = 0.5**0.5 if paired else 1.0
        (d,) = made.differences([common + rest * draw(rng, n) for _ in range(2)])
        return d.outcome in TOLD, holds(d)

    return rates(f"two {name} {n} {paired}", replications, hits)


def holds(d: Difference, true: float = 0.0) -> bool | None:
    """Whether the interval covers the true difference; None where there is none."""
    return None if d.low is None or d.high is None else d.low <= true <= d.high


def unequal(replications: int) -> None:
    """Two groups of one mean, or a standard deviation apart: how often a comparison calls the small one better or worse."""
    rows: list[Row] = []
    sizes = ((10, 5), (12, 3), (20, 5), (20, 3))
    draws: list[tuple[str, Draw, Draw]] = [(name, draw, draw) for name, draw in SHAPES.items() if name != "t(3)"]
    for name, a, b in (*draws, ("small group with three times the sd", normal, three_times)):
        for n_a, n_b in sizes:
            better, worse = unequal_of(name, (a, b), (n_a, n_b), 0.0, replications)
            power, _ = unequal_of(name, (a, b), (n_a, n_b), 1.0, replications)
            rows.append((name, f"{n_a} against {n_b}", better, worse, power))
    header = ("values", "runs", "better by chance (promised 2.5 %)", "worse by chance (2.5 %)", "better when it is by 1 sd")
    table("Groups of unequal sizes, whole comparisons", header, rows)


def unequal_of(name: str, draws: tuple[Draw, Draw], sizes: tuple[int, int], shift: float, replications: int) -> list[Rate]:
    """[better, worse] of the second group, whose mean is ``shift`` higher."""
    made = design(sizes)

    def hits(rng: Rng) -> tuple[bool, bool]:
        (d,) = made.differences([draws[0](rng, sizes[0]), draws[1](rng, sizes[1]) + shift])
        return d.outcome == "better", d.outcome == "worse"

    return rates(f"unequal {name} {sizes} {shift}", replications, hits)


# --- margins ---------------------------------------------------------------------------------------------------------


def margins(replications: int) -> None:
    """B worse by just the margin (1 sd): how often it is called equivalent or not worse, and worse by more than the margin."""
    rows: list[Row] = []
    for name in ("normal", "near 1", "lognormal"):
        for sizes in ((5, 5), (10, 10), (12, 3), (20, 5)):
            good, past = margin_of(name, SHAPES[name], sizes, replications)
            rows.append((name, f"{sizes[0]} against {sizes[1]}", good, past))
    header = ("values", "runs", "equivalent, not worse or better (promised 5 %)", "worse by more than the margin (5 %)")
    table("B is worse by just the margin, whole comparisons", header, rows)


def margin_of(name: str, draw: Draw, sizes: tuple[int, int], replications: int) -> list[Rate]:
    made = design(sizes, margin=1.0)

    def hits(rng: Rng) -> tuple[bool, bool]:
        (d,) = made.differences([draw(rng, sizes[0]), draw(rng, sizes[1]) - 1])
        return d.outcome in ("equivalent", "not_worse", "better"), d.margin is not None and d.margin.state == "FAIL"

    return rates(f"margin {name} {sizes}", replications, hits)


# --- several groups, several metrics ---------------------------------------------------------------------------------

SPREADS: dict[str, Callable[[int], float]] = {"one sd": lambda _: 1.0, "sds 1 to 1.8": lambda at: 1 + 0.8 * (at % 2)}


def families(replications: int) -> None:
    """Groups of one mean: any false verdict of the family, and intervals of which all hold."""
    rows = (
        (family, ", ".join(map(str, sizes)), values, *family_of(family, sizes, values, replications))
        for family in ("holm", "dunnett", "games-howell", "tukey")
        for sizes in ((5, 5, 5), (4, 4, 4, 4, 4), (8, 4, 4), (4, 4, 10))
        for values in ("normal", "lognormal", "sds 1 to 1.8")
    )
    header = ("family", "runs", "values", "any false verdict (promised 5 %)", "all intervals hold (95 %)")
    table("Three and five groups, every verdict and interval that the family decides", header, rows)


def family_of(family: str, sizes: Sequence[int], values: str, replications: int) -> list[Rate]:
    """[any false verdict, all intervals hold] against the baseline, and of every pair where the family is of pairs.

    Where the report refuses the family and says so, its Holm verdicts count.
    """
    made = design(sizes, family=family)
    draw, spread = SHAPES.get(values, normal), SPREADS.get(values, SPREADS["one sd"])

    def hits(rng: Rng) -> tuple[bool, bool]:
        found = made.compared([spread(at) * draw(rng, n) for at, n in enumerate(sizes)])
        decided = [*found.primary, *(found.pairs if family in ("games-howell", "tukey") else ())]
        return any(d.is_shown for d in decided), all(holds(d) is not False for d in decided)

    return rates(f"family {family} {sizes} {values}", replications, hits)


def memos(replications: int) -> None:
    """Five metrics of two groups that do not differ: the two families, and the whole memo."""
    rows = ((f"{correlation:g}", n, *memo_of(n, correlation, replications)) for correlation in (0.0, 0.7) for n in (5, 10))
    header = (
        "correlation of metrics",
        "runs each",
        "primary (promised 5 %)",
        "any of the others (5 %)",
        "any in the memo (10 %)",
        "any interval without 0",
    )
    table("Five metrics, nothing differs", header, rows)


def memo_of(n: int, correlation: float, replications: int) -> list[Rate]:
    """[primary, any other, any, any interval without 0] of two groups and five metrics."""
    made = design((n, n))

    def hits(rng: Rng) -> tuple[bool, ...]:
        common = [rng.normal(size=n) * correlation**0.5 for _ in range(2)]
        found = made.compared(*([one + (1 - correlation) ** 0.5 * rng.normal(size=n) for one in common] for _ in range(5)))
        first, *others = (compared.differences[0] for compared in found.metrics)
        told = [d.outcome in TOLD for d in (first, *others)]
        return told[0], any(told[1:]), any(told), any(holds(d) is False for d in (first, *others))

    return rates(f"memo {n} {correlation}", replications, hits)


# --- looks -----------------------------------------------------------------------------------------------------------


def repeated_looks(replications: int) -> None:
    """Five looks at runs that accumulate: any verdict that is false, with the plan and without it."""
    rows = (
        (f"{planned} per side", name, *looks_of(planned, name == "planned", replications))
        for planned in (10, 20)
        for name in ("planned", "undeclared")
    )
    header = (
        "runs",
        "looks",
        "better or worse at any look (planned: 5 %; undeclared: said to be 14 %)",
        "not worse or equivalent, worse by just the margin (5 %; 14 %)",
    )
    table("Five looks, whole comparisons", header, rows)


def looks_of(planned: int, declared: bool, replications: int) -> list[Rate]:
    """[better or worse of groups that do not differ, not worse or equivalent of one that is worse by the margin] at any of five looks."""
    at = [planned * (step + 1) // 5 for step in range(5)]
    rules = {"looks": {"planned": 5, "runs": planned}} if declared else {}
    plain, within = ([design((n, n), **rules, **more) for n in at] for more in ({}, {"margin": 1.0}))

    def any_of(rng: Rng, made: Sequence[Design], shift: float, told: tuple[str, ...]) -> bool:
        a, b = rng.normal(size=planned), rng.normal(size=planned) + shift
        return any(one.differences([a[:n], b[:n]])[0].outcome in told for one, n in zip(made, at, strict=True))

    def hits(rng: Rng) -> tuple[bool, bool]:
        return any_of(rng, plain, 0.0, TOLD), any_of(rng, within, -1.0, ("equivalent", "not_worse", "better"))

    return rates(f"looks {planned} {declared}", replications, hits)


# --- one run ---------------------------------------------------------------------------------------------------------


def one_run(replications: int) -> None:
    """One run against n of its own distribution: how often it lies outside its interval."""
    rows: list[Row] = []
    for name, draw in (
        ("normal", lambda r, n: 0.9 + 0.01 * r.normal(size=n)),
        ("Beta(19.6, 0.4)", lambda r, n: r.beta(19.6, 0.4, n)),
        ("Beta(98, 2)", lambda r, n: r.beta(98, 2, n)),
    ):
        rows.append((name, *(one_of(name, draw, n, replications) for n in (4, 8, 20))))
    table("One run against n: outside its 95 % interval (promised 5 %)", ("values", "n = 4", "n = 8", "n = 20"), rows)


def one_of(name: str, draw: Draw, n: int, replications: int) -> Rate:
    made = design((n, 1))

    def hits(rng: Rng) -> tuple[bool | None]:
        study = made.study_of([draw(rng, n), draw(rng, 1)], bounds=(0.0, 1.0))
        result = comparison_of(study)[0].primary[0].result
        assert isinstance(result, OneRun)
        return (None if result.placement is None else not result.placement.inside,)

    (found,) = rates(f"one {name} {n}", replications, hits)
    return found


# --- the lead of the best run ----------------------------------------------------------------------------------------


def leads(replications: int) -> None:
    """Runs that are all equal: how often the best leads the worst by more than is said to be chance."""
    rows = (
        (name, f"{n_configurations} × {n}", lead_of(name, draw, n_configurations, n, replications))
        for name, draw in SHAPES.items()
        for n_configurations, n in ((4, 2), (10, 3), (30, 3))
    )
    header = ("values", "configurations × repeats", "lead beyond the 95 % range (promised 5 %)")
    table("Equal runs under the table of best runs", header, rows)


def lead_of(name: str, draw: Draw, n_configurations: int, n: int, replications: int) -> Rate:
    """By the pooled sd of the repeats, of as many other equal runs."""
    k = n_configurations * n
    groups = replicate_groups(runs := _repeats(n_configurations, n), {run.key: run for run in runs})

    def hits(rng: Rng) -> tuple[bool | None]:
        noise = noise_of(summarised(groups, metric_of({run.key: float(v) for run, v in zip(runs, draw(rng, k), strict=True)})))
        return (None if noise is None else float(np.ptp(draw(rng, k))) > noise.range_of(k),)

    (found,) = rates(f"lead {name} {n_configurations} {n}", replications, hits)
    return found


def _repeats(n_configurations: int, n: int) -> list[Run]:
    return [
        Run("1", f"r{c:02d}{i}", "e", "", "FINISHED", params={"lr": str(c), "seed": str(i)}, nuisance={"seed": "seed"})
        for c in range(n_configurations)
        for i in range(n)
    ]

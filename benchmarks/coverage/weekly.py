"""Weekly reports of one configuration: findings where nothing changed, changes that are found, and the gate on the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.coverage.comparisons import Row
from benchmarks.coverage.gates import NOWHERE
from benchmarks.coverage.made import SHAPES, Draw, Rate, Rng, near_one, normal, rate, rng_of, table
from reportgen.analyze.configurations import Configurations, start_of
from reportgen.analyze.directions import Direction
from reportgen.analyze.gates import gate_answers
from reportgen.analyze.metrics import Metric
from reportgen.analyze.regressions import State, Watched, watched_configurations
from reportgen.analyze.runs import Run
from reportgen.analyze.weekly import Period, Weekly
from reportgen.config import GateConfig

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
    """Whole weekly reports of one configuration in which nothing changed, or a luck that the runs of a week share."""
    rows = (
        (name, n, earlier, *found_of(name, draw, n, earlier, replications))
        for name, draw in SHAPES.items()
        for n, earlier in ((3, 1), (3, 3), (3, 8), (5, 8), (10, 8), (1, 8), (1, 20))
    )
    header = ("values", "runs a week", "earlier weeks", "worse (promised 2.5 %)", "better (2.5 %)")
    table("One configuration, nothing changed (one run a week: promised 0.5 to 2.5 %)", header, rows)
    lucky: list[Row] = []
    for luck in (0.25, 0.5, 1.0):
        for n, earlier in ((3, 3), (5, 3), (5, 4), (5, 6), (5, 8), (10, 8), (5, 16), (1, 8)):
            worse, better = found_of("luck", normal, n, earlier, replications, luck)
            lucky.append((f"{luck:g} sd", n, earlier, Rate(worse.hits + better.hits, replications)))
    table("Weeks with a luck of their own", ("luck", "runs a week", "earlier weeks", "any finding (promised 5 %)"), lucky)


def found_of(name: str, draw: Draw, n: int, earlier: int, replications: int, luck: float = 0.0) -> tuple[Rate, Rate]:
    """(worse, better); "near 1" is the accuracy itself, whose scale ends at 1."""

    def state(rng: Rng) -> State:
        if draw is near_one:
            return last_week([rng.beta(19.6, 0.4, n) for _ in range(earlier + 1)], is_share=True).state
        return last_week([100 + luck * rng.normal() + draw(rng, n) for _ in range(earlier + 1)]).state

    rng = rng_of(f"alarms {name} {n} {earlier} {luck}")
    found = Counter(state(rng) for _ in range(replications))
    return Rate(found["worse"], replications), Rate(found["better"], replications)


def changes_found(replications: int) -> None:
    """How soon a lasting step and a drift are called worse."""
    steps = (
        (f"{size:g} sd", n, earlier, *found_by(f"step {size}", n, earlier, lambda at, s=size: s * (at > 0), 4, replications // 2))
        for size in (1.0, 2.0)
        for n, earlier in ((3, 3), (3, 6), (3, 10), (5, 6), (10, 6), (1, 10))
    )
    header = ("step", "runs a week", "earlier weeks", "its week", "by the second", "by the third", "by the fourth")
    table("A lasting step: series in which it was called worse", header, steps)
    drifts = (
        (
            f"{slope:g} sd a week",
            n,
            *found_by(f"drift {slope}", n, 6, lambda at, s=slope: s * max(at, 0), 16, replications // 4)[3::4],
        )
        for slope in (0.1, 0.2)
        for n in (3, 5)
    )
    table(
        "A drift after six quiet weeks: series in which it was called worse",
        ("drift", "runs a week", "by week 4", "8", "12", "16"),
        drifts,
    )


def found_by(name: str, n: int, earlier: int, change: Callable[[int], float], most: int, replications: int) -> list[Rate]:
    """Series that were called worse by the first, second … report after ``earlier`` quiet weeks."""
    rng, hits = rng_of(f"told {name} {n} {earlier}"), np.zeros(most, int)
    for _ in range(replications):
        weeks = [normal(rng, n) - change(at - earlier + 1) for at in range(earlier + most)]
        first = next((at for at in range(most) if last_week(weeks[: earlier + at + 1]).state == "worse"), most)
        hits[first:] += 1
    return [Rate(int(one), replications) for one in hits]


def previous_gate(replications: int) -> None:
    """`not_worse_than: previous` with a margin (1 sd), this week worse by just the margin, weeks with a luck of their own."""
    rows = (
        (f"{luck:g} sd", n, earlier, previous_of(luck, n, earlier, replications))
        for luck in (0.0, 0.5, 1.0)
        for n, earlier in ((3, 3), (5, 3), (5, 7), (10, 7))
    )
    table("The gate on the past, worse by just the margin", ("luck", "runs a week", "earlier weeks", "PASS (promised 5 %)"), rows)


def previous_of(luck: float, n: int, earlier: int, replications: int) -> Rate:
    gate = GateConfig.model_validate({"metric": "m", "not_worse_than": "previous", "baseline_margin": 1.0})

    def passes(rng: Rng) -> bool:
        weeks = [100 - (at == earlier) + luck * rng.normal() + rng.normal(size=n) for at in range(earlier + 1)]
        watched = last_week(weeks)
        (answer,) = gate_answers([gate], {"m": _METRIC}, [], weekly=_weekly(watched), ground=NOWHERE)
        return answer.state == "PASS"

    return rate(f"previous {luck} {n} {earlier}", replications, passes)


_METRIC = Metric("m", "m", Direction("maximize", "config"), "number", 4, False, "last", {}, 0)


def _weekly(watched: Watched) -> Weekly:
    period = Period(DAY, DAY + WEEK, (), 0, 0)
    return Weekly(period, period, len(watched.history), None, (), (), (watched,), 0, 0, (), 0.0)

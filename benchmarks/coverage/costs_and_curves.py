"""What compared groups cost, and the numbers that their curves come down to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.coverage.comparisons import holds
from benchmarks.coverage.designs import Design, design
from benchmarks.coverage.made import SHAPES, Draw, Rate, Rng, rates, table
from reportgen.analyze.compare.comparison import comparison_of
from reportgen.analyze.compare.costs import CostDifference, Costs, costs_of
from reportgen.analyze.compare.study import Study
from reportgen.analyze.curve_scalars import Asked, CurveScalars, ScalarsReader
from reportgen.analyze.histories import facts_of_series
from reportgen.analyze.runs import RunKey
from reportgen.snapshot import Series, SourceInfo, empty_snapshot, table_of

# --- costs -----------------------------------------------------------------------------------------------------------

QUANTITIES = ("duration", "latency", "latency_p95", "failed", "tokens", "cost", "cost_per_success")
SUCCESS = 0.9


def costs(replications: int) -> None:
    """Two groups that cost the same: intervals that hold, and any test of the table that shows a difference."""
    rows = (
        (f"{luck:g}", f"{n_runs} × {n_requests}", *costs_of_requests(n_runs, n_requests, luck, replications))
        for luck in (0.0, 0.5)
        for n_runs, n_requests in ((1, 300), (3, 100), (5, 60), (10, 30))
    )
    header = ("luck of a run (sd of logs)", "runs × requests a side", "any p ≤ 0.05 (promised 5 %)", *QUANTITIES[1:])
    table("Costs of requests that are alike: intervals that hold (promised 95 %)", header, rows)
    times = ((name, n, *durations(name, draw, n, replications)) for name, draw in DURATIONS.items() for n in (3, 5, 10))
    table(
        "Durations of runs that are alike",
        ("logarithms of the seconds", "runs each", "p ≤ 0.05 (promised 5 %)", "interval holds (95 %)"),
        times,
    )


DURATIONS: dict[str, Draw] = {name: SHAPES[name] for name in ("normal", "lognormal", "t(3)")}


def durations(name: str, draw: Draw, n: int, replications: int) -> list[Rate]:
    """[p ≤ 0.05, the ratio's interval holds 1]."""
    made = design((n, n))
    comparison = comparison_of(made.study_of([np.ones(n), np.ones(n)]))[0]
    snapshot = empty_snapshot(_SOURCE)

    def hits(rng: Rng) -> tuple[bool, bool | None]:
        seconds = np.exp(5 + 0.4 * draw(rng, 2 * n))
        found = costs_of(_lasting(made.study, made, seconds), comparison, snapshot)
        (row,) = found.differences if found else ()
        return row.p is not None and row.p <= 0.05, _inside(row, 1.0)

    return rates(f"duration {name} {n}", replications, hits)


_SOURCE = SourceInfo("sqlite", "sqlite:///made-up.db", "made up")


def _lasting(study: Study, made: Design, seconds: Sequence[float]) -> Study:
    lasted = {key: round(1000 * one) for key, one in zip(made.keys, seconds, strict=True)}
    return replace(study, runs={key: replace(run, started_ms=1, ended_ms=1 + lasted[key]) for key, run in study.runs.items()})


def costs_of_requests(n_runs: int, n_requests: int, luck: float, replications: int) -> list[Rate]:
    """[any p ≤ 0.05, and for each of ``QUANTITIES`` but the first: its interval holds]; a quantity without an interval has no rate."""
    made = design((n_runs, n_runs))
    comparison = comparison_of(made.study_of([np.ones(n_runs)] * 2))[0]
    n, runs = len(made.keys) * n_requests, np.repeat(np.arange(len(made.keys)), n_requests)
    ids = {"experiment_id": ["1"] * n, "trace_id": [f"t{i:06d}" for i in range(n)], "run_id": [made.keys[i][1] for i in runs]}
    texts = {name: [""] * n for name in ("name", "model", "model_id", "session", "scorer")}
    exact = {"latency": 1.0, "latency_p95": 0.0, "failed": 0.0, "tokens": 0.0, "cost": 0.0, "cost_per_success": 0.0}

    def hits(rng: Rng) -> tuple[bool | None, ...]:
        per_run = luck * rng.normal(size=(3, len(made.keys)))
        seconds = np.exp(per_run[0][runs] + 0.6 * rng.normal(size=n))
        tokens = np.round(300 * np.exp(per_run[1][runs] + 0.5 * rng.normal(size=n))).astype(int)
        bad = rng.random(n) < 1 / (1 + np.exp(math.log(SUCCESS / (1 - SUCCESS)) - per_run[2][runs]))
        columns = {
            **ids,
            **texts,
            "status": ["ERROR" if one else "OK" for one in bad],
            "start_time": [None] * n,
            "duration_ms": np.round(1000 * seconds).astype(int).tolist(),
            "input_tokens": tokens.tolist(),
            "output_tokens": [0] * n,
            "total_tokens": tokens.tolist(),
            "cost": (tokens * 1e-5).tolist(),
        }
        found = costs_of(made.study, comparison, empty_snapshot(_SOURCE, traces=table_of("traces", columns)))
        assert isinstance(found, Costs)
        by_what = {row.what: row for row in found.differences}
        shown = any(row.p is not None and row.p <= 0.05 for row in found.differences)
        return shown, *(_inside(by_what[what], exact[what]) for what in QUANTITIES[1:])

    return rates(f"costs {n_runs} {n_requests} {luck}", replications, hits)


def _inside(row: CostDifference, true: float) -> bool | None:
    return None if row.low is None or row.high is None else row.low <= true <= row.high


# --- curves ----------------------------------------------------------------------------------------------------------

STEPS = np.arange(1, 31)


def curve_scalars(replications: int) -> None:
    """Groups whose curves are alike: any of the tests of best value and mean level that shows a difference."""
    rows = (
        (
            name,
            ", ".join(map(str, sizes)),
            "by seed" if paired else "none",
            *scalars_of(name, draw, sizes, replications, paired=paired),
        )
        for name, draw in ENDS.items()
        for sizes in ((3, 3), (5, 5), (5, 5, 5), (12, 3))
        for paired in ((False, True) if sizes == (5, 5) else (False,))
    )
    header = (
        "where curves end",
        "runs",
        "pairs",
        "any false (promised 5 %)",
        "interval of the best holds (95 %)",
        "of the mean level (95 %)",
    )
    table("Curve scalars of groups that are alike", header, rows)


ENDS: dict[str, Draw] = {
    "normal": lambda rng, n: 0.9 + 0.01 * rng.normal(size=n),
    "near 1": lambda rng, n: rng.beta(19.6, 0.4, n),
    "one in ten collapsed": lambda rng, n: 0.9 + 0.01 * SHAPES["collapsed"](rng, n),
}


def scalars_of(name: str, draw: Draw, sizes: Sequence[int], replications: int, *, paired: bool = False) -> list[Rate]:
    """[any test of the table, interval of the best, interval of the mean level] against the baseline; the interval is of the first group."""
    made = design(sizes, (lambda _, i: {"seed": str(i)}) if paired else None)
    asked = Asked(made.study, comparison_of(made.study)[0])

    def hits(rng: Rng) -> tuple[bool | None, ...]:
        ends = np.concatenate([draw(rng, n) for n in sizes])
        curves = [end * (1 - np.exp(-STEPS / 5)) + 0.002 * rng.normal(size=len(STEPS)) for end in ends]
        differences = _read(asked, made.keys, curves).differences
        first = dict(reversed(differences))
        return any(d.is_shown for _, d in differences), *(holds(first[what]) for what in ("best", "level"))

    return rates(f"curves {name} {tuple(sizes)} {paired}", replications, hits)


def _read(asked: Asked, keys: Sequence[RunKey], curves: Sequence[np.ndarray]) -> CurveScalars:
    """The curves go by twice, as those of a store do."""
    metric = asked.study.metrics[0]
    series = {key: Series(*key, metric.name, STEPS, STEPS, values) for key, values in zip(keys, curves, strict=True)}
    reader = ScalarsReader(asked, metric, None, {key: facts_of_series(one) for key, one in series.items()})
    for go in (reader.see, reader.take):
        for key, one in series.items():
            go(key, metric.name, (one.step.astype(float), one.value))
    found = reader.answer()
    assert found is not None
    return found

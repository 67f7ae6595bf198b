"""Gates at the edge of what they ask: how often they pass and fail there, through ``gate_answers``."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from benchmarks.coverage.comparisons import Row
from benchmarks.coverage.designs import Design, design, metric_of
from benchmarks.coverage.made import SHAPES, Draw, Rate, Rng, heavy, normal, rng_of, table
from reportgen.analyze.baseline_gates import Ground
from reportgen.analyze.compare.comparison import comparison_of
from reportgen.analyze.compare.group_gates import Compared
from reportgen.analyze.gates import gate_answers
from reportgen.analyze.runs import Run
from reportgen.config import GateConfig
from reportgen.model import GateState

Scale = tuple[float, float] | None
SHARES: Scale = (0.0, 1.0)
NOWHERE = Ground((), datetime(2026, 1, 5, tzinfo=UTC))
"""These gates look for no baseline among runs."""


def asked(made: Design, scale: Scale = None, **config: Any) -> Callable[[list[np.ndarray]], GateState]:
    """What a gate on the last group answers of values of every group."""
    labels = "abcdefghij"
    gate = GateConfig.model_validate({"metric": "m0", "group": labels[len(made.sizes) - 1]} | config)
    comparison = comparison_of(made.study)[0]

    def answer(groups: list[np.ndarray]) -> GateState:
        study = made.study_of(groups, bounds=scale)
        runs, compared = list(study.runs.values()), Compared(study, comparison)
        (found,) = gate_answers([gate], {"m0": study.metrics[0]}, runs, compared, ground=NOWHERE)
        return found.state

    return answer


def states_of(cell: str, replications: int, draw: Callable[[Rng], GateState]) -> tuple[Rate, Rate]:
    """(PASS, FAIL)."""
    rng = rng_of(cell)
    found = Counter(draw(rng) for _ in range(replications))
    return Rate(found["PASS"], replications), Rate(found["FAIL"], replications)


# --- a mean against a bound ------------------------------------------------------------------------------------------

MEANS: dict[str, tuple[Draw, float, Scale]] = {
    "normal": (lambda rng, n: 0.9 + 0.01 * normal(rng, n), 0.9, SHARES),
    "t(3)": (lambda rng, n: 10 + heavy(rng, n), 10.0, None),
    "Beta(45, 5)": (lambda rng, n: rng.beta(45, 5, n), 0.9, SHARES),
    "Beta(98, 2)": (lambda rng, n: rng.beta(98, 2, n), 0.98, SHARES),
    "Beta(19.6, 0.4)": (lambda rng, n: rng.beta(19.6, 0.4, n), 0.98, SHARES),
    "accuracy of 100 items, 97 %": (lambda rng, n: rng.binomial(100, 0.97, n) / 100, 0.97, SHARES),
    "one run in ten 5 sd worse": (lambda rng, n: 0.9 + 0.01 * (normal(rng, n) - 5 * (rng.random(n) < 0.1)), 0.895, SHARES),
    "lognormal(0.6)": (lambda rng, n: rng.lognormal(0, 0.6, n), math.exp(0.18), None),
    "lognormal(1)": (lambda rng, n: rng.lognormal(0, 1, n), math.exp(0.5), None),
}
"""Values, their true mean, and the ends of the metric."""


def confident_means(replications: int) -> None:
    """`mode: confident` at the true mean."""
    sizes = (3, 4, 5, 8, 12, 20, 30)
    rows: list[Row] = []
    for name in MEANS:
        found = [confident_of(name, n, replications) for n in sizes]
        rows.append((name, *(f"{100 * passed.share:.1f}, {100 * failed.share:.1f} %" for passed, failed in found)))
    error = Rate(round(0.05 * replications), replications).error
    title = f"A confident gate at the true mean: PASS, FAIL (promised 5 % each; standard error {100 * error:.1f} near 5 %)"
    table(title, ("values", *(f"n = {n}" for n in sizes)), rows)


def confident_of(name: str, n: int, replications: int) -> tuple[Rate, Rate]:
    draw, bound, scale = MEANS[name]
    answer = asked(design((n,)), scale, mode="confident", at_least=bound)

    def one(rng: Rng) -> GateState:
        values = draw(rng, n)
        while values.std() == 0:  # then the exact value decides
            values = draw(rng, n)
        return answer([values])

    return states_of(f"confident {name} {n}", replications, one)


# --- a group against the baseline ------------------------------------------------------------------------------------


def baseline_margins(replications: int) -> None:
    """A group that is worse by just the margin."""
    rows = (
        (name, f"{sizes[0]} against {sizes[1]}", what, *margin_of(name, sizes, what, replications))
        for name in ("normal", "near 1", "lognormal")
        for sizes in ((3, 3), (5, 5), (20, 20), (12, 3), (20, 5))
        for what in RULES
    )
    header = ("values", "runs", "gate", "PASS (promised 5 %)", "FAIL (5 %)")
    table("Gates against the baseline, worse by just the margin (1 sd, or a tenth)", header, rows)


RULES: Mapping[str, Mapping[str, float]] = {
    "baseline_margin": {"baseline_margin": 1.0},
    "baseline_margin_relative": {"baseline_margin_relative": 0.1},
    "equivalent_within": {"equivalent_within": 1.0},
}


def margin_of(name: str, sizes: tuple[int, int], what: str, replications: int) -> tuple[Rate, Rate]:
    answer = asked(design(sizes), None, **RULES[what])
    draw = SHAPES[name]
    return states_of(
        f"margin gate {name} {sizes} {what}",
        replications,
        lambda rng: answer([10 + draw(rng, sizes[0]), 9 + draw(rng, sizes[1])]),
    )


# --- shares ----------------------------------------------------------------------------------------------------------


def share_gates(_: int) -> None:
    """`of: failed` and `of: rate` with `mode: confident` at the bound: every count with its binomial weight, no simulation."""
    rows: list[Row] = []
    for of in ("failed", "rate"):
        for n in (4, 5, 10, 20, 50):
            found = {bound: share_of(of, n, bound) for bound in (0.5, 0.9, 0.95, 0.99)}
            rows.append((of, n, *(f"{100 * passed:.1f}, {100 * failed:.1f} %" for passed, failed in found.values())))
    header = ("share", "runs", *(f"bound {bound:g}" for bound in (0.5, 0.9, 0.95, 0.99)))
    table("Confident gates on shares at the bound, exact: PASS, FAIL (promised 5 % each)", header, rows)


def share_of(of: str, n: int, bound: float) -> tuple[float, float]:
    """Probabilities of (PASS, FAIL) where the true share is the bound: of a pass rate at least, of failures at most the rest."""
    limit = {"at_least": bound} if of == "rate" else {"at_most": 1 - bound}
    gate = GateConfig.model_validate({"of": of, "mode": "confident", **limit} | ({"metric": "m0"} if of == "rate" else {}))
    found: dict[GateState, float] = defaultdict(float)
    for good in range(n + 1):
        status = ["FINISHED"] * n if of == "rate" else ["FINISHED"] * good + ["FAILED"] * (n - good)
        runs = [Run("1", f"r{i}", "e", "", one) for i, one in enumerate(status)]
        metrics = {"m0": metric_of({run.key: float(i < good) for i, run in enumerate(runs)}, "m0")} if of == "rate" else {}
        (answer,) = gate_answers([gate], metrics, runs, ground=NOWHERE)
        found[answer.state] += math.comb(n, good) * bound**good * (1 - bound) ** (n - good)
    return found["PASS"], found["FAIL"]

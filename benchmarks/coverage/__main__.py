"""python -m benchmarks.coverage [--replications 4000] [--only families,tasks]: one Markdown table per question.

``docs/statistics.md`` quotes them. A cell has its own generator, made from its name, so it gives the same figure when others are added.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping

from benchmarks.coverage import comparisons, costs_and_curves, evaluations, gates, methods, tasks_and_folds, weekly
from benchmarks.coverage.made import SEED

Question = Callable[[int], None]
QUESTIONS: Mapping[str, tuple[Question, int]] = {
    one.__name__: (one, part)
    for part, questions in {
        1: (
            methods.difference_of_means,
            methods.paired_runs,
            methods.location_and_shares,
            methods.shares,
            methods.looks,
            gates.share_gates,
            evaluations.evaluated_rows,
            evaluations.evaluated_clusters,
        ),
        4: (
            methods.aggregates,
            weekly.alarms,
            weekly.changes_found,
            weekly.previous_gate,
            gates.confident_means,
            evaluations.evaluated_memos,
        ),
        8: (
            comparisons.two_groups,
            comparisons.unequal,
            comparisons.margins,
            comparisons.one_run,
            comparisons.leads,
            gates.baseline_margins,
            tasks_and_folds.tasks,
            tasks_and_folds.folds,
            costs_and_curves.curve_scalars,
        ),
        10: (comparisons.families, comparisons.memos, comparisons.repeated_looks, costs_and_curves.costs),
    }.items()
    for one in questions
}
"""Question → what asks it, and which part of the replications it takes: whole comparisons cost more than a formula."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--replications", type=int, default=4_000, help="per cell; costly cells take a part of them (default: 4000)"
    )
    parser.add_argument("--only", default=",".join(QUESTIONS), help=f"of {', '.join(QUESTIONS)}")
    arguments = parser.parse_args()
    began = time.monotonic()
    for name in arguments.only.split(","):
        ask, part = QUESTIONS[name]
        print(f"\n`{name}`: seed {SEED}, {arguments.replications // part:,} repetitions a cell")
        ask(arguments.replications // part)
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()

"""Comparisons as a report makes them: the runs and their groups stay, each repetition puts in other values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reportgen.analyze.compare.comparison import Comparison, comparison_of
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.interim_looks import at_look
from reportgen.analyze.compare.study import Study, study_of
from reportgen.analyze.directions import Direction
from reportgen.analyze.metrics import Metric
from reportgen.analyze.nuisance import nuisance_kinds
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import CompareConfig

Params = Callable[[str, int], Mapping[str, str]]


def metric_of(values: Mapping[RunKey, float], name: str = "m", bounds: tuple[float, float] | None = None) -> Metric:
    """A metric of which more is better."""
    return Metric(name, name, Direction("maximize", "config"), "number", 4, False, "last", values, len(values), bounds=bounds)


@dataclass(frozen=True, slots=True)
class Design:
    """Groups of runs, and the rules that compare them."""

    study: Study
    keys: tuple[RunKey, ...]
    """Group by group, the baseline first."""
    sizes: tuple[int, ...]

    def study_of(self, *metrics: Sequence[np.ndarray], bounds: tuple[float, float] | None = None) -> Study:
        """The study where the runs have these values: of each metric an array for each group."""
        named = (dict(zip(self.keys, np.concatenate(groups).tolist(), strict=True)) for groups in metrics)
        return replace(self.study, metrics=tuple(metric_of(values, f"m{i}", bounds) for i, values in enumerate(named)))

    def compared(self, *metrics: Sequence[np.ndarray]) -> Comparison:
        study = self.study_of(*metrics)
        return at_look(study, comparison_of(study)[0])[0]

    def differences(self, groups: Sequence[np.ndarray]) -> tuple[Difference, ...]:
        """Of the one metric, each group against the baseline."""
        return self.compared(groups).primary


def design(sizes: Sequence[int], params: Params | None = None, datasets: Params | None = None, **rules: Any) -> Design:
    """Groups a, b, … of so many runs, compared by ``rules``; ``params`` and ``datasets`` of a run by its group and number in it."""
    kinds, runs, logged = nuisance_kinds(), dict[RunKey, Run](), dict[RunKey, tuple[str, ...]]()
    for label, size in zip("abcdefghij", sizes, strict=False):
        for i in range(size):
            own = {"arm": label, **(params(label, i) if params else {})}
            run = Run("1", f"{label}{i:04d}", "e", f"{label}{i}", "FINISHED", params=own, nuisance=kinds(own), started_ms=1 + i)
            runs[run.key] = run
            if datasets is not None:
                logged[run.key] = tuple(datasets(label, i).values())
    config = CompareConfig.model_validate({"by": "params.arm", "baseline": "a", "metrics": ("m0",)} | rules)
    study = study_of(config, ["m0"], {"m0": metric_of(dict.fromkeys(runs, 0.5), "m0")}, runs, {}, logged)
    return Design(study, tuple(runs), tuple(sizes))

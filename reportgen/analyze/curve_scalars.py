"""What the curves of compared groups come down to: numbers that can be compared, since curves themselves never are.

For each run: its best value, its mean level over the steps that all runs cover, when it first reached a level, and whether it
stopped improving, still improves, diverged or over-fits. For each group the runs together. A run that never reached the level
is censored and has no time. The level is the bound of a gate on this metric when there is one, else the best value that every
run of the baseline reached. Best and mean level are tested against the baseline as a comparison is, with the pairing of the
design, Holm over both in all groups; a search is never tested. Curves go by one at a time and are not kept.
Sources: ``analyze.methods.curves`` and ``analyze.curves``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.families import in_family
from reportgen.analyze.compare.groups import Group
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.two_groups import difference_of
from reportgen.analyze.compare.values import GroupValues, summarised_values
from reportgen.analyze.curves import Divergence, Gap, divergence_of, gap_of, progress_of
from reportgen.analyze.histories import SeriesFacts
from reportgen.analyze.methods import multiple
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import RunKey, units
from reportgen.config import GateConfig

if TYPE_CHECKING:
    from reportgen.analyze.methods.curves import ReachedShare, ThresholdTime

Arrays = tuple[np.ndarray, np.ndarray]

MOST_GROUPS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """The comparison whose groups are told of, and what is needed to test their numbers."""

    study: Study
    comparison: Comparison
    gates: tuple[GateConfig, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """The value whose first step is looked for."""

    value: float
    is_gate: bool
    """Taken from a gate; else the best value that every run of the baseline reached."""


@dataclass(frozen=True, slots=True)
class GroupScalars:
    """The curves of one group's finished runs. Counts are of ``n`` runs, unless they say of how many."""

    label: str
    n: int
    """Runs with more than one point and a finite one."""
    search: bool
    """The group holds several configurations: its spread is no noise."""
    best: GroupValues
    level: GroupValues | None
    """Mean level over the common range; None where the runs share no range."""
    reached: ReachedShare | None
    last_step: float | None
    """How far the longest run that did not reach the level was watched."""
    n_plateau: int
    n_improving: int
    n_judged: int
    """Runs long enough to tell whether they still improve."""
    n_bad: int
    """Runs that logged NaN or infinity."""
    n_gave_back: int
    n_exploded: int
    gap: GroupValues | None
    """Training ahead of validation at the end, of the runs that have both."""
    n_overfitting: int


@dataclass(frozen=True, slots=True)
class CurveScalars:
    """One metric's curves as numbers, group by group, the baseline first."""

    span: tuple[float, float] | None
    """The range of x that every curve of every group covers."""
    sought: Level | None
    groups: tuple[GroupScalars, ...]
    differences: tuple[tuple[str, Difference], ...]
    """("best" or "level", group against baseline); p adjusted in ``p_holm``. Empty without a baseline."""
    n_tests: int
    n_untold: int
    """Groups beyond ``MOST_GROUPS``."""


@dataclass(frozen=True, slots=True)
class _RunScalars:
    level: float | None
    reached: ThresholdTime | None
    plateau: bool
    improving: bool | None
    divergence: Divergence
    gap: Gap | None


class ScalarsReader:
    """Sees every curve of the compared runs, then takes them one by one; ``answer`` is asked afterwards."""

    def __init__(self, asked: Asked, metric: Metric, partner: str | None, facts: Mapping[RunKey, SeriesFacts]) -> None:
        """``facts``: the curves of ``metric`` that can be drawn."""
        self._asked, self._metric, self._partner, self._facts = asked, metric, partner, facts
        self._groups = asked.comparison.groups[:MOST_GROUPS]
        self._keys = {key for group in self._groups for key in group.finished if key in facts}
        self._ranges: dict[RunKey, tuple[float, float]] = {}
        self._scalars: dict[RunKey, _RunScalars] = {}
        self._waiting: dict[RunKey, tuple[str, Arrays]] = {}
        """One half of a pair of curves, until the other goes by."""
        self._has_partner: set[RunKey] = set()
        self.sought = _sought(asked, metric, self._groups, facts)
        self._span: tuple[float, float] | None = None

    def __contains__(self, key: RunKey) -> bool:
        return key in self._keys

    def see(self, key: RunKey, name: str, arrays: Arrays) -> None:
        if name != self._metric.name:
            self._has_partner.add(key)
            return
        x, value = arrays
        finite = x[np.isfinite(value)]
        if len(finite):
            self._ranges[key] = (float(finite[0]), float(finite[-1]))

    def take(self, key: RunKey, name: str, arrays: Arrays) -> None:
        if not self._scalars and not self._waiting:
            self._span = self._common()
        if key not in self._has_partner:
            self._scalars[key] = self._of(arrays, None)
            return
        known = self._waiting.pop(key, None)
        if known is None:  # pieces of the history go by, so what must stay is copied
            self._waiting[key] = (name, (arrays[0].copy(), arrays[1].copy()))
            return
        own, other = (arrays, known[1]) if name == self._metric.name else (known[1], arrays)
        self._scalars[key] = self._of(own, other)

    def _common(self) -> tuple[float, float] | None:
        if not self._ranges:
            return None
        start = max(low for low, _ in self._ranges.values())
        stop = min(high for _, high in self._ranges.values())
        return (start, stop) if start < stop else None

    def _of(self, arrays: Arrays, partner: Arrays | None) -> _RunScalars:
        from reportgen.analyze.methods.curves import mean_level, time_to_threshold

        x, value, goal = *_finite(arrays), self._metric.goal
        level = mean_level(*arrays, self._span).value if self._span else None
        reached = None
        if self.sought is not None:
            reached = time_to_threshold(*arrays, self.sought.value, higher_is_better=goal == "maximize")
        with np.errstate(all="ignore"):  # a diverged curve may hold values whose differences are no floats
            progress = progress_of(x, value, goal)
            return _RunScalars(
                level=level,
                reached=reached,
                plateau=progress.stopped is not None,
                improving=progress.improving,
                divergence=divergence_of(value, goal),
                gap=gap_of(_finite(partner), (x, value), goal) if partner is not None else None,
            )

    def answer(self) -> CurveScalars | None:
        """None when fewer than two groups have a curve."""
        if not self._scalars and not self._waiting:
            return None
        for key, (name, arrays) in self._waiting.items():  # the other half was never logged with a point
            if name == self._metric.name:
                self._scalars[key] = self._of(arrays, None)
        told = [self._group(group) for group in self._groups]
        groups = tuple(one for one in told if one.n)
        if len(groups) < 2:
            return None
        differences = self._differences(groups)
        n_tests = sum(one.p is not None for _, one in differences)
        return CurveScalars(
            self._span, self.sought, groups, differences, n_tests, len(self._asked.comparison.groups) - len(self._groups)
        )

    def _group(self, group: Group) -> GroupScalars:
        from reportgen.analyze.methods.curves import reached_share

        by_key = self._asked.study.runs
        runs = units((by_key[key] for key in group.finished), lambda run: run.key in self._scalars, by_key)
        of = {run.key: self._scalars[run.key] for run in runs}
        bests = {key: best for key in of if (best := _best(self._metric, self._facts[key])) is not None}
        gaps = {key: one.gap for key, one in of.items() if one.gap is not None}
        times = [one.reached for one in of.values() if one.reached is not None]
        missed = [time.last_step for time in times if not time.reached and time.last_step is not None]
        return GroupScalars(
            label=group.label,
            n=len(of),
            search=self._asked.study.is_search(group),
            best=summarised_values(group.label, bests, bounds=self._metric.bounds),
            level=self._together(group.label, of, lambda one: one.level),
            reached=reached_share(times) if times else None,
            last_step=max(missed, default=None),
            n_plateau=sum(one.plateau for one in of.values()),
            n_improving=sum(one.improving is True for one in of.values()),
            n_judged=sum(one.improving is not None for one in of.values()),
            n_bad=sum(self._facts[key].first_bad_step is not None for key in of),
            n_gave_back=sum(one.divergence.gave_back for one in of.values()),
            n_exploded=sum(one.divergence.exploded for one in of.values()),
            gap=summarised_values(group.label, {key: gap.at_end for key, gap in gaps.items()}) if gaps else None,
            n_overfitting=sum(gap.overfitting for gap in gaps.values()),
        )

    def _together(
        self, label: str, of: Mapping[RunKey, _RunScalars], value_of: Callable[[_RunScalars], float | None]
    ) -> GroupValues | None:
        values = {key: value for key, one in of.items() if (value := value_of(one)) is not None}
        return summarised_values(label, values) if values else None

    def _differences(self, groups: Sequence[GroupScalars]) -> tuple[tuple[str, Difference], ...]:
        asked, first = self._asked, groups[0]
        if first.label != asked.comparison.baseline:
            return ()
        found: list[tuple[str, Difference]] = []
        for other in groups[1:]:
            for what, a, b in (("best", first.best, other.best), ("level", first.level, other.level)):
                if a is not None and b is not None:
                    found.append((what, self._difference(what, a, b, search=first.search or other.search)))
        tests = [one.p for _, one in found if one.p is not None]
        adjusted = iter(multiple.holm(tests))
        return tuple((what, one if one.p is None else in_family(one, "holm", len(tests), next(adjusted))) for what, one in found)

    def _difference(self, what: str, a: GroupValues, b: GroupValues, *, search: bool) -> Difference:
        values = {**a.by_key, **b.by_key}
        metric = replace(self._metric, name=f"{self._metric.name}|{what}", values=values)
        return difference_of(self._asked.study, metric, a, b, search=search, effects=False)


def _finite(arrays: Arrays) -> Arrays:
    x, value = arrays
    kept = np.isfinite(value)
    return x[kept], value[kept]


def _best(metric: Metric, facts: SeriesFacts) -> float | None:
    return facts.high if metric.goal == "maximize" else facts.low


def _sought(asked: Asked, metric: Metric, groups: Sequence[Group], facts: Mapping[RunKey, SeriesFacts]) -> Level | None:
    """The level that is looked for; None without a direction and where the baseline has no curve."""
    if metric.goal == "none":
        return None
    for gate in asked.gates:
        bound = gate.at_least if metric.goal == "maximize" else gate.at_most
        if gate.metric == metric.name and bound is not None and gate.of in ("best", "latest", "group"):
            return Level(bound, is_gate=True)
    base = next((group for group in groups if group.label == asked.comparison.baseline), None)
    bests = [best for key in (base.finished if base else ()) if key in facts and (best := _best(metric, facts[key])) is not None]
    if not bests:
        return None
    return Level(min(bests) if metric.goal == "maximize" else max(bests), is_gate=False)

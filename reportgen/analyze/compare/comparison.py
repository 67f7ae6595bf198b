"""The comparison of a study's groups: every metric in every group, each group against the baseline, and what qualifies it.

Group B is always compared with the baseline A, and delta = B − A. Groups that were measured on different data are not judged
at all; runs on several data sets are not pooled into one test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from reportgen.analyze.compare.difference import (
    Dependent,
    Difference,
    Lowered,
    Margin,
    Searches,
    Success,
    Tested,
    Unmeasured,
)
from reportgen.analyze.compare.families import Families, families_of, holm_adjusted
from reportgen.analyze.compare.findings import (
    FamilyNotUsed,
    MissingBaseline,
    NoGroups,
    NoPairs,
    OneGroup,
    PairsOverData,
)
from reportgen.analyze.compare.groups import Group, Stray, groups_of
from reportgen.analyze.compare.leading_set import Leading, leading_of, omnibus_of
from reportgen.analyze.compare.likeness import DifferingParam, Likeness, differing_params, likeness_of
from reportgen.analyze.compare.members import MadeBy
from reportgen.analyze.compare.pairing import pair_over_data
from reportgen.analyze.compare.study import Study, without_seed_means
from reportgen.analyze.compare.two_groups import difference_of
from reportgen.analyze.compare.values import GroupValues, group_values
from reportgen.analyze.findings import Finding
from reportgen.analyze.methods import proportions
from reportgen.analyze.metrics import Metric
from reportgen.analyze.primary import is_spent
from reportgen.analyze.runs import Run, RunKey

if TYPE_CHECKING:  # loads the large half of SciPy: only for three groups or more
    from reportgen.analyze.methods.groups import Omnibus


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric in every group, and each group against the baseline."""

    metric: str
    primary: bool
    groups: tuple[GroupValues, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything about the configured groups."""

    by: str | None
    """The field of the runs that makes the groups; None where each group has a selector."""
    baseline: str | None
    """None when the configured baseline has no runs: then nothing is compared."""
    wanted_baseline: str | None
    groups: tuple[Group, ...]
    metrics: tuple[MetricComparison, ...]
    alike: Likeness | None
    n_unlabelled: int
    """Active runs that belong to no group."""
    replicates: bool
    """The config says that differing params do not matter."""
    unpaired: str | None = None
    """The configured ``pair_by`` when it pairs no runs; the test is then an unpaired one."""
    differing: tuple[DifferingParam, ...] = ()
    """Params that tell the groups apart."""
    shared: tuple[RunKey, ...] = ()
    """Runs that more than one group selects, and that are in none."""
    stands_for: Mapping[str, MadeBy] = field(default_factory=dict)
    """Label → the model version that it stands for, and the run that made it."""
    leading: Leading | None = None
    """Three groups or more, by the primary metric."""
    omnibus: Omnibus | None = None
    """Welch's analysis of variance, for three unpaired groups or more."""
    kruskal: Omnibus | None = None
    """Kruskal and Wallis's test of the same, by ranks; a sensitivity line from five runs per group on."""
    pairs: tuple[Difference, ...] = ()
    """Every pair of three groups or more in the primary metric, a family of its own; Holm with Bonferroni's intervals, or
    the declared family."""
    looks_before: int | None = None
    """Earlier reports of this comparison, when they are known; the looks that nobody declared."""

    @property
    def has_default_baseline(self) -> bool:
        """Whether nobody named a baseline, so that every pair is a question."""
        return self.wanted_baseline is None and self.baseline is not None

    @property
    def primary(self) -> tuple[Difference, ...]:
        """The primary metric's differences; none where no metric is compared."""
        return self.metrics[0].differences if self.metrics else ()

    @property
    def best_against_baseline(self) -> Difference | None:
        """The difference of the group with the best mean; None where that is the baseline, or nothing leads."""
        leading = self.leading
        return None if leading is None else next((d for d in self.primary if d.group == leading.best), None)

    @property
    def is_over_tasks(self) -> bool:
        """Whether a metric is not judged run by run, because the runs lie on several data sets or tasks."""
        return any(d.reason == "tasks" for compared in self.metrics for d in compared.differences)


def comparison_of(study: Study) -> tuple[Comparison, tuple[Finding, ...]]:
    """The groups of ``study`` in all its metrics, run by run, and what is to be said of its set-up."""
    metrics, families, alike = _metrics(study)
    first = metrics[0] if metrics else None
    leading = leading_of(study, first.groups, first.differences, families.pairs) if first else None
    omnibus, kruskal = omnibus_of(study, first.groups, first.differences) if first else (None, None)
    comparison = Comparison(
        by=study.rules.by,
        baseline=study.baseline,
        wanted_baseline=study.rules.first,
        groups=study.groups,
        metrics=metrics,
        alike=alike,
        n_unlabelled=sum(not run.deleted for run in study.runs.values()) - sum(group.n for group in study.groups),
        replicates=study.rules.replicates,
        unpaired=_failed_pairing(study, metrics),
        differing=differing_params(study),
        shared=study.members.shared,
        stands_for=study.members.made_by,
        leading=leading,
        omnibus=omnibus,
        kruskal=kruskal,
        pairs=families.pairs,
    )
    unfit = (FamilyNotUsed("compare.family", families.unfit),) if families.unfit else ()
    return comparison, (*study.members.findings, *_group_findings(study), *_pair_findings(study, comparison.unpaired), *unfit)


def _metrics(study: Study) -> tuple[tuple[MetricComparison, ...], Families, Likeness | None]:
    """Every metric, adjusted: Holm within two families, the primary metric's groups and all tests of the other metrics together."""
    values = {metric.name: tuple(group_values(study, group, metric) for group in study.groups) for metric in study.metrics}
    raw = {metric.name: _against_baseline(study, metric, values[metric.name]) for metric in study.metrics}
    if not study.metrics:
        return (), Families((), ()), None
    first, *others = study.metrics
    families = families_of(study, values[first.name], raw[first.name])
    further = holm_adjusted([d for metric in others for d in raw[metric.name]])
    adjusted = {first.name: families.differences, **{m.name: tuple(d for d in further if d.metric == m.name) for m in others}}
    alike = likeness_of(study, first, values[first.name]) if study.groups else None
    lost = {side.label: side.n_non_finite for side in values[first.name]}
    qualified = {
        metric.name: tuple(_qualified(study, d, alike, lost if metric is first else None) for d in adjusted[metric.name])
        for metric in study.metrics
    }
    metrics = tuple(MetricComparison(m.name, m is first, values[m.name], qualified[m.name]) for m in study.metrics)
    pairs = tuple(_qualified(study, d, alike, None) for d in families.pairs)
    return metrics, replace(families, pairs=pairs), alike


def _against_baseline(study: Study, metric: Metric, values: Sequence[GroupValues]) -> tuple[Difference, ...]:
    """Each group against the baseline; intervals by Bonferroni over the groups."""
    if study.baseline is None:
        return ()
    primary, level = metric is study.metrics[0], 1 - study.rules.alpha / max(1, len(study.groups) - 1)
    margin = Margin(study.rules.margin, 1 - level) if primary and study.rules.margin is not None else None
    first, *others = study.groups
    return tuple(
        difference_of(
            study,
            metric,
            values[0],
            side,
            level=level,
            search=study.is_search(first) or study.is_search(group),
            margin=margin,
        )
        for group, side in zip(others, values[1:], strict=True)
    )


# --- what qualifies a difference -------------------------------------------------------------------------------------


def _qualified(study: Study, d: Difference, alike: Likeness | None, lost: Mapping[str, int] | None) -> Difference:
    """``d`` with what the groups' data, machines and failures could explain as well, and with the runs that make it a search.

    ``lost``: the primary metric's non-finite values by group; None for all other differences.
    """
    if alike is None:
        return d
    match d.result:
        case Tested() as tested:
            two = alike.of((d.baseline, d.group))
            success = _success(d, two, lost) if lost is not None else None
            lowered = _lowered(two, timed=is_spent(d.metric))
            mismatch = alike.split is not None and alike.split.is_mismatch
            return replace(d, result=replace(tested, lowered=lowered, success=success, is_split_mismatch=mismatch))
        case Searches() as searches:
            return replace(d, result=replace(searches, strays=_strays(study, d)))
        case _:
            return d


def _lowered(two: Likeness, *, timed: bool) -> tuple[Lowered, ...]:
    data: tuple[Lowered, ...] = ("datasets",) if two.datasets_apart else ()
    machines: tuple[Lowered, ...] = ("hardware",) if timed and two.hardware_differs else ()
    return (*data, *machines)


def _success(d: Difference, two: Likeness, lost: Mapping[str, int]) -> Success | None:
    """What became of the runs, where more than a fifth of a group's failed."""
    if not two.many_failed or len(two.failed) < 2:
        return None
    (bad_a, n_a), (bad_b, n_b) = two.failed[d.baseline], two.failed[d.group]
    if not n_a or not n_b:
        return None
    ok = (n_a - bad_a, n_a, n_b - bad_b, n_b)
    found, p = proportions.newcombe_interval(*ok), proportions.fisher_p(*ok)
    return Success(bad_a, n_a, bad_b, n_b, found, p, lost[d.baseline] + lost[d.group])


def _strays(study: Study, d: Difference) -> tuple[tuple[str, tuple[Stray, ...]], ...]:
    """(group, its strays) of a difference that a few runs alone make one of searches."""
    mixed = [group for group in study.groups if group.label in (d.baseline, d.group) and group.n_configurations > 1]
    if not all(group.strays for group in mixed):
        return ()
    return tuple((group.label, group.strays) for group in mixed)


def not_pooled(comparison: Comparison) -> Comparison:
    """``comparison`` whose groups are judged over tasks: runs of several data sets are never pooled into one test.

    Differences of searches, and of sides without values, stay what they are.
    """

    def plain(d: Difference) -> Difference:
        if isinstance(d.result, Unmeasured | Searches):
            return d
        return replace(d, result=Dependent("tasks", d.result.delta), pairs=None)

    def bare(side: GroupValues) -> GroupValues:
        return replace(side, low=None, high=None, no_interval="tasks")

    metrics = tuple(
        replace(one, groups=tuple(map(bare, one.groups)), differences=tuple(map(plain, one.differences)))
        for one in comparison.metrics
    )
    return replace(comparison, metrics=metrics, pairs=(), leading=None, omnibus=None, kruskal=None)


# --- what is to be said of the set-up --------------------------------------------------------------------------------


def _failed_pairing(study: Study, compared: Iterable[MetricComparison]) -> str | None:
    if study.rules.pair_by in (None, "none"):
        return None
    differences = [d for metric in compared for d in metric.differences if d.n_a and d.n_b]
    return study.rules.pair_by if differences and not any(d.pairing for d in differences) else None


def _pair_findings(study: Study, unpaired: str | None) -> tuple[Finding, ...]:
    if unpaired is None:
        return ()
    mixed = pair_over_data(study, [key for group in study.groups for key in group.finished], study.metrics[0].name)
    if mixed is not None:
        return (PairsOverData(unpaired, unpaired, ", ".join(mixed.key), tuple(" + ".join(labels) for labels in mixed.data)),)
    kind, _, name = unpaired.partition(".")
    runs = [run for run in study.runs.values() if not run.deleted]
    known = sorted({key for run in runs for key in (run.tags if kind in ("tag", "tags") else run.params)})
    near = next(iter(get_close_matches(name, known, 1)), name)
    return (NoPairs(unpaired, unpaired, f"{kind}.{near}" if near != name else ""),)


def _group_findings(study: Study) -> tuple[Finding, ...]:
    rules, labels = study.rules, tuple(group.label for group in study.groups)
    if not labels:
        return (NoGroups(rules.field, rules.field, by_field=rules.by is not None),)
    if study.baseline is None:
        return (MissingBaseline(rules.field, rules.first or "", labels),)
    return (OneGroup(rules.field, labels[0]),) if len(labels) == 1 else ()


# --- experiments without a configured comparison ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Experiments that share the primary metric, next to each other and without a verdict."""

    metric: str
    groups: tuple[GroupValues, ...]


def side_by_side_of(metric: Metric, runs: Mapping[RunKey, Run], *, fewest: int = 3) -> SideBySide | None:
    """The experiments with ``fewest`` finished runs that have the metric; None when that is one or none."""
    study = Study(runs)
    by_id: dict[str, list[Run]] = {}
    for run in runs.values():
        if not run.deleted:
            by_id.setdefault(run.experiment_id, []).append(run)
    groups = [group for members in by_id.values() for group in groups_of(members, "experiment")]
    values = [group_values(study, without_seed_means(study, group), metric) for group in groups]
    kept = sorted((group for group in values if group.n >= fewest), key=lambda group: group.label)
    return SideBySide(metric.name, tuple(kept)) if len(kept) > 1 else None

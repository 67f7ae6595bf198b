"""What is compared: the runs, the data they logged, the rules, and which groups stand against each other in which metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportgen.analyze.compare.groups import Group, group_of
from reportgen.analyze.compare.members import Members, members_of
from reportgen.analyze.evaluations import DataSets
from reportgen.analyze.histories import SeriesByKey
from reportgen.analyze.metrics import Metric
from reportgen.analyze.primary import ranked
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import CompareConfig

DEFAULT_RULES = CompareConfig(by="experiment")
"""The rules where nobody set any: pairs found from the design, two-sided 5 %, no margin."""


@dataclass(frozen=True, slots=True)
class Study:
    """Handed down through a comparison. ``runs`` and ``rules`` are enough for a test of two groups of values."""

    runs: Mapping[RunKey, Run]
    datasets: Mapping[RunKey, tuple[str, ...]] = field(default_factory=dict)
    """Run → "name (digest)" of the data sets that it logged."""
    rules: CompareConfig = DEFAULT_RULES
    metrics: tuple[Metric, ...] = ()
    """The compared metrics, the primary one first."""
    groups: tuple[Group, ...] = ()
    """The baseline first."""
    baseline: str | None = None
    """None where no run is in the configured baseline: then nothing is compared."""
    members: Members = field(default_factory=lambda: Members({}))
    data: DataSets | None = None
    """What each run's values were measured on; None takes all data sets that it logged."""
    series: SeriesByKey = field(default_factory=dict)

    def is_search(self, group: Group) -> bool:
        """Whether the group's runs are trials of several configurations, not repeats of one."""
        return group.n_configurations > 1 and not self.rules.replicates

    @property
    def has_searches(self) -> bool:
        return any(map(self.is_search, self.groups))

    @property
    def spans_experiments(self) -> bool:
        """Whether a group holds runs of several experiments: they are different problems, as data sets are."""
        return any(len({key[0] for key in group.finished}) > 1 for group in self.groups)

    def problem_of(self, metric: str, key: RunKey) -> tuple[str, ...]:
        """What the run's value is a value of: its data sets, and its experiment where groups span several; empty if none is recorded."""
        own = (self.runs[key].experiment,) if self.spans_experiments else ()
        return (*own, *self.measured_on(metric, key))

    def measured_on(self, metric: str, key: RunKey) -> tuple[str, ...]:
        """The data sets that the run's value of ``metric`` is of; the splits of one data set are one."""
        return self.data_of(key) if self.data is None else self.data.of(metric, key)[0]

    def data_of(self, key: RunKey) -> tuple[str, ...]:
        return self.datasets.get(key, ())


def study_of(
    rules: CompareConfig,
    names: Sequence[str],
    metrics: Mapping[str, Metric],
    runs: Mapping[RunKey, Run],
    series: SeriesByKey,
    datasets: Mapping[RunKey, tuple[str, ...]],
    members: Members | None = None,
    data: DataSets | None = None,
) -> Study:
    """The groups that ``rules`` makes of ``runs``, compared in the metrics ``names`` (the primary one first).

    ``members`` are the runs of each group; None takes them by ``rules.by``, which needs nothing but the runs.
    """
    members = members or members_of(rules, runs)
    ignored = [*(field.partition(".")[2] for field in (rules.by or "", rules.pair_by or "") if field.startswith("params."))]
    ignored += rules.repeats
    groups = [group_of(label, [runs[key] for key in keys], ignored, datasets) for label, keys in members.groups.items()]
    labels = [group.label for group in groups]
    baseline = rules.first if rules.first in labels else labels[0] if labels and rules.first is None else None
    if baseline is not None:
        groups.sort(key=lambda group: group.label != baseline)
    study = Study(runs, datasets, rules, (), (), baseline, members, data, series)
    groups = [without_seed_means(study, group) for group in groups]
    shown = [metrics[name] for name in names if name in metrics and (metrics[name].same_as not in names)]
    if not rules.metrics and len(groups) > 1:
        shown = _measured_everywhere(shown, metrics, groups)
    return replace(study, metrics=tuple(shown), groups=tuple(groups))


def without_seed_means(study: Study, group: Group) -> Group:
    """``group``; the trials of a search stand each for themselves, whatever their seed."""
    return replace(group, seeds=()) if study.is_search(group) else group


def _measured_everywhere(shown: list[Metric], metrics: Mapping[str, Metric], groups: Sequence[Group]) -> list[Metric]:
    """Metrics that nobody named, those that every group has first; others stand in when the shown ones are all one-sided."""

    def everywhere(metric: Metric) -> bool:
        return all(any(metric.finite(key) is not None for key in group.finished) for group in groups)

    if any(everywhere(metric) for metric in shown):
        return sorted(shown, key=lambda metric: not everywhere(metric))
    return [metric for metric in ranked(metrics) if everywhere(metric)][: len(shown)] or shown

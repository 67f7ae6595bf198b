"""Whether the groups are alike in what is not compared: data sets, code, machines, training length, failures, parameters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, TypeVar

from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.evaluations import identities
from reportgen.analyze.methods.proportions import split_p
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import RunKey

Item = TypeVar("Item", str, tuple[str, str])
COMMIT_TAG = "mlflow.source.git.commit"
MOST_FAILED = 0.2
"""Above this share of failed or non-finite runs a comparison is conditional on success, and says so."""


SPLIT_ALPHA = 0.001
"""Below it the numbers of runs are no accident of the declared split (Kohavi, Tang & Xu 2020, ch. 21)."""


@dataclass(frozen=True, slots=True)
class SplitTest:
    """The declared split of the runs over the groups, tested: a sample-ratio mismatch says that runs were lost or added."""

    counts: Mapping[str, int]
    """Runs of each group, whatever became of them."""
    parts: Mapping[str, float]
    p: float

    @property
    def is_mismatch(self) -> bool:
        return self.p < SPLIT_ALPHA


@dataclass(frozen=True, slots=True)
class Likeness:
    """What else differs between the groups, by label; a reader must know it before believing a difference."""

    datasets: Mapping[str, tuple[str, ...]]
    """"name (digest)" of the data sets that its runs logged."""
    commits: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, tuple[int, int]]
    """(fewest, most) last step of the compared metric; only groups with histories of more than one point."""
    failed: Mapping[str, tuple[int, int]]
    """(failed or non-finite, ended) runs of the compared metric."""
    hardware: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """(name, value) of tags and params that name a machine or device, of finished runs."""
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Scripts, notebooks or projects that its finished runs were started from."""
    split: SplitTest | None = None
    """Of all groups; None where no split is declared."""

    def of(self, labels: Sequence[str]) -> Likeness:
        """The same of these groups only."""
        parts: dict[str, Any] = {
            name: {label: found for label, found in getattr(self, name).items() if label in labels}
            for name in ("datasets", "commits", "steps", "failed", "hardware", "sources")
        }
        return replace(self, **parts)

    @property
    def datasets_apart(self) -> bool:
        """Whether two groups logged data sets and share none of them: then their values are of different data."""
        logged = [identities(names) for names in self.datasets.values() if names]
        return any(not a & b for a, b in combinations(logged, 2))

    @property
    def hardware_differs(self) -> bool:
        return len({found for found in self.hardware.values() if found}) > 1

    @property
    def sources_differ(self) -> bool:
        return len({found for found in self.sources.values() if found}) > 1

    @property
    def datasets_differ(self) -> bool:
        """Whether the groups logged different data sets, by digest."""
        return len({identities(names) for names in self.datasets.values()}) > 1 and any(self.datasets.values())

    @property
    def commits_differ(self) -> bool:
        return len({commit for commits in self.commits.values() for commit in commits}) > 1

    @property
    def commits_mixed(self) -> tuple[str, ...]:
        """Groups whose runs are of several code versions."""
        return tuple(label for label, commits in sorted(self.commits.items()) if len(commits) > 1)

    @property
    def steps_differ(self) -> bool:
        return len({bound for bounds in self.steps.values() for bound in bounds}) > 1

    @property
    def many_failed(self) -> tuple[str, ...]:
        return tuple(label for label, (bad, n) in sorted(self.failed.items()) if n and bad / n > MOST_FAILED)


def likeness_of(study: Study, metric: Metric, values: Sequence[GroupValues]) -> Likeness:
    """What else differs between the groups of ``study``; ``values`` are their values of ``metric``, in the same order."""

    def gathered(of: Callable[[RunKey], Iterable[Item]]) -> dict[str, tuple[Item, ...]]:
        return {group.label: tuple(sorted({item for key in group.finished for item in of(key)})) for group in study.groups}

    def commit(key: RunKey) -> list[str]:
        found = study.runs[key].tags.get(COMMIT_TAG)
        return [found] if found else []

    def hardware(key: RunKey) -> list[tuple[str, str]]:
        run = study.runs[key]
        named = {**run.tags, **run.params}
        return [(name, value) for name, value in named.items() if value and _HARDWARE.search(name)]

    def source(key: RunKey) -> list[str]:
        found = study.runs[key].source_name
        return [found] if found else []

    return Likeness(
        datasets=gathered(study.data_of),
        commits=gathered(commit),
        steps=_last_steps(study, metric),
        failed={g.label: (g.n_failed + v.n_non_finite, g.n_over) for g, v in zip(study.groups, values, strict=True)},
        hardware=gathered(hardware),
        sources=gathered(source),
        split=_split_test(study),
    )


def _split_test(study: Study) -> SplitTest | None:
    parts = study.rules.split
    counts = {group.label: group.n for group in study.groups if group.label in parts}
    if len(counts) < 2:
        return None
    return SplitTest(counts, parts, split_p(list(counts.values()), [parts[label] for label in counts]))


def _last_steps(study: Study, metric: Metric) -> dict[str, tuple[int, int]]:
    steps: dict[str, tuple[int, int]] = {}
    for group in study.groups:
        found = [study.series[key, metric.name] for key in group.finished if (key, metric.name) in study.series]
        last = [facts.last_step for facts in found if facts.n_points > 1]
        if last:
            steps[group.label] = (min(last), max(last))
    return steps


_HARDWARE = re.compile(
    r"(?:^|[_.\-/ ])(?:gpu|gpu_?(?:name|type|model)|accelerator|hardware|device(?:_?name)?|machine(?:_?type)?|(?:instance|node)_?type|cpu_?model)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DifferingParam:
    """A param whose values are not the same in all groups."""

    name: str
    values: Mapping[str, tuple[tuple[str | None, int], ...]]
    """Label → (value, finished runs), most frequent first; None is "not logged"."""


def differing_params(study: Study) -> tuple[DifferingParam, ...]:
    """What tells the groups apart: parameters whose sets of values differ, sorted; nuisance ones, and those that the rules say only
    tell repetitions apart, are left out."""
    runs = {group.label: [study.runs[key] for key in group.finished] for group in study.groups if group.finished}
    names = {name for members in runs.values() for run in members for name in run.params if name not in run.nuisance}
    found = []
    for name in sorted(names - {*study.rules.repeats}):
        counts = {label: Counter(run.params.get(name) for run in members) for label, members in runs.items()}
        if len({frozenset(values) for values in counts.values()}) > 1:
            ordered = {
                label: tuple(sorted(one.items(), key=lambda item: (-item[1], item[0] is None, item[0] or "")))
                for label, one in counts.items()
            }
            found.append(DifferingParam(name, ordered))
    return tuple(found)

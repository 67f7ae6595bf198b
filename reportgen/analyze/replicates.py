"""Which runs are the same experiment done again: alike in every parameter but seeds, folds and their like.

A run's *configuration* is its parameters without the nuisance ones. Runs of one experiment, parent and configuration
are replicates, unless a tag of the user's marks groups among them (``variant: control``): then the tag splits them.
Runs without any parameter have no configuration that is known, and are nobody's replicate.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyze.methods import samples
from reportgen.analyze.methods.means import interval_of_mean
from reportgen.analyze.metrics import Metric
from reportgen.analyze.nuisance import naming_params, nuisance_kind
from reportgen.analyze.runs import Run, RunKey, units
from reportgen.formats import without_noise

Configuration = tuple[tuple[str, str], ...]
"""(param, value), sorted, without nuisance params."""


def configuration(run: Run, *, without: Sequence[str] = ()) -> Configuration:
    """The run's params without nuisance ones and ``without``, sorted."""
    return tuple(
        sorted((name, value) for name, value in run.settings.items() if name not in without and name not in run.nuisance)
    )


def repetition(run: Run, kind: str | None = None) -> tuple[tuple[str, str], ...]:
    """The run's nuisance params (of one ``kind``), sorted: what tells it from its replicates."""
    return tuple(sorted((name, run.params[name]) for name, found in run.nuisance.items() if kind in (None, found)))


@dataclass(frozen=True, slots=True)
class ReplicateGroup:
    """Finished runs of one configuration, two or more, by start."""

    label: str
    """What tells it from the other groups, e.g. "lr=0.1, depth=4", or a name that its runs share."""
    runs: tuple[RunKey, ...]
    configuration: Configuration
    experiment_id: str
    folds: bool = False
    """Its runs are folds of one data set: no independent samples."""


@dataclass(frozen=True, slots=True)
class ReplicateSummary:
    """One metric over the runs of a group; bounds are None below three values, without variation, and of folds, which are not independent."""

    group: ReplicateGroup
    values: tuple[tuple[RunKey, float], ...]
    mean: float
    sd: float | None
    low: float | None
    high: float | None

    @property
    def n(self) -> int:
        return len(self.values)


def replicate_groups(runs: Sequence[Run], by_key: Mapping[RunKey, Run]) -> tuple[ReplicateGroup, ...]:
    """Every group of two or more replicates among the finished runs, largest first."""
    buckets: dict[tuple[object, ...], list[Run]] = {}
    counted = units((run for run in runs if run.finished), lambda run: bool(run.params), by_key)
    without = naming_by_experiment(counted)
    for run in counted:
        own = configuration(run, without=without[run.experiment_id])
        buckets.setdefault((run.experiment_id, run.parent, own), []).append(run)
    parts = [part for members in buckets.values() for part in _split_by_tags(members) if len(part.runs) > 1]
    parts.sort(key=lambda part: (-len(part.runs), part.runs[0].order))
    labels = _labels(parts, without)
    return tuple(
        ReplicateGroup(
            label,
            tuple(run.key for run in part.runs),
            configuration(part.runs[0], without=without[part.runs[0].experiment_id]),
            part.runs[0].experiment_id,
            len({repetition(run, "fold") for run in part.runs}) > 1,
        )
        for label, part in zip(labels, parts, strict=True)
    )


def naming_by_experiment(runs: Sequence[Run]) -> dict[str, tuple[str, ...]]:
    """Experiment id → params of its finished runs that only name a run."""
    members: dict[str, list[Mapping[str, str]]] = {}
    for run in runs:
        if run.finished:
            members.setdefault(run.experiment_id, []).append(run.params)
    return {experiment_id: naming_params(params) for experiment_id, params in members.items()}


def _labels(parts: Sequence[_Part], without: Mapping[str, Sequence[str]]) -> list[str]:
    """What tells each of ``parts`` from the others; those that come out alike are told by what differs between them."""
    named = {name for names in without.values() for name in names}
    varying = [name for name in varying_params([run for part in parts for run in part.runs]) if name not in named]
    labels = [group_label(part.runs, varying, part.tags) for part in parts]
    for label, n in Counter(labels).items():
        alike = [i for i, one in enumerate(labels) if one == label] if n > 1 else []
        between = [name for name in varying_params([run for i in alike for run in parts[i].runs]) if name not in named]
        for i in alike:
            labels[i] = group_label(parts[i].runs, between, parts[i].tags) if between else label
        several = len({parts[i].runs[0].experiment for i in alike}) > 1
        for i in alike:
            labels[i] = f"{parts[i].runs[0].experiment}: {labels[i]}" if several else labels[i]
    return labels


@dataclass(frozen=True, slots=True)
class _Part:
    runs: tuple[Run, ...]
    tags: tuple[str, ...]
    """"variant=control", of the tags that mark it."""


def _split_by_tags(members: Sequence[Run]) -> list[_Part]:
    """``members`` apart by every tag of the user's whose values each mark two runs or more."""
    ordered = sorted(members, key=lambda run: run.order)
    names = sorted({name for run in ordered for name in run.tags if not name.startswith("mlflow.") and not nuisance_kind(name)})
    marking = []
    for name in names:
        counts = Counter(run.tags.get(name) for run in ordered)
        if len(counts) > 1 and min(counts.values()) > 1:
            marking.append(name)
    parts: dict[tuple[str, ...], list[Run]] = {}
    for run in ordered:
        words = tuple(f"{name}={run.tags[name]}" for name in marking if name in run.tags)
        parts.setdefault(words, []).append(run)
    return [_Part(tuple(runs), words) for words, runs in parts.items()]


def varying_params(runs: Sequence[Run]) -> tuple[str, ...]:
    """Params, nuisance ones left out, that differ between ``runs``, sorted."""
    seen: dict[str, set[str | None]] = {}
    names = {name for run in runs for name in run.settings if name not in run.nuisance}
    for name in names:
        seen[name] = {run.settings.get(name) for run in runs}
    return tuple(sorted(name for name, values in seen.items() if len(values) > 1))


MOST_WORDS = 4
"""Settings in a label; the rest is counted."""


def group_label(part: Sequence[Run], varying: Sequence[str], tags: Sequence[str] = ()) -> str:
    """The group's marking tags and differing params, else a name that all its runs share, else the first run's name."""
    first = part[0]
    words = [*tags, *(f"{name}={without_noise(first.settings[name])}" for name in varying if name in first.settings)]
    if words:
        more = f" and {len(words) - MOST_WORDS} more" if len(words) > MOST_WORDS else ""
        return ", ".join(words[:MOST_WORDS]) + more
    shared = {run.name for run in part}
    return first.name if len(shared) == 1 and first.name else f"{first.name or first.run_id[:8]} and its repeats"


def summarised(groups: Sequence[ReplicateGroup], metric: Metric) -> tuple[ReplicateSummary, ...]:
    """Mean, sd and interval of the mean of ``metric`` for each group that has a finite value, best first (else by label)."""
    found: list[ReplicateSummary] = []
    for group in groups:
        values = tuple((key, metric.values[key]) for key in group.runs if metric.finite(key) is not None)
        if not values:
            continue
        plain = [value for _, value in values]
        interval = None if group.folds else interval_of_mean(plain, metric.bounds)
        found.append(
            ReplicateSummary(
                group,
                values,
                samples.mean(plain),
                samples.sd(plain) if len(plain) > 1 else None,
                interval.low if interval else None,
                interval.high if interval else None,
            )
        )
    sign = {"maximize": -1, "minimize": 1, "none": 0}[metric.goal]
    return tuple(sorted(found, key=lambda one: (sign * one.mean, one.group.label, one.group.runs)))


@dataclass(frozen=True, slots=True)
class Noise:
    """How much a metric varies between replicates, over all groups."""

    sd: float
    df: int

    def range_of(self, k: int) -> float:
        """How far the best and the worst of ``k`` equal runs lie apart at most, in 95 % of cases: q·sd (Tukey's studentized range)."""
        from reportgen.analyze.methods.largest import StudentizedRange, quantile  # loads a good part of SciPy

        return quantile(StudentizedRange(k, self.df), 0.95) * self.sd


def noise_of(summaries: Sequence[ReplicateSummary]) -> Noise | None:
    """The pooled replicate sd; None with fewer than two replicated configurations or four degrees of freedom.

    Folds are no replicates here: what differs between them is the data.
    """
    groups = [[value for _, value in one.values] for one in summaries if one.n > 1 and not one.group.folds]
    if len(groups) < 2 or any(abs(value) > samples.LARGEST for group in groups for value in group):
        return None
    spread, df = samples.pooled_sd(*groups)
    if df < 4 or spread == 0:
        return None
    return Noise(spread, df)


def identical_reruns(
    runs: Sequence[Run], datasets: Mapping[RunKey, tuple[str, ...]] | None = None
) -> tuple[tuple[RunKey, ...], ...]:
    """Sets of finished runs that are the same run again, by start; a deterministic re-run is no new sample.

    Equal params, a seed among them, and either the same commit or, where no commit is known, the same last value of
    every measured metric, bit for bit. Without a seed two equal values may be two samples, so nothing is concluded.
    ``datasets``: runs that logged other data sets are other runs.
    """
    sets: dict[tuple[object, ...], list[Run]] = {}
    for run in sorted((run for run in runs if run.finished and repetition(run, "seed")), key=lambda run: run.order):
        user_tags = tuple(sorted((k, v) for k, v in run.tags.items() if not k.startswith("mlflow.")))
        data = datasets.get(run.key, ()) if datasets else ()
        base = (run.experiment_id, run.parent, tuple(sorted(run.params.items())), user_tags, data)
        commit = run.tags.get("mlflow.source.git.commit")
        same = ("commit", commit) if commit else ("values", values) if (values := _measured(run)) else None
        if same is not None:
            sets.setdefault((*base, *same), []).append(run)
    return tuple(tuple(run.key for run in members) for members in sets.values() if len(members) > 1)


_CLOCK = re.compile(r"time|duration|seconds|latency|runtime|per_sec|per_second|timestamp|^system/|fps|throughput", re.IGNORECASE)


def _measured(run: Run) -> tuple[tuple[str, float], ...]:
    """Last values that are not whole numbers and not of the clock: equal ones are no coincidence."""
    return tuple(
        sorted(
            (name, value)
            for name, value in run.last_values.items()
            if math.isfinite(value) and not _CLOCK.search(name) and not float(value).is_integer()
        )
    )

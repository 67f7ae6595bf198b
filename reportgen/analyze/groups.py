"""Which runs stand against which: the groups of a comparison, and whether they are alike enough to be compared.

Groups come from the experiment, a tag or a param. Only finished runs give values; failed and running ones are counted.
Older identical re-runs, and children whose parent's value is already in, are left out and counted too.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Literal

from reportgen.analyze.histories import SeriesByKey
from reportgen.analyze.methods import estimates, samples
from reportgen.analyze.metrics import Metric
from reportgen.analyze.replicates import Configuration, configuration, identical_reruns, repetition
from reportgen.analyze.runs import Run, RunKey, units

COMMIT_TAG = "mlflow.source.git.commit"
MOST_FAILED = 0.2
"""Above this share of failed or non-finite runs a comparison is conditional on success, and says so."""


MOST_STRAY = 0.2
"""Up to this share of runs of other configurations a group is one configuration with strays among it; beyond it is a search."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A run of another configuration than almost all of its group."""

    key: RunKey
    name: str
    """Its name, else the beginning of its id."""
    differs: tuple[str, ...]
    """Params in which it is not like the others, sorted."""


@dataclass(frozen=True, slots=True)
class RunAgain:
    """A failed run and the later finished one of its configuration and seed."""

    failed: RunKey
    later: RunKey
    seed: str


@dataclass(frozen=True, slots=True)
class SeedMean:
    """Runs of one seed that are not the same run again: of one configuration, with other values or code. Their mean counts once."""

    seed: str
    keys: tuple[RunKey, ...]
    """By start."""


@dataclass(frozen=True, slots=True)
class Group:
    """The runs of one label, deleted ones never among them."""

    label: str
    finished: tuple[RunKey, ...]
    """Finished runs, older identical re-runs left out."""
    n_failed: int
    """FAILED and KILLED."""
    n_unfinished: int
    """RUNNING, SCHEDULED and whatever else is not over."""
    repeated: tuple[RunKey, ...]
    """Older identical re-runs, left out of every number."""
    n_configurations: int
    """Distinct configurations among the finished runs; more than one makes the group a sweep."""
    identifiers: tuple[str, ...]
    """Params that differ from run to run but only name it (paths, ids); they do not make a configuration."""
    failed: tuple[RunKey, ...] = ()
    """The ``n_failed`` runs."""
    unfinished: tuple[RunKey, ...] = ()
    """The ``n_unfinished`` runs."""
    seeds: tuple[SeedMean, ...] = ()
    """Seeds that several finished runs of one configuration have. Empty where all have the same seed: then it is a setting."""
    strays: tuple[Stray, ...] = ()
    """The runs that keep the group from being one configuration, where the others are at least four fifths of it."""
    run_again: tuple[RunAgain, ...] = ()
    only_seed: str | None = None
    """The seed that every finished run has; None where they differ, for one run, and where a run has none."""

    @property
    def n(self) -> int:
        return len(self.finished) + self.n_failed + self.n_unfinished + len(self.repeated)

    @property
    def n_over(self) -> int:
        """Runs that ended, well or not."""
        return len(self.finished) + self.n_failed


NoInterval = Literal["", "search", "folds", "tasks"]
"""Trials of a search are no sample of anything, folds of one data set are not independent, and runs on several data sets share
them: a t interval of their mean would promise what it cannot hold."""


@dataclass(frozen=True, slots=True)
class GroupValues:
    """One metric in one group: independent finite values by run, and their summary. ``sd`` and bounds need two."""

    label: str
    keys: tuple[RunKey, ...]
    values: tuple[float, ...]
    n_missing: int
    n_non_finite: int
    n_inside_parents: int
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    median: float | None
    n_parents: int = 0
    """Parents whose children count instead of them, because the pairs are declared by what only the children have."""
    seeds: tuple[SeedMean, ...] = ()
    """Values that are the mean of several runs of one seed; the value stands under the first of them."""
    no_interval: NoInterval = ""
    """Why the mean has no interval although there are values to make one of."""

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def by_key(self) -> dict[RunKey, float]:
        return dict(zip(self.keys, self.values, strict=True))


@dataclass(frozen=True, slots=True)
class Alikeness:
    """What else differs between the groups, by label; a reader must know it before believing a difference."""

    datasets: Mapping[str, tuple[str, ...]]
    """"name (digest)" of the data sets that its runs logged."""
    commits: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, tuple[int, int]]
    """(fewest, most) last step of the compared metric; only groups with histories of more than one point."""
    failed: Mapping[str, tuple[int, int]]
    """(failed or non-finite, ended) runs of the compared metric."""
    hardware: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """"name = value" of tags and params that name a machine or device, of finished runs."""
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Scripts, notebooks or projects that its finished runs were started from."""

    def of(self, labels: Sequence[str]) -> Alikeness:
        """The same of these groups only."""
        parts = {
            name: {label: found for label, found in getattr(self, name).items() if label in labels}
            for name in ("datasets", "commits", "steps", "failed", "hardware", "sources")
        }
        return replace(self, **parts)

    @property
    def datasets_apart(self) -> bool:
        """Whether two groups logged data sets and share none of them: then their values are of different data."""
        logged = [set(names) for names in self.datasets.values() if names]
        return any(not a & b for a, b in combinations(logged, 2))

    @property
    def hardware_differs(self) -> bool:
        return len({found for found in self.hardware.values() if found}) > 1

    @property
    def sources_differ(self) -> bool:
        return len({found for found in self.sources.values() if found}) > 1

    @property
    def datasets_differ(self) -> bool:
        return len(set(self.datasets.values())) > 1 and any(self.datasets.values())

    @property
    def datasets_mixed(self) -> bool:
        """Whether one group alone holds several digests of what is one data set by name."""
        return any(len({name.rpartition(" (")[0] for name in names}) < len(names) for names in self.datasets.values())

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


def label_of_run(by: str) -> Callable[[Run], str | None]:
    """The function that gives a run's group by ``experiment``, ``tags.NAME`` or ``params.NAME``; None is no group."""
    kind, _, name = by.partition(".")
    if by == "experiment":
        return lambda run: run.experiment
    if kind in ("tags", "tag"):
        return lambda run: run.tags.get(name)
    if kind in ("params", "param"):
        return lambda run: run.params.get(name)
    return lambda _: None


def natural(label: str) -> tuple[tuple[bool, float, str], ...]:
    """Sort key that puts 2 before 10, and "v2" before "v10"."""
    parts = re.findall(r"[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?|[^0-9]+", label)
    return tuple((False, float(part), "") if part[0] in "0123456789" else (True, 0.0, part) for part in parts)


def groups_of(runs: Iterable[Run], by: str, *, ignored: Sequence[str] = ()) -> tuple[Group, ...]:
    """The groups of ``runs`` by label in natural order; params of ``ignored`` do not make a configuration."""
    label_of = label_of_run(by)
    members: dict[str, list[Run]] = {}
    for run in runs:
        label = label_of(run)
        if label is not None and not run.deleted:
            members.setdefault(label, []).append(run)
    return tuple(group_of(label, members[label], ignored) for label in sorted(members, key=lambda one: (natural(one), one)))


def group_of(
    label: str,
    members: Sequence[Run],
    ignored: Sequence[str] = (),
    datasets: Mapping[RunKey, tuple[str, ...]] | None = None,
) -> Group:
    """The group ``label`` of ``members``, none of them deleted; params of ``ignored`` do not make a configuration.

    ``datasets`` tells runs apart that are alike but for the data that they logged: no re-runs of each other.
    """
    finished = sorted((run for run in members if run.finished), key=lambda run: run.key)
    repeated = {key for keys in identical_reruns(finished, datasets) for key in keys[:-1]}  # the newest stays
    kept = [run for run in finished if run.key not in repeated]
    identifiers = _identifiers(kept)
    without = (*ignored, *identifiers)
    configurations: dict[Configuration, list[Run]] = {}
    for run in kept:
        configurations.setdefault(configuration(run, without=without), []).append(run)
    over = tuple(sorted(run.key for run in members if run.status in ("FAILED", "KILLED")))
    return Group(
        label=label,
        finished=tuple(run.key for run in kept),
        n_failed=len(over),
        n_unfinished=len(members) - len(finished) - len(over),
        repeated=tuple(sorted(repeated)),
        n_configurations=len(configurations),
        identifiers=identifiers,
        failed=over,
        unfinished=tuple(sorted({run.key for run in members} - {run.key for run in finished} - set(over))),
        only_seed=_only_seed(kept),
        seeds=_seed_means(kept, identifiers, datasets or {}),
        strays=_strays(configurations),
        run_again=_run_again([run for run in members if run.status in ("FAILED", "KILLED")], kept, without),
    )


def _seed_means(
    runs: Sequence[Run], identifiers: Sequence[str], datasets: Mapping[RunKey, tuple[str, ...]]
) -> tuple[SeedMean, ...]:
    """Sets of two runs or more that are alike in everything that they logged, a seed among it, though not in code or values."""
    if len({seed for run in runs if (seed := repetition(run, "seed"))}) < 2:
        return ()
    sets: dict[tuple[object, ...], list[Run]] = {}
    for run in sorted(runs, key=lambda run: run.order):
        params = tuple(sorted((name, value) for name, value in run.params.items() if name not in identifiers))
        tags = tuple(sorted((name, value) for name, value in run.tags.items() if not name.startswith("mlflow.")))
        if repetition(run, "seed"):
            sets.setdefault((run.experiment_id, run.parent, params, tags, datasets.get(run.key, ())), []).append(run)
    return tuple(SeedMean(_seed_of(one[0]), tuple(run.key for run in one)) for one in sets.values() if len(one) > 1)


def _only_seed(runs: Sequence[Run]) -> str | None:
    seeds = {repetition(run, "seed") for run in runs}
    return _seed_of(runs[0]) if len(runs) > 1 and len(seeds) == 1 and () not in seeds else None


def _strays(configurations: Mapping[Configuration, Sequence[Run]]) -> tuple[Stray, ...]:
    n = sum(map(len, configurations.values()))
    main = max(configurations, key=lambda one: len(configurations[one]), default=())
    others = {one: runs for one, runs in configurations.items() if one != main}
    if not others or sum(map(len, others.values())) > MOST_STRAY * n:
        return ()
    found = [
        Stray(run.key, run.name or run.run_id[:8], tuple(sorted({name for name, _ in {*one} ^ {*main}})))
        for one, runs in others.items()
        for run in runs
    ]
    return tuple(sorted(found, key=lambda stray: stray.key))


def _run_again(failed: Sequence[Run], kept: Sequence[Run], without: Sequence[str]) -> tuple[RunAgain, ...]:
    def what(run: Run) -> tuple[object, ...]:
        return (run.experiment_id, run.parent, configuration(run, without=without), repetition(run))

    last = {what(run): run for run in sorted(kept, key=lambda run: run.order) if repetition(run, "seed")}
    found = [(run, last[what(run)]) for run in sorted(failed, key=lambda run: run.key) if what(run) in last]
    return tuple(RunAgain(run.key, later.key, _seed_of(run)) for run, later in found if later.order > run.order)


def _seed_of(run: Run) -> str:
    return " and ".join(value for _, value in repetition(run, "seed"))


_NAMING = re.compile(
    r"(?:^|[_.\-/ ])(?:dir|directory|path|file|filename|folder|name|id|uuid|timestamp|date|host|hostname|port|output|logdir)$",
    re.IGNORECASE,
)


def _identifiers(runs: Sequence[Run]) -> tuple[str, ...]:
    """Params whose name says that they name a run and whose value is another in every run."""
    names = {name for run in runs for name in run.params if _NAMING.search(name)}
    return tuple(sorted(name for name in names if len(runs) > 1 and len({run.params.get(name) for run in runs}) == len(runs)))


def group_values(
    group: Group, metric: Metric, by_key: Mapping[RunKey, Run], paired: Callable[[Run], bool] | None = None
) -> GroupValues:
    """The independent finite values of ``group``: a parent's instead of its children's.

    ``paired`` says whether a run has the key by which pairs are declared: then children that have it count instead of a
    parent that has not. Declaring it is what makes children samples of their own.
    """
    finished = [by_key[key] for key in group.finished]
    opened = _opened(finished, metric, by_key, paired) if paired else frozenset()
    counted = units(finished, lambda run: metric.finite(run.key) is not None and run.key not in opened, by_key)
    n_logged = sum(key in metric.values for key in group.finished)
    n_finite = sum(metric.finite(key) is not None for key in group.finished)
    values, seeds = with_seed_means({run.key: metric.values[run.key] for run in counted}, group.seeds)
    return summarised_values(
        group.label,
        values,
        seeds=seeds,
        n_missing=len(finished) - n_logged,
        n_non_finite=n_logged - n_finite,
        n_inside_parents=n_finite - len(counted) - len(opened),
        n_parents=len(opened),
    )


def with_seed_means(
    values: Mapping[RunKey, float], seeds: Sequence[SeedMean]
) -> tuple[dict[RunKey, float], tuple[SeedMean, ...]]:
    """``values`` with one for each seed, and the seeds that this put together."""
    found, together = dict(values), []
    for seed in seeds:
        keys = tuple(key for key in seed.keys if key in values)
        if len(keys) > 1:
            together.append(replace(seed, keys=keys))
            found = {key: value for key, value in found.items() if key not in keys[1:]}
            found[keys[0]] = samples.mean([values[key] for key in keys])
    return found, tuple(together)


def without_false_interval(values: GroupValues, group: Group, by_key: Mapping[RunKey, Run], *, replicates: bool) -> GroupValues:
    """``values`` without the interval of the mean where its runs are a search (unless ``replicates``) or folds."""
    why: NoInterval = ""
    if group.n_configurations > 1 and not replicates:
        why = "search"
    elif len(set(folds_of(values.keys, by_key).values())) > 1:
        why = "folds"
    return replace(values, low=None, high=None, no_interval=why) if why else values


def _opened(
    finished: Sequence[Run], metric: Metric, by_key: Mapping[RunKey, Run], paired: Callable[[Run], bool]
) -> frozenset[RunKey]:
    """Runs with a value and without the pairs' key, above runs that have both."""
    valued = {run.key for run in finished if metric.finite(run.key) is not None}
    found: set[RunKey] = set()
    for run in finished:
        at = run.parent if run.key in valued and paired(run) else None
        while at is not None and at in by_key and at not in found:
            found.add(at)
            at = by_key[at].parent
    return frozenset(key for key in found & valued if not paired(by_key[key]))


def summarised_values(
    label: str,
    values: Mapping[RunKey, float],
    *,
    n_missing: int = 0,
    n_non_finite: int = 0,
    n_inside_parents: int = 0,
    n_parents: int = 0,
    seeds: tuple[SeedMean, ...] = (),
) -> GroupValues:
    plain = list(values.values())
    n = len(plain)
    usable = n > 1 and max(map(abs, plain)) < samples.LARGEST
    interval = estimates.t_interval(plain) if usable else None
    ordered = sorted(plain)
    return GroupValues(
        label=label,
        keys=tuple(values),
        values=tuple(plain),
        n_missing=n_missing,
        n_non_finite=n_non_finite,
        n_inside_parents=n_inside_parents,
        mean=samples.mean(plain) if plain else None,
        sd=samples.sd(plain) if n > 1 else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        median=(ordered[(n - 1) // 2] / 2 + ordered[n // 2] / 2) if plain else None,
        n_parents=n_parents,
        seeds=seeds,
    )


def alikeness_of(
    groups: Sequence[Group],
    metric: Metric,
    values: Sequence[GroupValues],
    by_key: Mapping[RunKey, Run],
    series: SeriesByKey,
    datasets: Mapping[RunKey, tuple[str, ...]],
) -> Alikeness:
    def gathered(group: Group, of: Callable[[RunKey], Iterable[str]]) -> tuple[str, ...]:
        return tuple(sorted({item for key in group.finished for item in of(key)}))

    def commit(key: RunKey) -> list[str]:
        found = by_key[key].tags.get(COMMIT_TAG)
        return [found] if found else []

    def hardware(key: RunKey) -> list[str]:
        run = by_key[key]
        named = {**run.tags, **run.params}
        return [f"{name} = {value}" for name, value in named.items() if value and _HARDWARE.search(name)]

    steps: dict[str, tuple[int, int]] = {}
    for group in groups:
        found = [series[key, metric.name] for key in group.finished if (key, metric.name) in series]
        last = [facts.last_step for facts in found if facts.n_points > 1]
        if last:
            steps[group.label] = (min(last), max(last))
    return Alikeness(
        datasets={group.label: gathered(group, lambda key: datasets.get(key, ())) for group in groups},
        commits={group.label: gathered(group, commit) for group in groups},
        steps=steps,
        failed={g.label: (g.n_failed + v.n_non_finite, g.n_over) for g, v in zip(groups, values, strict=True)},
        hardware={group.label: gathered(group, hardware) for group in groups},
        sources={
            group.label: gathered(group, lambda key: [name for name in [by_key[key].source_name] if name]) for group in groups
        },
    )


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


def differing_params(groups: Sequence[Group], by_key: Mapping[RunKey, Run]) -> tuple[DifferingParam, ...]:
    """What tells the groups apart: params, nuisance ones left out, whose sets of values differ, sorted."""
    runs = {group.label: [by_key[key] for key in group.finished] for group in groups if group.finished}
    names = {name for members in runs.values() for run in members for name in run.params if name not in run.nuisance}
    found = []
    for name in sorted(names):
        counts = {label: Counter(run.params.get(name) for run in members) for label, members in runs.items()}
        if len({frozenset(one) for one in counts.values()}) > 1:
            ordered = {
                label: tuple(sorted(one.items(), key=lambda item: (-item[1], item[0] is None, item[0] or "")))
                for label, one in counts.items()
            }
            found.append(DifferingParam(name, ordered))
    return tuple(found)


_SPLITS = re.compile(
    r"(?:^|[_.\-/ ])(?:n|num|k|cv|number_of|n_cv)_?(?:splits|folds)$|^(?:folds|splits|kfolds?|cv)$", re.IGNORECASE
)


def declared_splits(keys: Iterable[RunKey], by_key: Mapping[RunKey, Run]) -> int | None:
    """How many folds the runs say that their cross-validation has (``n_splits: 5``); None when they do not, or not alike."""
    found = {
        run.params[name]
        for run in (by_key[key] for key in keys)
        for name in run.params
        if name not in run.nuisance and _SPLITS.search(name)
    }
    (text,) = found if len(found) == 1 else ("",)
    return int(text) if text.isascii() and text.isdigit() and 2 <= int(text[:6]) <= 10_000 else None


def folds_of(keys: Iterable[RunKey], by_key: Mapping[RunKey, Run]) -> dict[RunKey, str]:
    """Run → its fold, for runs that have exactly one fold param."""
    found: dict[RunKey, str] = {}
    for key in keys:
        run = by_key[key]
        folds = [run.params[name] for name, kind in run.nuisance.items() if kind == "fold"]
        if len(folds) == 1:
            found[key] = folds[0]
    return found


def is_usable(values: Iterable[float]) -> bool:
    """Whether the squares of ``values`` are floats."""
    return all(math.isfinite(value) and abs(value) < samples.LARGEST for value in values)

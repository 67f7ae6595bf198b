"""Which runs stand against which: the groups of a comparison.

Groups come from the experiment, a tag or a parameter. Only finished runs give values; failed and running ones are counted.
Older identical re-runs are left out and counted too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyze.nuisance import naming_params
from reportgen.analyze.replicates import Configuration, configuration, identical_reruns, repetition
from reportgen.analyze.runs import Run, RunKey

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
    of_folds = {run.parent for run in kept if "fold" in run.nuisance.values()}  # such a parent is its folds put together
    for run in kept:
        if run.key in of_folds:
            continue
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
    return tuple(SeedMean(_seed_of(runs[0]), tuple(run.key for run in runs)) for runs in sets.values() if len(runs) > 1)


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
    """Params that only name a run: their name or their values say so, and the value is another in every run."""
    names = {name for run in runs for name in run.params if _NAMING.search(name)}
    unique = {name for name in names if len(runs) > 1 and len({run.params.get(name) for run in runs}) == len(runs)}
    return tuple(sorted(unique | set(naming_params([run.params for run in runs]))))

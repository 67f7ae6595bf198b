"""From the words of `reportgen compare` to a comparison: what a person most likely means, else an error that says what there is.

A word is, in this order: a value of ``--by``; with all its fellows an experiment each; with all its fellows a value of one tag or
param; alone an experiment or a run. What ``reportgen.run_selectors`` reads as a selector is taken as one. Nothing is guessed that
could be two things: then the error names both.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from reportgen.analyze.compare.groups import label_of_run, natural
from reportgen.analyze.compare.members import (
    Matching,
    Members,
    fits_experiment,
    fits_run,
    members_of,
    model_versions_of,
)
from reportgen.analyze.genai.runs import is_marked, metric_names_of
from reportgen.analyze.runs import Run, RunKey, runs_of
from reportgen.config import CompareConfig
from reportgen.errors import ConfigError
from reportgen.formats import listed, one_line
from reportgen.run_selectors import Selector, label_of_selector, selector_of
from reportgen.snapshot import Snapshot
from reportgen.words import Words
from reportgen.words.problems import problem_of


@dataclass(frozen=True, slots=True)
class CompareArguments:
    """The command line of `reportgen compare`."""

    words: tuple[str, ...] = ()
    by: str | None = None
    baseline: str | None = None
    metrics: tuple[str, ...] = ()
    pair_by: str | None = None
    margin: float | None = None
    alpha: float | None = None
    family: str | None = None
    tasks: str | None = None
    split: str | None = None
    replicates: bool = False
    robust: bool = False
    texts: bool = False
    scoped: bool = False
    """Whether experiments were named: values may then come from several of them."""


@dataclass(frozen=True, slots=True)
class _Groups:
    """Groups by a field of the runs, or each by a selector."""

    labels: tuple[str, ...]
    by: str | None = None
    selectors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """What the arguments means in this store."""

    config: CompareConfig
    experiments: tuple[str, ...]
    """Names of the experiments that hold the runs of the groups."""
    experiment_ids: tuple[str, ...]
    """Their ids."""
    labels: tuple[str, ...]
    """Groups in order, the baseline first."""


def request_of(arguments: CompareArguments, snapshot: Snapshot, matching: Matching) -> CompareRequest:
    """The comparison that ``arguments`` asks of the runs in ``snapshot``; histories are not needed.

    Raises ``ConfigError`` when a name is not there (with what is near), when it could mean two things, or when there are
    not two groups.
    """
    runs = [run for run in runs_of(snapshot) if not run.deleted]
    if not runs:
        raise ConfigError("nothing-to-compare", "there is no run to compare", todo="check --experiment and --tracking-uri")
    by_key = {run.key: run for run in runs}
    groups = _by(arguments, runs) if arguments.by is not None else _groups(arguments, runs)
    shared = {
        "metrics": _metrics(arguments.metrics, runs),
        "pair_by": _pair_by(arguments.pair_by, runs),
        "margin": arguments.margin,
        "replicates": arguments.replicates,
        "robust": arguments.robust,
        "texts": arguments.texts,
        "split": _split(arguments.split, groups.labels),
        "tasks": None if arguments.tasks is None else field_of(arguments.tasks, runs, "--tasks", ("datasets", "none")),
        **{name: value for name, value in (("alpha", arguments.alpha), ("family", arguments.family)) if value is not None},
    }
    labels = _ordered(groups.labels, arguments.baseline)
    ways = {"by": groups.by, "only": labels} if groups.by else {"groups": {label: groups.selectors[label] for label in labels}}
    config = CompareConfig.model_validate({**ways, "baseline": labels[0], **shared})
    members = members_of(config, by_key, model_versions_of(snapshot.models), matching)
    _check(members, labels)
    if not arguments.metrics:
        _check_metrics(members, by_key)
    experiments = _experiments(members, by_key)
    if not arguments.scoped and groups.by not in (None, "experiment") and len(experiments) > 1:
        what = f"runs with {groups.by} lie in {len(experiments)} experiments"
        raise ConfigError(
            "compare-several-experiments", what, found=listed(experiments), todo="name those that you mean: --experiment NAME"
        )
    ids = sorted({by_key[key].experiment_id for keys in members.groups.values() for key in keys})
    return CompareRequest(config, experiments, tuple(ids), tuple(labels))


def _ordered(labels: Sequence[str], baseline: str | None) -> list[str]:
    if len(labels) < 2:
        raise ConfigError(
            "compare-one-group",
            "a comparison needs two groups at least",
            found=listed([repr(one_line(label, 60)) for label in labels]),
            todo="name two groups, or give --by a tag or param that has two values",
        )
    if baseline is None:
        return list(labels)
    if baseline not in labels:
        raise _unknown("compare-unknown-baseline", f"no group is called {baseline!r}", baseline, labels)
    return [baseline, *(label for label in labels if label != baseline)]


def _split(text: str | None, labels: Sequence[str]) -> dict[str, float]:
    """The part of each group, written in the order of the groups: "1:1"."""
    if text is None:
        return {}
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        parts = []
    if len(parts) != len(labels) or not all(math.isfinite(part) and part > 0 for part in parts):
        allowed = f"a number above 0 for each of the {len(labels)} groups: {':'.join('1' for _ in labels)}"
        raise ConfigError("compare-split", "--split does not say how the runs are divided", found=text, allowed=allowed)
    return dict(zip(labels, parts, strict=True))


def _check(members: Members, labels: Sequence[str]) -> None:
    """Every group has a run of its own."""
    if members.findings:
        problem = problem_of(members.findings[0], Words())
        raise ConfigError(problem.slug, problem.what.rstrip("."), found=problem.where, todo=problem.todo)
    empty = [label for label in labels if not members.groups.get(label)]
    if empty:
        raise ConfigError(
            "compare-empty-group", f"no run is in {listed([repr(one_line(x, 60)) for x in empty])}", todo="check its spelling"
        )


def _check_metrics(members: Members, by_key: Mapping[RunKey, Run]) -> None:
    """Some metric is logged in every group."""
    if all(is_marked(by_key[key]) for keys in members.groups.values() for key in keys):
        return  # evaluations are compared by what scorers said of their rows
    names = {label: {name for key in keys for name in by_key[key].last_values} for label, keys in members.groups.items()}
    if not set.intersection(*names.values()):
        found = "; ".join(f"{one_line(label, 40)}: {listed(sorted(metrics), 4)}" for label, metrics in names.items())
        raise ConfigError(
            "compare-no-shared-metric", "no metric was logged in every group, so nothing can be compared", found=found
        )


def _experiments(members: Members, by_key: Mapping[RunKey, Run]) -> tuple[str, ...]:
    """By name; by id where two experiments share a name."""
    found = {(by_key[key].experiment, by_key[key].experiment_id) for keys in members.groups.values() for key in keys}
    names = [name for name, _ in found]
    return tuple(sorted(name if names.count(name) == 1 else id_ for name, id_ in found))


def _unknown(slug: str, what: str, name: str, known: Iterable[str]) -> ConfigError:
    names = sorted(set(known), key=lambda one: (natural(one), one))
    near = get_close_matches(name, names, 1) or get_close_matches(name.lower(), [known_name.lower() for known_name in names], 1)
    hint = f"; did you mean {one_line(near[0], 60)!r}?" if near else ""
    return ConfigError(slug, what + hint, allowed=listed([one_line(known_name, 60) for known_name in names], 20))


# --- groups by a field -----------------------------------------------------------------------------------------------


def _by(arguments: CompareArguments, runs: Sequence[Run]) -> _Groups:
    assert arguments.by is not None
    by = field_of(arguments.by, runs, "--by", ("experiment",))
    label_of = label_of_run(by)
    values = sorted({label for run in runs if (label := label_of(run)) is not None}, key=lambda one: (natural(one), one))
    for word in arguments.words:
        if word not in values:
            raise _unknown("compare-unknown-group", f"no run has {by} = {word!r}", word, values)
    return _Groups(tuple(dict.fromkeys(arguments.words)) or tuple(values), by)


def field_of(text: str, runs: Sequence[Run], option: str, words: Sequence[str] = ()) -> str:
    """``tags.NAME`` or ``params.NAME`` for ``text``, which may leave out which of the two it is. Raises ``ConfigError``."""
    fields = _fields(runs)
    if text in words or text in fields:
        return text
    meant = [field for field in (f"tags.{text}", f"params.{text}") if field in fields]
    if len(meant) == 1:
        return meant[0]
    if len(meant) == 2:
        raise ConfigError(
            "compare-ambiguous-field", f"{option} {text}: there are both {meant[0]} and {meant[1]}", todo="write one of them"
        )
    known = sorted(fields | {*words})
    bare = {field.partition(".")[2] or field: field for field in known}
    near = get_close_matches(text, known, 1) if "." in text else []
    near = near or [bare[field] for field in get_close_matches(text.rpartition(".")[2], bare, 1)]
    hint = f"; did you mean {one_line(near[0], 60)}?" if near else ""
    shown = listed([one_line(field, 60) for field in known if not field.startswith("tags.mlflow.")], 20)
    raise ConfigError("compare-unknown-field", f"{option} {text}: no run has it{hint}", allowed=shown)


def _fields(runs: Iterable[Run]) -> set[str]:
    return {f"tags.{name}" for run in runs for name in run.tags} | {f"params.{name}" for run in runs for name in run.params}


# --- groups by words and selectors -----------------------------------------------------------------------------------


def _groups(arguments: CompareArguments, runs: Sequence[Run]) -> _Groups:
    words = arguments.words
    if len(words) < 2:
        raise ConfigError(
            "compare-no-groups",
            "name two groups to compare",
            found=listed(words) if words else None,
            allowed="values of --by, experiments, runs, filters such as tags.variant=control, models:/NAME@ALIAS",
            todo="e.g. `reportgen compare control treatment --experiment NAME --by tags.variant`",
        )
    if len(set(words)) < len(words):
        raise ConfigError("compare-same-group", "a group is named twice", found=listed(words), todo="name two different groups")
    selectors = [_selector(word) for word in words]
    for selector in selectors:
        _one_place(selector.experiment or (selector.name if selector.kind == "experiment" else ""), runs)
    plain = [word for word, selector in zip(words, selectors, strict=True) if selector.kind == "word"]
    if len(plain) == len(words):
        found = _as_experiments(words, runs) or _as_values(words, runs)
        if found is not None:
            return found
    texts = [_alone(word, runs) if word in plain else word for word in words]
    labels = _labels(texts)
    return _Groups(tuple(labels), selectors=dict(zip(labels, texts, strict=True)))


def _one_place(name: str, runs: Iterable[Run]) -> None:
    """Raises ``ConfigError`` when ``name`` is an experiment in several stores: which of them is meant must be written."""
    found = sorted({run.experiment for run in runs if run.experiment.endswith(f" / {name}")}) if name else []
    if len(found) < 2 or any(fits_experiment(run, name) for run in runs):
        return
    raise ConfigError(
        "compare-ambiguous-experiment",
        f"the experiment {name!r} is in {len(found)} stores",
        found=listed([repr(one_line(name_in_store, 80)) for name_in_store in found]),
        todo=f"write one of them with its store before it, or {f'* / {name}'!r} for all of them together",
    )


def _selector(word: str) -> Selector:
    try:
        return selector_of(word)
    except ValueError as error:
        raise ConfigError("compare-bad-group", str(error)) from error


def _labels(texts: Sequence[str]) -> list[str]:
    """Short names: the bare values where all groups are values of one field in one place."""
    selectors = [selector_of(text) for text in texts]
    labels = [label_of_selector(selector) for selector in selectors]
    sides = [label.partition("=") for label in labels]
    same_place = len({(selector.kind, selector.experiment) for selector in selectors}) == 1 and selectors[0].kind == "filter"
    if same_place and all(sign and value for _, sign, value in sides) and len({left for left, _, _ in sides}) == 1:
        labels = [value for _, _, value in sides]
    return labels if len(set(labels)) == len(labels) else list(texts)


def _as_experiments(words: Sequence[str], runs: Sequence[Run]) -> _Groups | None:
    names = [{run.experiment for run in runs if fits_experiment(run, word)} for word in words]
    if not all(names):
        if all(its or any(run.experiment.endswith(f" / {word}") for run in runs) for its, word in zip(names, words, strict=True)):
            for word in words:
                _one_place(word, runs)
        return None
    if all(len(experiments) == 1 for experiments in names):
        labels = [next(iter(experiments)) for experiments in names]
        if len(set(labels)) == len(labels):
            return _Groups(tuple(labels), "experiment")
    return _Groups(tuple(words), selectors={word: f"experiment:{word}" for word in words})


def _as_values(words: Sequence[str], runs: Sequence[Run]) -> _Groups | None:
    """The one tag or param that has all ``words`` as values; tags win over params that say the same of finished runs."""
    by_field: dict[str, dict[str, set[RunKey]]] = {}
    wanted = set(words)
    for run in runs:
        for kind, pairs in (("tags", run.tags), ("params", run.params)):
            for name, value in pairs.items():
                if value in wanted:
                    by_field.setdefault(f"{kind}.{name}", {}).setdefault(value, set()).update({run.key} if run.finished else ())
    fields = sorted((one for one, found in by_field.items() if set(found) == wanted), key=lambda f: (f.startswith("params."), f))
    if not fields:
        return None
    partitions = {frozenset((value, frozenset(keys)) for value, keys in by_field[field].items()) for field in fields}
    if len(partitions) > 1:
        raise ConfigError(
            "compare-ambiguous-groups",
            f"{listed([repr(word) for word in words])} are values of {listed(fields)}, which group the runs differently",
            todo=f"say which: --by {fields[0]}",
        )
    return _Groups(tuple(words), fields[0])


def _alone(word: str, runs: Sequence[Run]) -> str:
    """``word`` as an experiment or as a run."""
    as_experiment = any(fits_experiment(run, word) for run in runs)
    as_run = any(fits_run(run, part.strip()) for part in word.split(",") for run in runs)
    if as_experiment and as_run:
        raise ConfigError(
            "compare-ambiguous-groups", f"{word!r} is an experiment and a run", todo=f"write experiment:{word} or run:{word}"
        )
    if as_experiment or as_run:
        return f"{'experiment' if as_experiment else 'run'}:{word}"
    _one_place(word, runs)
    pairs = [(kind, of) for run in runs for kind, of in (("tags", run.tags), ("params", run.params))]
    fields = sorted({f"{kind}.{name}" for kind, of in pairs for name, value in of.items() if value == word})
    if fields:
        what = f"{word!r} is a value of {listed(fields, 3)}, which beside groups of another kind must be said"
        raise ConfigError("compare-unknown-group", what, todo=f"write {fields[0]}={word}")
    near = _nearest(word, runs)
    hint = f"; did you mean {near}?" if near else ""
    raise ConfigError(
        "compare-unknown-group",
        f"{word!r} is no experiment, no run and no value of a tag or param{hint}",
        allowed=f"experiments: {listed(sorted({one_line(run.experiment, 60) for run in runs}), 10)}",
        todo="see `reportgen plan --experiment '*'` for experiments; groups by a tag need --by tags.NAME",
    )


def _nearest(word: str, runs: Sequence[Run]) -> str:
    experiments, names = {run.experiment for run in runs}, {run.name for run in runs if run.name}
    values = {
        value: f"{kind}.{name}"
        for run in runs
        for kind, pairs in (("params", run.params), ("tags", run.tags))
        for name, value in sorted(pairs.items())
        if not name.startswith("mlflow.") and 0 < len(value) <= 80
    }
    near = get_close_matches(word, sorted({*experiments, *names, *values}), 1, cutoff=0.7)
    if not near:
        return ""
    found = near[0]
    if found in experiments:
        return f"the experiment {one_line(found, 60)!r}"
    return f"{one_line(found, 60)!r} ({values[found]})" if found in values else f"the run {one_line(found, 60)!r}"


# --- metrics and pairs -----------------------------------------------------------------------------------------------


def _metrics(names: Sequence[str], runs: Sequence[Run]) -> tuple[str, ...]:
    known = {name for run in runs for name in run.last_values}
    names = metric_names_of(names, known)
    for name in names:
        if name not in known:
            raise _unknown("compare-unknown-metric", f"no run logged the metric {name!r}", name, known)
    return tuple(dict.fromkeys(names))


def _pair_by(text: str | None, runs: Sequence[Run]) -> str | None:
    return None if text is None else field_of(text, runs, "--pair-by", ("none",))

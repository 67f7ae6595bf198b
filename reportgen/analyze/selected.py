"""Which runs each group of a comparison holds: by a field of the runs, or by what the config says of each group.

A run stands in one group at most: one that two groups select is in none of them, and is named. What a selector may say is in
``reportgen.run_selectors``; filters in MLflow's language are answered by a function that the caller brings, because only
``collect`` knows that language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase

import pyarrow as pa

from reportgen.analyze.groups import label_of_run, natural
from reportgen.analyze.replicates import configuration, replicate_groups
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import CompareConfig
from reportgen.errors import Problem
from reportgen.formats import listed, one_line
from reportgen.run_selectors import Selector, selector_of

_ID = re.compile(r"[0-9a-f]{8,32}")

Matching = Callable[[str], frozenset[RunKey]]
"""From a filter in MLflow's language to the runs it holds for."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version of a registered model."""

    name: str
    version: str
    aliases: tuple[str, ...]
    run_id: str
    """Empty when MLflow does not know which run made it."""


@dataclass(frozen=True, slots=True)
class Members:
    """Label → runs, in the order in which the groups are shown."""

    groups: Mapping[str, tuple[RunKey, ...]]
    shared: tuple[RunKey, ...] = ()
    """Runs that more than one group selects; they are in none."""
    problems: tuple[Problem, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    """Label → what it stands for, e.g. "version 3, made by run forest-12 and its 4 replicates"."""


def model_versions_of(table: pa.Table) -> tuple[ModelVersion, ...]:
    """The versions in a snapshot's ``models``, deleted ones left out, sorted by name and version."""
    rows = [
        row for row in table.to_pylist() if row["kind"] == "version" and not str(row["stage"] or "").lower().startswith("deleted")
    ]
    found = (ModelVersion(r["name"] or "", r["version"] or "", tuple(r["aliases"] or ()), r["run_id"] or "") for r in rows)
    return tuple(sorted(found, key=lambda one: (one.name, natural(one.version))))


def members_of(
    config: CompareConfig,
    runs: Sequence[Run],
    by_key: Mapping[RunKey, Run],
    models: Sequence[ModelVersion] = (),
    matching: Matching | None = None,
) -> Members:
    """The groups of ``config`` among the runs that are not deleted."""
    active = [run for run in runs if not run.deleted]
    if config.by is not None:
        return _by_field(config, active)
    taken: dict[str, frozenset[RunKey]] = {}
    problems: list[Problem] = []
    notes: dict[str, str] = {}
    for label, text in config.groups.items():
        keys, problem, note = runs_of_selector(selector_of(text), active, by_key, models, matching)
        taken[label] = keys
        problems += [problem] if problem else []
        notes |= {label: note} if note else {}
    return _apart(taken, by_key, problems, notes)


def _by_field(config: CompareConfig, runs: Iterable[Run]) -> Members:
    assert config.by is not None
    label_of = label_of_run(config.by)
    found: dict[str, list[RunKey]] = {}
    for run in runs:
        label = label_of(run)
        if label is not None:
            found.setdefault(label, []).append(run.key)
    order = list(config.only) or sorted(found, key=lambda one: (natural(one), one))
    problems = []
    for label in config.only:
        if label not in found:
            near = get_close_matches(label, found, 1)
            what = f"No run has {one_line(config.by, 80)} = {one_line(label, 60)!r}; values: {listed([one_line(x, 40) for x in sorted(found)])}."
            todo = f"did you mean {one_line(near[0], 60)!r}?" if near else "check compare.only in the config"
            problems.append(Problem("compare-empty-group", one_line(label, 60), what, todo))
    return Members({label: tuple(found.get(label, ())) for label in order if label in found}, (), tuple(problems), {})


def _apart(
    taken: Mapping[str, frozenset[RunKey]], by_key: Mapping[RunKey, Run], problems: list[Problem], notes: Mapping[str, str]
) -> Members:
    seen: set[RunKey] = set()
    shared: set[RunKey] = set()
    for keys in taken.values():
        shared |= seen & keys
        seen |= keys
    if shared:
        names = listed([one_line(by_key[key].name or key[1][:8], 40) for key in sorted(shared)])
        what = f"{'A run is' if len(shared) == 1 else f'{len(shared):,} runs are'} selected by more than one group and stand in none: {names}."
        problems.append(Problem("compare-overlap", "compare.groups", what, "make the groups' filters exclude each other"))
    groups = {label: tuple(sorted(keys - shared)) for label, keys in taken.items()}
    return Members({label: keys for label, keys in groups.items() if keys}, tuple(sorted(shared)), tuple(problems), notes)


def runs_of_selector(
    selector: Selector,
    runs: Sequence[Run],
    by_key: Mapping[RunKey, Run],
    models: Sequence[ModelVersion],
    matching: Matching | None,
) -> tuple[frozenset[RunKey], Problem | None, str]:
    """(the runs, why there are none, what else a reader should know of them)."""
    match selector.kind:
        case "model":
            return _of_model(selector, runs, by_key, models)
        case "experiment":
            keys = frozenset(run.key for run in runs if fits_experiment(run, selector.name))
            names = {run.experiment for run in runs}
        case "run":
            keys = frozenset(run.key for run in runs if any(fits_run(run, part.strip()) for part in selector.name.split(",")))
            names = {run.name for run in runs}
        case _:
            if matching is None:
                raise ValueError("a filter needs a function that answers it")
            chosen = matching(selector.filter)
            inside = [run for run in runs if not selector.experiment or fits_experiment(run, selector.experiment)]
            keys = frozenset(run.key for run in inside if run.key in chosen)
            names = {run.experiment for run in runs} if selector.experiment and not inside else set()
    return keys, None if keys else _nothing(selector, selector.experiment or selector.name, names), ""


def fits_experiment(run: Run, pattern: str) -> bool:
    return pattern in (run.experiment, run.experiment_id) or fnmatchcase(run.experiment, pattern)


def fits_run(run: Run, pattern: str) -> bool:
    """By name, by id (eight characters of it are enough), or by a glob over names."""
    return (
        pattern in (run.name, run.run_id)
        or (_ID.fullmatch(pattern) is not None and run.run_id.startswith(pattern))
        or fnmatchcase(run.name, pattern)
    )


def _nothing(selector: Selector, name: str, names: Iterable[str]) -> Problem:
    near = get_close_matches(name, sorted(set(names)), 1)
    what = f"No run is selected by {one_line(selector.text, 120)}."
    return Problem(
        "compare-empty-group",
        one_line(selector.text, 80),
        what,
        f"did you mean {one_line(near[0], 60)!r}?" if near else "check the group's selection, and that of the report",
    )


def _of_model(
    selector: Selector, runs: Sequence[Run], by_key: Mapping[RunKey, Run], models: Sequence[ModelVersion]
) -> tuple[frozenset[RunKey], Problem | None, str]:
    version = version_of(selector, models)
    if isinstance(version, str):
        return (
            frozenset(),
            Problem("compare-unknown-model", one_line(selector.text, 80), version, "see the registry for its names"),
            "",
        )
    made = [run for run in runs if run.run_id == version.run_id]
    if not made:
        what = f"{one_line(version.name, 60)} version {version.version} was made by " + (
            f"run {version.run_id[:8]}, which is not among the runs that were read."
            if version.run_id
            else "no run that MLflow knows of."
        )
        return (
            frozenset(),
            Problem("compare-model-run", one_line(selector.text, 80), what, "read the run's experiment as well"),
            "",
        )
    keys = replicates_of_run(made[0], runs, by_key)
    more = f" and {len(keys) - 1:,} runs of its configuration" if len(keys) > 1 else ", which has no replicate"
    note = f"{one_line(version.name, 60)} version {version.version}, made by run {one_line(made[0].name or version.run_id[:8], 60)}{more}"
    return keys, None, note


def version_of(selector: Selector, models: Sequence[ModelVersion]) -> ModelVersion | str:
    """The version that ``selector`` names, or why there is none."""
    own = [one for one in models if one.name == selector.name]
    if not own:
        names = sorted({one.name for one in models})
        near = [name for name in names if name.endswith(f" / {selector.name}")] or get_close_matches(selector.name, names, 1)
        return f"There is no registered model {one_line(selector.name, 60)!r}." + (
            f" Did you mean {' or '.join(repr(one_line(name, 60)) for name in near)}?" if near else ""
        )
    found = [one for one in own if (selector.alias in one.aliases if selector.alias else one.version == selector.version)]
    if found:
        return found[0]
    if selector.alias:
        aliases = sorted({alias for one in own for alias in one.aliases})
        near = get_close_matches(selector.alias, aliases, 1)
        hint = f" Did you mean {one_line(near[0], 40)}?" if near else ""
        return f"The model {one_line(selector.name, 60)} has no alias {one_line(selector.alias, 40)!r}; aliases: {listed(aliases)}.{hint}"
    return f"The model {one_line(selector.name, 60)} has no version {selector.version}; versions: {listed([one.version for one in own])}."


def replicates_of_run(run: Run, runs: Sequence[Run], by_key: Mapping[RunKey, Run]) -> frozenset[RunKey]:
    """``run`` and its replicates: finished runs of its configuration, and runs of it that failed, where no tag splits them."""
    groups = replicate_groups(runs, by_key)
    own = next((group for group in groups if run.key in group.runs), None)
    if own is None:
        return frozenset((run.key,))
    alike = [one for one in groups if one.experiment_id == own.experiment_id and one.configuration == own.configuration]
    failed = (
        {
            one.key
            for one in runs
            if not one.finished
            and one.experiment_id == run.experiment_id
            and one.parent == run.parent
            and configuration(one) == own.configuration
        }
        if len(alike) == 1
        else set()
    )
    return frozenset((*own.runs, *failed))

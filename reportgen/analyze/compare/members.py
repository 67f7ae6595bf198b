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

from reportgen.analyze.compare.findings import EmptyGroup, ModelWithoutRun, OverlappingGroups, UnknownModel
from reportgen.analyze.compare.groups import label_of_run, natural
from reportgen.analyze.findings import Finding
from reportgen.analyze.replicates import configuration, replicate_groups
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import CompareConfig
from reportgen.formats import one_line
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
class MadeBy:
    """A version of a registered model, and the runs that stand for it."""

    model: str
    version: str
    run: str
    """Name of the run that made it, else the beginning of its id."""
    n_runs: int
    """That run and its replicates."""


@dataclass(frozen=True, slots=True)
class Members:
    """Label → runs, in the order in which the groups are shown."""

    groups: Mapping[str, tuple[RunKey, ...]]
    shared: tuple[RunKey, ...] = ()
    """Runs that more than one group selects; they are in none."""
    findings: tuple[Finding, ...] = ()
    made_by: Mapping[str, MadeBy] = field(default_factory=dict)
    """Label → the model version that it stands for."""


def model_versions_of(table: pa.Table) -> tuple[ModelVersion, ...]:
    """The versions in a snapshot's ``models``, deleted ones left out, sorted by name and version."""
    rows = [
        row for row in table.to_pylist() if row["kind"] == "version" and not str(row["stage"] or "").lower().startswith("deleted")
    ]
    found = (ModelVersion(r["name"] or "", r["version"] or "", tuple(r["aliases"] or ()), r["run_id"] or "") for r in rows)
    return tuple(sorted(found, key=lambda one: (one.name, natural(one.version))))


def members_of(
    config: CompareConfig,
    runs: Mapping[RunKey, Run],
    models: Sequence[ModelVersion] = (),
    matching: Matching | None = None,
) -> Members:
    """The groups of ``config`` among the runs that are not deleted."""
    active = [run for run in runs.values() if not run.deleted]
    if config.by is not None:
        return _by_field(config.by, config.only, active)
    selected = {label: _selected(selector_of(text), active, runs, models, matching) for label, text in config.groups.items()}
    return _apart(selected, runs)


def _by_field(by: str, only: Sequence[str], runs: Iterable[Run]) -> Members:
    label_of = label_of_run(by)
    groups: dict[str, list[RunKey]] = {}
    for run in runs:
        label = label_of(run)
        if label is not None:
            groups.setdefault(label, []).append(run.key)
    order = list(only) or sorted(groups, key=lambda one: (natural(one), one))
    values = tuple(sorted(groups))
    empty = tuple(
        EmptyGroup(one_line(label, 60), label, by, values, _nearest(label, groups)) for label in only if label not in groups
    )
    return Members({label: tuple(groups[label]) for label in order if label in groups}, (), empty)


@dataclass(frozen=True, slots=True)
class _Selected:
    """The runs of one group's selector, or why there are none."""

    keys: frozenset[RunKey] = frozenset()
    finding: Finding | None = None
    made_by: MadeBy | None = None


def _apart(selected: Mapping[str, _Selected], runs: Mapping[RunKey, Run]) -> Members:
    """A run stands in one group at most: those that two groups select are in none."""
    seen: set[RunKey] = set()
    shared: set[RunKey] = set()
    for group in selected.values():
        shared |= seen & group.keys
        seen |= group.keys
    findings = [group.finding for group in selected.values() if group.finding is not None]
    if shared:
        findings.append(OverlappingGroups("compare.groups", tuple(runs[key].name or key[1][:8] for key in sorted(shared))))
    groups = {label: tuple(sorted(group.keys - shared)) for label, group in selected.items()}
    made_by = {label: group.made_by for label, group in selected.items() if group.made_by is not None}
    return Members({label: keys for label, keys in groups.items() if keys}, tuple(sorted(shared)), tuple(findings), made_by)


def _selected(
    selector: Selector,
    active: Sequence[Run],
    runs: Mapping[RunKey, Run],
    models: Sequence[ModelVersion],
    matching: Matching | None,
) -> _Selected:
    match selector.kind:
        case "model":
            return _of_model(selector, active, runs, models)
        case "experiment":
            keys = frozenset(run.key for run in active if fits_experiment(run, selector.name))
            names = {run.experiment for run in active}
        case "run":
            keys = frozenset(run.key for run in active if any(fits_run(run, part.strip()) for part in selector.name.split(",")))
            names = {run.name for run in active}
        case _:
            if matching is None:
                raise ValueError("a filter needs a function that answers it")
            chosen = matching(selector.filter)
            inside = [run for run in active if not selector.experiment or fits_experiment(run, selector.experiment)]
            keys = frozenset(run.key for run in inside if run.key in chosen)
            names = {run.experiment for run in active} if selector.experiment and not inside else set()
    if keys:
        return _Selected(keys)
    near = _nearest(selector.experiment or selector.name, names)
    return _Selected(finding=EmptyGroup(selector.text, selector.text, "", (), near))


def _nearest(name: str, names: Iterable[str]) -> str:
    return next(iter(get_close_matches(name, sorted(set(names)), 1)), "")


def fits_experiment(run: Run, pattern: str) -> bool:
    return pattern in (run.experiment, run.experiment_id) or fnmatchcase(run.experiment, pattern)


def fits_run(run: Run, pattern: str) -> bool:
    """By name, by id (eight characters of it are enough), or by a glob over names."""
    return (
        pattern in (run.name, run.run_id)
        or (_ID.fullmatch(pattern) is not None and run.run_id.startswith(pattern))
        or fnmatchcase(run.name, pattern)
    )


def _of_model(selector: Selector, active: Sequence[Run], runs: Mapping[RunKey, Run], models: Sequence[ModelVersion]) -> _Selected:
    version = _version_of(selector, models)
    if isinstance(version, UnknownModel):
        return _Selected(finding=version)
    made = [run for run in active if run.run_id == version.run_id]
    if not made:
        return _Selected(finding=ModelWithoutRun(selector.text, version.name, version.version, version.run_id))
    keys = replicates_of_run(made[0], active, runs)
    return _Selected(keys, made_by=MadeBy(version.name, version.version, made[0].name or version.run_id[:8], len(keys)))


def _version_of(selector: Selector, models: Sequence[ModelVersion]) -> ModelVersion | UnknownModel:
    """The version that ``selector`` names, or what there is instead."""
    own = [version for version in models if version.name == selector.name]
    if not own:
        names = sorted({version.name for version in models})
        near = [name for name in names if name.endswith(f" / {selector.name}")] or get_close_matches(selector.name, names, 1)
        return UnknownModel(selector.text, selector.name, "model", "", (), tuple(near))
    found = [
        version
        for version in own
        if (selector.alias in version.aliases if selector.alias else version.version == selector.version)
    ]
    if found:
        return found[0]
    if selector.alias:
        aliases = tuple(sorted({alias for version in own for alias in version.aliases}))
        near = get_close_matches(selector.alias, aliases, 1)
        return UnknownModel(selector.text, selector.name, "alias", selector.alias, aliases, tuple(near))
    return UnknownModel(selector.text, selector.name, "version", selector.version, tuple(one.version for one in own), ())


def replicates_of_run(run: Run, runs: Sequence[Run], by_key: Mapping[RunKey, Run]) -> frozenset[RunKey]:
    """``run`` and its replicates: finished runs of its configuration, and runs of it that failed, where no tag splits them."""
    groups = replicate_groups(runs, by_key)
    own = next((group for group in groups if run.key in group.runs), None)
    if own is None:
        return frozenset((run.key,))
    alike = [group for group in groups if group.experiment_id == own.experiment_id and group.configuration == own.configuration]
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

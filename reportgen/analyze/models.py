"""The registry as this report's runs see it: versions, who is champion, and what each was measured with.

A registered model is told here when one of its versions comes from an experiment of the report, and then with all its
versions: the champion may be older than the window. Prompts lie in the same registry and are kept apart; their text is not
read. Champion against challenger is one run against one run: a difference, never a test.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from reportgen.analyze.runs import Run, RunKey
from reportgen.formats import moment
from reportgen.snapshot import Snapshot

PROMPT_TAG = "mlflow.prompt.is_prompt"
CHAMPIONS = ("champion", "production", "prod")
CHALLENGERS = ("challenger", "candidate", "staging")
"""Aliases and stages, in the order in which they are looked for."""
_APPROVAL = re.compile(r"approv|sign[_ .-]?off|review|validat|certif", re.IGNORECASE)
_DELETED = frozenset({"Deleted_Internal", "deleted"})


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a registered model."""

    name: str
    version: str
    aliases: tuple[str, ...]
    stage: str
    """Empty for none."""
    status: str
    created_at: datetime | None
    run_id: str
    run: RunKey | None
    """None when the run is not in the snapshot."""
    approvals: tuple[tuple[str, str], ...]
    """Tags whose key speaks of an approval, a review or a validation."""
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """The two versions of a model that compete."""

    name: str
    champion: Version
    challenger: Version
    why: tuple[str, str]
    """The alias or stage that made each of them what it is."""


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """A logged model (MLflow 3) with the last value of each of its metrics."""

    model_id: str
    name: str
    status: str
    created_at: datetime | None
    run_id: str
    run: RunKey | None
    values: tuple[tuple[str, str, float], ...]
    """(metric, data set, value), sorted; the value of greatest (step, time)."""


@dataclass(frozen=True, slots=True)
class Models:
    versions: tuple[Version, ...]
    """By name, newest version first; without prompts."""
    prompts: tuple[Version, ...]
    unused: tuple[str, ...]
    """Registered names of this report without a version."""
    pairs: tuple[Pair, ...]
    logged: tuple[LoggedModel, ...]
    """Newest first."""
    n_elsewhere: int
    """Registered models none of whose versions comes from an experiment of this report."""


def registry_of(snapshot: Snapshot, by_key: Mapping[RunKey, Run], *, everything: bool) -> Models:
    """``everything``: the report is about all experiments, so every registered model belongs to it."""
    rows = snapshot.models.to_pylist()
    here = set(snapshot.experiments.column("experiment_id").to_pylist())
    run_keys = {run_id: (experiment_id, run_id) for experiment_id, run_id in sorted(by_key, reverse=True)}
    names = {row["name"]: dict(row["tags"] or ()) for row in rows if row["kind"] == "registered"}
    versions = [row for row in rows if row["kind"] == "version"]
    own = {row["name"] for row in versions if row["experiment_id"] in here}
    every = set(names) | {row["name"] for row in versions}
    shown = every if everything else own
    prompts = {name for name in every if names.get(name, {}).get(PROMPT_TAG) == "true"}
    prompts |= {row["name"] for row in versions if dict(row["tags"] or ()).get(PROMPT_TAG) == "true"}
    found = sorted(
        (_version(row, run_keys) for row in versions if row["name"] in shown), key=lambda one: _order(one.name, one.version)
    )
    models = tuple(one for one in found if one.name not in prompts)
    return Models(
        versions=models,
        prompts=tuple(one for one in found if one.name in prompts),
        unused=tuple(sorted(shown - {one.name for one in found})),
        pairs=_pairs(models),
        logged=_logged(snapshot, rows, run_keys),
        n_elsewhere=len(every - shown),
    )


def _order(name: str, version: str) -> tuple[str, int, str]:
    return (name, -int(version) if version.isdecimal() else 1, version)


def _version(row: Mapping[str, Any], run_keys: Mapping[str, RunKey]) -> Version:
    tags = dict(row["tags"] or ())
    return Version(
        name=row["name"],
        version=row["version"],
        aliases=tuple(row["aliases"] or ()),
        stage=row["stage"] or "",
        status=row["status"] or "",
        created_at=row["created_at"] if isinstance(row["created_at"], datetime) else moment(row["created_at"]),
        run_id=row["run_id"] or "",
        run=run_keys.get(row["run_id"] or ""),
        approvals=tuple(sorted((key, value or "") for key, value in tags.items() if _APPROVAL.search(key))),
        is_deleted=row["stage"] in _DELETED,
    )


def _pairs(versions: Sequence[Version]) -> tuple[Pair, ...]:
    by_name: dict[str, list[Version]] = defaultdict(list)
    for one in versions:
        if not one.is_deleted:
            by_name[one.name].append(one)
    found = []
    for name, its in sorted(by_name.items()):
        champion, challenger = _named(its, CHAMPIONS), _named(its, CHALLENGERS)
        if champion and challenger and champion[1] is not challenger[1]:
            found.append(Pair(name, champion[1], challenger[1], (champion[0], challenger[0])))
    return tuple(found)


def _named(versions: Iterable[Version], words: Sequence[str]) -> tuple[str, Version] | None:
    """(the word as the store spells it, the newest version that carries it), by the first word that any version carries."""
    its = list(versions)
    for word in words:
        for one in its:
            for label in (*one.aliases, one.stage):
                if label.lower() == word:
                    return label, one
    return None


def _logged(snapshot: Snapshot, rows: Iterable[Mapping[str, Any]], run_keys: Mapping[str, RunKey]) -> tuple[LoggedModel, ...]:
    values = _last_values(snapshot)
    found = [
        LoggedModel(
            model_id=row["version"],
            name=row["name"],
            status=row["status"] or "",
            created_at=row["created_at"],
            run_id=row["run_id"] or "",
            run=run_keys.get(row["run_id"] or ""),
            values=tuple((metric, dataset, value) for (metric, dataset), value in sorted(values.get(row["version"], {}).items())),
        )
        for row in rows
        if row["kind"] == "logged" and row["stage"] not in _DELETED
    ]
    return tuple(sorted(found, key=lambda one: (-(one.created_at.timestamp() if one.created_at else 0), one.model_id)))


def _last_values(snapshot: Snapshot) -> Mapping[str, dict[tuple[str, str], float]]:
    """Model id → (metric, data set) → value of greatest (step, time); data sets of one name with other digests count as one."""
    found: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    latest: dict[tuple[str, str, str], tuple[int, int]] = {}
    table = snapshot.model_metrics
    columns = (table.column(name).to_pylist() for name in ("model_id", "metric", "dataset", "value", "step"))
    times = table.column("timestamp").cast(pa.int64()).to_pylist()
    for model_id, metric, dataset, value, step, time in zip(*columns, times, strict=True):
        place = (model_id, metric, dataset or "")
        if value is not None and (at := (step or 0, time or 0)) >= latest.get(place, at):
            latest[place] = at
            found[model_id][metric, dataset or ""] = value
    return found

"""What is recorded of a version of a registered model: who made it, from which code and data, and what people wrote about it.

What was written is read from the version, then from the registered model, then from the run that made it: their descriptions, and tags with the
names of a model card's topics (``model_card.intended_use``, ``limitations`` …).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from reportgen.analyze.compare.likeness import COMMIT_TAG
from reportgen.analyze.compare.members import MadeBy
from reportgen.analyze.models import Models, Version
from reportgen.analyze.runs import Run, RunKey
from reportgen.snapshot import Snapshot


class Topic(Enum):
    """What a model card tells; the value is the slug."""

    INTENDED_USE = "intended-use"
    OUT_OF_SCOPE = "out-of-scope"
    LIMITS = "limits"
    ETHICS = "ethics"
    OWNER = "owner"
    LICENSE = "license"


_NAMES: Mapping[Topic, frozenset[str]] = {
    Topic.INTENDED_USE: frozenset({"intended_use", "intended_uses", "use", "uses", "use_case", "use_cases", "purpose"}),
    Topic.OUT_OF_SCOPE: frozenset({"out_of_scope", "out_of_scope_use", "not_for", "misuse"}),
    Topic.LIMITS: frozenset({"limitations", "limitation", "limits", "known_issues", "caveats", "risks"}),
    Topic.ETHICS: frozenset({"ethical_considerations", "ethics", "bias", "fairness", "sensitive_data"}),
    Topic.OWNER: frozenset({"owner", "owners", "team", "contact", "maintainer"}),
    Topic.LICENSE: frozenset({"license", "licence"}),
}
_PREFIX = re.compile(r"^(?:model[_ .-]?card|card)[._/-]")
NEEDED = (Topic.INTENDED_USE, Topic.LIMITS)
"""Topics whose absence a card tells."""


@dataclass(frozen=True, slots=True)
class Record:
    """All that is recorded of one version."""

    version: Version
    run: Run | None
    """The run that made it, where the report has read it."""
    commit: str
    datasets: tuple[tuple[str, str, str], ...]
    """(name, digest, context), sorted."""
    descriptions: tuple[str, ...]
    """Of the version and of the registered model, as people wrote them."""
    topics: Mapping[Topic, str]
    slices: tuple[tuple[str, str, float], ...]
    """(metric, slice, value) of the run's metrics and of the logged model's by data set, sorted."""

    @property
    def is_described(self) -> bool:
        """Whether anybody wrote anything about it."""
        return bool(self.descriptions or set(self.topics) - {Topic.OWNER})


def record_of(version: Version, snapshot: Snapshot, models: Models, runs: Mapping[RunKey, Run], metrics: Sequence[str]) -> Record:
    """The record of ``version``; slices are looked for in the metrics named ``metrics``."""
    run = runs.get(version.run) if version.run is not None else None
    rows = [row for row in snapshot.models.to_pylist() if row["name"] == version.name]
    own: Mapping[str, Any] = next((row for row in rows if row["kind"] == "version" and row["version"] == version.version), {})
    registered: Mapping[str, Any] = next((row for row in rows if row["kind"] == "registered"), {})
    tags = [dict(row.get("tags") or ()) for row in (own, registered)] + [dict(run.tags) if run else {}]
    texts = [str(row.get("description") or "").strip() for row in (own, registered)]
    return Record(
        version,
        run,
        run.tags.get(COMMIT_TAG, "") if run else "",
        _datasets(snapshot, version.run),
        tuple(dict.fromkeys(text for text in texts if text)),
        _topics(tags),
        _slices(models, run, metrics),
    )


def _topics(tags: Iterable[Mapping[str, str]]) -> dict[Topic, str]:
    """The first text for each topic; ``tags`` in the order in which they count."""
    found: dict[Topic, str] = {}
    for one in tags:
        for key, value in sorted(one.items()):
            name = re.sub(r"[^a-z0-9]+", "_", _PREFIX.sub("", key.strip().lower())).strip("_")
            topic = next((topic for topic, names in _NAMES.items() if name in names), None)
            if topic is not None and (value or "").strip():
                found.setdefault(topic, value.strip())
    return found


def _datasets(snapshot: Snapshot, run: RunKey | None) -> tuple[tuple[str, str, str], ...]:
    if run is None:
        return ()
    columns = [snapshot.datasets.column(name).to_pylist() for name in ("experiment_id", "run_id", "name", "digest", "context")]
    rows = zip(*columns, strict=True)
    return tuple(sorted({(n or "", d or "", c or "") for experiment, run_id, n, d, c in rows if (experiment, run_id) == run}))


def _slices(models: Models, run: Run | None, metrics: Sequence[str]) -> tuple[tuple[str, str, float], ...]:
    """Values of parts of the data: ``accuracy/mobile``, ``accuracy@mobile``, ``accuracy[mobile]``, and a logged model's by data set."""
    found: dict[tuple[str, str], float] = {}
    for name, value in (run.last_values if run else {}).items():
        base = next(
            (metric for metric in metrics if name.startswith(metric) and name[len(metric) :][:1] in ("/", "@", "[")), None
        )
        if base is not None:
            found[base, name[len(base) :].strip("/@[]")] = value
    for model in models.logged:
        if run is not None and model.run == run.key:
            named = [(metric, dataset, value) for metric, dataset, value in model.values if dataset and metric in metrics]
            found |= {(metric, dataset): value for metric, dataset, value in named}
    return tuple((metric, part, value) for (metric, part), value in sorted(found.items()))


def described(models: Models, snapshot: Snapshot, runs: Mapping[RunKey, Run], metrics: Sequence[str]) -> tuple[Record, ...]:
    """One record for each registered model that somebody described: of its version with an alias or a stage, else of the newest."""
    chosen: dict[str, Version] = {}
    for one in models.versions:  # newest first
        if not one.is_deleted and (one.name not in chosen or (_is_in_use(one) and not _is_in_use(chosen[one.name]))):
            chosen[one.name] = one
    records = (record_of(one, snapshot, models, runs, metrics) for one in chosen.values())
    return tuple(record for record in records if record.is_described)


def lineage_of(
    stands_for: Mapping[str, MadeBy], models: Models, snapshot: Snapshot, runs: Mapping[RunKey, Run], metrics: Sequence[str]
) -> dict[str, Record]:
    """Label → record of the version that the group stands for, in their order."""
    versions = {(one.name, one.version): one for one in models.versions}
    known = {
        label: versions[made.model, made.version] for label, made in stands_for.items() if (made.model, made.version) in versions
    }
    return {label: record_of(one, snapshot, models, runs, metrics) for label, one in known.items()}


def _is_in_use(one: Version) -> bool:
    return bool(one.aliases) or one.stage not in ("", "None", "Archived")

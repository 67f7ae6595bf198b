"""What is missing to run a run again: code version, source, data, parameters, seed, environment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from reportgen.analyze.compare.likeness import COMMIT_TAG
from reportgen.analyze.replicates import repetition
from reportgen.analyze.runs import Run, RunKey
from reportgen.snapshot import Snapshot

_ENVIRONMENT_FILES = frozenset(
    ("requirements.txt", "conda.yaml", "python_env.yaml", "environment.yml", "environment.yaml", "uv.lock", "poetry.lock")
)
_ENVIRONMENT_TAGS = ("mlflow.docker.image.uri", "mlflow.docker.image.id", "mlflow.project.env", "mlflow.log-model.history")
_DIRTY_TAGS = ("mlflow.source.git.dirty", "mlflow.git.dirty")


class Need(StrEnum):
    """What a rerun needs, in that order."""

    CODE_VERSION = "code-version"
    SOURCE = "source"
    PARAMETERS = "parameters"
    SEED = "seed"
    DATASET = "dataset"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Check:
    """The runs for which one need is recorded, and the runs for which it is not."""

    need: Need
    have: tuple[RunKey, ...]
    lack: tuple[RunKey, ...]


@dataclass(frozen=True, slots=True)
class Reproducibility:
    """Checks over finished runs, in the order in which a rerun needs them."""

    checks: tuple[Check, ...]
    n: int
    commits: tuple[tuple[str, int], ...]
    """(commit, runs), most frequent first."""
    dirty: tuple[RunKey, ...]
    """Runs that say they ran with changes that were not committed."""
    datasets: tuple[tuple[str, str, int], ...]
    """(name, digest, runs), sorted; name and digest may be empty."""

    @property
    def complete(self) -> tuple[RunKey, ...]:
        """Runs that lack nothing."""
        lacking = {key for check in self.checks for key in check.lack}
        return tuple(key for key in (self.checks[0].have + self.checks[0].lack if self.checks else ()) if key not in lacking)


def logged_datasets(snapshot: Snapshot) -> dict[RunKey, frozenset[tuple[str, str]]]:
    """Run → (name, digest) of its logged data sets; either may be empty."""
    table = snapshot.datasets
    columns = [table.column(name).to_pylist() for name in ("experiment_id", "run_id", "name", "digest")]
    found: dict[RunKey, set[tuple[str, str]]] = {}
    for experiment_id, run_id, name, digest in zip(*columns, strict=True):
        found.setdefault((experiment_id, run_id), set()).add((name or "", digest or ""))
    return {key: frozenset(datasets) for key, datasets in found.items()}


def reproducibility_of(snapshot: Snapshot, runs: Sequence[Run]) -> Reproducibility:
    """Check every finished run for what a rerun needs."""
    finished = [run for run in runs if run.finished]
    datasets = logged_datasets(snapshot)
    with_files = _runs_with_environment(snapshot.artifacts) | _runs_with_models(snapshot.models)
    recorded: Mapping[Need, Callable[[Run], bool]] = {
        Need.CODE_VERSION: lambda run: bool(run.tags.get(COMMIT_TAG)),
        Need.SOURCE: lambda run: bool(run.source_name),
        Need.PARAMETERS: lambda run: bool(run.params),
        Need.SEED: lambda run: bool(repetition(run, "seed")),
        Need.DATASET: lambda run: any(digest for _, digest in datasets.get(run.key, ())),
        Need.ENVIRONMENT: lambda run: run.key in with_files or _has_tag(run),
    }
    checks = tuple(
        Check(need, tuple(run.key for run in finished if test(run)), tuple(run.key for run in finished if not test(run)))
        for need, test in recorded.items()
    )
    return Reproducibility(
        checks,
        len(finished),
        _counted(run.tags[COMMIT_TAG] for run in finished if run.tags.get(COMMIT_TAG)),
        tuple(run.key for run in finished if any(run.tags.get(tag, "").lower() == "true" for tag in _DIRTY_TAGS)),
        _dataset_counts(finished, datasets),
    )


def _has_tag(run: Run) -> bool:
    return any(run.tags.get(tag) for tag in _ENVIRONMENT_TAGS)


def _runs_with_environment(artifacts: pa.Table) -> set[RunKey]:
    columns = [artifacts.column(name).to_pylist() for name in ("experiment_id", "run_id", "path")]
    return {
        (experiment_id, run_id)
        for experiment_id, run_id, path in zip(*columns, strict=True)
        if (path or "").rpartition("/")[2] in _ENVIRONMENT_FILES
    }


def _runs_with_models(models: pa.Table) -> set[RunKey]:
    """Runs that logged a model: MLflow writes requirements.txt, conda.yaml and python_env.yaml beside every model."""
    columns = [models.column(name).to_pylist() for name in ("kind", "experiment_id", "run_id", "status")]
    return {
        (experiment_id, run_id)
        for kind, experiment_id, run_id, status in zip(*columns, strict=True)
        if kind == "logged" and experiment_id and run_id and status not in ("FAILED", "PENDING")
    }


def _counted(items: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(items).items(), key=lambda one: (-one[1], one[0])))


def _dataset_counts(
    runs: Sequence[Run], datasets: Mapping[RunKey, frozenset[tuple[str, str]]]
) -> tuple[tuple[str, str, int], ...]:
    """(name, digest, runs); of one name those without a digest come last."""
    counts = Counter(dataset for run in runs for dataset in datasets.get(run.key, ()))
    return tuple(
        sorted(((name, digest, n) for (name, digest), n in counts.items()), key=lambda row: (row[0], not row[1], row[1]))
    )

"""File stores for tests: logged through MLflow's own FileStore, or written by hand where MLflow would not."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RUN = "0123456789abcdef0123456789abcd"  # two more digits make a run id


def run_id(number: int) -> str:
    return f"{RUN}{number:02x}"


@contextmanager
def allowed_file_store() -> Iterator[None]:
    """MLflow opens a file store only when it is told that this is meant."""
    before = os.environ.get("MLFLOW_ALLOW_FILE_STORE")
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    try:
        yield
    finally:
        if before is None:
            del os.environ["MLFLOW_ALLOW_FILE_STORE"]
        else:
            os.environ["MLFLOW_ALLOW_FILE_STORE"] = before


class Store:
    """A folder in MLflow's layout, written file by file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def experiment(self, id_: str = "1", name: str = "exp", **changes: Any) -> Path:
        meta = {
            "artifact_location": f"file://{self.root}/{id_}",
            "experiment_id": f"'{id_}'",
            "lifecycle_stage": "active",
            "name": name,
        }
        return self.written(self.root / id_, meta | changes)

    def run(self, number: int = 1, experiment: str = "1", files: Mapping[str, str | bytes] | None = None, **changes: Any) -> Path:
        id_ = run_id(number)
        folder = self.root / experiment / id_
        meta = {
            "artifact_uri": f"file://{folder}/artifacts",
            "end_time": 1700000009000,
            "experiment_id": f"'{experiment.rpartition('/')[2]}'",
            "lifecycle_stage": "active",
            "run_id": id_,
            "run_name": f"run-{number}",
            "run_uuid": id_,
            "start_time": 1700000000000 + number,
            "status": 3,
            "user_id": "ann",
        }
        self.written(folder, meta | changes)
        for path, content in (files or {}).items():
            at = folder / path
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    @staticmethod
    def written(folder: Path, meta: Mapping[str, Any]) -> Path:
        """``meta`` as YAML; a value ``...`` leaves its key out."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = (f"{key}: {value}\n" for key, value in sorted(meta.items()) if value is not ...)
        (folder / "meta.yaml").write_text("".join(lines))
        return folder


def state(folder: Path) -> dict[str, tuple[int, ...]]:
    """Everything below ``folder`` with kind, size and times of change: equal before and after means nothing was touched."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        stat = path.lstat()
        found[str(path.relative_to(folder))] = (stat.st_mode, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_nlink)
    return found

"""The demo's folder: a store is trained into it once, and a finished store is recognised and kept.

A folder holds `mlflow.db`, `artifacts/` and `demo-store.json`, which says by which recipe (this package's source, the
versions of MLflow and scikit-learn, the scale) the store was made. Its being there makes the store ours: a half-made
or outdated one is made anew. An `mlflow.db` without it is somebody's own, and is never touched.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import IO, Literal

from reportgen.errors import OutputError, ReportError

Progress = Callable[[int, int, str], None]
Scale = Literal["full", "small"]
"""``small`` trains a few of everything in a few epochs, for tests."""


def train(folder: Path, progress: Progress | None = None, *, scale: Scale = "full") -> str:
    """Train the demo's models into ``folder`` and return the tracking URI of their store.

    A folder whose store is complete is left as it is, which ``progress`` is told. Raises ``OutputError`` when the folder
    holds somebody else's store or cannot be written, ``ReportError`` when the training ends badly.
    """
    from filelock import FileLock

    tell = progress or (lambda _done, _total, _what: None)
    folder = folder.resolve()
    marker = {"recipe": _recipe(scale), "folder": str(folder)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".demo-store.lock"):
            if _known(folder) == {**marker, "complete": True}:
                tell(1, 1, "the store is already there; remove its folder to train again")
            else:
                _train_anew(folder, marker, scale, tell)
    except OSError as error:
        raise OutputError(
            "demo-folder",
            f"the demo's folder cannot be used: {error.strerror or error}",
            found=str(folder),
            todo="name another folder with --output",
        ) from error
    return f"sqlite:///{folder / 'mlflow.db'}"


def _recipe(scale: Scale) -> str:
    """Digest of the code that trains the store, and the day from which it dates its nights: of another digest it is trained anew."""
    sources = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    versions = [version("mlflow"), version("scikit-learn"), scale, dt.datetime.now(dt.UTC).date().isoformat()]
    return hashlib.sha256(b"\0".join([*sources, *(word.encode() for word in versions)])).hexdigest()


def _known(folder: Path) -> Mapping[str, object] | None:
    """The content of the marker of a finished training; None without a marker or without the store beside it."""
    try:
        known = json.loads((folder / "demo-store.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return known if isinstance(known, dict) and (folder / "mlflow.db").is_file() else None


def _train_anew(folder: Path, marker: Mapping[str, str], scale: Scale, tell: Progress) -> None:
    _clear(folder)
    file = folder / "demo-store.json"
    file.write_text(json.dumps(marker), "utf-8")  # before the store: whatever is found later beside it is ours to remove
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        command = [sys.executable, "-P", "-m", "reportgen.demo.training", str(folder), scale]
        with subprocess.Popen(command, cwd=folder, env=_environment(), stdout=subprocess.PIPE, stderr=log, text=True) as child:
            try:
                code = _followed(child, tell)
            finally:
                child.kill()  # nothing to do when it has ended; otherwise the caller is going, and it must not stay
        if code != 0:
            raise _failure(code, log)
    file.write_text(json.dumps({**marker, "complete": True}), "utf-8")


def _clear(folder: Path) -> None:
    """Remove what an earlier training left. Raises ``OutputError`` for a folder that no training has marked."""
    stores = sorted(folder.glob("mlflow.db*"))
    if stores and not (folder / "demo-store.json").exists():
        raise OutputError(
            "demo-folder",
            "the folder already holds a store that is not the demo's",
            found=str(stores[0]),
            allowed="an empty folder, or one that the demo made",
            todo="name another folder with --output",
        )
    for store in stores:
        store.unlink()
    if (folder / "artifacts").exists():
        shutil.rmtree(folder / "artifacts")


def _environment() -> dict[str, str]:
    """The child's environment: nothing of the user's MLflow, one thread per library so that values repeat, no telemetry."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    return own | {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
        "GIT_PYTHON_REFRESH": "quiet",
        "MPLBACKEND": "Agg",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, [own.get("PYTHONPATH")])]),
    }


def _followed(child: subprocess.Popen[str], tell: Progress) -> int:
    """The exit status of ``child``, whose lines ``done<TAB>total<TAB>what`` become progress."""
    assert child.stdout is not None
    for line in child.stdout:
        match line.rstrip("\n").split("\t"):
            case [done, total, what] if done.isdecimal() and total.isdecimal():
                tell(int(done), int(total), what)
    return child.wait()


def _failure(code: int, log: IO[str]) -> ReportError:
    log.seek(0)
    last = log.read().strip().splitlines()[-3:]
    return ReportError(
        "demo-training",
        f"the demo's training ended with status {code}",
        found="\n".join(last) or None,
        todo="try again; if it stays, report it with the lines above",
    )

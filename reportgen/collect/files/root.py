"""Which folder a tracking URI means, and which experiments are in it; helpful words for the folders that are no store.

The layout, since 2018 (``mlflow/store/tracking/file_store.py``):

    mlruns/<experiment>/meta.yaml, tags/, datasets/, models/, traces/
    mlruns/<experiment>/<run>/meta.yaml, params/, tags/, metrics/, inputs/, outputs/, artifacts/
    mlruns/.trash/<experiment>/…      deleted experiments
    mlruns/models/<name>/…            the model registry
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote, urlsplit

from reportgen.collect.canonical_rows import plain
from reportgen.collect.files.disk import Listing, UnreadableError, is_file, listing, mapping
from reportgen.errors import BadUriError, Problem, SourceError
from reportgen.redaction import public_uri

TRASH = ".trash"
REGISTRY = "models"
RESERVED = frozenset({"tags", "datasets", "traces", "models"})
"""Folders of an experiment that are no runs."""
META = "meta.yaml"
_LAYOUT = "a folder as MLflow's file store makes it: mlruns/<experiment>/meta.yaml and mlruns/<experiment>/<run>/meta.yaml"


@dataclass(frozen=True, slots=True)
class Home:
    """One experiment's folder."""

    experiment_id: str
    folder: str
    is_deleted: bool
    """It lies in ``.trash``."""
    meta: Mapping[str, Any]
    """Empty when ``meta.yaml`` is missing or damaged."""
    is_closed: bool = False
    """The folder cannot be listed."""

    @property
    def name(self) -> str:
        name = self.meta.get("name")
        return f"(folder {self.experiment_id})" if name is None else plain(str(name))

    @property
    def folder_name(self) -> str:
        """The id that its runs know it by: that of the store, unless there are two of that id."""
        return self.experiment_id.rpartition("/")[2]


def store_folder(uri: str) -> tuple[str, tuple[Problem, ...]]:
    """(the folder that ``uri`` means, what is worth knowing about it).

    It may be the folder above ``mlruns``. Raises ``SourceError`` for anything that is not a file store.
    """
    try:
        folder = os.path.realpath(_path(uri))  # what the user names may be a link; what lies in it may not
    except ValueError as error:
        raise BadUriError("bad-uri", f"{public_uri(uri)} is no URI: {error}", allowed="file:///absolute/path") from error
    found = _listed(folder, uri)
    if _is_store(folder, found):
        return folder, ()
    inner = os.path.realpath(f"{folder}/mlruns")
    if "mlruns" in (*found.folders, *found.refused) and _is_store(inner, _listed(inner, uri)):
        what = "the store is the folder `mlruns` in it, which was read"
        databases = _databases(folder, found)
        if databases:
            what += f"; beside it lies {databases[0]}, which may be another store (sqlite:///{databases[0]})"
        return inner, (Problem("store-in-subfolder", public_uri(uri), what, severity="note"),)
    raise _not_a_store(folder, found)


def homes(root: str, public: str) -> tuple[tuple[Home, ...], tuple[Problem, ...]]:
    """(the experiments in ``root`` by id, what is wrong among them). Raises ``UnreadableError`` for ``root`` itself."""
    found: dict[str, Home] = {}
    problems: list[Problem] = []
    for parent, is_deleted in ((root, False), (f"{root}/{TRASH}", True)):
        try:
            names = listing(parent)
        except UnreadableError as error:
            if not is_deleted:
                raise
            problems.append(Problem("experiments-unreadable", f"{public} {TRASH}", f"deleted experiments: {error}"))
            continue
        problems += [_linked(name) for name in names.refused if not name.startswith(".") and name != REGISTRY]
        for name in names.folders:
            if name.startswith(".") or (name == REGISTRY and not is_deleted):
                continue
            home, problem = _home(f"{parent}/{name}", plain(name), is_deleted)
            problems += [problem] if problem else []
            if home is not None and home.experiment_id in found:
                home = replace(home, experiment_id=f"{TRASH}/{home.experiment_id}")
                what = f"another experiment has the same id, so this deleted one has the id {home.experiment_id} here"
                problems.append(Problem("experiment-twice", f"experiment {home.name}", what, severity="note"))
            if home is not None:
                found[home.experiment_id] = home
    return tuple(home for _, home in sorted(found.items())), tuple(problems)


def _path(uri: str) -> str:
    """The path in ``uri``. Raises ``ValueError`` for what is no URI."""
    text = uri.strip()
    if not text.startswith("file:"):
        return text
    parts = urlsplit(text)  # which refuses what is no URI
    if parts.netloc not in ("", "localhost"):
        raise BadUriError(
            "bad-uri",
            f"{public_uri(uri)} names a folder on another machine",
            found=f"host {parts.hostname!r}",
            allowed="file:///absolute/path, or a plain path",
            todo="write three slashes before an absolute path, or mount the folder and give its path here",
        )
    return unquote(parts.path)


def _listed(folder: str, uri: str) -> Listing:
    if not os.path.isdir(folder):  # noqa: PTH112 (plain strings: the reader lists a hundred thousand paths)
        raise _no_such_folder(folder, uri)
    try:
        return listing(folder)
    except UnreadableError as error:
        raise SourceError(
            "denied", f"the folder {folder} cannot be read: {error}", todo="give this user the right to read it"
        ) from error


def _is_store(folder: str, found: Listing) -> bool:
    """Whether some folder in ``folder`` is an experiment, a registered model, or was an experiment once."""
    if is_file(f"{folder}/{META}"):
        return False
    there = [f"{folder}/{name}" for name in found.folders if not name.startswith(".") and name != REGISTRY]
    parents = [f"{folder}/{TRASH}", f"{folder}/{REGISTRY}"]
    there += [f"{parent}/{name}" for parent in parents for name in _folders(parent)]
    return any(_is_experiment(home) for home in there) or any(_has_runs(home) for home in there)


def _home(folder: str, name: str, is_deleted: bool) -> tuple[Home | None, Problem | None]:
    """The experiment in ``folder``, if it is one, and what is wrong with it."""
    home = Home(name, folder, is_deleted, {})
    where = f"experiment {home.name}"
    try:
        meta = mapping(f"{folder}/{META}")
    except UnreadableError as error:
        if is_file(f"{folder}/{META}"):
            todo = "restore its meta.yaml from a backup; MLflow does not show this experiment"
            what = f"its meta.yaml cannot be read ({error}), so its name is not known; its runs were read"
            return home, Problem("experiment-damaged", where, what, todo)
        return _home_without_meta(home)
    said = str(meta.get("experiment_id", name))
    if said == name:
        return Home(name, folder, is_deleted, meta), None
    what = f"its meta.yaml says that it is experiment {said}, so it looks like a copy and was not read"
    todo = "MLflow does not show it either; give the folder the name of the id in its meta.yaml, or move it elsewhere"
    return None, Problem("experiment-copied", f"folder {name}", what, todo, "warning")


def _home_without_meta(home: Home) -> tuple[Home | None, Problem | None]:
    try:
        names = listing(home.folder).folders
    except UnreadableError as error:
        what = f"its folder cannot be read: {error}"
        problem = Problem("experiment-unreadable", f"experiment {home.name}", what, "give this user the right to read it")
        return replace(home, is_closed=True), problem
    if any(is_file(f"{home.folder}/{name}/{META}") for name in names if name not in RESERVED):
        what = "it has no meta.yaml, so its name is not known; its runs were read"
        todo = "restore its meta.yaml; MLflow does not show this experiment"
        return home, Problem("experiment-without-meta", f"experiment {home.name}", what, todo, "warning")
    what = "it holds neither a meta.yaml nor a run, so it is no experiment and was not read"
    return None, Problem("stray-folder", f"folder {home.experiment_id}", what, severity="note")


def _linked(name: str) -> Problem:
    what = "it is a symbolic link, which is not followed"
    return Problem(
        "link-not-followed", f"experiment folder {plain(name)}", what, "give the tracking URI of the folder it points to"
    )


def _folders(folder: str) -> tuple[str, ...]:
    try:
        return listing(folder).folders
    except UnreadableError:
        return ()


def _is_experiment(folder: str) -> bool:
    """Whether the ``meta.yaml`` in ``folder`` is not that of a run; a damaged one is told by the folder's name."""
    try:
        return not {"run_id", "run_uuid"} & set(mapping(f"{folder}/{META}"))
    except UnreadableError:
        return is_file(f"{folder}/{META}") and os.path.basename(folder).isdigit()  # noqa: PTH119 (as above)


def _is_run(folder: str) -> bool:
    try:
        return bool({"run_id", "run_uuid"} & set(mapping(f"{folder}/{META}")))
    except UnreadableError:
        return False


def _has_runs(folder: str) -> bool:
    return any(_is_run(f"{folder}/{name}") for name in _folders(folder) if name not in RESERVED)


# --- what the folder is instead ---


def _no_such_folder(folder: str, uri: str) -> SourceError:
    if is_file(folder):
        return SourceError(
            "not-a-store",
            f"{folder} is a file, neither a SQLite database nor a folder",
            allowed="the folder `mlruns`, or a tracking URI such as sqlite:///mlflow.db or http://host:5000",
            todo="check the path",
        )
    parent, name = os.path.split(folder)
    near = get_close_matches(name, _folders(parent), n=1)
    todo = f"did you mean {parent}/{near[0]}?" if near else "check the path; it is taken from the folder reportgen is started in"
    return SourceError("no-such-store", f"there is no folder {folder}", found=public_uri(uri), todo=todo)


def _not_a_store(folder: str, found: Listing) -> SourceError:
    what, todo = _instead(folder, found)
    shown = ", ".join(plain(name) for name in (*found.folders, *found.files)[:8])
    return SourceError(
        "not-a-store",
        f"{folder} is no MLflow file store{what}",
        found=shown or "an empty folder",
        allowed=_LAYOUT,
        todo=todo,
    )


def _instead(folder: str, found: Listing) -> tuple[str, str]:
    """(what ``folder`` is, what to do)."""
    parent = os.path.dirname(folder)  # noqa: PTH120 (as above)
    if META in found.files and _is_run(folder):
        return ", it is the folder of a single run", f"give the folder of the store: {os.path.dirname(parent)}"  # noqa: PTH120
    if META in found.files or _has_runs(folder):
        name = os.path.basename(folder)  # noqa: PTH119
        return ", it is the folder of a single experiment", f"give the folder above it, {parent}, and --experiment {name}"
    databases = _databases(folder, found) or _databases(parent, _quiet(parent))
    if databases:
        return "", f"the store is probably the database beside it: sqlite:///{databases[0]}"
    if any(name in ("artifacts",) for run in found.folders for name in _grandchildren(f"{folder}/{run}")):
        return (
            ": it holds artifacts only",
            "it is the artifact folder of a server or a database; give the URI that MLFLOW_TRACKING_URI has where runs are logged",
        )
    return "", "check the path: MLflow makes the folder when the first run is logged"


def _grandchildren(folder: str) -> list[str]:
    return [name for child in _folders(folder)[:20] for name in _folders(f"{folder}/{child}")]


def _quiet(folder: str) -> Listing:
    try:
        return listing(folder)
    except UnreadableError:
        return Listing()


def _databases(folder: str, found: Listing) -> list[str]:
    """Paths of the files in ``folder`` that MLflow's database is called like, or that are databases by their name."""
    names = [name for name in found.files if name.endswith((".db", ".sqlite", ".sqlite3"))]
    return [f"{folder}/{name}" for name in sorted(names, key=lambda name: (name != "mlflow.db", name))]

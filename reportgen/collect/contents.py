"""Content of the artifacts that the config asks for: checked, size-limited, decoded and encoded anew.

Where an artifact lies is text from the store, so a store could name any file of this machine or any host. A path is
opened only inside the run's own folder, without following a link at any level; a server's artifacts come from that server,
through the same careful conversation as everything else; any other place needs its scheme in the config. What was read
is never passed on: a picture is decoded by Pillow within limits and encoded as a new PNG, a table becomes columns and rows,
text is checked to be text. A page of HTML is named with its size and not opened: it is a program as much as a text, and SVG is
as much as a picture. What is refused or too large is named in a note.

Which runs are opened is decided by who asks: runs in the order in which their artifacts are wanted, and how many of them. A run
that has nothing to show makes room for the next one.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from urllib.parse import urlsplit

import pyarrow as pa

from reportgen.collect.artifact_formats import RefusedArtifactError, decoded
from reportgen.collect.artifacts import MAX_ENTRIES, artifact_folder, artifact_scheme, has_no_folder
from reportgen.collect.canonical_rows import plain, rows_table, sorted_table
from reportgen.collect.pool import LateError, awaited
from reportgen.collect.reading import TIME_UP
from reportgen.collect.selection import Store
from reportgen.collect.source import recognised
from reportgen.errors import Problem, SourceError
from reportgen.formats import listed, plural
from reportgen.redaction import public_text
from reportgen.scratch import Scratch
from reportgen.snapshot import Snapshot

MOST_IN_VAIN = 100
"""So many runs of one choice are looked at without finding anything to show."""
MOST_FAILURES = 3
"""After so many failed calls in a row a store is not asked again."""
MOST_NAMED = 3
"""With more runs than this of which nothing was read for one reason, they are counted."""
_MAX_DEPTH = 20
_INDIRECT = frozenset({"mlflow-artifacts", "models", "runs"})
"""Schemes that no config can allow: MLflow's client would ask another server where such artifacts lie, and believe it."""
_PAGES = frozenset({".html", ".htm", ".xhtml"})

Choice = tuple[Sequence[tuple[str, str]], int]
"""(experiment id, run id) of runs, those whose artifacts are wanted most first; how many of those that have some are wanted."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read."""

    include: tuple[str, ...]
    """Paths or globs; ``*`` also matches ``/``."""
    max_file_bytes: int = 2_000_000
    max_total_bytes: int = 50_000_000
    schemes: frozenset[str] = frozenset()
    """Schemes of artifact stores that may be opened besides the store's own."""
    folder: str = ""
    """Where the tracking server of a database keeps what ``mlflow-artifacts:`` names; "" when that is not known."""

    def __contains__(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self.include)


class Folder(Protocol):
    """The artifacts of one run. Both methods raise ``RefusedArtifactError`` or ``SourceError``."""

    def files(self) -> Iterator[tuple[str, int | None]]:
        """(path, size) of every file."""
        ...

    def content(self, path: str, limit: int) -> bytes:
        """At most ``limit`` bytes of a file that ``files`` named."""
        ...


def contents_from(
    stores: Sequence[Store], snapshot: Snapshot, choices: Sequence[Choice], wanted: Wanted, seconds: float | None = None
) -> tuple[pa.Table, tuple[Problem, ...]]:
    """(``SCHEMAS["contents"]`` of the runs of ``snapshot`` that ``choices`` mean, what was refused). Nothing is raised for what
    cannot be read; what is not read within ``seconds`` is a gap.

    In a snapshot of several stores ids tell the store (``collect.merge_stores``); the limit of all bytes is shared out evenly.
    """
    rows = {(row["experiment_id"], row["run_id"]): row for row in snapshot.runs.to_pylist()}
    share = replace(wanted, max_total_bytes=wanted.max_total_bytes // len(stores))
    readers = [_Reader(store, share, f"{store.name}:" if len(stores) > 1 else "") for store in stores]
    with ExitStack() as stack:

        def read() -> None:
            for keys, most in choices:
                n_shown = n_in_vain = 0
                for key in keys:
                    reader = next((one for one in readers if key in rows and key[0].startswith(one.mark)), None)
                    if reader is None or not reader.is_open:
                        continue
                    is_shown = reader.read(rows[key], stack)
                    n_shown += is_shown
                    n_in_vain = 0 if is_shown else n_in_vain + 1
                    if n_shown == most or n_in_vain == MOST_IN_VAIN:
                        break

        try:
            read() if seconds is None else awaited(read, time.monotonic() + seconds, "reportgen-artifacts")
            problems = [problem for reader in readers for problem in reader.problems()]
        except LateError:  # the readers still belong to the thread that was left behind
            todo = "give the reading more time (limits.reading_seconds), or name fewer artifacts"
            problems = [Problem("time-up", "artifacts", f"not read to the end: {TIME_UP}", todo)]
    found = [row for reader in readers for row in tuple(reader.rows)]
    if problems and not found and all(problem.slug != "artifacts-none" for problem in problems):
        what = "no artifact of the chosen runs could be shown"
        problems.append(Problem("artifacts-none", "artifacts.include", what, "see why in the notes beside this", "warning"))
    return sorted_table("contents", rows_table("contents", found)), tuple(sorted(problems))


def contents_of(uri: str, runs: Sequence[Row], wanted: Wanted) -> tuple[pa.Table, tuple[Problem, ...]]:
    """``contents_from`` of all ``runs`` (rows of ``SCHEMAS["runs"]``) that were read from the store ``uri``, in their order."""
    reader = _Reader(Store("", uri), wanted, "")
    with ExitStack() as stack:
        for row in runs:
            reader.read(row, stack)
    return rows_table("contents", reader.rows), reader.problems()


class _Reader:
    """The artifacts of one store, in whose runs' order the limit of all bytes is spent."""

    def __init__(self, store: Store, wanted: Wanted, mark: str) -> None:
        self.mark = mark
        """What the ids of the store's experiments begin with in the snapshot."""
        self.rows: list[Row] = []
        self._store = store
        self._wanted = wanted
        self._door: Callable[[Row], Folder] | None = None
        self._n_left = wanted.max_total_bytes
        self._n_runs = 0
        self._n_failures = 0
        self._n_matching = 0
        self._refused: dict[tuple[str, str], list[str]] = defaultdict(list)

    @property
    def is_open(self) -> bool:
        """Whether there is any sense in asking for another run."""
        return self._n_failures < MOST_FAILURES

    def read(self, run: Row, stack: ExitStack) -> bool:
        """Whether the run has something that can be shown."""
        run_id = run["run_id"].removesuffix(f"#{self._store.name}") if self.mark else run["run_id"]
        own = {**run, "experiment_id": run["experiment_id"].removeprefix(self.mark), "run_id": run_id}
        if self._door is None:
            self._door = folders_of(self._store.uri, self._wanted, stack)
        self._n_runs += 1
        try:
            its = self._door(own)
            files = sorted((path, size) for path, size in its.files() if path in self._wanted)
        except (RefusedArtifactError, SourceError) as error:
            self._n_failures = self._n_failures + 1 if isinstance(error, SourceError) else 0
            self._refused[run_id, _why(error)].append("")
            return False
        self._n_failures = 0
        self._n_matching += len(files)
        n_before = len(self.rows)
        for path, size in files:
            try:
                self.rows.append(self._row(run, its, path, size))
            except (RefusedArtifactError, SourceError) as error:
                self._refused[run_id, _why(error)].append(path)
        return len(self.rows) > n_before

    def _row(self, run: Row, folder: Folder, path: str, size: int | None) -> Row:
        if PurePosixPath(path).suffix.lower() in _PAGES:
            return self._kept(run, path, "page", "text/html", size)
        most = self._wanted.max_file_bytes
        if size is not None and size > most:
            raise RefusedArtifactError(f"larger than the {most / 1e6:g} MB of artifacts.max_file_megabytes")
        if (size or 1) > self._n_left:
            raise RefusedArtifactError(
                f"the {self._wanted.max_total_bytes / 1e6:g} MB of artifacts.max_total_megabytes were spent"
            )
        data = folder.content(path, min(most, self._n_left))
        self._n_left -= len(data)
        kind, media_type, content = decoded(path, data)
        return self._kept(run, path, kind, media_type, len(data), hashlib.sha256(data).hexdigest(), content)

    def _kept(
        self, run: Row, path: str, kind: str, media_type: str, size: int | None, sha256: str = "", content: bytes = b""
    ) -> Row:
        return {
            "experiment_id": run["experiment_id"],
            "run_id": run["run_id"],
            "path": plain(path),
            "kind": kind,
            "media_type": media_type,
            "sha256": sha256,
            "n_bytes": size,
            "content": content,
        }

    def problems(self) -> tuple[Problem, ...]:
        """Notes of what was refused; a warning where nothing matches."""
        unread: dict[str, list[str]] = defaultdict(list)
        for (run_id, why), paths in self._refused.items():
            if paths == [""]:
                unread[why].append(run_id)
        many = {why for why, run_ids in unread.items() if len(run_ids) > MOST_NAMED}
        notes = [
            self._note(f"run {run_id}", _refusal(paths, why))
            for (run_id, why), paths in self._refused.items()
            if paths != [""] or why not in many
        ]
        notes += [self._note("artifacts", f"of {plural(len(unread[why]), 'run')} none was read: {why}") for why in many]
        if self._n_runs and not self._n_matching and not self._refused:
            what = f"no artifact of the chosen runs matches {listed(self._wanted.include)}"
            where = self._place("artifacts.include")
            notes.append(Problem("artifacts-none", where, what, "look at the runs' artifacts in MLflow", "warning"))
        return tuple(sorted(notes))

    def _note(self, where: str, what: str) -> Problem:
        return Problem("artifact-not-shown", self._place(where), what, severity="note")

    def _place(self, where: str) -> str:
        return f"{self._store.name}: {where}" if self.mark else where


def _refusal(paths: Sequence[str], why: str) -> str:
    if paths == [""]:
        return f"its artifacts were not read: {why}"
    return f"{plural(len(paths), 'artifact')} not shown, {listed([plain(path) for path in paths], 5)}: {why}"


def _why(error: RefusedArtifactError | SourceError) -> str:
    return public_text(error.what if isinstance(error, SourceError) else str(error))


# --- where artifacts lie ---


def folders_of(uri: str, wanted: Wanted, stack: ExitStack) -> Callable[[Row], Folder]:
    """From a run to its folder, as the kind of store allows. What is opened for it is closed with ``stack``."""
    kind = recognised(uri)
    if kind == "rest":
        from reportgen.collect.rest.session import Limits, Transport

        # A list of artifacts is short; a file is as long as the config allows, and then refused.
        limits = Limits(n_tries=3, call_seconds=90.0, max_bytes=max(8 << 20, wanted.max_file_bytes + 1))
        http = Transport(uri, os.environ, limits)
        stack.callback(http.close)
        return lambda run: _ServedFolder(http, run["run_id"])
    if kind == "files":
        from reportgen.collect.files.root import store_folder

        root = store_folder(uri)[0]
        return lambda run: _store_folder(run, root, wanted)
    if kind == "sqlite":
        from reportgen.collect.sql.sqlite import sqlite_path

        base = sqlite_path(uri).absolute().parent
        return lambda run: _local_or_allowed(run, base, wanted, is_local=True)
    return lambda run: _local_or_allowed(run, Path.cwd(), wanted, is_local="file" in wanted.schemes)


def _store_folder(run: Row, root: str, wanted: Wanted) -> Folder:
    """Inside the store; a URI that points elsewhere is that of another machine, and the run's own folder is taken."""
    if artifact_scheme(run["artifact_uri"] or "") not in ("", "file"):
        return _local_or_allowed(run, Path(root).parent, wanted, is_local=True)
    folder = artifact_folder(run["artifact_uri"] or "", run["run_id"], Path(root).parent)
    if folder is not None and Path(os.path.realpath(folder)).is_relative_to(root):
        return _own(folder, run["run_id"])
    for home in (root, f"{root}/.trash"):
        own = Path(home, run["experiment_id"], run["run_id"], "artifacts")
        if own.is_dir() and ".." not in own.parts:
            return _own(own, run["run_id"])
    raise RefusedArtifactError("it has no artifact folder in the store")


def _local_or_allowed(run: Row, base: Path, wanted: Wanted, *, is_local: bool) -> Folder:
    uri = run["artifact_uri"] or ""
    scheme = artifact_scheme(uri)
    if scheme in ("", "file"):
        if not is_local:
            raise RefusedArtifactError(
                "they lie in a folder that a database of another machine names; allow it with artifacts.schemes: [file]"
            )
        return _local(uri, run, base, "their folder is not on this machine, or is not the run's own")
    if scheme == "mlflow-artifacts" and wanted.folder:
        try:
            path = urlsplit(uri).path.lstrip("/")
        except ValueError:
            raise RefusedArtifactError("what the store says of their place is no URI") from None
        return _local(path, run, Path(wanted.folder), "artifacts.folder has no folder of the run")
    if scheme in wanted.schemes - _INDIRECT:
        return _RemoteFolder(uri)
    if scheme in _INDIRECT | {"http", "https"}:
        raise RefusedArtifactError(
            "they lie behind a tracking server; give reportgen the server's URL instead of its database, or in artifacts.folder "
            "the folder that its --artifacts-destination names"
        )
    raise RefusedArtifactError(f"they lie in {scheme}:, which the config does not allow (artifacts.schemes)")


def _local(uri: str, run: Row, base: Path, otherwise: str) -> Folder:
    """The run's folder; without files when MLflow made none for it. Raises ``RefusedArtifactError`` with the text ``otherwise``."""
    folder = artifact_folder(uri, run["run_id"], base)
    if folder is not None:
        return _own(folder, run["run_id"])
    if has_no_folder(uri, run["run_id"], base):
        return _NoFolder()
    raise RefusedArtifactError(otherwise)


def _own(folder: Path, run_id: str) -> Folder:
    """``folder`` unless links lead it out of every folder that is named like the run."""
    real = Path(os.path.realpath(folder))
    if run_id not in real.parts:
        raise RefusedArtifactError("a link leads their folder out of the run's own")
    return _LocalFolder(str(real))


@dataclass(frozen=True, slots=True)
class _NoFolder:
    """Of a run that logged no artifact."""

    def files(self) -> Iterator[tuple[str, int | None]]:
        return iter(())

    def content(self, path: str, limit: int) -> bytes:
        raise RefusedArtifactError(f"there is no {path} of {limit} bytes")


@dataclass(frozen=True, slots=True)
class _LocalFolder:
    root: str

    def files(self) -> Iterator[tuple[str, int | None]]:
        waiting, n = [""], 0
        while waiting:
            here = waiting.pop(0)
            try:
                with os.scandir(os.path.join(self.root, here)) as scan:  # noqa: PTH118 (names may be bytes of no encoding)
                    entries = sorted((entry for entry in scan if not entry.is_symlink()), key=lambda entry: entry.name)
            except OSError:
                continue  # gone, or not ours to see
            for entry in entries:
                n += 1
                if n > MAX_ENTRIES:
                    raise RefusedArtifactError(f"there are more than {MAX_ENTRIES:,}")
                path = f"{here}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{path}/")
                elif entry.is_file(follow_symlinks=False):
                    yield path, entry.stat(follow_symlinks=False).st_size

    def content(self, path: str, limit: int) -> bytes:
        """Each folder on the way is opened on its own, so that none can be swapped for a link."""
        *folders, name = path.split("/")
        with ExitStack() as stack:
            try:
                at = self._opened(stack, self.root, os.O_DIRECTORY, None)
                for folder in folders:
                    at = self._opened(stack, folder, os.O_DIRECTORY | os.O_NOFOLLOW, at)
                file = self._opened(stack, name, os.O_NOFOLLOW | os.O_NONBLOCK, at)
                if not stat.S_ISREG(os.fstat(file).st_mode):
                    raise RefusedArtifactError("it is not a file")
                with os.fdopen(os.dup(file), "rb") as stream:
                    return _within(stream.read(limit + 1), limit)
            except OSError as error:
                raise RefusedArtifactError((error.strerror or "it cannot be read").lower()) from error

    def _opened(self, stack: ExitStack, name: str, flags: int, at: int | None) -> int:
        descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC | flags, dir_fd=at)
        stack.callback(os.close, descriptor)
        return descriptor


def _within(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise RefusedArtifactError(f"it has more than the {limit:,} bytes that are read")
    return data


class _ServedFolder:
    """A run's artifacts through its server, wherever the server keeps them."""

    def __init__(self, http: Any, run_id: str) -> None:
        self._http = http
        self._run_id = run_id

    def files(self) -> Iterator[tuple[str, int | None]]:
        return _walked(self._listed)

    def _listed(self, folder: str) -> Iterator[tuple[str, bool, int | None]]:
        token, seen = "", set[str]()
        while True:
            pairs = {"run_id": self._run_id, "run_uuid": self._run_id, "path": folder, "page_token": token}
            answer = self._http.json("GET", "api/2.0/mlflow/artifacts/list", params=[(k, v) for k, v in pairs.items() if v])
            rows = answer.get("files", [])
            if "root_uri" not in answer or not isinstance(rows, list):
                raise RefusedArtifactError("the server's list of them is not MLflow's")
            for row in rows:
                if isinstance(row, Mapping) and isinstance(row.get("path"), str):
                    size = str(row.get("file_size", ""))
                    yield row["path"], bool(row.get("is_dir")), int(size) if size.isdecimal() else None
            token = answer.get("next_page_token") or ""
            if not token or not isinstance(token, str) or token in seen:
                return
            seen.add(token)

    def content(self, path: str, limit: int) -> bytes:
        found: bytes = self._http.content("get-artifact", params=[("path", path), ("run_uuid", self._run_id)])
        return _within(found, limit)


class _RemoteFolder:
    """Artifacts in a store of another scheme, by MLflow's own client for it, with this machine's credentials."""

    def __init__(self, uri: str) -> None:
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        try:
            self._repository = get_artifact_repository(uri)
        except Exception as error:  # a missing library, bad credentials, or whatever a plug-in raises
            raise _failed("opened", error) from error

    def files(self) -> Iterator[tuple[str, int | None]]:
        return _walked(self._listed)

    def _listed(self, folder: str) -> Iterator[tuple[str, bool, int | None]]:
        try:
            found = self._repository.list_artifacts(folder or None)
        except Exception as error:  # as above
            raise _failed("listed", error) from error
        for info in found:
            yield info.path, info.is_dir, info.file_size

    def content(self, path: str, limit: int) -> bytes:
        with Scratch("artifact") as folder:
            try:
                file = self._repository.download_artifacts(path, dst_path=str(folder))
            except Exception as error:  # as above
                raise _failed("read", error) from error
            with Path(file).open("rb") as stream:
                return _within(stream.read(limit + 1), limit)


def _failed(what: str, error: Exception) -> RefusedArtifactError:
    return RefusedArtifactError(f"they cannot be {what}: {' '.join(str(error).split())[:200] or type(error).__name__}")


def _walked(folder: Callable[[str], Iterator[tuple[str, bool, int | None]]]) -> Iterator[tuple[str, int | None]]:
    """Every file below the root; names that lead out of it, or anywhere but into their own folder, are passed over."""
    waiting, n = [("", 0)], 0
    while waiting:
        here, depth = waiting.pop(0)
        for path, is_dir, size in folder(here):
            n += 1
            if n > MAX_ENTRIES:
                raise RefusedArtifactError(f"there are more than {MAX_ENTRIES:,}")
            parts = PurePosixPath(path).parts
            if (
                not parts
                or ".." in parts
                or path.startswith("/")
                or "\0" in path
                or not path.startswith(f"{here}/" if here else "")
            ):
                continue
            if is_dir and depth < _MAX_DEPTH and path != here:
                waiting.append((path, depth + 1))
            elif not is_dir:
                yield path, size

"""Content of the artifacts that the config asks for: checked, size-limited, decoded and encoded anew.

Where an artifact lies is text from the store, so a store could name any file of this machine or any host. A path is
opened only inside the run's own folder, without following a link at any level; a server's artifacts come from that server,
through the same careful conversation as everything else; any other place needs its scheme in the config. What was read
is never passed on: a picture is decoded by Pillow within limits and encoded as a new PNG, a table becomes columns and rows,
text is checked to be text. What is refused or too large is named in a note. SVG is refused: it is a program as much as a picture.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
import re
import stat
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import pyarrow as pa

from reportgen.collect.artifacts import MAX_ENTRIES, artifact_folder
from reportgen.collect.canonical_rows import plain, rows_table, sorted_table
from reportgen.collect.selection import Store
from reportgen.collect.source import recognised
from reportgen.errors import Problem, SourceError
from reportgen.formats import listed, plural
from reportgen.redaction import MASK, names_a_secret, public_text
from reportgen.snapshot import SCHEMAS, Snapshot

MAX_PIXELS = 25_000_000
"""A picture of 5000 x 5000, about 100 MB decoded."""
MAX_SIDE = 1600
"""Pixels of the longer side of the new picture."""
MAX_CELLS = 200_000
"""Cells of a table that are kept; rows beyond it are counted."""
MAX_DECODED = 256 << 20
"""Bytes that a Parquet file says it holds."""
_MAX_DEPTH = 20
_IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF")
_IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})
_TEXTS = {
    ".txt": "text/plain", ".log": "text/plain", ".md": "text/markdown", ".yaml": "application/yaml", ".yml": "application/yaml",
    ".py": "text/x-python", ".toml": "application/toml", ".ini": "text/plain", ".cfg": "text/plain", ".sql": "text/plain",
    ".html": "text/html", ".xml": "text/xml", ".sh": "text/plain", ".jsonl": "application/jsonl",
}  # fmt: skip
_ASSIGNED = re.compile(r"""^(?P<head>\s*(?:-\s+)?["']?(?P<key>[\w.\-]{1,80})["']?\s*[:=]\s*)(?P<value>\S.*)$""")

Row = dict[str, Any]


class RefusedArtifactError(Exception):
    """One artifact, or the artifacts of one run, are not read; the text says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read."""

    include: tuple[str, ...]
    """Paths or globs; ``*`` also matches ``/``."""
    max_file_bytes: int = 2_000_000
    max_total_bytes: int = 50_000_000
    schemes: frozenset[str] = frozenset()
    """Schemes of artifact stores that may be opened besides the store's own."""

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
    stores: Sequence[Store], snapshot: Snapshot, keys: Sequence[tuple[str, str]], wanted: Wanted
) -> tuple[pa.Table, tuple[Problem, ...]]:
    """``contents_of`` for the runs ``keys`` (experiment id, run id) of a snapshot of ``stores``, in this order.

    In a snapshot of several stores ids tell the store (``collect.merge_stores``); the limit of all bytes is shared out evenly.
    """
    rows = {(row["experiment_id"], row["run_id"]): row for row in snapshot.runs.to_pylist()}
    tables, problems = [], []
    share = replace(wanted, max_total_bytes=wanted.max_total_bytes // len(stores))
    for store in stores:
        mark = f"{store.name}:" if len(stores) > 1 else ""
        own = [rows[key] for key in keys if key in rows and key[0].startswith(mark)]
        if not own:
            continue
        plainly = [
            {**row, "experiment_id": row["experiment_id"].removeprefix(mark), "run_id": _bare(row["run_id"], mark)} for row in own
        ]
        table, noted = contents_of(store.uri, plainly, share)
        runs = {row["run_id"]: its["run_id"] for row, its in zip(plainly, own, strict=True)}
        found = [
            {**row, "experiment_id": f"{mark}{row['experiment_id']}", "run_id": runs[row["run_id"]]} for row in table.to_pylist()
        ]
        tables.append(rows_table("contents", found))
        problems += [replace(problem, where=f"{store.name}: {problem.where}") if mark else problem for problem in noted]
    return sorted_table("contents", pa.concat_tables([*tables, SCHEMAS["contents"].empty_table()])), tuple(sorted(problems))


def _bare(run_id: str, mark: str) -> str:
    """A run's id in its own store."""
    return run_id.removesuffix(f"#{mark.removesuffix(':')}") if mark else run_id


def contents_of(uri: str, runs: Sequence[Row], wanted: Wanted) -> tuple[pa.Table, tuple[Problem, ...]]:
    """(``SCHEMAS["contents"]`` of ``runs``, in whose order the limit of all bytes is spent; what was refused).

    ``uri`` is the store that ``runs`` (rows of ``SCHEMAS["runs"]``) were read from. Nothing is raised for what cannot be read.
    """
    reader = _Reader(wanted)
    with ExitStack() as stack:
        folder = _door(uri, wanted, stack)
        for row in runs:
            reader.read(row, folder)
    return rows_table("contents", reader.rows), reader.problems()


class _Reader:
    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._n_left = wanted.max_total_bytes
        self._refused: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._n_matching = 0
        self.rows: list[Row] = []

    def read(self, run: Row, folder: Callable[[Row], Folder]) -> None:
        try:
            its = folder(run)
            files = sorted((path, size) for path, size in its.files() if path in self._wanted)
        except (RefusedArtifactError, SourceError) as error:
            self._refused[run["run_id"], _why(error)].append("")
            return
        self._n_matching += len(files)
        for path, size in files:
            try:
                self.rows.append(self._row(run, its, path, size))
            except (RefusedArtifactError, SourceError) as error:
                self._refused[run["run_id"], _why(error)].append(path)

    def _row(self, run: Row, folder: Folder, path: str, size: int | None) -> Row:
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
        return {
            "experiment_id": run["experiment_id"],
            "run_id": run["run_id"],
            "path": plain(path),
            "kind": kind,
            "media_type": media_type,
            "sha256": hashlib.sha256(data).hexdigest(),
            "n_bytes": len(data),
            "content": content,
        }

    def problems(self) -> tuple[Problem, ...]:
        notes = [
            Problem("artifact-not-shown", f"run {run_id}", _refusal(paths, why), severity="note")
            for (run_id, why), paths in self._refused.items()
        ]
        if not self._n_matching and not self._refused:
            what = f"no artifact of the chosen runs matches {listed(self._wanted.include)}"
            notes.append(Problem("artifacts-none", "artifacts.include", what, "look at the runs' artifacts in MLflow", "warning"))
        return tuple(sorted(notes))


def _refusal(paths: Sequence[str], why: str) -> str:
    if paths == [""]:
        return f"its artifacts were not read: {why}"
    return f"{plural(len(paths), 'artifact')} not shown, {listed([plain(path) for path in paths], 5)}: {why}"


def _why(error: RefusedArtifactError | SourceError) -> str:
    return public_text(error.what if isinstance(error, SourceError) else str(error))


# --- where artifacts lie ---


def _door(uri: str, wanted: Wanted, stack: ExitStack) -> Callable[[Row], Folder]:
    """From a run to its folder, as the kind of store allows."""
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
    if _scheme(run["artifact_uri"] or "") not in ("", "file"):
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
    scheme = _scheme(uri)
    if scheme in ("", "file"):
        if not is_local:
            raise RefusedArtifactError(
                "they lie in a folder that a database of another machine names; allow it with artifacts.schemes: [file]"
            )
        folder = artifact_folder(uri, run["run_id"], base)
        if folder is None:
            raise RefusedArtifactError("their folder is not on this machine, or is not the run's own")
        return _own(folder, run["run_id"])
    if scheme in wanted.schemes and scheme != "mlflow-artifacts":  # which is relative to a server that is not known here
        return _RemoteFolder(uri)
    if scheme in ("mlflow-artifacts", "http", "https"):
        raise RefusedArtifactError("they lie behind a tracking server; give reportgen the server's URL instead of its database")
    raise RefusedArtifactError(f"they lie in {scheme}:, which the config does not allow (artifacts.schemes)")


def _scheme(uri: str) -> str:
    head = uri.partition(":")[0]
    return head.lower() if ":" in uri and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]+", head) else ""


def _own(folder: Path, run_id: str) -> Folder:
    """``folder`` unless links lead it out of every folder that is named like the run."""
    real = Path(os.path.realpath(folder))
    if run_id not in real.parts:
        raise RefusedArtifactError("a link leads their folder out of the run's own")
    return _LocalFolder(str(real))


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
            for row in rows if isinstance(rows, list) else []:
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
        with tempfile.TemporaryDirectory(prefix="reportgen-artifact-") as folder:
            try:
                file = self._repository.download_artifacts(path, dst_path=folder)
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


# --- what they hold ---


def decoded(path: str, data: bytes) -> tuple[str, str, bytes]:
    """(kind, media type of what was found, what is kept). Raises ``RefusedArtifactError``."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _IMAGE_SUFFIXES or data.startswith(_SIGNATURES[:4]):
        return _image(data)
    if suffix == ".svg":
        raise RefusedArtifactError("SVG is not shown, since it can hold programs; log a PNG beside it")
    if suffix in (".csv", ".tsv"):
        return (
            "table",
            f"text/{'csv' if suffix == '.csv' else 'tab-separated-values'}",
            _csv(_text(data), "," if suffix == ".csv" else "\t"),
        )
    if suffix == ".parquet":
        return "table", "application/vnd.apache.parquet", _parquet(data)
    if suffix == ".json":
        return _json(_text(data))
    if suffix in _TEXTS:
        return "text", _TEXTS[suffix], _public(_text(data)).encode()
    raise RefusedArtifactError(f"files of the kind {suffix or '(no suffix)'} are not shown")


def _image(data: bytes) -> tuple[str, str, bytes]:
    """The picture (of an animation the first frame) as a new PNG without metadata, at most ``MAX_SIDE`` pixels long."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata and of sizes that are refused below anyway
        try:
            with Image.open(io.BytesIO(data), formats=tuple(_IMAGES)) as found:
                if found.width * found.height > MAX_PIXELS:
                    raise RefusedArtifactError(f"it has {found.width:,} x {found.height:,} pixels, more than {MAX_PIXELS:,}")
                media_type = _IMAGES[found.format or "PNG"]
                picture = ImageOps.exif_transpose(found)
                picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
            picture.thumbnail((MAX_SIDE, MAX_SIDE))
            # From its pixels alone, so that no profile, comment or text chunk comes along.
            bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
            out = io.BytesIO()
            bare.save(out, "PNG")
        except (
            UnidentifiedImageError,
            Image.DecompressionBombError,
            OSError,
            ValueError,
            SyntaxError,
            EOFError,
            MemoryError,
        ) as error:
            raise RefusedArtifactError(f"it cannot be decoded as a picture ({type(error).__name__})") from error
    return "image", media_type, out.getvalue()


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedArtifactError("it is not UTF-8 text") from None
    if "\0" in text:
        raise RefusedArtifactError("it is not text")
    return text


def _public(text: str) -> str:
    """``text`` without the user-info of URLs, and without the values of keys that name a secret."""
    return "\n".join(_public_line(line) for line in public_text(text).splitlines())


def _public_line(line: str) -> str:
    match = _ASSIGNED.match(line)
    return f"{match['head']}{MASK}" if match and names_a_secret(match["key"]) else line


def _json(text: str) -> tuple[str, str, bytes]:
    """What ``mlflow.log_table`` writes (``columns`` and ``data``), and lists of flat objects, as tables; the rest as text."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedArtifactError("it is not whole JSON") from None
    if isinstance(found, dict) and isinstance(found.get("columns"), list) and isinstance(found.get("data"), list):
        rows = [row for row in found["data"] if isinstance(row, list)]
        if len(rows) == len(found["data"]):
            return "table", "application/json", _table([str(name) for name in found["columns"]], rows)
    if isinstance(found, list) and found and all(isinstance(row, dict) for row in found):
        names = list(dict.fromkeys(str(key) for row in found for key in row))
        return "table", "application/json", _table(names, [[row.get(name) for name in names] for row in found])
    return "text", "application/json", _public(json.dumps(found, indent=2, ensure_ascii=False)).encode("utf-8", "replace")


def _csv(text: str, delimiter: str) -> bytes:
    try:
        lines = [line for line in csv.reader(io.StringIO(text), delimiter=delimiter) if line]
    except csv.Error as error:
        raise RefusedArtifactError(f"it is not whole CSV ({error})") from error
    if not lines:
        raise RefusedArtifactError("it is empty")
    columns = [[_number(value) for value in column] for column in _columns(lines[1:], len(lines[0]))]
    return _table(lines[0], [list(row) for row in zip(*columns, strict=True)] if columns else [])


def _columns(lines: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    return [[line[at] if at < len(line) else "" for line in lines] for at in range(width)]


def _number(text: str) -> object:
    """A number where the cell is nothing else; ``007`` and ``1_000`` are words, an empty cell is not there."""
    if not text:
        return None
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII) and not re.match(r"[+-]?0\d", text):
        return float(text)
    return text


def _parquet(data: bytes) -> bytes:
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
        if size > MAX_DECODED or file.metadata.num_rows * max(1, file.metadata.num_columns) > 50 * MAX_CELLS:
            raise RefusedArtifactError(f"it holds {file.metadata.num_rows:,} rows, too many to show")
        table = file.read()
        shown = table.slice(0, max(1, MAX_CELLS // max(1, table.num_columns)))
        rows = [list(row) for row in zip(*(column.to_pylist() for column in shown.columns), strict=True)]
    except (pa.ArrowException, OSError, ValueError, NotImplementedError) as error:
        raise RefusedArtifactError(f"it is not whole Parquet ({type(error).__name__})") from error
    return _table([str(name) for name in table.column_names], rows, table.num_rows)


def _table(names: Sequence[str], rows: Sequence[Sequence[object]], n_rows: int | None = None) -> bytes:
    """JSON of ``columns``, ``rows`` (as many as ``MAX_CELLS`` allows, each as wide as the header) and ``n_rows``."""
    width = len(names)
    kept = rows[: max(1, MAX_CELLS // max(1, width))]
    secret = [names_a_secret(name) for name in names]
    cells = [
        [
            MASK if secret[at] and at < len(row) and row[at] is not None else _cell(row[at]) if at < len(row) else None
            for at in range(width)
        ]
        for row in kept
    ]
    found = {
        "columns": [plain(public_text(name)) for name in names],
        "rows": cells,
        "n_rows": len(rows) if n_rows is None else n_rows,
    }
    return json.dumps(found, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def _cell(value: object) -> object:
    """Numbers, truth values and text; everything else (lists, times, bytes) as the text of it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return plain(public_text(text))


__all__ = ["RefusedArtifactError", "Wanted", "contents_from", "contents_of", "decoded"]

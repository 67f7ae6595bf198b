"""The cache folder of one store: files named and checked by checksum, an index, and a size limit.

    <cache>/<hash of the store's identity>/
        index.json                  which run lies in which file, with the mark it had; replaced atomically
        history-<checksum>.parquet  the histories of some runs, as they came from the store
        last-<checksum>.parquet     last values, of stores that know them only from the histories (``files.last_values``)

A file is called by the SHA-256 of its content and the index holds its own, so what is cut, changed or put there by
somebody else is found, said in a note and read anew. Two processes at once do each other no harm: files are never
changed, the last index wins, and what nobody used for a month is removed. Nothing here is ever worth an error: what
cannot be read is asked of the store, what cannot be written is not kept. Only this user may enter the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from reportgen import __version__
from reportgen.collect.reading import Reading
from reportgen.errors import Problem
from reportgen.redaction import hides
from reportgen.uri import Uri

FORMAT = "reportgen-cache/2"
CACHE = "the cache of histories"
"""Where the notes of this package are; they are told to who runs the job and are no part of a report."""
INDEX = "index.json"
_NAME = re.compile(r"(?:history|last)-(?P<digest>[0-9a-f]{64})\.parquet")
_WRITING = ".writing-"
_KEPT_SECONDS = 30 * 86_400
"""How long a file is kept that no reading used: its runs may be deleted, or belong to a report that is made seldom."""
_PRIVATE = 0o700
TODO_DAMAGED = "nothing needs to be done: it was read from the store again; if it comes back, look at the disk"
TODO_WRITE = "free some space, or name another folder with `cache:` in the config; `reportgen doctor` shows the present one"


class Unusable(Exception):  # noqa: N818 (it is a state of the cache, not an error of anybody's)
    """Something in the cache cannot be used; the text says why."""


class Entry(NamedTuple):
    """The history of one run in the cache."""

    file: str
    """"" for a run without points."""
    experiment_id: str
    mark: str
    n_points: int
    n_series: int
    stamp: str = ""
    """Of the store, at which ``mark`` was the run's; "" when that is not known."""


@dataclass(frozen=True, slots=True)
class Index:
    """What lies in the cache of one store."""

    revision: str
    """Schema revision or version of the store; another one may give marks another meaning."""
    runs: Mapping[str, Entry] = field(default_factory=dict)
    """By run id."""


def store_name(uri: str, environment: Mapping[str, str] = os.environ) -> str:
    """The name of the folder for the store at ``uri``: a hash, from which nothing can be read; "" when it is no URI.

    Paths are made absolute. The user counts, since two users may be shown different things; the password does not.
    """
    text = uri.strip()
    scheme, sign, rest = text.partition(":")
    try:
        if not sign or ("://" not in text and scheme != "file"):
            identity = ["path", os.path.realpath(text)]
        elif scheme.startswith("sqlite"):
            identity = ["path", os.path.realpath(rest.removeprefix("//").removeprefix("/"))]
        elif scheme == "file":
            identity = ["path", os.path.realpath(unquote(urlsplit(text).path))]
        else:
            server = Uri.of(text)
            if server.fault:
                return ""
            options = [f"{key}={value}" for key, value in server.query if not hides(key, value)]
            identity = ["server", server.public, *options, server.user or environment.get("MLFLOW_TRACKING_USERNAME", "")]
    except ValueError:
        return ""
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:32]


def at_store(reading: Reading, uri: str) -> Reading:
    """``reading`` of the store at ``uri``."""
    return reading if reading.cache is None else replace(reading, store=store_name(uri))


def note(slug: str, what: str, todo: str = "") -> Problem:
    """The cache never costs a report anything but time, so whatever happens to it is a note."""
    return Problem(slug, CACHE, what, todo, "note")


@dataclass(frozen=True, slots=True)
class Folder:
    """One store's folder."""

    path: Path

    def prepared(self) -> None:
        """Makes the folder, open to this user only. Raises ``OSError``, and ``Unusable`` when it is another user's."""
        self.path.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        self.path.mkdir(mode=_PRIVATE, exist_ok=True)
        self.check_owner()
        mode = stat.S_IMODE(self.path.lstat().st_mode)
        if mode & ~_PRIVATE:
            self.path.chmod(mode & _PRIVATE)

    def check_owner(self) -> None:
        """Raises ``Unusable`` when somebody else could have put things there."""
        status = self.path.lstat()
        if not stat.S_ISDIR(status.st_mode) or (hasattr(os, "geteuid") and status.st_uid != os.geteuid()):
            raise Unusable("its folder is a link or belongs to another user")

    # --- the index ---

    def index(self, revision: str) -> Index:
        """The index, empty when there is none or it is of another version. Raises ``Unusable`` when it is damaged."""
        try:
            self.check_owner()
            raw = (self.path / INDEX).read_bytes()
        except FileNotFoundError:
            return Index(revision)
        except OSError as error:
            raise Unusable(f"its index cannot be read: {reason(error)}") from error
        return index_of(raw, revision)

    def put_index(self, index: Index) -> None:
        """Replaces the index at once, or not at all. Raises ``OSError``."""
        with self._writing() as temporary:
            with temporary.open("wb") as file:
                file.write(index_bytes(index))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path / INDEX)

    # --- tables ---

    def table(self, name: str, schema: pa.Schema) -> pa.Table:
        """A table that ``put_table`` wrote. Raises ``FileNotFoundError``, and ``Unusable`` when it is not what was written."""
        match = _NAME.fullmatch(name)
        try:
            if match is None:
                raise Unusable(f"{name[:80]!r} is no name of a file of the cache")
            data = (self.path / name).read_bytes()
            if hashlib.sha256(data).hexdigest() != match["digest"]:
                raise Unusable(f"the file {name} is not as it was written")
            table = pq.ParquetFile(pa.BufferReader(data)).read()
        except FileNotFoundError:
            raise
        except (OSError, pa.ArrowException) as error:
            raise Unusable(f"the file {name} cannot be read: {reason(error)}") from error
        if not table.schema.equals(schema):
            raise Unusable(f"the file {name} has other columns")
        return table

    def put_table(self, prefix: str, write: Callable[[Path], None]) -> str:
        """The name of the new file that ``write(path)`` fills. Raises ``OSError`` and ``pa.ArrowException``."""
        with self._writing() as temporary:
            write(temporary)
            digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
            name = f"{prefix}-{digest}.parquet"
            temporary.replace(self.path / name)
        return name

    @contextmanager
    def _writing(self) -> Iterator[Path]:
        """A new empty file for this user only, gone after the block unless it was renamed."""
        descriptor, name = tempfile.mkstemp(prefix=_WRITING, dir=self.path)
        os.close(descriptor)
        try:
            yield Path(name)
        finally:
            with suppress(OSError):
                Path(name).unlink()

    def now(self) -> float:
        """Seconds since 1970 by the clock of the disk, which only decides what is thrown away. Raises ``OSError`` when
        nothing can be written."""
        with self._writing() as temporary:
            return temporary.stat().st_mtime

    # --- order ---

    def n_bytes(self, names: Iterable[str]) -> int:
        """What these files take; one that is not there takes nothing."""
        total = 0
        for name in names:
            with suppress(OSError):
                total += (self.path / name).stat().st_size
        return total

    def touch(self, names: Iterable[str]) -> None:
        """Set the time of last use of these files to now."""
        for name in names:
            with suppress(OSError):
                os.utime(self.path / name)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files that the index does not name any more."""
        for name in names:
            if _NAME.fullmatch(name):
                with suppress(OSError):
                    (self.path / name).unlink()

    def with_files(self, runs: Mapping[str, Entry]) -> dict[str, Entry]:
        """The ``runs`` whose file exists. Raises ``OSError``."""
        names = {"", *(path.name for path in self.path.iterdir())}
        return {run_id: entry for run_id, entry in runs.items() if entry.file in names}


def n_bytes_in(cache: Path) -> int:
    """What all stores' files take together."""
    return sum(n_bytes for _, n_bytes, _ in _files_in(cache))


def make_room(cache: Path, most: int, now: float, in_use: Iterable[Path]) -> None:
    """Removes files of any store: those that nobody used for a month, and those used longest ago until they take ``most`` bytes.

    ``in_use`` stay. An index that names a removed file takes it for not there.
    """
    spared = set(in_use)
    files = sorted(_files_in(cache))
    total = sum(n_bytes for _, n_bytes, _ in files)
    for used_at, n_bytes, path in files:
        if path not in spared and (total > most or used_at < now - _KEPT_SECONDS):
            with suppress(OSError):
                path.unlink()
                total -= n_bytes


def _files_in(cache: Path) -> list[tuple[float, int, Path]]:
    """(time of last use, bytes, path) of every file of data, half-written ones too."""
    found = []
    with suppress(OSError):
        for folder in sorted(cache.iterdir()):
            with suppress(OSError):
                for file in folder.iterdir():
                    status = file.lstat()
                    if (_NAME.fullmatch(file.name) or file.name.startswith(_WRITING)) and stat.S_ISREG(status.st_mode):
                        found.append((status.st_mtime, status.st_size, file))
    return found


# --- the index as bytes ---


def index_bytes(index: Index) -> bytes:
    """One JSON object: the index and the checksum of its text."""
    content = {"format": FORMAT, "reportgen": __version__, "revision": index.revision, "runs": index.runs}
    body = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()
    return _HEAD + hashlib.sha256(body).hexdigest().encode() + _MIDDLE + body + _TAIL


_HEAD, _MIDDLE, _TAIL = b'{"sha256":"', b'","index":', b"}\n"
_BODY_AT = len(_HEAD) + 64 + len(_MIDDLE)


def index_of(raw: bytes, revision: str) -> Index:
    """``raw`` as an index; an empty one when another version wrote it. Raises ``Unusable`` when it is damaged."""
    body = raw[_BODY_AT : -len(_TAIL)]
    if raw != _HEAD + hashlib.sha256(body).hexdigest().encode() + _MIDDLE + body + _TAIL:
        raise Unusable("its index is damaged")
    try:
        content = json.loads(body)
        if (content["format"], content["reportgen"], content["revision"]) != (FORMAT, __version__, revision):
            return Index(revision)
        return Index(revision, {run_id: Entry(*row) for run_id, row in content["runs"].items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable("its index is not one of this program") from error


def reason(error: Exception) -> str:
    """Why something could not be read or written, in a few words without the path."""
    text = getattr(error, "strerror", None) or (str(error).splitlines() or [type(error).__name__])[0]
    return str(text)[:200]

"""Safe reading of a folder that others write to: no links followed, nothing created, sizes limited.

Symbolic links are never followed and devices, pipes and sockets never opened, wherever they point; every file has a
size that it may not exceed; a ``meta.yaml`` may neither nest deeply (libyaml's composer would overrun the stack) nor
hold aliases (a few lines of them make gigabytes). What is not there is empty; what is there and cannot be read raises
``UnreadableError`` with the reason in a few words.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MAX_TEXT = 64 << 20
"""Bytes of a param or a tag. Since 2.x MLflow stores at most 8,000 characters; older versions had no limit for files."""
MAX_METRIC = 1 << 30
"""Some 30 million points of one metric."""
MAX_META = 1 << 20
MAX_DATASET_META = 32 << 20
"""A dataset's profile may have 16 M characters (``mlflow/utils/validation.py``)."""
_LINK = "it is a link, which is not followed"
_MAX_DEPTH = 16
_LITTER = frozenset({".DS_Store", ".gitignore", ".gitkeep", "Thumbs.db", "desktop.ini"})
"""What file managers and people who commit stores leave in folders; no key is called like this."""
_FLAT_LINE = re.compile(
    r"[A-Za-z_]+: (?:(?P<int>0|-?[1-9][0-9]{0,17})"
    r"|'(?P<quoted>[ -&(-~]*)'"
    r"|(?!0b)(?=[0-9]*[a-f])[0-9a-f]{32}"
    r"|[A-Za-z/](?:[A-Za-z0-9_./+=%~,()@\\-]|:(?!$))*)"
)
"""Lines whose meaning in YAML is beyond doubt: ``key: 12``, ``key: 'text'``, ``key: word``."""
_FLAT_VALUES: Mapping[str, Callable[[], Any]] = {"null": lambda: None, "[]": list}
_YAML_WORDS = frozenset({"null", "yes", "no", "true", "false", "on", "off", "y", "n"})


class UnreadableError(Exception):
    """A file or folder is there and cannot be read; the text says why."""


class NotAFolderError(UnreadableError):
    """A file, or a pipe, lies where a folder belongs."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The names in a folder, each kind sorted."""

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Symbolic links, devices, pipes and sockets."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """The files below a folder by their keys: the path below it, since MLflow keeps ``a/b`` as ``b`` in ``a``."""

    paths: tuple[tuple[str, str], ...] = ()
    """(key, path), sorted by key."""
    refused: tuple[tuple[str, str], ...] = ()
    """(key, why) of what cannot be read, sorted."""


def listing(folder: str) -> Listing:
    """What lies in ``folder``; nothing when it is not there.

    Raises ``UnreadableError``, also for a link to a folder; for a file in its place ``NotAFolderError``.
    """
    folders, files, refused = [], [], []
    if is_link(folder):
        raise UnreadableError(_LINK)
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    if entry.name not in _LITTER:
                        files.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                else:
                    refused.append(entry.name)
    except FileNotFoundError:
        return Listing()
    except NotADirectoryError as error:
        raise NotAFolderError("a file lies where its folder belongs") from error
    except OSError as error:
        raise UnreadableError(_reason(error)) from error
    return Listing(tuple(sorted(folders)), tuple(sorted(files)), tuple(sorted(refused)))


def keyed(folder: str) -> Keyed:
    """Every file below ``folder``. Raises ``UnreadableError`` only when ``folder`` itself cannot be listed."""
    paths: list[tuple[str, str]] = []
    refused: list[tuple[str, str]] = []
    top = listing(folder)
    if not top.folders:  # the usual case: sorted already
        return Keyed(tuple((name, f"{folder}/{name}") for name in top.files), tuple((name, _LINK) for name in top.refused))
    waiting = [("", folder)]
    while waiting:
        prefix, here = waiting.pop()
        try:
            found = listing(here) if prefix else top
        except UnreadableError as error:
            refused.append((prefix, str(error)))
            continue
        paths += [(prefix + name, f"{here}/{name}") for name in found.files]
        refused += [(prefix + name, _LINK) for name in found.refused]
        waiting += [(f"{prefix}{name}/", f"{here}/{name}") for name in found.folders]
    return Keyed(tuple(sorted(paths)), tuple(sorted(refused)))


def is_link(path: str) -> bool:
    return os.path.islink(path)  # noqa: PTH114 (plain strings: a hundred thousand paths are looked at)


def is_file(path: str) -> bool:
    """Whether ``path`` is an ordinary file and not a link to one."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def content(path: str, limit: int = MAX_TEXT) -> bytes:
    """The bytes of a file. Raises ``UnreadableError``, also for a file that is not there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableError(_reason(error)) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("it is not a file")
        if status.st_size > limit:
            raise UnreadableError(f"it has {status.st_size:,} bytes, more than the {limit:,} that are read")
        return _rest(descriptor, status.st_size, limit)
    except OSError as error:
        raise UnreadableError(_reason(error)) from error
    finally:
        os.close(descriptor)


def _rest(descriptor: int, size: int, limit: int) -> bytes:
    """All of an open file, also when it grew meanwhile; one read is enough for a file that did not."""
    data = os.read(descriptor, size + 1)
    if len(data) <= size:
        return data
    while more := os.read(descriptor, 1 << 16):
        data += more
        if len(data) > limit:
            raise UnreadableError(f"it grew to more than {limit:,} bytes while it was read")
    return data


def mapping(path: str, limit: int = MAX_META) -> Mapping[str, Any]:
    """The top level of a YAML file of MLflow's. Raises ``UnreadableError`` when it is anything but a mapping."""
    text = content(path, limit).decode("utf-8", "replace").replace("\r\n", "\n")
    flat = flat_mapping(text)
    return yaml_mapping(text) if flat is None else flat


def yaml_mapping(text: str) -> Mapping[str, Any]:
    """What the YAML library makes of ``text``. Raises ``UnreadableError`` as ``mapping``."""
    import yaml  # here, since most stores are read without it, and loading it takes as long as reading a hundred runs

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # as MLflow: the one in C is eight times faster
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                raise UnreadableError("it holds a YAML alias, which MLflow never writes")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_DEPTH:
                raise UnreadableError(f"it nests more than {_MAX_DEPTH} levels deep")
        loaded = yaml.load(text, Loader=loader)  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        # The last five come out of PyYAML's constructors for values that are not of their explicit tag.
        raise UnreadableError(f"it is not whole YAML ({' '.join(str(error).split())[:100]})") from error
    if loaded is None:
        raise UnreadableError("it is empty")
    if not isinstance(loaded, dict):
        raise UnreadableError(f"it holds a {type(loaded).__name__} instead of keys and values")
    return {str(key): value for key, value in loaded.items()}


def flat_mapping(text: str) -> Mapping[str, Any] | None:
    """What YAML makes of ``text`` when that is plain to see, as in nearly every ``meta.yaml``, else None.

    It takes a thirtieth of the time of the YAML library, which is most of what reading a run takes.
    """
    found: dict[str, Any] = {}
    for line in text.removesuffix("\n").split("\n"):
        key, _, value = line.partition(": ")
        match = _FLAT_LINE.fullmatch(line)
        if not (key.isascii() and key.isidentifier()) or key.lower() in _YAML_WORDS:
            return None
        if value in _FLAT_VALUES:
            found[key] = _FLAT_VALUES[value]()
        elif match is None or value.lower() in _YAML_WORDS:
            return None
        elif match["int"]:
            found[key] = int(value)
        else:
            found[key] = value if match["quoted"] is None else match["quoted"]
    return found


def _reason(error: OSError) -> str:
    known = {errno.ENOENT: "it is gone", errno.EACCES: "permission denied", errno.ELOOP: _LINK}
    return known.get(error.errno or 0, (error.strerror or str(error)).lower())

"""Paths and sizes of the files in artifact folders of a local store; no content is read.

The URI of an artifact folder is text from the store, so it is not trusted. A folder is listed only when it is a plain
local path (or ``file:``), lies under a folder named like its run, as every folder that MLflow makes does, and exists.
Symbolic links are neither followed nor shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from reportgen.collect.canonical_rows import plain, rows_table
from reportgen.errors import Problem
from reportgen.uri import Uri

MAX_ENTRIES = 10_000
"""Files and folders of one run."""


def artifact_rows(runs: pa.Table, base: Path) -> tuple[pa.Table, tuple[Problem, ...]]:
    """(``SCHEMAS["artifacts"]`` of ``runs``, what is incomplete). Relative folders start at ``base``."""
    rows: list[dict[str, Any]] = []
    cut: list[str] = []
    columns = (runs.column(name).to_pylist() for name in ("experiment_id", "run_id", "artifact_uri"))
    for experiment_id, run_id, uri in zip(*columns, strict=True):
        folder = artifact_folder(uri, run_id, base)
        if folder is None:
            continue
        found: list[dict[str, Any]] = []
        for entry in _entries(folder):
            if len(found) == MAX_ENTRIES:
                cut.append(run_id)
                break
            found.append(entry)
        rows += [{"experiment_id": experiment_id, "run_id": run_id, **entry} for entry in found]
    problems = tuple(
        Problem("artifacts-cut", f"run {run_id}", f"only {MAX_ENTRIES:,} of its artifacts are listed", severity="warning")
        for run_id in cut
    )
    return rows_table("artifacts", rows), problems


def artifact_folder(uri: str, run_id: str, base: Path) -> Path | None:
    """The local folder that ``uri`` means, when it is one of ``run_id`` and exists."""
    path = own_path(uri, run_id)
    if path is None:
        return None
    try:
        folder = base / path
        return folder if folder.is_dir() and not folder.is_symlink() else None
    except OSError:  # a name too long
        return None


def has_no_folder(uri: str, run_id: str, base: Path) -> bool:
    """Whether ``uri`` means a folder of ``run_id`` that was never made, in a place that is there: MLflow makes it with the first file."""
    path = own_path(uri, run_id)
    if path is None:
        return False
    try:
        home = base / Path(*path.parts[: path.parts.index(run_id)])
        return home.is_dir() and not (base / path).exists()
    except OSError:
        return False


def artifact_scheme(uri: str) -> str:
    """The scheme of ``uri``; "" for a path, and for what is no URI."""
    head, colon, _ = uri.partition(":")
    return head.lower() if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]+", head) else ""


def own_path(uri: str, run_id: str) -> Path | None:
    """The local path that ``uri`` means, when it lies under a folder that is named like ``run_id``."""
    path = _local_path(uri)
    if path is None or not run_id or ".." in path.parts or run_id not in path.parts or "\0" in str(path):
        return None
    return path


def _local_path(uri: str) -> Path | None:
    if not uri:
        return None
    if uri.startswith("file:"):
        found = Uri.of(uri)
        return Path(unquote(found.path)) if found.host in ("", "localhost") else None
    return None if ":" in uri.partition("/")[0] else Path(uri)


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    """Everything below ``folder``, a level after the other, each folder sorted by name."""
    waiting = [("", str(folder))]
    while waiting:
        prefix, here = waiting.pop(0)
        try:
            with os.scandir(here) as scan:
                entries = sorted((e for e in scan if not e.is_symlink()), key=lambda e: e.name)
        except OSError:
            continue  # gone, or not ours to see
        for entry in entries:
            is_dir = entry.is_dir(follow_symlinks=False)
            path = f"{prefix}{entry.name}"
            if is_dir:
                waiting.append((f"{path}/", entry.path))
            elif not entry.is_file(follow_symlinks=False):
                continue
            yield {
                "path": plain(path),
                "is_dir": is_dir,
                "n_bytes": None if is_dir else entry.stat(follow_symlinks=False).st_size,
            }

"""Is a bundle still what was written: every file against the manifest, the data against their digest, the ledger against itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.errors import Problem, ReportError, SourceError
from reportgen.formats import listed, one_line, plural
from reportgen.render.bundle import MANIFEST, digest_of, sha256_of, size_of
from reportgen.snapshot import Snapshot

_TODO = "take the bundle from where it was delivered to, or build it again"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in a bundle."""

    folder: Path
    digest: str
    """As its manifest says."""
    n_files: int
    has_data: bool
    """Whether the data behind it lie in it and were looked at."""
    problems: tuple[Problem, ...]
    """Empty when nothing was changed, lost or added."""


def verified(folder: Path, *, data: bool = True) -> Verified:
    """The bundle in ``folder`` against its manifest, with its ``data`` read. Raises ``SourceError`` when it has none that can be read."""
    manifest = _manifest(folder)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() or path.is_symlink()}
    digests, problems = _files(folder, manifest)
    if extra := sorted(found - manifest["files"].keys() - {MANIFEST}):
        names = listed([one_line(name, 60) for name in extra], 5)
        problems.append(_gap("bundle-file-added", "the bundle", f"{plural(len(extra), 'file')} not in the manifest: {names}"))
    if digest_of(digests) != manifest["digest"] and not problems:
        problems.append(_gap("bundle-digest", MANIFEST, "its digest is not that of its files"))
    problems += _ledger(manifest)
    has_data = data and "data/runs.parquet" in found
    problems += _data(folder, manifest) if has_data else []
    return Verified(folder, manifest["digest"], len(manifest["files"]), has_data, tuple(problems))


def changed_files(folder: Path, under: str = "") -> tuple[Problem, ...]:
    """The files of the bundle in ``folder`` whose path begins with ``under`` and that are not as they were written."""
    return tuple(_files(folder, _manifest(folder), under)[1])


def _files(folder: Path, manifest: dict[str, Any], under: str = "") -> tuple[dict[str, str], list[Problem]]:
    """Path → digest of the files that are there, and what is wrong with them."""
    digests: dict[str, str] = {}
    problems: list[Problem] = []
    for name, facts in manifest["files"].items():
        path = folder / name
        if not name.startswith(under):
            continue
        if path.is_symlink() or not path.is_file():
            problems.append(_gap("bundle-file-lost", name, "it is a link" if path.is_symlink() else "it is not there"))
            continue
        digests[name] = sha256_of(path)
        if digests[name] != facts["sha256"] or size_of(path) != facts["size"]:
            problems.append(_gap("bundle-file-changed", name, "it is not as it was written"))
    return digests, problems


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
        files = manifest["files"].values()
        is_inside = all(".." not in Path(name).parts and not Path(name).is_absolute() for name in manifest["files"])
        if (
            is_inside
            and isinstance(manifest["digest"], str)
            and all(isinstance(one["sha256"], str) and isinstance(one["size"], int) for one in files)
        ):
            return dict(manifest)
    except FileNotFoundError:
        raise SourceError("no-bundle", f"there is no bundle in {folder}", todo=f"name the folder that holds {MANIFEST}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise SourceError("bundle-manifest-damaged", f"{path} cannot be read as a manifest", todo=_TODO)


def _ledger(manifest: dict[str, Any]) -> list[Problem]:
    """Rows that do not add up, unless the report itself says so."""
    rows = [row for row in manifest.get("ledger", []) if row["n_store"] != row["n_read"] + row["n_left_out"]]
    if not rows or any(problem["slug"] == "ledger-unbalanced" for problem in manifest["problems"]):
        return []
    names = listed([one_line(f"{row['item']} of {row['experiment']}", 80) for row in rows], 3)
    return [_gap("bundle-ledger", MANIFEST, f"its ledger does not add up: {names}")]


def _data(folder: Path, manifest: dict[str, Any]) -> list[Problem]:
    try:
        digest = Snapshot.load(folder / "data").digest()
    except (ReportError, OSError, ValueError) as error:
        return [_gap("bundle-data-damaged", "data", f"it cannot be read: {one_line(str(error), 200)}")]
    if digest != manifest.get("snapshot_digest"):
        return [_gap("bundle-data-changed", "data", "it is not what the report was made from")]
    return []


def _gap(slug: str, where: str, what: str) -> Problem:
    return Problem(slug, where, what, _TODO, "gap")

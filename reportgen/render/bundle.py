"""A finished report as files not yet written, and the manifest that vouches for them.

A ``Bundle`` is the value that ``render`` hands to ``publish``: relative paths and contents, nothing in its place yet. Its
``manifest.json`` holds the digest of every other file and everything needed to trace a number: config and snapshot
digests, versions, the ledger, problems and gates. It holds no clock, no duration and no fact about the machine, so
equal data gives equal bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reportgen.errors import EXIT_COMPLETE, EXIT_GATE, EXIT_PARTIAL, Problem, RenderError
from reportgen.model import Report, Table
from reportgen.render.options import Content, Draft
from reportgen.render.plain import plain

SCHEMA = "reportgen-bundle/1"
MANIFEST = "manifest.json"

_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True)
class Bundle:
    """One finished report."""

    name: str
    """The report's name in the config; file-name safe."""
    title: str
    files: Mapping[str, Content]
    """Relative path (``[A-Za-z0-9._/-]``) → content, ``manifest.json`` last, the others sorted."""
    digest: str
    """SHA-256 over the sorted (path, sha256) of all files but the manifest."""
    problems: tuple[Problem, ...]
    """Those of the report, then those met while rendering it."""
    n_charts: int
    n_charts_failed: int
    exit_code: int
    """What the bundle's content asks for: 5 a gate failed, 3 something is missing, else 0."""


def bundled(draft: Draft, n_charts: int) -> Bundle:
    """The files of ``draft`` and their manifest as one value.

    Raises ``RenderError`` for a path that could leave the folder or that two files would share on some file system.
    """
    report, problems, n_charts_failed = draft.report, draft.problems, len(draft.failed_charts)
    ordered = dict(sorted(draft.files.items()))
    _check(ordered)
    digests = {path: sha256_of(data) for path, data in ordered.items()}
    digest = digest_of(digests)
    exit_code = exit_code_of(report, problems)
    manifest = {
        "schema": SCHEMA,
        "digest": digest,
        "exit_code": exit_code,
        "files": {path: {"sha256": digests[path], "size": size_of(data)} for path, data in ordered.items()},
        **_origin(report),
        "versions": dict(sorted(report.provenance.versions)),
        "n_charts": n_charts,
        "n_charts_failed": n_charts_failed,
        "problems": [asdict(problem) for problem in problems],
    }
    ordered[MANIFEST] = json_bytes(manifest)
    return Bundle(report.name, report.title, ordered, digest, problems, n_charts, n_charts_failed, exit_code)


def digest_of(digests: Mapping[str, str]) -> str:
    """The digest of a bundle from those of its files, by path."""
    return hashlib.sha256("".join(f"{path}\0{sha}\n" for path, sha in sorted(digests.items())).encode()).hexdigest()


def sha256_of(content: Content) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_of(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def is_same(content: Content, other: Content) -> bool:
    """Whether both hold the same bytes; the digests are computed only where the sizes agree."""
    if isinstance(content, Path) and isinstance(other, Path) and content.samefile(other):
        return True
    return size_of(content) == size_of(other) and sha256_of(content) == sha256_of(other)


def put(content: Content, target: Path) -> None:
    """Writes ``content`` to ``target``."""
    if isinstance(content, bytes):
        target.write_bytes(content)
    else:
        shutil.copyfile(content, target)


def exit_code_of(report: Report, problems: Iterable[Problem]) -> int:
    """What ``report`` and its ``problems`` ask for; a gate that did not pass weighs more than a gap."""
    if any(gate.fails for gate in report.gates):
        return EXIT_GATE
    return EXIT_PARTIAL if any(problem.severity == "gap" for problem in problems) else EXIT_COMPLETE


def json_bytes(value: Any, indent: int | None = 1) -> bytes:
    """``value`` as strict JSON (see ``plain``), UTF-8, with a newline at its end."""
    return (json.dumps(plain(value), ensure_ascii=False, indent=indent, allow_nan=False) + "\n").encode()


def _check(files: Mapping[str, Content]) -> None:
    seen: dict[str, str] = {}
    for path in files:
        if not _PATH.fullmatch(path) or len(path) > 240 or path == MANIFEST:
            raise RenderError(
                "bundle-path",
                "a file of the bundle has a name that is not allowed",
                found=repr(path),
                allowed="relative paths of A-Z a-z 0-9 . _ -, no part starting with a dot or dash",
            )
        if other := seen.get(path.lower()):
            raise RenderError("bundle-path", "two files of the bundle differ only in case", found=f"{other}, {path}")
        seen[path.lower()] = path


def _origin(report: Report) -> dict[str, Any]:
    """Everything in the manifest that says where the numbers come from."""
    provenance = report.provenance
    return {
        "report": {
            "name": report.name,
            "title": report.title,
            "date": report.generated_at,
            "headline": report.headline,
            "language": report.language,
            "window": {"start": report.window.start, "end": report.window.end, "words": report.window.words},
            "sections": [section.id for section in report.sections],
        },
        "source": {"uri": provenance.source, "kind": provenance.source_kind},
        **({"sources": _named(provenance.sources)} if provenance.sources else {}),
        "selection": [list(pair) for pair in provenance.selection],
        **({"change": dict(provenance.change)} if provenance.change else {}),
        "snapshot_digest": provenance.snapshot_digest,
        "config_digest": provenance.config_digest,
        "ledger": rows_of(provenance.ledger),
        "gates": report.gates,
        **({"decision": report.decision} if report.decision else {}),
        "metrics": dict(report.metrics),
        "inputs": {
            "experiments": [{"id": id_, "name": name} for id_, name in report.inputs.experiments],
            "best": report.inputs.best,
            "compared": [{"group": group, "runs": runs} for group, runs in report.inputs.compared],
        },
    }


def _named(sources: Iterable[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "uri": uri, "kind": kind} for name, uri, kind in sources]


def rows_of(table: Table) -> list[dict[str, Any]]:
    """The values of ``table``, one mapping of column key → value for each row."""
    return [{column.key: cell.value for column, cell in zip(table.columns, row, strict=True)} for row in table.rows]

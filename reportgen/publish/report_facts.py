"""What a finished bundle says of itself, read from its manifest: a bundle that was just made, or one that lies in a folder.

Everything that is delivered beside the files comes from here, so ``reportgen publish`` delivers the same as the build did.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.errors import SourceError
from reportgen.locales import language_of
from reportgen.model import Inputs
from reportgen.publish.verify import verified
from reportgen.render.bundle import MANIFEST, Bundle
from reportgen.render.options import Content
from reportgen.render.outputs import FILES


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The report of a bundle, for whoever hands it over."""

    name: str
    title: str
    day: str
    """ISO day."""
    headline: str
    window: str
    snapshot_digest: str
    digest: str
    metrics: Mapping[str, float]
    exit_code: int
    decision: Mapping[str, str]
    """Empty when nobody decided."""
    gates: tuple[tuple[str, str], ...]
    """(name, state)."""
    inputs: Inputs
    language: str

    @classmethod
    def of(cls, bundle: Bundle) -> ReportFacts:
        """Of ``bundle``, whose manifest may be a file."""
        manifest = json.loads(read(bundle.files[MANIFEST]))
        report, inputs = manifest.get("report", {}), manifest.get("inputs", {})
        return cls(
            name=bundle.name,
            title=str(report.get("title") or bundle.title),
            day=str(report.get("date", ""))[:10],
            headline=str(report.get("headline", "")),
            window=str((report.get("window") or {}).get("words", "")),
            snapshot_digest=str(manifest.get("snapshot_digest", "")),
            digest=bundle.digest,
            metrics={
                str(key): float(value) for key, value in manifest.get("metrics", {}).items() if isinstance(value, int | float)
            },
            exit_code=bundle.exit_code,
            decision={str(key): str(value) for key, value in (manifest.get("decision") or {}).items()},
            gates=tuple((str(gate.get("name", "")), str(gate.get("state", ""))) for gate in manifest.get("gates", ())),
            inputs=Inputs(
                tuple((str(one["id"]), str(one["name"])) for one in inputs.get("experiments", ())),
                tuple(map(str, inputs.get("best", ()))),
                tuple((str(one["group"]), tuple(map(str, one["runs"]))) for one in inputs.get("compared", ())),
            ),
            language=language_of(report.get("language")),
        )


def bundle_in(folder: Path, *, data: bool = True) -> Bundle:
    """The bundle that lies in ``folder``, whole and unchanged; without ``data`` its tables are trusted for the digest of their files.

    Raises ``SourceError`` when it is not.
    """
    found = verified(folder, data=data)
    if found.problems:
        first = found.problems[0]
        raise SourceError(
            "bundle-changed",
            f"the bundle in {folder} is not as it was written: {first.where}: {first.what}",
            todo="see `reportgen verify`; take the bundle from where it was delivered to, or build it again",
        )
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    report = manifest.get("report") or {}
    if not isinstance(report.get("name"), str):
        raise SourceError("bundle-manifest-damaged", f"the manifest in {folder} names no report", todo="build it again")
    files: dict[str, Content] = {path: folder / path for path in (*manifest["files"], MANIFEST)}
    counts = (int(manifest.get(key, 0)) for key in ("n_charts", "n_charts_failed", "exit_code"))
    return Bundle(report["name"], str(report.get("title", "")), files, found.digest, (), *counts)


def read(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()


_PART = re.compile(r"\n\n(?=### )")


def summary_within(bundle: Bundle, most: int) -> str:
    """The summary of ``bundle`` cut to ``most`` characters by whole parts; its headline where it has no summary."""
    content = bundle.files.get(FILES["markdown"])
    if content is None:
        return ReportFacts.of(bundle).headline[:most]
    first, *parts = _PART.split(read(content).decode("utf-8"))
    kept = first[:most]
    for part in parts:
        if len(kept) + len(part) + 2 > most:
            return kept
        kept = f"{kept}\n\n{part}"
    return kept


def report_folder(place: Path, name: str) -> Path | None:
    """The folder of the report ``name`` that the bundle in ``place`` lies in; None where it lies elsewhere, such as in a download."""
    real = place.resolve()
    return real.parent if real.parent.name == name and (real / MANIFEST).is_file() else None

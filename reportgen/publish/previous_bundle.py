"""Reading the previous report of an output folder: what the next one compares itself with (``analyze.previous_report``).

Only bundles of days before the present one are looked at, so that a second build of one day finds the same. A bundle that
cannot be read is passed over in silence: it is no part of what this report is about.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reportgen.analyze.previous_report import ChangedRun, PreviousReport, previous_report_of
from reportgen.model import Window
from reportgen.render.bundle import MANIFEST
from reportgen.snapshot import Snapshot

FILE = "data/earlier_report.json"
"""The file of a bundle that keeps what was known of the previous one, for a rebuild."""
_BUNDLE = re.compile(r"(\d{4}-\d{2}-\d{2})-[0-9a-f]{10}")


def last_report(folder: Path, day: str, snapshot: Snapshot, window: Window, config_digest: str) -> PreviousReport | None:
    """What the newest bundle in ``folder`` of a day before ``day`` said; None when ``folder`` has no such bundle."""
    for place in _bundles(folder, day):
        manifest = _manifest(place)
        if manifest is not None:
            return _since(place, manifest, snapshot, window, config_digest)
    return None


def _bundles(folder: Path, day: str) -> list[Path]:
    """The bundles of earlier days, newest day first; of one day the one that was written last."""
    found = [place for place in folder.iterdir() if (m := _BUNDLE.fullmatch(place.name)) and m[1] < day and place.is_dir()]
    return sorted(found, key=lambda place: (place.name[:10], place.stat().st_mtime_ns, place.name), reverse=True)


def _manifest(place: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((place / MANIFEST).read_bytes())
        return manifest if isinstance(manifest["digest"], str) and isinstance(manifest["gates"], list) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _since(place: Path, manifest: dict[str, Any], snapshot: Snapshot, window: Window, config_digest: str) -> PreviousReport:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        tables = [parquet.read_table(place / "data" / f"{name}.parquet") for name in ("runs", "tags")]
    except (OSError, pa.ArrowException):
        tables = [None, None]
    same = manifest.get("config_digest") == config_digest
    looks = manifest.get("metrics", {}).get("n_looks", 0) if same and isinstance(manifest.get("metrics"), dict) else 0
    return previous_report_of(
        place.name[:10],
        manifest["digest"],
        same_config=same,
        gates=[(str(gate.get("name", "")), str(gate.get("state", ""))) for gate in manifest["gates"]],
        runs=tables[0],
        tags=tables[1],
        snapshot=snapshot,
        window=window,
        n_looks=int(looks) if isinstance(looks, int | float) and 0 < looks < 1e6 else 0,
    )


def since_json(since: PreviousReport) -> bytes:
    return (json.dumps(asdict(since), indent=1, sort_keys=True) + "\n").encode()


def since_from(content: bytes) -> PreviousReport:
    """Read what ``since_json`` wrote. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
    kept = json.loads(content)
    runs = {key: tuple(ChangedRun(**run) for run in kept[key]) for key in ("deleted", "gone", "retagged", "ended")}
    return PreviousReport(**{**kept, **runs, "gates": tuple((name, state) for name, state in kept["gates"])})

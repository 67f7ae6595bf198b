"""Reading the previous report of an output folder: what the next one compares itself with (``analyze.previous_report``).

Only bundles of days before the present one are looked at, so that a second build of one day finds the same. A bundle that
cannot be read is passed over in silence: it is no part of what this report is about.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from reportgen.analyze.previous_report import ChangedRun, LostValue, PreviousBundle, PreviousReport, previous_report_of
from reportgen.model import Window
from reportgen.render.bundle import MANIFEST
from reportgen.snapshot import Snapshot, empty_table

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
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _since(place: Path, manifest: dict[str, Any], snapshot: Snapshot, window: Window, config_digest: str) -> PreviousReport:
    same = manifest.get("config_digest") == config_digest
    numbers = manifest["metrics"] if isinstance(manifest.get("metrics"), dict) else {}
    looks = numbers.get("n_looks", 0) if same else 0
    bundle = PreviousBundle(
        place.name[:10],
        manifest["digest"],
        same_config=same,
        gates=tuple((str(gate.get("name", "")), str(gate.get("state", ""))) for gate in manifest["gates"]),
        window=_window(manifest),
        best_metrics=tuple(sorted(key.removeprefix("best/") for key in numbers if key.startswith("best/"))),
        tables=_tables(place),
        n_looks=_count(looks),
        n_runs=_count(numbers.get("n_runs")),
    )
    return previous_report_of(bundle, snapshot, window)


def _count(value: Any) -> int:
    """``value`` as a count; 0 for anything else."""
    return int(value) if isinstance(value, int | float) and 0 < value < 1e9 else 0


def _tables(place: Path) -> dict[str, Any] | None:
    """What the bundle's snapshot tells of its runs; None when it was written without its data, or not all of it can be read."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        tables = {name: parquet.read_table(place / "data" / f"{name}.parquet") for name in ("runs", "tags", "metrics")}
        earlier = place / "data" / "earlier.parquet"
        return tables | {"earlier": parquet.read_table(earlier) if earlier.is_file() else empty_table("earlier")}
    except (OSError, pa.ArrowException):
        return None


def _window(manifest: dict[str, Any]) -> Window:
    """The period that the bundle was about; without bounds where its manifest does not say."""
    kept = manifest.get("report", {}).get("window", {}) if isinstance(manifest.get("report"), dict) else {}
    try:
        start, end = (
            datetime.fromisoformat(kept[side]) if isinstance(kept.get(side), str) else None for side in ("start", "end")
        )
    except ValueError:
        start, end = None, None
    return Window(start, end, str(kept.get("words", "")))


def since_json(since: PreviousReport) -> bytes:
    return (json.dumps(asdict(since), indent=1, sort_keys=True) + "\n").encode()


def since_from(content: bytes) -> PreviousReport:
    """Read what ``since_json`` wrote. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
    kept = json.loads(content)
    kinds = ("deleted", "gone", "retagged", "ended", "late")
    runs = {key: tuple(ChangedRun(**run) for run in kept.get(key, ())) for key in kinds}
    pairs = {key: tuple((first, second) for first, second in kept.get(key, ())) for key in ("gates", "fresh")}
    lost = tuple(LostValue(**one) for one in kept.get("lost_values", ()))
    return PreviousReport(**{**kept, **runs, **pairs, "lost_values": lost, "experiments": tuple(kept.get("experiments", ()))})

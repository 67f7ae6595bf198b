"""Reading the previous report of an output folder, or of what looks like one (``previous_run``): what the next one compares itself with (``analyze.previous_report``).

Only bundles of days before the present one are looked at, so that a second build of one day finds the same. A bundle that
cannot be read is passed over in silence: it is no part of what this report is about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from reportgen.analyze.previous_report import ChangedRun, LostValue, PreviousBundle, PreviousReport, previous_report_of
from reportgen.config import LastTold
from reportgen.formats import moment
from reportgen.model import Window
from reportgen.render.bundle import MANIFEST
from reportgen.snapshot import Snapshot, empty_table

FILE = "data/earlier_report.json"
"""The file of a bundle that keeps what was known of the previous one, for a rebuild."""
_BUNDLE = re.compile(r"(\d{4}-\d{2}-\d{2})-[0-9a-f]{10}")


TABLES = ("runs", "tags", "metrics", "models", "earlier")
"""Tables of its snapshot that the next report looks at."""


@dataclass(frozen=True, slots=True)
class LastReport:
    """A bundle of an earlier day."""

    day: str
    manifest: Mapping[str, Any]
    tables: Mapping[str, pa.Table] | None
    """What its snapshot tells of its runs; None when it was written without its data, or not all of it can be read."""

    @property
    def told(self) -> LastTold:
        """How far it got: to the latest start of a run that it knew, else to the end of its period."""
        end = _window(self.manifest).end or datetime.fromisoformat(f"{self.day}T00:00:00+00:00") + timedelta(days=1)
        try:
            starts = self.tables["runs"].column("start_time").drop_null().cast("int64").to_pylist() if self.tables else []
        except (KeyError, pa.ArrowException):
            starts = []
        latest = moment(max(starts) + 1) if starts else None
        return LastTold(self.day, min(latest, end) if latest else end)


def last_bundle(folder: Path, day: str) -> LastReport | None:
    """The newest bundle in ``folder`` of a day before ``day``; None when ``folder`` has no such bundle."""
    return next((found for place in _bundles(folder, day) if (found := bundle_at(place)) is not None), None)


def _bundles(folder: Path, day: str) -> list[Path]:
    """The bundles of earlier days, newest day first; of one day the one that was written last."""
    if not folder.is_dir():
        return []
    found = [place for place in folder.iterdir() if (m := _BUNDLE.fullmatch(place.name)) and m[1] < day and place.is_dir()]
    return sorted(found, key=lambda place: (place.name[:10], place.stat().st_mtime_ns, place.name), reverse=True)


def bundle_at(place: Path) -> LastReport | None:
    """The bundle in the folder ``place``, which is named like one; None when it is none."""
    try:
        manifest = json.loads((place / MANIFEST).read_bytes())
        if not isinstance(manifest["digest"], str) or not isinstance(manifest["gates"], list):
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return LastReport(place.name[:10], manifest, _tables(place))


def since(last: LastReport, snapshot: Snapshot, window: Window, config_digest: str) -> PreviousReport:
    """What ``last`` said, and what became of its runs."""
    manifest = last.manifest
    same = manifest.get("config_digest") == config_digest
    numbers = manifest["metrics"] if isinstance(manifest.get("metrics"), dict) else {}
    looks = numbers.get("n_looks", 0) if same else 0
    bests = {key.removeprefix("best/"): value for key, value in numbers.items() if key.startswith("best/")}
    bundle = PreviousBundle(
        last.day,
        manifest["digest"],
        same_config=same,
        gates=tuple((str(gate.get("name", "")), str(gate.get("state", ""))) for gate in manifest["gates"]),
        window=_window(manifest),
        best_metrics=tuple(sorted(bests)),
        tables=last.tables,
        n_looks=_count(looks),
        n_runs=_count(numbers.get("n_runs")),
        bests=tuple(sorted((key, float(value)) for key, value in bests.items() if isinstance(value, int | float))),
    )
    try:
        return previous_report_of(bundle, snapshot, window)
    except (KeyError, TypeError, ValueError, pa.ArrowException):  # its tables are not ours: somebody else's hand was in them
        return previous_report_of(replace(bundle, tables=None), snapshot, window)


def _count(value: Any) -> int:
    """``value`` as a count; 0 for anything else."""
    return int(value) if isinstance(value, int | float) and 0 < value < 1e9 else 0


def _tables(place: Path) -> dict[str, pa.Table] | None:
    from pyarrow import parquet

    try:
        files = {name: place / "data" / f"{name}.parquet" for name in TABLES}
        optional = ("models", "earlier")
        tables = {name: parquet.read_table(file) for name, file in files.items() if name not in optional or file.is_file()}
        return {"earlier": empty_table("earlier"), **tables}
    except (OSError, pa.ArrowException):
        return None


def _window(manifest: Mapping[str, Any]) -> Window:
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
    bests = tuple((str(metric), float(value)) for metric, value in kept.get("bests", ()))
    rest = {"lost_values": lost, "experiments": tuple(kept.get("experiments", ())), "bests": bests}
    return PreviousReport(**{**kept, **runs, **pairs, **rest})

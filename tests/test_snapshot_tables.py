"""Tables that were added later: old snapshots still load with the digest that they had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.errors import SourceError
from reportgen.snapshot import ADDED, Snapshot, SourceInfo, empty_snapshot, table_of

SOURCE = SourceInfo("sqlite", "sqlite:///a.db")
TRACES = table_of("traces", {"experiment_id": ["1"], "trace_id": ["tr-1"], "status": ["OK"], "cost": [0.5]})


def test_a_snapshot_saved_before_the_tables_existed_loads_with_its_digest(tmp_path: Path) -> None:
    taken = empty_snapshot(SOURCE)
    taken.save(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    for name in ADDED:
        (tmp_path / f"{name}.parquet").unlink()
        del manifest["rows"][name]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    loaded = Snapshot.load(tmp_path)
    assert loaded.digest() == manifest["digest"] == taken.digest()
    assert [getattr(loaded, name).num_rows for name in sorted(ADDED)] == [0] * len(ADDED)


def test_traces_are_part_of_the_digest_and_come_back(tmp_path: Path) -> None:
    taken = empty_snapshot(SOURCE, traces=TRACES)
    taken.save(tmp_path)
    loaded = Snapshot.load(tmp_path)
    assert loaded.traces == TRACES
    assert loaded.digest() == taken.digest() != empty_snapshot(SOURCE).digest()


def test_a_table_that_the_manifest_names_must_be_there(tmp_path: Path) -> None:
    empty_snapshot(SOURCE, traces=TRACES).save(tmp_path)
    (tmp_path / "traces.parquet").unlink()
    with pytest.raises(SourceError) as raised:
        Snapshot.load(tmp_path)
    assert raised.value.slug == "snapshot-unreadable"

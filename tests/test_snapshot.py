"""Histories: the same rows, series, digest and bytes in memory and on disk, however they were cut."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from reportgen.collect.history_spill import HistorySpill, joined_history
from reportgen.snapshot import SCHEMAS, History, SourceInfo, empty_snapshot, save_history, table_of
from reportgen.snapshot import history as histories

SOURCE = SourceInfo("sqlite", "sqlite:///a.db")


def history_table(n_runs: int, n_metrics: int, seed: int = 0) -> pa.Table:
    """Series of 1 to 60 points, some with duplicate steps, NaN and infinities."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list[object]] = {name: [] for name in SCHEMAS["history"].names}
    for run in range(n_runs):
        for metric in range(n_metrics):
            n = int(rng.integers(1, 60))
            rows["experiment_id"] += [str(run % 3)] * n
            rows["run_id"] += [f"run{run:03d}"] * n
            rows["metric"] += [f"m{metric}"] * n
            rows["step"] += rng.integers(0, 40, n).tolist()
            rows["timestamp"] += rng.integers(0, 10**12, n).tolist()
            rows["value"] += rng.choice([0.5, -1.0, np.nan, np.inf, -np.inf], n).tolist()
    return table_of("history", rows)


def cut(table: pa.Table, sizes: list[int]) -> pa.Table:
    """The same rows in chunks of ``sizes``, each with words of its own, the first chunk's in another order."""
    parts, at = [], 0
    for size in [*sizes, table.num_rows]:
        part = table.slice(at, size)
        for name in ("experiment_id", "run_id", "metric"):
            column = part.column(name).cast(pa.string()).to_pylist()
            words = sorted(set(column), reverse=not parts)
            codes = pa.array([words.index(word) for word in column], pa.int32())
            encoded = pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))
            part = part.set_column(part.schema.get_field_index(name), part.schema.field(name), encoded)
        parts.append(part)
        at += part.num_rows
    return pa.concat_tables(parts)


def series_of(history: History, **chosen: list[str]) -> list[tuple[object, ...]]:
    return [
        (s.experiment_id, s.run_id, s.metric, s.step.tolist(), s.timestamp.tolist(), [repr(v) for v in s.value.tolist()])
        for s in history.series(**chosen)
    ]


def spelled(table: pa.Table) -> list[str]:
    return [repr(row) for row in table.to_pylist()]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of 97 rows: every cut falls inside a series or between two."""
    monkeypatch.setattr(histories, "_ROWS_PER_PIECE", 97)


@pytest.mark.usefixtures("small_pieces")
def test_pieces_hold_whole_series_and_every_row(tmp_path: Path) -> None:
    table = history_table(20, 3)
    save_history([table], tmp_path / "history.parquet")
    for history in (History(table), History(cut(table, [1, 300, 7, 7, 50])), History(on_disk(tmp_path))):
        pieces = list(history.tables())
        assert len(pieces) > 5
        assert [row for piece in pieces for row in spelled(piece)] == spelled(table)
        owners = [{(row["run_id"], row["metric"]) for row in piece.select(["run_id", "metric"]).to_pylist()} for piece in pieces]
        assert sum(map(len, owners)) == len(set().union(*owners)) == 60


@pytest.mark.usefixtures("small_pieces")
def test_series_digest_and_bytes_do_not_depend_on_how_a_history_is_cut_or_where_it_lies(tmp_path: Path) -> None:
    table = history_table(20, 3)
    spill = HistorySpill(200, tmp_path)
    for run in range(0, 20, 4):
        runs = {f"run{one:03d}" for one in range(run, run + 4)}
        spill.add(table.filter(pa.array([word in runs for word in table.column("run_id").to_pylist()])))
    by_run = table_of("history", {name: table.column(name) for name in table.schema.names})
    spilled = joined_history([spill])
    assert spilled.on_disk
    assert len(list(tmp_path.glob("*/part-*.parquet"))) > 2
    whole = [History(table), History(cut(by_run, [5, 1000]))]
    assert series_of(whole[0]) == series_of(whole[1])
    assert sorted(map(repr, series_of(spilled))) == sorted(map(repr, series_of(whole[0])))
    digests, contents = set(), set()
    for index, history in enumerate(whole):
        digests.add(empty_snapshot(SOURCE, history=history).digest())
        save_history(history.tables(), tmp_path / f"{index}.parquet")
        contents.add(hashlib.sha256((tmp_path / f"{index}.parquet").read_bytes()).hexdigest())
    digests.add(empty_snapshot(SOURCE, history=spilled).digest())
    assert len(digests) == len(contents) == 1


def test_series_can_be_chosen_by_metric_and_run() -> None:
    history = History(history_table(9, 3))
    every = series_of(history)
    assert series_of(history, metrics=["m1"]) == [one for one in every if one[2] == "m1"]
    some = series_of(history, metrics=["m2", "gone"], run_ids=["run004", "run001"])
    assert [(one[1], one[2]) for one in some] == [("run001", "m2"), ("run004", "m2")]
    assert series_of(history, metrics=[]) == []


def test_a_saved_history_is_read_back_whole(tmp_path: Path) -> None:
    taken = empty_snapshot(SOURCE, history=History(history_table(5, 2)))
    taken.save(tmp_path)
    loaded = type(taken).load(tmp_path)
    assert loaded.history.on_disk
    assert loaded.digest() == taken.digest()
    assert spelled(loaded.history.table()) == spelled(taken.history.table())


def test_a_history_on_disk_goes_by_without_staying_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrow keeps what it reads ahead of a file until that is closed, which for one file is the whole of it."""
    monkeypatch.setattr(histories, "_ROWS_PER_PIECE", 20_000)
    n = 800_000
    rng = np.random.default_rng(0)
    codes, one = pa.array(np.arange(n, dtype=np.int32) // 1000), pa.array(np.zeros(n, np.int32))
    words = pa.array([f"run{at:04d}" for at in range(n // 1000)])
    columns = [pa.DictionaryArray.from_arrays(one, ["1"]), pa.DictionaryArray.from_arrays(codes, words)]
    columns += [
        pa.DictionaryArray.from_arrays(one, ["m"]),
        pa.array(np.arange(n)),
        pa.array(np.arange(n)),
        pa.array(rng.random(n)),
    ]
    save_history([pa.table(columns, names=SCHEMAS["history"].names).cast(SCHEMAS["history"])], tmp_path / "history.parquet")
    before = pa.total_allocated_bytes()
    history = History(on_disk(tmp_path))
    most = max(pa.total_allocated_bytes() - before for _ in history.tables())
    assert most < (tmp_path / "history.parquet").stat().st_size / 2
    assert history.n_points == n


def on_disk(folder: Path) -> ds.Dataset:
    return ds.dataset(folder, schema=SCHEMAS["history"], format="parquet")

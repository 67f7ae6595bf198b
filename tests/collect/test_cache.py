"""The cache of histories: never stale, never trusted, never in the way; and what it saves."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.collect import Reading, Selection, collect, plan
from reportgen.collect.cache import folder as cache_disk
from reportgen.collect.cache import histories as cache
from reportgen.collect.cache.folder import Folder, Unusable, index_bytes, index_of, n_bytes_in, store_name
from reportgen.collect.cache.histories import cached
from reportgen.collect.files import last_values as files_last
from reportgen.collect.files.metrics import MetricFiles
from reportgen.collect.files.source import FileSource
from reportgen.collect.selection import OTHER_METRIC, UNREADABLE
from reportgen.collect.source import Chunk, Mark
from reportgen.errors import Problem
from reportgen.snapshot import SCHEMAS, Snapshot, SourceInfo, table_of
from tests.collect.file_stores import Store, allowed_file_store, run_id
from tests.collect.stores import START, filled, insert_runs
from tests.servers import private_folder

EVERYTHING = Selection(deleted=True)


@pytest.fixture(autouse=True)
def quick_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are trusted when they are 30 ms old instead of 2 s; ``settled`` waits for that."""
    monkeypatch.setattr(files_last, "RACY_SECONDS", 0.03)


def settled() -> None:
    time.sleep(0.04)


@pytest.fixture
def mlruns(tmp_path: Path) -> Store:
    """Twelve runs of two metrics."""
    store = Store(tmp_path / "mlruns")
    store.experiment()
    for number in range(12):
        store.run(number, files={"metrics/loss": points(5 + number), "metrics/val/acc": points(3), "params/lr": str(number)})
    settled()
    return store


def points(n: int, first: int = 0) -> str:
    return "".join(f"{START + step} {step / 7} {step}\n" for step in range(first, first + n))


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def uri(path: Path) -> str:
    return f"sqlite:///{path}"


def same(one: Snapshot, other: Snapshot) -> bool:
    """Content, books and problems; notes about the cache itself do not count."""
    return (one.digest(), one.ledger, _said(one)) == (other.digest(), other.ledger, _said(other))


def _said(snapshot: Snapshot) -> list[Problem]:
    return [problem for problem in snapshot.problems if not problem.slug.startswith("cache-")]


def slugs(snapshot: Snapshot) -> list[str]:
    return [problem.slug for problem in (*snapshot.problems, *snapshot.asides)]


def data_files(reading: Reading, prefix: str = "history-") -> list[Path]:
    assert reading.cache is not None
    return sorted(reading.cache.glob(f"*/{prefix}*.parquet"))


def index_file(reading: Reading) -> Path:
    assert reading.cache is not None
    (found,) = reading.cache.glob("*/index.json")
    return found


# --- the same with a cold cache, a warm one, and none ---


def assert_same_thrice(where: str, reading: Reading, selection: Selection = EVERYTHING) -> None:
    plain = collect(where, selection)
    for _ in range(3):
        snapshot = collect(where, selection, reading=reading)
        assert same(snapshot, plain)
        assert set(slugs(snapshot)) & {"cache-damaged", "cache-full", "cache-not-written"} == set()


@pytest.fixture(scope="module")
def logged_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rich store as MLflow's own FileStore writes it."""
    from mlflow import MlflowClient

    root = tmp_path_factory.mktemp("cached") / "mlruns"
    with allowed_file_store(), pytest.MonkeyPatch.context() as patched:
        patched.setenv("MLFLOW_TRACKING_URI", str(root))
        filled(MlflowClient(str(root), str(root)))
    time.sleep(0.05)
    return root


def test_files_cold_warm_and_without(logged_files: Path, reading: Reading, asked: list[str]) -> None:
    assert_same_thrice(str(logged_files), reading)
    assert_same_thrice(str(logged_files), reading, Selection(filter="metrics.loss < 1"))
    asked.clear()
    collect(str(logged_files), EVERYTHING, reading=reading)
    assert asked == []


def test_an_sqlite_store_is_asked_for_what_changed(store: Path, reading: Reading, asked: list[str]) -> None:
    first = insert_runs(store, 6, ("loss", "acc"), 4)
    collect(uri(store), Selection(), reading=reading)
    asked.clear()
    collect(uri(store), Selection(), reading=reading)
    assert asked == []
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (7, 'new', 'active')")
    new = insert_runs(store, 2, ("loss",), 3, experiment="7")
    with closing(sqlite3.connect(store)) as connection, connection:  # late: the last value stays what it is
        connection.execute(
            f"INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES ('{first[2]}', 'loss', 1, 1, -5, 0)"
        )
    snapshot = collect(uri(store), Selection(), reading=reading)
    assert sorted(asked) == sorted([*new, first[2]])
    assert same(snapshot, collect(uri(store), Selection()))


@pytest.mark.parametrize("metrics", [("loss",), ("val*",), ("nothing",), ("loss", "val/acc")])
def test_some_metrics_from_whole_histories(mlruns: Store, reading: Reading, metrics: tuple[str, ...], asked: list[str]) -> None:
    where, some = str(mlruns.root), Selection(metrics=metrics)
    plain = collect(where, some)
    assert same(collect(where, some, reading=reading), plain)  # what was read in part is not kept …
    collect(where, Selection(), reading=reading)
    asked.clear()
    assert same(collect(where, some, reading=reading), plain)  # … and what is kept is whole
    assert asked == []


def test_a_history_on_disk_is_the_same(mlruns: Store, reading: Reading, tmp_path: Path) -> None:
    plain = collect(str(mlruns.root), Selection())
    small = replace(reading, points_in_memory=20, scratch=tmp_path)
    for _ in range(2):
        snapshot = collect(str(mlruns.root), Selection(), reading=small)
        assert snapshot.history.on_disk
        assert same(snapshot, plain)


def test_a_plan_and_a_reading_without_histories_leave_it_alone(mlruns: Store, reading: Reading) -> None:
    where = str(mlruns.root)
    assert plan(where, Selection(), reading=reading) == plan(where, Selection())
    assert same(collect(where, Selection(with_history=False), reading=reading), collect(where, Selection(with_history=False)))
    assert data_files(reading) == []
    collect(where, Selection(), reading=reading)
    before = index_file(reading).read_bytes()
    collect(where, Selection(with_history=False), reading=reading)
    assert index_file(reading).read_bytes() == before


# --- only what changed is read ---


@pytest.mark.fault(
    "A run in the cache changes: new, older or rewritten points, another name",
    "It is read again, and no other run.",
    at="machine",
)
def test_only_changed_runs_are_asked_for(mlruns: Store, reading: Reading, asked: list[str]) -> None:
    where = str(mlruns.root)

    def read_again() -> list[str]:
        settled()
        asked.clear()
        assert same(collect(where, Selection(), reading=reading), collect(where, Selection()))
        found, _ = asked[: len(asked) - mlruns_count()], asked.clear()
        return found

    def mlruns_count() -> int:
        return collect(where, Selection(with_history=False)).runs.num_rows

    assert len(read_again()) == 12
    assert read_again() == []
    folder = mlruns.root / "1"
    append(folder / run_id(3) / "metrics" / "loss", f"{START + 99} 9.5 99\n")  # a newer step
    assert read_again() == [run_id(3)]
    append(folder / run_id(4) / "metrics" / "loss", f"{START + 99} 9.5 1\n")  # an older one
    assert read_again() == [run_id(4)]
    loss = folder / run_id(5) / "metrics" / "loss"
    changed, times = loss.read_text().replace("0.0 0\n", "9.0 0\n"), loss.stat()
    loss.write_text(changed)  # as long as before …
    os.utime(loss, ns=(times.st_atime_ns, times.st_mtime_ns))  # … and seemingly as old
    assert read_again() == [run_id(5)]
    (folder / run_id(6) / "tags").mkdir()
    (folder / run_id(6) / "tags" / "team").write_text("b")
    (folder / run_id(7) / "params" / "new").write_text("1")
    mlruns.run(6, files={}, status=1)
    assert read_again() == []  # tags, params and status are always read
    mlruns.run(50, files={"metrics/loss": points(4)})
    assert read_again() == [run_id(50)]
    shutil.move(folder / run_id(8), folder.parent / "away")
    assert read_again() == []
    shutil.move(folder.parent / "away", folder / run_id(8))
    assert read_again() == []
    (folder / run_id(9) / "metrics" / "val" / "acc").rename(folder / run_id(9) / "metrics" / "other")
    assert read_again() == [run_id(9)]


def test_a_file_that_changed_just_now_is_not_trusted(
    mlruns: Store, reading: Reading, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_last, "RACY_SECONDS", 2.0)
    (mlruns.root / "1" / run_id(3) / "metrics" / "loss").write_text(points(6))
    collect(str(mlruns.root), Selection(), reading=reading)
    collect(str(mlruns.root), Selection(), reading=reading)
    assert asked.count(run_id(3)) == 2
    time.sleep(2.1)
    collect(str(mlruns.root), Selection(), reading=reading)
    asked.clear()
    collect(str(mlruns.root), Selection(), reading=reading)
    assert asked == []


def test_damaged_runs_are_read_and_said_every_time(mlruns: Store, reading: Reading, asked: list[str]) -> None:
    home = mlruns.root / "1"
    (home / run_id(1) / "metrics" / "loss").write_text(points(3) + "garbage\n")
    (home / run_id(2) / "metrics" / "loss").write_text(points(3).rstrip("\n"))
    (home / run_id(3) / "metrics" / "empty").write_text("")
    (home / run_id(4) / "params" / "link").symlink_to("lr")
    settled()
    assert_same_thrice(str(mlruns.root), reading)
    asked.clear()
    collect(str(mlruns.root), Selection(), reading=reading)
    assert asked == [run_id(number) for number in (1, 2, 3, 4)]


def test_last_values_of_other_runs_are_kept(mlruns: Store, reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    added: list[str] = []
    add = MetricFiles.add

    def noted(self: MetricFiles, run: Any, *rest: Any) -> None:
        added.append(run.run_id)
        add(self, run, *rest)

    monkeypatch.setattr(MetricFiles, "add", noted)
    starts = collect(str(mlruns.root), EVERYTHING).runs.column("start_time").to_pylist()
    middle = sorted(starts)[len(starts) // 2]
    late, weekly = Selection(start=middle), Selection(start=middle, earlier=min(starts))
    for selection, n in ((weekly, 12), (weekly, 0), (late, 0), (Selection(end=middle), 6), (late, 0), (EVERYTHING, 0)):
        added.clear()
        snapshot = collect(str(mlruns.root), selection, reading=reading)
        assert same(snapshot, collect(str(mlruns.root), selection))
        assert len(added) - snapshot.runs.num_rows - snapshot.earlier.num_rows == n
    (last,) = data_files(reading, "last-")
    assert len(set(pq.read_table(last).column("run_id").to_pylist())) == 12


@pytest.mark.parametrize("most", [1, 100, 10**9])
def test_files_whose_runs_take_turns_are_not_all_in_memory(
    tmp_path: Path, reading: Reading, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "mlruns")
    store.experiment()
    for day in range(8):
        for number in range(day, 40, 8):
            store.run(number, files={"metrics/loss": points(5 + number % 3), "metrics/acc": points(3)})
        settled()
        collect(str(store.root), EVERYTHING, reading=reading)
    assert len(data_files(reading)) == 8
    loads: list[str] = []
    held: list[int] = []
    opened = cache._Files.opened

    def noted(self: Any, file: str, at: int) -> Any:
        loaded, is_new = opened(self, file, at)
        loads.extend([file] if is_new else [])
        held.append(sum(one.table.num_rows for one in self._open.values()))
        return loaded, is_new

    monkeypatch.setattr(cache._Files, "opened", noted)
    again = collect(str(store.root), EVERYTHING, reading=replace(reading, points_in_memory=most))
    assert same(again, collect(str(store.root), EVERYTHING))
    in_a_file = max(pq.read_metadata(path).num_rows for path in data_files(reading))
    assert max(held) <= max(most, in_a_file)
    assert len(loads) == (40 if most == 1 else 8 if most == 10**9 else len(loads))


def test_a_file_that_vanishes_before_it_is_read_once_more_is_made_up_for(
    tmp_path: Path, reading: Reading, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "mlruns")
    store.experiment()
    for day in range(3):
        for number in range(day, 12, 3):
            store.run(number, files={"metrics/loss": points(5)})
        settled()
        collect(str(store.root), EVERYTHING, reading=reading)
    n_loads, table = [0], Folder.table

    def vanishing(self: Folder, name: str, schema: pa.Schema) -> pa.Table:
        n_loads[0] += name.startswith("history-")
        if n_loads[0] == 5:
            raise FileNotFoundError(name)
        return table(self, name, schema)

    monkeypatch.setattr(Folder, "table", vanishing)
    asked.clear()
    again = collect(str(store.root), EVERYTHING, reading=replace(reading, points_in_memory=1))
    assert 1 <= len(asked) <= 3
    assert same(again, collect(str(store.root), EVERYTHING))
    assert_same_thrice(str(store.root), reading)


def test_another_selection_uses_what_is_there(mlruns: Store, reading: Reading, asked: list[str]) -> None:
    some, rest = Selection(filter="metrics.loss < 1.2"), Selection(filter="metrics.loss >= 1.2")
    collect(str(mlruns.root), some, reading=reading)
    n_some = len(asked)
    collect(str(mlruns.root), rest, reading=reading)
    assert 0 < n_some < 12
    assert len(asked) == 12
    collect(str(mlruns.root), some, reading=reading)
    assert same(collect(str(mlruns.root), Selection(), reading=reading), collect(str(mlruns.root), Selection()))
    assert len(asked) == 12 + 12  # the second twelve are those of the reading without a cache


# --- a real store, changed at random through MLflow ---


def _mutations(client: Any, path: Path, dice: random.Random) -> Mapping[str, Callable[[], object]]:
    from mlflow.entities import Metric, ViewType

    def runs(stage: int = ViewType.ACTIVE_ONLY) -> list[Any]:
        return list(client.search_runs(["0"], run_view_type=stage, order_by=["attributes.start_time ASC"]))

    def one(stage: int = ViewType.ACTIVE_ONLY) -> Any:
        return dice.choice(runs(stage)).info.run_id

    def new_run() -> None:
        made = client.create_run("0", start_time=START + dice.randrange(10_000))
        client.log_batch(made.info.run_id, metrics=[Metric("loss", step / 3, START + step, step) for step in range(4)])
        if dice.random() < 0.7:
            client.set_terminated(made.info.run_id)

    def point(step: int) -> Callable[[], object]:
        return lambda: client.log_metric(one(), dice.choice(["loss", "acc"]), dice.choice([1.0, float("nan"), -2.5]), step=step)

    def gone() -> None:
        deleted = runs(ViewType.DELETED_ONLY)
        if deleted:
            subprocess.run(
                [sys.executable, "-m", "mlflow", "gc", "--backend-store-uri", uri(path), "--run-ids", deleted[0].info.run_id],
                check=True,
                capture_output=True,
                env={**os.environ, "MLFLOW_TRACKING_URI": uri(path)},
            )

    def vacuum() -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("VACUUM")

    return {
        "new run": new_run,
        "newer step": point(1000 + dice.randrange(1000)),
        "older step": point(-dice.randrange(1, 1000)),
        "same step": point(2),
        "tag": lambda: client.set_tag(one(), "team", str(dice.random())),
        "param": lambda: client.log_param(one(), f"p{dice.random()}", 1),
        "finished": lambda: client.set_terminated(one()),
        "running again": lambda: client.update_run(one(), "RUNNING"),
        "deleted": lambda: client.delete_run(one()) if len(runs()) > 3 else None,
        "restored": lambda: [client.restore_run(r.info.run_id) for r in runs(ViewType.DELETED_ONLY)[:1]],
        "gc": gone,
        "vacuum": vacuum,
        "nothing": lambda: None,
    }


def _wander(path: Path, where: str, reading: Reading, n_steps: int) -> None:
    from mlflow import MlflowClient

    dice = random.Random(7)
    client = MlflowClient(uri(path))
    insert_runs(path, 12, ("loss", "acc"), 5)
    names = sorted(_mutations(client, path, dice))
    order = [*names, *(dice.choice([n for n in names if n != "gc"]) for _ in range(n_steps - len(names)))]
    dice.shuffle(order)
    for number, name in enumerate(order):
        _mutations(client, path, dice)[name]()
        selection = dice.choice([Selection(), EVERYTHING, Selection(metrics=("loss",)), Selection(filter="metrics.loss > 0")])
        assert same(collect(where, selection, reading=reading), collect(where, selection)), (number, name)


@pytest.mark.slow
def test_a_wandering_sqlite_store_is_never_stale(store: Path, reading: Reading) -> None:
    _wander(store, uri(store), reading, 60)


@pytest.mark.fault("Another store takes the place of the one that was cached", "The new one is read.", at="machine")
def test_another_store_at_the_same_path(store: Path, reading: Reading) -> None:
    insert_runs(store, 8, ("loss",), 6)
    before = collect(uri(store), Selection(), reading=reading)
    other = store.with_name("other.db")
    shutil.copy(store, other)
    with closing(sqlite3.connect(other)) as connection, connection:  # the same runs, as many points, other values
        connection.execute("UPDATE metrics SET value = value + 1")
        connection.execute("UPDATE latest_metrics SET value = value + 1")
    os.replace(other, store)
    after = collect(uri(store), Selection(), reading=reading)
    assert after.digest() != before.digest()
    assert same(after, collect(uri(store), Selection()))


def test_another_folder_at_the_same_path(mlruns: Store, reading: Reading) -> None:
    before = collect(str(mlruns.root), Selection(), reading=reading)
    shutil.move(mlruns.root, mlruns.root.with_name("old"))
    shutil.copytree(mlruns.root.with_name("old"), mlruns.root)
    loss = mlruns.root / "1" / run_id(3) / "metrics" / "loss"
    times = loss.stat()
    loss.write_text(loss.read_text().replace(" 0.0 0\n", " 5.0 0\n"))
    os.utime(loss, ns=(times.st_atime_ns, times.st_mtime_ns))
    settled()
    after = collect(str(mlruns.root), Selection(), reading=reading)
    assert after.digest() != before.digest()
    assert same(after, collect(str(mlruns.root), Selection()))


# --- the merge, against a source that can do anything ---


@dataclass
class Made:
    """A source of histories in memory: ten lines of the Protocol, and every way to be asked."""

    runs: dict[str, dict[str, list[tuple[int, int, float]]]]
    chunk_size: int = 2
    unmarked: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    stamped: str = ""
    counts_points: bool = True
    info: SourceInfo = field(default_factory=lambda: SourceInfo("made", "made:"))
    asked: list[str] = field(default_factory=list)

    def stamp(self) -> str:
        return self.stamped

    def marks(self, run_ids: Sequence[str]) -> Mapping[str, Mark]:
        return {
            run: Mark(
                sha256(repr((self.runs[run], run in self.broken)).encode()).hexdigest(),
                sum(map(len, self.runs[run].values())),
                len(self.runs[run]),
            )
            for run in run_ids
            if run not in self.unmarked
        }

    def history(
        self, run_ids: Sequence[str], wants: Callable[[str], bool], progress: Callable[[int, int, str], None]
    ) -> Iterator[Chunk]:
        for start in range(0, len(run_ids), self.chunk_size):
            ids = run_ids[start : start + self.chunk_size]
            self.asked += ids
            good = [run for run in ids if run not in self.broken]
            rows = [
                ("1", run, metric, *point)
                for run in good
                for metric, its in self.runs[run].items()
                if wants(metric)
                for point in its
            ]
            columns = list(zip(*rows, strict=True)) if rows else [[] for _ in range(6)]
            names = ("experiment_id", "run_id", "metric", "step", "timestamp", "value")
            other = {run: {m: len(p) for m, p in self.runs[run].items() if not wants(m)} for run in good}
            yield Chunk(
                table_of("history", dict(zip(names, map(list, columns), strict=True))),
                {
                    "points": {run: sum(map(len, self.runs[run].values())) for run in ids},
                    "series": {run: len(self.runs[run]) for run in ids},
                },
                {
                    OTHER_METRIC: {
                        "points": {run: sum(its.values()) for run, its in other.items()},
                        "series": {run: len(its) for run, its in other.items()},
                    },
                    UNREADABLE: {"series": {run: len(self.runs[run]) for run in ids if run in self.broken}},
                },
                tuple(Problem("run-unreadable", f"run {run}", "broken") for run in ids if run in self.broken),
            )
            progress(start, len(run_ids), "reading")


def whole(chunks: Iterator[Chunk]) -> tuple[list[Any], Any, Any, Any]:
    """(rows in the order they came, stored, left out, problems)."""
    rows: list[Any] = []
    stored: dict[str, dict[str, int]] = {"points": {}, "series": {}}
    left_out: dict[tuple[str, str, str], int] = {}
    problems: set[Problem] = set()
    for chunk in chunks:
        rows += chunk.points.cast(pa.schema([(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in chunk.points.schema])).to_pylist()  # fmt: skip
        for item, counted in chunk.stored.items():
            stored[item].update({run: n for run, n in counted.items() if n})
        for reason, counts in chunk.left_out.items():
            left_out.update({(reason, item, run): n for item, its in counts.items() for run, n in its.items() if n})
        problems.update(problem for problem in chunk.problems if not problem.slug.startswith("cache-"))
    return rows, stored, left_out, problems


SERIES = st.lists(st.tuples(st.integers(-3, 9), st.integers(0, 5), st.sampled_from([0.0, 1.5, -2.0])), min_size=1, max_size=4)
RUNS = st.dictionaries(st.sampled_from("abcdefghijkl"), st.dictionaries(st.sampled_from("xyz"), SERIES, max_size=3), max_size=12)
SOME = st.frozensets(st.sampled_from("abcdefghijkl"))
METRICS = st.sampled_from(["", "", "x", "xy"])


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(builds=st.lists(st.tuples(RUNS, st.integers(1, 4), SOME, SOME, SOME, METRICS, st.integers(0, 9)), max_size=6))
def test_any_mixture_of_files_and_store_is_the_store(
    tmp_path_factory: pytest.TempPathFactory, builds: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small files; now and then one is damaged, gone, or was never written."""
    monkeypatch.setattr(cache, "_FILE_POINTS", 5)
    monkeypatch.setattr(cache, "_PIECE_POINTS", 4)
    reading = Reading(cache=tmp_path_factory.mktemp("cache"), store="made")
    runs: dict[str, Any] = {}
    for changes, chunk_size, unmarked, broken, left, metrics, luck in builds:
        runs |= changes
        ids = sorted(set(runs) - left)
        source = Made(runs, chunk_size, unmarked, broken)
        wants = (lambda metric: metric in metrics) if metrics else (lambda _: True)  # noqa: B023
        files = data_files(reading)
        if files and luck == 1:
            files[0].unlink()
        elif files and luck == 2:
            files[-1].write_bytes(files[-1].read_bytes()[:-9])
        elif files and luck == 3:
            index_file(reading).write_text("{}")
        progress = lambda _done, _total, _what: None  # noqa: E731
        expected = whole(Made(runs, chunk_size, unmarked, broken).history(ids, wants, progress))
        experiment_of = dict.fromkeys(runs, "1")
        assert whole(cached(source, ids, experiment_of, NO_LAST_VALUES, wants, progress, reading)) == expected  # type: ignore[arg-type]
        if not metrics:
            again = Made(runs, chunk_size, unmarked, broken)
            assert whole(cached(again, ids, experiment_of, NO_LAST_VALUES, wants, progress, reading)) == expected  # type: ignore[arg-type]
            assert set(again.asked) == (unmarked | broken) & set(ids)


NO_LAST_VALUES = SCHEMAS["metrics"].empty_table()


def _everything(_metric: str) -> bool:
    return True


def _silent(_done: int, _total: int, _what: str) -> None:
    return None


def made(n_runs: int = 6) -> Made:
    return Made({f"r{number}": {"x": [(step, 0, 1.0) for step in range(number + 1)]} for number in range(n_runs)})


def read(source: Made, reading: Reading, run_ids: Sequence[str] | None = None) -> Any:
    ids = sorted(source.runs) if run_ids is None else run_ids
    source.asked.clear()
    return whole(cached(source, ids, dict.fromkeys(source.runs, "1"), NO_LAST_VALUES, _everything, _silent, reading))  # type: ignore[arg-type]


@pytest.fixture
def there(reading: Reading) -> Reading:
    return replace(reading, store="made")


def test_an_unchanged_stamp_spares_the_marks(there: Reading) -> None:
    source = made()
    source.stamped = "one"
    expected = read(source, there)
    source.marks = lambda run_ids: pytest.fail(f"asked for the marks of {run_ids}")  # type: ignore[method-assign]
    assert read(source, there) == expected
    assert source.asked == []
    del source.marks
    source.stamped = "two"
    source.runs["r2"]["x"].append((99, 0, 2.0))
    assert read(source, there) != expected
    assert source.asked == ["r2"]


def test_a_stamp_that_changed_while_reading_is_forgotten(there: Reading) -> None:
    source = made()
    stamps = iter(["one", "two", "two", "two", "two", "two"])
    source.stamp = lambda: next(stamps)  # type: ignore[method-assign]
    read(source, there)
    source.runs["r2"]["x"].append((99, 0, 2.0))  # logged when the stamp became two, after it had been read
    read(source, there)
    assert source.asked == ["r2"]


def test_runs_of_another_selection_are_not_confirmed_by_a_newer_stamp(there: Reading) -> None:
    source = made()
    source.stamped = "one"
    read(source, there, ["r0", "r1"])
    read(source, there, ["r2", "r3"])
    source.stamped = "two"
    source.runs["r0"]["x"].append((99, 0, 2.0))
    read(source, there, ["r2", "r3"])
    assert source.asked == []
    read(source, there, ["r0", "r1"])
    assert source.asked == ["r0"]


def test_a_run_that_moved_to_another_experiment_is_read_again(there: Reading) -> None:
    source = made(2)
    read(source, there)
    source.asked.clear()
    list(cached(source, ["r0"], {"r0": "2"}, NO_LAST_VALUES, _everything, _silent, there))  # type: ignore[arg-type]
    assert source.asked == ["r0"]


def test_another_schema_revision_is_another_store(there: Reading) -> None:
    source = made()
    read(source, there)
    source.info = replace(source.info, version="abc")
    read(source, there)
    assert len(source.asked) == 6


def test_what_was_read_is_kept_when_reading_is_broken_off(there: Reading) -> None:
    source = made()
    chunks = cached(source, sorted(source.runs), dict.fromkeys(source.runs, "1"), NO_LAST_VALUES, _everything, _silent, there)  # type: ignore[arg-type]
    for chunk in chunks:
        if "r2" in chunk.stored.get("points", {}):
            break
    chunks.close()  # type: ignore[attr-defined]
    read(source, there)
    assert source.asked == ["r4", "r5"]


# --- order in the folder ---


def test_a_file_goes_when_no_run_is_taken_from_it_any_more(there: Reading) -> None:
    source = made(3)
    read(source, there)
    (first,) = data_files(there)
    for run in ("r0", "r1"):
        source.runs[run]["x"].append((99, 0, 2.0))
        read(source, there)
        assert first.exists()
    source.runs["r2"]["x"].append((99, 0, 2.0))
    expected = read(source, there)
    assert not first.exists()
    assert read(source, there) == expected
    assert source.asked == []


def test_files_that_nobody_used_go_after_a_month(there: Reading) -> None:
    sources = {name: made() for name in ("made", "other")}
    for name, source in sources.items():
        read(source, replace(there, store=name))
    folder = data_files(there)[0].parent
    stray, recent, other = (folder / name for name in (f"history-{'0' * 64}.parquet", ".writing-now", "somebody's notes.txt"))
    for path in (stray, recent, other):
        path.write_text("x")

    def aged(days: int) -> None:
        for path in (stray, other, *(there.cache / "other").glob("history-*")):  # type: ignore[operator]
            os.utime(path, (time.time() - 86_400 * days,) * 2)

    aged(29)
    read(sources["made"], there)
    assert len(list(folder.glob("history-*"))) == 2
    aged(31)
    read(sources["made"], there)
    assert (stray.exists(), recent.exists(), other.exists()) == (False, True, True)
    assert [path.parent.name for path in data_files(there)] == ["made"]
    read(sources["other"], replace(there, store="other"))  # its index names what is gone
    assert len(sources["other"].asked) == 6


def test_an_index_forgets_runs_whose_file_is_gone(there: Reading) -> None:
    source = made()
    read(source, there)
    for path in data_files(there):
        path.unlink()
    source.runs["new"] = {"x": [(0, 0, 1.0)]}
    read(source, there, ["new"])
    assert set(Folder(there.cache / "made").index("").runs) == {"new"}  # type: ignore[operator]


def test_the_oldest_used_go_first_when_there_is_too_much(reading: Reading) -> None:
    sources = {name: made(3) for name in ("one", "two", "three")}
    for age, (name, source) in enumerate(sources.items()):
        read(source, replace(reading, store=name))
        for path in (reading.cache / name).glob("*.parquet"):  # type: ignore[operator]
            os.utime(path, (time.time() - 1000 + 100 * age,) * 2)
    read(sources["one"], replace(reading, store="one"))  # used again
    total = n_bytes_in(reading.cache)  # type: ignore[arg-type]
    small = replace(reading, store="three", cache_bytes=total - 1)
    sources["three"].runs["r0"]["x"].append((5, 0, 5.0))
    read(sources["three"], small)
    left = {path.parent.name for path in data_files(reading)}
    assert "two" not in left
    assert {"one", "three"} <= left
    expected = read(made(3), replace(reading, store="nowhere"))
    assert read(sources["two"], replace(reading, store="two")) == expected  # its index names what is gone
    assert len(sources["two"].asked) == 3


def test_a_store_larger_than_the_cache_is_kept_in_part_and_said(there: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_FILE_POINTS", 3)
    source = made(12)
    expected = read(source, replace(there, cache_bytes=10**9))
    shutil.rmtree(there.cache)  # type: ignore[arg-type]
    small = replace(there, cache_bytes=5000)
    for _ in range(3):
        chunks = list(
            cached(source, sorted(source.runs), dict.fromkeys(source.runs, "1"), NO_LAST_VALUES, _everything, _silent, small)
        )  # type: ignore[arg-type]
        assert whole(iter(chunks)) == expected
        assert "cache-full" in {problem.slug for chunk in chunks for problem in chunk.problems}
    assert 0 < n_bytes_in(there.cache) < 15_000  # type: ignore[arg-type]


# --- damage ---


def _cached_store(mlruns: Store, reading: Reading) -> Snapshot:
    collect(str(mlruns.root), Selection(), reading=reading)
    snapshot = collect(str(mlruns.root), Selection(), reading=reading)
    assert slugs(snapshot) == []
    return snapshot


def test_every_changed_byte_of_an_index_is_found(mlruns: Store, reading: Reading) -> None:
    _cached_store(mlruns, reading)
    raw = index_file(reading).read_bytes()
    assert index_bytes(index_of(raw, "")) == raw
    assert json.loads(raw)["index"]["format"] == cache_disk.FORMAT
    for at in range(len(raw)):
        for damaged in (
            raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :],
            raw[:at],
            raw[:at] + raw[at + 1 :],
            raw[:at] + b" " + raw[at:],
        ):
            with pytest.raises(Unusable):
                index_of(damaged, "")


@pytest.mark.fault("The index of the cache is damaged", "The report is the same; a note says so once.", at="machine", exit=0)
@pytest.mark.parametrize("content", [b"", b"{}", b"\0" * 4000, b"not json", b'{"sha256":"' + b"0" * 64 + b'","index":{}}\n'])
def test_a_damaged_index_is_said_once_and_mended(mlruns: Store, reading: Reading, content: bytes) -> None:
    plain = _cached_store(mlruns, reading)
    index_file(reading).write_bytes(content)
    told = collect(str(mlruns.root), Selection(), reading=reading)
    assert same(told, plain)
    assert slugs(told) == ["cache-damaged"]
    assert told.asides[0].severity == "note"
    assert told.problems == ()  # what is in a report is the same, whatever became of the cache
    assert slugs(collect(str(mlruns.root), Selection(), reading=reading)) == []


@pytest.mark.fault("The index of the cache was edited", "It is not trusted; the store is read.", at="machine", exit=0)
def test_a_forged_mark_is_found(mlruns: Store, reading: Reading) -> None:
    _cached_store(mlruns, reading)
    before = index_file(reading).read_text()
    (mlruns.root / "1" / run_id(3) / "metrics" / "loss").write_text(points(30))
    settled()
    source = FileSource(str(mlruns.root))
    source.runs(["1"])
    fresh = source.marks([run_id(3)])[run_id(3)].value
    stale = json.loads(before)["index"]["runs"][run_id(3)][2]
    index_file(reading).write_text(before.replace(stale, fresh))
    told = collect(str(mlruns.root), Selection(), reading=reading)
    assert slugs(told) == ["cache-damaged"]
    assert same(told, collect(str(mlruns.root), Selection()))


@pytest.mark.fault(
    "A file of the cache is damaged, cut, swapped or gone",
    "The report is the same; what was lost is read anew.",
    at="machine",
    exit=0,
)
@pytest.mark.parametrize("prefix", ["history-", "last-"])
@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "swap", "folder", "gone", "parquet"])
def test_a_damaged_file_is_said_and_read_anew(mlruns: Store, reading: Reading, prefix: str, damage: str) -> None:
    plain = _cached_store(mlruns, reading)
    (path,) = data_files(reading, prefix)
    raw = path.read_bytes()
    middle = len(raw) // 2
    contents = {
        "flip": raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :],
        "cut": raw[:middle],
        "empty": b"",
        "swap": b"PAR1" + raw[4:][::-1],
        "parquet": data_files(reading, "history-" if prefix == "last-" else "last-")[0].read_bytes(),
    }
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        path.write_bytes(contents[damage])
    told = collect(str(mlruns.root), Selection(), reading=reading)
    assert same(told, plain)
    expected = {"gone": [], "folder": ["cache-damaged", "cache-not-written"]}  # a folder of that name cannot be replaced
    assert slugs(told) == expected.get(damage, ["cache-damaged"])


def test_a_parquet_file_with_the_right_checksum_and_other_columns(mlruns: Store, reading: Reading) -> None:
    plain = _cached_store(mlruns, reading)
    (history,), (last,) = data_files(reading), data_files(reading, "last-")
    digest = last.name.removeprefix("last-")
    shutil.copy(last, history.with_name(f"history-{digest}"))
    index = Folder(history.parent).index("")
    runs = {run: entry._replace(file=f"history-{digest}") for run, entry in index.runs.items()}
    Folder(history.parent).put_index(replace(index, runs=runs))
    shutil.copy(history, last.with_name(history.name.replace("history-", "last-")))
    told = collect(str(mlruns.root), Selection(), reading=reading)
    assert same(told, plain)
    assert set(slugs(told)) == {"cache-damaged"}


@pytest.mark.fault("The index of the cache names files of other folders", "Runs are read from the store.", at="machine")
def test_an_index_that_names_files_elsewhere_is_not_followed(there: Reading) -> None:
    source = made()
    expected = read(source, there)
    folder = Folder(there.cache / "made")  # type: ignore[operator]
    index = folder.index("")
    (name,) = {entry.file for entry in index.runs.values()}
    for elsewhere in ("../../secret.parquet", f"/etc/{name}", f"x/{name}"):
        folder.put_index(replace(index, runs={run: entry._replace(file=elsewhere) for run, entry in index.runs.items()}))
        assert read(source, there) == expected
        assert len(source.asked) == 6


def test_a_file_that_vanishes_while_it_is_used(there: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is found out late, in the middle of asking the store for others."""
    monkeypatch.setattr(cache, "_FILE_POINTS", 4)
    source = made(12)
    source.unmarked = frozenset({"r1", "r5", "r8"})
    expected = read(source, there)
    chunks = cached(source, sorted(source.runs), dict.fromkeys(source.runs, "1"), NO_LAST_VALUES, _everything, _silent, there)  # type: ignore[arg-type]
    taken = [next(chunks)]
    for path in data_files(there):
        path.unlink()
    assert whole(iter([*taken, *chunks])) == expected


@pytest.mark.fault("The folder of the cache is a link, or another user's", "It is not used.", at="machine")
def test_a_link_or_a_folder_of_another_user_is_not_used(there: Reading, tmp_path: Path) -> None:
    source = made()
    expected = read(source, there)
    folder = there.cache / "made"  # type: ignore[operator]
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert read(source, there) == expected
    assert len(source.asked) == 6
    if os.geteuid() == 0:
        folder.unlink()
        (tmp_path / "elsewhere").rename(folder)
        os.chown(folder, 65534, 65534)
        assert read(source, there) == expected
        assert len(source.asked) == 6


# --- folders that cannot be written ---


@pytest.mark.fault("The folder of the cache cannot be made", "The report is the same; a note says so.", at="machine", exit=0)
@pytest.mark.parametrize("place", ["file", "below a file", "proc"])
def test_a_folder_that_cannot_be_made_costs_the_cache_only(mlruns: Store, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("x")
    folders = {"file": tmp_path / "file", "below a file": tmp_path / "file" / "a", "proc": Path("/proc/reportgen")}
    reading = Reading(cache=folders[place])
    for _ in range(2):
        told = collect(str(mlruns.root), Selection(), reading=reading)
        assert same(told, collect(str(mlruns.root), Selection()))
        assert "cache-not-written" in slugs(told)
        assert {problem.severity for problem in told.asides} == {"note"}


CHILD = """
    import os, resource, sys
    from pathlib import Path
    from reportgen.collect import Reading, Selection, collect
    from reportgen.collect.files import last_values as files_last
    files_last.RACY_SECONDS = 0.03
    root, cache, other, limit, user, n_times = sys.argv[1:]
    collect(root, Selection(), reading=Reading(cache=Path(other)))  # so that everything is imported
    if limit != "0":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    if user != "0":
        os.setgroups([])
        os.setgid(int(user))
        os.setuid(int(user))
    for _ in range(int(n_times)):
        snapshot = collect(root, Selection(), reading=Reading(cache=Path(cache)))
        print(snapshot.digest(), *sorted({problem.slug for problem in (*snapshot.problems, *snapshot.asides)}), flush=True)
"""


def child(root: Path, folder: Path, *, limit: int = 0, user: int = 0, n_times: int = 1) -> subprocess.Popen[str]:
    """Another process that reads by way of the cache in ``folder``, and prints digests and the slugs of problems."""
    arguments = [str(root), str(folder), str(root.parent / "warming up"), str(limit), str(user), str(n_times)]
    command = [sys.executable, "-c", textwrap.dedent(CHILD), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answer(process: subprocess.Popen[str]) -> list[list[str]]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return [line.split() for line in out.splitlines()]


@pytest.mark.fault("The disk of the cache is full", "The data is the same; no torn file stays.", at="machine", exit=0)
def test_a_full_disk_costs_the_cache_only(mlruns: Store, tmp_path: Path) -> None:
    """No file may grow beyond 200 bytes, which is what writing to a full disk is like."""
    plain = collect(str(mlruns.root), Selection()).digest()
    assert answer(child(mlruns.root, tmp_path / "full", limit=200, n_times=2)) == [[plain, "cache-not-written"]] * 2
    assert [path for path in (tmp_path / "full").rglob("*") if path.is_file()] == []


@pytest.mark.fault("The cache is read-only", "It is read, and nothing in it changes.", at="machine", exit=0)
def test_a_cache_that_may_only_be_read_is_read(mlruns: Store) -> None:
    user = 65534 if os.geteuid() == 0 else 0  # root may write everywhere
    with private_folder("cache") as folder:
        root, kept = folder / "mlruns", folder / "cache"
        shutil.copytree(mlruns.root, root)
        for path in [root, *root.rglob("*")]:
            path.chmod(0o755)
        kept.mkdir()
        kept.chmod(0o777)
        settled()
        ((plain,),) = answer(child(root, kept, user=user))
        everything = [kept, *kept.rglob("*")]
        for path in everything:
            path.chmod(0o555 if path.is_dir() else 0o444)
        assert answer(child(root, kept, user=user)) == [[plain, "cache-not-written"]]
        assert [kept, *kept.rglob("*")] == everything
        for path in everything:
            path.chmod(0o777)


@pytest.mark.fault("Several jobs use one cache while somebody deletes it", "Each reads the same data.", at="machine")
@pytest.mark.slow
def test_processes_at_once_do_each_other_no_harm(mlruns: Store, reading: Reading) -> None:
    plain = collect(str(mlruns.root), Selection()).digest()
    assert reading.cache is not None
    for _ in range(3):
        children = [child(mlruns.root, reading.cache, n_times=6) for _ in range(4)]
        for _ in range(30):  # and somebody cleans up
            time.sleep(0.1)
            shutil.rmtree(reading.cache, ignore_errors=True)
        for process in children:
            for digest, *said in answer(process):
                assert digest == plain
                assert set(said) <= {"cache-not-written", "cache-damaged"}
    children = [child(mlruns.root, reading.cache, n_times=4) for _ in range(4)]
    assert [line for process in children for line in answer(process)] == [[plain]] * 16
    assert same(collect(str(mlruns.root), Selection(), reading=reading), collect(str(mlruns.root), Selection()))


@pytest.mark.fault("The cache is deleted while it is written", "The data is the same.", at="machine", exit=0)
@pytest.mark.parametrize("prefix", ["last", "history"])
def test_a_cache_that_goes_while_it_is_written_costs_nothing(
    mlruns: Store, reading: Reading, monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    """Somebody clears the cache right after a file was put into it."""
    put = Folder.put_table

    def put_and_gone(folder: Folder, name: str, write: Callable[[Path], None]) -> str:
        written = put(folder, name, write)
        if name == prefix:
            shutil.rmtree(folder.path.parent)
        return written

    plain = collect(str(mlruns.root), Selection())
    monkeypatch.setattr(Folder, "put_table", put_and_gone)
    told = collect(str(mlruns.root), Selection(), reading=reading)
    assert told.digest() == plain.digest()
    assert set(slugs(told)) <= {"cache-not-written"}


def test_a_deleted_cache_is_made_again(mlruns: Store, reading: Reading, asked: list[str]) -> None:
    plain = _cached_store(mlruns, reading)
    shutil.rmtree(reading.cache)  # type: ignore[arg-type]
    asked.clear()
    assert same(collect(str(mlruns.root), Selection(), reading=reading), plain)
    assert len(asked) == 12
    assert same(collect(str(mlruns.root), Selection(), reading=reading), plain)
    assert len(asked) == 12


# --- what may be read in it ---


def test_only_this_user_may_look(mlruns: Store, reading: Reading) -> None:
    before = os.umask(0)
    try:
        _cached_store(mlruns, reading)
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [reading.cache, *reading.cache.rglob("*")]}  # type: ignore[union-attr,list-item]
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_credentials_in_names_of_metrics_are_not_written(there: Reading) -> None:
    source = made(4)
    source.runs["r1"]["http://ann:hunter2@host/x"] = [(0, 0, 1.0)]
    expected = read(source, there)
    assert read(source, there) == expected
    assert source.asked == ["r1"]
    for path in there.cache.rglob("*"):  # type: ignore[union-attr]
        assert path.is_dir() or b"hunter2" not in path.read_bytes()
    table = pa.concat_tables([Folder(there.cache / "made").table(path.name, SCHEMAS["history"]) for path in data_files(there)])  # type: ignore[operator]
    assert "hunter2" not in str(table.column("metric").unique().to_pylist())


def test_names_of_stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    none: dict[str, str] = {}
    assert store_name("sqlite:///a.db", none) == store_name(f"sqlite:///{tmp_path}/a.db", none) == store_name("a.db", none)
    assert store_name("mlruns", none) == store_name(f"file://{tmp_path}/mlruns", none)
    assert store_name("sqlite:///a#1.db", none) != store_name("sqlite:///a#2.db", none)
    ann, ann2, bob, nobody = (store_name(f"postgresql://{who}host/db", none) for who in ("ann:pw1@", "ann:pw2@", "bob:pw1@", ""))
    assert ann == ann2
    assert len({ann, bob, nobody}) == 3
    assert store_name("http://host", {"MLFLOW_TRACKING_USERNAME": "ann"}) == store_name("http://ann@host", none)
    assert store_name("http://host", none) != store_name("http://host/mlflow", none)
    assert store_name("http://[::1", none) == ""
    assert all(len(name) == 32 and set(name) <= set("0123456789abcdef") for name in (ann, bob, nobody))


# --- configuration ---


def test_where_the_config_puts_it(tmp_path: Path) -> None:
    from reportgen.config import Config, cache_folder

    home = {"XDG_CACHE_HOME": "/x"}
    assert cache_folder(Config(), tmp_path, home) == Path("/x/reportgen")
    assert cache_folder(Config(), tmp_path, {"XDG_CACHE_HOME": "relative"}) == Path.home() / ".cache" / "reportgen"
    assert cache_folder(Config(cache=False), tmp_path, home) is None
    assert cache_folder(Config(cache="kept"), tmp_path, home) == tmp_path / "kept"
    assert cache_folder(Config(cache="/abs"), tmp_path, home) == Path("/abs")


@pytest.mark.parametrize("value", ["no", "''", "[]", "{}", "3", "null"])
def test_what_is_no_folder_is_refused(tmp_path: Path, value: str) -> None:
    from reportgen.config import load
    from reportgen.errors import ConfigError

    path = tmp_path / "config.yaml"
    path.write_text(f"version: 1\ncache: {value}\n")
    with pytest.raises(ConfigError, match=r"cache: write true, false, or a folder such as \./cache"):
        load(path)


def test_the_command_line_keeps_and_does_not_keep(mlruns: Store, cache_home: Path, tmp_path: Path) -> None:
    def run(*args: str) -> None:
        command = [sys.executable, "-m", "reportgen", *args, "--tracking-uri", str(mlruns.root), "-e", "*", "--quiet"]
        subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)

    time.sleep(2.1)
    run("snapshot", "--no-cache", "-o", "one")
    run("plan", "--no-cache")
    assert list(cache_home.iterdir()) == []
    run("snapshot", "-o", "two")
    assert len(list(cache_home.glob("reportgen/*/history-*.parquet"))) == 1
    run("snapshot", "-o", "three")
    digests = {json.loads((tmp_path / name / "manifest.json").read_text())["digest"] for name in ("one", "two", "three")}
    assert len(digests) == 1
    told = subprocess.run([sys.executable, "-m", "reportgen", "doctor"], capture_output=True, text=True, cwd=tmp_path)
    (line,) = [line for line in told.stdout.splitlines() if " cache: " in line]
    assert line.startswith(f"ok      cache: {cache_home}/reportgen, ")
    assert line.endswith(" of histories")

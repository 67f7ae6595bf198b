"""The benchmarks run, on stores so small that nobody would believe the times; none is looked at here."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import reading, scale
from benchmarks.reading import Measured, Row
from tests import forked
from tests.servers import private_folder

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Stores stay between these tests, as they stay between rounds; database servers, which are not root, can enter."""
    with private_folder("bench") as made:
        yield made


@pytest.fixture
def quick_jobs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Jobs that work alone are forks, which need not import; what works ``together`` is really started."""

    def run(job: reading.Job) -> reading.Found:
        done = forked.finished(_job, [json.dumps(job.request)], cwd=tmp_path, env=os.environ, timeout=120)
        return reading.told(done.returncode, done.stdout, done.stderr)

    monkeypatch.setattr(reading.Job, "run", run)


def _job(arguments: Sequence[str]) -> None:
    from benchmarks import jobs

    sys.argv = ["jobs", *arguments]
    jobs.main()


@pytest.mark.slow
@pytest.mark.usefixtures("quick_jobs")
@pytest.mark.parametrize(
    "group",
    [
        pytest.param(name, marks=pytest.mark.server) if name in ("postgresql", "mariadb") else name
        for name in reading.GROUPS
        if name != "rest"
    ],
)
def test_every_group_measures_what_it_promises(group: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``rest`` is part of ``postgresql``. That all ways found the same points is checked inside, and fails the group."""
    if group == "sqlite" and shutil.which("sqlite3") is None:
        pytest.skip("the program sqlite3, beside which SQLite is measured, is not installed")
    results = folder / "tiny" / "results.json"
    results.unlink(missing_ok=True)  # a group that failed is told by its own test alone
    ended = reading.main(["--tiny", "--stores", str(folder), "--only", group])
    printed = capsys.readouterr()
    assert ended == 0, printed.err
    rows = json.loads(results.read_text())[group]["rows"]
    assert rows
    assert all(row["value"] >= 0 for row in rows)
    assert [row["value"] for row in rows if row["kind"] == "lost"] == ([0] if group == "writer" else [])
    assert all(row["what"] in printed.out for row in rows)


def test_what_cannot_be_measured_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: reading.Bench) -> object:
        yield Row("one", "times", 3.0, 2.0)
        raise reading.FailedError("the second is not there")

    monkeypatch.setattr(reading, "GROUPS", {"files": broken})
    assert reading.main(["--tiny", "--stores", str(tmp_path)]) == 1
    rows = reading.loaded(tmp_path / "tiny" / "results.json")["files"].rows
    assert [(row.what, row.value, row.note) for row in rows] == [
        ("one", 3.0, ""),
        ("files: not measured", None, "the second is not there"),
    ]


def test_resuming_measures_only_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def group(name: str, fails: bool = False) -> object:
        def rows(_: reading.Bench) -> object:
            asked.append(name)
            yield Row(name, "times", None if fails and asked.count(name) == 1 else 1.0)

        return rows

    monkeypatch.setattr(reading, "GROUPS", {"files": group("files"), "huge": group("huge", fails=True)})
    assert reading.main(["--tiny", "--stores", str(tmp_path)]) == 1
    assert reading.main(["--tiny", "--stores", str(tmp_path), "--resume"]) == 0
    assert asked == ["files", "huge", "huge"]


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (Row("a", "of", 1.9, 2), True),
        (Row("a", "of", 2.1, 2), False),
        (Row("a", "times", 210.0, 200), True),
        (Row("a", "times", 190.0, 200), False),
        (Row("a", "times", None, 200), False),
        (Row("a", "times", 190.0), None),
    ],
)
def test_a_target_is_met_or_not(row: Row, met: bool | None) -> None:
    assert row.is_met is met


def test_a_ratio_is_taken_within_each_round() -> None:
    ours = [{"wall": 1.0, "cpu": 1.0}, {"wall": 10.0, "cpu": 1.0}, {"wall": 2.0, "cpu": 1.0}]  # the second round was disturbed
    theirs = [{"wall": 4.0, "cpu": 2.0}, {"wall": 50.0, "cpu": 2.0}, {"wall": 8.0, "cpu": 2.0}]
    row = reading.compared("a", "times", ours, "b", theirs, 4)
    assert (row.value, row.spread, row.wall, row.other_wall) == (4.0, (4.0, 5.0), 2.0, 8.0)


def test_the_document_keeps_its_words_around_the_table(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text((ROOT / "docs" / "performance.md").read_text())
    words = document.read_text().split(reading.BEGIN)[0], document.read_text().split(reading.END)[1]
    results = {"files": Measured((Row("a | b", "times", 12.0, 10.0, note="<b>"),), "2026-11-21 03:00", (0.5, 0.7), 1.0)}
    reading.put(document, reading.table_of(results))
    reading.put(document, reading.table_of(results))
    assert (document.read_text().split(reading.BEGIN)[0], document.read_text().split(reading.END)[1]) == words
    assert "| **12 ×** | ≥ 10: met |" in document.read_text()


@pytest.mark.browser
def test_the_page_of_the_explorer_is_measured(tmp_path: Path) -> None:
    from benchmarks import explorer
    from benchmarks.stores import Shape

    if explorer.CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    page, _ = explorer.page_of(Shape(8, 3, 20), tmp_path)
    with ThreadPoolExecutor(1) as own_thread:  # other tests of this process may hold its event loop
        for in_frame in (False, True):
            found = own_thread.submit(explorer.opened, page, in_frame=in_frame).result()
            assert found["count"].endswith("of 8 runs shown")
            assert min(found[name] for name in ("usable", "nodes", "first", "last")) > 0


WORLD = scale.World((2.0,), n_calls=4, call_seconds=0.5, n_reports=40, n_workers=10, straggling=0.0, n_slow=0, n_dying=0)
"""A report takes 4 s, and each of ten workers makes four."""


def test_a_simulation_without_trouble_is_what_one_can_work_out() -> None:
    found = scale.simulated(WORLD)
    assert found == scale.Simulated(makespan=21.0, most=21.0, busy=160 / 210, n_done=40, n_again=0)
    limited = replace(WORLD, calls_per_second=10.0)
    assert scale.simulated(limited).makespan == 27.0  # a second between two calls of a worker: a report takes 5.5 s
    together = scale.simulated(replace(limited, divided=False)).makespan
    assert 5 + 2 + 160 / 10 <= together <= 28  # the last call, and what a worker draws after it
    assert scale.simulated(replace(limited, calls_per_second=2.0)).makespan > 160 / 2


def test_a_simulation_loses_and_doubles_no_report() -> None:
    for seed in range(20):
        found = scale.simulated(replace(WORLD, n_dying=9, n_slow=3, straggling=0.1, seed=seed))
        assert found.n_done == 40
        assert found.n_again <= 9
        assert found.makespan > 21


@pytest.mark.slow
def test_the_scale_is_measured_and_simulated(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scale, "FORMATS", ("gates",))
    monkeypatch.setattr(scale, "_ways", lambda *_: nullcontext(iter([("1 process", 1, "", None)])))
    assert scale.main(["--reports", "2", "--workers", "1", "--stores", str(folder), "--no-document"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"\| 1 process \| \d+ \| [\d.]+ \| [\d.]+ \| [\d.]+ \| all 2 \|", printed)
    assert all(f"| {case} |" in printed for case in scale.CASES)
    assert "10,000 reports, 200 workers" in printed


def test_new_runs_of_the_whole_reports_benchmark_are_whole_runs(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    from benchmarks import whole
    from tests import ab_store

    ab_store.sqlite_store(tmp_path)
    counts = []
    for share in (0.0, 0.2):
        if share:
            whole.add_runs(tmp_path / "mlflow.db", share)
        with closing(sqlite3.connect(tmp_path / "mlflow.db")) as database:
            counts.append([database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("runs", "metrics")])
    assert counts[1][0] - counts[0][0] == round(0.2 * ab_store.N_RUNS)
    assert counts[1][1] > counts[0][1]

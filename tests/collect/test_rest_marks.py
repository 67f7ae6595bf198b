"""What of a server may come from the cache: runs that ended days ago and look the same, each read anew every sixteenth day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from reportgen.collect import Reading, Selection
from reportgen.collect.cache.folder import at_store
from reportgen.collect.gather import snapshot_of
from reportgen.collect.rest.session import Limits
from reportgen.collect.rest.source import RestSource
from reportgen.collect.source import Mark
from reportgen.snapshot import Snapshot
from tests.collect.proxy import Proxy, proxy_before
from tests.collect.stores import START, content, insert_runs
from tests.servers import serving

pytestmark = pytest.mark.server

DAY = 86_400
NOW = START / 1000 + 100 * DAY
N_RUNS = 40
BULK = "metrics/get-history-bulk"


@pytest.fixture
def served(store: Path) -> Iterator[tuple[Path, Proxy]]:
    insert_runs(store, N_RUNS, metrics=("loss", "acc"), n_steps=5)
    with serving(f"sqlite:///{store}", store.parent) as server, proxy_before(server.url) as proxy:
        yield store, proxy


def source_at(proxy: Proxy, now: float) -> RestSource:
    return RestSource(proxy.url, {}, Limits(), clock=lambda: now)


def marks(proxy: Proxy, now: float = NOW) -> dict[str, Mark]:
    with closing(source_at(proxy, now)) as source:
        ids = source.runs(["0"])["run_id"].to_pylist()
        assert source.stamp() == ""
        return dict(source.marks(ids))


def executed(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, timeout=20)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_marks_tell_what_the_list_tells(served: tuple[Path, Proxy]) -> None:
    path, proxy = served
    before = marks(proxy)
    assert len(before) == N_RUNS
    assert {(mark.n_points, mark.n_series) for mark in before.values()} == {(None, 2)}
    assert marks(proxy) == before
    a, b, c, d, e, f, *_ = sorted(before)
    fresh = int((NOW - DAY / 2) * 1000)
    executed(
        path,
        f"UPDATE latest_metrics SET value = 1e9 WHERE run_uuid = '{a}' AND key = 'loss'",
        f"INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES ('{b}', 'new', 0, 1, 1, 1)",
        f"UPDATE runs SET status = 'FAILED' WHERE run_uuid = '{c}'",
        f"UPDATE runs SET status = 'RUNNING', end_time = NULL WHERE run_uuid = '{d}'",
        f"UPDATE runs SET end_time = {fresh} WHERE run_uuid = '{e}'",
        f"UPDATE runs SET status = 'RUNNING' WHERE run_uuid = '{f}'",
    )
    after = marks(proxy)
    assert set(before) - set(after) == {d, e, f}
    assert {run for run, mark in after.items() if mark != before[run]} == {a, b, c}
    assert after[b].n_series == 3
    assert marks(proxy, NOW + DAY).keys() == before.keys() - {d, f}


def test_each_mark_changes_once_in_sixteen_days(served: tuple[Path, Proxy]) -> None:
    _, proxy = served
    days = []
    with closing(source_at(proxy, NOW)) as source:
        ids = source.runs(["0"])["run_id"].to_pylist()
        for number in range(33):
            source._clock = lambda number=number: NOW + number * DAY  # type: ignore[misc]
            days.append(source.marks(ids))
    changes = [{run for run in ids if one[run] != other[run]} for one, other in pairwise(days)]
    for run in ids:
        assert [run in changed for changed in changes[:16]] == [run in changed for changed in changes[16:]]
        assert sum(run in changed for changed in changes[:16]) == 1
    assert max(map(len, changes)) < N_RUNS / 3  # and not all on one day


def test_an_unchanged_store_is_asked_for_its_lists_only(served: tuple[Path, Proxy], tmp_path: Path) -> None:
    path, proxy = served
    reading = at_store(Reading(cache=tmp_path / "cache"), proxy.url)

    def read(now: float) -> Snapshot:
        proxy.calls.clear()
        with closing(source_at(proxy, now)) as source:
            return snapshot_of(source, Selection(), lambda *_: None, reading)

    first, second = read(NOW), read(NOW)
    assert content(second) == content(first)
    assert BULK not in proxy.calls
    note = next(p for p in second.problems if p.slug == "cache-by-last-values")
    assert note.severity == "note"
    assert "read again every 16 days" in note.what

    run = second.runs["run_id"].to_pylist()[0]
    executed(path, f"INSERT INTO metrics VALUES ('loss', 7.5, 1, '{run}', 1, 0)")  # an earlier step, which no list tells
    assert content(read(NOW)) == content(first)
    found = [day for day in range(1, 17) if read(NOW + day * DAY).history.n_points == first.history.n_points + 1]
    assert found
    assert found == list(range(found[0], 17))  # since its day it is there

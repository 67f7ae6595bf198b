"""What is computed on the way: MLflow's substitutes, last values, LIKE, chunks, books, masking, artifact folders."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.collect import Selection
from reportgen.collect.artifacts import MAX_ENTRIES, artifact_folder, artifact_rows
from reportgen.collect.canonical_rows import GREATEST, caught_up, decoded, history_table, last_points, plain, rows_table
from reportgen.collect.filters import LikeRules, _like_regex
from reportgen.collect.history_spill import HistorySpill, HistoryTotals, joined_history
from reportgen.collect.ledger import Books, Exclusions, ledger_of, unbalanced
from reportgen.collect.pool import in_order
from reportgen.collect.redact import redacted
from reportgen.collect.selection import chosen_experiments
from reportgen.collect.sql.point_counts import sized_chunks
from reportgen.collect.sql.postgresql import libpq_uri
from reportgen.errors import Problem, SourceError
from reportgen.redaction import MASK
from reportgen.snapshot import History, LedgerRow, SourceInfo, empty_snapshot

# --- MLflow's substitutes ---


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True, width=64)))
def test_what_mlflow_stores_comes_back_as_it_was_logged(values: list[float]) -> None:
    """``sanitize_metric_value`` of MLflow's store, and back."""
    is_nan = np.array([math.isnan(v) for v in values], dtype=np.int64)
    stored = np.array([0.0 if math.isnan(v) else math.copysign(GREATEST, v) if math.isinf(v) else v for v in values])
    logged = [math.copysign(math.inf, v) if abs(v) == GREATEST else v for v in values]
    assert np.array_equal(decoded(stored, is_nan), np.array(logged, dtype=float), equal_nan=True)


def test_text_keeps_everything_but_lone_surrogates() -> None:
    assert plain("a\ud800b") == "a�b"
    assert plain("😀 é \0") == "😀 é \0"


# --- last values ---

POINT = st.tuples(st.sampled_from([0, 1, 2]), st.sampled_from([0, 1]), st.sampled_from([-1.0, 0.0, 2.0, math.nan, math.inf]))
SERIES = st.dictionaries(st.tuples(st.sampled_from("rs"), st.sampled_from("xy")), st.lists(POINT, min_size=1, max_size=8))


def history_of(series: dict[tuple[str, str], list[tuple[int, int, float]]]) -> pa.Table:
    rows = [(run, metric, *point) for (run, metric), points in series.items() for point in points]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 5
    words = [pa.chunked_array([pa.array(columns[i], pa.string())]) for i in (0, 1)]
    numbers = [np.array(columns[i], dtype=np.int64) for i in (2, 3)]
    return history_table({"r": "1", "s": "2"}, *words, *numbers, np.array(columns[4], dtype=float))


@given(SERIES)
def test_the_last_point_is_the_one_that_mlflow_keeps(series: dict[tuple[str, str], list[tuple[int, int, float]]]) -> None:
    def rank(point: tuple[int, int, float]) -> tuple[int, int, float]:
        return point[0], point[1], 0.0 if math.isnan(point[2]) else point[2]

    found = {
        (r["run_id"], r["metric"]): (r["step"], r["timestamp"].timestamp() * 1000, r["value"])
        for r in last_points(history_of(series)).to_pylist()
    }
    assert found.keys() == series.keys()
    for key, points in series.items():
        assert rank(found[key]) == rank(max(points, key=rank))


@given(SERIES)
def test_a_history_is_sorted_and_whole(series: dict[tuple[str, str], list[tuple[int, int, float]]]) -> None:
    table = history_of(series)
    rows = [tuple(r.values()) for r in table.to_pylist()]
    keys = [(*row[:5], math.isnan(row[5]), 0 if math.isnan(row[5]) else row[5]) for row in rows]
    assert keys == sorted(keys)
    assert Counter((r[1], r[2]) for r in rows) == {key: len(points) for key, points in series.items()}


def metrics_of(rows: Sequence[tuple[str, str, float, int, int]]) -> pa.Table:
    names = ("run_id", "metric", "value", "step", "timestamp")
    return rows_table("metrics", [dict(zip(names, row, strict=True)) | {"experiment_id": "1"} for row in rows])


def test_last_values_follow_a_history_that_went_on() -> None:
    history = history_of({("r", "x"): [(1, 1, 5.0), (2, 2, 6.0)], ("r", "y"): [(1, 1, 7.0)]})
    metrics, lacking = caught_up(metrics_of([("r", "x", 5.0, 1, 1), ("r", "z", 1.0, 0, 0)]), last_points(history))
    assert [(r["metric"], r["value"]) for r in metrics.to_pylist()] == [("x", 6.0), ("y", 7.0), ("z", 1.0)]
    assert lacking == ()


def test_a_history_that_ends_before_the_last_value_is_found() -> None:
    history = history_of({("r", "x"): [(1, 1, 5.0)]})
    metrics, lacking = caught_up(metrics_of([("r", "x", 9.0, 3, 3)]), last_points(history))
    assert [r["value"] for r in metrics.to_pylist()] == [9.0]
    assert lacking == (("r", "x"),)


# --- LIKE ---

WORDS = st.text(alphabet="aAbé%_\\\n.*ß", max_size=8)


@given(WORDS, WORDS, st.booleans())
def test_like_is_that_of_sqlite(text: str, pattern: str, ignore_case: bool) -> None:
    """As MLflow asks it: with ``case_sensitive_like``, and ILIKE as LIKE of both sides in lower case."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA case_sensitive_like = true")
        asked = "SELECT lower(?) LIKE lower(?)" if ignore_case else "SELECT ? LIKE ?"
        (expected,) = connection.execute(asked, (text, pattern)).fetchone()
    regex = _like_regex(pattern, ignore_case, LikeRules(folds_ascii_only=True))
    assert (regex.fullmatch(text) is not None) == bool(expected)


def test_like_of_postgresql_knows_the_backslash() -> None:
    rules = LikeRules(backslash_escapes=True)
    assert _like_regex("50\\%", False, rules).fullmatch("50%")
    assert not _like_regex("50\\%", False, rules).fullmatch("50 x")
    assert _like_regex("É%", True, rules).fullmatch("éa")


# --- chunks and threads ---


@given(st.lists(st.integers(0, 800_000), max_size=40), st.integers(1, 7))
def test_chunks_hold_every_run_once_in_order_and_few_points(sizes: list[int], n_runs: int) -> None:
    run_ids = [f"r{i}" for i in range(len(sizes))]
    by_run = dict(zip(run_ids, sizes, strict=True))
    found = list(sized_chunks(by_run.items(), n_runs, 500_000))
    chunks = [chunk for chunk, _ in found]
    assert [sum(by_run[run] for run in chunk) for chunk in chunks] == [n for _, n in found]
    assert [run for chunk in chunks for run in chunk] == run_ids
    assert all(len(chunk) <= n_runs for chunk in chunks)
    assert all(len(chunk) == 1 or sum(by_run[run] for run in chunk) <= 500_000 for chunk in chunks)


def test_results_come_in_order_from_workers_that_are_used_by_one_task_at_a_time() -> None:
    busy: Counter[str] = Counter()
    lock = threading.Lock()

    def work(worker: str, task: int) -> int:
        with lock:
            busy[worker] += 1
            assert busy[worker] == 1
        time.sleep(0.002 * (task % 3))
        with lock:
            busy[worker] -= 1
        return task * task

    assert list(in_order(["a", "b", "c"], work, range(50))) == [n * n for n in range(50)]


def test_what_a_task_raises_comes_out_and_nothing_is_left_running() -> None:
    before = threading.active_count()

    def work(_: int, task: int) -> int:
        if task == 5:
            raise ValueError("five")
        return task

    found = []
    with pytest.raises(ValueError, match="five"):
        found += in_order([0, 1], work, range(100))
    for value in in_order([0, 1], work, range(4)):
        found.append(value)
        break
    assert found == [0, 1, 2, 3, 4, 0]
    assert threading.active_count() == before


# --- choosing ---


@pytest.mark.fault("The experiment is deleted", "The error says so.", at="config", exit=4)
def test_experiments_are_found_by_exact_name_before_id_and_glob() -> None:
    names = {"1": "a", "2": "1", "3": "[x]", "4": "ab"}

    def chosen(*patterns: str) -> tuple[str, ...]:
        return chosen_experiments(names, ["4"], Selection(experiments=patterns), "here")

    assert chosen("1") == ("2",)
    assert chosen("3") == ("3",)
    assert chosen("[x]") == ("3",)
    assert chosen("a*") == ("1", "4")
    assert chosen("*") == ("1", "2", "3", "4")
    with pytest.raises(SourceError, match="experiment 'ab' is deleted in here"):
        chosen("ab")
    assert chosen_experiments({}, [], Selection(), "here") == ()


def test_an_unknown_experiment_of_many_lists_some() -> None:
    names = {str(i): f"exp-{i:03}" for i in range(30)}
    with pytest.raises(SourceError) as raised:
        chosen_experiments(names, [], Selection(experiments=("zzz",)), "here")
    assert raised.value.allowed is not None
    assert raised.value.allowed.endswith("'exp-019' and 10 more")
    assert raised.value.todo == "name an experiment that is there"


@given(st.integers(0, 10_000))
def test_a_window_holds_its_start_and_not_its_end(offset: int) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    selection = Selection(start=start, end=start + timedelta(seconds=5))
    moment = int(start.timestamp() * 1000) + offset - 2_500
    assert selection.holds_start(moment) == (0 <= offset - 2_500 < 5_000)
    assert not selection.holds_start(None)
    assert Selection().holds_start(None)


def test_a_window_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Selection(start=datetime(2026, 11, 1))  # noqa: DTZ001 (that is the point)


def test_a_selection_says_what_was_asked() -> None:
    selection = Selection(("a", "b/*"), "metrics.x > 1", datetime(2026, 11, 1, tzinfo=UTC), deleted=True, metrics=("x",))
    assert selection.as_asked() == (
        ("experiments", "a, b/*"),
        ("filter", "metrics.x > 1"),
        ("start", "2026-11-01T00:00:00+00:00"),
        ("deleted", "yes"),
        ("metrics", "x"),
    )


# --- books ---


def test_books_that_do_not_balance_are_told() -> None:
    read = {"points": {"1": 2}, "series": {"1": 1}}
    exclusions = Exclusions({"r": "1", "gone": "1"}, {"gone": "deleted"})
    stored = {"points": {"r": 3, "gone": 4}, "series": {"r": 1, "gone": 1}}
    ledger = ledger_of({"1": "one"}, exclusions, Books(stored, {"unreadable": {"points": {"r": 0}}}, read), counts_points=True)
    rows = {row.item: row for row in ledger}
    assert (rows["points"].n_store, rows["points"].n_read, rows["points"].left_out) == (7, 2, (("deleted", 4),))
    assert rows["series"].unexplained == 0
    (problem,) = unbalanced(ledger)
    assert (problem.slug, problem.where, problem.severity) == ("ledger-unbalanced", "experiment one", "gap")
    assert problem.what == "the store counts 7 points, but 2 were read and 4 left out for a known reason"


# --- masking ---


def test_credentials_are_masked_wherever_they_stand() -> None:
    url = "postgresql://bob:pw@host/db"
    snapshot = empty_snapshot(
        SourceInfo("sqlite", "s"),
        params=rows_table(
            "params", [{"run_id": "r", "key": k, "value": v} for k, v in {"hf_token": "x", "max_tokens": "5", "db": url}.items()]
        ),
        tags=rows_table("tags", [{"run_id": "r", "key": "git", "value": None}]),
        experiments=rows_table(
            "experiments", [{"experiment_id": "1", "name": url, "tags": [("api_key", "k"), ("ok", "v"), ("u", url)]}]
        ),
        datasets=rows_table("datasets", [{"run_id": "r", "source": f'{{"uri": "{url}"}}'}]),
        history=History(history_of({("r", "x"): [(0, 0, 1.0)]})),
    )
    clean = redacted(snapshot)
    masked = f"postgresql://{MASK}@host/db"
    assert {r["key"]: r["value"] for r in clean.params.to_pylist()} == {"hf_token": MASK, "max_tokens": "5", "db": masked}
    (experiment,) = clean.experiments.to_pylist()
    assert (experiment["name"], experiment["tags"]) == (masked, [("api_key", MASK), ("ok", "v"), ("u", masked)])
    assert clean.datasets["source"].to_pylist() == [f'{{"uri": "{masked}"}}']
    assert clean.problems[0].what == "values masked: 2 because of their key, 4 that hold a credential"
    assert clean.tags.to_pylist()[0]["value"] is None
    assert redacted(empty_snapshot(SourceInfo("sqlite", "s"))).problems == ()


def test_credentials_are_masked_in_lists_keys_books_and_problems() -> None:
    url, masked = "https://ann:pw@host/d.csv", f"https://{MASK}@host/d.csv"
    earlier = {"run_id": "r", "metrics": [(url, 0.5)], "params": [(url, url), ("api_key", "k")], "datasets": [f"{url} (x)"]}
    snapshot = empty_snapshot(
        SourceInfo("sqlite", "s"),
        earlier=rows_table("earlier", [earlier]),
        metrics=rows_table("metrics", [{"run_id": "r", "metric": name} for name in (url, "https://z@host/d.csv")]),
        ledger=(LedgerRow("1", url, "runs", 0, 0),),
        selection=(("experiments", url),),
        problems=(Problem("x", f"experiment {url}", f"the metric {url}", f"look at {url}"),),
    )
    clean = redacted(snapshot)
    (row,) = clean.earlier.to_pylist()
    assert (row["metrics"], row["datasets"]) == ([(masked, 0.5)], [f"{masked} (x)"])
    assert row["params"] == [(masked, masked), ("api_key", MASK)]
    assert clean.ledger[0].experiment == masked
    assert clean.selection == (("experiments", masked),)
    assert (clean.problems[0].where, clean.problems[0].what) == (f"experiment {masked}", f"the metric {masked}")
    assert clean.problems[0].todo == f"look at {masked}"
    assert clean.problems[1].what == "values masked: 1 because of their key, 6 that hold a credential"


def test_tables_are_in_order_when_names_were_masked() -> None:
    names = ["a://zz:1@h", "a://[a", "b"]
    snapshot = empty_snapshot(
        SourceInfo("sqlite", "s"), metrics=rows_table("metrics", [{"run_id": "r", "metric": name} for name in names])
    )
    found = redacted(snapshot).metrics.column("metric").to_pylist()
    assert found == sorted(found)
    assert f"a://{MASK}@h" in found


def test_masked_metrics_are_counted_alike_however_the_history_is_cut() -> None:
    names = ("a://u:1@h", "a://u:2@h", "b", "c")
    points = history_of({(run, name): [(0, 0, 1.0), (1, 1, 2.0)] for run in ("r", "s") for name in names})
    found = []
    for cuts in ([], [8], [2, 8, 12]):
        totals, spill = HistoryTotals(), HistorySpill(1000, None)
        for start, stop in pairwise([0, *cuts, points.num_rows]):
            spill.add(totals.counted(points.slice(start, stop - start)))
        found.append((totals.n_masked, totals.last_points().column("metric").to_pylist(), joined_history([spill]).n_points))
        assert "u:1" not in str(joined_history([spill]).table().to_pylist())
    assert found == [(2, [*names] * 2, 16)] * 3


# --- URIs ---


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgresql+psycopg2://u:p%40w@h:5433/d?sslmode=require", "postgresql://u:p%40w@h:5433/d?{}&sslmode=require"),
        ("postgres://h/d", "postgresql://h/d?{}"),
        ("postgresql+asyncpg://u@[::1]/d?prepared_statement_cache_size=0", "postgresql://u@[::1]/d?{}"),
        ("postgresql:///d?host=/run/pg", "postgresql:///d?{}&host=%2Frun%2Fpg"),
        ("postgresql://h/d?connect_timeout=3", "postgresql://h/d?connect_timeout=3&application_name=reportgen&client_encoding=UTF8"),
    ],
)  # fmt: skip
def test_sqlalchemys_uris_become_those_of_libpq(given: str, expected: str) -> None:
    assert libpq_uri(given).replace("/run/pg", "%2Frun%2Fpg") == expected.format(
        "connect_timeout=15&application_name=reportgen&client_encoding=UTF8"
    )


def test_what_is_no_uri_is_said_without_its_password() -> None:
    with pytest.raises(SourceError) as raised:
        libpq_uri("postgresql://u:secret@h:port/d")
    assert "secret" not in str(raised.value)


# --- artifacts ---


def test_artifact_folders_of_runs_are_listed(tmp_path: Path) -> None:
    folder = tmp_path / "mlruns" / "1" / "abc" / "artifacts"
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "weights.bin").write_bytes(b"12345")
    (folder / "a.txt").write_text("x")
    (folder / "link").symlink_to("/etc")
    runs = rows_table("runs", [{"experiment_id": "1", "run_id": "abc", "artifact_uri": "mlruns/1/abc/artifacts"}])
    table, problems = artifact_rows(runs, tmp_path)
    assert [(r["path"], r["is_dir"], r["n_bytes"]) for r in table.to_pylist()] == [
        ("a.txt", False, 1),
        ("model", True, None),
        ("model/weights.bin", False, 5),
    ]
    assert problems == ()


@pytest.mark.parametrize(
    "uri", ["/etc", "file:///etc", "s3://b/abc", "/x/../abc", "C:/abc", "", "abc\0", "mlflow-artifacts:/1/abc/artifacts"]
)
def test_folders_that_no_run_made_are_not_listed(uri: str, tmp_path: Path) -> None:
    assert artifact_folder(uri, "abc", tmp_path) is None


def test_a_folder_may_be_anywhere_when_it_is_named_like_its_run(tmp_path: Path) -> None:
    folder = tmp_path / "store #1" / "abc" / "artifacts"
    folder.mkdir(parents=True)
    assert artifact_folder(str(folder), "abc", Path("/")) == folder
    assert artifact_folder(folder.as_uri(), "abc", Path("/")) == folder


def test_a_long_listing_is_cut_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "abc"
    folder.mkdir()
    for number in range(MAX_ENTRIES + 1):
        (folder / f"{number:05}").touch()
    table, problems = artifact_rows(
        rows_table("runs", [{"experiment_id": "1", "run_id": "abc", "artifact_uri": str(folder)}]), tmp_path
    )
    assert table.num_rows == MAX_ENTRIES
    assert [(p.slug, p.where, p.what) for p in problems] == [
        ("artifacts-cut", "run abc", "only 10,000 of its artifacts are listed")
    ]

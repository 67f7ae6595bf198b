"""Stores that MLflow 3.4 to 3.18 evaluated into: every assessment and row read and in the ledger, and no text kept."""

from __future__ import annotations

import io
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from reportgen import api
from reportgen.collect import Reading, Selection, collect
from reportgen.collect.assessments import (
    LONGEST_RATIONALE,
    assessment_row,
    canonical_inputs,
    described,
    digest_of,
    error_code,
    otlp_value,
    own_tags,
    row_key,
    span_inputs,
)
from reportgen.config import ReportConfig
from reportgen.snapshot import Snapshot
from tests.collect.conftest import SHARED
from tests.collect.evaluated import ANSWER, QUESTION
from tests.collect.test_traces import logged_to
from tests.servers import DatabaseServer, MlflowServer

MANIFEST = SHARED / "stores" / "GENAI_MANIFEST.json"
STORES: dict[str, Any] = {store["id"]: store for store in json.loads(MANIFEST.read_text())["stores"]} if MANIFEST.exists() else {}
SECRETS = ("what about the", "ANSWER-", "analyst", "退款需要几天", "回答不错", "Traceback")


def counted(snapshot: Snapshot, run_id: str) -> list[list[Any]]:
    """As the manifest counts: [name, type, valid, error, n] of what names the run."""
    rows = [row for row in snapshot.assessments.to_pylist() if row["run_id"] == run_id]
    counts = Counter((row["name"], row["type"], int(row["valid"]), int(bool(row["error"]))) for row in rows)
    return [[*key, n] for key, n in sorted(counts.items())]


def check(snapshot: Snapshot, expected: Mapping[str, Any]) -> None:
    books = {row.item: (row.n_store, row.n_read) for row in snapshot.ledger if row.experiment_id != "0"}
    assert books["assessments"] == (expected["assessments"],) * 2
    assert not any(row.unexplained for row in snapshot.ledger)
    said = snapshot.assessments.to_pylist()
    assert sum(row["type"] == "expectation" for row in said) == expected["expectations"]
    assert sum(bool(row["error"]) for row in said) == expected["feedback_errors"]
    assert sum(not row["valid"] for row in said) == expected["invalid"]
    assert sum(bool(row["overrides"]) for row in said) == expected["overriding"]
    for by in expected["assessments_by"]:
        key = (by["name"], by["type"], by["source"], by["valid"], by["error"])
        own = [row for row in said if (row["name"], row["type"], row["source"], row["valid"], bool(row["error"])) == key]
        numbers = [row["number"] for row in own if row["number"] is not None]
        assert (len(own), len(numbers)) == (by["n"], by["n_as_number"]), key
        assert sum(numbers) == pytest.approx(by["sum_as_number"] or 0, abs=1e-9), key
    links = Counter(row["run_id"] for row in snapshot.evaluation_rows.to_pylist())
    for run in expected["runs"]:
        assert links[run["run_id"]] == run["traces"], run["name"]
        assert counted(snapshot, run["run_id"]) == sorted(run["assessments_of_this_run"]), run["name"]
    records = {row["dataset_id"]: row["n_records"] for row in snapshot.evaluation_datasets.to_pylist()}
    assert len(records) == expected["evaluation_datasets"]
    assert sum(records.values()) == expected["evaluation_dataset_records"]
    kept = repr(
        [snapshot.assessments.to_pylist(), snapshot.evaluation_rows.to_pylist(), snapshot.evaluation_datasets.to_pylist()]
    )
    assert not [secret for secret in SECRETS if secret in kept]


@pytest.mark.skipif(not STORES, reason="the collection of real stores is not here")
@pytest.mark.parametrize("name", sorted(STORES))
def test_every_count_is_right_and_no_text_is_kept(name: str, shared_store: Callable[[str], Path]) -> None:
    snapshot = collect(f"sqlite:///{shared_store(name)}/mlflow.db", Selection())
    check(snapshot, STORES[name]["counts"])
    assert all(row["row"].isdecimal() for row in snapshot.evaluation_rows.to_pylist())


@pytest.mark.skipif(not STORES, reason="the collection of real stores is not here")
def test_the_cache_changes_nothing_and_a_saved_snapshot_is_the_same(shared_store: Callable[[str], Path], tmp_path: Path) -> None:
    uri = f"sqlite:///{shared_store('genai-06')}/mlflow.db"
    reading = Reading(cache=tmp_path / "cache")
    first, again = collect(uri, Selection(), reading=reading), collect(uri, Selection(), reading=reading)
    assert first.digest() == again.digest() == collect(uri, Selection()).digest()
    first.save(tmp_path / "saved")
    assert Snapshot.load(tmp_path / "saved").assessments.equals(first.assessments)


@pytest.mark.skipif(not STORES, reason="the collection of real stores is not here")
def test_a_run_that_is_left_out_takes_its_assessments_with_it(shared_store: Callable[[str], Path]) -> None:
    uri = f"sqlite:///{shared_store('genai-06')}/mlflow.db"
    snapshot = collect(uri, Selection(filter="attributes.run_name = 'judge set 2'"))
    (books,) = [row for row in snapshot.ledger if row.item == "assessments"]
    assert books.n_store == 326
    assert dict(books.left_out) == {"not selected by the filter": 326 - books.n_read}
    # A trace stays while one of the runs that hold it is there, with what the others said of it.
    assert {row["trace_id"] for row in snapshot.assessments.to_pylist()} == {
        row["trace_id"] for row in snapshot.traces.to_pylist()
    }
    assert snapshot.traces.num_rows == 24


@pytest.mark.skipif(not STORES, reason="the collection of real stores is not here")
def test_the_words_of_prompts_are_read_where_texts_are_asked_for(shared_store: Callable[[str], Path], tmp_path: Path) -> None:
    uri = f"sqlite:///{shared_store('genai-01')}/mlflow.db"
    assert "support agent" not in repr([table.to_pylist() for _, table in collect(uri, Selection()).tables()])
    api.compare("eval v1", "eval v2", tracking_uri=uri, output=tmp_path, formats=["data"], texts=True)
    (diff,) = [path.read_text() for path in tmp_path.rglob("trust-prompt-1.csv")]
    assert diff.splitlines()[0] == "sign,line"
    assert [line.partition(",")[2] for line in diff.splitlines()[1:]] == [
        "Answer the question: {{question}}",
        "You are a support agent. Answer briefly.",
        "",
        "{{question}}",
    ]
    assert "support agent" not in repr(pq.read_table(next(tmp_path.rglob("models.parquet"))).to_pylist())


# --- values ---


def given(value: Any, **more: Any) -> dict[str, Any]:
    return assessment_row("1", "t", {"id": "a", "name": "s", "type": "feedback", "value": value, "metadata": {}} | more)


@pytest.mark.parametrize(
    ("value", "kind", "number"),
    [
        (True, "pass", 1.0),
        ("No", "pass", 0.0),
        ("yes ", "label", None),  # MLflow's client strips no blanks
        (0.5, "number", 0.5),
        (10**400, "none", None),
        ("formal", "label", None),
        ("x" * 25, "text", None),
        ({"score": 1}, "text", None),
        (None, "none", None),
    ],
)
def test_feedback_is_a_number_where_mlflow_counts_it(value: Any, kind: str, number: float | None) -> None:
    row = given(value)
    assert (row["kind"], row.get("number")) == (kind, number)


def test_nan_is_a_value() -> None:
    assert repr(given(float("nan"))["number"]) == "nan"


def test_people_and_long_texts_are_digests_and_an_error_is_its_code() -> None:
    row = given("My name is Ann and I like it", source="HUMAN", rater="ann@example.com", error=error_code('{"error_code": "E1"}'))
    assert "ann" not in repr(row).lower()
    assert row["error"] == "E1"
    assert error_code('{"error_message": "/home/x", "stack_trace": "..."}') == "error"
    assert error_code(None) == ""


def test_rows_are_the_same_by_inputs_without_empty_keyword_arguments() -> None:
    assert row_key({"question": "q", "kw": {}}, "", "") == row_key({"question": "q"}, "random", "")
    assert row_key({"a": 1, "b": 2}, "", "") == row_key({"b": 2, "a": 1}, "", "")
    assert canonical_inputs("text") == "text"
    assert row_key(None, "", '{"question": "q"}') == (row_key({"question": "q"}, "", "")[0], "preview")
    assert row_key(None, "a" * 64, "")[1] == "request"
    assert row_key(None, "0a1b-random", "") == ("", "")
    assert row_key(None, "", "x" * 1000) == ("", "")  # a cut preview: two long inputs may begin alike
    assert digest_of({"a": float("nan")}) == digest_of({"a": float("nan")})


def test_inputs_are_json_in_json_and_damage_is_none() -> None:
    assert span_inputs('{"attributes": {"mlflow.spanInputs": "{\\"q\\": 1}"}}') == {"q": 1}
    for content in (None, "", "[", "[]", '{"attributes": []}', "[" * 100_000):
        assert span_inputs(content) is None


def test_only_short_tags_of_users_are_kept() -> None:
    assert own_tags([("slice", "a"), ("mlflow.x", "y"), ("long", "z" * 41), ("empty", "")]) == [("slice", "a")]


# --- the same over a server, and in folders ---


def rows_of(snapshot: Snapshot) -> tuple[Any, ...]:
    """What must not depend on the reader; the store's own ids are in it."""
    return (snapshot.assessments.to_pylist(), snapshot.evaluation_rows.to_pylist(), snapshot.evaluation_datasets.to_pylist())


def same_as_its_database(uri: str, url: str, name: str) -> None:
    own, served = (collect(store, Selection(texts=True)) for store in (uri, url))
    check(served, STORES[name]["counts"])
    assert rows_of(served) == rows_of(own)
    assert served.evaluation_texts.num_rows > 0
    assert served.evaluation_texts.equals(own.evaluation_texts)


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.skipif(not STORES, reason="the collection of real stores is not here")
@pytest.mark.parametrize("name", ["genai-02", "genai-05"])
def test_a_server_tells_what_its_database_holds(
    name: str, shared_store: Callable[[str], Path], mlflow_server: Callable[[str], MlflowServer]
) -> None:
    """Runs that judge each other's traces, overrides, an evaluation data set, an answer sheet, spans that no server has."""
    uri = f"sqlite:///{shared_store(name)}/mlflow.db"
    opened_by_the_installed_mlflow(uri.removeprefix("sqlite:///"))
    same_as_its_database(uri, mlflow_server(uri).url, name)


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.skipif(not STORES, reason="the collection of real stores is not here")
def test_a_server_tells_of_a_trace_that_a_run_holds_by_a_link_alone(
    shared_store: Callable[[str], Path], mlflow_server: Callable[[str], MlflowServer]
) -> None:
    """Of one server, before and after what the run said is gone, so that nothing but the link is left."""
    path = f"{shared_store('genai-06')}/mlflow.db"
    opened_by_the_installed_mlflow(path)
    url = mlflow_server(f"sqlite:///{path}").url
    same_as_its_database(f"sqlite:///{path}", url, "genai-06")
    of_others = (
        "SELECT source_id, destination_id FROM entity_associations WHERE source_type = 'trace' AND destination_type = 'run' AND "
        "NOT EXISTS (SELECT 1 FROM trace_request_metadata WHERE request_id = source_id AND key = 'mlflow.sourceRun' "
        "AND value = destination_id) ORDER BY 2, 1 LIMIT 1"
    )
    with closing(sqlite3.connect(path)) as db, db:
        ((trace_id, run_id),) = db.execute(of_others).fetchall()
        db.execute("DELETE FROM assessments WHERE assessment_metadata LIKE ?", (f"%{run_id}%",))
    own, served = collect(f"sqlite:///{path}", Selection()), collect(url, Selection())
    links = {(row["trace_id"], row["run_id"]) for row in served.evaluation_rows.to_pylist()}
    assert (trace_id, run_id) in links
    assert rows_of(served) == rows_of(own)


def opened_by_the_installed_mlflow(path: str) -> None:
    """MLflow 3.18 added nothing to the schema that 3.17 cannot read, but 3.17 does not know its revision."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = 'dc11669786a5' WHERE version_num = 'f4a9b2c7d1e6'")


@pytest.fixture(scope="module")
def evaluated_uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("evaluated")
    return logged_to(f"sqlite:///{folder}/mlflow.db", folder, "evaluated.py")


def copied(source: str, target: str) -> str:
    """``target``, a store of MLflow's own making, with every row of ``source``."""
    import sqlalchemy as sa
    from mlflow.store.db.base_sql_model import Base
    from mlflow.store.tracking import sqlalchemy_store

    assert sqlalchemy_store  # imported for the tables that it declares
    with sa.create_engine(source).connect() as old, sa.create_engine(target, poolclass=sa.NullPool).begin() as new:
        if target.startswith("mysql"):  # the experiment Default is number 0
            new.execute(sa.text("SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')"))
        for table in reversed(Base.metadata.sorted_tables):
            new.execute(table.delete())
        for table in Base.metadata.sorted_tables:
            own = [column for column in table.columns if column.computed is None]
            if rows := [dict(row._mapping) for row in old.execute(sa.select(*own))]:
                new.execute(table.insert(), rows)
    return target


def told(uri: str) -> tuple[Any, ...]:
    """What is read of MLflow's own evaluation in the store at ``uri``, without the ids that the store gave."""
    snapshot = collect(uri, Selection(texts=True))
    shown = Counter((row["kind"], row["content"]) for row in snapshot.evaluation_texts.to_pylist())
    assert Counter(kind for kind, _ in shown.elements()) == {"question": 12, "answer": 12, "rationale": 12}
    assert 0.7 * LONGEST_RATIONALE < max(len(text) for _, text in shown) < LONGEST_RATIONALE * 3 // 4  # a part is masked
    kept = repr(rows_of(snapshot))
    assert QUESTION not in kept
    assert ANSWER not in kept
    assert "somebody" not in kept
    names = {row["run_id"]: row["name"] for row in snapshot.runs.to_pylist()}
    of_trace = {row["trace_id"]: (names[row["run_id"]], row["row"]) for row in snapshot.evaluation_rows.to_pylist()}
    assert sorted(of_trace.values()) == sorted((name, str(i)) for name in ("one", "two") for i in range(1, 7))
    said = Counter(
        (names[row["run_id"]], row["name"], row["kind"], row["number"], row["valid"], bool(row["error"]))
        for row in snapshot.assessments.to_pylist()
    )
    tags = Counter(dict(row["tags"])["half"] for row in snapshot.evaluation_rows.to_pylist())
    books = {row.item: (row.n_store, row.n_read) for row in snapshot.ledger}
    assert (tags, books["assessments"]) == (Counter(first=6, second=6), (36, 36))
    assert said["two", "words", "none", None, True, True] == 1
    assert said["one", "correct", "pass", 1.0, True, False] == 6
    return said, tags, shown


@pytest.mark.slow
def test_mlflows_own_evaluation_in_a_database_and_in_folders(evaluated_uri: str, tmp_path: Path) -> None:
    assert told(evaluated_uri) == told(logged_to(f"{tmp_path}/mlruns", tmp_path, "evaluated.py"))


def test_texts_are_shown_where_they_are_asked_for_masked_and_cut(evaluated_uri: str, tmp_path: Path) -> None:
    def files(folder: str, **more: Any) -> Mapping[str, bytes]:
        asked: dict[str, Any] = {
            "tracking_uri": evaluated_uri,
            "output": tmp_path / folder,
            "formats": ["html", "markdown", "data"],
        }
        api.compare("one", "two", **asked, **more)
        return {path.name: path.read_bytes() for path in (tmp_path / folder).rglob("*") if path.is_file()}

    without, shown = files("without"), files("shown", texts=True)
    assert not [path for path, content in without.items() if b"SECRET" in content]
    words = shown["summary.md"].decode()
    assert f"{QUESTION} 0" in words
    assert f"{ANSWER} 1" in words
    assert b"<b>Compared</b>" not in shown["report.html"]
    assert "word word" in words
    assert "word " * 60 not in words
    for path, content in {**without, **shown}.items():
        assert b"hunter2" not in content, path

    for one in (without, shown):
        assert pq.read_table(io.BytesIO(one["evaluation_texts.parquet"])).num_rows == 0

    taken = collect(evaluated_uri, Selection(texts=True))
    assert taken.digest() == taken.without_texts().digest() == collect(evaluated_uri, Selection()).digest()


def test_data_files_keep_texts_only_where_they_are_asked_for() -> None:
    groups = {"groups": {"a": "run:one", "b": "run:two"}}
    for asked, wanted in ((False, (False, False)), (True, (True, False)), ("data", (True, True))):
        report = ReportConfig.model_validate({"compare": {**groups, "texts": asked}})
        assert (report.shows_texts, report.keeps_texts) == wanted
        assert ("texts" in report.content()["compare"]) is bool(asked)


@pytest.mark.server
@pytest.mark.slow
def test_the_same_statements_read_postgresql_and_mariadb(
    evaluated_uri: str, postgres: DatabaseServer, mariadb: DatabaseServer
) -> None:
    own = collect(evaluated_uri, Selection())
    for server in (postgres, mariadb):
        assert rows_of(collect(copied(evaluated_uri, server.create_store("evaluated")), Selection())) == rows_of(own)


def test_values_of_open_telemetry_are_plain_json() -> None:
    told = {"kvlist_value": {"values": [{"key": "n", "value": {"int_value": "3"}}, {"key": "s", "value": {"stringValue": "x"}}]}}
    assert otlp_value(told) == {"n": 3, "s": "x"}
    assert otlp_value({"array_value": {"values": [{"bool_value": True}, {}]}}) == [True, None]
    assert otlp_value("text") is None


@pytest.mark.parametrize("given", [{}, {"feedback": 3}, {"feedback": {}, "source": "x", "metadata": []}])
def test_what_a_server_may_say_of_an_assessment(given: Any) -> None:
    row = described("1", "t", given)
    assert row is None or row["kind"] == "none"

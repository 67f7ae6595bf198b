"""Stores that MLflow 3.4 to 3.18 evaluated into: every assessment and row read and in the ledger, and no text kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Reading, Selection, collect
from reportgen.collect.assessments import assessment_row, canonical_inputs, digest_of, error_code, own_tags, row_key, span_inputs
from reportgen.snapshot import Snapshot
from tests.collect.conftest import SHARED

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

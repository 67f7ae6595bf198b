"""What MLflow's evaluation wrote: its names, its numbers, and files that only look like it."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze.contents import opened_runs
from reportgen.analyze.model_evaluations import ModelEvaluations, Recognised, model_evaluations_of, recognised
from reportgen.analyze.runs import runs_of
from reportgen.snapshot import Snapshot, table_of
from tests.snapshots import FakeRun, facts, report_config, snapshot

COUNTS = {"true_negatives": 5.0, "false_positives": 1.0, "false_negatives": 2.0, "true_positives": 8.0}
CLASSES = ["positive_class", *COUNTS, "example_count", "f1_score", "roc_auc"]


def table(columns: list[str], rows: list[list[Any]], n_rows: int | None = None) -> bytes:
    return json.dumps({"columns": columns, "rows": rows, "n_rows": len(rows) if n_rows is None else n_rows}).encode()


def with_files(files: Mapping[str, tuple[str, bytes]], metrics: Mapping[str, float] | None = None) -> Snapshot:
    """One run ``a`` with the artifacts ``files`` (path → kind, content)."""
    blank = {"experiment_id": "1", "run_id": "a", "media_type": "", "sha256": "", "n_bytes": 1}
    rows = [{**blank, "path": path, "kind": kind, "content": content} for path, (kind, content) in files.items()]
    contents = table_of("contents", {key: [row[key] for row in rows] for key in rows[0]})
    return snapshot(FakeRun("a", metrics or {"acc": 0.5}), contents=contents)


def evaluations(files: Mapping[str, tuple[str, bytes]], metrics: Mapping[str, float] | None = None) -> ModelEvaluations:
    found = facts(with_files(files, metrics), artifacts={"include": ["*"]})
    assert not [one for one in found.findings if type(one).__name__ == "AnalysisFailed"]
    evaluated: ModelEvaluations = found.model_evaluations
    return evaluated


# --- names ---


def logged_names() -> Iterator[str]:
    """Names of files in the source of the installed MLflow's evaluation."""
    spec = find_spec("mlflow")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "models" / "evaluation"
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                yield from (str(node.value.value) for name in node.targets if ast.unparse(name).endswith("_FILE_NAME"))
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            ending = {"_log_image_artifact": ".png", "_log_pandas_df_artifact": ".csv"}.get(node.func.attr)
            yield from (f"{text}{ending}" for text in texts if ending)


def test_every_name_that_mlflow_writes_is_recognised() -> None:
    names = list(logged_names())
    assert len(names) >= 10
    assert [name for name in names if recognised(name) is None] == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("roc_curve_plot.png", Recognised("roc")),
        ("val_confusion_matrix.png", Recognised("confusion", "val_")),
        ("training_precision_recall_curve.png", Recognised("precision-recall", "training_")),
        ("per_class_metrics_on_data_iris.csv", Recognised("classes", data="iris")),
        ("plots/roc_curve_plot.png", None),
        ("roc_curve_plot.svg", None),
        ("eval_results_table.csv", None),
        ("my_eval_table.json", None),
    ],
)
def test_names(path: str, expected: Recognised | None) -> None:
    assert recognised(path) == expected


# --- two classes ---


def test_a_confusion_matrix_of_two_classes_is_in_the_metrics() -> None:
    found = evaluations(
        {"v_confusion_matrix.png": ("image", b"x")}, {f"v_{k}": v for k, v in COUNTS.items()} | {"v_example_count": 16.0}
    )
    (matrix,) = found.confusions
    assert matrix.counts == ((5, 1), (2, 8))
    assert (matrix.n, matrix.n_right) == (16, 13)
    assert matrix.shares[1] == (0.2, 0.8)
    assert found.redrawn == {(("1", "a"), "v_confusion_matrix.png")}


@pytest.mark.parametrize(
    "metrics",
    [
        {"acc": 0.5},
        COUNTS | {"example_count": 99.0},
        COUNTS | {"true_positives": 0.5},
        COUNTS | {"true_positives": -1.0},
        COUNTS | {"true_positives": math.nan},
        COUNTS | {"true_positives": math.inf},
        dict.fromkeys(COUNTS, 0.0),
    ],
)
def test_without_four_whole_counts_the_picture_stays(metrics: Mapping[str, float]) -> None:
    assert evaluations({"confusion_matrix.png": ("image", b"x")}, metrics) == ModelEvaluations()


# --- each class ---


def test_each_class_has_precision_and_recall_with_wilsons_interval() -> None:
    found = evaluations(
        {
            "per_class_metrics.csv": (
                "table",
                table(CLASSES, [["cat", 80, 10, 5, 5, 100, 0.4, 0.7], [1, 90, 0, 10, 0, 100, 0, None]]),
            )
        }
    )
    cat, other = found.classes[0].rows
    assert (cat.name, cat.n, cat.f1, cat.roc_auc) == ("cat", 10, 0.4, 0.7)
    assert (cat.precision.value, cat.precision.n) == (pytest.approx(1 / 3), 15)
    assert (cat.recall.value, cat.recall.n) == (0.5, 10)
    assert (cat.recall.low, cat.recall.high) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))
    assert (other.name, other.precision.value, other.recall.value, other.recall.low) == ("1", None, 0.0, 0.0)


def test_weighted_counts_have_no_interval() -> None:
    found = evaluations({"per_class_metrics.csv": ("table", table(CLASSES, [["cat", 80, 10, 5.5, 5, 100, 0.4, 0.7]]))})
    (cat,) = found.classes[0].rows
    assert (cat.n, cat.recall.value, cat.recall.low) == (None, pytest.approx(5 / 10.5), None)


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        ("table", table(["class", "recall"], [["cat", 0.5]]), "columns"),
        ("table", table(CLASSES, [["cat", "80", 10, 5, 5, 100, 0.4, 0.7]]), "numbers"),
        ("table", table(CLASSES, [["cat", 80, -10, 5, 5, 100, 0.4, 0.7]]), "numbers"),
        ("table", table(CLASSES, [["cat", 80, 10, 5, 5, 100, 40, 0.7]]), "numbers"),
        ("table", table(CLASSES, [["cat", 80, 1e300, 5, 5, 100, 0.4, 0.7]]), "numbers"),
        ("table", table([*CLASSES, "f1_score"], [["cat", 80, 10, 5, 5, 100, 0.4, 0.7, 0.1]]), "columns"),
        ("table", table(CLASSES, []), "empty"),
        ("table", b"{", "columns"),
        ("text", b"hello", "columns"),
    ],
)
def test_a_file_that_holds_something_else_costs_its_own_place(kind: str, content: bytes, reason: str) -> None:
    good = ("table", table(CLASSES, [["cat", 80, 10, 5, 5, 100, 0.4, 0.7]]))
    found = evaluations({"per_class_metrics.csv": (kind, content), "v_per_class_metrics.csv": good})
    assert [(one.path, one.reason) for one in found.unusable] == [("per_class_metrics.csv", reason)]
    assert [one.path for one in found.classes] == ["v_per_class_metrics.csv"]


# --- row by row ---


def rows(columns: list[str], lines: list[list[Any]], n_rows: int | None = None) -> Any:
    (found,) = evaluations({"eval_results_table.json": ("table", table(columns, lines, n_rows))}).rows
    return found


def test_scores_of_each_row() -> None:
    found = rows(["inputs", "outputs", "token_count", "toxicity/v1/score", "toxicity/v1/justification", "exact_match/score"],
                 [["q", "a", n, n / 100, "because", n % 2 == 0] for n in range(40)] + [["q", "a", None, "0.9", "", None]])  # fmt: skip
    tokens, toxicity, match = found.scores
    assert (tokens.name, tokens.n, tokens.n_missing, tokens.low, tokens.high, tokens.median) == (
        "token_count",
        40,
        1,
        0,
        39,
        19.5,
    )
    assert (toxicity.n, toxicity.n_missing, sum(toxicity.counts), len(toxicity.counts)) == (40, 1, 40, 20)
    assert (match.middles, match.counts, match.is_counted, match.mean) == ((0.0, 1.0), (20, 20), True, 0.5)
    assert found.order == (1, 2, 3, 5, 0, 4)
    assert (found.confusion, found.points) == (None, ())


def test_labels_are_counted_and_numbers_are_points() -> None:
    found = rows(["x", "target", "outputs"], [[0, 10, 10]] * 5 + [[0, 2, 10]] * 3 + [[0, 2, 2]] * 4)
    assert (found.confusion.labels, found.confusion.counts) == (("2", "10"), ((4, 3), (0, 5)))
    found = rows(["label", "predictions"], [[n / 7, n / 8] for n in range(5000)])
    assert (found.confusion, len(found.points), found.n_points) == (None, 2000, 5000)
    assert (found.points[0], found.points[-1]) == ((0.0, 0.0), (4999 / 7, 4999 / 8))


def test_answers_in_free_words_are_no_labels() -> None:
    found = rows(["ground_truth", "outputs"], [["Paris", "Paris"], ["Rome", "It is Rome"]] * 4)
    assert (found.confusion, found.points) == (None, ())


def test_a_table_that_was_cut_says_so() -> None:
    found = rows(["a/score"], [[1.0]] * 20, 1000)
    assert (found.n_read, found.n_rows) == (20, 1000)


CELLS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
)
NAMES = st.lists(st.sampled_from([*CLASSES, "target", "outputs", "x/score", "y/score", "latency", "z"]), min_size=1, max_size=8)


@given(NAMES, st.data())
def test_no_table_breaks_the_others(columns: list[str], data: st.DataObject) -> None:
    width = len(columns)
    lines = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=30))
    for path in ("per_class_metrics.csv", "eval_results_table.json"):
        taken = with_files({path: ("table", table(columns, lines))})
        found = model_evaluations_of(taken, {run.key: run for run in runs_of(taken)})
        assert len(found.classes) + len(found.rows) + len(found.unusable) == 1


# --- which runs ---


def test_the_order_is_by_rank_then_finished_then_newest() -> None:
    taken = snapshot(
        FakeRun("low", {"val_accuracy": 0.5}),
        FakeRun("high", {"val_accuracy": 0.9}),
        FakeRun("nothing"),
        FakeRun("failed", {"val_accuracy": 1.0}, status="FAILED"),
        FakeRun("gone", {"val_accuracy": 1.0}, deleted=True),
    )
    ((keys, most),) = opened_runs(taken, report_config(primary="val_accuracy"), {})
    assert ([run_id for _, run_id in keys], most) == (["high", "low", "nothing", "failed"], 1)
    ((_, most),) = opened_runs(taken, report_config(primary="val_accuracy", artifacts={"include": ["*"], "runs": "all"}), {})
    assert most == 4


def test_each_experiment_has_an_order_of_its_own() -> None:
    taken = snapshot(
        FakeRun("a", {"val_accuracy": 0.5}, experiment="one"),
        FakeRun("b", {"val_accuracy": 0.9}, experiment="one"),
        FakeRun("c", {"rmse": 10.0}, experiment="two"),
        FakeRun("d", {"rmse": 1.0}, experiment="two"),
    )
    orders = [[run_id for _, run_id in keys] for keys, _ in opened_runs(taken, report_config(experiments=["*"]), {})]
    assert orders == [["b", "a"], ["d", "c"]]


def test_where_runs_may_not_be_ranked_the_newest_comes_first() -> None:
    runs = [
        FakeRun(
            name,
            {"accuracy": value},
            datasets=[(f"data-{name}", name)],
            context="eval",
            start=datetime(2026, 11, day, tzinfo=UTC),
        )
        for day, (name, value) in enumerate([("a", 0.9), ("b", 0.5)], 1)
    ]
    ((keys, _),) = opened_runs(snapshot(*runs), report_config(), {})
    assert [run_id for _, run_id in keys] == ["b", "a"]

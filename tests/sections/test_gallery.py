"""The section "Artifacts" in words and blocks: which run, pages as links, and MLflow's evaluation redrawn."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from PIL import Image

from reportgen.model import Chart, Gallery, Notice, Prose, Report, Section, Table
from reportgen.snapshot import table_of
from tests.sections.checks import is_whole
from tests.sections.words import of_block
from tests.snapshots import FakeRun, snapshot, told

COUNTS = {"true_negatives": 5.0, "false_positives": 1.0, "false_negatives": 2.0, "true_positives": 8.0}
CLASS_COLUMNS = ["positive_class", *COUNTS, "f1_score", "roc_auc"]
EVERYTHING = {"include": ["*"]}
BEST = FakeRun("best", {"val_accuracy": 0.9})
SECOND = FakeRun("second", {"val_accuracy": 0.5})
File = tuple[str, str, str, bytes]
"""Run, path, kind, content."""


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3)).save(out, "PNG")
    return out.getvalue()


def table(columns: list[str], rows: list[list[Any]]) -> bytes:
    return json.dumps({"columns": columns, "rows": rows, "n_rows": len(rows)}).encode()


def contents(*files: File, experiments: Mapping[str, str] | None = None) -> Any:
    rows = [
        {
            "experiment_id": (experiments or {}).get(run_id, "1"),
            "run_id": run_id,
            "path": path,
            "kind": kind,
            "media_type": "text/html" if kind == "page" else "",
            "sha256": "",
            "n_bytes": 1500,
            "content": content,
        }
        for run_id, path, kind, content in files
    ]
    return table_of("contents", {key: [row[key] for row in rows] for key in rows[0]})


def report_of(*files: File, runs: tuple[FakeRun, ...] = (BEST, SECOND), **report: Any) -> Report:
    config = {"primary": "val_accuracy", "sections": ["gallery"], "artifacts": EVERYTHING} | report
    found: Report = told(snapshot(*runs, contents=contents(*files)), **config)
    is_whole(found)
    return found


def section(*files: File, **changes: Any) -> Section:
    (found,) = report_of(*files, **changes).sections
    return found


def lead(found: Section) -> str:
    return of_block(found.blocks[0])


# --- which run ---


def test_the_best_run_is_named() -> None:
    words = lead(section(("best", "a.txt", "text", b"x")))
    assert words == "1 artifact of 1 run (1.5 kB). They are of the best run by val_accuracy, best."


def test_another_run_is_explained() -> None:
    words = lead(section(("second", "a.txt", "text", b"x")))
    assert words.endswith(
        "The best run by val_accuracy, best, has none that can be shown. They are of second, rank 2 of 2: the best run that has some."
    )


def test_a_run_outside_of_the_ranking_is_explained() -> None:
    words = lead(section(("failed", "a.txt", "text", b"x"), runs=(BEST, FakeRun("failed", status="FAILED"))))
    assert words.endswith(
        "No run that is ranked by val_accuracy has any that can be shown. They are of failed, the newest run that has some."
    )


def test_nothing_is_called_best_where_nothing_is_ranked() -> None:
    words = lead(section(("a", "a.txt", "text", b"x"), runs=(FakeRun("a", {"size": 1.0}),), primary=None))
    assert words.endswith("No run is called best here. They are of a, the newest run that has some.")


@pytest.mark.parametrize(
    ("wanted", "end"), [(3, "They are of the best runs by val_accuracy that have some, at most 3."), ("all", "(3.0 kB).")]
)
def test_several_runs(wanted: Any, end: str) -> None:
    files = (("best", "a.txt", "text", b"x"), ("second", "a.txt", "text", b"x"))
    assert lead(section(*files, artifacts=EVERYTHING | {"runs": wanted})).endswith(end)


def test_each_experiment_has_its_own_section_and_one_without_artifacts_has_none() -> None:
    runs = [
        FakeRun("a", {"val_accuracy": 0.5}, experiment="one"),
        FakeRun("b", {"val_rmse": 0.9}, experiment="two"),
        FakeRun("c", {"val_rmse": 0.1}, experiment="three"),
    ]
    found = contents(("a", "a.txt", "text", b"x"), ("c", "c.txt", "text", b"x"), experiments={"c": "2"})
    report = told(snapshot(*runs, contents=found), experiments=["*"], sections=["overview", "gallery"], artifacts=EVERYTHING)
    is_whole(report)
    leads = {one.title: lead(one) for one in report.sections if one.id.endswith("gallery")}
    assert leads == {
        "one: Artifacts": "1 artifact of 1 run (1.5 kB). They are of the best run by val_accuracy, a.",
        "three: Artifacts": "1 artifact of 1 run (1.5 kB). They are of the best run by val_rmse, c.",
    }


def test_artifacts_of_experiments_without_sections_are_counted() -> None:
    runs = [FakeRun("a", {"val_accuracy": 0.5}, experiment="one"), FakeRun("b", {"val_rmse": 0.9}, experiment="two")]
    found = contents(("a", "a.txt", "text", b"x"), ("b", "c.txt", "text", b"x"), experiments={"b": "2"})
    report = told(
        snapshot(*runs, contents=found),
        experiments=["*"],
        sections=["overview", "gallery"],
        artifacts=EVERYTHING,
        detailed_experiments=1,
    )
    words = [of_block(block) for block in report.sections[0].blocks]
    assert "Artifacts of 1 experiment without such sections were read and are not shown." in words


# --- pages ---


def test_a_page_is_a_link_to_mlflow_and_none_of_its_text_is_there() -> None:
    path = "deep/re port<b>.html"
    found = section(("best", path, "page", b""))
    (pages,) = (block for block in found.blocks if isinstance(block, Table))
    name, size, run = (cell.value for cell in pages.rows[0])
    assert (name, size) == (path, 1500)
    assert run.url == "http://mlflow.test/#/experiments/1/runs/best/artifacts/deep/re%20port%3Cb%3E.html"  # type: ignore[union-attr]
    assert pages.notes == ("A page is not opened, since it can hold programs. The link leads to it in MLflow.",)


def test_a_page_that_an_older_snapshot_holds_is_not_shown_either() -> None:
    taken = contents(("best", "a.html", "page", b"<script>alert(1)</script>")).to_pydict() | {"kind": ["text"]}
    report = told(
        snapshot(BEST, contents=table_of("contents", taken)), sections=["gallery"], artifacts=EVERYTHING, primary="val_accuracy"
    )
    assert "alert" not in repr(report)
    assert not [block for block in report.sections[0].blocks if isinstance(block, Prose)]


# --- what MLflow's evaluation wrote ---


def charts(found: Section) -> list[Chart]:
    return [block for block in found.blocks if isinstance(block, Chart)]


def test_a_confusion_matrix_of_two_classes_takes_the_place_of_its_picture() -> None:
    runs = (FakeRun("best", {"val_accuracy": 0.9} | COUNTS),)
    found = section(("best", "confusion_matrix.png", "image", png()), ("best", "roc_curve_plot.png", "image", png()), runs=runs)
    (matrix,) = charts(found)
    assert (matrix.kind, matrix.title) == ("heatmap", "Confusion matrix: 81.2\N{NARROW NO-BREAK SPACE}% right")
    assert matrix.y.categories == ("negative (n = 6)", "positive (n = 10)")
    assert matrix.grid == ((5 / 6, 1 / 6), (0.2, 0.8))
    assert matrix.alt.endswith("The most frequent error: positive taken for negative, 2 rows.")
    assert matrix.table is not None
    assert [[cell.value for cell in row[:3]] for row in matrix.table.rows][1] == ["negative", "positive", 1]
    (gallery,) = (block for block in found.blocks if isinstance(block, Gallery))
    assert [image.title for image in gallery.images] == ["ROC curve (roc_curve_plot.png)"]


def test_a_confusion_matrix_that_is_only_a_picture_stays_one() -> None:
    found = section(("best", "confusion_matrix.png", "image", png()))
    assert charts(found) == []
    (gallery,) = (block for block in found.blocks if isinstance(block, Gallery))
    assert gallery.images[0].title == "Confusion matrix (confusion_matrix.png)"
    assert gallery.images[0].alt == "Picture Confusion matrix (confusion_matrix.png) of run best"


def test_precision_and_recall_of_each_class() -> None:
    rows = [["<b>cat</b>", 80, 10, 5, 5, 0.4, 0.7], ["dog", 90, 1, 1, 8, 0.9, None]]
    found = section(("best", "per_class_metrics.csv", "table", table(CLASS_COLUMNS, rows)))
    (chart,) = charts(found)
    assert (chart.kind, chart.y.categories) == ("intervals", ("<b>cat</b>", "dog"))
    assert [trace.name for trace in chart.traces] == ["Precision", "Recall"]
    assert chart.traces[1].x == (0.5, 8 / 9)
    assert chart.alt == "2 classes of run best. Lowest recall: class <b>cat</b> with 50.0\N{NARROW NO-BREAK SPACE}%. Highest recall: class dog with 88.9\N{NARROW NO-BREAK SPACE}%."  # fmt: skip
    assert chart.table is not None
    assert [column.key for column in chart.table.columns] == ["class", "n", "precision", "recall", "f1", "roc_auc"]
    assert not [block for block in found.blocks if isinstance(block, Table)]  # the chart has it


def test_of_many_classes_the_weakest_are_drawn_and_that_is_said() -> None:
    rows = [[f"c{n}", 80, 1, 10, n + 1, n / 100, None] for n in range(60, 0, -1)]
    (chart,) = charts(section(("best", "per_class_metrics.csv", "table", table(CLASS_COLUMNS, rows))))
    assert chart.y.categories == tuple(f"c{n}" for n in range(30, 0, -1))
    assert chart.notes[1] == "30 of 60 classes drawn, those with the lowest F1. The table has more."


def test_rows_of_an_evaluation_are_summarised_drawn_and_listed() -> None:
    columns = ["question", "target", "outputs", "a/score", "a/justification", "latency"]
    rows = [["q?", n % 2, (n % 3) % 2, n / 50, "because", n * n / 7] for n in range(60)]
    found = section(("best", "eval_results_table.json", "table", table(columns, rows)))
    scores, listing = (block for block in found.blocks if isinstance(block, Table))
    assert [[cell.value for cell in row[:3]] for row in scores.rows] == [["a/score", 60, 0], ["latency", 60, 0]]
    assert [chart.kind for chart in charts(found)] == ["histogram", "histogram", "heatmap"]
    assert [column.label for column in listing.columns] == [
        "target",
        "outputs",
        "a/score",
        "latency",
        "question",
        "a/justification",
    ]
    assert (len(listing.rows), listing.paper_rows) == (50, 10)
    assert listing.title == "Evaluation row by row (eval_results_table.json) of run best"


def test_numbers_are_drawn_against_each_other() -> None:
    rows = [[n / 7, n / 8] for n in range(30)]
    (chart,) = charts(section(("best", "eval_results_table.json", "table", table(["target", "prediction"], rows))))
    assert (chart.kind, chart.title, chart.x.label) == ("points", "prediction vs. target", "target")


def test_a_file_that_holds_something_else_is_named_and_shown_as_it_is() -> None:
    found = section(
        ("best", "per_class_metrics.csv", "table", table(["a"], [["80"]])),
        ("best", "v_per_class_metrics.csv", "table", table(CLASS_COLUMNS, [["cat", 80, 10, 5, 5, 0.4, 0.7]])),
    )
    (notice,) = (block for block in found.blocks if isinstance(block, Notice))
    assert notice.title == "per_class_metrics.csv of run best is not redrawn"
    assert notice.text == "It does not have the columns that MLflow writes."
    assert len(charts(found)) == 1
    (plain,) = (block for block in found.blocks if isinstance(block, Table))
    assert plain.rows[0][0].value == "80"


def test_charts_of_several_runs_say_whose_they_are() -> None:
    content = table(CLASS_COLUMNS, [["cat", 80, 10, 5, 5, 0.4, 0.7]])
    files = [(run_id, "per_class_metrics.csv", "table", content) for run_id in ("best", "second")]
    titles = [chart.title for chart in charts(section(*files, artifacts=EVERYTHING | {"runs": "all"}))]
    assert titles == ["Precision and recall of each class, run best", "Precision and recall of each class, run second"]


def test_a_line_of_text_is_cut() -> None:
    found = section(("best", "a.txt", "text", b"x" * 5000))
    (prose,) = (block for block in found.blocks if isinstance(block, Prose))
    assert max(map(len, prose.markdown.splitlines())) == 1001

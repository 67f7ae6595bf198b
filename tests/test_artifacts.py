"""Artifacts from the config to the page: asked for, read, shown, kept, and shown again without the store."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import reportgen
from tests.test_end_to_end import built, run

CONFIG = """\
version: 1
cache: false
reports:
  pictures:
    experiments: ["pictures"]
    primary: val_accuracy
    sections: [overview, gallery]
    artifacts: {include: ["*.png", "tables/*", "*.svg"], runs: best}
"""


def store(folder: Path) -> str:
    from mlflow import MlflowClient
    from PIL import Image

    uri = f"sqlite:///{folder}/mlflow.db"
    client = MlflowClient(uri)
    experiment = client.create_experiment("pictures", artifact_location=str(folder / "artifacts"))
    for name, accuracy, color in (("worse", 0.5, "red"), ("better", 0.75, "green")):
        run_id = client.create_run(experiment, run_name=name).info.run_id
        client.log_metric(run_id, "val_accuracy", accuracy)
        client.log_image(run_id, Image.new("RGB", (8, 6), color), "plot.png")
        client.log_text(run_id, f"model,score\n<b>{name}</b>,{accuracy}\n", "tables/scores.csv")
        client.log_text(run_id, "<svg onload='alert(1)'/>", "drawing.svg")
        client.set_terminated(run_id)
    return uri


def contents_with(folder: Path, uri: str, keys: dict[str, Any]) -> list[dict[str, Any]]:
    """What a build with these keys of its report reads; it has nothing to complain of."""
    config = {"tracking_uri": uri, "reports": {"r": {"experiments": ["pictures"], "primary": "val_accuracy", **keys}}}
    done = reportgen.build(config, output=folder / "default", formats=("data",), cache=False)
    assert done.exit_code == 0
    file = done.folder / "data" / "contents.parquet"
    return pq.read_table(file).to_pylist() if file.is_file() else []


def test_from_the_config_to_the_page_and_back(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    uri = store(tmp_path / "store")
    made = built(tmp_path, uri, "-c", "config.yaml", "--format", "html,data")
    folder = Path(made["folder"])
    rows = pq.read_table(folder / "data" / "contents.parquet").to_pylist()
    assert [(row["path"], row["kind"]) for row in rows] == [("plot.png", "image"), ("tables/scores.csv", "table")]
    assert json.loads(rows[1]["content"])["rows"] == [["<b>better</b>", 0.75]]
    page = (folder / "report.html").read_text()
    assert "data:image/png;base64," in page
    assert "&lt;b&gt;better&lt;/b&gt;" in page
    assert "<b>better" not in page
    assert "onload" not in page
    assert [problem["slug"] for problem in made["problems"]] == ["artifact-not-shown"]
    assert made["problems"][0]["what"].startswith("1 artifact not shown, drawing.svg: SVG is not shown")
    by_default = contents_with(tmp_path, uri, {})
    assert [(row["path"], row["kind"]) for row in by_default] == [
        ("plot.png", "image")
    ]  # of the best run, and nobody is told of the rest
    assert contents_with(tmp_path, uri, {"artifacts": {"include": []}}) == []
    assert contents_with(tmp_path, uri, {"sections": ["overview"]}) == []
    shutil.rmtree(tmp_path / "store")
    again = run("rebuild", str(folder), "--format", "html,data", "--json", "--output", "again", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    (report,) = json.loads(again.stdout)["reports"]
    assert (tmp_path / report["folder"] / "report.html").read_text() == page


EVALUATED = """\
version: 1
cache: false
reports:
  evaluated:
    experiments: ["evaluated"]
    sections: [overview, gallery]
    artifacts:
      include: ["*.csv", "*.json", "*.html"]
"""
CLASSES = "positive_class,true_negatives,false_positives,false_negatives,true_positives,f1_score\n<b>cat</b>,80,10,5,5,0.4\ndog,90,1,1,8,0.9\n"


def test_what_an_evaluation_wrote_is_drawn_and_hostile_files_cost_their_own_place(tmp_path: Path) -> None:
    """The best run has no artifacts; those of the next are a page, two tables as MLflow writes them, and three that are not."""
    from mlflow import MlflowClient

    (tmp_path / "store").mkdir()
    uri = f"sqlite:///{tmp_path}/store/mlflow.db"
    client = MlflowClient(uri)
    experiment = client.create_experiment("evaluated", artifact_location=str(tmp_path / "store" / "artifacts"))
    for name, accuracy in (("next", 0.5), ("best", 0.75)):
        run_id = client.create_run(experiment, run_name=name).info.run_id
        client.log_metric(run_id, "val_accuracy", accuracy)
        client.set_terminated(run_id)
        if name == "best":
            continue
        client.log_text(run_id, "<script>alert(1)</script><style>b { color: red }</style>", "report.html")
        client.log_text(run_id, CLASSES, "per_class_metrics.csv")
        rows = {"target": [0, 1] * 20, "outputs": [0, 0, 1, 1] * 10, "ok/score": [1, 0, 0, 1] * 10}
        client.log_table(run_id, rows, "eval_results_table.json")
        client.log_text(run_id, CLASSES.replace(",80,", ",1e999,"), "v_per_class_metrics.csv")
        client.log_text(run_id, "[" * 300 + "1," * 9000 + "1" + "]" * 300, "bomb.json")
        client.log_text(run_id, "not a table", "v_eval_results_table.json")
    (tmp_path / "config.yaml").write_text(EVALUATED)
    made = built(tmp_path, uri, "-c", "config.yaml", "--format", "html,data")
    report = json.loads((Path(made["folder"]) / "report.json").read_text())["report"]
    page = (Path(made["folder"]) / "report.html").read_text()
    assert "The best run by val_accuracy, best, has none that can be shown. They are of next, rank 2 of 2" in page
    assert "alert(1)" not in page
    assert "<b>cat" not in page
    (gallery,) = (section for section in report["sections"] if section["id"] == "gallery")
    titles = [block["title"] for block in gallery["blocks"] if block.get("title")]
    assert titles == [
        "Precision and recall of each class",
        "Scores over 40 rows",
        "Distribution of ok/score",
        "Confusion matrix: 50.0\N{NARROW NO-BREAK SPACE}% right",
        "Pages (HTML)",
        "v_per_class_metrics.csv of run next is not redrawn",
        "Evaluation row by row (eval_results_table.json) of run next",
        "Metrics of each class (v_per_class_metrics.csv) of run next",
    ]
    assert sorted(problem["what"] for problem in made["problems"]) == [
        "1 artifact not shown, bomb.json: it is nested too deeply to show",
        "1 artifact not shown, v_eval_results_table.json: it is not whole JSON",
    ]


def test_each_of_several_stores_gives_its_own(tmp_path: Path) -> None:
    from reportgen.collect import Selection, Store, collect
    from reportgen.collect.contents import Wanted, contents_from

    stores = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        stores.append(Store(name, store(tmp_path / name)))
    snapshot = collect(stores, Selection())
    keys = [(row["experiment_id"], row["run_id"]) for row in snapshot.runs.to_pylist()]
    table, problems = contents_from(stores, snapshot, [(keys, len(keys))], Wanted(("*.png", "*.svg")))
    found = [(row["experiment_id"], row["run_id"]) for row in table.to_pylist()]
    assert sorted(found) == sorted(keys)
    assert {id_.partition(":")[0] for id_, _ in found} == {"one", "two"}
    assert {problem.where.partition(":")[0] for problem in problems} == {"one", "two"}

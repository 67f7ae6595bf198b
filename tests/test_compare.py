"""`reportgen compare` on real stores, from the command line to the files: the decision, the same in every one of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import ab_store, forked

DECISION = re.compile(r"Between (\+0\.\d+) and (\+0\.\d+) with 95 % confidence; better in [78] of 8 pairs by seed\.")


def run(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "REPORTGEN_"))}
    settings = clean | {"SOURCE_DATE_EPOCH": "1763596800", "XDG_CACHE_HOME": str(cwd / "cache")} | env
    return forked.command("compare", *args, cwd=cwd, env=settings)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The A/B test with a registered model for each arm."""
    from mlflow.tracking import MlflowClient

    uri = ab_store.sqlite_store(tmp_path_factory.mktemp("store"))
    client = MlflowClient(tracking_uri=uri)
    client.create_registered_model("ranker")
    for variant, alias in (("control", "champion"), ("candidate", "challenger")):
        (experiment,) = client.search_experiments(filter_string="name = 'ranker/ab'")
        made = client.search_runs([experiment.experiment_id], f"tags.variant = '{variant}' and params.seed = '3'")[0]
        version = client.create_model_version("ranker", source="models", run_id=made.info.run_id)
        client.set_registered_model_alias("ranker", alias, version.version)
    return uri


def compared(store: str, tmp_path: Path, *args: str, formats: str = "markdown,data,gates") -> tuple[dict[str, Any], Path]:
    done = run(*args, "--tracking-uri", store, "--json", "--format", formats, "--output", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)["reports"]
    return told, tmp_path / told["folder"]


def text_of_pdf(path: Path) -> str:
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    return plain(done.stdout)


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\\", "").replace("&#8203;", "").split())


def test_the_decision_is_the_same_in_every_file(store: str, tmp_path: Path) -> None:
    told, folder = compared(
        store, tmp_path, "control", "candidate", "--by", "tags.variant", formats="pdf,html,markdown,data,gates"
    )
    verdict = json.loads((folder / "verdict.json").read_text())
    assert re.fullmatch(r"Group candidate beats control by 0\.0\d+\.", plain(told["headline"]))
    found = DECISION.search(plain(verdict["verdicts"][0]["verdict"]["sentence"]))
    assert found, verdict["verdicts"]
    assert [one["verdict"]["outcome"] for one in verdict["verdicts"]] == ["better"]
    html, markdown = (plain((folder / name).read_text("utf-8")) for name in ("report.html", "summary.md"))
    paper = text_of_pdf(folder / "report.pdf")
    report = json.loads((folder / "report.json").read_text())["report"]
    assert plain(report["headline"]) == plain(told["headline"]) == plain(verdict["headline"])
    for text in (html, markdown, paper):
        assert found[0] in text
        assert f"[{found[1]}, {found[2]}]" in text
    for words in (
        "Like for like",
        "Can this be trusted?",
        "What this does not say",
        "Phipson & Smyth 2010",
        "candidate seed 8, out of memory",
    ):
        assert words in markdown.replace("&amp;", "&")
        assert words in paper
        assert words in html.replace("&amp;", "&")
    pages = subprocess.run(["pdfinfo", str(folder / "report.pdf")], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^Pages: +([123])$", pages, re.MULTILINE), pages


@pytest.mark.parametrize(
    "words",
    [
        ("control", "candidate"),
        ("tags.variant=control", "tags.variant=candidate"),
        ("ranker/ab@tags.variant=control", "ranker/ab@tags.variant = 'candidate'"),
        ("control seed *", "candidate seed *"),
        ("--by", "tags.variant", "--baseline", "control", "control", "candidate", "--experiment", "ranker/ab"),
    ],
)
def test_every_way_to_name_the_groups_gives_one_decision(store: str, tmp_path: Path, words: tuple[str, ...]) -> None:
    told, _ = compared(store, tmp_path, *words)
    assert " beats " in plain(told["headline"])
    assert "8 pairs by seed" in plain(told["verdicts"][0]["sentence"])


def test_registered_models_are_compared_with_their_replicates(store: str, tmp_path: Path) -> None:
    told, folder = compared(
        store, tmp_path, "models:/ranker@champion", "models:/ranker@challenger", "-m", "val_loss", "-m", "val_accuracy"
    )
    assert plain(told["headline"]).startswith("Group ranker@challenger beats ranker@champion by 0.0")
    text = plain((folder / "summary.md").read_text("utf-8"))
    assert "ranker version 1, made by run control seed 3 and 7 runs of its configuration" in text
    assert "Other metrics, which do not decide" in text


def test_a_memo_is_made_again_from_its_data(store: str, tmp_path: Path) -> None:
    _, folder = compared(store, tmp_path, "tags.variant=candidate", "tags.variant=control", "--margin", "0.001")
    again = ("rebuild", str(folder), "--output", "again", "--format", "markdown,data,gates")
    done = forked.command(*again, cwd=tmp_path, env=os.environ)
    assert done.returncode == 0, done.stderr
    (other,) = (tmp_path / "again").glob("*/2*")
    assert (other / "summary.md").read_bytes() == (folder / "summary.md").read_bytes()
    assert (other / "report.json").read_bytes() == (folder / "report.json").read_bytes()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ("contrl", "candidate"),
            "error: 'contrl' is no experiment, no run and no value of a tag or param; did you mean 'control' (tags.variant)?",
        ),
        (("control", "candidate", "--by", "tags.varaint"), "error: --by tags.varaint: no run has it; did you mean tags.variant?"),
        (
            ("control", "candidate", "-m", "val_acuracy"),
            "error: no run logged the metric 'val_acuracy'; did you mean 'val_accuracy'?",
        ),
        (("control", "candidate", "--margin", "-1"), "error: the config has 1 mistake:"),
        (("models:/ranker@champoin", "control"), "error: 'control' is a value of params.variant and tags.variant, which"),
        (
            ("models:/ranker@champoin", "models:/ranker/2"),
            "error: The model ranker has no alias 'champoin'; aliases: challenger and champion. Did you mean champion?",
        ),
        (("control",), "error: name two groups to compare"),
        (("control", "candidate", "--experiment", "ranker/ba"), "error: there is no experiment 'ranker/ba'"),
        (("control", "candidate", "--format", "pfd"), "error: there is no output 'pfd'; did you mean pdf?"),
    ],
)
def test_mistakes_are_one_clear_message_and_leave_nothing(store: str, tmp_path: Path, words: tuple[str, ...], line: str) -> None:
    done = run(*words, "--tracking-uri", store, "--output", "out", "-q", cwd=tmp_path)
    assert done.stdout == ""
    assert done.stderr.splitlines()[0].startswith(line)
    assert done.returncode in (2, 4)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_groups_of_a_config_by_filter_and_alias(store: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        f"""\
version: 1
tracking_uri: {store}
reports:
  memo:
    compare:
      groups: {{old: "tags.variant = 'control'", new: "models:/ranker@challenger"}}
      metrics: [val_accuracy]
    sections: [decision, evidence, trust, appendix]
    gates: [{{metric: val_accuracy, group: new, baseline_margin: 0.001}}]
"""
    )
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "REPORTGEN_"))}
    done = forked.command("build", "--format", "markdown", "--no-cache", cwd=tmp_path, env=clean)
    assert done.returncode == 0, done.stderr
    assert "memo: Group new beats old by 0.0" in done.stdout
    assert "gate PASS" in done.stdout

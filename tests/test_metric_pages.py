"""A page for each metric in a bundle, where the config asks for them."""

from __future__ import annotations

from pathlib import Path

from reportgen import pipeline
from reportgen.config import of_mapping
from reportgen.job import jobs_of
from tests.snapshots import FakeRun, snapshot

RUNS = [FakeRun(name, histories={"loss": [1.0, 0.5 + n], "acc/top 1": [0.1, 0.5]}) for n, name in enumerate("ab")]


def test_a_bundle_has_a_page_for_each_metric_that_was_logged(tmp_path: Path) -> None:
    config = of_mapping({"reports": {"r": {"experiments": ["exp"], "sections": ["overview"], "metric_pages": True}}})
    (job,) = jobs_of(config, tmp_path, output=tmp_path / "out", formats=["html"])
    outcome = pipeline.rebuild(snapshot(*RUNS), job, lambda *_: None)
    pages = sorted((outcome.folder / "metrics_comparison").iterdir())
    assert [page.name.partition("-")[0] for page in pages] == ["acc", "loss.html"]
    loss = pages[1].read_text("utf-8")
    assert "<title>loss" in loss
    assert "history-loss" in loss
    assert "metrics_comparison/loss.html" in (outcome.folder / "manifest.json").read_text("utf-8")


def test_without_the_key_there_is_none(tmp_path: Path) -> None:
    config = of_mapping({"reports": {"r": {"experiments": ["exp"], "sections": ["overview"]}}})
    (job,) = jobs_of(config, tmp_path, output=tmp_path / "out", formats=["markdown"])
    assert not (pipeline.rebuild(snapshot(*RUNS), job, lambda *_: None).folder / "metrics_comparison").exists()

"""No sentence or label of a report stands outside the catalogue, but for those that are listed here.

Reports are made in a language whose messages have Greek letters: a Latin word that is no name of the data did not come from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from fluent.syntax import FluentParser, FluentSerializer

from reportgen.charts.clean import drawable
from reportgen.charts.paper import picture_of
from reportgen.charts.picture import Text
from reportgen.charts.screen import screen_figure
from reportgen.config import MEMO_SECTIONS
from reportgen.model import Chart, Report, Window
from reportgen.render import RenderOptions, bundle_of
from reportgen.render.walk import all_blocks, of_kind
from reportgen.words import DEFAULT_LANGUAGE, catalogue
from tests.evaluations import Eval, evaluated
from tests.sections.words import of_report
from tests.snapshots import NOW, FakeRun, metric_configs, snapshot, told
from tests.words.test_catalogues import Greek

OUTSIDE: frozenset[str] = frozenset()
"""What is still said by Python; nothing."""

FORMATS = ("data", "html", "markdown", "llms", "email", "site", "gates")
"""Outputs with files for readers, and what they need."""

PAGE = frozenset(
    ["reportgen", "json", "csv", "tables", "report", "html", "data", "sub", "compare", "true", "replicates", "false"]
)
"""Names of files, keys of a config and HTML in Markdown."""

UNITS = frozenset(["min", "nan", "utc"])
STATUSES = frozenset(["failed", "finished"])
"""As MLflow writes them."""

KINDS = frozenset(["histogram", "incomparable", "intervals", "lines", "points", "worse"])
"""Kinds of charts and outcomes, which the text of a report in tests names by their slugs."""

DATA = frozenset(
    [
        "acc",
        "loss",
        "lr",
        "depth",
        "seed",
        "fold",
        "variant",
        "control",
        "candidate",
        "exp",
        "other",
        "digits",
        "train",
        "params",
        "tags",
        "metrics",
        "system",
        "gpu",
        "utilization",
        "percentage",
        "weekly",
        "sqlite",
        "mlflow",
        "db",
        "test",
        "numpy",
        "maximize",
        "minimize",
        "correctness",
        "helpfulness",
        "questions",
        "config",
        "yaml",
    ]
)
"""Names in the stores and configs below."""


@pytest.fixture(scope="module")
def greek(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("greek")
    (folder / DEFAULT_LANGUAGE).mkdir()
    for file in (catalogue.CATALOGUES / DEFAULT_LANGUAGE).glob("*.ftl"):
        resource = Greek().visit(FluentParser().parse(file.read_text("utf-8")))
        (folder / DEFAULT_LANGUAGE / file.name).write_text(FluentSerializer().serialize(resource), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "CATALOGUES", folder)
        yield


def runs(n: int, start: datetime, shift: float = 0.0, **changes: Any) -> list[FakeRun]:
    """``n`` runs of two variants, in pairs by seed."""
    return [
        FakeRun(
            f"{start:%d}{i}{variant[:2]}",
            {"acc": 0.8 + shift + 0.01 * i + (0.05 if variant == "candidate" else 0.0), "loss": 1.0 / (i + 1)},
            {"seed": str(i), "depth": str(3 + i % 2), "lr": "0.1"},
            {"variant": variant},
            {"loss": [1.0, 0.5, 0.2 + 0.01 * i]},
            datasets=[("digits", "77")],
            start=start + timedelta(hours=i),
            **changes,
        )
        for i in range(n)
        for variant in ("control", "candidate")
    ]


def weekly(**report: Any) -> Report:
    old = [run for week in range(2, 6) for run in runs(4, NOW - timedelta(days=7 * week))]
    now = [
        *runs(4, NOW - timedelta(days=3), -0.2),
        FakeRun("x", {"acc": float("nan")}, status="FAILED", start=NOW - timedelta(days=2)),
    ]
    window = Window(NOW - timedelta(days=7), NOW, "7")
    gates = [
        {"metric": "acc", "at_least": 0.7},
        {"metric": "acc", "at_least": 0.9, "of": "latest"},
        {"metric": "acc", "not_worse_than": "previous"},
        {"metric": "loss", "not_worse_than": "previous", "baseline_margin": 0.05},
        {"of": "failed", "at_most": 0.1},
        {"of": "runs", "at_least": 3},
    ]
    return told(snapshot(*old, *now), window=window, gates=gates, primary="acc", **report)


def memo(margin: float | None = None, n: int = 6, **report: Any) -> Report:
    compare: dict[str, Any] = {"by": "tags.variant", "baseline": "control", "metrics": ["acc", "loss"], "pair_by": "params.seed"}
    if margin:
        compare["margin"] = margin
    return told(
        snapshot(*runs(n, datetime(2026, 11, 1, tzinfo=UTC))),
        compare=compare,
        sections=list(MEMO_SECTIONS),
        primary="acc",
        **report,
    )


def evaluation(**report: Any) -> Report:
    """A memo of two evaluations: one scorer better, one worse, slices, several answers of a row."""
    before = Eval(
        "v1",
        {"correctness": [False] * 12 + [True] * 28, "helpfulness": [0.7 + 0.01 * (i % 5) for i in range(40)]},
        row_tags=[{"topic": "ab"[i % 2]} for i in range(40)],
        seconds=[1.0 + 0.1 * (i % 7) for i in range(40)],
        failed=[3],
    )
    after = Eval(
        "v2",
        {"correctness": [True] * 40, "helpfulness": [0.5 + 0.01 * (i % 3) for i in range(40)]},
        row_tags=[{"topic": "ab"[i % 2]} for i in range(40)],
        seconds=[2.0 + 0.1 * (i % 5) for i in range(40)],
        digest="d2",
    )
    groups = {"groups": {"v1": "run:v1", "v2": "run:v2"}, "baseline": "v1"}
    return told(
        evaluated(before, after),
        metrics=metric_configs(**{"correctness/mean": {"goal": "maximize"}}),
        sections=list(MEMO_SECTIONS),
        compare=groups,
        **report,
    )


def portfolio(**report: Any) -> Report:
    """Two problems, each with its own metric."""
    own = [
        FakeRun(f"p{n}", {"f1": 0.5 + 0.01 * n}, experiment="other", datasets=[("other", "9")], start=NOW - timedelta(days=n))
        for n in range(4)
    ]
    return told(snapshot(*runs(2, NOW - timedelta(days=3)), *own), window=Window(NOW - timedelta(days=7), NOW, "7"), **report)


@pytest.fixture(scope="module")
def reports(greek: None) -> list[Report]:
    return [weekly(), memo(), memo(0.01), memo(n=2), memo(n=1), evaluation(), portfolio()]


def texts_of(report: Report, formats: tuple[str, ...] = FORMATS) -> Iterator[tuple[str, str]]:
    """(output, what its reader sees) of every file for readers."""
    files = bundle_of(report, None, RenderOptions(formats=formats)).files
    for path in ("report.html", "summary.md", "llms.txt", "email.html", "site/index.html"):
        if path not in files:
            continue
        content = files[path]
        text = (content if isinstance(content, bytes) else content.read_bytes()).decode("utf-8")
        if path.endswith(".html"):
            text = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>|<!--.*?-->", " ", text)
            spoken = " ".join(re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', text))
            text = unescape(re.sub(r"<[^>]+>", " ", text) + spoken)
        yield path, text


def latin(text: str) -> set[str]:
    """Words of three letters or more that are no part of a longer name (path, key or address)."""
    return {word.lower() for word in re.findall(r"(?<![\w./:=@#-])[A-Za-z]{3,}(?![\w./:=@-]*[/:=@_])", text)}


def test_what_stands_outside_the_catalogue(reports: list[Report]) -> None:
    found = {word for report in reports for word in latin(of_report(report))}
    assert sorted(found - DATA - UNITS - STATUSES - KINDS) == sorted(OUTSIDE)


def test_what_stands_outside_it_in_every_output(reports: list[Report]) -> None:
    found = {
        (path, word)
        for report in (reports[0], reports[1], reports[-1])
        for path, text in texts_of(report)
        for word in latin(text)
    }
    known = DATA | UNITS | STATUSES | PAGE
    assert sorted((path, word) for path, word in found if word not in known) == []


def drawn(report: Report) -> str:
    """The words in the pictures and figures of ``report``."""
    texts: list[str] = []
    for chart in of_kind(all_blocks(report), Chart):
        clean = drawable(chart).chart
        texts += [shape.text for shape in picture_of(clean).shapes if isinstance(shape, Text)]
        layout = screen_figure(chart)["layout"]
        texts += [str(one["text"]) for one in layout.get("annotations", ())]
    return " ".join(texts)


def test_what_stands_outside_it_in_pictures(reports: list[Report]) -> None:
    assert sorted({word for report in reports for word in latin(drawn(report))} - DATA - UNITS - {"true", "span"}) == []

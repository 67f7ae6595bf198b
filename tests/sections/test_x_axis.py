"""Curves over the step, over time, and over another metric, as the config chooses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reportgen.model import Chart, Report
from reportgen.render.walk import all_blocks, of_kind
from reportgen.snapshot import Snapshot
from tests.sections.checks import is_whole
from tests.sections.words import of_section
from tests.snapshots import FakeRun, snapshot, told

START = datetime(2026, 11, 1, 8, tzinfo=UTC)
LOSS = [1.0, 0.7, 0.5, 0.4]


@pytest.fixture(scope="module")
def taken() -> Snapshot:
    """Two runs with an epoch beside each loss (at every step, at every second one), one whose epoch falls, one without any."""
    return snapshot(
        FakeRun("a", histories={"val_loss": LOSS, "epoch": [0.0, 0.5, 1.0, 1.5]}),
        FakeRun("b", histories={"val_loss": [value + 0.1 for value in LOSS], "epoch": [(0, 0.0), (2, 1.0)]}),
        FakeRun("c", histories={"val_loss": [value + 0.2 for value in LOSS], "epoch": [(0, 0.0), (1, 2.0), (2, 2.0), (3, 3.0)]}),
        FakeRun("falls", histories={"val_loss": [value + 0.3 for value in LOSS], "epoch": [3.0, 2.0, 1.0, 0.0]}),
        FakeRun("none", histories={"val_loss": [value + 0.4 for value in LOSS]}),
    )


def loss_chart(report: Report) -> Chart:
    return next(chart for chart in of_kind(all_blocks(report), Chart) if chart.id.startswith("history-val-loss"))


def curves(report: Report) -> dict[str, tuple[tuple[float | None, ...], tuple[float | None, ...]]]:
    return {trace.name: (trace.x, trace.y) for trace in loss_chart(report).traces}


def test_over_another_metric_a_point_stands_where_both_were_logged(taken: Snapshot) -> None:
    report = told(taken, primary="val_loss", x_axis="epoch", sections=["histories"])
    assert loss_chart(report).x.label == "epoch"
    assert curves(report) == {
        "a": ((0.0, 0.5, 1.0, 1.5), tuple(LOSS)),
        "b": ((0.0, 1.0), (1.1, 0.6)),
        "c": ((0.0, 2.0, 3.0), (1.2, 0.7, pytest.approx(0.6))),  # of two points at one place the later one
    }
    assert "2 runs are not drawn: epoch was not logged at the same steps, or it falls." in of_section(report.sections[0])
    is_whole(report)


def test_where_few_runs_have_the_metric_the_axis_stays_the_step(taken: Snapshot) -> None:
    few = snapshot(FakeRun("a", histories={"val_loss": LOSS, "epoch": [0.0, 1.0, 2.0, 3.0]}), *(FakeRun(n, histories={"val_loss": LOSS}) for n in "bc"))  # fmt: skip
    report = told(few, primary="val_loss", x_axis="epoch", sections=["histories"])
    assert loss_chart(report).x.label == "Step"
    assert "Drawn over the step: fewer than half of the runs logged epoch" in of_section(report.sections[0])


@pytest.mark.parametrize(
    ("x_axis", "first", "kind"),
    [("step", 0.0, "linear"), ("relative", 0.0, "linear"), ("time", START.timestamp() * 1000, "time")],
)
def test_over_steps_and_time(taken: Snapshot, x_axis: str, first: float, kind: str) -> None:
    report = told(taken, primary="val_loss", x_axis=x_axis, sections=["histories"])
    chart = loss_chart(report)
    assert chart.x.kind == kind
    x, y = curves(report)["a"]
    assert x[0] == first
    assert y == tuple(LOSS)
    assert "Logged without steps" not in of_section(report.sections[0])
    is_whole(report)


def test_relative_time_counts_from_each_runs_first_point(taken: Snapshot) -> None:
    x, _ = curves(told(taken, primary="val_loss", x_axis="relative", sections=["histories"]))["a"]
    assert x == (0.0, 0.001, 0.002, 0.003)

"""A report over several problems: one row for each, by its own metric, and nothing said across them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reportgen.analyze.projects import projects_of
from reportgen.model import Findings, Report, Row, Sparkline, Table
from tests.sections.checks import is_whole
from tests.snapshots import FakeRun, report_config, snapshot, told

HOUSES = [FakeRun(f"house{i}", {"rmse": 60.0 + i}, experiment="houses") for i in range(3)]
WORDS = [FakeRun(f"word{i}", {"rmse": 0.1 + i / 10, "val_accuracy": 0.9 + i / 100}, experiment="words") for i in range(4)]
MOST_TEXT = 10_000


def rows(report: Report, table: str = "portfolio") -> list[dict[str, Any]]:
    found = next(b for section in report.sections for b in section.blocks if isinstance(b, Table) and b.id == table)
    return [{column.key: cell.value for column, cell in zip(found.columns, row, strict=True)} for row in found.rows]


def row_of(report: Report, project: str) -> dict[str, Any]:
    return next(row for row in rows(report) if row["project"] == project)


def listed(report: Report, at: int) -> dict[str, str]:
    """What a list of page 1 names (0: what changed, 1: what needs attention) → its evidence."""
    (row,) = [block for block in report.sections[0].blocks if isinstance(block, Row)]
    found = row.blocks[at]
    assert isinstance(found, Findings)
    return {item.title: item.detail for item in found.items}


def opening(report: Report) -> str:
    return repr(report.sections[0])


def test_each_experiment_is_ranked_by_its_own_metric() -> None:
    report = told(snapshot(*HOUSES, *WORDS))
    is_whole(report)
    assert report.headline == "2 of 2 experiments have a result."
    assert row_of(report, "houses") | {"run": None} == {
        "project": "houses",
        "metric": "rmse ↓",
        "best": 60.0,
        "change": "no new run",
        "course": None,
        "n_runs": 3,
        "state": "no gate",
        "run": None,
    }
    assert (row_of(report, "words")["metric"], row_of(report, "words")["best"]) == ("val_accuracy ↑", 0.93)
    assert row_of(report, "words")["run"].run_id == "word3"
    assert {key: value for key, value in report.metrics.items() if key.startswith("best/")} == {
        "best/houses/rmse": 60.0,
        "best/words/val_accuracy": 0.93,
        "best/words/rmse": 0.1,
    }
    assert "went from" not in opening(report)


def test_sections_of_a_project_stand_under_its_name_and_hold_only_its_runs() -> None:
    report = told(snapshot(*HOUSES, *WORDS))
    titles = [section.title for section in report.sections]
    assert {"houses", "houses: Best runs", "words", "words: Best runs"} <= set(titles)
    best = next(section for section in report.sections if section.title == "houses: Best runs")
    assert "house0" in repr(best)
    assert "word0" not in repr(best)
    assert titles.count("All runs") == 1


def test_one_experiment_has_no_portfolio() -> None:
    report = told(snapshot(*HOUSES))
    assert [section.id for section in report.sections][:2] == ["overview", "leaderboard"]
    assert report.sections[0].title == "Overview"


def test_a_declared_comparison_puts_runs_beside_each_other() -> None:
    report = told(snapshot(*HOUSES, *WORDS), compare={"by": "experiment"}, primary="rmse")
    assert report.sections[0].title == "Overview"


def test_the_config_puts_experiments_together() -> None:
    taken = snapshot(*HOUSES, *WORDS, FakeRun("x", {"rmse": 1.0}, experiment="other"))
    (one, two) = projects_of(taken, report_config(per_experiment={"[hw]*s": {"together": True, "title": "Both"}}), {})
    assert (one.title, one.names, one.why) == ("Both", ("houses", "words"), "declared")
    assert (two.title, two.why) == ("other", "alone")
    assert told(taken, per_experiment={"*": {"together": True}}).sections[0].title == "Overview"


def measured(experiment: str, digest: str, metric: str = "val_accuracy") -> FakeRun:
    return FakeRun(f"{experiment}-run", {metric: 0.9}, datasets=[("data", digest)], experiment=experiment)


@pytest.mark.parametrize(
    ("context", "digests", "metrics", "n"),
    [
        ("eval", ("d1", "d1"), ("val_accuracy", "val_accuracy"), 1),
        ("eval", ("d1", "d2"), ("val_accuracy", "val_accuracy"), 2),
        ("eval", ("d1", "d1"), ("val_accuracy", "val_loss"), 2),
        ("eval", ("d1", "d1"), ("training_accuracy", "training_accuracy"), 2),
        ("training", ("d1", "d1"), ("val_accuracy", "val_accuracy"), 2),  # trained on it says nothing of what it was measured on
    ],
)
def test_equal_metric_and_equal_data_are_one_problem(
    context: str, digests: tuple[str, str], metrics: tuple[str, str], n: int
) -> None:
    taken = snapshot(measured("a", digests[0], metrics[0]), measured("b", digests[1], metrics[1]))
    import pyarrow as pa

    contexts = pa.array([context] * taken.datasets.num_rows, pa.string())
    at = taken.datasets.schema.get_field_index("context")
    from dataclasses import replace

    taken = replace(taken, datasets=taken.datasets.set_column(at, taken.datasets.schema.field(at), contexts))
    assert len(projects_of(taken, report_config(), {})) == n


def test_settings_by_name_and_glob() -> None:
    settings = {
        "words": {"primary": "rmse", "title": "Language", "sections": ["leaderboard"]},
        "*": {"gates": [{"metric": "rmse", "at_most": 61}]},
    }
    report = told(snapshot(*HOUSES, *WORDS), per_experiment=settings)
    assert row_of(report, "Language")["metric"] == "rmse ↓"
    assert row_of(report, "houses")["state"] == "1 of 1 gate passed"
    assert row_of(report, "Language")["state"] == "no gate"  # the first entry that fits is its own
    assert [gate.name for gate in report.gates] == ["houses: rmse at most 61 (best run)"]
    assert [section.title for section in report.sections if "Language" in section.title] == ["Language: Best runs"]


def test_settings_that_fit_nothing_are_told() -> None:
    report = told(snapshot(*HOUSES, *WORDS), per_experiment={"wrods": {"primary": "rmse"}})
    assert [(p.slug, p.where, p.severity) for p in report.problems] == [("settings-unused", "wrods", "warning")]


def test_a_single_experiment_has_its_settings_too() -> None:
    report = told(snapshot(*WORDS), per_experiment={"w*": {"primary": "rmse", "gates": [{"metric": "rmse", "at_most": 0.05}]}})
    assert report.headline.startswith("1 of 1 gate not passed. Best rmse: 0.1")


def test_gates_judge_each_project_that_has_their_metric() -> None:
    gates = [
        {"metric": "val_accuracy", "at_least": 0.95},
        {"metric": "rmse", "at_most": 1, "experiment": "hou*"},
        {"metric": "recall", "at_least": 0.5},
        {"of": "runs", "at_least": 7},
    ]
    report = told(snapshot(*HOUSES, *WORDS), gates=gates)
    assert [(gate.name, gate.state, gate.value) for gate in report.gates] == [
        ("houses: rmse at most 1 (best run)", "FAIL", 60.0),
        ("words: val_accuracy at least 0.95 (best run)", "FAIL", 0.93),
        ("recall at least 0.5 (best run)", "NO_DATA", None),
        ("finished runs at least 7", "PASS", 7),
    ]
    assert report.headline == "3 of 4 gates not passed."
    assert {row["state"] for row in rows(report)} == {"1 of 1 gate failed"}


def test_a_gate_on_an_experiment_that_is_not_there_has_no_data() -> None:
    report = told(snapshot(*HOUSES), gates=[{"metric": "rmse", "at_most": 1000, "experiment": "hosues"}])
    assert [gate.state for gate in report.gates] == ["NO_DATA"]


def test_nothing_to_rank_names_the_key_and_is_never_green() -> None:
    strange = FakeRun("s", {"flibber": 3.0}, experiment="strange")
    trained = FakeRun("t", {"training_accuracy": 1.0}, experiment="trained")
    broken = FakeRun("f", {}, experiment="broken", status="FAILED")
    report = told(snapshot(*HOUSES, strange, trained, broken), gates=[{"of": "runs", "at_least": 1, "experiment": "strange"}])
    assert report.headline == "3 of 4 experiments need a look."
    states = {row["project"]: row["state"] for row in rows(report)}
    assert states == {
        "houses": "no gate",
        "strange": "nothing to rank",
        "trained": "only training metrics",
        "broken": "nothing to rank",
    }
    said = listed(report, 1)
    assert "primary" in said["strange: Nothing to rank"]
    assert "flibber" in said["strange: Nothing to rank"]
    assert said["broken: Nothing to rank"] == "no finished run"
    assert "primary" in said["trained: Only training metrics"]
    assert said["broken: 1 run failed"] == "f"
    table = next(b for b in report.sections[0].blocks if isinstance(b, Table) and b.id == "portfolio")
    assert "good" not in {cell.tone for row in table.rows for cell in row}


def test_change_on_the_last_period_is_of_its_own_metric() -> None:
    late = datetime(2026, 11, 19, tzinfo=UTC)
    better = FakeRun("better", {"rmse": 55.0}, experiment="houses", start=late)
    fresh = FakeRun("fresh", {"f1": 0.5}, experiment="new", start=late)
    report = told(snapshot(*HOUSES, *WORDS, better, fresh))
    assert row_of(report, "houses")["change"] == -5.0
    assert row_of(report, "new")["change"] == "first period"
    assert report.headline == "1 of 3 experiments improved."
    assert list(listed(report, 0)) == ["houses: New best rmse: 55, was 60", "new: New experiment"]


def test_the_best_so_far_is_drawn_in_order_of_time() -> None:
    def lines(runs: list[FakeRun]) -> dict[str, tuple[float | None, ...] | None]:
        table = next(b for b in told(snapshot(*runs)).sections[0].blocks if isinstance(b, Table) and b.id == "portfolio")
        at = [column.key for column in table.columns].index("course")
        return {str(row[0].value): row[at].chart.values if isinstance(row[at].chart, Sparkline) else None for row in table.rows}

    days = [replace(run, start=datetime(2026, 11, 3 - i, tzinfo=UTC)) for i, run in enumerate(HOUSES)]
    assert lines([*days, *WORDS]) == {"houses": (62.0, 61.0, 60.0), "words": None}  # runs of one moment have no order


def test_runs_that_share_no_metric_are_counted_beside_the_best() -> None:
    apart = [FakeRun(f"a{i}", {f"f1_{name}": 0.5}, experiment="apart") for i, name in enumerate("xyz")]
    report = told(snapshot(*HOUSES, *apart))
    table = next(b for b in report.sections[0].blocks if isinstance(b, Table) and b.id == "portfolio")
    at = [column.key for column in table.columns].index("best")
    notes = {row[0].value: row[at].note for row in table.rows}
    assert notes["apart"] == "1 of 3 finished"


def test_three_hundred_unrelated_experiments() -> None:
    runs = [FakeRun(f"r{i}-{n}", {f"loss_{i}": i + n / 10}, experiment=f"exp {i:03}") for i in range(300) for n in range(3)]
    taken = snapshot(*runs)
    report = told(taken)
    is_whole(report)
    assert report.headline == "300 of 300 experiments have a result."
    table = next(b for b in report.sections[0].blocks if isinstance(b, Table) and b.id == "portfolio")
    assert len(table.rows) == 300
    assert table.paper_rows is not None
    assert table.paper_rows < 60
    assert "about 12 of 300 experiments" in opening(report)
    assert sum(section.title.endswith(": Best runs") for section in report.sections) == 12

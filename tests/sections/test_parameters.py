"""The section on searches: what it computes, what it withholds, and that it is silent where nothing was searched."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reportgen.analyze.methods import budgets
from reportgen.charts.kinds.parallel import ranks
from reportgen.model import Axis, Chart, Notice, Report, Section, Table
from reportgen.render.walk import blocks_of
from tests.sections.checks import is_whole
from tests.sections.words import of_section
from tests.snapshots import FakeRun, facts, metric_configs, snapshot, told


def search(n: int = 40, *, seed: int = 1, experiment: str = "exp", prefix: str = "", **changes: Any) -> list[FakeRun]:
    """Runs whose accuracy follows the learning rate, a little the optimizer, and not at all the depth."""
    draw = random.Random(seed)
    runs = []
    for i in range(n):
        lr, depth, adam = 10 ** draw.uniform(-4, -1), draw.randint(2, 9), draw.random() < 0.5
        acc = 0.6 + 0.08 * (math.log10(lr) + 4) + 0.03 * adam + draw.gauss(0, 0.004)
        params = {"lr": repr(lr), "depth": str(depth), "optimizer": "adam" if adam else "sgd", "epochs": "10", "seed": str(i)}
        metrics = {"val_acc": acc, "val_loss": 1 - acc + draw.gauss(0, 0.02)}
        fields = {"metrics": metrics, "params": params, "start": datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=i)}
        runs.append(FakeRun(f"{prefix}r{i:03}", experiment=experiment, **(fields | changes)))
    return runs


def report_of(*runs: FakeRun, **fields: Any) -> Report:
    report = told(snapshot(*runs), **({"primary": "val_acc", "sections": ["parameters"]} | fields))
    is_whole(report)
    assert isinstance(report, Report)
    return report


def section_of(*runs: FakeRun, **fields: Any) -> Section:
    (section,) = report_of(*runs, **fields).sections
    return section


def charts(section: Section) -> dict[str, Chart]:
    return {block.id: block for block in blocks_of(section.blocks) if isinstance(block, Chart)}


def test_the_parameter_that_matters_is_first_and_the_caveat_stands_under_it() -> None:
    section = section_of(*search())
    chart = charts(section)["importance"]
    assert chart.x.categories[0] == "lr"
    assert set(chart.x.categories) == {"lr", "depth", "optimizer"}
    assert sum(y for y in chart.traces[0].y if y is not None) == pytest.approx(1)
    assert "it is not causal" in chart.notes[0]
    assert any("Cross-validated R²" in note for note in chart.notes)
    assert "3 parameters vary: depth, lr and optimizer." in of_section(section)


def test_all_blocks_of_a_search() -> None:
    section = section_of(*search())
    assert list(charts(section)) == ["importance", "parameters-lines", "expected-best", "pareto"]
    assert "No run is an outlier in val_acc" in of_section(section)


def test_importance_is_withheld_with_its_reason_below_thirty_runs() -> None:
    section = section_of(*search(12))
    (notice,) = [block for block in section.blocks if isinstance(block, Notice)]
    assert notice.title == "Parameter importance is withheld"
    assert notice.text == "12 runs: 3 parameters need 30. Each parameter alone is below."
    (table,) = [block for block in section.blocks if isinstance(block, Table) and block.id == "associations"]
    assert next(row[0].value for row in table.rows) == "lr"
    assert "importance" not in charts(section)
    assert any("not causal" in note for note in table.notes)


def test_importance_is_withheld_when_the_model_predicts_nothing() -> None:
    draw = random.Random(3)
    runs = [FakeRun(f"r{i}", {"val_acc": draw.random()}, {"a": str(draw.random()), "b": str(draw.random())}) for i in range(32)]
    assert "importance needs 0.3" in of_section(section_of(*runs))


@pytest.mark.parametrize(
    "runs",
    [
        [],
        search(9),
        [FakeRun(f"r{i}", {"val_acc": i / 20}, {"lr": str(i)}) for i in range(20)],  # one parameter
        [FakeRun(f"r{i}", {"val_acc": i / 20}, {"seed": str(i), "fold": str(i % 5)}) for i in range(20)],
        [FakeRun(f"r{i}", {"val_acc": i / 20}, {"path": f"/x/{i}", "tag": f"t{i}"}) for i in range(20)],  # names only
        [FakeRun(f"r{i}", {"val_acc": i / 20}, {"a": str(i % 2), "b": str(i % 2)}) for i in range(20)],  # an A/B test
        search(20, status="FAILED"),
        search(20, deleted=True),
        search(20, metrics={"val_acc": math.nan}),
        search(20, metrics={"val_acc": 1e300}),
    ],
)
def test_no_search_no_section(runs: list[FakeRun]) -> None:
    assert report_of(*runs).sections == ()


def test_a_report_without_the_section_does_not_compute_it() -> None:
    assert facts(snapshot(*search(12)), primary="val_acc", sections=["overview"]).parameters is None
    assert facts(snapshot(*search(12)), primary="val_acc").parameters is not None


def test_without_a_direction_nothing_is_called_best() -> None:
    section = section_of(*search(12), metrics=metric_configs(val_acc={"goal": "none"}))
    assert list(charts(section)) == ["parameters-lines"]
    assert "the first, r000" in charts(section)["parameters-lines"].alt


def test_a_constant_metric_is_said_to_be_constant() -> None:
    words = of_section(section_of(*search(12, metrics={"val_acc": 0.5})))
    assert "nothing varies" in words.lower()
    assert "Outliers were not looked for: more than half of the values are alike." in words


def test_many_runs_are_thinned_by_rank_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.analyze.parameters.MOST_MODELLED", 60)
    runs = [*search(260), FakeRun("bad", {}, {"lr": "0.1", "depth": "3"}, status="FAILED")]
    section = section_of(*runs)
    chart = charts(section)["parameters-lines"]
    assert chart.method[0] == "199 of 260 runs (at most 200 lines): the best 20, and of the others every so many by rank."
    assert chart.method[1] == "Dotted lines that end early: 1 of 1 failed run."
    assert len(chart.traces) == 200
    best = sorted(runs, key=lambda run: -run.metrics.get("val_acc", 0))[:20]
    assert {run.run_id for run in best} <= {trace.name for trace in chart.traces}
    (broken,) = [trace for trace in chart.traces if trace.name == "bad"]
    assert broken.y[-1] is None
    assert any("The model has 60 of 260 runs" in note for note in charts(section)["importance"].method)


def test_lines_are_coloured_by_rank_from_worst_to_best() -> None:
    up, down = Axis("", goal="maximize"), Axis("", goal="minimize")
    assert ranks([0.0, 0.001, 1.0], [up]) == {0.0: 0.0, 0.001: 0.5, 1.0: 1.0}
    assert ranks([0.0, 0.001, 1.0], [down]) == {0.0: 1.0, 0.001: 0.5, 1.0: 0.0}
    assert ranks([0.2, 0.2, 0.9], [up]) == {0.2: 0.25, 0.9: 1.0}
    assert charts(section_of(*search()))["parameters-lines"].axes[-1].goal == "maximize"


def test_failures_are_counted_by_parameter_and_tested_from_ten_on() -> None:
    def failed(n: int) -> Table:
        bad = [FakeRun(f"bad{i}", {}, {"lr": "0.1", "depth": "3", "optimizer": "sgd"}, status="FAILED") for i in range(n)]
        blocks = section_of(*search(30), *bad).blocks
        return next(block for block in blocks if isinstance(block, Table) and block.id == "failures")

    few = failed(2)
    assert "p" not in [column.key for column in few.columns]
    assert {row[0].value for row in few.rows} == {"optimizer"}
    assert [row[2].value for row in few.rows if row[1].value == "sgd"] == [2]
    assert "ten are needed" in few.notes[-1]
    many = failed(12)
    assert {row[0].value for row in many.rows} == {"lr", "depth", "optimizer"}
    assert all(row[-1].value is not None for row in many.rows)


def test_parallel_axes_are_logarithmic_or_categories_where_they_should_be() -> None:
    chart = charts(section_of(*search()))["parameters-lines"]
    kinds = {axis.label: axis.kind for axis in chart.axes}
    assert kinds == {"lr": "log", "depth": "linear", "optimizer": "category", "val_acc": "linear"}
    assert chart.axes[-1].label == "val_acc"
    assert next(axis for axis in chart.axes if axis.label == "optimizer").categories == ("adam", "sgd")


def test_at_most_eight_axes() -> None:
    draw = random.Random(2)
    runs = [FakeRun(f"r{i}", {"val_acc": draw.random()}, {f"p{j}": str(draw.random()) for j in range(9)}) for i in range(15)]
    chart = charts(section_of(*runs))["parameters-lines"]
    assert len(chart.axes) == 8
    assert "The 7 most associated of 9 parameters." in chart.method


def test_searches_are_compared_at_equal_budgets() -> None:
    runs = [*search(14, experiment="large"), *search(11, seed=2, experiment="small", prefix="s")]
    section = section_of(*runs, per_experiment={"*": {"together": True}})
    chart = charts(section)["expected-best"]
    assert [trace.name for trace in chart.traces] == ["large", "small"]
    assert chart.traces[0].x == tuple(map(float, range(1, 12)))
    wanted = budgets.expected_best([run.metrics["val_acc"] for run in runs[:14]], higher_is_better=True, budgets=11)
    assert chart.traces[0].y == pytest.approx(wanted.values)
    assert "others: small" in of_section(section)


def test_the_front_holds_the_runs_that_nothing_beats() -> None:
    made = [(0.9, 0.5), (0.8, 0.4), (0.7, 0.3), (0.7, 0.35), (0.6, 0.9), *((0.5 + i / 100, 0.95) for i in range(7))]
    runs = [
        FakeRun(f"r{i:02}", {"val_acc": acc, "val_loss": loss}, {"a": str(i), "b": str(i * i % 7)})
        for i, (acc, loss) in enumerate(made)
    ]
    runs.append(FakeRun("zz", {"val_acc": 0.1}, {"a": "99", "b": "1"}))
    chart = charts(section_of(*runs))["pareto"]
    assert chart.table is not None
    assert [row[0].value.run_id for row in chart.table.rows] == ["r00", "r01", "r02"]  # type: ignore[union-attr]
    assert chart.traces[-1].labels == ("r02", "r01", "r00")
    assert "12 runs with both values; 1 without a usable val_loss left out." in chart.notes


def test_outliers_are_listed_with_their_side() -> None:
    runs = search(14)
    odd = [
        FakeRun("great", {"val_acc": 9.0}, {"lr": "0.1", "depth": "3"}),
        FakeRun("poor", {"val_acc": -9.0}, {"lr": "0.2", "depth": "4"}),
    ]
    section = section_of(*runs, *odd)
    (table,) = [block for block in section.blocks if isinstance(block, Table) and block.id == "outliers"]
    assert {(row[0].value.name, row[3].value) for row in table.rows} == {("great", "suspiciously good"), ("poor", "bad")}  # type: ignore[union-attr]


def test_trials_stand_for_themselves_and_folds_for_their_parent() -> None:
    trials = [FakeRun("study", {"val_acc": 0.99}, {"sampler": "tpe"}), *search(12, parent="study")]
    found = facts(snapshot(*trials), primary="val_acc").parameters
    assert len(found.keys) == 12
    assert (found.n_inside, ("1", "study") in found.keys) == (1, False)
    folds: list[FakeRun] = []
    for run in search(12):
        kept = {key: value for key, value in run.params.items() if key != "seed"}
        folds.append(FakeRun(run.run_id, run.metrics, kept))
        folds += [FakeRun(f"{run.run_id}-{k}", run.metrics, kept | {"fold": str(k)}, parent=run.run_id) for k in range(3)]
    found = facts(snapshot(*folds), primary="val_acc").parameters
    assert {run_id for _, run_id in found.keys} == {f"r{i:03}" for i in range(12)}
    assert found.n_inside == 36


def test_a_secret_parameter_is_nowhere() -> None:
    runs = search(12)
    secret = [FakeRun(r.run_id, r.metrics, {**r.params, "api_key": f"hunter{i % 3}"}, start=r.start) for i, r in enumerate(runs)]
    report = report_of(*secret)
    assert "hunter" not in repr(report.sections)
    assert "1 parameter with the name of a secret left out." in of_section(report.sections[0])


def test_missing_and_hostile_parameters_are_drawn_as_gaps_and_text() -> None:
    runs = []
    for i, run in enumerate(search(16)):
        params = dict(run.params) | {"mode": "<b>x</b>\n$a$" if i % 2 else ""}
        if i % 3 == 0:
            del params["lr"]
        runs.append(FakeRun(run.run_id, run.metrics, params, start=run.start))
    chart = charts(section_of(*runs))["parameters-lines"]
    place = [axis.label for axis in chart.axes].index("lr")
    assert sum(trace.y[place] is None for trace in chart.traces) == 6
    assert "(empty)" in next(axis for axis in chart.axes if axis.label == "mode").categories


def test_the_same_runs_in_another_order_give_the_same_section() -> None:
    runs = search(32)
    assert repr(section_of(*runs)) == repr(section_of(*reversed(runs)))

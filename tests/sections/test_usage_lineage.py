"""What all runs used of the machine together; the best run and its registered version; a metric over versions; checkpoints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reportgen.model import Chart, Findings, Paragraph, Report, Table, Tiles
from reportgen.render.walk import all_blocks, of_kind
from reportgen.snapshot import History, table_of
from tests.sections.checks import is_whole
from tests.sections.words import of_block, plain
from tests.snapshots import FakeRun, snapshot, told

MINUTE = 60_000


def sampled(*rows: tuple[str, str, list[float]]) -> History:
    """(run, system metric, values), one a minute from the run's start on."""
    points = [
        ("1", run, metric, at, 1_793_520_000_000 + at * MINUTE, value)
        for run, metric, values in rows
        for at, value in enumerate(values)
    ]
    names = ("experiment_id", "run_id", "metric", "step", "timestamp", "value")
    return History(table_of("history", {name: [row[i] for row in points] for i, name in enumerate(names)}))


def tables(report: Report) -> dict[str, Table]:
    return {table.id: table for table in of_kind(all_blocks(report), Table)}


# --- the machine -----------------------------------------------------------------------------------------------------


def machines() -> Any:
    history = sampled(
        ("a", "system/gpu_0_utilization_percentage", [80.0] * 31),
        ("a", "system/gpu_1_utilization_percentage", [40.0] * 31),
        ("a", "system/gpu_0_power_usage_watts", [200.0] * 31),
        ("b", "system/gpu_0_utilization_percentage", [50.0] * 31),
        ("b", "system/system_memory_usage_percentage", [50.0] * 30 + [97.5]),
    )
    runs = [FakeRun("a", {"acc": 0.9}, seconds=3600.0), FakeRun("b", {"acc": 0.8}, seconds=1800.0), FakeRun("c", {"acc": 0.7})]
    return replace(snapshot(*runs), history=history)


def test_gpu_hours_energy_and_carbon_are_told_with_the_runs_that_they_are_of() -> None:
    report = told(machines(), primary="acc", kg_co2_per_kwh=0.4, sections=["overview", "resources"])
    (tiles,) = [block for block in report.sections[1].blocks if isinstance(block, Tiles)]
    told_of = [(tile.label, tile.value, tile.note) for tile in tiles.tiles]
    assert told_of == [
        ("GPU hours", 2.5, "2 of 2 runs sampled"),  # two GPUs for an hour, one for half an hour
        ("GPU energy, Wh", 100.0, "1 of 2 runs sampled"),
        ("CO₂, kg", 0.04, "at 0.4 kg per kWh"),
    ]
    is_whole(report)


def test_carbon_needs_a_factor_and_a_store_without_samples_says_nothing() -> None:
    (tiles,) = of_kind(all_blocks(told(machines(), sections=["resources"])), Tiles)
    assert [tile.label for tile in tiles.tiles] == ["GPU hours", "GPU energy, Wh"]
    assert not told(snapshot(FakeRun("a", {"acc": 0.9})), kg_co2_per_kwh=0.4, sections=["resources"]).sections


def test_curves_of_the_machine_are_those_of_the_best_runs() -> None:
    report = told(machines(), primary="acc", sections=["resources"])
    gpu, power = of_kind(all_blocks(report), Chart)
    assert [trace.name for trace in gpu.traces] == ["a, GPU 0", "a, GPU 1", "b"]
    assert gpu.traces[0].x == tuple(60.0 * at for at in range(31))
    assert plain(gpu.alt) == "GPU utilization over time of 2 runs, best first; the highest value is 80.0 % (a, GPU 0)."
    assert power.id == "usage-power"


def test_what_came_near_a_limit_is_on_page_1() -> None:
    report = told(machines(), primary="acc", sections=["overview", "resources"])
    items = [item for findings in of_kind(all_blocks(report), Findings) for item in findings.items]
    (near,) = [item for item in items if item.title == "1 run nearly filled its memory"]
    assert plain(near.detail) == "b · system memory usage 97.5 %"


# --- the registry ----------------------------------------------------------------------------------------------------


def models(*rows: dict[str, Any]) -> Any:
    return table_of("models", {key: [row.get(key) for row in rows] for key in {key for row in rows for key in row}})


def version(number: str, run: str, *aliases: str) -> dict[str, Any]:
    return {"kind": "version", "name": "iris", "version": number, "run_id": run, "experiment_id": "1", "aliases": list(aliases)}


RUNS = tuple(FakeRun(name, {"val_accuracy": value}) for name, value in (("a", 0.7), ("b", 0.9), ("c", 0.8), ("d", 0.95)))


def said(report: Report) -> str:
    return "\n".join(of_block(block) for block in of_kind(all_blocks(report), Paragraph))


def test_the_best_run_leads_to_its_version_and_a_champion_to_its_rank() -> None:
    registered = models(version("1", "a"), version("2", "c", "champion"), version("3", "d", "challenger"))
    report = told(snapshot(*RUNS, models=registered), primary="val_accuracy", sections=["leaderboard", "models"])
    assert "The best run, d, is iris version 3 (challenger). iris version 2 (champion) is of c, rank 3 of 4." in said(report)
    ranks = tables(report)["models-versions"]
    at = [column.key for column in ranks.columns].index("rank")
    assert [row[at].value for row in ranks.rows] == [1, 3, 4]
    chart = next(block for block in of_kind(all_blocks(report), Chart) if block.id.startswith("models-over"))
    assert chart.traces[0].y == (0.7, 0.8, 0.95)
    assert chart.x.categories == ("1", "2", "3")
    assert chart.alt.startswith("val_accuracy of the runs that 3 versions of iris were made from: from 0.7000 (version 1)")
    is_whole(report)


def test_a_best_run_without_a_version_is_said_to_have_none() -> None:
    registered = models(version("1", "a"), version("2", "c", "champion"))
    report = told(snapshot(*RUNS, models=registered), primary="val_accuracy", sections=["leaderboard", "models"])
    assert "The best run, d, is not registered." in said(report)
    assert not of_kind(all_blocks(report), Chart)  # two versions are no course


def test_versions_of_several_experiments_are_not_joined_by_a_line() -> None:
    runs = (*RUNS[:3], FakeRun("e", {"val_accuracy": 0.99}, experiment="other"))
    rows = (version("1", "a"), version("2", "c"), version("3", "b"), {**version("4", "e"), "experiment_id": "2"})
    report = told(snapshot(*runs, models=models(*rows)), primary="val_accuracy", sections=["models"])
    assert not of_kind(all_blocks(report), Chart)


# --- checkpoints -----------------------------------------------------------------------------------------------------


def measured(*rows: tuple[str, int, float, str]) -> Any:
    """(model id, step, value, digest of the data)."""
    return table_of(
        "model_metrics",
        {
            "experiment_id": ["1"] * len(rows),
            "model_id": [row[0] for row in rows],
            "run_id": ["a"] * len(rows),
            "metric": ["val_accuracy"] * len(rows),
            "dataset": ["val"] * len(rows),
            "dataset_digest": [row[3] for row in rows],
            "step": [row[1] for row in rows],
            "value": [row[2] for row in rows],
        },
    )


def logged(*ids: str, run: str = "a") -> Any:
    return models(*({"kind": "logged", "name": "net", "version": id_, "run_id": run, "experiment_id": "1"} for id_ in ids))


def test_checkpoints_are_told_best_against_last_on_the_same_data() -> None:
    values = measured(("m1", 100, 0.8, "x"), ("m2", 200, 0.9, "x"), ("m3", 300, 0.85, "x"), ("m3", 300, 0.99, "y"))
    taken = snapshot(*RUNS, models=logged("m1", "m2", "m3"), model_metrics=values)
    report = told(taken, primary="val_accuracy", sections=["models"])
    (row,) = tables(report)["models-checkpoints"].rows
    assert [cell.value for cell in row[1:]] == ["val_accuracy", "val", 3, 200, "0.9000", 300, "0.8500", "−0.0500"]
    every = tables(report)["models-checkpoints-by-step"]
    assert [(row[2].value, row[3].value, row[4].tone) for row in every.rows] == [
        (100, "m1", "neutral"),
        (200, "m2", "best"),
        (300, "m3", "neutral"),
    ]
    is_whole(report)


def test_models_of_one_step_are_no_checkpoints() -> None:
    values = measured(("m1", 0, 0.8, "x"), ("m2", 0, 0.9, "x"))
    report = told(snapshot(*RUNS, models=logged("m1", "m2"), model_metrics=values), primary="val_accuracy", sections=["models"])
    assert "models-checkpoints" not in tables(report)

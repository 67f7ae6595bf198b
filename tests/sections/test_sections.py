"""What readers are told, as exact words; and that a broken section costs only its own place."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen import config
from reportgen.errors import Problem
from reportgen.model import Chart, Paragraph, Prose, Report, Section, Table, Verdict, Window
from reportgen.sections import report as reporting
from reportgen.sections.registry import SECTIONS
from reportgen.sections.view import spans_decades
from reportgen.snapshot import LedgerRow
from reportgen.words import Words
from tests.sections.checks import is_whole
from tests.sections.words import of_block, of_report, of_section, plain
from tests.snapshots import FakeRun, metric_configs, snapshot, told


def day(n: int) -> datetime:
    return datetime(2026, 11, n, 8, tzinfo=UTC)


def section(report: Report, id: str) -> Section:
    return next(one for one in report.sections if one.id == id)


def ab(a: list[float], b: list[float], *, seeds: bool = True) -> list[FakeRun]:
    return [
        FakeRun(f"{arm}-{i}", {"val_acc": value}, {"lr": "0.1"} | ({"seed": str(i)} if seeds else {}), {"arm": arm})
        for arm, values in (("control", a), ("new", b))
        for i, value in enumerate(values)
    ]


def verdict(a: list[float], b: list[float], *, seeds: bool = True, metrics: Any = None, **compare: Any) -> Verdict:
    report = told(snapshot(*ab(a, b, seeds=seeds)), metrics=metrics, compare={"by": "tags.arm"} | compare)
    is_whole(report)
    found = next(block for block in section(report, "overview").blocks if isinstance(block, Verdict))
    return replace(found, sentence=plain(found.sentence), caveats=tuple(map(plain, found.caveats)))


def test_the_registry_has_exactly_the_configs_sections() -> None:
    assert tuple(SECTIONS) == config.SECTIONS + config.MEMO_SECTIONS


def test_page_one() -> None:
    runs = [FakeRun(f"run{i}", {"val_acc": 0.8 + i / 100, "val_loss": 0.5 - i / 100}, start=day(2 * i + 1)) for i in range(4)]
    runs.append(FakeRun("star", {"val_acc": 0.9, "val_loss": 0.6}, start=day(19)))
    runs.append(FakeRun("crash", {}, start=day(19), status="FAILED"))
    report = told(snapshot(*runs), title="Weekly")
    is_whole(report)
    assert report.headline == "Best val_acc: 0.9000 (star). 1 of 6 runs failed."
    assert (
        of_section(section(report, "overview"))
        == """\
## Overview
Best val_acc = 0.9000 (+0.0700 since 2026-11-14); star · ↑ higher is better
Best val_loss = 0.4700; run3 · ↓ lower is better
Runs = 6; 5 finished, 1 failed
What changed:
▲ New best val_acc: 0.9000, was 0.8300: star
Needs attention:
 1 run failed: crash
(points) val_acc over time: 5 finished runs from 2026-11-01 to 2026-11-19; the best val_acc went from 0.8000 to 0.9000."""
    )


def test_a_quiet_page_one() -> None:
    report = told(snapshot(FakeRun("only", {"val_acc": 0.8}, start=day(2))))
    assert (
        of_section(section(report, "overview"))
        == """\
## Overview
Best val_acc = 0.8000; only · ↑ higher is better
Runs = 1; 1 finished
What changed:
= No run started in this period: the newest started on 2026-11-02
Needs attention:
 Nothing needs attention: No run failed, hangs or diverged."""
    )


def test_no_runs_at_all() -> None:
    report = told(snapshot(), compare={"by": "tags.arm"}, gates=[{"metric": "m", "at_least": 1}])
    is_whole(report)
    assert report.headline == "No runs in the selection."
    assert of_section(section(report, "overview")) == (
        "## Overview\n! No runs: The selection holds no run (all time). check experiments, filter and window in the config"
    )
    assert [gate.state for gate in report.gates] == ["NO_DATA"]
    assert (report.metrics["n_gates_failed"], report.metrics["n_gates_no_data"]) == (0, 1)


def test_the_leaderboard() -> None:
    runs = [FakeRun("a", {"acc": 0.91}, {"lr": "0.1", "opt": "adam"}), FakeRun("b", {"acc": 0.95}, {"lr": "0.2", "opt": "adam"})]
    runs.append(FakeRun("c", {"acc": math.nan}, {"lr": "0.3"}))
    assert (
        of_section(section(told(snapshot(*runs)), "leaderboard"))
        == """\
## Best runs
Best runs by acc:
Rank | Run | acc | lr
1 | b | 0.9500 | 0.2
2 | a | 0.9100 | 0.1
  Selection effect: the best of 2 runs overstates what a re-run will give.
Parameters that the 2 runs above share:
Parameter | Value
opt | adam
~ 2 of 3 finished runs ranked; left out: 1 with NaN or infinity.
~ Ranked by acc: last value of each run; higher is better, inferred from its name. Chosen because 3 of 3 finished runs have it and its \
direction is known; set primary in the config to choose another."""
    )


def test_nothing_to_rank() -> None:
    report = told(snapshot(FakeRun("a", {"foo": 1.0})))
    assert "none of the 1 logged metrics has a direction that is known" in of_section(section(report, "leaderboard"))


def test_secrets_in_params_are_masked() -> None:
    report = told(
        snapshot(FakeRun("a", {"acc": 1.0}, {"api_key": "hunter2"}), FakeRun("b", {"acc": 2.0}, {"api_key": "hunter3"}))
    )
    assert "hunter" not in of_report(report)


# --- verdicts --------------------------------------------------------------------------------------------------------


def test_better() -> None:
    found = verdict([0.80, 0.81, 0.83, 0.82, 0.805], [0.84, 0.86, 0.865, 0.87, 0.85])
    assert found.outcome == "better"
    assert found.tone == "good"
    assert (found.heading, found.sentence) == (
        "Better by 0.0440",
        "val_acc 0.8130 → 0.8570. Between +0.0359 and +0.0521 with 95 % confidence; better in 5 of 5 pairs by seed.",
    )
    assert plain(found.rule) == (
        "new is better than control: val_acc mean 0.8570 against 0.8130, a difference of +0.0440 [+0.0359, +0.0521] "
        "(95 % interval; paired t test, 5 pairs by seed, correlation 0.85; p < 0.001). "
        "Better or worse when p is at most 0.05; ↑ higher is better (inferred from its name). The test follows from the design, not "
        "from the values."
    )


def test_percentages_differ_by_points() -> None:
    percent = metric_configs(val_acc={"format": "percent", "digits": 1})
    found = verdict([0.80, 0.81, 0.83, 0.82, 0.805], [0.84, 0.86, 0.865, 0.87, 0.85], metrics=percent)
    assert found.sentence.startswith("val_acc 81.3 % → 85.7 %. Between +3.6 and +5.2 pp with 95 % confidence")
    assert "mean 85.7 % against 81.3 %, a difference of +4.4 [+3.6, +5.2] pp" in plain(found.rule)


def test_no_clear_difference_is_never_no_difference() -> None:
    found = verdict([0.80, 0.81, 0.83, 0.82, 0.805], [0.81, 0.80, 0.84, 0.82, 0.82], seeds=False)
    assert found.outcome == "unclear"
    assert (found.heading, found.sentence) == (
        "No clear difference",
        "val_acc 0.8130 → 0.8180. Between −0.0148 and +0.0248 with 95 % confidence.",
    )
    assert plain(found.rule).startswith(
        "No clear difference between new and control: val_acc mean 0.8180 against 0.8130; changes from −0.0148 to +0.0248 are not excluded "
        "(95 % interval; Welch's t test, 5 against 5 runs; p = 0.58)."
    )
    assert found.caveats[0] == (
        "These runs would detect a true difference of 0.0275 with 80 % probability. For half of that, about 17 runs in each group are "
        "needed; for one of the observed size, about 116."
    )
    assert "no difference" not in found.sentence


def test_one_run_per_group() -> None:
    found = verdict([0.83], [0.81])
    assert (found.outcome, found.tone) == ("too_few", "warning")
    assert found.sentence == (
        "One run per group: no uncertainty can be estimated. val_acc is 0.8100 in new and 0.8300 in control, a difference of −0.0200."
    )


def test_one_run_against_many() -> None:
    found = verdict([0.8, 0.81, 0.79, 0.82, 0.8], [0.83])
    assert found.sentence == (
        "Only one run in new, so no test is made: its val_acc of 0.8300 lies inside the 95 % prediction interval of control (0.7670 to "
        "0.8387, n = 5), as another run of that group could be."
    )


def test_two_runs() -> None:
    found = verdict([0.8, 0.82], [0.85, 0.86, 0.87], seeds=False)
    assert found.outcome == "too_few"
    assert found.sentence.startswith("Too few runs to judge (3 against 2 runs): the difference in val_acc is +0.0500 [")
    assert found.sentence.endswith("n = 2: the interval relies on normality. Values of control: 0.8000 and 0.8200.")


def test_three_runs_say_what_they_can_detect_where_nothing_is_shown() -> None:
    found = verdict([0.8, 0.82, 0.81], [0.85, 0.86, 0.87], seeds=False)
    assert found.outcome == "better"
    assert "detect" not in "".join(found.caveats)
    found = verdict([0.8, 0.82, 0.81], [0.81, 0.82, 0.83], seeds=False)
    assert found.outcome == "unclear"
    assert found.caveats[0].startswith(
        "Only 3 runs in a group: nothing but very large effects are detectable. These runs would detect a"
    )


def test_no_variation() -> None:
    found = verdict([0.9] * 3, [0.8] * 3, seeds=False)
    assert found.outcome == "unclear"
    assert found.sentence == (
        "val_acc is exactly 0.8000 in every run of new and 0.9000 in control, a difference of −0.1000: zero run-to-run variation observed "
        "(deterministic?), so nothing can be tested."
    )
    same = verdict([0.9] * 3, [0.9] * 3, seeds=False)
    assert same.sentence == "val_acc is 0.9000 in every run of both groups: zero run-to-run variation observed (deterministic?)."


def test_identical_pairs() -> None:
    assert verdict([0.1, 0.2, 0.3], [0.1, 0.2, 0.3]).sentence == "new and control are identical on every pair (3 pairs, val_acc)."


def test_a_search_is_not_a_sample() -> None:
    runs = [
        FakeRun(f"{arm}{i}", {"val_acc": base + i / 10}, {"lr": str(i)}, {"arm": arm})
        for arm, base in (("a", 0.1), ("b", 0.2))
        for i in range(3)
    ]
    report = told(snapshot(*runs), compare={"by": "tags.arm"})
    found = next(block for block in section(report, "overview").blocks if isinstance(block, Verdict))
    assert found.outcome == "incomparable"
    assert found.sentence == (
        "The groups hold several configurations: searches, not repeated runs, so no test is made. Expected best val_acc of 3 runs: 0.4000 in b, "
        "0.3000 in a."
    )


def test_no_direction_no_winner() -> None:
    found = verdict([0.80, 0.81, 0.83], [0.84, 0.86, 0.865], metrics=metric_configs(val_acc={"goal": "none"}))
    assert found.outcome == "different"
    assert found.heading == "Different by 0.0417; which is better is not known"
    assert "val_acc has no known direction, so neither is called better." in found.rule


def test_caveats_name_what_else_differs() -> None:
    runs = ab([0.80, 0.81, 0.83], [0.84, 0.86, 0.865])
    changed = [FakeRun(r.run_id, r.metrics, r.params, r.tags, datasets=[("d", r.tags["arm"])]) for r in runs]
    failed = [FakeRun(f"f{i}", {}, {}, {"arm": "new"}, status="FAILED") for i in range(2)]
    report = told(snapshot(*changed, *failed), compare={"by": "tags.arm"})
    text = of_section(section(report, "overview"))
    assert "2 of 5 runs of new failed, 0 of 3 of control: a difference in success of" in text
    assert "- The groups logged different data sets, so the difference may come from the data." in text


def test_a_missing_baseline_is_said_and_nothing_judged() -> None:
    report = told(snapshot(*ab([0.1, 0.2], [0.3, 0.4])), compare={"by": "tags.arm", "baseline": "old"})
    is_whole(report)
    text = of_section(section(report, "comparison"))
    assert (
        "! The baseline is missing: No run is in the baseline group old, so nothing is judged. Groups: control and new." in text
    )
    assert not [block for block in section(report, "comparison").blocks if isinstance(block, Verdict)]


def test_experiments_of_one_problem_stand_side_by_side_without_a_verdict() -> None:
    runs = [
        FakeRun(f"{name}{i}", {"val_acc": base + i / 10}, experiment=name)
        for name, base in (("x", 0.1), ("y", 0.3))
        for i in range(3)
    ]
    report = told(snapshot(*runs), per_experiment={"*": {"together": True}})
    is_whole(report)
    found = section(report, "comparison")
    assert found.title == "Experiments side by side"
    assert not [block for block in found.blocks if isinstance(block, Verdict)]


def test_many_groups_keep_all_rows() -> None:
    runs = [FakeRun(f"{g}-{i}", {"val_acc": g + i / 10 + i * i / 99}, {}, {"arm": f"g{g}"}) for g in range(12) for i in range(3)]
    report = told(snapshot(*runs), compare={"by": "tags.arm"})
    is_whole(report)
    found = section(report, "comparison")
    assert len([block for block in found.blocks if isinstance(block, Verdict)]) == 4  # two are on page 1
    assert len([block for block in section(report, "overview").blocks if isinstance(block, Verdict)]) == 2
    assert "5 further groups in the tables below." in of_section(found)
    table = next(block for block in found.blocks if isinstance(block, Table) and block.id == "comparison-differences")
    assert len(table.rows) == 11
    assert "p (Holm-adjusted)" in [column.label for column in table.columns]


# --- histories, nested, health, notes --------------------------------------------------------------------------------


def test_a_history_says_what_is_shown_and_what_went_wrong() -> None:
    runs = [FakeRun(f"r{i:02}", histories={"val_loss": [3.0, 2.0 + i / 10, 1.0 + i / 10]}) for i in range(13)]
    runs.append(FakeRun("bad", histories={"val_loss": [3.0, math.nan, math.nan]}))
    found = section(told(snapshot(*runs)), "histories")
    chart, remark = found.blocks
    assert isinstance(chart, Chart)
    assert chart.notes == ()
    assert chart.method == ("5 of 14 runs as lines, best first; the other 9 as a band from their 10 % to their 90 % quantile.",)
    assert chart.alt == "val_loss over steps for 5 of 14 runs; the best run, r00, goes from 3.000 to 1.000."
    assert of_block(remark) == "NaN or infinity in 1 run: bad from step 1."


def test_only_the_best_run_has_its_training_partner_beside_it() -> None:
    runs = [FakeRun(f"r{i}", histories={"val_loss": [3.0, 1.0 + i], "train_loss": [2.0, 0.5 + i]}) for i in range(4)]
    (chart, *_) = section(told(snapshot(*runs)), "histories").blocks
    assert isinstance(chart, Chart)
    assert [trace.name for trace in chart.traces if trace.dash == "dash"] == ["r0, train_loss"]


def test_where_a_rising_curve_starts_does_not_make_its_axis_logarithmic() -> None:
    values = [0.9, *(0.5 + i / 100 for i in range(40)), 0.001]
    assert not spans_decades(values, rising=True)
    assert spans_decades(values)
    assert spans_decades([0.08, 0.3, 60.0])
    assert not spans_decades([0.0, 0.3, 60.0])
    assert not spans_decades([])


def test_a_wide_positive_range_is_drawn_logarithmically() -> None:
    found = section(told(snapshot(FakeRun("a", histories={"loss": [5000.0, 10.0, 0.5]}))), "histories")
    (chart, *_) = found.blocks
    assert isinstance(chart, Chart)
    assert chart.y.kind == "log"


def test_no_history_to_draw() -> None:
    assert "histories" not in [one.id for one in told(snapshot(FakeRun("a", {"loss": 1.0}))).sections]


def test_a_metric_that_never_moves_is_said_and_not_drawn() -> None:
    runs = [FakeRun("a", histories={"loss": [0.5, 0.5], "val_acc": [0.1, 0.2]}), FakeRun("b", histories={"loss": [0.7, 0.7]})]
    found = section(told(snapshot(*runs)), "histories")
    assert [block.id for block in found.blocks if isinstance(block, Chart)] == ["history-val-acc-702358d90f"]
    assert "Logged several times without ever changing within a run, so not drawn: loss." in of_section(found)


def test_nested_runs_are_left_out_when_there_are_none() -> None:
    assert "nested" not in [one.id for one in told(snapshot(FakeRun("a", {"acc": 1.0}))).sections]


def test_a_tree_of_runs() -> None:
    runs = [
        FakeRun("cv", start=day(1)),
        *[FakeRun(f"seed{i}", {"acc": 0.8 + i / 100}, {"seed": str(i)}, parent="cv", start=day(2 + i)) for i in range(3)],
    ]
    assert (
        of_section(section(told(snapshot(*runs)), "nested"))
        == """\
## Nested runs
1 run with 3 child runs. Only finished children count.
Summary of child runs:
Parent | Level | Children | They are | n | Mean acc [95 % interval] | sd | Best | Worst
cv | 0 | 3 | repeats | 3 | 0.8100 [0.7839, 0.8336] | 0.0100 | 0.8200 | 0.8000
Parents and children:
Level | Run | Status | acc
— | cv | FINISHED | —
↳ | seed0 | FINISHED | 0.8000
↳ | seed1 | FINISHED | 0.8100
↳ | seed2 | FINISHED | 0.8200
~ n: finished children that have a value; a child without one stands with the mean of its own children. sd with ddof 1.
~ Repeats differ in nothing but seeds; the 95 % interval of their mean is a t interval."""
    )


def test_children_that_are_no_sample_have_no_interval() -> None:
    def parent(name: str, param: str) -> list[FakeRun]:
        children = [FakeRun(f"{name}{i}", {"acc": 0.8 + i / 100}, {param: str(i)}, parent=name) for i in range(3)]
        return [FakeRun(name), *children]

    report = told(snapshot(*parent("search", "lr"), *parent("folds", "fold"), *parent("seeds", "seed")))
    rows = section(report, "nested").blocks[1].rows  # type: ignore[union-attr]
    found = {row[0].value.name: (row[3].value, row[5].value, row[7].value, row[8].value) for row in rows}  # type: ignore[union-attr]
    assert found["search"] == ("trials of a search", None, pytest.approx(0.82), 0.8)
    assert found["folds"][0] == "folds"
    assert (found["folds"][1].value, found["folds"][1].low) == (pytest.approx(0.81), None)  # type: ignore[union-attr]
    assert found["seeds"][1].low == pytest.approx(0.7839, abs=1e-4)  # type: ignore[union-attr]


def test_runs_with_one_reason_are_one_row() -> None:
    silent = [FakeRun(f"s{i}", status="RUNNING", seconds=None, start=day(1 + i)) for i in range(5)]
    failed = [FakeRun("f", status="FAILED", tags={"error": "out of memory"})]
    health = section(told(snapshot(*silent, *failed, FakeRun("ok", {"acc": 0.5}))), "health")
    reasons, each = (
        block for block in health.blocks if isinstance(block, Table) and block.id in ("health-reasons", "health-runs")
    )
    assert reasons.on_paper
    assert not each.on_paper
    assert len(reasons.rows) == 2
    assert len(each.rows) == 6
    text = of_block(reasons)
    assert "5 runs: s0, s1, s2, s3 and 1 more | 2026-11-01 to 2026-11-05" in text
    assert re.search(r"unfinished and silent: nothing logged for \d+ to \d+ days", text)
    assert "failed: error = out of memory" in text


def test_what_runs_recorded_is_one_sentence() -> None:
    runs = [FakeRun("a", {"acc": 0.5}, {"seed": "1"}), FakeRun("b", {"acc": 0.6}, {"lr": "1"})]
    words = of_section(section(told(snapshot(*runs)), "reproducibility"))
    assert "No finished run recorded all that a rerun needs." in words
    assert "Recorded by all: source and parameters; by 1: random seed; by none: " in words


def test_health_names_the_runs_and_why() -> None:
    runs = [FakeRun("ok", {"a": 1.0}), FakeRun("crash", status="FAILED"), FakeRun("bad", histories={"loss": [1.0, math.nan]})]
    text = of_section(section(told(snapshot(*runs)), "health"))
    assert "2 of 3 runs need attention. Failed or killed: 1 of 3 that ended (33.3 %, 95 % interval 6.1 % to 79.2 %)." in text
    assert "bad | FINISHED | 2026-11-01 08:00 UTC | NaN or infinity: loss from step 1 (1 of its points)" in text
    assert "crash | FAILED | 2026-11-01 08:00 UTC | failed" in text


def test_notes_of_people_are_quoted() -> None:
    runs = [FakeRun("a", tags={"mlflow.note.content": "*Look* at this"})]
    tags = {"exp": {"mlflow.note.content": "# About"}}
    found = section(told(snapshot(*runs, experiment_tags=tags), notes="Mine."), "notes")
    assert [(block.markdown, block.source, block.quoted) for block in found.blocks if isinstance(block, Prose)] == [
        ("Mine.", "config.yaml", False),
        ("# About", "note of experiment exp", True),
        ("*Look* at this", "note of run a", True),
    ]


def test_every_run_is_listed_with_its_link() -> None:
    runs = [FakeRun(f"r{i}", {"acc": float(i)}, start=day(i + 1), status="FAILED" if i == 2 else "FINISHED") for i in range(3)]
    runs.append(FakeRun("gone", deleted=True, start=day(9)))
    (lead, _, table) = section(told(snapshot(*runs)), "runs").blocks
    assert isinstance(table, Table)
    # On paper the first rows stand for all: they are those with the primary metric.
    assert of_block(lead) == "4 runs: 2 finished, 1 failed and 1 deleted. Those with acc first, each newest first."
    assert [row[0].value.name for row in table.rows] == ["r2", "r1", "r0", "gone"]  # type: ignore[union-attr]
    assert table.rows[3][1].note == "deleted"
    assert table.rows[0][0].value.url == "http://mlflow.test/#/experiments/1/runs/r2"  # type: ignore[union-attr]
    assert len(table.rows) == table.n_total == 4


# --- the report ------------------------------------------------------------------------------------------------------


def test_sections_follow_the_config() -> None:
    sections = ["runs", {"section": "overview", "title": "Page one", "comment": "Hello **all**."}, "runs"]
    report = told(snapshot(FakeRun("a", {"acc": 1.0})), sections=sections)
    assert [one.title for one in report.sections] == ["All runs", "Page one"]
    assert report.sections[1].blocks[0] == Prose("Hello **all**.", "config.yaml")


def test_a_broken_section_costs_its_place_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> Section:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(reporting, "SECTIONS", {**SECTIONS, "health": broken})
    report = told(snapshot(FakeRun("a", {"acc": 1.0})))
    assert [problem.slug for problem in report.problems] == ["section-failed"]
    assert "This section is missing" in of_section(section(report, "health"))
    assert section(report, "runs")


def test_an_experiment_without_anything_is_one_row_of_the_ledger() -> None:
    items = ("runs", "points", "series", "params", "tags", "datasets")
    empty = tuple(LedgerRow("1", "void", item, 0, 0) for item in items)
    gone = tuple(
        LedgerRow("2", "gone", item, n, 0, (("deleted", n),) if n else ())
        for item, n in zip(items, (1, 0, 0, 2, 0, 0), strict=True)
    )
    extra = (LedgerRow("1", "void", "traces", 3, 3), LedgerRow("", "", "models", 0, 0))
    assert (
        of_block(reporting.ledger_table((*empty, *gone, *extra), Words()))
        == """\
What was read:
Experiment | Item | In the store | Read | Left out | Why
void | runs | 0 | 0 | 0 | nothing stored, no points, series, params, tags, datasets either
gone | runs | 1 | 0 | 1 | 1 deleted
gone | points | 0 | 0 | 0 | —
gone | series | 0 | 0 | 0 | —
gone | params | 2 | 0 | 2 | 2 deleted
gone | tags | 0 | 0 | 0 | —
gone | datasets | 0 | 0 | 0 | —
void | traces | 3 | 3 | 0 | —
 | models | 0 | 0 | 0 | —
  Every row balances: in the store = read + left out."""
    )


def test_problems_ledger_and_counts_travel_with_the_report() -> None:
    ledger = (LedgerRow("1", "exp", "runs", 3, 1, (("deleted", 2),)), LedgerRow("1", "exp", "points", 5, 4))
    gap = Problem("history-unreadable", "a", "No.", severity="gap")
    report = told(snapshot(FakeRun("a", {"acc": 0.5}), ledger=ledger, problems=(gap,), selection=(("filter", "x"),)))
    assert report.problems == (gap,)
    assert (
        of_block(report.provenance.ledger)
        == """\
What was read:
Experiment | Item | In the store | Read | Left out | Why
exp | runs | 3 | 1 | 2 | 2 deleted
exp | points | 5 | 4 | 0 | 1 unexplained
  1 row does not balance; see the problems."""
    )
    assert report.provenance.selection == (("filter", "x"),)
    assert report.metrics == {
        "n_runs": 1,
        "n_finished": 1,
        "n_failed": 0,
        "n_gates_failed": 0,
        "n_gates_inconclusive": 0,
        "n_gates_no_data": 0,
        "n_gates_waived": 0,
        "n_problems": 1,
        "best/acc": 0.5,
    }
    assert "1 gap in the data: listed at the end: a" in of_section(section(report, "overview"))


def test_the_same_data_gives_the_same_report() -> None:
    runs = ab([0.80, 0.81, 0.83, 0.82, 0.805], [0.84, 0.86, 0.865, 0.87, 0.85])
    one = told(snapshot(*runs), compare={"by": "tags.arm"})
    other = told(snapshot(*reversed(runs)), compare={"by": "tags.arm"})
    assert one == other


hostile = st.text(max_size=30)
number = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.integers(-3, 3).map(float))
some_run = st.fixed_dictionaries(
    {
        "metrics": st.dictionaries(
            st.one_of(st.sampled_from(["val_acc", "loss", "system/x"]), hostile.filter(bool)), number, max_size=4
        ),
        "params": st.dictionaries(st.one_of(st.sampled_from(["lr", "seed", "fold"]), hostile.filter(bool)), hostile, max_size=3),
        "tags": st.dictionaries(st.sampled_from(["arm", "mlflow.note.content"]), hostile, max_size=2),
        "histories": st.dictionaries(
            st.sampled_from(["val_loss", "train_loss"]), st.lists(number, min_size=1, max_size=6), max_size=2
        ),
        "name": hostile,
        "status": st.sampled_from(["FINISHED", "FINISHED", "FINISHED", "FAILED", "RUNNING", "ODD", ""]),
        "parent": st.one_of(st.none(), st.sampled_from(["r0", "r1", "nobody"])),
        "seconds": st.one_of(st.none(), st.floats(-1e6, 1e9)),
        "deleted": st.booleans(),
    }
)


@settings(max_examples=60)
@given(st.lists(some_run, max_size=9), st.sampled_from([None, "tags.arm", "params.lr", "experiment"]))
def test_any_store_becomes_a_whole_report(runs: list[dict[str, Any]], by: str | None) -> None:
    taken = snapshot(*[FakeRun(f"r{i}", **fields) for i, fields in enumerate(runs)])
    report = told(taken, **({"compare": {"by": by}} if by else {}), gates=[{"metric": "loss", "at_most": 1.0}], notes="x")
    is_whole(report)
    of_report(report)


def test_paragraphs_are_sentences() -> None:
    report = told(snapshot(*ab([0.80, 0.81, 0.83], [0.84, 0.86, 0.865])), compare={"by": "tags.arm"})
    for one in report.sections:
        for block in one.blocks:
            if isinstance(block, Paragraph):
                assert "".join(span.text for span in block.spans).rstrip().endswith((".", ":"))


def test_a_pairing_that_pairs_nothing_is_a_gap_and_a_caveat() -> None:
    rows = [
        FakeRun(f"{arm}{i}", {"val_acc": 0.8 + i / 100 + (arm == "b") * (50 + i) / 2500}, {"seed": str(i)}, {"arm": arm})
        for arm in "ab"
        for i in range(5)
    ]
    report = told(snapshot(*rows), compare={"by": "tags.arm", "baseline": "a", "pair_by": "params.sede"})
    (problem,) = [p for p in report.problems if p.slug == "compare-no-pairs"]
    assert (problem.severity, problem.todo) == ("gap", "did you mean params.seed?")
    text = of_section(section(report, "overview"))
    assert "The runs could not be paired by params.sede, as the config asks." in text
    assert "Welch's t test" in text
    paired = told(snapshot(*rows), compare={"by": "tags.arm", "baseline": "a", "pair_by": "params.seed"})
    assert not [p for p in paired.problems if p.slug == "compare-no-pairs"]


def test_a_verdict_is_only_about_its_two_groups_and_says_a_baseline_that_nobody_set() -> None:
    good = [
        FakeRun(f"{arm}{i}", {"val_acc": 0.8 + i / 100 + (arm == "b") / 50}, {}, {"arm": arm}) for arm in "ab" for i in range(5)
    ]
    bad = [FakeRun(f"c{i}", {}, {}, {"arm": "c"}, status="FAILED") for i in range(4)]
    report = told(snapshot(*good, *bad), compare={"by": "tags.arm"})
    verdict = next(block for block in section(report, "overview").blocks if isinstance(block, Verdict))
    assert verdict.title.startswith("b vs. a")
    assert not [caveat for caveat in verdict.caveats if "failed" in caveat]
    assert "No baseline is set in the config: a is the first group by name." in verdict.caveats


def test_an_empty_window_says_what_it_left_out() -> None:
    row = LedgerRow("1", "exp", "runs", 57, 0, (("outside the window", 57),))
    report = told(replace(snapshot(), ledger=(row,)), primary="val_acc")
    assert "The store has 57: 57 outside the window." in of_section(section(report, "overview"))
    assert [p.slug for p in report.problems if p.slug == "primary-missing"] == []


def test_page_one_names_what_needs_attention_and_counts_what_it_does_not_name() -> None:
    runs = [FakeRun(f"crash{i}", {}, start=day(19), status="FAILED") for i in range(5)]
    report = told(snapshot(FakeRun("a", {"val_acc": 0.8}), *runs), gates=[{"metric": "val_acc", "of": "best", "at_least": 0.9}])
    words = plain(of_section(section(report, "overview")))
    assert " val_acc at least 0.9 (best run): 0.8000, at least 0.9" in words
    assert " 5 runs failed: crash0, crash1, crash2 and 2 more" in words


def test_a_window_is_said_once_and_as_a_sentence() -> None:
    window = Window(day(10), day(21), "from 2026-11-10 to 2026-11-20")
    report = told(snapshot(FakeRun("a", {"val_acc": 0.8}, start=day(11))), window=window)
    words = of_section(section(report, "overview"))
    assert "Runs this period = 1; 1 finished" in words
    assert "= First period: nothing to compare with: 1 run: 1 finished" in words
    assert "started" not in words


def test_a_best_value_that_is_probably_of_training_says_so_with_the_validation_value() -> None:
    runs = [FakeRun("keras", {"accuracy": 0.9, "val_accuracy": 0.7}), *(FakeRun(f"b{i}", {"accuracy": 0.8}) for i in range(3))]
    report = told(snapshot(*runs))
    said = "probably a training value, its val_accuracy is 0.7000"
    assert report.headline.startswith(f"Best accuracy: 0.9000 (keras; {said})")
    assert said in of_section(section(report, "overview"))


def test_exact_differences_of_further_metrics_are_not_called_unclear() -> None:
    runs = [
        FakeRun(f"{arm}{i}", {"val_acc": 0.8 + i / 100, "n_errors": float(arm == "new"), "n_items": 7.0}, {}, {"arm": arm})
        for arm in ("control", "new")
        for i in range(4)
    ]
    compare = {"by": "tags.arm", "baseline": "control", "metrics": ["val_acc", "n_errors", "n_items"]}
    report = told(snapshot(*runs), compare=compare, primary="val_acc")
    words = "\n".join(of_section(one) for one in report.sections)
    assert "differ exactly, not tested" in words
    assert "the same" in words


@pytest.mark.parametrize(
    ("bound", "lines"),
    [(0.82, [("gate: at least 0.82", "neutral")]), (0.85, [("gate: at least 0.85", "bad")]), (0.1, []), (9.0, [])],
)
def test_the_trend_has_the_bound_of_a_gate_unless_it_lies_far_from_the_values(bound: float, lines: list[tuple[str, str]]) -> None:
    runs = [FakeRun(f"run{i}", {"val_acc": 0.8 + i / 100}, start=day(2 * i + 1)) for i in range(4)]
    report = told(snapshot(*runs), gates=[{"metric": "val_acc", "of": "best", "at_least": bound}])
    (trend,) = [block for block in section(report, "overview").blocks if isinstance(block, Chart)]
    assert [(plain(mark.label), mark.tone) for mark in trend.marks] == lines

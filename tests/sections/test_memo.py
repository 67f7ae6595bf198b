"""The memo of a comparison in exact words: one sentence for each way in which two groups can stand to each other."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from reportgen.config import MEMO_SECTIONS
from reportgen.formats import agreeing_digits
from reportgen.model import Findings, IntervalStrip, Report, Table, Verdict
from tests.sections.checks import is_whole
from tests.sections.words import of_report, of_section, plain
from tests.snapshots import FakeRun, metric_configs, snapshot, told

A = (0.80, 0.81, 0.79, 0.82, 0.80, 0.805)
B = (0.83, 0.84, 0.82, 0.85, 0.83, 0.84)
PERCENT = metric_configs(val_acc={"goal": "maximize", "format": "percent"})


def arms(
    a: Sequence[float | None], b: Sequence[float | None], *, seeds: bool = False, name: str = "val_acc", **fields: Any
) -> list[FakeRun]:
    return [
        FakeRun(
            f"{arm}-{i}",
            {} if value is None else {name: value},
            {"lr": "0.1"} | ({"seed": str(i)} if seeds else {}),
            {"arm": arm},
            **fields,
        )
        for arm, values in (("control", a), ("new", b))
        for i, value in enumerate(values)
    ]


def memo(*runs: FakeRun, configs: Any = None, **compare: Any) -> Report:
    wanted = {"by": "tags.arm", "baseline": "control"} | compare
    report: Report = told(snapshot(*runs), metrics=configs, sections=list(MEMO_SECTIONS), compare=wanted)
    is_whole(report)
    assert report.layout == "memo"
    assert "0.000 " not in plain(of_report(report)).replace("0.0000", "")  # p = 0.000 is never printed
    assert "no difference between" not in of_report(report).lower()
    return report


def verdict(report: Report) -> Verdict:
    return next(block for block in report.sections[0].blocks if isinstance(block, Verdict))


def section(report: Report, id: str) -> str:
    return of_section(next(one for one in report.sections if one.id == id))


def test_the_decision_comes_first_and_is_made_of_the_numbers_under_it() -> None:
    report = memo(*arms(A, B, seeds=True), configs=PERCENT, margin=0.01)
    assert [one.id for one in report.sections] == ["decision", "evidence", "trust", "appendix"]
    assert plain(report.headline) == ("Group new is better than control by more than 1 pp.")
    found = verdict(report)
    assert (found.heading, plain(found.sentence)) == (
        "Better by more than 1 pp",
        "val_acc 80.42 % → 83.50 %. Between +2.87 and +3.30 pp with 95 % confidence; better in 6 of 6 pairs by seed.",
    )
    assert plain(found.rule).startswith(
        "new is better than control: val_acc mean 83.50 % against 80.42 %, a difference of +3.08 [+2.87, +3.30] pp "
        "(95 % interval; paired t test, 6 pairs by seed, correlation 0.98; p < 0.001). It is better by more than the margin of 1 "
        "pp (one-sided 95 % bounds of the improvement +2.92 and +3.25 pp). Better or worse when p"
    )
    strip = found.chart.rows[0][1] if found.chart else None
    assert isinstance(strip, IntervalStrip)
    assert (strip.margin, strip.zero, round(strip.estimate.value or 0, 2)) == ((-1.0, 1.0), 0.0, 3.08)
    assert [chip.text for chip in report.sections[0].chips] == ["Better", "Like for like", "1 caveat"]
    numbers = next(block for block in report.sections[1].blocks if isinstance(block, Table) and block.id == "decision-numbers")
    assert {str(row[0].value): plain(str(row[1].value)) for row in numbers.rows} == {
        "Groups": "control, the baseline: 6 finished; new: 6 finished. By tags.arm.",
        "Primary metric": "val_acc, ↑ higher is better (set in the config); last value of each run.",
        "Why this metric": "Chosen because 12 of 12 finished runs have it and its direction is known; --metric, or primary in a config, "
        "chooses another.",
        "Like for like": "The same: scripts. Not on record: data sets, training length, code versions and hardware. "
        "Failed runs: 0 of 6 in control and 0 of 6 in new.",
    }
    page1 = plain(section(report, "decision"))
    assert "6 pairs by seed: from control to new val_acc rises in 6 and falls in 0." in page1
    assert "Pairs by seed = 6; \nWon by new = 6 of 6; \np, paired t test = <0.001; \nSmallest difference" in page1
    assert "control control: 6 runs from 79.00 % to 82.00 %, mean 80.42 % 80.42 %" in page1
    assert "Can this be trusted? 5 of 10 checks passed" in page1
    assert "What this does not say:\n· : The interval is about other seeds on this data, not about other data." in page1
    appendix = plain(section(report, "appendix"))
    assert "Paired t test | t(5) = 37.00, p < 0.001" in appendix
    assert "Permutation test | p = 0.031 | all 64 sign flips of the pairs" in appendix
    assert "Relative difference | +3.83 %" in appendix
    assert "control-5 | 5 | 80.50 % | FINISHED" in appendix


@pytest.mark.parametrize(
    ("runs", "compare", "outcome", "said"),
    [
        (
            arms(A, B),
            {},
            "better",
            "Group new beats control by 0.0308.",
        ),
        (arms(A, B, name="val_loss"), {}, "worse", "Group new is worse than control by 0.0308."),
        (arms(B, A, name="val_loss"), {}, "better", "Group new beats control by 0.0308."),
        (
            arms(A, (0.79, 0.83, 0.80, 0.81, 0.82, 0.80)),
            {},
            "unclear",
            "No clear difference between new and control.",
        ),
        (arms((0.8,), (0.9,)), {}, "too_few", "One run per group: no uncertainty can be estimated."),
        (
            arms((0.8,), B),
            {},
            "too_few",
            "Only one run in control, so no test is made: its val_acc of 0.8000 lies outside the 95 % prediction",
        ),
        (arms((0.8, 0.82), (0.9, 0.93)), {}, "too_few", "n = 2: the interval relies on normality."),
        (
            arms((0.8,) * 4, (0.9,) * 4),
            {},
            "unclear",
            "zero run-to-run variation observed (deterministic?), so nothing can be tested.",
        ),
        (arms(A, A, seeds=True), {}, "unclear", "new and control are identical on every pair (6 pairs, val_acc)."),
        (arms((math.nan, 0.8, 0.81), (0.9, math.inf, 0.91, 0.92)), {}, "too_few", "Too few runs to judge (3 against 2 runs)"),
        (
            arms(A, (None,) * 4),
            {},
            "too_few",
            "No finished run of new has a finite value of val_acc, so nothing can be compared.",
        ),
        (
            arms(A, B, name="foo"),
            {"metrics": ["foo"]},
            "different",
            "Groups new and control differ. Which is better is not known: foo has no direction.",
        ),
        (
            arms(A, [value + 0.001 for value in A[:5]] + [0.8055], seeds=True),
            {"margin": 0.01},
            "equivalent",
            "Groups new and control are practically equivalent, within ±0.01.",
        ),
        (
            arms(A, (0.84, 0.80, 0.82, 0.80, 0.83, 0.80)),
            {"margin": 0.015},
            "not_worse",
            "Group new is at most 0.015 worse than control. That it is better is not shown.",
        ),
        (
            [*arms(A, (), datasets=[("d", "1")]), *arms((), B, datasets=[("d", "2")])],
            {},
            "incomparable",
            "new and control cannot be compared: they were measured on different data sets.",
        ),
        (
            [*arms(A, B), *(FakeRun(f"x{i}", {}, {"lr": "0.1"}, {"arm": "new"}, status="FAILED") for i in range(4))],
            {},
            "incomparable",
            "new and control cannot be compared: more than a fifth of the runs of a group failed. Of those counted: val_acc mean 0.8350",
        ),
    ],
)
def test_every_way_to_stand_to_each_other(runs: list[FakeRun], compare: dict[str, Any], outcome: str, said: str) -> None:
    report = memo(*runs, **compare)
    assert (verdict(report).outcome, said in plain(report.headline)) == (outcome, True), plain(report.headline)


def test_time_on_different_machines_is_not_compared_but_accuracy_is() -> None:
    def runs(name: str) -> list[FakeRun]:
        both = arms(A, B, name=name)
        return [
            FakeRun(r.run_id, r.metrics, r.params, {**r.tags, "gpu": "A100" if r.tags["arm"] == "new" else "T4"}) for r in both
        ]

    assert verdict(memo(*runs("train_time"), metrics=["train_time"])).outcome == "incomparable"
    report = memo(*runs("val_acc"))
    assert verdict(report).outcome == "better"
    assert "The groups ran on different hardware." in verdict(report).caveats
    assert "Hardware | look | control: gpu = T4; new: gpu = A100" in section(report, "trust")


def test_runs_without_a_partner_and_runs_not_counted_are_named() -> None:
    runs = [
        *arms(A, B[:4], seeds=True),
        FakeRun("late", {"val_acc": 0.9}, {"lr": "0.1", "seed": "9"}, {"arm": "new"}, status="RUNNING"),
    ]
    trust = section(memo(*runs), "trust")
    assert (
        "new: 4 pairs by seed (found in the runs, not chosen by their values); without a partner and left out: control: control-4 and control-5."
        in trust
    )
    assert "new | late | not finished" in trust


def test_only_what_differs_is_listed() -> None:
    runs = [
        FakeRun(f"{arm}{i}", {"val_acc": v}, {"lr": "0.1", "width": width, "seed": str(i)}, {"arm": arm})
        for arm, width, values in (("control", "16", A), ("new", "64", B))
        for i, v in enumerate(values)
    ]
    trust = section(memo(*runs), "trust")
    assert "Parameter | control | new\nwidth | 16 | 64\n" in trust


def test_several_groups_have_a_leading_set_and_several_metrics_one_family() -> None:
    third = [
        FakeRun(f"third-{i}", {"val_acc": v}, {"lr": "0.1"}, {"arm": "third"})
        for i, v in enumerate((0.83, 0.845, 0.825, 0.85, 0.835))
    ]
    report = memo(*arms(A, B), *third)
    words = plain(section(report, "decision"))
    assert plain(report.headline) == ("Against control, of 2 groups: 2 better; third has the best mean val_acc (+0.0328).")
    assert (
        "Leading set. third has the best mean val_acc. No clear difference from it: new; this does not show that they are equal."
        in words
    )
    assert (
        "All groups together: Welch ANOVA F(2, 9.13) = 17.28, p < 0.001, omega² 0.66. By ranks: Kruskal–Wallis H(2) = 10.82, p = 0.0045. It decides nothing"
        in plain(section(report, "appendix"))
    )
    two = [
        FakeRun(r.run_id, {**r.metrics, "val_f1": r.metrics["val_acc"] - 0.01, "val_auc": r.metrics["val_acc"]}, r.params, r.tags)
        for r in arms(A, B)
    ]
    words = plain(section(memo(*two), "decision"))
    assert "Other metrics, which do not decide" in words
    assert "p (Holm-adjusted): adjusted for 2 tests." in words


def test_failures_make_a_verdict_amber_and_are_told_beside_it() -> None:
    lost = [FakeRun(f"x{i}", {}, {"lr": "0.1"}, {"arm": "new"}, status="FAILED") for i in range(4)]
    report = memo(*arms(A, B), *lost)
    box = verdict(report)
    assert (box.outcome, box.tone) == ("incomparable", "warning")
    assert box.title.endswith("val_acc of the runs that succeeded")
    assert box.sentence.startswith(
        "new and control cannot be compared: more than a fifth of the runs of a group failed. Of those counted: val_acc mean 0.8350"
    )
    assert plain(box.caveats[0]) == (
        "4 of 10 runs of new failed, 0 of 6 of control: a difference in success of −40 pp (95 % interval −69 to +5; "
        "Fisher's exact p = 0.23). The numbers are of the runs that succeeded."
    )
    assert not any("conditional on success" in one for one in box.caveats)
    third = [FakeRun(f"third-{i}", {"val_acc": v}, {"lr": "0.1"}, {"arm": "third"}) for i, v in enumerate(A)]
    assert "2 better" not in (headline := plain(memo(*arms(A, B), *lost, *third).headline))
    assert "(only of the runs that succeeded: more than a fifth failed in new or control)" in headline


def test_unequal_sizes_need_the_permutation_test_too() -> None:
    from tests.analyze.compare.test_comparison import NEAR_ONE

    report = memo(*arms(NEAR_ONE, (0.997, 0.998, 0.999)), margin=0.01)
    assert plain(report.headline) == "Whether new and control differ is not decided."
    assert "3 against 20 runs the permutation test must agree, and it gives p = 0.25" in plain(verdict(report).sentence)
    assert (verdict(report).outcome, verdict(report).tone) == ("unclear", "neutral")
    assert verdict(report).heading == "Not decided"
    assert verdict(report).rule.startswith("Not decided: val_acc mean")


def test_an_equivalence_of_few_runs_says_so() -> None:
    few = memo(*arms(A[:4], A[:4][::-1]), margin=0.1)
    assert verdict(few).outcome == "equivalent"
    assert "Only 4 runs in a group: what the margin decides rests on normal values." in verdict(few).caveats
    assert not any("normal values" in caveat for caveat in verdict(memo(*arms(A, A[::-1]), margin=0.1)).caveats)


def seeded(seeds: Sequence[int], arm: str, values: Sequence[float]) -> list[FakeRun]:
    return [
        FakeRun(f"{arm}-{at}", {"val_acc": value}, {"lr": "0.1", "seed": str(seed)}, {"arm": arm})
        for at, (seed, value) in enumerate(zip(seeds, values, strict=True))
    ]


def test_seeds_that_only_some_runs_share_stand_beside_the_verdict() -> None:
    report = memo(*seeded(range(6), "control", A), *seeded(range(2, 8), "new", B))
    assert plain(report.headline).endswith("by 0.0308. The groups ran different seeds; on the shared 4 it is +0.0312.")
    assert verdict(report).tone == "good"
    grows = [x + i / 10 for i, x in enumerate((0.1, 0.12, 0.09, 0.11, 0.1, 0.12, 0.11, 0.1))]
    apart = memo(*seeded(range(6), "control", grows[:6]), *seeded(range(4, 12), "new", [x + 0.41 for x in grows]))
    assert (verdict(apart).outcome, verdict(apart).tone) == ("better", "good")  # two shared seeds have no interval
    apart = memo(*seeded(range(6), "control", grows[:6]), *seeded(range(3, 11), "new", [x + 0.31 for x in grows]))
    assert (verdict(apart).outcome, verdict(apart).tone) == ("incomparable", "warning")
    assert "the runs that share a key say another difference than all runs" in verdict(apart).sentence
    (caveat,) = [one for one in verdict(report).caveats if "in both groups" in one]
    assert plain(caveat).startswith(
        "The groups ran different seeds: 4 seeds are in both groups, 2 runs of control and 2 runs of new are of none of them, so runs are "
        "not paired. On the shared seeds the difference is +0.03"
    )
    trust = section(report, "trust")
    assert "Pairs | look | 4 seeds are in both groups" in trust
    assert "no seed, fold or data set that both groups share" not in trust
    assert "no seed, fold or data set that both groups share once each" in section(memo(*arms(A, B)), "trust")


def test_a_seed_with_several_runs_is_told_and_each_of_them_listed() -> None:
    report = memo(*seeded(range(6), "control", A), *seeded([0, 1, 2, 3, 4, 5, 3, 3], "new", [*B, 0.81, 0.82]))
    assert "6 pairs by seed" in verdict(report).rule
    assert "In new seed 3 has 3 runs; their mean counts once." in verdict(report).caveats
    assert "Repeated seeds | look | new: seed 3 has 3 runs; their mean counts once." in section(report, "trust")
    assert section(report, "appendix").count("| 3 | 0.") == 4  # every run of it is in the list, with its pair
    assert "Runs that are not counted" not in section(report, "trust")


def test_one_seed_for_every_run_is_said() -> None:
    said = "Every run has seed 42: the interval covers what changes when it is run again, not what another seed changes."
    assert said in verdict(memo(*seeded([42] * 6, "control", A), *seeded([42] * 6, "new", B))).caveats
    assert not any("Every run has seed" in one for one in verdict(memo(*arms(A, B, seeds=True))).caveats)


def test_a_verdict_that_rests_on_its_pairs_says_so() -> None:
    level = (0.60, 0.70, 0.80, 0.65, 0.75, 0.85)
    report = memo(
        *seeded(range(6), "control", level), *seeded(range(6), "new", [x + 0.01 + i / 1000 for i, x in enumerate(level)])
    )
    assert verdict(report).outcome == "better"
    assert "Without pairing | +0.0125 [" in plain(section(report, "evidence"))
    assert "the verdict rests on the pairs." in section(report, "evidence")
    assert "Welch's t test, 6 against 6 runs | Welch 1947" in section(report, "appendix")
    assert "Without pairing" not in section(memo(*arms(A, B, seeds=True)), "evidence")


def test_a_stray_run_is_named_with_the_filter_that_leaves_it_out() -> None:
    stray = FakeRun("abc123", {"val_acc": 0.3}, {"lr": "sweep"}, {"arm": "new"}, name="range test")
    report = memo(*arms(A, B), stray)
    assert (
        plain(report.headline) == "Not compared: new holds 6 runs of one configuration and 1 of another: range test (other lr)."
    )
    assert verdict(report).sentence.endswith(
        "Leave it out: --filter \"attributes.run_id != 'abc123'\" (runs in a config); or take all as repeats: --replicates."
    )


def test_a_failed_run_that_was_made_again_is_told() -> None:
    lost = FakeRun(
        "lost", {}, {"lr": "0.1", "seed": "3"}, {"arm": "new"}, status="FAILED", start=datetime(2026, 10, 1, tzinfo=UTC)
    )
    report = memo(*arms(A, B, seeds=True), lost)
    assert "new: 6 finished, 1 failed or killed (seed 3 failed once and was run again; that run is counted)" in section(
        report, "evidence"
    )
    assert "failed or killed; seed 3 was run again (new-3), and that run is counted" in section(report, "trust")


def test_no_group_that_is_shown_to_differ_is_said_so() -> None:
    near = [
        FakeRun(f"third-{i}", {"val_acc": v}, {"lr": "0.1"}, {"arm": "third"}) for i, v in enumerate((0.81, 0.80, 0.795, 0.82))
    ]
    report = memo(*arms(A, A), *near)
    assert plain(report.headline).startswith(
        "No group is shown to differ from control; third has the best mean val_acc (+0.0021)."
    )
    assert (
        "third has the best mean val_acc; it is not shown to be better than control, the baseline, p (Holm-adjusted) ="
        in plain(section(report, "decision"))
    )


def test_the_leading_set_is_what_holm_over_welch_does_not_tell_from_the_best() -> None:
    from reportgen.analyze.methods.estimates import welch
    from reportgen.analyze.methods.multiple import holm_of_some
    from tests.snapshots import facts

    values = [A, B, (0.83, 0.845, 0.825, 0.85, 0.835), (0.80, 0.86, 0.81, 0.84)]
    runs = [
        FakeRun(f"{at}-{i}", {"val_acc": v}, {"lr": "0.1"}, {"arm": f"g{at}"})
        for at, one in enumerate(values)
        for i, v in enumerate(one)
    ]
    found = facts(snapshot(*runs), compare={"by": "tags.arm"}).comparison.leading
    best = max(range(len(values)), key=lambda at: sum(values[at]) / len(values[at]))
    others = [at for at in range(len(values)) if at != best]
    adjusted = holm_of_some([test and test.p for test in (welch(values[best], values[at]) for at in others)])
    tied = {at for at, p in zip(others, adjusted, strict=True) if p is not None and p > 0.05}
    assert set(found.members) == {f"g{at}" for at in {best, *tied}}
    assert found.best == f"g{best}"


def test_folds_have_a_posterior_where_a_margin_is_given() -> None:
    runs = [
        FakeRun(f"{arm}-{i}", {"val_acc": v}, {"fold": str(i)}, {"arm": arm})
        for arm, vs in (("control", A), ("new", B))
        for i, v in enumerate(vs)
    ]
    words = plain(section(memo(*runs, margin=0.01), "appendix"))
    assert "Corrected paired t test | t(5) = 24.95, p < 0.001" in words
    assert "Posterior | <1 % worse, <1 % inside, >99 % better by more than the margin" in words
    assert "Permutation" not in words


def test_runs_on_several_data_sets_are_decided_over_these_in_every_part_of_the_memo() -> None:
    runs = [
        FakeRun(
            f"{arm}-{data}-{i}",
            {"val_acc": 0.5 + data / 20 + i / 500 + gain},
            {"lr": "0.1", "seed": str(i)},
            {"arm": arm},
            datasets=[(f"d{data}", "1")],
        )
        for arm, gain in (("control", 0.0), ("new", 0.01))
        for data in range(7)
        for i in range(3)
    ]
    report = memo(*runs)
    assert plain(report.headline).startswith("Over tasks, new is better: the typical difference of a task in val_acc is +0.0100")
    assert "Judged over tasks. The runs lie on several data sets or tasks" in section(report, "decision")
    assert "val_acc by task" in section(report, "evidence")
    appendix = plain(section(report, "appendix"))
    assert "Pair by pair over tasks" in appendix
    assert "Welch" not in appendix
    assert "Runs are not paired: the tasks are the pairs." in section(report, "trust")


def test_a_failed_run_or_two_are_neither_fine_nor_a_reason_to_doubt_the_rest() -> None:
    extra = [FakeRun("broken", {}, {"lr": "0.1"}, {"arm": "new"}, status="FAILED")]
    assert "Failed runs | none |" in section(memo(*arms(A, B)), "trust")
    assert "Failed runs | 1 failed, under 20 % |" in plain(section(memo(*arms(A, B), *extra), "trust"))


def test_what_is_needed_is_said_of_every_p_above_the_level_and_of_no_other() -> None:
    close = (0.80, 0.83, 0.80, 0.81, 0.82, 0.80)
    for runs, compare in ((arms(A, close), {}), (arms(A, close, name="foo"), {"metrics": ["foo"]}), (arms(A[:4], close[:4]), {})):
        (found,) = [plain(one) for one in verdict(memo(*runs, **compare)).caveats if "80 %" in one]
        assert "hese runs would detect a true difference of 0.0" in found
        assert " For half of that, about " in found
    assert "Only 4 runs in a group: nothing but very large effects are detectable." in found
    for runs, compare in ((arms(A, B), {}), (arms(A[:4], B[:4]), {}), (arms(A[:4], close[:4]), {"margin": 0.1})):
        report = memo(*runs, **compare)
        assert "80 %" not in plain(report.headline + " ".join(verdict(report).caveats))


@pytest.mark.parametrize(
    ("three", "digits", "least", "found"),
    [
        ((0.96667, 0.97093, 0.00426), 4, 4, 5),  # 0.9709 against 0.9667 would be 0.0042
        ((3.047246, 4.031716, 0.98447), 3, 2, 2),  # 4.032 against 3.047 would be 0.985
        ((0.8, 0.9, 0.1), 3, 1, 3),
        ((math.nan, 1.0, 0.0), 3, 1, 3),
    ],
)
def test_decimals_agree(three: tuple[float, float, float], digits: int, least: int, found: int) -> None:
    assert agreeing_digits([three], digits, least) == found


def test_means_and_difference_can_be_recomputed_from_what_is_printed() -> None:
    a, b = (0.9611, 0.9733, 0.9667, 0.9644, 0.9689), (0.9678, 0.9756, 0.9711, 0.9667, 0.9733)
    found = verdict(memo(*arms(a, b, seeds=True)))
    low, high = map(float, re.search(r"val_acc ([\d.]+) → ([\d.]+)\.", plain(found.sentence)).groups())  # type: ignore[union-attr]
    delta = float(plain(found.heading).removeprefix("Better by "))
    assert round(high - low, 6) == delta


def test_boxes_of_several_groups_say_once_what_holds_for_all() -> None:
    third = [FakeRun(f"third-{i}", {"val_acc": v}, {"lr": "0.1", "seed": str(i)}, {"arm": "third"}) for i, v in enumerate(B)]
    report = memo(*arms(A, B, seeds=True), *third)
    boxes = [block for block in report.sections[0].blocks if isinstance(block, Verdict)]
    assert all(one.rule and one.caveats and one.caveats_apart for one in boxes)
    listed = next(block for block in report.sections[0].blocks if isinstance(block, Findings) and "not say" in block.title)
    assert [one.detail for one in listed.items].count(boxes[0].caveats[0]) == 1
    assert "third minus control" not in section(report, "evidence")  # the boxes draw it
    assert section(report, "decision").count("6 of 6 pairs") >= 2


def test_what_a_margin_leaves_open_is_in_the_headline_and_costs_a_number_of_runs() -> None:
    report = memo(*arms(A, B, seeds=True), margin=0.0308)
    assert plain(report.headline) == "Group new is better than control, but not shown to be by 0.0308 or more."
    report = memo(*arms(A, B), margin=0.028)
    assert "Runs still needed | About " in section(report, "evidence")
    assert " to tell the observed difference from the margin with 80 % probability, were it the true one; there are 6." in plain(
        section(report, "evidence")
    )
    report = memo(*arms(A, B[:1] + A[1:]), margin=0.006)
    assert "and whether new is worse by 0.006 or more is not decided." in plain(report.headline)
    assert "to decide with 80 % probability whether new is worse by the margin" in plain(section(report, "evidence"))


def test_looks_that_nobody_planned_stand_among_the_trust_checks() -> None:
    trust = plain(section(memo(*arms(A, B)), "trust"))
    assert (
        "Repeated looks | no plan | Not adjusted for repeated looks at growing runs: equals are found different, or pass a margin wrongly, in 14 % of cases"
        in trust
    )
    planned = plain(section(memo(*arms(A, B), looks={"planned": 2, "runs": 12}), "trust"))
    assert "Repeated looks | ok | Declared: the plan's level decides." in planned


def test_the_hodges_lehmann_shift_is_there_when_it_is_asked_for() -> None:
    assert "Hodges–Lehmann" not in section(memo(*arms(A, B)), "appendix")
    words = plain(section(memo(*arms(A, B), robust=True), "appendix"))
    assert "Hodges–Lehmann shift | +0.0300" in words
    assert "Mann–Whitney test | p = " in words


def test_nothing_to_compare_is_said_in_the_place_of_the_decision() -> None:
    report = told(snapshot(*arms(A, B)), sections=list(MEMO_SECTIONS), compare={"by": "tags.nothing"})
    assert report.headline == "There are no two groups with runs to compare."
    assert "No run has tags.nothing, so there are no groups to compare." in of_report(report)

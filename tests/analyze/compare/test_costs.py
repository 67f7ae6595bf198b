"""What compared groups took: ratios of times, means of money, cost per success, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest

from reportgen.analyze.compare.costs import CostDifference, Costs
from reportgen.model import Notice, Table
from tests.sections.test_resources_models_gallery import traces
from tests.snapshots import FakeRun, facts, snapshot, told

COMPARE = {"by": "tags.arm", "baseline": "a"}


def run(arm: str, i: int, seconds: float, **more: Any) -> FakeRun:
    fields = {"params": {"seed": str(i)}, "tags": {"arm": arm}, "seconds": seconds, "metrics": {"acc": 0.5 + i / 100}} | more
    return FakeRun(f"{arm}{i}", **fields)


def runs(a: list[float], b: list[float]) -> list[FakeRun]:
    return [run(arm, i, s) for arm, side in (("a", a), ("b", b)) for i, s in enumerate(side)]


def requests(arm: str, costs: list[float], durations: list[int], *, n_runs: int = 1) -> list[dict[str, Any]]:
    return [
        {
            "run_id": f"{arm}{i % n_runs}",
            "cost": cost,
            "total_tokens": 10 + i % 3,
            "duration_ms": ms,
            "status": "ERROR" if i % 4 == 3 else "OK",
        }
        for i, (cost, ms) in enumerate(zip(costs, durations, strict=True))
    ]


def costs(*fakes: FakeRun, **more: Any) -> Costs:
    compare = more.pop("compare", COMPARE)
    found = facts(snapshot(*fakes, **more), compare=compare).costs
    assert isinstance(found, Costs)
    return found


def one(found: Costs, what: str) -> CostDifference:
    return next(row for row in found.differences if row.what == what)


def test_durations_are_a_ratio_of_geometric_means() -> None:
    found = one(costs(*runs([60, 60 * math.e, 60 * math.e**2], [120, 120 * math.e, 120 * math.e**2])), "duration")
    assert (found.a, found.b) == (pytest.approx(60 * math.e), pytest.approx(120 * math.e))
    assert found.estimate == pytest.approx(2)
    # Welch on the logs: sd 1 on both sides, se = sqrt(2/3), df = 4, t = 2.776445.
    half = 2.7764451 * math.sqrt(2 / 3)
    assert (found.low, found.high) == (pytest.approx(2 * math.exp(-half)), pytest.approx(2 * math.exp(half)))


def test_two_runs_have_a_ratio_and_no_interval() -> None:
    found = one(costs(*runs([60, 70], [90, 95])), "duration")
    assert (found.low, found.p, found.why) == (None, None, "few_values")
    assert found.estimate is not None


def test_runs_of_a_search_and_folds_are_no_repeats() -> None:
    search = [run(arm, i, 60.0 + i, params={"lr": str(i)}) for arm in "ab" for i in range(4)]
    assert one(costs(*search), "duration").why == "search"
    folds = [run(arm, i, 60.0 + i, params={"fold": str(i)}) for arm in "ab" for i in range(4)]
    found = one(costs(*folds), "duration")
    assert (found.p, found.low, found.why) == (None, None, "folds")


def test_times_on_other_hardware_are_not_compared() -> None:
    fakes = [run(arm, i, 60.0 + i, tags={"arm": arm, "gpu": {"a": "A100", "b": "T4"}[arm]}) for arm in "ab" for i in range(4)]
    rows = requests("a", [1.0] * 40, [100 + i for i in range(40)]) + requests("b", [2.0] * 40, [100 + i for i in range(40)])
    found = costs(*fakes, traces=traces(*rows))
    assert found.apart == ("b",)
    assert {row.what for row in found.differences} == {"cost", "tokens", "failed", "cost_per_success"}
    resources = next(s for s in told(snapshot(*fakes, traces=traces(*rows)), compare=COMPARE).sections if s.id == "resources")
    banner = next(block for block in resources.blocks if isinstance(block, Notice))
    assert banner.text.startswith("b ran on other hardware than a")


def test_money_is_compared_by_means_of_requests_or_of_runs() -> None:
    few = [*requests("a", [1.0, 2.0, 3.0] * 3, [100] * 9, n_runs=3), *requests("b", [3.0, 4.0, 5.5] * 3, [100] * 9, n_runs=3)]
    found = one(costs(*runs([60, 61, 62], [60, 61, 62]), traces=traces(*few)), "cost")
    assert (found.unit, found.n_a, found.a) == ("run means", 3, pytest.approx(2))
    assert found.low is not None
    many = [*requests("a", [1.0, 2.0] * 20, [100] * 40), *requests("b", [2.0, 3.0] * 20, [100] * 40)]
    found = one(costs(*runs([60, 61, 62], [60, 61, 62]), traces=traces(*many)), "cost")
    assert (found.unit, found.n_b, found.estimate) == ("requests", 40, pytest.approx(1))


def test_requests_of_three_runs_are_no_samples_of_their_own() -> None:
    """Runs that differ by far more than their requests: a hundred requests of a run are one value."""
    levels = {"a": [100, 200, 300], "b": [130, 230, 330]}
    rows = [
        row | {"run_id": f"{arm}{i}"}
        for arm, own in levels.items()
        for i, level in enumerate(own)
        for row in requests(arm, [level / 100] * 100, [level + k % 7 for k in range(100)])
    ]
    found = costs(*runs([60, 61, 62], [60, 61, 62]), traces=traces(*rows))
    for what in ("latency", "latency_p95", "cost"):
        row = one(found, what)
        assert (row.unit, row.n_a, row.n_b) == ("run means", 3, 3)
        assert row.p is not None
        assert row.p > 0.5
    assert one(found, "cost").estimate == pytest.approx(0.3)
    a, _ = found.per_success
    assert (a.n, a.n_units, a.value) == (300, 3, pytest.approx(600 / 225))
    difference = one(found, "cost_per_success")
    assert difference.low is not None
    assert difference.high is not None
    assert difference.low < 0 < difference.high


def test_shares_of_runs_that_fail_unlike_have_a_wider_interval() -> None:
    def failed(bad: dict[str, list[int]]) -> CostDifference:
        rows = [
            {"run_id": f"{arm}{i}", "status": "ERROR" if k < n else "OK"}
            for arm, own in bad.items()
            for i, n in enumerate(own)
            for k in range(50)
        ]
        return one(costs(*runs([60, 61, 62], [60, 61, 62]), traces=traces(*rows)), "failed")

    alike, unlike = failed({"a": [10, 10, 10], "b": [10, 10, 10]}), failed({"a": [0, 0, 30], "b": [0, 0, 30]})
    assert (alike.estimate, unlike.estimate, alike.n_a, unlike.n_a) == (0, 0, 150, 150)
    assert alike.high is not None
    assert unlike.high is not None
    assert unlike.high > 3 * alike.high


def test_cost_per_success_is_a_ratio_of_sums() -> None:
    rows = [*requests("a", [1.0] * 40, [100] * 40), *requests("b", [2.0 + i % 2 for i in range(40)], [100] * 40)]
    found = costs(*runs([60, 61, 62], [60, 61, 62]), traces=traces(*rows))
    a, b = found.per_success
    assert (a.n, a.n_ok, a.value) == (40, 30, pytest.approx(40 / 30))
    assert b.value == pytest.approx(100 / 30)
    difference = one(found, "cost_per_success")
    assert difference.estimate == pytest.approx(60 / 30)
    assert difference.low is not None
    assert difference.high is not None
    assert difference.low < 2 < difference.high


def test_a_group_without_a_success_has_no_cost_of_one() -> None:
    rows = [{"run_id": f"{arm}0", "cost": 1.0, "status": "ERROR"} for arm in "ab" for _ in range(40)]
    found = costs(*runs([60, 61, 62], [60, 61, 62]), traces=traces(*rows))
    assert [(x.value, x.n_ok) for x in found.per_success] == [(None, 0)] * 2
    assert "cost_per_success" not in {row.what for row in found.differences}


@pytest.mark.parametrize(("n", "has_value", "has_interval"), [(19, False, False), (199, True, False), (200, True, True)])
def test_p95_needs_requests(n: int, has_value: bool, has_interval: bool) -> None:
    rows = [*requests("a", [1.0] * n, list(range(1, n + 1))), *requests("b", [1.0] * n, list(range(100, n + 100)))]
    found = one(costs(*runs([60, 61, 62], [60, 61, 62]), traces=traces(*rows)), "latency_p95")
    assert (found.estimate is not None, found.low is not None) == (has_value, has_interval)
    assert bool(found.why) != has_interval


def test_judges_and_requests_of_unfinished_runs_do_not_count() -> None:
    rows = [*requests("a", [1.0] * 5, [100] * 5), *requests("b", [1.0] * 5, [100] * 5), {"run_id": "a0", "scorer": "judge"}]
    rows += [{"run_id": "lost", "cost": 9.0}]
    lost = FakeRun("lost", {"acc": 0.1}, tags={"arm": "a"}, status="RUNNING")
    assert one(costs(*runs([60, 61], [60, 61]), lost, traces=traces(*rows)), "failed").n_a == 5


def test_the_table_has_every_row_with_its_n() -> None:
    rows = [*requests("a", [1.0] * 40, [100 + i for i in range(40)]), *requests("b", [2.0] * 40, [150 + i for i in range(40)])]
    report = told(snapshot(*runs([60, 61, 62], [70, 71, 72]), traces=traces(*rows)), compare=COMPARE)
    table = next(b for s in report.sections for b in s.blocks if isinstance(b, Table) and b.id == "costs")
    assert [row[0].value for row in table.rows] == [
        "Duration of a run",
        "Latency of a request",
        "p95 latency",
        "Requests that failed",
        "US$ a request",
        "Tokens a request",
        "US$ a success",
    ]
    assert table.rows[0][1].value == "3 against 3 runs"
    assert table.rows[1][1].value == "40 against 40 requests"
    notes = (*table.notes, *table.method)
    assert any("is adjusted (Holm) for the" in note for note in notes)
    assert any("Requests of fewer than three runs on a side are the unit" in note for note in notes)


def test_a_memo_tells_what_requests_took_and_is_silent_without_any() -> None:
    rows = [*requests("a", [1.0] * 40, [100 + i for i in range(40)]), *requests("b", [2.0] * 40, [150 + i for i in range(40)])]
    sections = ["decision", "appendix"]
    for found, wanted in ((traces(*rows), True), (traces(), False)):
        report = told(snapshot(*runs([60, 61, 62], [70, 71, 72]), traces=found), compare=COMPARE, sections=sections)
        ids = {block.id for one in report.sections for block in one.blocks if isinstance(block, Table)}
        assert ({"costs", "costs-success"} <= ids) is wanted

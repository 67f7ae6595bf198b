"""What the compared groups took: durations, latency, failures, tokens and money, each beside the baseline's."""

from __future__ import annotations

from reportgen.analyze.compare.costs import FEWEST, FEWEST_REQUESTS, CostDifference, CostPerSuccess, Costs
from reportgen.formats import listed, plural
from reportgen.model import Block, Cell, Column, Format, Interval, Notice, Table
from reportgen.words.compare.terms import group_name
from reportgen.words.methods import clause

WORDS = {
    "duration": "Duration of a run",
    "latency": "Latency of a request",
    "latency_p95": "p95 latency",
    "failed": "Requests that failed",
    "cost": "US$ a request",
    "tokens": "Tokens a request",
    "cost_per_success": "US$ a success",
}
_CENTRES = {
    "duration": "geometric mean",
    "latency": "geometric mean",
    "latency_p95": "type-7 quantile",
    "failed": "share of those that ended",
    "cost": "mean",
    "tokens": "mean",
    "cost_per_success": "sum of costs over successes",
}
_FORMATS: dict[str, Format] = {"duration": "duration", "latency": "duration", "latency_p95": "duration", "failed": "percent"}


def cost_blocks(costs: Costs) -> list[Block]:
    """The differences, the banner of groups on other hardware, and the cost per success of each group."""
    blocks: list[Block] = [_banner(costs)] if costs.apart else []
    blocks.append(_table(costs))
    return [*blocks, *([_per_success(costs)] if costs.per_success else [])]


def _banner(costs: Costs) -> Notice:
    names = listed([group_name(label) for label in costs.apart])
    text = (
        f"{names} ran on other hardware than {group_name(costs.baseline)}, so how long runs and requests took is not compared: the machine "
        f"would explain it as well."
    )
    return Notice("warning", "Other hardware", text, "repeat the runs on one kind of machine", "costs-hardware")


def _table(costs: Costs) -> Table:
    columns = (
        Column("what", "What"),
        Column("group", "Group"),
        Column("n", "n"),
        Column("baseline", group_name(costs.baseline), "number"),
        Column("value", "Group's", "number"),
        Column("ratio", "Ratio [95 % interval]", "estimate"),
        Column("difference", "Difference [95 % interval]", "change"),
        Column("p", "p (Holm-adjusted)", "p"),
        Column("note", "Note"),
    )
    several = len({row.group for row in costs.differences}) > 1
    rows = tuple(_row(row) for row in costs.differences)
    filled = [any(row[i].value is not None for row in rows) for i in range(len(columns))]
    kept = [i for i, there in enumerate(filled) if there and (several or columns[i].key != "group")]
    others = {row.group for row in costs.differences}
    title = (
        f"What {group_name(next(iter(others)))} took against {group_name(costs.baseline)}"
        if len(others) == 1
        else (f"What the groups took against {group_name(costs.baseline)}")
    )
    cells = tuple(tuple(row[i] for i in kept) for row in rows)
    return Table("costs", title, tuple(columns[i] for i in kept), cells, _notes(costs), len(rows), paper_rows=30)


def _row(row: CostDifference) -> tuple[Cell, ...]:
    shown_as = _FORMATS.get(row.what, "number")
    factor, unit = {"failed": (100.0, "pp"), "latency_p95": (1.0, "s")}.get(row.what, (1.0, ""))
    n = min(row.n_a, row.n_b)
    estimate = None
    if row.estimate is not None:
        low, high = (None if bound is None else bound * factor for bound in (row.low, row.high))
        estimate = Interval(row.estimate * factor, low, high, n)
    is_ratio = row.scale == "ratio"
    return (
        Cell(WORDS[row.what], note=_CENTRES[row.what]),
        Cell(group_name(row.group)),
        Cell(f"{row.n_b:,} against {plural(row.n_a, 'run') if row.unit == 'runs' else f'{row.n_a:,} {row.unit}'}"),
        Cell(row.a, format=shown_as),
        Cell(row.b, format=shown_as),
        Cell(estimate if is_ratio else None),
        Cell(None if is_ratio else estimate, note=unit if estimate is not None and not is_ratio else ""),
        Cell(row.p),
        Cell(_why(row) or None),
    )


def _why(row: CostDifference) -> str:
    """Why there is no interval, or no comparison; empty where there is one."""
    from reportgen.analyze.methods.quantiles import QUANTILE_DIFFERENCE_RUNS, smallest_n

    match row.why:
        case "search":
            return "several configurations in a group: runs of a search are no repeats"
        case "folds":
            return "folds are not independent runs"
        case "zero_time":
            return "a time of zero has no ratio"
        case "few_values":
            return f"fewer than {FEWEST} on a side: no interval"
        case "few_for_p95":
            return f"p95 needs {smallest_n(0.95)} requests on each side"
        case "few_for_p95_interval":
            return f"an interval needs {QUANTILE_DIFFERENCE_RUNS} requests on each side"
        case "few_requests":
            return f"an interval needs {FEWEST_REQUESTS} requests on each side"
        case "few_requests_and_runs":
            return f"fewer than {FEWEST_REQUESTS} requests and {FEWEST} runs on a side: no interval"
        case "no_variation":
            return "no variation on either side"
        case None:
            return clause(row.reason)


def _notes(costs: Costs) -> tuple[str, ...]:
    whats = {row.what for row in costs.differences}
    notes = []
    if whats & {"duration", "latency"}:
        notes.append("Times: ratio of geometric means, group over baseline, Welch's interval on logarithms.")
    if "latency_p95" in whats:
        notes.append(
            "p95: of requests a bootstrap interval of the difference, from 200 on each side; of runs the p95 of each, by Welch."
        )
    if whats & {"cost", "tokens"}:
        notes.append(
            f"Means: Welch, over runs where three or more answered on each side, else over requests from {FEWEST_REQUESTS} on. Prices may "
            "differ between periods."
        )
    if "cost_per_success" in whats:
        notes.append("US$ a success: ratio of sums, never a mean of ratios; delta method.")
    if "failed" in whats:
        notes.append(
            "Failures: Newcombe's interval of the difference of two shares, or that of the runs' shares where it is wider."
        )
    if whats - {"duration"} and not any(row.unit == "run means" for row in costs.differences):
        notes.append(
            "Requests of fewer than three runs on a side are the unit, and are not paired: what is said holds for requests of these runs and "
            "not for other runs, which makes the intervals too narrow where runs differ."
        )
    if costs.n_tests > 1:
        notes.append(
            f"p is adjusted (Holm) for the {costs.n_tests} tests of this table; intervals are not. No verdict is made of them."
        )
    else:
        notes.append("No verdict is made of this.")
    if "duration" in whats and not costs.hardware_known:
        notes.append("No run has its hardware on record, so whether the machines were alike cannot be checked.")
    if costs.n_omitted:
        notes.append(f"{plural(costs.n_omitted, 'further group')} not held against the baseline here.")
    return tuple(notes)


def _per_success(costs: Costs) -> Table:
    columns = (
        Column("group", "Group"),
        Column("n", "Requests with cost", "integer"),
        Column("ok", "of them ok", "integer"),
        Column("cost", "Cost, US$", "number"),
        Column("value", "US$ a success [95 % interval]", "estimate"),
        Column("note", "Note"),
    )
    rows = tuple(_success_row(group) for group in costs.per_success)
    kept = [i for i in range(len(columns)) if i < len(columns) - 1 or any(row[i].value for row in rows)]
    notes = ("Sum of the costs over the number of requests that ended well, of those that ended and have a cost.",)
    cells = tuple(tuple(row[i] for i in kept) for row in rows)
    return Table("costs-success", "What a success costs", tuple(columns[i] for i in kept), cells, notes, len(rows), paper_rows=20)


def _success_row(one: CostPerSuccess) -> tuple[Cell, ...]:
    value = None if one.value is None else Interval(one.value, one.low, one.high, one.n)
    return (
        Cell(group_name(one.group)),
        Cell(one.n),
        Cell(one.n_ok),
        Cell(one.total),
        Cell(value),
        Cell((clause(one.reason) if one.n_ok else "no request succeeded") or None),
    )

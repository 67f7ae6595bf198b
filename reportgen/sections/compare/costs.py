"""What the compared groups took: durations, latency, failures, tokens and money, each beside the baseline's."""

from __future__ import annotations

from reportgen.analyze.compare.costs import FEWEST, FEWEST_REQUESTS, CostDifference, CostPerSuccess, Costs
from reportgen.model import Block, Cell, Column, Format, Interval, Notice, Table
from reportgen.words import Say
from reportgen.words.compare.terms import group_name
from reportgen.words.methods import clause

_FORMATS: dict[str, Format] = {"duration": "duration", "latency": "duration", "latency_p95": "duration", "failed": "percent"}


def cost_blocks(costs: Costs, say: Say) -> list[Block]:
    """The differences, the banner of groups on other hardware, and the cost per success of each group."""
    blocks: list[Block] = [_banner(costs, say)] if costs.apart else []
    blocks.append(_table(costs, say))
    return [*blocks, *([_per_success(costs, say)] if costs.per_success else [])]


def _banner(costs: Costs, say: Say) -> Notice:
    names = say.listed([group_name(label) for label in costs.apart])
    text = say("costs-ran-other-hardware-how", names=names, baseline=group_name(costs.baseline))
    return Notice("warning", say("costs-other-hardware"), text, say("costs-repeat-runs-kind-machine"), "costs-hardware")


def _table(costs: Costs, say: Say) -> Table:
    columns = (
        Column("what", say("costs-column-what")),
        Column("group", say("costs-column-group")),
        Column("n", say("costs-column-n")),
        Column("baseline", group_name(costs.baseline), "number"),
        Column("value", say("costs-column-group-s"), "number"),
        Column("ratio", say("costs-column-ratio-95-interval"), "estimate"),
        Column("difference", say("costs-column-difference-95-interval"), "change"),
        Column("p", say("costs-column-p-holm-adjusted"), "p"),
        Column("note", say("costs-column-note")),
    )
    several = len({row.group for row in costs.differences}) > 1
    rows = tuple(_row(row, say) for row in costs.differences)
    filled = [any(row[i].value is not None for row in rows) for i in range(len(columns))]
    kept = [i for i, there in enumerate(filled) if there and (several or columns[i].key != "group")]
    others = {row.group for row in costs.differences}
    title = (
        say("costs-what-took-against", next=group_name(next(iter(others))), baseline=group_name(costs.baseline))
        if len(others) == 1
        else (say("costs-what-groups-took-against", baseline=group_name(costs.baseline)))
    )
    cells = tuple(tuple(row[i] for i in kept) for row in rows)
    return Table("costs", title, tuple(columns[i] for i in kept), cells, _notes(costs, say), len(rows), paper_rows=30)


def _row(row: CostDifference, say: Say) -> tuple[Cell, ...]:
    shown_as = _FORMATS.get(row.what, "number")
    factor, unit = {"failed": (100.0, "pp"), "latency_p95": (1.0, "s")}.get(row.what, (1.0, ""))
    n = min(row.n_a, row.n_b)
    estimate = None
    if row.estimate is not None:
        low, high = (None if bound is None else bound * factor for bound in (row.low, row.high))
        estimate = Interval(row.estimate * factor, low, high, n)
    is_ratio = row.scale == "ratio"
    return (
        Cell(say("costs-words", what=row.what), note=say("costs-centres", what=row.what)),
        Cell(group_name(row.group)),
        Cell(
            say(
                "costs-against",
                n_b=row.n_b,
                plural=say("costs-n-runs", n=row.n_a) if row.unit == "runs" else f"{row.n_a:,} {row.unit}",
            )
        ),
        Cell(row.a, format=shown_as),
        Cell(row.b, format=shown_as),
        Cell(estimate if is_ratio else None),
        Cell(None if is_ratio else estimate, note=unit if estimate is not None and not is_ratio else ""),
        Cell(row.p),
        Cell(_why(row, say) or None),
    )


def _why(row: CostDifference, say: Say) -> str:
    """Why there is no interval, or no comparison; empty where there is one."""
    from reportgen.analyze.methods.quantiles import QUANTILE_DIFFERENCE_RUNS, smallest_n

    match row.why:
        case "search":
            return say("costs-several-configurations-group-runs")
        case "folds":
            return say("costs-folds-independent-runs")
        case "zero_time":
            return say("costs-time-zero-ratio")
        case "few_values":
            return say("costs-fewer-side-interval", fewest=FEWEST)
        case "few_for_p95":
            return say("costs-p95-needs-requests-side", smallest_n=smallest_n(0.95))
        case "few_for_p95_interval":
            return say("costs-interval-needs-requests-side", quantile_difference_runs=QUANTILE_DIFFERENCE_RUNS)
        case "few_requests":
            return say("costs-interval-needs-requests-side-2", fewest_requests=FEWEST_REQUESTS)
        case "few_requests_and_runs":
            return say("costs-fewer-requests-runs-side", fewest_requests=FEWEST_REQUESTS, fewest=FEWEST)
        case "no_variation":
            return say("costs-variation-either-side")
        case None:
            return clause(row.reason, say)


def _notes(costs: Costs, say: Say) -> tuple[str, ...]:
    whats = {row.what for row in costs.differences}
    notes = []
    if whats & {"duration", "latency"}:
        notes.append(say("costs-times-ratio-geometric-means"))
    if "latency_p95" in whats:
        notes.append(say("costs-p95-requests-bootstrap-interval"))
    if whats & {"cost", "tokens"}:
        notes.append(say("costs-means-welch-over-runs", fewest_requests=FEWEST_REQUESTS))
    if "cost_per_success" in whats:
        notes.append(say("costs-us-success-ratio-sums"))
    if "failed" in whats:
        notes.append(say("costs-failures-newcombe-s-interval"))
    if whats - {"duration"} and not any(row.unit == "run means" for row in costs.differences):
        notes.append(say("costs-requests-fewer-three-runs"))
    if costs.n_tests > 1:
        notes.append(say("costs-p-adjusted-holm-tests", n_tests=costs.n_tests))
    else:
        notes.append(say("costs-verdict-made"))
    if "duration" in whats and not costs.hardware_known:
        notes.append(say("costs-run-hardware-record-whether"))
    if costs.n_omitted:
        notes.append(say("costs-further-groups-held-against", n=costs.n_omitted))
    return tuple(notes)


def _per_success(costs: Costs, say: Say) -> Table:
    columns = (
        Column("group", say("costs-column-group")),
        Column("n", say("costs-column-requests-cost"), "integer"),
        Column("ok", say("costs-column-them-ok"), "integer"),
        Column("cost", say("costs-column-cost-us"), "number"),
        Column("value", say("costs-column-us-success-95"), "estimate"),
        Column("note", say("costs-column-note")),
    )
    rows = tuple(_success_row(group, say) for group in costs.per_success)
    kept = [i for i in range(len(columns)) if i < len(columns) - 1 or any(row[i].value for row in rows)]
    notes = (say("costs-sum-costs-over-number"),)
    cells = tuple(tuple(row[i] for i in kept) for row in rows)
    return Table(
        "costs-success", say("costs-what-success-costs"), tuple(columns[i] for i in kept), cells, notes, len(rows), paper_rows=20
    )


def _success_row(one: CostPerSuccess, say: Say) -> tuple[Cell, ...]:
    value = None if one.value is None else Interval(one.value, one.low, one.high, one.n)
    return (
        Cell(group_name(one.group)),
        Cell(one.n),
        Cell(one.n_ok),
        Cell(one.total),
        Cell(value),
        Cell((clause(one.reason, say) if one.n_ok else say("costs-request-succeeded")) or None),
    )

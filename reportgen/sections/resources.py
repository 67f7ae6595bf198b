"""What runs and requests cost: time, machine, tokens and dollars."""

from __future__ import annotations

from reportgen.analyze.methods.quantiles import Quantile
from reportgen.analyze.resources import (
    FULL_PERCENT,
    GAP,
    LOW_GPU_PERCENT,
    LOW_GPU_SECONDS,
    SLOWER,
    Flag,
    Resources,
    RunUsage,
    UsageSummary,
)
from reportgen.analyze.traces import PERCENTILES, TraceFacts, TraceGroup
from reportgen.formats import duration, listed, moment, number, one_line, percent, plural
from reportgen.model import Axis, Block, Cell, Chart, Column, RunLink, Section, Table, Tile, Tiles, Tone, Trace
from reportgen.sections.compare.costs import cost_blocks
from reportgen.sections.usage import usage_blocks
from reportgen.sections.view import View, paragraph

MOST_GROUPS = 20
MOST_DRAWN = 12
UNITS = {"percentage": "%", "megabytes": "MB", "watts": "W"}
"""The last word of a system metric's name → its unit, as MLflow names them."""
LATENCY = ("Median", "p90", "p95", "p99")
STATUS = {"OK": "ok", "ERROR": "failed", "IN_PROGRESS": "in progress", "STATE_UNSPECIFIED": "no state", "": "no status"}


def resources_section(view: View) -> Section | None:
    """Left out when the store holds neither system metrics nor traces, and no group's cost can be held against another's."""
    resources, traces, costs = view.facts.resources, view.facts.traces, view.facts.costs
    blocks: list[Block] = cost_blocks(costs) if costs is not None else []
    if traces is not None:
        blocks += _requests(view, traces)
    if resources.runs:
        blocks += _machine(view, resources)
    if not blocks:
        return None
    if resources.times:
        blocks.append(_times(view, resources))
    return Section("resources", "Resources", tuple(blocks), "What did runs and requests take: time, machine, tokens and money?")


# --- traces ---


def _requests(view: View, traces: TraceFacts) -> list[Block]:
    whole = traces.whole
    first, last = moment(traces.first_ms), moment(traces.last_ms)
    span = f", from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC" if first and last else ""
    judged = (
        f" {plural(traces.n_judges, 'further trace')} that judges made while they scored others {'is' if traces.n_judges == 1 else 'are'} not counted."
        if traces.n_judges
        else ""
    )
    lead = f"{plural(whole.n, 'traced request')}{span}. What was asked and answered is not read.{judged}"
    blocks: list[Block] = [paragraph(lead)]
    if whole.n == 0:
        return blocks
    blocks.append(request_tiles(whole))
    cuts = [("name", "name of the trace", "Name", traces.by_name), ("model", "language model", "Model", traces.by_model)]
    if len(traces.by_experiment) > 1:
        cuts.insert(0, ("experiment", "experiment", "Experiment", traces.by_experiment))
    for key, what, label, groups in cuts:
        if len(groups) > 1 or (groups and (key == "name" or groups[0].n != whole.n)):
            blocks += _group_tables(key, what, Column(key, label), groups, _labels(groups))
        elif groups:
            blocks.append(paragraph(f"All of them called {_name(groups[0], 80)}."))
    chart = _latency_chart(traces.by_name)
    if chart:
        blocks.append(chart)
    if traces.by_run:
        blocks += _run_tables(view, traces)
    return blocks


def request_tiles(whole: TraceGroup) -> Tiles:
    tiles = [Tile("Requests", whole.n, "integer", note=_statuses(whole))]
    if whole.failed is not None:
        bounds = f"{percent(whole.failed.low or 0)} to {percent(whole.failed.high or 0)}"
        tone: Tone = "warning" if whole.failed.value else "neutral"
        tiles.append(
            Tile("Failed", whole.failed.value, "percent", note=f"95 % interval {bounds}, n = {whole.n_ended:,}", tone=tone)
        )
    # One row of tiles: the median and the highest of p90 and p95 that is known; the tables have them all.
    known = [(name, one) for name, one in zip(LATENCY, whole.latency, strict=True) if one.value is not None and name != "p99"]
    for name, quantile in known[:1] + known[1:][-1:]:
        slowest = f"; slowest {duration(whole.slowest)}" if name != "Median" and whole.slowest is not None else ""
        tiles.append(Tile(f"{name} latency", quantile.value, "duration", note=_bounds(quantile) + slowest))
    if whole.total_tokens.n:
        tokens = whole.total_tokens
        tiles.append(Tile("Tokens", int(tokens.total), "integer", note=f"{number(tokens.mean or 0)} a request, n = {tokens.n:,}"))
    if whole.cost.n:
        tiles.append(Tile("Cost, US$", whole.cost.total, note=f"{number(whole.cost.mean or 0)} a request, n = {whole.cost.n:,}"))
    return Tiles(tuple(tiles))


def _statuses(group: TraceGroup) -> str:
    return ", ".join(f"{n:,} {STATUS.get(status, one_line(status, 20))}" for status, n in group.statuses)


def _bounds(quantile: Quantile) -> str:
    if quantile.interval is None:
        return f"n = {quantile.n:,}, too few for an interval"
    return f"95 % interval {duration(quantile.interval.low)} to {duration(quantile.interval.high)}, n = {quantile.n:,}"


def _latency(group: TraceGroup, q: float) -> Quantile:
    return group.latency[PERCENTILES.index(q)]


def _speed_columns(groups: tuple[TraceGroup, ...]) -> tuple[Column, ...]:
    return (
        Column("n", "Requests", "integer"),
        Column("failed", "Failed [95 % interval]", "percent", 1),
        *(column for name, q in zip(LATENCY, PERCENTILES, strict=True) for column in _quantile_columns(name, q, groups)),
        Column("slowest", "Slowest", "duration"),
    )


def _quantile_columns(name: str, q: float, groups: tuple[TraceGroup, ...]) -> list[Column]:
    """Those that any group has something to put into."""
    found = [_latency(group, q) for group in groups]
    columns = [Column(f"latency_p{round(q * 100)}", name, "duration")] if any(one.value is not None for one in found) else []
    return columns + ([Column(f"interval_p{round(q * 100)}", "95 % interval")] if any(one.interval for one in found) else [])


def _speed_cells(group: TraceGroup, groups: tuple[TraceGroup, ...]) -> tuple[Cell, ...]:
    cells = [Cell(group.n), Cell(group.failed)]
    for q in PERCENTILES:
        quantile = _latency(group, q)
        words = f"{duration(quantile.interval.low)} to {duration(quantile.interval.high)}" if quantile.interval else None
        cells += [Cell(quantile.value), Cell(words)][: len(_quantile_columns("", q, groups))]
    return (*cells, Cell(group.slowest))


SPEND_COLUMNS = (
    Column("n_tokens", "Requests with tokens", "integer"),
    Column("tokens_in", "Tokens in", "integer"),
    Column("tokens_out", "Tokens out", "integer"),
    Column("tokens_mean", "Tokens a request", "number"),
    Column("n_cost", "Requests with cost", "integer"),
    Column("cost", "Cost, US$", "number"),
    Column("cost_mean", "US$ a request", "number"),
)


def _spend_cells(group: TraceGroup) -> tuple[Cell, ...]:
    tokens, cost = group.total_tokens, group.cost
    sums = [int(one.total) if one.n else None for one in (group.input_tokens, group.output_tokens)]
    return (
        Cell(tokens.n),
        *map(Cell, sums),
        Cell(tokens.mean),
        Cell(cost.n),
        Cell(cost.total if cost.n else None),
        Cell(cost.mean),
    )


SPEED_NOTE = (
    "Latency of every request with a duration, failed ones too. Failed: share of the requests that ended, Wilson interval. "
    "Type-7 quantiles with intervals between order statistics: p90 from 10, p95 from 20 and p99 from 100 requests on, their intervals from "
    "36, 72 and 368, the median's from 6; fewer are too few for an interval."
)
SPEND_NOTE = "Tokens and cost as MLflow stored them with the trace; prices may differ between periods."


def _group_tables(key: str, what: str, first: Column, groups: tuple[TraceGroup, ...], names: tuple[Cell, ...]) -> list[Block]:
    """How fast and how well each group answered, and, where the store knows, what it took."""
    n = len(groups)
    speed = tuple((name, *_speed_cells(group, groups)) for name, group in zip(names, groups, strict=True))
    columns = (first, *_speed_columns(groups))
    title = f"Latency and failures by {what}"
    tables: list[Block] = [
        Table(f"traces-by-{key}", title, columns, speed, (SPEED_NOTE,), n, paper_rows=MOST_GROUPS, sortable=True)
    ]
    if any(group.total_tokens.n or group.cost.n for group in groups):
        spent = tuple((name, *_spend_cells(group)) for name, group in zip(names, groups, strict=True))
        title = f"Tokens and cost by {what}"
        columns = (first, *SPEND_COLUMNS)
        tables.append(
            Table(f"traces-spent-{key}", title, columns, spent, (SPEND_NOTE,), n, paper_rows=MOST_GROUPS, sortable=True)
        )
    return tables


def _name(group: TraceGroup, most: int) -> str:
    return one_line(group.label, most) or "without a name"


def _labels(groups: tuple[TraceGroup, ...]) -> tuple[Cell, ...]:
    return tuple(Cell(_name(group, 60)) for group in groups)


def _run_tables(view: View, traces: TraceFacts) -> list[Block]:
    groups = tuple(group for _, group in traces.by_run)
    names = tuple(
        Cell(view.link(key) if key in view.facts.by_key else RunLink(group.label, group.label[:8]))
        for key, group in traces.by_run
    )
    n = sum(group.n for group in groups)
    words = f"{plural(n, 'request')} of {traces.whole.n:,} {'was' if n == 1 else 'were'} logged inside a run."
    return [paragraph(words), *_group_tables("run", "run", Column("run", "Run", "run"), groups, names)]


def _latency_chart(groups: tuple[TraceGroup, ...]) -> Chart | None:
    """Median latency of each name with its interval; None for fewer than two names that have one."""
    drawn = [group for group in groups if _latency(group, 0.5).interval is not None][:MOST_DRAWN]
    if len(drawn) < 2:
        return None
    quantiles = [_latency(group, 0.5) for group in drawn]
    names = tuple(f"{_name(group, 40)} (n = {q.n:,})" for group, q in zip(drawn, quantiles, strict=True))
    medians = Trace(
        "Median, 95 % interval",
        tuple(q.value for q in quantiles),
        tuple(float(i) for i in range(len(drawn))),
        "points",
        marker="diamond",
        low=tuple(q.interval.low if q.interval else None for q in quantiles),
        high=tuple(q.interval.high if q.interval else None for q in quantiles),
        labels=names,
    )
    parts = [f"{_name(group, 40)} {duration(q.value or 0)}" for group, q in zip(drawn[:6], quantiles, strict=False)]
    left = len(groups) - len(drawn)
    return Chart(
        id="traces-latency",
        title="Median latency by name of the trace",
        kind="intervals",
        x=Axis("Latency", format="duration"),
        y=Axis("", "category", "text", names),
        alt=f"Median latency: {listed(parts)}; each with its 95 % interval.",
        traces=(medians,),
        table=_latency_table(drawn),
        notes=(f"{plural(left, 'name')} with fewer requests not drawn; see the table.",) if left else (),
        height=min(700, 110 + 40 * len(drawn)),
    )


def _latency_table(groups: list[TraceGroup]) -> Table:
    durations = (("median", "Median"), ("low", "Low"), ("high", "High"))
    columns = (Column("name", "Name"), Column("n", "n", "integer"), *(Column(key, label, "duration") for key, label in durations))
    found = [(group, _latency(group, 0.5)) for group in groups]
    rows = tuple(
        tuple(map(Cell, (_name(group, 60), q.n, q.value, *((q.interval.low, q.interval.high) if q.interval else (None, None)))))
        for group, q in found
    )
    return Table("traces-latency-data", "Median latency by name of the trace", columns, rows)


# --- the machine ---


def _machine(view: View, resources: Resources) -> list[Block]:
    every = f" every {duration(resources.interval)} or so" if resources.interval else ""
    gaps = (
        f" {plural(resources.n_gaps, 'gap')} of more than {GAP:g} times that interval left out of means and energy."
        if resources.n_gaps
        else ""
    )
    lead = f"{plural(len(resources.runs), 'run')} with system metrics, sampled{every}.{gaps}"
    blocks: list[Block] = [
        paragraph(lead),
        *usage_blocks(view),
        _run_usage(view, resources.runs),
        _summaries(view, resources.summaries),
    ]
    if resources.flags:
        blocks.insert(1, _flags(view, resources.flags))
    return blocks


def _run_usage(view: View, runs: tuple[RunUsage, ...]) -> Table:
    wanted = (
        ("gpu_mean", "GPU mean, %", [run.gpu_mean for run in runs]),
        ("gpu_memory_peak", "GPU memory peak, %", [run.gpu_memory_peak for run in runs]),
        ("gpu_megabytes_peak", "GPU memory peak, MB", [run.gpu_megabytes_peak for run in runs]),
        ("energy_wh", "GPU energy, Wh", [run.energy_wh for run in runs]),
        ("cpu_mean", "CPU mean, %", [run.cpu_mean for run in runs]),
        ("memory_peak", "Memory peak, %", [run.memory_peak for run in runs]),
    )
    shown = [(key, label, values) for key, label, values in wanted if any(value is not None for value in values)]
    columns = (
        Column("run", "Run", "run"),
        Column("duration", "Duration", "duration"),
        Column("samples", "Samples", "integer"),
        *(Column(key, label, "number", 1) for key, label, _ in shown),
    )
    rows = tuple(
        (
            Cell(view.link(run.key)),
            Cell(run.seconds),
            Cell(max(usage.n for usage in run.usages.values())),
            *(Cell(values[i]) for _, _, values in shown),
        )
        for i, run in enumerate(runs)
    )
    notes = ("Means are weighted by time. Newest run first.", "Runs on other machines are not to be compared by these numbers.")
    return Table("resources-runs", "What each run used", columns, rows, notes, len(rows), paper_rows=MOST_GROUPS, sortable=True)


def _summaries(view: View, summaries: tuple[UsageSummary, ...]) -> Table:
    columns = (
        Column("metric", "System metric"),
        Column("unit", "Unit"),
        Column("n_runs", "Runs", "integer"),
        Column("n_samples", "Samples", "integer"),
        Column("mean", "Mean", "number"),
        Column("lowest", "Lowest mean", "number"),
        Column("highest", "Highest mean", "number"),
        Column("p95", "Highest p95", "number"),
        Column("peak", "Peak", "number"),
        Column("peak_run", "of run", "run"),
    )
    rows = tuple(
        (
            Cell(_words(one.metric)),
            Cell(_unit(one.metric) or None),
            Cell(one.n_runs),
            Cell(one.n_samples),
            Cell(one.mean),
            Cell(one.lowest),
            Cell(one.highest),
            Cell(one.p95),
            Cell(one.peak),
            Cell(view.link(one.peak_key)),
        )
        for one in summaries
    )
    note = (
        "Mean: of the runs' time-weighted means, each run counting once. p95: of a run's samples, 20 or more; the highest of the runs. "
        "Network and disk counters add up over a run."
    )
    return Table("resources-summary", "System metrics over the runs", columns, rows, (note,), len(rows), on_paper=False)


def _words(metric: str) -> str:
    """ "system/gpu_0_power_usage_watts" → "gpu 0 power usage"."""
    words = one_line(metric.removeprefix("system/"), 60).split("_")
    return " ".join(words[:-1] if words[-1] in UNITS and len(words) > 1 else words)


def _unit(metric: str) -> str:
    return UNITS.get(metric.rpartition("_")[2], "")


def _flags(view: View, flags: tuple[Flag, ...]) -> Table:
    columns = (Column("run", "Run", "run"), Column("what", "What"))
    rows = tuple((Cell(view.link(flag.key)), Cell(_flag_words(flag), "warning")) for flag in flags)
    return Table("resources-flags", "Worth a look", columns, rows, (), len(rows), paper_rows=MOST_GROUPS)


def _flag_words(flag: Flag) -> str:
    value = percent(flag.value / 100)
    if flag.kind == "gpu_idle":
        return (
            f"{_words(flag.metric)}: {value} on average for more than {duration(LOW_GPU_SECONDS)} (under {LOW_GPU_PERCENT:g} %)"
        )
    if flag.kind == "memory_full":
        return f"{_words(flag.metric)}: peak {value} (over {FULL_PERCENT:g} %)"
    return f"{one_line(flag.metric, 60)}: {value} lower in the last third than in the first (more than {SLOWER * 100:g} %)"


def _times(view: View, resources: Resources) -> Table:
    columns = (
        Column("experiment", "Experiment"),
        Column("n", "Finished runs", "integer"),
        Column("median", "Median", "duration"),
        Column("longest", "Longest", "duration"),
        Column("longest_run", "of run", "run"),
        Column("total", "All together", "duration"),
    )
    rows = tuple(
        (
            Cell(one_line(one.experiment, 60)),
            Cell(one.n),
            Cell(one.median),
            Cell(one.longest),
            Cell(view.link(one.longest_key)),
            Cell(one.total),
        )
        for one in resources.times
    )
    return Table("resources-times", "How long runs took", columns, rows, (), len(rows), paper_rows=MOST_GROUPS)

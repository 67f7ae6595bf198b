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
from reportgen.formats import clock_text, duration, moment, number, one_line, percent, zone_text
from reportgen.model import Axis, Block, Cell, Chart, Column, RunLink, Section, Table, Tile, Tiles, Tone, Trace
from reportgen.sections.compare.costs import cost_blocks
from reportgen.sections.usage import usage_blocks
from reportgen.sections.view import View, paragraph
from reportgen.words import Say

MOST_GROUPS = 20
MOST_DRAWN = 12
UNITS = {"percentage": "%", "megabytes": "MB", "watts": "W"}
"""The last word of a system metric's name → its unit, as MLflow names them."""


def latency(say: Say) -> tuple[str, ...]:
    return (say("resources-median"), "p90", "p95", "p99")


def status_names(say: Say) -> dict[str, str]:
    return {
        "OK": "ok",
        "ERROR": "failed",
        "IN_PROGRESS": say("resources-progress"),
        "STATE_UNSPECIFIED": say("resources-state"),
        "": say("resources-status"),
    }


def resources_section(view: View) -> Section | None:
    """Left out when the store holds neither system metrics nor traces, and no group's cost can be held against another's."""
    resources, traces, costs = view.facts.resources, view.facts.traces, view.facts.costs
    blocks: list[Block] = cost_blocks(costs, view.say) if costs is not None else []
    if traces is not None:
        blocks += _requests(view, traces)
    if resources.runs:
        blocks += _machine(view, resources)
    if not blocks:
        return None
    if resources.times:
        blocks.append(_times(view, resources))
    return Section("resources", view.say("resources-resources"), tuple(blocks), view.say("resources-what-did-runs-requests"))


# --- traces ---


def _requests(view: View, traces: TraceFacts) -> list[Block]:
    whole = traces.whole
    first, last = moment(traces.first_ms), moment(traces.last_ms)
    span = view.say("resources-utc", first=clock_text(first), last=clock_text(last), zone=zone_text()) if first and last else ""
    judged = view.say("resources-further-traces-judges-made", n=traces.n_judges) if traces.n_judges else ""
    lead = view.say("resources-traced-requests-what-asked", n=whole.n, span=span, judged=judged)
    blocks: list[Block] = [paragraph(lead)]
    if whole.n == 0:
        return blocks
    blocks.append(request_tiles(whole, view.say))
    cuts = [
        ("name", view.say("resources-name-trace"), view.say("resources-name"), traces.by_name),
        ("model", view.say("resources-language-model"), view.say("resources-model"), traces.by_model),
    ]
    if len(traces.by_experiment) > 1:
        cuts.insert(0, ("experiment", "experiment", view.say("resources-experiment"), traces.by_experiment))
    for key, what, label, groups in cuts:
        if len(groups) > 1 or (groups and (key == "name" or groups[0].n != whole.n)):
            blocks += _group_tables(key, what, Column(key, label), groups, _labels(groups, view.say), view.say)
        elif groups:
            blocks.append(paragraph(view.say("resources-all-them-called", name=_name(groups[0], 80, view.say))))
    chart = _latency_chart(traces.by_name, view.say)
    if chart:
        blocks.append(chart)
    if traces.by_run:
        blocks += _run_tables(view, traces)
    return blocks


def request_tiles(whole: TraceGroup, say: Say) -> Tiles:
    tiles = [Tile(say("resources-requests"), whole.n, "integer", note=_statuses(whole, say))]
    if whole.failed is not None:
        bounds = say("resources-to", percent=percent(whole.failed.low or 0), percent_2=percent(whole.failed.high or 0))
        tone: Tone = "warning" if whole.failed.value else "neutral"
        tiles.append(
            Tile(
                say("resources-failed"),
                whole.failed.value,
                "percent",
                note=say("resources-95-interval-n", bounds=bounds, n_ended=whole.n_ended),
                tone=tone,
            )
        )
    # One row of tiles: the median and the highest of p90 and p95 that is known; the tables have them all.
    known = [
        (name, one) for name, one in zip(latency(say), whole.latency, strict=True) if one.value is not None and name != "p99"
    ]
    for name, quantile in known[:1] + known[1:][-1:]:
        slowest = (
            say("resources-slowest", duration=duration(whole.slowest)) if name != "Median" and whole.slowest is not None else ""
        )
        tiles.append(Tile(say("resources-latency", name=name), quantile.value, "duration", note=_bounds(quantile, say) + slowest))
    if whole.total_tokens.n:
        tokens = whole.total_tokens
        tiles.append(
            Tile(
                say("resources-tokens"),
                int(tokens.total),
                "integer",
                note=say("resources-request-n", number=number(tokens.mean or 0), n=tokens.n),
            )
        )
    if whole.cost.n:
        tiles.append(
            Tile(
                say("resources-cost-us"),
                whole.cost.total,
                note=say("resources-request-n", number=number(whole.cost.mean or 0), n=whole.cost.n),
            )
        )
    return Tiles(tuple(tiles))


def _statuses(group: TraceGroup, say: Say) -> str:
    names = status_names(say)
    return say("list-separator").join((f"{n:,} {names.get(status, one_line(status, 20))}" for status, n in group.statuses))


def _bounds(quantile: Quantile, say: Say) -> str:
    if quantile.interval is None:
        return say("resources-n-too-few-interval", n=quantile.n)
    return say(
        "resources-95-interval-n-2",
        duration=duration(quantile.interval.low),
        duration_2=duration(quantile.interval.high),
        n=quantile.n,
    )


def _latency(group: TraceGroup, q: float) -> Quantile:
    return group.latency[PERCENTILES.index(q)]


def _speed_columns(groups: tuple[TraceGroup, ...], say: Say) -> tuple[Column, ...]:
    return (
        Column("n", say("resources-requests"), "integer"),
        Column("failed", say("resources-column-failed-95-interval"), "percent", 1),
        *(
            column
            for name, q in zip(latency(say), PERCENTILES, strict=True)
            for column in _quantile_columns(name, q, groups, say)
        ),
        Column("slowest", say("resources-column-slowest"), "duration"),
    )


def _quantile_columns(name: str, q: float, groups: tuple[TraceGroup, ...], say: Say) -> list[Column]:
    """Those that any group has something to put into."""
    found = [_latency(group, q) for group in groups]
    columns = [Column(f"latency_p{round(q * 100)}", name, "duration")] if any(one.value is not None for one in found) else []
    return columns + (
        [Column(f"interval_p{round(q * 100)}", say("resources-column-95-interval"))] if any(one.interval for one in found) else []
    )


def _speed_cells(group: TraceGroup, groups: tuple[TraceGroup, ...], say: Say) -> tuple[Cell, ...]:
    cells = [Cell(group.n), Cell(group.failed)]
    for q in PERCENTILES:
        quantile = _latency(group, q)
        words = (
            say("resources-to-2", duration=duration(quantile.interval.low), duration_2=duration(quantile.interval.high))
            if quantile.interval
            else None
        )
        cells += [Cell(quantile.value), Cell(words)][: len(_quantile_columns("", q, groups, say))]
    return (*cells, Cell(group.slowest))


def spend_columns(say: Say) -> tuple[Column, ...]:
    return (
        Column("n_tokens", say("resources-column-requests-tokens"), "integer"),
        Column("tokens_in", say("resources-column-tokens"), "integer"),
        Column("tokens_out", say("resources-column-tokens-out"), "integer"),
        Column("tokens_mean", say("resources-column-tokens-request"), "number"),
        Column("n_cost", say("resources-column-requests-cost"), "integer"),
        Column("cost", say("resources-cost-us"), "number"),
        Column("cost_mean", say("resources-column-us-request"), "number"),
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


def _group_tables(
    key: str, what: str, first: Column, groups: tuple[TraceGroup, ...], names: tuple[Cell, ...], say: Say
) -> list[Block]:
    """How fast and how well each group answered, and, where the store knows, what it took."""
    n = len(groups)
    speed = tuple((name, *_speed_cells(group, groups, say)) for name, group in zip(names, groups, strict=True))
    columns = (first, *_speed_columns(groups, say))
    title = say("resources-latency-failures", what=what)
    tables: list[Block] = [
        Table(f"traces-by-{key}", title, columns, speed, (say("resources-speed-note"),), n, paper_rows=MOST_GROUPS, sortable=True)
    ]
    if any(group.total_tokens.n or group.cost.n for group in groups):
        spent = tuple((name, *_spend_cells(group)) for name, group in zip(names, groups, strict=True))
        title = say("resources-tokens-cost", what=what)
        columns = (first, *spend_columns(say))
        tables.append(
            Table(
                f"traces-spent-{key}",
                title,
                columns,
                spent,
                (say("resources-spend-note"),),
                n,
                paper_rows=MOST_GROUPS,
                sortable=True,
            )
        )
    return tables


def _name(group: TraceGroup, most: int, say: Say) -> str:
    return one_line(group.label, most) or say("resources-without-name")


def _labels(groups: tuple[TraceGroup, ...], say: Say) -> tuple[Cell, ...]:
    return tuple(Cell(_name(group, 60, say)) for group in groups)


def _run_tables(view: View, traces: TraceFacts) -> list[Block]:
    groups = tuple(group for _, group in traces.by_run)
    names = tuple(
        Cell(view.link(key) if key in view.facts.by_key else RunLink(group.label, group.label[:8]))
        for key, group in traces.by_run
    )
    n = sum(group.n for group in groups)
    words = view.say("resources-requests-logged-inside-run", n=n, n_2=traces.whole.n)
    return [
        paragraph(words),
        *_group_tables("run", "run", Column("run", view.say("resources-column-run"), "run"), groups, names, view.say),
    ]


def _latency_chart(groups: tuple[TraceGroup, ...], say: Say) -> Chart | None:
    """Median latency of each name with its interval; None for fewer than two names that have one."""
    drawn = [group for group in groups if _latency(group, 0.5).interval is not None][:MOST_DRAWN]
    if len(drawn) < 2:
        return None
    quantiles = [_latency(group, 0.5) for group in drawn]
    names = tuple(f"{_name(group, 40, say)} (n = {q.n:,})" for group, q in zip(drawn, quantiles, strict=True))
    medians = Trace(
        say("resources-median-95-interval"),
        tuple(q.value for q in quantiles),
        tuple(float(i) for i in range(len(drawn))),
        "points",
        marker="diamond",
        low=tuple(q.interval.low if q.interval else None for q in quantiles),
        high=tuple(q.interval.high if q.interval else None for q in quantiles),
        labels=names,
    )
    parts = [f"{_name(group, 40, say)} {duration(q.value or 0)}" for group, q in zip(drawn[:6], quantiles, strict=False)]
    left = len(groups) - len(drawn)
    return Chart(
        id="traces-latency",
        title=say("resources-median-latency-name-trace"),
        kind="intervals",
        x=Axis(say("resources-latency-2"), format="duration"),
        y=Axis("", "category", "text", names),
        alt=say("resources-median-latency-95-interval", parts=say.listed(parts)),
        traces=(medians,),
        table=_latency_table(drawn, say),
        notes=(say("resources-names-fewer-requests-drawn", left=left),) if left else (),
        height=min(700, 110 + 40 * len(drawn)),
    )


def _latency_table(groups: list[TraceGroup], say: Say) -> Table:
    durations = (("median", say("resources-median")), ("low", say("resources-low")), ("high", say("resources-high")))
    columns = (
        Column("name", say("resources-name")),
        Column("n", say("resources-column-n"), "integer"),
        *(Column(key, label, "duration") for key, label in durations),
    )
    found = [(group, _latency(group, 0.5)) for group in groups]
    rows = tuple(
        tuple(
            map(Cell, (_name(group, 60, say), q.n, q.value, *((q.interval.low, q.interval.high) if q.interval else (None, None))))
        )
        for group, q in found
    )
    return Table("traces-latency-data", say("resources-median-latency-name-trace"), columns, rows)


# --- the machine ---


def _machine(view: View, resources: Resources) -> list[Block]:
    every = view.say("resources-every", duration=duration(resources.interval)) if resources.interval else ""
    gaps = view.say("resources-gaps-more-times-interval", n=resources.n_gaps, gap=f"{GAP:g}") if resources.n_gaps else ""
    lead = view.say("resources-runs-system-metrics-sampled", n=len(resources.runs), every=every, gaps=gaps)
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
        ("gpu_mean", view.say("resources-gpu-mean"), [run.gpu_mean for run in runs]),
        ("gpu_memory_peak", view.say("resources-gpu-memory-peak"), [run.gpu_memory_peak for run in runs]),
        ("gpu_megabytes_peak", view.say("resources-gpu-memory-peak-mb"), [run.gpu_megabytes_peak for run in runs]),
        ("energy_wh", view.say("resources-gpu-energy-wh"), [run.energy_wh for run in runs]),
        ("cpu_mean", view.say("resources-cpu-mean"), [run.cpu_mean for run in runs]),
        ("memory_peak", view.say("resources-memory-peak"), [run.memory_peak for run in runs]),
    )
    shown = [(key, label, values) for key, label, values in wanted if any(value is not None for value in values)]
    columns = (
        Column("run", view.say("resources-column-run"), "run"),
        Column("duration", view.say("resources-column-duration"), "duration"),
        Column("samples", view.say("resources-column-samples"), "integer"),
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
    notes = (view.say("resources-means-weighted-time-newest"), view.say("resources-runs-other-machines-compared"))
    return Table(
        "resources-runs",
        view.say("resources-what-run-used"),
        columns,
        rows,
        notes,
        len(rows),
        paper_rows=MOST_GROUPS,
        sortable=True,
    )


def _summaries(view: View, summaries: tuple[UsageSummary, ...]) -> Table:
    columns = (
        Column("metric", view.say("resources-column-system-metric")),
        Column("unit", view.say("resources-column-unit")),
        Column("n_runs", view.say("resources-column-runs"), "integer"),
        Column("n_samples", view.say("resources-column-samples"), "integer"),
        Column("mean", view.say("resources-column-mean"), "number"),
        Column("lowest", view.say("resources-column-lowest-mean"), "number"),
        Column("highest", view.say("resources-column-highest-mean"), "number"),
        Column("p95", view.say("resources-column-highest-p95"), "number"),
        Column("peak", view.say("resources-column-peak"), "number"),
        Column("peak_run", view.say("resources-column-run-2"), "run"),
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
    note = view.say("resources-mean-runs-time-weighted")
    return Table(
        "resources-summary", view.say("resources-system-metrics-over-runs"), columns, rows, (note,), len(rows), on_paper=False
    )


def _words(metric: str) -> str:
    """ "system/gpu_0_power_usage_watts" → "gpu 0 power usage"."""
    words = one_line(metric.removeprefix("system/"), 60).split("_")
    return " ".join(words[:-1] if words[-1] in UNITS and len(words) > 1 else words)


def _unit(metric: str) -> str:
    return UNITS.get(metric.rpartition("_")[2], "")


def _flags(view: View, flags: tuple[Flag, ...]) -> Table:
    columns = (Column("run", view.say("resources-column-run"), "run"), Column("what", view.say("resources-column-what")))
    rows = tuple((Cell(view.link(flag.key)), Cell(_flag_words(flag, view.say), "warning")) for flag in flags)
    return Table("resources-flags", view.say("resources-worth-look"), columns, rows, (), len(rows), paper_rows=MOST_GROUPS)


def _flag_words(flag: Flag, say: Say) -> str:
    value = percent(flag.value / 100)
    if flag.kind == "gpu_idle":
        return say(
            "resources-average-more-under",
            words=_words(flag.metric),
            value=value,
            duration=duration(LOW_GPU_SECONDS),
            low_gpu_percent=f"{LOW_GPU_PERCENT:g}",
        )
    if flag.kind == "memory_full":
        return say("resources-peak-over", words=_words(flag.metric), value=value, full_percent=f"{FULL_PERCENT:g}")
    return say("resources-lower-last-third-first", metric=one_line(flag.metric, 60), value=value, slower=f"{SLOWER * 100:g}")


def _times(view: View, resources: Resources) -> Table:
    columns = (
        Column("experiment", view.say("resources-experiment")),
        Column("n", view.say("resources-column-finished-runs"), "integer"),
        Column("median", view.say("resources-median"), "duration"),
        Column("longest", view.say("resources-column-longest"), "duration"),
        Column("longest_run", view.say("resources-column-run-2"), "run"),
        Column("total", view.say("resources-column-all-together"), "duration"),
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
    return Table(
        "resources-times", view.say("resources-how-long-runs-took"), columns, rows, (), len(rows), paper_rows=MOST_GROUPS
    )

"""Page 1, for who reads nothing else: how many runs, the best values and their change, what needs attention."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from reportgen.analyze.changes import DAYS, BestChange, Trend, fences
from reportgen.analyze.compare.tasks import Tasks
from reportgen.analyze.health import by_run
from reportgen.analyze.metrics import Metric
from reportgen.analyze.primary import is_spent, split_rank
from reportgen.analyze.traces import TraceFacts
from reportgen.config import WindowRange
from reportgen.formats import goal_words, listed, one_line, plural, text_of
from reportgen.model import (
    Axis,
    Block,
    Cell,
    Change,
    Chart,
    Column,
    Mark,
    Notice,
    Paragraph,
    Section,
    Table,
    Tile,
    Tiles,
    Tone,
    Trace,
)
from reportgen.outcomes import GATE_WORDS, OUTCOMES
from reportgen.sections.changes import change_in_brief, headline_changes, time_before_words
from reportgen.sections.compare.tasks import verdict_over_tasks
from reportgen.sections.compare.verdicts import verdict_of
from reportgen.sections.evaluations import apart_words, unranked_words
from reportgen.sections.previous_report import fewer_runs, flip_words, flipped_badly, lost_best, lost_best_blocks, since_words
from reportgen.sections.resources import request_tiles
from reportgen.sections.view import (
    View,
    change_of,
    in_sample_words,
    milliseconds,
    paragraph,
    run_link,
    run_name,
    spans_decades,
    status_words,
    strong,
    training_words,
    unread_notice,
)
from reportgen.words.health import KINDS
from reportgen.words.quantities import change_unit, label_of, value_words

MOST_TILES = 4
"""One row on paper."""
MOST_VERDICTS = 2
MOST_NAMED = 3
"""Runs and gates that page 1 names of each kind; the others are counted."""


def overview_section(view: View) -> Section:
    title, question = "Overview", "What happened, what is best, and what needs attention?"
    traces = view.facts.traces
    if not view.facts.runs and traces is not None and traces.whole.n:
        return Section(
            "overview", title, (_requests_lead(view, traces), request_tiles(traces.whole), *_attention(view)), question
        )
    if not view.facts.runs:
        notice = Notice(
            "warning",
            "No runs",
            f"The selection holds no run ({view.window.words}).{_left_out(view)}",
            "check experiments, filter and window in the config",
        )
        return Section("overview", title, (notice, *fewer_runs(view)), question)
    changes = headline_changes(view, view.facts.weekly) if view.facts.weekly else []
    since = since_words(view)
    flips = flip_words(view)
    flipped = [paragraph(flips, tone="bad" if flipped_badly(view) else "neutral")] if flips else []
    blocks: list[Block] = [
        _lead(view),
        *unread_notice(view),
        *fewer_runs(view),
        Tiles(_tiles(view)),
        *_apart(view),
        *_news(view),
        *lost_best_blocks(view),
        *([paragraph(since)] if since else []),
        *flipped,
        *changes,
        *_untested(view),
        *_verdicts(view),
        *_attention(view),
    ]
    trend = view.facts.trend
    if trend is not None and len(trend.keys) >= 3 and len(set(trend.at)) > 1:  # runs of one moment have no order
        blocks.append(trend_chart(view, trend, view.facts.metrics[trend.metric]))
    return Section("overview", title, tuple(blocks), question, is_brief=True)


def _apart(view: View) -> list[Block]:
    """Which runs the best value leaves out, because theirs are of other data or in another unit."""
    words = unranked_words(view) or (apart_words(view, view.primary.name) if view.primary else "")
    return [paragraph(words, tone="warning")] if words else []


def _untested(view: View) -> list[Block]:
    """That nothing could be tested against the periods before, and why."""
    weekly = view.facts.weekly
    if weekly is None or weekly.n_tests or any(one.state != "little_history" for one in weekly.watched):
        return []
    n = weekly.n_alone + len({one.label for one in weekly.watched})
    return [paragraph(view.say("evaluations-untested", n=n))]


def _requests_lead(view: View, traces: TraceFacts) -> Paragraph:
    """What was read where there are requests and no run."""
    n = len(traces.by_experiment)
    where = plural(n, "experiment") if n > 1 else f"experiment {one_line(traces.by_experiment[0].label, 60)}"
    return paragraph(view.say("overview-requests", n=traces.whole.n, where=where, window=view.window.words))


def _left_out(view: View) -> str:
    """Why there is no run, from the ledger: "The store has 57: 57 outside the window"."""
    rows = [row for row in view.snapshot.ledger if row.item == "runs"]
    n_store, reasons = sum(row.n_store for row in rows), Counter[str]()
    for row in rows:
        for why, n in row.left_out:
            reasons[why] += n
    return f" The store has {n_store:,}: {listed([f'{n:,} {why}' for why, n in sorted(reasons.items())])}." if n_store else ""


def _lead(view: View) -> Paragraph:
    runs = view.facts.runs
    n_experiments = len({run.experiment_id for run in runs})
    where = (
        f"in {plural(n_experiments, 'experiment')}" if n_experiments > 1 else f"in experiment {one_line(runs[0].experiment, 60)}"
    )
    return paragraph(f"{plural(len(runs), 'run')} {where}, {view.window.words}: {status_words(runs)}.")


def _tiles(view: View) -> tuple[Tile, ...]:
    facts = view.facts
    # What was trained on, and what it cost, is no headline while anything else is there.
    # A metric that the config gives a direction was asked for.
    asked = {name for name, metric in facts.metrics.items() if metric.direction.source == "config"}
    fresh = [b for b in facts.bests if b.metric in asked or (split_rank(b.metric) < 3 and not is_spent(b.metric))] or facts.bests
    tiles = [] if unranked_words(view) else [_best_tile(view, best) for best in fresh[: MOST_TILES - 1]]
    n_finished = len(facts.finished)
    tiles.append(Tile("Runs", len(facts.active), "integer", note=f"{n_finished:,} finished"))
    return tuple(tiles)


def _best_tile(view: View, best: BestChange) -> Tile:
    metric = view.facts.metrics[best.metric]
    since = view.facts.recent.start
    change, note = None, f"{_winner(view, best)}, {goal_words(metric.goal)}"
    if best.n_folds:
        note = f"{run_name(view.run(best.key))}, mean of {best.n_folds} folds, {goal_words(metric.goal)}"
    note += training_words(view, best.metric, best.key)
    if best.chosen_by:
        chosen = label_of(view.facts.metrics[best.chosen_by])
        return Tile(
            label_of(metric),
            best.value,
            metric.format,
            metric.digits,
            None,
            f"of {run_name(view.run(best.key))}, best by {chosen}",
        )
    record = _record_before(view, best)
    if record is not None:
        change = record
    elif best.delta and since is not None:
        unit = change_unit(metric).strip()
        change = change_of(metric, best.delta, f"{unit + ', ' if unit else ''}against the best before {since:%Y-%m-%d}")
    elif best.delta == 0 and since is not None and view.facts.recent.runs:
        note += f", unchanged since {since:%Y-%m-%d}"
    return Tile(
        f"Best {label_of(metric)}{in_sample_words(view, metric.name)}", best.value, metric.format, metric.digits, change, note
    )


def _record_before(view: View, best: BestChange) -> Change | None:
    """The best value of a report that is about its window alone against the best of the runs before it; never an alarm."""
    weekly, metric = view.facts.weekly, view.facts.metrics[best.metric]
    one = next((one for one in weekly.bests if one.metric == best.metric), None) if weekly and weekly.earlier else None
    if weekly is None or one is None or one.delta is None or one.key != best.key:
        return None
    unit = change_unit(metric).strip()
    left = " that is left" if lost_best(view, metric.name) else ""
    change = change_of(metric, one.delta, f"{unit + ', ' if unit else ''}against the best {time_before_words(weekly)}{left}")
    return change if change.tone == "good" and not left else replace(change, tone="neutral")


def _news(view: View) -> list[Block]:
    """What started lately; nothing where the lead has said it, the report being about no other runs."""
    recent = view.facts.recent
    new = [view.run(key) for key in recent.runs]
    fresh = {*recent.fresh, *recent.runs}
    if not new:
        newest = f"the newest started on {text_of(recent.newest, 'date')}" if recent.newest else "no run has a start time"
        return [paragraph(f"No run started {_within(view)}; {newest}.")]
    records = [
        best
        for best in view.facts.bests
        if best.key in fresh and best.delta and not best.chosen_by and not lost_best(view, best.metric)
    ]
    said = f"{plural(len(new), 'run')} started {_within(view)} ({status_words(new)})."
    if not recent.n_before:
        all_of_them = len(new) == len(view.facts.runs)
        return [] if recent.is_window else [paragraph(f"All of them started {_within(view)}." if all_of_them else said)]
    if not records:
        return [paragraph(f"{said} None of them is a new best.")]
    words = [f"{label_of(view.facts.metrics[b.metric])} {value_words(view.facts.metrics[b.metric], b.value)}" for b in records]
    return [paragraph(f"{said} New best: {'; '.join(words)}.")]


def _within(view: View) -> str:
    """ "in the 7 days to 2026-11-20", "from 2026-10-26 to 2026-11-01"."""
    if not view.facts.recent.is_window:
        return f"in the {DAYS} days to {view.now:%Y-%m-%d}"
    has_dates = isinstance(view.report.window, WindowRange)
    return view.window.words if has_dates else f"in the {view.window.words}"


def _verdicts(view: View) -> list[Block]:
    """The sentence of each verdict on the primary metric; the section on the comparison has the numbers."""
    comparison = view.facts.comparison
    if comparison is None or not comparison.metrics:
        return []
    compared = comparison.metrics[0]
    metric = view.facts.metrics[compared.metric]
    if view.facts.tasks is not None and all(one.reason in ("sweep", "tasks") for one in compared.differences):
        return _over_tasks(view.facts.tasks, metric)
    blocks: list[Block] = []
    for difference in compared.differences[:MOST_VERDICTS]:
        verdict = verdict_of(comparison, compared, difference, metric)
        caveat = f" But: {' '.join(verdict.caveats[:2])}" if verdict.caveats else ""
        blocks.append(
            paragraph(strong(f"{OUTCOMES[verdict.outcome].phrase.capitalize()}. "), verdict.sentence + caveat, tone=verdict.tone)
        )
    left = len(compared.differences) - MOST_VERDICTS
    return [*blocks, *([paragraph(f"{plural(left, 'further group')} in the comparison.")] if left > 0 else [])]


def _over_tasks(tasks: Tasks, metric: Metric) -> list[Block]:
    """Groups that hold a configuration for each task are judged over tasks, not run by run."""
    blocks: list[Block] = []
    for pair in tasks.pairs[:MOST_VERDICTS]:
        verdict = verdict_over_tasks(tasks, pair, metric)
        caveat = f" But: {' '.join(verdict.caveats[:2])}" if verdict.caveats else ""
        word = OUTCOMES[verdict.outcome].phrase.capitalize() if verdict.outcome != "too_few" else "Too few tasks"
        blocks.append(paragraph(strong(f"{word}. "), verdict.sentence + caveat, tone=verdict.tone))
    left = len(tasks.pairs) - MOST_VERDICTS
    return [*blocks, *([paragraph(f"{plural(left, 'further pair')} over tasks.")] if left > 0 else [])]


def _attention(view: View) -> list[Block]:
    """What a lead should ask about, by name, as a short list; one sentence when there is nothing."""
    health = view.facts.health
    rows = attention_rows(view)
    gaps = [problem for problem in view.problems if problem.severity == "gap"]
    if gaps:
        where = _named(list(dict.fromkeys(one_line(problem.where, 60) for problem in gaps)))
        rows.append(("Gaps in this report, listed at its end", len(gaps), where, "bad"))
    if not rows:
        if not view.facts.runs:
            return [paragraph(view.say("overview-no-request-failed"), tone="good")]
        return [_quiet(view)]
    columns = (Column("what", "What"), Column("n", "Count", "integer"), Column("which", "Which"))
    cells = tuple((Cell(what), Cell(n, tone), Cell(which)) for what, n, which, tone in rows)
    share = health.failed_share
    bounds = f"{text_of(share.low, 'percent')} to {text_of(share.high, 'percent')}" if share and share.value else ""
    k = round(share.value * health.n_ended) if share else 0
    notes = (f"Failed or killed: {k:,} of {health.n_ended:,} runs that ended (95 % interval {bounds}).",) if bounds else ()
    return [Table("attention", "Needs attention", columns, cells, notes)]


def _quiet(view: View) -> Paragraph:
    """What was looked for and not found; a tick only where something was measured and no remark stands in a section."""
    facts = view.facts
    if not facts.finished:
        return paragraph("No run has finished, so nothing is ranked or compared.", tone="warning")
    said = "No run failed, hangs or diverged, and all data were read."
    n_remarks = len({one.key for one in facts.health.concerns})
    remarks = (
        [f"{plural(n_remarks, 'run has', 'runs have')} a smaller remark, listed with the health of the runs"] if n_remarks else []
    )
    remarks += [f"{plural(len(view.problems), 'problem is', 'problems are')} listed at the end"] if view.problems else []
    if facts.leaderboard is None or facts.leaderboard.best is None:
        remarks.append("nothing is ranked")
    if not remarks:
        return paragraph(said, tone="good")
    words = "; ".join(remarks)
    return paragraph(f"{said} {words[0].upper()}{words[1:]}.")


def _winner(view: View, best: BestChange) -> str:
    """The run's name, or how many runs have the value: no one of them is the best."""
    return run_name(view.run(best.key)) if best.n_tied < 2 else f"{best.n_tied:,} runs tie"


_Row = tuple[str, int, str, Tone]
"""What, how many, which of them, how grave."""


def attention_rows(view: View) -> list[_Row]:
    """What got worse, which gates did not pass, and what is the matter with runs."""
    return _alarm_rows(view) + _gate_rows(view) + _health_rows(view) + _request_rows(view)


def _alarm_rows(view: View) -> list[_Row]:
    alarms = view.facts.weekly.alarms if view.facts.weekly else ()
    return [("Got worse", len(alarms), _named([change_in_brief(view, one) for one in alarms]), "bad")] if alarms else []


def _gate_rows(view: View) -> list[_Row]:
    failed = [gate for gate in view.gates if gate.state != "PASS" and not gate.is_waived]
    words = [f"{one_line(gate.name, 80)}{'' if gate.state == 'FAIL' else f' ({GATE_WORDS[gate.state]})'}" for gate in failed]
    tone: Tone = "warning" if all(gate.warns for gate in failed) else "bad"
    rows: list[_Row] = [("Gates not passed", len(failed), _named(words), tone)] if failed else []
    waived = [
        view.say("gates-waived-one", name=one_line(gate.name, 80), until=gate.waiver.until, owner=gate.waiver.owner)
        for gate in view.gates
        if gate.waiver and gate.is_waived
    ]
    if waived:
        rows.append((view.say("gates-waived-row"), len(waived), _named(waived), "warning"))
    return rows


def _request_rows(view: View) -> list[_Row]:
    """Requests that failed, with their share of those that ended, by name of the trace."""
    traces, say = view.facts.traces, view.say
    if traces is None or traces.whole.failed is None or not traces.whole.n_failed:
        return []
    whole = traces.whole
    share = say(
        "overview-failed-requests",
        n=whole.n_ended,
        share=text_of(traces.whole.failed.value, "percent"),
        names=_named(
            [
                f"{one_line(group.label, 40) or say('overview-no-name')}: {group.n_failed:,}"
                for group in traces.by_name
                if group.n_failed
            ]
        ),
    )
    return [(say("overview-requests-failed"), whole.n_failed, share, "warning")]


def _health_rows(view: View) -> list[_Row]:
    """Runs by what is the matter with them, in the order of ``KINDS``."""
    names: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for key, concerns in by_run(view.facts.health.concerns).items():
        for kind in dict.fromkeys(one.kind for one in concerns if one.grave):
            names[kind].append(run_name(view.run(key)))
    return [
        (KINDS[kind][0].upper() + KINDS[kind][1:], len(found), _named(found), "warning") for kind, found in names.items() if found
    ]


def _named(names: Sequence[str]) -> str:
    """The first few: "a; b; c; and 4 more"."""
    more = len(names) - MOST_NAMED
    return "; ".join(names[:MOST_NAMED]) + (f"; and {more:,} more" if more > 0 else "")


def _course_words(view: View, trend: Trend, metric: Metric) -> str:
    """How the best value moved; from the best before the period, where the report is about a period alone."""
    label = label_of(metric)
    now, first = value_words(metric, trend.best_so_far[-1]), value_words(metric, trend.best_so_far[0])
    if trend.before is not None and view.facts.weekly is not None:
        there = f"the best {label} {time_before_words(view.facts.weekly)} was {value_words(metric, trend.before)}"
        return f"{there}, that of these runs is {value_words(metric, trend.best)}"
    return f"the best {label} is {now}" if first == now else f"the best {label} went from {first} to {now}"


def trend_chart(view: View, trend: Trend, metric: Metric) -> Chart:
    """Every finished run as a point over calendar time, and the best so far as a step line."""
    label = label_of(metric)
    x = tuple(milliseconds(at) for at in trend.at)
    runs = tuple(trend.earlier.get(key) or view.run(key) for key in trend.keys)
    names = tuple(run_name(run) for run in runs)
    kind: Literal["log", "linear"] = "log" if spans_decades(trend.values) else "linear"
    shown = fences(trend.values, [one for one in (trend.best, trend.before) if one is not None]) if kind == "linear" else None
    low, high = shown or (-math.inf, math.inf)
    inside = tuple(value if low <= value <= high else None for value in trend.values)
    old = tuple(value if key in trend.earlier else None for key, value in zip(trend.keys, inside, strict=True))
    own = tuple(None if key in trend.earlier else value for key, value in zip(trend.keys, inside, strict=True))
    traces = [Trace("Finished run", x, own, "points", color=0, labels=names, opacity=0.75)]
    if trend.earlier:
        before = Trace("Before this period", x, old, "points", color=0, labels=names, opacity=0.35)
        traces = [before, replace(traces[0], name="Finished run of this period")]
    if shown:
        below = tuple(low if value < low else None for value in trend.values)
        above = tuple(high if value > high else None for value in trend.values)
        up = Trace("Above this range", x, above, "points", color=0, marker="triangle", labels=names, tone="warning")
        down = Trace("Below this range", x, below, "points", color=0, marker="triangle-down", labels=names, tone="warning")
        traces += [trace for trace in (up, down) if any(value is not None for value in trace.y)]
    alt = f"{plural(len(x), 'finished run')} from {trend.at[0]:%Y-%m-%d} to {trend.at[-1]:%Y-%m-%d}"
    if trend.earlier:
        alt += f", {len(trend.earlier):,} of them from before this period"
    if trend.best_so_far:
        traces.append(Trace("Best so far", x, trend.best_so_far, "steps", color=1))
        alt += f"; {_course_words(view, trend, metric)}"
    columns = (
        Column("at", "Ended", "time"),
        Column("run", "Run", "run"),
        Column("value", label, metric.format, metric.digits, metric.goal),
        *((Column("best", "Best so far", metric.format, metric.digits),) if trend.best_so_far else ()),
    )
    rows = tuple(
        (Cell(at), Cell(run_link(run, view.run_url)), Cell(value), *((Cell(trend.best_so_far[i]),) if trend.best_so_far else ()))
        for i, (at, run, value) in enumerate(zip(trend.at, runs, trend.values, strict=True))
    )
    notes = [f"{plural(trend.n_undated, 'run')} without a time not shown."] if trend.n_undated else []
    if trend.n_impossible:
        notes.append(view.say("overview-impossible-times", n=trend.n_impossible))
    if shown:
        outside = [f"{n} {value_words(metric, v)}" for n, v in zip(names, trend.values, strict=True) if not low <= v <= high]
        notes.append(f"Outside the range of the chart, drawn at its edge: {listed(outside, 4)}.")
    return Chart(
        id="trend",
        title=f"{label} over time",
        kind="points",
        x=Axis("Run ended", "time", "date"),
        y=Axis(f"{label} ({goal_words(metric.goal)})", kind, metric.format),
        alt=f"{alt}.",
        traces=tuple(traces),
        marks=(Mark("x", milliseconds(trend.start), "this period"),) if trend.start is not None and trend.earlier else (),
        table=Table("trend-data", f"{label} over time", columns, rows, n_total=len(rows), paper_rows=30, sortable=True),
        notes=tuple(notes),
        height=220,
    )

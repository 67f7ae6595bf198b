"""What is new since the period before: new bests, lost and failed runs, and which configurations got worse or better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from reportgen.analyze.metrics import Metric
from reportgen.analyze.primary import is_held_out
from reportgen.analyze.regressions import MOST_SERIES, Watched
from reportgen.analyze.runs import Run, RunKey
from reportgen.analyze.weekly import Period, Weekly
from reportgen.formats import goal_words, listed, one_line, plural, text_of
from reportgen.model import Axis, Block, Cell, Chart, Column, Mark, RunLink, Section, Table, Tone, Trace
from reportgen.sections.previous_report import lost_best, lost_words, previous_report_blocks
from reportgen.sections.view import View, milliseconds, paragraph, run_link, run_name, shown_value, spans_decades, strong, tone_of
from reportgen.words import MessageId
from reportgen.words.compare.terms import kinds_words
from reportgen.words.periods import before_words, both_words, luck_words
from reportgen.words.quantities import change_format, change_range, change_words, digits_with, label_of, value_words

MOST_SENTENCES = 5
MOST_MISSED = 8
STATE_WORDS = {
    "worse": "worse",
    "better": "better",
    "changed": "changed by less than the margin",
    "steady": "no change shown",
    "untested": "no variation, not tested",
    "little_history": "too little history",
    "too_large": "values too large to compute with",
}
_STATE_TONES: dict[str, Tone] = {"worse": "bad", "better": "good", "little_history": "muted", "too_large": "muted"}


def changes_section(view: View) -> Section | None:
    weekly, since = view.facts.weekly, view.facts.previous_report
    question = "What changed since the period before, and did anything get worse?"
    if weekly is None:
        return Section("changes", "What is new", previous_report_blocks(view, since), question) if since else None
    blocks: list[Block] = [
        *(previous_report_blocks(view, since) if since else ()),
        *new_experiment_blocks(view, weekly),
        _counts(view, weekly),
        *_sentences(view, weekly),
        *_bests(view, weekly),
        *_params(view, weekly),
    ]
    if weekly.watched:
        blocks.append(_table(view, weekly))
        chart = _chart(view, weekly)
        blocks += [chart] if chart else []
    else:
        blocks.append(paragraph(_untested(weekly)))
    return Section("changes", "What is new", tuple(blocks), question)


def new_experiment_blocks(view: View, weekly: Weekly) -> list[Block]:
    """Experiments that ran for the first time, by name."""
    new = weekly.new_experiments
    if not new:
        return []
    if len(new) == 1:
        words = view.say("changes-new-experiment", name=one_line(new[0][0], 60), n=new[0][1])
    else:
        names = view.say.listed([f"{one_line(name, 60)} ({plural(n, 'run')})" for name, n in new], MOST_MISSED)
        words = view.say("changes-new-experiments", names=names)
    return [paragraph(strong("New experiment. " if len(new) == 1 else "New experiments. "), words)]


def run_known(view: View, key: RunKey) -> Run:
    weekly = view.facts.weekly
    if weekly is not None and key in weekly.earlier and key not in view.facts.by_key:
        return weekly.earlier[key]
    return view.facts.by_key[key]


def _link(view: View, key: RunKey) -> RunLink:
    return run_link(run_known(view, key), view.run_url)


# --- counts ------------------------------------------------------------------------------------------------------------


def _days(period: Period) -> str:
    last = period.end - timedelta(milliseconds=1)
    return f"{period.start:%Y-%m-%d} to {last:%Y-%m-%d}" if last.date() > period.start.date() else f"{period.start:%Y-%m-%d}"


def _counts(view: View, weekly: Weekly) -> Table:
    now, previous = weekly.now, weekly.previous
    columns = (Column("what", "Runs"), Column("now", _days(now), "integer"), Column("before", _days(previous), "integer"))
    rows = [
        ("Started", len(now.runs), len(previous.runs)),
        ("Finished", now.n_finished, previous.n_finished),
        ("Failed or killed", now.n_failed, previous.n_failed),
        ("Not over", now.n_other, previous.n_other),
    ]
    shown = [row for row in rows if row[0] != "Not over" or any(row[1:])]
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (Cell(what), Cell(a, "warning" if what == "Failed or killed" and a > b else "neutral"), Cell(b)) for what, a, b in shown
    )
    if weekly.fresh:
        cells = (*cells, (Cell(view.say("changes-fresh")), Cell(len(weekly.fresh)), Cell(None)))
    notes = [f"{plural(weekly.n_earlier, 'run')} started before this period{_known(weekly)}."]
    if weekly.n_alone:
        notes.append(f"{plural(weekly.n_alone, 'configuration')} of this period never ran before.")
    if weekly.missed:
        told = [f"{one_line(label, 60)} (last {at:%Y-%m-%d})" for label, at in weekly.missed[:MOST_MISSED]]
        more = len(weekly.missed) - len(told)
        notes.append(
            f"Ran in both periods before and not in this one: {'; '.join(told)}{f'; and {more:,} more' if more else ''}."
        )
    return Table("changes-runs", "Runs of this period and the one before", columns, cells, tuple(notes))


def _known(weekly: Weekly) -> str:
    if weekly.known_from is None:
        return ""
    return (
        f", counted from {weekly.known_from:%Y-%m-%d} on; they are compared with here and are in no other part of this report. "
        "Older runs are not read"
    )


def time_before_words(weekly: Weekly) -> str:
    """How far "before" reaches: "before" is all time, "before (since 2026-07-26)" is what was read."""
    return f"before{_reach(weekly)}"


def _reach(weekly: Weekly) -> str:
    return "" if weekly.known_from is None else f" (since {weekly.known_from:%Y-%m-%d})"


# --- words -------------------------------------------------------------------------------------------------------------


def _sentences(view: View, weekly: Weekly) -> list[Block]:
    alarms, better = weekly.alarms, [one for one in weekly.watched if one.state == "better"]
    blocks: list[Block] = [paragraph(strong("Worse. "), sentence_of(view, one), tone="bad") for one in alarms[:MOST_SENTENCES]]
    blocks += [
        paragraph(strong("Better. "), sentence_of(view, one), tone="good") for one in better[: MOST_SENTENCES - len(blocks)]
    ]
    return [paragraph(_quiet(view, weekly))] if not blocks and weekly.n_tests else blocks


def _quiet(view: View, weekly: Weekly) -> str:
    """That nothing got worse or better, what would have been found, and what changed by less than the declared margin."""
    small = [one for one in weekly.watched if one.state == "changed"]
    if small:
        names = view.say.listed([f"{_whose(view, one)}, {moved_by(view, one)}" for one in small], 3)
        return view.say("changes-quiet-but-small", tests=weekly.n_tests, n=len(small), names=names)
    first = [one for one in weekly.watched if one.seen_from is not None and one.metric == weekly.watched[0].metric]
    first = first or [one for one in weekly.watched if one.seen_from is not None]
    quiet = view.say("changes-quiet", tests=weekly.n_tests)
    return f"{quiet} {_would_be_found(view, [one for one in first if one.metric == first[0].metric])}" if first else quiet


def _would_be_found(view: View, rows: Sequence[Watched]) -> str:
    metric = view.facts.metrics[rows[0].metric]
    sizes = sorted(one.seen_from for one in rows if one.seen_from is not None)
    least, most = (_size_words(metric, size) for size in (sizes[0], sizes[-1]))
    if least == most:
        return view.say("changes-would-be-found", metric=label_of(metric), size=least)
    return view.say("changes-would-be-found-from-to", metric=label_of(metric), least=least, most=most)


def _size_words(metric: Metric, size: float) -> str:
    """Two significant digits: it is an estimate of what could be seen."""
    shown = size * (100 if metric.format == "percent" else 1)
    return change_words(metric, size, max(0, 1 - math.floor(math.log10(shown))) if shown else None).lstrip("+")


def moved_by(view: View, one: Watched) -> str:
    metric = view.facts.metrics[one.metric]
    return relative_words(one) or change_words(metric, one.change, digits_with(metric, [one.change]))


def _whose(view: View, one: Watched) -> str:
    return f"{label_of(view.facts.metrics[one.metric])} of {one_line(one.label, 60)}"


def change_in_brief(view: View, one: Watched) -> str:
    """ "NDCG of two-tower −4.2 %"; the change itself where there is no share of it."""
    return f"{_whose(view, one)} {moved_by(view, one)}"


def relative_words(one: Watched) -> str:
    """The change as a share of the value before; empty where there is none."""
    return "" if one.relative is None else text_of(one.relative, "percent_change", _relative_digits(one))


def _relative_digits(one: Watched) -> int:
    """One decimal, or as many as show that there is a change."""
    size = abs(one.relative or 0.0)
    return next((n for n in range(1, 4) if round(size, n + 2)), 1)


def sentence_of(view: View, one: Watched) -> str:
    """What changed, from the numbers beside it, and the rule by which it is said."""
    metric = view.facts.metrics[one.metric]
    digits = digits_with(metric, [one.change, *_widths(one)])
    moved = f"{_whose(view, one)} went from {value_words(metric, one.baseline, digits)} to "
    moved += f"{value_words(metric, one.now, digits)} ({change_words(metric, one.change, digits)})"
    if one.window > 1:
        moved += f" over the last {one.window} periods with runs of it"
    if one.is_partial:
        pairs = plural(one.n_pairs, "pair")
        moved += (
            f" in the {pairs} by {kinds_words(one.paired)} that ran in both periods; all runs: {_of_all(metric, one, digits)}"
        )
    caveats = [" The history leans on itself, so the interval is too narrow."] if one.autocorrelated else []
    caveats += [" The runs now logged other data sets than those before."] if one.data_differ else []
    return f"{moved}; {_why(metric, one, digits)}.{''.join(caveats)}{luck_words(one)}"


def _of_all(metric: Metric, one: Watched, digits: int) -> str:
    """ "20.83 (n = 5) before, 24.75 (n = 3) now": the means of all runs, with a partner or without."""
    before = f"{value_words(metric, one.mean_before, digits)} (n = {len(one.history):,})"
    now = f"{value_words(metric, one.mean_now, digits)} (n = {len(one.values):,})"
    return f"{before} before, {now} now"


def _why(metric: Metric, one: Watched, digits: int) -> str:
    match one.rung:
        case "prediction_interval":
            expected = f"{value_words(metric, one.low, digits)} to {value_words(metric, one.high, digits)}"
            return f"expected was {expected} (99 % prediction interval of {before_words(one)}; it takes values to be spread normally)"
        case "little_history":
            return f"{plural(len(one.history), 'earlier run')} are too few to judge it"
        case "too_large":
            return "its values are too large to compute with"
        case "comparison" | "level_shift":
            p = "p < 0.001" if one.p is not None and one.p < 0.001 else f"p = {text_of(one.p, 'p')}"
            if one.is_exact:
                return f"no run varies from {before_words(one)}, so the change is exact and not tested"
            sides = both_words(one)
            within = "within each" if one.rung == "level_shift" else "paired by"
            pairs = f", {within} {kinds_words(one.paired)}" if one.paired and not one.is_partial else ""
            adjusted = f" after Holm over {one.n_family:,} comparisons" if one.n_family > 1 else ""
            interval = f"95 % interval of the change{' (not adjusted)' if adjusted else ''} {change_range(metric, one.low, one.high, digits)}"
            return f"{interval}, {sides}{pairs}, {p}{adjusted}"


def _widths(one: Watched) -> list[float | None]:
    return [None if one.low is None or one.high is None else (one.high - one.low) / 2]


def _untested(weekly: Weekly) -> str:
    why = "no configuration ran both in this period and before it" if weekly.n_alone else "no metric with a direction was logged"
    return f"Nothing is tested: {why}."


# --- bests -------------------------------------------------------------------------------------------------------------


def _bests(view: View, weekly: Weekly) -> list[Block]:
    if not weekly.bests:
        return []
    since = weekly.known_from
    columns = (
        Column("metric", "Metric"),
        Column("now", "This period", "number"),
        Column("run", "Run", "run"),
        Column("previous", "Period before", "number"),
        Column("record", "Any time before" if since is None else f"Before, from {since:%Y-%m-%d} on", "number"),
        Column("delta", "This period against that", "change"),
        Column("new", "New best" if since is None else "Best since then"),
    )
    rows = []
    left_out: list[str] = []
    primary = view.facts.primary.name if view.facts.primary else None
    told = [best for best in weekly.bests if not is_held_out(best.metric, primary)]
    for best in told:
        metric = view.facts.metrics[best.metric]
        digits = digits_with(metric, [best.delta])
        lost = lost_best(view, best.metric)
        left_out += [lost_words(view, lost, MessageId("changes-lost-best-note"))] if lost else []
        is_new = lost is None and (best.record is None or metric.better(best.value, best.record))
        rows.append(
            (
                Cell(f"{label_of(metric)} {goal_words(metric.goal)[0]}"),
                Cell(best.value, format=metric.format, digits=digits),
                Cell(_link(view, best.key)),
                Cell(best.previous, format=metric.format, digits=digits),
                Cell(best.record, format=metric.format, digits=digits),
                # A best below an old best is no alarm: it is not tested, and fewer runs have a lower best.
                Cell(best.delta, "good" if is_new and best.delta else "neutral", format=change_format(metric), digits=digits),
                Cell("yes" if is_new else "no", "good" if is_new and best.record is not None else "neutral"),
            )
        )
    notes = (
        []
        if since is None
        else [f"Runs that started before {since:%Y-%m-%d} are not read: what is best since then need not be best of all time."]
    )
    notes += left_out
    notes += ["The best of many runs is better than a re-run of it would be; no test is made of bests."]
    held_out = [label_of(view.facts.metrics[best.metric]) for best in weekly.bests if best not in told]
    if held_out:
        notes.append(
            f"{listed(held_out)}: not here, since runs are chosen on validation and the best of a test set would be chosen on it."
        )
    return [Table("changes-bests", "Best values", columns, tuple(rows), method=tuple(notes))]


def _params(view: View, weekly: Weekly) -> list[Block]:
    if not weekly.changed_params:
        return []
    best = weekly.bests[0]
    assert best.record_key is not None
    columns = (
        Column("param", "Parameter", "code"),
        Column("before", f"Best before ({run_name(run_known(view, best.record_key))})", "code"),
        Column("now", f"Best now ({run_name(run_known(view, best.key))})", "code"),
    )
    rows = tuple(
        (Cell(one_line(name, 60)), Cell(shown_value(name, old)), Cell(shown_value(name, new)))
        for name, old, new in weekly.changed_params
    )
    title = f"What the new best {label_of(view.facts.metrics[best.metric])} did differently"
    return [Table("changes-params", title, columns, rows, n_total=len(rows), paper_rows=15)]


# --- the ladder --------------------------------------------------------------------------------------------------------


def _table(view: View, weekly: Weekly) -> Table:
    columns = (
        Column("metric", "Metric"),
        Column("configuration", "Configuration"),
        Column("state", "Finding"),
        Column("baseline", "Before", "number"),
        Column("now", "Now", "number"),
        Column("change", "Change", "change"),
        Column("relative", "Relative", "percent_change", 1),
        Column("p", "p", "p"),
        Column("detectable", "Detectable change"),
        Column("rung", "Judged by"),
    )
    rows = tuple(_row(view, one) for one in weekly.watched)
    return Table(
        "changes-watched",
        "Each configuration that ran before",
        columns,
        rows,
        (),
        len(rows),
        25,
        sortable=True,
        method=_notes(view, weekly),
    )


def _row(view: View, one: Watched) -> tuple[Cell, ...]:
    metric = view.facts.metrics[one.metric]
    digits = digits_with(metric, [one.change, *_widths(one)])
    of_before = of_now = ""
    if one.is_partial:
        of_before = f"all: {value_words(metric, one.mean_before, digits)}"
        of_now = f"all: {value_words(metric, one.mean_now, digits)}"
    elif one.window > 1:
        of_now = f"last {one.window} periods; now: {value_words(metric, one.mean_now, digits)}"
    return (
        Cell(f"{label_of(metric)} {goal_words(metric.goal)[0]}"),
        Cell(one_line(one.label, 80)),
        Cell(STATE_WORDS[one.state], _STATE_TONES.get(one.state, "neutral")),
        Cell(one.baseline, format=metric.format, digits=digits, note=of_before),
        Cell(one.now, format=metric.format, digits=digits, note=of_now),
        Cell(
            one.change,
            tone_of(metric, one.change) if one.state in ("worse", "better") else "neutral",
            format=change_format(metric),
            digits=digits,
        ),
        Cell(one.relative, digits=_relative_digits(one)),
        Cell(one.p, note="Holm" if one.p is not None and one.n_family > 1 else ""),
        Cell(None if one.seen_from is None else f"± {_size_words(metric, one.seen_from)}"),
        Cell(_judged_by(one)),
    )


def _judged_by(one: Watched) -> str:
    n_now, n_before = (f"{n:,}" for n in (one.n_now, one.n_before))
    unit = "periods" if one.period_means else "runs"
    match one.rung:
        case "prediction_interval":
            return f"prediction from {n_before} {unit}"
        case "little_history" | "too_large":
            return plural(len(one.history), "earlier run")
        case "comparison" | "level_shift":
            if one.is_partial:
                return f"{plural(one.n_pairs, 'pair')}, of {len(one.values)} and {len(one.history)} runs"
            if one.is_exact:
                return f"exact change against {n_before} {unit}"
            return f"{n_now} against {n_before} {unit}{'' if not one.paired else ', within seeds' if one.rung == 'level_shift' else ', paired'}"


def _notes(view: View, weekly: Weekly) -> tuple[str, ...]:
    notes = [view.say("changes-rule")]
    if any(one.seen_from is not None for one in weekly.watched):
        notes.append(view.say("changes-detectable"))
    margins = [
        f"{label_of(metric)} {value_words(metric, margin, digits_with(metric, [margin]))}"
        for name, margin in sorted(weekly.margins.items())
        if (metric := view.facts.metrics.get(name)) is not None and any(one.metric == name for one in weekly.watched)
    ]
    if margins:
        notes.append(view.say("changes-margins", margins=view.say.listed(margins, 3)))
    if weekly.n_tests and any(one.is_luck_unknown for one in weekly.watched):
        notes.append(view.say("changes-expected-unknown", tests=weekly.n_tests))
    elif weekly.n_tests:
        expected = text_of(weekly.expected_false_alarms, "number", 2)
        notes.append(view.say("changes-expected", tests=weekly.n_tests, expected=expected))
    if any(one.is_partial for one in weekly.watched):
        notes.append(
            "Where only some runs have a partner with the same seed in the other period, before, now and the change are those of the pairs; the "
            "means of all runs stand beside them (all)."
        )
    few = sum(one.state == "little_history" for one in weekly.watched)
    if few:
        notes.append(view.say("changes-little-history", n=few))
    if weekly.n_untold:
        notes.append(f"The {MOST_SERIES} configurations with most runs are judged; {weekly.n_untold:,} more are not.")
    if weekly.unknown_rules:
        names = listed([one_line(name, 40) for name in weekly.unknown_rules])
        notes.append(
            f"{names}: its value needs the history of a run, which is not read of runs before the window, so it is not compared."
        )
    return tuple(notes)


def _chart(view: View, weekly: Weekly) -> Chart | None:
    """Every run of the configuration whose row comes first, over calendar time."""
    one = next((row for row in weekly.watched if len(row.history) + len(row.values) >= 4), None)
    if one is None:
        return None
    metric = view.facts.metrics[one.metric]
    label = f"{label_of(metric)} of {one_line(one.label, 60)}"
    values = (*one.history, *one.values)
    kind: Literal["log", "linear"] = "log" if spans_decades(values) else "linear"
    traces = (
        _points("Before this period", one.history_at, one.history, 0),
        _points("This period", one.at, one.values, 1, marker="diamond"),
    )
    tone: Tone = _STATE_TONES.get(one.state, "neutral")
    marks = [Mark("x", milliseconds(weekly.now.start), "this period")]
    if one.rung == "prediction_interval" and one.low is not None and one.high is not None:
        marks += [Mark("y", one.low, "expected from"), Mark("y", one.high, "expected to")]
    elif one.rung not in ("little_history", "too_large"):
        marks.append(Mark("y", one.baseline, "level before", tone if tone == "muted" else "neutral"))
    at = (*one.history_at, *one.at)
    columns = (
        Column("at", "Started", "time"),
        Column("value", label_of(metric), metric.format, metric.digits, metric.goal),
        Column("period", "Period"),
    )
    n_before = len(one.history)
    rows = tuple(
        (Cell(when), Cell(value), Cell("before" if i < n_before else "this period"))
        for i, (when, value) in enumerate(zip(at, values, strict=True))
    )
    alt = f"{plural(n_before, 'earlier run')} and {plural(len(one.values), 'run')} of this period; the finding: {STATE_WORDS[one.state]}."
    return Chart(
        id="changes-trend",
        title=f"{label} over time",
        kind="points",
        x=Axis("Run started", "time", "date"),
        y=Axis(f"{label_of(metric)} ({goal_words(metric.goal)})", kind, metric.format),
        alt=alt,
        traces=traces,
        marks=tuple(marks),
        table=Table("changes-trend-data", f"{label} over time", columns, rows, n_total=len(rows), paper_rows=30, sortable=True),
        height=240,
    )


def _points(
    name: str, at: tuple[datetime, ...], values: tuple[float, ...], color: int, marker: Literal["circle", "diamond"] = "circle"
) -> Trace:
    return Trace(name, tuple(milliseconds(one) for one in at), values, "points", color=color, marker=marker)

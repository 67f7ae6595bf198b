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
from reportgen.formats import goal_arrow, one_line, text_of
from reportgen.model import Axis, Block, Cell, Chart, Column, Mark, RunLink, Section, Table, Tone, Trace
from reportgen.sections.previous_report import lost_best, lost_words, previous_report_blocks
from reportgen.sections.view import View, milliseconds, paragraph, run_link, run_name, shown_value, spans_decades, strong, tone_of
from reportgen.words import MessageId, Say
from reportgen.words.compare.terms import kinds_words
from reportgen.words.periods import before_words, both_words, luck_words
from reportgen.words.quantities import change_format, change_range, change_words, digits_with, label_of, value_words

MOST_SENTENCES = 5
MOST_MISSED = 8

_STATE_TONES: dict[str, Tone] = {"worse": "bad", "better": "good", "little_history": "muted", "too_large": "muted"}


def changes_section(view: View) -> Section | None:
    weekly, since = view.facts.weekly, view.facts.previous_report
    question = view.say("changes-what-changed-since-period")
    if weekly is None:
        return Section("changes", view.say("changes-what-new"), previous_report_blocks(view, since), question) if since else None
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
        blocks.append(paragraph(_untested(weekly, view.say)))
    return Section("changes", view.say("changes-what-new"), tuple(blocks), question)


def new_experiment_blocks(view: View, weekly: Weekly) -> list[Block]:
    """Experiments that ran for the first time, by name."""
    new = weekly.new_experiments
    if not new:
        return []
    if len(new) == 1:
        words = view.say("changes-new-experiment", name=one_line(new[0][0], 60), n=new[0][1])
    else:
        names = view.say.listed([f"{one_line(name, 60)} ({view.say('changes-n-runs', n=n)})" for name, n in new], MOST_MISSED)
        words = view.say("changes-new-experiments", names=names)
    return [
        paragraph(strong(view.say("changes-new-experiment-2") if len(new) == 1 else view.say("changes-new-experiments-2")), words)
    ]


def run_known(view: View, key: RunKey) -> Run:
    weekly = view.facts.weekly
    if weekly is not None and key in weekly.earlier and key not in view.facts.by_key:
        return weekly.earlier[key]
    return view.facts.by_key[key]


def _link(view: View, key: RunKey) -> RunLink:
    return run_link(run_known(view, key), view.run_url)


# --- counts ------------------------------------------------------------------------------------------------------------


def _days(period: Period, say: Say) -> str:
    last = period.end - timedelta(milliseconds=1)
    return (
        say("changes-to", start=text_of(period.start, "date"), last=text_of(last, "date"))
        if last.date() > period.start.date()
        else text_of(period.start, "date")
    )


def _counts(view: View, weekly: Weekly) -> Table:
    now, previous = weekly.now, weekly.previous
    columns = (
        Column("what", view.say("changes-column-runs")),
        Column("now", _days(now, view.say), "integer"),
        Column("before", _days(previous, view.say), "integer"),
    )
    rows = [
        (view.say("changes-started"), len(now.runs), len(previous.runs), False),
        (view.say("changes-finished"), now.n_finished, previous.n_finished, False),
        (view.say("changes-failed-killed"), now.n_failed, previous.n_failed, True),
    ]
    if now.n_other or previous.n_other:
        rows.append((view.say("changes-over"), now.n_other, previous.n_other, False))
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (Cell(what), Cell(a, "warning" if is_bad and a > b else "neutral"), Cell(b)) for what, a, b, is_bad in rows
    )
    if weekly.fresh:
        cells = (*cells, (Cell(view.say("changes-fresh")), Cell(len(weekly.fresh)), Cell(None)))
    notes = [view.say("changes-runs-started-before-period", n=weekly.n_earlier, known=_known(weekly, view.say))]
    if weekly.n_alone:
        notes.append(view.say("changes-configurations-period-never-ran", n=weekly.n_alone))
    if weekly.missed:
        told = [
            view.say("changes-last", label=one_line(label, 60), at=text_of(at, "date"))
            for label, at in weekly.missed[:MOST_MISSED]
        ]
        more = len(weekly.missed) - len(told)
        notes.append(
            view.say(
                "changes-ran-both-periods-before",
                told=view.say("list-clause-separator").join(told),
                if_more="yes" if more else "no",
                more=more,
            )
        )
    return Table("changes-runs", view.say("changes-runs-period-before"), columns, cells, tuple(notes))


def _known(weekly: Weekly, say: Say) -> str:
    if weekly.known_from is None:
        return ""
    return say("changes-counted-they-compared-other", known_from=text_of(weekly.known_from, "date"))


def time_before_words(weekly: Weekly, say: Say) -> str:
    """How far "before" reaches: "before" is all time, "before (since 2026-07-26)" is what was read."""
    return say("changes-time-before", since=_reach(weekly, say))


def _reach(weekly: Weekly, say: Say) -> str:
    return "" if weekly.known_from is None else say("changes-since-2", known_from=text_of(weekly.known_from, "date"))


# --- words -------------------------------------------------------------------------------------------------------------


def _sentences(view: View, weekly: Weekly) -> list[Block]:
    alarms, better = weekly.alarms, [one for one in weekly.watched if one.state == "better"]
    blocks: list[Block] = [
        paragraph(strong(view.say("changes-worse")), sentence_of(view, one), tone="bad") for one in alarms[:MOST_SENTENCES]
    ]
    blocks += [
        paragraph(strong(view.say("changes-better")), sentence_of(view, one), tone="good")
        for one in better[: MOST_SENTENCES - len(blocks)]
    ]
    return [paragraph(_quiet(view, weekly))] if not blocks and weekly.n_tests else blocks


def _quiet(view: View, weekly: Weekly) -> str:
    """That nothing got worse or better, what would have been found, and what changed by less than the declared margin."""
    small = [one for one in weekly.watched if one.state == "changed"]
    if small:
        names = view.say.listed([view.say.commas(_whose(view, one), moved_by(view, one)) for one in small], 3)
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
    """The change as a share of what was before; of percentages in points, since a per cent of a per cent is read as points."""
    metric = view.facts.metrics[one.metric]
    relative = "" if metric.format == "percent" else relative_words(one)
    return relative or change_words(metric, one.change, digits_with(metric, [one.change]))


def _whose(view: View, one: Watched) -> str:
    return view.say("changes-of", metric=label_of(view.facts.metrics[one.metric]), label=one_line(one.label, 60))


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
    moved = view.say("changes-went", whose=_whose(view, one), metric=value_words(metric, one.baseline, digits))
    moved += f"{value_words(metric, one.now, digits)}{view.say.bracketed(change_words(metric, one.change, digits))}"
    if one.window > 1:
        moved += view.say("changes-over-last-periods-runs", window=one.window)
    if one.is_partial:
        pairs = view.say("changes-n-pairs", n=one.n_pairs)
        moved += view.say(
            "changes-ran-both-periods-all",
            pairs=pairs,
            kinds=kinds_words(one.paired, view.say),
            of_all=_of_all(metric, one, digits, view.say),
        )
    caveats = [view.say("changes-history-leans-itself-interval")] if one.autocorrelated else []
    caveats += [view.say("changes-runs-now-logged-other")] if one.data_differ else []
    told = view.say.stop(view.say.clauses([moved, _why(metric, one, digits, view.say)]))
    return f"{told}{''.join(caveats)}{luck_words(one, view.say)}"


def _of_all(metric: Metric, one: Watched, digits: int, say: Say) -> str:
    """ "20.83 (n = 5) before, 24.75 (n = 3) now": the means of all runs, with a partner or without."""
    before = f"{value_words(metric, one.mean_before, digits)} (n = {len(one.history):,})"
    now = f"{value_words(metric, one.mean_now, digits)} (n = {len(one.values):,})"
    return say("changes-before-now", before=before, now=now)


def _why(metric: Metric, one: Watched, digits: int, say: Say) -> str:
    match one.rung:
        case "prediction_interval":
            expected = say(
                "changes-to-2", metric=value_words(metric, one.low, digits), metric_2=value_words(metric, one.high, digits)
            )
            return say("changes-expected-99-prediction-interval", expected=expected, before=before_words(one, say))
        case "little_history":
            return say("changes-earlier-runs-too-few", n=len(one.history))
        case "too_large":
            return say("changes-values-too-large-compute")
        case "comparison" | "level_shift":
            p = "p < 0.001" if one.p is not None and one.p < 0.001 else f"p = {text_of(one.p, 'p')}"
            if one.is_exact:
                return say("changes-run-varies-change-exact", before=before_words(one, say))
            sides = both_words(one, say)
            within = say("changes-within") if one.rung == "level_shift" else say("changes-paired")
            pairs = f"{within} {kinds_words(one.paired, say)}" if one.paired and not one.is_partial else ""
            adjusted = say("changes-after-holm-over-comparisons", n_family=one.n_family) if one.n_family > 1 else ""
            interval = say(
                "changes-95-interval-change-adjusted",
                if_adjusted="yes" if adjusted else "no",
                change_range=change_range(metric, one.low, one.high, digits, say=say),
            )
            return say.commas(interval, sides, pairs, f"{p}{adjusted}")


def _widths(one: Watched) -> list[float | None]:
    return [None if one.low is None or one.high is None else (one.high - one.low) / 2]


def _untested(weekly: Weekly, say: Say) -> str:
    why = say("changes-configuration-ran-both-period") if weekly.n_alone else say("changes-metric-direction-logged")
    return say("changes-nothing-tested", why=why)


# --- bests -------------------------------------------------------------------------------------------------------------


def _bests(view: View, weekly: Weekly) -> list[Block]:
    if not weekly.bests:
        return []
    since = weekly.known_from
    columns = (
        Column("metric", view.say("changes-column-metric")),
        Column("now", view.say("changes-column-period"), "number"),
        Column("run", view.say("changes-column-run"), "run"),
        Column("previous", view.say("changes-column-period-before"), "number"),
        Column(
            "record",
            view.say("changes-any-time-before") if since is None else view.say("changes-before", since=text_of(since, "date")),
            "number",
        ),
        Column("delta", view.say("changes-column-period-against"), "change"),
        Column("new", view.say("changes-new-best") if since is None else view.say("changes-best-since")),
    )
    yes, no = view.say("values-yes"), view.say("values-no")
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
                Cell(f"{label_of(metric)} {goal_arrow(metric.goal)}"),
                Cell(best.value, format=metric.format, digits=digits),
                Cell(_link(view, best.key)),
                Cell(best.previous, format=metric.format, digits=digits),
                Cell(best.record, format=metric.format, digits=digits),
                # A best below an old best is no alarm: it is not tested, and fewer runs have a lower best.
                Cell(best.delta, "good" if is_new and best.delta else "neutral", format=change_format(metric), digits=digits),
                Cell(yes if is_new else no, "good" if is_new and best.record is not None else "neutral"),
            )
        )
    notes = [] if since is None else [view.say("changes-runs-started-before-read", since=text_of(since, "date"))]
    notes += left_out
    notes += [view.say("changes-best-many-runs-better")]
    held_out = [label_of(view.facts.metrics[best.metric]) for best in weekly.bests if best not in told]
    if held_out:
        notes.append(view.say("changes-since-runs-chosen-validation", held_out=view.say.listed(held_out)))
    return [Table("changes-bests", view.say("changes-best-values"), columns, tuple(rows), method=tuple(notes))]


def _params(view: View, weekly: Weekly) -> list[Block]:
    if not weekly.changed_params:
        return []
    best = weekly.bests[0]
    assert best.record_key is not None
    columns = (
        Column("param", view.say("changes-column-parameter"), "code"),
        Column("before", view.say("changes-column-best-before-x", run_name=run_name(run_known(view, best.record_key))), "code"),
        Column("now", view.say("changes-column-best-now-x", run_name=run_name(run_known(view, best.key))), "code"),
    )
    rows = tuple(
        (Cell(one_line(name, 60)), Cell(shown_value(name, old)), Cell(shown_value(name, new)))
        for name, old, new in weekly.changed_params
    )
    title = view.say("changes-what-new-best-did", metric=label_of(view.facts.metrics[best.metric]))
    return [Table("changes-params", title, columns, rows, n_total=len(rows), paper_rows=15)]


# --- the ladder --------------------------------------------------------------------------------------------------------


def _table(view: View, weekly: Weekly) -> Table:
    columns = (
        Column("metric", view.say("changes-column-metric")),
        Column("configuration", view.say("changes-column-configuration")),
        Column("state", view.say("changes-column-finding")),
        Column("baseline", view.say("changes-column-before"), "number"),
        Column("now", view.say("changes-column-now"), "number"),
        Column("change", view.say("changes-column-change"), "change"),
        Column("relative", view.say("changes-column-relative"), "percent_change", 1),
        Column("p", view.say("changes-column-p"), "p"),
        Column("detectable", view.say("changes-column-detectable-change")),
        Column("rung", view.say("changes-column-judged")),
    )
    rows = tuple(_row(view, one) for one in weekly.watched)
    return Table(
        "changes-watched",
        view.say("changes-configuration-ran-before"),
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
        of_before = view.say("changes-all", metric=value_words(metric, one.mean_before, digits))
        of_now = view.say("changes-all", metric=value_words(metric, one.mean_now, digits))
    elif one.window > 1:
        of_now = view.say("changes-last-periods-now", window=one.window, metric=value_words(metric, one.mean_now, digits))
    return (
        Cell(f"{label_of(metric)} {goal_arrow(metric.goal)}"),
        Cell(one_line(one.label, 80)),
        Cell(view.say("changes-state-words", state=one.state), _STATE_TONES.get(one.state, "neutral")),
        Cell(one.baseline, format=metric.format, digits=digits, note=of_before),
        Cell(one.now, format=metric.format, digits=digits, note=of_now),
        Cell(
            one.change,
            tone_of(metric, one.change) if one.state in ("worse", "better") else "neutral",
            format=change_format(metric),
            digits=digits,
        ),
        Cell(one.relative, digits=_relative_digits(one)),
        Cell(one.p, note=view.say("changes-holm") if one.p is not None and one.n_family > 1 else ""),
        Cell(None if one.seen_from is None else f"± {_size_words(metric, one.seen_from)}"),
        Cell(_judged_by(one, view.say)),
    )


def _judged_by(one: Watched, say: Say) -> str:
    n_now, n_before = (f"{n:,}" for n in (one.n_now, one.n_before))
    unit = say("changes-unit", unit="periods" if one.period_means else "runs")
    match one.rung:
        case "prediction_interval":
            return say("changes-prediction", n_before=n_before, unit=unit)
        case "little_history" | "too_large":
            return say("changes-n-earlier-runs", n=len(one.history))
        case "comparison" | "level_shift":
            if one.is_partial:
                return say("changes-pairs-runs", n=one.n_pairs, n_values=len(one.values), n_history=len(one.history))
            if one.is_exact:
                return say("changes-exact-change-against", n_before=n_before, unit=unit)
            return say(
                "changes-against-within-seeds",
                n_now=n_now,
                n_before=n_before,
                unit=unit,
                if_paired="yes" if not one.paired else "no",
                if_value=("yes" if one.rung == "level_shift" else "no") if one.paired else "no",
            )


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
        notes.append(view.say("changes-where-only-some-runs"))
    few = sum(one.state == "little_history" for one in weekly.watched)
    if few:
        notes.append(view.say("changes-little-history", n=few))
    if weekly.n_untold:
        notes.append(view.say("changes-configurations-most-runs-judged", most_series=MOST_SERIES, n_untold=weekly.n_untold))
    if weekly.unknown_rules:
        names = view.say.listed([one_line(name, 40) for name in weekly.unknown_rules])
        notes.append(view.say("changes-value-needs-history-run", names=names))
    return tuple(notes)


def _chart(view: View, weekly: Weekly) -> Chart | None:
    """Every run of the configuration whose row comes first, over calendar time."""
    one = next((row for row in weekly.watched if len(row.history) + len(row.values) >= 4), None)
    if one is None:
        return None
    metric = view.facts.metrics[one.metric]
    label = view.say("changes-of", metric=label_of(metric), label=one_line(one.label, 60))
    values = (*one.history, *one.values)
    kind: Literal["log", "linear"] = "log" if spans_decades(values) else "linear"
    traces = (
        _points(view.say("changes-before-period"), one.history_at, one.history, 0),
        _points(view.say("changes-column-period"), one.at, one.values, 1, marker="diamond"),
    )
    tone: Tone = _STATE_TONES.get(one.state, "neutral")
    now = weekly.now
    marks = [Mark("x", milliseconds(now.start), view.say("changes-period"), "best", milliseconds(max(now.end, *one.at)))]
    if one.rung == "prediction_interval" and one.low is not None and one.high is not None:
        marks += [Mark("y", one.low, view.say("changes-expected-2")), Mark("y", one.high, view.say("changes-expected-3"))]
    elif one.rung not in ("little_history", "too_large"):
        marks.append(Mark("y", one.baseline, view.say("changes-level-before"), tone if tone == "muted" else "neutral"))
    at = (*one.history_at, *one.at)
    columns = (
        Column("at", view.say("changes-started"), "time"),
        Column("value", label_of(metric), metric.format, metric.digits, metric.goal),
        Column("period", view.say("changes-column-period-2")),
    )
    n_before = len(one.history)
    rows = tuple(
        (Cell(when), Cell(value), Cell(view.say("changes-when-before") if i < n_before else view.say("changes-period")))
        for i, (when, value) in enumerate(zip(at, values, strict=True))
    )
    alt = view.say("changes-earlier-runs-runs-period", n=n_before, n_values=len(one.values), state=one.state)
    return Chart(
        id="changes-trend",
        title=view.say("changes-over-time", label=label),
        kind="points",
        x=Axis(view.say("changes-run-started"), "time", "date"),
        y=Axis(view.say("changes-higher-better-lower-better", metric=label_of(metric), goal=metric.goal), kind, metric.format),
        alt=alt,
        traces=traces,
        marks=tuple(marks),
        table=Table(
            "changes-trend-data",
            view.say("changes-over-time", label=label),
            columns,
            rows,
            n_total=len(rows),
            paper_rows=30,
            sortable=True,
        ),
        height=240,
    )


def _points(
    name: str, at: tuple[datetime, ...], values: tuple[float, ...], color: int, marker: Literal["circle", "diamond"] = "circle"
) -> Trace:
    return Trace(name, tuple(milliseconds(one) for one in at), values, "points", color=color, marker=marker)

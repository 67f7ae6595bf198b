"""Page 1, for who reads nothing else: the best values and their course, the decision, what changed, what needs attention."""

from __future__ import annotations

from collections import Counter

from reportgen.analyze.changes import BestChange
from reportgen.analyze.compare.tasks import Tasks
from reportgen.analyze.courses import Course
from reportgen.analyze.metrics import Metric
from reportgen.analyze.primary import is_spent, split_rank
from reportgen.analyze.traces import TraceFacts
from reportgen.formats import one_line, text_of
from reportgen.model import Among, Block, Change, Notice, Paragraph, Row, Section, Sparkline, Tile, Tiles, Verdict
from reportgen.sections.brief import attention, changed
from reportgen.sections.compare.tasks import verdict_over_tasks
from reportgen.sections.compare.verdicts import verdict_of
from reportgen.sections.evaluations import unranked_words
from reportgen.sections.previous_report import fewer_runs, lost_best
from reportgen.sections.resources import request_tiles
from reportgen.sections.trend import trend_chart
from reportgen.sections.view import View, change_of, in_sample_words, paragraph, run_name, training_words, unread_notice
from reportgen.words import Say
from reportgen.words.quantities import label_of, value_words

MOST_TILES = 4
"""One row on paper."""
MOST_VERDICTS = 2
"""Decisions on page 1; the comparison has all."""


def overview_section(view: View) -> Section:
    title, question = view.say("overview-overview"), view.say("overview-what-happened-what-best")
    traces = view.facts.traces
    if not view.facts.runs and traces is not None and traces.whole.n:
        blocks: tuple[Block, ...] = (_requests_lead(view, traces), request_tiles(traces.whole, view.say), attention(view))
        return Section("overview", title, blocks, question, is_brief=True)
    if not view.facts.runs:
        notice = Notice(
            "warning",
            view.say("overview-runs"),
            view.say("overview-selection-holds-run", words=view.window.words, left_out=_left_out(view)),
            view.say("overview-check-experiments-filter-window"),
        )
        return Section("overview", title, (notice, *fewer_runs(view)), question)
    blocks = (
        *unread_notice(view),
        *fewer_runs(view),
        Tiles(_tiles(view)),
        *decisions(view),
        *(() if view.is_part else (Row((changed(view), attention(view))),)),  # page 1 has those of every project
        *_trend(view),
    )
    return Section("overview", title, blocks, question, is_brief=True)


def _trend(view: View) -> list[Block]:
    """Where there are three runs or more, and not all of one moment: these have no order. Of one project among several: of days."""
    trend = view.facts.trend
    if trend is None or len(trend.keys) < 3 or len(set(trend.at)) < 2:
        return []
    if view.is_part and len({at.date() for at in trend.at}) < 2:
        return []
    return [trend_chart(view, trend, view.facts.metrics[trend.metric])]


def _requests_lead(view: View, traces: TraceFacts) -> Paragraph:
    """What was read where there are requests and no run."""
    n = len(traces.by_experiment)
    where = (
        view.say("overview-n-experiments", n=n)
        if n > 1
        else view.say("overview-experiment", label=one_line(traces.by_experiment[0].label, 60))
    )
    return paragraph(view.say("overview-requests", n=traces.whole.n, where=where, window=view.window.words))


def _left_out(view: View) -> str:
    """Why there is no run, from the ledger: "The store has 57: 57 outside the window"."""
    rows = [row for row in view.snapshot.ledger if row.item == "runs"]
    n_store, reasons = sum(row.n_store for row in rows), Counter[str]()
    for row in rows:
        for why, n in row.left_out:
            reasons[why] += n
    return (
        view.say("overview-store", n_store=n_store, n=view.say.listed([f"{n:,} {why}" for why, n in sorted(reasons.items())]))
        if n_store
        else ""
    )


def _tiles(view: View) -> tuple[Tile, ...]:
    facts = view.facts
    # What was trained on, and what it cost, is no headline while anything else is there.
    # A metric that the config gives a direction was asked for.
    asked = {name for name, metric in facts.metrics.items() if metric.direction.source == "config"}
    fresh = [b for b in facts.bests if b.metric in asked or (split_rank(b.metric) < 3 and not is_spent(b.metric))] or facts.bests
    tiles = [] if unranked_words(view) else [_best_tile(view, best) for best in fresh[: MOST_TILES - 1]]
    return (*tiles, _runs_tile(view))


def _runs_tile(view: View) -> Tile:
    facts, say = view.facts, view.say
    n_failed = sum(run.status in ("FAILED", "KILLED") for run in facts.active)
    label = say("brief-runs-tile-period") if facts.recent.is_window else say("brief-runs-tile")
    note = say("brief-finished", finished=len(facts.finished), failed=n_failed)
    return Tile(
        label, len(facts.active), "integer", note=note, chart=sparkline(view, facts.courses.get(""), None), among=_among(view)
    )


def _best_tile(view: View, best: BestChange) -> Tile:
    metric, say = view.facts.metrics[best.metric], view.say
    course = sparkline(view, view.facts.courses.get(best.metric), metric)
    if best.chosen_by:
        chosen = label_of(view.facts.metrics[best.chosen_by])
        note = say("overview-best", run_name=run_name(view.run(best.key)), chosen=chosen)
        return Tile(label_of(metric), best.value, metric.format, metric.digits, None, note)
    who = (
        say("overview-mean-folds", run_name=run_name(view.run(best.key)), n_folds=best.n_folds)
        if best.n_folds
        else _winner(view, best)
    )
    note = say(
        "brief-best-note", who=f"{who}{training_words(view, best.metric, best.key)}", goal=say("overview-goal", goal=metric.goal)
    )
    label = say("overview-best-2", metric=label_of(metric), in_sample=in_sample_words(view, metric.name))
    is_own = metric.values.get(best.key) == best.value  # a mean of folds is not
    among = _among(view, metric.name) if is_own else None
    return Tile(label, best.value, metric.format, metric.digits, _change(view, best, metric), note, chart=course, among=among)


def _among(view: View, metric: str = "") -> Among:
    return Among(metric, tuple(sorted({run.experiment_id for run in view.facts.active})) if view.is_part else ())


def _change(view: View, best: BestChange, metric: Metric) -> Change | None:
    """Against the best of the runs before; of a report about its window alone never an alarm: a best of fewer runs is lower by chance."""
    weekly, since = view.facts.weekly, view.facts.recent.start
    one = next((one for one in weekly.bests if one.metric == best.metric), None) if weekly and weekly.earlier else None
    if weekly is not None and one is not None and one.delta is not None and one.key == best.key:
        left = view.say("overview-left") if lost_best(view, metric.name) else ""
        change = change_of(metric, one.delta, view.say("overview-vs-best-before", left=left))
        is_record = change.tone == "good" and not left
        return Change(change.delta, change.format, "good" if is_record else "neutral", change.against, change.digits)
    if best.delta and since is not None and view.facts.recent.n_before:
        return change_of(metric, best.delta, view.say("overview-since", since=text_of(since, "date")))
    return None


def sparkline(view: View, course: Course | None, metric: Metric | None) -> Sparkline | None:
    """The course of a tile's number, with the same in words."""
    if course is None:
        return None
    known = [value for value in course.values if value is not None]
    first, last = (value_words(metric, v) if metric else text_of(v, "integer") for v in (known[0], known[-1]))
    say, n = view.say, len(course.values)
    if course.of == "periods":
        alt = say("brief-course-periods", n=n, first=first, last=last)
    elif course.of == "runs":
        alt = say("brief-course-runs", n=n, first=first, last=last)
    else:
        alt = say("brief-course-counts", n=n, first=first, last=last)
    return Sparkline(course.values, alt, "muted" if course.of == "counts" else "neutral")


def _winner(view: View, best: BestChange) -> str:
    """The run's name, or how many runs have the value: no one of them is the best."""
    return run_name(view.run(best.key)) if best.n_tied < 2 else view.say("overview-runs-tie", n_tied=best.n_tied)


def decisions(view: View) -> list[Block]:
    """The card of each verdict on the primary metric, and how many more the comparison has."""
    comparison = view.facts.comparison
    if comparison is None or not comparison.metrics:
        return []
    compared = comparison.metrics[0]
    metric = view.facts.metrics[compared.metric]
    if view.facts.tasks is not None and all(one.reason in ("sweep", "tasks") for one in compared.differences):
        return _over_tasks(view.facts.tasks, metric, view.say)
    shown = compared.differences[:MOST_VERDICTS]
    cards: list[Block] = [verdict_of(view, comparison, compared, difference, metric) for difference in shown]
    left = len(compared.differences) - MOST_VERDICTS
    return [*cards, *([paragraph(view.say("overview-further-groups-comparison", left=left))] if left > 0 else [])]


def _over_tasks(tasks: Tasks, metric: Metric, say: Say) -> list[Block]:
    """Groups that hold a configuration for each task are judged over tasks, not run by run."""
    cards: list[Verdict] = [verdict_over_tasks(tasks, pair, metric, say) for pair in tasks.pairs[:MOST_VERDICTS]]
    left = len(tasks.pairs) - MOST_VERDICTS
    return [*cards, *([paragraph(say("overview-further-pairs-over-tasks", left=left))] if left > 0 else [])]

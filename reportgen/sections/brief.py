"""The two lists of page 1: what changed and what needs attention, the gravest first, each line with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.analyze.health import Concern, by_run
from reportgen.analyze.previous_report import flips_of
from reportgen.analyze.primary import is_held_out
from reportgen.analyze.regressions import Watched
from reportgen.analyze.weekly import NewBest, Weekly
from reportgen.formats import one_line, text_of
from reportgen.model import Finding, Findings, Tone
from reportgen.sections.changes import change_in_brief, moved_by, run_known
from reportgen.sections.evaluations import apart_words, unranked_words
from reportgen.sections.previous_report import flip_words, flipped_badly, lost_best, lost_words, since_words
from reportgen.sections.usage import near_limits
from reportgen.sections.view import View, in_sample_words, run_name, status_words
from reportgen.words import MessageId
from reportgen.words.health import KINDS, detail_text
from reportgen.words.periods import both_words, luck_words
from reportgen.words.quantities import digits_with, label_of, value_words

MOST_LINES = 5
MOST_NAMED = 3


def changed(view: View) -> Findings:
    """That nothing moved, or could, where there is nothing else."""
    return _list(view.say("brief-changed"), changed_items(view) or [_nothing(view)])


def attention(view: View) -> Findings:
    """What a lead should ask about; one line that says so when there is nothing."""
    items = attention_items(view)
    return _list(view.say("brief-attention"), items or [_quiet(view)])


def _list(title: str, items: Sequence[Finding]) -> Findings:
    return Findings(title, tuple(items[:MOST_LINES]), n_more=max(0, len(items) - MOST_LINES))


# --- what changed ------------------------------------------------------------------------------------------------------


def changed_items(view: View) -> list[Finding]:
    """What moved since the period before."""
    weekly = view.facts.weekly
    items = [*_lost(view), *_flips(view)]
    if weekly is not None:
        items += [_moved(view, one) for one in weekly.alarms]
        items += [_record(view, best) for best in _records(view, weekly)]
        items += [_moved(view, one) for one in weekly.watched if one.state == "better"]
        items += [*_missed(view, weekly), *_new_experiments(view, weekly)]
    if weekly is None or not weekly.earlier:
        items += _fresh_bests(view)
    if since := since_words(view):
        items.append(Finding(since))
    return items


def _lost(view: View) -> Iterator[Finding]:
    lost = lost_best(view, view.primary.name) if view.primary else None
    if lost is not None:
        label = label_of(view.facts.metrics[lost.metric])
        words = lost_words(view, lost, MessageId("changes-lost-best"))
        yield Finding(view.say("brief-lost-best", metric=label), words, "warning")


def _flips(view: View) -> Iterator[Finding]:
    since = view.facts.previous_report
    if since is not None and (words := flip_words(view)):
        n = len(flips_of(since, view.gates))
        yield Finding(view.say("brief-gates-flipped", n=n), words, "bad" if flipped_badly(view) else "neutral")


def _moved(view: View, one: Watched) -> Finding:
    metric = view.facts.metrics[one.metric]
    digits = digits_with(metric, [one.change])
    message = MessageId("brief-got-worse") if one.state == "worse" else MessageId("brief-got-better")
    before, now = value_words(metric, one.baseline, digits), value_words(metric, one.now, digits)
    title = view.say(message, metric=label_of(metric), what=one_line(one.label, 60), before=before, now=now)
    evidence = view.say("brief-evidence", change=moved_by(view, one), sides=both_words(one, view.say))
    if luck := luck_words(one, view.say):
        evidence += f".{luck}"
    return Finding(title, evidence, "bad" if one.state == "worse" else "good", "▲" if one.change > 0 else "▼")


def _records(view: View, weekly: Weekly) -> list[NewBest]:
    """Values that beat all before; not of metrics that another one chooses the run by."""
    primary = view.facts.primary.name if view.facts.primary else None
    return [
        best
        for best in weekly.bests
        if weekly.earlier
        and best.record is not None
        and view.facts.metrics[best.metric].better(best.value, best.record)
        and not is_held_out(best.metric, primary)
        and not lost_best(view, best.metric)
    ][:2]


def _record(view: View, best: NewBest) -> Finding:
    metric = view.facts.metrics[best.metric]
    digits = digits_with(metric, [best.delta])
    value, before = value_words(metric, best.value, digits), value_words(metric, best.record, digits)
    label = f"{label_of(metric)}{in_sample_words(view, metric.name)}"
    title = view.say("brief-new-best-was", metric=label, value=value, before=before)
    return Finding(title, run_name(run_known(view, best.key)), "good", "▲" if (best.delta or 0) > 0 else "▼")


def _fresh_bests(view: View) -> Iterator[Finding]:
    """New best values of the last days, where the report is about all time."""
    recent = view.facts.recent
    new = {*recent.runs, *recent.fresh}
    if not recent.n_before:
        return
    for best in view.facts.bests:
        metric = view.facts.metrics[best.metric]
        if best.key in new and best.delta and best.before is not None and not best.chosen_by and not lost_best(view, best.metric):
            value, before = value_words(metric, best.value), value_words(metric, best.before)
            label = f"{label_of(metric)}{in_sample_words(view, metric.name)}"
            title = view.say("brief-new-best-was", metric=label, value=value, before=before)
            yield Finding(title, run_name(view.run(best.key)), "good", "▲" if best.delta > 0 else "▼")


def _missed(view: View, weekly: Weekly) -> Iterator[Finding]:
    if weekly.missed:
        label, at = weekly.missed[0]
        last = view.say("brief-missed-last", day=text_of(at, "date"), more=len(weekly.missed) - 1)
        yield Finding(view.say("brief-missed", what=one_line(label, 60)), last, "warning")


def _new_experiments(view: View, weekly: Weekly) -> Iterator[Finding]:
    for name, n in weekly.new_experiments:
        words = view.say("changes-new-experiment", name=one_line(name, 60), n=n)
        yield Finding(view.say("brief-new-experiment", name=one_line(name, 60)), words)


def _nothing(view: View) -> Finding:
    """Why nothing is told: no run, no period before, or no change."""
    say, recent, weekly = view.say, view.facts.recent, view.facts.weekly
    started = say("brief-started", n=len(recent.runs), status=status_words([view.run(key) for key in recent.runs], say))
    if not recent.runs and not recent.fresh:
        newest = say("brief-no-run-newest", day=text_of(recent.newest, "date")) if recent.newest else ""
        return Finding(say("brief-no-run"), newest, "muted", "=")
    if weekly is None:
        return Finding(say("brief-first"), started, "muted", "=")
    if weekly.n_tests:
        return nothing_changed(view, weekly.n_tests)
    n = weekly.n_alone + len({one.label for one in weekly.watched})
    return Finding(say("brief-unchanged"), say("evaluations-untested", n=n), "muted", "=")


def nothing_changed(view: View, n_tests: int) -> Finding:
    return Finding(view.say("brief-unchanged"), view.say("changes-quiet", tests=n_tests) if n_tests else "", "muted", "=")


# --- what needs attention ----------------------------------------------------------------------------------------------


def attention_items(view: View, *, ranked: bool = True) -> list[Finding]:
    """Gates that did not pass, gaps, runs in trouble, requests that failed, and (``ranked``) what keeps runs from being ranked."""
    return [
        *_gates(view),
        *_waived(view),
        *_gaps(view),
        *(_unranked(view) if ranked else ()),
        *_runs(view),
        *near_limits(view),
        *_requests(view),
    ]


def _gates(view: View) -> Iterator[Finding]:
    open_gates = [gate for gate in view.gates if gate.state != "PASS" and not gate.is_waived]
    for gate in sorted(open_gates, key=lambda gate: gate.state != "FAIL"):
        tone: Tone = "bad" if gate.state == "FAIL" and not gate.warns else "warning"
        yield Finding(one_line(gate.name, 80), one_line(gate.brief or gate.sentence, 160), tone)


def _waived(view: View) -> Iterator[Finding]:
    found = [
        view.say(
            "gates-waived-one",
            name=one_line(gate.name, 80),
            until=gate.waiver.until,
            owner=gate.waiver.owner,
            reason=one_line(gate.waiver.reason, 120),
        )
        for gate in view.gates
        if gate.waiver and gate.is_waived
    ]
    if found:
        yield Finding(view.say("gates-waived-row"), view.say.listed(found, MOST_NAMED), "warning")


def _gaps(view: View) -> Iterator[Finding]:
    gaps = [problem for problem in view.problems if problem.severity == "gap"]
    if gaps:
        where = view.say.listed(list(dict.fromkeys(one_line(problem.where, 60) for problem in gaps)), MOST_NAMED)
        yield Finding(view.say("brief-gaps", n=len(gaps)), view.say("brief-gaps-listed", where=where), "bad")


def _unranked(view: View) -> Iterator[Finding]:
    if words := unranked_words(view):
        yield Finding(view.say("brief-unranked"), words, "warning")
    elif view.primary and (words := apart_words(view, view.primary.name)):
        yield Finding(view.say("brief-apart"), words, "warning")


def _runs(view: View) -> Iterator[Finding]:
    """Runs by what is the matter with them, in the order of ``KINDS``; of a single one what it logged."""
    found: dict[str, dict[str, list[Concern]]] = {kind: {} for kind in KINDS}
    for key, concerns in by_run(view.facts.health.concerns).items():
        for one in concerns:
            if one.grave:
                found[one.kind].setdefault(run_name(view.run(key)), []).append(one)
    for kind, runs in found.items():
        if runs:
            names = view.say.listed(list(runs), MOST_NAMED)
            details = [text for ones in runs.values() for one in ones if (text := detail_text(one, view.say))]
            evidence = f"{names} · {one_line(details[0], 100)}" if len(runs) == 1 and details else names
            yield Finding(view.say("brief-runs", kind=kind, n=len(runs)), evidence, "warning")


def _requests(view: View) -> Iterator[Finding]:
    """Requests that failed, with their share of those that ended, by name of the trace."""
    traces, say = view.facts.traces, view.say
    if traces is None or traces.whole.failed is None or not traces.whole.n_failed:
        return
    named = [(one_line(group.label, 40) or say("overview-no-name"), group.n_failed) for group in traces.by_name if group.n_failed]
    names = say.listed([say.named(name, f"{n:,}") for name, n in named], MOST_NAMED)
    share = text_of(traces.whole.failed.value, "percent")
    words = say("overview-failed-requests", n=traces.whole.n_ended, share=share, names=names)
    yield Finding(say("overview-requests-failed"), words, "warning")


def _quiet(view: View) -> Finding:
    """What was looked for and not found; a tick only where something was measured and ranked."""
    facts, say = view.facts, view.say
    if not facts.runs:
        return Finding(say("overview-no-request-failed"), "", "good")
    if not facts.finished:
        return Finding(say("brief-no-finished"), "", "warning")
    is_ranked = facts.leaderboard is not None and facts.leaderboard.best is not None
    return Finding(say("brief-nothing-open"), say("brief-nothing-open-detail"), "good" if is_ranked else "neutral")


def alarm_words(view: View) -> tuple[str, int]:
    """The first configuration that got worse in a few words, and how many more did; ("", 0) for none."""
    alarms = view.facts.weekly.alarms if view.facts.weekly else ()
    return (change_in_brief(view, alarms[0]), len(alarms) - 1) if alarms else ("", 0)

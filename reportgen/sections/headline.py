"""The headline of a report: one or two findings, each a sentence that begins with a capital letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from reportgen.analyze.compare.comparison import Comparison, MetricComparison
from reportgen.analyze.leaderboard import Ranked
from reportgen.analyze.metrics import Metric
from reportgen.formats import text_of
from reportgen.model import Gate
from reportgen.sections.brief import alarm_words
from reportgen.sections.compare.tasks import verdict_over_tasks
from reportgen.sections.compare.verdicts import judged_tasks
from reportgen.sections.genai.decision import evaluation_headline
from reportgen.sections.view import View, fold_words, in_sample_words, run_name, training_words
from reportgen.words import Say
from reportgen.words.compare.brief import headline_words
from reportgen.words.compare.runs import headline_end
from reportgen.words.compare.subject import words_of
from reportgen.words.compare.terms import group_name
from reportgen.words.quantities import label_of, value_words

MOST_FINDINGS = 2


def headline(view: View, gates: tuple[Gate, ...]) -> str:
    """What got worse, the verdict, gates that did not pass, the best value; at most ``MOST_FINDINGS`` of them."""
    facts, say = view.facts, view.say
    unread = say("headline-unread", n=len(view.snapshot.unread)) if view.snapshot.unread else ""
    if not facts.active:
        return unread or _of_requests(view) or say("headline-no-runs")
    failing = gates_words(gates, say)
    if view.is_memo:
        return view.say.sentences(decision_words(view), failing)
    found = [part for part in (unread, *_worse(view), failing, *verdict_headline(view), *_best(view), *_counts(view)) if part]
    return view.say.sentences(*found[:MOST_FINDINGS])


def gates_words(gates: Sequence[Gate], say: Say) -> str:
    """ "2 of 5 gates not passed (1 waived)."; empty when all passed."""
    n_open, n_waived = sum(gate.state != "PASS" for gate in gates), sum(gate.is_waived for gate in gates)
    return say("headline-gates", failed=n_open, n=len(gates), waived=n_waived) if n_open else ""


def _worse(view: View) -> Iterator[str]:
    what, more = alarm_words(view)
    if what:
        yield view.say("headline-worse", what=what, more=more)


def verdict_headline(view: View) -> Iterator[str]:
    """The verdict of the comparison, run by run or over tasks, where there is just one."""
    comparison = view.facts.comparison
    if comparison is None or not comparison.metrics:
        return
    compared, differences = comparison.metrics[0], comparison.metrics[0].differences
    if len(differences) == 1 and differences[0].reason == "tested" and not differences[0].lowered:
        yield headline_words(words_of(compared, differences[0], view.facts.metrics[compared.metric], view.say), view.say)
        return
    tasks = judged_tasks(view)
    if tasks is None or len(tasks.pairs) != 1:
        return
    (pair,) = tasks.pairs
    outcome = verdict_over_tasks(tasks, pair, view.facts.metrics[tasks.metric], view.say).outcome
    a, b = group_name(pair.first), group_name(pair.second)
    if outcome in ("better", "worse"):
        yield view.say("headline-tasks", b=b, a=a, outcome=outcome, n=len(tasks.complete))
    elif outcome == "unclear":
        yield view.say("headline-tasks-unclear", b=b, a=a)


def _best(view: View) -> Iterator[str]:
    facts, metric = view.facts, view.primary
    best = facts.leaderboard.best if facts.leaderboard else None
    if best is not None and metric is not None:
        label = f"{label_of(metric)}{in_sample_words(view, metric.name)}"
        who = f"{_winner(view, best)}{fold_words(facts.leaderboard, best.key, view.say)}{training_words(view, metric.name, best.key)}"
        value, bests = value_words(metric, best.value), facts.weekly.bests if facts.weekly and facts.weekly.earlier else ()
        is_new = any(
            one.metric == metric.name and one.record is not None and metric.better(one.value, one.record) for one in bests
        )
        if is_new:
            yield view.say("headline-new-best", metric=label, value=value, who=who)
        else:
            yield view.say("headline-best", metric=label, value=value, who=who)
    elif facts.finished:
        yield view.say("headline-unranked")


def _counts(view: View) -> Iterator[str]:
    active = view.facts.active
    if n_failed := sum(run.status == "FAILED" for run in active):
        yield view.say("headline-failed", failed=n_failed, n=len(active))
    yield view.say("headline-finished", finished=len(view.facts.finished), n=len(active))


def _of_requests(view: View) -> str:
    """Of a report about requests alone; empty when there are none."""
    traces = view.facts.traces
    if traces is None or view.facts.runs or not traces.whole.n:
        return ""
    whole = traces.whole
    if whole.failed is None or not whole.n_failed:
        return view.say("overview-headline-requests", n=whole.n)
    share = text_of(whole.failed.value, "percent")
    return view.say("overview-headline-failed", failed=whole.n_failed, share=share, n=whole.n_ended)


def _winner(view: View, best: Ranked) -> str:
    n_tied = view.facts.leaderboard.n_tied if view.facts.leaderboard else 0
    return run_name(view.run(best.key)) if n_tied < 2 else view.say("headline-runs-tie", n_tied=n_tied)


def decision_words(view: View) -> str:
    """The decision of a memo in one line."""
    if view.facts.evaluation_comparison is not None:
        return evaluation_headline(view.facts.evaluation_comparison, view.say)
    comparison = view.facts.comparison
    if comparison is None or not comparison.metrics or not comparison.metrics[0].differences:
        return view.say("headline-two-groups-runs-compare")
    compared = comparison.metrics[0]
    metric, differences = view.facts.metrics[compared.metric], compared.differences
    tasks = judged_tasks(view)
    if tasks is not None and tasks.pairs:
        told = [verdict_over_tasks(tasks, pair, metric, view.say) for pair in tasks.pairs]
        if len(told) == 1:
            return told[0].sentence
        counted = Counter(one.outcome for one in told)
        said = view.say.listed(
            [view.say("headline-better-worse-clear-difference", n=n, outcome=outcome) for outcome, n in counted.items()]
        )
        return view.say("headline-over-tasks-pairs-groups", n=len(tasks.complete), n_told=len(told), said=said)
    if len(differences) == 1:
        (only,) = differences
        words = words_of(compared, only, metric, view.say)
        return f"{headline_words(words, view.say)}{headline_end(words)}"
    return several_words(comparison, compared, metric, view.say)


def several_words(comparison: Comparison, compared: MetricComparison, metric: Metric, say: Say) -> str:
    """ "No group is shown to differ from base; x has the best mean f1 (+0.0160)."."""
    differences, base = compared.differences, group_name(comparison.baseline or "")
    counted = Counter(d.outcome for d in differences)
    said = say.listed([say("headline-better-worse-clear-difference", n=n, outcome=outcome) for outcome, n in counted.items()])
    told = say("headline-against-groups", base=base, n=len(differences), said=said)
    if set(counted) == {"unclear"}:
        told = say("headline-group-shown-differ", base=base)
    if lost := [group_name(d.group) for d in differences if d.is_conditional]:
        told += say("headline-only-runs-succeeded-more", lost=say.listed(lost, 4), base=base)
    if comparison.leading is None:
        return say.stop(told)
    best = comparison.best_against_baseline
    if best is None:
        return say("headline-itself-best-mean", told=told, base=base, metric=label_of(metric))
    words = words_of(compared, best, metric, say)
    return say("headline-best-mean", told=told, name_b=words.name_b, metric=label_of(metric), delta=words.delta())

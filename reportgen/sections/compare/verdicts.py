"""The boxes of a comparison: the verdict on each group, run by run or over tasks, and what all of them share."""

from __future__ import annotations

from reportgen.analyze.compare.comparison import Comparison, MetricComparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.tasks import Tasks
from reportgen.analyze.metrics import Metric
from reportgen.model import Block, Figure, Interval, IntervalStrip, Tone, Verdict
from reportgen.outcomes import OUTCOMES
from reportgen.sections.compare.tasks import verdict_over_tasks
from reportgen.sections.view import View, paragraph, strong
from reportgen.words import Say
from reportgen.words.compare.brief import evidence_words, heading_words, is_estimated, method_words, title_words
from reportgen.words.compare.caveats import caveats_of
from reportgen.words.compare.several import leading_text, omnibus_text
from reportgen.words.compare.subject import DifferenceWords, words_of
from reportgen.words.compare.tasks import judged_over_tasks

MOST_VERDICTS = 6


def verdict_of(view: View, comparison: Comparison, compared: MetricComparison, difference: Difference, metric: Metric) -> Verdict:
    """The card of one difference: heading and evidence in everyday words, the interval drawn, the test as its method."""
    words = words_of(compared, difference, metric, view.say)
    return Verdict(
        title=title_words(words, view.say),
        outcome=difference.outcome,
        sentence=evidence_words(words, view.say),
        rule=method_words(words),
        tone=tone_of(difference),
        caveats=caveats_of(comparison, words),
        heading=heading_words(words, view.say),
        chart=effect_figure(words, view.say, tone_of(difference)),
    )


def effect_figure(w: DifferenceWords, say: Say, tone: Tone) -> Figure | None:
    """The difference with its interval beside zero and the margin; None where nothing was estimated."""
    d = w.d
    if not is_estimated(w) or d.delta is None or d.low is None or d.high is None:
        return None
    factor = 100.0 if w.metric.format == "percent" else 1.0
    ends = [0.0, d.delta * factor, d.low * factor, d.high * factor]
    margin = d.margin.margin * factor if d.margin is not None else None
    ends += [-margin, margin] if margin is not None else []
    room = (max(ends) - min(ends)) * 0.1
    strip = IntervalStrip(
        Interval(d.delta * factor, d.low * factor, d.high * factor, min(d.n_a, d.n_b), d.level),
        min(ends) - room,
        max(ends) + room,
        say("verdict-strip", delta=w.delta(), low=w.change(d.low)[0], high=w.change(d.high)[0]),
        margin=(-margin, margin) if margin is not None else None,
        tone=tone if tone in ("good", "bad") else "neutral",
        zero_label=say("verdict-zero"),
    )
    return Figure((("", strip, ""),), "change" if w.metric.format in ("percent", "number") else w.metric.format)


def tone_of(difference: Difference) -> Tone:
    """That of the outcome; better by less than what matters, as far as is shown, is not good."""
    is_small = difference.outcome == "better" and difference.is_past_margin is False
    return "warning" if is_small else OUTCOMES[difference.outcome].tone


def judged_tasks(view: View) -> Tasks | None:
    """The tasks, where the groups are judged over them and not run by run."""
    tasks, comparison = view.facts.tasks, view.facts.comparison
    differences = comparison.metrics[0].differences if comparison and comparison.metrics else ()
    return tasks if differences and all(d.reason in ("sweep", "tasks") for d in differences) else None


def over_tasks(view: View, comparison: Comparison) -> list[Block]:
    """Where groups are judged over tasks: the verdicts, or where they stand; empty where they are judged run by run."""
    tasks, first = judged_tasks(view), comparison.metrics[0]
    if tasks is None:
        return []
    elsewhere = any(chosen.section == "tasks" for chosen in view.report.sections) or not tasks.pairs
    searches = all(d.reason == "sweep" for d in first.differences)
    lead = paragraph(
        strong(view.say("verdict-judged-over-tasks")), judged_over_tasks(tasks, view.say, searches=searches, here=not elsewhere)
    )
    if elsewhere:
        return [lead]
    metric = view.facts.metrics[first.metric]
    return [lead, *(verdict_over_tasks(tasks, pair, metric, view.say) for pair in tasks.pairs[:MOST_VERDICTS])]


def leading_block(comparison: Comparison, metric: Metric, say: Say) -> list[Block]:
    """The leading set of three groups or more; empty for two, and where nothing leads."""
    if comparison.leading is None:
        return []
    return [paragraph(strong(say("verdict-leading-set")), leading_text(comparison, comparison.leading, metric, say))]


def omnibus_block(comparison: Comparison, say: Say) -> list[Block]:
    """One line of all groups together; empty where their variances were not analysed."""
    return [paragraph(omnibus_text(comparison.omnibus, comparison.kruskal, say))] if comparison.omnibus is not None else []

"""What the author's Markdown can look up: ``{{ metric("val_accuracy", best) }}`` in ``notes`` and in comments of sections."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping

from reportgen.analyze.runs import Run
from reportgen.errors import Problem
from reportgen.formats import one_line, text_of
from reportgen.sections.view import View, run_name, shown_value
from reportgen.words.quantities import value_words

Fill = Callable[[str, Mapping[str, object]], tuple[str, tuple[str, ...]]]
"""(Markdown, names) → the Markdown with what it looks up, and a few words for each thing that is not there."""


def filled(view: View, text: str, where: str) -> tuple[str, tuple[Problem, ...]]:
    """The author's ``text`` with numbers of the report in it, and a problem for each that is not there."""
    if view.fill is None:
        return text, ()
    done, missing = view.fill(text, _names(view))
    todo = view.say("custom-lookup-todo")
    return done, tuple(Problem("lookup-failed", where, view.say("custom-lookup", what=what), todo, "warning") for what in missing)


def lookup_problems(view: View) -> tuple[Problem, ...]:
    """What the notes and comments of the config look up in vain."""
    texts = [(one.section, one.comment) for one in view.report.sections if one.comment]
    texts += [("notes", view.report.notes)] if view.report.notes else []
    return tuple(problem for where, text in texts for problem in filled(view, text or "", where)[1])


def _names(view: View) -> dict[str, object]:
    facts = view.facts
    board = facts.leaderboard
    best = view.run(board.best.key) if board is not None and board.best is not None else None
    return {
        "best": best,
        "run": lambda name: _run(view, name),
        "metric": lambda name, run=best: _metric(view, name, run),
        "param": lambda name, run=best: _value(view, name, _known(view, run).settings, _known(view, run)),
        "tag": lambda name, run=best: _value(view, name, _known(view, run).tags, _known(view, run)),
        "name": lambda run=best: run_name(_known(view, run)),
        "n_runs": len(facts.active),
        "n_finished": len(facts.finished),
        "n_failed": sum(run.status == "FAILED" for run in facts.active),
        "period": view.window.words,
        "date": text_of(view.now, "date"),
    }


def _known(view: View, run: object) -> Run:
    if isinstance(run, Run):
        return run
    if isinstance(run, str):
        return _run(view, run)
    raise LookupError(view.say("custom-no-best"))


def _run(view: View, name: object) -> Run:
    """The run of this id, or the only one of this name."""
    found = [run for run in view.facts.active if name in (run.run_id, run.name)]
    if len(found) != 1:
        raise LookupError(view.say("custom-no-run", n=len(found)))
    return found[0]


def _metric(view: View, name: object, run: object) -> str:
    facts, whose = view.facts, _known(view, run)
    metric = facts.metrics.get(str(name))
    if metric is None:
        near = difflib.get_close_matches(str(name), facts.metrics, 1)
        raise LookupError(view.say("custom-no-metric", near=one_line(near[0], 80) if near else "none"))
    if metric.name in facts.evaluated:
        metric = facts.ranked(metric.name)
    value = metric.values.get(whose.key)
    if value is None:
        raise LookupError(view.say("custom-not-logged", run=run_name(whose)))
    return value_words(metric, value)


def _value(view: View, name: object, values: Mapping[str, str], run: Run) -> str:
    value = shown_value(str(name), values.get(str(name)))
    if value is None:
        raise LookupError(view.say("custom-not-logged", run=run_name(run)))
    return value

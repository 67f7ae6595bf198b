"""What became of the last report: gates that flipped, runs that are gone, re-tagged or over, and a best value that is lost."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analyze.previous_report import ChangedRun, LostValue, PreviousReport, flips_of
from reportgen.analyze.weekly import lost_best_of
from reportgen.formats import one_line
from reportgen.model import Block, Cell, Column, Table, Tone
from reportgen.sections.view import View, paragraph
from reportgen.words import MessageId, Say
from reportgen.words.quantities import digits_with, label_of, value_words

MOST_RUNS = 8
"""Runs of the last report that a row names."""


def lost_best(view: View, name: str) -> LostValue | None:
    """The best value of the metric ``name`` before this period, when its run is lost; see ``analyze.weekly``."""
    facts, metric = view.facts, view.facts.metrics.get(name)
    return lost_best_of(facts.previous_report, metric, facts.weekly, facts.bests) if metric else None


def lost_words(view: View, lost: LostValue, message: MessageId) -> str:
    """``message`` about the value that is lost."""
    metric = view.facts.metrics[lost.metric]
    name = one_line(lost.name, 60) or lost.run_id[:8]
    value = value_words(metric, lost.value, digits_with(metric, []))
    return view.say(message, how=lost.how, label=label_of(metric), value=value, run=name)


def flip_words(view: View) -> str:
    """ "Since the report of 2026-11-14, gates flipped: Quality PASS to FAIL."; empty when none did."""
    since = view.facts.previous_report
    flips = flips_of(since, view.gates) if since else ()
    if since is None or not flips:
        return ""
    told = [
        view.say("lastreport-to", name=one_line(flip.name, 60), then=flip.then or "new", now=flip.now or "removed")
        for flip in flips
    ]
    return view.say("lastreport-since-report-gates-flipped", day=since.day, told=view.say.listed(told, 4))


def flipped_badly(view: View) -> bool:
    """Whether a gate that did not fail in the last report fails now, or has no data any more."""
    since = view.facts.previous_report
    states = {gate.name for gate in view.gates if gate.state in ("FAIL", "NO_DATA") and not gate.warns}
    return since is not None and any(flip.name in states for flip in flips_of(since, view.gates))


def fewer_runs(view: View) -> list[Block]:
    """That the last report had far more runs; nothing otherwise."""
    since = view.facts.previous_report
    if since is None or not since.n_runs_then:
        return []
    words = view.say("changes-since-fewer", day=since.day, then=since.n_runs_then, now=len(view.facts.runs))
    return [paragraph(words, tone="warning")]


def since_words(view: View) -> str:
    """ "Since the report of 2026-11-13: 1 of its runs was deleted (wide 3)."; empty when nothing became of its runs."""
    since, say = view.facts.previous_report, view.say
    if since is None:
        return ""
    kinds = (
        (MessageId("changes-since-deleted"), since.deleted),
        (MessageId("changes-since-gone"), since.gone),
        (MessageId("changes-since-ended"), since.ended),
        (MessageId("changes-since-late"), since.late),
    )
    parts = [say(what, n=len(runs), runs=_some_runs(runs, 3, say)) for what, runs in kinds if runs]
    return say("changes-since", day=since.day, parts=say("list-clause-separator").join(parts)) if parts else ""


def _some_runs(runs: Sequence[ChangedRun], most: int, say: Say) -> str:
    """The first few: "a; b; c; and 4 more"."""
    return say("list-clause-separator").join(_run_words(run) for run in runs[:most]) + (
        say("lastreport-more", n_runs=len(runs) - most) if len(runs) > most else ""
    )


def previous_report_blocks(view: View, since: PreviousReport) -> tuple[Block, ...]:
    """What flipped, and which runs of the last report are deleted, gone, re-tagged or over now."""
    words = view.say("lastreport-last-report-bundle", day=since.day, digest=since.digest[:10])
    flips = flips_of(since, view.gates)
    if not flips and (since.gates or view.gates):
        words += view.say("lastreport-none-gates-changed-state", n=len(view.gates))
    kinds = [
        (view.say("lastreport-deleted-since"), since.deleted),
        (view.say("lastreport-longer"), since.gone),
        (view.say("lastreport-tags-changed"), since.retagged),
        (view.say("lastreport-over-since"), since.ended),
        (view.say("lastreport-logged-after"), since.late),
    ]
    rows = tuple(
        (
            Cell(kind),
            Cell(len(runs)),
            Cell(_some_runs(runs, MOST_RUNS, view.say)),
        )
        for kind, runs in kinds
        if runs
    )
    if not since.knows_runs:
        words += view.say("lastreport-written-without-data-runs")
    elif not (since.deleted or since.gone or since.retagged):
        words += f" {view.say('changes-since-unchanged')}"
    if not since.same_config:
        words += view.say("lastreport-config-another-runs-missing")
    blocks: list[Block] = [paragraph(words)]
    if flips:
        columns = (
            Column("gate", view.say("lastreport-column-gate")),
            Column("then", view.say("lastreport-column-x", day=since.day)),
            Column("now", view.say("lastreport-column-now")),
        )
        cells = tuple(
            (
                Cell(one_line(f.name, 80)),
                Cell(f.then or view.say("lastreport-did-exist")),
                Cell(f.now or "removed", _FLIP_TONES.get(f.now or "", "neutral")),
            )
            for f in flips
        )
        blocks.append(Table("changes-gates", view.say("lastreport-gates-flipped"), columns, cells, (), len(cells)))
    if rows:
        columns = (
            Column("what", view.say("lastreport-column-runs-last-report")),
            Column("n", view.say("lastreport-column-runs"), "integer"),
            Column("which", view.say("lastreport-column-which")),
        )
        note = view.say("lastreport-longer-longer-store-longer")
        blocks.append(
            Table("changes-since", view.say("lastreport-what-became-runs"), columns, rows, (note,) if since.gone else ())
        )
    return tuple(blocks)


_FLIP_TONES: dict[str, Tone] = {"PASS": "good", "FAIL": "bad", "NO_DATA": "bad", "INCONCLUSIVE": "warning"}


def _run_words(run: ChangedRun) -> str:
    name = one_line(run.name, 60) or run.run_id[:8]
    return f"{name} ({one_line(run.what, 60)})" if run.what else name

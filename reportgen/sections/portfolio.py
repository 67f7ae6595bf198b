"""Page 1 of a report over several projects: one row for each, ranked by its own metric; nothing is said across rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.analyze.metrics import Metric
from reportgen.analyze.portfolio import Portfolio, ProjectFacts
from reportgen.formats import goal_arrow, one_line, text_of
from reportgen.model import Block, Cell, Column, Gate, Paragraph, Section, Table, Tile, Tiles, Tone
from reportgen.sections.changes import headline_changes
from reportgen.sections.evaluations import apart_words
from reportgen.sections.overview import attention_rows
from reportgen.sections.previous_report import fewer_runs, flip_words, flipped_badly, lost_best, lost_best_blocks, since_words
from reportgen.sections.view import View, paragraph, run_name, status_words, unread_notice
from reportgen.words import MessageId, Say
from reportgen.words.quantities import change_format, change_words, label_of, value_words

PAPER_ROWS = 40
"""Rows of the table on paper; the page and the data files have all."""
MOST_LISTED = 8
"""Rows of the two lists on paper."""
MOST_POINTS = 8
"""Runs that a row draws."""
FEW = 10
"""With more projects than this the table fills a page: what needs attention then stands before it."""
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project with the view that its sections get."""

    facts: ProjectFacts
    view: View

    @property
    def title(self) -> str:
        return one_line(self.facts.project.title, LONGEST_TITLE)

    @property
    def gates(self) -> tuple[Gate, ...]:
        return self.view.gates


def portfolio_section(whole: View, portfolio: Portfolio, projects: Sequence[ProjectView], n_detailed: int) -> Section:
    """``projects`` in the order of ``portfolio``; the first ``n_detailed`` of them have sections of their own."""
    say, runs = whole.say, whole.facts.runs
    n_experiments = sum(len(one.project.experiments) for one in portfolio.projects)
    lead = say("portfolio-lead", runs=len(runs), experiments=n_experiments, window=whole.window.words, status=status_words(runs))
    rows, lists = _rows(whole, portfolio, projects), (_changed(whole, projects), _attention(whole, projects))
    blocks: list[Block] = [
        paragraph(f"{lead} {say('portfolio-own-metric')}"),
        *unread_notice(whole),
        *fewer_runs(whole),
        Tiles(_tiles(whole, projects)),
        *_since(whole),
        *((rows, *lists) if len(projects) <= FEW else (*reversed(lists), rows)),
    ]
    if n_detailed < len(projects):
        blocks.append(paragraph(say("portfolio-more-details", shown=n_detailed, n=len(projects), unit=_unit(projects))))
        if n_unseen := sum(one.view.snapshot.contents.num_rows > 0 for one in projects[n_detailed:]):
            blocks.append(paragraph(say("portfolio-more-artifacts", n=n_unseen, unit=_unit(projects))))
    return Section("overview", say("portfolio-title"), tuple(blocks), say("portfolio-question"), is_brief=True)


def _since(whole: View) -> list[Block]:
    """What became of the runs and gates of the last report."""
    flips = flip_words(whole)
    flipped = [paragraph(flips, tone="bad" if flipped_badly(whole) else "neutral")] if flips else []
    return [*([paragraph(words)] if (words := since_words(whole)) else []), *flipped]


def portfolio_headline(whole: View, projects: Sequence[ProjectView], gates: Sequence[Gate]) -> str:
    """Counts of projects and what failed; no value of any of them."""
    say = whole.say
    parts = [
        say("portfolio-headline", ranked=sum(one.facts.has_result for one in projects), n=len(projects), unit=_unit(projects))
    ]
    counted = {
        MessageId("portfolio-headline-in-sample"): sum(one.facts.is_in_sample and one.facts.is_ranked for one in projects),
        MessageId("portfolio-headline-failed-gates"): sum(gate.state == "FAIL" for gate in gates),
        MessageId("portfolio-headline-open-gates"): sum(gate.state in ("INCONCLUSIVE", "NO_DATA") for gate in gates),
        MessageId("portfolio-headline-worse"): sum(bool(_alarms(one)) for one in projects),
    }
    parts += [say(message, n=n) for message, n in counted.items() if n]
    if unread := len(whole.snapshot.unread):
        parts.append(say("overview-unread-headline", n=unread))
    active = whole.facts.active
    if failed := sum(run.status == "FAILED" for run in active):
        parts.append(say("portfolio-headline-failed-runs", failed=failed, n=len(active)))
    return f"{'; '.join(parts)}."


def _unit(projects: Sequence[ProjectView]) -> str:
    """What a row stands for, as the messages name it."""
    return "experiments" if all(len(one.facts.project.experiments) == 1 for one in projects) else "projects"


def _alarms(one: ProjectView) -> Sequence[object]:
    return one.view.facts.weekly.alarms if one.view.facts.weekly else ()


def _tiles(whole: View, projects: Sequence[ProjectView]) -> tuple[Tile, ...]:
    say, gates = whole.say, whole.gates
    n_open = sum(bool(_open_rows(one)) for one in projects)
    n_passed = sum(gate.state == "PASS" for gate in gates)
    return (
        Tile(
            say("portfolio-tile-projects"),
            len(projects),
            "integer",
            note=say("portfolio-tile-ranked", n=sum(one.facts.has_result for one in projects)),
        ),
        *(
            (Tile(say("portfolio-tile-gates"), n_passed, "integer", note=say("portfolio-tile-of", n=len(gates))),)
            if gates
            else ()
        ),
        Tile(say("portfolio-tile-attention"), n_open, "integer", note=say("portfolio-tile-attention-note", n=len(projects))),
        Tile(
            say("portfolio-tile-runs"),
            len(whole.facts.active),
            "integer",
            note=say("portfolio-tile-finished", n=len(whole.facts.finished)),
        ),
    )


# --- rows --------------------------------------------------------------------------------------------------------------


def _rows(whole: View, portfolio: Portfolio, projects: Sequence[ProjectView]) -> Table:
    say = whole.say
    columns = (
        Column("project", say("portfolio-column-project"), width=24),
        Column("metric", say("portfolio-column-metric"), width=19),
        Column("best", say("portfolio-column-best"), "number", width=12),
        Column("change", say("portfolio-column-change"), width=14),
        Column("n_runs", say("portfolio-column-runs"), "integer", width=7),
        Column("state", say("portfolio-column-state"), width=20),
        Column("run", say("portfolio-column-run"), "run", width=20),
    )
    notes = [say("portfolio-trend-note", n=MOST_POINTS)] if any(map(_sparkline, projects)) else []
    notes += [_together(say, one) for one in projects if one.facts.project.why != "alone"]
    if portfolio.idle:
        names = say.listed([one_line(name, LONGEST_TITLE) for name in portfolio.idle], 8)
        notes.append(say("portfolio-idle", n=len(portfolio.idle), names=names))
    rows = tuple(_row(one) for one in projects)
    return Table(
        "portfolio", say("portfolio-table"), columns, rows, tuple(notes), len(rows), paper_rows=PAPER_ROWS, sortable=True
    )


def _together(say: Say, one: ProjectView) -> str:
    n = len(one.facts.project.experiments)
    if one.facts.project.why == "declared":
        return say("portfolio-declared", title=one.title, n=n)
    return say("portfolio-merged", title=one.title, n=n)


def _row(one: ProjectView) -> tuple[Cell, ...]:
    facts, metric, say = one.view.facts, one.view.primary, one.view.say
    board = facts.leaderboard
    best = board.best if board else None
    state, tone = _state(one)
    label = f"{label_of(metric)} {goal_arrow(metric.goal)}".strip() if metric else None
    if best is None or board is None or metric is None:
        values, link = (Cell(label), Cell(None), Cell(None)), Cell(None)
    else:
        folds = board.folds.get(best.key, 0)
        is_few = len(board.rows) < len(facts.finished) and not folds
        few = say("portfolio-few", n=len(board.rows), of=len(facts.finished)) if is_few else ""
        mean = say("portfolio-folds", n=folds) if folds else ""
        tied = say("portfolio-tied", n=board.n_tied) if board.n_tied > 1 else ""
        values = (
            Cell(label, note=say("portfolio-in-sample") if one.facts.is_in_sample else ""),
            Cell(best.value, format=metric.format, digits=metric.digits, note=_sparkline(one)),
            _change(one, metric),
        )
        link = Cell(one.view.link(best.key), note=", ".join(note for note in (mean, tied, few) if note))
    return (
        Cell(one.title),
        *values,
        Cell(len(facts.active)),
        Cell(state, tone),
        link,
    )


_LEVELS = "▁▂▃▄▅▆▇█"


def _sparkline(one: ProjectView) -> str:
    """The values of the newest finished runs in order of time, as a row of bars; empty for fewer than three."""
    trend = one.view.facts.trend
    values = trend.values[-MOST_POINTS:] if trend and one.facts.is_ranked else ()
    if trend is None or len(values) < 3 or len(set(trend.at)) < 2:
        return ""
    low, height = min(values), max(values) - min(values)
    last = len(_LEVELS) - 1
    return "".join(_LEVELS[round((value - low) / height * last) if height else last // 2] for value in values)


def _change(one: ProjectView, metric: Metric) -> Cell:
    """How the best value moved in the last period; words where it did not, or where there is nothing before it."""
    facts, say = one.view.facts, one.view.say
    delta, recent = best_delta(one, metric), facts.recent
    if lost_best(one.view, metric.name):
        return Cell(say("portfolio-best-lost"), "warning")
    if delta:
        tone: Tone = (
            "good" if metric.improvement(delta) > 0 else "neutral"
        )  # a best of fewer runs is lower by chance, and not tested
        return Cell(delta, tone, format=change_format(metric), digits=metric.digits)
    if not recent.runs:
        return Cell(say("portfolio-no-new-run"), "muted")
    return Cell(say("portfolio-no-new-best") if _is_later(one) else say("portfolio-first-period"), "muted")


def _is_later(one: ProjectView) -> bool:
    """Whether runs are known from before the last period."""
    facts = one.view.facts
    return bool(facts.recent.n_before or (facts.weekly and facts.weekly.n_earlier))


def best_delta(one: ProjectView, metric: Metric) -> float | None:
    """The best value less the best before the last period; None when either is not there."""
    weekly = one.view.facts.weekly
    record = next((best for best in weekly.bests if best.metric == metric.name), None) if weekly and weekly.earlier else None
    if record is not None:
        return record.delta
    best = next((best for best in one.view.facts.bests if best.metric == metric.name), None)
    return best.delta if best else None


def _state(one: ProjectView) -> tuple[str, Tone]:
    """The gravest thing there is to say; what passed only where something is ranked."""
    say, n = one.view.say, len(one.gates)
    counts = {state: sum(gate.state == state for gate in one.gates) for state in ("PASS", "FAIL", "INCONCLUSIVE", "NO_DATA")}
    if counts["FAIL"]:
        return say("portfolio-state-gates-failed", failed=counts["FAIL"], n=n), "bad"
    if _alarms(one):
        return say("portfolio-state-worse"), "bad"
    if not one.facts.is_ranked:
        return say("portfolio-state-unranked"), "warning"
    if one.facts.is_in_sample:
        return say("portfolio-state-in-sample"), "warning"
    if n > counts["PASS"]:
        return say("portfolio-state-gates-open", open=n - counts["PASS"], n=n), "warning"
    if n:
        return say("portfolio-state-gates-passed", passed=n, n=n), "good"
    if grave := {concern.key for concern in one.view.facts.health.concerns if concern.grave}:
        return say("portfolio-state-runs", n=len(grave)), "warning"
    return say("portfolio-state-no-gate"), "muted"


# --- lists -------------------------------------------------------------------------------------------------------------


def _changed(whole: View, projects: Sequence[ProjectView]) -> Block:
    """What the last period brought, project by project."""
    say = whole.say
    is_first = not any(_is_later(one) for one in projects)
    if is_first:
        return paragraph(say("portfolio-first-periods"))
    rows = [row for one in projects for row in (*_new_experiment(one), *_changes_of(one))]
    if not rows:
        n_tests = sum(one.view.facts.weekly.n_tests for one in projects if one.view.facts.weekly)
        return paragraph(say("portfolio-nothing-changed", tests=n_tests))
    columns = (
        Column("project", say("portfolio-column-project"), width=22),
        Column("what", say("portfolio-column-what"), width=14),
        Column("which", say("portfolio-column-which"), width=64),
    )
    return Table("changed", say("portfolio-changed"), columns, tuple(rows), n_total=len(rows), paper_rows=MOST_LISTED)


def _new_experiment(one: ProjectView) -> list[tuple[Cell, ...]]:
    """That a project ran for the first time, beside others that ran before."""
    facts, say = one.view.facts, one.view.say
    was_told = facts.previous_report is not None and facts.previous_report.experiments
    if _is_later(one) or was_told or not facts.recent.runs or facts.weekly:
        return []
    words = say("changes-new-experiment", name=one.title, n=len(facts.recent.runs))
    return [(Cell(one.title), Cell(say("portfolio-new")), Cell(words))]


def _changes_of(one: ProjectView) -> list[tuple[Cell, ...]]:
    weekly, metric, say = one.view.facts.weekly, one.view.primary, one.view.say
    rows: list[tuple[Cell, ...]] = []
    changes = headline_changes(one.view, weekly, brief=True) if weekly else []
    for block in of_paragraphs([*lost_best_blocks(one.view), *changes]):
        first, *rest = block.spans
        rows.append((Cell(one.title), Cell(first.text.strip(" ."), block.tone), Cell("".join(span.text for span in rest))))
    delta, board = best_delta(one, metric) if metric else None, one.view.facts.leaderboard
    start = one.view.facts.recent.start
    is_told = bool(weekly and weekly.earlier) or (metric is not None and lost_best(one.view, metric.name) is not None)
    if metric and delta and board and board.best and start and not is_told and metric.improvement(delta) > 0:
        words = say(
            "portfolio-new-best-words",
            metric=label_of(metric),
            value=value_words(metric, board.best.value),
            run=run_name(one.view.run(board.best.key)),
            change=change_words(metric, delta),
            since=say("portfolio-since", date=text_of(start, "date")),
        )
        rows.append((Cell(one.title), Cell(say("portfolio-new-best"), "good"), Cell(words)))
    return rows


def of_paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    return (block for block in blocks if isinstance(block, Paragraph))


def _attention(whole: View, projects: Sequence[ProjectView]) -> Block:
    """What a lead should ask about, project by project, the gravest first."""
    say = whole.say
    found = [(one, row) for one in projects for row in _open_rows(one)]
    if not found:
        return paragraph(say("portfolio-nothing-open", gates=len(whole.gates)), tone="good")
    found.sort(key=lambda pair: pair[1][3] != "bad")
    columns = (
        Column("project", say("portfolio-column-project"), width=22),
        Column("what", say("portfolio-column-what"), width=22),
        Column("n", say("portfolio-column-count"), "integer", width=8),
        Column("which", say("portfolio-column-which"), width=48),
    )
    rows = tuple((Cell(one.title), Cell(what), Cell(n or None, tone), Cell(which)) for one, (what, n, which, tone) in found)
    return Table("attention", say("portfolio-attention"), columns, rows, n_total=len(rows), paper_rows=MOST_LISTED)


def _open_rows(one: ProjectView) -> list[tuple[str, int, str, Tone]]:
    """What a lead should ask about in one project."""
    return [*_unranked_row(one), *attention_rows(one.view)]


def _unranked_row(one: ProjectView) -> list[tuple[str, int, str, Tone]]:
    say, metric = one.view.say, one.view.primary
    if not one.facts.is_ranked:
        return [(say("portfolio-unranked"), 0, _why_unranked(one), "warning")]
    if one.facts.is_in_sample and metric is not None:
        words = say("portfolio-in-sample-words", metric=label_of(metric))
        return [(say("portfolio-in-sample-only"), 0, words, "warning")]
    return []


def _why_unranked(one: ProjectView) -> str:
    """Why no run of a project is best, and the key of the config that changes it."""
    say, facts, metric = one.view.say, one.view.facts, one.view.primary
    if not facts.runs:
        return say("portfolio-why-traces")
    if not facts.finished:
        return say("portfolio-why-no-finished")
    own: Mapping[str, Metric] = {name: m for name, m in facts.metrics.items() if m.n_finished and not name.startswith("system/")}
    if not own:
        return say("portfolio-why-no-metric")
    key = f"per_experiment: {{{one_line(one.facts.project.names[0], 60)}: {{primary: METRIC}}}}"
    wanted = one.facts.report.primary
    if wanted is not None and wanted not in facts.metrics:
        return say("portfolio-why-missing", metric=one_line(wanted, 60), key=key)
    if metric is not None and not facts.evaluated[metric.name].is_ranked:
        return apart_words(one.view, metric.name)
    undirected = [m for m in own.values() if m.goal == "none"]
    if undirected and (metric is None or metric.goal == "none"):
        name = metric.name if metric is not None else max(undirected, key=lambda m: (m.n_finished, m.name)).name
        names = say.listed([one_line(m.label, 40) for m in undirected], 3)
        return say(
            "portfolio-why-no-direction",
            names=names,
            key=f"primary, and metrics: {{{one_line(name, 40)}: {{goal: maximize}}}} or minimize",
        )
    if metric is not None:
        return say("portfolio-why-no-value", metric=label_of(metric), key=key)
    return say("portfolio-why-no-candidate", key=key)

"""Page 1 of a report over several projects: one row for each, ranked by its own metric; nothing is said across rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.analyze.metrics import Metric
from reportgen.analyze.portfolio import Portfolio, ProjectFacts
from reportgen.formats import goal_arrow, one_line
from reportgen.model import Block, Cell, Column, Finding, Findings, Gate, Row, Section, Table, Tone
from reportgen.sections.brief import attention_items, changed_items, nothing_changed
from reportgen.sections.evaluations import apart_words
from reportgen.sections.headline import MOST_FINDINGS, gates_words, verdict_headline
from reportgen.sections.overview import sparkline
from reportgen.sections.previous_report import fewer_runs, flip_words, flipped_badly, lost_best, since_words
from reportgen.sections.view import View, paragraph, status_words, unread_notice
from reportgen.words import Say
from reportgen.words.quantities import change_format, label_of

PAPER_ROWS = 40
"""Rows of the table on paper; the page and the data files have all."""
MOST_LISTED = 8
"""Rows of the two lists on paper."""
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
    say = whole.say
    rows, lists = _rows(whole, portfolio, projects), Row((_changed(whole, projects), _attention(whole, projects)))
    blocks: list[Block] = [
        *unread_notice(whole),
        *fewer_runs(whole),
        *((rows, lists) if len(projects) <= FEW else (lists, rows)),
    ]
    if n_detailed < len(projects):
        blocks.append(paragraph(say("portfolio-more-details", shown=n_detailed, n=len(projects), unit=_unit(projects))))
        if n_unseen := sum(one.view.snapshot.contents.num_rows > 0 for one in projects[n_detailed:]):
            blocks.append(paragraph(say("portfolio-more-artifacts", n=n_unseen, unit=_unit(projects))))
    return Section("overview", say("portfolio-title"), tuple(blocks), say("portfolio-question"), is_brief=True)


def portfolio_headline(whole: View, projects: Sequence[ProjectView], gates: Sequence[Gate]) -> str:
    """What got worse, gates that did not pass, how many improved, a verdict; at most ``MOST_FINDINGS`` of them."""
    say, n, unit = whole.say, len(projects), _unit(projects)
    worse = [one.title for one in projects if _alarms(one)]
    n_improved = sum(_is_improved(one) for one in projects)
    verdicts = [(one.title, verdict) for one in projects for verdict in verdict_headline(one.view)]
    found = [
        say("headline-unread", n=len(whole.snapshot.unread)) if whole.snapshot.unread else "",
        say("portfolio-headline-worse", n=len(worse), names=say.listed(worse, 3)) if worse else "",
        gates_words(gates, say),
        say("portfolio-headline-improved", improved=n_improved, n=n, unit=unit) if n_improved else "",
        *(say("portfolio-headline-verdict", project=title, verdict=verdict) for title, verdict in verdicts[:1]),
    ]
    n_open = sum(_state(one)[1] in ("bad", "warning") for one in projects)
    if n_open and not (worse or gates_words(gates, say)):
        found.append(say("portfolio-headline-attention", open=n_open, n=n, unit=unit))
    n_ranked = sum(one.facts.has_result for one in projects)
    if not any(found) or (n_ranked < n and not n_open):  # those without one are among those that need a look
        found.append(say("portfolio-headline", ranked=n_ranked, n=n, unit=unit))
    return say.sentences(*[part for part in found if part][:MOST_FINDINGS])


def _is_improved(one: ProjectView) -> bool:
    metric = one.view.primary
    delta = best_delta(one, metric) if metric else None
    return metric is not None and delta is not None and metric.improvement(delta) > 0 and not lost_best(one.view, metric.name)


def _unit(projects: Sequence[ProjectView]) -> str:
    """What a row stands for, as the messages name it."""
    return "experiments" if all(len(one.facts.project.experiments) == 1 for one in projects) else "projects"


def _alarms(one: ProjectView) -> Sequence[object]:
    return one.view.facts.weekly.alarms if one.view.facts.weekly else ()


# --- rows --------------------------------------------------------------------------------------------------------------


def _rows(whole: View, portfolio: Portfolio, projects: Sequence[ProjectView]) -> Table:
    say = whole.say
    columns = (
        Column("project", say("portfolio-column-project"), width=24),
        Column("metric", say("portfolio-column-metric"), width=18),
        Column("best", say("portfolio-column-best"), "number", width=15),
        Column("change", say("portfolio-column-change"), width=14),
        Column("course", say("portfolio-column-course"), width=16),
        Column("n_runs", say("portfolio-column-runs"), "integer", width=7),
        Column("state", say("portfolio-column-state"), width=16),
        Column("run", say("portfolio-column-run"), "run", width=20, on_paper=False),
    )
    notes = [say("portfolio-own-metric")]
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
        values, link = (Cell(label), Cell(None), Cell(None), Cell(None)), Cell(None)
    else:
        folds = board.folds.get(best.key, 0)
        is_few = len(board.rows) < len(facts.finished) and not folds
        few = say("portfolio-few", n=len(board.rows), of=len(facts.finished)) if is_few else ""
        mean = say("portfolio-folds", n=folds) if folds else ""
        tied = say("portfolio-tied", n=board.n_tied) if board.n_tied > 1 else ""
        values = (
            Cell(label, note=say("portfolio-in-sample") if one.facts.is_in_sample else ""),
            Cell(best.value, format=metric.format, digits=metric.digits, note=say.commas(mean, tied, few)),
            _change(one, metric),
            Cell(None, chart=sparkline(one.view, facts.courses.get(metric.name), metric) if one.facts.is_ranked else None),
        )
        link = Cell(one.view.link(best.key))
    return (
        Cell(one.title),
        *values,
        Cell(len(facts.active)),
        Cell(state, tone),
        link,
    )


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


def _changed(whole: View, projects: Sequence[ProjectView]) -> Findings:
    """What the last period brought, project by project; what became of the last report's runs first."""
    say, items = whole.say, list(_since(whole))
    for one in projects:
        items += [_of_project(item, one) for item in (*_new_experiment(one), *changed_items(one.view))]
    items.sort(key=lambda item: item.tone != "bad")
    if not any(_is_later(one) for one in projects):
        items = list(_since(whole)) or [Finding(say("brief-first"), _started(whole), "muted", "=")]
    elif not items:
        items = [nothing_changed(whole, sum(one.view.facts.weekly.n_tests for one in projects if one.view.facts.weekly))]
    return Findings(say("brief-changed"), tuple(items[:MOST_LISTED]), n_more=max(0, len(items) - MOST_LISTED))


def _of_project(item: Finding, one: ProjectView) -> Finding:
    """With the name of its project, which names of gates begin with already."""
    named = item.title.startswith(f"{one.title}: ")
    return item if named else replace(item, title=one.view.say("portfolio-section", project=one.title, section=item.title))


def _started(whole: View) -> str:
    runs = whole.facts.runs
    return whole.say("brief-started", n=len(runs), status=status_words(runs, whole.say))


def _since(whole: View) -> Iterator[Finding]:
    """What became of the runs and gates of the last report."""
    if flips := flip_words(whole):
        yield Finding(flips, tone="bad" if flipped_badly(whole) else "neutral")
    if words := since_words(whole):
        yield Finding(words)


def _new_experiment(one: ProjectView) -> Iterator[Finding]:
    """That a project ran for the first time, beside others that ran before."""
    facts, say = one.view.facts, one.view.say
    was_told = facts.previous_report is not None and facts.previous_report.experiments
    if not (_is_later(one) or was_told or not facts.recent.runs or facts.weekly):
        words = say("changes-new-experiment", name=one.title, n=len(facts.recent.runs))
        yield Finding(say("portfolio-new"), words)


def _attention(whole: View, projects: Sequence[ProjectView]) -> Findings:
    """What a lead should ask about, project by project, the gravest first."""
    say = whole.say
    found = [
        _of_project(item, one) for one in projects for item in (*_unranked_item(one), *attention_items(one.view, ranked=False))
    ]
    found.sort(key=lambda item: item.tone != "bad")
    if not found:
        found = [Finding(say("brief-nothing-open"), say("portfolio-nothing-open", gates=len(whole.gates)), "good")]
    return Findings(say("brief-attention"), tuple(found[:MOST_LISTED]), n_more=max(0, len(found) - MOST_LISTED))


def _unranked_item(one: ProjectView) -> Iterator[Finding]:
    """That only training metrics rank; why nothing is ranked is among the items of every report."""
    say, metric = one.view.say, one.view.primary
    if not one.facts.is_ranked:
        yield Finding(say("portfolio-unranked"), _why_unranked(one), "warning")
    elif one.facts.is_in_sample and metric is not None:
        yield Finding(say("portfolio-in-sample-only"), say("portfolio-in-sample-words", metric=label_of(metric)), "warning")


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

"""Facts → ``Report``: the sections that the config chose, in its order, with its titles and comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import cast

from reportgen.analyze.facts import Facts
from reportgen.analyze.portfolio import Portfolio, ProjectFacts
from reportgen.analyze.projects import PER_PROJECT, Project
from reportgen.analyze.runs import RunKey
from reportgen.config import SINCE_LAST_REPORT, MetricConfig, ReportConfig, SectionConfig, WindowRange
from reportgen.errors import Problem
from reportgen.formats import one_line, slug, text_of
from reportgen.model import (
    Block,
    Cell,
    Chart,
    Column,
    Gate,
    GateState,
    Inputs,
    Notice,
    Prose,
    Provenance,
    Report,
    Row,
    Section,
    Table,
    Tone,
    Window,
)
from reportgen.sections.custom import custom_section
from reportgen.sections.explorer import explorer_of
from reportgen.sections.headline import headline
from reportgen.sections.lookups import filled, lookup_problems
from reportgen.sections.portfolio import ProjectView, portfolio_headline, portfolio_section
from reportgen.sections.previous_report import fewer_runs
from reportgen.sections.registry import SECTIONS
from reportgen.sections.signing import decision_of, with_decision
from reportgen.sections.view import View, run_link, unread_notice
from reportgen.snapshot import LedgerRow, Snapshot
from reportgen.words import Say, Words, stand_in_problems, told
from reportgen.words.gates import gate_problems, gates_of
from reportgen.words.problems import problems_of
from reportgen.words.waivers import waiver_problems, with_waivers


def report_of(
    facts: Facts,
    snapshot: Snapshot,
    report: ReportConfig,
    metrics: Mapping[str, MetricConfig],  # noqa: ARG001 - what it says is in the facts; sections of others may want it
    *,
    name: str,
    now: datetime,
    window: Window,
    config_digest: str,
    versions: tuple[tuple[str, str], ...],
    run_url: Callable[[str, str], str | None],
    portfolio: Portfolio | None = None,
    change: tuple[tuple[str, str], ...] = (),
    code: Path | None = None,
    fill: Callable[[str, Mapping[str, object]], tuple[str, tuple[str, ...]]] | None = None,
) -> Report:
    """The report ``name``: every chosen section, all problems found on the way, and where each number comes from."""
    with told(report.language, report.timezone) as stand_ins:
        made = _report_of(
            facts,
            snapshot,
            report,
            name=name,
            now=now,
            window=window,
            config_digest=config_digest,
            versions=versions,
            run_url=run_url,
            portfolio=portfolio,
            change=change,
            code=code,
            fill=fill,
        )
    if not stand_ins:
        return made
    return replace(made, problems=tuple(sorted({*made.problems, *stand_in_problems(report.language, stand_ins)})))


def _report_of(
    facts: Facts,
    snapshot: Snapshot,
    report: ReportConfig,
    *,
    name: str,
    now: datetime,
    window: Window,
    config_digest: str,
    versions: tuple[tuple[str, str], ...],
    run_url: Callable[[str, str], str | None],
    portfolio: Portfolio | None,
    change: tuple[tuple[str, str], ...],
    code: Path | None,
    fill: Callable[[str, Mapping[str, object]], tuple[str, tuple[str, ...]]] | None,
) -> Report:
    several = len({run.experiment_id for run in facts.runs}) > 1
    say = Words()
    gates = _judged(gates_of(facts.gates, lambda key: run_link(facts.by_key[key], run_url), say), facts, report, now, say)
    found = tuple(sorted({*snapshot.problems, *problems_of(facts.findings, say), *gate_problems(gates, say)}))
    view = View(facts, snapshot, report, now, window, run_url, several, gates, found, say, code=code, fill=fill)
    if portfolio is None:
        sections, failed = sections_of(report.sections, view)
        line, numbers = headline(view, gates), counts(facts, gates, _runs_of_groups(facts) if view.is_memo else None)
    else:
        projects = project_views(portfolio, view)
        gates = (*(gate for one in projects for gate in one.gates), *gates)
        view = replace(view, gates=gates)
        found = tuple(sorted({*found, *(problem for one in projects for problem in one.view.problems)}))
        sections, failed = portfolio_sections(view, portfolio, projects)
        line, numbers = portfolio_headline(view, projects, gates), portfolio_counts(facts, gates, projects)
    last = facts.previous_report.day if facts.previous_report else ""
    decision = decision_of(report.decide, sections, gates)
    explorer, unexplored = explorer_of(view)
    looked_up = lookup_problems(view)
    ordered = tuple(sorted({*found, *failed, *unexplored, *looked_up, *waiver_problems(gates, report.waive, say)}))
    return Report(
        name=name,
        title=report.title or name,
        generated_at=now,
        window=replace(window, words=window_words(report, window, now, last, say)),
        sections=with_decision(sections, decision, view.say),
        problems=ordered,
        provenance=Provenance(
            source=snapshot.source.uri,
            source_kind=snapshot.source.kind,
            snapshot_digest=snapshot.digest(),
            config_digest=config_digest,
            versions=versions,
            ledger=ledger_table(snapshot.ledger, say),
            selection=snapshot.selection,
            change=change,
            sources=tuple((s.name, s.uri, s.kind if s.was_read else say("report-read", kind=s.kind)) for s in snapshot.sources),
        ),
        gates=gates,
        headline=line,
        metrics=numbers | {"n_problems": len(ordered)},
        decision=decision,
        inputs=inputs_of(facts, portfolio.projects if portfolio else ()),
        last_report=last,
        layout="memo" if view.is_memo else "report",
        explorer=explorer,
        profile=report.profile,
        language=report.language,
        timezone=report.timezone,
    )


def window_words(report: ReportConfig, window: Window, now: datetime, last_report: str, say: Say) -> str:
    """The period as a reader says it: "7 days to 2026-11-20"."""
    chosen, n, kind = report.window, 0, "all"
    first, last = last_report, text_of(now, "date")
    if chosen == SINCE_LAST_REPORT:
        kind = "last-report" if window.start is not None else "no-last-report"
    elif isinstance(chosen, str) and window.start is not None and window.end is not None:
        kind, n = "span", (window.end - window.start).days
    elif isinstance(chosen, WindowRange):
        kind = "from-to" if chosen.from_ and chosen.to else "from" if chosen.from_ else "to" if chosen.to else "all"
        first, last = str(chosen.from_ or ""), str(chosen.to or "")
    return say("report-window", kind=kind, n=n, first=first, last=last)


def _judged(gates: Sequence[Gate], facts: Facts, report: ReportConfig, now: datetime, say: Say) -> tuple[Gate, ...]:
    """``gates`` with their waivers and with what they decided in the last report."""
    then = dict(facts.previous_report.gates) if facts.previous_report else {}
    known = (replace(gate, before=cast("GateState | None", then.get(gate.name))) for gate in gates)
    return with_waivers(known, report.waive, now, say)


_OF_RUNS = frozenset({"overview", "runs", "leaderboard", "health"})


def sections_of(chosen: Iterable[SectionConfig], view: View) -> tuple[tuple[Section, ...], tuple[Problem, ...]]:
    """The ``chosen`` sections of one view, each once, and a problem for each that could not be made."""
    made = [_section(one, view) for one in chosen]
    return _unique([section for section, _ in made if section]), tuple(problem for _, problem in made if problem)


def _section(chosen: SectionConfig, view: View) -> tuple[Section | None, Problem | None]:
    """The section with the author's title and comment; a fault in it costs its place, not the report."""
    if chosen.is_custom:
        own, problem = custom_section(view, chosen.section)
        return (_titled(own, chosen, view) if own else None), problem
    try:
        section = SECTIONS[chosen.section](view)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a bug here and the reader must learn of it
        what = view.say("report-section-could-made", name=type(error).__name__, error=one_line(str(error), 200))
        problem = Problem("section-failed", chosen.section, what, view.say("report-please-report-bug"))
        title = chosen.title or chosen.section.capitalize()
        notice = Notice("bad", view.say("report-section-missing"), what, problem.todo, problem.slug)
        return Section(chosen.section, title, (notice,)), problem
    if section is not None and chosen.section in _OF_RUNS and view.snapshot.unread and not view.facts.runs:
        section = replace(
            section, blocks=(*unread_notice(view), *fewer_runs(view))
        )  # nothing is known, not even that there is none
    return (_titled(section, chosen, view), None) if section is not None else (None, None)


def _titled(section: Section, chosen: SectionConfig, view: View) -> Section:
    """With the author's title and comment."""
    comment = (Prose(filled(view, chosen.comment, chosen.section)[0], "config.yaml"),) if chosen.comment else ()
    is_brief = section.is_brief and not chosen.title  # a title that was asked for is shown
    blocks = tuple(_with_few_notes(block) for block in section.blocks)
    return replace(section, title=chosen.title or section.title, blocks=(*comment, *blocks), is_brief=is_brief)


MOST_NOTES = 2
"""Sentences under a table or a picture; the others are among the section's method."""


def _with_few_notes(block: Block) -> Block:
    match block:
        case Table() | Chart() if len(block.notes) > MOST_NOTES:
            return replace(block, notes=block.notes[:MOST_NOTES], method=(*block.notes[MOST_NOTES:], *block.method))
        case Row():
            return replace(block, blocks=tuple(map(_with_few_notes, block.blocks)))
        case _:
            return block


def _unique(sections: list[Section]) -> tuple[Section, ...]:
    """A section asked for twice keeps its first place: ids are anchors and file names."""
    return tuple({section.id: section for section in reversed(sections)}[key] for key in dict.fromkeys(s.id for s in sections))


def inputs_of(facts: Facts, projects: Sequence[ProjectFacts]) -> Inputs:
    """What was read, what is best, and what was compared, by ids."""
    parts = [one.facts for one in projects] or [facts]
    best = [one.leaderboard.best.key[1] for one in parts if one.leaderboard is not None and one.leaderboard.best is not None]
    groups = facts.comparison.groups if facts.comparison else ()
    return Inputs(
        experiments=tuple(sorted({(run.experiment_id, one_line(run.experiment, 250)) for run in facts.runs})),
        best=tuple(dict.fromkeys(best)),
        compared=tuple((one_line(group.label), tuple(run_id for _, run_id in sorted(group.finished))) for group in groups),
    )


def _runs_of_groups(facts: Facts) -> frozenset[RunKey]:
    groups = facts.comparison.groups if facts.comparison else ()
    return frozenset(key for one in groups for key in (*one.finished, *one.failed, *one.unfinished, *one.repeated))


def counts(facts: Facts, gates: tuple[Gate, ...], group_runs: Collection[RunKey] | None = None) -> dict[str, float]:
    """Numbers for machines; of a memo those of its groups' runs, and no best value, which may be of a run outside of them."""
    active = facts.active if group_runs is None else [run for run in facts.active if run.key in group_runs]
    status = Counter(run.status for run in active)
    numbers: dict[str, float] = {
        "n_runs": len(active),
        "n_finished": status["FINISHED"],
        "n_failed": status["FAILED"],
        "n_gates_failed": sum(gate.state == "FAIL" for gate in gates),
        "n_gates_inconclusive": sum(gate.state == "INCONCLUSIVE" for gate in gates),
        "n_gates_no_data": sum(gate.state == "NO_DATA" for gate in gates),
        "n_gates_waived": sum(gate.is_waived for gate in gates),
    }
    comparison = facts.comparison
    if comparison is not None and any(d.p is not None for d in (comparison.metrics[0].differences if comparison.metrics else ())):
        numbers["n_looks"] = 1 + (comparison.looks_before or 0)  # the next report of this comparison reads it here
    is_ranked = facts.leaderboard is not None and facts.leaderboard.best is not None
    return numbers | {f"best/{best.metric}": best.value for best in facts.bests if is_ranked and group_runs is None}


# --- several projects --------------------------------------------------------------------------------------------------


def project_views(portfolio: Portfolio, whole: View) -> tuple[ProjectView, ...]:
    """Each project with the view that its sections get; its gates and problems say which project they are of."""
    return tuple(_project_view(one, whole) for one in portfolio.projects)


def _project_view(one: ProjectFacts, whole: View) -> ProjectView:
    facts, title = one.facts, one_line(one.project.title, 60)
    gates = gates_of(facts.gates, lambda key: run_link(facts.by_key[key], whole.run_url), whole.say)
    placed_gates = [replace(gate, name=whole.say("portfolio-section", project=title, section=gate.name)) for gate in gates]
    named = _judged(placed_gates, whole.facts, whole.report, whole.now, whole.say)
    problems = {*problems_of(facts.findings, whole.say), *gate_problems(gates, whole.say)}
    placed = {
        replace(problem, where=whole.say("portfolio-section", project=title, section=problem.where)) for problem in problems
    }
    view = replace(
        whole,
        facts=facts,
        snapshot=one.snapshot,
        report=one.report,
        several_experiments=len(one.project.experiments) > 1,
        gates=named,
        problems=tuple(sorted(placed)),
        is_part=True,
    )
    return ProjectView(one, view)


def portfolio_sections(
    whole: View, portfolio: Portfolio, projects: Sequence[ProjectView]
) -> tuple[tuple[Section, ...], tuple[Problem, ...]]:
    """Page 1 over all projects, the sections of those that get their own, then what is about all runs."""
    chosen = {one.section: one for one in whole.report.sections}
    detailed = projects[: whole.report.detailed_experiments]
    sections: list[Section] = []
    failed: list[Problem] = []
    if (opening := chosen.get("overview")) is not None:
        first = portfolio_section(whole, portfolio, projects, len(detailed))
        sections.append(_titled(first, opening, whole))
    for one in detailed:
        own, problems = sections_of(one.facts.report.sections, one.view)
        sections += [of_project(section, one.title, one.facts.project, whole.say) for section in own]
        failed += [replace(problem, where=f"{one.title}: {problem.where}") for problem in problems]
    rest, problems = sections_of([one for one in whole.report.sections if one.section not in PER_PROJECT], whole)
    return (*sections, *rest), (*failed, *problems)


def of_project(section: Section, title: str, project: Project, say: Say) -> Section:
    """``section`` under the name of its project, with ids that no other project's section has."""
    mark = slug(",".join(project.experiments) + project.title, 24)
    heading = title if section.id == "overview" else say("portfolio-section", project=title, section=section.title)
    return replace(
        section,
        id=f"{mark}-{section.id}",
        title=heading,
        is_brief=False,
        blocks=tuple(_marked(block, mark) for block in section.blocks),
        part=title,
    )


def _marked(block: Block, mark: str) -> Block:
    match block:
        case Table():
            return replace(block, id=f"{mark}-{block.id}")
        case Chart():
            table = replace(block.table, id=f"{mark}-{block.table.id}") if block.table else None
            return replace(block, id=f"{mark}-{block.id}", table=table)
        case Row():
            return replace(block, blocks=tuple(_marked(one, mark) for one in block.blocks))
        case _:
            return block


def portfolio_counts(facts: Facts, gates: tuple[Gate, ...], projects: Sequence[ProjectView]) -> dict[str, float]:
    """Numbers for machines; best values by project, since those of different projects are no values of one thing."""
    numbers = counts(facts, gates) | {
        "n_projects": len(projects),
        "n_projects_with_result": sum(one.facts.has_result for one in projects),
    }
    bests = {
        f"best/{one.facts.project.title}/{best.metric}": best.value
        for one in projects
        if one.facts.is_ranked
        for best in one.view.facts.bests
    }
    return numbers | bests


def ledger_table(rows: tuple[LedgerRow, ...], say: Say) -> Table:
    """What the store says it holds, what was read, and why the rest was not; one row for an experiment without anything."""
    columns = (
        Column("experiment", say("report-column-experiment")),
        Column("item", say("report-column-item")),
        Column("n_store", say("report-column-store"), "integer"),
        Column("n_read", say("report-column-read"), "integer"),
        Column("n_left_out", say("report-column-left-out"), "integer"),
        Column("why", say("report-column-why")),
    )
    cells = tuple(_ledger_cells(row, why, say) for row, why in _without_zeros(rows, say))
    n_open = sum(row.unexplained != 0 for row in rows)
    note = say("report-every-row-balances-store") if not n_open else say("report-rows-balance-see-problems", n=n_open)
    return Table(
        "ledger", say("report-what-read"), columns, cells, (note,) if rows else (), len(cells), sortable=True, on_paper=False
    )


def _without_zeros(rows: Iterable[LedgerRow], say: Say) -> Iterator[tuple[LedgerRow, str]]:
    """(row, what is to be said of it): of an experiment without runs one row names all that it has none of."""
    for _, its in groupby(rows, key=lambda row: (row.experiment_id, row.experiment)):
        own = list(its)
        zeros = [row for row in own if not (row.n_store or row.n_read or row.left_out)]
        if len(zeros) < 2 or zeros[0].item != "runs":
            yield from ((row, "") for row in own)
            continue
        yield zeros[0], say("report-nothing-stored-either", item=say("list-separator").join(row.item for row in zeros[1:]))
        yield from ((row, "") for row in own if row not in zeros)


def _ledger_cells(row: LedgerRow, why: str, say: Say) -> tuple[Cell, ...]:
    tone: Tone = "warning" if row.unexplained else "neutral"
    why = why or say("list-clause-separator").join((f"{n:,} {reason}" for reason, n in row.left_out))
    if row.unexplained:
        why = say("list-clause-separator").join(
            [why, say("report-unexplained", unexplained=row.unexplained)]
            if why
            else [say("report-unexplained", unexplained=row.unexplained)]
        )
    return (
        Cell(one_line(row.experiment, 80) or row.experiment_id),
        Cell(row.item),
        Cell(row.n_store),
        Cell(row.n_read, tone),
        Cell(sum(n for _, n in row.left_out)),
        Cell(why or None),
    )

"""The section `evaluations` of a report: the latest evaluation of each experiment against the one before, and all of them over time."""

from __future__ import annotations

from reportgen.analyze.genai.overview import ExperimentEvaluations, ScorerLine
from reportgen.analyze.genai.paired import PairedScores
from reportgen.formats import one_line
from reportgen.model import Block, Cell, Column, Interval, Section, Sparkline, Table
from reportgen.sections.genai.values import change_cell, score, scorer_name, value_cell, verdict_cell
from reportgen.sections.view import View, paragraph, run_name
from reportgen.words import MessageId, Say

MOST_LISTED = 10


def evaluations_section(view: View) -> Section | None:
    """Left out when no run is an evaluation with answers."""
    if not view.facts.evaluation_overview:
        return None
    blocks: list[Block] = []
    several = len(view.facts.evaluation_overview) > 1
    for at, one in enumerate(view.facts.evaluation_overview):
        mark = f"-{at + 1}" if several else ""
        blocks += _blocks(view, one, mark)
    return Section("evaluations", view.say("genai-overview-title"), tuple(blocks), view.say("genai-overview-question"))


def _blocks(view: View, one: ExperimentEvaluations, mark: str) -> list[Block]:
    blocks: list[Block] = [paragraph(_lead(view, one)), _scorers_table(view, one, f"evaluations-scorers{mark}")]
    blocks.append(_runs_table(view, one, f"evaluations-runs{mark}"))
    if one.prompts:
        blocks.append(_prompts_table(view, one, f"evaluations-prompts{mark}"))
    return blocks


def _lead(view: View, one: ExperimentEvaluations) -> str:
    """What the latest evaluation says against the one before."""
    say, last = view.say, view.run(one.runs[-1].key)
    told = say(
        "genai-overview-lead",
        n=len(one.runs) + one.n_earlier,
        experiment=one_line(last.experiment, 60),
        latest=run_name(last),
        rows=one.runs[-1].n_rows,
    )
    if one.latest is None:
        return told
    before = run_name(view.run(one.runs[-2].key))
    worse, better = (
        [scorer_name(scorer.key, say) for scorer in scorers] for scorers in (one.latest.of("worse"), one.latest.of("better"))
    )
    named = [(MessageId("genai-overview-worse"), worse), (MessageId("genai-overview-better"), better)]
    parts = [say(message, scorers=say.listed(names, 4), before=before) for message, names in named if names]
    return " ".join([told, *(parts or [say("genai-overview-same", before=before)])])


def _scorers_table(view: View, one: ExperimentEvaluations, id_: str) -> Table:
    say = view.say
    paired = {scorer.key: scorer for scorer in one.latest.scorers} if one.latest is not None else {}
    order = [key for key in paired if key in {line.key for line in one.scorers}]
    lines = sorted(one.scorers, key=lambda line: (order.index(line.key) if line.key in order else len(order), line.key))
    columns = [Column("scorer", say("genai-column-scorer")), Column("mean", say("genai-column-own-mean"))]
    if len(one.runs) > 2:
        columns.append(Column("trend", say("genai-column-trend")))
    if paired:
        columns += [Column("change", say("genai-column-change-before"), "change"), Column("verdict", say("genai-column-verdict"))]
    rows = tuple(_line_cells(line, paired.get(line.key), say, trend=len(one.runs) > 2, compared=bool(paired)) for line in lines)
    title = say("genai-overview-scorers", latest=run_name(view.run(one.runs[-1].key)))
    return Table(id_, title, tuple(columns), rows, n_total=len(rows), paper_rows=14)


def _line_cells(line: ScorerLine, paired: PairedScores | None, say: Say, *, trend: bool, compared: bool) -> tuple[Cell, ...]:
    last = line.means[-1]
    shown = value_cell(line.kind, None)
    cells = [Cell(scorer_name(line.key, say)), Cell(last, format=shown.format, digits=1 if line.kind == "pass" else None)]
    if trend:
        values = tuple(mean.value if mean is not None else None for mean in line.means)
        drawn = sum(value is not None for value in values) > 1
        cells.append(Cell(None, chart=Sparkline(values, _trend_words(line, say)) if drawn else None))
    if compared:
        cells += [change_cell(paired), verdict_cell(paired, say)] if paired is not None else [Cell(None), Cell(None)]
    return tuple(cells)


def _trend_words(line: ScorerLine, say: Say) -> str:
    known = [mean for mean in line.means if mean is not None]
    first, last = (_mean_words(line, mean) for mean in (known[0], known[-1]))
    return say("genai-trend", n=len(known), first=first, last=last)


def _mean_words(line: ScorerLine, mean: Interval) -> str:
    return score(line.kind, mean.value)


def _runs_table(view: View, one: ExperimentEvaluations, id_: str) -> Table:
    say = view.say
    columns = (
        Column("run", say("genai-column-run"), "run"),
        Column("started", say("genai-column-started"), "time"),
        Column("rows", say("genai-column-n-rows"), "integer"),
        Column("answers", say("genai-column-answers"), "integer"),
        Column("failed", say("genai-column-failed"), "integer"),
        Column("seconds", say("genai-column-seconds"), "duration"),
        Column("cost", say("genai-column-cost"), "number"),
        Column("prompts", say("genai-column-prompts")),
        Column("dataset", say("genai-column-dataset")),
    )
    rows = tuple(
        (
            Cell(view.link(its.key)),
            Cell(view.run(its.key).started_at),
            Cell(its.n_rows),
            Cell(its.n_answers),
            Cell(its.n_failed, "warning" if its.n_failed else "neutral"),
            Cell(its.seconds),
            Cell(its.cost),
            Cell(", ".join(f"{one_line(name, 40)} v{one_line(version, 20)}" for name, version in its.prompts) or None),
            Cell(", ".join(one_line(f"{name} ({digest})", 60) for name, digest in its.dataset) or None),
        )
        for its in reversed(one.runs)
    )
    n = len(one.runs) + one.n_earlier
    return Table(id_, say("genai-overview-runs"), columns, rows, n_total=n, paper_rows=MOST_LISTED, sortable=True)


def _prompts_table(view: View, one: ExperimentEvaluations, id_: str) -> Table:
    """Which version was used where; the scores are of its latest evaluation, since data and scorers move too."""
    say = view.say
    aliases = {(version.name, version.version): version.aliases for version in view.facts.models.prompts}
    drawn = [line for line in one.scorers if line.goal != "none" and line.kind != "label"][:4]
    at = {its.key: place for place, its in enumerate(one.runs)}
    columns = (
        Column("prompt", say("genai-column-prompt")),
        Column("aliases", say("genai-column-aliases")),
        Column("runs", say("genai-column-used-by"), "integer"),
        *(Column(f"scorer:{line.key.name}", scorer_name(line.key, say), "number", goal=line.goal) for line in drawn),
    )
    rows = tuple(
        (
            Cell(f"{one_line(prompt.name, 40)} v{one_line(prompt.version, 20)}"),
            Cell(", ".join(one_line(alias, 30) for alias in aliases.get((prompt.name, prompt.version), ())) or None),
            Cell(len(prompt.runs)),
            *(
                value_cell(line.kind, mean.value if (mean := line.means[at[prompt.runs[-1]]]) is not None else None)
                for line in drawn
            ),
        )
        for prompt in one.prompts
    )
    return Table(
        id_, say("genai-overview-prompts"), columns, rows, (say("genai-overview-prompts-note"),), len(rows), paper_rows=8
    )

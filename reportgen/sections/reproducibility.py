"""What is missing to run a run again."""

from __future__ import annotations

from reportgen.analyze.reproducibility import Reproducibility
from reportgen.formats import listed, one_line, plural
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.view import View, paragraph, run_name


def reproducibility_section(view: View) -> Section:
    found = view.facts.reproducibility
    title, question = "Reproducibility", "What is missing for a rerun?"
    if not found.n:
        return Section("reproducibility", title, (paragraph("There is no finished run to check."),), question)
    n_complete = len(found.complete)
    lead = paragraph(
        f"{n_complete:,} of {plural(found.n, 'finished run')} {'has' if n_complete == 1 else 'have'} all of {', '.join(check.name.lower() for check in found.checks)} on record."
    )
    blocks: list[Block] = [lead, _checks(found)]
    lacked_by_all = [check.name.lower() for check in found.checks if not check.have]
    if lacked_by_all:
        blocks.append(paragraph(f"On record of no run: {listed(lacked_by_all)}."))
    if any(check.lack and check.have for check in found.checks):
        blocks.append(_lacking(view, found))
    blocks += [*_versions(view, found), *_sources(view)]
    return Section("reproducibility", title, tuple(blocks), question)


def _sources(view: View) -> list[Block]:
    """Where the runs of each source are, when there are several."""
    named = [f"{info.name} ({info.uri})" for info in view.snapshot.sources if info.was_read]
    if not named:
        return []
    return [
        paragraph(
            f"The runs are from {plural(len(named), 'tracking store')}: {listed(named, len(named))}. An experiment's id has its store's "
            "name before a colon, and a run's id behind # where two stores hold that run."
        )
    ]


def _checks(found: Reproducibility) -> Table:
    columns = (
        Column("check", "Needed"),
        Column("have", "Have it", "integer"),
        Column("share", "Share", "percent", 0),
        Column("lack", "Lack it", "integer"),
        Column("what", "What counts"),
    )
    rows = tuple(
        (
            Cell(c.name),
            Cell(len(c.have)),
            Cell(len(c.have) / found.n),
            Cell(len(c.lack), "warning" if c.lack else "good"),
            Cell(c.what),
        )
        for c in found.checks
    )
    notes = (f"Finished runs only, n = {found.n:,}. A check says that something is on record, not that it still exists.",)
    return Table("reproducibility", "What is on record", columns, rows, notes)


def _lacking(view: View, found: Reproducibility) -> Table:
    """Runs that lack what other runs have; what no run has is said once, not once for each run."""
    missing: dict[tuple[str, str], list[str]] = {}
    for check in found.checks:
        for key in check.lack if check.have else ():
            missing.setdefault(key, []).append(check.name.lower())
    columns = (Column("run", "Run", "run"), Column("missing", "Missing"))
    order = sorted(missing, key=lambda key: (-len(missing[key]), view.run(key).order))
    rows = tuple((Cell(view.link(key)), Cell(", ".join(missing[key]))) for key in order)
    return Table(
        "reproducibility-missing", "Runs that lack what others have", columns, rows, (), len(rows), paper_rows=15, sortable=True
    )


def _versions(view: View, found: Reproducibility) -> list[Block]:
    blocks: list[Block] = []
    if found.commits:
        commits = [f"{one_line(commit, 40)[:10]} ({plural(n, 'run')})" for commit, n in found.commits]
        blocks.append(paragraph(f"{plural(len(found.commits), 'code version')}: {listed(commits)}."))
    if found.dirty:
        names = listed([run_name(view.run(key)) for key in found.dirty])
        blocks.append(paragraph(f"{plural(len(found.dirty), 'run')} ran with uncommitted changes: {names}.", tone="warning"))
    if found.datasets:
        columns = (Column("name", "Data set"), Column("digest", "Digest", "code"), Column("n", "Finished runs", "integer"))
        rows = tuple((Cell(one_line(name, 80)), Cell(one_line(digest, 40)), Cell(n)) for name, digest, n in found.datasets)
        blocks.append(Table("datasets", "Data sets", columns, rows, (), len(rows), paper_rows=20))
    return blocks

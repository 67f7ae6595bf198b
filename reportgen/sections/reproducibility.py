"""Section "Reproducibility": what is missing to run a run again."""

from __future__ import annotations

from reportgen.analyze.compare.likeness import COMMIT_TAG
from reportgen.analyze.reproducibility import Need, Reproducibility
from reportgen.formats import one_line
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.view import View, paragraph, run_name


def reproducibility_section(view: View) -> Section:
    say, found = view.say, view.facts.reproducibility
    title, question = say("reproducibility-title"), say("reproducibility-question")
    if not found.n:
        return Section("reproducibility", title, (paragraph(say("reproducibility-no-run")),), question)
    blocks: list[Block] = [
        paragraph(say("reproducibility-complete", complete=len(found.complete), n=found.n)),
        paragraph(_recorded(view, found)),
        _checks(view, found),
    ]
    if any(check.lack and check.have for check in found.checks):
        blocks.append(_lacking(view, found))
    blocks += [*_versions(view, found), *_stores(view)]
    return Section("reproducibility", title, tuple(blocks), question)


def _inline(view: View, need: Need) -> str:
    """The need as a noun inside a sentence."""
    return view.say("reproducibility-need-inline", need=need)


def _recorded(view: View, found: Reproducibility) -> str:
    """What all runs recorded, what fewer did, what none did, in one sentence: paper has no table of it."""
    by_count: dict[int, list[str]] = {}
    for check in sorted(found.checks, key=lambda check: -len(check.have)):
        by_count.setdefault(len(check.have), []).append(_inline(view, check.need))
    say = view.say
    told = [
        say(
            "reproducibility-recorded-by", have=n, who="all" if n == found.n else "some" if n else "none", needs=say.listed(needs)
        )
        for n, needs in by_count.items()
    ]
    return say("reproducibility-recorded", parts=say("reproducibility-and-then").join(told))


def _stores(view: View) -> list[Block]:
    """Where the runs of each tracking store are, when there are several."""
    say = view.say
    named = [say("reproducibility-store", name=info.name, uri=info.uri) for info in view.snapshot.sources if info.was_read]
    if not named:
        return []
    return [paragraph(say("reproducibility-stores", n=len(named), stores=say.listed(named, len(named))))]


def _checks(view: View, found: Reproducibility) -> Table:
    say = view.say
    columns = (
        Column("check", say("reproducibility-column-need")),
        Column("have", say("reproducibility-column-have"), "integer"),
        Column("share", say("reproducibility-column-share"), "percent", 0),
        Column("lack", say("reproducibility-column-lack"), "integer"),
        Column("what", say("reproducibility-column-what"), on_paper=False),
    )
    rows = tuple(
        (
            Cell(say("reproducibility-need", need=check.need)),
            Cell(len(check.have)),
            Cell(len(check.have) / found.n),
            Cell(len(check.lack), "warning" if check.lack else "good"),
            Cell(say("reproducibility-need-what", need=check.need, tag=COMMIT_TAG)),
        )
        for check in found.checks
    )
    notes = (say("reproducibility-checks-note", n=found.n),)
    return Table("reproducibility", say("reproducibility-checks"), columns, rows, method=notes, on_paper=False)


def _lacking(view: View, found: Reproducibility) -> Table:
    """Runs that lack what other runs have; what no run has is said once, not once for each run."""
    say = view.say
    missing: dict[tuple[str, str], list[str]] = {}
    for check in found.checks:
        for key in check.lack if check.have else ():
            missing.setdefault(key, []).append(_inline(view, check.need))
    columns = (
        Column("run", say("reproducibility-column-run"), "run"),
        Column("missing", say("reproducibility-column-missing")),
    )
    order = sorted(missing, key=lambda key: (-len(missing[key]), view.run(key).order))
    rows = tuple((Cell(view.link(key)), Cell(say("list-separator").join(missing[key]))) for key in order)
    title = say("reproducibility-lacking")
    return Table("reproducibility-missing", title, columns, rows, (), len(rows), sortable=True, on_paper=False)


def _versions(view: View, found: Reproducibility) -> list[Block]:
    say = view.say
    blocks: list[Block] = []
    if found.commits:
        commits = [say("reproducibility-commit", commit=one_line(commit, 40)[:10], n=n) for commit, n in found.commits]
        blocks.append(paragraph(say("reproducibility-commits", n=len(found.commits), commits=say.listed(commits))))
    if found.dirty:
        runs = say.listed([run_name(view.run(key)) for key in found.dirty])
        blocks.append(paragraph(say("reproducibility-dirty", n=len(found.dirty), runs=runs), tone="warning"))
    if found.datasets:
        columns = (
            Column("name", say("reproducibility-column-dataset")),
            Column("digest", say("reproducibility-column-digest"), "code"),
            Column("n", say("reproducibility-column-runs"), "integer"),
        )
        unnamed, undigested = say("reproducibility-dataset-without-name"), say("reproducibility-dataset-without-digest")
        rows = tuple(
            (Cell(one_line(name, 80) or unnamed), Cell(one_line(digest, 40) or undigested), Cell(n))
            for name, digest, n in found.datasets
        )
        blocks.append(Table("datasets", say("reproducibility-datasets"), columns, rows, (), len(rows), on_paper=False))
    return blocks

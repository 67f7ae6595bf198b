"""The sections that every report has besides its own: gates, problems and provenance, as the same typed blocks.

Being ordinary tables they come out alike in every medium, and sort, filter, page and attach like any other.
"""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.errors import Problem, Severity
from reportgen.model import Block, Cell, Column, Gate, Report, Section, Table, Tone
from reportgen.outcomes import GATE_TONES, GATE_WORDS
from reportgen.render.options import Draft
from reportgen.words import Words

SEVERITY_TONES: dict[Severity, Tone] = {"gap": "bad", "warning": "warning", "note": "neutral"}
_SEVERITY_ORDER: tuple[Severity, ...] = ("gap", "warning", "note")


def gates_section(gates: tuple[Gate, ...]) -> Section:
    """One row for each gate, those that did not pass first."""
    say = Words()
    return Section("gates", say("page-quality-gates"), (gates_table(gates),), gates_sentence(gates))


def gates_table(gates: Iterable[Gate]) -> Table:
    """Value against bound in the metric's own format; how it was judged is the method. ``verdict.json`` has the numbers."""
    say = Words()
    ordered = sorted(gates, key=lambda gate: list(GATE_TONES).index(gate.state) if gate.state != "FAIL" else -1)
    return Table(
        id="quality-gates",
        title="",
        columns=(
            Column("gate", say("page-column-gate"), width=24),
            Column("state", say("page-column-state"), width=13),
            Column("sentence", say("page-column-what-found"), width=41),
            Column("run", say("page-column-run"), "run", width=22),
        ),
        rows=tuple(
            (
                Cell(gate.name),
                Cell(say("page-gate-words", state=gate.state), *_state_tone(gate)),
                Cell(gate.brief or gate.sentence),
                Cell(gate.run),
            )
            for gate in ordered
        ),
        method=tuple(say.named(gate.name, gate.sentence) for gate in ordered if gate.brief),
    )


def _state_tone(gate: Gate) -> tuple[Tone, str]:
    """How a gate's state is meant, and what is said beside it."""
    say = Words()
    if gate.waiver and gate.is_waived:
        return "warning", say("page-waived-until", until=gate.waiver.until)
    return GATE_TONES[gate.state], ""


def gates_sentence(gates: tuple[Gate, ...]) -> str:
    """ "Of 5 gates: 2 failed (1 waived), 3 passed.", or that all passed."""
    say = Words()
    counts = {state: sum(gate.state == state for gate in gates) for state in GATE_WORDS}
    if counts["PASS"] == len(gates):
        return say("page-all-gates-passed", n=len(gates)) if len(gates) > 1 else say("page-gate-passed")
    bad = say("list-separator").join(
        say("page-of-state", n=counts[state], state=say("page-gate-words", state=state))
        for state in ("FAIL", "INCONCLUSIVE", "NO_DATA")
        if counts[state]
    )
    n_waived = sum(gate.is_waived for gate in gates)
    waived = say("page-waived", n_waived=n_waived) if n_waived else ""
    return say("page-gates-passed", n=len(gates), bad=bad, waived=waived, counts=counts["PASS"])


def severity_words(severity: Severity) -> str:
    say = Words()
    return say("page-severity", severity=severity)


def problems_section(problems: tuple[Problem, ...]) -> Section:
    """What is missing or to be read with care, worst first."""
    say = Words()
    blocks: tuple[Block, ...] = (problems_table(problems),)
    return Section("problems", say("page-problems"), blocks, say("page-what-missing-what-must"))


def problems_table(problems: tuple[Problem, ...]) -> Table:
    say = Words()
    ordered = sorted(problems, key=lambda problem: _SEVERITY_ORDER.index(problem.severity))
    return Table(
        id="problems",
        title=problems_sentence(problems),
        columns=(
            Column("severity", say("page-column-weight"), width=11),
            Column("where", say("page-column-where"), width=22),
            Column("what", say("page-column-what-found"), width=36),
            Column("todo", say("page-column-what"), width=25),
            Column("slug", say("page-column-name"), "code", width=18),
        ),
        rows=tuple(
            (
                Cell(severity_words(problem.severity), SEVERITY_TONES[problem.severity]),
                Cell(problem.where),
                Cell(problem.what),
                Cell(problem.todo or None),
                Cell(problem.slug, "muted"),
            )
            for problem in ordered
        ),
        sortable=len(problems) > 12,
    )


def problems_sentence(problems: tuple[Problem, ...]) -> str:
    """ "2 missing, 1 with care, 3 notes" with the total in front."""
    say = Words()
    counts = [(sum(problem.severity == severity for problem in problems), severity) for severity in _SEVERITY_ORDER]
    words = [
        say("page-n-notes", n=n) if severity == "note" else say("page-of-severity", n=n, severity=severity_words(severity))
        for n, severity in counts
        if n
    ]
    return (
        say.named(say("page-n-problems", n=len(problems)), say("list-separator").join(words))
        if problems
        else say("page-problems-2")
    )


def provenance_section(report: Report) -> Section:
    """Where the numbers come from, so that each can be made again."""
    say = Words()
    provenance = report.provenance
    sources = [(say("page-source", name=name, kind=kind), uri, "code") for name, uri, kind in provenance.sources]
    facts = (
        *(
            sources
            or [(say("page-source-2"), provenance.source, "code"), (say("page-kind-source"), provenance.source_kind, "text")]
        ),
        *((_asked(what), value, "text") for what, value in provenance.selection),
        *((_asked(what).capitalize(), value, "code") for what, value in provenance.change),
        (say("page-window"), report.window.words, "text"),
        (say("page-snapshot"), provenance.snapshot_digest, "code"),
        (say("page-configuration"), provenance.config_digest, "code"),
    )
    return Section(
        "provenance",
        say("page-about-data"),
        (
            Table(
                id="source",
                title=say("page-source-selection"),
                columns=(
                    Column("what", say("page-column-what-2"), width=22),
                    Column("value", say("page-column-value"), width=78),
                ),
                rows=tuple(
                    (Cell(what), Cell(value or None, format="code" if kind == "code" else None)) for what, value, kind in facts
                ),
                layout="facts",
            ),
            provenance.ledger,
            Table(
                id="versions",
                title=say("page-software"),
                columns=(
                    Column("package", say("page-column-package"), width=40),
                    Column("version", say("page-column-version"), "code", width=60),
                ),
                rows=tuple((Cell(package), Cell(version)) for package, version in sorted(provenance.versions)),
                layout="facts",
            ),
        ),
        say("page-which-data-read-which"),
    )


_COMPUTING = ("reportgen", "python", "mlflow", "numpy", "scipy")
"""What paper and a memo name of the software; ``report.json`` has all of it."""


def items_of(ledger: Table) -> dict[str, tuple[int, int]]:
    """Item → (in the store, read), over all experiments of ``ledger``."""
    places = {column.key: at for at, column in enumerate(ledger.columns)}
    if not {"item", "n_store", "n_read"} <= set(places):
        return {}
    found: dict[str, tuple[int, int]] = {}
    for row in ledger.rows:
        item = str(row[places["item"]].value)
        n_store, n_read = (value if isinstance(value := row[places[key]].value, int) else 0 for key in ("n_store", "n_read"))
        before = found.get(item, (0, 0))
        found[item] = (before[0] + n_store, before[1] + n_read)
    return found


def _asked(what: str) -> str:
    say = Words()
    return say("page-asked", what=what.replace(" ", "-"), name=what)


def brief_provenance(report: Report) -> Section:
    """Where the numbers come from, in one short table; the data files hold the whole ledger."""
    say = Words()
    provenance = report.provenance
    read = items_of(provenance.ledger)
    used = dict(sorted(provenance.versions))
    software = say("list-separator").join(f"{package} {used[package]}" for package in _COMPUTING if package in used)
    facts = (
        (say("page-source-2"), provenance.source),
        *((_asked(what).capitalize(), value) for what, value in (*provenance.selection, *provenance.change)),
        (
            say("page-read"),
            say("list-clause-separator").join(
                (
                    say("page-of", n_read=n_read, n_store=n_store, item=say("page-item", item=item, name=item))
                    for item, (n_store, n_read) in read.items()
                )
            ),
        ),
        (say("page-snapshot"), provenance.snapshot_digest[:16]),
        (say("page-software"), software),
    )
    columns = (Column("what", say("page-column-what-2"), width=22), Column("value", say("page-column-value"), width=78))
    rows = tuple((Cell(what), Cell(value or None)) for what, value in facts)
    notes = (say("page-data-tables-ledger-csv", notes=" ".join(provenance.ledger.notes)).strip(),)
    return Section(
        "provenance",
        say("page-about-data"),
        (Table("source", "", columns, rows, notes, layout="facts"),),
        say("page-which-data-read-which-2"),
    )


def sections_of(draft: Draft, problems: tuple[Problem, ...], *, on_paper: bool = False) -> tuple[Section, ...]:
    """The report's own sections with the gates behind the first one, then problems and provenance.

    Page 1 is the first section's: it and the line under the title already say how the gates went.
    """
    report = draft.report
    if report.profile == "executive":
        return report.sections[:1]
    provenance = brief_provenance if report.layout == "memo" or on_paper else provenance_section
    return (
        *report.sections[:1],
        *((gates_section(report.gates),) if report.gates else ()),
        *report.sections[1:],
        *((problems_section(problems),) if problems else ()),
        provenance(report),
    )

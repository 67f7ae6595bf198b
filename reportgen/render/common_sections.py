"""The sections that every report has besides its own: gates, problems and provenance, as the same typed blocks.

Being ordinary tables they come out alike in every medium, and sort, filter, page and attach like any other.
"""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.errors import Problem, Severity
from reportgen.formats import plural
from reportgen.model import Block, Cell, Column, Gate, Report, Section, Table, Tone
from reportgen.outcomes import GATE_TONES, GATE_WORDS
from reportgen.render.options import Draft

SEVERITY_TONES: dict[Severity, Tone] = {"gap": "bad", "warning": "warning", "note": "neutral"}
SEVERITY_WORDS: dict[Severity, str] = {"gap": "missing", "warning": "with care", "note": "note"}
_SEVERITY_ORDER: tuple[Severity, ...] = ("gap", "warning", "note")


def gates_section(gates: tuple[Gate, ...]) -> Section:
    """One row for each gate, those that did not pass first."""
    return Section("gates", "Quality gates", (gates_table(gates),), gates_sentence(gates))


def gates_table(gates: Iterable[Gate]) -> Table:
    """Value against bound in the metric's own format; how it was judged is the method. ``verdict.json`` has the numbers."""
    ordered = sorted(gates, key=lambda gate: list(GATE_TONES).index(gate.state) if gate.state != "FAIL" else -1)
    return Table(
        id="quality-gates",
        title="",
        columns=(
            Column("gate", "Gate", width=24),
            Column("state", "State", width=13),
            Column("sentence", "What was found", width=41),
            Column("run", "Run", "run", width=22),
        ),
        rows=tuple(
            (
                Cell(gate.name),
                Cell(GATE_WORDS[gate.state], *_state_tone(gate)),
                Cell(gate.brief or gate.sentence),
                Cell(gate.run),
            )
            for gate in ordered
        ),
        method=tuple(f"{gate.name}: {gate.sentence}" for gate in ordered if gate.brief),
    )


def _state_tone(gate: Gate) -> tuple[Tone, str]:
    """How a gate's state is meant, and what is said beside it."""
    if gate.waiver and gate.is_waived:
        return "warning", f"waived until {gate.waiver.until}"
    return GATE_TONES[gate.state], ""


def gates_sentence(gates: tuple[Gate, ...]) -> str:
    """ "Of 5 gates: 2 failed (1 waived), 3 passed.", or that all passed."""
    counts = {state: sum(gate.state == state for gate in gates) for state in GATE_WORDS}
    if counts["PASS"] == len(gates):
        return f"All {plural(len(gates), 'gate')} passed." if len(gates) > 1 else "The gate passed."
    bad = ", ".join(f"{counts[state]} {GATE_WORDS[state]}" for state in ("FAIL", "INCONCLUSIVE", "NO_DATA") if counts[state])
    n_waived = sum(gate.is_waived for gate in gates)
    waived = f" ({n_waived} waived)" if n_waived else ""
    return f"Of {plural(len(gates), 'gate')}: {bad}{waived}, {counts['PASS']} passed."


def problems_section(problems: tuple[Problem, ...]) -> Section:
    """What is missing or to be read with care, worst first."""
    blocks: tuple[Block, ...] = (problems_table(problems),)
    return Section("problems", "Problems", blocks, "What is missing, and what must be read with care?")


def problems_table(problems: tuple[Problem, ...]) -> Table:
    ordered = sorted(problems, key=lambda problem: _SEVERITY_ORDER.index(problem.severity))
    return Table(
        id="problems",
        title=problems_sentence(problems),
        columns=(
            Column("severity", "Weight", width=11),
            Column("where", "Where", width=22),
            Column("what", "What was found", width=36),
            Column("todo", "What to do", width=25),
            Column("slug", "Name", "code", width=18),
        ),
        rows=tuple(
            (
                Cell(SEVERITY_WORDS[problem.severity], SEVERITY_TONES[problem.severity]),
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
    counts = [(sum(problem.severity == severity for problem in problems), severity) for severity in _SEVERITY_ORDER]
    words = [plural(n, "note") if severity == "note" else f"{n} {SEVERITY_WORDS[severity]}" for n, severity in counts if n]
    return f"{plural(len(problems), 'problem')}: {', '.join(words)}" if problems else "No problems"


def provenance_section(report: Report) -> Section:
    """Where the numbers come from, so that each can be made again."""
    provenance = report.provenance
    sources = [(f"Source {name}, {kind}", uri, "code") for name, uri, kind in provenance.sources]
    facts = (
        *(sources or [("Source", provenance.source, "code"), ("Kind of source", provenance.source_kind, "text")]),
        *((what, value, "text") for what, value in provenance.selection),
        *((what.capitalize(), value, "code") for what, value in provenance.change),
        ("Window", report.window.words, "text"),
        ("Snapshot", provenance.snapshot_digest, "code"),
        ("Configuration", provenance.config_digest, "code"),
    )
    return Section(
        "provenance",
        "About the data",
        (
            Table(
                id="source",
                title="Source and selection",
                columns=(Column("what", "What", width=22), Column("value", "Value", width=78)),
                rows=tuple(
                    (Cell(what), Cell(value or None, format="code" if kind == "code" else None)) for what, value, kind in facts
                ),
                layout="facts",
            ),
            provenance.ledger,
            Table(
                id="versions",
                title="Software",
                columns=(Column("package", "Package", width=40), Column("version", "Version", "code", width=60)),
                rows=tuple((Cell(package), Cell(version)) for package, version in sorted(provenance.versions)),
                layout="facts",
            ),
        ),
        "Which data was read, with which software, and what was left out?",
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


def brief_provenance(report: Report) -> Section:
    """Where the numbers come from, in one short table; the data files hold the whole ledger."""
    provenance = report.provenance
    read = items_of(provenance.ledger)
    used = dict(sorted(provenance.versions))
    software = ", ".join(f"{package} {used[package]}" for package in _COMPUTING if package in used)
    facts = (
        ("Source", provenance.source),
        *((what.capitalize(), value) for what, value in (*provenance.selection, *provenance.change)),
        ("Read", "; ".join(f"{n_read:,} of {n_store:,} {item}" for item, (n_store, n_read) in read.items())),
        ("Snapshot", provenance.snapshot_digest[:16]),
        ("Software", software),
    )
    columns = (Column("what", "What", width=22), Column("value", "Value", width=78))
    rows = tuple((Cell(what), Cell(value or None)) for what, value in facts)
    notes = (
        f"{' '.join(provenance.ledger.notes)} data/tables/ledger.csv tells for each experiment what was left out and why.".strip(),
    )
    return Section(
        "provenance",
        "About the data",
        (Table("source", "", columns, rows, notes, layout="facts"),),
        "Which data was read, with which software?",
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

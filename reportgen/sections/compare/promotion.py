"""The promotion of a registered model: what each version was made from, how the gates went, and a place to sign."""

from __future__ import annotations

from reportgen.analyze.model_records import Record, Topic
from reportgen.formats import one_line
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.view import View, paragraph
from reportgen.words.compare.terms import group_name

_LONGEST = 400
_BLANK = "\N{BALLOT BOX}"


def promotion_section(view: View) -> Section | None:
    """Left out when no group stands for a version of a registered model."""
    if not view.facts.lineage:
        return None
    blocks: list[Block] = [_lineage(view), paragraph(_gates(view)), _sign_off(view)]
    return Section("promotion", view.say("promotion-title"), tuple(blocks), view.say("promotion-question"))


def _lineage(view: View) -> Table:
    """One column for each version, the baseline first."""
    records = view.facts.lineage
    columns = (
        Column("what", view.say("promotion-what")),
        *(Column(f"group-{n}", one_line(group_name(label), 40)) for n, label in enumerate(records)),
    )
    rows = [
        (view.say("promotion-version"), [_version(record) for record in records.values()]),
        (
            view.say("promotion-aliases"),
            [
                Cell(view.say.listed([one_line(a, 30) for a in r.version.aliases]) if r.version.aliases else None)
                for r in records.values()
            ],
        ),
        (
            view.say("promotion-run"),
            [Cell(view.link(r.run.key), format="run") if r.run else Cell(None) for r in records.values()],
        ),
        (view.say("promotion-registered"), [Cell(r.version.created_at, format="date") for r in records.values()]),
        (view.say("promotion-user"), [Cell(one_line(r.run.user, 60) or None if r.run else None) for r in records.values()]),
        (view.say("promotion-commit"), [Cell(one_line(r.commit[:12], 12) or None, format="code") for r in records.values()]),
        (
            view.say("promotion-source"),
            [Cell(one_line(r.run.source_name, 80) or None if r.run else None) for r in records.values()],
        ),
        (view.say("promotion-data"), [Cell(_data(view, r)) for r in records.values()]),
        (
            view.say("promotion-approvals"),
            [
                Cell(
                    view.say("list-clause-separator").join(
                        (f"{one_line(k, 40)}: {one_line(v, 80)}" for k, v in r.version.approvals)
                    )
                    or None
                )
                for r in records.values()
            ],
        ),
        *(
            (
                view.say("card-topic", topic=topic.value),
                [Cell(one_line(r.topics.get(topic, ""), _LONGEST) or None) for r in records.values()],
            )
            for topic in (Topic.INTENDED_USE, Topic.LIMITS)
        ),
    ]
    cells = tuple((Cell(what), *its) for what, its in rows if any(cell.value is not None for cell in its))
    return Table("promotion-lineage", view.say("promotion-lineage"), columns, cells, n_total=len(cells))


def _version(record: Record) -> Cell:
    return Cell(f"{one_line(record.version.name, 60)} {one_line(record.version.version, 12)}")


def _data(view: View, record: Record) -> str | None:
    names = [
        f"{one_line(name, 40)} ({one_line(digest, 12)})" if digest else one_line(name, 40) for name, digest, _ in record.datasets
    ]
    return view.say.listed(names, 4) if names else None


def _gates(view: View) -> str:
    if not view.gates:
        return view.say("promotion-no-gate")
    open_ones = [
        f"{one_line(gate.name, 80)} ({view.say('promotion-gate-words', state=gate.state)})"
        for gate in view.gates
        if gate.state != "PASS"
    ]
    if not open_ones:
        return view.say("promotion-gates-passed", n=len(view.gates))
    return view.say("promotion-gates-open", n=len(view.gates), open=len(open_ones), names=view.say.listed(open_ones))


def _sign_off(view: View) -> Table:
    """Filled in when the report has a decision; else to be signed by hand."""
    decide = view.report.decide
    boxes = "   ".join(f"{_BLANK} {word}" for word in ("ship", "reject", "extend", "hold"))
    rows = (
        (view.say("promotion-decision"), decide.decision if decide else boxes),
        (view.say("promotion-by"), one_line(decide.by) if decide else ""),
        (view.say("promotion-on"), decide.on.isoformat() if decide and decide.on else ""),
        (view.say("promotion-because"), one_line(decide.because, 2000) if decide else ""),
    )
    columns = (Column("what", view.say("promotion-what")), Column("value", view.say("promotion-value")))
    cells = tuple((Cell(what), Cell(value or "\N{NO-BREAK SPACE}")) for what, value in rows)
    notes = () if decide else (view.say("promotion-how-to-sign"),)
    return Table("promotion-sign-off", view.say("promotion-sign-off"), columns, cells, notes, layout="facts")

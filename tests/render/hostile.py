"""One text in every text field of every block."""

from __future__ import annotations

from reportgen.errors import Problem
from reportgen.model import (
    Axis,
    Band,
    Block,
    Cell,
    Change,
    Chart,
    Column,
    Finding,
    Findings,
    Gallery,
    Gate,
    Image,
    Mark,
    Notice,
    Paragraph,
    Prose,
    Provenance,
    Report,
    Row,
    RunLink,
    Section,
    Span,
    Table,
    Tile,
    Tiles,
    Trace,
    Verdict,
    Window,
)
from tests.render.example import NOW, png


def blocks_with(text: str, key: str, *, prose: bool = True, charts: bool = True) -> tuple[Block, ...]:
    """Every kind of block with ``text`` in every field that holds text."""
    run = RunLink(text, text, text)
    table = Table(
        f"table-{key}",
        text,
        (Column("a", text, note=text), Column("b", text, "run"), Column("c", text, "code"), Column("d", text, "number")),
        ((Cell(text, "best", text), Cell(run), Cell(text), Cell(text)), (Cell("other"), Cell(None), Cell(1), Cell(2))),
        notes=(text,),
        sortable=True,
        method=(text,),
    )
    facts = Table(f"facts-{key}", text, (Column("a", text), Column("b", text)), ((Cell(text), Cell(text)),), layout="facts")
    chart = Chart(
        f"chart-{key}",
        text,
        "lines",
        Axis(text),
        Axis(text),
        text,
        (Trace(text, (0.0, 1.0), (0.0, 1.0), "lines+points", labels=(text, text)),),
        (Band(text, (0.0, 1.0), (0.0, 0.5), (0.5, 1.0)),),
        (Mark("y", 0.5, text),),
        notes=(text,),
        table=Table(f"numbers-{key}", text, (Column("a", text),), ((Cell(text),),)),
    )
    return (
        Paragraph((Span(text), Span(text, strong=True), Span("", run=run))),
        Tiles((Tile(text, text, "text", note=text, change=Change(1.0, against=text)), Tile(text, run, "run"))),
        table,
        facts,
        Verdict(text, "better", text, text, caveats=(text,)),
        Notice("warning", text, text, text, text),
        Gallery(text, (Image(text, png(1), text, run),), (text,)),
        Row((Findings(text, (Finding(text, text, "bad", text),)), Paragraph((Span(text),)))),
        *((chart,) if charts else ()),
        *((Prose(text, text), Prose(text, text, quoted=True)) if prose else ()),
    )


def report_of(texts: dict[str, str], *, prose: bool = True, charts: bool = True) -> Report:
    """A report with one section for each of ``texts``, and the first of them everywhere else."""
    one = next(iter(texts.values()))
    run = RunLink(one, one, one)
    ledger = Table("ledger", one, (Column("a", one),), ((Cell(one),),))
    return Report(
        name="hostile",
        title=one,
        generated_at=NOW,
        window=Window(None, None, one),
        sections=tuple(
            Section(key, text, blocks_with(text, key, prose=prose, charts=charts), text) for key, text in texts.items()
        ),
        problems=tuple(Problem(text, text, text, text) for text in texts.values()),
        provenance=Provenance(one, one, one, one, ((one, one),), ledger, ((one, one),)),
        gates=(Gate(one, "FAIL", one, one, 1.0, 0.5, run),),
        headline=one,
        metrics={one: 1.0},
    )

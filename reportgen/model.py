"""The narrow waist: what a reader is told, in every medium.

A ``Report`` holds sections, a section holds blocks, and a block says *what* to show, never *how*: a table's cells
are values with a named format, a chart is axes and traces. HTML, PDF, Markdown and JSON walk the same blocks, so
their numbers agree by construction. Everything here is frozen and has no behaviour but ``Report._repr_html_``; sections build it (from
facts), charts and render draw it. No HTML, no file and no run of MLflow is known here.

All text is untrusted until a renderer escapes it: names, notes and tags come from MLflow unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Literal

from reportgen.errors import Problem
from reportgen.explored import Among, Explorer, ExplorerMetric
from reportgen.locales import Locale
from reportgen.values import (
    Bar,
    DotStrip,
    Format,
    Goal,
    Interval,
    IntervalStrip,
    MicroChart,
    RunLink,
    Scalar,
    Sparkline,
    Tone,
)

__all__ = [
    "Agreement",
    "Among",
    "Axis",
    "Band",
    "Bar",
    "Block",
    "Cell",
    "Change",
    "Chart",
    "ChartKind",
    "Chip",
    "Column",
    "Decision",
    "DecisionWord",
    "DotStrip",
    "Explorer",
    "ExplorerMetric",
    "Figure",
    "Finding",
    "Findings",
    "Format",
    "Gallery",
    "Gate",
    "GateState",
    "Goal",
    "Image",
    "Inputs",
    "Interval",
    "IntervalStrip",
    "Mark",
    "MicroChart",
    "Notice",
    "Outcome",
    "Paragraph",
    "Problem",
    "Prose",
    "Provenance",
    "Report",
    "Row",
    "RunLink",
    "Scalar",
    "Section",
    "Span",
    "Sparkline",
    "Table",
    "Tile",
    "Tiles",
    "Tone",
    "Trace",
    "Verdict",
    "VerdictPart",
    "Waiver",
    "Window",
]

GateState = Literal["PASS", "FAIL", "INCONCLUSIVE", "NO_DATA"]
"""What a gate decided; without enough values ``INCONCLUSIVE``, without any ``NO_DATA``."""

Outcome = Literal["better", "worse", "unclear", "equivalent", "not_worse", "too_few", "different", "incomparable"]
"""How one group stands to another. ``equivalent`` and ``not_worse`` exist only with a declared margin, ``different`` only
without a direction."""

DecisionWord = Literal["ship", "reject", "extend", "hold"]
"""What a person decided: ship the candidate, keep the baseline, wait for more runs, wait for something else."""

Agreement = Literal["supported", "against", "open"]
"""How a person's decision stands to what was computed; ``open``: it decides neither way."""


@dataclass(frozen=True, slots=True)
class Cell:
    value: Scalar
    tone: Tone = "neutral"
    note: str = ""
    """A few words shown beside the value, e.g. "best", "not finished"."""
    format: Format | None = None
    """Overrides the column's, for tables whose rows hold different kinds of value."""
    digits: int | None = None
    """Overrides the column's."""
    chart: MicroChart | None = None
    """Drawn after the value; alone where the value is None."""


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    """Unique in the table; the name of the column in the data file."""
    label: str
    format: Format = "text"
    digits: int | None = None
    """Decimals for ``number``, ``percent`` and their kin; None lets the value decide."""
    goal: Goal = "none"
    """Shown as an arrow in the header; never recomputed from values."""
    note: str = ""
    """Shown under the header, e.g. "last value", "mean of 8 runs"."""
    width: int = 0
    """Relative width on paper; 0 = by format."""
    on_paper: bool = True
    """False for what only screens and data files need, e.g. a whole run id beside the run's name."""


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    """Unique in the report, made by ``formats.slug``; file name and anchor."""
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    """At most two sentences under the table: what a reader must know to read it right."""
    n_total: int | None = None
    """How many rows there would be; said under the table when more than are shown."""
    paper_rows: int | None = None
    """At most so many on paper (the data file has all); None = all."""
    sortable: bool = False
    """On screen: sort by header and filter by text."""
    layout: Literal["columns", "facts"] = "columns"
    """``facts``: two columns, label and value, without a header."""
    method: tuple[str, ...] = ()
    """How its numbers are made: with those of the other blocks in the section's one "Method"."""
    on_paper: bool = True
    """False for what is looked up and not read: on screen and in its data file, on paper one line for all such tables."""


@dataclass(frozen=True, slots=True)
class Span:
    text: str
    strong: bool = False
    run: RunLink | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown written by a person; renderers convert and sanitise it, links and images included."""

    markdown: str
    source: str = ""
    """Who wrote it: "config.yaml", "note of run abc"; shown above quoted text."""
    quoted: bool = False
    """True for text that came out of MLflow."""


@dataclass(frozen=True, slots=True)
class Change:
    """From ``before`` to now. ``tone`` already knows the metric's direction."""

    delta: float
    format: Format = "change"
    tone: Tone = "neutral"
    against: str = ""
    """Since when or against what: "since 2026-11-13", "baseline control"."""
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    value: Scalar
    format: Format = "number"
    digits: int | None = None
    change: Change | None = None
    note: str = ""
    """One short line under the value: which run, n, unit."""
    tone: Tone = "neutral"
    chart: MicroChart | None = None
    """Drawn between change and note, e.g. the value over the last periods."""
    among: Among | None = None


@dataclass(frozen=True, slots=True)
class Tiles:
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    label: str
    kind: Literal["linear", "log", "time", "category"] = "linear"
    format: Format = "number"
    categories: tuple[str, ...] = ()
    """In order, for ``category``; traces then hold positions 0, 1, 2, …"""
    low: float | None = None
    high: float | None = None
    """Range; None lets the data decide. For ``time`` milliseconds since the epoch, as the values are."""
    digits: int | None = None
    """Decimals of the estimates that ``intervals`` prints, as the table beside has them; None lets the values decide."""
    goal: Goal = "none"
    """Which end is good, for the last axis of ``parallel``: its lines are coloured from the worst to the best rank."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One series. ``x`` and ``y`` are as long as each other; None is a gap. All values are finite."""

    name: str
    x: tuple[float | None, ...]
    y: tuple[float | None, ...]
    mode: Literal["lines", "points", "lines+points", "bars", "steps"] = "lines"
    color: int | None = None
    """Slot in the palette; None = next free. Traces of one group share a slot."""
    dash: Literal["solid", "dash", "dot", "dashdot"] = "solid"
    marker: Literal["circle", "square", "diamond", "triangle", "triangle-down", "cross", "open"] = "circle"
    width: float = 1.8
    opacity: float = 1.0
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    """Bounds of error bars, as values on the y axis (x axis for ``intervals``); empty = none."""
    labels: tuple[str, ...] = ()
    """One hover text for each point, e.g. the run's name."""
    runs: tuple[tuple[tuple[str, str], ...], ...] = ()
    """The (experiment id, run id) of each point, or of the whole series where there is one entry; empty: of all runs."""
    in_legend: bool = True
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Band:
    """The area between ``low`` and ``high``, e.g. a confidence band."""

    name: str
    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    color: int | None = None
    in_legend: bool = True
    tone: Tone = "neutral"
    """Without a slot: its colour, e.g. muted for what stands behind the lines."""
    runs: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A straight line across the chart at ``at`` on ``axis``, or a shaded stretch from there, with words."""

    axis: Literal["x", "y"]
    at: float
    label: str
    tone: Tone = "neutral"
    until: float | None = None
    """Where the shaded stretch ends; None for a line."""


ChartKind = Literal["bars", "box", "heatmap", "histogram", "intervals", "lines", "parallel", "plotly", "points", "slopes"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A neutral description of a picture; ``reportgen.charts`` has a drawing for each kind.

    kinds: ``lines`` curves over x with bands · ``points`` scatter · ``bars`` bars over categories, errors optional ·
    ``intervals`` one row for each category on the **y** axis, value and error bars along x (a forest plot), raw
    points as a further trace · ``slopes`` paired values, one line for each pair over two categories on x ·
    ``heatmap`` ``grid`` over the categories of both axes, its values described by ``z`` · ``histogram`` pre-counted bars,
    x are bin centres · ``parallel`` parallel coordinates: one upright axis for each of ``axes``, a trace holds the value
    on axis 0, 1, 2, … in that axis' own units (positions for a category) · ``box`` values of y at categories of x,
    one trace for each group or for all · ``plotly`` somebody else's Plotly figure: ``figure`` holds it whole.
    """

    id: str
    title: str
    kind: ChartKind
    x: Axis
    y: Axis
    alt: str
    """One or two sentences written from the data: printed under the picture, and read to who cannot see it."""
    traces: tuple[Trace, ...] = ()
    bands: tuple[Band, ...] = ()
    marks: tuple[Mark, ...] = ()
    grid: tuple[tuple[float | None, ...], ...] = ()
    """For ``heatmap``: rows as in ``y.categories``, columns as in ``x.categories``."""
    table: Table | None = None
    """The numbers behind the picture: folded away under it on screen, left out on paper, in place of a picture that failed."""
    notes: tuple[str, ...] = ()
    """Sentences under the picture: "10 of 34 runs as lines, the rest as a band"."""
    height: int = 340
    """In CSS pixels on a figure of ``width``."""
    width: int = 720
    """In CSS pixels: all of a page; less beside another block."""
    method: tuple[str, ...] = ()
    """As of a table."""
    z: Axis | None = None
    """For ``heatmap``: what the grid's values are, their format, and optionally the range of the colours."""
    axes: tuple[Axis, ...] = ()
    """For ``parallel``: the upright axes from left to right; ``x`` and ``y`` are then not shown."""
    figure: str = ""
    """For ``plotly``: JSON of ``data`` and ``layout``."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Small pictures over one axis, a labelled row each: the interval of an effect, every run of two groups."""

    rows: tuple[tuple[str, MicroChart, str], ...]
    """(name at the left, picture, value at the right); name and value may be empty."""
    format: Format = "number"
    """Of the axis, which strips have; sparklines and bars have none."""
    digits: int | None = None
    title: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class VerdictPart:
    """One of several things that a verdict was made of: a scorer of an evaluation."""

    name: str
    outcome: Outcome
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision in words, made by a rule from the numbers beside it."""

    title: str
    outcome: Outcome
    sentence: str
    """What the numbers say in everyday words; names of tests are in ``rule``."""
    rule: str
    """Method: how the sentence follows from the numbers."""
    tone: Tone = "neutral"
    caveats: tuple[str, ...] = ()
    heading: str = ""
    """What stands beside the sign; empty for the outcome's own title."""
    chart: Figure | None = None
    """The effect and its interval, drawn beside the words."""
    caveats_apart: bool = False
    """Whether its caveats stand in a list of their own, and not under its sentence."""
    parts: tuple[VerdictPart, ...] = ()
    """For machines: each has a case in ``junit.xml``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a short list: what was found, and the evidence for it."""

    title: str
    detail: str = ""
    tone: Tone = "neutral"
    sign: str = ""
    """In place of the tone's own sign: ▲ and ▼ for what rose and fell, = for what stayed."""


@dataclass(frozen=True, slots=True)
class Findings:
    """A short list under a title, the gravest first."""

    title: str
    items: tuple[Finding, ...]
    columns: int = 1
    """Beside each other on paper and wide screens."""
    n_more: int = 0
    """Further ones that the list leaves out; a section or a data file has them."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must see in its place: a gap, a warning, a remark."""

    tone: Tone
    title: str
    text: str
    todo: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    title: str
    png: bytes
    """Decoded and re-encoded by us, never the bytes that were found."""
    alt: str
    run: RunLink | None = None


@dataclass(frozen=True, slots=True)
class Gallery:
    title: str
    images: tuple[Image, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Blocks beside each other, on narrow screens under each other."""

    blocks: tuple[Block, ...]
    shares: tuple[int, ...] = ()
    """Relative widths; empty: all alike."""


Block = Paragraph | Prose | Tiles | Table | Chart | Figure | Verdict | Notice | Gallery | Findings | Row


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str
    blocks: tuple[Block, ...]
    question: str = ""
    """What this section answers; shown small under the title."""
    method: tuple[str, ...] = ()
    """How its numbers are made, where that belongs to no single block."""
    is_brief: bool = False
    """Page 1 of the report: the headline stands in place of its title."""
    chips: tuple[Chip, ...] = ()
    """Of page 1: what stands under the headline before the gates."""
    part: str = ""
    """Of several projects: the one that it is about; the contents name it once."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """That a gate need not pass until a day, and who answers for it."""

    until: str
    """The last day, as ISO 8601 writes it."""
    reason: str
    owner: str
    issue: str = ""
    expired: bool = False
    """Whether that day is over: the gate fails again."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The answer of one quality gate."""

    name: str
    state: GateState
    sentence: str
    metric: str
    value: float | None
    threshold: float | None
    """The bound; for a gate against the baseline the change (or the ratio of means) that is just not accepted."""
    run: RunLink | None = None
    warns: bool = False
    """True for an INCONCLUSIVE answer that the config takes as a warning, and for a first period: it does not fail the build."""
    waiver: Waiver | None = None
    """Of a gate that did not pass; None when the config has none for it."""
    before: GateState | None = None
    """What it decided in the last report; None when that had no such gate, or there is none."""

    brief: str = ""
    """Value against bound, in a few words: "75.8 %, at least 80 %"."""

    @property
    def is_waived(self) -> bool:
        """Whether it did not pass and a waiver holds."""
        return self.waiver is not None and not self.waiver.expired

    @property
    def fails(self) -> bool:
        """Whether the build fails for it (exit code 5)."""
        return self.state != "PASS" and not self.warns and not self.is_waived


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on the report; it changes no verdict and no gate."""

    decision: DecisionWord
    by: str
    because: str
    on: str
    """ISO day; "" when it was not said."""
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the report was made from, by MLflow's ids, so that its run and theirs can name each other."""

    experiments: tuple[tuple[str, str], ...] = ()
    """(id, name) of each that has runs in it, sorted."""
    best: tuple[str, ...] = ()
    """The run that is ranked best, of each problem that has one."""
    compared: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(group, its finished runs), in the order of the groups."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A few words under the headline: how the gates went, whether anything is missing."""

    text: str
    tone: Tone = "neutral"
    section: str = ""
    """The id of the section that has more; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Window:
    """Runs that started in ``[start, end)``; None = open."""

    start: datetime | None
    end: datetime | None
    words: str
    """As a reader says it: "7 days to 2026-11-20", "all time"."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where every number comes from. Nothing here changes between two builds of the same data."""

    source: str
    """Public tracking URI."""
    source_kind: str
    snapshot_digest: str
    config_digest: str
    versions: tuple[tuple[str, str], ...]
    """(package, version), of what was used to read, compute and draw."""
    ledger: Table
    """What the store holds, what was read, what was left out and why."""
    selection: tuple[tuple[str, str], ...] = ()
    """(what, value): experiments, filter, window as they were used."""
    change: tuple[tuple[str, str], ...] = ()
    """(what, value) of the change that a CI job made the report for: commit, branch, tag, pull request."""
    sources: tuple[tuple[str, str, str], ...] = ()
    """(name, public tracking URI, kind) of each store, when there are several; a kind that ends in "not read" failed."""


@dataclass(frozen=True, slots=True)
class Report:
    name: str
    """As in the config; file-name safe."""
    title: str
    generated_at: datetime
    """The day of the report (midnight in its time zone) or SOURCE_DATE_EPOCH."""
    window: Window
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]
    provenance: Provenance
    gates: tuple[Gate, ...] = ()
    headline: str = ""
    """One sentence for page 1 and a subject line: the one or two findings that matter."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Counts for machines: n_runs, n_failed, n_gates_failed (and _inconclusive, _no_data, _waived), n_problems, best/<metric>; over several
    projects n_projects, n_projects_with_result and best/<project>/<metric>."""
    decision: Decision | None = None
    inputs: Inputs = Inputs()
    last_report: str = ""
    """The day of the report that this one is compared with; "" when there is none."""
    layout: Literal["report", "memo"] = "report"
    """``memo``: a few pages about one decision; no contents, its provenance in one table, its whole text in the summary."""
    profile: Literal["full", "executive"] = "full"
    """``executive``: page 1 alone."""
    explorer: Explorer | None = None
    """None when there are no runs to explore."""
    language: str = "en"
    """What it is told in, and what every output of it is made in."""
    timezone: str = "UTC"
    """Whose clock it shows, as the IANA database names it."""

    @property
    def locale(self) -> Locale:
        return Locale(self.language, self.timezone)

    def _repr_html_(self) -> str:
        """What a notebook shows of the value: headline, verdicts, gates, gaps and sections, in place of thousands of cells."""
        verdicts = [block for section in self.sections for block in section.blocks if isinstance(block, Verdict)]
        lines = [f"{one.title}: {one.sentence}" for one in verdicts]
        lines += [f"{one.state}: {one.sentence}" for one in self.gates]
        lines += [f"Gap: {one.where}: {one.what}" for one in self.problems if one.severity == "gap"]
        lines.append(f"Sections: {', '.join(section.title for section in self.sections)}")
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        return f"<h3>{escape(self.title)}</h3><p>{escape(self.headline)}</p><ul>{items}</ul>"

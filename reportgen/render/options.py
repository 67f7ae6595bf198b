"""What the outputs of this room have in common: the options, and the draft that each output adds its files to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reportgen.errors import Problem
from reportgen.model import Report
from reportgen.redaction import NO_REDACTION, Redactor
from reportgen.render.brand import NO_BRAND, Brand
from reportgen.render.outputs import USUAL

if TYPE_CHECKING:
    from reportgen.charts.export import ExportOptions
    from reportgen.charts.paper import ChartImage, PaperOptions
    from reportgen.snapshot import Snapshot

Content = bytes | Path
"""A file of the bundle: its bytes, or where they lie while the job runs, since a snapshot may be larger than memory."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a bundle is made. Nothing here changes a number."""

    formats: tuple[str, ...] = USUAL
    """Names in ``OUTPUTS``."""
    theme: Literal["auto", "light", "dark"] = "auto"
    """Of the page: as the reader's system says, or always the same."""
    template_dirs: tuple[Path, ...] = ()
    """Folders searched for templates before our own, first one first."""
    charts: PaperOptions | None = None
    """How charts become images; None = the defaults of ``reportgen.charts.paper``."""
    export: ExportOptions | None = None
    """How charts are exported as the page shows them, too; None = not at all."""
    brand: Brand = NO_BRAND
    """An organisation's look."""
    paper: Literal["a4", "letter"] = "a4"
    """Size of the PDF's pages."""
    pdf_standard: Literal["ua-1", "a-3b"] = "ua-1"
    """What the PDF keeps to: PDF/UA-1 for readers, or PDF/A-3b (and PDF/UA-1) for archives."""
    pdf_seconds: float = 120.0
    """Wall-clock limit of the child that makes the PDF."""
    pdf_megabytes: int = 2048
    """Address space limit of that child."""
    attach_megabytes: float = 10.0
    """Data files attached to the PDF, all together; a file that does not fit is left out and named."""
    paper_rows: int = 400
    """No table is longer than this on paper, whatever it asks for; its data file has all rows."""
    scratch: Path | None = None
    """Folder for files too large for memory; it must live until the bundle is delivered. None keeps all in memory."""
    redactor: Redactor = NO_REDACTION
    """Knows the credentials that no file may hold."""
    config_file: str = "config.yaml"
    """Where the gates are written, as a CI system is told: relative to where the command runs."""
    gate_lines: Mapping[str, int] = field(default_factory=dict)
    """Line of a gate in that file, by its name; "" for all others."""
    extra_files: Mapping[str, bytes] = field(default_factory=dict)
    """Further files of the bundle, e.g. the config that a rebuild needs; part of its digest like the others."""


@dataclass(frozen=True, slots=True)
class Output:
    """What one output adds to the bundle."""

    files: Mapping[str, Content] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    failed_charts: frozenset[str] = frozenset()
    """Ids of charts that this output shows without their picture."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A bundle in the making: what is drawn, and what is there so far."""

    report: Report
    snapshot: Snapshot | None
    options: RenderOptions
    images: Mapping[str, ChartImage] = field(default_factory=dict)
    """Chart id → its picture for paper; a chart that failed is not in it."""
    pngs: Mapping[str, ChartImage] = field(default_factory=dict)
    """Chart id → the same as PNG, when ``PaperOptions.png`` asks for it."""
    files: Mapping[str, Content] = field(default_factory=dict)
    render_problems: tuple[Problem, ...] = ()
    """Problems met while rendering."""
    failed_charts: frozenset[str] = frozenset()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The report's problems, then those met while rendering; each once."""
        return tuple(dict.fromkeys((*self.report.problems, *self.render_problems)))

    def with_output(self, output: Output) -> Draft:
        return replace(
            self,
            files={**self.files, **output.files},
            render_problems=(*self.render_problems, *output.problems),
            failed_charts=self.failed_charts | output.failed_charts,
        )

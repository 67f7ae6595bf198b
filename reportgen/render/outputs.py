"""The outputs of a bundle: one row each, in the order in which they are made.

Each output sees what the earlier ones met: the data files come first (the PDF attaches them), then the pictures, the PDF, and
last the texts that can still tell what went wrong with the others. Heavy libraries load when their output is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.render.options import Draft, Output


@dataclass(frozen=True, slots=True)
class OutputKind:
    """One output: what makes it, and the files by which others know it."""

    make: Callable[[Draft], Output]
    files: Mapping[str, str] = field(default_factory=dict)
    """What ``--json`` calls a file → its path in the bundle."""
    proof: str = ""
    """The file that every bundle with this output has; "" where a report may have none."""
    is_usual: bool = True
    """Whether it is made where nobody says which."""


def _data(draft: Draft) -> Output:
    from reportgen.render.data import data_files

    return data_files(draft)


def _charts(draft: Draft) -> Output:
    from reportgen.render.data import chart_files

    return chart_files(draft)


def _pdf(draft: Draft) -> Output:
    from reportgen.render.pdf import report_pdf

    return report_pdf(draft)


def _html(draft: Draft) -> Output:
    from reportgen.render.html import report_html

    return report_html(draft)


def _markdown(draft: Draft) -> Output:
    from reportgen.render.markdown import summary_md

    return summary_md(draft)


def _llms(draft: Draft) -> Output:
    from reportgen.render.llms import llms_txt

    return llms_txt(draft)


def _site(draft: Draft) -> Output:
    from reportgen.render.plain_site import site_files

    return site_files(draft)


def _email(draft: Draft) -> Output:
    from reportgen.render.email import email_html

    return email_html(draft)


def _gates(draft: Draft) -> Output:
    from reportgen.render.gates import gate_files

    return gate_files(draft)


_GATE_FILES = {
    "verdict": "verdict.json",
    "junit": "junit.xml",
    "code_quality": "code-quality.json",
    "metrics": "metrics.txt",
}

OUTPUTS: Mapping[str, OutputKind] = {
    "data": OutputKind(_data, {"json": "report.json"}, proof="data/runs.parquet"),
    "charts": OutputKind(_charts),
    "pdf": OutputKind(_pdf, {"pdf": "report.pdf"}, proof="report.pdf"),
    "html": OutputKind(_html, {"html": "report.html"}, proof="report.html"),
    "markdown": OutputKind(_markdown, {"markdown": "summary.md"}, proof="summary.md"),
    "llms": OutputKind(_llms, {"llms": "llms.txt"}, proof="llms.txt"),
    "email": OutputKind(_email, {"email": "email.html"}, is_usual=False),
    "site": OutputKind(_site, {"site": "site/index.html"}, is_usual=False),
    "gates": OutputKind(_gates, _GATE_FILES, proof="verdict.json"),
}

USUAL = tuple(name for name, kind in OUTPUTS.items() if kind.is_usual)

FILES: Mapping[str, str] = {name: path for kind in OUTPUTS.values() for name, path in kind.files.items()}
"""What ``--json`` calls a file → its path, of all outputs."""

"""Every block in light, in dark and on paper: a page for each theme, one that shows both, and the PDF."""

from __future__ import annotations

from pathlib import Path

from reportgen.errors import Problem
from reportgen.model import Report
from reportgen.render import bundle_of
from reportgen.render.options import RenderOptions

INDEX = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Gallery of blocks</title>
<style>
body { margin: 0; display: grid; grid-template-columns: 1fr 1fr; height: 100vh; }
iframe { border: 0; width: 100%; height: 100%; }
@media (max-width: 900px) { body { grid-template-columns: 1fr; height: 200vh; } }
</style>
<iframe src="light.html" title="Light"></iframe>
<iframe src="dark.html" title="Dark"></iframe>
</html>
"""


def gallery_files(report: Report, template_dirs: tuple[Path, ...] = ()) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Name → content of the page in both themes, of one that shows both, and of the PDF; and what could not be drawn."""
    files, problems = {"index.html": INDEX.encode()}, set[Problem]()
    for theme in ("light", "dark"):
        formats = ("html", "pdf") if theme == "light" else ("html",)
        bundle = bundle_of(report, None, RenderOptions(formats=formats, template_dirs=template_dirs, theme=theme))
        for path, name in (("report.html", f"{theme}.html"), ("report.pdf", "report.pdf")):
            if isinstance(content := bundle.files.get(path), bytes):
                files[name] = content
        problems |= {*bundle.problems}
    return files, tuple(sorted(problems))

"""Checks of this machine: what reading, drawing and writing reports needs, and what is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from reportgen.errors import ReportError
from reportgen.formats import n_bytes
from reportgen.redaction import Redactor, public_uri
from reportgen.render.pdf import FONTS, PANGO, font_families


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    what: str
    state: Literal["ok", "warning", "missing"]
    """``missing``: no whole report can be made without it. ``warning``: the report says what it lacks."""
    found: str
    todo: str = ""


def examined(tracking_uri: str | None) -> tuple[Finding, ...]:
    """The results of all checks, in the order in which a report is made."""
    findings = [_python(), _package("mlflow"), _package("plotly")]
    findings += [_store(tracking_uri), _delivery(tracking_uri)] if tracking_uri else []
    return (*findings, _browser(), _pdf(), *_fonts(), _cache(), _disk())


def _python() -> Finding:
    words = ".".join(str(part) for part in sys.version_info[:3])
    good = sys.version_info >= (3, 11)
    return Finding("Python", "ok" if good else "missing", words, "" if good else "install Python 3.11 or newer")


def _package(name: str) -> Finding:
    try:
        return Finding(name, "ok", version(name))
    except PackageNotFoundError:
        return Finding(name, "missing", "not installed", "install reportgen again: pip install reportgen")


def _store(uri: str) -> Finding:
    from reportgen.collect import Selection, plan

    try:
        planned = plan(uri, Selection())
    except ReportError as error:
        return Finding("store", "missing", f"{public_uri(uri)}: {error.what}", error.todo or "")
    n_runs = sum(row.n_runs for row in planned.experiments)
    return Finding(
        "store", "ok", f"{planned.source.kind} {planned.source.uri}: {len(planned.experiments)} experiments, {n_runs:,} runs"
    )


def _delivery(uri: str) -> Finding:
    """Whether reports may be logged to the store; it is not needed for reading."""
    from reportgen.publish.mlflow import Target
    from reportgen.publish.rights import check_rights

    redactor = Redactor.of([uri], os.environ)
    try:
        return Finding("delivery", "ok", redactor(check_rights(Target(uri, "reports"), redactor)))
    except ReportError as error:
        return Finding(
            "delivery", "warning", f"no report can be logged to {public_uri(uri)}: {redactor(error.what)}", error.todo or ""
        )


def _browser() -> Finding:
    from reportgen.charts.browser import find_browser

    path = find_browser()
    if path is None:
        todo = "apt-get install chromium-headless-shell (or chromium)"
        return Finding("browser", "ok", "no Chromium or Chrome; only `charts: {plotly: true}` in a config needs one", todo)
    return Finding("browser", "ok", path)


def _pdf() -> Finding:
    # In a child: the libraries behind WeasyPrint print, or even abort, when they are not whole.
    script = "import weasyprint; print(weasyprint.__version__)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        library = re.search(r"cannot load library '([^']+)'", done.stderr)
        why = f": there is no library {library[1]}" if library else ""
        return Finding("PDF", "missing", f"WeasyPrint does not load{why}", PANGO)
    return Finding("PDF", "ok", f"WeasyPrint {done.stdout.strip()}")


def _fonts() -> tuple[Finding, ...]:
    families = font_families()
    if families is None:
        return (Finding("fonts", "warning", "fontconfig's fc-list is not there", FONTS),)
    if not families:
        return (Finding("fonts", "warning", "none: in a PDF, scripts other than Latin and Greek are empty boxes", FONTS),)
    wanted = {
        "Latin": (":lang=en", "fonts-noto-core"),
        "Chinese, Japanese, Korean": (":lang=zh-cn", "fonts-noto-cjk"),
        "emoji": (":lang=und-zsye", "fonts-noto-color-emoji"),
    }
    return tuple(_font(name, pattern, package) for name, (pattern, package) in wanted.items())


def _font(name: str, pattern: str, package: str) -> Finding:
    families = font_families(pattern)
    if not families:
        return Finding(f"fonts: {name}", "warning", "none: such text would be empty boxes", f"apt-get install {package}")
    return Finding(f"fonts: {name}", "ok", f"{len(families)} families, e.g. {families[0]}")


def _cache() -> Finding:
    """Check the default cache folder; a config may name another."""
    from reportgen.collect.cache.folder import n_bytes_in
    from reportgen.config import user_cache

    folder = user_cache()
    if folder is None:
        todo = "set HOME or XDG_CACHE_HOME, or write `cache: FOLDER` in the config; until then each build reads everything"
        return Finding("cache", "warning", "this user has no home, so histories are not kept", todo)
    if not folder.exists():
        return Finding("cache", "ok", f"{folder}, which the first build makes")
    writable = os.access(folder, os.W_OK | os.X_OK)
    todo = "" if writable else "give this user the right to write there, or write `cache: FOLDER` in the config"
    return Finding("cache", "ok" if writable else "warning", f"{folder}, {n_bytes(n_bytes_in(folder))} of histories", todo)


def _disk() -> Finding:
    free = shutil.disk_usage(".").free
    good = free > 500_000_000
    return Finding("disk", "ok" if good else "warning", f"{n_bytes(free)} free here", "" if good else "free some space")

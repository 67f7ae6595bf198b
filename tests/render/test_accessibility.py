"""Every page that a reader opens: no violation by axe (WCAG and best practice), and HTML that a strict parser takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe

from reportgen.publish.past import past_reports
from reportgen.render import RenderOptions, bundle_of
from reportgen.render.site import site_files
from tests.render.example import example_report
from tests.render.test_explorer_page import TAKEN, page_of, ready, settle

pytestmark = pytest.mark.browser


def pages(folder: Path) -> dict[str, str]:
    """Name → HTML: a report with its explorer, one with every kind of block, an e-mail, and the index of a folder of reports."""
    files = bundle_of(example_report(), None, RenderOptions(formats=("html", "email"))).files
    site = {name: content.decode() for name, content in site_files(past_reports(folder)).items()}
    index = site["index.html"].replace('<link rel="stylesheet" href="index.css">', f"<style>{site['index.css']}</style>")
    return {
        "explored": page_of(TAKEN),
        "blocks": files["report.html"].decode(),
        "mail": files["email.html"].decode(),
        "index": index,
    }


def test_no_page_has_a_violation_or_broken_html(chromium: Any, tmp_path: Path) -> None:
    found = {}
    for name, html in pages(tmp_path).items():
        html5lib.HTMLParser(strict=True).parse(re.sub(r"<noscript>|</noscript>", "", html))  # as it is without scripts
        file = tmp_path / f"{name}.html"
        file.write_text(html, encoding="utf-8")
        for width, scheme in ((1400, "light"), (390, "dark")):
            context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
            page = context.new_page()
            page.goto(file.as_uri())
            if name == "explored":
                opened_wide(ready(page))
            for violation in Axe().run(page).response["violations"]:
                found[name, scheme, violation["id"]] = [node["html"][:200] for node in violation["nodes"]]
            context.close()
    assert found == {}


def opened_wide(page: Any) -> None:
    """The explorer with everything open at once: a filter that cannot be read, a drawer, a picked run."""
    page.fill(".x-filter", "metrics.loss <")
    page.locator(".x-table tbody input").first.check()
    page.locator(".x-table .x-name").first.click()
    settle(page)

"""Tables too large to be elements at once: all there without scripts, real rows when they come into sight, and few of many."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from reportgen.charts.paper import ChartImage
from reportgen.model import Axis, Cell, Chart, Column, RunLink, Table, Trace
from reportgen.render.environment import environment_of
from reportgen.render.html import LARGEST_PICTURE, Screen
from tests.render.example import report_with
from tests.render.test_page import Opened, assert_quiet, html_of

pytestmark = [pytest.mark.usefixtures("quick_charts"), pytest.mark.browser]


def table_of(n: int, id_: str = "many") -> Table:
    columns = (
        Column("run", "Run", "run"),
        Column("loss", "Loss", "number", 4),
        Column("took", "Took", "duration"),
        Column("word", "Word", "code"),
    )
    rows = tuple(
        (
            Cell(RunLink(f"{at:032x}", f"run {at} </noscript><b>")),
            Cell(float("inf") if at == 3 else None if at == 4 else at * 0.5),
            Cell(float(n - at)),
            Cell("<i>&amp;" if at % 2 else "b", "bad" if at == 7 else "neutral", "a note" if at == 7 else ""),
        )
        for at in range(n)
    )
    return Table(id_, "Many rows", columns, rows, sortable=True)


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opened]:
    one = Opened(chromium, viewport={"width": 1200, "height": 800})
    yield one
    one.context.close()


def rows_of(page: Any) -> list[str]:
    found: list[str] = page.evaluate(
        "() => Array.from(document.querySelectorAll('#t-many tbody tr:not([aria-hidden])'), r => r.cells[0].textContent.split(' <')[0])"
    )
    return found


def test_without_scripts_every_row_is_there(chromium: Any, tmp_path: Path) -> None:
    one = Opened(chromium, java_script_enabled=False)
    page = one.from_file(html_of(report_with(table_of(1500))), tmp_path)
    assert page.locator("#t-many tbody tr").count() == 1500
    cells = page.locator("#t-many tbody tr").nth(7).locator("th, td").all_text_contents()
    assert [text.strip() for text in cells[:2]] == ["run 7 </noscript><b> 00000000", "3.5000"]
    assert cells[3].strip().endswith("<i>&amp; a note")
    assert page.locator("#t-many i, #t-many tbody b").count() == 0
    one.context.close()


def test_up_to_200_rows_are_real_when_they_come_into_sight(opened: Opened, tmp_path: Path) -> None:
    page = opened.from_file(html_of(report_with(table_of(150))), tmp_path)
    page.locator("#t-many").scroll_into_view_if_needed()
    page.wait_for_selector("#t-many tbody tr:not([aria-hidden])")
    assert len(rows_of(page)) == 150
    page.locator("#t-many thead button", has_text="Loss").click()
    assert rows_of(page)[:3] == ["run 0", "run 1", "run 2"]
    assert rows_of(page)[-2:] == ["run 3", "run 4"]  # infinity, then nothing
    page.locator("#t-many thead button", has_text="Took").click()
    assert rows_of(page)[0] == "run 149"
    page.locator("#t-many .filter input").fill("note")
    assert page.locator("#t-many output").text_content() == "1 of 150 rows"
    assert page.locator("#t-many tbody i, #t-many tbody b").count() == 0
    assert page.evaluate("() => getComputedStyle(document.querySelector('#t-many tbody td')).textAlign") == "right"
    assert_quiet(opened)


def test_of_more_rows_only_those_in_sight_are_drawn(opened: Opened, tmp_path: Path) -> None:
    page = opened.from_file(html_of(report_with(table_of(5000))), tmp_path)
    assert page.evaluate("() => document.getElementsByTagName('*').length") < 1500
    page.locator("#t-many").scroll_into_view_if_needed()
    page.wait_for_selector("#t-many tbody tr:not([aria-hidden])")
    assert len(rows_of(page)) < 60
    assert page.locator("#t-many table").get_attribute("aria-rowcount") == "5001"
    page.evaluate("() => { document.querySelector('#t-many .scroll').scrollTop = 1e7; }")
    page.wait_for_function("() => document.querySelector('#t-many tbody').textContent.includes('run 4999')")
    page.locator("#t-many .filter input").fill("note")
    assert page.locator("#t-many output").text_content() == "1 of 5,000 rows"
    assert rows_of(page) == ["run 7"]
    page.locator("#t-many .filter input").fill("")
    page.locator("#t-many thead button", has_text="Took").click()
    assert rows_of(page)[0] == "run 4999"
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert len(rows_of(page)) == 200
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert len(rows_of(page)) < 60
    assert_quiet(opened)


def test_numbers_of_a_chart_wait_until_they_are_unfolded_and_very_many_are_cut(opened: Opened, tmp_path: Path) -> None:
    chart = Chart(
        "c", "Chart", "lines", Axis("x"), Axis("y"), "A line.", (Trace("a", (0.0, 1.0), (0.0, 1.0)),), table=table_of(1500)
    )
    html = html_of(report_with(chart))
    assert "The first 200 of 1,500 rows; data/tables/many.csv has all." in html
    assert html.count("<tr><th>") == 200
    page = opened.from_file(html, tmp_path)
    page.wait_for_timeout(200)
    assert page.locator("#t-many tbody tr").count() == 0
    page.locator("details.numbers summary").first.click()
    page.wait_for_selector("#t-many tbody tr:not([aria-hidden])")
    assert len(rows_of(page)) == 200


def test_a_small_table_is_as_it_was() -> None:
    html = html_of(report_with(replace(table_of(3), id="few")))
    assert re.search(r'<td class="num" data-sort="0.5">', html)
    assert '<noscript>\n<div class="scroll"' not in html


def test_a_chart_has_its_picture_for_where_no_script_runs() -> None:
    chart = Chart("c", "Chart", "lines", Axis("x"), Axis("y"), "A line.", (Trace("a", (0.0, 1.0), (0.0, 1.0)),))
    picture = ChartImage("svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 9, 9)
    view = Screen({"c": Markup("{}")}, {"c": picture}).chart(chart)
    assert view.source == "data:image/svg+xml;base64," + base64.b64encode(picture.data).decode()
    too_large = replace(picture, data=picture.data + b" " * LARGEST_PICTURE)
    assert Screen({"c": Markup("{}")}, {"c": too_large}).chart(chart).source == ""
    assert Screen({}, {"c": picture}).chart(chart).failure is not None
    html = environment_of().get_template("blocks/chart.html.j2").render(block=view)
    assert f'<noscript><img class="static" src="{view.source}" alt="A line."></noscript>' in html

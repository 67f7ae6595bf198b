"""The explorer in a real Chromium: from file:// and in the frame of MLflow's viewer."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect.filters import LikeRules, clauses_of, runs_that_match
from reportgen.collect.source import Details
from reportgen.errors import ConfigError
from reportgen.render import RenderOptions, bundle_of
from reportgen.snapshot import Snapshot
from tests.hostile import payloads
from tests.render.test_page import Opened, assert_quiet
from tests.snapshots import FakeRun, snapshot, told

pytestmark = [pytest.mark.usefixtures("quick_charts"), pytest.mark.browser]

COUNT = "() => document.querySelector('.x-count').textContent"


def named(name: str, **tags: str) -> dict[str, Any]:
    """A name as MLflow keeps it: also as a tag."""
    return {"name": name, "tags": {"mlflow.runName": name, **tags}}


def made() -> Snapshot:
    """Two arms, 12 seeds each, one of which diverges; and runs that lack one thing each."""
    rng = random.Random(7)
    runs = []
    for n in range(24):
        arm, seed = ("wide", "base")[n % 2], n // 2
        loss = [1 / (1 + at) + rng.gauss(0, 0.01) + (0.05 if arm == "base" else 0) for at in range(30)]
        if n == 5:
            loss[20:] = [float("nan")] * 10
        params = {"arm": arm, "seed": str(seed), "lr": ("1e-3", "0.01", "0.0005")[n % 3]}
        histories = {"loss": loss, "acc": [1 - value for value in loss]}
        runs.append(FakeRun(f"{n:032x}", params=params, histories=histories, **named(f"{arm} seed {seed}", owner="ann")))
    runs.append(
        FakeRun("f" * 32, {"loss": float("inf")}, status="FAILED", datasets=[("train", "f00")], **named("seed 11's successor"))
    )
    runs.append(FakeRun("e" * 32, **named("50% off_x", note="a.b")))
    return snapshot(*runs)


TAKEN = made()


@pytest.fixture(scope="module")
def html() -> str:
    return page_of(TAKEN)


def page_of(taken: Snapshot) -> str:
    report = told(taken, primary="loss", compare={"by": "params.arm"})
    return bundle_of(report, taken, RenderOptions(formats=("html",))).files["report.html"].decode()


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opened]:
    one = Opened(chromium, viewport={"width": 1400, "height": 900})
    yield one
    one.context.close()


def ready(frame: Any) -> Any:
    frame.wait_for_selector("#explore[data-ready]", timeout=20_000)
    return frame


def settle(frame: Any) -> None:
    frame.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30))))")


def filtered(frame: Any, text: str) -> str:
    frame.fill(".x-filter", text)
    settle(frame)
    return str(frame.evaluate(COUNT))


FILTERS = (
    "metrics.loss < 0.1",
    "metrics.loss >= 0.08 and params.arm = 'wide'",
    "metric.loss != 0.5",
    "metrics.loss > 1e300",
    "metrics.`loss` <= 0.06",
    'metrics."acc" > 0.93',
    "metrics.none = 1",
    "params.lr = '1e-3'",
    "params.lr != '1e-3'",
    'parameters.lr = "0.01"',
    "param.`lr` LIKE '0.%'",
    "params.lr LIKE '%E%'",
    "params.lr ILIKE '%E%'",
    "params.lr IS NULL",
    "params.lr IS NOT NULL",
    "params.lr <= '0.01'",
    "tags.owner = 'ann'",
    "tag.note LIKE 'a_b'",
    "tags.none IS NULL",
    "attributes.status = 'FAILED'",
    "status != 'FINISHED'",
    "run_name LIKE '%seed 1%'",
    "attributes.run_name ILIKE '%SEED%'",
    "run_name LIKE '50% off_x'",
    'run_name = "seed 11\'s successor"',
    f"run_id IN ('{'f' * 32}', '{0:032x}')",
    f"attributes.run_id NOT IN ('{'f' * 32}')",
    "start_time > 0",
    "end_time < 1",
    "dataset.name = 'train'",
    "dataset.context LIKE 'tr%' AND metrics.loss > 0",
    "metrics.loss > 0 AND",
    "metrics.loss > 'a'",
    "fruit.x = 'y'",
    "metrics.loss > 0 OR metrics.acc > 0",
)


def test_filters_select_what_mlflow_selects(opened: Opened, html: str, tmp_path: Path) -> None:
    """35 filters, by ``collect.filters``, whose answers are tested against MLflow's own; what it refuses is refused or marked."""
    page = ready(opened.from_file(html, tmp_path))
    details = Details(params=TAKEN.params, tags=TAKEN.tags, metrics=TAKEN.metrics, datasets=TAKEN.datasets, stored={})
    answers = page.evaluate(
        """async (filters) => { const field = document.querySelector('.x-filter'); const answers = [];
        for (const text of filters) { field.value = ''; field.dispatchEvent(new Event('input'));
          await new Promise(done => requestAnimationFrame(() => setTimeout(done, 5)));
          field.value = text; field.dispatchEvent(new Event('input'));
          await new Promise(done => requestAnimationFrame(() => setTimeout(done, 5)));
          answers.push([document.querySelector('.x-how').className.split(' ')[1],
            Array.from(document.querySelectorAll('.x-table tbody tr[data-run] .x-name'), name => name.textContent).sort()]); }
        return answers; }""",
        list(FILTERS),
    )
    names = dict(zip(TAKEN.runs.column("run_id").to_pylist(), TAKEN.runs.column("name").to_pylist(), strict=True))
    for text, (kind, found) in zip(FILTERS, answers, strict=True):
        try:
            clauses = clauses_of(text)
        except ConfigError:
            assert kind in ("wrong", "extended"), text
            continue
        wanted = runs_that_match(clauses, TAKEN.runs, details, LikeRules(folds_ascii_only=True))
        assert (kind, found) == ("mlflow", sorted(names[run] for run in wanted)), text


def test_one_selection_everywhere(opened: Opened, html: str, tmp_path: Path) -> None:
    page = ready(opened.from_file(html, tmp_path))
    assert page.evaluate(COUNT) == "all 26 runs shown"
    assert filtered(page, "seed 11") == "3 of 26 runs shown"
    assert page.locator(".x-table tbody tr[data-run]").count() == 3
    assert "about all 26 runs" in page.locator("main > section:not(#explore) h2").first.get_attribute("data-about")
    assert page.locator("body.explored").count() == 1
    assert filtered(page, "params.lr <= 1e-3") == "16 of 26 runs shown"
    assert "extended" in page.locator(".x-how").get_attribute("class")
    page.locator("#explore").scroll_into_view_if_needed()
    page.locator(".x-chip", has_text="wide").click()
    settle(page)
    assert page.evaluate(COUNT) == "8 of 26 runs shown"
    page.wait_for_function("() => document.querySelector('.x-panel canvas').getAttribute('aria-label').includes('8 runs')")
    assert_quiet(opened)


def test_figures_and_tiles_of_the_report_follow(opened: Opened, html: str, tmp_path: Path) -> None:
    """Points and lines of runs that are left out go, and the figure counts; a tile says its number of the runs shown; a print has all."""
    page = ready(opened.from_file(html, tmp_path))
    filtered(page, "params.seed <= 2")  # six runs, one of which diverged: it is in no figure
    found = {}
    for plot in page.locator(".plot").all():
        plot.scroll_into_view_if_needed()
        plot.evaluate(
            "plot => new Promise(done => { const ask = () => plot.dataset.drawn ? done() : setTimeout(ask, 20); ask(); })"
        )
        found[plot.get_attribute("aria-label")] = plot.evaluate(
            """plot => [plot.closest('figure').querySelector('.followed').textContent, plot.closest('figure').querySelector('h3').dataset.about,
            plot.data.map(series => series.visible === false ? -1 : series.y.filter(value => value !== null).length)]"""
        )
    points = [one for title, one in found.items() if "by arm" in title or "against" in title or "pair" in title]
    assert points, found
    assert {text for text, _, _ in points} == {"5 of 23 runs shown; what the report says is about all runs."}, found
    assert any(counts[0] == 5 for _, _, counts in points), found
    lone = [one for one in found.values() if not one[0]]
    assert {about for _, about, _ in lone} <= {"about all 26 runs"}, found
    tiles = {text.split("\n")[0]: text for text in page.locator(".tile").all_inner_texts()}
    assert "6 of 26 runs shown" in tiles["Runs"], tiles
    assert re.search(r"Of the runs shown: 0\.0\d+, wide seed [012]", tiles["Best loss"]), tiles
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    drawn = "() => Array.from(document.querySelectorAll('.plot'), plot => plot.data.flatMap(series => series.visible === false ? [] : series.y).filter(value => value === null).length)"
    printed = page.evaluate(drawn)
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert sum(page.evaluate(drawn)) > sum(printed)
    assert filtered(page, "") == "all 26 runs shown"
    settle(page)
    assert page.evaluate(drawn) == printed
    assert page.locator(".tile .among:visible, .followed:visible").count() == 0
    assert_quiet(opened)


def test_a_row_marks_its_curves_and_a_curve_its_row(opened: Opened, html: str, tmp_path: Path) -> None:
    page = ready(opened.from_file(html, tmp_path))
    page.locator(".x-panels").scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.x-panel .x-said').textContent.startsWith('best')")
    plot = page.locator(".x-plot").first
    plot.focus()
    for key in ("ArrowDown", "ArrowLeft", "ArrowLeft"):
        plot.press(key)
    settle(page)
    said = page.locator(".x-said").all_text_contents()
    assert len({text.rpartition("·")[2].strip() for text in said if text}) == 1, said  # the same step in every panel
    marked = page.locator(".x-table tr.marked .x-name").text_content()
    assert all(marked in text for text in said)
    plot.press("Enter")
    settle(page)
    assert page.locator(".x-table tr.picked").count() == 1
    row = page.locator(".x-table tbody tr[data-run]").nth(3)
    row.hover()
    settle(page)
    assert row.locator(".x-name").text_content() in page.locator(".x-said").first.text_content()


def test_drawer_comparison_and_the_view_as_a_fragment(opened: Opened, html: str, tmp_path: Path) -> None:
    page = ready(opened.from_file(html, tmp_path))
    rows = page.locator(".x-table tbody tr[data-run]")
    rows.nth(0).locator(".x-name").click()
    settle(page)
    drawer = page.locator(".x-drawer")
    assert "Open in MLflow" in drawer.text_content()
    assert "arm" in drawer.text_content()
    page.keyboard.press("Escape")
    settle(page)
    assert drawer.is_hidden()
    page.locator(".x-table .x-name", has_text="base seed 2").click()
    page.wait_for_function("() => document.querySelector('.x-drawer').textContent.includes('not finite from step 20 on')")
    page.keyboard.press("Escape")
    for at in (0, 2):
        rows.nth(at).locator("input").check()
    page.get_by_role("button", name="Compare 2 picked").click()
    page.locator("label", has_text="group by").locator("select").select_option("param:seed")
    page.wait_for_function("() => location.hash.startsWith('#v1;')")
    page.wait_for_timeout(400)
    assert "2 runs side by side" in drawer.text_content()
    assert "shared values hidden" in drawer.text_content()
    text = page.evaluate("() => location.hash")
    page.goto("about:blank")
    page.goto((tmp_path / "report.html").as_uri() + text)
    ready(page)
    settle(page)
    assert "2 runs side by side" in page.locator(".x-drawer").text_content()
    assert page.locator("label", has_text="group by").locator("select").input_value() == "param:seed"
    page.fill(".x-filter", text.replace(text.split(";")[1], "q=another-report"))
    settle(page)
    assert "of another report" in page.locator(".x-status").text_content()
    assert page.locator(".x-drawer").is_hidden()
    assert_quiet(opened)


def test_axes_smoothing_and_zoom(opened: Opened, html: str, tmp_path: Path) -> None:
    page = ready(opened.from_file(html, tmp_path))
    page.locator(".x-panels").scroll_into_view_if_needed()
    for kind in ("wall", "relative", "metric:acc", "step"):
        page.locator("label:has(> span:text-is('x')) select").select_option(kind)
        settle(page)
        page.wait_for_function(
            "() => document.querySelector('.x-panel:not(.stale) canvas').getAttribute('aria-label').includes('runs')"
        )
    page.locator("label", has_text="groups as").locator("select").select_option("median")
    page.get_by_role("button", name="log y").click()
    page.locator(".x-choice input[type=range]").fill("0.6")
    box = page.locator(".x-plot").first.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Reset zoom").wait_for()
    settle(page)
    page.wait_for_timeout(400)
    assert {part[:2] for part in page.evaluate("() => location.hash").split(";")} >= {"l=", "m=", "s=", "z="}
    page.locator(".x-menu").first.click()
    assert page.locator(".x-dialog table tbody tr").count() > 100
    assert "smoothed" in page.locator(".x-dialog thead").text_content()
    assert_quiet(opened)


def test_the_sandboxed_viewer_has_what_works_there(opened: Opened, html: str) -> None:
    frame = ready(opened.from_sandbox(html))
    assert filtered(frame, "seed 11") == "3 of 26 runs shown"
    names = frame.locator("#explore button").all_text_contents()
    assert not any("Download" in name for name in names)
    frame.locator(".x-table tbody tr[data-run] .x-name").first.click()
    settle(frame)
    assert frame.locator(".x-drawer a").count() == 0
    assert "http://mlflow.test/#/experiments/1/runs/" in frame.locator(".x-drawer code").first.text_content()
    copied = frame.evaluate(
        """async () => { let text = ''; document.addEventListener('copy', event => { setTimeout(() => {}, 0); }, true);
        const set = DataTransfer.prototype.setData; DataTransfer.prototype.setData = function (kind, value) { text = value; set.call(this, kind, value); };
        Array.from(document.querySelectorAll('.x-button')).find(b => b.textContent === 'Copy as TSV').click(); return text; }"""
    )
    assert copied.startswith("Run\t")
    assert copied.count("\n") == 3
    frame.wait_for_timeout(400)
    assert frame.evaluate("() => location.hash").startswith("#v1;")
    assert_quiet(opened)


def test_ten_thousand_rows_are_drawn_when_seen(opened: Opened, tmp_path: Path) -> None:
    runs = [FakeRun(f"{n:032x}", {"loss": n / 7}, name=f"run {n}", params={"p": str(n % 5)}) for n in range(1000)]
    page = ready(opened.from_file(page_of(snapshot(*runs)), tmp_path))
    settle(page)
    assert page.locator(".x-table tbody tr").count() < 80
    assert page.locator(".x-table table").get_attribute("aria-rowcount") == "1001"
    page.locator(".x-table tbody tr[data-run]").first.focus()
    page.keyboard.press("End")
    settle(page)
    assert page.evaluate("() => document.activeElement.getAttribute('aria-rowindex')") == "1001"
    assert page.locator(".x-table tr[aria-rowindex='1001'] .x-name").text_content() == "run 999"
    assert filtered(page, "params.p = '3'") == "200 of 1,000 runs shown"
    assert page.locator(".x-table tbody tr[data-run]").count() == 200  # the place is clamped, and 200 rows are all real


def test_two_hundred_rows_are_all_there_and_those_out_of_sight_are_light(opened: Opened, tmp_path: Path) -> None:
    """Search of the browser and readers find every row; the keyboard reaches the last one, which is then whole."""
    params = {f"p{at}": str(at) for at in range(8)}
    runs = [FakeRun(f"{n:032x}", {"loss": n / 7}, name=f"run {n}", params=params | {"q": f"word{n}"}) for n in range(120)]
    page = ready(opened.from_file(page_of(snapshot(*runs)), tmp_path))
    filtered(page, "run_name LIKE 'run%'")
    cells = "() => document.querySelectorAll('.x-table tbody tr > *').length"
    assert page.locator(".x-table tbody tr[data-run]").count() == 120
    assert page.evaluate(cells) < 500
    last = page.locator(".x-table tr[aria-rowindex='121']")
    assert last.locator("th").text_content() == "run 119"
    assert "q word119, " in last.locator("td").text_content()
    page.locator(".x-table tbody tr[data-run]").first.focus()
    page.keyboard.press("End")
    settle(page)
    assert page.evaluate("() => document.activeElement.getAttribute('aria-rowindex')") == "121"
    assert last.locator(".x-name").text_content() == "run 119"
    page.keyboard.press("Home")
    settle(page)
    assert page.evaluate(cells) < 500
    assert page.locator(".x-table tr[aria-rowindex='2'] .x-name").text_content() == "run 0"
    assert_quiet(opened)


def test_paper_has_the_document_and_not_the_tools(opened: Opened, html: str, tmp_path: Path) -> None:
    page = ready(opened.from_file(html, tmp_path))
    page.emulate_media(media="print")
    assert page.locator("#explore").is_hidden()
    assert page.locator("main > section").first.is_visible()


def test_hostile_texts_are_dead_in_every_place(opened: Opened, tmp_path: Path) -> None:
    """As name, param, tag, note, data set, metric, status, user and group: opened, compared, copied and drawn."""
    texts = [text for text in payloads(generated=False).values() if not re.search("[\ud800-\udfff]", text)]
    runs = []
    for at, text in enumerate(texts):
        histories = {text: [1.0, 2.0, float(at)], "loss": [1.0, 0.5]}
        tags = {text: text, "mlflow.note.content": text, "variant": text}
        runs.append(
            FakeRun(
                f"{at:032x}", name=text, params={text: text, "p": text}, tags=tags, histories=histories, datasets=[(text, text)]
            )
        )
    taken = snapshot(*runs)
    report = told(taken, primary="loss")
    page = ready(
        opened.from_file(bundle_of(report, taken, RenderOptions(formats=("html",))).files["report.html"].decode(), tmp_path)
    )
    before = page.evaluate("() => [...new Set(Array.from(document.querySelectorAll('*'), e => e.tagName))].sort().join()")
    page.evaluate(
        """async () => { const wait = () => new Promise(done => setTimeout(done, 60));
        const select = document.querySelector('.x-chips ~ .x-choice select');
        for (const option of Array.from(select.options).slice(0, 6)) { select.value = option.value; select.dispatchEvent(new Event('change')); await wait(); }
        for (const name of Array.from(document.querySelectorAll('.x-table .x-name')).slice(0, 40)) { name.click(); await new Promise(done => requestAnimationFrame(done)); }
        for (const box of Array.from(document.querySelectorAll('.x-table input')).slice(0, 5)) { box.click(); await wait(); }
        Array.from(document.querySelectorAll('.x-button')).find(b => b.textContent.startsWith('Compare')).click(); await wait();
        Array.from(document.querySelectorAll('.x-button')).find(b => b.textContent === 'Columns…').click(); await wait();
        document.querySelector('.x-dialog').close();
        document.querySelector('.x-panels').scrollIntoView(); await wait(); await wait();
        for (const menu of Array.from(document.querySelectorAll('.x-menu')).slice(0, 6)) { menu.click(); await wait(); document.querySelector('.x-dialog').close(); }
        for (const cell of Array.from(document.querySelectorAll('.x-table td[data-key]')).slice(0, 60)) cell.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
        await wait(); }"""
    )
    own = {"B", "OL", "TEXTAREA", "IMG", "PATH", "svg", "path", "ASIDE", "H4", "UL", "CODE", "CAPTION", "A"}
    after = page.evaluate("() => [...new Set(Array.from(document.querySelectorAll('*'), e => e.tagName))].sort().join()")
    assert set(after.split(",")) - set(before.split(",")) <= own
    assert (
        page.evaluate(
            "() => document.querySelectorAll('#explore script, #explore b:not(.x-said b), #explore iframe, #explore [onclick], #explore [onerror]').length"
        )
        == 0
    )
    assert_quiet(opened)


def test_tables_of_the_report_follow_the_filter_and_say_so(opened: Opened, html: str, tmp_path: Path) -> None:
    page = ready(opened.from_file(html, tmp_path))
    shown = "() => Array.from(document.querySelectorAll('main .table tr')).filter(row => row.querySelector('th .run') && !row.hidden).length"
    said = "() => Array.from(document.querySelectorAll('.followed')).filter(one => !one.hidden).map(one => one.textContent)"
    every = page.evaluate(shown)
    assert page.evaluate(said) == []
    filtered(page, "params.arm = 'wide'")
    settle(page)
    notes = page.evaluate(said)
    assert notes
    assert all(re.match(r"(\d+|None) of \d+ runs ", note) for note in notes)
    assert 0 < page.evaluate(shown) < every
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(shown) == every  # paper has the document as it was computed
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    filtered(page, "")
    settle(page)
    assert (page.evaluate(said), page.evaluate(shown)) == ([], every)
    assert_quiet(opened)

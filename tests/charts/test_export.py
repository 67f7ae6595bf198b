"""Kaleido with a real Chromium: what it exports, and what happens when it hangs, dies or is not one."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import socket
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from reportgen.charts import export
from reportgen.charts.browser import find_browser
from reportgen.charts.export import Exported, ExportOptions, exported
from reportgen.charts.screen import light_figure
from tests.charts.hostile import INLINE, one_of_each_kind, poisoned
from tests.charts.samples import SAMPLES, training_curves

needs_browser = pytest.mark.skipif(find_browser() is None, reason="no Chromium or Chrome on this machine")
pytestmark = [pytest.mark.browser]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of this test's own, which must be empty, and without processes, when it is over."""
    folder = tmp_path / "t"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    deadline = time.monotonic() + 5
    while processes(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes(folder) == {}
    assert list(folder.iterdir()) == []


def processes(folder: Path) -> dict[int, str]:
    """Living processes whose temporary folder is in ``folder``, and their descendants: pid → command line.

    A renderer writes its title over its environment, so it is found by its parent.
    """
    lines, parents, found = {}, {}, set()
    for place in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if place.name.isdigit():
                pid = int(place.name)
                state, parent = (place / "stat").read_text().rpartition(")")[2].split()[:2]
                lines[pid], parents[pid] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(), int(parent)
                if state != "Z" and f"TMPDIR={folder}".encode() in (place / "environ").read_bytes():
                    found.add(pid)
    grown = True
    while grown:
        grown = {pid for pid, parent in parents.items() if parent in found and lines[pid]} - found
        found |= grown
    return {pid: lines[pid] for pid in found}


def browsers(folder: Path) -> list[int]:
    """The browser's own processes: not the worker, not the wrapper that starts the browser."""
    return [pid for pid, line in processes(folder).items() if "chrom" in line and "wrapper" not in line]


def figures(*charts) -> dict:
    return {chart.id: light_figure(chart) for chart in charts}


def many(n: int) -> dict:
    return figures(*(replace(training_curves(), id=f"curves-{i}") for i in range(n)))


def script(folder: Path, text: str) -> str:
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def texts_of(svg: bytes) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def svgs():
    return exported(figures(*SAMPLES.values()))


@needs_browser
def test_every_sample_is_exported(svgs):
    assert (set(svgs.files), svgs.problems) == (set(SAMPLES), ())


@needs_browser
@pytest.mark.parametrize("chart", SAMPLES.values(), ids=SAMPLES)
def test_the_words_of_the_figure_are_in_its_file(svgs, chart):
    said = " ".join(texts_of(svgs.files[chart.id]))
    layout = light_figure(chart)["layout"]
    wanted = [text for axis in ("xaxis", "yaxis") for text in layout[axis].get("ticktext", [])]
    wanted += [a["text"] for a in layout["annotations"] if "<" not in a["text"]]
    wanted += [chart.y.label] if chart.kind == "lines" else []
    assert wanted
    for text in wanted:
        for line in text.split("<br>"):
            assert line.replace("&#37;", "%").replace("&amp;", "&") in said


@needs_browser
def test_the_same_figures_give_the_same_bytes_in_any_order_and_company(svgs):
    some = [SAMPLES[name] for name in ("slopes", "confusion", "bars", "curves-bands", "correlations")]
    again = exported(figures(*some))
    assert again.files == {c.id: svgs.files[c.id] for c in some}
    first, second = (exported(figures(*order), ExportOptions(format="png")).files for order in (some, some[::-1]))
    assert first == second


@needs_browser
def test_a_png_has_the_size_of_the_figure_times_the_scale():
    files = exported(figures(SAMPLES["bars"]), ExportOptions(format="png", scale=3)).files
    assert Image.open(io.BytesIO(files["bars"])).size == (3 * 720, 3 * 300)


@needs_browser
def test_a_figure_of_somebody_else_is_drawn_with_every_trace_of_plotly():
    values = {"type": "sankey", "node": {"label": ["a", "b"]}, "link": {"source": [0], "target": [1], "value": [1]}}
    files = exported({"flow": {"data": [values], "layout": {"title": {"text": "From a to b"}}}}).files
    assert {"a", "b", "From a to b"} <= set(texts_of(files["flow"]))


@needs_browser
def test_hostile_names_are_drawn_as_they_are_written_and_reach_nobody():
    charts = [
        replace(poisoned(chart, payload), id=f"{chart.kind}-{i}")
        for i, payload in enumerate(INLINE)
        for chart in one_of_each_kind()
        if chart.kind != "parallel" or i < 3
    ]
    done = exported(figures(*charts), ExportOptions())
    assert not done.problems
    for image in done.files.values():
        root = ET.fromstring(image)
        assert not [node for node in root.iter() if node.tag in (f"{SVG}a", f"{SVG}script", f"{SVG}foreignObject")]
        outside = re.sub(rb"<text.*?</text>", b"", image, flags=re.DOTALL)
        assert b"canary" not in outside
    said = " ".join(texts_of(done.files["lines-7"]))
    assert "a<b and c>d & e &amp; f" in said


@pytest.mark.fault("A figure asks for pictures and styles of another host", "No request leaves the browser.", at="text")
@needs_browser
def test_a_figure_that_asks_the_network_gets_no_answer():
    figure = light_figure(SAMPLES["bars"])
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.settimeout(0.5)
        source = {"source": f"http://127.0.0.1:{port}/x.png", "x": 0, "y": 1, "sizex": 1, "sizey": 1}
        figure["layout"]["images"] = [source]
        figure["layout"]["annotations"] += [{"text": f'<b style="fill:url(http://127.0.0.1:{port}/y)">B</b>', "x": 0, "y": 0}]
        done = exported({"bars": figure}, ExportOptions(format="png"))
        assert set(done.files) | {problem.where for problem in done.problems} == {"bars"}
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.fault("Plotly refuses a figure", "It is a gap; the others are exported.", at="machine", exit=3)
@needs_browser
def test_a_figure_that_plotly_refuses_costs_only_its_place():
    good = light_figure(SAMPLES["bars"])
    bad = good | {"layout": good["layout"] | {"width": 0}}
    done = exported({"good": good, "bad": bad, "too": good})
    assert set(done.files) == {"good", "too"}
    (problem,) = done.problems
    assert (problem.slug, problem.where, problem.severity) == ("figure-not-exported", "bad", "gap")
    assert "plotly.js refused it" in problem.what
    assert "Height and width should be pixel values" in problem.what


def exported_while(figures: dict, options: ExportOptions, do: Callable[[], None]) -> Exported:
    """What is exported while ``do`` happens after the third file."""
    result: list[Exported] = []
    thread = threading.Thread(target=lambda: result.append(exported(figures, options)))
    thread.start()
    folder = Path(tempfile.gettempdir())
    deadline = time.monotonic() + 60
    while len(list(folder.glob("*/*.svg"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    do()
    thread.join(120)
    return result[0]


@pytest.mark.fault(
    "The browser is killed while it exports figures", "Finished figures stay; each of the others is a gap.", at="process", exit=3
)
@needs_browser
def test_a_browser_that_is_killed_midway_leaves_what_was_finished(workplace):
    def kill() -> None:
        for pid in browsers(workplace):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    wanted = many(40)
    done = exported_while(wanted, ExportOptions(), kill)
    assert 3 <= len(done.files) < 40
    assert {problem.where for problem in done.problems} == set(wanted) - set(done.files)
    for image in done.files.values():
        ET.fromstring(image)


@pytest.mark.fault(
    "The browser is suspended while it exports figures", "It is ended in time; finished figures stay.", at="process", exit=3
)
@needs_browser
def test_a_browser_that_is_suspended_is_ended_in_time(workplace):
    def suspend() -> None:
        for pid in browsers(workplace):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)

    started = time.monotonic()
    done = exported_while(many(40), ExportOptions(stall_seconds=12), suspend)
    assert time.monotonic() - started < 12 + 60
    assert 3 <= len(done.files) < 40
    assert "did not draw it within 12 s" in done.problems[0].what


@pytest.mark.fault("The browser never answers", "It is ended in time; the figure is a gap.", at="process", exit=3)
def test_a_browser_that_never_answers_ends_within_the_limit(tmp_path):
    hanging = script(tmp_path, "exec sleep 1000")
    started = time.monotonic()
    done = exported(figures(SAMPLES["bars"]), ExportOptions(browser=hanging, stall_seconds=3))
    assert time.monotonic() - started < 3 + 8
    assert done.files == {}
    (problem,) = done.problems
    assert problem.what == "The figure has no SVG file: the browser did not draw it within 3 s."


def test_a_browser_that_ignores_its_pipe_and_ends_of_others_is_not_left_behind(tmp_path):
    stubborn = script(tmp_path, "trap '' TERM INT HUP PIPE; sleep 1000 & sleep 1000; sleep 1000")
    assert exported(figures(SAMPLES["bars"]), ExportOptions(browser=stubborn, stall_seconds=3)).files == {}


@pytest.mark.fault("The browser ends at once", "The figure is a gap that says so.", at="process", exit=3)
def test_a_browser_that_ends_at_once_is_said(tmp_path):
    done = exported(figures(SAMPLES["bars"]), ExportOptions(browser=script(tmp_path, "exit 1")))
    (problem,) = done.problems
    assert problem.what == "The figure has no SVG file: the browser ended before it was drawn."


@pytest.mark.fault(
    "There is no browser, or it cannot be started", "One gap speaks for all exported figures.", at="machine", exit=3
)
def test_without_a_browser_one_problem_speaks_for_all_figures(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "find_browser", lambda: None)
    (problem,) = exported(figures(SAMPLES["bars"], SAMPLES["boxes"])).problems
    assert problem.what == "No Chromium or Chrome was found; no figure is exported."
    assert "REPORTGEN_BROWSER" in problem.todo
    (problem,) = exported(figures(SAMPLES["bars"]), ExportOptions(browser=str(tmp_path / "chrome"))).problems
    assert problem.what == f"{tmp_path}/chrome cannot be executed; no figure is exported."


def test_nothing_to_export_starts_nothing():
    assert exported({}, ExportOptions(browser="/nonexistent")) == Exported()


def test_the_worker_gets_no_secret(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "hunter2hunter2")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2hunter2")
    monkeypatch.setenv("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    kept = export._environment(Path("/x"))
    assert "hunter2hunter2" not in kept.values()
    assert kept["FONTCONFIG_FILE"] == "/etc/fonts/fonts.conf"
    assert kept["TMPDIR"] == "/x"


class TestFindBrowser:
    def browser(self, folder, name):
        path = folder / name
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return str(path)

    def test_a_headless_shell_is_preferred(self, tmp_path):
        self.browser(tmp_path, "google-chrome")
        self.browser(tmp_path, "chromium")
        shell = self.browser(tmp_path, "chromium-headless-shell")
        assert find_browser({"PATH": str(tmp_path)}) == shell

    def test_the_environment_names_it_when_the_file_is_there(self, tmp_path):
        mine, other = self.browser(tmp_path, "mine"), self.browser(tmp_path, "chromium")
        assert find_browser({"PATH": str(tmp_path), "REPORTGEN_BROWSER": mine}) == mine
        assert find_browser({"PATH": str(tmp_path), "BROWSER_PATH": mine}) == mine
        assert find_browser({"PATH": str(tmp_path), "REPORTGEN_BROWSER": str(tmp_path / "gone")}) == other

    def test_nowhere(self):
        assert find_browser({"PATH": "/nonexistent"}) is None

"""Kaleido with a real Chromium: what it draws, and what happens when it hangs, dies or is not one."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.charts import PaperOptions, find_browser, paper_images
from reportgen.charts.screen import paper_figure
from reportgen.charts.supervised import Limits, Request, draw
from tests.charts.hostile import INLINE, one_of_each_kind, poisoned
from tests.charts.samples import SAMPLES, training_curves

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chromium or Chrome on this machine"),
]
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


def many(n: int) -> list:
    return [replace(training_curves(), id=f"curves-{i}") for i in range(n)]


def script(folder: Path, text: str) -> str:
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def texts_of(svg: bytes) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def drawn():
    return paper_images(list(SAMPLES.values()))


def test_every_sample_is_drawn_by_the_browser(drawn):
    assert {image.engine for image in drawn.images.values()} == {"kaleido"}
    assert (set(drawn.images), drawn.problems, drawn.engine) == (set(SAMPLES), (), "kaleido")
    assert {"kaleido", "plotly"} <= {name for name, _ in drawn.versions}
    assert any("Chrome" in name for name, _ in drawn.versions)


@pytest.mark.parametrize("chart", SAMPLES.values(), ids=SAMPLES)
def test_the_words_of_the_chart_are_in_its_picture(drawn, chart):
    image = drawn.images[chart.id]
    assert (image.format, image.width, image.height) == ("svg", 680, chart.height)
    said = " ".join(texts_of(image.data))
    layout = paper_figure(chart)["layout"]
    wanted = [text for axis in ("xaxis", "yaxis") for text in layout[axis].get("ticktext", [])]
    wanted += [a["text"] for a in layout["annotations"] if "<" not in a["text"]]
    assert wanted
    for text in wanted:
        for line in text.split("<br>"):
            assert line.replace("&#37;", "%").replace("&amp;", "&") in said


def test_the_same_charts_give_the_same_bytes_in_any_order_and_company(drawn):
    some = [SAMPLES[name] for name in ("slopes", "heatmap", "bars", "curves-bands", "correlations") if name in SAMPLES]
    again = paper_images(some, PaperOptions(png=True))
    assert {name: image.data for name, image in again.images.items()} == {c.id: drawn.images[c.id].data for c in some}
    third = paper_images(some[::-1], PaperOptions(png=True))
    assert {name: image.data for name, image in third.pngs.items()} == {name: i.data for name, i in again.pngs.items()}


def test_a_heavy_svg_becomes_a_png():
    image = paper_images([SAMPLES["scatter"]], PaperOptions(max_svg_bytes=20_000)).images["scatter"]
    assert (image.format, image.engine, image.width) == ("png", "kaleido", 680)
    assert image.data.startswith(b"\x89PNG")


def test_hostile_names_are_drawn_as_they_are_written_and_reach_nobody():
    charts = [
        replace(poisoned(chart, payload), id=f"{chart.kind}-{i}")
        for i, payload in enumerate(INLINE)
        for chart in one_of_each_kind()
        if chart.kind != "parallel" or i < 3
    ]
    drawn = paper_images(charts)
    assert not drawn.problems
    for image in drawn.images.values():
        root = ET.fromstring(image.data)
        assert not [node for node in root.iter() if node.tag in (f"{SVG}a", f"{SVG}script", f"{SVG}foreignObject")]
        outside = re.sub(rb"<title>.*?</desc>|<text.*?</text>", b"", image.data, flags=re.DOTALL)
        assert b"canary" not in outside
    said = " ".join(texts_of(drawn.images["lines-7"].data))
    assert "a<b and c>d & e &amp; f" in said


def test_a_figure_that_asks_the_network_gets_no_answer(workplace):
    figure = paper_figure(SAMPLES["bars"])
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.settimeout(0.5)
        source = {"source": f"http://127.0.0.1:{port}/x.png", "x": 0, "y": 1, "sizex": 1, "sizey": 1}
        figure["layout"]["images"] = [source]
        figure["layout"]["annotations"] += [{"text": f'<b style="fill:url(http://127.0.0.1:{port}/y)">B</b>', "x": 0, "y": 0}]
        request = Request("bars", figure, 680, 300, 2, True, 400_000, 1)
        done = draw([request], find_browser() or "", Limits(20, time.monotonic() + 60))
        assert set(done.files) | set(done.failed) == {"bars"}
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_figure_that_plotly_refuses_costs_only_its_place():
    good = paper_figure(SAMPLES["bars"])
    requests = [
        Request("good", good, 680, 300, 2, False, 400_000, 1),
        Request("bad", good, 0, 300, 2, False, 400_000, 1),
        Request("too", good, 680, 300, 2, False, 400_000, 1),
    ]
    done = draw(requests, find_browser() or "", Limits(20, time.monotonic() + 60))
    assert set(done.files) == {"good", "too"}
    assert done.failed["bad"][0] == "chart-failed"
    assert "Height and width should be pixel values" in done.failed["bad"][1]
    assert done.gave_up == ""


@pytest.mark.parametrize("victim", ["browser", "renderer"])
def test_a_browser_that_is_killed_midway_is_started_again(workplace, victim):
    charts = many(24)
    result = []
    thread = threading.Thread(target=lambda: result.append(paper_images(charts, PaperOptions(stall_seconds=6))))
    thread.start()
    killed = _kill_when_drawing(workplace, victim)
    thread.join(120)
    (drawn,) = result
    assert killed
    assert set(drawn.images) == {chart.id for chart in charts}
    assert "kaleido" in drawn.engine
    assert not [p for p in drawn.problems if p.severity == "gap"]
    assert len([i for i in drawn.images.values() if i.engine == "matplotlib"]) <= 1


def _kill_when_drawing(folder: Path, victim: str) -> bool:
    """Wait for the third picture, then kill the browser (all of it) or only the process that draws."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if len(list(folder.glob("*/*.svg"))) >= 3:
            lines = processes(folder)
            pids = [p for p in browsers(folder) if victim == "browser" or "--type=renderer" in lines.get(p, "")]
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            return bool(pids)
        time.sleep(0.02)
    return False


def test_a_browser_that_is_suspended_is_given_up_in_time(workplace):
    charts = many(16)
    result = []
    thread = threading.Thread(target=lambda: result.append(paper_images(charts, PaperOptions(stall_seconds=5))))
    thread.start()
    deadline = time.monotonic() + 60
    while len(list(workplace.glob("*/*.svg"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in browsers(workplace):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    thread.join(120)
    (drawn,) = result
    assert set(drawn.images) == {chart.id for chart in charts}
    assert [p.slug for p in drawn.problems] == ["chart-timeout"]
    assert drawn.problems[0].what == "The browser did not draw it within 5 s. matplotlib drew it instead."
    assert drawn.engine == "kaleido and matplotlib"


def test_a_browser_that_never_answers_ends_within_the_limit(tmp_path):
    hanging = script(tmp_path, "exec sleep 1000")
    started = time.monotonic()
    drawn = paper_images([SAMPLES["bars"], SAMPLES["boxes"]], PaperOptions(browser=hanging, stall_seconds=3))
    assert time.monotonic() - started < 3 + 12
    assert drawn.engine == "matplotlib"
    (problem,) = drawn.problems
    assert (problem.slug, problem.severity) == ("charts-browser-failed", "warning")
    assert problem.what == (
        "The browser was given up: it did not start (no answer within 3 s). 2 charts are drawn by matplotlib."
    )


def test_a_browser_that_ignores_its_pipe_and_ends_of_others_is_not_left_behind(tmp_path, workplace):
    stubborn = script(tmp_path, "trap '' TERM INT HUP PIPE; sleep 1000 & sleep 1000; sleep 1000")
    drawn = paper_images([SAMPLES["bars"]], PaperOptions(browser=stubborn, stall_seconds=3))
    assert drawn.engine == "matplotlib"


def test_a_browser_that_ends_at_once_is_tried_twice(tmp_path):
    log = tmp_path / "log"
    broken = script(tmp_path, f"echo started >> {log}; exit 1")
    drawn = paper_images([SAMPLES["bars"]], PaperOptions(browser=broken, stall_seconds=15))
    assert drawn.engine == "matplotlib"
    assert log.read_text().count("started") == 2
    (problem,) = drawn.problems
    assert problem.what == "The browser was given up: it did not start (it ended at once). 1 chart is drawn by matplotlib."


def test_the_time_for_all_charts_is_kept():
    charts = many(40)
    started = time.monotonic()
    drawn = paper_images(charts, PaperOptions(total_seconds=2))
    assert set(drawn.images) == {chart.id for chart in charts}
    assert time.monotonic() - started < 2 + 60
    assert [p.slug for p in drawn.problems if p.slug == "charts-browser-failed"] or drawn.engine == "kaleido"


def test_the_worker_gets_no_secret(monkeypatch):
    from reportgen.charts import supervised

    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "hunter2hunter2")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2hunter2")
    monkeypatch.setenv("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    kept = supervised._environment(Path("/x"))
    assert "hunter2hunter2" not in kept.values()
    assert kept["FONTCONFIG_FILE"] == "/etc/fonts/fonts.conf"
    assert kept["TMPDIR"] == "/x"

"""How large and how fast the explorer of ``report.html`` is: ``python -m benchmarks.explorer [s1 s2 s3] [--rounds N] [--pages FOLDER]``.

Makes the report of a made-up store (see ``made_up``), opens its page in headless Chromium, each round in a fresh browser, from file:// and in
the sandboxed frame of MLflow's viewer, and prints the best round: bytes without plotly.js, milliseconds from the start of loading until the explorer
can be used, DOM nodes, and what a filter takes until count, table and first panel are drawn, and until the last panel in sight is. The machine
must be quiet; the targets are in the last columns.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.made_up import MadeUp
from benchmarks.stores import Shape
from reportgen.collect.source import Details, Progress
from reportgen.snapshot import empty_table, table_of

CHROMIUM = next((path for path in ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium") if Path(path).exists()), None)
VIEWER = "http://viewer.invalid/"


@dataclass(frozen=True, slots=True)
class Target:
    shape: Shape
    megabytes: float
    seconds: float
    seconds_in_frame: float


TARGETS: Mapping[str, Target] = {
    "s1": Target(Shape(100, 20, 100), 1.0, 0.5, 0.9),
    "s2": Target(Shape(1000, 10, 1000), 9.0, 1.0, 1.5),
    "s3": Target(Shape(10_000, 5, 20), 5.0, 1.2, 2.0),
}


class Explored(MadeUp):
    """A made-up store whose runs have names, params and last values."""

    def details(self, run_ids: Sequence[str], progress: Progress) -> Details:
        progress(len(run_ids), len(run_ids), "reading runs")
        rng = np.random.default_rng(0)
        rates, sizes = rng.choice(["0.0001", "0.001", "0.01", "0.1"], len(run_ids)), rng.choice(["16", "32", "64"], len(run_ids))
        params = [("1", run, key, str(value)) for at, run in enumerate(run_ids) for key, value in self._params(at, rates, sizes)]
        tags = [("1", run, "mlflow.runName", f"trial {at}") for at, run in enumerate(run_ids)]
        last = []
        for first in range(0, len(run_ids), 50):
            part = list(run_ids[first : first + 50])
            points = self._points(first, part)
            values = points.column("value").to_numpy().reshape(-1, self._shape.n_steps)[:, -1]
            steps = self._shape.n_steps - 1
            last += [
                ("1", run, metric, values[at * len(self._metrics) + place], steps, 0)
                for at, run in enumerate(part)
                for place, metric in enumerate(self._metrics)
            ]
        return Details(
            params=_table("params", params),
            tags=_table("tags", tags),
            metrics=_table("metrics", last),
            datasets=empty_table("datasets"),
            stored={"params": {}, "tags": {}, "datasets": {}},
        )

    @staticmethod
    def _params(at: int, rates: Any, sizes: Any) -> list[tuple[str, str]]:
        return [("seed", str(at % 20)), ("lr", rates[at]), ("batch_size", sizes[at]), ("arm", "ab"[at % 2]), ("model", "mlp")]


def _table(name: str, rows: Sequence[tuple[Any, ...]]) -> Any:
    names = empty_table(name).schema.names
    return table_of(name, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def page_of(shape: Shape, folder: Path) -> tuple[Path, float]:
    """(the page, seconds that the html output took)."""
    import reportgen.collect.gather
    import reportgen.pipeline
    from reportgen import config as configs
    from reportgen.job import jobs_of
    from reportgen.render import RenderOptions, bundle_of

    report = {"experiments": ["*"], "primary": "val_accuracy", "compare": {"by": "params.arm"}}
    config = configs.of_mapping({"reports": {"explored": report}})
    (job,) = jobs_of(config, Path(), output=folder, now=datetime(2026, 11, 21, tzinfo=UTC))
    snapshot = reportgen.collect.gather.snapshot_of(Explored(shape), job.selection, lambda *_: None, job.reading)
    told = reportgen.pipeline.reported(job, snapshot)
    began = time.perf_counter()
    bundle = bundle_of(told, snapshot, RenderOptions(formats=("html",)))
    seconds = time.perf_counter() - began
    page = folder / "report.html"
    page.write_bytes(bundle.files["report.html"])
    return page, seconds


MEASURE = """async () => {
  const wait = () => new Promise(done => requestAnimationFrame(done));
  const start = performance.timeOrigin;
  const began = performance.now();
  while (!document.querySelector('#explore')?.dataset.ready) { await new Promise(done => setTimeout(done, 4)); if (performance.now() - began > 90000) throw new Error('never ready'); }
  await wait(); await wait();
  const usable = performance.now();
  document.querySelector('.x-panels').scrollIntoView();
  const calm = async () => { for (let still = 0; still < 4;) { await wait(); const panels = Array.from(document.querySelectorAll('.x-panel'));
    const open = panels.filter(p => { const b = p.getBoundingClientRect(); return b.bottom > 0 && b.top < innerHeight && (p.classList.contains('stale') || !p.querySelector('.x-said').textContent); });
    still = open.length ? 0 : still + 1; } };
  await calm(); await new Promise(done => setTimeout(done, 300));
  const nodes = document.getElementsByTagName('*').length;
  const inExplorer = document.querySelector('#explore').getElementsByTagName('*').length;
  const field = document.querySelector('.x-filter');
  const filters = [];
  for (const text of ["params.lr = '0.001'", "params.arm = 'a' AND metrics.val_loss < 5"]) {
    field.value = text;
    const from = performance.now();
    field.dispatchEvent(new Event('input'));
    await wait(); await new Promise(done => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); });
    const first = performance.now() - from;
    for (;;) { const stale = Array.from(document.querySelectorAll('.x-panel.stale')).some(p => { const b = p.getBoundingClientRect(); return b.bottom > 0 && b.top < innerHeight; }); if (!stale) break; await wait(); }
    filters.push([first, performance.now() - from]);
    await new Promise(done => setTimeout(done, 200));
  }
  const box = document.querySelector('.x-plot').getBoundingClientRect();
  const hovers = [];
  for (let at = 0; at < 12; at += 1) { const from = performance.now();
    document.querySelector('.x-plot').dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + 80 + at * 8, clientY: box.top + 90, bubbles: true }));
    hovers.push(performance.now() - from); await wait(); }
  const table = document.querySelector('.x-table'); const wheels = [];
  for (let at = 0; at < 20; at += 1) { const from = performance.now(); table.scrollTop += 400; await wait(); await wait(); wheels.push(performance.now() - from); }
  const sortFrom = performance.now(); document.querySelectorAll('.x-table thead button')[1].click(); await wait(); await wait();
  const median = (list) => list.slice().sort((a, b) => a - b)[Math.floor(list.length / 2)];
  return { usable, nodes, inExplorer, first: Math.min(...filters.map(f => f[0])), last: Math.min(...filters.map(f => f[1])), hover: median(hovers), wheel: median(wheels), sort: performance.now() - sortFrom, count: document.querySelector('.x-count').textContent };
}"""


def opened(page: Path, *, in_frame: bool) -> dict[str, Any]:
    """One fresh browser's measures."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 1400, "height": 1000})
        frame: Any = tab
        if in_frame:
            html = page.read_text("utf-8")
            tab.route(VIEWER, lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
            tab.goto(VIEWER)
            tab.evaluate(
                """html => { const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts'; frame.style = 'width:1400px;height:980px';
                frame.src = URL.createObjectURL(new Blob([html], {type: 'text/html'})); document.body.append(frame); }""",
                html,
            )
            frame = tab.frames[-1]
        else:
            tab.goto(page.as_uri(), wait_until="commit")
        found: dict[str, Any] = frame.evaluate(MEASURE)
        browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(TARGETS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=Path, help="keep the pages here, and use those that are there")
    asked = parser.parse_args()
    if CHROMIUM is None:
        raise SystemExit("no Chromium on this machine")
    print(
        "store                                MB  html s | where  usable ms  nodes  filter ms: first, last   hover  wheel  sort  target"
    )
    with tempfile.TemporaryDirectory() as scratch:
        for name in asked.names:
            target = TARGETS[name]
            folder = (asked.pages or Path(scratch)) / name
            folder.mkdir(parents=True, exist_ok=True)
            page, seconds = folder / "report.html", 0.0
            if not page.exists():
                page, seconds = page_of(target.shape, folder)
            text = page.read_text("utf-8")
            plotly = re.search(r'id="plotly">([^<]*)', text)
            megabytes = (len(text.encode()) - (len(plotly[1]) if plotly else 0)) / 1e6
            for where in ("file", "frame"):
                rounds = [opened(page, in_frame=where == "frame") for _ in range(asked.rounds)]
                best = {key: min(one[key] for one in rounds) for key in rounds[0] if key != "count"}
                limit = target.seconds if where == "file" else target.seconds_in_frame
                print(
                    f"{target.shape!s:<34} {megabytes:5.2f} {seconds:7.1f} | {where:<6} {best['usable']:8.0f} {best['nodes']:6.0f} ({best['inExplorer']:.0f}) "
                    f"{best['first']:9.0f} {best['last']:9.0f} {best['hover']:9.1f} {best['wheel']:6.0f} {best['sort']:5.0f}  "
                    f"≤ {target.megabytes} MB, {limit * 1000:.0f} ms, 3,000, 100, 600; load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()

"""The child process that draws figures with a browser: ``python -m reportgen.charts.worker``.

It reads one JSON object per line from stdin: first the job, then one figure after another; it answers on stdout with
one word and one JSON object per line:

    opening {"pid": …}        the browser was started
    ready {"browser": "…"}    its page has loaded plotly.js
    start {"i": 0}            figure 0 is being drawn
    done {"i": 0, "svg": "0.svg", "png": "0.png"}    files in the job's folder
    fail {"i": 1, "why": "…"}
    end {}

It has no time limits of its own: the parent has them all, and kills. Kaleido opens the browser and its page; the
figures are drawn with ``Plotly.toImage`` in that one page, because Kaleido's own ``calc_fig`` reloads the page (and
parses plotly.js again) after each figure. Random numbers are seeded for each figure, so a figure's SVG depends on
nothing but the figure, the browser and the fonts.

The page's content policy lets it load plotly.js and ``data:`` images and nothing else, and the browser resolves no
host name: whatever a figure may hold, it reaches nobody.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import html
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

_FLAGS: Final = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-default-apps",
    "--disable-extensions",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--hide-scrollbars",
    "--mute-audio",
)

# Mulberry32, seeded by the figure's id: the same figure gets the same element ids in every run.
_DRAW: Final = """
function (data, layout, options, seed) {
  let s = seed >>> 0;
  Math.random = function () {
    s = (s + 0x6D2B79F5) >>> 0;
    let t = s;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return Plotly.toImage({data: data, layout: layout, config: {}}, options);
}
"""


class _Page:
    """What Kaleido loads into the browser: plotly.js under a content policy, and no MathJax."""

    def __init__(self, plotly_js: str) -> None:
        self._plotly_js = plotly_js

    def generate_index(self) -> str:
        policy = "default-src 'none'; script-src file: 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
        return (
            "<!DOCTYPE html><html><head><meta charset='utf-8'>"
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            f'<script src="{html.escape(self._plotly_js)}" charset="utf-8"></script>'
            "</head><body></body></html>"
        )


def main() -> int:
    """Draw what stdin asks for. Returns 0 when all of it was answered."""
    logging.disable(logging.CRITICAL)  # the libraries log tracebacks of orderly shutdowns; what matters is in ``fail``
    answers = _own_stdout()
    lines = iter(sys.stdin)
    job = json.loads(next(lines))
    asyncio.run(_draw_all(job, lines, answers))
    return 0


def _own_stdout() -> TextIO:
    """stdout for the answers alone: whatever else prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _say(answers: TextIO, word: str, **rest: Any) -> None:
    answers.write(f"{word} {json.dumps(rest)}\n")
    answers.flush()


async def _draw_all(job: dict[str, Any], lines: Iterator[str], answers: TextIO) -> None:
    browser = _browser(job)
    reporting = asyncio.create_task(_report_pid(browser, answers))
    await browser.open()
    await reporting
    try:
        tab = browser.get_tab()
        page = await _page_object(tab)
        _say(answers, "ready", browser=await _version(browser))
        for line in lines:
            await _answer(job, json.loads(line), tab, page, answers)
        _say(answers, "end")
    finally:
        with contextlib.suppress(Exception):  # nothing depends on an orderly close: the parent removes what is left
            await asyncio.wait_for(browser.close(), 3)


def _browser(job: dict[str, Any]) -> Any:
    """Kaleido with one tab, whose browser stays in this process' group so that one signal ends everything."""
    import kaleido
    from choreographer.browsers import Chromium

    class GroupedChromium(Chromium):  # type: ignore[misc, unused-ignore]  # the library ships no types
        def get_popen_args(self) -> dict[str, Any]:
            return {key: value for key, value in super().get_popen_args().items() if key != "start_new_session"}

        def get_cli(self) -> list[str]:
            return [*super().get_cli(), *_FLAGS]

    return kaleido.Kaleido(
        n=1, timeout=None, path=job["browser"], page_generator=_Page(job["plotly_js"]), browser_cls=GroupedChromium
    )


async def _report_pid(browser: Any, answers: TextIO) -> None:
    while not hasattr(browser, "subprocess"):
        await asyncio.sleep(0.01)
    _say(answers, "opening", pid=browser.subprocess.pid)


async def _page_object(tab: Any) -> str:
    """The page's ``window``, on which functions are called; also proves that plotly.js is there."""
    answer = await tab.send_command("Runtime.evaluate", params={"expression": "typeof Plotly.toImage === 'function' && window"})
    return str(_value(answer)["objectId"])


async def _version(browser: Any) -> str:
    answer = await browser.send_command("Browser.getVersion")
    return str(answer["result"]["product"])


async def _answer(job: dict[str, Any], request: dict[str, Any], tab: Any, page: str, answers: TextIO) -> None:
    _say(answers, "start", i=request["i"])
    try:
        files = await _draw(Path(job["folder"]), request, tab, page)
    except _DrawingError as error:
        _say(answers, "fail", i=request["i"], why=str(error)[:500])
    else:
        _say(answers, "done", i=request["i"], **files)


class _DrawingError(Exception):
    """plotly.js refused one figure; the page is still good for the next."""


async def _draw(folder: Path, request: dict[str, Any], tab: Any, page: str) -> dict[str, str]:
    """Write the figure as SVG, and as PNG when that is asked for or the SVG is too heavy; answers with file names."""
    svg = (await _image(request, "svg", 1, tab, page)).encode()
    files = {"svg": f"{request['i']}.svg"}
    (folder / files["svg"]).write_bytes(svg)
    if request["png"] or len(svg) > request["max_svg_bytes"]:
        files["png"] = f"{request['i']}.png"
        (folder / files["png"]).write_bytes(base64.b64decode(await _image(request, "png", request["scale"], tab, page)))
    return files


async def _image(request: dict[str, Any], image_format: str, scale: float, tab: Any, page: str) -> str:
    size = {"width": request["width"], "height": request["height"]}
    options = {"format": image_format, "scale": scale, "imageDataOnly": True, **size}
    figure = request["figure"]
    arguments = [figure["data"], figure["layout"], options, request["seed"]]
    params = {
        "functionDeclaration": _DRAW,
        "objectId": page,
        "arguments": [{"value": value} for value in arguments],
        "awaitPromise": True,
        "returnByValue": True,
    }
    return str(_value(await tab.send_command("Runtime.callFunctionOn", params=params))["value"])


def _value(answer: dict[str, Any]) -> dict[str, Any]:
    """The result of a DevTools call, or what the page threw."""
    if "error" in answer:
        raise _DrawingError(answer["error"].get("message", "the browser refused the call"))
    if details := answer["result"].get("exceptionDetails"):
        raise _DrawingError(details.get("exception", {}).get("description") or details.get("text", "error in the page"))
    return dict(answer["result"]["result"])


if __name__ == "__main__":
    sys.exit(main())

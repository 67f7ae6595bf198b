"""The child process that exports Plotly figures with a browser: ``python -m reportgen.charts.export_worker``.

It reads one job as JSON from stdin and leaves files in the job's folder: ``<number>.svg`` (or ``.png``) for each figure,
``<number>.txt`` with the reason for one that plotly.js refused. It has no time limit of its own: the parent has it, and
kills.

Kaleido opens the browser and its page; the figures are drawn with ``Plotly.toImage`` in that one page, because Kaleido's
own ``calc_fig`` reloads the page (and parses plotly.js again) after each figure. Random numbers are seeded for each
figure, so its SVG depends on nothing but the figure, the browser and the fonts.

The page's content policy lets it load plotly.js and ``data:`` images and nothing else, and the browser resolves no host
name: whatever a figure may hold, it reaches nobody.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import html
import json
import logging
import sys
from pathlib import Path
from typing import Any, Final

from reportgen.children import end_with_parent

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
    """Draw what stdin asks for. Returns 0 when every figure has a file."""
    end_with_parent()
    logging.disable(logging.CRITICAL)  # the libraries log tracebacks of orderly shutdowns
    asyncio.run(_export(json.load(sys.stdin)))
    return 0


async def _export(job: dict[str, Any]) -> None:
    browser, folder = _browser(job), Path(job["folder"])
    await browser.open()
    try:
        tab = browser.get_tab()
        page = await _page_object(tab)
        for i, figure in enumerate(job["figures"]):
            try:
                image = await _image(figure, job["format"], job["scale"], tab, page)
            except _DrawingError as error:
                (folder / f"{i}.txt").write_text(str(error)[:500], "utf-8")
            else:
                _write(folder / f"{i}.{job['format']}", image)
    finally:
        with contextlib.suppress(Exception):  # nothing depends on an orderly close: the parent removes what is left
            await asyncio.wait_for(browser.close(), 3)


def _write(path: Path, data: bytes) -> None:
    """A whole file or none: this process may be killed at any time."""
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.rename(path)


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


async def _page_object(tab: Any) -> str:
    """The page's ``window``, on which functions are called; also proves that plotly.js is there."""
    answer = await tab.send_command("Runtime.evaluate", params={"expression": "typeof Plotly.toImage === 'function' && window"})
    return str(_value(answer)["objectId"])


class _DrawingError(Exception):
    """plotly.js refused one figure; the page is still good for the next."""


async def _image(figure: dict[str, Any], image_format: str, scale: float, tab: Any, page: str) -> bytes:
    size = {"width": figure["width"], "height": figure["height"]}
    options = {"format": image_format, "scale": scale if image_format == "png" else 1, "imageDataOnly": True, **size}
    arguments = [figure["data"], figure["layout"], options, figure["seed"]]
    params = {
        "functionDeclaration": _DRAW,
        "objectId": page,
        "arguments": [{"value": value} for value in arguments],
        "awaitPromise": True,
        "returnByValue": True,
    }
    image = str(_value(await tab.send_command("Runtime.callFunctionOn", params=params))["value"])
    return base64.b64decode(image) if image_format == "png" else image.encode()


def _value(answer: dict[str, Any]) -> dict[str, Any]:
    """The result of a DevTools call, or what the page threw."""
    if "error" in answer:
        raise _DrawingError(answer["error"].get("message", "the browser refused the call"))
    if details := answer["result"].get("exceptionDetails"):
        raise _DrawingError(details.get("exception", {}).get("description") or details.get("text", "error in the page"))
    return dict(answer["result"]["result"])


if __name__ == "__main__":
    sys.exit(main())

"""``site/``: the report as a page with a style sheet and pictures in files of their own, without a script and with nothing inline.

Jenkins' default Content-Security-Policy, and that of some artifact viewers, allows a page its own files and nothing else. It is the page for paper
with everything that stands inline moved out: the style sheet, the style of single elements (as rules for a mark on them), and pictures.
"""

from __future__ import annotations

import base64
import binascii
import html
import re

from reportgen.errors import RenderError
from reportgen.render.leaks import visible_text
from reportgen.render.options import Draft, Output
from reportgen.render.outputs import FILES
from reportgen.render.paper import paper_htmls
from reportgen.render.plain import without_surrogates

PAGE = FILES["site"]
STYLE = "style.css"
_ON_SCREEN = """
html { font-size: 15px; } body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; background: #fff; color: #1b1f24; }
main, section, header { break-before: auto; } .screen-only { display: block; } img, svg { max-width: 100%; height: auto; } table { max-width: 100%; }
"""
"""After the rules for paper: a width to read at, and no page to fill."""
_TYPES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpeg"}
_SHEET = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_FONT = re.compile(r"@font-face\s*\{[^}]*\}")
"""Inline as well; the typefaces named after it are those of the reader's machine."""
_INLINE = re.compile(r'(?<=\s)style="([^"]*)"')
_PICTURE = re.compile(r'(?<=\s)src="data:([a-z+/]+);base64,([A-Za-z0-9+/=]+)"')


def site_files(draft: Draft) -> Output:
    """The page, its style sheet and its pictures. Raises ``RenderError`` when a credential stands in the page."""
    page = without_surrogates(paper_htmls(draft)[-1])
    if draft.options.redactor.finds(visible_text(page)):
        raise RenderError("file-with-secret", "a credential stands in its text")
    sheets: list[str] = []
    rules: dict[str, int] = {}
    pictures: dict[str, bytes] = {}

    def sheet(found: re.Match[str]) -> str:
        sheets.append(_FONT.sub("", found[1]))
        return f'<link rel="stylesheet" href="{STYLE}">' if len(sheets) == 1 else ""

    def mark(found: re.Match[str]) -> str:
        return f'data-s="{rules.setdefault(html.unescape(found[1]), len(rules))}"'

    def picture(found: re.Match[str]) -> str:
        kind = _TYPES.get(found[1])
        try:
            data = base64.b64decode(found[2], validate=True) if kind else b""
        except binascii.Error:
            data = b""
        if not data:
            return 'src=""'
        name = f"picture-{len(pictures) + 1}.{kind}"
        pictures[f"site/{name}"] = data
        return f'src="{name}"'

    page = _PICTURE.sub(picture, _INLINE.sub(mark, _SHEET.sub(sheet, page)))
    own = "".join(f'[data-s="{number}"] {{ {rule} }}\n' for rule, number in rules.items())
    style = "\n".join((*sheets, _ON_SCREEN, own))
    return Output({PAGE: page.encode(), f"site/{STYLE}": style.encode(), **pictures})

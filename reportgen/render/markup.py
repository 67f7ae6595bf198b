"""The one place where text becomes markup. Everything else is escaped by Jinja.

Five kinds of ``Markup``: our own scripts, Markdown that was converted without HTML and then sanitised down to a small set of tags, JSON for a
``<script type="application/json">`` block, escaped text with ``<bdi>`` around what runs from right to left, and small pictures as
inline SVG. Whoever audits the report for injection reads this file.
"""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup, escape

from reportgen.bidi import FSI, PDI, Run, holds_rtl, is_rtl, isolated, runs_of
from reportgen.charts import theme
from reportgen.charts.micro import Place, axis_svg, micro_svg
from reportgen.formats import visible
from reportgen.languages import language_runs
from reportgen.model import Figure, MicroChart
from reportgen.render.plain import plain

MOST_MARKDOWN = 64_000
"""Characters; longer Markdown is shown as it was written. A quarter of a book chapter, and no parser bomb."""

_TAGS = frozenset(
    (
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    )
)
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "span": {"lang"}}
_SCHEMES = frozenset({"http", "https", "mailto"})


def markdown_markup(text: str) -> Markup:
    """Markdown ``text`` as sanitised HTML: no raw HTML, no images, links only http, https and mailto.

    Headings are moved under the section's own, one level at a time, so that the outline of the page has no holes.
    """
    text = visible(text)
    if len(text) > MOST_MARKDOWN:
        return Markup("<pre>{}</pre>").format(text)
    return Markup(_clean(_html(text)))  # noqa: S704 - the audited place: nh3 has the last word over these bytes


def json_markup(value: Any) -> Markup:
    """``value`` as JSON that is safe inside a ``<script>`` block: no ``<``, ``>``, ``&``, U+2028 or U+2029 stays bare, nor an isolate."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for mark in f"<>&\u2028\u2029{FSI}{PDI}":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704 - the audited place: nothing that could end the block is left


def micro_markup(chart: MicroChart, place: Place = "cell", accent: str = theme.LIGHT["accent"]) -> Markup:
    """``chart`` as inline SVG with the accent of paper; its words are escaped by the room that draws it."""
    svg = micro_svg(chart, place).replace(f'"{theme.LIGHT["accent"]}"', f'"{accent}"')
    return Markup(svg)  # noqa: S704 - the audited place: numbers, our own names, and one escaped title


def axis_markup(figure: Figure) -> Markup:
    """The axis under the pictures of ``figure``; empty where they have none."""
    return Markup(axis_svg(figure))  # noqa: S704 - as above


_WORDS = Markup('<span lang="{}">{}</span>')
_WBR = Markup("<wbr>")
_LONG_WORD = re.compile(r"[^\s_/]+[_/]*|[_/]+|\s+")
"""What a name breaks into where it must: behind an underscore or a slash, not inside a word."""
_WHOLE = 18
"""Characters of a word that is left whole."""


def script_markup(code: str) -> Markup:
    """Our own ``code`` for a ``<script>``. Raises ``ValueError`` where it holds what would end the element."""
    if re.search(r"</script|<!--", code, re.IGNORECASE):
        raise ValueError("a script holds what would end it in a page")
    return Markup(code)  # noqa: S704 - our own source; nothing that was read enters it


def sentence_markup(text: str) -> Markup:
    """``text`` escaped, its words from right to left isolated, so that they move neither punctuation nor digits around them.

    Words in another script carry their language.
    """
    text = visible(text)
    return Markup().join(map(_run_markup, runs_of(text))) if holds_rtl(text) else _in_languages(text)


def title_markup(text: str) -> Markup:
    """``text`` escaped: in its own direction when it is a name from right to left, else as a sentence."""
    text = visible(text)
    return _run_markup(Run(text, is_isolated=True)) if is_rtl(text) else sentence_markup(text)


def name_markup(text: str) -> Markup:
    """``title_markup``, in a ``<bdi>`` where it holds words from right to left, for a name that other words stand beside."""
    if not holds_rtl(text):
        text = visible(text)
        marked = _in_languages(text)
        return escape(_breakable(text) if marked == escape(text) else marked)
    if is_rtl(visible(text)):
        return title_markup(text)
    return Markup('<bdi dir="ltr">') + sentence_markup(text) + Markup("</bdi>")


def _breakable(text: str) -> str:
    """``text`` escaped, with places to break in its long words; a copied name has none of them."""
    if all(len(word) <= _WHOLE for word in text.split()):
        return text
    pieces = _LONG_WORD.findall(text)
    return Markup().join(
        escape(piece) + (_WBR if piece[-1] in "_/" and at + 1 < len(pieces) else Markup()) for at, piece in enumerate(pieces)
    )


def marked_markup(text: str) -> Markup:
    """``text`` escaped and isolated by characters, for what holds no markup: the title of a window, a running header."""
    return escape(isolated(visible(text)))


def _run_markup(run: Run) -> Markup:
    """A direction is written out: WeasyPrint finds none by itself, and a browser goes by the first letter alone."""
    if not run.is_isolated:
        return _in_languages(run.text)
    return Markup('<bdi dir="{}">{}</bdi>').format("rtl" if is_rtl(run.text) else "ltr", _in_languages(run.text))


def _in_languages(text: str) -> Markup:
    """``text`` escaped, with the language of words that another script shows."""
    if text.isascii():
        return escape(text)
    return Markup().join(_WORDS.format(language, piece) if language else escape(piece) for piece, language in language_runs(text))


def _html(text: str) -> str:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False, "maxNesting": 20}).disable("image")
    tokens = parser.parse(text)
    level = 2  # the section's own heading
    for token in tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1:]) + 2, level + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
        for child in token.children or ():
            if child.type == "text" and not child.content.isascii():
                child.type, child.content = "html_inline", str(_in_languages(child.content))
    return str(parser.renderer.render(tokens, parser.options, {}))


def _clean(html: str) -> str:
    import nh3

    return str(
        nh3.clean(
            html,
            tags=set(_TAGS),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            url_schemes=set(_SCHEMES),
            url_relative="deny",
            link_rel="noopener noreferrer nofollow",
            strip_comments=True,
        )
    )

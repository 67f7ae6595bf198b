"""The one place where text becomes markup. Everything else is escaped by Jinja.

Two functions, two kinds of ``Markup``: Markdown that was converted without HTML and then sanitised down to a small set
of tags, and JSON for a ``<script type="application/json">`` block. Whoever audits the report for injection reads this file.
"""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from reportgen.formats import visible
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
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
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
    """``value`` as JSON that is safe inside a ``<script>`` block: no ``<``, ``>``, ``&``, U+2028 or U+2029 stays bare."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704 - the audited place: nothing that could end the block is left


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

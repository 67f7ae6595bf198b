"""What templates call on the values of a block: ``{{ tile.value | text(tile.format) }}``; listed in ``templates/README.md``.

A filter returns plain text, which the environment makes visible and escapes, with exceptions: ``axis``, ``markdown``, ``marked``, ``micro``,
``name``, ``sentence`` and ``title`` come from ``reportgen.render.markup``, where the only ``Markup`` is made.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup

from reportgen.bidi import is_rtl
from reportgen.formats import one_line, text_of, visible
from reportgen.model import Findings, RunLink, Tone, Verdict
from reportgen.outcomes import OUTCOMES, OutcomeStyle
from reportgen.redaction import public_text, without_user_info
from reportgen.render.markup import (
    axis_markup,
    markdown_markup,
    marked_markup,
    micro_markup,
    name_markup,
    sentence_markup,
    title_markup,
)
from reportgen.render.names import anchor
from reportgen.render.plain import kind_of
from reportgen.render.signs import SIGNS, change_arrow, change_word, tone_word
from reportgen.words import Words


def visible_text(value: Any) -> Any:
    """A value on its way into a page: control, bidi and other invisible characters of plain text become visible escapes."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def template_of(block: object) -> str:
    """The template that lays out ``block``: by the ``kind`` of a view, else by the name of the block's class."""
    return f"blocks/{getattr(block, 'kind', None) or kind_of(block)}.html.j2"


def shortened(text: str, most: int) -> str:
    """``text``, with an ellipsis when it is longer than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def run_name(run: RunLink) -> str:
    return one_line(run.name, 200) or _first_of_id(run)


def short_id(run: RunLink) -> str:
    """The beginning of the run's id; empty when its name already is the id."""
    return "" if run_name(run) == _first_of_id(run) or run.name == run.run_id else _first_of_id(run)


def _first_of_id(run: RunLink) -> str:
    return visible(run.run_id)[:8]


def http_url(url: str | None) -> str | None:
    """``url`` without credentials when it is an absolute http or https address, else None."""
    if not url or any(ord(mark) <= 32 for mark in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return public_text(without_user_info(url)) if parts.scheme in ("http", "https") and parts.netloc else None


def more_words(findings: Findings) -> str:
    say = Words()
    return say("brief-more", n=findings.n_more)


def data_uri(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def outcome_style(verdict: Verdict) -> OutcomeStyle:
    """Sign and tone of the verdict's outcome, named in the report's language."""
    say, style = Words(), OUTCOMES[verdict.outcome]
    return replace(
        style, title=say("page-outcome", outcome=verdict.outcome), phrase=say("terms-outcome", outcome=verdict.outcome)
    )


def verdict_tone(verdict: Verdict) -> Tone:
    """The verdict's own tone; that of its outcome where it has none."""
    return verdict.tone if verdict.tone != "neutral" else outcome_style(verdict).tone


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "anchor": anchor,
    "arrow": change_arrow,
    "axis": axis_markup,
    "change_word": change_word,
    "data_uri": data_uri,
    "http_url": http_url,
    "markdown": markdown_markup,
    "marked": marked_markup,
    "micro": micro_markup,
    "more_words": more_words,
    "name": name_markup,
    "outcome": outcome_style,
    "run_name": run_name,
    "sentence": sentence_markup,
    "short_id": short_id,
    "shortened": shortened,
    "sign": SIGNS.__getitem__,
    "template": template_of,
    "text": text_of,
    "title": title_markup,
    "verdict_tone": verdict_tone,
    "word": tone_word,
}
TESTS: Final[Mapping[str, Callable[..., bool]]] = {"rtl": is_rtl, "run": lambda value: isinstance(value, RunLink)}

"""A static site of past reports: one page and one style sheet, without a script, that any web server or CI system shows.

Nothing in it is inline but SVG with plain attributes, so it reads under a Content-Security-Policy such as Jenkins' default, which
allows the site's own pictures and style sheets only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from reportgen.formats import one_line, text_of
from reportgen.locales import ENGLISH, UTC_NAME, locale
from reportgen.outcomes import GATE_TONES, OUTCOMES
from reportgen.render.environment import environment_of, rendered
from reportgen.words import Words, told

PAGE, STYLE = "index.html", "index.css"
_MOST_TRENDS = 6
_MOST_ROWS = 100
_WIDTH, _HEIGHT = 160, 28


@dataclass(frozen=True, slots=True)
class PastReport:
    """One bundle, as a list of past reports shows it."""

    name: str
    title: str
    day: str
    digest: str
    href: str
    """Of the page that a reader opens; "" for none."""
    headline: str
    gates: tuple[tuple[str, str], ...]
    """(name, state)."""
    waived: frozenset[str]
    """Names of those that a waiver let not pass."""
    numbers: tuple[tuple[str, float], ...]
    verdicts: tuple[tuple[str, str, str], ...]
    """(title, outcome, sentence)."""
    problems: tuple[tuple[str, str], ...]
    """(where, slug)."""
    decision: str
    owner: str
    reason: str
    exit_code: int
    config_digest: str
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class TrendView:
    """A number over the reports: its last value, and a line."""

    label: str
    last: str
    points: str
    """Of an SVG polyline; "" where there is one value only."""
    words: str


@dataclass(frozen=True, slots=True)
class RowView:
    day: str
    href: str
    headline: str
    gates: tuple[tuple[str, str, str], ...]
    """(name, word, tone) of those that did not pass."""
    n_passed: int
    decision: str
    owner: str
    reason: str
    effect: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report with its trend, its newest bundle first."""

    name: str
    title: str
    trends: tuple[TrendView, ...]
    rows: tuple[RowView, ...]
    n_older: int


def site_files(past: Sequence[PastReport]) -> dict[str, bytes]:
    """File name → content of the site of ``past``, which is in order of time."""
    by_name = sorted(past, key=lambda one: one.name)
    languages = {one.language for one in past}
    chosen = languages.pop() if len(languages) == 1 else ENGLISH
    with told(chosen, UTC_NAME):
        reports = tuple(_report(tuple(own)) for _, own in groupby(by_name, key=lambda one: one.name))
        environment = environment_of()
        sizes = {"style": STYLE, "width": _WIDTH, "height": _HEIGHT}
        page = rendered(environment, "index.html.j2", {"reports": reports, "language": locale().tag, **sizes})
        style = rendered(environment, "index.css", {})
    return {PAGE: page.encode("utf-8", "replace"), STYLE: style.encode()}


def _report(own: tuple[PastReport, ...]) -> ReportView:
    newest = own[-1]
    shown = own[::-1][:_MOST_ROWS]
    return ReportView(newest.name, one_line(newest.title, 200), _trends(own), tuple(map(_row, shown)), len(own) - len(shown))


def _trends(own: Sequence[PastReport]) -> tuple[TrendView, ...]:
    """The best values that the newest report names, over the newest bundle of each day."""
    days = [last for _, same in groupby(own, key=lambda one: one.day) for last in [list(same)[-1]]]
    names = [name for name, _ in own[-1].numbers if name.startswith("best/")][:_MOST_TRENDS]
    say, found = Words(), []
    for name in names:
        values = [(one.day, dict(one.numbers)[name]) for one in days if name in dict(one.numbers)]
        last, first = text_of(values[-1][1], "number"), text_of(values[0][1], "number")
        label = say("comment-site-best", metric=one_line(name.removeprefix("best/"), 80))
        words = say(
            "comment-site-course",
            label=label,
            first=first,
            first_day=values[0][0],
            last=last,
            last_day=values[-1][0],
            n=len(values),
        )
        found.append(TrendView(label, last, _line([value for _, value in values]), words))
    return tuple(found)


def _line(values: Sequence[float]) -> str:
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    across = (_WIDTH - 4) / (len(values) - 1)
    return " ".join(f"{2 + i * across:.1f},{_HEIGHT - 3 - (_HEIGHT - 6) * (v - low) / span:.1f}" for i, v in enumerate(values))


def _row(one: PastReport) -> RowView:
    say = Words()
    words: dict[str, tuple[str, str]] = {state: (say("page-gate-words", state=state), tone) for state, tone in GATE_TONES.items()}
    waived = (say("comment-site-waived"), "warning")
    gates = tuple(
        (one_line(name, 120), *(waived if name in one.waived else words.get(state, (one_line(state, 40), "warning"))))
        for name, state in one.gates
        if state != "PASS"
    )
    effect = ""
    if one.verdicts:
        title, outcome, sentence = one.verdicts[0]
        word = say("page-outcome", outcome=outcome) if outcome in OUTCOMES else outcome
        effect = one_line(f"{word}: {sentence or title}", 300)
    return RowView(
        day=one.day,
        href=one.href,
        headline=one_line(one.headline, 300),
        gates=gates,
        n_passed=sum(state == "PASS" for _, state in one.gates),
        decision=one_line(one.decision, 60),
        owner=one_line(one.owner, 80),
        reason=one_line(one.reason, 300),
        effect=effect,
    )

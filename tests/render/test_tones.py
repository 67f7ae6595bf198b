"""A tone is a class, a sign and a word in HTML and a sign in Markdown, as written here and not as the code's own table says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest

from reportgen.errors import Problem
from reportgen.model import Block, Cell, Change, Column, Gate, Notice, Paragraph, Section, Span, Table, Tile, Tiles, Tone, Verdict
from reportgen.render import RenderOptions, bundle_of
from reportgen.render.markdown import block_md
from tests.render.example import report_with

SIGNS = {"neutral": "", "good": "✓", "bad": "✗", "warning": "!", "best": "★", "muted": ""}
WORDS = {"good": "good: ", "bad": "bad: ", "warning": "warning: ", "best": "best: "}
CHANGES = {"good": "better", "bad": "worse", "best": "best so far", "warning": "check"}
VERDICTS = {
    "better": ("▲", "Better", "good"),
    "worse": ("▼", "Worse", "bad"),
    "unclear": ("?", "Not clear", "neutral"),
    "equivalent": ("=", "Practically equivalent", "good"),
    "not_worse": ("≥", "Not worse", "good"),
    "too_few": ("!", "Too few runs", "warning"),
    "different": ("≠", "Different, direction unknown", "neutral"),
    "incomparable": ("!", "Not comparable", "warning"),
}
TONES: tuple[Tone, ...] = get_args(Tone)
pytestmark = pytest.mark.usefixtures("quick_charts")


def html_of(*blocks: Block, **changes: Any) -> str:
    report = replace(report_with(), sections=(Section("one", "One", blocks),), **changes)
    html = bundle_of(report, None, RenderOptions(formats=("html",))).files["report.html"]
    assert isinstance(html, bytes)
    return html.decode()


def signed(tone: str) -> str:
    """Sign and word of a tone as the page has them."""
    sign = f'<span class="sign" aria-hidden="true">{SIGNS[tone]}</span>' if SIGNS[tone] else ""
    return sign + (f'<span class="vh">{WORDS[tone]}</span>' if tone in WORDS else "")


def test_every_tone_and_outcome_is_here() -> None:
    assert set(SIGNS) == set(TONES)
    assert set(VERDICTS) == set(get_args(get_type_hints(Verdict)["outcome"]))


@pytest.mark.parametrize("tone", TONES)
def test_a_paragraph(tone: Tone) -> None:
    block = Paragraph((Span("Words"),), tone)
    assert f'<p class="paragraph tone-{tone}">{signed(tone)}Words</p>' in html_of(block)
    assert block_md(block) == f"{SIGNS[tone]} Words".strip()


@pytest.mark.parametrize("tone", TONES)
def test_a_tile(tone: Tone) -> None:
    block = Tiles((Tile("Label", 12, "integer", tone=tone),))
    html = html_of(block)
    assert f'<div class="tile tone-{tone}">' in html
    assert f'<dd class="value">{signed(tone)}12</dd>' in html
    assert f"| Label | {SIGNS[tone]} **12** |".replace("|  **", "| **") in block_md(block)


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(("delta", "arrow", "text"), [(1.5, "▲", "+1.5"), (-1.5, "▼", "−1.5"), (0.0, "=", "0.0")])
def test_a_change(tone: Tone, delta: float, arrow: str, text: str) -> None:
    block = Tiles((Tile("Label", 12, "integer", change=Change(delta, "change", tone, "since Friday", 1)),))
    word = CHANGES.get(tone, "")
    html = html_of(block)
    assert f'<dd class="change tone-{tone}"><span class="delta"><span aria-hidden="true">{arrow}</span> {text}</span>' in html
    assert (f'<span class="word">{word}</span>' in html) == bool(word)
    assert "| " + " ".join(filter(None, (arrow, text, word, "since Friday"))) + " |" in block_md(block)


@pytest.mark.parametrize("tone", TONES)
def test_a_cell(tone: Tone) -> None:
    block = Table("t", "T", (Column("a", "A"),), ((Cell("value", tone),),))
    css = "text" if tone == "neutral" else f"text tone-{tone}"
    assert f'<th scope="row" class="{css}">{signed(tone)}value</th>' in html_of(block)
    assert f"| {SIGNS[tone]} value |".replace("|  value", "| value") in block_md(block)


@pytest.mark.parametrize("tone", TONES)
def test_a_notice(tone: Tone) -> None:
    block = Notice(tone, "Title", "Text")
    sign, word = SIGNS[tone] or "i", WORDS.get(tone, "note: ")
    shown = f'<span class="sign" aria-hidden="true">{sign}</span><span class="vh">{word}</span><strong>Title'
    assert re.search(rf'<div class="notice tone-{tone}" role="note">\n<p class="notice-title">{re.escape(shown)}', html_of(block))
    assert block_md(block) == "> " + " ".join(filter(None, (SIGNS[tone], "**Title**", "Text")))


@pytest.mark.parametrize("outcome", VERDICTS)
def test_a_verdict(outcome: Any) -> None:
    block = Verdict("B against A", outcome, "B did it.", "By a rule.")
    sign, word, tone = VERDICTS[outcome]
    html = html_of(block)
    assert f'<div class="verdict tone-{tone}">' in html
    assert f'<span class="sign" aria-hidden="true">{sign}</span> <strong>{word}</strong></p>' in html
    assert block_md(block).startswith(f"- **{sign} {word}**: B against A\n")
    assert '<div class="verdict tone-warning">' in html_of(replace(block, tone="warning"))


GATES = {"PASS": ("good", "✓", "passed"), "FAIL": ("bad", "✗", "failed"), "NO_DATA": ("warning", "!", "no data")}
GATES["INCONCLUSIVE"] = ("warning", "!", "inconclusive")


@pytest.mark.parametrize("state", GATES)
def test_a_gate(state: Any) -> None:
    tone, sign, word = GATES[state]
    gates = (Gate("quality", state, "It is so.", "acc", 0.5, 0.9),)
    html = html_of(gates=gates)
    assert f'<li class="chip tone-{tone}"><a href="#s-gates">{signed(tone)}' in html
    assert f'<td class="text tone-{tone}">{signed(tone)}{word}</td>' in html
    report = replace(report_with(), gates=gates)
    summary = bundle_of(report, None, RenderOptions(formats=("markdown",))).files["summary.md"]
    assert isinstance(summary, bytes)
    assert f"| quality | {sign} {word} | It is so. |" in summary.decode()


def test_gates_that_did_not_pass_are_named_under_the_headline_up_to_two_and_then_counted() -> None:
    gates = tuple(Gate(f"<{state}>", state, "It is so.", "acc", 0.5, 0.9) for state in GATES)  # type: ignore[arg-type]
    counted = re.findall(r'<li class="chip tone-(\w+)"><a href="#s-gates">.*?</span>([^<]*)</a>', html_of(gates=gates))
    assert counted == [("good", "1 of 4 gates passed"), ("bad", "1 gate failed"), ("warning", "2 gates not decided")]
    named = re.findall(r'<li class="chip tone-(\w+)"><a href="#s-gates">.*?</span>([^<]*)</a>', html_of(gates=gates[:2]))
    assert named == [("good", "1 of 2 gates passed"), ("bad", "&lt;FAIL&gt;")]


@pytest.mark.parametrize(
    ("severity", "tone", "sign", "cell"),
    [("gap", "bad", "✗", "missing"), ("warning", "warning", "!", "with care"), ("note", "neutral", "", "note")],
)
def test_a_problem(severity: Any, tone: str, sign: str, cell: str) -> None:
    problems = (Problem("slug", "where", "what", severity=severity),)
    html = html_of(problems=problems)
    assert (f'<li class="chip tone-{tone}"><a href="#s-problems">{signed(tone)}1' in html) == bool(sign)
    assert ("nothing missing" in html.lower()) == (severity != "gap")
    of_cell = "neutral" if severity == "note" else tone
    css = "" if of_cell == "neutral" else f" tone-{of_cell}"
    assert f'class="text{css}">{signed(of_cell)}{cell}' in html

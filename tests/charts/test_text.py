"""Escaping, shortening and wrapping."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts.text import all_wrapped, plain_text, plotly_text, short_names, shortened, width_of, wrapped

any_text = st.text(alphabet=st.characters(), max_size=80)


@given(any_text)
def test_escaped_text_reads_as_it_was_written(text):
    assert re.sub("[\u2068\u2069]", "", html.unescape(plotly_text(text))) == plain_text(text)


@given(any_text)
def test_escaped_text_has_no_markup_template_or_formula(text):
    escaped = plotly_text(text)
    assert not set("<>$%") & set(escaped)
    assert "\n" not in escaped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a<b and c>d & e &amp; f", "a&lt;b and c&gt;d &amp; e &amp;amp; f"),
        ("%{y:.2f}", "&#37;{y:.2f}"),
        ("$\\alpha$", "&#36;\\alpha&#36;"),
        ("two\nlines", "two lines"),
        ("\u202ereversed", "\\u{202e}reversed"),
    ],
)
def test_escapes(text, expected):
    assert plotly_text(text) == expected


@given(st.text(min_size=1, max_size=120), st.floats(30, 300))
def test_shortened_text_fits(text, room):
    short = shortened(plain_text(text), room, 12)
    assert width_of(short, 12) <= room or short == "…"


def test_shortened_text_keeps_both_ends():
    assert shortened("resnet50-imagenet-lr0.001-batch256-seed3", 170, 12).startswith("resnet50-ima")
    assert shortened("resnet50-imagenet-lr0.001-batch256-seed3", 170, 12).endswith("256-seed3")


@given(st.lists(st.text(max_size=60), unique_by=plain_text, max_size=12), st.floats(60, 200))
def test_different_names_stay_different(names, room):
    short = short_names(names, room, 12)
    assert len(set(short.values())) == len(set(names))
    assert all(width_of(text, 12) <= room + 1 or text.startswith("…") for text in short.values())


def test_names_are_cut_where_they_agree_and_not_where_they_differ():
    short = short_names([f"{'a' * 40}{i}{'b' * 40}" for i in range(3)], 120, 12)
    assert list(short.values()) == ["…0…", "…1…", "…2…"]
    groups = ["learning_rate=0.3, subsample=1.0 (n = 10)", "learning_rate=0.05, subsample=0.3 (n = 10)"]
    assert list(short_names(groups, 150, 12).values()) == ["…0.3…1.0 (n = 10)", "…0.05…0.3 (n = 10)"]
    runs = ["resnet50-long-2026-11-01", "resnet50-wide-v2-2026-11-01"]
    assert list(short_names(runs, 110, 12).values()) == ["resnet50-long…", "…wide-v2…"]


def test_names_that_cannot_be_told_apart_are_numbered():
    short = short_names([f"{'a' * 60}{i % 2}{'b' * 60}{i // 2}" for i in range(4)], 30, 12)
    assert len(set(short.values())) == 4


def test_wrapping_breaks_where_names_have_seams():
    assert wrapped("learning_rate", 60, 12) == "learning_\nrate"
    assert wrapped("one two three four five six seven", 60, 12) is None
    assert wrapped("short", 60, 12) == "short"
    assert all_wrapped(["short", "x" * 30], 60, 12) is None


def test_chinese_is_as_wide_as_it_is():
    assert width_of("基线模型", 12) == pytest.approx(4 * 12, rel=0.05)

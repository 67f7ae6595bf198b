"""Where words from right to left are, and what isolates them."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.bidi import FSI, PDI, is_rtl, isolated, needs_shaping, runs_of
from reportgen.formats import visible

mixed = st.text(alphabet=st.sampled_from('אבم٣ab 12.,()[]"-:%\n\u05b8\u202e\u2069'), max_size=40)


@pytest.mark.parametrize(
    ("sentence", "runs"),
    [
        ("Best val_auc 0.65 (נסיון-7), 3 of 4 runs finished.", ["נסיון-7"]),
        ("נסיון-7, 3 of 4", ["נסיון-7"]),
        ("Best: בסיס, נסיון and نموذج.", ["בסיס", "נסיון", "نموذج"]),
        ("in מודל דירוג 3 v2, all time", ["מודל דירוג"]),
        ("in נסיון 3 חדש 4", ["נסיון 3 חדש"]),
        ("«מודל דירוג» and “نموذج الترتيب”: 2", ["מודל דירוג", "نموذج الترتيب"]),
        ("a=נסיון(2) (=1", ["a=נסיון(2)"]),
        ('of צה"ל [בסיס (ישן)] 5', ['צה"ל', "בסיס", "ישן"]),
        ("排序 模型 é 3", []),
        ("", []),
    ],
)
def test_runs_of_a_sentence(sentence, runs):
    assert [run.text for run in runs_of(sentence) if run.is_isolated] == runs


@given(mixed)
def test_runs_are_the_whole_text_and_hold_every_letter(text):
    runs = runs_of(text)
    assert "".join(run.text for run in runs) == text
    outside = "".join(run.text for run in runs if not run.is_isolated)
    assert not {unicodedata.bidirectional(char) for char in outside} & {"R", "AL", "AN"}


@pytest.mark.parametrize("name", ["מודל דירוג 3 v2", "נסיון-7", "نموذج الترتيب ٣", "בסיס (ישן)", "3 מודלים"])
def test_names_from_right_to_left(name):
    assert is_rtl(name)
    assert isolated(name) == f"{FSI}{name}{PDI}"


@pytest.mark.parametrize(
    "name", ["run נסיון-7 abc", "נסיון-7 beats the baseline", "מודל דירוג ארוך: Best runs", "plain", "٣", ""]
)
def test_names_from_left_to_right(name):
    assert not is_rtl(name)


@given(mixed)
def test_a_name_cannot_leave_its_isolation(text):
    marked = isolated(visible(text))
    depth = 0
    for char in marked:
        depth += {FSI: 1, PDI: -1}.get(char, 0)
        assert depth in (0, 1)
    assert depth == 0
    assert not {char for char in marked if unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI")}


@pytest.mark.parametrize(
    ("text", "needed"),
    [("נסיון", True), ("نموذج", True), ("हिन्दी", True), ("กำ", False), ("é", False), ("e\u0301", True), ("模型 🚀 β", False)],
)
def test_what_cannot_be_drawn_letter_by_letter(text, needed):
    assert needs_shaping(text) is needed


def test_hostile_lengths_cost_little():
    for text in ("(" * 60_000 + "א", "א" + ")" * 60_000, "אב 1 " * 12_000, "אב. " * 15_000, "אב a " * 12_000):
        start = time.process_time()
        assert "".join(run.text for run in runs_of(text)) == text
        isolated(text)
        assert time.process_time() - start < 2

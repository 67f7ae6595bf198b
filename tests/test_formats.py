"""Numbers as readers see them: enough digits to tell ranks apart, nothing that is not so."""

from __future__ import annotations

import pytest

from reportgen.analyze.metrics import digits_for
from reportgen.charts.text import shortened
from reportgen.formats import number, one_line, percent, telling_digits, text_of, without_noise
from reportgen.model import Interval


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.99996, 4, "0.99996"),
        (1.00004, 4, "1.00004"),
        (1.0, 4, "1.0000"),
        (0.9999999999999999, 4, "1.0000"),
        (1.0968, 0, "1.1"),
        (2.0968, 0, "2.1"),
        (0.1344, 2, "0.13"),
        (5.017e-9, 6, "5.017e-09"),
        (0.0, 3, "0.000"),
        (250.0003, 2, "250.00"),
        (0.99999, None, "0.99999"),
    ],
)
def test_a_number_is_not_rounded_to_another_one(value: float, digits: int | None, text: str) -> None:
    assert number(value, digits) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100.0"), (0.9997, "99.97"), (0.99996, "99.996"), (1.00004, "100.004"), (0.0004, "0.04"), (0.0, "0.0")],
)
def test_100_percent_is_exactly_so(share: float, text: str) -> None:
    assert percent(share).removesuffix("\N{NARROW NO-BREAK SPACE}%") == text


@pytest.mark.parametrize(
    ("interval", "digits", "text"),
    [
        (Interval(0.004, -0.0124, 0.021, 5), 3, "0.004 [\N{MINUS SIGN}0.012, 0.021]"),
        (Interval(0.99, 0.98, 0.99996, 5), 3, "0.99000 [0.98000, 0.99996]"),
        (Interval(1.0968, 0.5, 12.25, 5), 0, "1.1 [0.5, 12.2]"),
    ],
)
def test_the_ends_of_an_interval_have_as_many_decimals(interval: Interval, digits: int, text: str) -> None:
    assert text_of(interval, "number", digits) == text


def test_ranks_are_told_apart() -> None:
    accuracies = [0.999910 + 0.000001 * i for i in range(12)]
    assert digits_for(accuracies, "number", "maximize") == 6
    assert digits_for(accuracies, "percent", "maximize") == 4
    assert digits_for([67.98, 55.52, 0.13264, 0.13442], "number", "minimize") == 4
    assert digits_for([4965.0, 4964.5, 1.0968], "number", "none") == 0
    assert telling_digits([0.1326, 0.1344], 2) == 3
    assert telling_digits([0.5, 0.5 + 1e-12], 2) == 2


@pytest.mark.parametrize(
    ("logged", "shown"),
    [
        ("-123.56019999999999", "-123.5602"),
        ("0.30000000000000004", "0.3"),
        ("0.000681619449183456", "0.000681619449183456"),
        ("1.0034982445162137e-05", "1.0034982445162137e-05"),
        ("0.10", "0.10"),
        ("1e-3", "1e-3"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_a_parameter_keeps_its_own_text_but_for_noise(logged: str, shown: str) -> None:
    assert without_noise(logged) == shown


def test_no_ellipsis_inside_a_number() -> None:
    assert one_line("learning_rate=0.00123456, depth=4", 20) == "learning_rate=…"
    for most in range(8, 40):
        cut = one_line("alpha=0.25, lr=0.00123456, depth=12", most)
        assert not cut.endswith("…") or not cut[-2].isdigit() or cut[:-1] in ("alpha=0.25",)
    label = shortened("lr=0.00123456 with depth 123456.789", 180.0, 12.0)
    before, _, after = label.partition("…")
    assert not before[-1:].isdigit() or before.endswith("0.00123456")
    assert not after[:1].isdigit() or after == "123456.789"

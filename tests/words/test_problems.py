"""Every kind of finding and of gate reason has its words."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from reportgen.analyze import facts  # noqa: F401 - imports every question, and with it every kind
from reportgen.analyze.findings import Finding
from reportgen.analyze.gate_answers import GateReason
from reportgen.words.baseline_gates import BASELINE_REASONS
from reportgen.words.gates import REASONS
from reportgen.words.problems import PROBLEMS


def kinds(base: type) -> Iterator[type]:
    """The subclasses of ``base`` in the program; ``slots=True`` leaves the class before it behind, which is no kind."""
    for kind in base.__subclasses__():
        if getattr(sys.modules[kind.__module__], kind.__name__, None) is kind and kind.__module__.startswith("reportgen."):
            yield kind


def test_every_finding_has_words_and_a_slug_of_its_own() -> None:
    assert set(kinds(Finding)) == set(PROBLEMS)
    assert len({kind.slug for kind in PROBLEMS}) == len(PROBLEMS)


def test_every_reason_of_a_gate_has_words() -> None:
    assert set(kinds(GateReason)) == {*REASONS, *BASELINE_REASONS}

"""Every reason that a method gives has its clause, and every number in a clause is one that the method gives."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import reportgen.analyze.methods
from reportgen.analyze.methods.samples import ReasonSlug, because
from reportgen.words import DEFAULT_LANGUAGE, Words
from reportgen.words.methods import CLAUSES, clause
from tests.words.test_catalogues import messages


def given() -> list[tuple[str, set[str]]]:
    """The slug and the names of the numbers of each call of ``because`` with a literal slug."""
    calls = []
    for file in Path(reportgen.analyze.methods.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "because":
                slugs = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant) and "-" in str(one.value)]
                calls += [(slug, {str(keyword.arg) for keyword in node.keywords}) for slug in slugs]
    return calls


def test_every_reason_has_a_clause_and_is_given_somewhere() -> None:
    assert CLAUSES.keys() == set(get_args(ReasonSlug))
    indirect = {"few-runs-for-a-gate", "few-pairs-for-a-gate"}
    assert {slug for slug, _ in given()} | indirect == CLAUSES.keys()


def test_a_clause_names_only_numbers_that_are_given() -> None:
    wanted = messages(DEFAULT_LANGUAGE)
    for slug, names in given():
        assert wanted[CLAUSES[slug]][1] <= names, slug  # type: ignore[index]


def test_a_clause_has_the_numbers_of_its_reason() -> None:
    assert clause(because("few-values", a=1, b=2), Words()) == "1 against 2 values"
    assert clause(because("poor-model", r2=-0.123, least=0.3), Words()).startswith(
        "the model predicts unseen runs with R² −0.12:"
    )
    assert clause(because("groups-without-variation", groups=(0, 2)), Words()).startswith("groups [0, 2] do not vary")
    assert clause(None, Words()) == ""

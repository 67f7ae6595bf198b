"""The catalogues against the code and against each other; and that a section whose words are all there has no other words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, FluentSerializer
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Transformer

from reportgen.analyze.compare.likeness import COMMIT_TAG
from reportgen.analyze.reproducibility import Need
from reportgen.model import Section
from reportgen.render.environment import own_templates
from reportgen.sections.reproducibility import reproducibility_section
from reportgen.sections.view import View
from reportgen.snapshot import SourceInfo, table_of
from reportgen.words import DEFAULT_LANGUAGE, Words
from reportgen.words.catalogue import CATALOGUES
from reportgen.words.topic import WordsError
from scripts.translations import messages
from tests.sections.words import of_section
from tests.snapshots import ALL_TIME, NOW, FakeRun, facts, report_config, snapshot

REPORTGEN = Path(__file__).parents[2] / "reportgen"
LANGUAGES = sorted(path.name for path in CATALOGUES.iterdir() if path.is_dir() and list(path.glob("*.ftl")))


# --- the catalogues --------------------------------------------------------------------------------------------------


def test_a_message_is_in_the_file_that_its_id_begins_with() -> None:
    for language in LANGUAGES:
        for message, (topic, _) in messages(language).items():
            assert message.startswith(f"{topic}-"), f"{language}/{topic}.ftl: {message}"


# --- the code --------------------------------------------------------------------------------------------------------


def is_say(call: ast.Call) -> bool:
    """``say(…)``, ``view.say(…)``, and ``self(…)`` in the catalogue's own lists."""
    return (isinstance(call.func, ast.Name) and call.func.id in ("say", "self")) or (
        isinstance(call.func, ast.Attribute) and call.func.attr == "say"
    )


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def ids_of(argument: ast.expr) -> list[str]:
    """The ids that the first argument of ``say`` can be; none for a ``MessageId`` out of a table."""
    match argument:
        case ast.Constant(value=str(message)):
            return [message]
        case ast.IfExp(body=body, orelse=otherwise):
            return [*ids_of(body), *ids_of(otherwise)]
    return []


SAID_BY_A_TEMPLATE = re.compile(r"""\bsay\("([a-z][\w-]*)"([^)]*)\)""")


def used() -> dict[str, set[frozenset[str] | None]]:
    """Id → the names of values it is given in each place; None where only its id is named."""
    found: dict[str, set[frozenset[str] | None]] = {}
    for file in sorted(REPORTGEN.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args and is_say(node)):
            names = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
            for message in ids_of(call.args[0]):
                found.setdefault(message, set()).add(names)
        for call in calls(tree, "MessageId"):
            for message in ids_of(call.args[0]):
                found.setdefault(message, set()).add(None)
    for file in sorted([*own_templates().rglob("*.j2"), *own_templates().glob("*.css")]):
        for message, values in SAID_BY_A_TEMPLATE.findall(file.read_text("utf-8")):
            found.setdefault(message, set()).add(frozenset(re.findall(r"(\w+)=", values)))
    for file in sorted((REPORTGEN.parent / "web").glob("*.js")):
        for call in re.finditer(r'\bphrase\("([\w-]+)"', text := file.read_text("utf-8")):
            found.setdefault(call[1], set()).add(frozenset(keys_of(text, call.end())))
    return found


def keys_of(script: str, at: int) -> Iterator[str]:
    """The names in the object that follows, as in ``phrase("…", { n, of: f(a, b) })``; none where the call ends there."""
    depth, word = 0, ""
    if not script.startswith(", { ", at):
        return
    for letter in script[at + len(", { ") :]:
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0 or (letter == "," and depth == 0):
            yield word.partition(":")[0].strip()
            word = ""
            if depth < 0:
                return
        else:
            word += letter


def test_the_code_uses_exactly_the_messages_there_are() -> None:
    assert sorted(used()) == sorted(messages(DEFAULT_LANGUAGE))


def test_the_code_gives_exactly_the_values_that_messages_need() -> None:
    there = messages(DEFAULT_LANGUAGE)
    wrong = {
        message: (sorted(given), sorted(there[message][1]))
        for message, places in used().items()
        for given in places
        if given is not None and given != there[message][1]
    }
    assert not wrong


# --- Words -----------------------------------------------------------------------------------------------------------


def test_a_whole_number_chooses_the_plural_form_and_has_its_thousands_separated() -> None:
    say = Words()
    assert say("reproducibility-commit", commit="abc", n=1) == "abc (1 run)"
    assert say("reproducibility-commit", commit="abc", n=12_345) == "abc (12,345 runs)"


def test_two_plural_forms_in_one_message() -> None:
    say = Words()
    assert say("reproducibility-dirty", n=1, runs="x") == "1 run ran with uncommitted changes: x."
    assert say("reproducibility-dirty", n=2, runs="x and y") == "2 runs ran with uncommitted changes: x and y."


def test_values_are_put_in_as_they_are() -> None:
    hostile = "{ $n } \N{RIGHT-TO-LEFT OVERRIDE}<b> -term"
    long = "x" * 5000
    say = Words()
    assert say("reproducibility-commit", commit=hostile, n=2) == f"{hostile} (2 runs)"
    assert say("reproducibility-commit", commit=long, n=2) == f"{long} (2 runs)"


def test_what_is_missing_is_an_error() -> None:
    say = Words()
    with pytest.raises(WordsError, match="no message reproducibility-nonsense"):
        say("reproducibility-nonsense")
    with pytest.raises(WordsError, match=r"no catalogue en/nonsense\.ftl"):
        say("nonsense-title")
    with pytest.raises(WordsError, match="Unknown external: commit"):
        say("reproducibility-commit", n=2)


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], "none"),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b, c and 1 more"),
    ],
)
def test_lists(items: list[str], text: str) -> None:
    assert Words().listed(items, 3) == text


def test_every_slug_has_words_of_its_own() -> None:
    say = Words()
    assert len({say("reproducibility-need", need=need) for need in Need}) == len(Need)
    assert len({say("reproducibility-need-inline", need=need) for need in Need}) == len(Need)
    assert len({say("reproducibility-need-what", need=need, tag="t") for need in Need}) == len(Need)


# --- another language ------------------------------------------------------------------------------------------------


class Greek(Transformer):
    """Latin letters of messages become Greek ones: what is still Latin in a report did not come from the catalogue."""

    def visit_TextElement(self, node: ftl.TextElement) -> ftl.TextElement:
        node.value = re.sub("[A-Za-z]", lambda m: chr(0x3B1 + ord(m[0].lower()) - ord("a")), node.value)
        return node


@pytest.fixture
def greek(tmp_path: Path) -> Words:
    (tmp_path / "el").mkdir()
    for file in (CATALOGUES / DEFAULT_LANGUAGE).glob("*.ftl"):
        resource = Greek().visit(FluentParser().parse(file.read_text("utf-8")))
        (tmp_path / "el" / file.name).write_text(FluentSerializer().serialize(resource), "utf-8")
    return Words("el", tmp_path)


def no_page(experiment_id: str, run_id: str) -> str | None:
    return None


def reproducibility(runs: list[FakeRun], say: Words) -> Section:
    artifacts = table_of("artifacts", {"experiment_id": ["1"], "run_id": ["10"], "path": ["requirements.txt"]})
    stores = tuple(SourceInfo("sqlite", f"//{n}", name=f"{n}") for n in (1, 2))
    taken = snapshot(*runs, artifacts=artifacts, sources=stores)
    view = View(facts(taken), taken, report_config(), NOW, ALL_TIME, no_page, False, (), (), say)
    return reproducibility_section(view)


RUNS = [
    FakeRun("10", {"acc": 1.0}, {"seed": "1"}, {COMMIT_TAG: "77", "mlflow.git.dirty": "true"}, datasets=[("5", "6")]),
    FakeRun("11", {"acc": 1.0}, tags={"mlflow.source.name": ""}),
    FakeRun("12", {"acc": 1.0}, tags={"mlflow.source.name": ""}),
]


@pytest.mark.parametrize("runs", [[], RUNS[:1], RUNS[1:], RUNS], ids=["none", "whole", "bare", "mixed"])
def test_a_section_in_another_language_has_no_english_word_of_ours(runs: list[FakeRun], greek: Words) -> None:
    ours = of_section(reproducibility(runs, Words()))
    theirs = of_section(reproducibility(runs, greek))
    assert len(theirs.splitlines()) == len(ours.splitlines())
    assert not re.findall("[A-Za-z]+", theirs.replace(COMMIT_TAG, ""))

"""docs/reliability.md: every fault that a test is marked with, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import reliability

ROOT = Path(__file__).parent.parent


def test_the_page_is_what_the_tests_say() -> None:
    assert reliability.PAGE.read_text("utf-8") == reliability.page(), "run `make docs`"


def test_every_mark_is_a_row_and_every_row_names_a_test() -> None:
    """Found another way: by the text of the files instead of their syntax."""
    texts = {path: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)}
    n_marks = sum(len(re.findall(r"^ *@pytest\.mark\.fault\(", text, re.MULTILINE)) for text in texts.values())
    rows = re.findall(r"\[`(test_\w+)`\]\(\.\./(\S+)\) \|$", reliability.PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == n_marks > 100
    assert [(test, path) for test, path in rows if not re.search(rf"^ *def {test}\(", texts[ROOT / path], re.MULTILINE)] == []


def test_every_exit_code_is_one_that_the_readme_documents() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \| ", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    documented = {int(code) for row in rows for code in row.split(", ")}
    found = {code for fault in reliability.faults() for code in fault.exits}
    assert found <= documented
    assert found >= {0, 2, 3, 4, 6, 7, 8}


@pytest.mark.parametrize(
    ("mark", "row"),
    [
        ('"a|b", "c", at="server", exit=3', r"| a\|b | c | 3 | [`test_x`](../tests/test_x.py) |"),
        ('"a", "c", at="text", exit=(4, 8)', "| a | c | 4 or 8 | [`test_x`](../tests/test_x.py) |"),
        ('"a", "c", at="text"', "| a | c | – | [`test_x`](../tests/test_x.py) |"),
        ('"a", "c", at="moon", exit=3', None),
        ('"a", at="text"', None),
        ('"a", "c", exit=3', None),
        ('"a", "c", at="text", code=3', None),
    ],
)
def test_a_mark_is_read_whole_or_refused(mark: str, row: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text(f"import pytest\n\n@pytest.mark.fault({mark})\ndef test_x(): ...\n", "utf-8")
    monkeypatch.setattr(reliability, "TESTS", tmp_path / "tests")
    if row is None:
        with pytest.raises(ValueError, match="no whole fault"):
            reliability.page()
    else:
        assert row in reliability.page().splitlines()

"""docs/problems.md: every slug that the code can give, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import problems

ROOT = Path(__file__).parent.parent
MADE = re.compile(r"\b(?:Problem|[A-Z][a-z]+Error)\(\s*\"([a-z0-9]+(?:-[a-z0-9]+)+)\"")


def test_the_page_is_what_the_code_says() -> None:
    assert problems.PAGE.read_text("utf-8") == problems.page(), "run `make docs`"


def test_every_place_that_makes_an_error_or_a_problem_is_read() -> None:
    _, unread = problems.entries()
    assert unread == []


def test_every_slug_in_the_code_is_on_the_page() -> None:
    """Found another way: by the text of the code instead of its syntax."""
    text = problems.PAGE.read_text("utf-8")
    slugs = {slug for path in (ROOT / "reportgen").rglob("*.py") for slug in MADE.findall(path.read_text("utf-8"))}
    assert len(slugs) > 100
    assert [slug for slug in sorted(slugs) if f"| `{slug}` |" not in text] == []


def test_an_error_and_a_problem_have_their_rows() -> None:
    text = problems.PAGE.read_text("utf-8")
    assert "| `report-locked` | 7 | publish | another job is writing the report … into … |" in text
    assert "| `chart-legend-left-out` | note | charts | The legend is left out: … names would not fit." in text
    assert "| `compare-one-group` | gap | analyze | All runs are in one group, …" in text


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ('Problem("a-b", where, f"{n} runs are lost.", "look", "note")', [("a-b", "note", "… runs are lost.", "look")]),
        ('Problem("a-b" if x else "a-c", where, what)', [("a-b", "gap", "…", ""), ("a-c", "gap", "…", "")]),
        ('SourceError("a-b", "not there", todo="start it")', [("a-b", "4", "not there", "start it")]),
        ('DeliveryError(error.slug, "x")', []),
    ],
)
def test_a_call_is_read(
    code: str, rows: list[tuple[str, str, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "errors.py").write_text((ROOT / "reportgen" / "errors.py").read_text("utf-8"), "utf-8")
    (tmp_path / "module.py").write_text(f"def made():\n    return {code}\n", "utf-8")
    monkeypatch.setattr(problems, "PACKAGE", tmp_path)
    entries, unread = problems.entries()
    assert ([(one.slug, one.kind, one.what, one.todo) for one in entries if one.room == "module"], unread) == (rows, [])

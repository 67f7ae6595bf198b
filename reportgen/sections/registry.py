"""The sections there are: one row each. ``tests/sections`` holds the names equal to those the config allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reportgen.model import Section
from reportgen.sections.leaderboard import leaderboard_section
from reportgen.sections.overview import overview_section
from reportgen.sections.runs import runs_section
from reportgen.sections.view import View

SECTIONS: Mapping[str, Callable[[View], Section | None]] = {
    "overview": overview_section,
    "leaderboard": leaderboard_section,
    "runs": runs_section,
}

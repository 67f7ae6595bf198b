"""What became of one delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportgen.errors import Problem


@dataclass(frozen=True, slots=True)
class Receipt:
    """One delivery of one bundle."""

    channel: str
    """``folder`` or ``mlflow``."""
    state: Literal["written", "unchanged", "failed"]
    """``unchanged``: the same digest was already there, nothing was written."""
    where: str
    """Public: a path, or a run and its address."""
    problem: Problem | None = None
    """Why it failed, or what else there is to know; None otherwise."""

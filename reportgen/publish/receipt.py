"""The result of one delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportgen.errors import Problem


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result of delivering one bundle to one channel."""

    channel: str
    """``folder`` or ``mlflow``."""
    state: Literal["written", "unchanged", "failed"]
    """``unchanged``: the same digest was already there, nothing was written."""
    where: str
    """Public: a path, or a run and its address."""
    problem: Problem | None = None
    """Why it failed, or a remark on a successful delivery; None when there is nothing to say."""

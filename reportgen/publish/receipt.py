"""The result of one delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportgen.errors import Problem


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result of delivering one bundle to one channel."""

    channel: str
    """``folder``, ``mlflow``, ``mlflow-runs`` (tags and bundles on runs that were read), ``email``, ``webhook`` or ``apprise``."""
    state: Literal["written", "unchanged", "failed"]
    """``unchanged``: the same digest was already there, or nothing has changed since the report that is; nothing was written."""
    where: str
    """Public: a path, or an address that opens the report."""
    problem: Problem | None = None
    """Why it failed, or a remark on a successful delivery; None when there is nothing to say."""
    run_id: str = ""
    """Of the report run, for ``mlflow``."""

"""The decision that a person took on a report, as a config or ``reportgen sign`` records it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from reportgen.config.base import ConfigModel


class DecideConfig(ConfigModel):
    """Who decided what, and why. It stands beside the computed verdict and changes nothing in it."""

    decision: Literal["ship", "reject", "extend", "hold"] = Field(
        description="`ship` the candidate, `reject` it and keep the baseline, `extend`: more runs first, `hold`: wait for something else."
    )
    by: str = Field(min_length=1, max_length=120, description="Who decided.")
    because: str = Field(
        min_length=1, max_length=2000, description="Why; needed most where it goes against the computed verdict."
    )
    on: date | None = Field(None, description="The day of the decision; `reportgen sign` writes today's.")

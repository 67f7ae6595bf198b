"""The answer of a gate as values; ``reportgen.words.gates`` tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import RunKey
from reportgen.config import GateConfig
from reportgen.model import GateState


@dataclass(frozen=True, slots=True)
class GateReason:
    """What an answer follows from; a subclass for each kind of gate and of missing data."""

    only_warns: ClassVar[bool] = False
    """Whether a gate without data for this reason does not fail the build."""


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """One gate of the config, answered."""

    config: GateConfig
    metric: Metric | None
    """None when the gate asks for none, or no run logged it."""
    state: GateState
    reason: GateReason
    value: float | None
    threshold: float | None
    """The bound; for a gate against the baseline the change (or the ratio of means) that is just not accepted."""
    run: RunKey | None = None
    """The run that was judged, of a gate on one run."""
    is_stored: bool = False
    """Whether its bound is a quality criterion that MLflow stored with the run, not one of the config."""

    @property
    def warns(self) -> bool:
        """Whether it is undecided and does not fail the build for it, by the config or because nothing can be compared yet."""
        if self.state == "NO_DATA":
            return self.reason.only_warns
        return self.state == "INCONCLUSIVE" and self.config.on_inconclusive == "warn"

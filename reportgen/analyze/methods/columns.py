"""Parameters of a sweep as columns: numbers or labels, with a place for "missing".

MLflow stores parameters as text. A column is numeric when every value that is there reads as a finite number; "True", "adam" and
"None" are labels. A missing value is never filled in silently: it is a level of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reportgen.analyze.methods.samples import Array

ParamValue = str | float | int | bool | None

MISSING = "(missing)"


@dataclass(frozen=True, slots=True)
class Column:
    """One parameter over all runs."""

    name: str
    numbers: Array | None
    """Shape (runs,), NaN where missing; ``None`` for labels."""
    labels: tuple[str, ...]
    """Each value as text, ``(missing)`` where there is none."""
    missing: npt.NDArray[np.bool_]

    @property
    def constant(self) -> bool:
        """One value, or none, in every run."""
        return len(set(self.labels)) < 2

    @property
    def levels(self) -> int:
        """How many different values there are, missing not counted."""
        return len(set(self.labels) - ({MISSING} if self.missing.any() else set()))


def columns_of(params: Mapping[str, Sequence[ParamValue]], runs: int) -> tuple[Column, ...]:
    """The parameters as columns, sorted by name; ``ValueError`` when one has another length than ``runs``."""
    wrong = sorted(name for name, values in params.items() if len(values) != runs)
    if wrong:
        raise ValueError(f"one value per run: {runs} runs, but {', '.join(wrong)} differ")
    return tuple(_column(name, params[name]) for name in sorted(params))


def _column(name: str, values: Sequence[ParamValue]) -> Column:
    missing = np.array([value is None or (isinstance(value, float) and math.isnan(value)) for value in values], dtype=bool)
    labels = tuple(MISSING if gone else str(value) for value, gone in zip(values, missing, strict=True))
    numbers = [math.nan if gone else _number(value) for value, gone in zip(values, missing, strict=True)]
    if missing.all() or any(number is None for number in numbers):
        return Column(name, None, labels, missing)
    return Column(name, np.array(numbers, dtype=np.float64), _spelled(numbers, missing), missing)


def _number(value: ParamValue) -> float | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _spelled(numbers: Sequence[float | None], missing: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    """One spelling per number, so that "1e-3" and "0.001" are one level."""
    return tuple(MISSING if gone else f"{number:.17g}" for number, gone in zip(numbers, missing, strict=True))

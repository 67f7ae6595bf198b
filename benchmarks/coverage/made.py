"""What is drawn, how a rate is counted, and how it is printed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyze.methods import randomness

SEED = 20261120
Rng = np.random.Generator
Draw = Callable[[Rng, int], np.ndarray]


def rng_of(cell: str) -> Rng:
    """A generator of the cell's own, so that a cell gives the same figure when others are added."""
    return randomness.generator(cell, SEED)


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something happened."""

    hits: int
    n: int

    @property
    def share(self) -> float:
        return self.hits / self.n

    @property
    def error(self) -> float:
        """Standard error; of none and of all, that of half a hit."""
        share = min(max(self.share, 0.5 / self.n), 1 - 0.5 / self.n)
        return math.sqrt(share * (1 - share) / self.n)

    def is_above(self, promised: float, errors: float = 2.0) -> bool:
        """Whether it is above ``promised`` by more than ``errors`` standard errors."""
        return self.share - promised > errors * max(self.error, math.sqrt(promised * (1 - promised) / self.n))

    def __str__(self) -> str:
        return f"{100 * self.share:.1f} ± {100 * self.error:.1f} %"


def rate(cell: str, replications: int, hit: Callable[[Rng], bool]) -> Rate:
    """How often ``hit`` is true."""
    rng = rng_of(cell)
    return Rate(sum(hit(rng) for _ in range(replications)), replications)


def rates(cell: str, replications: int, hits: Callable[[Rng], Sequence[bool | None]]) -> list[Rate]:
    """How often each of several things is true of one draw; None counts in neither number."""
    rng = rng_of(cell)
    rows = [hits(rng) for _ in range(replications)]
    return [
        Rate(sum(map(bool, kept)), len(kept))
        for kept in ([one for one in column if one is not None] for column in zip(*rows, strict=True))
        if kept
    ]


def share(cell: str, replications: int, hit: Callable[[Rng], bool]) -> float:
    return rate(cell, replications, hit).share


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    print(f"\n### {title}\n")
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print(
            "| " + " | ".join(f"{100 * cell:.1f} %" if isinstance(cell, float) else str(cell) for cell in row) + " |", flush=True
        )


# --- what is drawn: mean 0, and a spread of about 1 ------------------------------------------------------------------


def normal(rng: Rng, n: int) -> np.ndarray:
    return rng.normal(size=n)


def lognormal(rng: Rng, n: int) -> np.ndarray:
    """Skewed, shifted to mean 0."""
    return rng.lognormal(0, 0.6, n) - math.exp(0.18)


def collapsed(rng: Rng, n: int) -> np.ndarray:
    """One seed in ten fails by 5 sd; shifted to mean 0."""
    return rng.normal(size=n) - 5 * (rng.random(n) < 0.1) + 0.5


def near_one(rng: Rng, n: int) -> np.ndarray:
    """Beta(19.6, 0.4) as an accuracy near 1 has it, scaled to mean 0 and variance 1."""
    return (rng.beta(19.6, 0.4, n) - 0.98) / math.sqrt(19.6 * 0.4 / (20**2 * 21))


def three_times(rng: Rng, n: int) -> np.ndarray:
    return 3 * rng.normal(size=n)


def heavy(rng: Rng, n: int) -> np.ndarray:
    return rng.standard_t(3, n)


SHAPES: dict[str, Draw] = {"normal": normal, "near 1": near_one, "lognormal": lognormal, "collapsed": collapsed, "t(3)": heavy}

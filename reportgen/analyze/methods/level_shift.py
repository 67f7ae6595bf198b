"""Does a metric stand at another level now than before: its newest period, and its last two and four, against all before them.

Role: alarms on repeated runs. One period alone tells a large step at once, four a small lasting one. The largest shift of the three is
judged by t with Bonferroni over the windows, which may be adjusted for other tests; a permutation test that looks for the largest shift
anew in every shuffled history must agree at the level of one test, each direction at half of it, so that skewed values raise no false
alarm on their longer side. (Shuffles alone could not be adjusted: of few runs no arrangement is rare enough.)
Limits: where the newest period is too small to be shuffled (one run against fewer than forty) it is held against a t prediction interval
alone, which trusts that values are near normal; where periods differ by more than their runs do, a period is one value. Slow cycles look
like shifts. Sources: Hawkins 1977 for the largest standardised difference, Phipson & Smyth 2010 for the +1 of a drawn p.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy

from reportgen.analyze.methods.estimates import StudentEstimate, student
from reportgen.analyze.methods.means import prediction
from reportgen.analyze.methods.samples import ALPHA, NEGLIGIBLE, ROUNDING, Array, magnitude, mean

WINDOWS = (1, 2, 4)
"""Newest periods that are put together."""
ALERT_ALPHA = 0.01
"""Level of the prediction interval."""
FEWEST_PERIODS = 3
"""The newest one included."""
FEWEST_EARLIER = 4
"""Values that a prediction interval needs."""
PREDICTION_SHARE = 0.2
"""Of the level, where both a prediction and windows are looked at."""
SHUFFLES = 9_999
FEWEST_SHUFFLES = 999
MOST_VALUES = 20_000_000
"""In all shuffles together: of very many runs there are fewer shuffles."""
FAR_FROM_ALARM = 0.2
"""Above this p by t nothing is shuffled: it is no alarm anyway."""
PERIODS_ALPHA = 0.2
"""Level of the test that periods differ: above 5 %, since a luck of periods that is not seen makes more false alarms than one that is not there costs power."""
FEWEST_TELLING_PERIODS = 6
"""Earlier periods that show whether periods differ by more than their runs do."""
FEW_PERIODS_ALPHA = 0.1
"""The same level with fewer: t over three to five periods finds hardly a change, and the report says that their luck is not known."""
AUTOCORRELATED = 0.5
FEWEST_FOR_AUTOCORRELATION = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """One value of a period; values of one ``stratum`` (a seed) are compared with each other only."""

    value: float
    stratum: Hashable = None


@dataclass(frozen=True, slots=True)
class Shift:
    """The largest shift that was found, or that none can be judged."""

    window: int
    """Periods in which it stands; 0 where nothing can be judged."""
    n_now: int
    n_before: int
    """Values in the window and before it; periods, where a period is one value."""
    estimate: StudentEstimate | None = None
    """Of the change, within strata, its interval adjusted for the windows; None where nothing varies."""
    change: float = 0.0
    p: float | None = None
    """Two-sided by t, of all windows together, or of the prediction; None where nothing varies or can be judged."""
    p_shuffled: float = 0.0
    """Two-sided, of the shuffles, which must agree at the level of one test; 0 where none were made."""
    is_prediction: bool = False
    """Whether the newest values were held against a prediction interval."""
    expected: tuple[float, float] | None = None
    """The interval of a prediction."""
    n_windows: int = 1
    n_periods: int = 0
    """Earlier periods, when each is one value because periods differ by more than their runs do; else 0."""
    newest: StudentEstimate | None = None
    """Of the change of the newest period alone, its interval adjusted likewise: what could have been seen in it."""
    autocorrelated: bool = False
    """Values before the window lean on the one before them."""

    @property
    def is_alarm(self) -> bool:
        """Whether it is significant at its own level, when it is the only one that is looked at."""
        return self.p is not None and max(self.p, self.p_shuffled) <= (ALERT_ALPHA if self.is_prediction else ALPHA)


def level_shift(
    periods: Sequence[Sequence[Unit]],
    rng_for: Callable[[str], np.random.Generator],
    alpha: float = ALPHA,
    scale: tuple[float, float] | None = None,
) -> Shift:
    """The shift of the newest of ``periods`` (oldest first, none empty, values finite) against those before.

    Two-sided at ``alpha``; ``rng_for`` gives a generator for the name of a test, ``scale`` are the ends between which the metric can lie.
    """
    found = _shift(periods, rng_for, alpha, scale)
    if not found.window or len(periods) < FEWEST_PERIODS or not periods_differ(periods, found.window):
        return found
    means = [[Unit(mean([unit.value for unit in period]))] for period in periods]
    return replace(_shift(means, rng_for, alpha, scale), n_periods=len(periods) - 1)


def periods_differ(periods: Sequence[Sequence[Unit]], window: int) -> bool:
    """Whether periods differ by more than their runs do, but for a shift of the last ``window`` periods: F test.

    Then a period is one value, however many runs it has: what they share (machine, data, libraries) is not in their spread.
    """
    units = [unit for period in periods for unit in period]
    design = _Design.of(units, [len(period) for period in periods], (window,))
    values = design.residuals
    parts = np.split(values, np.cumsum([len(period) for period in periods])[:-1])
    df_within = values.size - len(parts) - design.n_strata + 1
    df_between = len(parts) - 2
    within = sum(float(((part - part.mean()) ** 2).sum()) for part in parts)
    between = 0.0
    for segment in (parts[:-window], parts[-window:]):
        center = np.concatenate(segment).mean()
        between += sum(part.size * float(part.mean() - center) ** 2 for part in segment)
    if df_within < FEWEST_EARLIER - 1 or df_between < 1 or within <= _tiny(values, design.scale):
        return False
    alpha = PERIODS_ALPHA if len(periods) > FEWEST_TELLING_PERIODS else FEW_PERIODS_ALPHA
    return float(scipy.special.fdtrc(df_between, df_within, (between / df_between) / (within / df_within))) <= alpha


@dataclass(frozen=True, slots=True)
class _Design:
    """Values without the means of their strata, and the windows likewise: the shift of a window is the slope on it."""

    residuals: Array
    windows: Array
    """(windows, values); each row has length 1, or 0 where the window is not to be told from its strata."""
    lengths: Array
    n_strata: int
    strata: tuple[npt.NDArray[np.intp], ...]
    scale: float

    @classmethod
    def of(cls, units: Sequence[Unit], sizes: Sequence[int], windows: Sequence[int]) -> _Design:
        values = np.array([unit.value for unit in units], np.float64)
        places: dict[Hashable, list[int]] = {}
        for at, unit in enumerate(units):
            places.setdefault(unit.stratum, []).append(at)
        strata = tuple(np.array(place) for place in places.values())
        inside = np.zeros((len(windows), values.size))
        for row, window in enumerate(windows):
            inside[row, values.size - sum(sizes[-window:]) :] = 1.0
        residuals = values - values.mean()
        for place in strata:
            residuals[place] -= residuals[place].mean()
            inside[:, place] -= inside[:, place].mean(axis=1, keepdims=True)
        lengths = np.sqrt((inside**2).sum(axis=1))
        rows = np.divide(inside, lengths[:, None], out=np.zeros_like(inside), where=lengths[:, None] > _SMALL)
        return cls(residuals, rows, lengths, len(strata), strata, magnitude(values))

    @property
    def df(self) -> int:
        return self.residuals.size - self.n_strata - 1

    def n_arrangements(self, n_inside: int) -> float:
        """Ways to choose which values of each stratum are in the window."""
        first = self.residuals.size - n_inside
        return math.prod(math.comb(place.size, int((place >= first).sum())) for place in self.strata)

    def estimate(self, row: int, level: float) -> StudentEstimate:
        """The shift of a window; standard error 0 where values vary by rounding only."""
        along = float(self.windows[row] @ self.residuals)
        left = float((self.residuals**2).sum()) - along**2
        spread = 0.0 if left <= _tiny(self.residuals, self.scale) else math.sqrt(left / self.df)
        return student(along / float(self.lengths[row]), spread / float(self.lengths[row]), self.df, level)

    def shuffled_p(self, rows: Sequence[int], at: int, rng: np.random.Generator) -> float:
        """(b+1)/(B+1), twice: shuffles within strata whose largest shift in the direction of that of ``at`` is as large."""
        sign = math.copysign(1.0, float(self.windows[at] @ self.residuals))
        n = self.residuals.size
        observed = sign * float(self.windows[at] @ self.residuals) - ROUNDING * n * self.scale
        n_shuffles = max(FEWEST_SHUFFLES, min(SHUFFLES, MOST_VALUES // n))
        n_as_large, left = 0, n_shuffles
        while left:
            many = min(left, max(1, _BLOCK // n))
            shuffled = np.empty((many, n))
            for place in self.strata:
                shuffled[:, place] = rng.permuted(np.broadcast_to(self.residuals[place], (many, place.size)), axis=1)
            n_as_large += int(((sign * shuffled @ self.windows[list(rows)].T).max(axis=1) >= observed).sum())
            left -= many
        return min(1.0, 2 * (n_as_large + 1) / (n_shuffles + 1))

    def n_beside(self, n_inside: int) -> int:
        """Values outside of a window in the strata that have values in it."""
        first = self.residuals.size - n_inside
        return sum(int((place < first).sum()) for place in self.strata if (place >= first).any())


_BLOCK = 2_000_000
"""Numbers that are shuffled at a time."""
_SMALL = 1e-9


def _tiny(values: Array, scale: float) -> float:
    return values.size * (NEGLIGIBLE * scale) ** 2


def _shift(
    periods: Sequence[Sequence[Unit]],
    rng_for: Callable[[str], np.random.Generator],
    alpha: float,
    scale: tuple[float, float] | None,
) -> Shift:
    units, sizes = [unit for period in periods for unit in period], [len(period) for period in periods]
    windows = [k for k in WINDOWS if len(periods) - k >= max(FEWEST_PERIODS - 1, k - 1)]
    predicted = _prediction(units, sizes[-1], scale)
    if not windows:
        return predicted or Shift(0, sizes[-1], len(units) - sizes[-1])
    design = _Design.of(units, sizes, windows)
    n_inside = [sum(sizes[-window:]) for window in windows]
    telling = [
        row
        for row, n in enumerate(n_inside)
        if design.lengths[row] > _SMALL and design.df > 0 and 2 / design.n_arrangements(n) <= alpha / 2
    ]
    if not telling:
        return predicted or Shift(0, sizes[-1], len(units) - sizes[-1])
    share = 1.0 if 0 in telling or predicted is None else 1 - PREDICTION_SHARE
    level = 1 - alpha * share / len(telling)
    estimates = {row: design.estimate(row, level) for row in telling}
    exact = [row for row in telling if estimates[row].se == 0]
    varies = not exact
    at = exact[0] if exact else max(telling, key=lambda row: (abs(estimates[row].t), -row))
    largest = estimates[at]
    found = Shift(
        windows[at],
        n_inside[at],
        design.n_beside(n_inside[at]),
        largest if varies else None,
        largest.value,
        n_windows=len(telling),
        newest=design.estimate(0, level) if varies and design.lengths[0] > _SMALL else None,
        autocorrelated=_leans(design.residuals[: -n_inside[at]], design.scale),
    )
    if not varies:
        return predicted if predicted is not None and predicted.p is not None else found
    if share < 1 and predicted is not None and predicted.is_alarm:
        return predicted
    p = min(1.0, largest.p * len(telling) / share)
    shuffled = 0.0
    if p <= FAR_FROM_ALARM:
        shuffled = min(1.0, design.shuffled_p(telling, at, rng_for(f"shift of {len(units)} values")) / share)
    return replace(found, p=p, p_shuffled=shuffled)


def _prediction(units: Sequence[Unit], n_now: int, scale: tuple[float, float] | None) -> Shift | None:
    """The mean of the newest values against where it was expected from all before."""
    before, now = units[:-n_now], units[-n_now:]
    if len(before) < FEWEST_EARLIER:
        return None
    values, new = [unit.value for unit in before], [unit.value for unit in now]
    center = mean(values)
    leans = _leans(np.asarray(values) - center, magnitude(np.asarray(values)))
    plain = Shift(1, n_now, len(before), change=mean(new) - center, is_prediction=True, autocorrelated=leans)
    expected = prediction(values, new, scale, 1 - ALERT_ALPHA)
    if expected is None:
        return plain
    estimate = student(plain.change, expected.plain.se, expected.plain.df, 1 - ALERT_ALPHA)
    is_wider = (expected.low, expected.high) != (expected.plain.low, expected.plain.high)
    newest = None if is_wider else estimate  # what a t test would find is not what this interval finds
    return replace(plain, expected=(expected.low, expected.high), estimate=estimate, newest=newest, p=expected.p)


def _leans(residuals: Array, scale: float) -> bool:
    """Whether the lag-1 autocorrelation of values in time order is above one half."""
    centred = residuals - residuals.mean()
    total = float(centred @ centred)
    if residuals.size < FEWEST_FOR_AUTOCORRELATION or total <= _tiny(residuals, scale):
        return False
    return float(centred[:-1] @ centred[1:]) > AUTOCORRELATED * total

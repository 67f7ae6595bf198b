"""From values to a range and a handful of ticks with words.

Screen and paper get the same range; paper gets these ticks too. Ticks stand on round numbers (1, 2, 5 times a power of
ten; round times and durations for those), at most as many as fit, and share their number of decimals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal

from reportgen.charts.text import width_of
from reportgen.charts.theme import TICK_SIZE
from reportgen.formats import moment
from reportgen.locales import UTC_NAME, locale
from reportgen.model import Axis, Format
from reportgen.words import Words

_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_MS, _LAST_MS = -62_135_596_800_000, 253_402_300_799_000
"""The years 1 to 9999: what a calendar can print."""

_DURATIONS = (
    *(m * 10.0**e for e in range(-6, 0) for m in (1, 2, 5)),
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200),
    *(86400.0 * d for d in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)),
)
_CLOCK_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
"""Seconds between ticks within a day."""
_DAY_STEPS = (1, 2, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000)

ScaleKind = Literal["linear", "log", "time", "category"]


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str
    """Lines are separated by newlines."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A drawn range with its ticks, in the units of the data (a log scale too)."""

    kind: ScaleKind
    format: Format
    low: float
    high: float
    ticks: tuple[Tick, ...]

    def share(self, value: float) -> float:
        """Where ``value`` lies: 0 at ``low``, 1 at ``high``."""
        if self.kind == "log":
            return (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        return (value - self.low) / (self.high - self.low)


def scale_of(
    axis: Axis, values: Iterable[float], length: float, *, along: Literal["x", "y"], zero: bool = False, pad: float = 0.05
) -> Scale:
    """The scale of a numeric or time axis that is ``length`` px long and shows all ``values``.

    ``zero`` takes the zero line in (bars start there). The axis' own ``low`` and ``high`` win.
    """
    seen = [v for v in values if math.isfinite(v)]
    given = [v for v in (axis.low, axis.high) if v is not None]
    if not all(math.isfinite(v) and abs(v) <= 1e300 for v in given):
        axis = replace(axis, low=None, high=None)
    kind: ScaleKind = axis.kind
    if kind == "time" and not all(_FIRST_MS <= v <= _LAST_MS for v in (*seen, *given)):
        kind = "linear"
    if kind == "log":
        low, high = _log_range(axis, [v for v in seen if v > 0], pad)
    else:
        seen = _some_time(seen) if kind == "time" else seen
        low, high = _linear_range(axis, seen, zero=zero, pad=pad)
    if kind == "time":
        low, high = max(low, float(_FIRST_MS)), min(high, float(_LAST_MS))
    return Scale(kind, axis.format, low, high, fitting_ticks(kind, axis.format, low, high, length, along))


def _some_time(seen: Sequence[float]) -> list[float]:
    """Times with at least a few seconds between the first and the last: a single one stands in the middle of a day."""
    if not seen:
        return [0.0, 86_400_000.0]
    low, high = min(seen), max(seen)
    room = 43_200_000.0 if low == high else 5000.0 if high - low < 10_000 else 0.0
    return [low - room, high + room]


def _linear_range(axis: Axis, seen: Sequence[float], *, zero: bool, pad: float) -> tuple[float, float]:
    low, high = (min(seen), max(seen)) if seen else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= max(abs(low), abs(high), 1e-290) * 1e-11:  # nothing a double could put ticks on
        low = high = (low + high) / 2 if abs(low) > 1e-290 else 0.0
        room = abs(low) * 0.05 or 1.0
        low, high = low - room, high + room
    span = high - low
    # A range that begins just above zero begins at zero, and zero itself needs no room below it.
    bottom = 0.0 if 0 <= low < (0.15 * span if pad else 0) or (zero and low == 0) else low - pad * span
    top = 0.0 if zero and high == 0 else high + pad * span
    low, high = (axis.low if axis.low is not None else bottom), (axis.high if axis.high is not None else top)
    return (low, high) if high - low > 1e-290 else (bottom, top)


def _log_range(axis: Axis, seen: Sequence[float], pad: float) -> tuple[float, float]:
    exponents = [math.log10(max(v, 1e-290)) for v in seen] or [0.0, 1.0]
    low, high = min(exponents), max(exponents)
    room = pad * (high - low) or 0.3
    given_low = axis.low if axis.low is not None and axis.low > 0 else None
    given_high = axis.high if axis.high is not None and axis.high > 0 else None
    bottom, top = _power(low - room), _power(high + room)
    first, last = given_low or bottom, given_high or top
    return (first, last) if first < last else (bottom, top)


def _power(exponent: float) -> float:
    return float(10.0 ** min(max(exponent, -300.0), 300.0))


def fitting_ticks(
    kind: ScaleKind, format: Format, low: float, high: float, length: float, along: Literal["x", "y"]
) -> tuple[Tick, ...]:
    """As many ticks (six at most) as stand side by side on ``length`` px."""
    most = max(2, min(6, int(length / (36 if along == "y" else 62))))
    best: tuple[Tick, ...] = ()
    for n in range(most, 0, -1):
        best = ticks_between(kind, format, low, high, n)
        if along == "y" or _room_used(best) <= length:
            break
    return best


def _room_used(ticks: Sequence[Tick]) -> float:
    return max((width_of(t.text, TICK_SIZE) + 16 for t in ticks), default=0.0) * len(ticks)


def ticks_between(kind: ScaleKind, format: Format, low: float, high: float, n: int) -> tuple[Tick, ...]:
    """At most ``n`` ticks inside ``low`` … ``high`` (a log axis may have one more)."""
    if kind == "time":
        return _time_ticks(low, high, n)
    if kind == "log":
        return _log_ticks(format, low, high, n)
    if format == "duration":
        step = _first_step(_DURATIONS, (high - low) / n, low, high, n)
        return tuple(Tick(at, _duration_words(at)) for at in _multiples(low, high, step))
    places = _round_places(low, high, n, whole=format == "integer")
    if len(places) < 2:
        places = _round_places(low, high, max(n, 2))
    return tuple(Tick(at, text) for at, text in zip(places, numbers_alike(places, format), strict=True))


def _round_places(low: float, high: float, n: int, *, whole: bool = False) -> list[float]:
    span = high - low
    exponent = math.floor(math.log10(span / max(n, 1)))
    if whole and exponent < 0:
        return list(_multiples(low, high, 1.0))
    for power in range(exponent, exponent + 3):
        for step in (1.0, 2.0, 5.0) if whole else (1.0, 2.0, 2.5, 5.0):
            places = list(_multiples(low, high, step * 10.0**power))
            if len(places) <= max(n, 1):
                return places
    return []


def _multiples(low: float, high: float, step: float) -> Iterator[float]:
    """Multiples of ``step`` inside the range, with a hair of tolerance for rounding at its ends."""
    hair = (high - low) * 1e-9
    decimals = max(0, 2 - math.floor(math.log10(step)))
    first = math.ceil((low - hair) / step)
    for k in range(first, math.floor((high + hair) / step) + 1):
        yield round(k * step, decimals) if decimals < 300 else k * step


def _first_step(steps: Sequence[float], wanted: float, low: float, high: float, n: int) -> float:
    for step in steps:
        if step > wanted * 0.4 and len(list(_multiples(low, high, step))) <= n:
            return step
    return 10.0 ** math.ceil(math.log10(wanted / 86400)) * 86400


def numbers_alike(values: Sequence[float], format: Format) -> list[str]:
    """Tick texts with one unit and one number of decimals for all of ``values``."""
    steps = [b - a for a, b in pairwise(values)] or [abs(v) for v in values if v] or [1.0]
    step, top = min(steps), max((abs(v) for v in values), default=0.0)
    if format in ("percent", "percent_change") and step >= 1e-8 and top < 1e12:
        return [_signed_like(f"{_fixed(v * 100, step * 100)}{_NARROW_SPACE}%", v, format) for v in values]
    if format in ("percent", "percent_change"):
        return [f"{text}{_NARROW_SPACE}%" for text in numbers_alike([v * 100 for v in values], "number")]
    if format == "bytes" and step >= 0.01 and top < 1e18:
        divisor, unit = next(((d, u) for d, u in _BYTES if top >= d), (1.0, "B"))
        return [f"{_fixed(v / divisor, step / divisor)} {unit}" if v else "0" for v in values]
    if top and (top < 1e-3 or top >= 1e15):
        digits = min(max(math.ceil(math.log10(top / step) - 1e-9) + 2, 3), 12)
        return [_signed_like(_scientific(v, digits), v, format) for v in values]
    divisor, unit = next(((d, u) for d, u in _THOUSANDS if top >= (1e4 if u == "k" else d) and step >= d / 100), (1.0, ""))
    return [_signed_like(f"{_fixed(v / divisor, step / divisor)}{unit}" if v else "0", v, format) for v in values]


_THOUSANDS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_BYTES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def _fixed(value: float, step: float) -> str:
    """``value`` with as many decimals as ``step`` has significant ones."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    if step > 0 and abs(step * 10.0**decimals - round(step * 10.0**decimals)) > 1e-6:  # steps of 2.5
        decimals += 1
    text = f"{value:,.{min(decimals, 12)}f}"
    return _MINUS + text[1:] if text.startswith("-") else text


def _signed_like(text: str, value: float, format: Format) -> str:
    return f"+{text}" if format in ("change", "percent_change") and value > 0 else text


def _scientific(value: float, digits: int = 3) -> str:
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)) + 1e-9)
    factor = f"{value / 10.0**exponent:.{digits}g}" if exponent > -300 else "0"
    power = "10" + str(exponent).translate(_SUPERSCRIPT)
    sign = _MINUS if value < 0 else ""
    factor = factor.lstrip("-")
    if exponent == 0:
        return f"{sign}{factor}"
    return f"{sign}{power}" if factor == "1" else f"{sign}{factor}×{power}"


def _log_ticks(format: Format, low: float, high: float, n: int) -> tuple[Tick, ...]:
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    decades = last - first + 1
    if decades >= 3 or (decades >= 2 and n <= 3):
        every = math.ceil(decades / n)
        return _log_words([_power(e) for e in range(first, last + 1) if (last - e) % every == 0], format)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        places = [f * _power(e) for e in range(first - 1, last + 1) for f in factors]
        places = [v for v in places if low * 0.999999 <= v <= high * 1.000001]
        if 2 <= len(places) <= n + 1:
            return _log_words(places, format)
    # Too short for decades: the ticks of a linear axis, all above zero.
    places = [v for v in _round_places(low, high, n) if v > 0]
    return tuple(Tick(v, text) for v, text in zip(places, numbers_alike(places, format), strict=True))


def _log_words(places: Sequence[float], format: Format) -> tuple[Tick, ...]:
    """ "0.001", "100", "10k"; powers of ten for all as soon as one of them needs it."""
    if format == "duration":
        texts = [_duration_words(v) for v in places]
    elif format in ("percent", "percent_change", "bytes"):
        texts = [numbers_alike([v], format)[0] for v in places]
    elif all(0.0009 < v < 1e7 for v in places):
        texts = [f"{v:,.6f}".rstrip("0").rstrip(".") if v < 1e4 else numbers_alike([v], "number")[0] for v in places]
    else:
        texts = [_scientific(v) for v in places]
    return tuple(Tick(v, text) for v, text in zip(places, texts, strict=True))


def _duration_words(seconds: float) -> str:
    if seconds == 0:
        return "0"
    sign, size = (_MINUS, -seconds) if seconds < 0 else ("", seconds)
    for unit, name, finer, small in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if size >= unit:
            whole, rest = divmod(round(size), unit)
            return f"{sign}{whole:,} {name}" + (f" {rest // finer} {small}" if rest >= finer else "")
    for unit_size, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if size >= unit_size * 0.999:
            return f"{sign}{size / unit_size:.3g} {name}"
    return f"{sign}{size:.1e} s"


# --- time -----------------------------------------------------------------------------------------------------------


def _time_ticks(low: float, high: float, n: int) -> tuple[Tick, ...]:
    """Ticks on round times of the report's clock. The second line, where the day or the year begins anew, says which."""
    start = moment(int(low))
    ahead = locale().at(start).utcoffset() if start is not None and locale().zone != UTC_NAME else None
    shift = (ahead or timedelta()) / timedelta(milliseconds=1)
    low, high = low + shift, high + shift
    places = [ms for ms in _time_places(low, high, n) if low <= ms <= high]
    moments = [m for m in (moment(ms) for ms in places) if m is not None]
    step = min((b - a for a, b in pairwise(places)), default=86_400_000)
    texts = _time_texts(moments, step)
    return tuple(Tick(float(ms) - shift, text) for ms, text in zip(places, texts, strict=False))


def _time_places(low: float, high: float, n: int) -> list[int]:
    wanted = (high - low) / 1000 / max(n, 1)
    for step in _CLOCK_STEPS:
        if step >= wanted * 0.8 and high - low <= step * 1000 * (n + 1):
            return [round(v) for v in _multiples(low, high, step * 1000.0)][: n + 1]
    for days in _DAY_STEPS:
        if days * 86400 >= wanted * 0.8:
            # Weeks begin on Mondays; 1970-01-05 was one.
            return [round(v) + 4 * 86_400_000 for v in _multiples(low - 345_600_000, high - 345_600_000, days * 86_400_000.0)]
    for months in _MONTH_STEPS:
        if months * 30.44 * 86400 >= wanted * 0.8:
            return _month_places(low, high, months)
    return [round(low)]


def _month_places(low: float, high: float, step: int) -> list[int]:
    first, last = moment(int(low)), moment(int(high))
    if first is None or last is None:
        return []
    start = (first.year * 12 + first.month - 1) // step * step
    months = range(start, last.year * 12 + last.month, step)
    starts = [datetime(m // 12, m % 12 + 1, 1, tzinfo=UTC) for m in months if 1 <= m // 12 <= 9999]
    return [(at - _EPOCH) // timedelta(milliseconds=1) for at in starts]


def _time_texts(moments: Sequence[datetime], step: float) -> list[str]:
    say, texts, before = Words(), [], ""
    for at in moments:
        day, year = say("drawing-day", day=str(at.day), month=at.month), say("drawing-year", year=str(at.year))
        if step < 86_400_000:
            clock = f"{at:%H:%M}" if step >= 60_000 else f"{at:%H:%M:%S}"
            fine, coarse = clock, day
        elif step < 27 * 86_400_000:
            fine, coarse = day, year
        elif step < 360 * 86_400_000:
            fine, coarse = say("drawing-month", month=at.month), year
        else:
            fine, coarse = year, ""
        texts.append(f"{fine}\n{coarse}" if coarse != before and coarse else fine)
        before = coarse
    return texts

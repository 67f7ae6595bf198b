"""Values to text, once for every medium.

``text_of(value, format, digits)`` is the only way from a value to what a reader sees, in tables, tiles, sentences,
chart labels and Markdown alike; so a number cannot be rounded two ways in two outputs. Missing is "—", NaN is "NaN",
infinities are "∞" and "−∞"; a thin minus sign (U+2212) is used for reading, never in data files.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from reportgen.locales import locale
from reportgen.model import Format, Goal, Interval, RunLink, Scalar

MISSING = "—"
_MINUS = "\N{MINUS SIGN}"
_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
# Characters that change how their neighbours are drawn (bidi controls, zero width, C0/C1, surrogates) become visible.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)


def text_of(value: Scalar, format: Format = "text", digits: int | None = None) -> str:
    """What a reader sees for ``value``. Unknown combinations fall back to the plain text of the value."""
    if value is None:
        return MISSING
    if isinstance(value, RunLink):
        return visible(value.name or value.run_id[:8])
    if isinstance(value, Interval):
        return _interval(value, format, digits)
    if isinstance(value, datetime):
        return f"{locale().at(value):%Y-%m-%d}" if format == "date" else f"{clock_text(value)} {zone_text()}"
    if isinstance(value, bool):
        return locale().words.yes if value else locale().words.no
    if isinstance(value, int | float):
        return _quantity(value, format, digits)
    if format == "goal":
        return goal_words(value)
    return visible(value)


def clock_text(at: datetime) -> str:
    """Day and minute by the report's clock; ``zone_text`` says whose it is."""
    return f"{locale().at(at):%Y-%m-%d %H:%M}"


def zone_text() -> str:
    """The report's time zone as a reader knows it: "UTC", "Asia/Shanghai"."""
    return locale().zone


def _quantity(value: float, format: Format, digits: int | None) -> str:
    if not math.isfinite(value):
        return non_finite(value)
    match format:
        case "integer":
            return _signed(f"{round(value):,}")
        case "percent":
            return percent(value, digits)
        case "change":
            return signed(number(abs(value), digits, least=0), value)
        case "percent_change":
            return signed(percent(abs(value), digits), value)
        case "points":
            return f"{signed(number(abs(value) * 100, digits, least=0), value)} pp"
        case "p":
            return p_value(value)
        case "duration":
            return duration(value)
        case "bytes":
            return n_bytes(value)
        case "text" | "code" if isinstance(value, int):
            return str(value)
        case _:
            return number(value, digits)


def number(value: float, digits: int | None = None, *, least: int = 1) -> str:
    """``value`` with ``digits`` decimals, or with four significant ones when ``digits`` is None; see ``_places``."""
    if not math.isfinite(value):
        return non_finite(value)
    if digits is not None:
        places = _places(value, digits, 1.0, least)
        if value != 0 and (abs(value) >= 1e9 or abs(value) < 10.0**-places / 2):
            return _signed(f"{value:.3e}")  # never print a value that is not zero as 0.000
        text = f"{value:,.{places}f}"
    elif value == 0:
        return "0"
    elif abs(value) >= 1e9 or abs(value) < 1e-4:
        text = f"{value:.3e}"
    elif float(value).is_integer():
        text = f"{value:,.0f}"
    else:
        text = f"{value:,.{_places(value, max(0, 3 - math.floor(math.log10(abs(value)))), 1.0)}f}"
    return _signed(text)


_MOST_PLACES = 12


def _places(value: float, digits: int, whole: float, least: int = 0) -> int:
    """``digits`` decimals, or as many more as ``value`` needs not to mislead.

    0.99996 is not "1.0000": ``whole`` (1, or 100 of percentages) is printed of nothing else. 1.0968 is not "1": values from 1 to 10
    that are not whole have ``least`` decimals at least.
    """
    size = abs(value)
    if math.isclose(size, whole, rel_tol=1e-12):
        return digits
    digits = max(digits, least) if least and 1 < size < 10 and size % 1 else digits
    return next((places for places in range(digits, _MOST_PLACES) if float(f"{size:.{places}f}") != whole), _MOST_PLACES)


def percent(value: float, digits: int | None = None) -> str:
    """0.123 -> "12.3 %"; never 0 % or 100 % unless it is exactly so."""
    if not math.isfinite(value):
        return non_finite(value)
    shown = value * 100
    places = _places(shown, 1 if digits is None else digits, 100.0)
    text = f"{shown:,.{places}f}" if shown == 0 or abs(shown) >= 10.0**-places / 2 else f"{shown:.3g}"
    return f"{_signed(text)}{_NARROW_SPACE}%"


def p_value(value: float) -> str:
    """ "<0.001", else two significant digits, or as many as tell it from 0.05; "0.000" never appears."""
    if not math.isfinite(value):
        return non_finite(value)
    return "<0.001" if value < 0.001 else p_beside(value, 0.05)


def p_beside(value: float, level: float) -> str:
    """Two significant digits of a p, or up to six where fewer would hide on which side of ``level`` it lies."""
    if value < 1e-15:
        return "<1e-15"
    texts = [f"{value:.{digits}g}" for digits in range(2, 7)]
    return next(
        (text for text in texts if (float(text) <= level) == (value <= level) and (float(text) != level or value == level)),
        texts[-1],
    )


def duration(seconds: float) -> str:
    """Two units at most: "340 ms", "12.4 s", "2 min 3 s", "5 h 12 min", "3 d 4 h"."""
    if not math.isfinite(seconds):
        return non_finite(seconds)
    sign, seconds = (_MINUS, -seconds) if seconds < 0 else ("", seconds)
    if seconds < 1:
        return f"{sign}{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{sign}{seconds:.1f} s" if seconds < 59.95 else f"{sign}1 min"
    total = round(seconds)
    for limit, big, unit, small, name in (
        (3600, 60, "min", 1, "s"),
        (86400, 3600, "h", 60, "min"),
        (math.inf, 86400, "d", 3600, "h"),
    ):
        if total < limit:
            rest = total % big // small
            return f"{sign}{total // big} {unit}" + (f" {rest} {name}" if rest else "")
    raise AssertionError("unreachable")


def n_bytes(value: float) -> str:
    """Decimal units: "1.2 MB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(value) < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:,.1f} TB"


def signed(text: str, value: float) -> str:
    """``text`` (of the absolute value) with the sign of ``value``."""
    return f"+{text}" if value > 0 else f"{_MINUS}{text}" if value < 0 else text


def non_finite(value: float) -> str:
    return "NaN" if math.isnan(value) else "∞" if value > 0 else f"{_MINUS}∞"


def goal_words(goal: str) -> str:
    words = locale().words
    return {"maximize": words.higher, "minimize": words.lower}.get(goal, words.no_direction)


def goal_arrow(goal: Goal) -> str:
    return {"maximize": "↑", "minimize": "↓", "none": ""}[goal]


def _interval(value: Interval, format: Format, digits: int | None) -> str:
    numbers = [v for v in (value.value, value.low, value.high) if v is not None and math.isfinite(v)]
    percentage = format in ("percent", "percent_change")
    places = digits if digits is not None else shared_digits(numbers)
    scale = 100.0 if percentage else 1.0  # the three numbers get the decimals of the one that needs most
    places = max((_places(v * scale, places, scale, 0 if percentage else 1) for v in numbers), default=places)

    def one(x: float | None) -> str:
        if x is None:
            return MISSING
        if format in ("change", "percent_change"):  # an interval of a difference: every number with its sign
            return _quantity(x, format, places)
        return percent(x, places) if percentage else number(x, places)

    if format == "interval":
        return MISSING if value.low is None else locale().words.range.format(low=one(value.low), high=one(value.high))
    if value.low is None:
        return one(value.value)
    return f"{one(value.value)} [{one(value.low)}, {one(value.high)}]"


def shared_digits(values: Iterable[float], significant: int = 4, most: int = 6) -> int:
    """How many decimals a column needs so that its typical value shows ``significant`` digits.

    Integers need none; the median magnitude decides, so that one tiny value does not stretch the whole column.
    """
    sizes = sorted(abs(v) for v in values if math.isfinite(v) and v != 0)
    if not sizes or all(float(v).is_integer() for v in sizes):
        return 0
    middle = sizes[len(sizes) // 2]
    return max(0, min(most, significant - 1 - math.floor(math.log10(middle))))


def telling_digits(values: Iterable[float], digits: int, more: int = 4) -> int:
    """The fewest decimals from ``digits`` on with which different ``values`` look different; with more of the first ones of them.

    ``values`` are in the order of their importance. Those that agree to nine significant digits are one value. Where ``more``
    decimals do not tell all of them apart, the first five, three or two count.
    """
    kept = list(dict.fromkeys(float(f"{value:.9g}") for value in values if math.isfinite(value)))
    for first in dict.fromkeys((len(kept), 5, 3, 2)):
        some = kept[:first]
        for places in range(digits, min(digits + more, 9) + 1):
            if len({f"{value:.{places}f}" for value in some}) == len(some):
                return places
    return digits


def own_digits(value: float, format: Format) -> int | None:
    """The decimals that ``value`` was written with: 0.9 is "0.9", not "0.9000"; None for very large and small ones."""
    text = repr(float(value))
    if "e" in text:
        return None
    n = len(text.partition(".")[2].rstrip("0"))
    return max(0, n - 2) if format == "percent" else n


def agreeing_digits(threes: Iterable[tuple[float, float, float]], digits: int, least: int, more: int = 2) -> int:
    """Decimals with which every printed difference equals the difference of the printed values; ``digits`` where none do.

    0.9709 against 0.9667 is no difference of 0.0043; 0.97093 against 0.96667 is one of 0.00426. Tried are ``digits``, fewer down to
    ``least``, then up to ``more`` above.
    """
    known = [three for three in threes if all(map(math.isfinite, three))]

    def agree(places: int) -> bool:
        return all(abs(round(b, places) - round(a, places) - round(delta, places)) < 10.0**-places / 2 for a, b, delta in known)

    tried = (digits, *range(digits - 1, least - 1, -1), *range(digits + 1, digits + more + 1))
    return next((places for places in tried if agree(places)), digits)


def visible(text: str) -> str:
    """``text`` with control, bidi, zero-width and surrogate characters as visible escapes; newlines and tabs stay."""
    return _INVISIBLE.sub(lambda m: f"\\u{{{ord(m[0]):x}}}", text)


def one_line(text: str, most: int = 120) -> str:
    """``visible(text)`` on one line, with an ellipsis when it is longer than ``most`` characters; never inside a number."""
    line = " ".join(visible(text).split())
    return line if len(line) <= most else line[: before_number(line, most - 1)].rstrip() + "…"


_NUMBER = re.compile(r"[-+]?\d[\d.,]*(?:[eE][-+]?\d+)?")
_LONGEST_NUMBER = 26
"""Longer digits are no number that is read as one."""


def before_number(line: str, at: int) -> int:
    """``at``, or where the number begins that a cut at ``at`` would halve; a number at the beginning of the line is cut."""
    found = next((m for m in _NUMBER.finditer(line) if m.start() < at < m.end()), None)
    return found.start() if found and found.start() and found.end() - found.start() <= _LONGEST_NUMBER else at


def after_number(line: str, at: int) -> int:
    """``at``, or where the number ends that a line which begins at ``at`` would halve."""
    found = next((m for m in _NUMBER.finditer(line) if m.start() < at < m.end()), None)
    return found.end() if found and found.end() < len(line) and found.end() - found.start() <= _LONGEST_NUMBER else at


_MOST_DIGITS_WITHOUT_NOISE = 9
_FLOAT = re.compile(r"[-+]?\d+\.\d+(?:[eE][-+]?\d+)?")


def without_noise(text: str) -> str:
    """The text of a logged number without the noise of binary fractions: ``-123.56019999999999`` is ``-123.5602``.

    Everything else is returned as it was logged: ``1e-3``, ``0.10``, and numbers that have seventeen digits of their own.
    """
    if len(text) < 16 or not _FLOAT.fullmatch(text):
        return text
    short = f"{float(text):.13g}"
    n_digits = sum(map(str.isdigit, short.partition("e")[0].lstrip("-0.")))
    return short if n_digits <= _MOST_DIGITS_WITHOUT_NOISE and "inf" not in short else text


def plural(n: int, noun: str, nouns: str | None = None) -> str:
    """ "1 run", "1,204 runs"."""
    return f"{n:,} {noun if n == 1 else nouns or noun + 's'}"


def listed(items: Iterable[str], most: int = 6) -> str:
    """ "a, b and c"; with more than ``most`` the rest is counted."""
    names = list(items)
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "none"


def slug(text: str, most: int = 48) -> str:
    """An id and file name made from ``text``: ``[a-z0-9-]`` plus ten hex digits of the exact text's SHA-256.

    Two texts that differ only in case, accents or punctuation get different slugs; the same text always the same.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].strip("-") or "x"
    return f"{words}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def moment(milliseconds: int | None) -> datetime | None:
    """Milliseconds since the epoch as a UTC time; None for missing and for values no calendar holds."""
    if milliseconds is None:
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def _signed(text: str) -> str:
    return _MINUS + text[1:] if text.startswith("-") else text

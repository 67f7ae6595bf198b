"""Values of a metric and their differences as every table and sentence prints them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from reportgen.analyze.metrics import Metric
from reportgen.formats import one_line, text_of
from reportgen.model import Format
from reportgen.words.catalogue import Say


def label_of(metric: Metric) -> str:
    return one_line(metric.label, 60)


def value_words(metric: Metric, value: float | None, digits: int | None = None) -> str:
    """A value of ``metric`` as every table prints it."""
    return text_of(value, metric.format, metric.digits if digits is None else digits)


def change_format(metric: Metric) -> Format:
    """The format of a difference between two values of ``metric``."""
    formats: dict[Format, Format] = {"percent": "points", "duration": "duration", "bytes": "bytes"}
    return formats.get(metric.format, "change")


def change_unit(metric: Metric, say: Say) -> str:
    """What a difference of percentages is counted in."""
    return say("quantities-points") if metric.format == "percent" else ""


def change_words(metric: Metric, delta: float | None, digits: int | None = None) -> str:
    """A difference with its sign; of percentages in points."""
    return text_of(delta, change_format(metric), metric.digits if digits is None else digits)


def change_range(metric: Metric, low: float | None, high: float | None, digits: int | None = None, *, say: Say) -> str:
    """An interval of a difference, its unit said once: "+3.77 to +5.38 pp"."""
    unit = say("quantities-pp") if metric.format == "percent" else ""
    return say(
        "quantities-to",
        removesuffix=change_words(metric, low, digits).removesuffix(unit),
        change=change_words(metric, high, digits),
    )


def digits_with(metric: Metric, widths: Iterable[float | None], most: int = 4) -> int:
    """Decimals that show two significant digits of the narrowest of ``widths`` (half intervals, sds, differences).

    At least the metric's own, at most ``most`` more; exactly the metric's own when the config gives them.
    """
    factor = 100 if metric.format == "percent" else 1
    sizes = [abs(width) * factor for width in widths if width and math.isfinite(width)]
    if metric.digits_given or not sizes:
        return metric.digits
    wanted = max(1 - math.floor(math.log10(size)) for size in sizes)
    return max(metric.digits, min(wanted, metric.digits + most, 12))


def estimate_format(metric: Metric) -> Format:
    """The format of a mean with its interval."""
    return "percent" if metric.format == "percent" else "estimate"

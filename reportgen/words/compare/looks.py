"""Repeated looks at one comparison: which look this is and what it asks for, or what looks without a plan do to the error."""

from __future__ import annotations

from reportgen.analyze.compare.interim_looks import MOST_LOOKS, Look
from reportgen.analyze.methods.samples import ALPHA
from reportgen.formats import text_of


def look_words(look: Look, *, paired: bool = False) -> str:
    """Which look this is and what it asks for, e.g. beside a verdict."""
    unit = "pairs" if paired else "runs per group"
    if look.state == "beyond":
        return (
            f"{look.n:,} {unit} are more than the {look.n_planned:,} that were planned: the declared looks no longer keep the "
            f"error at {alpha_words(look.alpha)}; the last planned level is used."
        )
    return (
        f"Look {look.look} of {look.planned} ({look.n:,} of {look.n_planned:,} {unit} planned): a difference counts when p is at most "
        f"{text_of(look.level, 'number', 6 if look.level < 1e-4 else 4)} (Lan–DeMets, O'Brien–Fleming), and the interval has that level."
    )


def alpha_words(alpha: float) -> str:
    """ "5 %", "0.5 %"."""
    return text_of(alpha, "percent", next(n for n in range(12) if round(alpha * 100, n) == round(alpha * 100, 12)))


def repeated_looks_caveat(looks_before: int | None = None, alpha: float = ALPHA) -> str:
    """What a comparison without a plan must say when its report is made again and again over the same, growing runs.

    ``looks_before`` are the earlier reports of it; None when they are not known.
    """
    from reportgen.analyze.methods.sequential import naive_false_positive_rate

    if looks_before:
        look = looks_before + 1
        rate = naive_false_positive_rate(min(look, MOST_LOOKS), alpha=alpha)
        more = " or more" if look > MOST_LOOKS else ""
        return (
            f"Look {look:,}; not adjusted: the false-positive rate after {min(look, MOST_LOOKS)} looks{more} at equal steps is "
            f"{text_of(rate, 'percent', 0)}, not {alpha_words(alpha)}; that of a margin which is passed is about the same."
        )
    five, ten = (text_of(naive_false_positive_rate(n, alpha=alpha), "percent", 0) for n in (5, 10))
    return (
        f"Not adjusted for repeated looks at growing runs: equals are found different, or pass a margin wrongly, in {five} of cases after 5 "
        f"looks, {ten} after 10, not {alpha_words(alpha)}."
    )

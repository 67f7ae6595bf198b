"""Repeated looks at one comparison: which look this is and what it asks for, or what looks without a plan do to the error."""

from __future__ import annotations

from reportgen.analyze.compare.interim_looks import MOST_LOOKS, Look
from reportgen.analyze.methods.samples import ALPHA
from reportgen.formats import text_of
from reportgen.words.catalogue import Say


def look_words(look: Look, say: Say, *, paired: bool = False) -> str:
    """Which look this is and what it asks for, e.g. beside a verdict."""
    unit = say("looks-pairs", if_paired="yes" if paired else "no")
    if look.state == "beyond":
        return say(
            "looks-more-planned-declared-looks", n=look.n, unit=unit, n_planned=look.n_planned, alpha=alpha_words(look.alpha)
        )
    return say(
        "looks-look-planned-difference-counts",
        look=look.look,
        planned=look.planned,
        n=look.n,
        n_planned=look.n_planned,
        unit=unit,
        level=text_of(look.level, "number", 6 if look.level < 0.0001 else 4),
    )


def alpha_words(alpha: float) -> str:
    """ "5 %", "0.5 %"."""
    return text_of(alpha, "percent", next(n for n in range(12) if round(alpha * 100, n) == round(alpha * 100, 12)))


def repeated_looks_caveat(looks_before: int | None = None, alpha: float = ALPHA, *, say: Say) -> str:
    """What a comparison without a plan must say when its report is made again and again over the same, growing runs.

    ``looks_before`` are the earlier reports of it; None when they are not known.
    """
    from reportgen.analyze.methods.sequential import naive_false_positive_rate

    if looks_before:
        look = looks_before + 1
        rate = naive_false_positive_rate(min(look, MOST_LOOKS), alpha=alpha)
        more = say("looks-more") if look > MOST_LOOKS else ""
        return say(
            "looks-look-adjusted-false-positive",
            look=look,
            look_2=min(look, MOST_LOOKS),
            more=more,
            rate=text_of(rate, "percent", 0),
            alpha=alpha_words(alpha),
        )
    five, ten = (text_of(naive_false_positive_rate(n, alpha=alpha), "percent", 0) for n in (5, 10))
    return say("looks-adjusted-repeated-looks-growing", five=five, ten=ten, alpha=alpha_words(alpha))

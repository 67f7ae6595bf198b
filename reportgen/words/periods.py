"""What was compared over time: how many runs or periods stand on each side."""

from __future__ import annotations

from reportgen.analyze.regressions import Watched
from reportgen.formats import plural


def now_words(one: Watched) -> str:
    """ "6 runs of the last 2 periods"."""
    if one.n_pairs:
        return plural(one.n_pairs, "pair")
    if one.period_means:
        return "this period" if one.window == 1 else f"the last {one.window} periods with runs of it"
    n = plural(one.n_now, "run")
    return n if one.window == 1 else f"{n} of the last {one.window} periods with runs of it"


def before_words(one: Watched) -> str:
    """ "18 runs before"."""
    if one.period_means:
        return f"the means of {plural(one.n_before, 'earlier period')}, which differ by more than their runs do"
    return plural(one.n_before, "earlier run") if one.rung == "prediction_interval" else f"{plural(one.n_before, 'run')} before"


def both_words(one: Watched) -> str:
    """ "6 runs against 18 runs before"; of pairs their number."""
    return now_words(one) if one.n_pairs else f"{now_words(one)} against {before_words(one)}"


def luck_words(one: Watched) -> str:
    """ " Only 3 earlier periods: …" where what runs of one period share is not told from a change; begins with a space, "" elsewhere."""
    if not one.is_luck_unknown:
        return ""
    n = plural(one.n_earlier_periods, "earlier period")
    return f" Only {n}: a luck that the runs of one period share (machine, data, libraries) would look the same."

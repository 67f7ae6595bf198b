"""What was compared over time: how many runs or periods stand on each side."""

from __future__ import annotations

from reportgen.analyze.regressions import Watched
from reportgen.words.catalogue import Say


def now_words(one: Watched, say: Say) -> str:
    """ "6 runs of the last 2 periods"."""
    if one.n_pairs:
        return say("periods-n-pairs", n=one.n_pairs)
    if one.period_means:
        return say("periods-period") if one.window == 1 else say("periods-last-periods-runs", window=one.window)
    n = say("periods-n-runs", n=one.n_now)
    return n if one.window == 1 else say("periods-last-periods-runs-2", n=n, window=one.window)


def before_words(one: Watched, say: Say) -> str:
    """ "18 runs before"."""
    if one.period_means:
        return say("periods-means-earlier-periods-which", n=one.n_before)
    return (
        say("periods-n-earlier-runs", n=one.n_before)
        if one.rung == "prediction_interval"
        else say("periods-runs-before", n=one.n_before)
    )


def both_words(one: Watched, say: Say) -> str:
    """ "6 runs against 18 runs before"; of pairs their number."""
    return now_words(one, say) if one.n_pairs else say("periods-against", now=now_words(one, say), before=before_words(one, say))


def luck_words(one: Watched, say: Say) -> str:
    """ " Only 3 earlier periods: …" where what runs of one period share is not told from a change; begins with a space, "" elsewhere."""
    if not one.is_luck_unknown:
        return ""
    n = say("periods-n-earlier-periods", n=one.n_earlier_periods)
    return say("periods-only-luck-runs-period", n=n)

"""What a reader must know before believing a verdict; the most important first."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.pairing import Pairing
from reportgen.formats import one_line, p_beside, text_of
from reportgen.words.catalogue import Say
from reportgen.words.compare.likeness import split_text
from reportgen.words.compare.looks import look_words, repeated_looks_caveat
from reportgen.words.compare.runs import _plural_of, failed_words, partly_words, seeds_words
from reportgen.words.compare.subject import DifferenceWords
from reportgen.words.compare.terms import equation, group_name, kinds_words
from reportgen.words.compare.verdicts import power_words

FEW = 5
"""Runs in a group, or pairs, below which what they can show is said."""


def caveats_of(comparison: Comparison, words: DifferenceWords, *, brief: bool = False) -> tuple[str, ...]:
    """What a reader must know before believing the sentence; the most important first. ``brief``: without what the runs could
    have found, which the headline has."""
    d = words.d
    caveats: list[str] = design_caveats(words)
    if (
        not brief
        and d.reason == "tested"
        and d.is_shown is False
        and d.outcome == "unclear"
        and not d.is_doubted
        and d.power
        and d.power.detectable
    ):
        unit = words.say("caveats-pairs", if_pairing="yes" if d.pairing else "no")
        few = words.say("caveats-only-nothing-but-very", n_a=min(d.n_a, d.n_b), unit=unit) if min(d.n_a, d.n_b) < FEW else ""
        power = power_words(words)
        caveats.append(f"{few}{words.say.capital(power)}{needed_words(words)}")
    if d.outcome in ("equivalent", "not_worse") and min(d.n_a, d.n_b) < FEW:
        unit = words.say("caveats-pairs", if_pairing="yes" if d.pairing else "no")
        caveats.append(words.say("caveats-only-what-margin-decides", n_a=min(d.n_a, d.n_b), unit=unit))
    if (
        d.p_holm is not None
        and d.outcome in ("better", "worse")
        and d.low is not None
        and d.high is not None
        and d.low <= 0 <= d.high
    ):
        caveats.append(words.say("caveats-simultaneous-interval-includes-zero"))
    if d.is_unequal and not d.is_doubted:
        caveats.append(words.say("caveats-against-runs-skewed-values", n_b=d.n_b, n=d.n_a))
    if d.look is not None:
        caveats.append(look_words(d.look, words.say, paired=d.pairing is not None))
    elif comparison.looks_before and d.reason == "tested":
        caveats.append(repeated_looks_caveat(comparison.looks_before, d.alpha, say=words.say))
    if d.reason == "one_run" and (inside := sum(side.n_inside_parents for side in (words.a, words.b))):
        caveats.append(words.say("caveats-child-runs-inside-counted", inside=inside))
    if comparison.unpaired is not None:
        caveats.append(words.say("caveats-runs-could-paired-config", unpaired=one_line(comparison.unpaired, 60)))
    caveats += alike_caveats(_of_two(comparison, d), words.say, failures=not d.is_conditional)
    caveats += _pair_caveats(words)
    caveats += [one] if (one := one_seed_caveat(comparison, d, words.say)) else []
    if comparison.wanted_baseline is None:
        caveats.append(words.say("caveats-baseline-set-config-first", name_a=words.name_a))
    return tuple(caveats)


def needed_words(w: DifferenceWords) -> str:
    """ " For 0.010, half of it, about 14 runs in each group are needed; for one of the observed size, about 815."

    Of a test that showed nothing. How many runs the observed difference would need says little: it may be noise alone.
    """
    d = w.d
    if d.method == "corrected":
        return w.say("caveats-more-folds-splits-same")
    unit = w.say("caveats-pairs-2", if_pairing="yes" if d.pairing else "no")
    half, observed = (
        w.say("caveats-more-10-000") if n is None else w.say("caveats-about", n=n)
        for n in ((d.power.n_for_half, d.power.n_needed) if d.power else (None, None))
    )
    return w.say("caveats-half-needed-observed-size", half=half, unit=unit, observed=observed)


def _of_two(comparison: Comparison, d: Difference) -> Comparison:
    """``comparison`` as if only the two groups of ``d`` were in it: a verdict is not about the others."""
    labels = (d.baseline, d.group)
    alike = comparison.alike.of(labels) if comparison.alike is not None else None
    return replace(comparison, alike=alike, groups=tuple(group for group in comparison.groups if group.label in labels))


def _pair_caveats(words: DifferenceWords) -> list[str]:
    pairing = words.d.pairing
    if pairing is None:
        return []
    caveats = []
    if pairing.left_a or pairing.left_b:
        caveats.append(
            words.say(
                "caveats-runs-without-partner-left",
                n_left_b=len(pairing.left_b),
                name_b=words.name_b,
                n_left_a=len(pairing.left_a),
                name_a=words.name_a,
            )
        )
    if pairing.has_drawn_splits:
        caveats.append(split_caveat(pairing, words.say))
    elif words.d.reason == "tested" and not pairing.n_folds and pairing.repeats is not None:
        caveats.append(repeat_caveat(kinds_words([pairing.repeats], words.say), words.say))
    if words.d.method == "corrected" and pairing.n_folds:
        known = "" if pairing.share_logged else words.say("caveats-many-log-n-splits")
        caveats.append(words.say("caveats-fold-counts-parts-data", n_folds=pairing.n_folds, known=known))
    if pairing.averaged:
        caveats.append(words.say("caveats-where-several-runs-share"))
    return caveats


def repeat_caveat(what: str, say: Say) -> str:
    """What pairs by a seed say nothing of."""
    return say("caveats-interval-about-other-s", what=what)


def split_caveat(pairing: Pairing, say: Say) -> str:
    """What is assumed of splits that the seed draws."""
    assert pairing.test_share is not None
    share = text_of(pairing.test_share, "percent", 0)
    known = "" if pairing.share_logged else say("caveats-usual-log-test-size")
    return say("caveats-seed-also-draws-split", share=share, known=known)


def alike_caveats(comparison: Comparison, say: Say, *, failures: bool = True) -> list[str]:
    """Differences between the groups other than the one that is compared."""
    alike = comparison.alike
    if alike is None:
        return []
    caveats = [split_text(alike.split, say)] if alike.split and alike.split.is_mismatch else []
    if failures and alike.many_failed:
        caveats.append(say("caveats-more-20-runs-failed", x=say.listed([group_name(x) for x in alike.many_failed])))
    if alike.commits_mixed:
        names = say.listed([group_name(label) for label in alike.commits_mixed])
        caveats.append(say("caveats-runs-several-code-versions", names=names))
    elif alike.commits_differ:
        caveats.append(say("caveats-groups-ran-different-code"))
    if alike.hardware_differs:
        caveats.append(say("caveats-groups-ran-different-hardware"))
    if alike.datasets_differ:
        caveats.append(say("caveats-groups-logged-different-data"))
    if alike.steps_differ:
        caveats.append(say("caveats-runs-trained-different-numbers"))
    if any(group.n_unfinished for group in comparison.groups):
        n = sum(group.n_unfinished for group in comparison.groups)
        caveats.append(say("caveats-runs-finished-counted", n=n))
    if comparison.replicates and any(group.n_configurations > 1 for group in comparison.groups):
        caveats.append(say("caveats-runs-different-configurations-count"))
    return caveats


def design_caveats(w: DifferenceWords) -> list[str]:
    """The most important first: failures, seeds that only some runs share, seeds with several runs."""
    found = [success_words(w)] if w.d.is_conditional else []
    if w.d.partly is not None and w.d.reason == "tested":
        found.append(w.say("caveats-groups-ran-different", plural=_plural_of(w.d.partly, w.say), partly=partly_words(w)))
    return found + [
        w.say("caveats-in", name=name, seeds=seeds_words(side, w.say))
        for name, side in ((w.name_b, w.b), (w.name_a, w.a))
        if w.d.reason == "tested" and side.seeds
    ]


def one_seed_caveat(comparison: Comparison, d: Difference, say: Say) -> str:
    """Where every run of both groups has one seed, what the interval is of; "" elsewhere."""
    seeds = {group.only_seed for group in comparison.groups if group.label in (d.baseline, d.group)}
    (seed,) = seeds if len(seeds) == 1 else (None,)
    if seed is None or d.reason != "tested" or (d.pairing is not None and d.pairing.n_folds):
        return ""
    return say("caveats-every-run-seed-interval", seed=one_line(seed, 30))


def success_words(w: DifferenceWords) -> str:
    """The success rates against each other."""
    s = w.d.tested.success if w.d.tested else None
    if s is None:
        return ""
    mid, low, high = (text_of(x * 100, "change", 0) for x in (s.difference.value, s.difference.low, s.difference.high))
    p = p_beside(s.p, w.d.alpha)
    return w.say(
        "caveats-difference-success-pp-95",
        failed=failed_words(w.d, w.name_a, w.name_b, w.say),
        mid=mid,
        low=low,
        high=high,
        equation=equation(p),
    )

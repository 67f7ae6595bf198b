"""What a reader must know before believing a verdict; the most important first."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.pairing import Pairing
from reportgen.formats import listed, one_line, p_beside, plural, text_of
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
        unit = "pairs" if d.pairing else "runs in a group"
        few = (
            f"Only {min(d.n_a, d.n_b)} {unit}: nothing but very large effects are detectable. " if min(d.n_a, d.n_b) < FEW else ""
        )
        power = power_words(words)
        caveats.append(f"{few}{power[0].upper()}{power[1:]}.{needed_words(words)}")
    if d.outcome in ("equivalent", "not_worse") and min(d.n_a, d.n_b) < FEW:
        unit = "pairs" if d.pairing else "runs in a group"
        caveats.append(f"Only {min(d.n_a, d.n_b)} {unit}: what the margin decides rests on normal values.")
    if (
        d.p_holm is not None
        and d.outcome in ("better", "worse")
        and d.low is not None
        and d.high is not None
        and d.low <= 0 <= d.high
    ):
        caveats.append("The simultaneous interval includes zero: Bonferroni's intervals are wider than Holm's decision.")
    if d.is_unequal and not d.is_doubted:
        caveats.append(
            f"{d.n_b:,} against {plural(d.n_a, 'run')}: of skewed values the interval is too narrow, since the smaller group may not have seen "
            "their tail. Verdicts need the permutation test to agree, which holds then too."
        )
    if d.look is not None:
        caveats.append(look_words(d.look, paired=d.pairing is not None))
    elif comparison.looks_before and d.reason == "tested":
        caveats.append(repeated_looks_caveat(comparison.looks_before, d.alpha))
    if d.reason == "one_run" and (inside := sum(side.n_inside_parents for side in (words.a, words.b))):
        caveats.append(
            f"{plural(inside, 'child run')} inside the counted parents: children count as samples only where that is declared "
            f"(pair_by: params.fold, or the key that only they have)."
        )
    if comparison.unpaired is not None:
        caveats.append(f"The runs could not be paired by {one_line(comparison.unpaired, 60)}, as the config asks.")
    caveats += alike_caveats(_of_two(comparison, d), failures=not d.is_conditional)
    caveats += _pair_caveats(words)
    caveats += [one] if (one := one_seed_caveat(comparison, d)) else []
    if comparison.wanted_baseline is None:
        caveats.append(f"No baseline is set in the config: {words.name_a} is the first group by name.")
    return tuple(caveats)


def needed_words(w: DifferenceWords) -> str:
    """ " For 0.010, half of it, about 14 runs in each group are needed; for one of the observed size, about 815."

    Of a test that showed nothing. How many runs the observed difference would need says little: it may be noise alone.
    """
    d = w.d
    if d.method == "corrected":
        return " More folds or splits of the same data would not show a smaller one."
    unit, each = ("pair", "") if d.pairing else ("run", " in each group")
    half, observed = (
        "more than 10,000" if n is None else f"about {n:,}"
        for n in (d.power and d.power.n_for_half, d.power and d.power.n_needed)
    )
    return f" For half of that, {half} {unit}s{each} are needed; for one of the observed size, {observed}."


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
            f"Runs without a partner are left out: {len(pairing.left_b)} of {words.name_b}, {len(pairing.left_a)} of {words.name_a}."
        )
    if pairing.has_drawn_splits:
        caveats.append(split_caveat(pairing))
    elif words.d.reason == "tested" and not pairing.n_folds and pairing.repeats is not None:
        caveats.append(repeat_caveat(kinds_words([pairing.repeats])))
    if words.d.method == "corrected" and pairing.n_folds:
        known = "" if pairing.share_logged else " (as many as there are here; log n_splits where cross-validation is repeated)"
        caveats.append(
            f"Each fold counts as one of {pairing.n_folds} parts{known} of one data set; nothing is said of other data. The "
            "correction takes their differences to be near normal: rare bad folds make it too sure."
        )
    if pairing.averaged:
        caveats.append("Where several runs share a key, their mean stands for them.")
    return caveats


def repeat_caveat(what: str) -> str:
    """What pairs by a seed say nothing of."""
    return (
        f"The interval is about other {what}s on this data, not about other data. If the {what} also draws the split of the data, the interval "
        "is too narrow."
    )


def split_caveat(pairing: Pairing) -> str:
    """What is assumed of splits that the seed draws."""
    assert pairing.test_share is not None
    share = text_of(pairing.test_share, "percent", 0)
    known = "" if pairing.share_logged else " (as is usual; log test_size to have it exact)"
    return (
        "The seed also draws the split of the data, and splits share most of their rows. Test and interval are corrected for it (Nadeau and "
        f"Bengio), with test sets of {share} of the data{known}, which takes differences to be near normal."
    )


def alike_caveats(comparison: Comparison, *, failures: bool = True) -> list[str]:
    """Differences between the groups other than the one that is compared."""
    alike = comparison.alike
    if alike is None:
        return []
    caveats = [split_text(alike.split)] if alike.split and alike.split.is_mismatch else []
    if failures and alike.many_failed:
        caveats.append(
            f"More than 20 % of the runs failed or gave no finite value in {listed([group_name(x) for x in alike.many_failed])}: the "
            f"comparison is conditional on success."
        )
    if alike.commits_mixed:
        names = listed([group_name(label) for label in alike.commits_mixed])
        caveats.append(f"Runs of several code versions are mixed in {names}.")
    elif alike.commits_differ:
        caveats.append("The groups ran different code versions: if that is not what is compared, it may explain the difference.")
    if alike.hardware_differs:
        caveats.append("The groups ran on different hardware.")
    if alike.datasets_differ:
        caveats.append("The groups logged different data sets, so the difference may come from the data.")
    if alike.steps_differ:
        caveats.append("The runs were trained for different numbers of steps.")
    if any(group.n_unfinished for group in comparison.groups):
        n = sum(group.n_unfinished for group in comparison.groups)
        caveats.append(f"{plural(n, 'run')} not finished and not counted.")
    if comparison.replicates and any(group.n_configurations > 1 for group in comparison.groups):
        caveats.append("Runs of different configurations count as repeats (replicates: true), so the sd includes that spread.")
    return caveats


def design_caveats(w: DifferenceWords) -> list[str]:
    """The most important first: failures, seeds that only some runs share, seeds with several runs."""
    found = [success_words(w)] if w.d.is_conditional else []
    if w.d.partly is not None and w.d.reason == "tested":
        found.append(f"The groups ran different {_plural_of(w.d.partly)}: {partly_words(w)}")
    return found + [
        f"In {name} {seeds_words(side)}."
        for name, side in ((w.name_b, w.b), (w.name_a, w.a))
        if w.d.reason == "tested" and side.seeds
    ]


def one_seed_caveat(comparison: Comparison, d: Difference) -> str:
    """Where every run of both groups has one seed, what the interval is of; "" elsewhere."""
    seeds = {group.only_seed for group in comparison.groups if group.label in (d.baseline, d.group)}
    (seed,) = seeds if len(seeds) == 1 else (None,)
    if seed is None or d.reason != "tested" or (d.pairing is not None and d.pairing.n_folds):
        return ""
    return f"Every run has seed {one_line(seed, 30)}: the interval covers what changes when it is run again, not what another seed changes."


def success_words(w: DifferenceWords) -> str:
    """The success rates against each other."""
    s = w.d.tested.success if w.d.tested else None
    if s is None:
        return ""
    mid, low, high = (text_of(x * 100, "change", 0) for x in (s.difference.value, s.difference.low, s.difference.high))
    p = p_beside(s.p, w.d.alpha)
    return (
        f"{failed_words(w.d, w.name_a, w.name_b)}: a difference in success of {mid} pp (95 % interval {low} to {high}; "
        f"Fisher's exact p {equation(p)}). The numbers are of the runs that succeeded."
    )

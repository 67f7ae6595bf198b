"""What a verdict hangs on beside its numbers: shared seeds, pairs, runs that failed, runs that do not belong.

Each sentence is about the two groups of one difference. They stand in the verdict's box, in the trust checks or in both;
none changes what was decided.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen.analyze.comparison import Comparison, Difference, PartlyPaired
from reportgen.analyze.groups import Group, GroupValues, Stray
from reportgen.formats import listed, one_line, p_beside, plural, text_of

if TYPE_CHECKING:
    from reportgen.sections.verdicts import Words

MOST_NAMED = 5
"""Seeds and stray runs by name."""


def design_caveats(w: Words) -> list[str]:
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


# --- failures --------------------------------------------------------------------------------------------------------


def failed_words(d: Difference, name_a: str, name_b: str) -> str:
    """ "4 of 10 runs of candidate failed, 0 of 10 of control", "" where few did."""
    s = d.success
    if s is None:
        return ""
    how = "failed or gave no finite value" if s.n_non_finite else "failed"
    return f"{s.bad_b} of {plural(s.n_b, 'run')} of {name_b} {how}, {s.bad_a} of {s.n_a} of {name_a}"


def success_words(w: Words) -> str:
    """The success rates against each other."""
    s = w.d.success
    if s is None:
        return ""
    mid, low, high = (text_of(x * 100, "change", 0) for x in (s.difference.value, s.difference.low, s.difference.high))
    p = p_beside(s.p, w.d.alpha)
    return (
        f"{failed_words(w.d, w.name_a, w.name_b)}: a difference in success of {mid} percentage points (95 % interval {low} to {high}; "
        f"Fisher's exact p {p.replace('<', '< ') if p.startswith('<') else f'= {p}'}). The numbers are of the runs that succeeded."
    )


# --- pairs -----------------------------------------------------------------------------------------------------------


def _plural_of(partly: PartlyPaired) -> str:
    return {"seed": "seeds", "repetition": "repetitions", "fold": "folds"}[partly.pairing.by]


def partly_words(w: Words) -> str:
    """ "4 seeds are in both groups, 2 runs of a and 4 runs of b are of none of them, so runs are not paired. On …"; "" without any."""
    found = w.d.partly
    if found is None:
        return ""
    p, n = found.pairing, found.pairing.n
    what = p.by if n == 1 else _plural_of(found)
    others = [f"{plural(len(left), 'run')} of {name}" for name, left in ((w.name_a, p.left_a), (w.name_b, p.left_b)) if left]
    apart = f", {' and '.join(others)} {'is' if len(p.left_a) + len(p.left_b) == 1 else 'are'} of none of them" if others else ""
    delta, low, high = w.change(found.delta, found.low, found.high)
    bounds = f" [{low}, {high}]" if found.low is not None else ""
    return (
        f"{n:,} {what} {'is' if n == 1 else 'are'} in both groups{apart}, so runs are not paired. On the shared {what} the difference is "
        f"{delta}{bounds}{w.unit}; --pair-by (pair_by in a config) decides by these."
    )


def headline_end(w: Words) -> str:
    """ " The groups ran different seeds; on the shared 4 it is +0.0081.", for a verdict that this could explain."""
    found = w.d.partly
    if found is None or w.d.reason != "tested":
        return ""
    return f" The groups ran different {_plural_of(found)}; on the shared {found.pairing.n:,} it is {w.change(found.delta)[0]}{w.unit}."


def is_contradicted(d: Difference) -> bool:
    """Whether the runs that share a seed say another difference than all runs: intervals without a common value."""
    found = d.partly
    if found is None or found.low is None or found.high is None or d.low is None or d.high is None:
        return False
    return found.high < d.low or found.low > d.high


def without_pairs_words(w: Words) -> str:
    """The same by Welch's test; "" where runs are not paired."""
    found = w.d.without_pairs
    if found is None:
        return ""
    delta, low, high = w.change(found.test.value, found.test.low, found.test.high)
    p = p_beside(found.test.p, w.d.alpha)
    return f"{delta} [{low}, {high}]{w.unit}, p {p.replace('<', '< ') if p.startswith('<') else f'= {p}'}"


def rests_on_pairs(d: Difference) -> bool:
    """Whether the answer would be another without the pairs."""
    found = d.without_pairs
    return found is not None and d.is_shown is not None and (found.test.p <= d.alpha) != d.is_shown


# --- seeds -----------------------------------------------------------------------------------------------------------


def seeds_words(side: GroupValues) -> str:
    """ "seed 3 has 4 runs; their mean counts once"; without the group's name."""
    found = listed([f"seed {one_line(seed.seed, 30)} has {len(seed.keys)} runs" for seed in side.seeds], MOST_NAMED)
    return f"{found}; {'the mean of each seed' if len(side.seeds) > 1 else 'their mean'} counts once"


def run_again_words(group: Group) -> str:
    """ "seed 11 failed once and was run again; that run is counted"; "" for none."""
    times = Counter(one.seed for one in group.run_again)
    if not times:
        return ""
    found = [f"seed {one_line(seed, 30)} failed {'once' if n == 1 else f'{n} times'}" for seed, n in times.items()]
    many = len(found) > 1
    ran = "were run again; those runs are counted" if many else "was run again; that run is counted"
    return f"{listed(found, MOST_NAMED)} and {ran}"


# --- runs that do not belong -----------------------------------------------------------------------------------------


def stray_sentence(w: Words) -> str:
    """Why a few runs keep the groups from being compared, and how to leave them out; "" for true searches."""
    if not w.d.strays:
        return ""
    return f"{stray_headline(w)} {_leave_out([stray for _, strays in w.d.strays for stray in strays])}"


def stray_headline(w: Words) -> str:
    """The same without what to do."""
    n_of = {w.d.baseline: (w.name_a, w.a), w.d.group: (w.name_b, w.b)}
    parts = []
    for label, strays in w.d.strays:
        name, side = n_of[label]
        main = len([key for key in side.keys if key not in {stray.key for stray in strays}])
        parts.append(f"{name} holds {plural(main, 'run')} of one configuration and {len(strays)} of another: {_names(strays)}")
    return f"Not compared: {'; '.join(parts)}."


def _names(strays: Sequence[Stray]) -> str:
    return listed([f"{one_line(one.name, 60)} (other {_params(one.differs)})" for one in strays], MOST_NAMED)


def _params(names: Sequence[str]) -> str:
    return listed([one_line(name, 40) for name in names], 3)


def _leave_out(strays: Sequence[Stray]) -> str:
    ids = [one.key[1] for one in strays]
    if len(ids) > MOST_NAMED or not all(re.fullmatch(r"[0-9A-Za-z_-]{1,64}", one) for one in ids):
        return "Leave these runs out with --filter (runs in a config), or take all as repeats with --replicates."
    clause = " AND ".join(f"attributes.run_id != '{one}'" for one in ids)
    what = "it" if len(ids) == 1 else "them"
    return f'Leave {what} out: --filter "{clause}" (runs in a config); or take all as repeats: --replicates.'


# --- several groups --------------------------------------------------------------------------------------------------


def best_against_baseline(comparison: Comparison) -> Difference | None:
    """The verdict of the group with the best mean; None where that is the baseline, or nothing leads."""
    leading = comparison.leading
    if leading is None or not comparison.metrics:
        return None
    return next((d for d in comparison.metrics[0].differences if d.group == leading.best), None)

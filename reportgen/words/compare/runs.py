"""What became of the runs of two groups: failed, run again, sharing seeds, not belonging.

Each sentence is about the two groups of one difference or about one group; none changes what was decided.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from reportgen.analyze.compare.difference import Difference, PartlyPaired
from reportgen.analyze.compare.groups import Group, Stray
from reportgen.analyze.compare.members import MadeBy
from reportgen.analyze.compare.values import GroupValues
from reportgen.formats import listed, one_line, p_beside, plural
from reportgen.words.compare.subject import DifferenceWords
from reportgen.words.compare.terms import equation, pair_words

MOST_NAMED = 5
"""Seeds and stray runs by name."""


def group_words(group: Group) -> str:
    """ "8 finished, 1 failed"."""
    parts = [f"{len(group.finished):,} finished"]
    again = run_again_words(group)
    parts += [f"{group.n_failed:,} failed or killed{f' ({again})' if again else ''}"] if group.n_failed else []
    parts += [f"{group.n_unfinished:,} not finished"] if group.n_unfinished else []
    parts += [f"{plural(len(group.repeated), 'identical re-run')} left out"] if group.repeated else []
    return ", ".join(parts)


def made_by_words(made: MadeBy) -> str:
    """ "forest version 3, made by run forest-12 and 4 runs of its configuration"."""
    more = f" and {made.n_runs - 1:,} runs of its configuration" if made.n_runs > 1 else ", which has no replicate"
    return f"{one_line(made.model, 60)} version {made.version}, made by run {one_line(made.run, 60)}{more}"


def run_again_words(group: Group) -> str:
    """ "seed 11 failed once and was run again; that run is counted"; "" for none."""
    times = Counter(rerun.seed for rerun in group.run_again)
    if not times:
        return ""
    found = [f"seed {one_line(seed, 30)} failed {'once' if n == 1 else f'{n} times'}" for seed, n in times.items()]
    many = len(found) > 1
    ran = "were run again; those runs are counted" if many else "was run again; that run is counted"
    return f"{listed(found, MOST_NAMED)} and {ran}"


def seeds_words(side: GroupValues) -> str:
    """ "seed 3 has 4 runs; their mean counts once"; without the group's name."""
    found = listed([f"seed {one_line(seed.seed, 30)} has {len(seed.keys)} runs" for seed in side.seeds], MOST_NAMED)
    return f"{found}; {'the mean of each seed' if len(side.seeds) > 1 else 'their mean'} counts once"


def failed_words(d: Difference, name_a: str, name_b: str) -> str:
    """ "4 of 10 runs of candidate failed, 0 of 10 of control", "" where few did."""
    s = d.tested.success if d.tested else None
    if s is None:
        return ""
    how = "failed or gave no finite value" if s.n_non_finite else "failed"
    return f"{s.bad_b} of {plural(s.n_b, 'run')} of {name_b} {how}, {s.bad_a} of {s.n_a} of {name_a}"


# --- pairs ---------------------------------------------------------------------------------------------------------


def _plural_of(partly: PartlyPaired) -> str:
    return f"{pair_words(partly.pairing)}s"


def partly_words(w: DifferenceWords) -> str:
    """ "4 seeds are in both groups, 2 runs of a and 4 runs of b are of none of them, so runs are not paired. On …"; "" without any."""
    found = w.d.partly
    if found is None:
        return ""
    p, n = found.pairing, found.pairing.n
    what = pair_words(p) if n == 1 else _plural_of(found)
    others = [f"{plural(len(left), 'run')} of {name}" for name, left in ((w.name_a, p.left_a), (w.name_b, p.left_b)) if left]
    apart = f", {' and '.join(others)} {'is' if len(p.left_a) + len(p.left_b) == 1 else 'are'} of none of them" if others else ""
    delta, low, high = w.change(found.delta, found.low, found.high)
    bounds = f" [{low}, {high}]" if found.low is not None else ""
    return (
        f"{n:,} {what} {'is' if n == 1 else 'are'} in both groups{apart}, so runs are not paired. On the shared {what} the difference is "
        f"{delta}{bounds}{w.unit}; --pair-by (pair_by in a config) decides by these."
    )


def headline_end(w: DifferenceWords) -> str:
    """ " The groups ran different seeds; on the shared 4 it is +0.0081.", for a verdict that this could explain."""
    found = w.d.partly
    if found is None or w.d.reason != "tested":
        return ""
    return f" The groups ran different {_plural_of(found)}; on the shared {found.pairing.n:,} it is {w.change(found.delta)[0]}{w.unit}."


def without_pairs_words(w: DifferenceWords) -> str:
    """The same by Welch's test; "" where runs are not paired."""
    found = w.d.tested.without_pairs if w.d.tested else None
    if found is None:
        return ""
    delta, low, high = w.change(found.test.value, found.test.low, found.test.high)
    p = p_beside(found.test.p, w.d.alpha)
    return f"{delta} [{low}, {high}]{w.unit}, p {equation(p)}"


# --- runs that do not belong ---------------------------------------------------------------------------------------


def stray_sentence(w: DifferenceWords) -> str:
    """Why a few runs keep the groups from being compared, and how to leave them out; "" for true searches."""
    if not w.d.strays:
        return ""
    return f"{stray_headline(w)} {_leave_out([stray for _, strays in w.d.strays for stray in strays])}"


def stray_headline(w: DifferenceWords) -> str:
    """The same without what to do."""
    n_of = {w.d.baseline: (w.name_a, w.a), w.d.group: (w.name_b, w.b)}
    parts = []
    for label, strays in w.d.strays:
        name, side = n_of[label]
        main = len([key for key in side.keys if key not in {stray.key for stray in strays}])
        parts.append(f"{name} holds {plural(main, 'run')} of one configuration and {len(strays)} of another: {_names(strays)}")
    return f"Not compared: {'; '.join(parts)}."


def _names(strays: Sequence[Stray]) -> str:
    return listed([f"{one_line(stray.name, 60)} (other {_params(stray.differs)})" for stray in strays], MOST_NAMED)


def _params(names: Sequence[str]) -> str:
    return listed([one_line(name, 40) for name in names], 3)


def _leave_out(strays: Sequence[Stray]) -> str:
    ids = [stray.key[1] for stray in strays]
    if len(ids) > MOST_NAMED or not all(re.fullmatch(r"[0-9A-Za-z_-]{1,64}", run_id) for run_id in ids):
        return "Leave these runs out with --filter (runs in a config), or take all as repeats with --replicates."
    clause = " AND ".join(f"attributes.run_id != '{run_id}'" for run_id in ids)
    what = "it" if len(ids) == 1 else "them"
    return f'Leave {what} out: --filter "{clause}" (runs in a config); or take all as repeats: --replicates.'

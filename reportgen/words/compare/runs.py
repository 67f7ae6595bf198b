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
from reportgen.formats import one_line, p_beside
from reportgen.words.catalogue import Say
from reportgen.words.compare.subject import DifferenceWords
from reportgen.words.compare.terms import equation, pair_words

MOST_NAMED = 5
"""Seeds and stray runs by name."""


def group_words(group: Group, say: Say) -> str:
    """ "8 finished, 1 failed"."""
    parts = [say("members-finished", n_finished=len(group.finished))]
    again = run_again_words(group, say)
    parts += (
        [say("members-failed-killed", n_failed=group.n_failed, if_again="yes" if again else "no", again=again)]
        if group.n_failed
        else []
    )
    parts += [say("members-finished-2", n_unfinished=group.n_unfinished)] if group.n_unfinished else []
    parts += [say("members-identical-re-runs-left", n=len(group.repeated))] if group.repeated else []
    return say("list-separator").join(parts)


def made_by_words(made: MadeBy, say: Say) -> str:
    """ "forest version 3, made by run forest-12 and 4 runs of its configuration"."""
    more = say("members-runs-configuration", n_runs=made.n_runs - 1) if made.n_runs > 1 else say("members-which-replicate")
    return say(
        "members-version-made-run", model=one_line(made.model, 60), version=made.version, run=one_line(made.run, 60), more=more
    )


def run_again_words(group: Group, say: Say) -> str:
    """ "seed 11 failed once and was run again; that run is counted"; "" for none."""
    times = Counter(rerun.seed for rerun in group.run_again)
    if not times:
        return ""
    found = [say("members-seed-failed-times", seed=one_line(seed, 30), n=n) for seed, n in times.items()]
    many = len(found) > 1
    ran = say("members-run-again-runs-counted") if many else say("members-run-again-run-counted")
    return say("members-and", found=say.listed(found, MOST_NAMED), ran=ran)


def seeds_words(side: GroupValues, say: Say) -> str:
    """ "seed 3 has 4 runs; their mean counts once"; without the group's name."""
    found = say.listed(
        [say("members-seed-runs", seed=one_line(seed.seed, 30), n_keys=len(seed.keys)) for seed in side.seeds], MOST_NAMED
    )
    return say("members-mean-seed-counts-once", found=found, if_value="yes" if len(side.seeds) > 1 else "no")


def failed_words(d: Difference, name_a: str, name_b: str, say: Say) -> str:
    """ "4 of 10 runs of candidate failed, 0 of 10 of control", "" where few did."""
    s = d.tested.success if d.tested else None
    if s is None:
        return ""
    how = say("members-failed-gave-finite-value") if s.n_non_finite else "failed"
    return say("members-runs", bad_b=s.bad_b, n=s.n_b, name_b=name_b, how=how, bad_a=s.bad_a, n_a=s.n_a, name_a=name_a)


# --- pairs ---------------------------------------------------------------------------------------------------------


def _plural_of(partly: PartlyPaired, say: Say) -> str:
    return say("members-plural", what=pair_words(partly.pairing, say))


def partly_words(w: DifferenceWords) -> str:
    """ "4 seeds are in both groups, 2 runs of a and 4 runs of b are of none of them, so runs are not paired. On …"; "" without any."""
    found = w.d.partly
    if found is None:
        return ""
    p, n = found.pairing, found.pairing.n
    what = pair_words(p, w.say) if n == 1 else _plural_of(found, w.say)
    others = [
        w.say("members-runs-2", n=len(left), name=name) for name, left in ((w.name_a, p.left_a), (w.name_b, p.left_b)) if left
    ]
    apart = (
        w.say("members-none-them", others=w.say("members-and-2").join(others), n_left_a=len(p.left_a) + len(p.left_b))
        if others
        else ""
    )
    delta, low, high = w.change(found.delta, found.low, found.high)
    bounds = f" [{low}, {high}]" if found.low is not None else ""
    return w.say("members-both-groups-runs-paired", n=n, what=what, apart=apart, delta=delta, bounds=bounds, unit=w.unit)


def headline_end(w: DifferenceWords) -> str:
    """ " The groups ran different seeds; on the shared 4 it is +0.0081.", for a verdict that this could explain."""
    found = w.d.partly
    if found is None or w.d.reason != "tested":
        return ""
    return w.say(
        "members-groups-ran-different-shared",
        plural=_plural_of(found, w.say),
        n=found.pairing.n,
        change=w.change(found.delta)[0],
        unit=w.unit,
    )


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
    return f"{stray_headline(w)} {_leave_out([stray for _, strays in w.d.strays for stray in strays], w.say)}"


def stray_headline(w: DifferenceWords) -> str:
    """The same without what to do."""
    n_of = {w.d.baseline: (w.name_a, w.a), w.d.group: (w.name_b, w.b)}
    parts = []
    for label, strays in w.d.strays:
        name, side = n_of[label]
        main = len([key for key in side.keys if key not in {stray.key for stray in strays}])
        parts.append(
            w.say(
                "members-holds-runs-configuration-another",
                name=name,
                main=main,
                n_strays=len(strays),
                names=_names(strays, w.say),
            )
        )
    return w.say("members-compared", parts=w.say("list-clause-separator").join(parts))


def _names(strays: Sequence[Stray], say: Say) -> str:
    return say.listed(
        [say("members-other", name=one_line(stray.name, 60), params=_params(stray.differs, say)) for stray in strays], MOST_NAMED
    )


def _params(names: Sequence[str], say: Say) -> str:
    return say.listed([one_line(name, 40) for name in names], 3)


def _leave_out(strays: Sequence[Stray], say: Say) -> str:
    ids = [stray.key[1] for stray in strays]
    if len(ids) > MOST_NAMED or not all(re.fullmatch(r"[0-9A-Za-z_-]{1,64}", run_id) for run_id in ids):
        return say("members-leave-runs-out-filter")
    clause = say("members-and-3").join(say("members-attributes-run-id", run_id=run_id) for run_id in ids)
    what = "it" if len(ids) == 1 else "them"
    return say("members-leave-out-filter-runs", what=what, clause=clause)

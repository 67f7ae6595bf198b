"""Three groups or more together: the leading set, and the analysis of variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.leading_set import Leading
from reportgen.analyze.metrics import Metric
from reportgen.formats import text_of
from reportgen.words.catalogue import Say
from reportgen.words.compare.terms import group_name, p_equation, p_words
from reportgen.words.quantities import label_of

if TYPE_CHECKING:
    from reportgen.analyze.methods.groups import Omnibus


def leading_text(comparison: Comparison, leading: Leading, metric: Metric, say: Say) -> str:
    """The group with the best mean, whether it is shown to be better than the baseline, and which groups are not told from it."""
    label, base = label_of(metric), comparison.baseline
    others = [group_name(x) for x in leading.members[1:] if x != base]
    said = say("several-best-mean", best=group_name(leading.best), label=label)
    best = comparison.best_against_baseline
    if best is not None and best.outcome != "better":
        p = f", {p_words(best, say)}" if best.p_decisive is not None else ""
        said += say("several-shown-better-baseline", base=group_name(base or ""), p=p)
    told_apart = leading.n_tests - sum(x != leading.best for x in leading.members)
    if others:
        said += say("several-clear-difference-show-they", others=say.listed(others))
    elif told_apart > 0:
        rest = say("several-every-other-group") if base in leading.members[1:] else say("several-every-group")
        said += say("several-differs-could-tested", rest=rest, if_value="yes" if leading.best == base else "no")
    else:
        said += "." if leading.n_tests else say("several-test-could-made")
    if leading.undecided:
        said += say("several-tested", x=say.listed([group_name(x) for x in leading.undecided]))
    return said


def omnibus_text(found: Omnibus, ranks: Omnibus | None, say: Say) -> str:
    """One line of all groups together, and the same by ranks; neither decides."""
    f, df, within = (text_of(x, "number", 2) for x in (found.statistic, found.df_between, found.df_within))
    omega = text_of(found.omega_squared, "number", 2)
    said = say(
        "several-all-groups-together-f",
        method=found.method,
        removesuffix=df.removesuffix(".00"),
        within=within,
        f=f,
        p_equation=p_equation(found.p),
        omega=omega,
    )
    if ranks is not None:
        h, between = text_of(ranks.statistic, "number", 2), text_of(ranks.df_between, "number", 0)
        said += say("several-ranks-kruskal-wallis-h", between=between, h=h, p_equation=p_equation(ranks.p))
    return say("several-decides-nothing-family-tests", said=said)

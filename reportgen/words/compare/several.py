"""Three groups or more together: the leading set, and the analysis of variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.leading_set import Leading
from reportgen.analyze.metrics import Metric
from reportgen.formats import listed, text_of
from reportgen.words.compare.terms import group_name, p_equation, p_words
from reportgen.words.quantities import label_of

if TYPE_CHECKING:
    from reportgen.analyze.methods.groups import Omnibus


def leading_text(comparison: Comparison, leading: Leading, metric: Metric) -> str:
    """The group with the best mean, whether it is shown to be better than the baseline, and which groups are not told from it."""
    label, base = label_of(metric), comparison.baseline
    others = [group_name(x) for x in leading.members[1:] if x != base]
    said = f"{group_name(leading.best)} has the best mean {label}"
    best = comparison.best_against_baseline
    if best is not None and best.outcome != "better":
        p = f", {p_words(best)}" if best.p_decisive is not None else ""
        said += f"; it is not shown to be better than {group_name(base or '')}, the baseline{p}"
    told_apart = leading.n_tests - sum(x != leading.best for x in leading.members)
    if others:
        said += f". No clear difference from it: {listed(others)}; this does not show that they are equal."
    elif told_apart > 0:
        rest = "every other group" if base in leading.members[1:] else "every group"
        said += f". It differs from {rest} that could be tested{'' if leading.best == base else ', by the tests of every pair'}."
    else:
        said += "." if leading.n_tests else "; no test could be made."
    if leading.undecided:
        said += f" Not tested: {listed([group_name(x) for x in leading.undecided])}."
    return said


def omnibus_text(found: Omnibus, ranks: Omnibus | None) -> str:
    """One line of all groups together, and the same by ranks; neither decides."""
    f, df, within = (text_of(x, "number", 2) for x in (found.statistic, found.df_between, found.df_within))
    omega = text_of(found.omega_squared, "number", 2)
    said = (
        f"All groups together: {found.method} F({df.removesuffix('.00')}, {within}) = {f}, {p_equation(found.p)}, omega² {omega}."
    )
    if ranks is not None:
        h, between = text_of(ranks.statistic, "number", 2), text_of(ranks.df_between, "number", 0)
        said += f" By ranks: Kruskal–Wallis H({between}) = {h}, {p_equation(ranks.p)}."
    return f"{said} It decides nothing: the family of tests above holds the level."

"""Short terms of a comparison: names of groups, p-values, levels, tests, margins, and what pairs runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Difference, Pairs
from reportgen.analyze.compare.pair_keys import PairKind
from reportgen.analyze.compare.pairing import Pairing
from reportgen.analyze.metrics import Metric
from reportgen.formats import listed, one_line, p_beside, plural, text_of
from reportgen.outcomes import OUTCOMES
from reportgen.words.quantities import value_words


def group_name(label: str) -> str:
    return one_line(label, 40) or "(empty)"


def groups_by(comparison: Comparison, most: int) -> str:
    """What makes the groups, in at most so many characters."""
    return one_line(comparison.by or "the groups of the comparison", most)


def equation(text: str) -> str:
    """ "= 0.034", "< 0.001": a printed number with its sign."""
    return text.replace("<", "< ") if text.startswith("<") else f"= {text}"


def p_alone(difference: Difference) -> str:
    """ "p = 0.034", "p < 0.001", "p (Holm-adjusted) = 0.04"; empty without a test."""
    p = difference.p_decisive
    if p is None:
        return ""
    text = p_beside(p, difference.alpha) if p >= 0.001 or difference.alpha < 0.001 else text_of(p, "p")
    return f"{p_name(difference)} {equation(text)}"


def p_words(difference: Difference) -> str:
    """The same with the size of its family: "p (Holm-adjusted) = 0.04 over 3 comparisons"."""
    family = difference.tested.family if difference.tested else None
    return p_alone(difference) + (f" over {family.n} comparisons" if family else "")


_FAMILIES = {"dunnett": "Dunnett", "games-howell": "Games–Howell", "tukey": "Tukey"}


def family_of(difference: Difference) -> str:
    """Whose family the p is adjusted in, "" for a single test."""
    return _FAMILIES.get(difference.method, "" if difference.p_holm is None else "Holm")


def p_name(difference: Difference) -> str:
    """ "p", "p (Holm-adjusted)", "p (Dunnett)"."""
    family = family_of(difference)
    return f"p ({'Holm-adjusted' if family == 'Holm' else family})" if family else "p"


def p_equation(p: float | None) -> str:
    return f"p {equation(text_of(p, 'p'))}"


_KINDS: Mapping[PairKind, str] = {"seed": "seed", "repeat": "repetition", "fold": "fold", "dataset": "data set"}


def kinds_words(kinds: Sequence[PairKind]) -> str:
    return listed([_KINDS[kind] for kind in kinds])


def pair_words(pairing: Pairing) -> str:
    """What pairs the runs: "seed", "seed and fold", "day"."""
    if pairing.declared:
        return one_line(pairing.field.removeprefix("params.").removeprefix("tags."), 40)
    return kinds_words(pairing.kinds)


def level_words(level: float) -> str:
    return f"{level_percent(level)} interval"


def level_percent(level: float) -> str:
    """ "95 %", "97.5 %", "99.99989 %": as many decimals as keep it apart from 100 %."""
    rest = (1 - level) * 100
    whole = abs(rest - round(rest)) < 1e-9 and rest > 0.5
    return text_of(level, "percent", 0 if whole else max(1, 1 - math.floor(math.log10(rest)))) if rest > 0 else "100 %"


def probability_words(share: float) -> str:
    """Whole percents; the ends are never reached."""
    return "<1 %" if share < 0.005 else ">99 %" if share > 0.995 else text_of(share, "percent", 0)


def test_name(difference: Difference) -> str:
    """The test without its runs: "paired t test"."""
    if difference.method in _FAMILIES:
        return f"{_FAMILIES[difference.method]}'s test"
    names = {"corrected": "corrected paired t test", "paired": "paired t test"}
    return names.get(difference.method, "Welch's t test")


def test_words(difference: Difference) -> str:
    """Which test on which runs."""
    pairing = difference.pairing
    if difference.method in _FAMILIES:
        names = {
            "dunnett": "Dunnett's test, one sd taken for all groups",
            "games-howell": "Games and Howell's test",
            "tukey": "Tukey's test, equal variances asserted",
        }
        return f"{names[difference.method]}, {difference.n_b} against {plural(difference.n_a, 'run')}"
    if difference.method == "welch" or pairing is None:
        return f"Welch's t test, {difference.n_b} against {plural(difference.n_a, 'run')}"
    correlation = difference.pairs.correlation if isinstance(difference.pairs, Pairs) else None
    r = f", correlation {text_of(correlation, 'number', 2)}" if correlation is not None else ""
    pairs = f"{plural(pairing.n, 'pair')} by {pair_words(pairing)}{r}"
    if difference.method == "corrected":
        parts = f"{pairing.n_folds} folds" if pairing.n_folds else "splits that the seed draws"
        return f"paired t test with the Nadeau–Bengio correction for {parts}, {pairs}"
    return f"paired t test, {pairs}"


def phrase_of(d: Difference) -> str:
    """The outcome in a cell; where no run varies, what the exact values say."""
    if d.reason in ("no_variation", "identical", "same_difference"):
        return "differ exactly, not tested" if d.delta else "the same"
    return OUTCOMES[d.outcome].phrase


def counted_words(d: Difference) -> str:
    """ "12 pairs by seed", "9 against 6 runs"."""
    return f"{plural(d.n_a, 'pair')} by {pair_words(d.pairing)}" if d.pairing else f"{d.n_b} against {plural(d.n_a, 'run')}"


def margin_size(metric: Metric, margin: float) -> str:
    """A margin as it was declared: "0.005", "1 pp"."""
    if metric.format == "percent":
        return f"{margin * 100:.6g} pp"
    return f"{margin:.6g}" if metric.format in ("number", "integer") and 1e-4 <= margin < 1e6 else value_words(metric, margin)

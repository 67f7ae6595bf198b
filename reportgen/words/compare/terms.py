"""Short terms of a comparison: names of groups, p-values, levels, tests, margins, and what pairs runs."""

from __future__ import annotations

import math
from collections.abc import Sequence

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Difference, Pairs
from reportgen.analyze.compare.pair_keys import PairKind
from reportgen.analyze.compare.pairing import Pairing
from reportgen.analyze.metrics import Metric
from reportgen.formats import one_line, p_beside, text_of
from reportgen.words.catalogue import Say
from reportgen.words.quantities import value_words


def group_name(label: str) -> str:
    return one_line(label, 40) or "(empty)"


def groups_by(comparison: Comparison, most: int, say: Say) -> str:
    """What makes the groups, in at most so many characters."""
    return one_line(comparison.by or say("terms-groups-comparison"), most)


def equation(text: str) -> str:
    """ "= 0.034", "< 0.001": a printed number with its sign."""
    return text.replace("<", "< ") if text.startswith("<") else f"= {text}"


def p_alone(difference: Difference, say: Say) -> str:
    """ "p = 0.034", "p < 0.001", "p (Holm-adjusted) = 0.04"; empty without a test."""
    p = difference.p_decisive
    if p is None:
        return ""
    text = p_beside(p, difference.alpha) if p >= 0.001 or difference.alpha < 0.001 else text_of(p, "p")
    return f"{p_name(difference, say)} {equation(text)}"


def p_words(difference: Difference, say: Say) -> str:
    """The same with the size of its family: "p (Holm-adjusted) = 0.04 over 3 comparisons"."""
    family = difference.tested.family if difference.tested else None
    return p_alone(difference, say) + (say("terms-over-comparisons", n=family.n) if family else "")


def _families(say: Say) -> dict[str, str]:
    return {"dunnett": say("terms-dunnett"), "games-howell": say("terms-games-howell"), "tukey": say("terms-tukey")}


def family_of(difference: Difference, say: Say) -> str:
    """Whose family the p is adjusted in, "" for a single test."""
    return _families(say).get(difference.method, "" if difference.p_holm is None else say("terms-holm"))


def p_name(difference: Difference, say: Say) -> str:
    """ "p", "p (Holm-adjusted)", "p (Dunnett)"."""
    family = family_of(difference, say)
    return say("terms-p-holm-adjusted", if_value="yes" if family == "Holm" else "no", family=family) if family else "p"


def p_equation(p: float | None) -> str:
    return f"p {equation(text_of(p, 'p'))}"


def kinds_words(kinds: Sequence[PairKind], say: Say) -> str:
    return say.listed([say("terms-kinds", kind=kind) for kind in kinds])


def pair_words(pairing: Pairing, say: Say) -> str:
    """What pairs the runs: "seed", "seed and fold", "day"."""
    if pairing.declared:
        return one_line(pairing.field.removeprefix("params.").removeprefix("tags."), 40)
    return kinds_words(pairing.kinds, say)


def level_words(level: float, say: Say) -> str:
    return say("terms-interval", level_percent=level_percent(level))


def level_percent(level: float) -> str:
    """ "95 %", "97.5 %", "99.99989 %": as many decimals as keep it apart from 100 %."""
    rest = (1 - level) * 100
    whole = abs(rest - round(rest)) < 1e-9 and rest > 0.5
    return text_of(level, "percent", 0 if whole else max(1, 1 - math.floor(math.log10(rest)))) if rest > 0 else "100 %"


def probability_words(share: float) -> str:
    """Whole percents; the ends are never reached."""
    return "<1 %" if share < 0.005 else ">99 %" if share > 0.995 else text_of(share, "percent", 0)


def test_name(difference: Difference, say: Say) -> str:
    """The test without its runs: "paired t test"."""
    if difference.method in _families(say):
        return say("terms-s-test", families=_families(say)[difference.method])
    names = {"corrected": say("terms-corrected-paired-t-test"), "paired": say("terms-paired-t-test")}
    return names.get(difference.method, say("terms-welch-s-t-test"))


def test_words(difference: Difference, say: Say) -> str:
    """Which test on which runs."""
    pairing = difference.pairing
    if difference.method in _families(say):
        names = {
            "dunnett": say("terms-dunnett-s-test-sd"),
            "games-howell": say("terms-games-howell-s-test"),
            "tukey": say("terms-tukey-s-test-equal"),
        }
        return say("terms-against-runs", names=names[difference.method], n_b=difference.n_b, n=difference.n_a)
    if difference.method == "welch" or pairing is None:
        return say("terms-welch-s-t-test-2", n_b=difference.n_b, n=difference.n_a)
    correlation = difference.pairs.correlation if isinstance(difference.pairs, Pairs) else None
    r = say("terms-correlation", correlation=text_of(correlation, "number", 2)) if correlation is not None else ""
    pairs = say("terms-pairs", n=pairing.n, pair=pair_words(pairing, say), r=r)
    if difference.method == "corrected":
        parts = say("terms-folds", n_folds=pairing.n_folds) if pairing.n_folds else say("terms-splits-seed-draws")
        return say("terms-paired-t-test-nadeau", parts=parts, pairs=pairs)
    return say("terms-paired-t-test-2", pairs=pairs)


def phrase_of(d: Difference, say: Say) -> str:
    """The outcome in a cell; where no run varies, what the exact values say."""
    if d.reason in ("no_variation", "identical", "same_difference"):
        return say("terms-differ-exactly-tested") if d.delta else say("terms-same")
    return say("terms-outcome", outcome=d.outcome)


def counted_words(d: Difference, say: Say) -> str:
    """ "12 pairs by seed", "9 against 6 runs"."""
    return (
        say("terms-pairs-2", n=d.n_a, pair=pair_words(d.pairing, say))
        if d.pairing
        else say("terms-against-runs-2", n_b=d.n_b, n=d.n_a)
    )


def margin_size(metric: Metric, margin: float, say: Say) -> str:
    """A margin as it was declared: "0.005", "1 pp"."""
    if metric.format == "percent":
        return say("terms-pp", margin=f"{margin * 100:.6g}")
    return f"{margin:.6g}" if metric.format in ("number", "integer") and 1e-4 <= margin < 1e6 else value_words(metric, margin)

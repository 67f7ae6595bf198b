"""A verdict in everyday words: by how much, between which bounds, and on how many pairs. The test is its method.

Where no test was made the sentence of ``verdicts`` says why, and nothing is shortened.
"""

from __future__ import annotations

from reportgen.analyze.methods.samples import mean
from reportgen.words.catalogue import Say
from reportgen.words.compare.subject import DifferenceWords
from reportgen.words.compare.terms import level_percent, margin_size, pair_words
from reportgen.words.compare.verdicts import claim_words, conditional_words, doubt_words, headline_of, rule_of, sentence_of


def is_estimated(w: DifferenceWords) -> bool:
    """Whether a test made the verdict, and nothing withdrew or lowered it: it can then be told by its interval."""
    return w.d.reason == "tested" and w.d.low is not None and not w.d.lowered and not w.d.withdrawn


def heading_words(w: DifferenceWords, say: Say) -> str:
    """ "Better by 0.43 pp"; empty where the outcome's own title says it all."""
    d, within = w.d, w.d.margin
    if not is_estimated(w):
        return ""
    size, margin = w.size(abs(d.delta or 0.0)), margin_size(w.metric, within.margin, say) if within else ""
    match d.outcome:
        case "better" if within is not None and within.low is not None and within.low > within.margin:
            return say("verdict-better-past", margin=margin)
        case "better":
            return say("verdict-better-unshown", size=size, margin=margin) if within else say("verdict-better", size=size)
        case "worse":
            past = within is not None and within.state == "FAIL"
            return say("verdict-worse-past", margin=margin) if past else say("verdict-worse", size=size)
        case "equivalent" if within is not None:
            return say("verdict-equivalent", margin=margin)
        case "not_worse" if within is not None:
            return say("verdict-not-worse", margin=margin)
        case "different":
            return say("verdict-different", size=size)
        case "unclear":
            return say("verdict-undecided") if d.is_doubted else say("verdict-unclear")
        case _:
            return ""


def evidence_words(w: DifferenceWords, say: Say) -> str:
    """Means, interval and pairs; of what no test decided the whole sentence."""
    d = w.d
    among = f"{say('verdict-succeeded')} " if d.is_conditional and not d.withdrawn else ""
    if not is_estimated(w):
        return f"{among}{sentence_of(w)}"
    a, b = (w.value(mean(side)) for side in (d.pairing.a, d.pairing.b)) if d.pairing else (w.value(w.a.mean), w.value(w.b.mean))
    low, high = w.change(d.low, d.high)
    level = level_percent(d.level)
    if d.pairing is not None and d.won is not None:
        told = say(
            "verdict-evidence-pairs",
            metric=w.label,
            a=a,
            b=b,
            low=low,
            high=f"{high}{w.unit}",
            level=level,
            won=d.won,
            n=d.pairing.n,
            by=pair_words(d.pairing, say),
        )
    else:
        told = say("verdict-evidence", metric=w.label, a=a, b=b, low=low, high=f"{high}{w.unit}", level=level)
    doubt = doubt_words(w) if d.is_doubted else ""
    return f"{among}{told}{f' {say.capital(doubt)}' if doubt else ''}"


def method_words(w: DifferenceWords) -> str:
    """The test with its numbers, then the rule by which the outcome follows."""
    rule = rule_of(w.d, w.metric, w.say)
    return f"{sentence_of(w)} {rule}" if is_estimated(w) else rule


def headline_words(w: DifferenceWords, say: Say) -> str:
    """The decision as the headline of a memo or report: one sentence that begins with a capital letter."""
    if not is_estimated(w):
        return headline_of(w)
    condition = conditional_words(w.d, say)
    if w.d.outcome == "unclear" and w.d.is_doubted:
        return f"{condition}{say('verdict-doubted', b=w.name_b, a=w.name_a)}"
    size = w.size(abs(w.d.delta or 0.0))
    claim = claim_words(w)
    if w.d.margin is None and w.d.outcome == "better":
        told = say("verdict-beats", b=w.name_b, a=w.name_a, size=size)
    elif w.d.margin is None and w.d.outcome == "worse":
        told = say("verdict-loses", b=w.name_b, a=w.name_a, size=size)
    elif w.d.outcome in ("equivalent", "different"):
        told = say("verdict-claim-groups", claim=claim)
    elif w.d.outcome in ("better", "worse", "not_worse"):
        told = say("verdict-claim-group", claim=claim)
    else:
        told = say("verdict-claim", claim=claim)
    rest = {"different": say("verdict-no-direction", metric=w.label), "not_worse": say("verdict-better-open")}
    return " ".join(part for part in (f"{condition}{told}", rest.get(w.d.outcome, "")) if part)


def title_words(w: DifferenceWords, say: Say) -> str:
    """ "candidate vs. control: Validation accuracy"."""
    if w.d.is_conditional:
        return say("verdict-title-succeeded", b=w.name_b, a=w.name_a, metric=w.label)
    return say("verdict-title", b=w.name_b, a=w.name_a, metric=w.label)

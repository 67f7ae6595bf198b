"""Reading a metric's name: its words, and the direction that the name alone tells.

The rules read *tokens* (``val/top1_errorRate`` -> val, top1, error, rate), never substrings: "mape" is not "map",
"explained_variance" is not a variance. They abstain ("none") wherever a name can be read two ways.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from reportgen.analyze.metric_vocabulary import (
    BESIDE_TIME,
    BOOKKEEPING,
    COUNTED,
    EXACT,
    GENERIC_HIGH,
    NEUTRAL,
    PHRASES,
    RL_LOSSES,
    SPREAD,
    STRONG_HIGH,
    STRONG_LOW,
    TIME,
    TURNS,
    TURNS_HIGH,
    UNDERSTOOD_BESIDE,
    UNSIGNED,
    WEAK_HIGH,
    WEAK_LOW,
    WHERE,
)
from reportgen.model import Goal

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATOR = re.compile(r"[^0-9A-Za-z]+")
_ONE_MINUS = re.compile(r"\s*1\s*[-\N{MINUS SIGN}]")
_DIGITS = re.compile(r"^([a-z]+?)(?:\d+)$")


def tokens_of(name: str) -> tuple[str, ...]:
    """Lower-case words of ``name``, split at everything that is no letter or digit and at camelCase."""
    plain = name.replace("chrF", "chrf").replace("mAP", "map").replace("mAR", "mar").replace("mIoU", "miou").replace("IoU", "iou")
    return tuple(word.lower() for part in _SEPARATOR.split(plain) for word in _CAMEL.split(part) if word)


def known_goal(name: str) -> Goal | None:
    """The goal of a name that is known as a whole; None for every other name."""
    tokens = tokens_of(name)
    if name.startswith("system/") or name in ("FPs", "TPs") or _ONE_MINUS.match(name):
        return "none"
    core = _core(tokens)
    return EXACT.get(core) or EXACT.get(tuple(tokens))


def inferred_goal(name: str) -> Goal:
    """The goal by the rules for tokens."""
    return _goal_of(tokens_of(name))


def _core(tokens: Sequence[str]) -> tuple[str, ...]:
    """``tokens`` without where-words and bare numbers at both ends."""
    rest = list(tokens)
    while rest and (rest[0] in WHERE or rest[0].isdigit()):
        rest.pop(0)
    while rest and (rest[-1] in WHERE or rest[-1].isdigit()):
        rest.pop()
    return tuple(rest)


def _goal_of(tokens: tuple[str, ...]) -> Goal:
    """The token rules, in the order that the exceptions need."""
    core = _core(tokens)
    words = set(core)
    if not core or _names_a_moment(tokens) or _is_two_splits(tokens) or _is_signed(tokens):
        return "none"
    if (words & SPREAD and "explained" not in words) or _is_pair(core, "p", "value") or _is_pair(core, "standard", "error"):
        return "none"
    for rule in (_per_second, _sklearn_negative, _confusion_counts, _skill, _phrase, _duration):
        goal = rule(core, words)
        if goal is not None:
            return goal
    return _by_vocabulary(core)


def _names_a_moment(tokens: Sequence[str]) -> bool:
    """``best_epoch``, ``best_loss_step``: when something was best, not how good it was."""
    moments = ("epoch", "step", "iteration", "iter", "round")
    if {"best", "stopped", "early"} & set(tokens) and tokens[-1] in moments:
        return True
    return any(first in moments and second == "of" for first, second in pairwise(tokens))


def _is_signed(tokens: Sequence[str]) -> bool:
    """``mean_error`` and ``mean_percentage_error`` keep their sign: zero is best, not less."""
    words = [word for word in tokens if word in ("mean", "signed", "percentage", "error")]
    whole = words in (["mean", "error"], ["mean", "percentage", "error"])
    return "signed" in words or (whole and not set(tokens) & UNSIGNED)


def _is_two_splits(tokens: Sequence[str]) -> bool:
    """``train_val_loss_ratio``: a relation between two splits has no plain direction."""
    words = set(tokens)
    train = words & {"train", "training"}
    other = words & {"val", "valid", "validation", "test", "eval"}
    return bool(train and other and words & {"ratio", "gap", "diff", "difference", "delta", "vs"})


def _is_pair(core: Sequence[str], first: str, second: str) -> bool:
    return (first, second) in pairwise(core)


def _per_second(core: tuple[str, ...], words: set[str]) -> Goal | None:
    """Things per second are better when more; seconds per thing are better when fewer."""
    if "per" not in words:
        return None
    at = core.index("per")
    after, before = core[at + 1 : at + 2], set(core[:at])
    per_time = bool(after) and after[0] in ("s", "sec", "second", "minute", "hour")
    if per_time:
        return "maximize" if before & COUNTED and not words & (WEAK_LOW | STRONG_LOW) else "none"
    if before & (TIME | {"s", "sec", "seconds", "ms"}):
        return "minimize"
    return None


def _sklearn_negative(core: tuple[str, ...], words: set[str]) -> Goal | None:
    """scikit-learn's ``neg_<loss>`` is negated so that higher is better; the negative log-likelihood is a loss."""
    if core[0] not in ("neg", "negative") or "likelihood" in words or "loglikelihood" in words or "elbo" in words:
        return None
    rest = set(core[1:])
    if core[0] == "negative" and ("predictive" in rest or not rest & STRONG_LOW):
        return None
    return "maximize" if rest & STRONG_LOW and not rest & (STRONG_HIGH | TURNS | BOOKKEEPING) else "none"


def _confusion_counts(core: tuple[str, ...], words: set[str]) -> Goal | None:
    kinds = {
        "positive",
        "positives",
        "negative",
        "negatives",
        "discovery",
        "omission",
        "acceptance",
        "rejection",
        "match",
        "alarm",
    }
    for first, second in pairwise(core):
        if second in kinds and first in ("true", "false"):
            return "none" if words & TURNS else "maximize" if first == "true" else "minimize"
    if "likelihood" in words and "ratio" in words and words & {"positive", "negative"}:
        return "maximize" if "positive" in words else "minimize"
    counts = {"tp", "tn", "fp", "fn"} & words
    if counts and not words - counts - NEUTRAL:
        return "none" if len(counts) > 1 else "maximize" if counts < {"tp", "tn"} else "minimize"
    return None


def _skill(core: tuple[str, ...], words: set[str]) -> Goal | None:
    """``d2_absolute_error_score`` and skill scores are shares of an error explained."""
    if core[0] == "d2" or ("skill" in words and "score" in words and not words & TURNS_HIGH):
        return "maximize"
    return None


def _phrase(core: tuple[str, ...], words: set[str]) -> Goal | None:
    for phrase, goal in PHRASES:
        for at in range(len(core) - len(phrase) + 1):
            if core[at : at + len(phrase)] == phrase:
                beside = words - set(phrase)
                turned = beside & ((TURNS_HIGH if goal == "maximize" else TURNS) | {"neg", "negative"})
                against = beside & (STRONG_LOW | {"drop"} if goal == "maximize" else STRONG_HIGH)
                return "none" if turned or against or beside & (BOOKKEEPING - {"id"}) else goal
    return None


def _duration(core: tuple[str, ...], words: set[str]) -> Goal | None:
    """Time spent is better when less, but only when the words beside it say that it is time spent."""
    if "fps" in words and words <= {"fps"} | BESIDE_TIME:
        return "maximize"
    if not words & TIME and not ("wall" in words and "clock" in words):
        return None
    strong = STRONG_HIGH | STRONG_LOW
    base = {_base(word) for word in words}
    if words <= TIME | BESIDE_TIME | strong:
        return "none" if {"timesteps", "remaining", "fps"} & base else "minimize" if words - {"time"} or len(core) > 1 else "none"
    return "none"


def _base(word: str) -> str:
    """``rouge1`` -> ``rouge``; words whose digits are part of the name stay."""
    if word in STRONG_HIGH | STRONG_LOW | WEAK_HIGH | WEAK_LOW | NEUTRAL | BOOKKEEPING:
        return word
    match = _DIGITS.match(word)
    base = match[1] if match else word
    return base if len(base) >= 2 else word


def _by_vocabulary(core: tuple[str, ...]) -> Goal:
    base = [_base(word) for word in core]
    known = set(base)
    last = {word: at for at, word in enumerate(base)}
    strong_high, strong_low = known & STRONG_HIGH, known & STRONG_LOW
    weak_high, weak_low = known & WEAK_HIGH, known & WEAK_LOW
    if strong_high & {"spearman", "pearson", "kendall", "matthews"}:
        known -= {"coef", "coefficient", "corr", "rank"}
    if known & (BOOKKEEPING - strong_high - strong_low):
        return "none"
    if strong_low:
        return _strong_low(known, last, strong_high, strong_low, weak_high)
    if strong_high:
        return _strong_high(known, last, strong_high, weak_low)
    if weak_low:
        return _weak_low(known, weak_high, weak_low)
    if weak_high or "score" in known:
        return _weak_high(known, weak_high)
    return "none"


def _strong_low(known: set[str], last: Mapping[str, int], high: set[str], low: set[str], weak_high: set[str]) -> Goal:
    if known & (TURNS - {"real", "distance", "divergence"} | {"drop", "decline"}) or known & {"neg", "negative"}:
        return "none"
    if known & {"loss", "losses"} and (known & (RL_LOSSES | {"profit", "return", "gain", "win", "wins", "ratio"})):
        return "none"
    if "bias" in known:
        return "none"
    if high and max(last[word] for word in high) > max(last[word] for word in low):
        return "none"  # "loss_auc", "error_accuracy": of what is it a measure?
    if weak_high & {"success", "win", "wins"} and known & {"error", "errors"}:
        return "none"
    return "minimize"


def _strong_high(known: set[str], last: Mapping[str, int], high: set[str], low: set[str]) -> Goal:
    at = max(last[word] for word in high)
    if known & {"neg", "negative"}:
        return "none"
    if known & {"drop", "degradation", "decline", "deterioration", "shortfall"}:
        worse = max(last[word] for word in known & {"drop", "degradation", "decline", "deterioration", "shortfall"})
        return (
            "minimize" if worse > at and not known & TURNS_HIGH - {"drop", "degradation", "decline", "deterioration"} else "none"
        )
    if known & TURNS_HIGH or any(last[word] > at for word in low):
        return "none"
    return "none" if known & {"attack", "jailbreak"} else "maximize"


def _weak_low(known: set[str], weak_high: set[str], weak_low: set[str]) -> Goal:
    if known & {"attack", "jailbreak"} and weak_high <= {"success", "successes", "pass"}:
        return "none" if known & TURNS else "minimize"
    if weak_high - {"quality"} or known & (TURNS | {"neg", "negative"}):
        return "none"
    generic = {
        "bias",
        "drop",
        "energy",
        "carbon",
        "attack",
        "psi",
        "miss",
        "misses",
        "missed",
        "rejected",
        "consumption",
        "bounce",
        "fail",
    }
    if weak_low <= generic and known - weak_low - NEUTRAL - {
        "data",
        "cache",
        "consumed",
        "kwh",
        "wh",
        "joules",
        "kg",
        "eq",
        "prediction",
    }:
        return "none"
    return "minimize"


def _weak_high(known: set[str], weak_high: set[str]) -> Goal:
    if known & (TURNS_HIGH | {"neg", "negative"}):
        return "none"
    if weak_high <= GENERIC_HIGH:
        understood = weak_high | NEUTRAL | UNDERSTOOD_BESIDE
        if known - understood or ("index" in known and "quality" in known):
            return "none"
    if "return" in weak_high:
        return "maximize" if known & {"episode", "ep", "episodic", "discounted", "cumulative", "undiscounted"} else "none"
    return "maximize"

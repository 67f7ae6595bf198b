"""The direction of a metric by its name alone.

A wrong sign is the worst error this program can make, so the rules abstain wherever a name can be read two ways. They
read whole words (``val/top1_errorRate`` -> val, top1, error, rate), never parts of words: "mape" is not "map",
"explained_variance" is not a variance. Names that are known as a whole come first, then the rules in their order; a
word of change or of negation (``accuracy_delta``, ``1 - f1``) takes the direction away whatever the rules say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from reportgen.analyze.metric_names import tokens_of
from reportgen.analyze.metric_vocabulary import (
    ADVERBS,
    ATTACKS,
    BESIDE_GENERIC,
    BESIDE_LOW,
    BESIDE_MEMORY,
    BESIDE_TIME,
    BOOKKEEPING,
    BOOSTING,
    CHANGES,
    CLASS_LABELS,
    COUNTED_HIGH,
    COUNTED_LOW,
    COUNTED_THINGS,
    COUNTS,
    ESTIMATORS,
    EXACT,
    GENERIC_HIGH,
    GENERIC_LOW,
    IMPROVES,
    MEMORY,
    MODIFIERS,
    MONEY,
    MOVES,
    NEGATIONS,
    NEUTRAL,
    PHRASES,
    QUANTITIES,
    RL_LOSSES,
    SECONDS,
    SPLITS,
    SPREADS,
    STATISTICS,
    STRONG_HIGH,
    STRONG_LOW,
    THINGS_PER_SECOND,
    TIME,
    TURNS,
    TURNS_HIGH,
    WEAK_HIGH,
    WEAK_LOW,
    WHERE,
    vocabulary,
)
from reportgen.model import Goal

_DIGITS = re.compile(r"^([a-z]+?)\d+k?$")


def goal_by_name(name: str) -> tuple[Goal, Literal["name", "rules", "unknown"]]:
    """The goal that ``name`` tells, and whether the whole name is known or the rules read it."""
    words = _words(name)
    whole = _whole_name(name, words)
    if whole is not None and {"neg", "negative", "minus", *CHANGES} & set(words):
        return "none", "unknown"
    goal = _goal_of(words) if whole is None else whole
    if whole is None and goal == "none":
        goal = _goal_of(_leaf(name))
    if goal == "none" or _is_turned(words, goal):
        return "none", "unknown"
    return goal, "rules" if whole is None else "name"


_COMPLEMENT = re.compile(
    r"(?:^|[/(:\s])(?:1(?:\.0*)?|100(?:\.0*)?)\s*[-\N{MINUS SIGN}\N{EN DASH}]\s*(?=[A-Za-z(]|\d+[A-Za-z])"  # 1 - accuracy
    r"|(?:^|/)\s*[-\N{MINUS SIGN}\N{EN DASH}]\s*(?=[A-Za-z(]|\d+[A-Za-z])"  # -accuracy
    r"|^\s*\(?1(?:\.0*)?\s*/\s*(?=[A-Za-z(])"  # 1/accuracy
)
_ESTIMATOR_SCORE = re.compile(rf"(?:^|/)(?:[A-Z][A-Za-z0-9]*)?(?:{ESTIMATORS})_score(?:-\d+)?_(?P<dataset>\w+)$")
_BOOSTED = re.compile(
    r"(?:train|training|test|eval|val|valid|validation|dtrain|dtest|learn)(?:_\d+)?-(?P<metric>\w+?)(?:@[\d.]+-?|_at_[\d.]+)?"
)


def _whole_name(name: str, words: tuple[str, ...]) -> Goal | None:
    if name.startswith("system/") or name in ("FPs", "TPs") or _COMPLEMENT.search(name):
        return "none"
    if (scored := _ESTIMATOR_SCORE.search(name)) is not None:
        return "none" if set(tokens_of(scored["dataset"])) & (SPREADS | CHANGES | BOOKKEEPING - COUNTS) else "maximize"
    if (boosted := _BOOSTED.fullmatch(name)) is not None and boosted["metric"] in BOOSTING:
        return BOOSTING[boosted["metric"]]
    if _RANKED.search(name):
        return "maximize"
    if _core(words) == ("quantile",) and words[-1].isdigit():
        return "none"
    for where in (WHERE, SPLITS):
        goal = EXACT.get(_core(words, where))
        if goal is not None:
            return goal
    return EXACT.get(words)


_RANKED = re.compile(r"(?<![A-Za-z])ERR@\d|(?:^|[/-])P_\d+$|(?:^|[/_-])(?:[PRH]@|AR[@_])\d+$")
"""Expected reciprocal rank, precision, recall and hits at a depth, as their programs write them: ``err`` is an error elsewhere."""
_PLACE = re.compile(
    r"(?<![A-Za-z])(?:split|fold|run|rep|repeat|trial|client|worker|seed|stage|phase|dataloader_idx|class|horizon|lag|layer|head|task)[-_ ]?\d+(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_PER_SECOND = re.compile(
    rf"(?:^|(?<=[^A-Za-z]))({'|'.join(sorted(THINGS_PER_SECOND))})(?:/(?:s|sec|second)|_sec)$", re.IGNORECASE
)
_SECONDS_PER = re.compile(r"(?:^|(?<=[^A-Za-z]))(?:s|ms|sec|secs|seconds)/(?=[a-z]+$)")
_KNOWN = STRONG_HIGH | STRONG_LOW | WEAK_HIGH | WEAK_LOW | TURNS | TURNS_HIGH | BOOKKEEPING
_WORDS = _KNOWN | NEUTRAL
_JOINED = STRONG_HIGH | STRONG_LOW | TIME | vocabulary("coldstart warmstart speedup wallclock walltime uptime thumbsdown")


def _words(name: str) -> tuple[str, ...]:
    """The tokens that the rules read: places and phrases that say nothing are taken out, divided words are joined."""
    plain = _PLACE.sub("", _ESTIMATOR_SCORE.sub(r"score_\g<dataset>", name))
    plain = _SECONDS_PER.sub("seconds per ", _PER_SECOND.sub(r"\1_per_second", plain))
    tokens = tokens_of(plain.replace("pass^", "pass at ").replace("@", " at "))
    if name.lower().startswith("losses/") and {_base(word) for word in tokens[1:]} & (_KNOWN | _MEASURED_BESIDE_LOSSES):
        tokens = tokens[1:]
    tokens = _without(tokens, ADVERBS)
    joined: list[str] = []
    for word in tokens:
        if joined and joined[-1] + word in _JOINED:
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(joined)


def _leaf(name: str) -> tuple[str, ...]:
    """The words after the path of ``name`` where they are two or more and the path says nothing; else none."""
    parts = name.split("/")
    while len(parts) > 1 and not _core(_words(parts[-1])):
        parts.pop()
    leaf = _words("/".join([parts[-1], *name.split("/")[len(parts) :]]))
    path = {_base(word) for part in parts[:-1] for word in _words(part)}
    return leaf if path and not path & (_KNOWN | {"negative"}) and len(_core(leaf)) > 1 else ()


def _without(tokens: tuple[str, ...], phrases: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    for phrase in phrases:
        if phrase[0] not in tokens:
            continue
        for at in range(len(tokens) - len(phrase), -1, -1):
            if tokens[at : at + len(phrase)] == phrase:
                tokens = tokens[:at] + tokens[at + len(phrase) :]
    return tokens


_MEASURED_BESIDE_LOSSES = vocabulary("values frac fraction ratio mean entropy")


def _core(words: Sequence[str], where: frozenset[str] = WHERE) -> tuple[str, ...]:
    """``words`` without where-words and bare numbers at both ends."""
    rest = list(words)
    while rest and (rest[0] in where or rest[0].isdigit()):
        rest.pop(0)
    while rest and (rest[-1] in where or rest[-1].isdigit()):
        rest.pop()
    return tuple(rest)


_SETTINGS = vocabulary("clip required allowed penalty")


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as the rules read it: its words, the same without where-words at both ends, and those as a set."""

    tokens: tuple[str, ...]
    core: tuple[str, ...]
    words: frozenset[str]


def _goal_of(tokens: tuple[str, ...]) -> Goal:
    """The goal by the rules, in the order that the exceptions need."""
    core = _core(tokens)
    words = frozenset(core)
    if _names_a_moment(tokens) or _is_two_splits(tokens) or _is_signed(tokens):
        return "none"
    if (words & SPREADS and "explained" not in words) or _is_pair(core, "p", "value") or _is_pair(core, "standard", "error"):
        return "none"
    if not core or core[-1] in _SETTINGS or ("timeout" in words and words & SECONDS | words & {"ms"}):
        return "none"
    if words & CHANGES:
        return _worsened(core)
    name = _Name(tokens, core, words)
    for rule in _RULES:
        goal = rule(name)
        if goal is not None:
            return goal
    return _by_vocabulary(core)


def _is_turned(words: tuple[str, ...], goal: Goal) -> bool:
    """Whether a word beside the measure says a difference or the opposite of it, in whatever place."""
    rest = _without(words, _FIXED)
    beside = set(rest)
    if beside & (MOVES | NEGATIONS | SPREADS) or (goal == "minimize" and beside & IMPROVES):
        return True
    if "regression" in beside and (
        _core(rest)[-1:] == ("regression",) or any(_is_pair(rest, "regression", to) for to in ("in", "of"))
    ):
        return True
    return _is_pair(rest, "loss", "of")


_FIXED = (
    ("generalization", "gap"),
    ("reciprocal", "rank"),
    ("explained", "variance"),
    ("variance", "explained"),
    ("explained", "var"),
)


def _worsened(core: tuple[str, ...]) -> Goal:
    """``accuracy_drop``, ``drop_in_accuracy``: worse when more, if the measure is better when higher."""
    at = max(at for at, word in enumerate(core) if word in CHANGES)
    measure = core[:at] if at == len(core) - 1 else core[at + 2 :] if core[at + 1] in ("in", "of") else ()
    good = bool(measure) and _goal_of(measure) == "maximize" and not _is_turned(measure, "maximize")
    return "minimize" if good else "none"


def _passed_at(name: _Name) -> Goal | None:
    """``pass@k`` of any benchmark."""
    return "maximize" if _is_pair(name.tokens, "pass", "at") and not name.words & _AGAINST_PASSING else None


_AGAINST_PASSING = TURNS_HIGH | BOOKKEEPING | STRONG_LOW | WEAK_LOW | TIME


def _valid_share(name: _Name) -> Goal | None:
    """``valid_json_rate``: the share of answers that are valid; ``valid`` is no split here."""
    valid = any({first, second} & _VALID_THINGS and "valid" in (first, second) for first, second in pairwise(name.tokens))
    if not valid or not name.words & _SHARES:
        return None
    return "none" if name.words & (TURNS | WEAK_LOW | STRONG_LOW) else "maximize"


_VALID_THINGS = vocabulary(
    "json xml sql yaml syntax output outputs response responses format schema code smiles molecule molecules action actions answer answers"
)


def _names_a_moment(tokens: Sequence[str]) -> bool:
    """``best_epoch``, ``best_loss_step``: when something was best, not how good it was."""
    moments = ("epoch", "step", "iteration", "iter", "round")
    if {"best", "stopped", "early"} & set(tokens) and tokens[-1] in moments:
        return True
    if len(tokens) > 2 and tokens[-1] in moments and tokens[-2] in ("min", "max", "argmin", "argmax"):
        return True
    return any(first in moments and second == "of" for first, second in pairwise(tokens))


def _is_signed(tokens: Sequence[str]) -> bool:
    """``mean_error`` and ``mean_percentage_error`` keep their sign: zero is best, not less."""
    words = [word for word in tokens if word in ("mean", "signed", "percentage", "error")]
    whole = words in (["mean", "error"], ["mean", "percentage", "error"])
    return "signed" in words or (whole and not set(tokens) - {"mean", "percentage", "error"} - SPLITS and "per" not in tokens)


def _is_two_splits(tokens: Sequence[str]) -> bool:
    """``train_val_loss_ratio``: a relation between two splits has no plain direction."""
    words = set(tokens)
    train = words & {"train", "training"}
    other = words & {"val", "valid", "validation", "test", "eval"}
    return bool(train and other and words & {"ratio", "gap", "diff", "difference", "delta", "vs", "minus"})


def _is_pair(core: Sequence[str], first: str, second: str) -> bool:
    return (first, second) in pairwise(core)


def _negated(name: _Name) -> Goal | None:
    """scikit-learn's ``neg_<error>`` is negated so that higher is better; of any other negation nobody knows the sign.

    A known error needs to be named: ``neg_loss`` may be the loss on the negatives. The negative log-likelihood is a loss.
    """
    at = next((at for at, word in enumerate(name.core) if word in ("neg", "negative", "minus")), None)
    if at is None:
        return None
    rest = name.core[at + 1 :]
    if any(
        name.core[at : at + len(phrase)] == phrase
        for phrase, goal in PHRASES
        if phrase[0] in ("neg", "negative") and goal != "none"
    ):
        return None
    if rest == ("negative", "likelihood", "ratio"):
        return "maximize"
    if name.core[max(at - 1, 0) : at] in (("true",), ("false",)) or (name.core[at] == "negative" and rest[:1] == ("likelihood",)):
        return None
    known = (
        set(rest) <= _NEGATED_ERRORS
        and rest[:1] not in (("loss",), ("error",), ("losses",), ("errors",))
        and set(rest) & STRONG_LOW
    )
    beside = {_base(word) for word in name.core[:at]} & _KNOWN
    return "maximize" if name.core[at] != "minus" and known and not beside else "none"


_NEGATED_ERRORS = vocabulary(
    """mean median root max squared absolute percentage log logarithmic symmetric scaled weighted error errors loss logloss mse mae rmse mape smape
    rmsle msle wape mase medae brier score crossentropy binary categorical poisson gamma tweedie pinball deviance hinge perplexity
    calibration expected train training test val valid validation holdout cv avg x y"""
) | vocabulary("wer cer fid crps ece")


def _at_a_condition(name: _Name) -> Goal | None:
    """``tpr_at_fpr_0.01``: the measure before the condition decides; ``win_rate_vs_gpt4`` the same."""
    for at, word in enumerate(name.core):
        head = {_base(one) for one in name.core[:at]}
        against = word in ("vs", "versus", "against", "over") and head & {"winrate", "win", "wins", "elo", "preference"}
        if (word in _CONDITIONS or against) and head & _KNOWN and not head & {"area", "pass"}:
            return _goal_of(name.core[:at])
    return None


_CONDITIONS = vocabulary("at under when during given while")


def _per_second(name: _Name) -> Goal | None:
    """Things per second are better when more; seconds per thing are better when fewer."""
    if "per" not in name.words:
        return None
    timed = next((at for at, (first, second) in enumerate(pairwise(name.core)) if first == "per" and second in SECONDS), None)
    if timed is not None and set(name.core[:timed]) & THINGS_PER_SECOND:
        return "none" if name.words & (WEAK_LOW | STRONG_LOW | COUNTED_LOW | TURNS) else "maximize"
    before = set(name.core[: name.core.index("per")])
    if before & (TIME | {"s", "sec", "seconds", "ms"}):
        return "none" if name.words & TURNS or before & (WEAK_HIGH | STRONG_HIGH) else "minimize"
    return None


def _confusion_counts(name: _Name) -> Goal | None:
    for first, second in pairwise(name.core):
        if second in _DECISIONS and first in ("true", "false"):
            return "none" if name.words & TURNS - {"negative", "neg"} else "maximize" if first == "true" else "minimize"
    if "likelihood" in name.words and "ratio" in name.words and name.words & {"positive", "negative"}:
        if name.words - {"likelihood", "ratio", "positive", "negative"} - SPLITS - STATISTICS:
            return "none"
        return "maximize" if "positive" in name.words else "minimize"
    counts = {"tp", "tn", "fp", "fn"} & name.words
    if counts and not name.words - counts - NEUTRAL - COUNTS:
        return "none" if len(counts) > 1 else "maximize" if counts < {"tp", "tn"} else "minimize"
    return None


_DECISIONS = vocabulary(
    "positive positives negative negatives discovery omission acceptance rejection match alarm alarms pos neg accept accepts reject rejects trigger triggers"
)


def _skill(name: _Name) -> Goal | None:
    """``d2_absolute_error_score`` and skill scores are shares of an error explained."""
    if (name.core[0] == "d2" or ("skill" in name.words and "score" in name.words)) and not name.words & (
        TURNS_HIGH | BOOKKEEPING
    ):
        return "maximize"
    return None


_PHRASES = tuple(sorted(PHRASES, key=lambda one: -len(one[0])))


def _phrase(name: _Name) -> Goal | None:
    for phrase, goal in _PHRASES:
        if phrase[0] not in name.words:
            continue
        for at in range(len(name.core) - len(phrase) + 1):
            if name.core[at : at + len(phrase)] == phrase:
                beside = name.words - set(phrase)
                turned = beside & (TURNS_HIGH if goal == "maximize" else TURNS)
                against = beside & (STRONG_LOW | CHANGES if goal == "maximize" else STRONG_HIGH | CHANGES)
                return "none" if turned or against or beside & (BOOKKEEPING - {"id"}) else goal
    return None


def _counted(name: _Name) -> Goal | None:
    """``n_failed``, ``null_rate``: how many were bad, or good, and nothing else."""
    if not name.words & (COUNTS | _SHARES) and not any(word in COUNTED_THINGS for word in name.words if word.endswith("s")):
        return None
    low, high = name.words & COUNTED_LOW, name.words & COUNTED_HIGH
    if name.words - COUNTS - _SHARES - COUNTED_THINGS - low - high or bool(low) == bool(high):
        return None
    return "minimize" if low else "maximize"


_SHARES = vocabulary("rate ratio fraction frac share pct percent percentage proportion")


def _memory(name: _Name) -> Goal | None:
    """Memory that is used is better when less; memory that there is says nothing."""
    if not name.words & MEMORY:
        return None
    spent = name.words <= MEMORY | BESIDE_MEMORY and len(name.core) > 1
    return "minimize" if spent else "none"


def _money(name: _Name) -> Goal | None:
    """``cost_per_success``, ``usd_per_request``: what one thing costs."""
    if "per" not in name.words:
        return None
    at = name.core.index("per")
    before, after = set(name.core[:at]), set(name.core[at + 1 :])
    if not before & MONEY or before - MONEY - NEUTRAL - MODIFIERS or name.words & TURNS:
        return None
    return "minimize" if before & MONEY != {"price"} or after & (MODIFIERS | NEUTRAL) else None


def _per_thing(name: _Name) -> Goal | None:
    """``loss_per_token``: what is counted or measured decides, not over what it is averaged."""
    if "per" not in name.words:
        return None
    at = name.core.index("per")
    over = set(name.core[at + 1 :])
    known = {_base(word) for word in name.core[:at]} & _KNOWN
    return _goal_of(name.core[:at]) if known and over and over <= MODIFIERS | NEUTRAL | COUNTED_THINGS else None


def _duration(name: _Name) -> Goal | None:
    """Time spent is better when less, but only when the words beside it say that it is time spent."""
    words = {word for word in name.tokens if not word.isdigit()}
    if words & _RATES:
        return None
    if not words & TIME:
        return None
    if words <= _UNDERSTOOD_BESIDE_TIME:
        return "minimize" if words - {"time", "times"} else "none"
    return None if words & (STRONG_LOW | {"runtime", "makespan", "delay"}) else "none"


_RULES = (
    _negated,
    _at_a_condition,
    _per_second,
    _confusion_counts,
    _skill,
    _counted,
    _phrase,
    _memory,
    _money,
    _per_thing,
    _passed_at,
    _valid_share,
    _duration,
)


_RATES = vocabulary("fps throughput goodput qps rps sps")
_UNDERSTOOD_BESIDE_TIME = (TIME | BESIDE_TIME | STRONG_HIGH | STRONG_LOW | WHERE) - {"end"}


def _base(word: str) -> str:
    """``rouge1`` -> ``rouge``; words whose digits are part of the name stay."""
    if word in _WORDS:
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
    if strong_high & {"spearman", "pearson", "kendall", "matthews", "concordance"}:
        known -= {"coef", "coefficient", "corr", "rank"}
    if (
        known & ATTACKS
        and weak_high
        and weak_high <= {"success", "successes", "successful", "pass"}
        and not strong_low | strong_high
    ):
        return "none" if known & (TURNS | BOOKKEEPING) else "minimize"
    measures = strong_high | strong_low | weak_low
    if measures:
        end = max(last[one] for one in measures)
        known -= {word for word in known & MODIFIERS if last[word] < end or not strong_high | strong_low}
        known -= {word for word in known & QUANTITIES if last[word] < end and strong_high | strong_low}
    if known & (BOOKKEEPING - strong_high - strong_low) or (base[-1] == "score" and known & _SCORED_WHEN_LOW):
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


_SCORED_WHEN_LOW = MONEY | MEMORY | TIME | vocabulary("energy error loss")
"""A score of these may be made so that higher is better: ``latency_score``."""


def _strong_low(known: set[str], last: Mapping[str, int], high: set[str], low: set[str], weak_high: set[str]) -> Goal:
    if known & (TURNS - {"real", "distance", "divergence"} | CHANGES):
        return "none"
    if known & {"loss", "losses"} and (known & (RL_LOSSES | {"profit", "return", "gain", "win", "wins", "ratio"})):
        return "none"
    if "bias" in known or ("ratio" in known and low - {"error", "errors", "err"}):
        return "none"
    if high and max(last[word] for word in high) > max(last[word] for word in low):
        # "loss_auc", "error_accuracy": of what is it a measure? But "loss_giou" is a kind of loss.
        return "minimize" if "loss" in known and high <= _LOSS_KINDS else "none"
    if weak_high & {"success", "win", "wins"} and known & {"error", "errors"}:
        return "none"
    return "minimize"


_LOSS_KINDS = vocabulary("iou giou diou ciou dice jaccard ssim msssim")


def _strong_high(known: set[str], last: Mapping[str, int], high: set[str], low: set[str]) -> Goal:
    at = max(last[word] for word in high)
    if known & TURNS_HIGH or last.get("regression", -1) > at or any(last[word] > at for word in low - CLASS_LABELS):
        return "none"
    return "maximize"


def _weak_low(known: set[str], weak_high: set[str], weak_low: set[str]) -> Goal:
    if weak_high - {"quality"} or known & TURNS:
        return "none"
    if weak_low <= GENERIC_LOW and known - weak_low - NEUTRAL - BESIDE_LOW:
        return "none"
    return "minimize"


def _weak_high(known: set[str], weak_high: set[str]) -> Goal:
    if known & TURNS_HIGH:
        return "none"
    strange = {word for word in known - weak_high - NEUTRAL - BESIDE_GENERIC if not _is_benchmark_or_judge(word)}
    if weak_high <= GENERIC_HIGH and (strange or ("index" in known and "quality" in known)):
        return "none"
    if weak_high & {"return", "returns"}:
        return "maximize" if known & _EARNED else "none"
    return "maximize"


def _is_benchmark_or_judge(word: str) -> bool:
    return word.endswith("bench") or word.startswith(("gpt", "claude", "gemini", "llama"))


_EARNED = vocabulary(
    "episode episodes ep episodic discounted cumulative undiscounted average annual annualized normalized total portfolio"
)

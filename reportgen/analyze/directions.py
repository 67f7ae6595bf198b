"""Which way is better: the direction of a metric, from its name when nobody said it.

A wrong sign is the worst error this program can make, so the rules abstain ("none": shown, never ranked) wherever a
name can be read two ways; a config always wins. The rules read *tokens* (``val/top1_errorRate`` -> val, top1, error,
rate), never substrings: "mape" is not "map", "explained_variance" is not a variance.

Order of sources: config, MLflow's experiment tags, names that are known as a whole, token rules, none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from reportgen.analyze.findings import Finding
from reportgen.config import MetricConfig
from reportgen.errors import Severity
from reportgen.model import Goal

Source = Literal["config", "mlflow", "name", "rules", "unknown", "conflict"]

PRIMARY_TAG = "mlflow.experiment.primaryMetric.name"
GREATER_TAG = "mlflow.experiment.primaryMetric.greaterIsBetter"


@dataclass(frozen=True, slots=True)
class Direction:
    """A goal and who said so."""

    goal: Goal
    source: Source


@dataclass(frozen=True, slots=True)
class ContradictoryDirection(Finding):
    """The sources of a metric's direction contradict each other; the metric is shown and not ranked."""

    slug: ClassVar[str] = "direction-conflict"
    experiments: tuple[tuple[str, Goal], ...]
    """(experiment, goal by its tag), sorted."""
    by_name: Goal
    """What the metric's name says."""

    @property
    def severity(self) -> Severity:
        return "warning"


# --- vocabulary ------------------------------------------------------------------------------------------------------


def vocabulary(text: str) -> frozenset[str]:
    """The words of ``text``."""
    return frozenset(text.split())


# Where, how often and how it was averaged: says nothing about the direction.
_NEUTRAL = vocabulary(
    """train training trn val valid validation validate eval evaluation evaluate test testing dtrain dtest dev holdout oof cv
    best mean avg average averaged final last max min macro micro weighted sample samplewise ovr ovo epoch step batch iter
    v1 v2 v3 metrics metric rollout time at k top overall total global local running moving ema smoothed median sum per
    binary multiclass multilabel multi class classes classification regression regressor classifier regularized online offline
    rate ratio score scores value values index coefficient coef measure percent percentage pct in on of the for and with by
    s ms sec secs seconds second us ns min mins minutes minute h hr hours hour usd eur dollars b box mask bbox seg segm
    sparse categorical absolute relative squared square root log symmetric scaled normalized norm adjusted balanced user item
    users items session request requests query queries 1k 1m retrieval llm judge answer response text image model strict
    flexible extract none a pixel dataset fold set ood id0 public private mc1 mc2 cross"""
) - vocabulary("norm coef coefficient time none")

# Bookkeeping, settings, states and statistics that have no better and worse.
_BOOKKEEPING = vocabulary(
    """epochs steps iteration iterations iters n num number count counts seed lr learning grad grads gradient gradients norm
    scale scaler lambda alpha beta gamma temperature threshold thresholds cutoff target targets baseline chance majority dummy naive
    random weight weights coef coefficient coefficients momentum warmup schedule scheduler patience quota budget limit size
    sizes length len dim dims dimension width height depth layer layers version timestamp timestep timesteps rank id ids uuid
    support param params parameter parameters param_count memory mem ram vram cpu gpu disk network bytes kb mb gb tb megabytes
    gigabytes usage utilization utilisation occupancy flops macs bits mixed clock tokens token entropy kl slope intercept
    coverage refusal abstention acceptance rejection pvalue pval statistic stat tstat zscore lag horizon window offset shift
    bound bounds lower upper lb ub ci low high quantiles percentile std stderr sem stdev stddev sd var variance spread iqr
    range skew skewness kurtosis histogram hist importance shap feature features prediction predictions predicted pred preds
    actual labels confidence probability prob probs logit logits estimate flesch grade readability nan inf skipped
    correlationid checkpoint ckpt worker workers rows columns cols records lookback interval epsilon delta deltas diff
    difference differences change changes gap gaps variation drawdown imbalance sparsity condition codebook eigenvalue
    timeouts_allowed allowed maximum_allowed quota_used position positions"""
)
_SPREAD = vocabulary("std stderr sem stdev stddev sd var variance pvalue pval iqr spread ci")

# Names of measures that mean one thing whatever stands beside them.
_STRONG_HIGH = vocabulary(
    """accuracy accuracies acc auc auroc auprc aucpr prauc rocauc roc f1 f2 f05 fbeta fscore fmeasure precision recall
    specificity tpr tnr ppv npv ap map mar ap50 ap75 map50 map75 mrr ndcg dcg r2 rsquared kappa mcc matthews corrcoef iou miou
    giou diou ciou jaccard dice dsc bleu sacrebleu gleu rouge rougel rougelsum meteor chrf bertscore bleurt cider mauve comet
    psnr ssim msssim stoi pesq mos hota idf1 mota pearson pearsonr spearman spearmanr kendall kendalltau nse kge ccc
    concordance cindex silhouette ari nmi ami homogeneity fowlkes auuc qini elpd elbo sharpe sortino calmar fps throughput
    qps winrate snr sdr sisdr sisnr auac"""
)
_STRONG_LOW = vocabulary(
    """loss losses error errors err logloss mlogloss mae mse rmse mape smape wape wmape mase rmsse msle rmsle rmsele medae mdape
    nrmse nmae mre rae rse rrse sse rss nll nloglik negloglik crossentropy xent bce ce perplexity ppl bpb bpc bpd
    deviance brier crps ece mce wer cer mer wil eer der hter acer apcer bpcer fmr fnmr frr far fpr fnr fdr fid kid lpips niqe brisque
    epe ade fde mpjpe nme hausdorff chamfer wasserstein emd mmd levenshtein regret aic bic aicc davies bouldin
    inertia wcss distortion mindcf aurc eaurc kullback leibler pinball idsw misclassification smse mlog multierror
    residuals impurity hinge"""
) - vocabulary("residuals mlog")

# Words that point one way unless something beside them turns them round.
_WEAK_HIGH = vocabulary(
    """reward rewards rew return success successes succeeded pass passed passing solved win wins elo faithfulness groundedness
    relevance relevancy correctness correct coherence fluency helpfulness consistency conciseness completeness harmlessness safety
    robustness factuality truthfulness truthful truthfulqa mmlu hellaswag gsm8k humaneval mbpp winogrande piqa boolq arc
    quality similarity sensitivity agreement match hit hits lift uplift skill gain gains improvement conversion conversions revenue
    profit sales roi roas ltv arpu ctr cvr engagement retention nps csat satisfaction diversity novelty uniqueness validity
    availability uptime speedup efficiency explained likelihood loglikelihood loglik llf fairness informedness detection mutual"""
)
_WEAK_LOW = vocabulary(
    """toxicity hallucination hallucinations violation violations failure failures failed failing fail crash crashes timeout timeouts
    defect defects mistake mistakes incorrect wrong mismatch mismatches invalid unsafe harmful harmfulness bias drift psi
    leakage attack jailbreak penalty penalties cost costs emissions carbon co2 energy consumption churn unsubscribe bounce
    complaint complaints refund refunds downtime outage repetition degradation decline deterioration drop forgetting miss misses missed
    shortfall overshoot undershoot latency runtime duration ttft tpot delay tardiness makespan lateness rejected
    switches fragmentations shrinkage stereotype unfairness rework irrelevance inconsistency incoherence contradiction contradictions
    retries overfitting overfit underfitting"""
)

# Beside a word that points down these turn it round, or may: then nobody can tell.
_TURNS = vocabulary(
    """correction corrected correcting detection detected detecting recovery recovered recovering resolution resolved
    prevention prevented prevent tolerance tolerant tolerated handling handled caught avoided avoidance reduction reduced
    reducing decrease decreased fixed mitigated mitigation elimination eliminated free filtered removal removed suppression
    suppressed found improvement improvements gain gains saved saving savings blocked block defense defence defended resist resistance
    robustness robust non no not without zero un anti minus inverse inv reciprocal complement one_minus between survival
    efficiency effectiveness effective vs versus increase increased explained margin return profit self discriminator
    discr generator adversary membership propensity domain fake real forget unlearn unlearning retain dissimilarity distance
    divergence codebook free ratio_of exponent budget remaining"""
)
# Beside a word that points up these turn it round, or may.
_TURNS_HIGH = vocabulary(
    """non no not without zero un anti minus inverse inv reciprocal complement attack attacker adversary membership inference0
    discriminator discr domain fake real propensity c2st forget unlearn unlearning self dissimilarity distance divergence cost
    hacking reduction decrease decreased reduced drop degradation decline deterioration loss0 leak leaked poison poisoned backdoor
    spoof deepfake between vs versus noise misclassified rejected disparity parity violation violations inconsistency"""
)
# Generic words: they count only when every word beside them is understood.
_GENERIC_HIGH = vocabulary(
    "quality similarity sensitivity match hit hits lift gain gains skill pass passed detection mutual return explained likelihood"
)

_TIME = vocabulary("time latency duration runtime elapsed ttft tpot delay walltime wallclock makespan")
_BESIDE_TIME = vocabulary(
    """fit train training inference predict prediction eval evaluation score wall clock elapsed total run mean avg response
    processing compute computation cpu gpu step epoch batch iteration load loading data search query request requests per first
    token tokens end to accuracy convergence s ms sec seconds minutes min hours h us ns p50 p90 p95 p99 max median latency
    runtime duration val valid validation test best model build startup compile compilation execution exec generation encode
    decode forward backward io read write sampling tokenization embedding retrieval llm api user cold warm start sum average
    time std0 preprocessing preprocess postprocess postprocessing optimizer download upload queue wait waiting and of the in"""
)

_EXACT: Mapping[tuple[str, ...], Goal] = {
    ("l1",): "minimize",
    ("l2",): "minimize",
    ("quantile",): "minimize",
    ("huber",): "minimize",
    ("poisson",): "minimize",
    ("tweedie",): "minimize",
    ("ter",): "minimize",
    ("wip",): "none",
    ("em",): "maximize",
    ("gini",): "maximize",
    ("acc", "norm"): "maximize",
    ("abs", "rel"): "minimize",
    ("sq", "rel"): "minimize",
    ("fall", "out"): "minimize",
    ("noise", "sensitivity"): "minimize",
    ("score",): "maximize",
    ("pnl",): "maximize",
    ("mtbf",): "maximize",
    ("bias",): "none",
    ("energy",): "none",
    ("energy", "score"): "minimize",
    ("interval", "score"): "minimize",
    ("winkler", "score"): "minimize",
    ("reward", "std"): "none",
    ("perceptual", "path", "length"): "minimize",
}
"""Whole names, after where-words are taken off both ends."""

_PHRASES: tuple[tuple[tuple[str, ...], Goal], ...] = (
    (("explained", "variance"), "maximize"),
    (("deviance", "explained"), "maximize"),
    (("variance", "explained"), "maximize"),
    (("neg", "log", "likelihood"), "minimize"),
    (("negative", "log", "likelihood"), "minimize"),
    (("neg", "loglikelihood"), "minimize"),
    (("negative", "loglikelihood"), "minimize"),
    (("neg", "elbo"), "minimize"),
    (("negative", "elbo"), "minimize"),
    (("log", "likelihood"), "maximize"),
    (("likelihood", "ratio"), "none"),
    (("negative", "predictive", "value"), "maximize"),
    (("positive", "predictive", "value"), "maximize"),
    (("calinski", "harabasz"), "maximize"),
    (("adjusted", "rand"), "maximize"),
    (("rand", "score"), "maximize"),
    (("v", "measure"), "maximize"),
    (("adjusted", "mutual"), "maximize"),
    (("normalized", "mutual"), "maximize"),
    (("reciprocal", "rank"), "maximize"),
    (("gamma", "deviance"), "minimize"),
    (("frechet", "audio", "distance"), "minimize"),
    (("frechet", "distance"), "minimize"),
    (("exact", "match"), "maximize"),
    (("word", "information", "preserved"), "maximize"),
    (("word", "information", "lost"), "minimize"),
    (("ranked", "probability", "score"), "minimize"),
    (("brier", "skill"), "maximize"),
    (("signal", "noise"), "maximize"),
    (("signal", "to", "noise"), "maximize"),
    (("inception", "distance"), "minimize"),
    (("edit", "distance"), "minimize"),
    (("intersection", "over", "union"), "maximize"),
    (("cross", "entropy"), "minimize"),
    (("cosine", "similarity"), "maximize"),
    (("structural", "similarity"), "maximize"),
    (("si", "sdr"), "maximize"),
    (("id", "switches"), "minimize"),
    (("bits", "per", "byte"), "minimize"),
    (("bits", "per", "character"), "minimize"),
    (("bits", "per", "dim"), "minimize"),
    (("win", "rate"), "maximize"),
    (("hit", "rate"), "maximize"),
    (("hit", "ratio"), "maximize"),
    (("false", "alarm"), "minimize"),
    (("fall", "out"), "minimize"),
    (("miss", "rate"), "minimize"),
    (("kl", "divergence"), "minimize"),
    (("js", "divergence"), "minimize"),
    (("jensen", "shannon"), "minimize"),
    (("kullback", "leibler"), "minimize"),
    (("generalization", "gap"), "minimize"),
    (("carbon", "emissions"), "minimize"),
    (("energy", "consumed"), "minimize"),
    (("energy", "consumption"), "minimize"),
)
"""Read inside a name; the first that occurs decides, unless a turning word stands beside it."""

_RL_LOSSES = vocabulary("entropy kl policy pg actor generator discriminator adversarial g d gan value0 temperature alpha")


def metric_direction(name: str) -> Direction:
    """The direction that ``name`` alone tells; ``none`` when it can be read two ways."""
    tokens = tokens_of(name)
    goal = _whole_name(name, tokens)
    if goal is not None:
        return Direction(goal, "name" if goal != "none" else "unknown")
    goal = _goal_of(tokens)
    return Direction(goal, "rules" if goal != "none" else "unknown")


def directions_of(
    names: Iterable[str], metrics: Mapping[str, MetricConfig], experiment_tags: Sequence[tuple[str, Mapping[str, str]]]
) -> tuple[dict[str, Direction], tuple[ContradictoryDirection, ...]]:
    """The direction of every metric of ``names``, and a finding for each that two sources contradict on.

    ``experiment_tags`` are (experiment name, its tags). Contradiction makes ``none``: only the config can end it.
    """
    said = _said_by_experiments(experiment_tags)
    directions: dict[str, Direction] = {}
    contradictions: list[ContradictoryDirection] = []
    for name in sorted(names):
        config = metrics.get(name)
        inferred = metric_direction(name)
        goals = said.get(name, {})
        if config is not None and config.goal is not None:
            directions[name] = Direction(config.goal, "config")
        elif not goals:
            directions[name] = inferred
        elif len(set(goals.values()) | ({inferred.goal} - {"none"})) == 1:
            directions[name] = Direction(next(iter(goals.values())), "mlflow")
        else:
            directions[name] = Direction("none", "conflict")
            contradictions.append(ContradictoryDirection(name, tuple(sorted(goals.items())), inferred.goal))
    return directions, tuple(contradictions)


def _said_by_experiments(experiment_tags: Sequence[tuple[str, Mapping[str, str]]]) -> dict[str, dict[str, Goal]]:
    said: dict[str, dict[str, Goal]] = {}
    for experiment, tags in experiment_tags:
        greater = tags.get(GREATER_TAG, "").strip().lower()
        if tags.get(PRIMARY_TAG) and greater in ("true", "false"):
            said.setdefault(tags[PRIMARY_TAG], {})[experiment] = "maximize" if greater == "true" else "minimize"
    return said


# --- reading a name --------------------------------------------------------------------------------------------------

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATOR = re.compile(r"[^0-9A-Za-z]+")
_ONE_MINUS = re.compile(r"\s*1\s*[-\N{MINUS SIGN}]")
_DIGITS = re.compile(r"^([a-z]+?)(?:\d+)$")
_WHERE = vocabulary(
    """train training trn val valid validation eval evaluation test testing dtrain dtest dev holdout oof cv best mean avg
    average final last max min macro micro weighted epoch step metrics rollout v1 v2 at p50 p90 p95 p99"""
)


def tokens_of(name: str) -> tuple[str, ...]:
    """Lower-case words of ``name``, split at everything that is no letter or digit and at camelCase."""
    plain = name.replace("chrF", "chrf").replace("mAP", "map").replace("mAR", "mar").replace("mIoU", "miou").replace("IoU", "iou")
    return tuple(word.lower() for part in _SEPARATOR.split(plain) for word in _CAMEL.split(part) if word)


def _whole_name(name: str, tokens: tuple[str, ...]) -> Goal | None:
    if name.startswith("system/") or name in ("FPs", "TPs") or _ONE_MINUS.match(name):
        return "none"
    core = _core(tokens)
    return _EXACT.get(core) or _EXACT.get(tuple(tokens))


def _core(tokens: Sequence[str]) -> tuple[str, ...]:
    """``tokens`` without where-words and bare numbers at both ends."""
    rest = list(tokens)
    while rest and (rest[0] in _WHERE or rest[0].isdigit()):
        rest.pop(0)
    while rest and (rest[-1] in _WHERE or rest[-1].isdigit()):
        rest.pop()
    return tuple(rest)


def _goal_of(tokens: tuple[str, ...]) -> Goal:
    """The token rules, in the order that the exceptions need."""
    core = _core(tokens)
    words = set(core)
    if not core or _names_a_moment(tokens) or _is_two_splits(tokens) or _is_signed(tokens):
        return "none"
    if (words & _SPREAD and "explained" not in words) or _is_pair(core, "p", "value") or _is_pair(core, "standard", "error"):
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
    return "signed" in words or (whole and not set(tokens) & _UNSIGNED)


_UNSIGNED = vocabulary("absolute squared square abs root log rate top1 top5 classification test_error")


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
    things = "samples steps tokens images frames items examples queries requests iterations episodes batches it records rows words sentences"
    if per_time:
        return "maximize" if before & set(things.split()) and not words & (_WEAK_LOW | _STRONG_LOW) else "none"
    if before & (_TIME | {"s", "sec", "seconds", "ms"}):
        return "minimize"
    return None


def _sklearn_negative(core: tuple[str, ...], words: set[str]) -> Goal | None:
    """scikit-learn's ``neg_<loss>`` is negated so that higher is better; the negative log-likelihood is a loss."""
    if core[0] not in ("neg", "negative") or "likelihood" in words or "loglikelihood" in words or "elbo" in words:
        return None
    rest = set(core[1:])
    if core[0] == "negative" and ("predictive" in rest or not rest & _STRONG_LOW):
        return None
    return "maximize" if rest & _STRONG_LOW and not rest & (_STRONG_HIGH | _TURNS | _BOOKKEEPING) else "none"


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
            return "none" if words & _TURNS else "maximize" if first == "true" else "minimize"
    if "likelihood" in words and "ratio" in words and words & {"positive", "negative"}:
        return "maximize" if "positive" in words else "minimize"
    counts = {"tp", "tn", "fp", "fn"} & words
    if counts and not words - counts - _NEUTRAL:
        return "none" if len(counts) > 1 else "maximize" if counts < {"tp", "tn"} else "minimize"
    return None


def _skill(core: tuple[str, ...], words: set[str]) -> Goal | None:
    """``d2_absolute_error_score`` and skill scores are shares of an error explained."""
    if core[0] == "d2" or ("skill" in words and "score" in words and not words & _TURNS_HIGH):
        return "maximize"
    return None


def _phrase(core: tuple[str, ...], words: set[str]) -> Goal | None:
    for phrase, goal in _PHRASES:
        for at in range(len(core) - len(phrase) + 1):
            if core[at : at + len(phrase)] == phrase:
                beside = words - set(phrase)
                turned = beside & ((_TURNS_HIGH if goal == "maximize" else _TURNS) | {"neg", "negative"})
                against = beside & (_STRONG_LOW | {"drop"} if goal == "maximize" else _STRONG_HIGH)
                return "none" if turned or against or beside & (_BOOKKEEPING - {"id"}) else goal
    return None


def _duration(core: tuple[str, ...], words: set[str]) -> Goal | None:
    """Time spent is better when less, but only when the words beside it say that it is time spent."""
    if "fps" in words and words <= {"fps"} | _BESIDE_TIME:
        return "maximize"
    if not words & _TIME and not ("wall" in words and "clock" in words):
        return None
    strong = _STRONG_HIGH | _STRONG_LOW
    base = {_base(word) for word in words}
    if words <= _TIME | _BESIDE_TIME | strong:
        return "none" if {"timesteps", "remaining", "fps"} & base else "minimize" if words - {"time"} or len(core) > 1 else "none"
    return "none"


def _base(word: str) -> str:
    """``rouge1`` -> ``rouge``; words whose digits are part of the name stay."""
    if word in _STRONG_HIGH | _STRONG_LOW | _WEAK_HIGH | _WEAK_LOW | _NEUTRAL | _BOOKKEEPING:
        return word
    match = _DIGITS.match(word)
    base = match[1] if match else word
    return base if len(base) >= 2 else word


def _by_vocabulary(core: tuple[str, ...]) -> Goal:
    base = [_base(word) for word in core]
    known = set(base)
    last = {word: at for at, word in enumerate(base)}
    strong_high, strong_low = known & _STRONG_HIGH, known & _STRONG_LOW
    weak_high, weak_low = known & _WEAK_HIGH, known & _WEAK_LOW
    if strong_high & {"spearman", "pearson", "kendall", "matthews"}:
        known -= {"coef", "coefficient", "corr", "rank"}
    if known & (_BOOKKEEPING - strong_high - strong_low):
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
    if known & (_TURNS - {"real", "distance", "divergence"} | {"drop", "decline"}) or known & {"neg", "negative"}:
        return "none"
    if known & {"loss", "losses"} and (known & (_RL_LOSSES | {"profit", "return", "gain", "win", "wins", "ratio"})):
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
            "minimize" if worse > at and not known & _TURNS_HIGH - {"drop", "degradation", "decline", "deterioration"} else "none"
        )
    if known & _TURNS_HIGH or any(last[word] > at for word in low):
        return "none"
    return "none" if known & {"attack", "jailbreak"} else "maximize"


def _weak_low(known: set[str], weak_high: set[str], weak_low: set[str]) -> Goal:
    if known & {"attack", "jailbreak"} and weak_high <= {"success", "successes", "pass"}:
        return "none" if known & _TURNS else "minimize"
    if weak_high - {"quality"} or known & (_TURNS | {"neg", "negative"}):
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
    if weak_low <= generic and known - weak_low - _NEUTRAL - {
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
    if known & (_TURNS_HIGH | {"neg", "negative"}):
        return "none"
    if weak_high <= _GENERIC_HIGH:
        understood = (
            weak_high | _NEUTRAL | vocabulary("llm judge semantic answer cosine inception ep episode episodic cache win rating")
        )
        if known - understood or ("index" in known and "quality" in known):
            return "none"
    if "return" in weak_high:
        return "maximize" if known & {"episode", "ep", "episodic", "discounted", "cumulative", "undiscounted"} else "none"
    return "maximize"

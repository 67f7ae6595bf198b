"""The words of metric names: what says nothing, what is better when more or less, and what turns a direction round."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.model import Goal


def vocabulary(text: str) -> frozenset[str]:
    """The words of ``text``."""
    return frozenset(text.split())


# Where, how often and how it was averaged: says nothing about the direction.
NEUTRAL = vocabulary(
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
BOOKKEEPING = vocabulary(
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
SPREAD = vocabulary("std stderr sem stdev stddev sd var variance pvalue pval iqr spread ci")

# Names of measures that mean one thing whatever stands beside them.
STRONG_HIGH = vocabulary(
    """accuracy accuracies acc auc auroc auprc aucpr prauc rocauc roc f1 f2 f05 fbeta fscore fmeasure precision recall
    specificity tpr tnr ppv npv ap map mar ap50 ap75 map50 map75 mrr ndcg dcg r2 rsquared kappa mcc matthews corrcoef iou miou
    giou diou ciou jaccard dice dsc bleu sacrebleu gleu rouge rougel rougelsum meteor chrf bertscore bleurt cider mauve comet
    psnr ssim msssim stoi pesq mos hota idf1 mota pearson pearsonr spearman spearmanr kendall kendalltau nse kge ccc
    concordance cindex silhouette ari nmi ami homogeneity fowlkes auuc qini elpd elbo sharpe sortino calmar fps throughput
    qps winrate snr sdr sisdr sisnr auac"""
)
STRONG_LOW = vocabulary(
    """loss losses error errors err logloss mlogloss mae mse rmse mape smape wape wmape mase rmsse msle rmsle rmsele medae mdape
    nrmse nmae mre rae rse rrse sse rss nll nloglik negloglik crossentropy xent bce ce perplexity ppl bpb bpc bpd
    deviance brier crps ece mce wer cer mer wil eer der hter acer apcer bpcer fmr fnmr frr far fpr fnr fdr fid kid lpips niqe brisque
    epe ade fde mpjpe nme hausdorff chamfer wasserstein emd mmd levenshtein regret aic bic aicc davies bouldin
    inertia wcss distortion mindcf aurc eaurc kullback leibler pinball idsw misclassification smse mlog multierror
    residuals impurity hinge"""
) - vocabulary("residuals mlog")

# Words that point one way unless something beside them turns them round.
WEAK_HIGH = vocabulary(
    """reward rewards rew return success successes succeeded pass passed passing solved win wins elo faithfulness groundedness
    relevance relevancy correctness correct coherence fluency helpfulness consistency conciseness completeness harmlessness safety
    robustness factuality truthfulness truthful truthfulqa mmlu hellaswag gsm8k humaneval mbpp winogrande piqa boolq arc
    quality similarity sensitivity agreement match hit hits lift uplift skill gain gains improvement conversion conversions revenue
    profit sales roi roas ltv arpu ctr cvr engagement retention nps csat satisfaction diversity novelty uniqueness validity
    availability uptime speedup efficiency explained likelihood loglikelihood loglik llf fairness informedness detection mutual"""
)
WEAK_LOW = vocabulary(
    """toxicity hallucination hallucinations violation violations failure failures failed failing fail crash crashes timeout timeouts
    defect defects mistake mistakes incorrect wrong mismatch mismatches invalid unsafe harmful harmfulness bias drift psi
    leakage attack jailbreak penalty penalties cost costs emissions carbon co2 energy consumption churn unsubscribe bounce
    complaint complaints refund refunds downtime outage repetition degradation decline deterioration drop forgetting miss misses missed
    shortfall overshoot undershoot latency runtime duration ttft tpot delay tardiness makespan lateness rejected
    switches fragmentations shrinkage stereotype unfairness rework irrelevance inconsistency incoherence contradiction contradictions
    retries overfitting overfit underfitting"""
)

# Beside a word that points down these turn it round, or may: then nobody can tell.
TURNS = vocabulary(
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
TURNS_HIGH = vocabulary(
    """non no not without zero un anti minus inverse inv reciprocal complement attack attacker adversary membership inference0
    discriminator discr domain fake real propensity c2st forget unlearn unlearning self dissimilarity distance divergence cost
    hacking reduction decrease decreased reduced drop degradation decline deterioration loss0 leak leaked poison poisoned backdoor
    spoof deepfake between vs versus noise misclassified rejected disparity parity violation violations inconsistency"""
)
# Generic words: they count only when every word beside them is understood.
GENERIC_HIGH = vocabulary(
    "quality similarity sensitivity match hit hits lift gain gains skill pass passed detection mutual return explained likelihood"
)

TIME = vocabulary("time latency duration runtime elapsed ttft tpot delay walltime wallclock makespan")
BESIDE_TIME = vocabulary(
    """fit train training inference predict prediction eval evaluation score wall clock elapsed total run mean avg response
    processing compute computation cpu gpu step epoch batch iteration load loading data search query request requests per first
    token tokens end to accuracy convergence s ms sec seconds minutes min hours h us ns p50 p90 p95 p99 max median latency
    runtime duration val valid validation test best model build startup compile compilation execution exec generation encode
    decode forward backward io read write sampling tokenization embedding retrieval llm api user cold warm start sum average
    time std0 preprocessing preprocess postprocess postprocessing optimizer download upload queue wait waiting and of the in"""
)

EXACT: Mapping[tuple[str, ...], Goal] = {
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

PHRASES: tuple[tuple[tuple[str, ...], Goal], ...] = (
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

RL_LOSSES = vocabulary("entropy kl policy pg actor generator discriminator adversarial g d gan value0 temperature alpha")

WHERE = vocabulary(
    """train training trn val valid validation eval evaluation test testing dtrain dtest dev holdout oof cv best mean avg
    average final last max min macro micro weighted epoch step metrics rollout v1 v2 at p50 p90 p95 p99"""
)

UNSIGNED = vocabulary("absolute squared square abs root log rate top1 top5 classification test_error")

COUNTED = vocabulary(
    "samples steps tokens images frames items examples queries requests iterations episodes batches it records rows words sentences"
)
"""More of them per second is better."""

UNDERSTOOD_BESIDE = vocabulary("llm judge semantic answer cosine inception ep episode episodic cache win rating")
"""Words that leave the direction of a generic good word alone."""

"""The words from which the direction of a metric is read.

Each list is a class of words that the rules of ``direction_rules`` treat alike. A word belongs to the class of what it says
in the names of public libraries and benchmarks; a word that is used both ways stands in no list with a direction.
"""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.model import Goal


def vocabulary(text: str) -> frozenset[str]:
    """The words of ``text``."""
    return frozenset(text.split())


SPLITS = vocabulary(
    """train training trn tr val valid validation eval evaluation test testing te dtrain dtest dvalid dev holdout oof oob cv learn infer
    inference xtrain xtest xval xvalid xte xtr xeval ytest yval ytrain x y unknown dataset data df held out"""
)
STATISTICS = vocabulary(
    "best mean avg average averaged final last max min median macro micro weighted epoch step metrics rollout v1 v2 at end p50 p90 p95 p99"
)
WHERE = (SPLITS | STATISTICS) - vocabulary("unknown dataset data df x y held out median learn infer inference tr te")
"""Words that are taken off both ends of a name: where it was measured and how it was averaged."""

NEUTRAL = (
    SPLITS
    | STATISTICS
    | vocabulary(
        """samplewise sample ovr ovo batch iter end start v3 metric time k top overall total global local running moving ema smoothed smooth
        sum per binary multiclass multilabel multi class classes classification regression regressor classifier regularized online offline
        rate ratio fraction frac share score scores value values index percent percentage pct proportion measure in on of the for and with by to from
        s ms sec secs seconds second us ns mins minutes minute h hr hours hour usd eur dollars b box mask bbox seg segm
        sparse categorical absolute relative squared square root log symmetric scaled normalized adjusted balanced user item
        users items session sessions request requests query queries call calls 1k 1m retrieval llm judge answer answers response responses text image model
        strict flexible extract a pixel fold set ood id0 public private mc1 mc2 cross one two task tasks example examples run runs
        charts env runners custom info perf performance summary stats simple original level prompt inst loose generalized universal multiscale semantic human gpt4 gpt agent tool document documents chunk
        accumulated cumulative name names output outputs input inputs dataloader idx"""
    )
)

BOOKKEEPING = vocabulary(
    """epochs steps iteration iterations iters n num number count counts seed lr learning grad grads gradient gradients norm
    scale scaler lambda alpha beta gamma temperature threshold thresholds cutoff target targets targ targs baseline chance majority dummy naive
    random weight weights coef coefficient coefficients momentum warmup schedule scheduler patience quota budget limit size
    sizes length len lengths dim dims dimension width height depth layer layers version timestamp timestep timesteps rank ranks id ids uuid
    support param params parameter parameters memory mem ram vram rss cpu gpu cuda disk network bytes kb mb gb tb megabytes
    gigabytes usage utilization utilisation occupancy flops flos gflops macs bits mixed clock tokens token entropy kl approxkl slope intercept
    coverage refusal refusals abstention acceptance rejection pvalue pval statistic stat tstat zscore lag horizon window offset shift
    bound bounds lower upper lb ub ci low high quantiles percentile std stderr sem stdev stddev sd var variance spread iqr
    range skew skewness kurtosis histogram hist importance shap feature features prediction predictions predicted pred preds
    actual labels confidence probability prob probs logit logits logps estimate flesch grade readability inf skipped
    correlationid checkpoint ckpt worker workers rows columns cols records lookback interval epsilon delta deltas diff
    difference differences change changes gap gaps variation drawdown imbalance sparsity condition codebook eigenvalue
    allowed permitted position positions clipfrac clipped support null
    temp celsius fahrenheit turns tss nobs required noise sigma ceiling floor nominal requested
    bins bin buckets types type kinds reference ref bandwidth power watts"""
)
SPREADS = vocabulary("std stderr sem stdev stddev stdv sd var variance pvalue pval iqr spread ci")
MODIFIERS = vocabulary(
    "token tokens label labels feature features layer record records column columns row rows interval bits mixed gpu cpu rank "
)
"""Bookkeeping words that only say of what, when a measure follows: ``token_accuracy``."""

QUANTITIES = vocabulary(
    "pred prediction predictions depth width height length size position positions count temperature volume age estimate"
)
"""Bookkeeping words that are what was measured when an error or an accuracy follows: ``position_error``."""

STRONG_HIGH = vocabulary(
    """accuracy accuracies acc bacc macc aacc wacc auc auroc auprc aupr aucpr prauc rocauc roc gauc f1 f2 f05 fbeta fscore fmeasure precision
    prec recall specificity tpr tnr ppv npv ap aps apm apl map mar ap50 ap75 map50 map75 rprec bpref lwlrap lrap mrr ndcg dcg pfound r2 rsquared
    kappa wkappa qwk codebleu mfu hfu sari uas las mtbf mttf factscore mpa willmott markedness apb lddt plddt sdri snri sisdri sisnri cagr mcc matthews corrcoef iou miou fwiou giou diou ciou biou jaccard dice dsc bleu sacrebleu gleu rouge rougel rougelsum meteor chrf
    bertscore bleurt cider spice mauve comet frugalscore psnr ssim msssim stoi estoi pesq mos dnsmos utmos vmaf hota deta assa idf1 mota nds pck pckh tar
    oks pearson pearsonr spearman spearmanr kendall kendalltau nse kge ccc concordance cindex silhouette ari nmi ami homogeneity
    fowlkes auuc qini elpd elbo sharpe sortino calmar fps throughput goodput qps rps sps winrate snr sdr sisdr sisnr auac crpss bss
    clipscore informedness youden tjur mcfadden nagelkerke bacc llf"""
)
STRONG_LOW = vocabulary(
    """loss losses error errors err logloss mlogloss mae mse rmse mape smape wape wmape mase rmsse wrmsse msis msle rmsle rmsele medae
    mdae mdape medape gmae mspe rmspe mphe mre mare nrmse nmse nmae rae rse rrse sse ssr rss nll nlpd nloglik negloglik xentropy crossentropy
    xent bce ce focal misclass mttr winkler miscalibration rmsd mcd dcf tdcf sfid cfid rpe perplexity ppl bpb bpc bpd kldiv deviance brier ibs crps wql ece mce ace tce wer cer mer wil eer der ter her hter acer
    apcer bpcer fmr fnmr frr far fpr fnr fdr fid kid kvd fvd fad lpips niqe brisque piqe dists epe ade fde minade minfde mpjpe nme
    hausdorff hd95 asd assd chamfer wasserstein emd mmd levenshtein regret aic bic aicc hqic davies bouldin merror inertia wcss
    distortion mindcf aurc eaurc kullback leibler pinball idsw misclassification smse multierror impurity hinge logcosh silog
    rmselog absrel sqrel ttft tpot itl tbt latency latencies mate maoe mave maae zeroone"""
)

WEAK_HIGH = vocabulary(
    """reward rewards rew return returns pnl success successes successful succeeded pass passed passing won signup signups solve solved resolve win wins elo arena faithfulness
    faithful groundedness grounded relevance relevancy relevant correctness correct correctly coherence coherent fluency fluent helpfulness helpful consistency
    conciseness completeness complete completed completion harmlessness harmless safety safe robustness aesthetic aesthetics sim grounding top1 top5 factuality factual truthfulness truthful
    truthfulqa sufficiency equivalence adherence alignment mmlu hellaswag gsm8k humaneval mbpp winogrande piqa boolq arc bbh ifeval gpqa
    livecodebench mtbench openbookqa triviaqa medqa agieval superglue quality similarity sensitivity agreement match hit hits lift uplift skill
    gain gains improvement improvements conversion conversions revenue profit sales roi roas ltv arpu arppu gmv aov ctr cvr clickthrough click clicks
    engagement retention nps csat satisfaction upvotes upvote likes rating ratings diversity novelty serendipity uniqueness validity availability uptime
    speedup efficiency likelihood loglikelihood loglik fairness detection mutual fitness purity modularity
    usefulness helpfulness resolved solvable activation adoption purchase purchases subscription subscriptions renewal
    cosine predictive compliance clarity empathy politeness readiness accurate exactness exact em plausibility naturalness intelligibility"""
)
WEAK_LOW = vocabulary(
    """toxicity toxic hallucination hallucinations hallucinated violation violations failure failures failed failing fail crash crashes crashed timeout
    timeouts defect defects mistake mistakes incorrect wrong mismatch mismatches invalid unsafe harmful harmfulness maliciousness misogyny profanity
    sycophancy bias drift psi leakage leak leaks leaked attack jailbreak jailbreaks penalty penalties cost costs price emissions carbon co2 co2e co2eq energy consumption
    churn churned unsubscribe bounce abandonment abandoned abandon complaint complaints refund refunds chargeback chargebacks downtime outage outages repetition
    degradation decline deterioration drop forgetting miss misses missed missing missingness nan nans nulls duplicate duplicates duplicated shortfall
    overshoot undershoot runtime duration delay tardiness makespan lateness rejected switches fragmentations shrinkage stereotype
    unfairness rework overrefusal irrelevance inconsistency inconsistencies incoherence contradiction contradictions retry retries retried overfitting overfit underfitting
    exception exceptions collision collisions disengagement disengagements intervention interventions escalation escalations fallback fallbacks ungrounded unsupported unanswered unfaithful untruthful
    malformed fabricated incident incidents irrelevant aborted abort aborts dropped lost corrupted corrupt oom segfaults warnings bugs bug conflicts contamination memorization regurgitation plagiarism
    frustration thumbsdown downvotes downvote empty stalls stall wasted mortality spam late expired mislabeled misrouted misclassified unresolved unsolved
    disparity spill infractions infraction lose"""
)

TURNS = vocabulary(
    """correction corrected correcting corrects detection detected detecting detector recovery recovered recovering recoverable resolution resolved
    prevention prevented prevent tolerance tolerant tolerated handling handled caught avoided avoidance reduction reductions reduced
    reducing reduce decrease decreased decreases decreasing fixed mitigated mitigation elimination eliminated free filtered removal removed suppression
    suppressed found improvement improvements improved gain gains saved saving savings blocked block defense defence defended resist resistance
    robustness robust non no not without zero un anti minus neg negated negate inverse inverted inv reciprocal complement complementary opposite
    flipped subtracted between survival efficiency effectiveness effective vs versus increase increased increases increasing explained margin
    return profit self discriminator discr generator adversary membership propensity domain fake real forget unlearn unlearning retain
    dissimilarity distance divergence codebook exponent remaining absence lack less fewer better worse headroom slack excess saved
    rescued imputed repaired retained reversed reversal undone slo sla quota hiding hidden deduplicated predictor predictability awareness
    simulated injected seeded intentional until lift uplift skill"""
)
TURNS_HIGH = vocabulary(
    """non no not without zero un anti minus neg negated negate inverse inverted inv reciprocal complement complementary opposite flipped subtracted
    attack attacks attacker adversary injection injections exploit exploits evasion hijack exfiltration phishing spoofing poisoning fooling extraction
    membership mia discriminator discr domain fake real propensity c2st forget unlearn unlearning self
    dissimilarity distance divergence cost hacking reduction reductions reduced decrease decreased decreases increase increased increases drop dropped drops
    degradation degraded decline declines deterioration leak leaked poison poisoned backdoor trojan spoof deepfake between vs versus noise
    misclassified rejected disparity parity violation violations inconsistency lost lack absence less fewer worse worsening regressed regressions
    shortfall deficit reversed adversaries stolen extraction until slo sla dissatisfaction jailbreak jailbroken"""
)
MOVES = vocabulary(
    """delta deltas diff diffs difference differences change changes changed gap gaps increase increases increased increasing decrease decreases
    decreased decreasing reduction reductions reduced reducing saved saving savings prevented prevention regressed regressions worsening worsened
    """
)
"""Words that make a difference of a measure: of what sign, the name does not say."""
NEGATIONS = vocabulary(
    """negated negate negation inverse inverted inv reciprocal complement complementary opposite flipped subtracted reversed non no not un
    without anti lack absence oneminus"""
)
"""Words that turn a measure round, in whatever place; ``neg`` and ``minus`` have rules of their own."""
IMPROVES = vocabulary(
    "gain gains improvement improvements improved lift uplift better corrected correction avoided avoidance mitigated mitigation"
)
CHANGES = vocabulary("drop drops degradation decline declines deterioration shortfall deficit")
"""Nouns that make a good thing's loss of it: ``accuracy_drop``."""

ATTACKS = vocabulary(
    """attack attacks attacker adversary jailbreak jailbreaks injection injections exploit exploits evasion hijack hijacking exfiltration phishing
    spoofing spoof backdoor trojan poisoning fooling extraction"""
)
"""What succeeds at our cost: ``prompt_injection_success_rate``."""

CLASS_LABELS = vocabulary(
    """toxic toxicity harmful unsafe spam invalid fail failed failure churn churned hallucination hallucinated incorrect wrong irrelevant duplicate
    missing defect bug late"""
)
"""Words that name the class of a measure which stands before them: ``f1_toxic``."""

GENERIC_HIGH = vocabulary(
    """quality similarity sim sensitivity match hit hits lift gain gains skill pass passed passing won signup signups detection mutual return returns likelihood
    complete completed completion equivalence alignment adherence compliance rating ratings click clicks solve resolve activation adoption efficiency win exact em
    predictive cosine purchase purchases complete arena readiness relevant safe accurate arc sufficiency"""
)
"""Words that count only when every word beside them is understood; so does ``score``."""
BESIDE_GENERIC = vocabulary(
    """ep episode episodic cache inception rating arena bench benchmark mt rubric ragas combined squad summarization instruction following
    clip bert mushra through thumbs up win elo judge judged game games match average open add cart lb oob holdout task goal tests
    test check checks passed pass code gates gate guardrail guardrails json format schema syntax sql success prompt role conversational
    conversation context contextual retrieved entity semantic facial speaker style embedding embeddings cosine dot tool call
    predictive density order page product ad ads email subscription wins ties data overall final leaderboard gold reference answers
    guideline guidelines expectations structural perceptual kaggle alpaca arenahard hard mean instruct code bigcode sum episodes
    discounted undiscounted cumulative normalized human daily weekly monthly annual annualized rate query turn policy user users agents agent
    llm plan planning step goal tool knowledge image text"""
)
GENERIC_LOW = vocabulary(
    """bias drop energy carbon attack psi miss misses missed missing nan nans nulls rejected consumption bounce fail price duplicate duplicates duplicated empty late penalty penalties spam
    dropped lost expired retry lose emissions warnings conflicts wrong switches drift leak leaks delay duration abort disparity memorization
    energy bug"""
)
BESIDE_LOW = vocabulary(
    """data cache consumed kwh wh joules kg g grams eq prediction feature label concept covariate values rows records cells columns entries messages
    packets frames n num number count counts responses labels fields api tool calls http rate_limit jobs tests checks cpu gpu ram memory
    carbon emissions co2 energy per output answers tokens events deliveries cart tasks pii prompt secret email score total duplicates"""
)

TIME = vocabulary("time times duration runtime elapsed walltime wallclock makespan delay latency latencies ttft tpot itl tbt")
BESIDE_TIME = vocabulary(
    """fit train training infer inference gen byte predict prediction eval evaluation score wall clock elapsed total run mean avg response
    processing compute computation cpu gpu step epoch batch iteration load loading data search query queries request requests per first
    token tokens to accuracy convergence s ms sec secs seconds second minutes min mins hours hour h us ns p50 p90 p95 p99 p999 max median latency
    runtime duration val valid validation test best model build startup compile compilation execution exec generation encode encoding
    decode decoding forward backward io read write sampling tokenization embedding retrieval llm api user cold warm coldstart warmstart sum average
    time times preprocessing preprocess postprocess postprocessing optimizer download upload queue wait waiting and of the in on for jit
    preparation prep setup init initialization iter agent tool call e2e overall training solve solution search tuning optimization job task output input
    inter between next last prefill wallclock walltime itl ttft tpot warmup ingestion indexing index transform pipeline serving server client
    round trip this rtt idle network images image sample samples fold cv refit feature engineering extraction rerank reranking judge tail"""
)

MEMORY = vocabulary("memory mem ram vram rss")
BESIDE_MEMORY = vocabulary(
    """peak max maximum mean avg average min final usage used use allocated reserved footprint gpu cpu cuda device host process system resident train training
    inference eval test val model mb gb kb mib gib bytes megabytes gigabytes overhead b percent pct percentage consumption consumed 0 1 2 3 4 5 6 7 required
    requirement cost python torch runtime"""
)

COUNTS = vocabulary("n num number nr count counts total of ")
COUNTED_LOW = vocabulary(
    """error errors failure failures failed fail timeout timeouts crash crashes crashed missing nan nans null nulls exception exceptions violation
    violations retry retries invalid hallucination hallucinations mistake mistakes incorrect wrong collision collisions complaint complaints conflicts bug bugs
    defect defects duplicate duplicates refunds misses missed dropped unsafe rejected contradictions escalations fallbacks outages mismatches leak limited throttled
    misclassified aborted unresolved unsolved downvotes infractions leaks toxic empty lost oom drifted malformed fabricated incident incidents fragmentations disengagements interventions unsupported hallucinated ungrounded harmful"""
)
COUNTED_HIGH = vocabulary(
    "correct correctly success successes successful succeeded passed pass solved wins win won hits hit resolved clicks conversions completed upvotes likes purchases supported"
)
COUNTED_THINGS = vocabulary(
    """requests request queries query calls call values value rows row records cells columns entries responses response answers answer examples example samples sample tests test
    checks check gates gate runs run jobs job tasks task games trials episodes tool api json parse parsing schema format guardrail policy constraint
    safety rate limit http server client 4xx 5xx 500 429 prediction predictions items cases items total train val valid validation eval images
    documents files labels label tokens words feature features llm agent data timeout cache validation type unit connection network read write user steps
    predicted classified per epoch mean claims claim citations citation output outputs frames packets losses field fields pii actions action tokens"""
)
THINGS_PER_SECOND = vocabulary(
    """samples sample steps step tokens token tok toks images image imgs img frames items examples example queries requests req iterations its it
    iters episodes batches records rows words sentences documents docs graphs nodes edges molecules tps"""
)
SECONDS = vocabulary("s sec secs second seconds minute min hour h")
MONEY = vocabulary("cost costs price usd eur dollar dollars")

ADVERBS: tuple[tuple[str, ...], ...] = (
    ("scale", "invariant"),
    ("complex", "scale", "invariant"),
    ("permutation", "invariant"),
    ("non", "intrusive"),
    ("multi", "scale"),
    ("no", "reference"),
    ("no", "ans"),
    ("has", "ans"),
    ("blocked", "effect"),
    ("sliding", "window"),
    ("one", "hot"),
    ("ground", "truth"),
    ("length", "controlled"),
    ("fixed", "precision"),
    ("end", "to", "end"),
    ("epoch", "end"),
    ("at", "thresholds"),
    ("deep", "noise", "suppression"),
    ("zero", "shot"),
    ("few", "shot"),
    ("human", "normalized"),
    ("mutual", "information", "gain"),
    ("data", "set"),
    ("real", "time"),
    ("real", "world"),
)
"""Words that together say nothing about the direction, though one of them would."""

EXACT: Mapping[tuple[str, ...], Goal] = {
    ("l1",): "minimize",
    ("l2",): "minimize",
    ("quantile",): "minimize",
    ("multi", "quantile"): "minimize",
    ("log", "lin", "quantile"): "minimize",
    ("expectile",): "minimize",
    ("huber",): "minimize",
    ("poisson",): "minimize",
    ("tweedie",): "minimize",
    ("log10",): "minimize",
    ("owa",): "minimize",
    ("gini",): "maximize",
    ("average", "return"): "maximize",
    ("mean", "return"): "maximize",
    ("oa",): "maximize",
    ("gmean",): "maximize",
    ("g", "mean"): "maximize",
    ("ar", "max", "dets"): "maximize",
    ("log", "likelihood", "of", "prediction"): "maximize",
    ("summarization",): "maximize",
    ("return",): "maximize",
    ("cmc", "rank"): "maximize",
    ("tflops", "per", "gpu"): "maximize",
    ("achieved", "tflops"): "maximize",
    ("slo", "attainment"): "maximize",
    ("median", "ae"): "minimize",
    ("mean", "ae"): "minimize",
    ("pq",): "maximize",
    ("sq",): "maximize",
    ("rq",): "maximize",
    ("hr",): "maximize",
    ("ar",): "maximize",
    ("vif",): "maximize",
    ("clip", "i"): "maximize",
    ("clip", "t"): "maximize",
    ("spectral", "angle", "mapper"): "minimize",
    ("squad",): "maximize",
    ("mt", "bench"): "maximize",
    ("alpaca", "eval"): "maximize",
    ("nist", "mt"): "maximize",
    ("charcut", "mt"): "minimize",
    ("abs", "rel"): "minimize",
    ("sq", "rel"): "minimize",
    ("noise", "sensitivity"): "minimize",
    ("score",): "maximize",
    ("bias",): "none",
    ("energy",): "none",
    ("energy", "score"): "minimize",
    ("interval", "score"): "minimize",
    ("reward", "std"): "none",
    ("perceptual", "path", "length"): "minimize",
    ("harrell", "c"): "maximize",
    ("harrells", "c"): "maximize",
    ("uno", "c"): "maximize",
    ("unos", "c"): "maximize",
    ("c", "index"): "maximize",
    ("c", "statistic"): "maximize",
    ("somers", "d"): "maximize",
    ("theil", "u"): "minimize",
    ("mean", "rank"): "minimize",
    ("median", "rank"): "minimize",
    ("mostly", "tracked"): "maximize",
    ("mostly", "lost"): "minimize",
    ("mse", "total"): "none",
    ("mse", "model"): "none",
    ("average", "order", "value"): "maximize",
    ("arc",): "none",
    ("attack",): "none",
    ("price",): "none",
    ("ctr", "factor"): "none",
}
"""Whole names, after where-words are taken off both ends."""

BOOSTING: Mapping[str, Goal] = {
    "fair": "minimize",
    "gamma": "minimize",
    "l2_root": "minimize",
    "cross_entropy_lambda": "minimize",
    "xentlambda": "minimize",
    "pre": "maximize",
    "ams": "maximize",
    "r2": "maximize",
}
"""Metrics of XGBoost and LightGBM whose names mean something else elsewhere: after ``<data set>-``."""

PHRASES: tuple[tuple[tuple[str, ...], Goal], ...] = (
    (("explained", "variance"), "maximize"),
    (("acc", "norm"), "maximize"),
    (("area", "under", "pr"), "maximize"),
    (("area", "under", "roc"), "maximize"),
    (("area", "under", "curve"), "maximize"),
    (("coverage", "error"), "minimize"),
    (("jensen", "shannon", "divergence"), "minimize"),
    (("jensen", "shannon", "distance"), "minimize"),
    (("frechet", "inception", "distance"), "minimize"),
    (("kernel", "inception", "distance"), "minimize"),
    (("explained", "deviance"), "maximize"),
    (("deviance", "explained"), "maximize"),
    (("variance", "explained"), "maximize"),
    (("neg", "log", "likelihood"), "minimize"),
    (("negative", "log", "likelihood"), "minimize"),
    (("neg", "loglikelihood"), "minimize"),
    (("negative", "loglikelihood"), "minimize"),
    (("negative", "loglik"), "minimize"),
    (("neg", "elbo"), "minimize"),
    (("negative", "elbo"), "minimize"),
    (("neg", "log", "predictive", "density"), "minimize"),
    (("negative", "log", "predictive", "density"), "minimize"),
    (("log", "predictive", "density"), "maximize"),
    (("log", "likelihood"), "maximize"),
    (("likelihood", "ratio"), "none"),
    (("negative", "predictive", "value"), "maximize"),
    (("positive", "predictive", "value"), "maximize"),
    (("calinski", "harabasz"), "maximize"),
    (("dunn", "index"), "maximize"),
    (("adjusted", "rand"), "maximize"),
    (("rand", "score"), "maximize"),
    (("rand", "index"), "maximize"),
    (("v", "measure"), "maximize"),
    (("adjusted", "mutual"), "maximize"),
    (("normalized", "mutual"), "maximize"),
    (("mutual", "info"), "maximize"),
    (("mutual", "information"), "maximize"),
    (("reciprocal", "rank"), "maximize"),
    (("residual", "deviance"), "minimize"),
    (("gamma", "deviance"), "minimize"),
    (("gamma", "nloglik"), "minimize"),
    (("frechet", "audio", "distance"), "minimize"),
    (("frechet", "distance"), "minimize"),
    (("frechet", "inception"), "minimize"),
    (("inception", "distance"), "minimize"),
    (("edit", "distance"), "minimize"),
    (("hamming", "distance"), "minimize"),
    (("hamming", "score"), "maximize"),
    (("minkowski", "distance"), "minimize"),
    (("energy", "distance"), "minimize"),
    (("ks", "distance"), "minimize"),
    (("surface", "distance"), "minimize"),
    (("procrustes", "disparity"), "minimize"),
    (("distortion", "index"), "minimize"),
    (("perceptual", "image", "patch", "similarity"), "minimize"),
    (("perceptual", "evaluation", "speech"), "maximize"),
    (("opinion", "score"), "maximize"),
    (("panoptic", "quality"), "maximize"),
    (("segmentation", "quality"), "maximize"),
    (("recognition", "quality"), "maximize"),
    (("image", "quality"), "maximize"),
    (("speech", "quality"), "maximize"),
    (("visual", "information", "fidelity"), "maximize"),
    (("objective", "intelligibility"), "maximize"),
    (("reverberation", "modulation"), "maximize"),
    (("translation", "edit", "rate"), "minimize"),
    (("exact", "match"), "maximize"),
    (("word", "information", "preserved"), "maximize"),
    (("word", "info", "preserved"), "maximize"),
    (("word", "information", "lost"), "minimize"),
    (("word", "info", "lost"), "minimize"),
    (("quantile", "score"), "minimize"),
    (("information", "ratio"), "maximize"),
    (("miss", "detection"), "minimize"),
    (("missed", "detection"), "minimize"),
    (("missed", "detections"), "minimize"),
    (("type", "1", "error"), "minimize"),
    (("type", "2", "error"), "minimize"),
    (("type", "i", "error"), "minimize"),
    (("type", "ii", "error"), "minimize"),
    (("population", "stability"), "minimize"),
    (("pass", "rate"), "maximize"),
    (("open", "rate"), "maximize"),
    (("nash", "sutcliffe"), "maximize"),
    (("kling", "gupta"), "maximize"),
    (("geometric", "mean", "score"), "maximize"),
    (("completion", "rate"), "maximize"),
    (("purchase", "rate"), "maximize"),
    (("click", "rate"), "maximize"),
    (("net", "promoter"), "maximize"),
    (("lifetime", "value"), "maximize"),
    (("variogram", "score"), "minimize"),
    (("explained", "var"), "maximize"),
    (("bounce", "rate"), "minimize"),
    (("ranked", "probability", "score"), "minimize"),
    (("brier", "skill"), "maximize"),
    (("signal", "noise"), "maximize"),
    (("signal", "to", "noise"), "maximize"),
    (("signal", "distortion"), "maximize"),
    (("signal", "to", "distortion"), "maximize"),
    (("intersection", "over", "union"), "maximize"),
    (("distance", "intersection", "over", "union"), "maximize"),
    (("index", "of", "agreement"), "maximize"),
    (("critical", "success"), "maximize"),
    (("information", "coefficient"), "maximize"),
    (("coefficient", "of", "determination"), "maximize"),
    (("dice", "coefficient"), "maximize"),
    (("dice", "coef"), "maximize"),
    (("dice", "coeff"), "maximize"),
    (("jaccard", "coefficient"), "maximize"),
    (("correlation", "coefficient"), "maximize"),
    (("matthews", "correlation"), "maximize"),
    (("pearson", "correlation"), "maximize"),
    (("spearman", "correlation"), "maximize"),
    (("concordance", "correlation"), "maximize"),
    (("qini", "coefficient"), "maximize"),
    (("normalized", "gini"), "maximize"),
    (("0", "1", "loss"), "minimize"),
    (("cosine", "similarity"), "maximize"),
    (("structural", "similarity"), "maximize"),
    (("id", "switches"), "minimize"),
    (("bits", "per", "byte"), "minimize"),
    (("bits", "per", "character"), "minimize"),
    (("bits", "per", "char"), "minimize"),
    (("bits", "per", "dim"), "minimize"),
    (("bits", "per", "token"), "minimize"),
    (("bits", "per", "word"), "minimize"),
    (("hit", "rate"), "maximize"),
    (("hit", "ratio"), "maximize"),
    (("click", "through", "rate"), "maximize"),
    (("false", "alarm"), "minimize"),
    (("fall", "out"), "minimize"),
    (("fall", "rate"), "minimize"),
    (("miss", "rate"), "minimize"),
    (("over", "refusal"), "minimize"),
    (("false", "refusal"), "minimize"),
    (("refusal", "error"), "minimize"),
    (("thumbs", "up"), "maximize"),
    (("up", "votes"), "maximize"),
    (("down", "votes"), "minimize"),
    (("goal", "reached"), "maximize"),
    (("add", "to", "cart"), "maximize"),
    (("missing", "values"), "minimize"),
    (("kl", "divergence"), "minimize"),
    (("kld", "divergence"), "minimize"),
    (("js", "divergence"), "minimize"),
    (("leibler", "divergence"), "minimize"),
    (("jensen", "shannon"), "minimize"),
    (("kullback", "leibler"), "minimize"),
    (("generalization", "gap"), "minimize"),
    (("carbon", "emissions"), "minimize"),
    (("energy", "consumed"), "minimize"),
    (("energy", "consumption"), "minimize"),
)
"""Read inside a name; the first that occurs decides, unless a turning word stands beside it."""

RL_LOSSES = vocabulary("entropy kl policy pg actor generator discriminator adversarial g d gan temperature alpha coef ent")

ESTIMATORS = "|".join(
    sorted(
        vocabulary(
            """Classifier Regressor Regression CV NB SVC SVR SVM Pipeline Means Ridge Lasso LassoLarsIC Lars ElasticNet Mixture PCA Perceptron Analysis
            Density OMP Pursuit Clusterer Estimator Model Forest Covariance Voting CCA OAS Wolf CovDet Centroid Envelope Propagation Spreading
            Allocation Chain Canonical RFE"""
        )
    )
)
"""How the names of scikit-learn's estimators end, and of those that follow it: their ``score`` is better when higher."""

# Measures between 0 and 1 (or 0 and 100 %) by their definition.
SHARES = vocabulary(
    """accuracy accuracies acc auc auroc auprc aucpr prauc rocauc precision recall specificity sensitivity tpr tnr fpr fnr ppv npv
    ap map f fbeta fscore fmeasure iou miou jaccard dice dsc ndcg mrr wil eer share fraction winrate hellaswag mmlu gsm8k
    humaneval mbpp winogrande piqa boolq arc exact_match hit pass brier misclassification correctness"""
)
# Beside one of them: a difference, a count, a logarithm, a spread or a loss is no share.
NO_SHARES = vocabulary(
    """loss log delta change diff difference gap count counts n num number std stddev sd var variance per time seconds ms lift gain
    improvement ratio error_count"""
)

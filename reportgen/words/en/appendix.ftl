appendix-every-metric-group-against = Every metric and group against the baseline
appendix-title = Appendix
appendix-question = Which tests were made, how, and on which runs?
appendix-column-what = What
appendix-column-value = Value
appendix-column-how = How
appendix-column-source = Source
appendix-every-test = Every test of { $label }
appendix-first-line-decides-all = The first line decides; all others only show whether it depends on how it was asked. docs/statistics.md has formulas and coverage.
appendix-effect-sizes-permutation-tests = Effect sizes, permutation tests and rank tests are not printed below five runs per side.
appendix-folds-splits-share-training = Folds and splits share training data, so there is no permutation line and no relative difference.
appendix-welch-s-t-test = Welch's t test
appendix-paired-t-test = Paired t test
appendix-corrected-paired-t-test = Corrected paired t test
appendix-test = Test
appendix-rule-beside-decision-says = the rule beside the decision says why
appendix-minimum-sample-rules = Minimum-sample rules
appendix-p = { $interval }, no p
appendix-only-two-runs-never = { $level } only: two runs are never tested
appendix-references = { $method ->
    [welch] Welch 1947
    [paired] Student 1908
    [corrected] Nadeau & Bengio 2003
    [permutation] Phipson & Smyth 2010
    [g] Borenstein et al. 2009
    [cliff] Romano et al. 2006
    [chance] Vargha & Delaney 2000
    [won] Wilson 1927
    [lift] Deng et al. 2018
    [hl] Hollander & Wolfe 1973
    [margin] Lakens et al. 2018
    [posterior] Corani & Benavoli 2015
   *[power] noncentral t
}
appendix-difference-standard-error = difference { $interval } ({ $level }), standard error { $size }
appendix-sign-flips-pairs = sign flips of the pairs
appendix-relabelings-runs = relabelings of the runs
appendix-all = all { $arrangements } { $kind }
appendix-drawn-p-b-1 = { $arrangements } drawn { $kind }, p = (b + 1)/(B + 1)
appendix-permutation-test = Permutation test
appendix-references-2 = { $value ->
    [welch] Welch 1947
    [paired] Student 1908
    [corrected] Nadeau & Bengio 2003
    [permutation] Phipson & Smyth 2010
    [g] Borenstein et al. 2009
    [cliff] Romano et al. 2006
    [chance] Vargha & Delaney 2000
    [won] Wilson 1927
    [lift] Deng et al. 2018
    [hl] Hollander & Wolfe 1973
    [margin] Lakens et al. 2018
    [posterior] Corani & Benavoli 2015
   *[power] noncentral t
}
appendix-against-runs = { $n_b } against { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
appendix-without-pairing = Without pairing
appendix-welch-s-t-test-2 = Welch's t test, { $counted }
appendix-hodges-lehmann-shift = Hodges–Lehmann shift
appendix-hodges-lehmann-pseudo-median = Hodges–Lehmann pseudo-median
appendix-exact-coverage = exact, coverage { $coverage }
appendix-mann-whitney-test = Mann–Whitney test
appendix-signed-rank-test = Signed-rank test
appendix-ties-zeros-kept = { $method }, ties and zeros kept
appendix-hedges-g = Hedges' g
appendix-difference-counted-pooled-sds = the difference, counted in pooled sds; corrected for few runs
appendix-difference-counted-mean-two = the difference, counted in the mean of the two groups' sds
appendix-cliff-s-delta = Cliff's delta
appendix-share-run-pairs-where = share of run pairs where { $name_b } is higher, minus lower
appendix-to = {" "}to{" "}
appendix-ties-half-values-better = ties half; as values, not as better; { $if_bounds ->
    [yes] bootstrap interval
   *[no] an interval needs ten runs per side
}
appendix-to-2 = {" "}({ $low } to { $high })
appendix-pairs-won = Pairs won
appendix-of = { $won } of { $n_a }{ $bounds }
appendix-better = { $name_b } better, by { $pair }
appendix-interval-folds = no interval: folds
appendix-relative-difference = Relative difference
appendix-percent-s-mean-delta = percent of { $name_a }'s mean, by the delta method; not points
appendix-given = not given
appendix-baseline-near-zero-positive = the baseline is near zero or not positive
appendix-shown-worse-more = shown to be worse by more
appendix-decided = not decided
appendix-data = no data
appendix-sided-bounds-improvement-margin = one-sided bounds of the improvement { $low } and { $high }{ $unit }, margin { $margin_size }
appendix-worse-margin = Not worse by the margin
appendix-equivalent-within-margin = Equivalent within the margin
appendix-shown = not shown
appendix-two-sided-tests = two one-sided tests
appendix-posterior = Posterior
appendix-worse-inside-better-more = { $worse } worse, { $inside } inside, { $better } better by more than the margin
appendix-correlated-bayesian-t-test = correlated Bayesian t test, flat prior
appendix-detectable-difference = Detectable difference
appendix-true-difference-size-found = a true difference of this size is found with 80 % probability
appendix-column-group = Group
appendix-column-run = Run
appendix-column-pair = Pair
appendix-column-status = Status
appendix-metric = no metric
appendix-runs-groups = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} of the groups: { $label }

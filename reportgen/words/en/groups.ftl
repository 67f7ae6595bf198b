groups-column-rank = Rank
groups-column-group = Group
groups-column-n = n
groups-column-best = Best
groups-column-mean-xx = Mean { $metric }{ $if_bounded ->
    [yes] {" "}[95 % interval]
   *[no] {""}
}
groups-intervals-t-intervals-group = {" "}Intervals are t intervals of each group's own mean.
groups-intervals-group-s-own = {" "}Intervals are of each group's own mean; runs are compared in pairs, so whether these overlap says nothing of the difference.
groups-table-all-runs-verdict = {" "}The table has all runs, the verdict only those with a partner.
groups-n-finished-runs-finite = n: finished runs with a finite value.{ $own } sd with ddof 1. Values: { $rule } of each run.
groups-group = { $metric } by group
groups-column-sd = sd
groups-between-runs = between runs
groups-column-median = Median
groups-column-lowest = Lowest
groups-column-highest = Highest
groups-column-counted = Not counted
groups-mean-interval-several-configurations = No mean and no interval for { $found }: several configurations are a search, and a search is not a sample. Its sd is the spread of the search; the best of more runs looks better.
groups-interval-means-runs-lie = No interval of the means: the runs lie on several data sets or tasks, which they share.
groups-interval-folds-data-set = No interval for { $found }: folds of one data set are not independent.
groups-without-metric = { $n_missing } without the metric
groups-nan-infinite = { $n_non_finite } NaN or infinite
groups-inside-counted-parent = { $n_inside_parents } inside a counted parent
groups-parents-counted-children = { $n ->
    [one] { $n } parent
   *[other] { $n } parents
} of counted children
groups-column-metric = Metric
groups-column-verdict = Verdict
groups-column-difference-interval = Difference [interval]
groups-group-baseline = group − baseline
groups-column-improvement = Improvement
groups-positive-better = positive is better
groups-column-relative-interval = Relative [interval]
groups-column-p-holm-adjusted = p (Holm-adjusted)
groups-column-hedges-g = Hedges' g
groups-column-p-group-baseline = P(group > baseline)
groups-column-pairs-won = Pairs won
groups-column-p-permutation = p, permutation
groups-column-detectable = Detectable
groups-four-times-five = four times in five
groups-column-n-needed = n needed
groups-difference-seen = for the difference seen
groups-column-test = Test
groups-groups = the groups
groups-test = Test: { $next }.
groups-n-pairs = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}
groups-against = { $n_b } against { $n_a }
groups-holm = Holm
groups-more-same-data-help = more of the same data do not help
groups-more-10-000 = more than 10,000
groups-pairs = { $n_needed } { $if_pairing ->
    [yes] pairs
   *[no] per group
}
groups-to = {" "}to{" "}
groups-of = { $won } of { $n_a }
groups-of-to = { $won } of { $n_a } ({ $low } to { $high })
groups-reason = { $reason ->
    [one_run] none, one run
    [no_values] none, no values
    [no_variation] none, no variation
    [identical] none, identical pairs
    [same_difference] none, no variation
    [sweep] none, several configurations
    [folds] none, folds
    [too_large] none, values too large
    [units] none, two units
    [tasks] none, judged over tasks
   *[other] none
}
groups-intervals-s-hold-whole = Intervals are { $level }s that hold for the whole family together ({ $family }).
groups-intervals-s-together-bonferroni = Intervals are { $level }s each, { $whole } together (Bonferroni over { $over }; Holm has no intervals).
groups-intervals-s-difference = Intervals are { $level }s of the difference.
groups-p-holm-adjusted-adjusted = p (Holm-adjusted): adjusted for { $adjusted ->
    [one] { $adjusted } test
   *[other] { $adjusted } tests
}.
groups-intervals-adjusted-several-metrics = Intervals are not adjusted for the several metrics. The primary metric is a family of its own: where nothing differs, up to { $value } of memos call something different.
groups-hedges-g-difference-counted = Hedges' g is the difference, counted in pooled sds. P(group > baseline) is over all pairs of runs, as values, not as better; its interval (bootstrap) needs ten runs per group.
groups-sensitivity-permutation-test-gives = Sensitivity: the permutation test gives { $p_equation }.
groups-relative-difference-left-out = A relative difference is left out where the baseline is near zero or negative, for folds, and for families other than Holm's.
groups-column-against = Against
groups-group-against = group − against
groups-pairs-family-their-own = These { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
} are a family of their own; the verdicts are of the tests against the baseline.
groups-every-pair = Every pair: { $metric }
groups-worse-more = { $name_b } is worse by more than { $margin }
groups-inside = inside ±{ $margin }
groups-better-more = { $name_b } is better by more than { $margin }
groups-column-mean-difference-x = Mean difference in { $label } on this data set
groups-column-probability = Probability
groups-fold-parts = each fold one of { $n_folds } parts
groups-test-sets-data = test sets of { $share } of the data
groups-correlated-bayesian-t-test = Correlated Bayesian t test with a flat prior, { $parts } (Corani & Benavoli 2015; Benavoli et al. 2017). It decides nothing, and it is of this data set only.
groups-how-probable-given-folds = How probable, given these { $if_n_folds ->
    [yes] folds
   *[no] splits
}: { $name_b } against { $name_a }

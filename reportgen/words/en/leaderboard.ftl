### Section "Best runs".

leaderboard-selection = Selection effect: the best of { $n } runs overstates what a re-run will give.
# $range is in the metric's unit.
leaderboard-luck = A lead below { $range } may be luck.

leaderboard-best-runs = Best runs
leaderboard-which-runs-best-what = Which runs are best, and what differs between them?
leaderboard-run-finished-none-ranked = No run has finished, so none is ranked.
leaderboard-nothing-rank = Nothing to rank
leaderboard-none-finished-runs-finite = None of { $n ->
    [one] { $n } finished run
   *[other] { $n } finished runs
} has a finite value of { $metric }.
leaderboard-ranked-metrics-without-known = Not ranked: { $n ->
    [one] { $n } metric
   *[other] { $n } metrics
} without a known direction: { $names }.
leaderboard-ordered-start-known-direction = Ordered by start: { $metric } has no known direction, so no run is called best. { $why }
leaderboard-n-runs = { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
leaderboard-best = Best{" "}
leaderboard-run = {" "}by { $whose } ({ $goal_arrow } { $direction }; { $rule } of each run). { $why }
leaderboard-column-configuration = Its configuration
leaderboard-mean-repeats-95 = mean of repeats [95 %]
leaderboard-mean-repeats = mean of repeats
leaderboard-column-rank = Rank
leaderboard-column-run = Run
leaderboard-column-experiment = Experiment
leaderboard-best-runs-2 = Best runs by { $metric }{ $in_sample }
leaderboard-runs = Runs with { $metric }
leaderboard-mean-folds = mean of { $n_folds } folds
leaderboard-child-run = child run
leaderboard-ranked-across-experiments-their = Ranked across { $n_experiments } experiments: their values compare only where they measured the same thing on the same data.
leaderboard-finished-runs-ranked = { $n_rows } of { $n ->
    [one] { $n } finished run
   *[other] { $n } finished runs
} { $if_value ->
    [yes] ranked
   *[no] shown
}
leaderboard-without-metric = { $n_missing } without the metric
leaderboard-another-data-set-unit = { $n_apart } of another data set or unit
leaderboard-nan-infinity = { $n_non_finite } with NaN or infinity
leaderboard-folds-which-parent-stands = { $n ->
    [one] { $n } fold
   *[other] { $n } folds
}, for which the parent stands
leaderboard-and = {" "}and{" "}
leaderboard-left-out = ; left out: { $gone }
leaderboard-n-folds = { $n ->
    [one] { $n } fold
   *[other] { $n } folds
}
leaderboard-cross-validations-fewer-folds = { $gone_folds } of cross-validations with fewer folds than the others not ranked.
leaderboard-cross-validation-ranked-mean = A cross-validation is ranked by the mean over its folds; one fold is no result of its own.
leaderboard-test-values-stand-beside = Test values stand beside the runs that validation chose; the best of them over runs is no result.
leaderboard-differing-parameters-shown-data = Differing parameters not shown: { $name }; the data files have them.
leaderboard-column-parameter = Parameter
leaderboard-column-value = Value
leaderboard-parameters-runs-above-share = Parameters that the { $n } runs above share
leaderboard-column-configuration-2 = Configuration
leaderboard-column-runs = Runs
leaderboard-column-mean-xx = Mean { $metric }{ $if_bounded ->
    [yes] {" "}[95 % interval]
   *[no] {""}
}
leaderboard-column-sd = sd
leaderboard-between-runs = between runs
leaderboard-replicates-finished-runs-experiment = Replicates: finished runs of one experiment that agree in every parameter but seeds, folds and their like.
leaderboard-intervals-mean-three-runs = Intervals of each mean, from three runs on, not adjusted for picking the best.
leaderboard-folds-data-set-independent = Folds of one data set are not independent, so their mean has no interval.
leaderboard-configurations-mean = Configurations by mean { $metric }
leaderboard-mean-95-interval = Mean, 95 % interval
leaderboard-mean = Mean
leaderboard-repeated-configurations = Repeated configurations: { $metric }
leaderboard-higher-better-lower-better = { $metric } ({ $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
})
leaderboard-repeated-configurations-best-mean = { $n ->
    [one] { $n } repeated configuration
   *[other] { $n } repeated configurations
}, best mean first: { $names } with { $metric } over { $n_2 ->
    [one] { $n_2 } run
   *[other] { $n_2 } runs
}.
leaderboard-runs-repeated-configurations = Runs of repeated configurations: { $metric }
leaderboard-repeated-configurations-every-run = { $n_shown } of { $n ->
    [one] { $n } repeated configuration
   *[other] { $n } repeated configurations
}, every run a point.
# $rule is "last value", $direction "higher is better, set in the config".
leaderboard-ranked-by = Ranked by { $metric }: { $rule } of each run; { $direction }.

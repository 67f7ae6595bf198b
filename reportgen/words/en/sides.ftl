sides-runs-search-sample-which = {" "}The runs of a search are no sample: which settings were tried decides their mean, so none is given.
sides-experiments = { $n_groups } experiments
sides-three-more-finished-runs = {" "}have { $metric } in three or more finished runs. They are shown side by side and not judged.{ $why } Add a comparison (compare: …) to the config for a verdict.
sides-experiments-side-side = Experiments side by side
sides-question = Is one group better than another?
sides-search = a search
sides-folds-configuration = folds of one configuration
sides-95-interval = {" "}[95 % interval]
sides-column-experiment = Experiment
sides-column-runs = Its runs are
sides-column-n = n
sides-column-best = Best
sides-column-mean-xx = Mean { $metric }{ $bounded }
sides-n-finished-runs-finite = n: finished runs with a finite value; values: { $rule } of each run; sd with ddof 1.
sides-best-n-runs-more = Best of n runs: the more runs, the better it looks; expect a re-run to be worse.
sides-folds-data-set-independent = Folds of one data set are not independent, so their mean has no interval.
sides-experiment = { $metric } by experiment
sides-lowest-highest = { $if_value ->
    [yes] lowest to highest
   *[no] best
}
sides-n = { $label } { $if_value ->
    [yes] { $metric }
   *[no] { $metric_2 } to { $metric_3 }
} (n = { $n })
sides-every-run-experiment = { $metric } of every run by experiment, { $how }: { $parts }.

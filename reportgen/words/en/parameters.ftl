parameters-what-matters = What matters
parameters-which-parameters-matter-what = Which parameters matter, and what does more searching buy?
parameters-finished-runs = { $n ->
    [one] { $n } finished run
   *[other] { $n } finished runs
} of { $experiment }
parameters-higher-better-lower-better = {" "}by { $metric } ({ $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
}). { $n ->
    [one] { $n } parameter
   *[other] { $n } parameters
} vary: { $names }.
parameters-parents-children-left-out = Parents or children left out, so that nothing counts twice: { $n ->
    [one] { $n } run
   *[other] { $n } runs
}.
parameters-without-usable-value-runs = Without a usable value: { $n ->
    [one] { $n } run
   *[other] { $n } runs
}.
parameters-parameters-name-secret-left = { $n ->
    [one] { $n } parameter
   *[other] { $n } parameters
} with the name of a secret left out.
parameters-largest-search-report-others = This is the largest search of the report; others: { $others }. A report of that experiment alone shows its parameters.
parameters-parameter-alone-below = {" "}Each parameter alone is below.
parameters-parameter-importance-withheld = Parameter importance is withheld
parameters-share = Share
parameters-column-parameter = Parameter
parameters-column-importance = Importance
parameters-column-sd = sd
parameters-over-15-fits = over 15 fits
parameters-importance = Importance for { $metric }
parameters-share-importance = Share of importance
parameters-importance-parameters = Importance of { $n ->
    [one] { $n } parameter
   *[other] { $n } parameters
} for { $metric }: { $first }.
parameters-how-much-worse-random = How much worse a random forest predicts held-out runs when the parameter is shuffled, as a share of all
parameters-caveat = Holds within the region that was searched; adaptive samplers bias it; it is not causal.
parameters-whiskers-sd-over-15 = { $how }; whiskers: sd over 15 fits, within 0 and 100 %. Cross-validated R² { $r2 }.
parameters-model-runs-evenly-start = The model has { $n_modelled } of { $n ->
    [one] { $n } run
   *[other] { $n } runs
}, evenly by start.
parameters-separable-they-move-together = Not separable, they move together: { $names }.
parameters-parameters-drawn-table-all = { $most_bars } of { $n_shares } parameters drawn; the table has all.
parameters-column-spearman-rho = Spearman rho
parameters-numbers-1-1 = numbers: −1 to 1
parameters-column-eta = eta²
parameters-labels-0-1 = labels: 0 to 1
parameters-column-runs = Runs
parameters-column-adjusted-p = Adjusted p
parameters-benjamini-hochberg = Benjamini–Hochberg
parameters-parameter-against-others-ignored = One parameter against { $metric }, the others ignored: an interaction does not show here. rho above 0: the metric rises with it.
parameters-parameter-alone = Each parameter alone
parameters-parameters-run-run = Parameters and { $metric }, run by run
parameters-best = the best
parameters-first = the first
parameters-and = { $settings } and{" "}
parameters-line-runs-over-parameters = One line for each of { $n ->
    [one] { $n } run
   *[other] { $n } runs
} over { $n_shown ->
    [one] { $n_shown } parameter
   *[other] { $n_shown } parameters
} and { $metric }; { $which }, { $run_name }, has { $settings }{ $metric_2 }.
parameters-column-run = Run
parameters-all-runs = All { $total ->
    [one] { $total } run
   *[other] { $total } runs
}.
parameters-runs-most-lines-best = { $n } of { $total } runs (at most { $most_lines } lines): the best { $n_top }, and of the others every so many by rank.
parameters-runs-most-lines-every = { $n } of { $total } runs (at most { $most_lines } lines), every so many by start.
parameters-most-parameters = The { $n_params } most { $how } of { $n_params_2 } parameters.
parameters-dotted-lines-end-early = Dotted lines that end early: { $n_broken } of { $n ->
    [one] { $n } failed run
   *[other] { $n } failed runs
}.
parameters-gap-line-run-parameter = A gap in a line: the run does not have that parameter.
parameters-column-runs-k = Runs k
parameters-from-to = { $experiment } from { $metric } to { $metric_2 }
parameters-expected-best-k-runs = Expected best { $metric } of k runs
parameters-number-runs-k = Number of runs k
parameters-higher-better-lower-better-2 = { $metric } ({ $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
})
parameters-expected-best-1-runs = Expected best { $metric } of 1 to { $most } runs: { $words }.
parameters-mean-best-over-all = The mean of the best over all choices of k of the runs (Tang et al. 2020), k from 1 to { $most }.
parameters-searches-compared-equal-k = Searches are compared at equal k, up to the runs of the smallest, and not tested; their values compare only where they measured the same thing.
parameters-largest-searches = The { $n_sizes } largest of { $n_budgets } searches.
parameters-drawn-up-runs = Drawn up to { $most_budget } runs.
parameters-k-all-runs-best = At k = all runs it is the best that was seen: expect a re-run of that run to be worse.
parameters-front = On the front
parameters-against = { $metric } against { $metric_2 }
parameters-alone-best-both = { $first } alone is best in both
parameters-beaten-other-run-both = { $n } are beaten by no other run in both; best { $metric }: { $first }
parameters-front-runs-other-run = Front: runs that no other run equals or beats in both metrics while being better in one. Noise makes its members uncertain.
parameters-runs-both-values-without = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} with both values{ $if_n_excluded ->
    [yes] ; { $n_excluded } without a usable { $metric } left out.
   *[no] .
}
parameters-runs = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} by { $metric } and { $metric_2 }; { $said }.
parameters-runs-front = Runs on the front of { $metric } and { $metric_2 }
parameters-column-value = Value
parameters-column-failed = Failed
parameters-column-ended = Ended
parameters-column-share-95-interval = Share [95 % interval]
parameters-runs-ended-parameters = { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
} of { $experiment } that ended and have parameters
parameters-failed-killed-parameter-number = { $failed } of { $where } failed or were killed. A parameter that is a number has one row, and only with a test.
parameters-p-fisher-s-exact = p: Fisher's exact test of a value against the others, Mann–Whitney of a number between failed and other runs.
parameters-too-few-failed-runs = Too few failed runs for a test (ten are needed): counts only.
parameters-failures-parameter = Failures by parameter
parameters-any-number = any number
parameters-outliers-looked = Outliers were not looked for: { $clause }.
parameters-run-outlier-modified-z = No run is an outlier in { $metric } (modified z above { $outlier_z }).
parameters-suspiciously-good = suspiciously good
parameters-direction-known = no direction is known
parameters-column-modified-z = Modified z
parameters-column-side = Side
parameters-modified-z-0-6745 = Modified z = 0.6745 · (value − median) / MAD beyond { $outlier_z } (Iglewicz and Hoaglin 1993); the median is { $median }.
parameters-listed-never-removed-search = Listed, never removed. A search that is skewed by design has such runs without a fault.
parameters-outliers = Outliers in { $metric }

parameters-parameters-vary-model-them = { $n_params } parameters vary: a model of them is made for { $most_modelled_params } or fewer

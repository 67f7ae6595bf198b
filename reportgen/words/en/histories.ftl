### Section "Training histories": how metrics went over the steps of a run.

# The axis where steps are dates.
histories-date-axis = Date ({ $zone })
# The axis where steps are too large for a picture. $origin is the smallest of them.
histories-offset-axis = Step minus { $origin }

# The name of a line. $number counts from 1.
histories-abandoned-pass = { $run }, abandoned pass { $number }
# The name of the band around line $n.
histories-spread = Smallest to largest of line { $n }

# $runs is a list of "part-1 from step 50 on".
histories-restarted = Restarted: { $runs }.
# $place is "step 50" or a date.
histories-restarted-run = { $run } from { $place }
histories-restart-note = Dotted: steps that a newer pass of the same run replaced. All numbers are of the newest pass.
histories-spread-note = { $n ->
    [one] One run has several points at each step
   *[other] { $n } runs have several points at each step
}: the line is their mean, the band goes from the smallest to the largest.

histories-unequal-sizes = Of groups of unequal sizes (2 : 1 and more) p is the larger of Welch's and the permutation test's. Of skewed values their interval is too narrow.

# The title of a memo's picture.
histories-while-training = { $metric } while training

histories-log-axis = Logarithmic axis.
histories-time-axis = Time since the first point

histories-training-histories = Training histories
histories-how-did-training-go = How did training go, and where did it go wrong?
histories-logged-several-times-without = Logged several times without ever changing within a run, so not drawn: { $names }.
histories-median-others = Median of the others
histories-best-run = the best run
histories-first-run-shown = the first run shown
histories-over-runs-goes = { $metric } over { $x } for { $n } of { $n_runs ->
    [one] { $n_runs } run
   *[other] { $n_runs } runs
}; { $whose }, { $run_name }, goes from { $metric_2 } to { $metric_3 }.
histories-logged = { $name }, as logged
histories-10-90-other-runs = 10–90 % of the other { $n_runs } runs
histories-95-interval = { $name }, 95 % interval
histories-ends = { $name } ends at { $metric }
histories-mean-over-groups-95 = Mean { $metric } over { $x } of { $n ->
    [one] { $n } group
   *[other] { $n } groups
} with 95 % intervals: { $ends }.
histories-dashed = {" "}with { $drawn } (dashed)
histories-higher-better-lower-better = { $metric } ({ $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
})
histories-step = Step
histories-step-2 = step { $round }
histories-second = { $if_value ->
    [yes] second
   *[no] step
} { $place }
histories-step-3 = step { $step }
histories-nan = NaN: { $run_name }
histories-best-first = best first
histories-newest-first = newest first
histories-runs-lines = { $n } of { $n_runs ->
    [one] { $n_runs } run
   *[other] { $n_runs } runs
} as lines, { $order }
histories-other-band-their-10 = ; the other { $n_runs } as a band from their 10 % to their 90 % quantile
histories-other-data-files = ; the other { $n_runs } are in the data files
histories-read-along-straight-lines = , read along straight lines between their points
histories-thinned-drawing-points-every = Thinned for drawing from { $points } to { $drawn } points; every peak and dip is kept, and numbers use all points.
histories-lines-more-points-smoothed = Lines of more than { $smooth_above } points are smoothed (debiased moving average, weight { $weight }); what was logged is behind them.
histories-three-runs-more-logged = { $x } that three runs or more logged
histories-mean-group-s-runs = Mean of each group's runs with a pointwise 95 % t interval, at { $where }; curves are not tested.
histories-mean-group-s-runs-2 = Mean of each group's runs with a pointwise 95 % t interval, where three runs or more are under way; runs share too few points, so curves are read along straight lines between them. Curves are not tested.
histories-groups-drawn = { $n_groups } of { $n ->
    [one] { $n } group
   *[other] { $n } groups
} drawn.
histories-fewer-runs-end-mean = Fewer runs at the end: { $dropped }; the mean is then of those that lasted.
histories-of = { $label } { $n_last } of { $n_runs }
histories-from-on = { $n } from { $x } on
histories-end = , { $n_last } at the end
histories-runs = { $label } { $n_runs } runs, { $steps }{ $more }
histories-logged-without-steps-axis = Logged without steps, so the axis is the time since each run's first point.
histories-runs-logged-only-once = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} logged it only once and cannot be drawn.
histories-runs-logged-nothing-but = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} logged nothing but NaN or infinity.
histories-points-logged-again-same = { $n ->
    [one] { $n } point
   *[other] { $n } points
} logged again at the same step: the later one is drawn.
histories-from = { $run_name } from { $step }
histories-nan-infinity-runs = NaN or infinity in { $n ->
    [one] { $n } run
   *[other] { $n } runs
}: { $first }.
histories-ended-above-twice-first = Ended above twice its first value: { $names }.
histories-gave-back-half-more = Gave back half or more of its gain by the end: { $names }.
histories-over-fitting = Over-fitting: { $gap }.
histories-since = { $run_name } since { $x }
histories-improvement = No improvement: { $since }.
histories-still-improving-end = Still improving at the end: { $names }.
histories-best-training-ahead-end = { $run_name } (best at { $x }; training is ahead by { $change } then and { $change_2 } at the end)
histories-column-run = Run
histories-column-points = Points
histories-column-last-step = Last step
histories-column-first = First
histories-column-best = Best
histories-step-4 = at step
histories-column-last = Last
histories-column-training-ahead-end = Training ahead at the end
histories-column-gain-since = No gain since
histories-column-first-nan = First NaN
histories-numbers-use-every-logged = Numbers use every logged point. The data files hold all histories.
histories-gain-since-last-gain = No gain since: the last gain, where { $patience } points or more followed without one of { $min_delta } of the best value.
histories-curves = Curves of { $metric }
histories-column-curves-numbers = Curves as numbers
histories-column-difference-95-interval = Difference [95 % interval]
histories-column-p-holm-adjusted = p (Holm-adjusted)
histories-curves-group = Curves of { $metric } by group
histories-runs-curve = Runs with a curve
histories-best-value-curve = Best value of the curve
histories-mean-over-curve = Mean over the curve
histories-reached = Reached { $metric }
histories-first-median-all-runs = First { $unit } there, median of all runs
histories-improvement-last-points = No improvement in the last { $patience } points
histories-still-improving-end-2 = Still improving at the end
histories-over-fitting-2 = Over-fitting
histories-nan-infinity = NaN or infinity
histories-lost-more-half-gain = Lost more than half of its gain
histories-ended-above-twice-first-2 = Ended above twice the first value
histories-of-2 = { $k } of { $n }
histories-to = { $low } to { $high }
histories-of-3 = { $reached } of { $runs }
histories-reached-s = not reached in { $last_step } { $unit }s
histories-half-fewer-reached = half or fewer reached it
histories-finished-runs-more-point = Finished runs with more than one point, parents or children but never both; means with 95 % t intervals.
histories-mean-over-curve-area = Mean over the curve: area under the curve over the { $unit } { $start } to { $stop }, which all these runs cover, divided by that range.
histories-runs-share-range-their = The runs share no range of { $unit }, so their means over the curve are not compared.
histories-bound-gate = the bound of a gate
histories-best-value-every-run = the best value that every run of the baseline reached
histories-run-never-got-counts = { $metric } is { $whose }; a run that never got there has no { $unit } and counts as later.
histories-run = In no run: { $words }.
histories-p-adjusted-holm-tests = p is adjusted (Holm) for the { $n ->
    [one] { $n } test
   *[other] { $n } tests
} of this table; no verdict is made of them.
histories-group-several-configurations-search = A group with several configurations is a search: its runs are no repeats, so nothing is tested and no interval is given.
histories-further-groups-table = { $n ->
    [one] { $n } further group
   *[other] { $n } further groups
} not in this table.
# $metric is the metric that the config names as the axis.
histories-without-x = { $n ->
    [one] { $n } run is
   *[other] { $n } runs are
} not drawn: { $metric } was not logged at the same steps, or it falls.
histories-no-x = Drawn over the step: fewer than half of the runs logged { $metric } beside a metric without its ever falling.
# What curves are drawn over; steps and times are places on it.
histories-x = { $x ->
    [steps] steps
    [times] times
   *[time] time
}
histories-unit = { $unit ->
    [second] second
   *[step] step
}
histories-units = { $unit ->
    [second] seconds
   *[step] steps
}

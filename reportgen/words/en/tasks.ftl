tasks-across-data-sets = Across data sets
tasks-difference-hold-data-set = Does the difference hold from one data set, or task, to the next?
tasks-found-set-compare-tasks = by { $tasks_by }{ $if_value ->
    [yes] {" "}(found; set compare.tasks to choose)
   *[no] {""}
}
tasks-groups-tasks-every-group = { $metric } of { $n ->
    [one] { $n } group
   *[other] { $n } groups
} on { $n_rows ->
    [one] { $n_rows } task
   *[other] { $n_rows } tasks
} { $where }; { $n_2 } in every group.
tasks-on = { $group } on { $task }
tasks-nothing-tested-hold-several = Nothing is tested: { $places } hold several configurations, a search and not repeats (set compare.replicates: true to average them all the same).
tasks-nothing-tested-direction-unknown = Nothing is tested: the direction of { $metric } is unknown.
tasks-further-pairs-table-below = { $more ->
    [one] { $more } further pair
   *[other] { $more } further pairs
} in the table below.
tasks-against-over-tasks = { $second } against { $first } over { $n ->
    [one] { $n } task
   *[other] { $n } tasks
}: { $metric }
tasks-column-task = Task
tasks-column-sd = sd
tasks-column-n = n
tasks-sd-spread-runs-group = sd is the spread of the runs of one group and task (ddof 1). A best mean is marked where Welch's test against the second best holds after Holm over the tasks.
tasks-without-value-group-test = Without a value in a group, and in no test: { $told }.
tasks-finished-runs-groups-name = { $n ->
    [one] { $n } finished run
   *[other] { $n } finished runs
} of the groups name no task.
tasks-task = { $metric } by task
tasks-column-group = Group
tasks-column-against = Against
tasks-column-tasks-won = Tasks won
tasks-column-tied = Tied
tasks-column-lost = Lost
tasks-typical-difference = Typical difference
tasks-mean-difference = Mean difference
tasks-column-p = p
tasks-column-p-holm = p (Holm)
tasks-won-tied-lost-task = Won, tied and lost by the task means; a tie is a difference of 0, or within the declared margin.
tasks-test-over-tasks-tasks = No test over tasks: { $n ->
    [one] { $n } task
   *[other] { $n } tasks
}, and { $fewest_tasks } are needed.
tasks-tasks-cannot-show-difference = { $n ->
    [one] { $n } task
   *[other] { $n } tasks
} cannot show a difference in { $n_pairs ->
    [one] { $n_pairs } pair
   *[other] { $n_pairs } pairs
}: even if all tasks agree, p (Holm) is { $smallest_p } at least. More tasks, or a baseline instead of every pair, would help.
tasks-pair-pair-over-tasks = Pair by pair over tasks
tasks-mean-ranks-over-tasks = Mean ranks over { $datasets ->
    [one] { $datasets } task
   *[other] { $datasets } tasks
} (1 is best): { $ranks }.
tasks-friedman-s-chi-corrected = {" "}Friedman's chi² { $chi2 } (corrected for ties), { $with_p }
tasks-iman-davenport-s-f = ; Iman–Davenport's F({ $df }, { $df_2 }) = { $f }, { $with_p }.
tasks-decides-nothing-pairs-tested = { $line } It decides nothing here: the pairs are tested by themselves.
tasks-column-mean-rank = Mean rank
tasks-mean-ranks-critical-difference = Mean ranks from { $labels } ({ $xs }) to { $labels_2 } ({ $xs_2 }); the critical difference is { $critical }.
tasks-mean-ranks-nemenyi-s = Mean ranks with Nemenyi's critical difference
tasks-mean-rank-1-best = Mean rank (1 is best)
tasks-mean-ranks = Mean ranks
tasks-bars-half-critical-difference = Bars are half the critical difference of { $critical } to each side: groups whose bars do not overlap differ by Nemenyi's test at { $alpha }.
tasks-verdict-two-groups-depends = Its verdict on two groups depends on which others are in the pool (Benavoli, Corani & Mangili 2016): decide by the pairs above.
tasks-points = {" "}(points)
tasks-column-differencex = Difference{ $unit }
tasks-difference = Difference in { $metric } to { $base }
tasks-task-task = { $label }, task by task
tasks-higher-better-lower-better = { $label }{ $unit }, { $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
}
tasks-differences-improvements = Of { $n ->
    [one] { $n } difference
   *[other] { $n } differences
} to { $base }, { $n_up } are improvements.
tasks-differences = { $n ->
    [one] { $n } difference
   *[other] { $n } differences
} to { $base }.
tasks-difference-2 = no difference
tasks-further-groups-table-only = { $left ->
    [one] { $left } further group
   *[other] { $left } further groups
} in the table only.
tasks-score-over-all-tasks = No score over all tasks: { $no_scores }.
tasks-column-interquartile-mean = Interquartile mean
tasks-column-mean = Mean
tasks-column-median = Median
tasks-column-optimality-gap = Optimality gap
tasks-lower-better = lower is better
tasks-column-p-better-x = P(better than { $base })
tasks-scores-between-task-s = Scores of { $metric } between each task's references: 0 is the low one, 1 the high one. The interquartile mean is of the middle half of all runs and tasks; the gap is how far the mean stays below 1. Agarwal et al. 2021.
tasks-intervals = No intervals: { $clause }.
tasks-95-intervals-bootstrap-runs = 95 % intervals by a bootstrap of the runs within their task; they speak of these tasks only.{ $if_optimistic ->
    [yes] {" "}They are too narrow with fewer than ten runs per task.
   *[no] {""}
}
tasks-scores-over-all-tasks = Scores over all tasks
tasks-column-score = Score
tasks-column-share-runs-above = Share of runs above it
tasks-further-groups-data-only = { $left ->
    [one] { $left } further group
   *[other] { $left } further groups
} in the data only.
tasks-performance-profile = Performance profile of { $metric }
tasks-score-between-references = Score between the references
tasks-share-runs-above-averaged = Share of runs above it, averaged over tasks
tasks-share-runs-above-score = Share of runs above a score of { $middle }: { $half }.
tasks-performance-profile-2 = Performance profile
tasks-line-above-another-every = A line above another at every score is better at every score; lines that cross have no one order.

tasks-data-set-inputs = data set inputs
tasks-group-holds-configuration-task = Each group holds a configuration for each task
tasks-runs-lie-several-data = The runs lie on several data sets or tasks
tasks-tasks = { $n ->
    [one] { $n } task
   *[other] { $n } tasks
} by { $tasks_by }
tasks-verdicts-across-data-sets = : the verdicts are in “Across data sets”.
tasks-cannot-tested = : and these cannot be tested.
tasks-groups-compared-over-run = { $why }, so the groups are compared over { $n }, not run by run{ $where }
tasks-p-holm = p{ $if_value ->
    [yes] _Holm
   *[no] {""}
} { $p }
tasks-interval = {" "}({ $level_percent } interval { $change_range })
tasks-typical-difference-task = the typical difference of a task in { $metric } is { $change }{ $interval }, { $score }, { $level }
tasks-clear-difference-between-over = No clear difference between { $second } and { $first } over tasks: { $evidence }.
tasks-over-tasks = Over tasks, { $second } is { $outcome }: { $evidence }.
tasks-tasks-cannot-show-difference-2 = { $n ->
    [one] { $n } task
   *[other] { $n } tasks
} cannot show a difference over tasks at large ({ $fewest_tasks } at least)
tasks-is = { $second } is { $score }
tasks-interval-2 = ; { $clause }, so there is no interval
tasks-average = {" "}by { $change } on average
tasks-on-these-in = { $few }. On these, { $score } in { $metric }{ $mean }{ $why }.
tasks-average-interval-tasks-only = { $few }. On these, { $score } in { $metric }; on average { $change } ({ $level_percent } interval { $change_range }, for these tasks only).
tasks-n-ties = { $ties ->
    [one] { $ties } tie
   *[other] { $ties } ties
}
tasks-better-worse-tasks = better on { $wins } and worse on { $losses } of { $n ->
    [one] { $n } task
   *[other] { $n } tasks
}{ $ties }
tasks-mean-over-tasks-differences = Mean over tasks of the differences of means, its standard error from the spread of runs within tasks (Satterthwaite).
tasks-holm-over-pairs = , Holm over { $n_pairs } pairs
tasks-wilcoxon-s-signed-rank = Wilcoxon's signed-rank test of the task means, two-sided { $alpha }{ $holm }; the typical difference is the Hodges–Lehmann pseudo-median. It speaks of tasks like these, as far as these are a sample of them.
tasks-judged-over-tasks-judge = Judged over tasks: to judge run by run instead, set compare: {"{"}tasks: none{"}"} or give --tasks none.
tasks-means-single-run-task = { $single ->
    [one] { $single } mean is
   *[other] { $single } means are
} of a single run, so a task's difference may be chance.
tasks-tasks-without-value-every = { $n ->
    [one] { $n } task
   *[other] { $n } tasks
} without a value in every group left out.
tasks-compare-references-reference = compare.references has no reference for { $names }
tasks-references-go-bad-score = the references of { $names } do not go from a bad score to a good one

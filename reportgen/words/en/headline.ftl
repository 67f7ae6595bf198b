### The headline of a report: one or two findings, each a sentence.

# $what names metric, configuration and change.
headline-worse = { $more ->
    [0] Worse: { $what }.
   *[other] Worse: { $what }, and { $more } more.
}
headline-gates = { $failed } of { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} not passed{ $waived ->
    [0] {""}
   *[other] {" "}({ $waived } waived)
}.
headline-new-best = New best { $metric }: { $value } ({ $who }).
headline-best = Best { $metric }: { $value } ({ $who }).
headline-finished = { $finished } of { $n ->
    [one] { $n } run
   *[other] { $n } runs
} finished.
headline-failed = { $failed } of { $n ->
    [one] { $n } run
   *[other] { $n } runs
} failed.
headline-unranked = No run is ranked.
headline-tasks = Group { $b } is { $outcome } than { $a } over { $n } tasks.
headline-tasks-unclear = No clear difference between { $b } and { $a } over tasks.
headline-unread = { $n ->
    [one] { $n } experiment could not be read.
   *[other] { $n } experiments could not be read.
}
headline-no-runs = No runs in the selection.

headline-runs-tie = { $n_tied } runs tie
headline-two-groups-runs-compare = There are no two groups with runs to compare.
headline-better-worse-clear-difference = { $n } { $outcome ->
    [better] better
    [worse] worse
    [unclear] no clear difference
    [equivalent] practically equivalent
    [not_worse] not worse by the margin
    [too_few] too few runs
    [different] different, direction unknown
   *[incomparable] not comparable
}
headline-over-tasks-pairs-groups = Over { $n ->
    [one] { $n } task
   *[other] { $n } tasks
}, of { $n_told ->
    [one] { $n_told } pair
   *[other] { $n_told } pairs
} of groups: { $said }.
headline-against-groups = Against { $base }, of { $n ->
    [one] { $n } group
   *[other] { $n } groups
}: { $said }
headline-group-shown-differ = No group is shown to differ from { $base }
headline-only-runs-succeeded-more = {" "}(only of the runs that succeeded: more than a fifth failed in { $lost } or { $base })
headline-itself-best-mean = { $told }; { $base } itself has the best mean { $metric }.
headline-best-mean = { $told }; { $name_b } has the best mean { $metric } ({ $delta }).

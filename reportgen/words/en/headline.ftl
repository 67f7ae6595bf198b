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

### Section "What is new", and what page 1 tells of it.

## Since the last report

# Page 1, and the parts of its sentence. $parts is a list of the messages below.
changes-since = Since the report of { $day }: { $parts }.
# The numbers are counts of runs.
changes-since-fewer = The report of { $day } had { $then } runs, this one has { $now }. If they were not deleted, check the store and the user's permissions.
changes-since-deleted = { $n ->
    [one] { $n } of its runs was deleted ({ $runs })
   *[other] { $n } of its runs were deleted ({ $runs })
}
changes-since-gone = { $n ->
    [one] { $n } of its runs is no longer there ({ $runs })
   *[other] { $n } of its runs are no longer there ({ $runs })
}
changes-since-ended = { $n ->
    [one] { $n } run that was not over has ended ({ $runs })
   *[other] { $n } runs that were not over have ended ({ $runs })
}
changes-since-late = { $n ->
    [one] { $n } run of its period was logged after it ({ $runs })
   *[other] { $n } runs of its period were logged after it ({ $runs })
}
changes-since-unchanged = None of its runs was deleted or has other tags.

# $how is a slug of the code; $value and $label are texts.
changes-lost-best = { $how ->
    [deleted] The best { $label } before was { $value } ({ $run }), and that run is deleted. It counts nowhere in this report.
   *[gone] The best { $label } before was { $value } ({ $run }), and that run is no longer there. It counts nowhere in this report.
}
changes-lost-best-note = A run that is { $how ->
    [deleted] deleted
   *[gone] no longer there
} had a better { $label }: { $value } ({ $run }). It is in no column.

## New experiments

changes-new-experiment = { $n ->
    [one] Experiment { $name } has its first run in this period.
   *[other] Experiment { $name } has its first { $n } runs in this period.
}
changes-new-experiments = First runs in this period: { $names }.

## Counts

changes-fresh = Earlier start, logged or ended since the last report

## Each configuration that ran before

changes-quiet = No change was shown in { $tests ->
    [one] { $tests } test
   *[other] { $tests } tests
} of configurations that ran before.
changes-would-be-found = A change of { $metric } by { $size } would have been found four times in five.
changes-would-be-found-from-to = A change of { $metric } by { $least } to { $most }, by configuration, would have been found four times in five.
changes-quiet-but-small = No change as large as the declared margin was shown in { $tests ->
    [one] { $tests } test
   *[other] { $tests } tests
} of configurations that ran before; { $n ->
    [one] { $n } smaller change was
   *[other] { $n } smaller changes were
} shown: { $names }.
changes-rule = Runs are repeats when all their parameters but seeds and folds are alike. The runs of this period, and of the last two and four, are held against all before them: the largest change must hold by t (5 %, Holm over these comparisons) and when runs are shuffled (5 %; runs of one seed with each other only). With one period before, three runs are compared with three; one or two runs with the 99 % prediction interval of four earlier runs or more, which takes runs to be spread normally. Where periods differ by more than their runs do (F test), each period counts as one value.
changes-detectable = Detectable change: the change of this period that would have been found four times in five. A change that lasts is found from less.
changes-margins = A change below the declared margin ({ $margins }) is called neither worse nor better.
changes-expected = { $tests ->
    [one] { $tests } test was made
   *[other] { $tests } tests were made
}: if nothing had changed, and runs of one period shared nothing else, { $expected } false findings would be expected in a report like this one.
changes-expected-unknown = { $tests ->
    [one] { $tests } test was made
   *[other] { $tests } tests were made
}. How many false findings to expect is not said: fewer than six earlier periods do not show whether runs of one period share a luck of their own (machine, data, libraries), which makes more of them.
changes-little-history = Not enough history to judge { $n ->
    [one] { $n } row
   *[other] { $n } rows
}: four earlier runs, or three now and three before, are needed; four earlier periods, where these differ by more than their runs do.

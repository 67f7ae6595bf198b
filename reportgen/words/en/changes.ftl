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

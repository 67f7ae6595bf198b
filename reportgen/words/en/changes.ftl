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

changes-what-changed-since-period = What changed since the period before, and did anything get worse?
changes-what-new = What is new
changes-n-runs = { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
changes-new-experiment-2 = New experiment.{" "}
changes-new-experiments-2 = New experiments.{" "}
changes-to = { $start } to { $last }
changes-column-runs = Runs
changes-started = Started
changes-finished = Finished
changes-failed-killed = Failed or killed
changes-over = Not over
changes-runs-started-before-period = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} started before this period{ $known }.
changes-configurations-period-never-ran = { $n ->
    [one] { $n } configuration
   *[other] { $n } configurations
} of this period never ran before.
changes-last = { $label } (last { $at })
changes-ran-both-periods-before = Ran in both periods before and not in this one: { $told }{ $if_more ->
    [yes] ; and { $more } more
   *[no] {""}
}.
changes-runs-period-before = Runs of this period and the one before
changes-counted-they-compared-other = , counted from { $known_from } on; they are compared with here and are in no other part of this report. Older runs are not read
changes-since-2 = {" "}(since { $known_from })
changes-worse = Worse.{" "}
changes-better = Better.{" "}
changes-of = { $metric } of { $label }
changes-went = { $whose } went from { $metric } to{" "}
changes-over-last-periods-runs = {" "}over the last { $window } periods with runs of it
changes-n-pairs = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}
changes-ran-both-periods-all = {" "}in the { $pairs } by { $kinds } that ran in both periods; all runs: { $of_all }
changes-history-leans-itself-interval = {" "}The history leans on itself, so the interval is too narrow.
changes-runs-now-logged-other = {" "}The runs now logged other data sets than those before.
changes-before-now = { $before } before, { $now } now
changes-to-2 = { $metric } to { $metric_2 }
changes-expected-99-prediction-interval = expected was { $expected } (99 % prediction interval of { $before }; it takes values to be spread normally)
changes-earlier-runs-too-few = { $n ->
    [one] { $n } earlier run
   *[other] { $n } earlier runs
} are too few to judge it
changes-values-too-large-compute = its values are too large to compute with
changes-run-varies-change-exact = no run varies from { $before }, so the change is exact and not tested
changes-within = within each
changes-paired = paired by
changes-after-holm-over-comparisons = {" "}after Holm over { $n_family } comparisons
changes-95-interval-change-adjusted = 95 % interval of the change{ $if_adjusted ->
    [yes] {" "}(not adjusted)
   *[no] {""}
} { $change_range }
changes-configuration-ran-both-period = no configuration ran both in this period and before it
changes-metric-direction-logged = no metric with a direction was logged
changes-nothing-tested = Nothing is tested: { $why }.
changes-column-metric = Metric
changes-column-period = This period
changes-column-run = Run
changes-column-period-before = Period before
changes-any-time-before = Any time before
changes-before = Before, from { $since } on
changes-column-period-against = This period against that
changes-new-best = New best
changes-best-since = Best since then
changes-runs-started-before-read = Runs that started before { $since } are not read: what is best since then need not be best of all time.
changes-best-many-runs-better = The best of many runs is better than a re-run of it would be; no test is made of bests.
changes-since-runs-chosen-validation = { $held_out }: not here, since runs are chosen on validation and the best of a test set would be chosen on it.
changes-best-values = Best values
changes-column-parameter = Parameter
changes-column-best-before-x = Best before ({ $run_name })
changes-column-best-now-x = Best now ({ $run_name })
changes-what-new-best-did = What the new best { $metric } did differently
changes-column-configuration = Configuration
changes-column-finding = Finding
changes-column-before = Before
changes-column-now = Now
changes-column-change = Change
changes-column-relative = Relative
changes-column-p = p
changes-column-detectable-change = Detectable change
changes-column-judged = Judged by
changes-configuration-ran-before = Each configuration that ran before
changes-all = all: { $metric }
changes-last-periods-now = last { $window } periods; now: { $metric }
changes-state-words = { $state ->
    [worse] worse
    [better] better
    [changed] changed by less than the margin
    [steady] no change shown
    [untested] no variation, not tested
    [little_history] too little history
   *[too_large] values too large to compute with
}
changes-holm = Holm
changes-prediction = prediction from { $n_before } { $unit }
changes-n-earlier-runs = { $n ->
    [one] { $n } earlier run
   *[other] { $n } earlier runs
}
changes-pairs-runs = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}, of { $n_values } and { $n_history } runs
changes-exact-change-against = exact change against { $n_before } { $unit }
changes-against-within-seeds = { $n_now } against { $n_before } { $unit }{ $if_paired ->
    [yes] {""}
   *[no] { $if_value ->
    [yes] , within seeds
   *[no] , paired
}
}
changes-where-only-some-runs = Where only some runs have a partner with the same seed in the other period, before, now and the change are those of the pairs; the means of all runs stand beside them (all).
changes-configurations-most-runs-judged = The { $most_series } configurations with most runs are judged; { $n_untold } more are not.
changes-value-needs-history-run = { $names }: its value needs the history of a run, which is not read of runs before the window, so it is not compared.
changes-before-period = Before this period
changes-period = this period
changes-expected-2 = expected from
changes-expected-3 = expected to
changes-level-before = level before
changes-column-period-2 = Period
changes-earlier-runs-runs-period = { $n ->
    [one] { $n } earlier run
   *[other] { $n } earlier runs
} and { $n_values ->
    [one] { $n_values } run
   *[other] { $n_values } runs
} of this period; the finding: { $state ->
    [worse] worse
    [better] better
    [changed] changed by less than the margin
    [steady] no change shown
    [untested] no variation, not tested
    [little_history] too little history
   *[too_large] values too large to compute with
}.
changes-over-time = { $label } over time
changes-run-started = Run started
changes-higher-better-lower-better = { $metric } ({ $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
})
# $since is changes-since-2, or empty.
changes-time-before = before{ $since }
# What values on the side before are of.
changes-unit = { $unit ->
    [periods] periods
   *[runs] runs
}
changes-when-before = before

### Who ran what, runs per day and per estimator, and why runs failed.

activity-days = Runs started per day ({ $zone })
# $n is how many runs, $days on how many days, $day the day with most of them and $most their number.
activity-days-alt = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} on { $days ->
    [one] { $days } day
   *[other] { $days } days
}; most on { $day }: { $most }.
activity-day = Day
activity-runs = Runs
activity-people = Who ran what
activity-user = User
activity-source = Source
activity-finished = Finished
activity-failed = Failed or killed
activity-took = Run duration, total
activity-estimators = Runs per estimator
activity-estimator = Estimator
activity-not-recorded = not recorded
activity-causes = Failed runs by cause
activity-cause = Cause
activity-example = Newest such run
activity-before = Period before
activity-before-note = failed runs
activity-no-cause = no error recorded
activity-causes-method = Failed runs by cause: the line of the run's error tags that names an exception, else the first; numbers and paths do not distinguish causes. The period before is as long as this one.
# $n is how many failed in the period before.
activity-failed-before = In the period before: { $n ->
    [0] no failed run
    [one] { $n } failed run
   *[other] { $n } failed runs
}.

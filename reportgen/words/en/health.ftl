health-health-runs = Health of the runs
health-which-runs-failed-hang = Which runs failed, hang, diverged or measured nothing?
health-runs = There are no runs.
health-runs-smaller-remark = {" "}{ $n ->
    [one] { $n } run has
   *[other] { $n } runs have
} a smaller remark.
health-none-runs-failed-hangs = None of { $n ->
    [one] { $n } run
   *[other] { $n } runs
} failed, hangs or diverged.{ $remarks }
health-runs-need-attention = { $n_need_attention } of { $n ->
    [one] { $n } run
   *[other] { $n } runs
} { $n_need_attention ->
    [one] needs
   *[other] need
} attention.{ $failure }
health-to = { $low } to { $high }
health-failed-killed-ended-95 = {" "}Failed or killed: { $k } of { $n_ended } that ended ({ $value }, 95 % interval { $bounds }).
health-column-status = Status
health-column-runs = Runs
health-status = no status
health-deleted-runs-counted = { $n ->
    [one] { $n } deleted run
   *[other] { $n } deleted runs
} not counted.
health-status-mlflow = Not a status of MLflow: { $s }.
health-runs-status = Runs by status
health-column-run = Run
health-column-experiment = Experiment
health-column-started = Started
health-column-why = Why
health-runs-need-attention-2 = Runs that need attention
health-runs-remarks = Runs with remarks
health-column-what = What
health-column-value = Value
health-median = Median
health-25th-percentile = 25th percentile
health-75th-percentile = 75th percentile
health-shortest = Shortest
health-longest = Longest
health-total = Total
health-run-duration = Run duration
health-finished-runs-start-end = Of { $n ->
    [one] { $n } finished run
   *[other] { $n } finished runs
} with a start and an end. Percentiles that fall between two runs are interpolated.
health-column-name = Name
health-names-several-runs-share = Names that several runs share
health-more-sets = ; and { $n_reruns } more sets
health-runs-repeat-earlier-same = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} repeat an earlier one (same parameters and seed, and the same commit or values): { $shown }{ $more }. A repeat is no new sample: comparisons count the newest only.

health-kinds = { $kind ->
    [failed] failed
    [killed] killed
    [stale] unfinished and silent
    [running] still running
    [no_metrics] finished without a metric
    [non_finite] NaN or infinity
    [restarted] restarted
   *[clock] clock
}
health-sign-life-all = no sign of life at all
health-nothing-logged-days = nothing logged for { $days } days
health-last-value = { $metric }, last value
health-step-points = { $metric } from step { $step } ({ $n } of its points)
health-step-passes = { $metric } from step { $first_step } ({ $n_passes } passes)
health-mlflow-s-last-value = { $text }, MLflow's last value { $stale } (step { $stale_step }) is of an abandoned pass, { $last } is used
health-start-time = no start time
health-start-time-plausible = start time is not plausible
health-starts-future = starts in the future ({ $started_at })
health-ended-before-started = ended before it started
health-finished-without-end-time = finished without an end time
health-took-days = took { $days } days

## Runs with one reason

health-each = Each of these runs
# $names: some of the $n runs that have the same reason.
health-alike = { $n } runs: { $names }
health-days = { $first } to { $last }
# $kind is a text of health-kinds.
health-silent-between = { $kind }: nothing logged for { $least } to { $most } days

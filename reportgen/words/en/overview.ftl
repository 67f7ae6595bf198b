### Section "Overview": page 1.

## Requests (traces) without any run

# $where is "3 experiments" or "experiment chat"; $window is a period.
overview-requests = { $n ->
    [one] { $n } traced request in { $where }, { $window }. No run was logged.
   *[other] { $n } traced requests in { $where }, { $window }. No run was logged.
}
overview-no-request-failed = Nothing needs attention: no request failed, and nothing is missing.

## Requests that failed

overview-requests-failed = Failed requests
# $names are names of traces with their counts.
overview-failed-requests = { $share } of { $n } that ended ({ $names })
overview-no-name = no name

## The report's headline

overview-headline-requests = { $n ->
    [one] { $n } traced request, no run.
   *[other] { $n } traced requests, no run.
}
overview-headline-failed = { $failed } of { $n } traced requests failed ({ $share }).

## What could not be read

overview-unread-title = Not read
# $names is a list of experiments.
overview-unread = { $n ->
    [one] The runs of experiment { $names } could not be read. They count nowhere in this report.
   *[other] The runs of { $n } experiments could not be read: { $names }. They count nowhere in this report.
}
overview-unread-todo = see the gaps at the end of this report, and build it again

## Trend

overview-impossible-times = { $n ->
    [one] One run with an impossible time
   *[other] { $n } runs with impossible times
} not shown; see "Health of the runs".

overview-overview = Overview
overview-what-happened-what-best = What happened, what is best, and what needs attention?
overview-runs = No runs
overview-selection-holds-run = The selection holds no run ({ $words }).{ $left_out }
overview-check-experiments-filter-window = check experiments, filter and window in the config
overview-n-experiments = { $n ->
    [one] { $n } experiment
   *[other] { $n } experiments
}
overview-experiment = experiment { $label }
overview-store = {" "}The store has { $n_store }: { $n }.
overview-best = of { $run_name }, best by { $chosen }
overview-mean-folds = { $run_name }, mean of { $n_folds } folds
overview-goal = { $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
}
overview-best-2 = Best { $metric }{ $in_sample }
overview-left = {" "}that is left
overview-vs-best-before = vs. best before{ $left }
overview-since = since { $since }
overview-runs-tie = { $n_tied } runs tie
overview-further-groups-comparison = { $left ->
    [one] { $left } further group
   *[other] { $left } further groups
} in the comparison.
overview-further-pairs-over-tasks = { $left ->
    [one] { $left } further pair
   *[other] { $left } further pairs
} over tasks.

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

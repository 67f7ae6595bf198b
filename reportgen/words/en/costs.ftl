costs-ran-other-hardware-how = { $names } ran on other hardware than { $baseline }, so how long runs and requests took is not compared: the machine would explain it as well.
costs-other-hardware = Other hardware
costs-repeat-runs-kind-machine = repeat the runs on one kind of machine
costs-column-what = What
costs-column-group = Group
costs-column-n = n
costs-column-group-s = Group's
costs-column-ratio-95-interval = Ratio [95 % interval]
costs-column-difference-95-interval = Difference [95 % interval]
costs-column-p-holm-adjusted = p (Holm-adjusted)
costs-column-note = Note
costs-what-took-against = What { $next } took against { $baseline }
costs-what-groups-took-against = What the groups took against { $baseline }
costs-words = { $what ->
    [duration] Duration of a run
    [latency] Latency of a request
    [latency_p95] p95 latency
    [failed] Requests that failed
    [cost] US$ a request
    [tokens] Tokens a request
   *[cost_per_success] US$ a success
}
costs-centres = { $what ->
    [duration] geometric mean
    [latency] geometric mean
    [latency_p95] type-7 quantile
    [failed] share of those that ended
    [cost] mean
    [tokens] mean
   *[cost_per_success] sum of costs over successes
}
costs-n-runs = { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
costs-against = { $n_b } against { $plural }
costs-several-configurations-group-runs = several configurations in a group: runs of a search are no repeats
costs-folds-independent-runs = folds are not independent runs
costs-time-zero-ratio = a time of zero has no ratio
costs-fewer-side-interval = fewer than { $fewest } on a side: no interval
costs-p95-needs-requests-side = p95 needs { $smallest_n } requests on each side
costs-interval-needs-requests-side = an interval needs { $quantile_difference_runs } requests on each side
costs-interval-needs-requests-side-2 = an interval needs { $fewest_requests } requests on each side
costs-fewer-requests-runs-side = fewer than { $fewest_requests } requests and { $fewest } runs on a side: no interval
costs-variation-either-side = no variation on either side
costs-times-ratio-geometric-means = Times: ratio of geometric means, group over baseline, Welch's interval on logarithms.
costs-p95-requests-bootstrap-interval = p95: of requests a bootstrap interval of the difference, from 200 on each side; of runs the p95 of each, by Welch.
costs-means-welch-over-runs = Means: Welch, over runs where three or more answered on each side, else over requests from { $fewest_requests } on. Prices may differ between periods.
costs-us-success-ratio-sums = US$ a success: ratio of sums, never a mean of ratios; delta method.
costs-failures-newcombe-s-interval = Failures: Newcombe's interval of the difference of two shares, or that of the runs' shares where it is wider.
costs-requests-fewer-three-runs = Requests of fewer than three runs on a side are the unit, and are not paired: what is said holds for requests of these runs and not for other runs, which makes the intervals too narrow where runs differ.
costs-p-adjusted-holm-tests = p is adjusted (Holm) for the { $n_tests } tests of this table; intervals are not. No verdict is made of them.
costs-verdict-made = No verdict is made of this.
costs-run-hardware-record-whether = No run has its hardware on record, so whether the machines were alike cannot be checked.
costs-further-groups-held-against = { $n ->
    [one] { $n } further group
   *[other] { $n } further groups
} not held against the baseline here.
costs-column-requests-cost = Requests with cost
costs-column-them-ok = of them ok
costs-column-cost-us = Cost, US$
costs-column-us-success-95 = US$ a success [95 % interval]
costs-sum-costs-over-number = Sum of the costs over the number of requests that ended well, of those that ended and have a cost.
costs-what-success-costs = What a success costs
costs-request-succeeded = no request succeeded

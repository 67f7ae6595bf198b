resources-median = Median
resources-progress = in progress
resources-state = no state
resources-status = no status
resources-resources = Resources
resources-what-did-runs-requests = What did runs and requests take: time, machine, tokens and money?
resources-utc = , from { $first } to { $last } { $zone }
resources-further-traces-judges-made = {" "}{ $n ->
    [one] { $n } further trace
   *[other] { $n } further traces
} that judges made while they scored others { $n ->
    [one] is
   *[other] are
} not counted.
resources-traced-requests-what-asked = { $n ->
    [one] { $n } traced request
   *[other] { $n } traced requests
}{ $span }. What was asked and answered is not read.{ $judged }
resources-name-trace = name of the trace
resources-name = Name
resources-language-model = language model
resources-model = Model
resources-experiment = Experiment
resources-all-them-called = All of them called { $name }.
resources-requests = Requests
resources-to = { $percent } to { $percent_2 }
resources-failed = Failed
resources-95-interval-n = 95 % interval { $bounds }, n = { $n_ended }
resources-slowest = ; slowest { $duration }
resources-latency = { $name } latency
resources-tokens = Tokens
resources-request-n = { $number } a request, n = { $n }
resources-cost-us = Cost, US$
resources-n-too-few-interval = n = { $n }, too few for an interval
resources-95-interval-n-2 = 95 % interval { $duration } to { $duration_2 }, n = { $n }
resources-column-failed-95-interval = Failed [95 % interval]
resources-column-slowest = Slowest
resources-column-95-interval = 95 % interval
resources-to-2 = { $duration } to { $duration_2 }
resources-column-requests-tokens = Requests with tokens
resources-column-tokens = Tokens in
resources-column-tokens-out = Tokens out
resources-column-tokens-request = Tokens a request
resources-column-requests-cost = Requests with cost
resources-column-us-request = US$ a request
resources-latency-failures = Latency and failures by { $what }
resources-speed-note = Latency of every request with a duration, failed ones too. Failed: share of the requests that ended, Wilson interval. Type-7 quantiles with intervals between order statistics: p90 from 10, p95 from 20 and p99 from 100 requests on, their intervals from 36, 72 and 368, the median's from 6; fewer are too few for an interval.
resources-tokens-cost = Tokens and cost by { $what }
resources-spend-note = Tokens and cost as MLflow stored them with the trace; prices may differ between periods.
resources-without-name = without a name
resources-requests-logged-inside-run = { $n ->
    [one] { $n } request
   *[other] { $n } requests
} of { $n_2 } { $n ->
    [one] was
   *[other] were
} logged inside a run.
resources-column-run = Run
resources-median-95-interval = Median, 95 % interval
resources-median-latency-name-trace = Median latency by name of the trace
resources-latency-2 = Latency
resources-median-latency-95-interval = Median latency: { $parts }; each with its 95 % interval.
resources-names-fewer-requests-drawn = { $left ->
    [one] { $left } name
   *[other] { $left } names
} with fewer requests not drawn; see the table.
resources-low = Low
resources-high = High
resources-column-n = n
resources-every = {" "}every { $duration } or so
resources-gaps-more-times-interval = {" "}{ $n ->
    [one] { $n } gap
   *[other] { $n } gaps
} of more than { $gap } times that interval left out of means and energy.
resources-runs-system-metrics-sampled = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} with system metrics, sampled{ $every }.{ $gaps }
resources-gpu-mean = GPU mean, %
resources-gpu-memory-peak = GPU memory peak, %
resources-gpu-memory-peak-mb = GPU memory peak, MB
resources-gpu-energy-wh = GPU energy, Wh
resources-cpu-mean = CPU mean, %
resources-memory-peak = Memory peak, %
resources-column-duration = Duration
resources-column-samples = Samples
resources-means-weighted-time-newest = Means are weighted by time. Newest run first.
resources-runs-other-machines-compared = Runs on other machines are not to be compared by these numbers.
resources-what-run-used = What each run used
resources-column-system-metric = System metric
resources-column-unit = Unit
resources-column-runs = Runs
resources-column-mean = Mean
resources-column-lowest-mean = Lowest mean
resources-column-highest-mean = Highest mean
resources-column-highest-p95 = Highest p95
resources-column-peak = Peak
resources-column-run-2 = of run
resources-mean-runs-time-weighted = Mean: of the runs' time-weighted means, each run counting once. p95: of a run's samples, 20 or more; the highest of the runs. Network and disk counters add up over a run.
resources-system-metrics-over-runs = System metrics over the runs
resources-column-what = What
resources-worth-look = Worth a look
resources-average-more-under = { $words }: { $value } on average for more than { $duration } (under { $low_gpu_percent } %)
resources-peak-over = { $words }: peak { $value } (over { $full_percent } %)
resources-lower-last-third-first = { $metric }: { $value } lower in the last third than in the first (more than { $slower } %)
resources-column-finished-runs = Finished runs
resources-column-longest = Longest
resources-column-all-together = All together
resources-how-long-runs-took = How long runs took

periods-n-pairs = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}
periods-period = this period
periods-last-periods-runs = the last { $window } periods with runs of it
periods-n-runs = { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
periods-last-periods-runs-2 = { $n } of the last { $window } periods with runs of it
periods-means-earlier-periods-which = the means of { $n ->
    [one] { $n } earlier period
   *[other] { $n } earlier periods
}, which differ by more than their runs do
periods-n-earlier-runs = { $n ->
    [one] { $n } earlier run
   *[other] { $n } earlier runs
}
periods-runs-before = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} before
periods-against = { $now } against { $before }
periods-n-earlier-periods = { $n ->
    [one] { $n } earlier period
   *[other] { $n } earlier periods
}
periods-only-luck-runs-period = {" "}Only { $n }: a luck that the runs of one period share (machine, data, libraries) would look the same.

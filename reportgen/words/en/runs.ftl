runs-all-runs = All runs
runs-which-runs-report-stand = Which runs does this report stand on?
runs-runs = No runs
runs-selection-holds-run = The selection holds no run.
runs-check-experiments-filter-window = check experiments, filter and window in the config
runs-first-newest-first = Those with { $metric } first, each newest first
runs-newest-first = Newest first
runs-n-runs = { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
runs-metrics-column-data-metrics = { $n_left } of { $n ->
    [one] { $n } metric
   *[other] { $n } metrics
} { $n_left ->
    [one] has
   *[other] have
} no column here: { $names }. data/metrics.parquet has every value.
runs-page-can-sort-filter = The page can sort and filter this list; the data files hold every parameter, tag and metric of every run.
runs-parameters-shown-further-differing = Parameters shown: { $p }; { $n ->
    [one] { $n } further differing parameter
   *[other] { $n } further differing parameters
} in the data files.
runs-column-run = Run
runs-column-experiment = Experiment
runs-column-status = Status
runs-column-started = Started
runs-column-duration = Duration
runs-column-run-id = Run id

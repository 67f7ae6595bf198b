### Versions of registered models and the runs they came from; checkpoints.

# $versions is a list such as "iris 3 (champion)".
lineage-best-is = The best run, { $run }, is { $versions }.
lineage-best-is-not = The best run, { $run }, is not registered.
lineage-champion = { $version } is of { $run }, rank { $rank } of { $n }.
lineage-version = { $name } version { $version }
lineage-version-alias = { $name } version { $version } ({ $aliases })
lineage-rank = Rank of its run
# $metric is the label of a metric, $name that of a registered model.
lineage-over-versions = { $name }: { $metric } by version
lineage-axis = Version
lineage-alt = { $metric } of the runs that { $n } versions of { $name } were made from: from { $first } (version { $start }) to { $last } (version { $end }).
lineage-checkpoints = Checkpoints: best against last
lineage-run = Run
lineage-metric = Metric
lineage-dataset = Data set
lineage-n = Checkpoints
lineage-best-step = Best at step
lineage-best = Best
lineage-last-step = Last step
lineage-last = Last
lineage-lost = Last worse by
lineage-by-step = Checkpoints by step
lineage-step = Step
lineage-model = Model id
lineage-value = Value
lineage-checkpoints-method = Checkpoints: models that one run logged at several steps, by a metric that was measured on each on the same data. The best of several is chosen on these values, so it looks better than it is.

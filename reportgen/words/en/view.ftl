view-mean-folds = , mean of { $n } folds
view-sample = {" "}(in-sample)
view-probably-training-value = ; probably a training value, its { $metric } is { $other }
# $status is how MLflow calls it in lower case; none is a run without a status.
view-status-count = { $n } { $status ->
    [finished] finished
    [failed] failed
    [killed] killed
    [running] running
    [scheduled] scheduled
    [deleted] deleted
   *[none] no status
}

metrics-goal = { $goal ->
    [maximize] higher is better
    [minimize] lower is better
   *[none] no direction
}
metrics-source = { $source ->
    [config] set in the config
    [mlflow] set in MLflow
    [name] known metric name
    [rules] inferred from its name
    [conflict] sources contradict each other
    [unknown] cannot be told from its name
   *[apart] its values are of different data sets
}
metrics-rule = { $rule ->
    [last] last value
    [best] best value of the history
    [min] smallest value
   *[max] largest value
}
metrics-primary-metric-config = It is the primary metric of the config.
metrics-experiment-s-primary-metric = It is the experiment's primary metric in MLflow.
metrics-what-search-optimises = It is what the search optimises.
metrics-metric-primary-config-chooses = --metric, or primary in a config, chooses another
metrics-set-primary-config-choose = set primary in the config to choose another
metrics-finished-runs = { $n_with } of { $n ->
    [one] { $n } finished run
   *[other] { $n } finished runs
} { $n_with ->
    [one] has
   *[other] have
} it
metrics-chosen-because-direction-known = Chosen because { $have } and its direction is known; { $another }.
metrics-taken-training-value = {" "}{ $training } is taken as its training value.
metrics-log-well-probably-training = {" "}In the { $n_with_validation } that log { $validation } as well it is probably the training value.
metrics-tag-experiment-says-higher = the tag of experiment { $who } says { $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
}
metrics-name-says-higher-better = its name says { $by_name ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
}
metrics-direction-contradictory-shown-ranked = Its direction is contradictory: { $said }. It is shown and not ranked.
metrics-set-metrics-goal-maximize = set metrics: {"{"}{ $where }: {"{"}goal: maximize{"}"}{"}"} or minimize in the config
metrics-runs-log-well-probably = In runs that log { $validation } as well ({ $n_with_validation } of { $n_with }) this is probably the value on the training data, so they are not comparable with the others.
metrics-set-primary-config-select = set primary: { $validation } in the config, or select the runs that measure the same
metrics-primary-metric-logged-any = The primary metric is not logged by any selected run, so nothing is ranked.
metrics-check-spelling-primary-config = { $meant }check the spelling of primary in the config, or the selection of runs
metrics-config-names-metric-selected = The config names this metric; no selected run logged it.
metrics-check-spelling-config-selection = { $meant }check its spelling in the config, or the selection of runs
metrics-did-you-mean-else = did you mean { $name }? else{" "}

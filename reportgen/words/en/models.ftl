models-models = Models
models-which-model-where-which = Which model is where, from which run, and how good was it?
models-registered-models-versions = { $names ->
    [one] { $names } registered model
   *[other] { $names } registered models
} with { $n ->
    [one] { $n } version
   *[other] { $n } versions
}
models-n-logged-models = { $n ->
    [one] { $n } logged model
   *[other] { $n } logged models
}
models-n-prompts = { $n ->
    [one] { $n } prompt
   *[other] { $n } prompts
}
models-registered-without-version = {" "}Registered without a version: { $name }.
models-further-registered-models-store = {" "}{ $n ->
    [one] { $n } further registered model
   *[other] { $n } further registered models
} of the store without a version from these experiments.
models-report = not in this report
models-column-model = Model
models-column-version = Version
models-column-aliases = Aliases
models-column-stage = Stage
models-column-status = Status
models-column-registered = Registered
models-column-run = From run
models-column-approval-tags = Approval tags
models-values-run-version-made = The values are those of the run that each version was made from.
models-registered-models = Registered models
models-column-what = What
models-column-x-version-x = { $capitalize }, version { $version }
models-column-difference = Difference
models-run-difference-without-interval = One run each: a difference, without an interval. Whether it is more than noise needs replicates.
models-champion-against-challenger = { $name }: champion against challenger
models-column-logged = Logged
models-column-model-id = Model id
models-last-value-metric-model = The last value of each metric of the model itself; newest model first.
models-further-metrics-models-data = { $left ->
    [one] { $left } further metric
   *[other] { $left } further metrics
} of these models in the data files.
models-logged-models = Logged models
models-data-set = no data set
models-column-prompt = Prompt
models-texts-prompts-read = The texts of the prompts are not read.
models-prompts = Prompts

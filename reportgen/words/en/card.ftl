### Section "Model card": what people wrote about a registered model, and what it was measured with.

card-title = Model card
card-question = What is the model for, what was it measured on, and where does it end?

# Names at the beginning of a row. $topic is a slug of the code.
card-topic = { $topic ->
    [intended-use] Intended use
    [out-of-scope] Not intended for
    [limits] Limits
    [ethics] Ethical considerations
    [owner] Owner
   *[license] License
}
# $model is the name of a model, $version its version.
card-of = { $model }, version { $version }
card-what = What
card-value = Value
card-aliases = Aliases
card-run = Made by run
card-registered = Registered
card-commit = Code commit
card-data = Data
# $model is the name of a model.
card-description = description of { $model }
# $context is what the data were used for, such as "training".
card-dataset = { $name } ({ $digest }), { $context }
card-dataset-plain = { $name } ({ $digest })
card-not-recorded = not recorded
# $tags are names of tags.
card-how-to = Not recorded parts are read from the descriptions and from tags of the version, the model or the run: { $tags }.
# $metric is a metric's label.
card-slices = Metrics by part of the data
card-metric = Metric
card-part = Part
card-measured = Value
card-whole = whole

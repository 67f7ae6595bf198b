### What is not ranked together: values on other data sets, and in other units.

## Runs that are not ranked with the others

# $apart is a list of the parts below.
evaluations-apart = Not ranked with these: { $apart }.
# $data names the data set with its digest.
evaluations-data = { $n ->
    [one] { $n } run on another data set: { $data }
   *[other] { $n } runs on another data set: { $data }
}
evaluations-training = { $n ->
    [one] { $n } run measured on training data: { $data }
   *[other] { $n } runs measured on training data: { $data }
}
# $sets is how many data sets there are.
evaluations-several = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} on { $sets } other data sets
evaluations-unrecorded = { $n ->
    [one] { $n } run whose data set is not recorded
   *[other] { $n } runs whose data set is not recorded
}
# $metric is its label, $values what was logged: "92.1 beside 0.921". $direction is larger or smaller.
evaluations-unit = { $n ->
    [one] { $n } run logs
   *[other] { $n } runs log
} { $metric } about { $factor } times { $direction ->
    [larger] larger
   *[smaller] smaller
}: { $values } ({ $runs })

## Nothing is ranked

evaluations-none = { $metric } is not ranked: each of the { $n } finished runs was measured on a data set of its own.
# $sets is how many data sets there are.
evaluations-equal = { $metric } is not ranked: its { $n } finished runs are of { $sets } data sets, and none of these has most of the runs.
# What a metric without a direction of its own is ordered by.
evaluations-order = Ordered by start. { $none }
# In the one sentence of the report, between commas.
# $n is how many metrics the runs logged.
evaluations-no-metric = No run is ranked: no finished run logged a metric.
evaluations-no-direction = No run is ranked: none of the { $n } logged metrics has a direction that is known. Set primary: NAME in the report, and metrics: {"{"}NAME: {"{"}goal: maximize{"}"}{"}"} or minimize in the config.
evaluations-no-goal = No run is ranked: { $metric } has no direction that is known. Set metrics: {"{"}{ $metric }: {"{"}goal: maximize{"}"}{"}"} or minimize in the config.
evaluations-no-value = No run is ranked: no finished run has a finite value of { $metric }.

evaluations-splits = These runs lie on { $n } splits of one data set, drawn by their seeds: part of a lead may be the split.
# $range and $sd are in the metric's unit.
evaluations-noise = Runs of one configuration differ by chance: of { $k } equal runs the best and the worst lie up to { $range } apart (95 % where values are near normal; sd { $sd } with { $df } degrees of freedom).
evaluations-processes = { $n ->
    [one] { $n } run that logged only system metrics is a process of another run and no result of its own.
   *[other] { $n } runs that logged only system metrics are processes of other runs and no results of their own.
}

## Repeats

evaluations-naming = Another value in every run, so part of no configuration: { $params }.
# $n is how many configurations there are in the period.
evaluations-untested = { $n ->
    [0] No change could be tested: no metric with a direction was logged in both periods.
    [one] No change could be tested: the only configuration of this period has too few runs before it.
   *[other] No change could be tested: none of the { $n } configurations of this period has enough runs before it.
}

evaluations-beside = { $plain } beside { $plain_2 }

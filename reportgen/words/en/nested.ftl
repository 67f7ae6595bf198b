nested-levels-deep = , { $depth } levels deep
nested-runs-child-runs-only = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} with { $n_children ->
    [one] { $n_children } child run
   *[other] { $n_children } child runs
}{ $levels }. Only finished children count.
nested-nested-runs = Nested runs
nested-what-child-runs-run = What do the child runs of a run show together?
nested-column-parent = Parent
nested-column-level = Level
nested-column-children = Children
nested-column-they = They are
nested-95-interval = {" "}[95 % interval]
nested-column-n = n
nested-column-mean-xx = Mean { $label }{ $bounded }
nested-column-sd = sd
nested-n-finished-children-value = n: finished children that have a value; a child without one stands with the mean of its own children. sd with ddof 1.
nested-kind-notes = { $kind ->
    [search] Trials of a search are no sample: which settings were tried decides their mean, so none is given; best, worst and sd tell what was found. The best of many trials is better than a re-run of it would be.
    [folds] Folds of one data set are not independent, so their mean has no interval; sd is between folds.
    [repeats] Repeats differ in nothing but seeds; the 95 % interval of their mean is a t interval.
   *[unknown] Children without parameters may be anything, so their mean has no interval.
}
nested-summary-child-runs = Summary of child runs
nested-lowest = Lowest
nested-highest = Highest
nested-best = Best
nested-worst = Worst
nested-failed = { $n_failed } failed
nested-kinds = { $kind ->
    [search] trials of a search
    [folds] folds
    [repeats] repeats
   *[unknown] runs without parameters
}
nested-column-run = Run
nested-column-status = Status
nested-parents-children = Parents and children
nested-runs-name-parent-selection = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} name a parent that is not in this selection: { $names }. They stand alone here.
nested-parents = Parents that are not here
nested-widen-selection-if-they = widen the selection if they belong to it
nested-runs-would-their-own = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} would be their own ancestor: { $names }. The circle is cut there.
nested-parents-circle = Parents in a circle
nested-correct-tag-mlflow-parentrunid = correct the tag mlflow.parentRunId of these runs

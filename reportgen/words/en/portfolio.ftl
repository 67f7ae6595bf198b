### Page 1 of a report over several projects: experiments that are different problems.

portfolio-title = All experiments
portfolio-question = How does each project stand, what changed, and what needs attention?

# The headline. $unit is what a row stands for.
portfolio-headline = { $ranked } of { $n } { $unit ->
    [experiments] experiments
   *[projects] projects
} { $ranked ->
    [one] has
   *[other] have
} a result.
portfolio-headline-attention = { $open } of { $n } { $unit ->
    [experiments] experiments
   *[projects] projects
} { $open ->
    [one] needs
   *[other] need
} a look.
portfolio-headline-improved = { $improved } of { $n } { $unit ->
    [experiments] experiments
   *[projects] projects
} improved.
portfolio-headline-worse = { $n ->
    [one] One got worse: { $names }.
   *[other] { $n } got worse: { $names }.
}
# $verdict is a sentence.
portfolio-headline-verdict = In { $project }: { $verdict }

portfolio-own-metric = Each row is ranked by its own metric on its own data. Values in different rows cannot be compared.

## Rows

portfolio-table = Experiments
portfolio-column-project = Experiment
portfolio-column-metric = Its metric
portfolio-column-best = Best
portfolio-column-run = Best run
portfolio-column-change = Change
portfolio-column-course = Best so far
portfolio-column-runs = Runs
portfolio-column-state = State

portfolio-in-sample = in-sample
portfolio-few = { $n } of { $of } finished
portfolio-folds = mean of { $n } folds
portfolio-tied = { $n ->
    [one] { $n } run ties
   *[other] { $n } runs tie
}
portfolio-best-lost = best before is lost
portfolio-first-period = first period
portfolio-no-new-run = no new run
portfolio-no-new-best = no new best
# $date is the day that the last period begins.

portfolio-state-gates-passed = { $passed } of { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} passed
portfolio-state-gates-failed = { $failed } of { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} failed
portfolio-state-gates-open = { $open } of { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} not decided
portfolio-state-worse = got worse
portfolio-state-unranked = nothing to rank
portfolio-state-in-sample = only training metrics
portfolio-state-no-gate = no gate
portfolio-state-runs = { $n ->
    [one] { $n } run needs a look
   *[other] { $n } runs need a look
}

# Notes under the rows. $names is a list.
portfolio-merged = { $title }: { $n } experiments with the same metric on the same data (equal digests).
portfolio-declared = { $title }: { $n } experiments, put together by the config.
portfolio-idle = { $n ->
    [one] No run in the selection: { $names }.
   *[other] { $n } experiments have no run in the selection: { $names }.
}
portfolio-more-details = The sections below are about { $shown } of { $n } { $unit ->
    [experiments] experiments
   *[projects] projects
}: those that need attention first, then those with the newest runs. detailed_experiments in the config changes that.
portfolio-more-artifacts = Artifacts of { $n } { $unit ->
    [experiments] { $n ->
        [one] experiment
       *[other] experiments
    }
   *[projects] { $n ->
        [one] project
       *[other] projects
    }
} without such sections were read and are not shown.

## What changed, what needs attention

# $tests is how many configurations could be tested.
portfolio-nothing-open = { $gates ->
    [0] No run failed, hangs or diverged, and every experiment has a result.
   *[other] No run failed, hangs or diverged, every gate passed, and every experiment has a result.
}
portfolio-new = New experiment
portfolio-unranked = Nothing to rank
portfolio-in-sample-only = Only training metrics
portfolio-in-sample-words = { $metric } is measured on the training data: log a validation metric, or set primary
# Why a project has no best run; $key is what to write into the config.
portfolio-why-no-finished = no finished run
portfolio-why-no-metric = its runs logged no metric
portfolio-why-traces = it holds traces and no run
portfolio-why-no-direction = no direction known for { $names }: set { $key }
portfolio-why-no-value = no finished run has a finite value of { $metric }: set { $key }
portfolio-why-missing = no run logged { $metric }, the primary metric of the config: set { $key }
portfolio-why-no-candidate = none of its metrics can rank runs: set { $key }

## Sections of one project

portfolio-section = { $project }: { $section }

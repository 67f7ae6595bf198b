### Section "Reproducibility": what is recorded of each run, and what is missing to run it again.

reproducibility-title = Reproducibility
reproducibility-question = What is missing for a rerun?
reproducibility-no-run = There is no finished run to check.

## What a rerun needs

# The names at the beginning of a row. $need is a slug of the code.
reproducibility-need = { $need ->
    [code-version] Code version
    [source] Source
    [parameters] Parameters
    [seed] Random seed
    [dataset] Data set
   *[environment] Environment
}
# The same names inside a sentence.
reproducibility-need-inline = { $need ->
    [code-version] code version
    [source] source
    [parameters] parameters
    [seed] random seed
    [dataset] data set
   *[environment] environment
}
# What counts as recorded. $tag is the name of MLflow's tag for the commit.
reproducibility-need-what = { $need ->
    [code-version] tag { $tag }
    [source] the script, notebook or project it was started from
    [parameters] at least one logged parameter
    [seed] a parameter such as seed or random_state
    [dataset] a logged data set with a digest
   *[environment] requirements, a conda or Docker environment, or a logged model, which MLflow saves with its requirements
}

## How many runs have it

# $complete of $n finished runs have everything.
reproducibility-complete = { $complete ->
    [0] No finished run recorded
    [one] { $complete } of { $n } finished runs recorded
   *[other] { $complete } of { $n } finished runs recorded
} all that a rerun needs.
# $parts are reproducibility-recorded-by, the most complete first, with reproducibility-and-then between them.
reproducibility-recorded = Recorded { $parts }.
reproducibility-and-then = ;{" "}
# $needs is a list of names, $have the number of runs that recorded them.
reproducibility-recorded-by = { $who ->
    [all] by all: { $needs }
    [none] by none: { $needs }
   *[some] by { $have }: { $needs }
}
reproducibility-checks = What is on record
reproducibility-checks-note = Finished runs only, n = { $n }. A check says that something is on record, not that it still exists.
reproducibility-column-need = Needed
reproducibility-column-have = Have it
reproducibility-column-share = Share
reproducibility-column-lack = Lack it
reproducibility-column-what = What counts

## Runs that lack something

reproducibility-lacking = Runs that lack what others have
reproducibility-column-run = Run
reproducibility-column-missing = Missing

## Code, data and stores

# $commits is a list of reproducibility-commit.
reproducibility-commits = { $n ->
    [one] { $n } code version
   *[other] { $n } code versions
}: { $commits }.
reproducibility-commit = { $commit } ({ $n ->
    [one] { $n } run
   *[other] { $n } runs
})
# $runs is a list of names.
reproducibility-dirty = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} ran with uncommitted changes: { $runs }.
reproducibility-datasets = Data sets
reproducibility-column-dataset = Data set
reproducibility-column-digest = Digest
reproducibility-column-runs = Finished runs
reproducibility-dataset-without-name = dataset
reproducibility-dataset-without-digest = no digest
# $stores is a list of reproducibility-store.
reproducibility-stores = The runs are from { $n ->
    [one] { $n } tracking store
   *[other] { $n } tracking stores
}: { $stores }. An experiment's id has its store's name before a colon, and a run's id behind # where two stores hold that run.
reproducibility-store = { $name } ({ $uri })

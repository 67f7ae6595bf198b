page-quality-gates = Quality gates
page-column-gate = Gate
page-column-state = State
page-column-what-found = What was found
page-column-run = Run
page-gate-words = { $state ->
    [PASS] passed
    [FAIL] failed
    [INCONCLUSIVE] inconclusive
   *[NO_DATA] no data
}
page-waived-until = waived until { $until }
page-all-gates-passed = All { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} passed.
page-gate-passed = The gate passed.
page-waived = {" "}({ $n_waived } waived)
page-gates-passed = Of { $n ->
    [one] { $n } gate
   *[other] { $n } gates
}: { $bad }{ $waived }, { $counts } passed.
page-problems = Problems
page-what-missing-what-must = What is missing, and what must be read with care?
page-column-weight = Weight
page-column-where = Where
page-column-what = What to do
page-column-name = Name
page-severity = { $severity ->
    [gap] missing
    [warning] with care
   *[note] note
}
page-n-notes = { $n ->
    [one] { $n } note
   *[other] { $n } notes
}
page-n-problems = { $n ->
    [one] { $n } problem
   *[other] { $n } problems
}
page-problems-2 = No problems
page-source = Source { $name }, { $kind }
page-source-2 = Source
page-kind-source = Kind of source
page-window = Window
page-snapshot = Snapshot
page-configuration = Configuration
page-about-data = About the data
page-source-selection = Source and selection
page-column-what-2 = What
page-column-value = Value
page-software = Software
page-column-package = Package
page-column-version = Version
page-which-data-read-which = Which data was read, with which software, and what was left out?
page-read = Read
page-of = { $n_read } of { $n_store } { $item }
page-data-tables-ledger-csv = { $notes } data/tables/ledger.csv tells for each experiment what was left out and why.
page-which-data-read-which-2 = Which data was read, with which software?

## Labels of the templates

page-skip = Skip to the report
page-sections = Sections
page-contents = Contents
page-method = Method
page-no-scripts = Charts need scripts. Their numbers are in the table under each chart.
page-no-drawing = This browser cannot unpack the drawing library, so no chart is drawn. Their numbers are in the table under each chart.
page-filter = Filter rows
page-filter-of = Filter rows of { $title }
page-no-rows = No rows
page-undrawn = This chart could not be drawn here; its numbers are below.
# Beside the filter of a table. { $all } is the count of all rows: "72 rows".
page-rows-left = { $n } of { $all }
page-chart-numbers = The numbers behind this chart
# Read aloud after "Method".
page-method-of = {" "}of { $title }
page-todo = To do:
# $window is a period in words, $generator the program.
page-made-by = { $window } · { $day } · made by { $generator }
# A tone for who cannot see sign and colour.
page-tone = { $tone ->
    [good] good
    [bad] bad
    [warning] warning
    [best] best
   *[note] note
}
# What a change of a value means.
page-change = { $tone ->
    [good] better
    [bad] worse
    [best] best so far
   *[warning] check
}
# Heading of a verdict's outcome.
page-outcome = { $outcome ->
    [better] Better
    [worse] Worse
    [unclear] Not clear
    [equivalent] Practically equivalent
    [not_worse] Not worse
    [too_few] Too few runs
    [different] Different, direction unknown
   *[incomparable] Not comparable
}
page-attachment = All rows of { $path }
# $state is page-gate-words, $severity is page-severity.
page-of-state = { $n } { $state }
page-of-severity = { $n } { $severity }
# What a report was asked for, and what change it was made for; $name is the same where it has no branch.
page-asked = { $what ->
    [experiments] experiments
    [filter] filter
    [start] start
    [end] end
    [compared-with-runs-from] compared with runs from
    [scores-from-before-the-window] scores from before the window
    [deleted] deleted
    [histories] histories
    [metrics] metrics
    [texts-of-evaluations] texts of evaluations
    [nested] nested
    [order] order
    [limit] limit
    [commit] commit
    [branch] branch
    [tag] tag
    [pull-request] pull request
   *[other] { $name }
}
# A row of the ledger of what was read; $name is the same where it has no branch.
page-item = { $item ->
    [runs] runs
    [points] points
    [series] series
    [params] params
    [tags] tags
    [datasets] datasets
    [models] models
    [traces] traces
    [artifacts] artifacts
    [assessments] assessments
    [experiments] experiments
    [versions] versions
   *[other] { $name }
}
# At the foot of a page of paper, around the two numbers.
page-number-between = {" "}of{" "}

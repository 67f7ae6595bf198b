report-read = { $kind }, not read
report-section-could-made = The section could not be made ({ $name }: { $error }).
report-please-report-bug = please report this as a bug
report-section-missing = This section is missing
report-column-experiment = Experiment
report-column-item = Item
report-column-store = In the store
report-column-read = Read
report-column-left-out = Left out
report-column-why = Why
report-every-row-balances-store = Every row balances: in the store = read + left out.
report-rows-balance-see-problems = { $n ->
    [one] { $n } row does
   *[other] { $n } rows do
} not balance; see the problems.
report-what-read = What was read
report-nothing-stored-either = nothing stored, no { $item } either
report-unexplained = { $unexplained } unexplained
# The period of the report. $kind says how it was chosen; $first and $last are days, $n how many.
report-window = { $kind ->
    [span] { $n ->
        [one] { $n } day
       *[other] { $n } days
    } to { $last }
    [last-report] since the report of { $first }
    [no-last-report] all time, there being no earlier report
    [from-to] from { $first } to { $last }
    [from] from { $first }
    [to] to { $last }
   *[all] all time
}

lastreport-to = { $name } { $then } to { $now }
lastreport-since-report-gates-flipped = Since the report of { $day }, gates flipped: { $told }.
lastreport-more = ; and { $n_runs } more
lastreport-last-report-bundle = The last report is of { $day } (bundle { $digest }).
lastreport-none-gates-changed-state = {" "}None of { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} changed its state.
lastreport-deleted-since = Deleted since
lastreport-longer = No longer here
lastreport-tags-changed = Tags changed
lastreport-over-since = Over since
lastreport-logged-after = Logged after it
lastreport-written-without-data-runs = {" "}It was written without its data, so its runs cannot be compared.
lastreport-config-another-runs-missing = {" "}Its config was another one, so runs that are missing now are not listed.
lastreport-column-gate = Gate
lastreport-column-x = On { $day }
lastreport-column-now = Now
lastreport-did-exist = did not exist
lastreport-gates-flipped = Gates that flipped
lastreport-column-runs-last-report = Runs of the last report
lastreport-column-runs = Runs
lastreport-column-which = Which
lastreport-longer-longer-store-longer = No longer here: no longer in the store, or no longer selected though it started in this period.
lastreport-what-became-runs = What became of its runs

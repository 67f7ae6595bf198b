### The comment under a pull request, and the short message about a finished report.

# $title is the report's; $n counts its gates.
comment-failed = { $title }: { $failed } of { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} failed
comment-gaps = { $title }: { $n ->
    [one] { $n } gap
   *[other] { $n } gaps
} in the report
comment-waived = { $title }: { $waived } of { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} waived
comment-passed = { $title }: { $n ->
    [0] no gate
    [one] the gate passed
   *[other] all { $n } gates passed
}
# A part of the comment about the report $name, named where it is left out.
comment-part = { $name }: { $part ->
    [failed] what failed
    [decision] decision
    [changes] changes
    [headline] headline
    [verdicts] verdicts
    [gaps] gaps
   *[others] other gates
}
comment-left-out = Left out, because this would be too long: { $names }.
comment-gate = Gate
comment-found = What was found
comment-more-gates = { $n ->
    [one] { $n } more gate
   *[other] { $n } more gates
}.
# $by and $because may be empty; each has a message of its own.
comment-decided = Decided: { $decision }{ $by }{ $because }
comment-decided-by = {" "}by { $who }
comment-decided-because = : { $reason }
comment-flip = { $gate } { $before } → { $now }
comment-since = Since the report of { $day }: { $changes }.
comment-more-comparisons = { $n ->
    [one] { $n } more comparison
   *[other] { $n } more comparisons
} in the report.
comment-missing = Missing in the report: { $gaps }.
comment-count = { $kind ->
    [passed] { $n } passed
    [waived] { $n } waived
   *[undecided] { $n } undecided
}
comment-report = Report
comment-job = Job
comment-commit = commit { $commit }
comment-data = data of { $day }

## Messages

comment-message-gate = gate { $state }: { $name }
comment-message-decision = decision { $decision }: { $by }: { $because }
comment-message-open = Open the report: { $url }

## The site of past reports

comment-site = Reports
comment-site-none = There is no report yet.
comment-site-headline = Headline
comment-site-decision = Decision
comment-site-passed = { $n } passed
comment-site-waived = waived
comment-site-by = {" "}by { $owner }
comment-site-older = { $n } older reports are in the folder { $name }.
comment-site-best = best { $metric }
comment-site-course = { $label }: { $first } on { $first_day }, { $last } on { $last_day }, { $n } reports

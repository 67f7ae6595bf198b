### Page 1: the line above the headline, the chips under it, and its blocks.

## Period

# $days is "23–29 November 2026", $week the number of the ISO week.
brief-week = Week { $week } · { $days } (UTC)
brief-days = { $days } (UTC)
brief-from = from { $first } (UTC)
brief-until = to { $last } (UTC)
# Without a window: the day of the report.
brief-all = all runs to { $day }

brief-day = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
# Both days in one month, and in one year.
brief-days-of-month = { $first }–{ $last }
brief-days-apart = { $first } – { $last }

## Chips

brief-gates = { $passed } of { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} passed
# $until is a day.
brief-gate-waived = { $name } waived until { $until }
brief-gate-open = { $name }: not decided
brief-gates-failed = { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} failed
brief-gates-open = { $n ->
    [one] { $n } gate
   *[other] { $n } gates
} not decided
# $read of $n runs in the store; the others are outside the selection.
brief-complete-all = { $n } of { $n ->
    [one] { $n } run
   *[other] { $n } runs
} read, nothing missing
brief-complete = { $read ->
    [one] { $read } run
   *[other] { $read } runs
} read, nothing missing
brief-complete-none = Nothing missing
brief-gaps = { $n ->
    [one] { $n } gap
   *[other] { $n } gaps
} in the data
brief-care = { $n ->
    [one] { $n } warning
   *[other] { $n } warnings
}

## The end of the document on paper

# $attached is "True" where the files are attached to the PDF. $names: titles with their files.
brief-in-files = In the { $attached ->
    [True] attached data files
   *[other] data files beside this document
}: { $names }.

## Lists

brief-more = { $n ->
    [one] and { $n } more
   *[other] and { $n } more
}

### Page 1: the line above the headline, the chips under it, and its blocks.

## Period

# $days is "23–29 November 2026", $week the number of the ISO week.
brief-week = Week { $week } · { $days } ({ $zone })
brief-days = { $days } ({ $zone })
brief-from = from { $first } ({ $zone })
brief-until = to { $last } ({ $zone })
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
brief-days-of-month = { $first }–{ $last } { $month ->
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

# $attached is "True" where the files are attached to the PDF. $names: titles of the $n tables that are not printed.
brief-in-files = { $n ->
    [1] Not printed: { $names }
    [2] Not printed: { $names }
    [3] Not printed: { $names }
   *[other] { $n } more tables
}, in the { $attached ->
    [True] attached data files
   *[other] data files beside this document
}.

## Lists

brief-more = { $n ->
    [one] and { $n } more
   *[other] and { $n } more
}

## What changed

brief-changed = What changed
brief-got-worse = { $metric } of { $what } got worse: { $before } → { $now }
brief-got-better = { $metric } of { $what } improved: { $before } → { $now }
# $change is the change in percent, $sides the runs on both sides.
brief-evidence = { $change } · { $sides }
brief-new-best-was = New best { $metric }: { $value }, was { $before }
brief-lost-best = The best { $metric } before is lost
brief-missed = { $what } did not run
brief-missed-last = { $more ->
    [0] last on { $day }
    [one] last on { $day }; { $more } other that ran before is missing too
   *[other] last on { $day }; { $more } others that ran before are missing too
}
brief-new-experiment = New experiment: { $name }
brief-gates-flipped = { $n ->
    [one] { $n } gate changed its answer
   *[other] { $n } gates changed their answers
}
brief-unchanged = No change shown
brief-no-run = No run started in this period
brief-no-run-newest = the newest started on { $day }
brief-first = First period: nothing to compare with
# $status counts runs by status.
brief-started = { $n ->
    [one] { $n } run
   *[other] { $n } runs
}: { $status }

## Needs attention

brief-attention = Needs attention
brief-nothing-open = Nothing needs attention
brief-nothing-open-detail = No run failed, hangs or diverged.
brief-no-finished = No run has finished
brief-gaps-listed = listed at the end: { $where }
brief-runs = { $kind ->
    [failed] { $n ->
        [one] { $n } run failed
       *[other] { $n } runs failed
    }
    [killed] { $n ->
        [one] { $n } run was killed
       *[other] { $n } runs were killed
    }
    [stale] { $n ->
        [one] { $n } unfinished run is silent
       *[other] { $n } unfinished runs are silent
    }
    [running] { $n ->
        [one] { $n } run is still running
       *[other] { $n } runs are still running
    }
    [no_metrics] { $n ->
        [one] { $n } run finished without a metric
       *[other] { $n } runs finished without a metric
    }
    [non_finite] { $n ->
        [one] { $n } run logged NaN or infinity
       *[other] { $n } runs logged NaN or infinity
    }
    [restarted] { $n ->
        [one] { $n } run was restarted
       *[other] { $n } runs were restarted
    }
   *[clock] { $n ->
        [one] { $n } run has an impossible time
       *[other] { $n } runs have impossible times
    }
}
brief-unranked = Nothing is ranked
brief-apart = Some runs are not ranked

## Tiles

brief-runs-tile = Runs
brief-runs-tile-period = Runs this period
brief-finished = { $finished } finished{ $failed ->
    [0] {""}
   *[other] , { $failed } failed
}
# $who is a run; $goal says which direction is good.
brief-best-note = { $who } · { $goal }
# What a small picture of a tile shows.
brief-course-periods = best of each of the last { $n } periods, from { $first } to { $last }
brief-course-runs = best so far over { $n } runs, from { $first } to { $last }
brief-course-counts = runs in each of the last { $n } periods, from { $first } to { $last }

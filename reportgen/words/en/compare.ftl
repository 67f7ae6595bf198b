### Comparison of groups: titles and short words that report and memo share.

# The number of checks that passed; the list under it has all of them.
compare-trust = Can this be trusted? { $passed } of { $n } checks passed
compare-not-recorded = not recorded

# Chips of a memo.
compare-alike = Like for like
compare-look = { $n ->
    [one] { $n } check to look at
   *[other] { $n } checks to look at
}
compare-caveats = { $n ->
    [one] { $n } caveat
   *[other] { $n } caveats
}

# The four facts under a decision; $by is what pairs the runs.
compare-pairs = Pairs by { $by }
compare-runs = Runs
compare-runs-value = { $b } vs. { $a }
compare-won = Won by { $b }
compare-won-value = { $won } of { $n }
compare-p = p, { $test }
compare-detectable = Smallest difference these runs could show

compare-every-run = Every run: { $metric }
# $marks says what the bar is.
compare-every-run-caption = Each dot is a run; the bar is the mean{ $bounded ->
    [True] {" "}with its 95 % interval
   *[other] {""}
}.
compare-dots = { $group }: { $n ->
    [one] { $n } run
   *[other] { $n } runs
} from { $low } to { $high }, mean { $mean }
compare-dots-search = { $group }: { $n ->
    [one] { $n } run
   *[other] { $n } runs
} from { $low } to { $high }
compare-others = Other metrics, which do not decide
compare-does-not-say = What this does not say

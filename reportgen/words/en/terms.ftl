terms-groups-comparison = the groups of the comparison
terms-over-comparisons = {" "}over { $n } comparisons
terms-dunnett = Dunnett
terms-games-howell = Games–Howell
terms-tukey = Tukey
terms-holm = Holm
terms-p-holm-adjusted = p ({ $if_value ->
    [yes] Holm-adjusted
   *[no] { $family }
})
terms-kinds = { $kind ->
    [seed] seed
    [repeat] repetition
    [fold] fold
   *[dataset] data set
}
terms-interval = { $level_percent } interval
terms-s-test = { $families }'s test
terms-corrected-paired-t-test = corrected paired t test
terms-paired-t-test = paired t test
terms-welch-s-t-test = Welch's t test
terms-dunnett-s-test-sd = Dunnett's test, one sd taken for all groups
terms-games-howell-s-test = Games and Howell's test
terms-tukey-s-test-equal = Tukey's test, equal variances asserted
terms-against-runs = { $names }, { $n_b } against { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
terms-welch-s-t-test-2 = Welch's t test, { $n_b } against { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
terms-correlation = , correlation { $correlation }
terms-pairs = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
} by { $pair }{ $r }
terms-folds = { $n_folds } folds
terms-splits-seed-draws = splits that the seed draws
terms-paired-t-test-nadeau = paired t test with the Nadeau–Bengio correction for { $parts }, { $pairs }
terms-paired-t-test-2 = paired t test, { $pairs }
terms-differ-exactly-tested = differ exactly, not tested
terms-same = the same
terms-outcome = { $outcome ->
    [better] better
    [worse] worse
    [unclear] no clear difference
    [equivalent] practically equivalent
    [not_worse] not worse by the margin
    [too_few] too few runs
    [different] different, direction unknown
   *[incomparable] not comparable
}
terms-pairs-2 = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
} by { $pair }
terms-against-runs-2 = { $n_b } against { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
terms-pp = { $margin } pp

### Verdicts in everyday words: heading and evidence. The test that made one is its method.

# $size is a difference without its sign, $margin a declared margin.
verdict-better = Better by { $size }
verdict-better-unshown = Better by { $size }, not shown to matter (at least { $margin })
verdict-better-past = Better by more than { $margin }
verdict-worse = Worse by { $size }
verdict-worse-past = Worse by more than { $margin }
verdict-equivalent = Practically equivalent, within ±{ $margin }
verdict-not-worse = Not worse by { $margin } or more
verdict-different = Different by { $size }; which is better is not known
verdict-undecided = Not decided
verdict-unclear = No clear difference
# $a and $b are the means; $level is a percentage.
verdict-evidence = { $metric } { $a } → { $b }. Between { $low } and { $high } with { $level } confidence.
verdict-evidence-pairs = { $metric } { $a } → { $b }. Between { $low } and { $high } with { $level } confidence; better in { $won } of { $n } pairs by { $by }.
# What is drawn, in words; $delta, $low and $high carry their signs.
verdict-strip = { $delta }, interval { $low } to { $high }
verdict-zero = no difference
verdict-succeeded = Among the runs that succeeded:
verdict-title = { $b } vs. { $a }: { $metric }
verdict-title-succeeded = { $b } vs. { $a }: { $metric } of the runs that succeeded
# A headline; the first word is never a name.
verdict-beats = Group { $b } beats { $a } by { $size }.
verdict-loses = Group { $b } is worse than { $a } by { $size }.
verdict-claim = { $claim }.
verdict-claim-group = Group { $claim }.

verdict-claim-groups = Groups { $claim }.
verdict-doubted = Whether { $b } and { $a } differ is not decided.
verdict-no-direction = Which is better is not known: { $metric } has no direction.
verdict-better-open = That it is better is not shown.

verdict-judged-over-tasks = Judged over tasks.{" "}
verdict-leading-set = Leading set.{" "}

verdict-difference = { $label } { $means }, a difference of { $interval } ({ $tail })
verdict-is-than = { $name_b } is { $outcome } than { $name_a }: { $found }.{ $margin }
verdict-decided = Not decided: { $found }; { $doubt }.{ $margin }
verdict-clear-difference-between-changes = No clear difference between { $name_b } and { $name_a }: { $label } { $means }; changes from { $low } to { $high }{ $unit } are not excluded ({ $tail }).{ $margin }
verdict-practically-equivalent = { $name_b } and { $name_a } are practically equivalent: { $found }.{ $margin }
verdict-most-worse-better-shown = { $name_b } is at most { $margin } worse than { $name_a }; that it is better is not shown: { $found }.{ $margin_2 }
verdict-differ-known-direction-neither = { $name_b } and { $name_a } differ: { $found }. { $label } has no known direction, so neither is called better.
verdict-cannot-compared-counted = { $name_b } and { $name_a } cannot be compared: { $withdrawn }. Of those counted: { $found }.
verdict-cannot-compared-they-measured = { $name_b } and { $name_a } cannot be compared: they were measured on different { $lowered }. { $label } { $means }, a difference of { $interval } ({ $tail }); it may come from the { $lowered } and not from the groups.
verdict-minus-known-direction-neither = { $name_b } minus { $name_a }: { $interval } ({ $tail }). { $label } has no known direction, so neither is called better.
verdict-withdrawn-words = { $reason ->
    [failures] more than a fifth of the runs of a group failed
    [shared_keys] the runs that share a key say another difference than all runs
   *[split] the groups do not have the numbers of runs that the declared split gives, so runs were lost or added
}
verdict-lowered-words = { $reason ->
    [datasets] data sets
   *[hardware] hardware
}
verdict-margin-nothing-varies-exact = {" "}The margin is { $margin }; nothing varies, so the exact difference decides.
verdict-sided-bounds-improvement = one-sided { $level } bounds of the improvement { $low } and { $high }{ $unit }
verdict-margin-nothing-decided-permutation = {" "}On the margin of { $margin } nothing is decided: the permutation test does not agree with the bounds ({ $bounds }).
verdict-difference-shown-smaller-what = {" "}The difference is shown, and it is smaller than what matters.
verdict-both-bounds-lie-inside = {" "}Both bounds lie inside the margin of ±{ $margin } ({ $bounds }).{ $shown }
verdict-worse-more-margin = {" "}It is worse by more than the margin of { $margin } ({ $bounds }).
verdict-better-more-margin = {" "}It is better by more than the margin of { $margin } ({ $bounds }).
verdict-better-margin-more-shown = {" "}That it is better by the margin of { $margin } or more is not shown ({ $bounds }).
verdict-whether-worse-margin-more = {" "}Whether it is worse by the margin of { $margin } or more is not decided ({ $bounds }).
verdict-against-runs-permutation-test = with { $n_b } against { $n ->
    [one] { $n } run
   *[other] { $n } runs
} the permutation test must agree, and it gives { $p_equation }: the smaller group may not have seen the tail of its values
verdict-values = {" "}Values of { $values }.
verdict-against-runs = { $n_b } against { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
verdict-n-pairs = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}
verdict-too-few-runs-judge = Too few runs to judge ({ $n }): the difference in { $label } is { $interval } ({ $level }). n = 2: the interval relies on normality.{ $shown }
verdict-run-per-group-uncertainty = One run per group: no uncertainty can be estimated. { $label } is { $mean } in { $name_b } and { $mean_2 } in { $name_a }, a difference of { $delta }.
verdict-only-run-test-made = Only one run in { $name_one }, so no test is made: { $label } is { $mean } there against a mean of { $mean_2 } over { $n ->
    [one] { $n } run
   *[other] { $n } runs
} of { $name_many }.
verdict-another-run-group-could = as another run of that group could be
verdict-where-another-run-group = where another run of that group would be one time in twenty
verdict-only-run-test-made-2 = Only one run in { $name_one }, so no test is made: its { $label } of { $mean } lies { $place } the 95 % prediction interval of { $name_many } ({ $low } to { $high }, n = { $n }), { $meaning }.
verdict-finished-run-finite-value = No finished run of { $empty } has a finite value of { $label }, so nothing can be compared.
verdict-every-run-both-groups = { $label } is { $mean } in every run of both groups: zero run-to-run variation observed (deterministic?).
verdict-exactly-every-run-difference = { $label } is exactly { $mean } in every run of { $name_b } and { $mean_2 } in { $name_a }, a difference of { $delta }: zero run-to-run variation observed (deterministic?), so nothing can be tested.
verdict-identical-every-pair-pairs = { $name_b } and { $name_a } are identical on every pair ({ $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}, { $label }).
verdict-differs-exactly-pairs-without = { $name_b } differs from { $name_a } by exactly { $delta } in { $label } on each of { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}: without any variation nothing can be tested.
verdict-expected-best-runs = {" "}Expected best { $label } of { $k ->
    [one] { $k } run
   *[other] { $k } runs
}: { $b } in { $name_b }, { $a } in { $name_a }.
verdict-groups-hold-several-configurations = The groups hold several configurations: searches, not repeated runs, so no test is made.{ $said }
verdict-runs-folds-data-set = The runs are folds of one data set that cannot be paired. Folds are not independent runs, so no test is made; the means of { $label } differ by { $delta }.
verdict-runs-lie-several-data = The runs lie on several data sets or tasks, so { $name_b } and { $name_a } are judged over these and not run by run (Across data sets). The means of { $label } over all runs differ by { $delta }.
verdict-values-too-large-compared = Values of { $label } are too large to be compared (beyond 1e70); the runs table shows them.
verdict-runs-log-about-times = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} log { $label } about { $factor } times larger than the other { $n_small }: { $large } beside { $small }. These are two units, so { $name_b } and { $name_a } are not compared.
verdict-of = { $delta }{ $if_unit ->
    [yes] {" "}of
   *[no] {""}
} { $label }
verdict-interval = { $amount } ({ $level_percent } interval { $low } to { $high }, { $n })
verdict-sided-bound-improvement = one-sided { $level_percent } bound of the improvement { $change }{ $unit }
verdict-better-shown = { $claim }: { $amount } ({ $bound }, { $n }). That it is better is not shown.
verdict-which-better-known-direction = { $claim }: { $found }. Which is better is not known: { $label } has no direction.
verdict-whether-differ-decided = Whether { $name_b } and { $name_a } differ is not decided: { $found }; { $doubt }.
verdict-better-more = { $name_b } is better than { $name_a } by more than { $margin }
verdict-better-but-shown-more = { $name_b } is better than { $name_a }, but not shown to be by { $margin } or more
verdict-worse-more = { $name_b } is worse than { $name_a } by more than { $margin }
verdict-worse-whether-more-decided = { $name_b } is worse than { $name_a }; whether by { $margin } or more is not decided
verdict-better-worse = { $name_b } is { $outcome ->
    [better] better
   *[worse] worse
} than { $name_a }
verdict-practically-equivalent-within = { $name_b } and { $name_a } are practically equivalent{ $if_within ->
    [yes] , within ±{ $margin }
   *[no] {""}
}
verdict-most-worse = { $name_b } is at most { $margin } worse than { $name_a }
verdict-differ = { $name_b } and { $name_a } differ
verdict-clear-difference-between-whether = No clear difference between { $name_b } and { $name_a }{ $if_value ->
    [yes] , and whether { $name_b_2 } is worse by { $margin } or more is not decided
   *[no] {""}
}
verdict-runs-would-detect-true = these runs would detect a true difference of { $size } with 80 % probability
verdict-among-succeeded = { $failed }. Among those that succeeded:{" "}
verdict-group-several-configurations-search = A group with several configurations is a search: its runs are not repeats, and the best of many looks better than the best of few. Set compare: {"{"}replicates: true{"}"}, or --replicates, to treat them as repeats.
verdict-runs-data-set-share = Runs of one data set share it: data sets are the sample, seeds are averaged first. Set compare: {"{"}tasks: none{"}"}, or --tasks none, to pool the runs.
verdict-folds-share-their-training = Folds share their training data: they are compared pair by pair, with the Nadeau–Bengio correction, or not at all.
verdict-values-compared-unit-only = Values are compared in one unit only: log them again in one, or leave the other runs out of the groups.
verdict-squares-values-must-numbers = Squares of the values must be numbers that a computer has.
verdict-groups-two-runs-never = Groups of one or two runs are never tested; three are the least.
verdict-test-needs-variation-between = A test needs variation between runs; without it only the exact difference is given.
verdict-adjusted = , { $family }-adjusted,
verdict-higher-better-lower-better = { $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
} ({ $direction_source })
verdict-different-when-p-most = Different when p{ $adjusted } is at most { $alpha }. Better and worse need a direction: set metrics: {"{"}NAME: {"{"}goal: maximize{"}"}{"}"} in the config.
verdict-practically-equivalent-when-both = {" "}Practically equivalent when both one-sided bounds lie inside the margin, not worse when the lower one does.
verdict-groups-share-data-set = {" "}Groups that share no data set are not judged.
verdict-time-cost-different-hardware = {" "}Time and cost of different hardware are not judged.
verdict-level-look = { $level }, the level of this look
verdict-better-worse-when-p = Better or worse when p{ $adjusted } is at most { $limit }; { $direction }.{ $within }{ $lowered } The test follows from the design, not from the values.

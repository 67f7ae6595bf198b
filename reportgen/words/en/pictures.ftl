pictures-run = Run
pictures-mean-95-interval = Mean, 95 % interval
pictures-mean = Mean
pictures-runs-point = { $n ->
    [one] { $n } run
   *[other] { $n } runs
}, each a point.
pictures-runs-points-lowest-highest = { $n_points } of { $n_points_2 } runs as points; the lowest and highest of each group are among them.
pictures-runs-seed-point-their = Runs of one seed are one point, at their mean.
pictures-group-against = { $metric }: { $group } { $mean } against { $base_mean }
pictures-group = { $metric } by group
pictures-higher-better-lower-better = { $metric } ({ $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
})
pictures-means-runs-points = Means of { $metric }: { $parts }; each with its runs as points.
pictures-mean-2 = mean of { $label }
pictures-from-to = from { $metric } to { $metric_2 }
pictures-column-group = Group
pictures-mean-runs-seed = mean of { $n_keys } runs of seed { $seed }
pictures-runs-group = Runs by group: { $metric }
pictures-column-pair-x = Pair ({ $pair })
pictures-column-difference = Difference
pictures-rises-falls = rises in { $up } and falls in { $down }
pictures-rises-falls-equal = rises in { $up }, falls in { $down } and is equal in { $equal }
pictures-pair-pair = { $metric } pair by pair: { $a } to { $b }
pictures-pairs = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
} by { $pair }: from { $a } to { $b } { $metric } { $moves }.
pictures-pairs-2 = Pairs of { $metric }
pictures-difference = Difference, { $level }
pictures-pp = {" "}(pp)
pictures-difference-2 = Difference in { $metric }{ $unit }
pictures-difference-3 = Difference in { $metric }{ $unit }; { $side }
pictures-differences = Differences of { $metric }: { $alt }.
pictures-pair = Pair
pictures-right-zero-better = right of zero is better
pictures-left-zero-better = left of zero is better
pictures-goal = { $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
}
pictures-difference-4 = no difference
pictures-margin-worse = margin, worse
pictures-margin-better = margin, better
pictures-interval-holds-zero-shows = An interval that holds zero shows neither a difference nor that there is none.
pictures-margin-declared-found = The margin, { $margin_size }, was declared, not found.
pictures-higher-pairs = , higher in { $sum } of { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}
pictures-minus = { $name_b } minus { $name_a } { $change }{ $unit }, { $level } { $low } to { $high }{ $higher }
pictures-column-difference-interval = Difference [interval]
pictures-column-verdict = Verdict
pictures-differences-2 = Differences in { $metric }

decision-title = Decision
decision-question = Is one group better than the baseline, by how much, and how sure is that?
decision-groups = Groups
decision-primary-metric = Primary metric
decision-why-metric = Why this metric
decision-like-like = Like for like
decision-without-pairing = Without pairing
decision-runs-still-needed = Runs still needed
decision-column-what = What
decision-column-value = Value
decision-what-decided = What it was decided from
decision-baseline = , the baseline
decision-by = {" "}By { $groups_by }.
decision-direction-known = its direction is known
decision-metric-all-known-direction = no metric that all have has a known direction
decision-chosen-because-every-group = Chosen because every group has it and { $known }; --metric, or metrics of compare in a config, chooses another.
decision-higher-better-lower-better = { $metric }, { $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
} ({ $source }); { $rule } of each run.
decision-verdict-rests-pairs = { $without_pairs }: the verdict rests on the pairs.
decision-group = {" "}in each group
decision-three-s-least-before = Three { $unit ->
    [pair] pairs
   *[run] runs
}{ $each } at least before anything is tested.
decision-there-are = ; there are { $n_a }.
decision-about-tell-observed-difference = About { $n }{ $each } to tell the observed difference from the margin with 80 % probability, were it the true one{ $there }
decision-about-decide-80-probability = About { $n }{ $each } to decide with 80 % probability whether { $name_b } is worse by the margin, if the observed difference is the true one{ $there }
decision-vs = { $label } vs. { $baseline }
decision-further-groups-table-above = { $left ->
    [one] { $left } further group
   *[other] { $left } further groups
} in the table above; verdicts in words for the first { $most_verdicts }.
decision-count = { $unit ->
    [pair] { $n ->
        [one] { $n } pair
       *[other] { $n } pairs
    }
   *[run] { $n ->
        [one] { $n } run
       *[other] { $n } runs
    }
}

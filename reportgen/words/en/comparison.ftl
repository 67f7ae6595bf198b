comparison-title = Comparison
comparison-question = Is one group better than another?
comparison-more-groups = ; and { $n_groups } more groups
comparison-runs-none-groups = {" "}{ $n ->
    [one] { $n } run is
   *[other] { $n } runs are
} in none of these groups.
comparison-baseline = ; baseline { $baseline }
comparison-groups = Groups by { $groups_by }{ $baseline }. { $counts }{ $more }.{ $outside }
comparison-further-groups-tables-below = { $left ->
    [one] { $left } further group
   *[other] { $left } further groups
} in the tables below.
comparison-differences = Differences in { $metric }
comparison-other-metrics = Other metrics
comparison-other-metric = Other metric: { $metric }

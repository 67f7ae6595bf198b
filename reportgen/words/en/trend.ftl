trend-best = the best { $label } { $time_before } was { $metric }
trend-runs = { $there }, that of these runs is { $metric }
trend-best-2 = the best { $label } is { $now }
trend-best-went = the best { $label } went from { $first } to { $now }
trend-finished-run = Finished run
trend-before-period = Before this period
trend-finished-run-period = Finished run of this period
trend-above-range = Above this range
trend-below-range = Below this range
trend-finished-runs = { $n ->
    [one] { $n } finished run
   *[other] { $n } finished runs
} from { $at } to { $at_2 }
trend-them-before-period = , { $n_earlier } of them from before this period
trend-best-far = Best so far
trend-column-ended = Ended
trend-column-run = Run
trend-runs-without-time-shown = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} without a time not shown.
trend-outside-range-chart-drawn = Outside the range of the chart, drawn at its edge: { $outside }.
trend-over-time = { $label } over time
trend-new-best = { $label }: best so far { $best }, { $change } this period
trend-no-new-best = { $label }: best so far { $best }, not beaten this period
trend-gate = gate: { $rule }
trend-run-ended = Run ended
trend-higher-better-lower-better = { $label } ({ $goal ->
    [maximize] ↑ higher is better
    [minimize] ↓ lower is better
   *[other] no direction
})
trend-period = this period

trend-best = 最优{ $label }{ $time_before }为 { $metric }
trend-runs = { $there }，这些运行的为 { $metric }
trend-best-2 = 最优{ $label }为 { $now }
trend-best-went = 最优{ $label }由 { $first } 变为 { $now }
trend-finished-run = 已完成的运行
trend-before-period = 本期之前
trend-finished-run-period = 本期已完成的运行
trend-above-range = 高于此范围
trend-below-range = 低于此范围
trend-finished-runs = { $at } 至 { $at_2 } 的 { $n } 次已完成运行
trend-them-before-period = ，其中 { $n_earlier } 次在本期之前
trend-best-far = 迄今最优
trend-column-ended = 结束时间
trend-column-run = 运行
trend-runs-without-time-shown = 未显示没有时间的 { $n } 次运行。
trend-outside-range-chart-drawn = 超出图的范围、绘于边缘：{ $outside }。
trend-over-time = { $label }随时间的变化
trend-new-best = { $label }：迄今最优 { $best }，本期变化 { $change }
trend-no-new-best = { $label }：迄今最优 { $best }，本期未刷新
trend-gate = 门禁：{ $rule }
trend-run-ended = 运行结束时间
trend-higher-better-lower-better = { $label }（{ $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}）
trend-period = 本期

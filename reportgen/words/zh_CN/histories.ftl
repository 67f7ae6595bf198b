### “训练曲线”：指标随运行步数的变化。

histories-date-axis = 日期（{ $zone }）
histories-offset-axis = 步数减 { $origin }
histories-abandoned-pass = { $run }，已放弃的第 { $number } 遍
histories-spread = 曲线 { $n } 的最小值至最大值
histories-restarted = 曾重启：{ $runs }。
histories-restarted-run = { $run }（自{ $place }起）
histories-restart-note = 虚线：同一运行被更新的一遍取代的步。所有数值取自最新的一遍。
histories-spread-note = { $n } 次运行在每一步有多个点：曲线为其均值，色带为最小值至最大值。
histories-unequal-sizes = 各组大小悬殊（2 : 1 及以上）时，p 取 Welch 检验与置换检验中较大者。数值偏斜时其区间过窄。
histories-while-training = 训练过程中的{ $metric }
histories-log-axis = 对数坐标轴。
histories-time-axis = 自首个点起的时间
histories-training-histories = 训练曲线
histories-how-did-training-go = 训练进展如何，哪里出了问题？
histories-logged-several-times-without = 多次记录但在运行内从未改变，因此未绘出：{ $names }。
histories-median-others = 其余运行的中位数
histories-best-run = 最优运行
histories-first-run-shown = 所示的第一次运行
histories-over-runs-goes = { $n_runs } 次运行中 { $n } 次的{ $metric }随{ $x }的变化；{ $whose } { $run_name } 由 { $metric_2 } 变为 { $metric_3 }。
histories-logged = { $name }（原始记录）
histories-10-90-other-runs = 其余 { $n_runs } 次运行的 10–90 %
histories-95-interval = { $name }，95 % 区间
histories-ends = { $name } 终值 { $metric }
histories-mean-over-groups-95 = { $n } 个组的{ $metric }均值随{ $x }的变化，带 95 % 区间：{ $ends }。
histories-dashed = ，含 { $drawn }（虚线）
histories-higher-better-lower-better = { $metric }（{ $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}）
histories-step = 步
histories-step-2 = 第 { $round } 步
histories-second = { $if_value ->
    [yes] 第 { $place } 秒
   *[no] 第 { $place } 步
}
histories-step-3 = 第 { $step } 步
histories-nan = NaN：{ $run_name }
histories-best-first = 最优在前
histories-newest-first = 最新在前
histories-runs-lines = { $n_runs } 次运行中绘出 { $n } 条曲线，{ $order }
histories-other-band-their-10 = ；其余 { $n_runs } 次以 10 % 至 90 % 分位数的色带表示
histories-other-data-files = ；其余 { $n_runs } 次见数据文件
histories-read-along-straight-lines = ，点与点之间按直线取值
histories-thinned-drawing-points-every = 为绘图由 { $points } 个点抽稀至 { $drawn } 个；保留所有峰谷，数值使用全部点。
histories-lines-more-points-smoothed = 超过 { $smooth_above } 个点的曲线已平滑（去偏移动平均，权重 { $weight }）；原始记录在其后方。
histories-three-runs-more-logged = 至少三次运行记录过的{ $x }
histories-mean-group-s-runs = 各组运行的均值及逐点 95 % t 区间，取自{ $where }；不对曲线做检验。
histories-mean-group-s-runs-2 = 各组运行的均值及逐点 95 % t 区间，限于至少三次运行尚在进行之处；运行共有的点太少，因此点与点之间按直线取值。不对曲线做检验。
histories-groups-drawn = { $n } 个组中绘出 { $n_groups } 个。
histories-fewer-runs-end-mean = 末段运行较少：{ $dropped }；此时均值只针对仍在进行的运行。
histories-of = { $label } { $n_runs } 次中的 { $n_last } 次
histories-from-on = 自 { $x } 起 { $n } 次
histories-end = ，末尾 { $n_last } 次
histories-runs = { $label } { $n_runs } 次运行，{ $steps }{ $more }
histories-logged-without-steps-axis = 记录时没有步数，因此坐标轴为自各运行首个点起的时间。
histories-runs-logged-only-once = { $n } 次运行只记录了一次，无法绘出。
histories-runs-logged-nothing-but = { $n } 次运行只记录了 NaN 或无穷大。
histories-points-logged-again-same = { $n } 个点在同一步重复记录：绘出较晚者。
histories-from = { $run_name }（自 { $step } 起）
histories-nan-infinity-runs = { $n } 次运行出现 NaN 或无穷大：{ $first }。
histories-ended-above-twice-first = 终值超过初值的两倍：{ $names }。
histories-gave-back-half-more = 结束时失去了一半或以上的增益：{ $names }。
histories-over-fitting = 过拟合：{ $gap }。
histories-since = { $run_name }（自 { $x } 起）
histories-improvement = 没有改进：{ $since }。
histories-still-improving-end = 结束时仍在改进：{ $names }。
histories-best-training-ahead-end = { $run_name }（最优在 { $x }；当时训练值领先 { $change }，结束时领先 { $change_2 }）
histories-column-run = 运行
histories-column-points = 点数
histories-column-last-step = 末步
histories-column-first = 初值
histories-column-best = 最优
histories-step-4 = 所在步
histories-column-last = 末值
histories-column-training-ahead-end = 结束时训练值领先
histories-column-gain-since = 自此无增益
histories-column-first-nan = 首个 NaN
histories-numbers-use-every-logged = 数值使用全部记录点。数据文件包含全部曲线。
histories-gain-since-last-gain = 自此无增益：最后一次增益，其后 { $patience } 个或更多的点中，没有达到最优值 { $min_delta } 的增益。
histories-curves = { $metric }曲线
histories-column-curves-numbers = 曲线的数值
histories-column-difference-95-interval = 差异 [95 % 区间]
histories-column-p-holm-adjusted = p（Holm 校正）
histories-curves-group = 各组的{ $metric }曲线
histories-runs-curve = 有曲线的运行
histories-best-value-curve = 曲线最优值
histories-mean-over-curve = 曲线均值
histories-reached = 达到 { $metric }
histories-first-median-all-runs = 首次达到的{ $unit }，全部运行的中位数
histories-improvement-last-points = 最后 { $patience } 个点没有改进
histories-still-improving-end-2 = 结束时仍在改进
histories-over-fitting-2 = 过拟合
histories-nan-infinity = NaN 或无穷大
histories-lost-more-half-gain = 失去一半以上的增益
histories-ended-above-twice-first-2 = 终值超过初值的两倍
histories-of-2 = { $n } 中的 { $k }
histories-to = { $low } 至 { $high }
histories-of-3 = { $runs } 中的 { $reached }
histories-reached-s = { $last_step } { $unit }内未达到
histories-half-fewer-reached = 达到的不超过一半
histories-finished-runs-more-point = 针对有多个点的已完成运行；父运行与子运行只取其一；均值带 95 % t 区间。
histories-mean-over-curve-area = 曲线均值：这些运行共有的{ $unit }范围 { $start } 至 { $stop } 内的曲线下面积除以该范围。
histories-runs-share-range-their = 各运行没有共同的{ $unit }范围，因此不比较曲线均值。
histories-bound-gate = 门禁的要求
histories-best-value-every-run = 基线各次运行都达到的最优值
histories-run-never-got-counts = { $metric } 为{ $whose }；从未达到的运行没有{ $unit }，按更晚计。
histories-run = 没有运行出现：{ $words }。
histories-p-adjusted-holm-tests = p 对本表的 { $n } 次检验做 Holm 校正；不据此作出判定。
histories-group-several-configurations-search = 含多种配置的组属于搜索：其运行不是重复，因此不做检验，也不给出区间。
histories-further-groups-table = 另有 { $n } 个组不在本表中。
histories-without-x = { $n } 次运行未绘出：没有在相同的步记录 { $metric }，或其值下降过。
histories-no-x = 以步为横轴：不到一半的运行在记录指标的同时记录了从不下降的 { $metric }。
histories-x = { $x ->
    [steps] 步数
    [times] 时间点
   *[time] 时间
}
histories-unit = { $unit ->
    [second] 秒
   *[step] 步
}
histories-units = { $unit ->
    [second] 秒
   *[step] 步
}

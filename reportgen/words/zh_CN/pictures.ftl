pictures-run = 运行
pictures-mean-95-interval = 均值，95 % 区间
pictures-mean = 均值
pictures-runs-point = { $n } 次运行，每点一次。
pictures-runs-points-lowest-highest = { $n_points_2 } 次运行中的 { $n_points } 次以点表示，包括各组的最低和最高值。
pictures-runs-seed-point-their = 同一种子的运行合为一点，取均值。
pictures-group-against = { $metric }：{ $group } { $mean } 对 { $base_mean }
pictures-group = 各组的{ $metric }
pictures-higher-better-lower-better = { $metric }（{ $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}）
pictures-means-runs-points = { $metric }的均值：{ $parts }；各组的运行以点表示。
pictures-mean-2 = { $label } 的均值
pictures-from-to = { $metric } 至 { $metric_2 }
pictures-column-group = 组
pictures-mean-runs-seed = 种子 { $seed } 的 { $n_keys } 次运行的均值
pictures-runs-group = 各组的运行：{ $metric }
pictures-column-pair-x = 配对（{ $pair }）
pictures-column-difference = 差异
pictures-rises-falls = 上升 { $up } 对，下降 { $down } 对
pictures-rises-falls-equal = 上升 { $up } 对，下降 { $down } 对，相等 { $equal } 对
pictures-pair-pair = 逐对的{ $metric }：{ $a } 到 { $b }
pictures-pairs = 按 { $pair } 的 { $n } 对：从 { $a } 到 { $b }，{ $metric }{ $moves }。
pictures-pairs-2 = { $metric }的配对
pictures-difference = 差异，{ $level }
pictures-pp = （pp）
pictures-difference-2 = { $metric }的差异{ $unit }
pictures-difference-3 = { $metric }的差异{ $unit }；{ $side }
pictures-differences = { $metric }的差异：{ $alt }。
pictures-pair = 配对
pictures-right-zero-better = 零的右侧为更优
pictures-left-zero-better = 零的左侧为更优
pictures-goal = { $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}
pictures-difference-4 = 无差异
pictures-margin-worse = 界值（更差）
pictures-margin-better = 界值（更优）
pictures-interval-holds-zero-shows = 区间包含零既不说明有差异，也不说明没有差异。
pictures-margin-declared-found = 界值 { $margin_size } 是事先声明的，而非由数据得出。
pictures-higher-pairs = ，{ $n } 对中 { $sum } 对更高
pictures-minus = { $name_b } 减 { $name_a } 为 { $change }{ $unit }，{ $level } { $low } 至 { $high }{ $higher }
pictures-column-difference-interval = 差异 [区间]
pictures-column-verdict = 判定
pictures-differences-2 = { $metric }的差异

### “最优运行”。

leaderboard-selection = 选择效应：{ $n } 次运行中的最优值会高估重新运行的结果。
leaderboard-luck = 小于 { $range } 的领先可能出于偶然。
leaderboard-best-runs = 最优运行
leaderboard-which-runs-best-what = 哪些运行最优，它们有何不同？
leaderboard-run-finished-none-ranked = 没有已完成的运行，因此没有排名。
leaderboard-nothing-rank = 没有可排名的内容
leaderboard-none-finished-runs-finite = { $n } 次已完成的运行都没有有限的{ $metric }。
leaderboard-ranked-metrics-without-known = 未排名：{ $n } 个优劣方向未知的指标：{ $names }。
leaderboard-ordered-start-known-direction = 按启动时间排序：{ $metric } 的优劣方向未知，因此没有最优运行。{ $why }
leaderboard-n-runs = { $n } 次运行
leaderboard-best = 最优：
leaderboard-run = ，按{ $whose }（{ $goal_arrow } { $direction }；取每次运行的{ $rule }）。{ $why }
leaderboard-column-configuration = 其配置
leaderboard-mean-repeats-95 = 重复运行均值 [95 %]
leaderboard-mean-repeats = 重复运行均值
leaderboard-column-rank = 排名
leaderboard-column-run = 运行
leaderboard-column-experiment = 实验
leaderboard-best-runs-2 = { $metric }最优的运行{ $in_sample }
leaderboard-runs = 有{ $metric }的运行
leaderboard-mean-folds = { $n_folds } 折的均值
leaderboard-child-run = 子运行
leaderboard-ranked-across-experiments-their = 跨 { $n_experiments } 个实验排名：只有在相同数据上测量同一内容时，数值才可比。
leaderboard-finished-runs-ranked = { $n } 次已完成的运行中，{ $if_value ->
    [yes] 参与排名
   *[no] 显示
} { $n_rows } 次
leaderboard-without-metric = { $n_missing } 次没有该指标
leaderboard-another-data-set-unit = { $n_apart } 次使用其他数据集或单位
leaderboard-nan-infinity = { $n_non_finite } 次为 NaN 或无穷大
leaderboard-folds-which-parent-stands = { $n } 折（以父运行代表）
leaderboard-and = {" "}和{" "}
leaderboard-left-out = ；略去：{ $gone }
leaderboard-n-folds = { $n } 折
leaderboard-cross-validations-fewer-folds = 交叉验证折数少于其他运行的 { $gone_folds }未排名。
leaderboard-cross-validation-ranked-mean = 交叉验证按各折均值排名；单独一折不是独立的结果。
leaderboard-test-values-stand-beside = 测试值列在按验证集选出的运行旁；各运行中测试值的最优者不算结果。
leaderboard-differing-parameters-shown-data = 未显示的不同参数：{ $name }；见数据文件。
leaderboard-column-parameter = 参数
leaderboard-column-value = 值
leaderboard-parameters-runs-above-share = 上述 { $n } 次运行共有的参数
leaderboard-column-configuration-2 = 配置
leaderboard-column-runs = 运行数
leaderboard-column-mean-xx = { $metric }均值{ $if_bounded ->
    [yes] {" "}[95 % 区间]
   *[no] {""}
}
leaderboard-column-sd = 标准差
leaderboard-between-runs = 运行之间
leaderboard-replicates-finished-runs-experiment = 重复：同一实验中除种子、折等之外参数全部相同的已完成运行。
leaderboard-intervals-mean-three-runs = 各均值的区间（三次运行起），未因挑选最优而校正。
leaderboard-folds-data-set-independent = 同一数据集的各折不独立，因此其均值没有区间。
leaderboard-configurations-mean = 各配置的{ $metric }均值
leaderboard-mean-95-interval = 均值，95 % 区间
leaderboard-mean = 均值
leaderboard-repeated-configurations = 重复的配置：{ $metric }
leaderboard-higher-better-lower-better = { $metric }（{ $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}）
leaderboard-repeated-configurations-best-mean = { $n } 种重复的配置，均值最优在前：{ $names }，{ $n_2 } 次运行的{ $metric }。
leaderboard-runs-repeated-configurations = 重复配置的运行：{ $metric }
leaderboard-repeated-configurations-every-run = { $n } 种重复的配置中的 { $n_shown } 种，每点一次运行。
leaderboard-ranked-by = 按{ $metric }排名：取每次运行的{ $rule }；{ $direction }。

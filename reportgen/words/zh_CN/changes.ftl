### “新变化”章节，以及第 1 页引用的内容。

changes-since = 自 { $day } 的报告以来：{ $parts }。
changes-since-fewer = { $day } 的报告有 { $then } 次运行，本报告有 { $now } 次。如果不是被删除，请检查存储和用户权限。
changes-since-deleted = 其中 { $n } 次运行已被删除（{ $runs }）
changes-since-gone = 其中 { $n } 次运行已不存在（{ $runs }）
changes-since-ended = 当时未结束的 { $n } 次运行已结束（{ $runs }）
changes-since-late = 其周期内的 { $n } 次运行是之后才记录的（{ $runs }）
changes-since-unchanged = 其运行没有被删除，标签也没有改变。
changes-lost-best = { $how ->
    [deleted] 此前最优的{ $label }为 { $value }（{ $run }），该运行已被删除，不计入本报告的任何部分。
   *[gone] 此前最优的{ $label }为 { $value }（{ $run }），该运行已不存在，不计入本报告的任何部分。
}
changes-lost-best-note = 一次{ $how ->
    [deleted] 已删除
   *[gone] 已不存在
}的运行曾有更优的{ $label }：{ $value }（{ $run }）。它不在任何一列中。
changes-new-experiment = { $n ->
    [one] 实验 { $name } 在本期有了首次运行。
   *[other] 实验 { $name } 在本期有了最初的 { $n } 次运行。
}
changes-new-experiments = 本期首次运行的实验：{ $names }。
changes-fresh = 启动较早，在上次报告之后才记录或结束
changes-quiet = 对曾运行过的配置做了 { $tests } 次检验，未显示变化。
changes-would-be-found = { $metric }若变化 { $size }，有五分之四的概率会被检出。
changes-would-be-found-from-to = { $metric }若变化 { $least } 至 { $most }（因配置而异），有五分之四的概率会被检出。
changes-quiet-but-small = 对曾运行过的配置做了 { $tests } 次检验，未显示达到所声明界值的变化；显示了 { $n } 处较小的变化：{ $names }。
changes-rule = 除随机种子和折之外参数全部相同的运行视为重复。将本期、最近两期和最近四期的运行分别与此前的全部运行比较：最大的变化须通过 t 检验（5 %，对这些比较做 Holm 校正），并在打乱运行后仍然成立（5 %；仅在同一种子的运行之间打乱）。此前只有一期时，以三次运行对三次运行；只有一两次运行时，与四次或更多此前运行的 99 % 预测区间比较，该区间假定运行服从正态分布。若各期之间的差异大于其运行之间的差异（F 检验），则每期计为一个值。
changes-detectable = 可检出的变化：本期有五分之四的概率会被检出的变化。持续存在的变化更容易检出。
changes-margins = 小于所声明界值（{ $margins }）的变化既不称为变差，也不称为变好。
changes-expected = 共做了 { $tests } 次检验：如果一切未变，且同期运行没有其他共性，则这样一份报告预计会出现 { $expected } 个误报。
changes-expected-unknown = 共做了 { $tests } 次检验。预计的误报数未给出：此前不足六期，无法判断同期运行是否共有某种偶然因素（机器、数据、库），这会使误报增多。
changes-little-history = { $n } 行的历史不足以判断：需要此前四次运行，或本期三次加此前三次；若各期之间的差异大于其运行之间的差异，则需要此前四期。
changes-what-changed-since-period = 与上期相比有何变化，是否有变差之处？
changes-what-new = 新变化
changes-n-runs = { $n } 次运行
changes-new-experiment-2 = 新实验。
changes-new-experiments-2 = 新实验。
changes-to = { $start } 至 { $last }
changes-column-runs = 运行
changes-started = 启动
changes-finished = 完成
changes-failed-killed = 失败或终止
changes-over = 未结束
changes-runs-started-before-period = 本期之前启动的运行有 { $n } 次{ $known }。
changes-configurations-period-never-ran = 本期有 { $n } 种配置此前从未运行。
changes-last = { $label }（上次 { $at }）
changes-ran-both-periods-before = 前两期都运行过、本期没有运行：{ $told }{ $if_more ->
    [yes] ；另有 { $more } 项
   *[no] {""}
}。
changes-runs-period-before = 本期与上期的运行
changes-counted-they-compared-other = ，自 { $known_from } 起计；它们在此用于比较，不出现在本报告的其他部分。更早的运行未读取
changes-since-2 = （自 { $known_from } 起）
changes-worse = 变差。
changes-better = 变好。
changes-of = { $label }的{ $metric }
changes-went = { $whose }由 { $metric } 变为{" "}
changes-over-last-periods-runs = （有其运行的最近 { $window } 期）
changes-n-pairs = { $n } 对
changes-ran-both-periods-all = （按{ $kinds }配对、两期都运行过的 { $pairs }；全部运行：{ $of_all }）
changes-history-leans-itself-interval = 历史值之间存在自相关，因此区间过窄。
changes-runs-now-logged-other = 本期运行记录的数据集与此前不同。
changes-before-now = 此前 { $before }，本期 { $now }
changes-to-2 = { $metric } 至 { $metric_2 }
changes-expected-99-prediction-interval = 预期为 { $expected }（{ $before }的 99 % 预测区间；假定数值服从正态分布）
changes-earlier-runs-too-few = 此前 { $n } 次运行太少，无法判断
changes-values-too-large-compute = 其数值过大，无法计算
changes-run-varies-change-exact = 所有运行都等于 { $before }，因此变化是确定的，未做检验
changes-within = 组内，按
changes-paired = 配对，按
changes-after-holm-over-comparisons = {" "}（对 { $n_family } 次比较做 Holm 校正）
changes-95-interval-change-adjusted = 变化的 95 % 区间{ $if_adjusted ->
    [yes] （未校正）
   *[no] {""}
} { $change_range }
changes-configuration-ran-both-period = 没有配置在本期和此前都运行过
changes-metric-direction-logged = 没有记录带优劣方向的指标
changes-nothing-tested = 未做检验：{ $why }。
changes-column-metric = 指标
changes-column-period = 本期
changes-column-run = 运行
changes-column-period-before = 上期
changes-any-time-before = 此前任何时候
changes-before = 此前（自 { $since } 起）
changes-column-period-against = 本期与其相比
changes-new-best = 新的最优
changes-best-since = 此后最优
changes-runs-started-before-read = { $since } 之前启动的运行未读取：此后的最优未必是历史最优。
changes-best-many-runs-better = 多次运行中的最优值优于重新运行它所得的结果；不对最优值做检验。
changes-since-runs-chosen-validation = { $held_out }：不在此列出，因为运行按验证集选择，而测试集上的最优值就成了在测试集上选择。
changes-best-values = 最优值
changes-column-parameter = 参数
changes-column-best-before-x = 此前最优（{ $run_name }）
changes-column-best-now-x = 当前最优（{ $run_name }）
changes-what-new-best-did = 新的最优{ $metric }有何不同
changes-column-configuration = 配置
changes-column-finding = 结论
changes-column-before = 此前
changes-column-now = 本期
changes-column-change = 变化
changes-column-relative = 相对变化
changes-column-p = p
changes-column-detectable-change = 可检出的变化
changes-column-judged = 判定依据
changes-configuration-ran-before = 曾运行过的各配置
changes-all = 全部：{ $metric }
changes-last-periods-now = 最近 { $window } 期；本期：{ $metric }
changes-state-words = { $state ->
    [worse] 变差
    [better] 变好
    [changed] 变化小于界值
    [steady] 未显示变化
    [untested] 无波动，未检验
    [little_history] 历史过少
   *[too_large] 数值过大，无法计算
}
changes-holm = Holm
changes-prediction = 由此前 { $n_before } { $unit }预测
changes-n-earlier-runs = 此前 { $n } 次运行
changes-pairs-runs = { $n } 对，来自 { $n_values } 次和 { $n_history } 次运行
changes-exact-change-against = 与 { $n_before } { $unit }相比的确定变化
changes-against-within-seeds = { $n_now } 对 { $n_before } { $unit }{ $if_paired ->
    [yes] {""}
   *[no] { $if_value ->
    [yes] ，同种子内
   *[no] ，配对
}
}
changes-where-only-some-runs = 若只有部分运行在另一期有相同种子的对应运行，则“此前”“本期”和“变化”取配对运行的值，旁边列出全部运行的均值（全部）。
changes-configurations-most-runs-judged = 只判断运行最多的 { $most_series } 种配置；其余 { $n_untold } 种未判断。
changes-value-needs-history-run = { $names }：其取值需要运行的历史曲线，而时间范围之前的运行不读取历史，因此不做比较。
changes-before-period = 本期之前
changes-period = 本期
changes-expected-2 = 预期下限
changes-expected-3 = 预期上限
changes-level-before = 此前水平
changes-column-period-2 = 周期
changes-earlier-runs-runs-period = 此前 { $n } 次运行，本期 { $n_values } 次运行；结论：{ $state ->
    [worse] 变差
    [better] 变好
    [changed] 变化小于界值
    [steady] 未显示变化
    [untested] 无波动，未检验
    [little_history] 历史过少
   *[too_large] 数值过大，无法计算
}。
changes-over-time = { $label }随时间的变化
changes-run-started = 运行启动时间
changes-higher-better-lower-better = { $metric }（{ $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}）
changes-time-before = 此前{ $since }
changes-unit = { $unit ->
    [periods] 期
   *[runs] 次运行
}
changes-when-before = 此前

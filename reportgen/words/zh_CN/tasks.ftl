tasks-across-data-sets = 跨数据集
tasks-difference-hold-data-set = 差异在不同的数据集或任务之间是否成立？
tasks-found-set-compare-tasks = ，按 { $tasks_by }{ $if_value ->
    [yes] （自动识别；可用 compare.tasks 另选）
   *[no] {""}
}
tasks-groups-tasks-every-group = { $n } 个组在 { $n_rows } 个任务上的{ $metric }{ $where }；每组都有的任务为 { $n_2 } 个。
tasks-on = { $task } 上的 { $group }
tasks-nothing-tested-hold-several = 未做检验：{ $places } 含多种配置，属于搜索而非重复（设置 compare.replicates: true 可仍取均值）。
tasks-nothing-tested-direction-unknown = 未做检验：{ $metric }的优劣方向未知。
tasks-further-pairs-table-below = 其余 { $more } 对见下表。
tasks-against-over-tasks = { $n } 个任务上的 { $second } 对 { $first }：{ $metric }
tasks-column-task = 任务
tasks-column-sd = 标准差
tasks-column-n = n
tasks-sd-spread-runs-group = 标准差为同一组、同一任务各运行的离散程度（ddof 为 1）。最优均值与次优相比的 Welch 检验经 Holm 校正（跨任务）后仍成立时加以标记。
tasks-without-value-group-test = 有一组没有数值、因此不参与检验：{ $told }。
tasks-finished-runs-groups-name = 各组中有 { $n } 次已完成的运行没有指明任务。
tasks-task = 各任务的{ $metric }
tasks-column-group = 组
tasks-column-against = 对照
tasks-column-tasks-won = 胜出的任务
tasks-column-tied = 持平
tasks-column-lost = 落后
tasks-typical-difference = 典型差异
tasks-mean-difference = 平均差异
tasks-column-p = p
tasks-column-p-holm = p（Holm）
tasks-won-tied-lost-task = 胜出、持平和落后按任务均值计；持平指差异为 0 或在声明的界值以内。
tasks-test-over-tasks-tasks = 未按任务检验：有 { $n } 个任务，需要 { $fewest_tasks } 个。
tasks-tasks-cannot-show-difference = { $n } 个任务无法在 { $n_pairs } 对中显示差异：即使所有任务一致，p（Holm）也不低于 { $smallest_p }。增加任务，或以一个基线代替两两比较，会有帮助。
tasks-pair-pair-over-tasks = 按任务两两比较
tasks-mean-ranks-over-tasks = { $datasets } 个任务的平均排名（1 为最优）：{ $ranks }。
tasks-friedman-s-chi-corrected = Friedman chi² { $chi2 }（已校正并列），{ $with_p }
tasks-iman-davenport-s-f = ；Iman–Davenport F({ $df }, { $df_2 }) = { $f }，{ $with_p }。
tasks-decides-nothing-pairs-tested = { $line }它在此不参与判定：各对分别检验。
tasks-column-mean-rank = 平均排名
tasks-mean-ranks-critical-difference = 平均排名由 { $labels }（{ $xs }）至 { $labels_2 }（{ $xs_2 }）；临界差为 { $critical }。
tasks-mean-ranks-nemenyi-s = 平均排名与 Nemenyi 临界差
tasks-mean-rank-1-best = 平均排名（1 为最优）
tasks-mean-ranks = 平均排名
tasks-bars-half-critical-difference = 线段向两侧各为临界差 { $critical } 的一半：线段不重叠的组按 Nemenyi 检验在 { $alpha } 水平有差异。
tasks-verdict-two-groups-depends = 它对两组的判定取决于还有哪些组（Benavoli, Corani & Mangili 2016）：请以上面的各对为准。
tasks-points = （百分点）
tasks-column-differencex = 差异{ $unit }
tasks-difference = { $metric }与 { $base } 的差异
tasks-task-task = 逐个任务的{ $label }
tasks-higher-better-lower-better = { $label }{ $unit }，{ $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}
tasks-differences-improvements = 与 { $base } 的 { $n } 个差异中，{ $n_up } 个为改进。
tasks-differences = 与 { $base } 的 { $n } 个差异。
tasks-difference-2 = 无差异
tasks-further-groups-table-only = 另有 { $left } 个组只在表格中。
tasks-score-over-all-tasks = 没有跨全部任务的得分：{ $no_scores }。
tasks-column-interquartile-mean = 四分位均值
tasks-column-mean = 均值
tasks-column-median = 中位数
tasks-column-optimality-gap = 最优性差距
tasks-lower-better = 越低越好
tasks-column-p-better-x = P(优于 { $base })
tasks-scores-between-task-s = { $metric }在各任务参考值之间的得分：0 为低参考，1 为高参考。四分位均值取全部运行和任务的中间一半；差距为均值低于 1 的程度。Agarwal et al. 2021。
tasks-intervals = 没有区间：{ $clause }。
tasks-95-intervals-bootstrap-runs = 95 % 区间由任务内运行的自助法得到，只针对这些任务。{ $if_optimistic ->
    [yes] 每个任务不足十次运行时区间过窄。
   *[no] {""}
}
tasks-scores-over-all-tasks = 跨全部任务的得分
tasks-column-score = 得分
tasks-column-share-runs-above = 高于该得分的运行比例
tasks-further-groups-data-only = 另有 { $left } 个组只在数据文件中。
tasks-performance-profile = { $metric }的性能曲线
tasks-score-between-references = 参考值之间的得分
tasks-share-runs-above-averaged = 高于该得分的运行比例（各任务平均）
tasks-share-runs-above-score = 得分高于 { $middle } 的运行比例：{ $half }。
tasks-performance-profile-2 = 性能曲线
tasks-line-above-another-every = 在每个得分上都位于上方的曲线在每个得分上都更优；相交的曲线没有统一的先后。
tasks-data-set-inputs = 数据集输入
tasks-group-holds-configuration-task = 每组对每个任务有一种配置
tasks-runs-lie-several-data = 各运行分布在多个数据集或任务上
tasks-tasks = 按 { $tasks_by } 的 { $n } 个任务
tasks-verdicts-across-data-sets = ：判定见“跨数据集”。
tasks-cannot-tested = ：而这些无法检验。
tasks-groups-compared-over-run = { $why }，因此各组按{ $n }比较，而不逐次运行比较{ $where }
tasks-p-holm = p{ $if_value ->
    [yes] _Holm
   *[no] {""}
} { $p }
tasks-interval = （{ $level_percent } 区间 { $change_range }）
tasks-typical-difference-task = 一个任务的{ $metric }的典型差异为 { $change }{ $interval }，{ $score }，{ $level }
tasks-clear-difference-between-over = 按任务比较，{ $second } 与 { $first } 无明确差异：{ $evidence }。
tasks-over-tasks = 按任务比较，{ $second } { $outcome }：{ $evidence }。
tasks-tasks-cannot-show-difference-2 = { $n } 个任务无法说明一般任务上的差异（至少需要 { $fewest_tasks } 个）
tasks-is = { $second } { $score }
tasks-interval-2 = ；{ $clause }，因此没有区间
tasks-average = ，平均 { $change }
tasks-on-these-in = { $few }。在这些任务的{ $metric }上，{ $score }{ $mean }{ $why }。
tasks-average-interval-tasks-only = { $few }。在这些任务的{ $metric }上，{ $score }；平均 { $change }（{ $level_percent } 区间 { $change_range }，仅针对这些任务）。
tasks-n-ties = ，持平 { $ties } 个
tasks-better-worse-tasks = { $n } 个任务中 { $wins } 个更优、{ $losses } 个更差{ $ties }
tasks-mean-over-tasks-differences = 各任务均值差的平均，其标准误由任务内运行的离散程度得出（Satterthwaite）。
tasks-holm-over-pairs = ，对 { $n_pairs } 对做 Holm 校正
tasks-wilcoxon-s-signed-rank = 对任务均值的 Wilcoxon 符号秩检验，双侧 { $alpha }{ $holm }；典型差异为 Hodges–Lehmann 伪中位数。结论针对此类任务，以这些任务能代表它们为限。
tasks-judged-over-tasks-judge = 按任务判定：要逐次运行判定，请设置 compare: {"{"}tasks: none{"}"} 或使用 --tasks none。
tasks-means-single-run-task = { $single } 个均值只来自一次运行，因此任务的差异可能出于偶然。
tasks-tasks-without-value-every = 略去并非每组都有数值的 { $n } 个任务。
tasks-compare-references-reference = compare.references 缺少 { $names } 的参考值
tasks-references-go-bad-score = { $names } 的参考值不是由差到好

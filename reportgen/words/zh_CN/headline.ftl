### 报告的标题句：一两项结论，每项一句。

headline-worse = { $more ->
    [0] 变差：{ $what }。
   *[other] 变差：{ $what }，另有 { $more } 项。
}
headline-gates = { $n } 项门禁中 { $failed } 项未通过{ $waived ->
    [0] {""}
   *[other] （其中 { $waived } 项已豁免）
}。
headline-new-best = { $metric }创新高：{ $value }（{ $who }）。
headline-best = { $metric }最优：{ $value }（{ $who }）。
headline-finished = { $n } 次运行中 { $finished } 次完成。
headline-failed = { $n } 次运行中 { $failed } 次失败。
headline-unranked = 没有可排名的运行。
headline-tasks = 在 { $n } 个任务上，组 { $b } 相对 { $a } { $outcome }。
headline-tasks-unclear = 按任务比较，{ $b } 与 { $a } 无明确差异。
headline-unread = { $n } 个实验无法读取。
headline-no-runs = 所选范围内没有运行。
headline-runs-tie = { $n_tied } 次运行并列
headline-two-groups-runs-compare = 没有两组可供比较的运行。
headline-better-worse-clear-difference = { $n } 个{ $outcome ->
    [better] 更优
    [worse] 更差
    [unclear] 无明确差异
    [equivalent] 实际等效
    [not_worse] 未差到超过界值
    [too_few] 运行过少
    [different] 有差异、方向未知
   *[incomparable] 不可比
}
headline-over-tasks-pairs-groups = 在 { $n } 个任务上，{ $n_told } 对组中：{ $said }。
headline-against-groups = 与 { $base } 相比，{ $n } 个组中：{ $said }
headline-group-shown-differ = 没有组显示出与 { $base } 的差异
headline-only-runs-succeeded-more = （仅针对成功的运行：{ $lost } 或 { $base } 中超过五分之一失败）
headline-itself-best-mean = { $told }；{ $base } 自身的{ $metric }均值最优。
headline-best-mean = { $told }；{ $name_b } 的{ $metric }均值最优（{ $delta }）。

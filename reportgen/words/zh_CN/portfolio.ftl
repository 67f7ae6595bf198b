### 多项目报告的第 1 页：各实验是不同的问题。

portfolio-title = 全部实验
portfolio-question = 各项目现状如何、有何变化、什么需要关注？
portfolio-headline = { $n } 个{ $unit ->
    [experiments] 实验
   *[projects] 项目
}中 { $ranked } 个有结果。
portfolio-headline-attention = { $n } 个{ $unit ->
    [experiments] 实验
   *[projects] 项目
}中 { $open } 个需要查看。
portfolio-headline-improved = { $n } 个{ $unit ->
    [experiments] 实验
   *[projects] 项目
}中 { $improved } 个有提升。
portfolio-headline-worse = { $n } 个变差：{ $names }。
portfolio-headline-verdict = { $project }：{ $verdict }
portfolio-own-metric = 每行按各自的指标、在各自的数据上排名；不同行的数值不可比。
portfolio-table = 实验
portfolio-column-project = 实验
portfolio-column-metric = 指标
portfolio-column-best = 最优
portfolio-column-run = 最优运行
portfolio-column-change = 变化
portfolio-column-course = 迄今最优
portfolio-column-runs = 运行
portfolio-column-state = 状态
portfolio-in-sample = 样本内
portfolio-few = { $of } 次中完成 { $n } 次
portfolio-folds = { $n } 折的均值
portfolio-tied = { $n } 次运行并列
portfolio-best-lost = 此前最优已不存在
portfolio-first-period = 首个周期
portfolio-no-new-run = 无新运行
portfolio-no-new-best = 最优未刷新
portfolio-state-gates-passed = { $n } 项门禁中 { $passed } 项通过
portfolio-state-gates-failed = { $n } 项门禁中 { $failed } 项未通过
portfolio-state-gates-open = { $n } 项门禁中 { $open } 项未判定
portfolio-state-worse = 变差
portfolio-state-unranked = 没有可排名的内容
portfolio-state-in-sample = 只有训练指标
portfolio-state-no-gate = 无门禁
portfolio-state-runs = { $n } 次运行需要查看
portfolio-merged = { $title }：{ $n } 个实验，指标相同且数据相同（摘要一致）。
portfolio-declared = { $title }：{ $n } 个实验，由配置合并。
portfolio-idle = { $n ->
    [one] 所选范围内没有运行：{ $names }。
   *[other] { $n } 个实验在所选范围内没有运行：{ $names }。
}
portfolio-more-details = 下文各章节针对 { $n } 个{ $unit ->
    [experiments] 实验
   *[projects] 项目
}中的 { $shown } 个：需要关注的在前，其次是运行最新的。可用配置中的 detailed_experiments 更改。
portfolio-more-artifacts = 另有 { $n } 个没有此类章节的{ $unit ->
    [experiments] 实验
   *[projects] 项目
}，其产物已读取但未显示。
portfolio-nothing-open = { $gates ->
    [0] 没有运行失败、卡住或发散，每个实验都有结果。
   *[other] 没有运行失败、卡住或发散，门禁全部通过，每个实验都有结果。
}
portfolio-new = 新实验
portfolio-unranked = 没有可排名的内容
portfolio-in-sample-only = 只有训练指标
portfolio-in-sample-words = { $metric }在训练数据上测得：请记录验证指标，或设置 primary
portfolio-why-no-finished = 没有已完成的运行
portfolio-why-no-metric = 其运行没有记录指标
portfolio-why-traces = 只有追踪，没有运行
portfolio-why-no-direction = { $names } 的优劣方向未知：请设置 { $key }
portfolio-why-no-value = 已完成的运行都没有有限的{ $metric }：请设置 { $key }
portfolio-why-missing = 没有运行记录配置中的主要指标 { $metric }：请设置 { $key }
portfolio-why-no-candidate = 其指标都无法用于排名：请设置 { $key }
portfolio-section = { $project }：{ $section }

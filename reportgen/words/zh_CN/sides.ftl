sides-runs-search-sample-which = 搜索的运行不是样本：均值取决于尝试了哪些设置，因此不给出均值。
sides-experiments = { $n_groups } 个实验
sides-three-more-finished-runs = 各有至少三次已完成的运行记录了{ $metric }。此处并列展示，不作判定。{ $why }要得到判定，请在配置中加入比较（compare: …）。
sides-experiments-side-side = 实验并列
sides-question = 是否有一组优于另一组？
sides-search = 搜索
sides-folds-configuration = 同一配置的各折
sides-95-interval = {" "}[95 % 区间]
sides-column-experiment = 实验
sides-column-runs = 运行类型
sides-column-n = n
sides-column-best = 最优
sides-column-mean-xx = { $metric }均值{ $bounded }
sides-n-finished-runs-finite = n：已完成且有有限值的运行数；取值：每次运行的{ $rule }；标准差的 ddof 为 1。
sides-best-n-runs-more = n 次运行的最优值：运行越多看起来越好；重新运行的结果预计会差一些。
sides-folds-data-set-independent = 同一数据集的各折不独立，因此其均值没有区间。
sides-experiment = 各实验的{ $metric }
sides-lowest-highest = { $if_value ->
    [yes] 最低至最高
   *[no] 最优
}
sides-n = { $label } { $if_value ->
    [yes] { $metric }
   *[no] { $metric_2 } 至 { $metric_3 }
}（n = { $n }）
sides-every-run-experiment = 各实验每次运行的{ $metric }，{ $how }：{ $parts }。

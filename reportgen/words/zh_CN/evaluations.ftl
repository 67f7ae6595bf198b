### 不能一起排名的内容：在其他数据集上或以其他单位测得的值。

evaluations-apart = 未与这些运行一起排名：{ $apart }。
evaluations-data = { $n } 次运行使用其他数据集：{ $data }
evaluations-training = { $n } 次运行在训练数据上测得：{ $data }
evaluations-several = { $n } 次运行使用另外 { $sets } 个数据集
evaluations-unrecorded = { $n } 次运行未记录数据集
evaluations-unit = { $n } 次运行记录的{ $metric }约为其他运行的 { $factor } 倍{ $direction ->
    [larger] 大
   *[smaller] 小
}：{ $values }（{ $runs }）
evaluations-none = { $metric }未排名：{ $n } 次已完成的运行各自使用不同的数据集。
evaluations-equal = { $metric }未排名：{ $n } 次已完成的运行分布在 { $sets } 个数据集上，没有哪个数据集占多数。
evaluations-order = 按启动时间排序。{ $none }
evaluations-no-metric = 没有运行可排名：已完成的运行都没有记录指标。
evaluations-no-direction = 没有运行可排名：所记录的 { $n } 个指标的优劣方向均未知。请在报告中设置 primary: NAME，并在配置中设置 metrics: {"{"}NAME: {"{"}goal: maximize{"}"}{"}"} 或 minimize。
evaluations-no-goal = 没有运行可排名：{ $metric } 的优劣方向未知。请在配置中设置 metrics: {"{"}{ $metric }: {"{"}goal: maximize{"}"}{"}"} 或 minimize。
evaluations-no-value = 没有运行可排名：已完成的运行都没有有限的 { $metric } 值。
evaluations-splits = 这些运行使用同一数据集由种子抽取的 { $n } 种划分：领先的一部分可能来自划分。
evaluations-noise = 同一配置的运行会有随机差异：{ $k } 次相同的运行中，最优与最差最多相差 { $range }（数值近似正态时的 95 %；标准差 { $sd }，自由度 { $df }）。
evaluations-processes = { $n } 次运行只记录了系统指标，属于其他运行的进程，自身没有结果。
evaluations-naming = 每次运行取值都不同，因此不属于配置：{ $params }。
evaluations-untested = { $n ->
    [0] 无法检验变化：没有带优劣方向的指标在两期都有记录。
    [one] 无法检验变化：本期唯一的配置此前运行过少。
   *[other] 无法检验变化：本期 { $n } 种配置此前的运行都不够。
}
evaluations-beside = { $plain } 与 { $plain_2 }

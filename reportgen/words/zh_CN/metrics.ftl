metrics-goal = { $goal ->
    [maximize] 越高越好
    [minimize] 越低越好
   *[none] 无优劣方向
}
metrics-source = { $source ->
    [config] 由配置设定
    [mlflow] 由 MLflow 设定
    [name] 已知的指标名
    [rules] 由名称推断
    [conflict] 各来源相互矛盾
    [unknown] 无法由名称判断
   *[apart] 其数值来自不同的数据集
}
metrics-rule = { $rule ->
    [last] 末值
    [best] 曲线最优值
    [min] 最小值
   *[max] 最大值
}
metrics-primary-metric-config = 它是配置中的主要指标。
metrics-experiment-s-primary-metric = 它是该实验在 MLflow 中的主要指标。
metrics-what-search-optimises = 它是搜索所优化的指标。
metrics-metric-primary-config-chooses = 可用 --metric 或配置中的 primary 另选
metrics-set-primary-config-choose = 可在配置中设置 primary 另选
metrics-finished-runs = { $n } 次已完成的运行中有 { $n_with } 次记录了它
metrics-chosen-because-direction-known = 选用它是因为{ $have }，且其优劣方向已知；{ $another }。
metrics-taken-training-value = { $training } 视为其训练值。
metrics-log-well-probably-training = 在同时记录 { $validation } 的 { $n_with_validation } 次运行中，它很可能是训练值。
metrics-tag-experiment-says-higher = 实验 { $who } 的标签称 { $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}
metrics-name-says-higher-better = 其名称表明 { $by_name ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}
metrics-direction-contradictory-shown-ranked = 其优劣方向相互矛盾：{ $said }。只显示，不排名。
metrics-set-metrics-goal-maximize = 请在配置中设置 metrics: {"{"}{ $where }: {"{"}goal: maximize{"}"}{"}"} 或 minimize
metrics-runs-log-well-probably = 在同时记录 { $validation } 的运行中（{ $n_with } 次中的 { $n_with_validation } 次），它很可能是训练数据上的值，因此与其他运行不可比。
metrics-set-primary-config-select = 请在配置中设置 primary: { $validation }，或选择测量相同内容的运行
metrics-primary-metric-logged-any = 所选的运行都没有记录主要指标，因此没有排名。
metrics-check-spelling-primary-config = { $meant }请检查配置中 primary 的拼写，或所选的运行
metrics-config-names-metric-selected = 配置指定了该指标，但所选的运行都没有记录。
metrics-check-spelling-config-selection = { $meant }请检查其在配置中的拼写，或所选的运行
metrics-did-you-mean-else = 是否指 { $name }？否则

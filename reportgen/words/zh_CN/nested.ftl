nested-levels-deep = ，共 { $depth } 层
nested-runs-child-runs-only = { $n } 次运行共有 { $n_children } 次子运行{ $levels }。只计已完成的子运行。
nested-nested-runs = 嵌套运行
nested-what-child-runs-run = 一次运行的各子运行合起来说明什么？
nested-column-parent = 父运行
nested-column-level = 层级
nested-column-children = 子运行数
nested-column-they = 类型
nested-95-interval = {" "}[95 % 区间]
nested-column-n = n
nested-column-mean-xx = { $label }均值{ $bounded }
nested-column-sd = 标准差
nested-n-finished-children-value = n：有数值的已完成子运行数；没有数值的子运行以其自身子运行的均值代表。标准差的 ddof 为 1。
nested-kind-notes = { $kind ->
    [search] 搜索的各次试验不是样本：均值取决于尝试了哪些设置，因此不给出；最优、最差和标准差说明搜索所得。多次试验中的最优值优于重新运行它所得的结果。
    [folds] 同一数据集的各折不独立，因此其均值没有区间；标准差为各折之间的。
    [repeats] 重复运行只有种子不同；其均值的 95 % 区间为 t 区间。
   *[unknown] 没有参数的子运行性质不明，因此其均值没有区间。
}
nested-summary-child-runs = 子运行汇总
nested-lowest = 最低
nested-highest = 最高
nested-best = 最优
nested-worst = 最差
nested-failed = { $n_failed } 次失败
nested-kinds = { $kind ->
    [search] 搜索的试验
    [folds] 折
    [repeats] 重复
   *[unknown] 没有参数的运行
}
nested-column-run = 运行
nested-column-status = 状态
nested-parents-children = 父运行与子运行
nested-runs-name-parent-selection = { $n } 次运行的父运行不在所选范围内：{ $names }。此处作为独立运行。
nested-parents = 父运行不在此处
nested-widen-selection-if-they = 若父运行应包括在内，请扩大所选范围
nested-runs-would-their-own = { $n } 次运行会成为自身的祖先：{ $names }。已在此处断开循环。
nested-parents-circle = 父运行成环
nested-correct-tag-mlflow-parentrunid = 请更正这些运行的标签 mlflow.parentRunId

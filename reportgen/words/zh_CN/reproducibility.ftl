### “可复现性”：每次运行记录了什么，重新运行还缺什么。

reproducibility-title = 可复现性
reproducibility-question = 重新运行还缺少什么？
reproducibility-no-run = 没有可检查的已完成运行。
reproducibility-need = { $need ->
    [code-version] 代码版本
    [source] 来源
    [parameters] 参数
    [seed] 随机种子
    [dataset] 数据集
   *[environment] 环境
}
reproducibility-need-inline = { $need ->
    [code-version] 代码版本
    [source] 来源
    [parameters] 参数
    [seed] 随机种子
    [dataset] 数据集
   *[environment] 环境
}
reproducibility-need-what = { $need ->
    [code-version] 标签 { $tag }
    [source] 启动运行的脚本、笔记本或项目
    [parameters] 至少一个已记录的参数
    [seed] seed 或 random_state 之类的参数
    [dataset] 带摘要的已记录数据集
   *[environment] requirements、conda 或 Docker 环境，或已记录的模型（MLflow 会连同其 requirements 一起保存）
}
reproducibility-complete = { $complete ->
    [0] 没有已完成的运行
   *[other] { $n } 次已完成的运行中有 { $complete } 次
}记录了重新运行所需的全部内容。
reproducibility-recorded = 记录情况：{ $parts }。
reproducibility-and-then = ；
reproducibility-recorded-by = { $who ->
    [all] 全部记录：{ $needs }
    [none] 均未记录：{ $needs }
   *[some] { $have } 次记录：{ $needs }
}
reproducibility-checks = 记录内容
reproducibility-checks-note = 仅针对已完成的运行，n = { $n }。检查说明有记录，不说明其仍然存在。
reproducibility-column-need = 所需内容
reproducibility-column-have = 有记录
reproducibility-column-share = 比例
reproducibility-column-lack = 无记录
reproducibility-column-what = 认定标准
reproducibility-lacking = 缺少其他运行所有内容的运行
reproducibility-column-run = 运行
reproducibility-column-missing = 缺少
reproducibility-commits = { $n } 个代码版本：{ $commits }。
reproducibility-commit = { $commit }（{ $n } 次运行）
reproducibility-dirty = { $n } 次运行带有未提交的更改：{ $runs }。
reproducibility-datasets = 数据集
reproducibility-column-dataset = 数据集
reproducibility-column-digest = 摘要
reproducibility-column-runs = 已完成的运行
reproducibility-dataset-without-name = 数据集
reproducibility-dataset-without-digest = 无摘要
reproducibility-stores = 运行来自 { $n } 个跟踪存储：{ $stores }。实验 id 在冒号前标出存储名；两个存储都有的运行，其 id 在 # 之后标出存储名。
reproducibility-store = { $name }（{ $uri }）

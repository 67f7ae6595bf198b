### 由用户自定义函数生成的章节，以及配置备注中的引用。

custom-missing = 本章节缺失
custom-not-run = 该配置随报告包提供，其中指定的代码不会执行。
custom-failed = 本章节的函数执行失败：{ $error }。
custom-figure = { $title }：由报告的自定义代码绘制，数值见图后的表格。
custom-lookup = 引用失败：{ $what }。
custom-lookup-todo = 请在配置中更正；可引用的内容见 docs/custom.md
custom-no-best = 此处没有最优运行，请指定一个
custom-no-run = { $n ->
    [0] 没有运行使用此名称或 id
   *[other] { $n } 次运行使用此名称，请写出 id
}
custom-no-metric = { $near ->
    [none] 没有运行记录它
   *[other] 没有运行记录它；是否指 { $near }？
}
custom-not-logged = 运行 { $run } 没有记录它

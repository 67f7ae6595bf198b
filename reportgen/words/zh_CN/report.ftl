report-read = { $kind }，未读取
report-section-could-made = 无法生成本章节（{ $name }：{ $error }）。
report-please-report-bug = 请作为缺陷上报
report-section-missing = 本章节缺失
report-column-experiment = 实验
report-column-item = 项目
report-column-store = 存储中
report-column-read = 已读取
report-column-left-out = 略去
report-column-why = 原因
report-every-row-balances-store = 各行账目相符：存储中 = 已读取 + 略去。
report-rows-balance-see-problems = { $n } 行账目不符，见“问题”。
report-what-read = 读取内容
report-nothing-stored-either = 未存储任何内容，也没有{ $item }
report-unexplained = { $unexplained } 项原因不明
report-window = { $kind ->
    [span] 截至 { $last } 的 { $n } 天
    [last-report] 自 { $first } 的报告以来
    [no-last-report] 全部时间（此前没有报告）
    [from-to] { $first } 至 { $last }
    [from] { $first } 起
    [to] 截至 { $last }
   *[all] 全部时间
}

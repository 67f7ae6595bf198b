### 拉取请求下的评论、报告完成后的简短消息，以及历史报告页面。

comment-failed = { $title }：{ $n } 项门禁中 { $failed } 项未通过
comment-gaps = { $title }：报告有 { $n } 处缺失
comment-waived = { $title }：{ $n } 项门禁中 { $waived } 项已豁免
comment-passed = { $title }：{ $n ->
    [0] 没有门禁
    [one] 门禁通过
   *[other] 全部 { $n } 项门禁通过
}
comment-part = { $name }：{ $part ->
    [failed] 未通过项
    [decision] 决定
    [changes] 变化
    [headline] 标题
    [verdicts] 判定
    [gaps] 缺失
   *[others] 其他门禁
}
comment-left-out = 因篇幅略去：{ $names }。
comment-gate = 门禁
comment-found = 结果
comment-more-gates = 另有 { $n } 项门禁。
comment-decided = 决定：{ $decision }{ $by }{ $because }
comment-decided-by = （{ $who }）
comment-decided-because = ：{ $reason }
comment-flip = { $gate } { $before } → { $now }
comment-since = 自 { $day } 的报告以来：{ $changes }。
comment-more-comparisons = 报告中另有 { $n } 项比较。
comment-missing = 报告缺失：{ $gaps }。
comment-count = { $kind ->
    [passed] { $n } 项通过
    [waived] { $n } 项豁免
   *[undecided] { $n } 项未判定
}
comment-report = 报告
comment-job = 任务
comment-commit = 提交 { $commit }
comment-data = 数据截至 { $day }
comment-message-gate = 门禁 { $state }：{ $name }
comment-message-decision = 决定 { $decision }：{ $by }：{ $because }
comment-message-open = 打开报告：{ $url }
comment-site = 报告
comment-site-none = 尚无报告。
comment-site-headline = 标题
comment-site-decision = 决定
comment-site-passed = { $n } 项通过
comment-site-waived = 已豁免
comment-site-by = （{ $owner }）
comment-site-older = 较早的 { $n } 份报告在文件夹 { $name } 中。
comment-site-best = 最优 { $metric }
comment-site-course = { $label }：{ $first_day } 为 { $first }，{ $last_day } 为 { $last }，共 { $n } 份报告

### 第 1 页：标题上方的一行、其下的标签，以及各内容块。

## 周期

brief-week = 第 { $week } 周 · { $days }（{ $zone }）
brief-days = { $days }（{ $zone }）
brief-from = { $first } 起（{ $zone }）
brief-until = 截至 { $last }（{ $zone }）
brief-all = 截至 { $day }的全部运行
brief-day = { $year }年{ $month }月{ $day }日
brief-days-of-month = { $year }年{ $month }月{ $first }日至{ $last }日
brief-days-apart = { $first }至{ $last }

## 标签

brief-gates = { $n } 项门禁中 { $passed } 项通过
brief-gate-waived = { $name } 豁免至 { $until }
brief-gate-open = { $name }：未判定
brief-gates-failed = { $n } 项门禁未通过
brief-gates-open = { $n } 项门禁未判定
brief-complete-all = 已读取全部 { $n } 次运行，无缺失
brief-complete = 已读取 { $read } 次运行，无缺失
brief-complete-none = 无缺失
brief-gaps = 数据有 { $n } 处缺失
brief-care = { $n } 条警告

## 纸质文档的末尾

brief-in-files = 未印出：{ $n ->
    [1] { $names }
    [2] { $names }
    [3] { $names }
   *[other] 另外 { $n } 张表
}，见{ $attached ->
    [True] 附带的数据文件
   *[other] 随文档提供的数据文件
}。

## 列表

brief-more = 另有 { $n } 项

## 变化

brief-changed = 有何变化
brief-got-worse = { $what }的{ $metric }变差：{ $before } → { $now }
brief-got-better = { $what }的{ $metric }提升：{ $before } → { $now }
brief-evidence = { $change } · { $sides }
brief-new-best-was = { $metric }创新高：{ $value }，此前为 { $before }
brief-lost-best = 此前最优的{ $metric }已不存在
brief-missed = { $what }未运行
brief-missed-last = { $more ->
    [0] 上次运行于 { $day }
   *[other] 上次运行于 { $day }；另有 { $more } 个曾运行过的也未运行
}
brief-new-experiment = 新实验：{ $name }
brief-gates-flipped = { $n } 项门禁的结论改变
brief-unchanged = 未显示变化
brief-no-run = 本期没有启动任何运行
brief-no-run-newest = 最近一次启动于 { $day }
brief-first = 首个周期：尚无可比对象
brief-started = { $n } 次运行：{ $status }

## 需要关注

brief-attention = 需要关注
brief-nothing-open = 没有需要关注的事项
brief-nothing-open-detail = 没有运行失败、卡住或发散。
brief-no-finished = 没有已完成的运行
brief-gaps-listed = 列于文末：{ $where }
brief-runs = { $kind ->
    [failed] { $n } 次运行失败
    [killed] { $n } 次运行被终止
    [stale] { $n } 次未完成的运行已无动静
    [running] { $n } 次运行仍在进行
    [no_metrics] { $n } 次运行完成但没有指标
    [non_finite] { $n } 次运行记录了 NaN 或无穷大
    [restarted] { $n } 次运行曾重启
   *[clock] { $n } 次运行的时间不可能成立
}
brief-unranked = 没有可排名的运行
brief-apart = 部分运行未参与排名

## 指标卡

brief-runs-tile = 运行
brief-runs-tile-period = 本期运行
brief-finished = { $finished } 次完成{ $failed ->
    [0] {""}
   *[other] ，{ $failed } 次失败
}
brief-best-note = { $who } · { $goal }
brief-course-periods = 最近 { $n } 期各期的最优值，从 { $first } 到 { $last }
brief-course-runs = { $n } 次运行的迄今最优值，从 { $first } 到 { $last }
brief-course-counts = 最近 { $n } 期各期的运行数，从 { $first } 到 { $last }

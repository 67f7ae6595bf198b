health-health-runs = 运行状况
health-which-runs-failed-hang = 哪些运行失败、卡住、发散或没有测得结果？
health-runs = 没有运行。
health-runs-smaller-remark = 另有 { $n } 次运行有次要备注。
health-none-runs-failed-hangs = { $n } 次运行均未失败、卡住或发散。{ $remarks }
health-runs-need-attention = { $n } 次运行中有 { $n_need_attention } 次需要关注。{ $failure }
health-to = { $low } 至 { $high }
health-failed-killed-ended-95 = 已结束的 { $n_ended } 次中，失败或被终止 { $k } 次（{ $value }，95 % 区间 { $bounds }）。
health-column-status = 状态
health-column-runs = 运行数
health-status = 无状态
health-deleted-runs-counted = { $n } 次已删除的运行未计入。
health-status-mlflow = 不是 MLflow 的状态：{ $s }。
health-runs-status = 各状态的运行数
health-column-run = 运行
health-column-experiment = 实验
health-column-started = 启动时间
health-column-why = 原因
health-runs-need-attention-2 = 需要关注的运行
health-runs-remarks = 有备注的运行
health-column-what = 项目
health-column-value = 值
health-median = 中位数
health-25th-percentile = 第 25 百分位
health-75th-percentile = 第 75 百分位
health-shortest = 最短
health-longest = 最长
health-total = 合计
health-run-duration = 运行时长
health-finished-runs-start-end = 针对有起止时间的 { $n } 次已完成运行。落在两次运行之间的百分位数经插值得到。
health-column-name = 名称
health-names-several-runs-share = 多次运行共用的名称
health-more-sets = ；另有 { $n_reruns } 组
health-runs-repeat-earlier-same = { $n } 次运行重复了较早的运行（参数和种子相同，且提交或数值相同）：{ $shown }{ $more }。重复不是新样本：比较时只计最新的一次。
health-kinds = { $kind ->
    [failed] 失败
    [killed] 被终止
    [stale] 未完成且无动静
    [running] 仍在运行
    [no_metrics] 完成但没有指标
    [non_finite] NaN 或无穷大
    [restarted] 曾重启
   *[clock] 时间异常
}
health-sign-life-all = 从未有任何动静
health-nothing-logged-days = 已 { $days } 天没有记录
health-last-value = { $metric }，末值
health-step-points = { $metric } 自第 { $step } 步起（其 { $n } 个点）
health-step-passes = { $metric } 自第 { $first_step } 步起（{ $n_passes } 遍）
health-mlflow-s-last-value = { $text }，MLflow 的末值 { $stale }（第 { $stale_step } 步）来自已放弃的一遍，采用 { $last }
health-start-time = 没有启动时间
health-start-time-plausible = 启动时间不合理
health-starts-future = 启动时间在未来（{ $started_at }）
health-ended-before-started = 结束早于启动
health-finished-without-end-time = 已完成但没有结束时间
health-took-days = 耗时 { $days } 天
health-each = 以下各次运行
health-alike = { $n } 次运行：{ $names }
health-days = { $first } 至 { $last }
health-silent-between = { $kind }：{ $least } 至 { $most } 天没有记录

### “概览”：第 1 页。

overview-requests = { $where }，{ $window }：{ $n } 个被追踪的请求，没有记录运行。
overview-no-request-failed = 没有需要关注的事项：没有请求失败，也没有缺失。
overview-requests-failed = 失败的请求
overview-failed-requests = 占已结束 { $n } 个的 { $share }（{ $names }）
overview-no-name = 无名称
overview-headline-requests = { $n } 个被追踪的请求，没有运行。
overview-headline-failed = { $n } 个被追踪的请求中 { $failed } 个失败（{ $share }）。
overview-unread-title = 未读取
overview-unread = { $n ->
    [one] 实验 { $names } 的运行无法读取，不计入本报告的任何部分。
   *[other] { $n } 个实验的运行无法读取：{ $names }。它们不计入本报告的任何部分。
}
overview-unread-todo = 请查看本报告末尾的缺失项，并重新生成
overview-impossible-times = 未显示时间不可能成立的 { $n } 次运行，见“运行状况”。
overview-overview = 概览
overview-what-happened-what-best = 发生了什么、什么最优、什么需要关注？
overview-runs = 没有运行
overview-selection-holds-run = 所选范围内没有运行（{ $words }）。{ $left_out }
overview-check-experiments-filter-window = 请检查配置中的实验、筛选和时间范围
overview-n-experiments = { $n } 个实验
overview-experiment = 实验 { $label }
overview-store = 存储中有 { $n_store } 次：{ $n }。
overview-best = { $run_name }，按{ $chosen }最优
overview-mean-folds = { $run_name }，{ $n_folds } 折的均值
overview-goal = { $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}
overview-best-2 = 最优{ $metric }{ $in_sample }
overview-left = （现存）
overview-vs-best-before = 对此前最优{ $left }
overview-since = 自 { $since } 起
overview-runs-tie = { $n_tied } 次运行并列
overview-further-groups-comparison = 比较中另有 { $left } 个组。
overview-further-pairs-over-tasks = 按任务另有 { $left } 对。

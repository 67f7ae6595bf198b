### 谁运行了什么、每天与每种估计器的运行数，以及运行失败的原因。

activity-days = 每日启动的运行数（{ $zone }）
activity-days-alt = { $days } 天内共 { $n } 次运行；{ $day } 最多，为 { $most } 次。
activity-day = 日期
activity-runs = 运行数
activity-people = 运行来源
activity-user = 用户
activity-source = 来源
activity-finished = 已完成
activity-failed = 失败或终止
activity-took = 运行总时长
activity-estimators = 各估计器的运行数
activity-estimator = 估计器
activity-not-recorded = 未记录
activity-causes = 失败运行的原因
activity-cause = 原因
activity-example = 最近一例
activity-before = 上期
activity-before-note = 失败运行数
activity-no-cause = 未记录错误
activity-causes-method = 失败原因：取运行错误标签中指明异常的一行，没有则取首行；数字和路径的差异不视为不同原因。上期与本期等长。
activity-failed-before = 上期：{ $n ->
    [0] 没有失败的运行
   *[other] { $n } 次运行失败
}。

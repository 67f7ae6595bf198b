costs-ran-other-hardware-how = { $names } 与 { $baseline } 的硬件不同，因此不比较运行和请求的耗时：差异也可能由机器造成。
costs-other-hardware = 硬件不同
costs-repeat-runs-kind-machine = 请在同一种机器上重复运行
costs-column-what = 项目
costs-column-group = 组
costs-column-n = n
costs-column-group-s = 该组
costs-column-ratio-95-interval = 比值 [95 % 区间]
costs-column-difference-95-interval = 差异 [95 % 区间]
costs-column-p-holm-adjusted = p（Holm 校正）
costs-column-note = 备注
costs-what-took-against = { $next } 与 { $baseline } 的耗费对比
costs-what-groups-took-against = 各组与 { $baseline } 的耗费对比
costs-words = { $what ->
    [duration] 运行时长
    [latency] 请求延迟
    [latency_p95] p95 延迟
    [failed] 失败的请求
    [cost] 每次请求费用（US$）
    [tokens] 每次请求 token 数
   *[cost_per_success] 每次成功费用（US$）
}
costs-centres = { $what ->
    [duration] 几何均值
    [latency] 几何均值
    [latency_p95] 第 7 类分位数
    [failed] 占已结束请求的比例
    [cost] 均值
    [tokens] 均值
   *[cost_per_success] 费用总和除以成功数
}
costs-n-runs = { $n } 次运行
costs-against = { $n_b } 对 { $plural }
costs-several-configurations-group-runs = 一组内有多种配置：搜索中的运行不是重复
costs-folds-independent-runs = 各折不是独立的运行
costs-time-zero-ratio = 耗时为零，无法求比值
costs-fewer-side-interval = 有一侧少于 { $fewest }：无区间
costs-p95-needs-requests-side = p95 需要每侧 { $smallest_n } 次请求
costs-interval-needs-requests-side = 区间需要每侧 { $quantile_difference_runs } 次请求
costs-interval-needs-requests-side-2 = 区间需要每侧 { $fewest_requests } 次请求
costs-fewer-requests-runs-side = 有一侧少于 { $fewest_requests } 次请求且少于 { $fewest } 次运行：无区间
costs-variation-either-side = 两侧均无波动
costs-times-ratio-geometric-means = 时间：几何均值之比（该组除以基线），对数上的 Welch 区间。
costs-p95-requests-bootstrap-interval = p95：按请求时为差异的自助法区间，每侧至少 200 次；按运行时取各运行的 p95，用 Welch 法。
costs-means-welch-over-runs = 均值：每侧至少三次运行有应答时按运行用 Welch 法，否则自 { $fewest_requests } 次请求起按请求计算。不同时期的价格可能不同。
costs-us-success-ratio-sums = 每次成功费用（US$）：总和之比，而非比值的均值；delta 法。
costs-failures-newcombe-s-interval = 失败：两个比例之差的 Newcombe 区间；若按运行比例的区间更宽，则取后者。
costs-requests-fewer-three-runs = 若有一侧不足三次运行，则以请求为单位且不配对：结论仅适用于这些运行的请求，不推及其他运行；当运行之间有差异时区间过窄。
costs-p-adjusted-holm-tests = p 对本表的 { $n_tests } 次检验做 Holm 校正，区间未校正。不据此作出判定。
costs-verdict-made = 不据此作出判定。
costs-run-hardware-record-whether = 没有运行记录硬件，无法检查机器是否相同。
costs-further-groups-held-against = 其余 { $n } 组未在此与基线比较。
costs-column-requests-cost = 有费用的请求
costs-column-them-ok = 其中成功
costs-column-cost-us = 费用（US$）
costs-column-us-success-95 = 每次成功费用（US$）[95 % 区间]
costs-sum-costs-over-number = 费用总和除以成功结束的请求数；只计已结束且有费用的请求。
costs-what-success-costs = 每次成功的费用
costs-request-succeeded = 没有请求成功

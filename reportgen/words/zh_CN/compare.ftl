### 分组比较：报告与备忘录共用的标题和短语。

compare-trust = 结论可信吗？{ $n } 项检查中 { $passed } 项通过
compare-not-recorded = 未记录
compare-alike = 同类相比
compare-look = { $n } 项检查须留意
compare-caveats = { $n } 条注意事项
compare-pairs = 按 { $by } 的配对数
compare-runs = 运行数
compare-runs-value = { $b } 对 { $a }
compare-won = { $b } 胜出
compare-won-value = { $won } / { $n }
compare-p = p（{ $test }）
compare-detectable = 这些运行可检出的最小差异
compare-every-run = 各次运行：{ $metric }
compare-every-run-caption = 每个点是一次运行；竖条为均值{ $bounded ->
    [True] 及其 95 % 区间
   *[other] {""}
}。
compare-dots = { $group }：{ $n } 次运行，{ $low } 至 { $high }，均值 { $mean }
compare-dots-search = { $group }：{ $n } 次运行，{ $low } 至 { $high }
compare-others = 其他指标（不参与判定）
compare-does-not-say = 本结论不说明什么

looks-pairs = { $if_paired ->
    [yes] 对
   *[no] 次运行（每组）
}
looks-more-planned-declared-looks = { $n } { $unit }超过了计划的 { $n_planned }：所声明的查看次数不再能把误差控制在 { $alpha }；采用计划的最后一个水平。
looks-look-planned-difference-counts = 第 { $look } 次查看，共计划 { $planned } 次（计划 { $n_planned } { $unit }，现有 { $n }）：p 不大于 { $level } 才算有差异（Lan–DeMets，O'Brien–Fleming），区间采用同一水平。
looks-more = {" "}或以上
looks-look-adjusted-false-positive = 第 { $look } 次查看，未校正：等间隔查看 { $look_2 } 次{ $more }后，误报率为 { $rate }，而非 { $alpha }；误判通过界值的比率大致相同。
looks-adjusted-repeated-looks-growing = 未对运行增加过程中的多次查看校正：实际相同者被误判为不同（或误判通过界值）的比例，查看 5 次后为 { $five }，10 次后为 { $ten }，而非 { $alpha }。

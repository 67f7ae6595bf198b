### 用日常语言表述的判定：标题与依据。所用的检验见“方法”。

verdict-better = 优 { $size }
verdict-better-unshown = 优 { $size }，但未显示有实际意义（至少 { $margin }）
verdict-better-past = 优出 { $margin } 以上
verdict-worse = 差 { $size }
verdict-worse-past = 差出 { $margin } 以上
verdict-equivalent = 在 ±{ $margin } 内实际等效
verdict-not-worse = 未差到 { $margin } 或以上
verdict-different = 相差 { $size }；优劣方向未知
verdict-undecided = 未判定
verdict-unclear = 无明确差异
verdict-evidence = { $metric } { $a } → { $b }。以 { $level } 的置信水平，差异在 { $low } 与 { $high } 之间。
verdict-evidence-pairs = { $metric } { $a } → { $b }。以 { $level } 的置信水平，差异在 { $low } 与 { $high } 之间；按 { $by } 配对，{ $n } 对中 { $won } 对更优。
verdict-strip = { $delta }，区间 { $low } 至 { $high }
verdict-zero = 无差异
verdict-succeeded = 在成功的运行中：
verdict-title = { $b } 对 { $a }：{ $metric }
verdict-title-succeeded = { $b } 对 { $a }：成功运行的{ $metric }
verdict-beats = 组 { $b } 优于 { $a }，优 { $size }。
verdict-loses = 组 { $b } 差于 { $a }，差 { $size }。
verdict-claim = { $claim }。
verdict-claim-group = 组 { $claim }。
verdict-claim-groups = 组 { $claim }。
verdict-doubted = { $b } 与 { $a } 是否有差异未判定。
verdict-no-direction = 哪个更优未知：{ $metric }没有优劣方向。
verdict-better-open = 未显示更优。
verdict-judged-over-tasks = 按任务判定。
verdict-leading-set = 领先集合。
verdict-difference = { $label } { $means }，差异 { $interval }（{ $tail }）
verdict-is-than = { $name_b } 比 { $name_a } { $outcome }：{ $found }。{ $margin }
verdict-decided = 未判定：{ $found }；{ $doubt }。{ $margin }
verdict-clear-difference-between-changes = { $name_b } 与 { $name_a } 无明确差异：{ $label } { $means }；不能排除 { $low } 至 { $high }{ $unit } 的变化（{ $tail }）。{ $margin }
verdict-practically-equivalent = { $name_b } 与 { $name_a } 实际等效：{ $found }。{ $margin }
verdict-most-worse-better-shown = { $name_b } 至多比 { $name_a } 差 { $margin }；未显示更优：{ $found }。{ $margin_2 }
verdict-differ-known-direction-neither = { $name_b } 与 { $name_a } 有差异：{ $found }。{ $label }的优劣方向未知，因此不称任何一方更优。
verdict-cannot-compared-counted = { $name_b } 与 { $name_a } 不可比：{ $withdrawn }。在计入的运行中：{ $found }。
verdict-cannot-compared-they-measured = { $name_b } 与 { $name_a } 不可比：两者使用不同的{ $lowered }。{ $label } { $means }，差异 { $interval }（{ $tail }）；差异可能来自{ $lowered }而非各组。
verdict-minus-known-direction-neither = { $name_b } 减 { $name_a }：{ $interval }（{ $tail }）。{ $label }的优劣方向未知，因此不称任何一方更优。
verdict-withdrawn-words = { $reason ->
    [failures] 有一组超过五分之一的运行失败
    [shared_keys] 共有键的运行与全部运行显示的差异不一致
   *[split] 各组的运行数与声明的分配不符，说明有运行丢失或多出
}
verdict-lowered-words = { $reason ->
    [datasets] 数据集
   *[hardware] 硬件
}
verdict-margin-nothing-varies-exact = 界值为 { $margin }；没有波动，因此按确切差异判定。
verdict-sided-bounds-improvement = 改进的单侧 { $level } 界 { $low } 和 { $high }{ $unit }
verdict-margin-nothing-decided-permutation = 对界值 { $margin } 不作判定：置换检验与界不一致（{ $bounds }）。
verdict-difference-shown-smaller-what = 差异已显示，但小于有实际意义的程度。
verdict-both-bounds-lie-inside = 两侧界都在 ±{ $margin } 以内（{ $bounds }）。{ $shown }
verdict-worse-more-margin = 差出界值 { $margin } 以上（{ $bounds }）。
verdict-better-more-margin = 优出界值 { $margin } 以上（{ $bounds }）。
verdict-better-margin-more-shown = 未显示优出界值 { $margin } 或以上（{ $bounds }）。
verdict-whether-worse-margin-more = 是否差出界值 { $margin } 或以上未判定（{ $bounds }）。
verdict-against-runs-permutation-test = { $n_b } 对 { $n } 次运行时置换检验须一致，而其结果为 { $p_equation }：较小的组可能尚未遇到数值的尾部
verdict-values = 取值：{ $values }。
verdict-against-runs = { $n_b } 对 { $n } 次运行
verdict-n-pairs = { $n } 对
verdict-too-few-runs-judge = 运行过少，无法判定（{ $n }）：{ $label }的差异为 { $interval }（{ $level }）。n = 2：区间依赖正态假设。{ $shown }
verdict-run-per-group-uncertainty = 每组只有一次运行，无法估计不确定性。{ $label }在 { $name_b } 中为 { $mean }，在 { $name_a } 中为 { $mean_2 }，相差 { $delta }。
verdict-only-run-test-made = { $name_one } 只有一次运行，因此不做检验：其{ $label }为 { $mean }，{ $name_many } 的 { $n } 次运行均值为 { $mean_2 }。
verdict-another-run-group-could = 该组的另一次运行也可能如此
verdict-where-another-run-group = 该组的另一次运行落在此处的概率为二十分之一
verdict-only-run-test-made-2 = { $name_one } 只有一次运行，因此不做检验：其{ $label }为 { $mean }，{ $place ->
    [inside] 落在
   *[outside] 不在
} { $name_many } 的 95 % 预测区间内（{ $low } 至 { $high }，n = { $n }），{ $meaning }。
verdict-finished-run-finite-value = { $empty } 没有已完成的运行有有限的{ $label }，无可比较。
verdict-every-run-both-groups = 两组每次运行的{ $label }均为 { $mean }：运行之间没有波动（是否为确定性计算？）。
verdict-exactly-every-run-difference = { $name_b } 每次运行的{ $label }均为 { $mean }，{ $name_a } 均为 { $mean_2 }，相差 { $delta }：运行之间没有波动（是否为确定性计算？），因此无可检验。
verdict-identical-every-pair-pairs = { $name_b } 与 { $name_a } 的每一对都相同（{ $n } 对，{ $label }）。
verdict-differs-exactly-pairs-without = 在全部 { $n } 对中，{ $name_b } 与 { $name_a } 的{ $label }都恰好相差 { $delta }：没有波动，无可检验。
verdict-expected-best-runs = { $k } 次运行的期望最优{ $label }：{ $name_b } 为 { $b }，{ $name_a } 为 { $a }。
verdict-groups-hold-several-configurations = 各组含多种配置：属于搜索而非重复运行，因此不做检验。{ $said }
verdict-runs-folds-data-set = 运行是同一数据集的各折且无法配对。各折不是独立的运行，因此不做检验；{ $label }的均值相差 { $delta }。
verdict-runs-lie-several-data = 各运行分布在多个数据集或任务上，因此 { $name_b } 与 { $name_a } 按数据集或任务判定，而不逐次运行判定（见“跨数据集”）。全部运行的{ $label }均值相差 { $delta }。
verdict-values-too-large-compared = { $label }的数值过大，无法比较（超过 1e70）；见运行表。
verdict-runs-log-about-times = { $n } 次运行记录的{ $label }约为其余 { $n_small } 次的 { $factor } 倍：{ $large } 与 { $small }。单位不一致，因此不比较 { $name_b } 与 { $name_a }。
verdict-of = { $label } { $delta }{ $if_unit ->
    [yes] {""}
   *[no] {""}
}
verdict-interval = { $amount }（{ $level_percent } 区间 { $low } 至 { $high }，{ $n }）
verdict-sided-bound-improvement = 改进的单侧 { $level_percent } 界 { $change }{ $unit }
verdict-better-shown = { $claim }：{ $amount }（{ $bound }，{ $n }）。未显示更优。
verdict-which-better-known-direction = { $claim }：{ $found }。哪个更优未知：{ $label }没有优劣方向。
verdict-whether-differ-decided = { $name_b } 与 { $name_a } 是否有差异未判定：{ $found }；{ $doubt }。
verdict-better-more = { $name_b } 优于 { $name_a }，优出 { $margin } 以上
verdict-better-but-shown-more = { $name_b } 优于 { $name_a }，但未显示优出 { $margin } 或以上
verdict-worse-more = { $name_b } 差于 { $name_a }，差出 { $margin } 以上
verdict-worse-whether-more-decided = { $name_b } 差于 { $name_a }；是否差出 { $margin } 或以上未判定
verdict-better-worse = { $name_b } { $outcome ->
    [better] 优于
   *[worse] 差于
} { $name_a }
verdict-practically-equivalent-within = { $name_b } 与 { $name_a } 实际等效{ $if_within ->
    [yes] ，在 ±{ $margin } 以内
   *[no] {""}
}
verdict-most-worse = { $name_b } 至多比 { $name_a } 差 { $margin }
verdict-differ = { $name_b } 与 { $name_a } 有差异
verdict-clear-difference-between-whether = { $name_b } 与 { $name_a } 无明确差异{ $if_value ->
    [yes] ，且 { $name_b_2 } 是否差出 { $margin } 或以上未判定
   *[no] {""}
}
verdict-runs-would-detect-true = 这些运行有 80 % 的概率检出大小为 { $size } 的真实差异
verdict-among-succeeded = { $failed }。在成功的运行中：
verdict-group-several-configurations-search = 含多种配置的组属于搜索：其运行不是重复，多次中的最优看起来优于少数几次中的最优。设置 compare: {"{"}replicates: true{"}"} 或 --replicates 可将其视为重复。
verdict-runs-data-set-share = 同一数据集的运行共享该数据集：以数据集为样本，先对种子取均值。设置 compare: {"{"}tasks: none{"}"} 或 --tasks none 可合并全部运行。
verdict-folds-share-their-training = 各折共享训练数据：须逐对比较并做 Nadeau–Bengio 校正，否则不比较。
verdict-values-compared-unit-only = 只比较单位一致的数值：请统一单位重新记录，或将其他运行排除在组外。
verdict-squares-values-must-numbers = 数值的平方须在计算机可表示的范围内。
verdict-groups-two-runs-never = 只有一两次运行的组从不做检验，至少需要三次。
verdict-test-needs-variation-between = 检验需要运行之间有波动；没有波动时只给出确切差异。
verdict-adjusted = （{ $family } 校正）
verdict-higher-better-lower-better = { $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}（{ $direction_source }）
verdict-different-when-p-most = p{ $adjusted }不大于 { $alpha } 时为有差异。更优和更差需要优劣方向：请在配置中设置 metrics: {"{"}NAME: {"{"}goal: maximize{"}"}{"}"}。
verdict-practically-equivalent-when-both = 两侧单侧界都在界值以内时为实际等效，下界在界值以内时为不更差。
verdict-groups-share-data-set = 没有共同数据集的各组不作判定。
verdict-time-cost-different-hardware = 硬件不同时不判定时间和费用。
verdict-level-look = { $level }（本次查看的水平）
verdict-better-worse-when-p = p{ $adjusted }不大于 { $limit } 时判为更优或更差；{ $direction }。{ $within }{ $lowered }检验方法由设计决定，与数值无关。

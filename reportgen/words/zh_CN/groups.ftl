groups-column-rank = 排名
groups-column-group = 组
groups-column-n = n
groups-column-best = 最优
groups-column-mean-xx = { $metric }均值{ $if_bounded ->
    [yes] {" "}[95 % 区间]
   *[no] {""}
}
groups-intervals-t-intervals-group = 区间为各组自身均值的 t 区间。
groups-intervals-group-s-own = 区间针对各组自身的均值；运行是成对比较的，因此这些区间是否重叠与差异无关。
groups-table-all-runs-verdict = 本表包含全部运行，判定只用有配对对象的运行。
groups-n-finished-runs-finite = n：已完成且有有限值的运行数。{ $own }标准差的 ddof 为 1。取值：每次运行的{ $rule }。
groups-group = 各组的{ $metric }
groups-column-sd = 标准差
groups-between-runs = 运行之间
groups-column-median = 中位数
groups-column-lowest = 最低
groups-column-highest = 最高
groups-column-counted = 未计入
groups-mean-interval-several-configurations = { $found } 不给出均值和区间：多种配置属于搜索，而搜索不是样本。其标准差是搜索的离散程度；运行越多，最优值看起来越好。
groups-interval-means-runs-lie = 均值不给出区间：各运行分布在共同的多个数据集或任务上。
groups-interval-folds-data-set = { $found } 不给出区间：同一数据集的各折不独立。
groups-without-metric = { $n_missing } 次没有该指标
groups-nan-infinite = { $n_non_finite } 次为 NaN 或无穷大
groups-inside-counted-parent = { $n_inside_parents } 次属于已计入的父运行
groups-parents-counted-children = { $n } 次为子运行已计入的父运行
groups-column-metric = 指标
groups-column-verdict = 判定
groups-column-difference-interval = 差异 [区间]
groups-group-baseline = 该组 − 基线
groups-column-improvement = 改进
groups-positive-better = 正值为更优
groups-column-relative-interval = 相对差异 [区间]
groups-column-p-holm-adjusted = p（Holm 校正）
groups-column-hedges-g = Hedges g
groups-column-p-group-baseline = P(该组 > 基线)
groups-column-pairs-won = 胜出的配对
groups-column-p-permutation = p（置换检验）
groups-column-detectable = 可检出差异
groups-four-times-five = 五分之四的概率
groups-column-n-needed = 所需 n
groups-difference-seen = 针对观测差异
groups-column-test = 检验
groups-groups = 各组
groups-test = 检验：{ $next }。
groups-n-pairs = { $n } 对
groups-against = { $n_b } 对 { $n_a }
groups-holm = Holm
groups-more-same-data-help = 同一数据再多也无帮助
groups-more-10-000 = 超过 10,000
groups-pairs = { $if_pairing ->
    [yes] { $n_needed } 对
   *[no] 每组 { $n_needed } 次
}
groups-to = {" "}至{" "}
groups-of = { $n_a } 中的 { $won }
groups-of-to = { $n_a } 中的 { $won }（{ $low } 至 { $high }）
groups-reason = { $reason ->
    [one_run] 无（仅一次运行）
    [no_values] 无（没有数值）
    [no_variation] 无（没有波动）
    [identical] 无（各对相同）
    [same_difference] 无（没有波动）
    [sweep] 无（多种配置）
    [folds] 无（各折）
    [too_large] 无（数值过大）
    [units] 无（单位不一致）
    [tasks] 无（按任务判定）
   *[other] 无
}
groups-intervals-s-hold-whole = 区间为 { $level }，对整族比较同时成立（{ $family }）。
groups-intervals-s-together-bonferroni = 单个区间为 { $level }，合计 { $whole }（对 { $over } 次比较做 Bonferroni 校正；Holm 法没有区间）。
groups-intervals-s-difference = 区间为差异的 { $level }。
groups-p-holm-adjusted-adjusted = p（Holm 校正）：对 { $adjusted } 次检验校正。
groups-intervals-adjusted-several-metrics = 区间未对多个指标校正。主要指标自成一族：在毫无差异时，至多 { $value } 的备忘录会误称存在差异。
groups-hedges-g-difference-counted = Hedges g 为以合并标准差计的差异。P(该组 > 基线) 取全部运行对，按数值大小而非优劣；其区间（自助法）需要每组十次运行。
groups-sensitivity-permutation-test-gives = 敏感性分析：置换检验得到 { $p_equation }。
groups-relative-difference-left-out = 基线接近零或为负、按折比较，或采用 Holm 以外的校正族时，不列相对差异。
groups-column-against = 对照
groups-group-against = 该组 − 对照
groups-pairs-family-their-own = 这 { $n } 对自成一族；判定以与基线的检验为准。
groups-every-pair = 两两比较：{ $metric }
groups-worse-more = { $name_b } 差出 { $margin } 以上
groups-inside = 在 ±{ $margin } 以内
groups-better-more = { $name_b } 优出 { $margin } 以上
groups-column-mean-difference-x = 该数据集上{ $label }的平均差异
groups-column-probability = 概率
groups-fold-parts = 每折为 { $n_folds } 份之一
groups-test-sets-data = 测试集占数据的 { $share }
groups-correlated-bayesian-t-test = 采用平坦先验的相关贝叶斯 t 检验，{ $parts }（Corani & Benavoli 2015；Benavoli et al. 2017）。它不参与判定，且只针对该数据集。
groups-how-probable-given-folds = 给定这些{ $if_n_folds ->
    [yes] 折
   *[no] 划分
}的概率：{ $name_b } 对 { $name_a }

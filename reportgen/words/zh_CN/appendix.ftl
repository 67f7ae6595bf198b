appendix-every-metric-group-against = 各指标、各组与基线的对比
appendix-title = 附录
appendix-question = 做了哪些检验、如何做、针对哪些运行？
appendix-column-what = 项目
appendix-column-value = 值
appendix-column-how = 方法
appendix-column-source = 文献
appendix-every-test = { $label }的全部检验
appendix-first-line-decides-all = 以首行判定，其余各行只说明结论是否取决于检验方式。公式与覆盖率见 docs/statistics.md。
appendix-effect-sizes-permutation-tests = 每侧不足五次运行时，不列出效应量、置换检验和秩检验。
appendix-folds-splits-share-training = 各折和各划分共享训练数据，因此不列置换检验和相对差异。
appendix-welch-s-t-test = Welch t 检验
appendix-paired-t-test = 配对 t 检验
appendix-corrected-paired-t-test = 校正配对 t 检验
appendix-test = 检验
appendix-rule-beside-decision-says = 原因见判定旁的规则
appendix-minimum-sample-rules = 最小样本规则
appendix-p = { $interval }，无 p
appendix-only-two-runs-never = 仅 { $level }：两次运行从不做检验
appendix-references = { $method ->
    [welch] Welch 1947
    [paired] Student 1908
    [corrected] Nadeau & Bengio 2003
    [permutation] Phipson & Smyth 2010
    [g] Borenstein et al. 2009
    [cliff] Romano et al. 2006
    [chance] Vargha & Delaney 2000
    [won] Wilson 1927
    [lift] Deng et al. 2018
    [hl] Hollander & Wolfe 1973
    [margin] Lakens et al. 2018
    [posterior] Corani & Benavoli 2015
   *[power] 非中心 t
}
appendix-difference-standard-error = 差异 { $interval }（{ $level }），标准误 { $size }
appendix-sign-flips-pairs = 配对符号翻转
appendix-relabelings-runs = 运行重新分组
appendix-all = 全部 { $arrangements } 种{ $kind }
appendix-drawn-p-b-1 = 抽取 { $arrangements } 种{ $kind }，p = (b + 1)/(B + 1)
appendix-permutation-test = 置换检验
appendix-references-2 = { $value ->
    [welch] Welch 1947
    [paired] Student 1908
    [corrected] Nadeau & Bengio 2003
    [permutation] Phipson & Smyth 2010
    [g] Borenstein et al. 2009
    [cliff] Romano et al. 2006
    [chance] Vargha & Delaney 2000
    [won] Wilson 1927
    [lift] Deng et al. 2018
    [hl] Hollander & Wolfe 1973
    [margin] Lakens et al. 2018
    [posterior] Corani & Benavoli 2015
   *[power] 非中心 t
}
appendix-against-runs = { $n_b } 对 { $n } 次运行
appendix-without-pairing = 不配对
appendix-welch-s-t-test-2 = Welch t 检验，{ $counted }
appendix-hodges-lehmann-shift = Hodges–Lehmann 位移
appendix-hodges-lehmann-pseudo-median = Hodges–Lehmann 伪中位数
appendix-exact-coverage = 精确，覆盖率 { $coverage }
appendix-mann-whitney-test = Mann–Whitney 检验
appendix-signed-rank-test = 符号秩检验
appendix-ties-zeros-kept = { $method }，保留并列值和零
appendix-hedges-g = Hedges g
appendix-difference-counted-pooled-sds = 差异以合并标准差为单位，并按运行较少校正
appendix-difference-counted-mean-two = 差异以两组标准差的均值为单位
appendix-cliff-s-delta = Cliff delta
appendix-share-run-pairs-where = { $name_b } 较高的运行对所占比例减去较低的比例
appendix-to = {" "}至{" "}
appendix-ties-half-values-better = 并列计一半；按数值大小而非优劣；{ $if_bounds ->
    [yes] 自助法区间
   *[no] 区间需要每侧十次运行
}
appendix-to-2 = （{ $low } 至 { $high }）
appendix-pairs-won = 胜出的配对
appendix-of = { $n_a } 中的 { $won }{ $bounds }
appendix-better = { $name_b } 更优，按 { $pair } 配对
appendix-interval-folds = 无区间：各折不独立
appendix-relative-difference = 相对差异
appendix-percent-s-mean-delta = 占 { $name_a } 均值的百分比（delta 法），不是百分点
appendix-given = 未给出
appendix-baseline-near-zero-positive = 基线接近零或不为正
appendix-shown-worse-more = 已显示差到超过界值
appendix-decided = 未判定
appendix-data = 无数据
appendix-sided-bounds-improvement-margin = 改进的单侧界 { $low } 和 { $high }{ $unit }，界值 { $margin_size }
appendix-worse-margin = 未差到超过界值
appendix-equivalent-within-margin = 在界值内等效
appendix-shown = 未显示
appendix-two-sided-tests = 两次单侧检验
appendix-posterior = 后验概率
appendix-worse-inside-better-more = 更差 { $worse }，界值内 { $inside }，优于界值以上 { $better }
appendix-correlated-bayesian-t-test = 相关贝叶斯 t 检验，平坦先验
appendix-detectable-difference = 可检出的差异
appendix-true-difference-size-found = 真实差异为此大小时，有 80 % 的概率被检出
appendix-column-group = 组
appendix-column-run = 运行
appendix-column-pair = 配对
appendix-column-status = 状态
appendix-metric = 无指标
appendix-runs-groups = 各组的 { $n } 次运行：{ $label }

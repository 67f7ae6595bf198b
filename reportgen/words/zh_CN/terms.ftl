terms-groups-comparison = 所比较的各组
terms-over-comparisons = {" "}，共 { $n } 次比较
terms-dunnett = Dunnett
terms-games-howell = Games–Howell
terms-tukey = Tukey
terms-holm = Holm
terms-p-holm-adjusted = p（{ $if_value ->
    [yes] Holm 校正
   *[no] { $family }
}）
terms-kinds = { $kind ->
    [seed] 随机种子
    [repeat] 重复
    [fold] 折
   *[dataset] 数据集
}
terms-interval = { $level_percent } 区间
terms-s-test = { $families } 检验
terms-corrected-paired-t-test = 校正配对 t 检验
terms-paired-t-test = 配对 t 检验
terms-welch-s-t-test = Welch t 检验
terms-dunnett-s-test-sd = Dunnett 检验，各组采用同一标准差
terms-games-howell-s-test = Games–Howell 检验
terms-tukey-s-test-equal = Tukey 检验，已声明方差相等
terms-against-runs = { $names }，{ $n_b } 对 { $n } 次运行
terms-welch-s-t-test-2 = Welch t 检验，{ $n_b } 对 { $n } 次运行
terms-correlation = ，相关系数 { $correlation }
terms-pairs = 按 { $pair } 的 { $n } 对{ $r }
terms-folds = { $n_folds } 折
terms-splits-seed-draws = 由随机种子抽取的划分
terms-paired-t-test-nadeau = 配对 t 检验，按{ $parts }做 Nadeau–Bengio 校正，{ $pairs }
terms-paired-t-test-2 = 配对 t 检验，{ $pairs }
terms-differ-exactly-tested = 确定不同，未做检验
terms-same = 相同
terms-outcome = { $outcome ->
    [better] 更优
    [worse] 更差
    [unclear] 无明确差异
    [equivalent] 实际等效
    [not_worse] 未差到超过界值
    [too_few] 运行过少
    [different] 有差异，方向未知
   *[incomparable] 不可比
}
terms-pairs-2 = 按 { $pair } 的 { $n } 对
terms-against-runs-2 = { $n_b } 对 { $n } 次运行
terms-pp = { $margin } pp

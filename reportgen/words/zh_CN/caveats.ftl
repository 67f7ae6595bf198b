caveats-pairs = { $if_pairing ->
    [yes] 对
   *[no] 次运行（每组）
}
caveats-only-nothing-but-very = 只有 { $n_a } { $unit }：仅能检出非常大的效应。
caveats-only-what-margin-decides = 只有 { $n_a } { $unit }：界值的判定依赖于正态假设。
caveats-simultaneous-interval-includes-zero = 联合区间包含零：Bonferroni 区间比 Holm 判定更宽。
caveats-against-runs-skewed-values = { $n_b } 对 { $n } 次运行：数值偏斜时区间过窄，因为较小的组可能尚未遇到尾部。判定还要求置换检验一致，置换检验在此情形下仍然有效。
caveats-child-runs-inside-counted = 计入的父运行中有 { $inside } 次子运行：只有声明后（pair_by: params.fold，或只有子运行才有的键）子运行才算样本。
caveats-runs-could-paired-config = 无法按配置要求以 { $unpaired } 为运行配对。
caveats-baseline-set-config-first = 配置中未设置基线：{ $name_a } 是按名称排序的第一组。
caveats-more-folds-splits-same = 对同一数据增加折数或划分并不能检出更小的差异。
caveats-pairs-2 = { $if_pairing ->
    [yes] 对
   *[no] 次运行（每组）
}
caveats-more-10-000 = 超过 10,000
caveats-about = 约 { $n }
caveats-half-needed-observed-size = 要检出其一半，需要 { $half } { $unit }；要检出观测到的大小，需要 { $observed }。
caveats-runs-without-partner-left = 没有配对对象的运行已略去：{ $name_b } { $n_left_b } 次，{ $name_a } { $n_left_a } 次。
caveats-many-log-n-splits = （按此处的数目计；若交叉验证有重复，请记录 n_splits）
caveats-fold-counts-parts-data = 每折视为同一数据集 { $n_folds } 份中的一份{ $known }；结论不涉及其他数据。校正假定差异近似正态：偶尔出现的坏折会使其过于自信。
caveats-where-several-runs-share = 多次运行共用一个键时，以其均值代表。
caveats-interval-about-other-s = 区间针对同一数据上的其他{ $what }，不涉及其他数据。若{ $what }同时决定数据划分，则区间过窄。
caveats-usual-log-test-size = （按通常做法；记录 test_size 可得准确值）
caveats-seed-also-draws-split = 随机种子同时决定数据划分，而各划分共享大部分样本。检验和区间已为此校正（Nadeau–Bengio），测试集占数据的 { $share }{ $known }；校正假定差异近似正态。
caveats-more-20-runs-failed = { $x } 中超过 20 % 的运行失败或没有有限值：比较仅针对成功的运行。
caveats-runs-several-code-versions = { $names } 中混有多个代码版本的运行。
caveats-groups-ran-different-code = 各组使用不同的代码版本：若这不是比较的对象，差异可能由此产生。
caveats-groups-ran-different-hardware = 各组在不同硬件上运行。
caveats-groups-logged-different-data = 各组记录了不同的数据集，差异可能来自数据。
caveats-runs-trained-different-numbers = 各运行的训练步数不同。
caveats-runs-finished-counted = { $n } 次运行未完成，未计入。
caveats-runs-different-configurations-count = 不同配置的运行计为重复（replicates: true），因此标准差包含配置间的差异。
caveats-groups-ran-different = 各组的{ $plural }不同：{ $partly }
caveats-in = { $name }：{ $seeds }。
caveats-every-run-seed-interval = 所有运行的随机种子均为 { $seed }：区间反映的是重新运行带来的变化，而非更换种子带来的变化。
caveats-difference-success-pp-95 = { $failed }：成功率相差 { $mid } pp（95 % 区间 { $low } 至 { $high }；Fisher 精确检验 p { $equation }）。数值只针对成功的运行。

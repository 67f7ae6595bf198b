decision-title = 判定
decision-question = 是否有一组优于基线、优多少、有多大把握？
decision-groups = 分组
decision-primary-metric = 主要指标
decision-why-metric = 选用该指标的原因
decision-like-like = 同类相比
decision-without-pairing = 不配对
decision-runs-still-needed = 尚需的运行数
decision-column-what = 项目
decision-column-value = 值
decision-what-decided = 判定依据
decision-baseline = （基线）
decision-by = {" "}按 { $groups_by } 分组。
decision-direction-known = 且其优劣方向已知
decision-metric-all-known-direction = 没有各组共有且方向已知的指标
decision-chosen-because-every-group = 选用它是因为各组都有，{ $known }；可用 --metric 或配置中 compare 的 metrics 另选。
decision-higher-better-lower-better = { $metric }，{ $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}（{ $source }）；取每次运行的{ $rule }。
decision-verdict-rests-pairs = { $without_pairs }：判定以配对为准。
decision-group = {" "}（每组）
decision-three-s-least-before = 至少需要{ $unit ->
    [pair] 三对
   *[run] 三次运行
}{ $each }才做检验。
decision-there-are = ；现有 { $n_a } 次。
decision-about-tell-observed-difference = 若观测差异即真实差异，约需 { $n }{ $each }才能以 80 % 的概率将其与界值区分{ $there }
decision-about-decide-80-probability = 若观测差异即真实差异，约需 { $n }{ $each }才能以 80 % 的概率判定 { $name_b } 是否差到超过界值{ $there }
decision-vs = { $label } 对 { $baseline }
decision-further-groups-table-above = 其余 { $left } 组见上表；仅对前 { $most_verdicts } 组用文字给出判定。
decision-count = { $unit ->
    [pair] { $n } 对
   *[run] { $n } 次运行
}

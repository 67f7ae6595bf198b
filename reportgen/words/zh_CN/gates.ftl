### 质量门禁。

gates-waived = { $owner } 豁免至 { $until }：{ $reason }{ $issue ->
    [none] 。
   *[other] （{ $issue }）。
}
gates-waiver-expired = { $owner } 的豁免已于 { $until } 到期{ $issue ->
    [none] 。
   *[other] （{ $issue }）。
}
gates-waiver-unknown = 本报告没有此名称的门禁，因此未豁免任何项。
gates-waiver-unknown-todo = 请按报告中的写法填写门禁名称：{ $names }
gates-waiver-unneeded = 该门禁已通过，不再需要截至 { $until } 的豁免。
gates-waiver-unneeded-todo = 请从 waive 中删除
gates-waived-row = 已豁免的门禁
gates-waived-one = { $name }（至 { $until }，{ $owner }：{ $reason }）
gates-baseline = { $kind ->
    [branch] 分支 { $of } 的最新运行
    [tag] 带 { $of } 的最新运行
    [alias] { $of } 对应的运行
    [run] 运行 { $of }
   *[report] 上次报告的最优
}
gates-baseline-name = { $kind ->
    [branch] { $which ->
        [best] 最优
       *[latest] 最新
    }运行的{ $label }不差于分支 { $of }
    [tag] { $which ->
        [best] 最优
       *[latest] 最新
    }运行的{ $label }不差于 { $of }
    [alias] { $which ->
        [best] 最优
       *[latest] 最新
    }运行的{ $label }不差于 { $of }
    [run] { $which ->
        [best] 最优
       *[latest] 最新
    }运行的{ $label }不差于运行 { $of }
   *[report] 最优{ $label }不差于上次报告
}
gates-baseline-margin = { $name }，界值 { $margin }
gates-baseline-age = { $n_days ->
    [0] 今天
   *[other] { $n_days } 天前
}
gates-baseline-worse = { $judged } 的{ $label }为 { $value }，比{ $baseline }（{ $name }，{ $age }）的 { $reference } { $change }。允许：{ $margin }{ $relative ->
    [none] 。
   *[other] （基线的 { $relative }）。
}一次运行对一次运行，未考虑其不确定性。
gates-baseline-same = { $judged } 的{ $label }为 { $value }，与{ $baseline }（{ $name }，{ $age }）相同。一次运行对一次运行，未考虑其不确定性。
gates-baseline-change = { $way ->
    [better] 好 { $size }
   *[worse] 差 { $size }
}
gates-baseline-no-loss = 不得变差
gates-baseline-missing = 在本报告读取的、有{ $label }的已完成运行中找不到{ $baseline }，因此 { $judged } 没有可比对象。请确认报告的 experiments、runs 和 window 包含它。
gates-baseline-old = { $baseline }（{ $name }）结束于 { $day }，已过 { $n_days } 天；最多允许 { $most }。请重新训练，或调高 max_age。
gates-baseline-other-data = { $judged } 在 { $judged_on } 上测得，{ $name } 在 { $baseline_on } 上测得：两者的{ $label }不可比。
gates-baseline-nobody = { $branch ->
    [none] 没有已完成的运行有{ $label }。
   *[other] 有{ $label }的 { $n } 次已完成运行中，没有属于此提交或分支 { $branch } 的。请在记录运行时加上 git.branch 标签。
}
gates-states = { $state ->
    [PASS] 通过
    [FAIL] 未通过
    [INCONCLUSIVE] 无法判定
   *[NO_DATA] 无数据
}
gates-nothing-runs-come-held = 无需处理：后续运行将与这些运行比较
gates-add-runs-decide-hand = 请增加运行，或人工判定；若没有 on_inconclusive: warn，此门禁会失败
gates-period-before = 上期
gates-best-period-before = 上期最优
gates-margin = ，界值 { $margin }
gates-worse = { $label }不差于{ $against }{ $margin }
gates-best-latest-run = { $label }{ $rule }（{ $of ->
    [best] 最优
   *[latest] 最新
}运行）
gates-of = { $group } 的{ $label }{ $rule }
gates-mean-confidence = { $label }{ $rule }（{ $group } 的均值{ $if_value ->
    [yes] ，有置信要求
   *[no] {""}
}）
gates-finished-runs = 已完成的运行{ $sign } { $bound }
gates-share-failed-runs = 失败运行的比例
gates-share-runs-1 = { $label } = 1 的运行比例
gates-in = （{ $group }）
gates-confidence = ，有置信要求
gates-equivalent-within = 在 { $amount } 内等效
gates-worse-2 = 至多差 { $margin }
gates-baseline-2 = 基线的 { $share }
gates-pp = { $margin } pp
gates-least = 至少
gates-most = 至多
gates-direction-unknown-run-best = { $label }的优劣方向未知，因此没有最优运行；请在配置中设置 metrics: {"{"}{ $name }: {"{"}goal: maximize{"}"}{"}"}（或 minimize），或者判断 of: latest 或某一组。
gates-run-best-finished-runs = 没有最优运行：有{ $label }的 { $n } 次已完成运行在不同的数据上测得，没有哪个数据占多数。请判断 of: latest 或某一组。
gates-none-finished-runs = { $n } 次已完成的运行都没有{ $label }。
gates-of-2 = { $of ->
    [best] 最优
   *[latest] 最新
}
gates-run-bound-judged-run = { $which }运行的{ $label }为 { $value }；要求{ $rule }。只据一次运行判断，未考虑其不确定性。
gates-rule = { $measured }规则：{ $rule }{ $after_rule }
gates-run-started-period-none = 本期没有启动运行，或此前没有运行。
gates-run-known-before-period = 本期之前没有已知的运行，因此没有可比对象。这不会导致失败。
gates-run-started-since-last = 上次报告之后没有启动运行，因此无可判断。这不会导致失败。
gates-selected-run-logged = 所选的运行都没有记录{ $label }。
gates-direction-unknown-nothing-worse = { $label }的优劣方向未知，因此无从判断变差；请在配置中设置 metrics: {"{"}{ $label }: {"{"}goal: maximize{"}"}{"}"}（或 minimize）。
gates-needs-histories-which-read = { $label }的 { $rule } 需要历史曲线，而时间范围之前的运行不读取历史；只有 rule: last 可以比较。
gates-configuration-ran-both-period = 有{ $label }的配置中，没有在本期和此前都运行过的。
gates-runs-period-gate-asks = { $named }：本期 { $fewest } 次运行，门禁要求 { $min_runs } 次。
gates-got-worse = { $label }变差：{ $how }。{ $luck }
gates-values-too-large-compute = { $named } 的{ $label }数值过大，无法计算。
gates-too-little-history-three = { $named } 的{ $label }历史过少：需要本期三次加此前三次运行，或此前四次运行（若各期之间的差异大于其运行之间的差异，则需要此前四期）。
gates-largest-loss = 降幅最大的是：
gates-none-lost-smallest-gain = 均未下降，升幅最小：
gates-none-lost-gained-least = 均未下降，升幅最小的是：
gates-raised-alarm-configurations-rule = { $label }在 { $n } 种配置中没有触发警报；{ $which }{ $moved }{ $would_be_found }。规则：没有警报，全部运行比较合计 5 %（Holm），每次预测 1 %；这不能证明没有变差，要证明请设置 baseline_margin。
gates-period-before-2 = 上期 { $n_previous }
gates-means-earlier-periods-which = 此前 { $n } 期的均值（各期之间的差异大于其运行之间的差异）
gates-runs-now = 本期 { $n } 次运行，{ $before }
gates-sided-95-bounds = （单侧 95 % 界 { $low } 和 { $high }）
gates-improvement = { $label_2 } 的{ $label }改进为 { $estimate }{ $bounds }，{ $n }
gates-configurations-worst = ；{ $n } 种配置中最差者
gates-values-too-large-compute-2 = 数值过大，无法计算
gates-runs-per-period-would = 若这就是真实值，每期 { $needed } 次运行即可判定（功效 80 %）。
gates-rule-worse-lower-bound = { $found }{ $of_means }{ $others }。规则：至多差 { $margin }，按下界判定（非劣效）。{ $why }{ $luck }
gates-mean-went = ；均值由 { $mean } 变为 { $mean_now }
gates-mean-went-period-before = ；均值由上期的 { $before } 变为 { $mean_now }
gates-period = 本期
gates-finished-run-finite = { $where }没有已完成的运行有有限的{ $label }。
gates-runs-finished-period-gate = 本期完成 { $n } 次运行，门禁要求 { $min_runs } 次。
gates-bound-margin = ，计入界值 { $margin } 后的要求为 { $bound }
gates-best-now-period-before = 当前最优{ $label }为 { $value }，上期为 { $previous }{ $less }。一次运行对一次运行，未考虑其不确定性。
gates-went-ran-both-periods = 两期都运行过的 { $now_2 }中，{ $label }由 { $baseline } 变为 { $now }
gates-went = { $label }由 { $baseline } 变为 { $now }（{ $now_2 }）
gates-went-2 = { $label }由 { $baseline }（{ $before }）变为 { $now }（{ $now_2 }）
gates-change-would-been-found = ；若变化 { $lstrip }，有五分之四的概率会被检出
gates-run-run-variation-exact = 运行之间没有波动：按确切值判定，此前为 { $baseline }
gates-expected-99-prediction-interval = 预期为 { $low } 至 { $high }，即{ $before }的 99 % 预测区间
gates-rungs = { $rung ->
    [comparison] 比较
    [level_shift] 水平变化
    [prediction_interval] 预测区间
    [little_history] 历史过少
   *[too_large] 数值过大，无法计算
}
gates-pp-2 = { $value } pp
gates-runs-finished-bound = 完成 { $n } 次运行；要求{ $sign } { $threshold }。
gates-runs-pass-rate-needs = { $n } 次运行中有一次的{ $label }为 { $value }；通过率要求每次运行的该指标为 0 或 1。
gates-group = （组 { $group }）
gates-run-ended = 没有已结束的运行。
gates-finished-run = 没有已完成的运行{ $where }有{ $label }。
gates-ended-runs-failed-killed = 已结束的运行失败或被终止
gates-finished-runs-1 = 已完成的运行{ $where }的{ $label } = 1
gates-of-3 = { $n } 次中有 { $k } 次{ $counted }（{ $k_2 }
gates-rule-2 = 规则：{ $sign } { $bound }
gates-runs = { $found }）。{ $rule }，自 { $min_runs } 次运行起判断。
gates-judged-share-alone-uncertainty = { $found }）。{ $rule }。只按比例判断，未考虑其不确定性。
gates-lower = { $if_value ->
    [yes] 下
   *[no] 上
}
gates-sided-95-bounds-bound = { $found }；单侧 95 % 界 { $low } 和 { $high }）。{ $rule }，按{ $side }界判定（精确）。
gates-pp-3 = { $abs } pp
gates-comparison-group-could-made = 无法进行含有组 { $wanted } 的比较。
gates-did-you-mean = 是否指 { $near }？
gates-run-group-groups = 没有运行属于组 { $wanted }；现有的组：{ $x }。{ $hint }
gates-baseline-3 = { $is_baseline ->
    [yes] 基线 { $label }
   *[no] 组 { $label }
}
gates-none-finished-runs-finite = { $whose } 的 { $n } 次已完成运行都没有有限的{ $label }。
gates-groups-runs-lie-several = 各组的运行分布在多个数据集或任务上，因此比较按数据集或任务判定，而不按全部运行的均值；设置 compare.tasks: none 可仍按运行判断，或将门禁限于一个数据集的运行。
gates-direction-unknown-nothing-worse-2 = { $label }的优劣方向未知，因此无从判断变差；请在配置中设置 metrics: {"{"}{ $name }: {"{"}goal: maximize{"}"}{"}"}（或 minimize）。
gates-run-baseline-group = 基线组没有运行。
gates-baseline-itself-name-another = { $group } 就是基线，请指定另一组。
gates-and = {" "}和{" "}
gates-sided-95-bounds-2 = （单侧 95 % 界 { $ends }）
gates-mean = { $group } 的{ $label }均值为 { $mean }
gates-n-runs = { $n } 次运行
gates-pp-4 = {" "}pp
gates-sided-95-bounds-3 = （单侧 95 % 界 { $bounds }）
gates-improvement-2 = { $group } 相对{ $baseline }的{ $label }改进为 { $mean }
gates-margin-2 = { $change }{ $unit }{ $interval }，界值 { $margin }，{ $counted }。
gates-against-runs = { $n_b } 对 { $n } 次运行
gates-pairs-runs-without-partner = 按 { $by } 的 { $n } 对{ $if_left ->
    [yes] ，略去没有配对对象的 { $left } 次运行
   *[no] {""}
}
gates-share = 无比例
gates-against = {" "}对{" "}
gates-mean-s-against-runs = { $group } 的{ $label }均值为{ $baseline }的 { $shown }（{ $means }），{ $n_b } 对 { $n } 次运行，未配对。
gates-both-bounds-two-sided = ，按两侧界判定（两次单侧检验）。
gates-lower-bound-non-inferiority = ，按下界判定（非劣效）。
gates-lower-bound = ，按{ $if_value ->
    [yes] 下
   *[no] 上
}界判定。{ $rare }
gates-judged-mean-alone-uncertainty = 。只按均值判断，未考虑其不确定性。
gates-up-runs-could-way = 至多可能有 { $share } 的运行{ $kind }，而这 { $n } 次中一次也未出现；界未计入这种情况。
gates-runs-runs-per-group = 若这就是真实值，{ $unit ->
    [runs] { $needed } 次运行
    [runs_per_group] 每组 { $needed } 次运行
   *[pairs] { $needed } 对
}即可判定（功效 80 %）。
gates-holds-configurations = { $label } 含 { $n } 种配置
gates-search-repeats-set-compare = { $names }：属于搜索而非重复（设置 compare.replicates: true 可仍按均值判断）
gates-values-measured-different-data = 数值在不同的数据集上测得：{ $name }
gates-runs-values-about-times = { $n } 次运行的数值约为其余 { $n_small } 次的 { $factor } 倍：单位不一致
gates-against-runs-permutation-test = { $n_b } 对 { $n } 次运行时，置换检验须与界一致，而此处不一致
gates-runs-folds-data-set = { $label } 的运行是同一数据集的各折，并非独立的运行
gates-runs-value-gate-asks = { $group } 有数值的运行为 { $n } 次，门禁要求 { $wanted } 次
gates-failed-speaks-only-did = { $group } 的 { $n } 次运行中有 { $bad } 次失败：结论只针对未失败的运行。

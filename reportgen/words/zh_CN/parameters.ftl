parameters-what-matters = 哪些参数重要
parameters-which-parameters-matter-what = 哪些参数重要，继续搜索有何收益？
parameters-finished-runs = { $experiment } 的 { $n } 次已完成运行
parameters-higher-better-lower-better = ，按{ $metric }（{ $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}）。变化的参数有 { $n } 个：{ $names }。
parameters-parents-children-left-out = 为避免重复计数，略去父运行或子运行 { $n } 次。
parameters-without-usable-value-runs = 没有可用数值的运行：{ $n } 次。
parameters-parameters-name-secret-left = 略去名称像密钥的 { $n } 个参数。
parameters-largest-search-report-others = 这是报告中最大的搜索；其他：{ $others }。单独为该实验生成报告可看到其参数。
parameters-parameter-alone-below = 各参数的单独作用见下文。
parameters-parameter-importance-withheld = 不给出参数重要性
parameters-share = 占比
parameters-column-parameter = 参数
parameters-column-importance = 重要性
parameters-column-sd = 标准差
parameters-over-15-fits = 15 次拟合
parameters-importance = 对{ $metric }的重要性
parameters-share-importance = 重要性占比
parameters-importance-parameters = { $n } 个参数对{ $metric }的重要性：{ $first }。
parameters-how-much-worse-random = 打乱该参数后，随机森林对留出运行的预测变差的程度，占全部的比例
parameters-caveat = 仅在搜索过的范围内成立；自适应采样器会使其有偏；不代表因果。
parameters-whiskers-sd-over-15 = { $how }；误差线：15 次拟合的标准差，限于 0 至 100 %。交叉验证 R² { $r2 }。
parameters-model-runs-evenly-start = 模型使用 { $n } 次运行中的 { $n_modelled } 次，按启动时间均匀选取。
parameters-separable-they-move-together = 无法区分，因为同步变化：{ $names }。
parameters-parameters-drawn-table-all = { $n_shares } 个参数中绘出 { $most_bars } 个；全部见表格。
parameters-column-spearman-rho = Spearman rho
parameters-numbers-1-1 = 数值型：−1 至 1
parameters-column-eta = eta²
parameters-labels-0-1 = 类别型：0 至 1
parameters-column-runs = 运行数
parameters-column-adjusted-p = 校正 p
parameters-benjamini-hochberg = Benjamini–Hochberg
parameters-parameter-against-others-ignored = 单个参数对{ $metric }，忽略其他参数：交互作用不在此显示。rho 大于 0：指标随参数上升。
parameters-parameter-alone = 各参数的单独作用
parameters-parameters-run-run = 逐次运行的参数与{ $metric }
parameters-best = 最优的一条
parameters-first = 第一条
parameters-and = { $settings }和{" "}
parameters-line-runs-over-parameters = { $n } 次运行各一条线，跨 { $n_shown } 个参数和{ $metric }；{ $which }（{ $run_name }）为 { $settings }{ $metric_2 }。
parameters-column-run = 运行
parameters-all-runs = 全部 { $total } 次运行。
parameters-runs-most-lines-best = { $total } 次运行中的 { $n } 次（至多 { $most_lines } 条线）：最优的 { $n_top } 次，其余按排名间隔选取。
parameters-runs-most-lines-every = { $total } 次运行中的 { $n } 次（至多 { $most_lines } 条线），按启动时间间隔选取。
parameters-most-parameters = { $n_params_2 } 个参数中最{ $how }的 { $n_params } 个。
parameters-dotted-lines-end-early = 提前结束的虚线：{ $n } 次失败运行中的 { $n_broken } 次。
parameters-gap-line-run-parameter = 线中的空缺：该运行没有此参数。
parameters-column-runs-k = 运行数 k
parameters-from-to = { $experiment } 由 { $metric } 到 { $metric_2 }
parameters-expected-best-k-runs = k 次运行的期望最优{ $metric }
parameters-number-runs-k = 运行数 k
parameters-higher-better-lower-better-2 = { $metric }（{ $goal ->
    [maximize] ↑ 越高越好
    [minimize] ↓ 越低越好
   *[other] 无优劣方向
}）
parameters-expected-best-1-runs = 1 至 { $most } 次运行的期望最优{ $metric }：{ $words }。
parameters-mean-best-over-all = 从全部运行中任选 k 次的最优值的均值（Tang et al. 2020），k 为 1 至 { $most }。
parameters-searches-compared-equal-k = 各搜索在相同 k 下比较，至最小搜索的运行数为止，不做检验；只有在相同数据上测量同一内容时，数值才可比。
parameters-largest-searches = { $n_budgets } 次搜索中最大的 { $n_sizes } 次。
parameters-drawn-up-runs = 绘至 { $most_budget } 次运行。
parameters-k-all-runs-best = k 为全部运行时即所见的最优值：重新运行它的结果预计会差一些。
parameters-front = 位于前沿
parameters-against = { $metric } 与 { $metric_2 }
parameters-alone-best-both = 只有 { $first } 在两项上都最优
parameters-beaten-other-run-both = { $n } 次运行没有被其他运行在两项上同时超越；最优{ $metric }：{ $first }
parameters-front-runs-other-run = 前沿：没有其他运行在两项指标上都不逊于它且有一项更优。噪声使前沿的成员不确定。
parameters-runs-both-values-without = { $n } 次运行两项都有值{ $if_n_excluded ->
    [yes] ；略去没有可用{ $metric }的 { $n_excluded } 次。
   *[no] 。
}
parameters-runs = { $n } 次运行的{ $metric }与{ $metric_2 }；{ $said }。
parameters-runs-front = { $metric } 与 { $metric_2 } 前沿上的运行
parameters-column-value = 值
parameters-column-failed = 失败
parameters-column-ended = 已结束
parameters-column-share-95-interval = 比例 [95 % 区间]
parameters-runs-ended-parameters = { $experiment } 已结束且有参数的 { $runs } 次运行
parameters-failed-killed-parameter-number = { $where }中 { $failed } 次失败或被终止。数值型参数占一行，且仅在有检验时列出。
parameters-p-fisher-s-exact = p：某个值对其余值的 Fisher 精确检验；数值型参数在失败与其他运行之间的 Mann–Whitney 检验。
parameters-too-few-failed-runs = 失败的运行过少，无法检验（需要十次）：只列计数。
parameters-failures-parameter = 各参数的失败情况
parameters-any-number = 任意数值
parameters-outliers-looked = 未识别离群值：{ $clause }。
parameters-run-outlier-modified-z = 没有运行的{ $metric }为离群值（修正 z 超过 { $outlier_z }）。
parameters-suspiciously-good = 好得可疑
parameters-direction-known = 优劣方向未知
parameters-column-modified-z = 修正 z
parameters-column-side = 方向
parameters-modified-z-0-6745 = 修正 z = 0.6745 ·（值 − 中位数）/ MAD，超过 { $outlier_z } 者（Iglewicz and Hoaglin 1993）；中位数为 { $median }。
parameters-listed-never-removed-search = 只列出，从不剔除。设计上偏斜的搜索会有这样的运行，并非出错。
parameters-outliers = { $metric }的离群值
parameters-parameters-vary-model-them = 变化的参数有 { $n_params } 个：不超过 { $most_modelled_params } 个时才建模

### 注册模型的版本及其来源运行；检查点。

lineage-best-is = 最优运行 { $run } 即 { $versions }。
lineage-best-is-not = 最优运行 { $run } 未注册。
lineage-champion = { $version } 来自 { $run }，在 { $n } 次运行中排名 { $rank }。
lineage-version = { $name } 版本 { $version }
lineage-version-alias = { $name } 版本 { $version }（{ $aliases }）
lineage-rank = 其运行的排名
lineage-over-versions = { $name }：各版本的{ $metric }
lineage-axis = 版本
lineage-alt = { $name } 的 { $n } 个版本的来源运行的{ $metric }：由 { $first }（版本 { $start }）到 { $last }（版本 { $end }）。
lineage-checkpoints = 检查点：最优与末次
lineage-run = 运行
lineage-metric = 指标
lineage-dataset = 数据集
lineage-n = 检查点数
lineage-best-step = 最优所在步
lineage-best = 最优
lineage-last-step = 末步
lineage-last = 末次
lineage-lost = 末次差出
lineage-by-step = 各步的检查点
lineage-step = 步
lineage-model = 模型 id
lineage-value = 值
lineage-checkpoints-method = 检查点：同一运行在多个步记录的模型，按各自在相同数据上测得的指标。从多个中选出的最优值依据这些数值，因此看起来比实际更好。

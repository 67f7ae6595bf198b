### report.html 的探索器。脚本以数据形式取得这些消息，并自行填入数值（web/words.js）。

explorer-title = 探索运行
explorer-failed = 此浏览器无法解压探索器的数据；不使用它，报告也是完整的。
explorer-explorer-page-could-made = 无法生成页面的探索器（{ $name }：{ $error }）。
explorer-please-report-bug = 请作为缺陷上报
explorer-followed = { $n ->
    [0] 按“探索运行”的筛选，{ $of } 次运行均未保留；报告的文字针对全部运行。
   *[other] 显示 { $of } 次运行中的 { $n } 次；报告的文字针对全部运行。
}
explorer-help = 输入文字，或 MLflow 的筛选语句：params.lr <= 0.001 AND metrics.loss < 0.2
explorer-placeholder = 筛选运行：输入文字，或 { $clause }
explorer-filter-label = 筛选运行。{ $help }
explorer-groups = 分组
explorer-group-by = 分组依据
explorer-by-report-choice = 报告的选择
explorer-by-nothing = 不分组
explorer-by-compared = 比较的各组
explorer-log-y-title = 对数纵轴
explorer-log-y = 对数 y
explorer-log-x-title = 对数横轴
explorer-log-x = 对数 x
explorer-smoothing-title = 平滑；保留原始曲线
explorer-groups-as = 分组显示为
explorer-reset-zoom = 还原缩放
explorer-clear-picks = 清除选择
explorer-cells = 单元格
explorer-cells-bar = 条形
explorer-cells-heat = 色深
explorer-reset = 重置
explorer-copy-view = 复制视图
explorer-view-text = 以文本表示的当前视图：粘贴到报告的筛选框即可恢复。
explorer-view-title = 一段短文本：粘贴到筛选框即可恢复此视图
explorer-columns-open = 列…
explorer-copy-tsv = 复制为 TSV
explorer-copy-markdown = 复制为 Markdown
explorer-download-csv = 下载 CSV
explorer-copied-table = 表格
explorer-copy-mlflow = 复制到 MLflow
explorer-copied-filter = 筛选语句
explorer-lead = 可筛选、分组和选择运行；所有曲线以及与运行相关的各行随之变化。报告其他部分的文字针对全部运行。
explorer-rounded = 曲线按自身范围的 1/4,000 取整；表格是准确值。
explorer-keys = 双击单元格可将其值加入筛选。按键：/ 筛选，方向键移动行或点，空格选择，Enter 打开，c 比较。
explorer-smoothing = 平滑
explorer-smoothing-off = 关
explorer-band-median = 粗线：组的中位数；色带：四分位距
explorer-band-mean = 粗线：组的均值；色带：运行间 ± 1 个标准差
explorer-mean = 均值
explorer-median = 中位数
explorer-cells-plain = 纯文本
explorer-x = x
explorer-step = 步
explorer-wall = 时间
explorer-relative = 相对时间
explorer-compare-picked = 比较所选 { $n } 项
explorer-kind-of = { $kind ->
    [param] 参数
    [tag] 标签
    [metric] 指标
   *[attribute] 属性
}：{ $label }
explorer-left-out = 较早的 { $n } 次运行不在此页中。
explorer-stretches = { $points } 个点，每条曲线最多分为 { $stretches } 段：取各段的最低值、均值和最高值。平滑和组均值使用均值。
explorer-values-left-out = 不在此页中：{ $names }；data/ 中有全部值。
explorer-separator = 、
explorer-all-shown = 显示全部 { $n } 次运行
explorer-some-shown = 显示 { $of } 次运行中的 { $n } 次
explorer-more-metrics = 再显示 { $n } 个指标
explorer-curves = 曲线
explorer-no-curves = 没有运行多次记录同一指标，因此没有曲线。
explorer-runs = 运行
explorer-run = 运行
explorer-view-restored = 视图已恢复。
explorer-view-other = 此视图来自另一份报告：使用其筛选、坐标轴和列，不使用其所选的运行。
explorer-close = 关闭
explorer-picked = 已选 ✓
explorer-pick = 选择以比较
explorer-about-all = 针对全部 { $n } 次运行
explorer-curve-of = { $metric } 曲线
explorer-picked-said = { $is ->
    [on] 已选择 { $run }
   *[off] 已取消选择 { $run }
}，共 { $n } 次运行
explorer-side-by-side = { $n } 次运行并列比较
explorer-copied = 已复制{ $what }。
explorer-runs-scroll = 运行，可滚动的表格
explorer-no-run = 筛选后没有剩余的运行。
explorer-pick-run = 选择 { $run }
explorer-panel-menu = { $metric }：数据点、复制、下载
explorer-higher = 越高越好
explorer-lower = 越低越好
explorer-panel-keys = { $metric }：方向键在运行内和运行之间移动，Enter 选择
explorer-at = 位于
explorer-after = 之后
explorer-range = { $low } 至 { $high }
explorer-n-runs = { $n } 次运行
explorer-no-finite = 没有有限值
explorer-no-point = 此处没有可绘制的点
explorer-best = 最优
explorer-density = { $n } 次运行以密度显示
explorer-beyond = { $n } 个点超出坐标轴
explorer-broken = { $n } 个点为 NaN 或无穷大（×）
explorer-panel-alt = { $metric }，{ $n } 次运行，{ $low } 至 { $high }。{ $summary }
explorer-copy-this = 复制此文本
explorer-download-png = 下载 PNG
explorer-show-png = 显示 PNG
explorer-copy-csv = 复制 CSV
explorer-copy-svg = 复制 SVG
explorer-download-svg = 下载 SVG
explorer-copied-picture = 图片
explorer-points = 数据点
explorer-find-column = 查找列
explorer-pinned-title = 固定显示的列数
explorer-columns = 列
explorer-pinned = 固定
explorer-as-at-first = 恢复初始
explorer-panel-picture = { $metric }：图的图片
explorer-points-of = { $metric } 的数据点
explorer-points-first = { $runs } 次运行的 { $n } 个点；此处为前 { $first } 个，复制时包含全部。
explorer-points-all = { $runs } 次运行的 { $n } 个点。
explorer-move-up = 上移 { $column }
explorer-move-down = 下移 { $column }
explorer-leave-out = 去掉 { $column }
explorer-more-columns = 另有 { $n } 列：输入文字查找
explorer-not-finite = 自第 { $step } 步起不是有限值
explorer-run-id = 运行 id
explorer-duration = 时长
explorer-parent = 父运行
explorer-note = 备注
explorer-metrics = 指标
explorer-parameters = 参数
explorer-datasets = 数据集
explorer-models = 模型
explorer-files = 文件
explorer-tags = 标签
explorer-open-mlflow = 在 MLflow 中打开 ↗
explorer-differs = 有差异
explorer-comparison-scrolls = 比较，可滚动
explorer-and-more = 另有 { $n } 项
explorer-in-mlflow = 在 MLflow 中：
explorer-reference = 参照
explorer-shared-hidden = 已隐藏 { $n } 个相同的值。
explorer-first-picked = 所选 { $of } 次运行中的前 { $n } 次。
explorer-better = 更优
explorer-worse = 更差
explorer-status = 状态
explorer-started = 启动时间
explorer-experiment = 实验
explorer-experiment-id = 实验 id
explorer-user = 用户
explorer-source = 来源
explorer-rank = 排名
explorer-rank-note = 全部运行中，按 { $metric }
explorer-rule = { $rule ->
    [best] 最优
    [min] 最小
    [max] 最大
   *[last] 末次
}
explorer-others = 其他
explorer-no-groups = 运行
explorer-filter-unread = 无法读取“{ $text }”：是否缺少引号？
explorer-filter-entity = “{ $text }”不是 metrics、params、tags、attributes、dataset 之一。
explorer-filter-ends = 筛选语句结束处应有{ $what ->
    [name] 名称，例如 params.lr
    [comparison] 比较运算符
    [and] AND
    [null] NULL
    [in] IN
    [list] 括号中的列表
    [text] 引号中的文本
   *[value] 值
}。
explorer-filter-and = 应为 AND 的位置是“{ $text }”；MLflow 没有 OR，也没有括号。
explorer-filter-is-not = IS NOT 之后应为 NULL。
explorer-filter-list = { $op } 之后应为列表：('a', 'b')。
explorer-filter-list-quotes = 列表中的“{ $text }”需要引号。
explorer-filter-commas = 列表各项以逗号分隔。
explorer-filter-comparison = “{ $op }”不是比较运算符；可用 = != < <= > >= LIKE ILIKE IN IS NULL。
explorer-filter-value = “{ $text }”不是值。
explorer-filter-dataset = 数据集有 name、digest 和 context，没有“{ $key }”。
explorer-filter-dataset-quotes = dataset.{ $key } 需要引号中的文本。
explorer-filter-attribute = 没有属性“{ $key }”：可用 run_id、run_name、status、start_time、end_time、user_id。参数和指标须带前缀。
explorer-filter-not-here = { $key } 不在此页中。
explorer-filter-quotes = { $key } 需要引号中的文本：{ $key } { $op } '{ $value }'。
explorer-filter-not-by = { $key } 不能用 { $op } 比较。
explorer-filter-missing = 此处没有运行含 { $what }。现有 { $names }。
explorer-filter-none = 此处没有运行含 { $what }。
explorer-filter-too-much = { $entity }s.{ $key } 的值占用页面过多，见 data/。
explorer-filter-number-or-text = { $entity }s.{ $key } { $op } { $value }：应为数字，或引号中的文本。
explorer-filter-op-quotes = { $op } 需要引号中的文本。
explorer-filter-text-op = 文本不能用 { $op } 比较。
explorer-filter-metric-op = 指标不能用 { $op } 比较。
explorer-filter-metric-number = metrics.{ $key } { $op } 需要不带引号的数字。
explorer-filter-time = { $key } 与数字比较：自 1970 年起的毫秒数。
explorer-filter-mlflow = MLflow 的筛选语言
explorer-filter-beyond = 超出 MLflow 的用法：{ $what }
explorer-filter-op-for = { $op } 用于 { $key }
explorer-filter-op-for-kind = { $op } 用于 { $entity }s
explorer-filter-numbers-for = 数字用于 { $entity }s
explorer-filter-words-name = 名称中的文字
explorer-filter-words-other = 参数、标签和属性中的文字
explorer-quantity = { $unit ->
    [percent] { $value } %
    [points] { $value } pp
    [ms] { $value } ms
    [s] { $value } s
    [min] { $value } min
    [h] { $value } h
    [d] { $value } d
    [B] { $value } B
    [kB] { $value } kB
    [MB] { $value } MB
    [GB] { $value } GB
   *[TB] { $value } TB
}
explorer-best-shown = 所显示的运行中：{ $value }，{ $run }
explorer-best-none = 所显示的运行都没有数值。

page-quality-gates = 质量门禁
page-column-gate = 门禁
page-column-state = 状态
page-column-what-found = 结果
page-column-run = 运行
page-gate-words = { $state ->
    [PASS] 通过
    [FAIL] 未通过
    [INCONCLUSIVE] 无法判定
   *[NO_DATA] 无数据
}
page-waived-until = 豁免至 { $until }
page-all-gates-passed = 全部 { $n } 项门禁均通过。
page-gate-passed = 门禁通过。
page-waived = （其中 { $n_waived } 项已豁免）
page-gates-passed = 共 { $n } 项门禁：{ $bad }{ $waived }，{ $counts } 项通过。
page-problems = 问题
page-what-missing-what-must = 缺少什么？哪些内容须谨慎解读？
page-column-weight = 级别
page-column-where = 位置
page-column-what = 处理办法
page-column-name = 名称
page-severity = { $severity ->
    [gap] 缺失
    [warning] 须谨慎
   *[note] 备注
}
page-n-notes = { $n } 条备注
page-n-problems = { $n } 个问题
page-problems-2 = 没有问题
page-source = 来源 { $name }，{ $kind }
page-source-2 = 来源
page-kind-source = 来源类型
page-window = 时间范围
page-snapshot = 快照
page-configuration = 配置
page-about-data = 数据说明
page-source-selection = 来源与选择
page-column-what-2 = 项目
page-column-value = 值
page-software = 软件
page-column-package = 软件包
page-column-version = 版本
page-which-data-read-which = 读取了哪些数据、使用了什么软件、略去了什么？
page-read = 读取
page-of = { $item }：{ $n_store } 中的 { $n_read }
page-data-tables-ledger-csv = { $notes } data/tables/ledger.csv 逐个实验说明略去了什么及其原因。
page-which-data-read-which-2 = 读取了哪些数据，使用了什么软件？
page-skip = 跳到报告正文
page-sections = 章节
page-contents = 目录
page-method = 方法
page-no-scripts = 图表需要脚本；数值见各图下方的表格。
page-no-drawing = 此浏览器无法解压绘图库，因此未绘制图表；数值见各图下方的表格。
page-filter = 筛选行
page-filter-of = 筛选{ $title }的行
page-no-rows = 没有数据行
page-chart-numbers = 图中数值
page-method-of = ：{ $title }
page-todo = 处理办法：
page-made-by = { $window } · { $day } · 由 { $generator } 生成
page-tone = { $tone ->
    [good] 良好
    [bad] 不佳
    [warning] 注意
    [best] 最优
   *[note] 备注
}
page-change = { $tone ->
    [good] 变好
    [bad] 变差
    [best] 迄今最优
   *[warning] 待查
}
page-outcome = { $outcome ->
    [better] 更优
    [worse] 更差
    [unclear] 无法确定
    [equivalent] 实际等效
    [not_worse] 不更差
    [too_few] 运行过少
    [different] 有差异，方向未知
   *[incomparable] 不可比
}
page-attachment = { $path } 的全部行
page-undrawn = 此处无法绘制该图，数值见下方。
page-rows-left = { $n } / { $all }
page-of-state = { $n } 项{ $state }
page-of-severity = { $n } 项{ $severity }
page-asked = { $what ->
    [experiments] 实验
    [filter] 筛选
    [start] 起始
    [end] 截止
    [compared-with-runs-from] 比较所用运行的起始
    [scores-from-before-the-window] 时间范围之前的得分
    [deleted] 已删除的运行
    [histories] 历史曲线
    [metrics] 指标
    [texts-of-evaluations] 评估文本
    [nested] 嵌套运行
    [order] 排序
    [limit] 上限
    [commit] 提交
    [branch] 分支
    [tag] 标签
    [pull-request] 拉取请求
   *[other] { $name }
}
page-item = { $item ->
    [runs] 运行
    [points] 数据点
    [series] 序列
    [params] 参数
    [tags] 标签
    [datasets] 数据集
    [models] 模型
    [traces] 追踪
    [artifacts] 产物
    [assessments] 评估记录
    [experiments] 实验
    [versions] 版本
   *[other] { $name }
}
page-number-between = {" / "}

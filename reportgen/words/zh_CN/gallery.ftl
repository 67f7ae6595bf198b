### “产物”：配置所要求的运行文件，以及 MLflow 模型评估写出的内容。

gallery-title = 产物
gallery-question = 运行绘制和写出了什么？
gallery-none-title = 没有产物
gallery-none = 没有可显示的、匹配 { $patterns } 的产物。被拒绝的内容见“问题”。
gallery-none-todo = 请检查配置中的 artifacts.include
gallery-lead = { $runs } 次运行的 { $n } 个产物（{ $size }）。
gallery-of-best = 来自{ $metric }最优的运行 { $run }。
gallery-of-next = { $metric }最优的运行 { $best } 没有可显示的产物。此处来自 { $run }，在 { $n } 次运行中排名 { $rank }：有产物的最优运行。
gallery-of-unranked = 按{ $metric }排名的运行都没有可显示的产物。此处来自有产物的最新运行 { $run }。
gallery-of-newest = 此处没有最优运行。产物来自有产物的最新运行 { $run }。
gallery-of-some = 来自按{ $metric }最优且有产物的运行，最多 { $most } 次。
gallery-of-some-newest = 此处没有最优运行。产物来自有产物的最新运行，最多 { $most } 次。
gallery-where = 运行 { $run } 的 { $path }
gallery-where-on-data = 运行 { $run } 的 { $path }，数据集 { $data }
gallery-picture = 图片：{ $where }
gallery-evaluated = { $what ->
    [confusion] 混淆矩阵
    [roc] ROC 曲线
    [precision-recall] 精确率–召回率曲线
    [lift] 提升曲线
    [calibration] 校准曲线
    [shap] SHAP 值
    [classes] 各类别的指标
    [rows] 逐行评估
   *[judges] 评判模型的指标
}
gallery-evaluated-file = { $what }（{ $path }）
gallery-pictures-note = 图片经解码后重新绘制，较大的已缩小。
gallery-pages = 网页（HTML）
gallery-pages-note = 网页可能含有程序，因此未打开。{ $linked ->
    [yes] 可通过链接在 MLflow 中查看。
   *[no] 请在 MLflow 中打开。
}
gallery-column-path = 文件
gallery-column-size = 大小
gallery-column-run = 运行
gallery-damaged = 快照中的内容已损坏。
gallery-columns-left = 另有 { $n } 列未显示。
gallery-lines-shown = { $where }，共 { $n } 行，显示前 { $shown } 行
gallery-title-of-run = { $title }，运行 { $run }
gallery-unusable-title = { $path } 未重新绘制
gallery-unusable = { $reason ->
    [columns] 缺少 MLflow 写出的列。
    [numbers] 含有任何评估都不会给出的数值。
   *[empty] 没有数据行。
}
gallery-confusion = 混淆矩阵：{ $right } 正确
gallery-confusion-alt = 运行 { $run } 的 { $n } 行：{ $right } 落在其真实类别。{ $worst }
gallery-confusion-worst = 最常见的错误：{ $true } 被判为 { $taken }，{ $n } 行。
gallery-confusion-no-error = 没有被判为其他类别的行。
gallery-confusion-counted = 根据 { $path } 的 { $true } 列和 { $taken } 列统计。
gallery-confusion-logged = 取自运行的 true_negatives、false_positives、false_negatives 和 true_positives 指标，代替图片 { $path }。
gallery-confusion-shares = 颜色和数字：占该真实类别行数的比例。计数见表格。
gallery-confusion-true = 真实类别
gallery-confusion-taken = 预测类别
gallery-confusion-share = 占真实类别的比例
gallery-confusion-n = 行数
gallery-confusion-row = { $label }（n = { $n }）
gallery-negative = 负类
gallery-positive = 正类
gallery-classes = 各类别的精确率与召回率
gallery-classes-alt = 运行 { $run } 的 { $n } 个类别。召回率最低：{ $low }；最高：{ $high }。
gallery-classes-value = 类别 { $name }，{ $value }
gallery-classes-drawn = 共 { $n } 个类别，绘出 F1 最低的 { $shown } 个；更多见表格。
gallery-classes-interval = 误差线：按行计算的 Wilson 95 % 区间，每个类别对其余类别。取自 { $path }。
gallery-classes-weighted = 无区间：各行带权重。每个类别对其余类别。取自 { $path }。
gallery-class = 类别
gallery-class-n = 行数
gallery-precision = 精确率
gallery-recall = 召回率
gallery-f1 = F1
gallery-roc-auc = ROC AUC
gallery-pr-auc = PR AUC
gallery-share-axis = 精确率、召回率
gallery-scores = { $n } 行的得分
gallery-scores-read = 共 { $n } 行，统计前 { $read } 行。取自 { $path }。
gallery-scores-note = 取自 { $path }。
gallery-score = 得分
gallery-score-n = 行数
gallery-score-missing = 缺失
gallery-score-mean = 均值
gallery-score-median = 中位数
gallery-score-low = 最低
gallery-score-high = 最高
gallery-score-title = { $name } 的分布
gallery-score-alt = 运行 { $run } 的 { $n } 行：{ $name } 为 { $low } 至 { $high }，中位数 { $median }。
gallery-score-around = 区间中点
gallery-score-value = 值
gallery-score-left = 另有 { $n } 项得分未绘出，见表格。
gallery-points = { $output } 与 { $target }
gallery-points-alt = 运行 { $run } 的 { $n } 行：{ $output } 对 { $target }。虚线上两者相等。
gallery-points-equal = 相等
gallery-points-thinned = 共 { $n } 行，按 { $target } 均匀绘出 { $shown } 行。
gallery-points-note = 取自 { $path }。

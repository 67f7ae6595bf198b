view-mean-folds = ，{ $n } 折的均值
view-sample = （样本内）
view-probably-training-value = ；可能是训练值，其{ $metric }为 { $other }
view-status-count = { $n } 次{ $status ->
    [finished] 已完成
    [failed] 失败
    [killed] 被终止
    [running] 运行中
    [scheduled] 已排队
    [deleted] 已删除
   *[none] 无状态
}

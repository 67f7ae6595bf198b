checks-names = { $what ->
    [datasets] 数据集
    [units] 单位
    [steps] 训练长度
    [failures] 失败的运行
    [success] 成功率
    [split] 运行的分配
    [unfinished] 未完成的运行
    [commits] 代码版本
    [sources] 脚本
    [hardware] 硬件
    [configurations] 配置
    [pairs] 配对
    [seeds] 重复的种子
   *[looks] 多次查看
}
checks-two-units = { $named }有两种单位。
checks-failed-under-20 = { $n_bad } 次失败，不足 20 %
checks-column-check = 检查项
checks-column-result = 结果
checks-column-found = 发现
checks-groups-alike-otherwise = 各组在其他方面是否一致？
checks-look = 须留意：{ $differ }。
checks-same = 一致：{ $same }。
checks-record = 未记录：{ $unknown }。
checks-although-config-asks = （尽管配置要求按 { $unpaired } 配对）
checks-switched-off = 已关闭
checks-tasks-pairs = 任务即为配对
checks-values-two-units = 数值有两种单位
checks-seed-fold-data-set = 没有两组都恰好各有一次的种子、折或数据集
checks-runs-paired = 运行未配对{ $asked }：{ $why }。
checks-paired = 未配对
checks-declared-plan-s-level = 已声明：按计划的水平判定。
checks-plan-declared = 未声明计划。{ $found }
checks-plan = 无计划
checks-pairs-run-without-partner = { $names }：按 { $by }{ $if_value ->
    [yes] 各
   *[no] {""}
} { $n } 对（{ $how }）；所有运行都有配对对象。
checks-declared = 按声明
checks-found-runs-chosen-their = 由运行自动识别，与其取值无关
checks-pairs = { $group }：按 { $pair } 的 { $n } 对（{ $how }）
checks-without-partner-left-out = { $head }；没有配对对象而略去：{ $left }。
checks-record-runs-compared-checks = 所比较的运行未记录下列内容，因此无法做这些检查。
checks-like-like = 同类相比
checks-column-parameter = 参数
checks-parameters-same-all-groups = 各组相同的参数以及种子和折均已略去。
checks-logged-parameter-differs-between = 除种子和折之外，各组记录的参数没有差异：区分它们的因素未作为参数记录。
checks-what-differs-between-groups = 各组之间的差异
checks-logged = 未记录
checks-more = {" "}等，另有 { $n } 个
checks-result = { $state ->
    [ok] 正常
    [look] 须留意
    [unknown] 未记录
   *[noted] {""}
}

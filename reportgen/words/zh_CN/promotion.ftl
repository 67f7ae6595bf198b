### “上线”：注册模型的竞争版本、其门禁和签核。

promotion-title = 模型上线
promotion-question = 各版本由什么生成，由谁签核？
promotion-lineage = 来源
promotion-what = 项目
promotion-value = 值
promotion-version = 版本
promotion-aliases = 别名
promotion-run = 生成它的运行
promotion-registered = 注册时间
promotion-user = 运行人
promotion-commit = 代码提交
promotion-source = 来源
promotion-data = 数据集
promotion-approvals = 审批标签
promotion-no-gate = 本次上线没有声明门禁。
promotion-gates-passed = { $n ->
    [one] 门禁通过。
   *[other] 全部 { $n } 项门禁均通过。
}
promotion-gates-open = { $n } 项门禁中 { $open } 项未通过：{ $names }。
promotion-sign-off = 签核
promotion-decision = 决定
promotion-by = 签核人
promotion-on = 日期
promotion-because = 理由
promotion-how-to-sign = 尚未签核。请用 reportgen sign 签核，决定会写入此处和每个文件。
promotion-gate-words = { $state ->
    [PASS] 通过
    [FAIL] 未通过
    [INCONCLUSIVE] 无法判定
   *[NO_DATA] 无数据
}

### “模型卡”：人们对注册模型的描述，以及评测所用的内容。

card-title = 模型卡
card-question = 模型的用途是什么、在什么数据上评测、局限在哪里？
card-topic = { $topic ->
    [intended-use] 预期用途
    [out-of-scope] 不适用范围
    [limits] 局限
    [ethics] 伦理考量
    [owner] 负责人
   *[license] 许可证
}
card-of = { $model }，版本 { $version }
card-what = 项目
card-value = 内容
card-aliases = 别名
card-run = 生成它的运行
card-registered = 注册时间
card-commit = 代码提交
card-data = 数据
card-description = { $model } 的描述
card-dataset = { $name }（{ $digest }），{ $context }
card-dataset-plain = { $name }（{ $digest }）
card-not-recorded = 未记录
card-how-to = 未记录的内容取自描述，以及版本、模型或运行的标签：{ $tags }。
card-slices = 按数据子集的指标
card-metric = 指标
card-part = 子集
card-measured = 值
card-whole = 全体

### 生成式 AI 应用的评估：数据行、评分器，以及两次评估的对比。

genai-decision-title = 判定
genai-decision-question = 在相同的数据行上，是否有变体优于基线、优多少、有多大把握？
genai-verdict-title = { $after } 对 { $before }，共有 { $n } 行
genai-worse = { $after } 更差：{ $scorers }。
genai-better = { $others ->
    [0] { $after } 更优：{ $scorers }。没有评分器显示变差。
   *[other] { $after } 更优：{ $scorers }。
}
genai-worse-beside = 变差，但未被指定参与判定：{ $scorers }。
genai-mixed = { $after } 有的方面更差，有的方面更优。更差：{ $worse }。更优：{ $better }。
genai-unclear = { $n ->
    [one] 唯一的评分器未显示超出偶然的变化
   *[other] { $n } 个评分器均未显示超出偶然的变化
}。
genai-unclear-largest = 最接近的是：{ $change }。
genai-equivalent = { $after } 与 { $before } 实际等效：所有变化都小于界值。
genai-not-worse = 在所有评分器上，{ $after } 都没有比 { $before } 差到界值或以上。
genai-too-few = 数据行过少，无法判定：{ $n ->
    [0] 两次评估没有共同的已评分行
   *[other] 两次评估共有 { $n } 个已评分行
}，少于 { $least } 行说明不了什么。
genai-no-scorer = 无可比较：没有评分器对两次评估都评过分。
genai-no-rows = 无可比较：{ $after } 没有与 { $before } 相同的行。
genai-no-direction = 两次评估共有的评分器优劣方向均未知，无法判断更优或更差。请在配置中设置 metrics: {"{"}{ $scorer }/mean: {"{"}goal: maximize{"}"}{"}"} 或 minimize。
genai-change = { $scorer } { $values }（{ $change }）
genai-change-rows = { $scorer } { $values }（{ $change }；{ $won } 行更优，{ $lost } 行更差）
genai-headline-unclear = 无明确差异。{ $sentence }
genai-headline-several = 与 { $before } 相比：{ $parts }。
genai-headline-part = { $after } { $outcome }
genai-rule = 每个评分器都在两次评估共有的行上比较。检验对 { $n } 个评分器做了校正（Holm）。
genai-rule-decisive = 按要求以 { $scorers } 判定，其他评分器仅供参考。检验对 { $n } 个评分器做了校正（Holm）。
genai-alone = 单看 { $scorer } 已超出偶然；在 { $n } 个评分器中则不然。
genai-needed = 约需 { $needed } 行才能显示 { $scorer } 变化 { $change }；现有 { $n } 行。
genai-detectable = { $n } 行有 80 % 的概率显示 { $scorer } 变化 { $change } 或以上。
genai-margin-not-excluded = 在 { $scorers } 上，不能排除下降达到界值或以上。
genai-caveat-dataset = 两次评估之间数据集有变（{ $before } → { $after }）；只比较两者共有的行。
genai-caveat-expectations = 第二次评估中有 { $n } 行的期望答案不同：其得分并非同类相比。
genai-caveat-scorers = 两次评估的评分器定义不同（{ $before } → { $after }）。
genai-caveat-judges = 评判模型改变：{ $before } → { $after }。
genai-caveat-failed = 应用在 { $side } 的 { $n } 行上失败（行 { $rows }）：这些行计为未通过。
genai-caveat-errors = { $scorer } 自身在 { $side } 的 { $n } 行上失败，在那里没有结论。
genai-caveat-unpaired = { $before } 行仅在 { $first } 中，{ $after } 行仅在 { $second } 中；未做比较。
genai-caveat-unfinished = { $side } 的一次运行未完成；比较的是它已存储的内容。
genai-caveat-sides = 只有一次评估有 { $scorers }。
genai-scorers-title = 评分器（变差的在前）
genai-column-scorer = 评分器
genai-column-change = 变化 [95 % 区间]
genai-column-rows = 更优 / 更差 / 相同的行
genai-column-p = p（Holm）
genai-column-verdict = 判定
genai-column-n = 比较的行数
genai-outcome = { $outcome ->
    [better] ▲ 更优
    [worse] ▼ 更差
    [equivalent] 实际等效
    [not_worse] 未差到超过界值
    [different] 有差异，方向未知
    [unclear] 无明确差异
   *[other] 行数过少
}
genai-reason = { $reason ->
    [no_pairs] 没有共同的行
    [few_pairs] 行数过少
    [few_clusters] 会话过少
    [all_equal] 没有行改变
    [constant] 所有行变化相同
    [one_side] 仅一侧有
   *[other] 类别型
}
genai-people = { $scorer }（人工）
genai-note-won = 更优和更差按评分器的方向；没有方向时为更高和更低。
genai-interval = { $value } [{ $low }, { $high }]
genai-flips-title = 变差的行
genai-flips-none = 没有在 { $before } 中通过而在 { $after } 中未通过的行。
genai-column-row = 行
genai-column-worse = 变差
genai-column-better = 变好
genai-column-tags = 标签
genai-texts-title = 这些行的提问与回答
genai-texts-note = 凭据已遮蔽，长文本已截断：全文请在 MLflow 中打开追踪。
genai-column-question = 提问
genai-column-answer = { $side } 的回答
genai-column-rationale = 评分器的理由
genai-column-trace = { $side } 中的追踪
genai-flips-note = 一行即一组输入，按第一次评估的顺序编号。文本保留在 MLflow 中：请在那里打开追踪。
genai-flip = { $scorer } { $before } → { $after }
genai-pass = 通过
genai-fail = 未通过
genai-alike-brief = 同类相比：{ $same }。有变化：{ $differs }。
genai-alike-brief-same = 同类相比：{ $same }。有记录的内容均未改变。
genai-alike-unknown = 未记录：{ $unknown }。
genai-alike-same = { $aspect ->
    [rows] 相同的 { $n } 行
    [dataset] 数据集相同
    [expectations] 期望答案相同
    [scorers] 评分器相同
    [judges] 评判模型相同
    [prompts] 提示词版本相同
   *[application] 应用代码相同
}
genai-alike-part = { $aspect ->
    [rows] 数据行
    [dataset] 数据集
    [expectations] 期望答案
    [scorers] 评分器
    [judges] 评判模型
    [prompts] 提示词版本
   *[application] 应用
}
genai-alike-differs = { $aspect ->
    [rows] 数据行
    [dataset] 数据集
    [expectations] 期望答案
    [scorers] 评分器
    [judges] 评判模型
    [prompts] 提示词
   *[application] 应用
}（{ $change }）
genai-alike-nothing = 没有已知相同之处
genai-alike-title = 同类相比
genai-column-what = 项目
genai-column-state = 两者之间
genai-column-proves = 说明了什么
genai-aspect = { $aspect ->
    [rows] 数据行
    [dataset] 数据集
    [expectations] 期望答案
    [scorers] 评分器定义
    [judges] 评判模型
    [prompts] 提示词版本
   *[application] 应用
}
genai-state-same = 相同（{ $what }）
genai-state-same-plain = 相同
genai-state-differs = { $before } → { $after }
genai-state-unknown = 未记录
genai-state-rows = { $of } 行中有 { $n } 行两者共有
genai-state-expectations = { $of } 行中有 { $n } 行不同
genai-proves = { $aspect ->
    [rows] 输入相同（略去空的关键字参数）即视为同一行。
    [dataset] 摘要相同：记录相同。摘要不同仍可能有共同的行。
    [expectations] 各运行逐行存储的标准答案。
    [scorers] 摘要相同：评分代码和评判提示词相同。
    [judges] 仅评判模型的名称：服务商可能更换其背后的模型。
    [prompts] 运行加载的注册版本。
   *[application] 仅被调用函数的源码：摘要相同时，闭包和导入的内容仍可能不同。
}
genai-proves-partial = 摘要涵盖 { $total } 个评分器中的 { $hashed } 个。
genai-spend-title = 相同行上的时间、token 与费用
genai-column-measure = 量
genai-column-ratio = 比值 [95 % 区间]
genai-spend = { $what ->
    [seconds] 延迟
    [tokens] Token 数
   *[cost] 费用（US$）
}
genai-spend-note = { $n } 个配对行的几何均值之比；略去失败的回答。
genai-spend-caveat = { $what ->
    [seconds] 每行延迟
    [tokens] 每行 token 数
   *[cost] 每行费用
}：{ $ratio }。
genai-ratio = × { $ratio }
genai-ratio-interval = × { $ratio } [{ $low }, { $high }]
genai-trust-title = 可信度检查
genai-trust-question = 两次评估的做法是否一致，每一行是否都已评分？
genai-prompt-title = 提示词 { $name }：版本 { $before } → { $after }
genai-column-sign = 变化
genai-column-line = 行内容
genai-coverage-title = 数据行与得分
genai-coverage-note = 失败的请求计为未通过，且没有量表得分。人工更改的内容以人工为准。
genai-column-side = 评估
genai-column-of-rows = 行数
genai-column-scored = 已评分
genai-column-errors = 评分器失败
genai-column-failed = 请求失败
genai-column-overrides = 人工更改
genai-column-own-mean = 均值 [95 % 区间]
genai-stale-title = { $side } 中已过时的均值记录
genai-stale-note = 运行只记录一次均值。此后被更改、删除或重新评估的内容只在评估记录中，本备忘录以评估记录为准。
genai-column-logged = 记录值
genai-column-today = 按当前评估记录
genai-appendix-title = 附录
genai-appendix-question = 做了哪些检验、如何做、针对哪些运行？
genai-tests-title = { $after } 对 { $before } 的检验
genai-logged-title = MLflow 自身记录的 { $after } 与 { $before } 的比较
genai-logged-note = MLflow 不按评分器数目校正，把所有评分器都当作越高越好，且其区间（自助法）并非来自其检验（精确 McNemar 或 Wilcoxon）。
genai-column-logged-change = MLflow：变化
genai-column-logged-n = MLflow：行数
genai-column-logged-p = MLflow：p
genai-column-here-change = 此处：变化
genai-column-why = 差异原因
genai-logged-why = { $why ->
    [same] 行和变化均相同
    [shared] 两次运行共用追踪：在数据库上，MLflow 会混用其反馈
    [absent] 该评分器没有对两次运行都评分
    [rows] MLflow 略去重复的行，也不配对其他行
    [failed] 此处把失败的请求计为未通过
   *[changed] 记录之后评估内容被更改或删除
}
genai-caveat-logged = MLflow 自身记录的比较在 { $scorers } 上结论不同；原因见附录。
genai-runs-title = 运行
genai-column-method = 方法
genai-column-p-own = p
genai-column-p-permuted = p（置换检验）
genai-column-detectable = 80 % 概率可检出
genai-column-needed = 所需行数
genai-column-run = 运行
genai-column-run-id = 运行 id
genai-column-status = 状态
genai-column-answers = 回答数
genai-method-name = { $method ->
    [newcombe] McNemar mid-p，Newcombe
    [t] 配对 t
    [clusters] 按会话的配对 t
   *[none] —
}
genai-method-newcombe = 通过或未通过：带 mid-p 的 McNemar 检验（Fagerland、Lydersen & Laake 2013）和 Newcombe 配对区间（1998，方法 10）。两者一致才下结论。所需行数：Connor 1987。
genai-method-t = 得分型，以及多次回答的行：对各行差异做 Student t 检验。置换检验翻转这些差异的符号。
genai-method-clusters = 一个会话含多行时：差异的均值，采用按会话聚类的稳健标准误（Miller 2024）。
genai-method-rows = 一行的值是其各回答的均值，一个回答的值是其同名反馈的均值。p 用 Holm 法对全部受检评分器校正。
genai-evidence-title = 证据
genai-evidence-question = 哪里变化最大，回答有多稳定？
genai-slices-title = 变化最大之处：按标签的子集，最差在前
genai-slices-note = p 对 { $n } 次子集检验校正。小子集会随机波动：下结论前请查看其中的行。
genai-slice-worse = { $slice } 的行变差：{ $change }。
genai-column-slice = 子集
genai-categories-title = 改变的类别
genai-column-shift = 变化
genai-column-n-rows = 行数
genai-shift = { $before } → { $after }
genai-trials-title = 多次回答的行
genai-trials-note = k 为各行回答数的最小值。不稳定的行有的回答通过、有的未通过。
genai-column-tries = 每行回答数（k）
genai-column-any = k 次中至少通过一次
genai-column-all = k 次全部通过
genai-column-flaky = 不稳定的行
genai-gate-bound = { $scorer } { $side ->
    [least] 至少
   *[most] 至多
} { $bound }（{ $what ->
    [pass_all] 每次都通过的行
    [group] { $group }
   *[latest] 最新评估
}{ $mode ->
    [confident] ，有置信要求
   *[point] {""}
}）
genai-gate-criterion-name = { $metric } { $side ->
    [least] ≥
   *[most] ≤
} { $bound }，随运行存储
genai-gate-against = { $scorer } 不差于{ $baseline }
genai-gate-previous = 上一次评估
genai-gate-alias = 提示词别名 { $alias } 的评估
genai-gate-tag = 带标签 { $tag } 的评估
genai-gate-branch = { $branch } 上的最新评估
genai-gate-no-evaluations = 没有读取到生成式 AI 评估，无法判断 { $scorer }。
genai-gate-no-scorer = 没有评估含评分器 { $scorer }；现有：{ $known }。
genai-gate-not-a-score = { $scorer } 不给出可与要求比较的数值。
genai-gate-coverage = { $scorer } 对 { $rows } 行中的 { $scored } 行评分（{ $errors } 行出错）；门禁要求 { $needed }。
genai-gate-value = { $n } 行中，{ $scorer } { $what ->
    [pass_all] 每次都通过的占
   *[other] 为
} { $value }；要求{ $side ->
    [least] 至少
   *[most] 至多
} { $bound }。
genai-gate-confident = 在 95 % 置信水平下，{ $side ->
    [least] 至少
   *[most] 至多
}为 { $limit }。
genai-gate-errors = 评分器在 { $n } 行上失败。
genai-gate-failed = { $n } 个请求失败，计为未通过。
genai-gate-overrides = { $n } 项得分以人工为准。
genai-gate-criterion = 运行记录了 { $metric } = { $value }；其自带要求为{ $side ->
    [least] 至少
   *[most] 至多
} { $bound }。
genai-gate-criterion-missing = 运行没有其自带质量标准所要求的 { $metric }。
genai-gate-first = 所读取的运行中没有更早的、含 { $scorer } 的评估；下一次评估将与本次比较。
genai-gate-no-baseline = { $baseline }不在所读取的运行中，或没有 { $scorer }。
genai-gate-no-rows = { $scorer } 与{ $baseline }没有共同的已评分行。
genai-gate-change = 在与{ $baseline }共有的 { $n } 行上，{ $scorer } 由 { $before } 变为 { $after }。
genai-gate-margin = { $held ->
    [yes] 可以排除下降 { $margin } 或以上。
   *[no] 不能排除下降 { $margin } 或以上。
}
genai-gate-shown = { $outcome ->
    [worse] 变差超出偶然。
    [better] 变好超出偶然。
    [too_few] 行数过少，无法判断。
   *[other] 未显示变差。
}
genai-part = { $change }：{ $outcome }。
genai-gate-rows = { $n ->
    [one] 第 { $rows } 行变差。
   *[other] 第 { $rows } 行变差。
}
genai-overview-title = 生成式 AI 评估
genai-overview-question = 最新评估发现了什么，与上一次相比有何变化？
genai-overview-lead = { $experiment }：{ $n } 次评估，最新的是 { $latest }，共 { $rows } 行。
genai-overview-worse = 与 { $before } 相比，它在 { $scorers } 上更差。
genai-overview-better = 与 { $before } 相比，它在 { $scorers } 上更优。
genai-overview-same = 与 { $before } 相比，没有评分器显示超出偶然的变化。
genai-overview-scorers = { $latest } 的得分
genai-overview-runs = 各次评估（最新在前）
genai-overview-prompts = 提示词版本
genai-overview-prompts-note = 得分取自加载该版本的最新评估；其数据和评分器可能不同。
genai-column-trend = 随时间变化
genai-column-change-before = 相对上一次的变化 [95 % 区间]
genai-column-started = 启动时间
genai-column-seconds = 每个回答的延迟
genai-column-cost = 每个回答的费用（US$）
genai-column-prompts = 提示词
genai-column-dataset = 数据集
genai-column-prompt = 提示词
genai-column-aliases = 别名
genai-column-used-by = 评估次数
genai-trend = { $n } 次评估，由 { $first } 到 { $last }
genai-column-picture = 区间
genai-people-title = 人工与评分器的一致性
genai-people-note = 针对两者都评判过的回答。人工会更改自己不同意的内容：只看被更改的回答，一致性低于看全部回答。
genai-column-both = 两者都评判的回答
genai-column-same = 结论相同
genai-column-agreement = 超出偶然的一致性 [95 % 区间]
genai-coefficient = { $method ->
    [alpha] Krippendorff alpha
   *[kappa] Cohen kappa
}
genai-front-title = 质量与代价
genai-column-variant = 变体
genai-front-spent = { $what ->
    [cost] 每个回答的费用（US$）
   *[seconds] 每个回答的延迟
}
genai-column-front = 两方面均不被超越
genai-front-yes = ✓
genai-front-note = 按均值判断，而均值自身有噪声：舍弃某个变体前请看下方的变化。
genai-outcome-2 = { $outcome ->
    [better] 更优
    [worse] 更差
    [unclear] 无明确差异
    [equivalent] 实际等效
    [not_worse] 未差到超过界值
    [too_few] 运行过少
    [different] 有差异，方向未知
   *[incomparable] 不可比
}

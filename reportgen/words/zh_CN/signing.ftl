### 人所作的决定，以及签核处。

signing-title = { $decision ->
    [ship] 决定：上线
    [reject] 决定：否决
    [extend] 决定：增加运行
   *[hold] 决定：暂缓
}
signing-text = { $who }：{ $because } { $agreement ->
    [supported] 计算结果支持此决定。
    [against] 此决定与计算结果相反，计算结果保持不变。
   *[open] 计算结果两方面均无定论。
}
signing-who-on = { $by }，{ $day }

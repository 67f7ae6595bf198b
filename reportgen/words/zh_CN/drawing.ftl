### 图表绘制自身的文字。

drawing-no-values = 没有可绘制的值
drawing-ranks = 线由赭色到蓝色：按 { $axis } 的排名{ $goal ->
    [none] 由低到高
   *[other] 由最差到最优
}
drawing-failed = 无法绘制此图
drawing-failed-table = 其数值见下表。
drawing-failed-alone = 此图没有自己的表格；替代文字见上方。
drawing-day = { $month }月{ $day }日
drawing-month = { $month }月
drawing-year = { $year }年
drawing-pairs = { $of } 对中 { $n } 对{ $way ->
    [rises] 上升
    [falls] 下降
   *[stays] 不变
}
drawing-axis-clock = {"%H:%M\u000A%-m月%-d日"}
drawing-axis-day = {"%-m月%-d日\u000A%Y年"}
drawing-axis-month = {"%-m月\u000A%Y年"}
drawing-axis-year = %Y年

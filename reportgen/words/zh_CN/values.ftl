### 数值中的文字。

values-yes = 是
values-no = 否
values-higher = ↑ 越高越好
values-lower = ↓ 越低越好
values-no-direction = 无优劣方向
values-range = { $low } 至 { $high }

### 由语言模型撰写的报告文字。

narrative-title = 由机器撰写：{ $model }
narrative-text = { $text }（文中每个数字都出现在报告中，其余内容未经核对。）

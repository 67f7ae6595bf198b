### 缩减后的表格下方的注释。

tables-same = 全部 { $n } 行相同：{ $values }。
tables-same-one = { $name } { $value }
tables-empty = 无数值：{ $names }。
tables-shortened = 较长的值已缩短，完整内容见 { $path }。
tables-left-to-data = 未印出：{ $names }；见 { $path }。
tables-rows = { $n } 行
tables-first-rows = 共 { $rows } 行，此处为前 { $n } 行；全部见 { $path }。
tables-rows-shown = 共 { $n } 行，显示 { $shown } 行。
tables-long-values = 此处缩短了 { $n } 个较长的值，完整内容见 { $path }。
tables-more-attached = 其余 { $n } 行见本文档附件 { $path }。
tables-more-not-shown = 其余 { $n } 行未印出。
tables-part = 第 { $n } 部分，共 { $parts } 部分
tables-unnamed = 表格

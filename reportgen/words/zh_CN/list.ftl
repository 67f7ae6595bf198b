### 句中的列举。

list-separator = 、
list-last = { $items }、{ $last }
list-more = { $items }等，另有 { $n } 项
list-none = 无
list-sentence-separator = {""}
list-clause-separator = ；
list-sentence = { $clause }。
list-named = { $name }：{ $text }
list-comma = ，
list-bracketed = （{ $text }）
list-stop = { $clause }。

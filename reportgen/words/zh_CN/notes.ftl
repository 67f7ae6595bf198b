notes-note-run = 运行 { $run_name } 的备注
notes-older-run-notes-quoted = 未引用较早的 { $n } 条运行备注，见数据文件。
notes-notes = 备注
notes-what-did-people-write = 人们写下了什么？
notes-note-experiment = 实验 { $name } 的备注
notes-first-characters = { $source }{ $if_cut ->
    [yes] （前 { $longest_note } 个字符）
   *[no] {""}
}

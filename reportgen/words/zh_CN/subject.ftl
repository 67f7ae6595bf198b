subject-pp = {" "}pp
subject-pp-2 = { $size } pp
subject-pairs = （{ $n } 对）
subject-mean-against = 均值 { $mean } 对 { $mean_2 }{ $which }
subject-mean-against-2 = 均值 { $mean } 对 { $mean_2 }

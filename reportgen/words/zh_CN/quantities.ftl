quantities-points = {" "}个百分点
quantities-pp = {" "}pp
quantities-to = { $removesuffix } 至 { $change }

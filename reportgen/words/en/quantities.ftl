quantities-points = {" "}points
quantities-pp = {" "}pp
quantities-to = { $removesuffix } to { $change }

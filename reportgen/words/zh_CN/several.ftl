several-best-mean = { $best } 的{ $label }均值最优
several-shown-better-baseline = ；未显示优于基线 { $base }{ $p }
several-clear-difference-show-they = 。与其无明确差异：{ $others }；这不说明它们相等。
several-every-other-group = 其余各组
several-every-group = 各组
several-differs-could-tested = 。与可检验的{ $rest }均有差异{ $if_value ->
    [yes] {""}
   *[no] （两两检验）
}。
several-test-could-made = ；无法做检验。
several-tested = 未检验：{ $x }。
several-all-groups-together-f = 全部各组：{ $method } F({ $removesuffix }, { $within }) = { $f }，{ $p_equation }，omega² { $omega }。
several-ranks-kruskal-wallis-h = 按秩：Kruskal–Wallis H({ $between }) = { $h }，{ $p_equation }。
several-decides-nothing-family-tests = { $said }它不参与判定：由上述检验族控制水平。

several-best-mean = { $best } has the best mean { $label }
several-shown-better-baseline = ; it is not shown to be better than { $base }, the baseline{ $p }
several-clear-difference-show-they = . No clear difference from it: { $others }; this does not show that they are equal.
several-every-other-group = every other group
several-every-group = every group
several-differs-could-tested = . It differs from { $rest } that could be tested{ $if_value ->
    [yes] {""}
   *[no] , by the tests of every pair
}.
several-test-could-made = ; no test could be made.
several-tested = {" "}Not tested: { $x }.
several-all-groups-together-f = All groups together: { $method } F({ $removesuffix }, { $within }) = { $f }, { $p_equation }, omega² { $omega }.
several-ranks-kruskal-wallis-h = {" "}By ranks: Kruskal–Wallis H({ $between }) = { $h }, { $p_equation }.
several-decides-nothing-family-tests = { $said } It decides nothing: the family of tests above holds the level.

subject-pp = {" "}pp
subject-pp-2 = { $size } pp
subject-pairs = {" "}in the { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}
subject-mean-against = mean { $mean } against { $mean_2 }{ $which }
subject-mean-against-2 = mean { $mean } against { $mean_2 }

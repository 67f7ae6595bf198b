looks-pairs = { $if_paired ->
    [yes] pairs
   *[no] runs per group
}
looks-more-planned-declared-looks = { $n } { $unit } are more than the { $n_planned } that were planned: the declared looks no longer keep the error at { $alpha }; the last planned level is used.
looks-look-planned-difference-counts = Look { $look } of { $planned } ({ $n } of { $n_planned } { $unit } planned): a difference counts when p is at most { $level } (Lan–DeMets, O'Brien–Fleming), and the interval has that level.
looks-more = {" "}or more
looks-look-adjusted-false-positive = Look { $look }; not adjusted: the false-positive rate after { $look_2 } looks{ $more } at equal steps is { $rate }, not { $alpha }; that of a margin which is passed is about the same.
looks-adjusted-repeated-looks-growing = Not adjusted for repeated looks at growing runs: equals are found different, or pass a margin wrongly, in { $five } of cases after 5 looks, { $ten } after 10, not { $alpha }.

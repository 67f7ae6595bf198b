members-finished = { $n_finished } finished
members-failed-killed = { $n_failed } failed or killed{ $if_again ->
    [yes] {" "}({ $again })
   *[no] {""}
}
members-finished-2 = { $n_unfinished } not finished
members-identical-re-runs-left = { $n ->
    [one] { $n } identical re-run
   *[other] { $n } identical re-runs
} left out
members-runs-configuration = {" "}and { $n_runs } runs of its configuration
members-which-replicate = , which has no replicate
members-version-made-run = { $model } version { $version }, made by run { $run }{ $more }
members-seed-failed-times = seed { $seed } failed { $n ->
    [one] once
   *[other] { $n } times
}
members-run-again-runs-counted = were run again; those runs are counted
members-run-again-run-counted = was run again; that run is counted
members-and = { $found } and { $ran }
members-seed-runs = seed { $seed } has { $n_keys } runs
members-mean-seed-counts-once = { $found }; { $if_value ->
    [yes] the mean of each seed
   *[no] their mean
} counts once
members-failed-gave-finite-value = failed or gave no finite value
members-runs = { $bad_b } of { $n ->
    [one] { $n } run
   *[other] { $n } runs
} of { $name_b } { $how }, { $bad_a } of { $n_a } of { $name_a }
members-runs-2 = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} of { $name }
members-and-2 = {" "}and{" "}
members-none-them = , { $others } { $n_left_a ->
    [one] is
   *[other] are
} of none of them
members-both-groups-runs-paired = { $n } { $what } { $n ->
    [one] is
   *[other] are
} in both groups{ $apart }, so runs are not paired. On the shared { $what } the difference is { $delta }{ $bounds }{ $unit }; --pair-by (pair_by in a config) decides by these.
members-groups-ran-different-shared = {" "}The groups ran different { $plural }; on the shared { $n } it is { $change }{ $unit }.
members-holds-runs-configuration-another = { $name } holds { $main ->
    [one] { $main } run
   *[other] { $main } runs
} of one configuration and { $n_strays } of another: { $names }
members-compared = Not compared: { $parts }.
members-other = { $name } (other { $params })
members-leave-runs-out-filter = Leave these runs out with --filter (runs in a config), or take all as repeats with --replicates.
members-and-3 = {" "}AND{" "}
members-attributes-run-id = attributes.run_id != '{ $run_id }'
members-leave-out-filter-runs = Leave { $what } out: --filter "{ $clause }" (runs in a config); or take all as repeats: --replicates.
# $what is what pairs the runs: seed, fold.
members-plural = { $what }s

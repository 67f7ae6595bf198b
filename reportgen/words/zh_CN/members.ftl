members-finished = { $n_finished } 次完成
members-failed-killed = { $n_failed } 次失败或被终止{ $if_again ->
    [yes] （{ $again }）
   *[no] {""}
}
members-finished-2 = { $n_unfinished } 次未完成
members-identical-re-runs-left = 略去 { $n } 次相同的重跑
members-runs-configuration = {" "}及其配置的 { $n_runs } 次运行
members-which-replicate = ，没有重复运行
members-version-made-run = { $model } 版本 { $version }，来自运行 { $run }{ $more }
members-seed-failed-times = 种子 { $seed } 失败 { $n } 次
members-run-again-runs-counted = 已重跑，以重跑计
members-run-again-run-counted = 已重跑，以重跑计
members-and = { $found }，{ $ran }
members-seed-runs = 种子 { $seed } 有 { $n_keys } 次运行
members-mean-seed-counts-once = { $found }；{ $if_value ->
    [yes] 每个种子以均值计一次
   *[no] 以均值计一次
}
members-failed-gave-finite-value = 失败或没有有限值
members-runs = { $name_b } 的 { $n } 次运行中 { $bad_b } 次{ $how }，{ $name_a } 的 { $n_a } 次中 { $bad_a } 次
members-runs-2 = { $name } 的 { $n } 次运行
members-and-2 = {" "}和{" "}
members-none-them = ，{ $others }中的 { $n_left_a } 次不含其中任何一个
members-both-groups-runs-paired = { $n } 个{ $what }为两组共有{ $apart }，因此运行未配对。在共有的{ $what }上，差异为 { $delta }{ $bounds }{ $unit }；设置 --pair-by（配置中的 pair_by）可据此判定。
members-groups-ran-different-shared = 各组运行的{ $plural }不同；在共有的 { $n } 个上为 { $change }{ $unit }。
members-holds-runs-configuration-another = { $name } 含同一配置的 { $main } 次运行和另一配置的 { $n_strays } 次：{ $names }
members-compared = 未比较：{ $parts }。
members-other = { $name }（{ $params } 不同）
members-leave-runs-out-filter = 请用 --filter（配置中的 runs）略去这些运行，或用 --replicates 全部视为重复。
members-and-3 = {" "}AND{" "}
members-attributes-run-id = attributes.run_id != '{ $run_id }'
members-leave-out-filter-runs = 略去{ $what }：--filter "{ $clause }"（配置中的 runs）；或全部视为重复：--replicates。
members-plural = { $what }

### Quality gates, wherever they are shown.

## Waivers

# $until is a day, $owner a person, $reason a few words without a full stop; $issue is a number or an address, or "none".
gates-waived = Waived until { $until } by { $owner }: { $reason }{ $issue ->
    [none] .
   *[other] {" "}({ $issue }).
}
gates-waiver-expired = The waiver of { $owner } ended on { $until }{ $issue ->
    [none] .
   *[other] {" "}({ $issue }).
}
gates-waiver-unknown = No gate of this report has this name, so nothing is waived.
# $names is a list of gates.
gates-waiver-unknown-todo = write the name of a gate as the report shows it: { $names }
gates-waiver-unneeded = The gate passes, so the waiver until { $until } is not needed.
gates-waiver-unneeded-todo = remove it from waive

## Page 1

gates-waived-row = Gates waived
# $name is a gate, $until a day, $owner a person, $reason their words.
gates-waived-one = { $name } (until { $until }, { $owner }: { $reason })

## Against a baseline

# $kind is what the baseline is found by, $of the name of that; the last report has none.
gates-baseline = { $kind ->
    [branch] the latest run of branch { $of }
    [tag] the latest run with { $of }
    [alias] the run behind { $of }
    [run] run { $of }
   *[report] the best of the last report
}
# $which is "best" or "latest".
gates-baseline-name = { $kind ->
    [branch] { $label } of the { $which } run not worse than branch { $of }
    [tag] { $label } of the { $which } run not worse than { $of }
    [alias] { $label } of the { $which } run not worse than { $of }
    [run] { $label } of the { $which } run not worse than run { $of }
   *[report] best { $label } not worse than in the last report
}
gates-baseline-margin = { $name }, margin { $margin }
gates-baseline-age = { $n_days ->
    [0] of today
    [one] { $n_days } day old
   *[other] { $n_days } days old
}
# $baseline is a message of gates-baseline, $name its run, $age how long ago that ended; $relative is a share, or "none".
gates-baseline-worse = { $label } of { $judged } is { $value }, { $change } than { $baseline } ({ $name }, { $age }): { $reference }. Allowed: { $margin }{ $relative ->
    [none] .
   *[other] {" "}({ $relative } of the baseline).
} One run against one; their uncertainty is not considered.
gates-baseline-same = { $label } of { $judged } is { $value }, the same as { $baseline } ({ $name }, { $age }). One run against one; their uncertainty is not considered.
gates-baseline-change = { $way ->
    [better] { $size } better
   *[worse] { $size } worse
}
gates-baseline-no-loss = no loss
gates-baseline-missing = { $baseline } was not found among the finished runs with { $label } that this report reads, so { $judged } is held against nothing. See that the report's experiments, runs and window hold it.
gates-baseline-old = { $baseline } ({ $name }) ended on { $day }, { $n_days } days ago; at most { $most } are allowed. Train it again, or raise max_age.
gates-baseline-other-data = { $judged } was measured on { $judged_on }, { $name } on { $baseline_on }: their { $label } is not comparable.
gates-baseline-nobody = { $branch ->
    [none] no finished run has { $label }.
   *[other] of { $n } finished runs with { $label } none is of this commit or of branch { $branch }. Tag runs with git.branch when they are logged.
}

gates-states = { $state ->
    [PASS] Passed
    [FAIL] Failed
    [INCONCLUSIVE] Inconclusive
   *[NO_DATA] No data
}
gates-nothing-runs-come-held = nothing: runs to come are held against these
gates-add-runs-decide-hand = add runs, or decide by hand; without on_inconclusive: warn this gate fails
gates-period-before = the period before
gates-best-period-before = the best of the period before
gates-margin = , margin { $margin }
gates-worse = { $label } not worse than { $against }{ $margin }
gates-best-latest-run = { $label } { $rule } ({ $of ->
    [best] best
   *[latest] latest
} run)
gates-of = { $label } of { $group } { $rule }
gates-mean-confidence = { $label } { $rule } (mean of { $group }{ $if_value ->
    [yes] , with confidence
   *[no] {""}
})
gates-finished-runs = finished runs { $sign } { $bound }
gates-share-failed-runs = share of failed runs
gates-share-runs-1 = share of runs with { $label } = 1
gates-in = {" "}in { $group }
gates-confidence = {" "}with confidence
gates-equivalent-within = equivalent within { $amount }
gates-worse-2 = not worse by { $margin }
gates-baseline-2 = { $share } of the baseline
gates-pp = { $margin } pp
gates-least = at least
gates-most = at most
gates-direction-unknown-run-best = the direction of { $label } is unknown, so no run is best; set metrics: {"{"}{ $name }: {"{"}goal: maximize{"}"}{"}"} (or minimize) in the config, or judge of: latest or a group.
gates-run-best-finished-runs = no run is best: the { $n ->
    [one] { $n } finished run
   *[other] { $n } finished runs
} with { $label } were measured on different data, and none of it has most of the runs. Judge of: latest, or a group.
gates-none-finished-runs = none of { $n ->
    [one] { $n } finished run
   *[other] { $n } finished runs
} has { $label }.
gates-of-2 = { $of ->
    [best] best
   *[latest] latest
}
gates-run-bound-judged-run = { $label } of the { $which } run is { $value }; the bound is { $rule }. Judged on one run; its uncertainty is not considered.
gates-rule = { $measured } The rule: { $rule }{ $after_rule }
gates-run-started-period-none = no run started in this period, or none before it.
gates-run-known-before-period = no run is known from before this period, so there is nothing to be held against. This fails nothing.
gates-run-started-since-last = no run started since the last report, so there is nothing to judge. This fails nothing.
gates-selected-run-logged = no selected run logged { $label }.
gates-direction-unknown-nothing-worse = the direction of { $label } is unknown, so nothing is worse; set metrics: {"{"}{ $label }: {"{"}goal: maximize{"}"}{"}"} (or minimize) in the config.
gates-needs-histories-which-read = { $rule } of { $label } needs histories, which are not read of runs before the window; only rule: last can be compared.
gates-configuration-ran-both-period = no configuration with { $label } ran both in this period and before it.
gates-runs-period-gate-asks = { $named }: { $fewest ->
    [one] { $fewest } run
   *[other] { $fewest } runs
} in this period, the gate asks for { $min_runs }.
gates-got-worse = { $label } got worse: { $how }.{ $luck }
gates-values-too-large-compute = values of { $label } of { $named } are too large to compute with.
gates-too-little-history-three = too little history of { $label } for { $named }: three runs in this period and three before, or four earlier runs, are needed (four earlier periods, where these differ by more than their runs do).
gates-largest-loss = the largest loss:{" "}
gates-none-lost-smallest-gain = none lost; the smallest gain:{" "}
gates-none-lost-gained-least = none lost; the one that gained least:{" "}
gates-raised-alarm-configurations-rule = { $label } raised no alarm in { $n ->
    [one] { $n } configuration
   *[other] { $n } configurations
}; { $which }{ $moved }{ $would_be_found }. The rule: no alarm, 5 % over all comparisons of runs (Holm), 1 % for each prediction; this is no proof that nothing got worse: for that, set baseline_margin.
gates-period-before-2 = { $n_previous } in the period before
gates-means-earlier-periods-which = the means of { $n ->
    [one] { $n } earlier period
   *[other] { $n } earlier periods
}, which differ by more than their runs do
gates-runs-now = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} now, { $before }
gates-sided-95-bounds = {" "}(one-sided 95 % bounds { $low } and { $high })
gates-improvement = the improvement in { $label } of { $label_2 } is { $estimate }{ $bounds }, { $n }
gates-configurations-worst = ; of { $n ->
    [one] { $n } configuration
   *[other] { $n } configurations
} the worst
gates-values-too-large-compute-2 = values are too large to compute with
gates-runs-per-period-would = {" "}{ $needed } runs per period would decide it, if this is the true value (80 % power).
gates-rule-worse-lower-bound = { $found }{ $of_means }{ $others }. The rule: not worse by { $margin }, by the lower bound (non-inferiority).{ $why }{ $luck }
gates-mean-went = ; the mean went from { $mean } to { $mean_now }
gates-mean-went-period-before = ; the mean went from { $before } in the period before to { $mean_now }
gates-period = this period
gates-finished-run-finite = no finished run of { $where } has a finite { $label }.
gates-runs-finished-period-gate = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} finished in this period, the gate asks for { $min_runs }.
gates-bound-margin = , the bound with the margin { $margin } is { $bound }
gates-best-now-period-before = the best { $label } now is { $value }, of the period before { $previous }{ $less }. Judged on one run against one; their uncertainty is not considered.
gates-went-ran-both-periods = { $label } went from { $baseline } to { $now }, of the { $now_2 } that ran in both periods
gates-went = { $label } went from { $baseline } to { $now } ({ $now_2 })
gates-went-2 = { $label } went from { $baseline } ({ $before }) to { $now } ({ $now_2 })
gates-change-would-been-found = ; a change of { $lstrip } would have been found four times in five
gates-run-run-variation-exact = no run-to-run variation: the exact value decides, { $baseline } before
gates-expected-99-prediction-interval = expected was { $low } to { $high }, 99 % prediction interval of { $before }
gates-rungs = { $rung ->
    [comparison] comparison
    [level_shift] level shift
    [prediction_interval] prediction interval
    [little_history] too little history
   *[too_large] values too large to compute with
}
gates-pp-2 = { $value } pp
gates-runs-finished-bound = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} finished; the bound is { $sign } { $threshold }.
gates-runs-pass-rate-needs = { $label } is { $value } in one of { $n ->
    [one] { $n } run
   *[other] { $n } runs
}; a pass rate needs a metric that is 0 or 1 in each.
gates-group = {" "}of group { $group }
gates-run-ended = no run has ended.
gates-finished-run = no finished run{ $where } has { $label }.
gates-ended-runs-failed-killed = ended runs failed or were killed
gates-finished-runs-1 = finished runs{ $where } have { $label } = 1
gates-of-3 = { $k } of { $n } { $counted } ({ $k_2 }
gates-rule-2 = The rule: { $sign } { $bound }
gates-runs = { $found }). { $rule }, from { $min_runs } runs on.
gates-judged-share-alone-uncertainty = { $found }). { $rule }. Judged on the share alone; its uncertainty is not considered.
gates-lower = { $if_value ->
    [yes] lower
   *[no] upper
}
gates-sided-95-bounds-bound = { $found }; one-sided 95 % bounds { $low } and { $high }). { $rule }, by the { $side } bound (exact).
gates-pp-3 = { $abs } pp
gates-comparison-group-could-made = the comparison that has the group { $wanted } could not be made.
gates-did-you-mean = {" "}Did you mean { $near }?
gates-run-group-groups = no run is in the group { $wanted }; groups: { $x }.{ $hint }
gates-baseline-3 = { $is_baseline ->
    [yes] the baseline
   *[no] group
} { $label }
gates-none-finished-runs-finite = none of { $n ->
    [one] { $n } finished run
   *[other] { $n } finished runs
} of { $whose } has a finite { $label }.
gates-groups-runs-lie-several = the groups' runs lie on several data sets or tasks, so the comparison is judged over these and a mean over all runs is not; set compare.tasks: none to judge the runs all the same, or put the gate on one data set's runs.
gates-direction-unknown-nothing-worse-2 = the direction of { $label } is unknown, so nothing is worse; set metrics: {"{"}{ $name }: {"{"}goal: maximize{"}"}{"}"} (or minimize) in the config.
gates-run-baseline-group = no run is in the baseline group.
gates-baseline-itself-name-another = { $group } is the baseline itself; name another group.
gates-and = {" "}and{" "}
gates-sided-95-bounds-2 = {" "}(one-sided 95 % bounds { $ends })
gates-mean = mean { $label } of { $group } is { $mean }
gates-n-runs = { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
gates-pp-4 = {" "}pp
gates-sided-95-bounds-3 = {" "}(one-sided 95 % bounds { $bounds })
gates-improvement-2 = the improvement in { $label } from { $baseline } to { $group } is { $mean }
gates-margin-2 = { $change }{ $unit }{ $interval }, the margin { $margin }, { $counted }.
gates-against-runs = { $n_b } against { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
gates-pairs-runs-without-partner = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
} by { $by }{ $if_left ->
    [yes] , { $left ->
    [one] { $left } run
   *[other] { $left } runs
} without a partner left out
   *[no] {""}
}
gates-share = no share
gates-against = {" "}against{" "}
gates-mean-s-against-runs = mean { $label } of { $group } is { $shown } of { $baseline }'s ({ $means }), { $n_b } against { $n ->
    [one] { $n } run
   *[other] { $n } runs
}, not paired.
gates-both-bounds-two-sided = , by both bounds (two one-sided tests).
gates-lower-bound-non-inferiority = , by the lower bound (non-inferiority).
gates-lower-bound = , by the { $if_value ->
    [yes] lower
   *[no] upper
} bound.{ $rare }
gates-judged-mean-alone-uncertainty = . Judged on the mean alone; its uncertainty is not considered.
gates-up-runs-could-way = {" "}Up to { $share } of runs could be { $kind } in a way that none of these { $n } shows. The bound does not consider them.
gates-runs-runs-per-group = {" "}{ $needed } { $unit ->
    [runs] runs
    [runs_per_group] runs per group
   *[pairs] pairs
} would decide it, if this is the true value (80 % power).
gates-holds-configurations = { $label } holds { $n } configurations
gates-search-repeats-set-compare = { $names }: a search, not repeats (set compare.replicates: true to judge its mean all the same)
gates-values-measured-different-data = the values were measured on different data sets: { $name }
gates-runs-values-about-times = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} have values about { $factor } times those of the other { $n_small }: two units
gates-against-runs-permutation-test = with { $n_b } against { $n ->
    [one] { $n } run
   *[other] { $n } runs
} the permutation test must agree with the bounds, and it does not
gates-runs-folds-data-set = the runs of { $label } are folds of one data set, not independent runs
gates-runs-value-gate-asks = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} of { $group } with a value, the gate asks for { $wanted }
gates-failed-speaks-only-did = {" "}{ $bad } of { $n } of { $group } failed: this speaks only of those that did not.

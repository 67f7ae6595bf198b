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

caveats-pairs = { $if_pairing ->
    [yes] pairs
   *[no] runs in a group
}
caveats-only-nothing-but-very = Only { $n_a } { $unit }: nothing but very large effects are detectable.{" "}
caveats-only-what-margin-decides = Only { $n_a } { $unit }: what the margin decides rests on normal values.
caveats-simultaneous-interval-includes-zero = The simultaneous interval includes zero: Bonferroni's intervals are wider than Holm's decision.
caveats-against-runs-skewed-values = { $n_b } against { $n ->
    [one] { $n } run
   *[other] { $n } runs
}: of skewed values the interval is too narrow, since the smaller group may not have seen their tail. Verdicts need the permutation test to agree, which holds then too.
caveats-child-runs-inside-counted = { $inside ->
    [one] { $inside } child run
   *[other] { $inside } child runs
} inside the counted parents: children count as samples only where that is declared (pair_by: params.fold, or the key that only they have).
caveats-runs-could-paired-config = The runs could not be paired by { $unpaired }, as the config asks.
caveats-baseline-set-config-first = No baseline is set in the config: { $name_a } is the first group by name.
caveats-more-folds-splits-same = {" "}More folds or splits of the same data would not show a smaller one.
caveats-pairs-2 = { $if_pairing ->
    [yes] pairs
   *[no] runs in each group
}
caveats-more-10-000 = more than 10,000
caveats-about = about { $n }
caveats-half-needed-observed-size = {" "}For half of that, { $half } { $unit } are needed; for one of the observed size, { $observed }.
caveats-runs-without-partner-left = Runs without a partner are left out: { $n_left_b } of { $name_b }, { $n_left_a } of { $name_a }.
caveats-many-log-n-splits = {" "}(as many as there are here; log n_splits where cross-validation is repeated)
caveats-fold-counts-parts-data = Each fold counts as one of { $n_folds } parts{ $known } of one data set; nothing is said of other data. The correction takes their differences to be near normal: rare bad folds make it too sure.
caveats-where-several-runs-share = Where several runs share a key, their mean stands for them.
caveats-interval-about-other-s = The interval is about other { $what }s on this data, not about other data. If the { $what } also draws the split of the data, the interval is too narrow.
caveats-usual-log-test-size = {" "}(as is usual; log test_size to have it exact)
caveats-seed-also-draws-split = The seed also draws the split of the data, and splits share most of their rows. Test and interval are corrected for it (Nadeau and Bengio), with test sets of { $share } of the data{ $known }, which takes differences to be near normal.
caveats-more-20-runs-failed = More than 20 % of the runs failed or gave no finite value in { $x }: the comparison is conditional on success.
caveats-runs-several-code-versions = Runs of several code versions are mixed in { $names }.
caveats-groups-ran-different-code = The groups ran different code versions: if that is not what is compared, it may explain the difference.
caveats-groups-ran-different-hardware = The groups ran on different hardware.
caveats-groups-logged-different-data = The groups logged different data sets, so the difference may come from the data.
caveats-runs-trained-different-numbers = The runs were trained for different numbers of steps.
caveats-runs-finished-counted = { $n ->
    [one] { $n } run
   *[other] { $n } runs
} not finished and not counted.
caveats-runs-different-configurations-count = Runs of different configurations count as repeats (replicates: true), so the sd includes that spread.
caveats-groups-ran-different = The groups ran different { $plural }: { $partly }
caveats-in = In { $name } { $seeds }.
caveats-every-run-seed-interval = Every run has seed { $seed }: the interval covers what changes when it is run again, not what another seed changes.
caveats-difference-success-pp-95 = { $failed }: a difference in success of { $mid } pp (95 % interval { $low } to { $high }; Fisher's exact p { $equation }). The numbers are of the runs that succeeded.

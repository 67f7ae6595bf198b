checks-names = { $what ->
    [datasets] Data sets
    [units] Units
    [steps] Training length
    [failures] Failed runs
    [success] Success rates
    [split] Split of the runs
    [unfinished] Unfinished runs
    [commits] Code versions
    [sources] Scripts
    [hardware] Hardware
    [configurations] Configurations
    [pairs] Pairs
    [seeds] Repeated seeds
   *[looks] Repeated looks
}
checks-two-units = Two units in { $named }.
checks-failed-under-20 = { $n_bad } failed, under 20 %
checks-column-check = Check
checks-column-result = Result
checks-column-found = Found
checks-groups-alike-otherwise = Are the groups alike otherwise?
checks-look = To look at: { $differ }.
checks-same = The same: { $same }.
checks-record = Not on record: { $unknown }.
checks-although-config-asks = , although the config asks for { $unpaired }
checks-switched-off = switched off
checks-tasks-pairs = the tasks are the pairs
checks-values-two-units = the values are in two units
checks-seed-fold-data-set = no seed, fold or data set that both groups share once each
checks-runs-paired = Runs are not paired{ $asked }: { $why }.
checks-paired = not paired
checks-declared-plan-s-level = Declared: the plan's level decides.
checks-plan-declared = No plan is declared. { $found }
checks-plan = no plan
checks-pairs-run-without-partner = { $names }: { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}{ $if_value ->
    [yes] {" "}each
   *[no] {""}
} by { $by } ({ $how }); no run is without a partner.
checks-declared = as declared
checks-found-runs-chosen-their = found in the runs, not chosen by their values
checks-pairs = { $group }: { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
} by { $pair } ({ $how })
checks-without-partner-left-out = { $head }; without a partner and left out: { $left }.
checks-record-runs-compared-checks = Not on record for the runs that are compared, so these checks cannot be made.
checks-like-like = Like for like
checks-column-parameter = Parameter
checks-parameters-same-all-groups = Parameters that are the same in all groups are left out; seeds and folds too.
checks-logged-parameter-differs-between = No logged parameter differs between the groups, seeds and folds aside: what tells them apart is not on record as a parameter.
checks-what-differs-between-groups = What differs between the groups
checks-logged = not logged
checks-more = {" "}and { $n } more
checks-result = { $state ->
    [ok] ok
    [look] look
    [unknown] not recorded
   *[noted] {""}
}

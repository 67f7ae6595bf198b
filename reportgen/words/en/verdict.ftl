### Verdicts in everyday words: heading and evidence. The test that made one is its method.

# $size is a difference without its sign, $margin a declared margin.
verdict-better = Better by { $size }
verdict-better-unshown = Better by { $size }, not shown to matter (at least { $margin })
verdict-better-past = Better by more than { $margin }
verdict-worse = Worse by { $size }
verdict-worse-past = Worse by more than { $margin }
verdict-equivalent = Practically equivalent, within ±{ $margin }
verdict-not-worse = Not worse by { $margin } or more
verdict-different = Different by { $size }; which is better is not known
verdict-undecided = Not decided
verdict-unclear = No clear difference
# $a and $b are the means; $level is a percentage.
verdict-evidence = { $metric } { $a } → { $b }. Between { $low } and { $high } with { $level } confidence.
verdict-evidence-pairs = { $metric } { $a } → { $b }. Between { $low } and { $high } with { $level } confidence; better in { $won } of { $n } pairs by { $by }.
# What is drawn, in words; $delta, $low and $high carry their signs.
verdict-strip = { $delta }, interval { $low } to { $high }
verdict-zero = no difference
verdict-succeeded = Among the runs that succeeded:
verdict-title = { $b } vs. { $a }: { $metric }
verdict-title-succeeded = { $b } vs. { $a }: { $metric } of the runs that succeeded
# A headline; the first word is never a name.
verdict-beats = Group { $b } beats { $a } by { $size }.
verdict-loses = Group { $b } is worse than { $a } by { $size }.
verdict-claim = { $claim }.
verdict-claim-group = Group { $claim }.

verdict-claim-groups = Groups { $claim }.
verdict-doubted = Whether { $b } and { $a } differ is not decided.
verdict-no-direction = Which is better is not known: { $metric } has no direction.
verdict-better-open = That it is better is not shown.

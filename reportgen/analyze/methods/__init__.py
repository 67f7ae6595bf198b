"""The statistical methods behind "is it really better?", one module per question.

| question | module |
|---|---|
| what numbers are accepted, their mean and spread, the outcomes all answers share | ``samples`` |
| a value with its interval, Student's t, Welch, pairs, relative lifts | ``estimates`` |
| the interval of a mean, inside the bounds of its metric | ``means`` |
| how large a difference is, without a unit | ``effect_sizes`` |
| what difference is found with so many runs, and how many it needs | ``power`` |
| many tests at once | ``multiple`` |
| reproducible randomness | ``randomness`` |
| two groups or pairs by ranks; k groups over datasets | ``ranks`` |
| permutation tests, the bootstrap | ``resampling`` |
| cross-validation folds | ``folds`` |
| several groups on one metric | ``groups``, with ``largest`` for Dunnett's and Tukey's critical values |
| one score over many tasks | ``aggregate`` |
| a sweep: trade-offs, outliers, failures | ``sweeps`` |
| the expected best of k runs | ``budgets`` |
| which parameters matter | ``importance``, with ``columns`` for the parameters as text |
| pass rates | ``proportions`` |
| not worse, or the same within a margin; confident gates | ``equivalence`` |
| repeated looks at one comparison | ``sequential`` |
| week after week | ``level_shift`` |
| numbers of a whole training curve | ``curves`` |
| latency and cost | ``quantiles`` |

Answers are frozen values with an ``outcome``: what the data forbid is said there, and a number
that would mislead is ``None``. Nothing here knows of runs or reports. ``docs/statistics.md`` says when each method is used,
what it refuses and how often its intervals hold.
"""

"""The statistical methods behind "is it really better?", one module per question.

| question | module |
|---|---|
| what numbers are accepted, and the words all answers share | ``samples`` |
| an estimate, its standard error, what Student's t makes of it | ``contrasts`` |
| many tests at once | ``multiple`` |
| two groups or pairs by ranks; k groups over datasets | ``ranks`` |
| permutation tests, the bootstrap, reproducible randomness | ``resampling`` |
| cross-validation folds | ``folds`` |
| several groups on one metric | ``groups`` |
| one score over many tasks | ``aggregate`` |
| a sweep: budgets, trade-offs, outliers, failures, noise | ``sweeps`` |
| which parameters matter | ``importance``, with ``columns`` for the parameters as text |
| pass rates | ``proportions`` |
| not worse, or the same within a margin; confident gates | ``equivalence`` |
| repeated looks at one comparison | ``sequential`` |
| week after week | ``trend`` |
| numbers of a whole training curve | ``curves`` |
| latency and cost | ``quantiles`` |

``reportgen.analyze.statistics`` has the formulas that every comparison needs (t intervals, Hedges' g, Cliff's delta, Holm,
Wilson); these modules use them. Answers are frozen values with an ``outcome``: what the data forbid is said there, and a number
that would mislead is ``None``. Nothing here knows of runs or reports. ``docs/statistics.md`` says when each method is used,
what it refuses and how often its intervals hold.
"""

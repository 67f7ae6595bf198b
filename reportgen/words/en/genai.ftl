### Evaluations of GenAI applications: rows, scorers, and two of them against each other.

## Page 1

genai-decision-title = Decision
genai-decision-question = Is one variant better than the baseline on the same rows, by how much, and how sure is that?
# $after and $before name the variants.
genai-verdict-title = { $after } vs. { $before }, on { $n ->
    [one] { $n } shared row
   *[other] { $n } shared rows
}
# $scorers is a list of the changes below.
genai-worse = { $after } is worse: { $scorers }.
# $others: how many scorers are worse that were not named to decide.
genai-better = { $others ->
    [0] { $after } is better: { $scorers }. No scorer is shown to be worse.
   *[other] { $after } is better: { $scorers }.
}
# Scorers that were not named to decide.
genai-worse-beside = Worse, but not named to decide: { $scorers }.
genai-mixed = { $after } is worse in one way and better in another. Worse: { $worse }. Better: { $better }.
genai-unclear = { $n ->
    [one] The only scorer shows no change
   *[other] No scorer of { $n } shows a change
} beyond chance.
genai-unclear-largest = Closest to one: { $change }.
genai-equivalent = { $after } and { $before } are practically equivalent: every change is smaller than the margin.
genai-not-worse = { $after } is not worse than { $before } by the margin or more, in any scorer.
genai-too-few = Too few rows to decide: { $n ->
    [0] the two evaluations share no scored row
    [one] the two evaluations share { $n } scored row
   *[other] the two evaluations share { $n } scored rows
}, and fewer than { $least } show nothing.
genai-no-scorer = Nothing can be compared: no scorer judged both evaluations.
genai-no-rows = Nothing can be compared: no row of { $after } is a row of { $before }.
genai-no-direction = No scorer of both evaluations has a direction that is known, so none is better or worse. Set metrics: {"{"}{ $scorer }/mean: {"{"}goal: maximize{"}"}{"}"} or minimize in the config.
# $values is "72.5 % → 87.5 %", $change "+15.0 pp".
genai-change = { $scorer } { $values } ({ $change })
genai-change-rows = { $scorer } { $values } ({ $change }; { $won } rows better, { $lost } worse)
genai-headline-unclear = No clear difference. { $sentence }
genai-headline-several = Against { $before }: { $parts }.
genai-headline-part = { $after } { $outcome }

genai-rule = Each scorer is compared on the rows that both evaluations have. Tests are adjusted for { $n ->
    [one] { $n } scorer
   *[other] { $n } scorers
} (Holm).
genai-rule-decisive = Decided by { $scorers }, as asked; the other scorers are shown. Tests are adjusted for { $n ->
    [one] { $n } scorer
   *[other] { $n } scorers
} (Holm).

## Caveats of a verdict

genai-alone = { $scorer } alone would be clear of chance; among { $n } scorers it is not.
genai-needed = About { $needed } rows would show a change of { $change } in { $scorer }; there are { $n }.
genai-detectable = { $n } rows show a change of { $change } or more in { $scorer } with 80 % probability.
genai-margin-not-excluded = A loss of the margin or more is not excluded in { $scorers }.
genai-caveat-dataset = The data set changed between the two evaluations ({ $before } → { $after }); only the rows in both are compared.
genai-caveat-expectations = { $n ->
    [one] { $n } row has another expected answer
   *[other] { $n } rows have other expected answers
} in the second evaluation: their scores are not like for like.
genai-caveat-scorers = The scorers were defined differently in the two evaluations ({ $before } → { $after }).
genai-caveat-judges = The judge changed: { $before } → { $after }.
genai-caveat-failed = The application failed on { $n ->
    [one] { $n } row of { $side }
   *[other] { $n } rows of { $side }
} (row { $rows }): such a row counts as not passed.
genai-caveat-errors = { $scorer } failed itself on { $n ->
    [one] { $n } row
   *[other] { $n } rows
} of { $side } and says nothing there.
genai-caveat-unpaired = { $before } { $before ->
    [one] row is
   *[other] rows are
} only in { $first } and { $after } only in { $second }; they are not compared.
genai-caveat-unfinished = A run of { $side } did not finish; what it had stored is compared.
genai-caveat-sides = Only one evaluation has { $scorers }.

## Scorers

genai-scorers-title = Scorers, regressions first
genai-column-scorer = Scorer
genai-column-change = Change [95 % interval]
genai-column-rows = Rows better / worse / same
genai-column-p = p (Holm)
genai-column-verdict = Verdict
genai-column-n = Rows compared
# In a table cell; $reason says why there is no verdict.
genai-outcome = { $outcome ->
    [better] ▲ better
    [worse] ▼ worse
    [equivalent] practically equivalent
    [not_worse] not worse by the margin
    [different] different, direction unknown
    [unclear] no clear difference
   *[other] too few rows
}
genai-reason = { $reason ->
    [no_pairs] no shared row
    [few_pairs] too few rows
    [few_clusters] too few conversations
    [all_equal] no row changed
    [constant] all rows changed alike
    [one_side] only in one
   *[other] category
}
genai-people = { $scorer } (people)
genai-note-won = Better and worse are the direction of the scorer; without one, higher and lower.
genai-interval = { $value } [{ $low }, { $high }]

## Rows that changed

genai-flips-title = Rows that got worse
genai-flips-none = No row that passed in { $before } fails in { $after }.
genai-column-row = Row
genai-column-worse = Got worse
genai-column-better = Got better
genai-column-tags = Tags
genai-texts-title = What was asked and answered in these rows
genai-texts-note = Credentials are masked and long texts are cut: open the trace in MLflow for the whole.
genai-column-question = Asked
genai-column-answer = Answer of { $side }
genai-column-rationale = Scorer's reason
genai-column-trace = Trace in { $side }
genai-flips-note = A row is one set of inputs, numbered in the order of the first evaluation. Texts stay in MLflow: open the trace there.
genai-flip = { $scorer } { $before } → { $after }
genai-pass = pass
genai-fail = fail

## Like for like

# $same and $differs are lists of the parts below.
genai-alike-brief = Like for like: { $same }. Changed: { $differs }.
genai-alike-brief-same = Like for like: { $same }. Nothing that is recorded changed.
genai-alike-unknown = Not recorded: { $unknown }.
genai-alike-same = { $aspect ->
    [rows] the same { $n } rows
    [dataset] same data set
    [expectations] same expected answers
    [scorers] same scorers
    [judges] same judge
    [prompts] same prompt version
   *[application] same application code
}
genai-alike-part = { $aspect ->
    [rows] rows
    [dataset] data set
    [expectations] expected answers
    [scorers] scorers
    [judges] judge
    [prompts] prompt version
   *[application] application
}
genai-alike-differs = { $aspect ->
    [rows] rows
    [dataset] data set
    [expectations] expected answers
    [scorers] scorers
    [judges] judge
    [prompts] prompt
   *[application] application
} ({ $change })
genai-alike-nothing = nothing is known to be the same
genai-alike-title = Like for like
genai-column-what = What
genai-column-state = Between the two
genai-column-proves = What that shows
genai-aspect = { $aspect ->
    [rows] Rows
    [dataset] Data set
    [expectations] Expected answers
    [scorers] Scorers' definitions
    [judges] Judge
    [prompts] Prompt version
   *[application] Application
}
genai-state-same = same ({ $what })
genai-state-same-plain = same
genai-state-differs = { $before } → { $after }
genai-state-unknown = not recorded
genai-state-rows = { $n } of { $of } rows in both
genai-state-expectations = { $n } of { $of } rows differ
genai-proves = { $aspect ->
    [rows] Rows are the same when their inputs are the same, empty keyword arguments left out.
    [dataset] Equal digests: the same records. Unequal ones may still share rows.
    [expectations] The golden answers that each run stored, row by row.
    [scorers] Equal digests: the same scorer code and judge prompts.
    [judges] The name of the judge only: a provider may change the model behind it.
    [prompts] The registered version that the run loaded.
   *[application] The source of the called function only: closures and what it imports may differ under equal digests.
}
genai-proves-partial = The digest covers { $hashed } of { $total } scorers.

## Time, tokens and cost

genai-spend-title = Time, tokens and cost on the same rows
genai-column-measure = Measure
genai-column-ratio = Ratio [95 % interval]
genai-spend = { $what ->
    [seconds] Latency
    [tokens] Tokens
   *[cost] Cost, US$
}
genai-spend-note = Ratio of geometric means over { $n } paired rows; failed answers are left out.
genai-spend-caveat = { $what ->
    [seconds] Latency
    [tokens] Tokens
   *[cost] Cost
} per row: { $ratio }.
genai-ratio = × { $ratio }
genai-ratio-interval = × { $ratio } [{ $low }, { $high }]

## Trust checks

genai-trust-title = Trust checks
genai-trust-question = Were both evaluations made alike, and was every row scored?
genai-prompt-title = Prompt { $name }: version { $before } → { $after }
genai-column-sign = Change
genai-column-line = Line
genai-coverage-title = Rows and scores
genai-coverage-note = A request that failed counts as not passed, and gives no score on a scale. What a person overrode is replaced by their word.
genai-column-side = Evaluation
genai-column-of-rows = Rows
genai-column-scored = Scored
genai-column-errors = Scorer failed
genai-column-failed = Request failed
genai-column-overrides = Overridden by people
genai-column-own-mean = Mean [95 % interval]
genai-stale-title = Logged means of { $side } that are out of date
genai-stale-note = The run logged its means once. What was overridden, deleted or evaluated again since is in the assessments only, which this memo counts.
genai-column-logged = Logged
genai-column-today = From today's assessments

## Appendix

genai-appendix-title = Appendix
genai-appendix-question = Which tests were made, how, and on which runs?
genai-tests-title = Tests of { $after } vs. { $before }
genai-logged-title = MLflow's own comparison of { $after } with { $before }, as it was logged
genai-logged-note = MLflow adjusts for no number of scorers, takes every scorer as higher-is-better, and its interval (a bootstrap) is none of its test (exact McNemar or Wilcoxon).
genai-column-logged-change = MLflow: change
genai-column-logged-n = MLflow: rows
genai-column-logged-p = MLflow: p
genai-column-here-change = Here: change
genai-column-why = Why they differ
genai-logged-why = { $why ->
    [same] same rows and change
    [shared] both runs share traces: on a database MLflow mixes their feedback
    [absent] the scorer did not judge both runs
    [rows] MLflow leaves out rows that repeat, and pairs no others
    [failed] a failed request counts as not passed here
   *[changed] assessments were changed or deleted after it was logged
}
genai-caveat-logged = MLflow's own logged comparison says otherwise on { $scorers }; the appendix says why.
genai-runs-title = Runs
genai-column-method = Method
genai-column-p-own = p
genai-column-p-permuted = p (permutation)
genai-column-detectable = Detectable with 80 %
genai-column-needed = Rows needed
genai-column-run = Run
genai-column-run-id = Run id
genai-column-status = Status
genai-column-answers = Answers
genai-method-name = { $method ->
    [newcombe] McNemar mid-p, Newcombe
    [t] paired t
    [clusters] paired t over conversations
   *[none] —
}
genai-method-newcombe = Pass or fail: McNemar's test with mid-p (Fagerland, Lydersen & Laake 2013) and Newcombe's paired interval (1998, method 10). Nothing is claimed unless both agree. Rows needed: Connor 1987.
genai-method-t = Scores, and rows that were answered several times: Student's t over the differences of rows. The permutation line flips the signs of these differences.
genai-method-clusters = Where conversations hold several rows: the mean of the differences with cluster-robust errors over conversations (Miller 2024).
genai-method-rows = A row's value is the mean over its answers, and an answer's the mean over its feedback of one name. p is adjusted by Holm's procedure over all scorers that are tested.

## Evidence

genai-evidence-title = Evidence
genai-evidence-question = Where did it change most, and how steady are the answers?
genai-slices-title = Where it changed most: slices by tag, worst first
genai-slices-note = p is adjusted for { $n ->
    [one] one test of a slice
   *[other] { $n } tests of slices
}. A small slice moves by chance: look at its rows before you conclude.
genai-slice-worse = Rows with { $slice } got worse: { $change }.
genai-column-slice = Slice
genai-categories-title = Categories that changed
genai-column-shift = Change
genai-column-n-rows = Rows
genai-shift = { $before } → { $after }
genai-trials-title = Rows that were answered several times
genai-trials-note = k is the fewest answers of any row. A flaky row passed some of its answers and not all.
genai-column-tries = Answers per row (k)
genai-column-any = Passes at least once in k
genai-column-all = Passes all k
genai-column-flaky = Flaky rows

## Gates

# The name of a gate; $side is least or most, $what is latest, pass_all or group.
genai-gate-bound = { $scorer } at { $side } { $bound } ({ $what ->
    [pass_all] rows that passed every time
    [group] { $group }
   *[latest] latest evaluation
}{ $mode ->
    [confident] , with confidence
   *[point] {""}
})
genai-gate-criterion-name = { $metric } { $side ->
    [least] ≥
   *[most] ≤
} { $bound }, stored with the run
genai-gate-against = { $scorer } not worse than { $baseline }
genai-gate-previous = the previous evaluation
genai-gate-alias = the evaluation of prompt alias { $alias }
genai-gate-tag = the evaluation tagged { $tag }
genai-gate-branch = the latest evaluation on { $branch }
genai-gate-no-evaluations = no GenAI evaluation was read, so { $scorer } cannot be judged.
genai-gate-no-scorer = no evaluation has the scorer { $scorer }; there are { $known }.
genai-gate-not-a-score = { $scorer } gives no number that can be held against a bound.
genai-gate-coverage = { $scorer } scored { $scored } of { $rows } rows ({ $errors } ended with an error); the gate asks for { $needed }.
genai-gate-value = { $scorer }{ $what ->
    [pass_all] {" "}passed every time on
   *[other] {" "}is
} { $value } of { $n ->
    [one] { $n } row
   *[other] { $n } rows
}; the bound is at { $side } { $bound }.
genai-gate-confident = With 95 % confidence it is at { $side } { $limit }.
genai-gate-errors = The scorer failed on { $n ->
    [one] { $n } row
   *[other] { $n } rows
}.
genai-gate-failed = { $n ->
    [one] { $n } request failed and counts
   *[other] { $n } requests failed and count
} as not passed.
genai-gate-overrides = { $n ->
    [one] { $n } score is
   *[other] { $n } scores are
} a person's word.
genai-gate-criterion = the run logged { $metric } = { $value }; its own bound is at { $side } { $bound }.
genai-gate-criterion-missing = the run has no { $metric }, which its own quality criterion asks for.
genai-gate-first = there is no earlier evaluation with { $scorer } among the runs that were read; the next one is held against this.
genai-gate-no-baseline = { $baseline } is not among the runs that were read, or has no { $scorer }.
genai-gate-no-rows = { $scorer } shares no scored row with { $baseline }.
genai-gate-change = { $scorer } went from { $before } to { $after } on { $n ->
    [one] { $n } row
   *[other] { $n } rows
} that { $baseline } has as well.
genai-gate-margin = { $held ->
    [yes] A loss of { $margin } or more is excluded.
   *[no] A loss of { $margin } or more is not excluded.
}
genai-gate-shown = { $outcome ->
    [worse] It is worse beyond chance.
    [better] It is better beyond chance.
    [too_few] These are too few rows to tell.
   *[other] It is not shown to be worse.
}
# A scorer's outcome in a test report; $change has its name.
genai-part = { $change }: { $outcome }.
genai-gate-rows = { $n ->
    [one] Row { $rows } got worse.
   *[other] Rows { $rows } got worse.
}

## Evaluations of a report

genai-overview-title = GenAI evaluations
genai-overview-question = What did the latest evaluation find, and what changed since the one before?
genai-overview-lead = { $experiment }: { $n ->
    [one] { $n } evaluation
   *[other] { $n } evaluations
}, the latest is { $latest } on { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
}.
genai-overview-worse = It is worse than { $before } on { $scorers }.
genai-overview-better = It is better than { $before } on { $scorers }.
genai-overview-same = No scorer shows a change beyond chance against { $before }.
genai-overview-scorers = Scores of { $latest }
genai-overview-runs = Evaluations, latest first
genai-overview-prompts = Prompt versions
genai-overview-prompts-note = Scores are of the latest evaluation that loaded the version; data and scorers may differ between them.
genai-column-trend = Over time
genai-column-change-before = Change from the one before [95 % interval]
genai-column-started = Started
genai-column-seconds = Latency per answer
genai-column-cost = Cost per answer, US$
genai-column-prompts = Prompts
genai-column-dataset = Data set
genai-column-prompt = Prompt
genai-column-aliases = Aliases
genai-column-used-by = Evaluations
genai-trend = { $n } evaluations, from { $first } to { $last }
genai-column-picture = Interval

## People and judges

genai-people-title = Agreement of people and scorers
genai-people-note = On answers that both judged. People override what they disagree with: agreement from overrides alone is lower than over all answers.
genai-column-both = Answers judged by both
genai-column-same = Same verdict
genai-column-agreement = Beyond chance [95 % interval]
genai-coefficient = { $method ->
    [alpha] Krippendorff's alpha
   *[kappa] Cohen's kappa
}

## Three variants or more

genai-front-title = Quality and what it takes
genai-column-variant = Variant
genai-front-spent = { $what ->
    [cost] Cost per answer, US$
   *[seconds] Latency per answer
}
genai-column-front = Beaten by none in both
genai-front-yes = ✓
genai-front-note = By the means, which have their own noise: look at the changes below before you drop a variant.

genai-outcome-2 = { $outcome ->
    [better] better
    [worse] worse
    [unclear] no clear difference
    [equivalent] practically equivalent
    [not_worse] not worse by the margin
    [too_few] too few runs
    [different] different, direction unknown
   *[incomparable] not comparable
}

### The explorer of report.html. Its script has these messages as data, and puts the values in itself (web/words.js): what a message chooses by is a value.

explorer-title = Explore the runs
explorer-failed = This browser cannot unpack the data of the explorer. The report is complete without it.
explorer-explorer-page-could-made = The explorer of the page could not be made ({ $name }: { $error }).
explorer-please-report-bug = please report this as a bug

# Above a table or a figure of the report, while the filter leaves runs out. $n of $of rows about runs stay.
explorer-followed = { $n ->
    [0] None of { $of } runs is left by the filter of “Explore the runs”; what the report says is about all runs.
   *[other] { $n } of { $of } runs shown; what the report says is about all runs.
}
# In a tile of the report, while the filter leaves runs out.
explorer-best-shown = Of the runs shown: { $value }, { $run }
explorer-best-none = No run shown has a value.

# --- Controls above curves and table
explorer-help = Words, or MLflow's filter: params.lr <= 0.001 AND metrics.loss < 0.2
# $clause is a filter that works here: "params.seed <= 5".
explorer-placeholder = Filter runs: words, or { $clause }
explorer-filter-label = Filter runs. { $help }
explorer-groups = Groups
explorer-group-by = group by
explorer-by-report-choice = report's choice
explorer-by-nothing = nothing
explorer-by-compared = compared groups
explorer-log-y-title = Logarithmic y
explorer-log-y = log y
explorer-log-x-title = Logarithmic x
explorer-log-x = log x
explorer-smoothing-title = Smoothing; the raw line stays
explorer-groups-as = groups as
explorer-reset-zoom = Reset zoom
explorer-clear-picks = Clear picks
explorer-cells = cells
explorer-cells-bar = bars
explorer-cells-heat = shades
explorer-reset = Reset
explorer-copy-view = Copy view
explorer-view-text = This view, as text: paste it into the filter field of the report.
explorer-view-title = A short text: pasted into the filter field it brings this view back
explorer-columns-open = Columns…
explorer-copy-tsv = Copy as TSV
explorer-copy-markdown = Copy as Markdown
explorer-download-csv = Download CSV
explorer-copied-table = Table
explorer-copy-mlflow = Copy for MLflow
explorer-copied-filter = Filter
explorer-lead = Filter, group and pick runs: curves, tables, figures and counts follow. What the report found is about all runs.
explorer-rounded = Curves are rounded to 1/4,000 of their own range; the table is exact.
explorer-keys = Double-click a cell to add its value to the filter. Keys: / filter, arrows rows or points, space pick, Enter open, c compare.
explorer-smoothing = smoothing
explorer-smoothing-off = off
explorer-band-median = strong: median of a group, band: interquartile range
explorer-band-mean = strong: mean of a group, band: ± 1 standard deviation between runs
explorer-mean = mean
explorer-median = median
explorer-cells-plain = plain
explorer-x = x
explorer-step = step
explorer-wall = wall time
explorer-relative = relative time
explorer-compare-picked = Compare { $n } picked
explorer-kind-of = { $kind ->
    [param] param
    [tag] tag
    [metric] metric
   *[attribute] attribute
}: { $label }
explorer-left-out = { $n ->
    [one] { $n } older run is
   *[other] { $n } older runs are
} not in this page.
explorer-stretches = { $points } points in up to { $stretches } stretches a curve: lowest, mean and highest of each. Smoothing and group means use the means.
explorer-values-left-out = Not in this page: { $names }; data/ has every value.
explorer-separator = { ", " }
explorer-all-shown = all { $n ->
    [one] { $n } run
   *[other] { $n } runs
} shown
explorer-some-shown = { $n } of { $of ->
    [one] { $of } run
   *[other] { $of } runs
} shown

# --- The explorer as a whole
explorer-more-metrics = Show { $n ->
    [one] { $n } more metric
   *[other] { $n } more metrics
}
explorer-curves = Curves
explorer-no-curves = No run logged a metric more than once, so there are no curves.
explorer-runs = Runs
explorer-run = Run
explorer-view-restored = View restored.
explorer-view-other = This view is of another report: its filter, axes and columns are used, its picked runs are not.
explorer-close = Close
explorer-picked = Picked ✓
explorer-pick = Pick to compare
explorer-about-all = about all { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
explorer-curve-of = { $metric } curve
explorer-picked-said = { $is ->
    [on] { $run } picked
   *[off] { $run } no longer picked
}, { $n ->
    [one] { $n } run
   *[other] { $n } runs
} in total
explorer-side-by-side = { $n } runs side by side
explorer-copied = { $what } copied.

# --- Table and panels
explorer-runs-scroll = Runs, a table that scrolls
explorer-no-run = No run is left by the filter.
explorer-pick-run = Pick { $run }
explorer-panel-menu = { $metric }: points, copy, download
explorer-higher = higher is better
explorer-lower = lower is better
explorer-panel-keys = { $metric }: arrow keys move along a run and between runs, Enter picks it
explorer-at = at
explorer-after = after
explorer-range = { $low } to { $high }
explorer-n-runs = { $n ->
    [one] { $n } run
   *[other] { $n } runs
}
explorer-no-finite = no finite value
explorer-no-point = no point to draw here
explorer-best = best
explorer-density = { $n } runs as density
explorer-beyond = { $n ->
    [one] { $n } point
   *[other] { $n } points
} beyond the axis
explorer-broken = { $n ->
    [one] { $n } point
   *[other] { $n } points
} NaN or infinite (×)
explorer-panel-alt = { $metric }, { $n ->
    [one] { $n } run
   *[other] { $n } runs
}, { $low } to { $high }. { $summary }

# --- Dialogs
explorer-copy-this = Copy this text
explorer-download-png = Download PNG
explorer-show-png = Show PNG
explorer-copy-csv = Copy CSV
explorer-copy-svg = Copy SVG
explorer-download-svg = Download SVG
explorer-copied-picture = Picture
explorer-points = Points
explorer-find-column = Find a column
explorer-pinned-title = How many columns stay in sight
explorer-columns = Columns
explorer-pinned = pinned
explorer-as-at-first = As at first
explorer-panel-picture = { $metric }: picture of the panel
explorer-points-of = Points of { $metric }
explorer-points-first = { $n ->
    [one] { $n } point
   *[other] { $n } points
} of { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
}; the first { $first } here, all in the copy.
explorer-points-all = { $n ->
    [one] { $n } point
   *[other] { $n } points
} of { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
}.
explorer-move-up = Move { $column } up
explorer-move-down = Move { $column } down
explorer-leave-out = Leave out { $column }
explorer-more-columns = and { $n } more: type to find them

# --- The drawer of a run, and runs side by side
explorer-not-finite = not finite from step { $step } on
explorer-run-id = Run id
explorer-duration = Duration
explorer-parent = Parent
explorer-note = Note
explorer-metrics = Metrics
explorer-parameters = Parameters
explorer-datasets = Data sets
explorer-models = Models
explorer-files = Files
explorer-tags = Tags
explorer-open-mlflow = Open in MLflow ↗
explorer-differs = Differs
explorer-comparison-scrolls = Comparison, scrolls
explorer-and-more = and { $n } more
explorer-in-mlflow = In MLflow:
explorer-reference = reference
explorer-shared-hidden = { $n ->
    [one] { $n } shared value
   *[other] { $n } shared values
} hidden.
explorer-first-picked = The first { $n } of { $of } picked runs.
explorer-better = better
explorer-worse = worse

# A number with its unit. Two stand beside each other in a duration: "1 h 5 min".
explorer-quantity = { $unit ->
    [percent] { $value } %
    [points] { $value } pp
    [ms] { $value } ms
    [s] { $value } s
    [min] { $value } min
    [h] { $value } h
    [d] { $value } d
    [B] { $value } B
    [kB] { $value } kB
    [MB] { $value } MB
    [GB] { $value } GB
   *[TB] { $value } TB
}

# --- Columns of attributes
explorer-status = Status
explorer-started = Started
explorer-experiment = Experiment
explorer-experiment-id = Experiment id
explorer-user = User
explorer-source = Source
explorer-rank = Rank
explorer-rank-note = of all, by { $metric }
explorer-rule = { $rule ->
    [best] best
    [min] min
    [max] max
   *[last] last
}
explorer-others = others
explorer-no-groups = runs

# --- What the filter says. Names and values stand as they were typed.
explorer-filter-unread = “{ $text }” cannot be read: is a quote missing?
explorer-filter-entity = “{ $text }” is none of metrics, params, tags, attributes, dataset.
explorer-filter-ends = The filter ends where { $what ->
    [name] a name such as params.lr
    [comparison] a comparison
    [and] AND
    [null] NULL
    [in] IN
    [list] a list in brackets
    [text] a text in quotes
   *[value] a value
} is expected.
explorer-filter-and = “{ $text }” stands where AND is expected; MLflow has neither OR nor brackets.
explorer-filter-is-not = After IS NOT comes NULL.
explorer-filter-list = After { $op } comes a list: ('a', 'b').
explorer-filter-list-quotes = “{ $text }” in a list needs quotes.
explorer-filter-commas = Items of a list are separated by commas.
explorer-filter-comparison = “{ $op }” is no comparison; there are = != < <= > >= LIKE ILIKE IN IS NULL.
explorer-filter-value = “{ $text }” is no value.
explorer-filter-dataset = A dataset has name, digest and context, no “{ $key }”.
explorer-filter-dataset-quotes = dataset.{ $key } needs a text in quotes.
explorer-filter-attribute = There is no attribute “{ $key }”: run_id, run_name, status, start_time, end_time, user_id. Params and metrics need their prefix.
explorer-filter-not-here = { $key } is not in this page.
explorer-filter-quotes = { $key } needs a text in quotes: { $key } { $op } '{ $value }'.
explorer-filter-not-by = { $key } cannot be compared with { $op }.
explorer-filter-missing = No run here has { $what }. There are { $names }.
explorer-filter-none = No run here has { $what }.
explorer-filter-too-much = The values of { $entity }s.{ $key } fill too much of a page; they are in data/.
explorer-filter-number-or-text = { $entity }s.{ $key } { $op } { $value }: a number, or a text in quotes.
explorer-filter-op-quotes = { $op } needs a text in quotes.
explorer-filter-text-op = A text cannot be compared with { $op }.
explorer-filter-metric-op = A metric cannot be compared with { $op }.
explorer-filter-metric-number = metrics.{ $key } { $op } needs a number without quotes.
explorer-filter-time = { $key } is compared with a number: milliseconds since 1970.
explorer-filter-mlflow = MLflow's filter language
explorer-filter-beyond = More than MLflow has: { $what }
explorer-filter-op-for = { $op } for { $key }
explorer-filter-op-for-kind = { $op } for { $entity }s
explorer-filter-numbers-for = numbers for { $entity }s
explorer-filter-words-name = words in the name
explorer-filter-words-other = words in params, tags and attributes

### Section "Artifacts": files of runs that the config asks for, and what MLflow's evaluation of a model wrote.

gallery-title = Artifacts
gallery-question = What did the runs draw and write?
gallery-none-title = No artifacts
# $patterns is a list of globs.
gallery-none = No artifact that matches { $patterns } could be shown. The problems name what was refused.
gallery-none-todo = check artifacts.include in the config

## Which runs they are of

# $size is a size in words.
gallery-lead = { $n ->
    [one] { $n } artifact
   *[other] { $n } artifacts
} of { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
} ({ $size }).
gallery-of-best = They are of the best run by { $metric }, { $run }.
gallery-of-next = The best run by { $metric }, { $best }, has none that can be shown. They are of { $run }, rank { $rank } of { $n }: the best run that has some.
gallery-of-unranked = No run that is ranked by { $metric } has any that can be shown. They are of { $run }, the newest run that has some.
gallery-of-newest = No run is called best here. They are of { $run }, the newest run that has some.
gallery-of-some = They are of the best runs by { $metric } that have some, at most { $most }.
gallery-of-some-newest = No run is called best here. They are of the newest runs that have some, at most { $most }.

## Pictures, pages, tables and text

# $path is the path of the artifact, $run the name of its run.
gallery-where = { $path } of run { $run }
gallery-where-on-data = { $path } of run { $run }, data set { $data }
gallery-picture = Picture { $where }
# $what is a slug of the code.
gallery-evaluated = { $what ->
    [confusion] Confusion matrix
    [roc] ROC curve
    [precision-recall] Precision-recall curve
    [lift] Lift curve
    [calibration] Calibration curve
    [shap] SHAP values
    [classes] Metrics of each class
    [rows] Evaluation row by row
   *[judges] Metrics of judges
}
gallery-evaluated-file = { $what } ({ $path })
gallery-pictures-note = Decoded and drawn anew; larger ones are scaled down.
gallery-pages = Pages (HTML)
gallery-pages-note = A page is not opened, since it can hold programs. { $linked ->
    [yes] The link leads to it in MLflow.
   *[no] Open it in MLflow.
}
gallery-column-path = File
gallery-column-size = Size
gallery-column-run = Run
gallery-damaged = Its content in the snapshot is damaged.
gallery-columns-left = { $n ->
    [one] { $n } further column is not shown.
   *[other] { $n } further columns are not shown.
}
gallery-lines-shown = { $where }, first { $shown } of { $n } lines

## What MLflow's evaluation wrote

# A file with the name of such an artifact and other content. $reason is a slug of the code.
# The title of a chart, where several runs have one.
gallery-title-of-run = { $title }, run { $run }
gallery-unusable-title = { $path } is not redrawn
gallery-unusable = { $reason ->
    [columns] It does not have the columns that MLflow writes.
    [numbers] It has numbers that no evaluation gives.
   *[empty] It has no rows.
}

gallery-confusion = Confusion matrix: { $right } right
gallery-confusion-alt = { $n } rows of run { $run }: { $right } are in their own class. { $worst }
gallery-confusion-worst = The most frequent error: { $true } taken for { $taken }, { $n ->
    [one] { $n } row
   *[other] { $n } rows
}.
gallery-confusion-no-error = No row is in another class.
gallery-confusion-counted = Counted from the columns { $true } and { $taken } of { $path }.
gallery-confusion-logged = From the run's metrics true_negatives, false_positives, false_negatives and true_positives, in place of the picture { $path }.
gallery-confusion-shares = Color and number: share of the rows of a true class. The table has the counts.
gallery-confusion-true = True class
gallery-confusion-taken = Predicted class
gallery-confusion-share = Share of the true class
gallery-confusion-n = Rows
gallery-confusion-row = { $label } (n = { $n })
gallery-negative = negative
gallery-positive = positive

gallery-classes = Precision and recall of each class
gallery-classes-alt = { $n } classes of run { $run }. Lowest recall: { $low }. Highest recall: { $high }.
gallery-classes-value = class { $name } with { $value }
gallery-classes-drawn = { $shown } of { $n } classes drawn, those with the lowest F1. The table has more.
gallery-classes-interval = Whiskers: Wilson's 95 % interval over rows, each class against the rest. From { $path }.
gallery-classes-weighted = No intervals: the rows have weights. Each class against the rest. From { $path }.
gallery-class = Class
gallery-class-n = Rows
gallery-precision = Precision
gallery-recall = Recall
gallery-f1 = F1
gallery-roc-auc = ROC AUC
gallery-pr-auc = PR AUC
gallery-share-axis = Precision, recall

gallery-scores = Scores over { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
gallery-scores-read = The first { $read } of { $n } rows are counted. From { $path }.
gallery-scores-note = From { $path }.
gallery-score = Score
gallery-score-n = Rows
gallery-score-missing = Without
gallery-score-mean = Mean
gallery-score-median = Median
gallery-score-low = Lowest
gallery-score-high = Highest
gallery-score-title = Distribution of { $name }
gallery-score-alt = { $n } rows of run { $run }: { $name } from { $low } to { $high }, median { $median }.
gallery-score-around = Middle of the bin
gallery-score-value = Value
gallery-score-left = { $n ->
    [one] { $n } further score is not drawn; the table has it.
   *[other] { $n } further scores are not drawn; the table has them.
}
gallery-points = { $output } vs. { $target }
gallery-points-alt = { $n } rows of run { $run }: { $output } against { $target }. On the dashed line both are equal.
gallery-points-equal = equal
gallery-points-thinned = { $shown } of { $n } rows drawn, evenly by { $target }.
gallery-points-note = From { $path }.

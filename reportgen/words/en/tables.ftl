### Notes under a table that was made small enough to be read.

# $values: columns that are the same in each of the $n rows, each by tables-same-one.
tables-same = Same in all { $n } rows: { $values }.
tables-same-one = { $name } { $value }
# $names: columns without any value.
tables-empty = No value: { $names }.
# $path: the data file of the table.
tables-shortened = Long values are shortened; whole in { $path }.
# $names: columns that are not printed.
tables-left-to-data = Not on paper: { $names }; in { $path }.
tables-rows = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
# The numbers behind a chart: the first $n of $rows.
tables-first-rows = The first { $n } of { $rows } rows; { $path } has all.
tables-rows-shown = { $shown } of { $n ->
    [one] { $n } row
   *[other] { $n } rows
} shown.
tables-long-values = { $n ->
    [one] { $n } long value
   *[other] { $n } long values
} shortened here; whole in { $path }.
tables-more-attached = { $n ->
    [one] { $n } more row
   *[other] { $n } more rows
} in { $path }, attached to this document.
tables-more-not-shown = { $n ->
    [one] { $n } more row
   *[other] { $n } more rows
} not shown on paper.
# A table that paper is too narrow for comes in parts.
tables-part = part { $n } of { $parts }
# What a screen reader calls a table without a title.
tables-unnamed = Table

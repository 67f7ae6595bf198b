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

### Lists inside a sentence.

list-separator = {", "}
# The last of several items.
list-last = { $items } and { $last }
# $items are the first ones; $n is how many are not named.
list-more = { $items } and { $n } more
list-none = none

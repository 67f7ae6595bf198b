### Lists inside a sentence.

list-separator = {", "}
# The last of several items.
list-last = { $items } and { $last }
# $items are the first ones; $n is how many are not named.
list-more = { $items } and { $n } more
list-none = none
# Between two whole sentences, and between two clauses of one.
list-sentence-separator = {" "}
list-clause-separator = {"; "}
# A clause that stands alone; it begins with a capital letter.
list-sentence = { $clause }.
# What a text is about, and the text.
list-named = { $name }: { $text }
# Parts of one clause.
list-comma = {", "}
list-bracketed = {" "}({ $text })
# A sentence that is complete but for its full stop.
list-stop = { $clause }.

### A text about the report that a language model wrote.

# $model is its name.
narrative-title = Written by a machine: { $model }
narrative-text = { $text } (Every number in this text occurs in the report. Nothing else in it was checked.)

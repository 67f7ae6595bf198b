### Sections that are a person's own function, and what a config's notes look up.

custom-missing = This section is missing
custom-not-run = The config came with a bundle, and code that such a config names is not run.
# $error is what the function raised, with the line.
custom-failed = The function of this section failed: { $error }.
custom-figure = { $title }: a figure of the report's own code; its numbers are in the table behind it.

## Look-ups

# $what is the name or the call that failed, and why.
custom-lookup = A look-up failed: { $what }.
custom-lookup-todo = correct it in the config; docs/custom.md lists what can be looked up
custom-no-best = no run is called best here; name one
custom-no-run = { $n ->
    [0] no run has this name or id
   *[other] { $n } runs have this name; write the id
}
# $near is a name of a metric, or none.
custom-no-metric = { $near ->
    [none] no run logged it
   *[other] no run logged it; did you mean { $near }?
}
custom-not-logged = run { $run } did not log it

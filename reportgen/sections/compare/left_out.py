"""Every run of a group that is not in the primary metric's numbers, by name, and why."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.groups import RunAgain
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import RunKey
from reportgen.formats import one_line
from reportgen.model import Cell, Column, Table
from reportgen.sections.view import View, run_name
from reportgen.words import Say
from reportgen.words.compare.terms import group_name, pair_words
from reportgen.words.quantities import label_of


def left_out_table(view: View, comparison: Comparison, id: str) -> Table | None:
    """Every run of a group that is not in the primary metric's numbers, by name, and why."""
    compared = comparison.metrics[0] if comparison.metrics else None
    metric = view.facts.metrics[compared.metric] if compared else None
    values = {side.label: side for side in compared.groups} if compared else {}
    rows: list[tuple[Cell, ...]] = []
    for group in comparison.groups:
        again = {rerun.failed: rerun for rerun in group.run_again}
        reasons = [(key, _failed_why(view, again.get(key))) for key in group.failed]
        reasons += [(key, view.say("excluded-finished")) for key in group.unfinished]
        reasons += [(key, view.say("excluded-older-identical-re-run")) for key in group.repeated]
        if metric is not None and group.label in values:
            reasons += _unmeasured(metric, group.finished, values[group.label], view.say)
        rows += [(Cell(group_name(group.label)), Cell(view.link(key)), Cell(why)) for key, why in reasons]
    for d in compared.differences if compared else ():
        if d.pairing is not None:
            why = view.say(
                "excluded-partner-against",
                pair=pair_words(d.pairing, view.say),
                group=group_name(d.group),
                baseline=group_name(d.baseline),
            )
            sides = ((d.baseline, d.pairing.left_a), (d.group, d.pairing.left_b))
            rows += [(Cell(group_name(label)), Cell(view.link(key)), Cell(why)) for label, keys in sides for key in keys]
    rows += [(Cell("several"), Cell(view.link(key)), Cell(view.say("excluded-selected-more-group"))) for key in comparison.shared]
    if not rows:
        return None
    columns = (
        Column("group", view.say("excluded-column-group")),
        Column("run", view.say("excluded-column-run"), "run"),
        Column("why", view.say("excluded-column-why-counted")),
    )
    return Table(id, view.say("excluded-runs-counted"), columns, tuple(rows), (), len(rows), paper_rows=12)


def _failed_why(view: View, again: RunAgain | None) -> str:
    """ "failed or killed"; with the run of the same seed that came after it."""
    if again is None:
        return view.say("excluded-failed-killed")
    later = run_name(view.run(again.later))
    return view.say("excluded-failed-killed-seed-run", seed=one_line(again.seed, 30), later=later)


def _unmeasured(metric: Metric, finished: Iterable[RunKey], values: GroupValues, say: Say) -> list[tuple[RunKey, str]]:
    counted, found = {*values.keys, *(key for seed in values.seeds for key in seed.keys)}, []
    for key in finished:
        if key in counted:
            continue
        if key not in metric.values:
            why = say("excluded-no", metric=label_of(metric))
        elif metric.finite(key) is None:
            why = say("excluded-nan-infinite", metric=label_of(metric))
        else:
            why = say("excluded-parent-whose-children-counted") if values.n_parents else say("excluded-inside-counted-parent")
        found.append((key, why))
    return found

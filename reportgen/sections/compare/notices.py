"""Why there is nothing to compare."""

from __future__ import annotations

from reportgen.analyze.compare.comparison import Comparison
from reportgen.formats import listed, one_line
from reportgen.model import Notice
from reportgen.sections.view import View
from reportgen.words.compare.problems import baseline_hint
from reportgen.words.compare.terms import group_name, groups_by


def no_groups(comparison: Comparison) -> Notice:
    """Why nothing is judged: no run is in any group, or none in the baseline."""
    if not comparison.groups:
        verb = "is in" if comparison.by is None else "has"
        text = f"No run {verb} {groups_by(comparison, 80)}, so there are no groups to compare."
        return Notice("warning", "Nothing to compare", text, "check compare.by in the config", "compare-no-groups")
    labels = listed([group_name(group.label) for group in comparison.groups])
    text = (
        f"No run is in the baseline group {group_name(comparison.wanted_baseline or '')}, so nothing is judged. Groups: {labels}."
    )
    todo = baseline_hint(comparison.wanted_baseline or "", [group.label for group in comparison.groups])
    return Notice("warning", "The baseline is missing", text, todo, "compare-no-baseline")


def nothing_measured(view: View) -> Notice:
    names = view.report.compare.metrics if view.report.compare else ()
    told = f" ({listed([one_line(name, 60) for name in names])})" if names else ""
    return Notice("warning", "Nothing to compare", f"None of the compared metrics{told} was logged by any run.")


def one_group(comparison: Comparison) -> Notice:
    label = group_name(comparison.groups[0].label)
    return Notice(
        "warning", "Nothing to compare", f"All runs are in one group, {label}.", "name a second group", "compare-one-group"
    )

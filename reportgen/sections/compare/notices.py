"""Why there is nothing to compare."""

from __future__ import annotations

from reportgen.analyze.compare.comparison import Comparison
from reportgen.formats import one_line
from reportgen.model import Notice
from reportgen.sections.view import View
from reportgen.words import Say
from reportgen.words.compare.problems import baseline_hint
from reportgen.words.compare.terms import group_name, groups_by


def no_groups(comparison: Comparison, say: Say) -> Notice:
    """Why nothing is judged: no run is in any group, or none in the baseline."""
    if not comparison.groups:
        verb = say("notices-is-in") if comparison.by is None else "has"
        text = say("notices-run-groups-compare", verb=verb, groups_by=groups_by(comparison, 80, say))
        return Notice("warning", say("notices-nothing-compare"), text, say("notices-check-compare-config"), "compare-no-groups")
    labels = say.listed([group_name(group.label) for group in comparison.groups])
    text = say("notices-run-baseline-group-nothing", wanted_baseline=group_name(comparison.wanted_baseline or ""), labels=labels)
    todo = baseline_hint(comparison.wanted_baseline or "", [group.label for group in comparison.groups], say)
    return Notice("warning", say("notices-baseline-missing"), text, todo, "compare-no-baseline")


def nothing_measured(view: View) -> Notice:
    names = view.report.compare.metrics if view.report.compare else ()
    told = f" ({view.say.listed([one_line(name, 60) for name in names])})" if names else ""
    return Notice("warning", view.say("notices-nothing-compare"), view.say("notices-none-compared-metrics-logged", told=told))


def one_group(comparison: Comparison, say: Say) -> Notice:
    label = group_name(comparison.groups[0].label)
    return Notice(
        "warning",
        say("notices-nothing-compare"),
        say("notices-all-runs-group", label=label),
        say("notices-name-second-group"),
        "compare-one-group",
    )

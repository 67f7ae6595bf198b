"""May the decision be believed: are the groups alike otherwise, what tells them apart, and which runs were not counted."""

from __future__ import annotations

from reportgen.model import Section
from reportgen.sections.compare.checks import all_checks, checks_method, checks_table, params_block
from reportgen.sections.compare.left_out import left_out_table
from reportgen.sections.genai.trust import evaluation_trust
from reportgen.sections.view import View


def trust_section(view: View) -> Section | None:
    """Left out when fewer than two groups are there."""
    if view.facts.evaluation_comparison is not None:
        return evaluation_trust(view, view.facts.evaluation_comparison)
    comparison = view.facts.comparison
    if comparison is None or comparison.alike is None or len(comparison.groups) < 2:
        return None
    checks = all_checks(view, comparison, comparison.alike)
    left_out = left_out_table(view, comparison, "trust-left-out")
    blocks = (checks_table(checks, view.say), params_block(comparison, view.say), *([left_out] if left_out else []))
    return Section("trust", view.say("trust-title"), blocks, view.say("trust-question"), checks_method(checks, view.say))

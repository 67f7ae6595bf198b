"""May the decision be believed: are the groups alike otherwise, what tells them apart, and which runs were not counted."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.analyze.comparison import ALPHA, Comparison, Difference
from reportgen.analyze.looks import repeated_looks_caveat
from reportgen.analyze.runs import RunKey
from reportgen.formats import listed, one_line, plural
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.comparison import alike_rows, left_out_table
from reportgen.sections.verdicts import group_name, pair_words
from reportgen.sections.view import View, paragraph, run_name, shown_value, strong

MOST_NAMES = 12
MOST_VALUES = 3

TITLE = "Trust checks"
QUESTION = "Are the groups alike in everything but what is compared, and was every run counted?"


def trust_section(view: View) -> Section | None:
    """Left out when fewer than two groups are there."""
    comparison = view.facts.comparison
    if comparison is None or comparison.alike is None or len(comparison.groups) < 2:
        return None
    rows = [*alike_rows(comparison), _pairing_row(view, comparison), _looks_row(view, comparison)]
    kept = tuple(row for row in rows if row is not None)
    look = [str(row[0].value).lower() for row in kept if row[1].tone == "warning"]
    unknown = [str(row[0].value).lower() for row in kept if row[1].value == "not on record"]
    fine = sum(row[1].tone == "good" for row in kept)
    rest = f"{plural(fine, 'check')} found nothing."
    rest += f" Not on record, so not checked: {listed(unknown, 9)}." if unknown else ""
    lead = (
        paragraph(strong(f"To look at: {listed(look, 9)}. "), rest, tone="warning")
        if look
        else paragraph(rest, tone="good" if not unknown else "neutral")
    )
    columns = (Column("check", "Check", width=2), Column("result", "Result"), Column("found", "Found", width=7))
    blocks: list[Block] = [lead, Table("trust-checks", "Like for like", columns, kept), params_table(comparison)]
    left_out = left_out_table(view, comparison, "trust-left-out")
    if left_out is not None:
        blocks.append(left_out)
    return Section("trust", TITLE, tuple(blocks), QUESTION)


def _row(name: str, differs: bool, found: str) -> tuple[Cell, ...]:
    return (Cell(name), Cell("look" if differs else "ok", "warning" if differs else "good"), Cell(found))


def _pairing_row(view: View, comparison: Comparison) -> tuple[Cell, ...] | None:
    differences = comparison.metrics[0].differences if comparison.metrics else ()
    paired = [d for d in differences if d.pairing is not None]
    if not paired:
        asked = f", although the config asks for {one_line(comparison.unpaired, 60)}" if comparison.unpaired else ""
        config = view.report.compare
        why = (
            "switched off"
            if config is not None and config.pair_by == "none"
            else "the tasks are the pairs"
            if any(d.reason == "tasks" for d in differences)
            else "no seed, fold or data set that both groups share once each"
        )
        return _row("Pairs", comparison.unpaired is not None, f"Runs are not paired{asked}: {why}.")
    parts = [_unmatched_words(view, d) for d in paired]
    return _row("Pairs", any(d.pairing.left_a or d.pairing.left_b for d in paired if d.pairing), " ".join(parts))


def _looks_row(view: View, comparison: Comparison) -> tuple[Cell, ...] | None:
    """How often the comparison was, or may be, looked at; only where something was tested."""
    differences = comparison.metrics[0].differences if comparison.metrics else ()
    tested = [d for d in differences if d.p is not None]
    if not tested:
        return None
    looks = [d.look for d in tested if d.look is not None]
    if looks:
        return _row("Repeated looks", any(look.state == "beyond" for look in looks), "Declared: the plan's level decides.")
    config = view.report.compare
    found = repeated_looks_caveat(comparison.looks_before, config.alpha if config else ALPHA)
    if comparison.looks_before:
        return _row("Repeated looks", True, f"No plan is declared. {found}")
    return (Cell("Repeated looks"), Cell("no plan", "muted"), Cell(found))


def _unmatched_words(view: View, d: Difference) -> str:
    assert d.pairing is not None
    how = "as declared" if d.pairing.declared else "found in the runs, not chosen by their values"
    head = f"{group_name(d.group)}: {plural(d.pairing.n, 'pair')} by {pair_words(d.pairing)} ({how})"
    left = [
        f"{group_name(label)}: {_names(view, keys)}"
        for label, keys in ((d.baseline, d.pairing.left_a), (d.group, d.pairing.left_b))
        if keys
    ]
    return f"{head}; without a partner and left out: {'; '.join(left)}." if left else f"{head}; no run is without a partner."


def _names(view: View, keys: Iterable[RunKey]) -> str:
    return listed([run_name(view.run(key)) for key in keys], MOST_NAMES)


def params_table(comparison: Comparison) -> Table:
    """Only what differs between the groups, seeds and folds aside."""
    labels = [group.label for group in comparison.groups if group.finished]
    columns = (
        Column("param", "Parameter", "code"),
        *(Column(f"group:{i}", group_name(label), "code") for i, label in enumerate(labels)),
    )
    rows = tuple(
        (Cell(one_line(param.name, 60)), *(Cell(_values(param.name, param.values.get(label, ()))) for label in labels))
        for param in comparison.differing
    )
    notes = (
        ("Parameters that are the same in all groups are left out; seeds and folds too.",)
        if rows
        else (
            "No logged parameter differs between the groups, seeds and folds aside: what tells them apart is not on record as a parameter.",
        )
    )
    return Table("trust-params", "What differs between the groups", columns, rows, notes, len(rows), paper_rows=12)


def _values(name: str, values: tuple[tuple[str | None, int], ...]) -> str:
    words = [shown_value(name, value) if value is not None else "not logged" for value, _ in values]
    if len(words) == 1:
        return words[0] or "(empty)"
    shown = [f"{one_line(word or '(empty)', 30)} ({n})" for word, (_, n) in zip(words[:MOST_VALUES], values, strict=False)]
    more = f" and {len(words) - MOST_VALUES} more" if len(words) > MOST_VALUES else ""
    return ", ".join(shown) + more

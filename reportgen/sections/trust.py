"""May the decision be believed: are the groups alike otherwise, what tells them apart, and which runs were not counted."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.analyze.comparison import Comparison, Difference
from reportgen.analyze.groups import GroupValues
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import RunKey
from reportgen.analyze.statistics import newcombe_interval
from reportgen.formats import listed, one_line, plural, text_of
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.comparison import alike_rows
from reportgen.sections.verdicts import group_name, pair_words
from reportgen.sections.view import View, label_of, paragraph, run_name, shown_value, strong

MOST_NAMES = 12
MOST_VALUES = 3

TITLE = "Trust checks"
QUESTION = "Are the groups alike in everything but what is compared, and was every run counted?"


def trust_section(view: View) -> Section | None:
    """Left out when fewer than two groups are there."""
    comparison = view.facts.comparison
    if comparison is None or comparison.alike is None or len(comparison.groups) < 2:
        return None
    rows = [*alike_rows(comparison), _pairing_row(view, comparison), _success_row(comparison)]
    kept = tuple(row for row in rows if row is not None)
    look = [str(row[0].value).lower() for row in kept if row[1].tone == "warning"]
    unknown = [str(row[0].value).lower() for row in kept if row[1].tone == "muted"]
    rest = f"{plural(len(kept) - len(look) - len(unknown), 'check')} found nothing."
    rest += f" Not on record, so not checked: {listed(unknown, 9)}." if unknown else ""
    lead = (
        paragraph(strong(f"To look at: {listed(look, 9)}. "), rest, tone="warning")
        if look
        else paragraph(rest, tone="good" if not unknown else "neutral")
    )
    columns = (Column("check", "Check", width=2), Column("result", "Result"), Column("found", "Found", width=7))
    blocks: list[Block] = [lead, Table("trust-checks", "Like for like", columns, kept), params_table(comparison)]
    left_out = _left_out(view, comparison)
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
            else "no seed, fold or data set that both groups share once each"
        )
        return _row("Pairs", comparison.unpaired is not None, f"Runs are not paired{asked}: {why}.")
    parts = [_unmatched_words(view, d) for d in paired]
    return _row("Pairs", any(d.pairing.left_a or d.pairing.left_b for d in paired if d.pairing), " ".join(parts))


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


def _success_row(comparison: Comparison) -> tuple[Cell, ...] | None:
    """Success rates compared as well, where many runs of a group failed (Newcombe's interval)."""
    alike = comparison.alike
    if alike is None or not alike.many_failed or comparison.baseline is None:
        return None
    bad_a, n_a = alike.failed.get(comparison.baseline, (0, 0))
    parts = []
    for label, (bad, n) in alike.failed.items():
        if label != comparison.baseline and n and n_a:
            found = newcombe_interval(n_a - bad_a, n_a, n - bad, n)
            low, mid, high = (text_of(x * 100, "change", 0) for x in (found.low, found.value, found.high))
            parts.append(
                f"{group_name(label)} minus {group_name(comparison.baseline)}: {mid} percentage points (95 % interval {low} to {high})"
            )
    return _row("Success rates", True, f"{'; '.join(parts)}.") if parts else None


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


def _left_out(view: View, comparison: Comparison) -> Table | None:
    """Every run of a group that is not in the numbers, by name, and why."""
    compared = comparison.metrics[0] if comparison.metrics else None
    metric = view.facts.metrics[compared.metric] if compared else None
    values = {one.label: one for one in compared.groups} if compared else {}
    rows: list[tuple[Cell, ...]] = []
    for group in comparison.groups:
        reasons = [(key, "failed or killed") for key in group.failed]
        reasons += [(key, "not finished") for key in group.unfinished]
        reasons += [(key, "older identical re-run") for key in group.repeated]
        if metric is not None and group.label in values:
            reasons += _unmeasured(metric, group.finished, values[group.label])
        rows += [(Cell(group_name(group.label)), Cell(view.link(key)), Cell(why)) for key, why in reasons]
    rows += [(Cell("several"), Cell(view.link(key)), Cell("selected by more than one group")) for key in comparison.shared]
    if not rows:
        return None
    columns = (Column("group", "Group"), Column("run", "Run", "run"), Column("why", "Why it is not counted"))
    return Table("trust-left-out", "Runs that are not counted", columns, tuple(rows), (), len(rows), paper_rows=12)


def _unmeasured(metric: Metric, finished: Iterable[RunKey], values: GroupValues) -> list[tuple[RunKey, str]]:
    counted, found = set(values.keys), []
    for key in finished:
        if key in counted:
            continue
        if key not in metric.values:
            why = f"no {label_of(metric)}"
        else:
            why = "inside a counted parent" if metric.finite(key) is not None else f"{label_of(metric)} is NaN or infinite"
        found.append((key, why))
    return found

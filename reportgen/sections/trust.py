"""May the decision be believed: are the groups alike otherwise, what tells them apart, and which runs were not counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportgen.analyze.comparison import ALPHA, Comparison, Difference
from reportgen.analyze.looks import repeated_looks_caveat
from reportgen.analyze.runs import RunKey
from reportgen.formats import listed, one_line, plural
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.comparison import alike_rows, left_out_table
from reportgen.sections.conditions import partly_words, seeds_words
from reportgen.sections.verdicts import group_name, pair_words, words_of
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
    rows = [*alike_rows(comparison), _pairing_row(view, comparison), _seeds_row(comparison), _looks_row(view, comparison)]
    kept = tuple(row for row in rows if row is not None)
    look = [str(row[0].value).lower() for row in kept if row[1].tone == "warning"]
    unknown = [str(row[0].value).lower() for row in kept if row[1].value == "not on record"]
    rest = checked_words(sum(row[1].tone == "good" for row in kept), unknown)
    lead = (
        paragraph(strong(f"To look at: {listed(look, 9)}. "), rest, tone="warning")
        if look
        else paragraph(rest, tone="good" if not unknown else "neutral")
    )
    columns = (Column("check", "Check", width=2), Column("result", "Result"), Column("found", "Found", width=7))
    blocks: list[Block] = [lead, Table("trust-checks", "Like for like", columns, _together(kept)), _params(comparison)]
    left_out = left_out_table(view, comparison, "trust-left-out")
    if left_out is not None:
        blocks.append(left_out)
    return Section("trust", TITLE, tuple(blocks), QUESTION)


def _together(rows: Sequence[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """``rows``; of several checks that could not be made one row, at the end."""
    unknown = [row for row in rows if row[1].value == "not on record"]
    if len(unknown) < 2:
        return tuple(rows)
    names = listed([str(row[0].value).lower() for row in unknown], 9)
    one = (Cell(names[0].upper() + names[1:]), unknown[0][1], Cell("No run logged them, so these checks cannot be made."))
    return (*(row for row in rows if row not in unknown), one)


def _params(comparison: Comparison) -> Block:
    """The table of what differs; one sentence where nothing does."""
    table = params_table(comparison)
    return table if table.rows else paragraph(strong(f"{table.title}. "), *table.notes)


def checked_words(n_passed: int, unknown: Sequence[str]) -> str:
    """ "8 checks passed, 1 could not be made (hardware is not on record)."."""
    if not unknown:
        return f"{plural(n_passed, 'check')} passed."
    verb = "is" if len(unknown) == 1 else "are"
    return f"{plural(n_passed, 'check')} passed, {len(unknown)} could not be made ({listed(unknown, 9)} {verb} not on record)."


def _row(name: str, differs: bool, found: str) -> tuple[Cell, ...]:
    return (Cell(name), Cell("look" if differs else "ok", "warning" if differs else "good"), Cell(found))


def _pairing_row(view: View, comparison: Comparison) -> tuple[Cell, ...] | None:
    differences = comparison.metrics[0].differences if comparison.metrics else ()
    paired = [d for d in differences if d.pairing is not None]
    if not paired and (row := _partly_row(view, comparison)) is not None:
        return row
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
        found = f"Runs are not paired{asked}: {why}."
        if comparison.unpaired is None:  # no fault of the runs, and nothing that was passed
            return (Cell("Pairs"), Cell("not paired", "muted"), Cell(found))
        return _row("Pairs", True, found)
    parts = _paired_words(view, paired)
    return _row("Pairs", any(d.pairing.left_a or d.pairing.left_b for d in paired if d.pairing), " ".join(parts))


def _partly_row(view: View, comparison: Comparison) -> tuple[Cell, ...] | None:
    """Seeds that only some runs share: a look, since the groups' runs differ in more than what is compared."""
    first = comparison.metrics[0] if comparison.metrics else None
    if first is None or not any(d.partly for d in first.differences):
        return None
    words = [words_of(first, d, view.facts.metrics[first.metric]) for d in first.differences if d.partly]
    several = len(first.differences) > 1
    said = [f"{w.name_b}: {partly_words(w)}" if several else partly_words(w) for w in words]
    return _row("Pairs", True, " ".join(f"{one[0].upper()}{one[1:]}" for one in said))


def _seeds_row(comparison: Comparison) -> tuple[Cell, ...] | None:
    """Seeds with several runs in a group; left out where there are none."""
    sides = [side for side in comparison.metrics[0].groups if side.seeds] if comparison.metrics else []
    if not sides:
        return None
    return _row("Repeated seeds", True, " ".join(f"{group_name(side.label)}: {seeds_words(side)}." for side in sides))


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


def _paired_words(view: View, paired: Sequence[Difference]) -> list[str]:
    """What pairs the runs of each group; groups without a lone run, and with as many pairs, share a sentence."""
    alike: dict[tuple[str, int, bool], list[str]] = {}
    for d in paired:
        if d.pairing is not None and not (d.pairing.left_a or d.pairing.left_b):
            alike.setdefault((pair_words(d.pairing), d.pairing.n, d.pairing.declared), []).append(group_name(d.group))
    told = [
        f"{listed(names, 9)}: {plural(n, 'pair')}{' each' if len(names) > 1 else ''} by {by} ({_how(declared=declared)}); no run is without a "
        "partner."
        for (by, n, declared), names in alike.items()
    ]
    return told + [_unmatched_words(view, d) for d in paired if d.pairing is not None and (d.pairing.left_a or d.pairing.left_b)]


def _how(*, declared: bool) -> str:
    return "as declared" if declared else "found in the runs, not chosen by their values"


def _unmatched_words(view: View, d: Difference) -> str:
    assert d.pairing is not None
    head = (
        f"{group_name(d.group)}: {plural(d.pairing.n, 'pair')} by {pair_words(d.pairing)} ({_how(declared=d.pairing.declared)})"
    )
    left = [
        f"{group_name(label)}: {_names(view, keys)}"
        for label, keys in ((d.baseline, d.pairing.left_a), (d.group, d.pairing.left_b))
        if keys
    ]
    return f"{head}; without a partner and left out: {'; '.join(left)}."


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

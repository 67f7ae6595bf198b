"""The checks beside a verdict: are the groups alike in everything but what is compared, how were runs paired, how often was it looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.likeness import Likeness
from reportgen.analyze.methods.samples import ALPHA
from reportgen.analyze.runs import RunKey
from reportgen.formats import one_line
from reportgen.model import Block, Cell, Column, Finding, Findings, Table, Tone
from reportgen.sections.view import View, paragraph, run_name, shown_value, strong
from reportgen.words import Say
from reportgen.words.compare import likeness as words
from reportgen.words.compare.looks import repeated_looks_caveat
from reportgen.words.compare.runs import partly_words, seeds_words
from reportgen.words.compare.subject import words_of
from reportgen.words.compare.terms import group_name, pair_words

MOST_NAMES = 12
MOST_CHARS = 90
"""Of what was found, in a list; the section on trust has it whole."""
MOST_VALUES = 3

CheckState = Literal["ok", "look", "unknown", "noted"]
"""Passed; to be looked at; not on record, so that it could not be made; neither good nor bad."""


_TONES: dict[CheckState, Tone] = {"ok": "good", "look": "warning", "unknown": "muted", "noted": "muted"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that should not differ between the groups."""

    what: str
    """A branch of the message ``checks-names``."""
    state: CheckState
    found: str
    result: str = ""
    """The result as it is printed, where it is not that of the state."""
    tone: Tone | None = None
    """Where it is not that of the state."""

    def name(self, say: Say) -> str:
        """In lower case, for a sentence."""
        return say("checks-names", what=self.what).lower()

    def finding(self, say: Say) -> Finding:
        """In a list: the name, and what was found where it did not pass."""
        sign = {"ok": "✓", "look": "!", "unknown": "?", "noted": "·"}[self.state]
        tone: Tone = self.tone or _TONES[self.state]
        short = say("compare-not-recorded") if self.state == "unknown" else self.result
        detail = "" if self.state == "ok" else one_line(self.found, MOST_CHARS) if self.state == "look" else short
        return Finding(say("checks-names", what=self.what), detail, tone, sign)

    def cells(self, say: Say) -> tuple[Cell, ...]:
        return (
            Cell(say("checks-names", what=self.what)),
            Cell(self.result or say("checks-result", state=self.state), self.tone or _TONES[self.state]),
            Cell(self.found),
        )


# --- the groups ------------------------------------------------------------------------------------------------------


def likeness_checks(comparison: Comparison, alike: Likeness, say: Say) -> list[Check]:
    """One check for each thing that should not differ between the groups."""
    success = words.success_rates_text(comparison, say)
    return [
        _recorded("datasets", alike.datasets, alike.datasets_differ, words.datasets_text(alike, say)),
        *_units(comparison, say),
        _check("steps", alike.steps_differ, words.steps_text(alike, say), on_record=bool(alike.steps)),
        _failures(alike, say),
        *([Check("success", "look", success)] if success else []),
        *([_check("split", alike.split.is_mismatch, words.split_text(alike.split, say))] if alike.split else []),
        _check("unfinished", any(g.n_unfinished for g in comparison.groups), words.unfinished_text(comparison, say)),
        _recorded("commits", alike.commits, alike.commits_differ, words.commits_text(alike, say)),
        _recorded("sources", alike.sources, alike.sources_differ, words.sources_text(alike, say)),
        _recorded("hardware", alike.hardware, alike.hardware_differs, words.hardware_text(alike, say)),
        _check(
            "configurations", any(g.n_configurations > 1 for g in comparison.groups), words.configurations_text(comparison, say)
        ),
    ]


def _units(comparison: Comparison, say: Say) -> list[Check]:
    """The check of the unit, where the values are in two."""
    found = [d for compared in comparison.metrics for d in compared.differences if d.units is not None]
    named = say.listed(list(dict.fromkeys(one_line(d.metric, 60) for d in found)))
    return [Check("units", "look", say("checks-two-units", named=named))] if found else []


def _check(what: str, differs: bool, found: str, *, on_record: bool = True) -> Check:
    """A check that could not be made is neither passed nor failed."""
    return Check(what, "look" if differs else "ok" if on_record else "unknown", found)


def _recorded(what: str, logged: Mapping[str, tuple[object, ...]], differs: bool, found: str) -> Check:
    return _check(what, differs, found, on_record=any(logged.values()))


def _failures(alike: Likeness, say: Say) -> Check:
    """Some failed runs are neither fine nor, up to a fifth, a reason to doubt the rest."""
    found, n_bad = words.failures_text(alike, say), sum(bad for bad, _ in alike.failed.values())
    if alike.many_failed:
        return Check("failures", "look", found)
    if n_bad:
        return Check("failures", "noted", found, say("checks-failed-under-20", n_bad=n_bad), "neutral")
    return Check("failures", "ok", found, say("list-none"))


def likeness_table(comparison: Comparison, alike: Likeness, say: Say) -> Table:
    """The checks of the groups beside a report's comparison, each with what was found."""
    columns = (
        Column("check", say("checks-column-check")),
        Column("result", say("checks-column-result")),
        Column("found", say("checks-column-found")),
    )
    rows = tuple(check.cells(say) for check in likeness_checks(comparison, alike, say))
    return Table("comparison-alike", say("checks-groups-alike-otherwise"), columns, rows, on_paper=False)


def checks_list(checks: Sequence[Check], say: Say, columns: int = 3) -> Findings:
    """The checks in brief: a sign and a name each, what was found where it is not plainly fine; the title counts those that passed."""
    n_passed = sum(check.state == "ok" for check in checks)
    title = say("compare-trust", passed=n_passed, n=len(checks))
    return Findings(title, tuple(check.finding(say) for check in checks), columns=columns)


def likeness_in_brief(comparison: Comparison, say: Say) -> str | None:
    """The checks of the groups in a few words, for the page of the decision: what differs, what is not on record, what failed."""
    alike = comparison.alike
    if alike is None:
        return None
    checks = likeness_checks(comparison, alike, say)
    differ = [check.name(say) for check in checks if check.state == "look" and check.what not in ("failures", "success")]
    unknown = [check.name(say) for check in checks if check.state == "unknown"]
    same = [
        check.name(say)
        for check in checks
        if check.state == "ok" and check.what not in ("unfinished", "failures", "configurations", "split")
    ]
    parts = [
        say("checks-look", differ=say.listed(differ, 9)) if differ else "",
        say("checks-same", same=say.listed(same, 9)) if same else "",
        say("checks-record", unknown=say.listed(unknown, 9)) if unknown else "",
        words.failed_counts_text(alike, say),
    ]
    return " ".join(part for part in parts if part)


# --- the tests -------------------------------------------------------------------------------------------------------


def all_checks(view: View, comparison: Comparison, alike: Likeness) -> list[Check]:
    """Those of the groups, and those of how their runs were tested."""
    others = (_pairs(view, comparison), _seeds(comparison, view.say), _looks(view, comparison))
    return [*likeness_checks(comparison, alike, view.say), *(check for check in others if check is not None)]


def _pairs(view: View, comparison: Comparison) -> Check:
    paired = [d for d in comparison.primary if d.pairing is not None]
    if paired:
        found = " ".join(_paired_words(view, paired))
        return _check("pairs", any(d.pairing.left_a or d.pairing.left_b for d in paired if d.pairing), found)
    if any(d.partly for d in comparison.primary):
        return _partly(view, comparison)
    asked = view.say("checks-although-config-asks", unpaired=one_line(comparison.unpaired, 60)) if comparison.unpaired else ""
    config = view.report.compare
    why = (
        view.say("checks-switched-off")
        if config is not None and config.pair_by == "none"
        else view.say("checks-tasks-pairs")
        if any(d.reason == "tasks" for d in comparison.primary)
        else view.say("checks-values-two-units")
        if any(d.units for d in comparison.primary)
        else view.say("checks-seed-fold-data-set")
    )
    found = view.say("checks-runs-paired", asked=asked, why=why)
    if comparison.unpaired is None:  # no fault of the runs, and nothing that was passed
        return Check("pairs", "noted", found, view.say("checks-paired"))
    return Check("pairs", "look", found)


def _partly(view: View, comparison: Comparison) -> Check:
    """Seeds that only some runs share: a look, since the groups' runs differ in more than what is compared."""
    first = comparison.metrics[0]
    texts = [words_of(first, d, view.facts.metrics[first.metric], view.say) for d in first.differences if d.partly]
    several = len(first.differences) > 1
    said = [w.say.named(w.name_b, partly_words(w)) if several else partly_words(w) for w in texts]
    return Check("pairs", "look", " ".join(f"{text[0].upper()}{text[1:]}" for text in said))


def _seeds(comparison: Comparison, say: Say) -> Check | None:
    """Seeds with several runs in a group; left out where there are none."""
    sides = [side for side in comparison.metrics[0].groups if side.seeds] if comparison.metrics else []
    if not sides:
        return None
    return Check(
        "seeds", "look", say.sentences(*(say.stop(say.named(group_name(side.label), seeds_words(side, say))) for side in sides))
    )


def _looks(view: View, comparison: Comparison) -> Check | None:
    """How often the comparison was, or may be, looked at; only where something was tested."""
    tested = [d for d in comparison.primary if d.tested]
    if not tested:
        return None
    looks = [d.look for d in tested if d.look is not None]
    if looks:
        return _check("looks", any(look.state == "beyond" for look in looks), view.say("checks-declared-plan-s-level"))
    config = view.report.compare
    found = repeated_looks_caveat(comparison.looks_before, config.alpha if config else ALPHA, say=view.say)
    if comparison.looks_before:
        return Check("looks", "look", view.say("checks-plan-declared", found=found))
    return Check("looks", "noted", found, view.say("checks-plan"))


def _paired_words(view: View, paired: Sequence[Difference]) -> list[str]:
    """What pairs the runs of each group; groups without a lone run, and with as many pairs, share a sentence."""
    alike: dict[tuple[str, int, bool], list[str]] = {}
    for d in paired:
        if d.pairing is not None and not (d.pairing.left_a or d.pairing.left_b):
            alike.setdefault((pair_words(d.pairing, view.say), d.pairing.n, d.pairing.declared), []).append(group_name(d.group))
    told = [
        view.say(
            "checks-pairs-run-without-partner",
            names=view.say.listed(names, 9),
            n=n,
            if_value="yes" if len(names) > 1 else "no",
            by=by,
            how=_how(say=view.say, declared=declared),
        )
        for (by, n, declared), names in alike.items()
    ]
    return told + [_unmatched_words(view, d) for d in paired if d.pairing is not None and (d.pairing.left_a or d.pairing.left_b)]


def _how(*, say: Say, declared: bool) -> str:
    return say("checks-declared") if declared else say("checks-found-runs-chosen-their")


def _unmatched_words(view: View, d: Difference) -> str:
    assert d.pairing is not None
    head = view.say(
        "checks-pairs",
        group=group_name(d.group),
        n=d.pairing.n,
        pair=pair_words(d.pairing, view.say),
        how=_how(say=view.say, declared=d.pairing.declared),
    )
    left = [
        view.say.named(group_name(label), _run_names(view, keys))
        for label, keys in ((d.baseline, d.pairing.left_a), (d.group, d.pairing.left_b))
        if keys
    ]
    return view.say("checks-without-partner-left-out", head=head, left=view.say("list-clause-separator").join(left))


def _run_names(view: View, keys: Iterable[RunKey]) -> str:
    return view.say.listed([run_name(view.run(key)) for key in keys], MOST_NAMES)


# --- blocks ----------------------------------------------------------------------------------------------------------


def checks_method(checks: Sequence[Check], say: Say) -> tuple[str, ...]:
    """What was found by the checks that did not simply pass, in whole sentences."""
    return tuple(
        say.named(say("checks-names", what=check.what), check.found) for check in checks if check.state in ("look", "noted")
    )


def checks_table(checks: Sequence[Check], say: Say) -> Table:
    """A row for each check; of several that could not be made one row, at the end."""
    columns = (
        Column("check", say("checks-column-check"), width=2),
        Column("result", say("checks-column-result")),
        Column("found", say("checks-column-found"), width=7),
    )
    unknown = [check for check in checks if check.state == "unknown"]
    rows = [check.cells(say) for check in checks if len(unknown) < 2 or check.state != "unknown"]
    if len(unknown) > 1:
        names = say.listed([check.name(say) for check in unknown], 9)
        what = Cell(names[0].upper() + names[1:])
        rows.append((what, unknown[0].cells(say)[1], Cell(say("checks-record-runs-compared-checks"))))
    return Table("trust-checks", say("checks-like-like"), columns, tuple(rows), on_paper=False)


def params_block(comparison: Comparison, say: Say) -> Block:
    """The table of what differs; one sentence where nothing does."""
    table = params_table(comparison, say)
    return table if table.rows else paragraph(strong(f"{table.title}. "), *table.notes)


def params_table(comparison: Comparison, say: Say) -> Table:
    """Only what differs between the groups, seeds and folds aside."""
    labels = [group.label for group in comparison.groups if group.finished]
    columns = (
        Column("param", say("checks-column-parameter"), "code"),
        *(Column(f"group:{i}", group_name(label), "code") for i, label in enumerate(labels)),
    )
    rows = tuple(
        (Cell(one_line(param.name, 60)), *(Cell(_values(param.name, param.values.get(label, ()), say)) for label in labels))
        for param in comparison.differing
    )
    notes = (say("checks-parameters-same-all-groups"),) if rows else (say("checks-logged-parameter-differs-between"),)
    return Table("trust-params", say("checks-what-differs-between-groups"), columns, rows, notes, len(rows), paper_rows=12)


def _values(name: str, values: tuple[tuple[str | None, int], ...], say: Say) -> str:
    words = [shown_value(name, value) if value is not None else say("checks-logged") for value, _ in values]
    if len(words) == 1:
        return words[0] or "(empty)"
    shown = [f"{one_line(word or '(empty)', 30)} ({n})" for word, (_, n) in zip(words[:MOST_VALUES], values, strict=False)]
    more = say("checks-more", n=len(words) - MOST_VALUES) if len(words) > MOST_VALUES else ""
    return say("list-separator").join(shown) + more

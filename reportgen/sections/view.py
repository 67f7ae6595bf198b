"""What every section is handed, and the words that all of them share.

A section is a function ``View -> Section | None``; None leaves it out. Sections choose words, tables and charts and do
no arithmetic: a number that is not in the facts is missing there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from reportgen.analyze.facts import Facts
from reportgen.analyze.leaderboard import Leaderboard
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run, RunKey
from reportgen.config import MEMO_SECTIONS, ReportConfig
from reportgen.formats import after_number, before_number, one_line, without_noise
from reportgen.model import (
    Block,
    Cell,
    Change,
    Chart,
    Column,
    Gate,
    Notice,
    Paragraph,
    Problem,
    Row,
    RunLink,
    Scalar,
    Span,
    Tone,
    Window,
)
from reportgen.redaction import MASK, hides, public_text
from reportgen.snapshot import Snapshot
from reportgen.words import Say
from reportgen.words.metrics import rule_text
from reportgen.words.quantities import change_format, label_of, value_words

LONGEST_VALUE = 80
"""Characters of a parameter or tag value in a table; the data files hold it whole."""


@dataclass(frozen=True, slots=True)
class View:
    """All that a section may look at."""

    facts: Facts
    snapshot: Snapshot
    report: ReportConfig
    now: datetime
    window: Window
    run_url: Callable[[str, str], str | None]
    several_experiments: bool
    """Whether tables of runs need a column for the experiment."""
    gates: tuple[Gate, ...]
    problems: tuple[Problem, ...]
    """Met while the store was read and analysed, sorted; those of sections are not known yet."""
    say: Say
    """The messages of the report's language."""
    is_part: bool = False
    """Whether it is one project of several in a report."""
    code: Path | None = None
    """Where modules that the config names are looked for; None: none is run."""
    fill: Callable[[str, Mapping[str, object]], tuple[str, tuple[str, ...]]] | None = None
    """Puts numbers of the report into the author's Markdown; None: it stays as it is."""

    def run(self, key: RunKey) -> Run:
        return self.facts.by_key[key]

    def link(self, key: RunKey) -> RunLink:
        return run_link(self.facts.by_key[key], self.run_url)

    @property
    def is_memo(self) -> bool:
        sections = self.report.sections  # none where only gates are asked for
        named = [chosen.section for chosen in sections if not chosen.is_custom]
        return bool(named) and all(name in MEMO_SECTIONS for name in named)

    @property
    def main(self) -> tuple[Metric, ...]:
        return tuple(self.facts.metrics[name] for name in self.facts.main)

    @property
    def further(self) -> tuple[Metric, ...]:
        """Measured metrics that are not among the main ones, those without a known direction first; what machines measure is told elsewhere."""
        main = set(self.facts.main)
        rest = [m for m in self.facts.metrics.values() if m.name not in main and m.values and not m.name.startswith("system/")]
        return tuple(sorted(rest, key=lambda metric: (metric.goal != "none", -len(metric.values), metric.name)))

    @property
    def undirected(self) -> tuple[Metric, ...]:
        """Metrics that nothing is ranked by, because it is not known whether more is better."""
        return tuple(metric for metric in (*self.main, *self.further) if metric.goal == "none")

    @property
    def primary(self) -> Metric | None:
        """The primary metric in the evaluation that is ranked."""
        return self.facts.ranked(self.facts.primary.name) if self.facts.primary else None


def unread_words(view: View) -> str:
    """Which experiments could not be read; empty when all could."""
    names = view.snapshot.names_of(view.snapshot.unread)
    return (
        view.say("overview-unread", n=len(names), names=view.say.listed([one_line(name, 60) for name in names], 8))
        if names
        else ""
    )


def unread_notice(view: View) -> list[Notice]:
    """The same as a notice, where it stands for runs that are missing."""
    words = unread_words(view)
    return [Notice("bad", view.say("overview-unread-title"), words, view.say("overview-unread-todo"))] if words else []


def run_link(run: Run, run_url: Callable[[str, str], str | None]) -> RunLink:
    return RunLink(run.run_id, run.name or run.run_id[:8], run_url(run.experiment_id, run.run_id), run.shares_name)


def paragraph(*parts: str | Span, tone: Tone = "neutral") -> Paragraph:
    """A paragraph of plain and strong pieces, in order."""
    return Paragraph(tuple(part if isinstance(part, Span) else Span(part) for part in parts), tone)


HALF = 348
"""``Chart.width`` of one of two beside each other."""


def beside(charts: Sequence[Chart]) -> list[Block]:
    """Two charts in a row while there are two; an odd last one has all of the page."""
    rows: list[Block] = [
        Row((replace(one, width=HALF, height=min(one.height, 230)), replace(other, width=HALF, height=min(other.height, 230))))
        for one, other in zip(charts[::2], charts[1::2], strict=False)
    ]
    return [*rows, *(charts[-1:] if len(charts) % 2 else ())]


def strong(text: str) -> Span:
    return Span(text, strong=True)


def run_name(run: Run) -> str:
    """The run's name on one line, with the first eight characters of its id where other runs have that name, or these alone."""
    name = one_line(run.name, 60)
    return f"{name} {run.run_id[:8]}" if name and run.shares_name else name or run.run_id[:8]


def distinct(names: Sequence[str], most: int = 40) -> tuple[str, ...]:
    """``names`` on one line of at most ``most`` characters each, cut in the middle; no two of them alike.

    Names differ at their ends as often as at their beginnings; those that are still alike are numbered.
    """
    found: list[str] = []
    for name in names:
        text, n = _cut(name, most), 1
        while text in found:
            n += 1
            mark = f" #{n}"
            text = _cut(name, most - len(mark)) + mark
        found.append(text)
    return tuple(found)


def _cut(name: str, most: int) -> str:
    line = one_line(name, 1000)
    if len(line) <= most:
        return line
    head = (most - 1 + 1) // 2
    tail = len(line) - (most - 1 - head)
    return f"{line[: before_number(line, head)].rstrip()}…{line[after_number(line, tail) :].lstrip()}"


LEGEND_NAME = 16
"""About as many characters of a name are left in a legend of many lines."""


def run_names(runs: Sequence[Run], most: int = 40) -> tuple[str, ...]:
    """The runs' names, no two alike: those that a legend would cut to the same get the beginning of their id, as tables show it."""
    names = [one_line(run.name, 1000) or run.run_id[:8] for run in runs]
    counts = Counter(_cut(name, LEGEND_NAME) for name in names)
    told = [
        name if counts[_cut(name, LEGEND_NAME)] == 1 else f"{_cut(name, most - 9)} {run.run_id[:8]}"
        for name, run in zip(names, runs, strict=True)
    ]
    return distinct(told, most)


def value_column(metric: Metric, say: Say, *, note: str = "") -> Column:
    """A column of values of ``metric``; its note tells the rule when that is not MLflow's own."""
    notes = [note] if note else []
    if metric.rule != "last":
        notes.append(rule_text(metric.rule, say))
    return Column(
        f"metric:{metric.name}", label_of(metric), metric.format, metric.digits, metric.goal, say("list-separator").join(notes)
    )


def value_cell(metric: Metric, key: RunKey) -> Cell:
    """The run's value; a warning tone marks NaN and infinity, "—" is a run that never logged it."""
    value = metric.values.get(key)
    bad = value is not None and not math.isfinite(value)
    return Cell(value, tone="warning" if bad else "neutral")


def tone_of(metric: Metric, delta: float) -> Tone:
    """Good or bad by the metric's own direction; neutral without one, and for no change."""
    improvement = metric.improvement(delta)
    if metric.goal == "none" or improvement == 0:
        return "neutral"
    return "good" if improvement > 0 else "bad"


def change_of(metric: Metric, delta: float, against: str, digits: int | None = None) -> Change:
    return Change(delta, change_format(metric), tone_of(metric, delta), against, metric.digits if digits is None else digits)


STATUSES = ("FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED")
"""Those that MLflow knows, in the order in which they are said."""


def status_words(runs: Iterable[Run], say: Say) -> str:
    """ "12 finished, 3 failed and 1 running"; unknown words of the store as they are."""
    counts = Counter("deleted" if run.deleted else run.status for run in runs)
    order = [*STATUSES, *sorted(set(counts) - {*STATUSES, "deleted"}), "deleted"]
    return say.listed([_status_count(status, counts[status], say) for status in order if counts[status]], len(order))


def _status_count(status: str, n: int, say: Say) -> str:
    known = status in STATUSES or status in ("deleted", "")
    return say("view-status-count", status=status.lower() or "none", n=n) if known else f"{n:,} {one_line(status, 20)}"


def shown_value(name: str, value: str | None) -> str | None:
    """A parameter or tag value as a table shows it: one line, and masked when its name says that it is secret."""
    if value is None:
        return None
    return MASK if hides(name, value) else one_line(without_noise(public_text(value)), LONGEST_VALUE)


def param_columns(names: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(f"param:{name}", one_line(name, 40), "code") for name in names)


def param_cells(run: Run, names: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(Cell(param_scalar(shown_value(name, run.params.get(name)))) for name in names)


def param_scalar(text: str | None) -> Scalar:
    """Text, always: ``1e-3`` and ``0.001`` are what was logged, and they are not the same words."""
    return text


def fold_words(board: Leaderboard | None, key: RunKey, say: Say) -> str:
    """ ", mean of 5 folds" where the value is one; empty for others."""
    n = board.folds.get(key, 0) if board else 0
    return say("view-mean-folds", n=n) if n else ""


def in_sample_words(view: View, metric: str) -> str:
    """ " (in-sample)" beside a number that was measured on training data; empty for others."""
    return view.say("view-sample") if view.facts.is_in_sample(metric) else ""


def training_words(view: View, metric: str, key: RunKey) -> str:
    """ "; probably a training value, its val_accuracy is 0.3566" of such a run's primary metric; empty for others."""
    primary = view.facts.primary
    other = view.facts.metrics[primary.validation] if primary and primary.validation and primary.name == metric else None
    value = other.finite(key) if other else None
    return (
        view.say("view-probably-training-value", metric=label_of(other), other=value_words(other, value))
        if other and value is not None
        else ""
    )


def milliseconds(at: datetime) -> float:
    """A time as chart values hold it."""
    return at.timestamp() * 1000


DECADES = 1.5
"""Powers of ten from which a positive axis is logarithmic."""


def spans_decades(values: Iterable[float], *, rising: bool = False) -> bool:
    """Whether positive ``values`` need a logarithmic axis to be told apart.

    Of ``rising`` curves the lowest and the highest twentieth do not count: an accuracy starts near zero and is read where it ends.
    """
    drawn = sorted(values)
    cut = len(drawn) // 20 if rising else 0
    core = drawn[cut : len(drawn) - cut]
    return bool(drawn) and drawn[0] > 0 and math.log10(core[-1]) - math.log10(core[0]) > DECADES

"""The curves of compared groups as numbers: best, mean, when a value was reached, and the differences that are tested."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.curve_scalars import CurveScalars, GroupScalars
from reportgen.analyze.curves import PATIENCE
from reportgen.analyze.metrics import Metric
from reportgen.analyze.training import MetricHistory
from reportgen.formats import slug, text_of
from reportgen.model import Cell, Column, Interval, Table
from reportgen.sections.view import View, distinct
from reportgen.words import Say
from reportgen.words.quantities import digits_with, estimate_format, label_of, value_words


def curve_scalars_table(view: View, one: MetricHistory, found: CurveScalars, metric: Metric) -> Table:
    """One row for each number, one column for each group, and the difference where it is tested."""
    groups = found.groups
    names = distinct([g.label for g in groups])
    digits = _scalar_digits(metric, groups)
    columns = [Column("what", view.say("histories-column-curves-numbers"), width=26)]
    columns += [Column(f"group:{i}", name, estimate_format(metric), digits) for i, name in enumerate(names)]
    tested = [(what, d) for what, d in found.differences if d.delta is not None and d.low is not None]
    name_of = {g.label: name for g, name in zip(groups, names, strict=True)}
    for label in dict.fromkeys(d.group for _, d in tested):
        note = f"{name_of[label]} − {names[0]}"
        columns += [
            Column(f"delta:{label}", view.say("histories-column-difference-95-interval"), "change", digits, note=note),
            Column(f"p:{label}", view.say("histories-column-p-holm-adjusted"), "p", note=note if len(groups) > 2 else ""),
        ]
    rows = [
        _scalar_row(words, cells, key, tested, metric, digits) for words, key, cells in _scalar_rows(one, found, metric, view.say)
    ]
    table_id = f"history-groups-{slug(metric.name)}"
    return Table(
        table_id,
        view.say("histories-curves-group", metric=label_of(metric)),
        tuple(columns),
        tuple(rows),
        method=_scalar_notes(view, one, found, metric),
        on_paper=False,
    )


def _scalar_digits(metric: Metric, groups: tuple[GroupScalars, ...]) -> int:
    sides = [side for g in groups for side in (g.best, g.level) if side is not None]
    return digits_with(metric, [(s.high - s.low) / 2 for s in sides if s.low is not None and s.high is not None])


def _scalar_rows(one: MetricHistory, found: CurveScalars, metric: Metric, say: Say) -> Iterator[tuple[str, str, list[Cell]]]:
    """(words, key of its differences, a cell for each group)."""
    groups, unit = found.groups, say("histories-unit", unit="second" if one.axis == "time" else "step")
    yield say("histories-runs-curve"), "", [Cell(g.n, format="integer") for g in groups]
    yield say("histories-best-value-curve"), "best", [_mean_cell(g.best, g) for g in groups]
    if found.span is not None:
        yield say("histories-mean-over-curve"), "level", [_mean_cell(g.level, g) for g in groups]
    if found.sought is not None:
        words = say("histories-reached", metric=value_words(metric, found.sought.value))
        yield words, "", [_reached_cell(g, say) for g in groups]
        yield say("histories-first-median-all-runs", unit=unit), "", [_median_cell(g, unit, say) for g in groups]
    yield say("histories-improvement-last-points", patience=PATIENCE), "", [_share_cell(g.n_plateau, g.n, say) for g in groups]
    yield say("histories-still-improving-end-2"), "", [_share_cell(g.n_improving, g.n_judged, say) for g in groups]
    for words, counts in _diverged(found, metric, say):
        if any(counts):
            yield words, "", [_share_cell(k, g.n, say) for k, g in zip(counts, groups, strict=True)]
    if any(g.gap is not None for g in groups):
        yield say("histories-column-training-ahead-end"), "", [_mean_cell(g.gap, g) for g in groups]
        yield say("histories-over-fitting-2"), "", [_share_cell(g.n_overfitting, g.gap.n if g.gap else 0, say) for g in groups]


def _diverged(found: CurveScalars, metric: Metric, say: Say) -> list[tuple[str, list[int]]]:
    """The three signs of divergence and how many runs of each group show them."""
    rows = [
        (say("histories-nan-infinity"), [g.n_bad for g in found.groups]),
        (say("histories-lost-more-half-gain"), [g.n_gave_back for g in found.groups]),
    ]
    exploded = (say("histories-ended-above-twice-first-2"), [g.n_exploded for g in found.groups])
    return [*rows, exploded] if metric.goal == "minimize" else rows


def _scalar_row(
    words: str, cells: list[Cell], key: str, tested: list[tuple[str, Difference]], metric: Metric, digits: int
) -> tuple[Cell, ...]:
    row = [Cell(words), *cells]
    for label in dict.fromkeys(d.group for _, d in tested):
        d = next((d for what, d in tested if what == key and d.group == label), None)
        if d is None or d.delta is None or d.low is None or d.high is None:
            row += [Cell(None), Cell(None)]
            continue
        factor, unit = (100.0, "pp") if metric.format == "percent" else (1.0, "")
        interval = Interval(d.delta * factor, d.low * factor, d.high * factor, min(d.n_a, d.n_b), d.level)
        row += [Cell(interval, note=unit, digits=digits), Cell(d.p_of_both)]
    return tuple(row)


def _mean_cell(values: GroupValues | None, group: GroupScalars) -> Cell:
    """Mean with its interval; of a search the mean alone, since its spread is no noise."""
    if values is None or values.mean is None:
        return Cell(None)
    low, high = (None, None) if group.search else (values.low, values.high)
    return Cell(Interval(values.mean, low, high, values.n))


def _share_cell(k: int, n: int, say: Say) -> Cell:
    return Cell(say("histories-of-2", k=k, n=n) if n else None)


def _reached_cell(group: GroupScalars, say: Say) -> Cell:
    found = group.reached
    if found is None:
        return Cell(None)
    bounds = say("histories-to", low=text_of(found.share.low, "percent", 0), high=text_of(found.share.high, "percent", 0))
    return Cell(say("histories-of-3", reached=found.reached, runs=found.runs), note="" if group.search else bounds)


def _median_cell(group: GroupScalars, unit: str, say: Say) -> Cell:
    """The median step, or how long was waited in vain."""
    found = group.reached
    if found is None:
        return Cell(None)
    if found.median_step is not None:
        return Cell(found.median_step, format="number", digits=0 if found.median_step.is_integer() else 1)
    waited = (
        "" if group.last_step is None else say("histories-reached-s", last_step=text_of(group.last_step, "number"), unit=unit)
    )
    return Cell(say("histories-half-fewer-reached") if found.reached else waited or None)


def _scalar_notes(view: View, one: MetricHistory, found: CurveScalars, metric: Metric) -> tuple[str, ...]:
    slug = "second" if one.axis == "time" else "step"
    unit, units = view.say("histories-unit", unit=slug), view.say("histories-units", unit=slug)
    notes = [view.say("histories-finished-runs-more-point")]
    if found.span is not None:
        start, stop = (text_of(x, "number") for x in found.span)
        notes.append(view.say("histories-mean-over-curve-area", unit=units, start=start, stop=stop))
    else:
        notes.append(view.say("histories-runs-share-range-their", unit=units))
    if found.sought is not None:
        whose = view.say("histories-bound-gate") if found.sought.is_gate else view.say("histories-best-value-every-run")
        notes.append(
            view.say("histories-run-never-got-counts", metric=value_words(metric, found.sought.value), whose=whose, unit=unit)
        )
    never = [words for words, counts in _diverged(found, metric, view.say) if not any(counts)]
    if never:
        notes.append(view.say("histories-run", words=view.say.listed([f"“{words}”" for words in never])))
    if found.n_tests:
        notes.append(view.say("histories-p-adjusted-holm-tests", n=found.n_tests))
    if any(d.is_unequal for _, d in found.differences):
        notes.append(view.say("histories-unequal-sizes"))
    if any(g.search for g in found.groups):
        notes.append(view.say("histories-group-several-configurations-search"))
    if found.n_untold:
        notes.append(view.say("histories-further-groups-table", n=found.n_untold))
    return tuple(notes)

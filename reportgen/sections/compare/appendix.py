"""The memo's appendix: every test that is reported, how it is made, where it comes from, and every run with its values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.methods.proportions import wilson_interval
from reportgen.analyze.methods.ranks import MannWhitney
from reportgen.analyze.runs import RunKey
from reportgen.formats import text_of
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.compare.costs import cost_blocks
from reportgen.sections.compare.tables import MOST_PAIRED, differences_table, every_pair
from reportgen.sections.compare.tasks import tasks_tests
from reportgen.sections.compare.verdicts import judged_tasks, omnibus_block
from reportgen.sections.genai.appendix import evaluation_appendix
from reportgen.sections.view import View, value_cell, value_column
from reportgen.words import Say
from reportgen.words.compare.runs import without_pairs_words
from reportgen.words.compare.subject import DifferenceWords, words_of
from reportgen.words.compare.terms import equation, group_name, level_words, margin_size, p_words, pair_words, probability_words
from reportgen.words.methods import clause
from reportgen.words.quantities import label_of

MOST_RUNS_ON_PAPER = 8
"""A longer list is looked up, not read: each run is a dot on page 1, and the data files have its values."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One way to ask the difference."""

    what: str
    value: str
    how: str
    source: str


def appendix_section(view: View) -> Section | None:
    """Left out when nothing is compared."""
    if view.facts.evaluation_comparison is not None:
        return evaluation_appendix(view, view.facts.evaluation_comparison)
    comparison = view.facts.comparison
    if comparison is None or not comparison.groups:
        return None
    blocks: list[Block] = []
    tasks = judged_tasks(view)
    if tasks is not None:
        blocks += tasks_tests(tasks, view.facts.metrics[tasks.metric], view.say)
    only = comparison.primary[0] if tasks is None and len(comparison.primary) == 1 else None
    if only is not None:
        blocks.append(tests_table(words_of(comparison.metrics[0], only, view.facts.metrics[only.metric], view.say)))
    several = [compared for compared in comparison.metrics if compared.differences]
    if several and only is None and tasks is None:
        title = view.say("appendix-every-metric-group-against")
        whole = differences_table(view, several, "appendix-differences", title)
        blocks.append(replace(whole, on_paper=False))  # the decision has its verdicts and intervals
    blocks += omnibus_block(comparison, view.say)
    if len(comparison.groups) > MOST_PAIRED:
        blocks += every_pair(view, comparison, comparison.metrics[0], "appendix", always=True)
    costs = view.facts.costs
    if costs is not None and any(row.unit != "runs" for row in costs.differences):  # the groups answered requests
        blocks += cost_blocks(costs, view.say)
    blocks.append(runs_table(view, comparison))
    return Section("appendix", view.say("appendix-title"), tuple(blocks), view.say("appendix-question"))


def tests_table(w: DifferenceWords) -> Table:
    """One row for each test and effect size of the primary metric; what the number of runs forbids is said, not shown."""
    lines = [line for line in (*_headline(w), *_sensitivity(w), *_sizes(w), *_margin(w), *_power(w)) if line is not None]
    columns = (
        Column("what", w.say("appendix-column-what"), width=20),
        Column("value", w.say("appendix-column-value"), width=22),
        Column("how", w.say("appendix-column-how"), width=39),
        Column("source", w.say("appendix-column-source"), width=19),
    )
    rows = tuple((Cell(line.what), Cell(line.value), Cell(line.how), Cell(line.source)) for line in lines)
    return Table("appendix-tests", w.say("appendix-every-test", label=w.label), columns, rows, _test_notes(w.d, w.say))


def _test_notes(d: Difference, say: Say) -> tuple[str, ...]:
    notes = [say("appendix-first-line-decides-all")]
    if d.reason == "tested" and min(d.n_a, d.n_b) < 5:
        notes.append(say("appendix-effect-sizes-permutation-tests"))
    if d.method == "corrected":
        notes.append(say("appendix-folds-splits-share-training"))
    return tuple(notes)


def _headline(w: DifferenceWords) -> tuple[_Line | None, ...]:
    d, test = w.d, w.d.tested.student if w.d.tested else None
    names = {
        "welch": w.say("appendix-welch-s-t-test"),
        "paired": w.say("appendix-paired-t-test"),
        "corrected": w.say("appendix-corrected-paired-t-test"),
    }
    if d.method == "none" or test is None:
        if d.low is None:
            return (
                _Line(
                    w.say("appendix-test"),
                    w.say("list-none"),
                    w.say("appendix-rule-beside-decision-says"),
                    w.say("appendix-minimum-sample-rules"),
                ),
            )
        return (
            _Line(
                names[d.method],
                w.say("appendix-p", interval=w.interval()),
                w.say("appendix-only-two-runs-never", level=level_words(d.level, w.say)),
                w.say("appendix-references", method=d.method),
            ),
        )
    value = f"t({text_of(test.df, 'number', 1 if test.df % 1 else 0)}) = {text_of(test.t, 'number', 2)}, {p_words(d, w.say)}"
    how = w.say(
        "appendix-difference-standard-error", interval=w.interval(), level=level_words(d.level, w.say), size=w.size(test.se)
    )
    return (_Line(names[d.method], value, how, w.say("appendix-references", method=d.method)),)


def _sensitivity(w: DifferenceWords) -> tuple[_Line | None, ...]:
    effects = w.d.effects
    if effects is None:
        return ()
    lines: list[_Line | None] = []
    found = effects.permutation
    if found is not None:
        kind = w.say("appendix-sign-flips-pairs") if w.d.pairing else w.say("appendix-relabelings-runs")
        how = (
            w.say("appendix-all", arrangements=found.arrangements, kind=kind)
            if found.exact
            else w.say("appendix-drawn-p-b-1", arrangements=found.arrangements, kind=kind)
        )
        value = f"p {_p(found.p_two_sided)}" if found.p_two_sided is not None else clause(found.reason, w.say)
        lines.append(_Line(w.say("appendix-permutation-test"), value, how, w.say("appendix-references-2", value="permutation")))
    if w.d.tested is not None and (unpaired := w.d.tested.without_pairs) is not None:
        counted = w.say("appendix-against-runs", n_b=unpaired.n_b, n=unpaired.n_a)
        lines.append(
            _Line(
                w.say("appendix-without-pairing"),
                without_pairs_words(w),
                w.say("appendix-welch-s-t-test-2", counted=counted),
                w.say("appendix-references-2", value="welch"),
            )
        )
    if effects.location is not None:
        place = effects.location
        low, high = w.change(place.interval.low, place.interval.high) if place.interval else ("", "")
        bounds = f" [{low}, {high}]" if place.interval else f" ({clause(place.reason, w.say)})"
        what = w.say("appendix-hodges-lehmann-shift") if not w.d.pairing else w.say("appendix-hodges-lehmann-pseudo-median")
        how = w.say("appendix-exact-coverage", coverage=text_of(place.coverage, "percent", 1)) if place.coverage else place.method
        lines.append(
            _Line(what, f"{w.change(place.estimate)[0]}{bounds}{w.unit}", how, w.say("appendix-references-2", value="hl"))
        )
    if effects.ranks is not None:
        ranks = effects.ranks
        what = w.say("appendix-mann-whitney-test") if isinstance(ranks, MannWhitney) else w.say("appendix-signed-rank-test")
        value = f"p {_p(ranks.p_two_sided)}" if ranks.p_two_sided is not None else clause(ranks.reason, w.say)
        lines.append(
            _Line(what, value, w.say("appendix-ties-zeros-kept", method=ranks.method), w.say("appendix-references-2", value="hl"))
        )
    return tuple(lines)


def _p(p: float) -> str:
    return equation(text_of(p, "p"))


def _sizes(w: DifferenceWords) -> tuple[_Line | None, ...]:
    d, effects = w.d, w.d.effects
    lines: list[_Line | None] = []
    if effects is not None and effects.g is not None:
        lines.append(
            _Line(
                w.say("appendix-hedges-g"),
                text_of(effects.g, "change", 2),
                w.say("appendix-difference-counted-pooled-sds"),
                w.say("appendix-references-2", value="g"),
            )
        )
    if effects is not None and effects.d_av is not None:
        lines.append(
            _Line(
                "d_av",
                text_of(effects.d_av, "change", 2),
                w.say("appendix-difference-counted-mean-two"),
                w.say("appendix-references-2", value="g"),
            )
        )
    if effects is not None and effects.cliff is not None:
        value = f"{text_of(effects.cliff, 'change', 2)} ({effects.magnitude})"
        lines.append(
            _Line(
                w.say("appendix-cliff-s-delta"),
                value,
                w.say("appendix-share-run-pairs-where", name_b=w.name_b),
                w.say("appendix-references-2", value="cliff"),
            )
        )
    if effects is not None and effects.chance is not None:
        interval = effects.chance_interval
        bounds = f" ({w.say('appendix-to').join(text_of(end, 'percent', 0) for end in interval)})" if interval else ""
        how = w.say("appendix-ties-half-values-better", if_bounds="yes" if bounds else "no")
        lines.append(
            _Line(
                f"P({w.name_b} > {w.name_a})",
                f"{text_of(effects.chance, 'percent', 0)}{bounds}",
                how,
                w.say("appendix-references-2", value="chance"),
            )
        )
    if d.won is not None and d.pairing is not None:
        share = wilson_interval(d.won, d.n_a)
        bounds = (
            w.say("appendix-to-2", low=text_of(share.low, "percent", 0), high=text_of(share.high, "percent", 0))
            if d.method != "corrected"
            else ""
        )
        lines.append(
            _Line(
                w.say("appendix-pairs-won"),
                w.say("appendix-of", won=d.won, n_a=d.n_a, bounds=bounds),
                w.say("appendix-better", name_b=w.name_b, pair=pair_words(d.pairing, w.say)),
                w.say("appendix-references-2", value="won") if bounds else w.say("appendix-interval-folds"),
            )
        )
    if d.lift is not None:
        mid, low, high = (text_of(x, "percent_change", 2) for x in (d.lift.value, d.lift.low, d.lift.high))
        lines.append(
            _Line(
                w.say("appendix-relative-difference"),
                f"{mid} [{low}, {high}]",
                w.say("appendix-percent-s-mean-delta", name_a=w.name_a),
                w.say("appendix-references-2", value="lift"),
            )
        )
    elif d.method in ("welch", "paired"):
        lines.append(
            _Line(
                w.say("appendix-relative-difference"),
                w.say("appendix-given"),
                w.say("appendix-baseline-near-zero-positive"),
                w.say("appendix-references-2", value="lift"),
            )
        )
    return tuple(lines)


def _margin(w: DifferenceWords) -> tuple[_Line | None, ...]:
    within, posterior = w.d.margin, w.d.effects.posterior if w.d.effects else None
    lines: list[_Line | None] = []
    if within is not None:
        words = {
            "PASS": "shown",
            "FAIL": w.say("appendix-shown-worse-more"),
            "INCONCLUSIVE": w.say("appendix-decided"),
            "NO_DATA": w.say("appendix-data"),
        }
        low, high = w.change(within.low, within.high)
        how = w.say(
            "appendix-sided-bounds-improvement-margin",
            low=low,
            high=high,
            unit=w.unit,
            margin_size=margin_size(w.metric, within.margin, w.say),
        )
        lines.append(
            _Line(w.say("appendix-worse-margin"), words[within.state], how, w.say("appendix-references-2", value="margin"))
        )
        lines.append(
            _Line(
                w.say("appendix-equivalent-within-margin"),
                "shown" if within.equivalent else w.say("appendix-shown"),
                w.say("appendix-two-sided-tests"),
                w.say("appendix-references-2", value="margin"),
            )
        )
    if posterior is not None and posterior.inside is not None:
        ends = (posterior.below, posterior.above) if w.metric.goal == "maximize" else (posterior.above, posterior.below)
        worse, inside, better = (probability_words(x or 0.0) for x in (ends[0], posterior.inside, ends[1]))
        lines.append(
            _Line(
                w.say("appendix-posterior"),
                w.say("appendix-worse-inside-better-more", worse=worse, inside=inside, better=better),
                w.say("appendix-correlated-bayesian-t-test"),
                w.say("appendix-references-2", value="posterior"),
            )
        )
    return tuple(lines)


def _power(w: DifferenceWords) -> tuple[_Line | None, ...]:
    if w.d.power is None:
        return ()
    return (
        _Line(
            w.say("appendix-detectable-difference"),
            w.size(w.d.power.detectable),
            w.say("appendix-true-difference-size-found"),
            w.say("appendix-references-2", value="power"),
        ),
    )


# --- the runs ------------------------------------------------------------------------------------------------------


def runs_table(view: View, comparison: Comparison) -> Table:
    """Every run of every group with its values, counted or not."""
    metrics = [view.facts.metrics[compared.metric] for compared in comparison.metrics]
    pairs = _pair_of(comparison)
    columns = (
        Column("group", view.say("appendix-column-group")),
        Column("run", view.say("appendix-column-run"), "run"),
        *((Column("pair", view.say("appendix-column-pair"), "code"),) if pairs else ()),
        *(value_column(metric, view.say) for metric in metrics),
        Column("status", view.say("appendix-column-status"), "status"),
    )
    rows = []
    for group in comparison.groups:
        keys = sorted((*group.finished, *group.failed, *group.unfinished, *group.repeated), key=lambda key: view.run(key).order)
        for key in keys:
            values = (value_cell(metric, key) for metric in metrics)
            rows.append(
                (
                    Cell(group_name(group.label)),
                    Cell(view.link(key)),
                    *((Cell(pairs.get(key)),) if pairs else ()),
                    *values,
                    Cell(view.run(key).status),
                )
            )
    label = label_of(metrics[0]) if metrics else view.say("appendix-metric")
    return Table(
        "appendix-runs",
        view.say("appendix-runs-groups", n=len(rows), label=label),
        columns,
        tuple(rows),
        on_paper=len(rows) <= MOST_RUNS_ON_PAPER,
        sortable=True,
    )


def _pair_of(comparison: Comparison) -> dict[RunKey, str]:
    """Run → what pairs it in the primary metric."""
    found: dict[RunKey, str] = {}
    for d in comparison.metrics[0].differences if comparison.metrics else ():
        if d.pairing is not None:
            for key, *sides in zip(d.pairing.keys, d.pairing.runs_a, d.pairing.runs_b, strict=True):
                found |= {run: "/".join(key)[:40] for side in sides for run in side}
    for side in comparison.metrics[0].groups if found else ():
        found |= {run: found[seed.keys[0]] for seed in side.seeds if seed.keys[0] in found for run in seed.keys}
    return found

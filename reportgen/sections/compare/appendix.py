"""The memo's appendix: every test that is reported, how it is made, where it comes from, and every run with its values."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.methods.proportions import wilson_interval
from reportgen.analyze.methods.ranks import MannWhitney
from reportgen.analyze.runs import RunKey
from reportgen.formats import plural, text_of
from reportgen.model import Block, Cell, Column, Section, Table
from reportgen.sections.compare.costs import cost_blocks
from reportgen.sections.compare.tables import MOST_PAIRED, differences_table, every_pair
from reportgen.sections.compare.tasks import tasks_tests
from reportgen.sections.compare.verdicts import judged_tasks, omnibus_block
from reportgen.sections.genai.appendix import evaluation_appendix
from reportgen.sections.view import View, value_cell, value_column
from reportgen.words.compare.runs import without_pairs_words
from reportgen.words.compare.subject import DifferenceWords, words_of
from reportgen.words.compare.terms import equation, group_name, level_words, margin_size, p_words, pair_words, probability_words
from reportgen.words.methods import clause
from reportgen.words.quantities import label_of

MOST_RUNS_ON_PAPER = 8
TITLE = "Appendix"
QUESTION = "Which tests were made, how, and on which runs?"
_REFERENCES = {
    "welch": "Welch 1947",
    "paired": "Student 1908",
    "corrected": "Nadeau & Bengio 2003",
    "permutation": "Phipson & Smyth 2010",
    "g": "Borenstein et al. 2009",
    "cliff": "Romano et al. 2006",
    "chance": "Vargha & Delaney 2000",
    "won": "Wilson 1927",
    "lift": "Deng et al. 2018",
    "hl": "Hollander & Wolfe 1973",
    "margin": "Lakens et al. 2018",
    "posterior": "Corani & Benavoli 2015",
    "power": "noncentral t",
}


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
        blocks += tasks_tests(tasks, view.facts.metrics[tasks.metric])
    only = comparison.primary[0] if tasks is None and len(comparison.primary) == 1 else None
    if only is not None:
        blocks.append(tests_table(words_of(comparison.metrics[0], only, view.facts.metrics[only.metric])))
    several = [compared for compared in comparison.metrics if compared.differences]
    if several and only is None and tasks is None:
        blocks.append(differences_table(view, several, "appendix-differences", "Every metric and group against the baseline"))
    blocks += omnibus_block(comparison)
    if len(comparison.groups) > MOST_PAIRED:
        blocks += every_pair(view, comparison, comparison.metrics[0], "appendix", always=True)
    costs = view.facts.costs
    if costs is not None and any(row.unit != "runs" for row in costs.differences):  # the groups answered requests
        blocks += cost_blocks(costs)
    blocks.append(runs_table(view, comparison))
    return Section("appendix", TITLE, tuple(blocks), QUESTION)


def tests_table(w: DifferenceWords) -> Table:
    """One row for each test and effect size of the primary metric; what the number of runs forbids is said, not shown."""
    lines = [line for line in (*_headline(w), *_sensitivity(w), *_sizes(w), *_margin(w), *_power(w)) if line is not None]
    columns = (
        Column("what", "What", width=20),
        Column("value", "Value", width=22),
        Column("how", "How", width=39),
        Column("source", "Source", width=19),
    )
    rows = tuple((Cell(line.what), Cell(line.value), Cell(line.how), Cell(line.source)) for line in lines)
    return Table("appendix-tests", f"Every test of {w.label}", columns, rows, _test_notes(w.d))


def _test_notes(d: Difference) -> tuple[str, ...]:
    notes = [
        "The first line decides; all others only show whether it depends on how it was asked. docs/statistics.md has formulas and coverage."
    ]
    if d.reason == "tested" and min(d.n_a, d.n_b) < 5:
        notes.append("Effect sizes, permutation tests and rank tests are not printed below five runs per side.")
    if d.method == "corrected":
        notes.append("Folds and splits share training data, so there is no permutation line and no relative difference.")
    return tuple(notes)


def _headline(w: DifferenceWords) -> tuple[_Line | None, ...]:
    d, test = w.d, w.d.tested.student if w.d.tested else None
    names = {"welch": "Welch's t test", "paired": "Paired t test", "corrected": "Corrected paired t test"}
    if d.method == "none" or test is None:
        if d.low is None:
            return (_Line("Test", "none", "the rule beside the decision says why", "Minimum-sample rules"),)
        return (
            _Line(
                names[d.method],
                f"{w.interval()}, no p",
                f"{level_words(d.level)} only: two runs are never tested",
                _REFERENCES[d.method],
            ),
        )
    value = f"t({text_of(test.df, 'number', 1 if test.df % 1 else 0)}) = {text_of(test.t, 'number', 2)}, {p_words(d)}"
    how = f"difference {w.interval()} ({level_words(d.level)}), standard error {w.size(test.se)}"
    return (_Line(names[d.method], value, how, _REFERENCES[d.method]),)


def _sensitivity(w: DifferenceWords) -> tuple[_Line | None, ...]:
    effects = w.d.effects
    if effects is None:
        return ()
    lines: list[_Line | None] = []
    found = effects.permutation
    if found is not None:
        kind = "sign flips of the pairs" if w.d.pairing else "relabelings of the runs"
        how = f"all {found.arrangements:,} {kind}" if found.exact else f"{found.arrangements:,} drawn {kind}, p = (b + 1)/(B + 1)"
        value = f"p {_p(found.p_two_sided)}" if found.p_two_sided is not None else clause(found.reason)
        lines.append(_Line("Permutation test", value, how, _REFERENCES["permutation"]))
    if w.d.tested is not None and (unpaired := w.d.tested.without_pairs) is not None:
        counted = f"{unpaired.n_b} against {plural(unpaired.n_a, 'run')}"
        lines.append(_Line("Without pairing", without_pairs_words(w), f"Welch's t test, {counted}", _REFERENCES["welch"]))
    if effects.location is not None:
        place = effects.location
        low, high = w.change(place.interval.low, place.interval.high) if place.interval else ("", "")
        bounds = f" [{low}, {high}]" if place.interval else f" ({clause(place.reason)})"
        what = "Hodges–Lehmann shift" if not w.d.pairing else "Hodges–Lehmann pseudo-median"
        how = f"exact, coverage {text_of(place.coverage, 'percent', 1)}" if place.coverage else place.method
        lines.append(_Line(what, f"{w.change(place.estimate)[0]}{bounds}{w.unit}", how, _REFERENCES["hl"]))
    if effects.ranks is not None:
        ranks = effects.ranks
        what = "Mann–Whitney test" if isinstance(ranks, MannWhitney) else "Signed-rank test"
        value = f"p {_p(ranks.p_two_sided)}" if ranks.p_two_sided is not None else clause(ranks.reason)
        lines.append(_Line(what, value, f"{ranks.method}, ties and zeros kept", _REFERENCES["hl"]))
    return tuple(lines)


def _p(p: float) -> str:
    return equation(text_of(p, "p"))


def _sizes(w: DifferenceWords) -> tuple[_Line | None, ...]:
    d, effects = w.d, w.d.effects
    lines: list[_Line | None] = []
    if effects is not None and effects.g is not None:
        lines.append(
            _Line(
                "Hedges' g",
                text_of(effects.g, "change", 2),
                "the difference, counted in pooled sds; corrected for few runs",
                _REFERENCES["g"],
            )
        )
    if effects is not None and effects.d_av is not None:
        lines.append(
            _Line(
                "d_av",
                text_of(effects.d_av, "change", 2),
                "the difference, counted in the mean of the two groups' sds",
                _REFERENCES["g"],
            )
        )
    if effects is not None and effects.cliff is not None:
        value = f"{text_of(effects.cliff, 'change', 2)} ({effects.magnitude})"
        lines.append(
            _Line("Cliff's delta", value, f"share of run pairs where {w.name_b} is higher, minus lower", _REFERENCES["cliff"])
        )
    if effects is not None and effects.chance is not None:
        interval = effects.chance_interval
        bounds = f" ({' to '.join(text_of(end, 'percent', 0) for end in interval)})" if interval else ""
        how = "ties half; as values, not as better; " + (
            "bootstrap interval" if bounds else "an interval needs ten runs per side"
        )
        lines.append(
            _Line(f"P({w.name_b} > {w.name_a})", f"{text_of(effects.chance, 'percent', 0)}{bounds}", how, _REFERENCES["chance"])
        )
    if d.won is not None and d.pairing is not None:
        share = wilson_interval(d.won, d.n_a)
        bounds = (
            f" ({text_of(share.low, 'percent', 0)} to {text_of(share.high, 'percent', 0)})" if d.method != "corrected" else ""
        )
        lines.append(
            _Line(
                "Pairs won",
                f"{d.won} of {d.n_a}{bounds}",
                f"{w.name_b} better, by {pair_words(d.pairing)}",
                _REFERENCES["won"] if bounds else "no interval: folds",
            )
        )
    if d.lift is not None:
        mid, low, high = (text_of(x, "percent_change", 2) for x in (d.lift.value, d.lift.low, d.lift.high))
        lines.append(
            _Line(
                "Relative difference",
                f"{mid} [{low}, {high}]",
                f"percent of {w.name_a}'s mean, by the delta method; not points",
                _REFERENCES["lift"],
            )
        )
    elif d.method in ("welch", "paired"):
        lines.append(_Line("Relative difference", "not given", "the baseline is near zero or not positive", _REFERENCES["lift"]))
    return tuple(lines)


def _margin(w: DifferenceWords) -> tuple[_Line | None, ...]:
    within, posterior = w.d.margin, w.d.effects.posterior if w.d.effects else None
    lines: list[_Line | None] = []
    if within is not None:
        words = {"PASS": "shown", "FAIL": "shown to be worse by more", "INCONCLUSIVE": "not decided", "NO_DATA": "no data"}
        low, high = w.change(within.low, within.high)
        how = f"one-sided bounds of the improvement {low} and {high}{w.unit}, margin {margin_size(w.metric, within.margin)}"
        lines.append(_Line("Not worse by the margin", words[within.state], how, _REFERENCES["margin"]))
        lines.append(
            _Line(
                "Equivalent within the margin",
                "shown" if within.equivalent else "not shown",
                "two one-sided tests",
                _REFERENCES["margin"],
            )
        )
    if posterior is not None and posterior.inside is not None:
        ends = (posterior.below, posterior.above) if w.metric.goal == "maximize" else (posterior.above, posterior.below)
        worse, inside, better = (probability_words(x or 0.0) for x in (ends[0], posterior.inside, ends[1]))
        lines.append(
            _Line(
                "Posterior",
                f"{worse} worse, {inside} inside, {better} better by more than the margin",
                "correlated Bayesian t test, flat prior",
                _REFERENCES["posterior"],
            )
        )
    return tuple(lines)


def _power(w: DifferenceWords) -> tuple[_Line | None, ...]:
    if w.d.power is None:
        return ()
    return (
        _Line(
            "Detectable difference",
            w.size(w.d.power.detectable),
            "a true difference of this size is found with 80 % probability",
            _REFERENCES["power"],
        ),
    )


# --- the runs ------------------------------------------------------------------------------------------------------


def runs_table(view: View, comparison: Comparison) -> Table:
    """Every run of every group with its values, counted or not."""
    metrics = [view.facts.metrics[compared.metric] for compared in comparison.metrics]
    pairs = _pair_of(comparison)
    columns = (
        Column("group", "Group"),
        Column("run", "Run", "run"),
        *((Column("pair", "Pair", "code"),) if pairs else ()),
        *(value_column(metric) for metric in metrics),
        Column("status", "Status", "status"),
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
    label = label_of(metrics[0]) if metrics else "no metric"
    return Table(
        "appendix-runs",
        f"{plural(len(rows), 'run')} of the groups: {label}",
        columns,
        tuple(rows),
        paper_rows=MOST_RUNS_ON_PAPER,
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

"""Page 1 of a memo about evaluations: the verdict, every scorer before and after, the rows that got worse, like for like."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.analyze.genai.comparison import EvaluationComparison, EvaluationDifference
from reportgen.analyze.genai.front import QualityFront
from reportgen.analyze.genai.paired import FEWEST_PAIRS, PairedScores
from reportgen.analyze.genai.scores import ScorerKey
from reportgen.formats import one_line, shared_digits, text_of
from reportgen.model import Block, Cell, Column, Interval, Section, Table, Tone, Verdict, VerdictPart
from reportgen.outcomes import OUTCOMES
from reportgen.sections.genai.flips import flips_blocks
from reportgen.sections.genai.likeness import likeness_caveats, likeness_in_brief
from reportgen.sections.genai.values import (
    arrow,
    change_cell,
    change_words,
    change_words_of,
    digits_of,
    scorer_name,
    side_names,
    size_words,
    slice_name,
    strip_cells,
    value_cell,
    verdict_cell,
)
from reportgen.sections.view import View, paragraph
from reportgen.words import Say

MOST_NAMED = 3
MOST_VERDICTS = 4
MOST_ROWS = 20
MOST_SLICES = 2


def evaluation_decision(view: View, comparison: EvaluationComparison) -> Section:
    blocks: list[Block] = [verdict_of(one, view.say) for one in comparison.differences[:MOST_VERDICTS]]
    if comparison.front is not None:
        blocks.append(front_table(comparison.front, view.say))
    for at, one in enumerate(comparison.differences):
        mark = "" if len(comparison.differences) == 1 else f"-{at + 1}"
        blocks.append(scorers_table(one, view.say, f"decision-scorers{mark}"))
        blocks.append(paragraph(likeness_in_brief(one, view.say)))
        blocks += flips_blocks(view, one, f"decision-rows{mark}")
        if one.spend:
            blocks.append(spend_table(one, view.say, f"decision-spend{mark}"))
    return Section("decision", view.say("genai-decision-title"), tuple(blocks), view.say("genai-decision-question"))


def evaluation_headline(comparison: EvaluationComparison, say: Say) -> str:
    """The decision in one line."""
    if len(comparison.differences) == 1:
        (only,) = comparison.differences
        sentence = sentence_of(only, say)
        return say("genai-headline-unclear", sentence=sentence) if only.outcome == "unclear" and only.n_pairs else sentence
    parts = [
        say("genai-headline-part", after=side_names(one)[1], outcome=say("genai-outcome-2", outcome=one.outcome))
        for one in comparison.differences
    ]
    return say("genai-headline-several", before=one_line(comparison.baseline, 40), parts=say.listed(parts, 6))


# --- the verdict ---


def verdict_of(one: EvaluationDifference, say: Say) -> Verdict:
    before, after = side_names(one)
    tone: Tone = OUTCOMES[one.outcome].tone
    if one.decisive:
        rule = say("genai-rule-decisive", scorers=say.listed([one_line(name, 50) for name in one.decisive]), n=len(one.decisive))
    else:
        rule = say("genai-rule", n=one.n_tests)
    return Verdict(
        title=say("genai-verdict-title", after=after, before=before, n=one.n_pairs),
        outcome=one.outcome,
        sentence=sentence_of(one, say),
        rule=rule,
        tone=tone,
        caveats=(*_slices_worse(one, say), *_strength(one, say), *_spend_caveats(one, say), *likeness_caveats(one, say)),
        heading=say("genai-outcome", outcome=one.outcome).lstrip("▲▼ ").capitalize(),
        parts=tuple(_part(scorer, say) for scorer in one.scorers),
    )


def _part(scorer: PairedScores, say: Say) -> VerdictPart:
    """The scorer's outcome with its rows that got worse: whoever reads a failed job wants these."""
    name = scorer_name(scorer.key, say)
    is_measured = scorer.before is not None and scorer.after is not None and scorer.reason != "labels"
    sentence = say(
        "genai-part",
        change=change_words_of(scorer, say) if is_measured else name,
        outcome=str(verdict_cell(scorer, say).value).lstrip("▲▼ "),
    )
    sign = -1 if scorer.goal == "minimize" else 1
    worse = [flip.row for flip in scorer.flips if sign * flip.change < 0] if scorer.goal != "none" else []
    if worse:
        sentence = f"{sentence} {say('genai-gate-rows', rows=say.listed(worse, MOST_ROWS), n=len(worse))}"
    return VerdictPart(name, scorer.outcome, sentence)


def _slices_worse(one: EvaluationDifference, say: Say) -> list[str]:
    """The worst slices that got worse beyond chance, whatever the mean over all rows did."""
    worse = [its for its in one.slices if its.scores.outcome == "worse"][:MOST_SLICES]
    return [say("genai-slice-worse", slice=slice_name(its), change=change_words_of(its.scores, say)) for its in worse]


def sentence_of(one: EvaluationDifference, say: Say) -> str:
    """What was decided, and what is worse all the same, though it was not named to decide."""
    decided = _decided_sentence(one, say)
    if not one.worse_beside:
        return decided
    worse = say.listed([change_words_of(scorer, say) for scorer in one.worse_beside], MOST_NAMED)
    return f"{decided} {say('genai-worse-beside', scorers=worse)}"


def _decided_sentence(one: EvaluationDifference, say: Say) -> str:
    before, after = side_names(one)
    shared = [scorer for scorer in one.scorers if scorer.reason != "one_side"]
    if not one.n_pairs:
        return say("genai-no-rows", after=after, before=before)
    if not shared:
        return say("genai-no-scorer")
    worse, better = ([change_words_of(scorer, say) for scorer in one.of(outcome)] for outcome in ("worse", "better"))
    if worse and better:
        return say("genai-mixed", after=after, worse=say.listed(worse, MOST_NAMED), better=say.listed(better, MOST_NAMED))
    if worse:
        return say("genai-worse", after=after, scorers=say.listed(worse, MOST_NAMED))
    if better:
        return say("genai-better", after=after, scorers=say.listed(better, MOST_NAMED), others=len(one.worse_beside))
    both = [scorer for scorer in one.deciding if scorer in shared and scorer.goal != "none"]
    if not both:
        return say("genai-no-direction", scorer=one_line(shared[0].key.name, 50))
    if one.outcome == "too_few":
        return say("genai-too-few", n=max(scorer.n_pairs for scorer in both), least=FEWEST_PAIRS)
    if one.outcome == "equivalent":
        return say("genai-equivalent", after=after, before=before)
    if one.outcome == "not_worse":
        return say("genai-not-worse", after=after, before=before)
    tested = [scorer for scorer in both if scorer.p is not None]
    told = say("genai-unclear", n=len([scorer for scorer in both if scorer.reason != "labels"]))
    closest = min(tested, key=lambda scorer: scorer.p if scorer.p is not None else 2.0, default=None)
    if closest is None or not closest.difference or not closest.difference.value:
        return told
    return f"{told} {say('genai-unclear-largest', change=change_words_of(closest, say))}"


def _strength(one: EvaluationDifference, say: Say) -> list[str]:
    """What the rows can show, where nothing is decided."""
    found: list[str] = []
    tested = [scorer for scorer in one.deciding if scorer.p is not None and scorer.goal != "none"]
    found += [
        say("genai-alone", scorer=scorer_name(scorer.key, say), n=one.n_tests) for scorer in tested if scorer.is_decided_alone
    ][:2]
    if one.outcome in ("unclear", "not_worse") and tested:
        closest = min(tested, key=lambda scorer: scorer.p if scorer.p is not None else 2.0)
        name = scorer_name(closest.key, say)
        if closest.needed is not None and closest.needed > closest.n_pairs:
            needed = text_of(closest.needed, "integer")
            found.append(say("genai-needed", needed=needed, change=change_words(closest), scorer=name, n=closest.n_pairs))
        if closest.detectable is not None:
            found.append(say("genai-detectable", n=closest.n_pairs, change=size_words(closest, closest.detectable), scorer=name))
    open_ = [scorer_name(scorer.key, say) for scorer in tested if scorer.margin is not None and scorer.outcome == "unclear"]
    if open_:
        found.append(say("genai-margin-not-excluded", scorers=say.listed(open_, MOST_NAMED)))
    return found


def _spend_caveats(one: EvaluationDifference, say: Say) -> list[str]:
    """What a quality must be weighed against: time and money that changed beyond chance."""
    kinds = {spent.what for spent in one.spend}
    told = [spent for spent in one.spend if spent.what != "tokens" or "cost" not in kinds]
    return [
        say("genai-spend-caveat", what=spent.what, ratio=_ratio_words(spent.ratio, say))
        for spent in told
        if spent.ratio is not None and spent.ratio.low is not None and not spent.ratio.low <= 1 <= (spent.ratio.high or 1)
    ]


# --- tables ---


def scorers_table(one: EvaluationDifference, say: Say, id_: str) -> Table:
    before, after = side_names(one)
    strips = strip_cells(one.scorers, say)
    columns = (
        Column("scorer", say("genai-column-scorer")),
        Column("before", before, "number"),
        Column("after", after, "number"),
        Column("change", say("genai-column-change"), "change"),
        *([Column("strip", say("genai-column-picture"))] if strips else []),
        Column("rows", say("genai-column-rows")),
        Column("p", say("genai-column-p"), "p", on_paper=False),
        Column("verdict", say("genai-column-verdict")),
        Column("n", say("genai-column-n"), "integer", on_paper=False),
    )
    rows = tuple(_scorer_cells(one, scorer, say, strips) for scorer in one.scorers)
    return Table(id_, say("genai-scorers-title"), columns, rows, (say("genai-note-won"),), len(rows), paper_rows=12)


def _scorer_cells(
    one: EvaluationDifference, scorer: PairedScores, say: Say, strips: Mapping[ScorerKey, Cell]
) -> tuple[Cell, ...]:
    digits = digits_of([scorer])
    alone = [side.scorers.get(scorer.key) for side in (one.before, one.after)]
    means = [scorer.before, scorer.after]
    if scorer.reason == "one_side":
        means = [side.mean.value if side is not None and side.mean is not None else None for side in alone]
    counts = f"{scorer.won} / {scorer.lost} / {scorer.tied}" if scorer.n_pairs and scorer.reason != "labels" else None
    if scorer.reason == "labels":
        counts = f"{scorer.n_pairs - scorer.n_same} ≠ / {scorer.n_same} ="
    return (
        Cell(scorer_name(scorer.key, say), note=arrow(scorer)),
        value_cell(scorer.kind, means[0], digits),
        value_cell(scorer.kind, means[1], digits),
        change_cell(scorer),
        *([strips.get(scorer.key, Cell(None))] if strips else []),
        Cell(counts),
        Cell(scorer.p_holm),
        verdict_cell(scorer, say),
        Cell(scorer.n_pairs),
    )


def spend_table(one: EvaluationDifference, say: Say, id_: str) -> Table:
    before, after = side_names(one)
    columns = (
        Column("what", say("genai-column-measure")),
        Column("before", before, "number"),
        Column("after", after, "number"),
        Column("ratio", say("genai-column-ratio")),
    )
    rows = tuple(
        (
            Cell(say("genai-spend", what=spent.what)),
            *(
                Cell(
                    value,
                    format="duration" if spent.what == "seconds" else "number",
                    digits=None if spent.what == "seconds" else digits,
                )
                for value in (spent.before, spent.after)
            ),
            Cell(_ratio_words(spent.ratio, say) if spent.ratio is not None else None),
        )
        for spent in one.spend
        for digits in [shared_digits([value for value in (spent.before, spent.after) if value is not None], 3)]
    )
    n = max(spent.n_pairs for spent in one.spend)
    return Table(id_, say("genai-spend-title"), columns, rows, (say("genai-spend-note", n=n),), len(rows))


def front_table(front: QualityFront, say: Say) -> Table:
    """Every variant with its quality and what an answer takes, best first; a sign where none beats it in both."""
    is_share = front.kind == "pass"
    columns = (
        Column("variant", say("genai-column-variant")),
        Column("quality", scorer_name(front.key, say), "percent" if is_share else "number", 1 if is_share else None, front.goal),
        Column("spent", say("genai-front-spent", what=front.spending), "duration" if front.spending == "seconds" else "number"),
        Column("front", say("genai-column-front")),
    )
    rows = tuple(
        (
            Cell(one_line(point.label, 40)),
            Cell(point.quality),
            Cell(point.spent),
            Cell(say("genai-front-yes") if point.is_on_front else None, "good" if point.is_on_front else "neutral"),
        )
        for point in front.points
    )
    return Table("decision-front", say("genai-front-title"), columns, rows, (say("genai-front-note"),), len(rows))


def _ratio_words(ratio: Interval, say: Say) -> str:
    if ratio.low is None or ratio.high is None:
        return say("genai-ratio", ratio=text_of(ratio.value, "number", 2))
    ends = [text_of(end, "number", 2) for end in (ratio.value, ratio.low, ratio.high)]
    return say("genai-ratio-interval", ratio=ends[0], low=ends[1], high=ends[2])

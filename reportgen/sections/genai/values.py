"""How scores, changes and rows are written in every block about evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.analyze.genai.comparison import EvaluationDifference
from reportgen.analyze.genai.paired import PairedScores
from reportgen.analyze.genai.scores import Kind, ScorerKey
from reportgen.analyze.genai.slices import Slice
from reportgen.formats import goal_arrow, one_line, shared_digits, text_of
from reportgen.model import Cell, Format, Interval, IntervalStrip, Tone
from reportgen.outcomes import OUTCOMES
from reportgen.words import Say

PP = "pp"


def scorer_name(key: ScorerKey, say: Say) -> str:
    name = one_line(key.name, 50)
    return say("genai-people", scorer=name) if key.by_people else name


def score(kind: Kind, value: float | None, digits: int | None = None) -> str:
    if kind == "pass":
        return text_of(value, "percent", 1 if digits is None else digits)
    return text_of(value, "number", digits)


def change_words(one: PairedScores, value: float | None = None) -> str:
    """ "+15.0 pp", or the change in the scorer's own unit; of ``value``, else of the difference."""
    size = value if value is not None else one.difference.value if one.difference is not None else None
    if one.kind == "pass":
        return f"{text_of(None if size is None else size * 100, 'change', 1)} {PP}"
    return text_of(size, "change", digits_of([one]))


def size_words(one: PairedScores, value: float) -> str:
    """The same without its sign."""
    return (
        f"{text_of(abs(value) * 100, 'number', 0)} {PP}"
        if one.kind == "pass"
        else text_of(abs(value), "number", digits_of([one]))
    )


def digits_of(scorers: Sequence[PairedScores]) -> int:
    """Decimals of scores on a scale: three significant digits."""
    return shared_digits([v for one in scorers for v in (one.before, one.after) if v is not None], 3)


def change_words_of(one: PairedScores, say: Say) -> str:
    """ "exact_match 72.5 % → 87.5 % (+15.0 pp; 8 rows better, 2 worse)"."""
    digits = None if one.kind == "pass" else digits_of([one])
    values = f"{score(one.kind, one.before, digits)} → {score(one.kind, one.after, digits)}"
    name, change = scorer_name(one.key, say), change_words(one)
    if one.kind != "pass":
        return say("genai-change", scorer=name, values=values, change=change)
    return say("genai-change-rows", scorer=name, values=values, change=change, won=one.won, lost=one.lost)


def change_cell(one: PairedScores) -> Cell:
    """The change with its interval; of pass rates in pp."""
    if one.difference is None:
        return Cell(None)
    d = one.difference
    value, *ends = (_shown(one, end) for end in (d.value, d.low, d.high))
    shown = Interval(value, ends[0], ends[1], d.n, d.level)
    return Cell(shown, tone_of(one), PP if one.kind == "pass" else "", "change", 1 if one.kind == "pass" else digits_of([one]))


def _shown(one: PairedScores, end: float | None) -> float | None:
    """In percentage points of a pass rate. 0.99997 is 1 here: it would be printed with all of its digits, as no other number beside it."""
    if end is None or one.kind != "pass":
        return end
    points = end * 100
    return round(points) if abs(abs(points) - 1) < 0.001 else points


def is_share(one: PairedScores) -> bool:
    """Whether its values lie from 0 to 1, so that its change has a place on the axis of pass rates."""
    values = [one.before, one.after, *(value for flip in one.flips for value in (flip.before, flip.after))]
    return one.kind == "pass" or (one.kind == "number" and all(value is not None and 0 <= value <= 1 for value in values))


def strip_cells(scorers: Sequence[PairedScores], say: Say) -> dict[ScorerKey, Cell]:
    """Each change that is a share as a picture, all on one axis around no change."""
    drawn = [one for one in scorers if is_share(one) and one.difference is not None and one.difference.low is not None]
    ends = [abs(end) for one in drawn if one.difference is not None for end in (one.difference.low, one.difference.high) if end]
    reach = max(ends, default=0.0) * 1.05
    if not reach:
        return {}
    return {
        one.key: Cell(None, chart=IntervalStrip(one.difference, -reach, reach, _strip_words(one, say), tone=tone_of(one)))
        for one in drawn
        if one.difference is not None
    }


def _strip_words(one: PairedScores, say: Say) -> str:
    d = one.difference
    ends = (None, None, None) if d is None else (d.value, d.low, d.high)
    value, low, high = (text_of(_shown(one, end), "change", 1 if one.kind == "pass" else 3) for end in ends)
    return say("genai-interval", value=value, low=low, high=high)


def value_cell(kind: Kind, value: float | None, digits: int | None = None) -> Cell:
    shown_as: Format = "percent" if kind == "pass" else "number"
    return Cell(value, format=shown_as, digits=1 if kind == "pass" else digits)


def tone_of(one: PairedScores) -> Tone:
    return OUTCOMES[one.outcome].tone if one.outcome in ("better", "worse", "equivalent", "not_worse") else "neutral"


def verdict_cell(one: PairedScores, say: Say) -> Cell:
    if one.reason in ("no_pairs", "few_pairs", "few_clusters", "one_side", "labels") or (
        one.reason in ("all_equal", "constant") and one.outcome in ("unclear", "too_few")
    ):
        return Cell(say("genai-reason", reason=one.reason), "muted")
    return Cell(say("genai-outcome", outcome=one.outcome), tone_of(one))


def tag_words(tags: Mapping[str, str]) -> str | None:
    return ", ".join(f"{one_line(key, 30)}={one_line(value, 40)}" for key, value in sorted(tags.items())[:4]) or None


def slice_name(its: Slice) -> str:
    return f"{one_line(its.tag, 30)}={one_line(its.value, 40)}"


def side_names(difference: EvaluationDifference) -> tuple[str, str]:
    return one_line(difference.before.label, 40), one_line(difference.after.label, 40)


def arrow(one: PairedScores) -> str:
    """Which way is better, as a sign; empty where it is not known."""
    return goal_arrow(one.goal)


def row_order(row: str) -> tuple[int, str]:
    return (len(row), row)

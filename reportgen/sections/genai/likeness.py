"""Were both evaluations measured alike: a table with what each digest shows, and the sentences for page 1."""

from __future__ import annotations

from reportgen.analyze.genai.comparison import EvaluationDifference
from reportgen.analyze.genai.likeness import Alike
from reportgen.formats import one_line
from reportgen.model import Cell, Column, Table, Tone
from reportgen.sections.genai.values import scorer_name, side_names
from reportgen.words import Say

COMPARED = ("prompts", "application")
"""What usually is the change that is asked about, so that a difference is no warning."""


def likeness_table(one: EvaluationDifference, say: Say, id_: str) -> Table:
    columns = (
        Column("what", say("genai-column-what")),
        Column("state", say("genai-column-state")),
        Column("shows", say("genai-column-proves")),
    )
    rows = tuple(
        (Cell(say("genai-aspect", aspect=alike.aspect)), Cell(_state_words(alike, say), _tone(alike)), Cell(_proof(alike, say)))
        for alike in one.likeness
    )
    return Table(id_, say("genai-alike-title"), columns, rows, n_total=len(rows))


def likeness_in_brief(one: EvaluationDifference, say: Say) -> str:
    """One line: what is the same, what changed, what nobody recorded."""
    same = [say("genai-alike-same", aspect=alike.aspect, n=alike.n) for alike in one.likeness if alike.state == "same"]
    differs = [
        say("genai-alike-differs", aspect=alike.aspect, change=_state_words(alike, say))
        for alike in one.likeness
        if alike.state == "differs"
    ]
    unknown = [say("genai-alike-part", aspect=alike.aspect) for alike in one.likeness if alike.state == "unknown"]
    kept = say.listed(same, 7) if same else say("genai-alike-nothing")
    if differs:
        told = say("genai-alike-brief", same=kept, differs=say.listed(differs, 7))
    else:
        told = say("genai-alike-brief-same", same=kept)
    return f"{told} {say('genai-alike-unknown', unknown=say.listed(unknown, 7))}" if unknown else told


def _state_words(alike: Alike, say: Say) -> str:
    if alike.state == "unknown":
        return say("genai-state-unknown")
    if alike.aspect == "rows":
        return say("genai-state-rows", n=alike.n, of=alike.n_of)
    if alike.aspect == "expectations" and alike.state == "differs":
        return say("genai-state-expectations", n=alike.n, of=alike.n_of)
    if alike.state == "same":
        return say("genai-state-same", what=_what(alike.before, say)) if alike.before else say("genai-state-same-plain")
    return say("genai-state-differs", before=_what(alike.before, say), after=_what(alike.after, say))


def _what(texts: tuple[str, ...], say: Say) -> str:
    return say.listed([one_line(text, 60) for text in texts], 3)


def _tone(alike: Alike) -> Tone:
    if alike.state == "differs" and alike.aspect not in COMPARED:
        return "warning"
    return "muted" if alike.state == "unknown" else "neutral"


def _proof(alike: Alike, say: Say) -> str:
    told = say("genai-proves", aspect=alike.aspect)
    if alike.aspect == "scorers" and alike.n:
        return f"{told} {say('genai-proves-partial', hashed=alike.n_of - alike.n, total=alike.n_of)}"
    return told


def likeness_caveats(one: EvaluationDifference, say: Say) -> list[str]:
    """What page 1 must say of how the two were measured, the gravest first."""
    before, after = side_names(one)
    found = {alike.aspect: alike for alike in one.likeness if alike.state == "differs"}
    told: list[str] = []
    if (changed := found.get("expectations")) is not None:
        told.append(say("genai-caveat-expectations", n=changed.n))
    if (changed := found.get("dataset")) is not None:
        told.append(say("genai-caveat-dataset", before=_what(changed.before, say), after=_what(changed.after, say)))
    if (changed := found.get("scorers")) is not None:
        told.append(say("genai-caveat-scorers", before=_what(changed.before, say), after=_what(changed.after, say)))
    if (changed := found.get("judges")) is not None:
        told.append(say("genai-caveat-judges", before=_what(changed.before, say), after=_what(changed.after, say)))
    for side, name in ((one.before, before), (one.after, after)):
        if side.n_failed:
            told.append(say("genai-caveat-failed", n=side.n_failed, side=name, rows=say.listed(side.failed_rows, 5)))
        if side.unfinished:
            told.append(say("genai-caveat-unfinished", side=name))
        told += [
            say("genai-caveat-errors", scorer=scorer_name(key, say), n=its.n_errors, side=name)
            for key, its in sorted(side.scorers.items())
            if its.n_errors
        ][:3]
    if one.n_pairs and (one.only_before or one.only_after):
        told.append(
            say("genai-caveat-unpaired", before=len(one.only_before), first=before, after=len(one.only_after), second=after)
        )
    otherwise = [one_line(its.scorer, 50) for its in one.logged if its.why != "same"]
    if otherwise:
        told.append(say("genai-caveat-logged", scorers=say.listed(otherwise, 4)))
    alone = [scorer_name(scorer.key, say) for scorer in one.scorers if scorer.reason == "one_side"]
    if alone:
        told.append(say("genai-caveat-sides", scorers=say.listed(alone, 4)))
    return told

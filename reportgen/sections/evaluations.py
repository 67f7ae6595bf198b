"""What the sections say of values that are not ranked together."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analyze.evaluations import Apart, Evaluated
from reportgen.analyze.metrics import Metric
from reportgen.formats import one_line, shared_digits, text_of
from reportgen.sections.view import View, run_name
from reportgen.words import MessageId
from reportgen.words.quantities import label_of

MOST_NAMED = 4


def apart_words(view: View, name: str) -> str:
    """The sentence on the runs that are not ranked with the others in the metric ``name``; empty where there are none."""
    found = view.facts.evaluated[name]
    if not found.apart:
        return ""
    if not found.is_ranked:
        n, sets = sum(view.run(key).finished for key in found.metric.values), 1 + len(found.apart)
        if n > sets:
            return view.say("evaluations-equal", metric=label_of(found.metric), n=n, sets=sets)
        return view.say("evaluations-none", metric=label_of(found.metric), n=n)
    return view.say("evaluations-apart", apart=view.say.listed(_parts(view, found), 6))


def unranked_words(view: View) -> str:
    """Why no run is ranked, and which key to set; empty where runs are ranked, and where none finished."""
    facts, board = view.facts, view.facts.leaderboard
    if not facts.finished or (board is not None and board.best is not None):
        return ""
    metric = view.primary
    if metric is None:
        logged = [one for one in facts.metrics.values() if one.n_finished and not one.name.startswith("system/")]
        return view.say("evaluations-no-direction", n=len(logged)) if logged else view.say("evaluations-no-metric")
    if not facts.evaluated[metric.name].is_ranked:
        return apart_words(view, metric.name)
    if metric.goal == "none":
        return view.say("evaluations-no-goal", metric=label_of(metric))
    return view.say("evaluations-no-value", metric=label_of(metric))


def _parts(view: View, found: Evaluated) -> list[str]:
    units = [one for one in found.apart if one.evaluation.unit != 1]
    data = [one for one in found.apart if one.evaluation.unit == 1]
    unrecorded = [one for one in data if not one.evaluation.data]
    other = [one for one in data if one.evaluation.data]
    parts = [_unit_words(view, found, one) for one in units]
    if len(other) > 1:
        parts.append(view.say("evaluations-several", n=sum(len(one.keys) for one in other), sets=len(other)))
    parts += [_data_words(view, found, one) for one in other if len(other) == 1]
    return parts + [view.say("evaluations-unrecorded", n=len(one.keys)) for one in unrecorded]


def _data_words(view: View, found: Evaluated, one: Apart) -> str:
    is_training = one.evaluation.split == "training" != found.main.split
    message = MessageId("evaluations-training") if is_training else MessageId("evaluations-data")
    return view.say(message, n=len(one.keys), data=one_line(" + ".join(one.evaluation.data), 80))


def _unit_words(view: View, found: Evaluated, one: Apart) -> str:
    metric: Metric = view.facts.metrics[found.metric.name]
    factor = abs(one.evaluation.unit)
    own = next(iter(found.metric.values.values()))
    other = metric.values[one.keys[0]]
    names: Sequence[str] = [run_name(view.run(key)) for key in one.keys]
    return view.say(
        "evaluations-unit",
        n=len(one.keys),
        metric=label_of(metric),
        factor=factor,
        direction="larger" if one.evaluation.unit > 0 else "smaller",
        values=view.say("evaluations-beside", plain=_plain(other), plain_2=_plain(own)),
        runs=view.say.listed(names, MOST_NAMED),
    )


def _plain(value: float) -> str:
    return text_of(value, "number", shared_digits([value]))

"""Gates on scorers of GenAI evaluations: their names and the sentence of each answer."""

from __future__ import annotations

from reportgen.analyze.gate_answers import GateAnswer
from reportgen.analyze.genai import gates
from reportgen.config import BaselineConfig, GateConfig
from reportgen.formats import one_line, own_digits, text_of
from reportgen.model import Format
from reportgen.words.catalogue import Say

MOST_ROWS = 5


def scorer_gate_name(config: GateConfig, say: Say) -> str:
    """What the gate demands."""
    name = one_line(config.scorer or "", 50)
    if config.not_worse_than is not None:
        return say("genai-gate-against", scorer=name, baseline=baseline_words(config, say))
    bound = config.at_least if config.at_least is not None else config.at_most
    return say(
        "genai-gate-bound",
        scorer=name,
        side="least" if config.at_least is not None else "most",
        bound=text_of(bound, "number", own_digits(bound or 0.0, "number")),
        what=config.of,
        group=one_line(config.group or "", 40),
        mode=config.mode,
    )


def criterion_name(config: GateConfig, say: Say) -> str:
    """The name of a criterion that is stored with a run, as MLflow writes it."""
    bound = config.at_least if config.at_least is not None else config.at_most
    return say(
        "genai-gate-criterion-name",
        metric=one_line(config.metric or f"{config.scorer}/mean", 60),
        side="least" if config.at_least is not None else "most",
        bound=text_of(bound, "number", own_digits(bound or 0.0, "number")),
    )


def baseline_words(config: GateConfig, say: Say) -> str:
    wanted = config.not_worse_than
    if not isinstance(wanted, BaselineConfig):
        return say("genai-gate-previous")
    if wanted.alias is not None:
        return say("genai-gate-alias", alias=one_line(wanted.alias, 40))
    if wanted.tag is not None:
        return say("genai-gate-tag", tag=one_line(wanted.tag, 60))
    return say("genai-gate-branch", branch=one_line(wanted.branch or "", 60))


def no_evaluation(answer: GateAnswer, reason: gates.NoEvaluation, say: Say) -> str:
    scorer = one_line(answer.config.scorer or "", 60)
    if not reason.scorers:
        return say("genai-gate-no-evaluations", scorer=scorer)
    return say("genai-gate-no-scorer", scorer=scorer, known=say.listed([one_line(name, 40) for name in reason.scorers], 8))


def not_a_score(answer: GateAnswer, _: gates.NotAScore, say: Say) -> str:
    return say("genai-gate-not-a-score", scorer=one_line(answer.config.scorer or "", 60))


def low_coverage(answer: GateAnswer, reason: gates.LowCoverage, say: Say) -> str:
    return say(
        "genai-gate-coverage",
        scorer=one_line(answer.config.scorer or "", 60),
        scored=reason.n_scored,
        rows=reason.n_rows,
        errors=reason.n_errors,
        needed=text_of(reason.needed, "percent", 0),
    )


def scorer_value(answer: GateAnswer, reason: gates.ScorerValue, say: Say) -> str:
    config, value = answer.config, reason.value
    shown_as: Format = "percent" if reason.is_share else "number"
    bound = config.at_least if config.at_least is not None else config.at_most
    told = say(
        "genai-gate-value",
        what=config.of,
        scorer=one_line(config.scorer or "", 60),
        value=text_of(value.value, shown_as, 1 if reason.is_share else None),
        n=value.n,
        side="least" if config.at_least is not None else "most",
        bound=text_of(bound, shown_as, own_digits(bound or 0.0, shown_as)),
    )
    parts = [told]
    if config.mode == "confident":
        end = value.low if config.at_least is not None else value.high
        limit = text_of(end, shown_as, 1 if reason.is_share else None)
        parts.append(say("genai-gate-confident", limit=limit, side="least" if config.at_least is not None else "most"))
    if reason.side.n_errors:
        parts.append(say("genai-gate-errors", n=reason.side.n_errors))
    if reason.side.n_failed:
        parts.append(say("genai-gate-failed", n=reason.side.n_failed))
    if reason.side.n_overrides:
        parts.append(say("genai-gate-overrides", n=reason.side.n_overrides))
    return " ".join(parts)


def criterion_metric(answer: GateAnswer, reason: gates.CriterionMetric, say: Say) -> str:
    config = answer.config
    name = one_line(config.metric or "", 60)
    if reason.value is None:
        return say("genai-gate-criterion-missing", metric=name)
    bound = config.at_least if config.at_least is not None else config.at_most
    side = "least" if config.at_least is not None else "most"
    return say(
        "genai-gate-criterion", metric=name, value=text_of(reason.value, "number"), side=side, bound=text_of(bound, "number")
    )


def no_earlier(answer: GateAnswer, _: gates.NoEarlierEvaluation, say: Say) -> str:
    return say("genai-gate-first", scorer=one_line(answer.config.scorer or "", 60))


def no_such(answer: GateAnswer, _: gates.NoSuchEvaluation, say: Say) -> str:
    return say(
        "genai-gate-no-baseline", scorer=one_line(answer.config.scorer or "", 60), baseline=baseline_words(answer.config, say)
    )


def scorer_against(answer: GateAnswer, reason: gates.ScorerAgainst, say: Say) -> str:
    """With the rows that got worse: whoever reads a failed job wants these."""
    one = reason.paired
    scorer, baseline = one_line(answer.config.scorer or "", 60), baseline_words(answer.config, say)
    if not one.n_pairs:
        return say("genai-gate-no-rows", scorer=scorer, baseline=baseline)
    shown_as: Format = "percent" if one.kind == "pass" else "number"
    values = [text_of(value, shown_as, 1 if one.kind == "pass" else None) for value in (one.before, one.after)]
    parts = [say("genai-gate-change", scorer=scorer, before=values[0], after=values[1], n=one.n_pairs, baseline=baseline)]
    if one.margin is not None:
        amount = f"{text_of(one.margin * 100, 'number')} pp" if one.kind == "pass" else text_of(one.margin, "number")
        held = "yes" if one.outcome in ("not_worse", "equivalent", "better") else "no"
        parts.append(say("genai-gate-margin", margin=amount, held=held))
    else:
        parts.append(say("genai-gate-shown", outcome=one.outcome))
    sign = -1 if one.goal == "minimize" else 1
    worse = [flip.row for flip in one.flips if sign * flip.change < 0]
    if worse:
        parts.append(say("genai-gate-rows", rows=say.listed(worse, MOST_ROWS), n=len(worse)))
    return " ".join(parts)

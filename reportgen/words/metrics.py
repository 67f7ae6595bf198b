"""Metrics: their direction and who said it, the value that stands for a run, and why one of them is the primary one."""

from __future__ import annotations

from reportgen.analyze.directions import ContradictoryDirection, Direction
from reportgen.analyze.metrics import Rule
from reportgen.analyze.primary import MissingMetric, MissingPrimary, MixedPrimary, Primary
from reportgen.formats import one_line
from reportgen.words.catalogue import Say


def direction_text(direction: Direction, say: Say) -> str:
    """ "higher is better, inferred from its name"."""
    goal = say("metrics-goal", goal=direction.goal)
    return say.commas(goal, direction_source(direction, say))


def direction_source(direction: Direction, say: Say) -> str:
    """Who said the direction: "set in the config"."""
    return say("metrics-source", source=direction.source)


def rule_text(rule: Rule, say: Say) -> str:
    """Which value of a run's history stands for the run: "last value"."""
    return say("metrics-rule", rule=rule)


def primary_reason(primary: Primary, say: Say, *, on_command_line: bool = False) -> str:
    """Why this metric is the primary one, and how to choose another: in the config, or ``on_command_line``."""
    if primary.source == "config":
        return say("metrics-primary-metric-config")
    if primary.source == "mlflow":
        return say("metrics-experiment-s-primary-metric")
    if primary.source == "search":
        return say("metrics-what-search-optimises")
    another = say("metrics-metric-primary-config-chooses") if on_command_line else say("metrics-set-primary-config-choose")
    have = say("metrics-finished-runs", n_with=primary.n_with, n=primary.n_finished)
    why = say("metrics-chosen-because-direction-known", have=have, another=another)
    if primary.training:
        why += say("metrics-taken-training-value", training=one_line(primary.training, 60))
    if primary.validation:
        why += say(
            "metrics-log-well-probably-training",
            n_with_validation=primary.n_with_validation,
            validation=one_line(primary.validation, 60),
        )
    return why


# --- problems ----------------------------------------------------------------------------------------------------------


def contradictory_direction(found: ContradictoryDirection, say: Say) -> tuple[str, str]:
    said = [say("metrics-tag-experiment-says-higher", who=one_line(who, 60), goal=goal) for who, goal in found.experiments]
    if found.by_name != "none":
        said.append(say("metrics-name-says-higher-better", by_name=found.by_name))
    return (
        say("metrics-direction-contradictory-shown-ranked", said=say("list-clause-separator").join(said)),
        say("metrics-set-metrics-goal-maximize", where=one_line(found.where, 80)),
    )


def mixed_primary(found: MixedPrimary, say: Say) -> tuple[str, str]:
    validation = one_line(found.validation, 80)
    what = say(
        "metrics-runs-log-well-probably", validation=validation, n_with_validation=found.n_with_validation, n_with=found.n_with
    )
    return what, say("metrics-set-primary-config-select", validation=validation)


def missing_primary(found: MissingPrimary, say: Say) -> tuple[str, str]:
    return (
        say("metrics-primary-metric-logged-any"),
        say("metrics-check-spelling-primary-config", meant=_meant(found.meant, say)),
    )


def missing_metric(found: MissingMetric, say: Say) -> tuple[str, str]:
    return (
        say("metrics-config-names-metric-selected"),
        say("metrics-check-spelling-config-selection", meant=_meant(found.meant, say)),
    )


def _meant(name: str, say: Say) -> str:
    return say("metrics-did-you-mean-else", name=one_line(name, 80)) if name else ""

"""Metrics: their direction and who said it, the value that stands for a run, and why one of them is the primary one."""

from __future__ import annotations

from reportgen.analyze.directions import ContradictoryDirection, Direction
from reportgen.analyze.metrics import Rule
from reportgen.analyze.primary import MissingMetric, MissingPrimary, MixedPrimary, Primary
from reportgen.formats import goal_words, one_line, plural


def direction_text(direction: Direction) -> str:
    """ "higher is better, inferred from its name"."""
    goal = {"maximize": "higher is better", "minimize": "lower is better", "none": "no direction"}[direction.goal]
    return f"{goal}, {direction_source(direction)}"


def direction_source(direction: Direction) -> str:
    """Who said the direction: "set in the config"."""
    return {
        "config": "set in the config",
        "mlflow": "set in MLflow",
        "name": "known metric name",
        "rules": "inferred from its name",
        "conflict": "sources contradict each other",
        "unknown": "cannot be told from its name",
        "apart": "its values are of different data sets",
    }[direction.source]


def rule_text(rule: Rule) -> str:
    """Which value of a run's history stands for the run: "last value"."""
    return {"last": "last value", "best": "best value of the history", "min": "smallest value", "max": "largest value"}[rule]


def primary_reason(primary: Primary, *, on_command_line: bool = False) -> str:
    """Why this metric is the primary one, and how to choose another: in the config, or ``on_command_line``."""
    if primary.source == "config":
        return "It is the primary metric of the config."
    if primary.source == "mlflow":
        return "It is the experiment's primary metric in MLflow."
    if primary.source == "search":
        return "It is what the search optimises."
    another = (
        "--metric, or primary in a config, chooses another" if on_command_line else "set primary in the config to choose another"
    )
    have = f"{primary.n_with:,} of {plural(primary.n_finished, 'finished run')} {'has' if primary.n_with == 1 else 'have'} it"
    why = f"Chosen because {have} and its direction is known; {another}."
    if primary.training:
        why += f" {one_line(primary.training, 60)} is taken as its training value."
    if primary.validation:
        why += f" In the {primary.n_with_validation:,} that log {one_line(primary.validation, 60)} as well it is probably the training value."
    return why


# --- problems ----------------------------------------------------------------------------------------------------------


def contradictory_direction(found: ContradictoryDirection) -> tuple[str, str]:
    said = [f"the tag of experiment {one_line(who, 60)} says {goal_words(goal)}" for who, goal in found.experiments]
    if found.by_name != "none":
        said.append(f"its name says {goal_words(found.by_name)}")
    return (
        f"Its direction is contradictory: {'; '.join(said)}. It is shown and not ranked.",
        f"set metrics: {{{one_line(found.where, 80)}: {{goal: maximize}}}} or minimize in the config",
    )


def mixed_primary(found: MixedPrimary) -> tuple[str, str]:
    validation = one_line(found.validation, 80)
    what = (
        f"In runs that log {validation} as well ({found.n_with_validation:,} of {found.n_with:,}) this is probably "
        "the value on the training data, so they are not comparable with the others."
    )
    return what, f"set primary: {validation} in the config, or select the runs that measure the same"


def missing_primary(found: MissingPrimary) -> tuple[str, str]:
    return (
        "The primary metric is not logged by any selected run, so nothing is ranked.",
        f"{_meant(found.meant)}check the spelling of primary in the config, or the selection of runs",
    )


def missing_metric(found: MissingMetric) -> tuple[str, str]:
    return (
        "The config names this metric; no selected run logged it.",
        f"{_meant(found.meant)}check its spelling in the config, or the selection of runs",
    )


def _meant(name: str) -> str:
    return f"did you mean {one_line(name, 80)}? else " if name else ""

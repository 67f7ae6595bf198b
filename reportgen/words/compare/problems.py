"""What a comparison met, as problems: (what was found, what the reader can do)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from reportgen.analyze.compare.families import Unfit
from reportgen.analyze.compare.findings import (
    EmptyGroup,
    FamilyNotUsed,
    MissingBaseline,
    ModelWithoutRun,
    NoGroups,
    NoPairs,
    OneGroup,
    OverlappingGroups,
    PairsOverData,
    PlannedLook,
    TooFewTasks,
    UnknownModel,
    UnplannedLooks,
)
from reportgen.analyze.findings import Finding
from reportgen.formats import listed, one_line
from reportgen.words.compare.looks import look_words, repeated_looks_caveat
from reportgen.words.methods import clause


def _empty_group(found: EmptyGroup) -> tuple[str, str]:
    near = f"did you mean {one_line(found.near, 60)!r}?" if found.near else ""
    if not found.field:
        return (
            f"No run is selected by {one_line(found.label, 120)}.",
            near or "check the group's selection, and that of the report",
        )
    values = listed([one_line(value, 40) for value in found.values])
    return (
        f"No run has {one_line(found.field, 80)} = {one_line(found.label, 60)!r}; values: {values}.",
        near or "check compare.only in the config",
    )


def _overlapping_groups(found: OverlappingGroups) -> tuple[str, str]:
    names, n = listed([one_line(name, 40) for name in found.runs]), len(found.runs)
    return (
        f"{'A run is' if n == 1 else f'{n:,} runs are'} selected by more than one group and stand in none: {names}.",
        "make the groups' filters exclude each other",
    )


def _unknown_model(found: UnknownModel) -> tuple[str, str]:
    model = one_line(found.model, 60)
    match found.lacks:
        case "model":
            what = f"There is no registered model {model!r}."
            near = [repr(one_line(name, 60)) for name in found.near]
        case "alias":
            what = f"The model {model} has no alias {one_line(found.wanted, 40)!r}; aliases: {listed(found.known)}."
            near = [one_line(name, 40) for name in found.near]
        case "version":
            what = f"The model {model} has no version {found.wanted}; versions: {listed(found.known)}."
            near = []
    return what + (f" Did you mean {' or '.join(near)}?" if near else ""), "see the registry for its names"


def _model_without_run(found: ModelWithoutRun) -> tuple[str, str]:
    made = (
        f"run {found.run_id[:8]}, which is not among the runs that were read." if found.run_id else "no run that MLflow knows of."
    )
    return f"{one_line(found.model, 60)} version {found.version} was made by {made}", "read the run's experiment as well"


def _no_groups(found: NoGroups) -> tuple[str, str]:
    verb = "has" if found.by_field else "is in"
    return (
        f"No run {verb} {one_line(found.field, 80)}, so there are no groups to compare.",
        "check compare.by in the config",
    )


def _missing_baseline(found: MissingBaseline) -> tuple[str, str]:
    labels = listed([one_line(label, 40) for label in found.labels])
    return (
        f"No run is in the baseline group {one_line(found.baseline, 60)!r}; groups: {labels}.",
        baseline_hint(found.baseline, found.labels),
    )


def baseline_hint(wanted: str, labels: Sequence[str]) -> str:
    """What to do about a baseline that no run is in."""
    near = get_close_matches(wanted, labels, 1) or [label for label in labels if label.lower() == wanted.lower()]
    return f"did you mean {one_line(near[0], 60)!r}?" if near else "check compare.baseline in the config"


def _one_group(found: OneGroup) -> tuple[str, str]:
    return (
        f"All runs are in one group, {one_line(found.label, 60)!r}: there is nothing to compare it with.",
        "check compare.by and the selection of runs",
    )


def _no_pairs(found: NoPairs) -> tuple[str, str]:
    return (
        f"No two runs of different groups share a value of {one_line(found.field, 80)}, so runs are not paired and Welch's test is used.",
        f"did you mean {found.near}?" if found.near else "check compare.pair_by in the config",
    )


def _pairs_over_data(found: PairsOverData) -> tuple[str, str]:
    data, place = listed([one_line(name, 60) for name in found.data]), f"{one_line(found.field, 80)} = {one_line(found.key, 40)}"
    why = "A pair of them would compare the data and not the groups, so runs are not paired by it."
    return (
        f"Runs with {place} were measured on different data: {data}. {why}",
        "pair by a field that tells the data apart too, or narrow the selection to one data set",
    )


def _family_not_used(found: FamilyNotUsed) -> tuple[str, str]:
    return (
        f"compare.family: {found.unfit.family} was not used: {_misfit(found.unfit)}. Holm's p and Bonferroni's intervals stand instead.",
        "leave it out, or change the groups",
    )


def _misfit(unfit: Unfit) -> str:
    return {
        "two_groups": "it needs three groups or more",
        "paired": "runs are paired, and it is of unpaired groups",
        "untested": "a group cannot be tested",
        "folds": "runs are folds, which are averaged first",
        "refused": clause(unfit.reason),
    }[unfit.why]


def _too_few_tasks(found: TooFewTasks) -> tuple[str, str]:
    tasks = f"only {listed([one_line(name, 40) for name in found.tasks])}" if found.tasks else "none"
    return (
        f"The compared groups have {tasks} as tasks by {one_line(found.field, 80)}, so nothing is compared over tasks.",
        "check compare.tasks in the config, or the selection of runs",
    )


def _planned_look(found: PlannedLook) -> tuple[str, str]:
    if found.look is None:
        return (
            "The groups are judged over tasks, and the plan of looks is of runs: the tests over tasks are not adjusted for looks.",
            "set tasks: none to judge run by run",
        )
    return look_words(found.look, paired=found.paired), "keep to the plan: no runs beyond it, and no look that it does not name"


def _unplanned_looks(found: UnplannedLooks) -> tuple[str, str]:
    return (
        repeated_looks_caveat(found.looks_before, found.alpha),
        "declare the plan before the first look: compare: {looks: {planned: 4, runs: 20}}",
    )


COMPARE_PROBLEMS: Mapping[type[Finding], Callable[[Any], tuple[str, str]]] = {
    EmptyGroup: _empty_group,
    OverlappingGroups: _overlapping_groups,
    UnknownModel: _unknown_model,
    ModelWithoutRun: _model_without_run,
    NoGroups: _no_groups,
    MissingBaseline: _missing_baseline,
    OneGroup: _one_group,
    NoPairs: _no_pairs,
    PairsOverData: _pairs_over_data,
    FamilyNotUsed: _family_not_used,
    TooFewTasks: _too_few_tasks,
    PlannedLook: _planned_look,
    UnplannedLooks: _unplanned_looks,
}

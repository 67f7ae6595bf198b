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
from reportgen.formats import one_line
from reportgen.words.catalogue import Say
from reportgen.words.compare.looks import look_words, repeated_looks_caveat
from reportgen.words.methods import clause


def _empty_group(found: EmptyGroup, say: Say) -> tuple[str, str]:
    near = say("problems-did-you-mean", near=f"{one_line(found.near, 60)!r}") if found.near else ""
    if not found.field:
        return (
            say("problems-run-selected", label=one_line(found.label, 120)),
            near or say("problems-check-group-s-selection"),
        )
    values = say.listed([one_line(value, 40) for value in found.values])
    return (
        say("problems-run-values", field=one_line(found.field, 80), label=f"{one_line(found.label, 60)!r}", values=values),
        near or say("problems-check-compare-only-config"),
    )


def _overlapping_groups(found: OverlappingGroups, say: Say) -> tuple[str, str]:
    names, n = say.listed([one_line(name, 40) for name in found.runs]), len(found.runs)
    return (
        say("problems-runs-selected-more-group", n=n, names=names),
        say("problems-make-groups-filters-exclude"),
    )


def _unknown_model(found: UnknownModel, say: Say) -> tuple[str, str]:
    model = one_line(found.model, 60)
    match found.lacks:
        case "model":
            what = say("problems-registered-model", model=f"{model!r}")
            near = [repr(one_line(name, 60)) for name in found.near]
        case "alias":
            what = say(
                "problems-model-alias-aliases",
                model=model,
                wanted=f"{one_line(found.wanted, 40)!r}",
                known=say.listed(found.known),
            )
            near = [one_line(name, 40) for name in found.near]
        case "version":
            what = say("problems-model-version-versions", model=model, wanted=found.wanted, known=say.listed(found.known))
            near = []
    return what + (say("problems-did-you-mean-2", near=say("problems-or").join(near)) if near else ""), say(
        "problems-see-registry-names"
    )


def _model_without_run(found: ModelWithoutRun, say: Say) -> tuple[str, str]:
    made = say("problems-run-which-among-runs", run_id=found.run_id[:8]) if found.run_id else say("problems-run-mlflow-knows")
    return say("problems-version-made", model=one_line(found.model, 60), version=found.version, made=made), say(
        "problems-read-run-s-experiment"
    )


def _no_groups(found: NoGroups, say: Say) -> tuple[str, str]:
    verb = "has" if found.by_field else say("problems-is-in")
    return (
        say("problems-run-groups-compare", verb=verb, field=one_line(found.field, 80)),
        say("problems-check-compare-config"),
    )


def _missing_baseline(found: MissingBaseline, say: Say) -> tuple[str, str]:
    labels = say.listed([one_line(label, 40) for label in found.labels])
    return (
        say("problems-run-baseline-group-groups", baseline=f"{one_line(found.baseline, 60)!r}", labels=labels),
        baseline_hint(found.baseline, found.labels, say),
    )


def baseline_hint(wanted: str, labels: Sequence[str], say: Say) -> str:
    """What to do about a baseline that no run is in."""
    near = get_close_matches(wanted, labels, 1) or [label for label in labels if label.lower() == wanted.lower()]
    return (
        say("problems-did-you-mean", near=f"{one_line(near[0], 60)!r}") if near else say("problems-check-compare-baseline-config")
    )


def _one_group(found: OneGroup, say: Say) -> tuple[str, str]:
    return (
        say("problems-all-runs-group-nothing", label=f"{one_line(found.label, 60)!r}"),
        say("problems-check-compare-selection-runs"),
    )


def _no_pairs(found: NoPairs, say: Say) -> tuple[str, str]:
    return (
        say("problems-two-runs-different-groups", field=one_line(found.field, 80)),
        say("problems-did-you-mean", near=found.near) if found.near else say("problems-check-compare-pair-config"),
    )


def _pairs_over_data(found: PairsOverData, say: Say) -> tuple[str, str]:
    data, place = (
        say.listed([one_line(name, 60) for name in found.data]),
        f"{one_line(found.field, 80)} = {one_line(found.key, 40)}",
    )
    why = say("problems-pair-them-would-compare")
    return (
        say("problems-runs-measured-different-data", place=place, data=data, why=why),
        say("problems-pair-field-tells-data"),
    )


def _family_not_used(found: FamilyNotUsed, say: Say) -> tuple[str, str]:
    return (
        say("problems-compare-family-used-holm", family=found.unfit.family, misfit=_misfit(found.unfit, say)),
        say("problems-leave-out-change-groups"),
    )


def _misfit(unfit: Unfit, say: Say) -> str:
    return {
        "two_groups": say("problems-needs-three-groups-more"),
        "paired": say("problems-runs-paired-unpaired-groups"),
        "untested": say("problems-group-cannot-tested"),
        "folds": say("problems-runs-folds-which-averaged"),
        "refused": clause(unfit.reason, say),
    }[unfit.why]


def _too_few_tasks(found: TooFewTasks, say: Say) -> tuple[str, str]:
    tasks = (
        say("problems-only", name=say.listed([one_line(name, 40) for name in found.tasks])) if found.tasks else say("list-none")
    )
    return (
        say("problems-compared-groups-tasks-nothing", tasks=tasks, field=one_line(found.field, 80)),
        say("problems-check-compare-tasks-config"),
    )


def _planned_look(found: PlannedLook, say: Say) -> tuple[str, str]:
    if found.look is None:
        return (
            say("problems-groups-judged-over-tasks"),
            say("problems-set-tasks-none-judge"),
        )
    return look_words(found.look, say, paired=found.paired), say("problems-keep-plan-runs-beyond")


def _unplanned_looks(found: UnplannedLooks, say: Say) -> tuple[str, str]:
    return (
        repeated_looks_caveat(found.looks_before, found.alpha, say=say),
        say("problems-declare-plan-before-first"),
    )


COMPARE_PROBLEMS: Mapping[type[Finding], Callable[[Any, Say], tuple[str, str]]] = {
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

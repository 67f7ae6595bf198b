"""Which metric the report is about when nobody said it, and which few stand beside it.

Asked for, it is taken. Else MLflow's own primary-metric tag, else the metric with a known direction that most
finished runs have: validation before test before bare names before training, quality before time and cost. A bare name beside
``val_`` and the same name is Keras' training value: the latter is taken from half of its runs on, else the mix is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from reportgen.analyze.directions import PRIMARY_TAG, tokens_of, vocabulary
from reportgen.analyze.metrics import Metric
from reportgen.config import ReportConfig
from reportgen.errors import Problem
from reportgen.formats import one_line, plural

N_BESIDE = 3
"""How many metrics stand beside the primary one when the config names none."""

_SPLITS = {"val": 0, "valid": 0, "validation": 0, "dev": 0, "cv": 0, "oof": 0, "eval": 0, "test": 1, "testing": 1, "holdout": 1}
_SPLITS |= {"train": 3, "training": 3, "trn": 3, "dtrain": 3}
_SPENT = vocabulary(
    """time latency duration runtime seconds second cost costs energy carbon emissions co2 token tokens memory throughput fps
    ms s sec hours minutes elapsed ttft tpot per kwh usd requests failed"""
)


@dataclass(frozen=True, slots=True)
class Primary:
    """The metric that ranks, and why it is this one."""

    name: str
    why: str
    validation: str = ""
    """Where some runs log ``val_`` and this name too, and ``name`` is their training value: that metric; else empty."""


def primary_of(
    report: ReportConfig,
    metrics: Mapping[str, Metric],
    n_finished: int,
    experiment_tags: Sequence[tuple[str, Mapping[str, str]]],
) -> tuple[Primary | None, tuple[Problem, ...]]:
    """The primary metric; None when no run logged one that can be shown."""
    asked = report.primary or next(iter(report.compare.metrics if report.compare else ()), None)
    if asked is not None:
        if asked in metrics:
            return Primary(asked, "It is the primary metric of the config."), ()
        return None, (_missing(asked, metrics),) if metrics or n_finished else ()
    tagged = sorted({tags[PRIMARY_TAG] for _, tags in experiment_tags if tags.get(PRIMARY_TAG) in metrics})
    if len(tagged) == 1:
        return Primary(tagged[0], "It is the experiment's primary metric in MLflow."), ()
    order = ranked(metrics)
    if not order:
        return None, ()
    first, shadows = order[0], trained_beside(metrics)
    share = f"{first.n_finished:,} of {plural(n_finished, 'finished run')} {'has' if first.n_finished == 1 else 'have'} it"
    why = f"Chosen because {share} and its direction is known; set primary in the config to choose another."
    bare = next((bare for bare, validation in shadows.items() if validation == first.name), None)
    if bare is not None and metrics[bare].n_finished:
        why += f" {one_line(bare, 60)} is taken as its training value."
    validation = shadows.get(first.name, "")
    if validation:
        why += f" In the {metrics[validation].n_finished:,} that log {one_line(validation, 60)} as well it is probably the training value."
    return Primary(first.name, why, validation), (_mixed(first, metrics[validation]),) if validation else ()


def _mixed(first: Metric, validation: Metric) -> Problem:
    return Problem(
        "primary-mixed",
        one_line(first.name, 80),
        f"In runs that log {one_line(validation.name, 80)} as well ({validation.n_finished:,} of {first.n_finished:,}) this is probably "
        "the value on the training data, so they are not comparable with the others.",
        f"set primary: {one_line(validation.name, 80)} in the config, or select the runs that measure the same",
        "warning",
    )


def trained_beside(metrics: Mapping[str, Metric]) -> dict[str, str]:
    """Bare name → its validation metric, where runs log both and none logs ``train_`` and that name: as Keras does."""
    found: dict[str, str] = {}
    for name, metric in metrics.items():
        bare = name.removeprefix("val_")
        both = bare != name and bare in metrics and metric.values.keys() & metrics[bare].values.keys()
        if both and not {f"train_{bare}", f"training_{bare}"} & metrics.keys():
            found[bare] = name
    return found


def _missing(name: str, metrics: Iterable[str]) -> Problem:
    return Problem(
        "primary-missing",
        one_line(name, 80),
        "The primary metric is not logged by any selected run, so nothing is ranked.",
        f"{_meant(name, metrics)}check the spelling of primary in the config, or the selection of runs",
    )


def _meant(name: str, metrics: Iterable[str]) -> str:
    near = get_close_matches(name, sorted(metrics), 1)
    return f"did you mean {one_line(near[0], 80)}? else " if near else ""


def ranked(metrics: Mapping[str, Metric]) -> list[Metric]:
    """Candidates for the primary metric, best first: a known direction, not a system metric, some finished run."""
    candidates = [m for m in metrics.values() if m.goal != "none" and m.n_finished and not m.name.startswith("system/")]
    shadows = trained_beside(metrics)
    trained = {bare for bare, name in shadows.items() if 2 * metrics[name].n_finished >= metrics[bare].n_finished}
    most = max((m.n_finished for m in candidates if m.name not in trained), default=0)

    def rank(metric: Metric) -> tuple[bool, bool, int, int, str]:
        # Small differences in coverage (a crashed evaluation) must not put a training metric before validation.
        rarely = metric.n_finished < 0.8 * most
        split = split_rank("train") if metric.name in trained else split_rank(metric.name)
        return is_spent(metric.name), rarely, split, -metric.n_finished, metric.name

    return sorted(candidates, key=rank)


def split_rank(name: str) -> int:
    """0 validation, 1 test, 2 not said, 3 training."""
    ranks = [_SPLITS[token] for token in tokens_of(name) if token in _SPLITS]
    return ranks[0] if ranks else 2


def is_held_out(name: str, primary: str | None) -> bool:
    """Whether ``name`` measures a test set while runs are chosen by the validation metric ``primary``.

    The best test value over runs would be chosen on the test set: only that of the chosen run may be told.
    """
    return primary is not None and name != primary and split_rank(primary) == 0 and split_rank(name) == 1


def is_spent(name: str) -> bool:
    """Whether the metric measures time, cost or load rather than quality."""
    return any(token in _SPENT for token in tokens_of(name))


def main_metrics(
    report: ReportConfig, primary: Primary | None, metrics: Mapping[str, Metric], declared: Collection[str] = ()
) -> tuple[str, ...]:
    """The metrics that tables show, the primary one first: the report's, or up to three more of the best candidates.

    Among those the ``declared`` ones come first, the metrics that the config has a line for.
    """
    first = [primary.name] if primary else []
    if report.metrics:
        return tuple(dict.fromkeys([*first, *(name for name in report.metrics if name in metrics)]))
    others = sorted((m.name for m in ranked(metrics) if m.name not in first), key=lambda name: name not in declared)
    if not others and not first:  # nothing has a direction: show what most runs have
        plain = [m for m in metrics.values() if not m.name.startswith("system/")]
        others = [m.name for m in sorted(plain, key=lambda m: (-m.n_finished, m.name))]
    return tuple([*first, *others][: 1 + N_BESIDE])


def missing_metrics(report: ReportConfig, metrics: Mapping[str, Metric]) -> tuple[Problem, ...]:
    """A problem for each metric that the config names and no run has; for that of a gate, which says it too, a warning."""
    shown = {*report.metrics, *(report.compare.metrics if report.compare else ())}
    judged = {gate.metric for gate in report.gates if gate.metric}
    return tuple(
        Problem(
            "metric-missing",
            one_line(name, 80),
            "The config names this metric; no selected run logged it.",
            f"{_meant(name, metrics)}check its spelling in the config, or the selection of runs",
            "gap" if name in shown else "warning",
        )
        for name in sorted((shown | judged) - set(metrics) - {report.primary})
    )

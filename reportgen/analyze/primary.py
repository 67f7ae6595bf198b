"""Which metric the report is about when nobody said it, and which few stand beside it.

Asked for, it is taken. Else MLflow's own primary-metric tag, else the metric with a known direction that most
finished runs have: validation before test before bare names before training, quality before time and cost. A bare name beside
``val_`` and the same name is Keras' training value: the latter is taken from half of its runs on, else the mix is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar, Literal

from reportgen.analyze.directions import PRIMARY_TAG
from reportgen.analyze.findings import Finding
from reportgen.analyze.metric_names import tokens_of
from reportgen.analyze.metric_vocabulary import vocabulary
from reportgen.analyze.metrics import Metric
from reportgen.config import ReportConfig
from reportgen.errors import Severity

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
    source: Literal["config", "mlflow", "ranked"]
    """Who chose it: the config, a tag of the experiment in MLflow, or the order of ``ranked``."""
    n_with: int = 0
    """Finished runs that have it, of ``n_finished``; counted where it was chosen by ``ranked``."""
    n_finished: int = 0
    training: str = ""
    """The metric that is taken as its training value; empty when none is."""
    validation: str = ""
    """Where some runs log ``val_`` and this name too, and ``name`` is their training value: that metric; else empty."""
    n_with_validation: int = 0


@dataclass(frozen=True, slots=True)
class MixedPrimary(Finding):
    """In runs that log a validation metric beside the primary one, the primary one is probably their training value."""

    slug: ClassVar[str] = "primary-mixed"
    validation: str
    n_with_validation: int
    n_with: int

    @property
    def severity(self) -> Severity:
        return "warning"


@dataclass(frozen=True, slots=True)
class MissingPrimary(Finding):
    """No selected run logged the primary metric of the config."""

    slug: ClassVar[str] = "primary-missing"
    meant: str
    """The logged metric with the nearest name; empty when none is near."""


@dataclass(frozen=True, slots=True)
class MissingMetric(Finding):
    """No selected run logged a metric that the config names."""

    slug: ClassVar[str] = "metric-missing"
    meant: str
    is_shown: bool
    """Whether the report would show it; else only a gate names it, which says so itself."""

    @property
    def severity(self) -> Severity:
        return "gap" if self.is_shown else "warning"


def primary_of(
    report: ReportConfig,
    metrics: Mapping[str, Metric],
    n_finished: int,
    experiment_tags: Sequence[tuple[str, Mapping[str, str]]],
) -> tuple[Primary | None, tuple[Finding, ...]]:
    """The primary metric; None when no run logged one that can be shown."""
    named = report.primary or next(iter(report.compare.metrics if report.compare else ()), None)
    if named is not None:
        if named in metrics:
            return Primary(named, "config"), ()
        return None, (MissingPrimary(named, _meant(named, metrics)),) if metrics or n_finished else ()
    tagged = sorted({tags[PRIMARY_TAG] for _, tags in experiment_tags if tags.get(PRIMARY_TAG) in metrics})
    if len(tagged) == 1:
        return Primary(tagged[0], "mlflow"), ()
    order = ranked(metrics)
    if not order:
        return None, ()
    first, shadows = order[0], trained_beside(metrics)
    bare = next((bare for bare, validation in shadows.items() if validation == first.name), None)
    validation = shadows.get(first.name, "")
    primary = Primary(
        first.name,
        "ranked",
        first.n_finished,
        n_finished,
        training=bare if bare is not None and metrics[bare].n_finished else "",
        validation=validation,
        n_with_validation=metrics[validation].n_finished if validation else 0,
    )
    mixed = MixedPrimary(first.name, validation, primary.n_with_validation, first.n_finished)
    return primary, (mixed,) if validation else ()


def trained_beside(metrics: Mapping[str, Metric]) -> dict[str, str]:
    """Bare name → its validation metric, where runs log both and none logs ``train_`` and that name: as Keras does."""
    found: dict[str, str] = {}
    for name, metric in metrics.items():
        bare = name.removeprefix("val_")
        both = bare != name and bare in metrics and metric.values.keys() & metrics[bare].values.keys()
        if both and not {f"train_{bare}", f"training_{bare}"} & metrics.keys():
            found[bare] = name
    return found


def _meant(name: str, metrics: Iterable[str]) -> str:
    """The metric with the nearest name; empty when none is near."""
    return next(iter(get_close_matches(name, sorted(metrics), 1)), "")


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


def missing_metrics(report: ReportConfig, metrics: Mapping[str, Metric]) -> tuple[MissingMetric, ...]:
    """A finding for each metric that the config names and no run has; for that of a gate, which says it too, a warning."""
    shown = {*report.metrics, *(report.compare.metrics if report.compare else ())}
    judged = {gate.metric for gate in report.gates if gate.metric}
    missing = sorted((shown | judged) - set(metrics) - {report.primary})
    return tuple(MissingMetric(name, _meant(name, metrics), name in shown) for name in missing)

"""Which metric the report is about when nobody said it, and which few stand beside it.

Asked for, it is taken. Else MLflow's own primary-metric tag, else what a search optimises, else the metric with a known direction
that most finished runs have: quality before time and cost, anything before training, an aggregate before the classes, folds or ranks
that it is made of, validation before test before bare names. A bare name beside ``val_`` and the same name is Keras' training
value: the latter is taken from half of its runs on, else the mix is said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar, Literal

from reportgen.analyze.directions import PRIMARY_TAG, Direction
from reportgen.analyze.findings import Finding
from reportgen.analyze.metric_names import tokens_of
from reportgen.analyze.metric_vocabulary import STRONG_HIGH, STRONG_LOW, vocabulary
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run
from reportgen.config import ReportConfig
from reportgen.errors import Severity
from reportgen.model import Goal

N_BESIDE = 3
"""How many metrics stand beside the primary one when the config names none."""

_SPLITS = dict.fromkeys(vocabulary("val valid validation dev cv oof oob xval xvalid yval dvalid"), 0)
_SPLITS |= dict.fromkeys(vocabulary("test testing holdout heldout unseen xtest ytest xte dtest"), 1)
_SPLITS |= dict.fromkeys(vocabulary("train training trn dtrain xtrain ytrain xtr insample learn"), 3)
_EVALUATED = vocabulary("eval evaluation")
"""Words that say an evaluation and not of what: of validation data where no other word says it."""
_SPENT = vocabulary(
    """time latency latencies duration runtime elapsed ttft tpot itl tbt cost costs price usd dollars energy carbon emissions co2 co2e kwh
    memory mem ram vram rss throughput goodput fps qps rps sps speedup flops tflops watts failed failures timeout timeouts retry retries"""
)
_SPENT_UNITS = vocabulary("token tokens second seconds ms s sec hours minutes per requests")
"""Units of time and load: of a measure of quality (``loss_per_token``, ``bbox_mAP_s``) they say only over what."""
_QUALITY = (STRONG_HIGH | STRONG_LOW) - _SPENT


@dataclass(frozen=True, slots=True)
class Primary:
    """The metric that ranks, and why it is this one."""

    name: str
    source: Literal["config", "mlflow", "search", "ranked"]
    """Who chose it: the config, a tag of the experiment in MLflow, what a search optimises, or the order of ``ranked``."""
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
    runs: Sequence[Run] = (),
) -> tuple[Primary | None, tuple[Finding, ...]]:
    """The primary metric; None when no run logged one that can be shown."""
    named = report.primary or next(iter(report.compare.metrics if report.compare else ()), None)
    if named is not None:
        if named in metrics:
            return Primary(named, "config"), ()
        return None, (MissingPrimary(named, nearest_metric(named, metrics)),) if metrics or n_finished else ()
    tagged = sorted({tags[PRIMARY_TAG] for _, tags in experiment_tags if tags.get(PRIMARY_TAG) in metrics})
    if len(tagged) == 1:
        return Primary(tagged[0], "mlflow"), ()
    order = ranked(metrics)
    if not order:
        return None, ()
    optimised = optimised_metric(order, runs)
    if optimised is not None:
        return Primary(optimised.name, "search", optimised.n_finished, n_finished), ()
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


def nearest_metric(name: str, metrics: Iterable[str]) -> str:
    """The metric with the nearest name; empty when none is near."""
    return next(iter(get_close_matches(name, sorted(metrics), 1)), "")


def ranked(metrics: Mapping[str, Metric]) -> list[Metric]:
    """Candidates for the primary metric, best first: a known direction, not a system metric, some finished run."""
    candidates = [
        m for m in metrics.values() if m.goal != "none" and m.n_finished and not m.same_as and not m.name.startswith("system/")
    ]
    members = family_members(m.name for m in candidates)
    shadows = trained_beside(metrics)
    trained = {bare for bare, name in shadows.items() if 2 * metrics[name].n_finished >= metrics[bare].n_finished}
    most = max((m.n_finished for m in candidates if m.name not in trained), default=0)

    def rank(metric: Metric) -> tuple[bool, bool, bool, bool, int, int, str]:
        # Small differences in coverage (a crashed evaluation) must not put a bare name before validation.
        rarely = metric.n_finished < 0.8 * most
        split = IN_SAMPLE if metric.name in trained else split_rank(metric.name)
        in_sample, is_member = split == IN_SAMPLE, metric.name in members
        return is_spent(metric.name), in_sample, rarely, is_member, split, -metric.n_finished, metric.name

    return sorted(candidates, key=rank)


_STUDY_VALUES = ("value", "objective", "objective_value", "values_0")


def optimised_metric(order: Sequence[Metric], runs: Sequence[Run]) -> Metric | None:
    """What the search among ``runs`` optimises: the value of an Optuna study, or what the parents of trials log of their own.

    A parent's ``best_rmse`` is about its trials' ``rmse``. ``order`` are the candidates, best first.
    """
    known = {metric.name: metric for metric in order}
    trials = [run for run in runs if run.finished and study_direction(run.tags) is not None]
    for name in _STUDY_VALUES:
        if name in known and trials and any(run.key in known[name].values for run in trials):
            return known[name]
    by_key = {run.key: run for run in runs}
    own: dict[str, int] = {}
    for run in runs:
        children = [by_key[key] for key in run.children if key in by_key]
        trial_names = {name for child in children for name in child.last_values}
        if not run.finished or len({tuple(sorted(child.params.items())) for child in children}) < 2:
            continue
        for name in run.last_values:
            bare = name.removeprefix("best_").removeprefix("best/")
            target = bare if bare != name and bare in trial_names and bare in known else name
            if target in known and split_rank(target) != IN_SAMPLE and not is_spent(target):
                own[target] = own.get(target, 0) + 1
    return min((known[name] for name in own), key=lambda m: (-own[m.name], order.index(m)), default=None)


def study_direction(tags: Mapping[str, str]) -> Goal | None:
    """The goal that Optuna's tag ``direction`` says; None where it says none."""
    said = tags.get("direction", tags.get("optuna.direction", "")).rpartition(".")[2].strip().lower()
    goals: Mapping[str, Goal] = {"minimize": "minimize", "maximize": "maximize"}
    return goals.get(said)


def study_directions(runs: Sequence[Run], directions: Mapping[str, Direction]) -> dict[str, Direction]:
    """The direction of a study's value, which its name cannot tell, where all trials say the same one."""
    said: dict[str, set[Goal]] = {}
    for run in runs:
        goal = study_direction(run.tags)
        for name in _STUDY_VALUES if goal is not None else ():
            if goal is not None and name in run.last_values:
                said.setdefault(name, set()).add(goal)
    return {
        name: Direction(next(iter(goals)), "mlflow")
        for name, goals in said.items()
        if len(goals) == 1 and directions[name].source not in ("config", "conflict")
    }


FEWEST_MEMBERS = 3
"""Names alike but for one word: the classes, folds or ranks of one quantity."""
_AGGREGATES = frozenset(("mean", "avg", "average", "macro", "micro", "weighted", "overall", "all", "total", "global"))
_MEANS = {"map": "ap", "mar": "ar", "miou": "iou", "macc": "acc", "mdice": "dice"}
_PARTS = frozenset(("class", "category", "cls", "per", "fold", "split", "rank", "gpu", "worker", "node", "device", "of", "for"))
_DIGITS = re.compile(r"[0-9]+")


def family_members(names: Iterable[str]) -> frozenset[str]:
    """The names that are members of a family with an aggregate: ``AP_cat`` and 60 more beside ``mAP``, ``split0_score`` beside
    ``mean_score``.

    A family is three names or more that differ in one word only. Its aggregate is the same name without that word, or with one
    of averaging.
    """
    words = {name: tuple(word for word in map(_kind_of, tokens_of(name)) if word) for name in names}
    families: dict[tuple[str, ...], dict[str, str]] = {}
    for name in words:
        own = tokens_of(name)
        for i, word in enumerate(own):
            rest = (*own[:i], "", *own[i + 1 :])
            if word not in _AGGREGATES and word not in _SPLITS and word not in _EVALUATED:
                families.setdefault(rest, {})[name] = word
    members: set[str] = set()
    for rest, own_names in families.items():
        measured = {word for word in map(_kind_of, rest) if word and word not in _SPLITS and word not in _PARTS}
        aggregates = (
            name
            for name, own in words.items()
            if name not in own_names
            and {word for word in own if word not in _SPLITS and word not in _AGGREGATES and word not in _PARTS} == measured
        )
        if len(own_names) >= FEWEST_MEMBERS and measured and any(aggregates):
            members |= own_names.keys() | _longer(rest, words)
    return frozenset(members)


def _longer(rest: tuple[str, ...], names: Iterable[str]) -> set[str]:
    """Names of the same family whose varying part has several words: ``AP_traffic_light`` beside ``AP_cat``."""
    if rest[-1]:
        return set()
    stem, averaged = rest[:-1], _AGGREGATES | _SPLITS.keys() | _EVALUATED
    own = {name: tokens_of(name) for name in names}
    return {n for n, words in own.items() if words[: len(stem)] == stem and set(words[len(stem) :]) - averaged}


def _kind_of(word: str) -> str:
    """The word without its number (``map50``), and ``ap`` for ``map``: what is averaged."""
    plain = _DIGITS.sub("", word)
    return _MEANS.get(plain, plain)


UNSAID, IN_SAMPLE = 2, 3
"""The ranks of a metric whose name does not say what it is measured on, and of one that is measured on training data."""


def split_rank(name: str) -> int:
    """0 validation, 1 test, 2 not said, 3 training."""
    tokens = tokens_of(name)
    ranks = [_SPLITS[token] for token in tokens if token in _SPLITS]
    if ranks:
        return ranks[0]
    return 0 if _EVALUATED.intersection(tokens) else UNSAID


def is_held_out(name: str, primary: str | None) -> bool:
    """Whether ``name`` measures a test set while runs are chosen by the validation metric ``primary``.

    The best test value over runs would be chosen on the test set: only that of the chosen run may be told.
    """
    return primary is not None and name != primary and split_rank(primary) == 0 and split_rank(name) == 1


def is_spent(name: str) -> bool:
    """Whether the metric measures time, cost or load rather than quality."""
    tokens = set(tokens_of(name))
    return bool(tokens & _SPENT) or bool(tokens & _SPENT_UNITS and not tokens & _QUALITY)


def main_metrics(
    report: ReportConfig, primary: Primary | None, metrics: Mapping[str, Metric], declared: Collection[str] = ()
) -> tuple[str, ...]:
    """The metrics that tables show, the primary one first: the report's, or up to three more of the best candidates.

    Among those the ``declared`` ones come first, the metrics that the config has a line for.
    """
    first = [primary.name] if primary else []
    if report.metrics:
        return tuple(dict.fromkeys([*first, *(name for name in report.metrics if name in metrics)]))
    members = family_members(metrics) - set(declared)
    candidates = [m.name for m in ranked(metrics) if m.name not in first and m.name not in members]
    others = sorted(candidates, key=lambda name: name not in declared)
    if not others and not first:  # nothing has a direction: show what most runs have
        plain = [m for m in metrics.values() if not m.name.startswith("system/")]
        others = [m.name for m in sorted(plain, key=lambda m: (-m.n_finished, m.name))]
    return tuple([*first, *others][: 1 + N_BESIDE])


def missing_metrics(report: ReportConfig, metrics: Collection[str]) -> tuple[MissingMetric, ...]:
    """A finding for each metric that the config names and no run has; for that of a gate, which says it too, a warning."""
    shown = {*report.metrics, *(report.compare.metrics if report.compare else ())}
    judged = {gate.metric for gate in report.gates if gate.metric}
    missing = sorted((shown | judged) - set(metrics) - {report.primary})
    return tuple(MissingMetric(name, nearest_metric(name, metrics), name in shown) for name in missing)

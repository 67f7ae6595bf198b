"""What a value is a value of: its metric, data set, split and unit. Only values of one evaluation are ranked or pooled.

A run says its data sets by the inputs that it logged. Digests tell data from data, names only where there is no digest. Where the
digest of a name changes one to one with the seed (or fold), the digests are splits of one data set. Runs that log no data set are
one evaluation of their own, or belong to the only one that is recorded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import pyarrow as pa

from reportgen.analyze.directions import Direction
from reportgen.analyze.metric_names import tokens_of
from reportgen.analyze.metrics import Metric
from reportgen.analyze.primary import IN_SAMPLE, UNSAID, is_spent, split_rank
from reportgen.analyze.replicates import repetition
from reportgen.analyze.runs import Run, RunKey
from reportgen.snapshot import Snapshot

Split = Literal["held-out", "training", "unsaid"]

_CONTEXTS: Mapping[str, Split] = {
    **dict.fromkeys(("eval", "evaluation", "evaluate", "validation", "valid", "val", "test", "testing", "holdout"), "held-out"),
    **dict.fromkeys(("train", "training", "fit"), "training"),
}
TRAINING_CONTEXTS = frozenset(context for context, split in _CONTEXTS.items() if split == "training")
"""What MLflow's ``mlflow.data.context`` says of data that a model was fitted to."""
_PLAIN_NAMES = frozenset(("", "dataset", "data", "train", "training", "test", "eval", "validation", "val"))
"""Names that MLflow or a habit gives, and that say nothing of what the data are."""
_DATA_PARAM = re.compile(
    r"(?:.*[._/-])?(?:data_?set|task|benchmark|corpus|target|horizon|language|domain)(?:_?(?:name|id|key|suffix|days|steps|hours))?",
    re.IGNORECASE,
)
"""Parameters that say what a run was measured on."""
_DATA_WORDS = frozenset(("data", "dataset", "task", "benchmark", "corpus", "domain", "language", "lang"))


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set that a run logged, and what it was used for there."""

    name: str
    digest: str
    split: Split

    @property
    def label(self) -> str:
        return f"{self.name or 'dataset'} ({self.digest or 'no digest'})"

    @property
    def identity(self) -> str:
        return self.digest or self.name


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What some values are values of. The experiment is that of the runs, which a report ranks as one problem."""

    metric: str
    data: tuple[str, ...]
    """Labels of its data sets, sorted; empty where the runs recorded none."""
    split: Split
    unit: int = 1
    """How many times larger than those of the main evaluation its values are, by their unit; negative: smaller."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Finished runs of another evaluation than the ranked one."""

    evaluation: Evaluation
    keys: tuple[RunKey, ...]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A metric in its main evaluation, and the runs that are not ranked with it."""

    metric: Metric
    """With the values of the main evaluation only; with all of them and no direction where nothing may be ranked."""
    main: Evaluation
    apart: tuple[Apart, ...] = ()
    is_in_sample: bool = False
    """Whether the values are of the data that was trained on, by the metric's name or by the data set that MLflow records for them.
    A training data set among a run's inputs alone does not say so."""
    n_splits: int = 0
    """Splits of one data set, drawn by seeds, on which the values lie; 0 where they are of one."""

    @property
    def is_ranked(self) -> bool:
        return self.metric.direction.source != "apart"

    @property
    def n_apart(self) -> int:
        return sum(len(one.keys) for one in self.apart)


# --- data sets ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DataSets:
    """The data sets of every run that logged one, and which of their names have a split for each seed."""

    by_run: Mapping[RunKey, tuple[DataSet, ...]]
    splits: frozenset[tuple[str, str]] = frozenset()
    """(experiment id, name) whose digest changes one to one with the seed or fold."""
    by_value: Mapping[tuple[RunKey, str], DataSet] = field(default_factory=dict)
    """(run, metric) → the data set that MLflow itself records for the value."""
    held_out: Mapping[tuple[RunKey, str], float] = field(default_factory=dict)
    """(run, metric) → its value on held-out data, where the run logged the metric on several data sets."""

    def labels(self) -> dict[RunKey, tuple[str, ...]]:
        """Run → "name (digest)" of its data sets, sorted."""
        return {key: tuple(sorted({one.label for one in found})) for key, found in self.by_run.items()}

    def of(self, metric: str, key: RunKey) -> tuple[tuple[str, ...], Split]:
        """(labels of the data that the run's value of ``metric`` is of, its split); no label where that is not recorded."""
        rank, own = split_rank(metric), self.by_value.get((key, metric))
        split, found = self._measured(rank, self.by_run.get(key, ()) if own is None else (own,))
        if rank < 2 and split == "training":  # what it was measured on is not recorded; another name is another problem
            return tuple(sorted({one.name for one in found if one.name.lower() not in _PLAIN_NAMES})), "unsaid"
        labels = {one.name or "dataset" if (key[0], one.name) in self.splits else one.label for one in found}
        return tuple(sorted(labels)), "training" if rank == 3 else split

    def _measured(self, rank: int, found: Sequence[DataSet]) -> tuple[Split, list[DataSet]]:
        order: tuple[Split, ...] = ("training", "unsaid") if rank == 3 else ("held-out", "unsaid", "training")
        for split in order:
            chosen = [one for one in found if one.split == split]
            if chosen:
                return split, chosen
        return "unsaid", []


def datasets_of(snapshot: Snapshot, runs: Sequence[Run]) -> DataSets:
    """The data sets of ``runs`` as they logged them."""
    table = snapshot.datasets
    columns = [table.column(name).to_pylist() for name in ("experiment_id", "run_id", "name", "digest", "context")]
    found: dict[RunKey, set[DataSet]] = {}
    for experiment_id, run_id, name, digest, context in zip(*columns, strict=True):
        found.setdefault((experiment_id, run_id), set()).add(DataSet(name or "", digest or "", _split_of(context, name)))
    by_run = {key: tuple(sorted(_used(own), key=lambda one: (one.label, one.split))) for key, own in found.items()}
    splits = frozenset(_splits_per_seed(by_run, [run for run in runs if run.finished]))
    return DataSets(by_run, splits, *_measured_on(snapshot, {run.key: run for run in runs}, by_run))


def _measured_on(
    snapshot: Snapshot, runs: Mapping[RunKey, Run], by_run: Mapping[RunKey, Sequence[DataSet]]
) -> tuple[dict[tuple[RunKey, str], DataSet], dict[tuple[RunKey, str], float]]:
    """What logged models say of a run's values: the data set of each, and the held-out value where there are several."""
    table = snapshot.model_metrics
    names = ("experiment_id", "run_id", "metric", "dataset", "dataset_digest", "step", "value")
    columns = [table.column(name).to_pylist() for name in names]
    times = table.column("timestamp").cast(pa.int64()).to_pylist()
    latest: dict[tuple[RunKey, str], dict[DataSet, tuple[int, int, float]]] = {}
    for experiment_id, run_id, metric, name, digest, step, value, time in zip(*columns, times, strict=True):
        key = (experiment_id, run_id)
        if value is None or not (name or digest) or key not in runs:
            continue
        logged = next((one for one in by_run.get(key, ()) if digest and one.digest == digest), None)
        data = logged or DataSet(name or "", digest or "", _split_of(None, name))
        own, at = latest.setdefault((key, metric), {}), (step or 0, time or 0, value)
        own[data] = max(at, own.get(data, at))
    by_value: dict[tuple[RunKey, str], DataSet] = {}
    held_out: dict[tuple[RunKey, str], float] = {}
    for place, found in latest.items():
        key, metric = place
        kept = [data for data in found if data.split == "held-out"] if split_rank(metric) < 3 else []
        if len(found) == 1:
            by_value[place] = next(iter(found))
        elif len(kept) == 1:
            by_value[place], held_out[place] = kept[0], found[kept[0]][2]
        else:
            last = runs[key].last_values.get(metric)
            same = [data for data, (_, _, value) in found.items() if value == last]
            by_value |= {place: same[0]} if len(same) == 1 else {}
    return by_value, held_out


def _split_of(context: str | None, name: str | None) -> Split:
    said = _CONTEXTS.get((context or "").strip().lower())
    if said is not None:
        return said
    rank = split_rank(name or "")
    return "training" if rank == 3 else "held-out" if rank < 2 else "unsaid"


def _used(found: Collection[DataSet]) -> list[DataSet]:
    """Without the evaluation on what the run was trained on: it holds out nothing."""
    trained = {one.digest for one in found if one.split == "training" and one.digest}
    return [one for one in found if not (one.split != "training" and one.digest in trained)]


def _splits_per_seed(by_run: Mapping[RunKey, Sequence[DataSet]], runs: Sequence[Run]) -> Iterable[tuple[str, str]]:
    by_name: dict[tuple[str, str], list[tuple[Run, tuple[tuple[str, str], ...]]]] = {}
    for run in runs:
        own: dict[str, list[tuple[str, str]]] = {}
        for one in by_run.get(run.key, ()):
            own.setdefault(one.name, []).append((one.split, one.digest))
        for name, digests in own.items():
            by_name.setdefault((run.experiment_id, name), []).append((run, tuple(sorted(digests))))
    for place, members in by_name.items():
        if len({digests for _, digests in members}) < 2 or _says_data([run for run, _ in members]):
            continue
        for kinds in (("seed",), ("fold",), ("repeat",), ("seed", "fold")):
            keys = [tuple(repetition(run, kind) for kind in kinds) for run, _ in members]
            both = {(key, digests) for key, (_, digests) in zip(keys, members, strict=True)}
            one_to_one = len(both) == len(set(keys)) == len({digests for _, digests in members})
            if one_to_one and all(all(key) for key in keys):
                yield place
                break


def _says_data(runs: Sequence[Run]) -> bool:
    """Whether a parameter names other data from run to run."""
    names = {name for run in runs for name in run.params if name not in run.nuisance and _DATA_WORDS & set(tokens_of(name))}
    return any(len({run.params.get(name) for run in runs}) > 1 for name in names)


# --- units -------------------------------------------------------------------------------------------------------------

_LOSS = frozenset(("loss", "perplexity", "ppl", "nll", "norm", "lr", "gradient", "elbo", "likelihood"))
"""Quantities that run through decades by themselves."""
TIGHT, TIGHT_SHARES = 1.5, 3.0
"""Largest ÷ smallest value of a cluster; of shares (up to 1) beside percentages (up to 100)."""
NEAR = 1.25
"""How far the clusters' medians may be from a factor of 1,000; a factor of 100 is that of shares beside percentages, twice as far."""


def units_of(metric: str, values: Mapping[RunKey, float]) -> tuple[frozenset[RunKey], frozenset[RunKey], int] | None:
    """(runs with small values, runs with large ones, 100 or 1000) where one metric was logged in two units; else None.

    Two clusters of two values or more, each narrow against the gap between them. A loss has decades of its own, and no units.
    """
    words = set(tokens_of(metric))
    finite = sorted((value, key) for key, value in values.items() if math.isfinite(value))
    if len(finite) < 4 or finite[0][0] <= 0 or words & _LOSS:
        return None
    gaps = [(finite[i + 1][0] / finite[i][0], i + 1) for i in range(len(finite) - 1)]
    cut = max(gaps)[1]
    low, high = finite[:cut], finite[cut:]
    if min(len(low), len(high)) < 2:
        return None
    shares = low[-1][0] <= 1 < high[0][0] and high[-1][0] <= 100 and not is_spent(metric) and low[0][0] < 1
    wide, near = (TIGHT_SHARES, 2.0) if shares else (TIGHT, NEAR)
    if any(side[-1][0] / side[0][0] > wide for side in (low, high)):
        return None
    ratio = high[len(high) // 2][0] / low[len(low) // 2][0]
    factor = 100 if shares else 1000
    if not factor / near <= ratio <= factor * near or high[-1][0] <= 1:
        return None
    return frozenset(key for _, key in low), frozenset(key for _, key in high), factor


# --- a metric in its main evaluation -----------------------------------------------------------------------------------


def with_held_out(metric: Metric, data: DataSets) -> Metric:
    """``metric`` with the value on held-out data of each run that logged it on several data sets."""
    if metric.rule != "last":
        return metric
    found = {key: value for (key, name), value in data.held_out.items() if name == metric.name and key in metric.values}
    return replace(metric, values={**metric.values, **found}) if found else metric


def evaluated(metric: Metric, runs: Sequence[Run], data: DataSets) -> Evaluated:
    """``metric`` in the evaluation that most finished runs have; held-out data before training data.

    Where every run has an evaluation of its own, or several have as many runs on other data, nothing is ranked: the metric then keeps
    its values and loses its direction.
    """
    found = _evaluated(metric, runs, data)
    recorded = [one for key in found.metric.values if (one := data.by_value.get((key, metric.name)))]
    # A cross-validation is logged with the training data whose held-out folds it is of: what a name says of the split comes first.
    by_data = split_rank(metric.name) == UNSAID and bool(recorded) and all(one.split == "training" for one in recorded)
    in_sample = by_data or split_rank(metric.name) == IN_SAMPLE
    return replace(found, is_in_sample=in_sample, n_splits=_n_splits(found.metric, data))


def _n_splits(metric: Metric, data: DataSets) -> int:
    drawn = {frozenset(one for one in data.by_run.get(key, ()) if (key[0], one.name) in data.splits) for key in metric.values} - {
        frozenset[DataSet]()
    }
    return len(drawn) if len(drawn) > 1 else 0


def _evaluated(metric: Metric, runs: Sequence[Run], data: DataSets) -> Evaluated:
    finished = [run.key for run in sorted(runs, key=lambda run: run.order) if run.finished and run.key in metric.values]
    named = _named_data([run for run in runs if run.finished and run.key in metric.values])
    places = {key: data.of(metric.name, key) for key in metric.values}
    places = {key: ((*named.get(key, ()), *labels), split) for key, (labels, split) in places.items()}
    evaluations = _evaluations(metric, places, finished)
    members: dict[Evaluation, list[RunKey]] = {}
    for key in finished:
        members.setdefault(evaluations[key], []).append(key)
    if len(members) < 2:
        return Evaluated(metric, next(iter(members), Evaluation(metric.name, (), "unsaid")))
    first = min(members, key=lambda one: (one.split == "training", -len(members[one]), one.split != "held-out"))
    main = replace(first, unit=1)
    apart = tuple(Apart(_against(first, one), tuple(keys)) for one, keys in members.items() if one != first)
    same_split = [one for one in members if (one.split == "training") == (first.split == "training")]
    as_many = [one for one in same_split if one.data and one.data != first.data and len(members[one]) == len(members[first])]
    if (len(members[first]) == 1 and len(same_split) > 1) or (first.data and as_many):
        return Evaluated(replace(metric, direction=Direction("none", "apart")), main, apart)
    values = {key: value for key, value in metric.values.items() if evaluations[key] == first}
    others = frozenset(key for one in apart for key in one.keys)
    return Evaluated(replace(metric, values=values, n_finished=len(members[first]), apart=others), main, apart)


def _named_data(runs: Sequence[Run]) -> dict[RunKey, tuple[str, ...]]:
    """Run → "target_id = Q13153", of parameters that name the data and are not the same in all ``runs``."""
    names = sorted({name for run in runs for name in run.params if name not in run.nuisance and _DATA_PARAM.fullmatch(name)})
    varying = [name for name in names if len({run.params.get(name) for run in runs}) > 1]
    if not varying:
        return {}
    return {run.key: tuple("=".join((name, run.params.get(name, "?"))) for name in varying) for run in runs}


def _evaluations(
    metric: Metric, places: Mapping[RunKey, tuple[tuple[str, ...], Split]], finished: Sequence[RunKey]
) -> dict[RunKey, Evaluation]:
    recorded = {places[key] for key in finished if places[key][0]}
    only = next(iter(recorded)) if len({identities(labels) for labels, _ in recorded}) == 1 else None
    same = {identities(labels): labels for labels, _ in sorted(recorded, reverse=True)}  # one digest may have two names
    units = units_of(metric.name, {key: metric.values[key] for key in finished})
    limit = 3 * max(metric.values[key] for key in units[0]) if units else math.inf
    found = {}
    for key, (labels, split) in places.items():
        place = only if only is not None and not labels else (same.get(identities(labels), labels), split)
        found[key] = Evaluation(metric.name, *place, unit=units[2] if units and metric.values[key] > limit else 1)
    return found


def identities(labels: Iterable[str]) -> frozenset[str]:
    """What tells the data sets of "name (digest)" apart: the digest, or the name where no digest is recorded."""
    return frozenset(_identity(label) for label in labels)


def _identity(label: str) -> str:
    name, mark, digest = label.rpartition(" (")
    return digest.removesuffix(")") if mark and digest != "no digest)" else name or label


def _against(first: Evaluation, other: Evaluation) -> Evaluation:
    """``other`` with its unit counted in that of ``first``."""
    if other.unit == first.unit:
        return replace(other, unit=1)
    return other if other.unit > first.unit else replace(other, unit=-first.unit)

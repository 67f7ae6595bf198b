"""Artifacts that ``mlflow.models.evaluate`` writes, recognised by their names, and the numbers in them.

The names are those of MLflow 3.17 (``mlflow/models/evaluation``: ``evaluators/classifier.py``, ``evaluators/shap.py``,
``default_evaluator.py``) and of scikit-learn's autologging (``mlflow/sklearn/utils.py``). MLflow puts ``metric_prefix`` before a
name, and before 2.0 it put ``_on_data_<data set>`` behind it. Its curves and its confusion matrix are pictures only. Numbers are in

* ``per_class_metrics.csv``: each class against the rest, with the four counts;
* ``eval_results_table.json``: each row of the data with target, output and scores;
* the run's metrics ``true_negatives``, ``false_positives``, ``false_negatives`` and ``true_positives``, logged of two classes.

A file may say anything: what is not as MLflow writes it is not used, and ``Unusable`` says so.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from reportgen.analyze.methods import samples
from reportgen.analyze.methods.proportions import wilson_interval
from reportgen.analyze.runs import Run, RunKey
from reportgen.model import Interval
from reportgen.snapshot import Snapshot

What = Literal["confusion", "roc", "precision-recall", "lift", "calibration", "shap", "classes", "rows", "judges"]
Reason = Literal["columns", "numbers", "empty"]

MOST_COUNTED = 1e15
"""A greater number is no count of rows."""
MOST_CLASSES = 20
"""Classes of a confusion matrix that is counted from rows: with more, values are not labels."""
ROWS_PER_CLASS = 5
"""Rows for each label that make values labels: answers in free words are all different."""
LONGEST_LABEL = 60
MOST_POINTS = 2000
"""Points of a scatter."""
N_BINS = 20
MOST_DISTINCT = 12
"""Scores with no more values than this are counted by value."""
FEWEST_SCORES = 10
"""With fewer values there is no distribution to draw."""

_FILES: Mapping[str, What] = {
    "confusion_matrix.png": "confusion",
    "roc_curve_plot.png": "roc",
    "roc_curve.png": "roc",
    "precision_recall_curve_plot.png": "precision-recall",
    "precision_recall_curve.png": "precision-recall",
    "lift_curve_plot.png": "lift",
    "calibration_curve_plot.png": "calibration",
    "shap_beeswarm_plot.png": "shap",
    "shap_summary_plot.png": "shap",
    "shap_feature_importance_plot.png": "shap",
    "per_class_metrics.csv": "classes",
    "eval_results_table.json": "rows",
    "genai_custom_metrics.json": "judges",
}
_ENDINGS = sorted(_FILES, key=len, reverse=True)
_ON_DATA = re.compile(r"_on_data_(?P<data>[^/]+)(?=\.(?:png|csv|json)\Z)")
_COUNTS = ("true_negatives", "false_positives", "false_negatives", "true_positives")
_TARGETS = ("target", "targets", "label", "labels", "ground_truth", "y_true")
_OUTPUTS = ("outputs", "output", "predictions", "prediction", "y_pred")
_PLAIN_SCORES = ("token_count", "latency")


@dataclass(frozen=True, slots=True)
class Recognised:
    """An artifact that MLflow's evaluation wrote."""

    what: What
    prefix: str = ""
    """``metric_prefix`` of the evaluation, ``training_`` of autologging."""
    data: str = ""
    """The data set, where the name says it."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A file of a known name that does not hold what MLflow writes."""

    key: RunKey
    path: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class ClassScores:
    """One class against the rest."""

    name: str
    n: int | None
    """Rows of this class; None where rows have weights."""
    precision: Interval
    recall: Interval
    """With Wilson's interval, where the counts are whole numbers."""
    f1: float | None
    roc_auc: float | None
    pr_auc: float | None


@dataclass(frozen=True, slots=True)
class ClassTable:
    key: RunKey
    path: str
    rows: tuple[ClassScores, ...]
    """As in the file."""
    n_rows: int
    """In the file."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each true class (row) was taken for each class (column)."""

    key: RunKey
    path: str
    """The picture, or the table that it was counted from."""
    labels: tuple[str, ...]
    """Empty for the negative and the positive class of a run's metrics, which do not say their names."""
    counts: tuple[tuple[int, ...], ...]

    @property
    def n(self) -> int:
        return sum(map(sum, self.counts))

    @property
    def n_right(self) -> int:
        return sum(row[at] for at, row in enumerate(self.counts))

    @property
    def shares(self) -> tuple[tuple[float | None, ...], ...]:
        """Of the rows of each true class; None for a class without rows."""
        return tuple(tuple(n / sum(row) if sum(row) else None for n in row) for row in self.counts)


@dataclass(frozen=True, slots=True)
class Scores:
    """A score of each row."""

    name: str
    n: int
    n_missing: int
    """Rows without a number."""
    mean: float
    median: float
    low: float
    high: float
    middles: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    """How many values there are around (or, if ``is_counted``, at) each of ``middles``; empty for a few values."""
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class ResultRows:
    """``eval_results_table.json``."""

    key: RunKey
    path: str
    n_rows: int
    """In the file."""
    n_read: int
    scores: tuple[Scores, ...]
    confusion: Confusion | None = None
    points: tuple[tuple[float, float], ...] = ()
    """(target, output) where both are numbers, thinned to ``MOST_POINTS``."""
    n_points: int = 0
    columns: tuple[str, ...] = ()
    """Names of the two columns that were compared."""
    order: tuple[int, ...] = ()
    """Places of the columns: what was wanted, what came out and the scores before the inputs."""


@dataclass(frozen=True, slots=True)
class ModelEvaluations:
    """What was recognised among the artifacts."""

    classes: tuple[ClassTable, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    rows: tuple[ResultRows, ...] = ()
    unusable: tuple[Unusable, ...] = ()

    @property
    def redrawn(self) -> frozenset[tuple[RunKey, str]]:
        """(run, path) of what has a place of its own."""
        found: tuple[ClassTable | Confusion | ResultRows, ...] = (*self.classes, *self.confusions, *self.rows)
        return frozenset((one.key, one.path) for one in found)


NO_EVALUATIONS = ModelEvaluations()


class UnusableError(Exception):
    """The file is not as MLflow writes it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def recognised(path: str) -> Recognised | None:
    """What the artifact at ``path`` is; None for everything that MLflow's evaluation does not write: it writes no folders."""
    found = _ON_DATA.search(path)
    bare = path.replace(found[0], "") if found else path
    ending = next((name for name in _ENDINGS if bare.endswith(name)), None)
    if ending is None or "/" in path:
        return None
    return Recognised(_FILES[ending], bare.removesuffix(ending), found["data"] if found else "")


def model_evaluations_of(snapshot: Snapshot, runs: Mapping[RunKey, Run]) -> ModelEvaluations:
    """What was recognised among the artifacts of ``runs``."""
    classes: list[ClassTable] = []
    confusions: list[Confusion] = []
    tables: list[ResultRows] = []
    unusable: list[Unusable] = []
    for row in snapshot.contents.to_pylist():
        key: RunKey = (row["experiment_id"], row["run_id"])
        known = recognised(row["path"]) if key in runs else None
        if known is None:
            continue
        try:
            if known.what == "confusion" and row["kind"] == "image":
                if matrix := _binary(key, row["path"], runs[key].last_values, known.prefix):
                    confusions.append(matrix)
            elif known.what == "classes":
                classes.append(_class_table(key, row["path"], _data_of(row)))
            elif known.what == "rows":
                tables.append(_result_rows(key, row["path"], _data_of(row)))
        except UnusableError as error:
            unusable.append(Unusable(key, row["path"], error.reason))
    return ModelEvaluations(tuple(classes), tuple(confusions), tuple(tables), tuple(unusable))


def _data_of(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """``columns``, ``rows`` and ``n_rows`` as ``collect.contents`` writes them."""
    if row["kind"] != "table":
        raise UnusableError("columns")
    try:
        data: Mapping[str, Any] = json.loads(row["content"])
        names, rows = data["columns"], data["rows"]
    except (ValueError, KeyError, TypeError):
        raise UnusableError("columns") from None
    if len(set(names)) < len(names):
        raise UnusableError("columns")
    if not rows:
        raise UnusableError("empty")
    return data


def _number(value: object) -> float | None:
    """A finite number; text is none, whatever it says."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


# --- two classes -------------------------------------------------------------------------------------------------------


def _binary(key: RunKey, path: str, values: Mapping[str, float], prefix: str) -> Confusion | None:
    """From the metrics of the run, when all four are whole counts, of as many rows as the run says."""
    found = [values.get(f"{prefix}{name}", math.nan) for name in _COUNTS]
    if not all(0 <= n <= MOST_COUNTED and float(n).is_integer() for n in found) or not sum(found):
        return None
    n_rows = values.get(f"{prefix}example_count")
    if n_rows is not None and n_rows != sum(found):
        return None
    tn, fp, fn, tp = (int(n) for n in found)
    return Confusion(key, path, (), ((tn, fp), (fn, tp)))


# --- each class against the rest ---------------------------------------------------------------------------------------


def _class_table(key: RunKey, path: str, data: Mapping[str, Any]) -> ClassTable:
    names = data["columns"]
    if not {"positive_class", *_COUNTS}.issubset(names):
        raise UnusableError("columns")
    at = {name: names.index(name) for name in names}
    rows = tuple(_class_scores(row, at) for row in data["rows"])
    return ClassTable(key, path, rows, data["n_rows"])


def _class_scores(row: Sequence[object], at: Mapping[str, int]) -> ClassScores:
    counts = [_number(row[at[name]]) for name in _COUNTS]
    if any(n is None or not 0 <= n <= MOST_COUNTED for n in counts):
        raise UnusableError("numbers")
    _, fp, fn, tp = (n or 0.0 for n in counts)
    others = [_share(row[at[name]]) if name in at else None for name in ("f1_score", "roc_auc", "precision_recall_auc")]
    n = tp + fn
    return ClassScores(
        _label(row[at["positive_class"]]),
        int(n) if n.is_integer() else None,
        _proportion(tp, tp + fp),
        _proportion(tp, n),
        *others,
    )


def _share(value: object) -> float | None:
    number = _number(value)
    if number is not None and not 0 <= number <= 1:
        raise UnusableError("numbers")
    return number


def _proportion(part: float, whole: float) -> Interval:
    """With no bounds where weights make the counts no numbers of rows, and no value where there is nothing."""
    if not whole:
        return Interval(None, None, None, 0)
    if not (part.is_integer() and whole.is_integer()):
        return Interval(part / whole, None, None, 0)
    found = wilson_interval(int(part), int(whole))
    return Interval(found.value, found.low, found.high, int(whole), found.level)


def _label(value: object) -> str:
    return "" if value is None else str(value)


# --- row by row --------------------------------------------------------------------------------------------------------


def _result_rows(key: RunKey, path: str, data: Mapping[str, Any]) -> ResultRows:
    names: list[str] = data["columns"]
    rows: list[Sequence[object]] = data["rows"]
    at_scores = [at for at, name in enumerate(names) if name.endswith("/score") or name.endswith(_PLAIN_SCORES)]
    scores = [scored for at in at_scores if (scored := _scores(names[at], [row[at] for row in rows]))]
    target = next((names.index(name) for name in _TARGETS if name in names), None)
    output = next((names.index(name) for name in _OUTPUTS if name in names), None)
    first = [at for at in (target, output) if at is not None]
    explained = [at for at, name in enumerate(names) if name.endswith("/justification")]
    order = tuple(dict.fromkeys([*first, *at_scores, *(at for at in range(len(names)) if at not in explained), *explained]))
    found = ResultRows(key, path, data["n_rows"], len(rows), tuple(scores), order=order)
    if target is None or output is None:
        return found
    pairs = [(row[target], row[output]) for row in rows if row[target] is not None and row[output] is not None]
    columns = (names[target], names[output])
    confusion, points = _counted(key, path, pairs), _numbers(pairs)
    if confusion is not None:
        return replace(found, columns=columns, confusion=confusion)
    if len(points) < 2:
        return found
    return replace(found, columns=columns, points=_thinned(points), n_points=len(points))


def _counted(key: RunKey, path: str, pairs: Sequence[tuple[object, object]]) -> Confusion | None:
    """Targets against outputs where both are labels: a few different ones, each of them often."""
    if not pairs or not all(_is_label(value) for pair in pairs for value in pair):
        return None
    labels = {_label(value) for pair in pairs for value in pair}
    if not 2 <= len(labels) <= MOST_CLASSES or len(pairs) < ROWS_PER_CLASS * len(labels):
        return None
    order = sorted(labels, key=_by_number)
    counts = Counter((_label(target), _label(output)) for target, output in pairs)
    return Confusion(key, path, tuple(order), tuple(tuple(counts[a, b] for b in order) for a in order))


def _is_label(value: object) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= LONGEST_LABEL
    return isinstance(value, bool | int)


def _by_number(label: str) -> tuple[int, float, str]:
    number = float(label) if re.fullmatch(r"-?\d{1,15}", label, re.ASCII) else None
    return (1, 0.0, label) if number is None else (0, number, label)


def _numbers(pairs: Iterable[tuple[object, object]]) -> list[tuple[float, float]]:
    found = [(_number(target), _number(output)) for target, output in pairs]
    return [(target, output) for target, output in found if target is not None and output is not None]


def _thinned(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Every so manieth by target, with both ends."""
    if len(points) <= MOST_POINTS:
        return tuple(points)
    ordered = sorted(points)
    chosen = np.unique(np.linspace(0, len(ordered) - 1, MOST_POINTS).round().astype(int))
    return tuple(ordered[at] for at in chosen)


def _scores(name: str, values: Sequence[object]) -> Scores | None:
    """None for a column without a number."""
    scored = (_number(int(value)) if isinstance(value, bool) else _number(value) for value in values)
    numbers = sorted(value for value in scored if value is not None)
    if not numbers:
        return None
    found = Scores(
        name,
        len(numbers),
        len(values) - len(numbers),
        samples.mean(numbers),
        float(np.median(numbers)),
        numbers[0],
        numbers[-1],
    )
    return _distributed(found, numbers) if len(numbers) >= FEWEST_SCORES and found.low < found.high else found


def _distributed(found: Scores, numbers: Sequence[float]) -> Scores:
    counted = Counter(numbers)
    if len(counted) <= MOST_DISTINCT:
        values = sorted(counted)
        return replace(found, middles=tuple(values), counts=tuple(counted[value] for value in values), is_counted=True)
    if not math.isfinite(found.high - found.low) or found.high - found.low < 1e-9 * max(abs(found.low), abs(found.high)):
        return found
    counts, edges = np.histogram(numbers, N_BINS)
    middles = tuple(float(middle) for middle in (edges[:-1] + edges[1:]) / 2)
    return replace(found, middles=middles, counts=tuple(int(n) for n in counts))

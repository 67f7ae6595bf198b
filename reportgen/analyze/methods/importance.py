"""Which parameters of a sweep matter: permutation importance on runs the model has not seen, and single associations.

Role: one ranked list with its caveat. Limits: within the sampled region only, biased by adaptive samplers, not causal. Withheld
unless there are enough runs and the model predicts unseen runs (cross-validated R² ≥ 0.3); parameters that move together are
named as not separable. Impurity importance favours parameters with many values and is not used (Strobl et al. 2007). Sources:
Breiman 2001 for permutation importance; Hooker, Mentch & Zhou 2021 for its limits.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy

from reportgen.analyze.methods.columns import MISSING, Column, ParamValue, columns_of
from reportgen.analyze.methods.multiple import benjamini_hochberg_of_some
from reportgen.analyze.methods.samples import Array, Outcome, Reason, Values, because, constant, finite
from reportgen.analyze.methods.sweeps import spearman
from reportgen.analyze.nuisance import nuisance_kind

LEAST_RUNS = 30
RUNS_PER_PARAM = 5
LEAST_R2 = 0.3
MOST_MISSING = 0.5
ENTANGLED = 0.7
"""Parameters with a mutual |rho| above this are not separable."""
ASSOCIATION_RUNS = 10
FOLDS, REPEATS, TREES, SHUFFLES = 5, 3, 300, 5

Withheld = Literal["constant", "unique in every run", "numbers the runs", "missing in more than half of the runs"]


@dataclass(frozen=True, slots=True)
class ParamShare:
    """How much of the prediction hangs on one parameter."""

    param: str
    share: float
    """Of all parameters together, 0 … 1."""
    sd: float
    """Over the 15 fits."""


@dataclass(frozen=True, slots=True)
class Association:
    """One parameter alone against the metric."""

    param: str
    measure: Literal["spearman", "eta2"]
    value: float
    """rho from −1 to 1 for numbers; share of variance between levels, 0 … 1, for labels."""
    n: int
    p: float | None
    p_adjusted: float | None
    """Benjamini–Hochberg over the printed parameters."""


@dataclass(frozen=True, slots=True)
class Importance:
    """Parameter importance, or why there is none."""

    outcome: Outcome
    reason: Reason | None
    n: int
    r2: float | None
    """Cross-validated R², mean over repeats; ``None`` when no model was fitted."""
    shares: tuple[ParamShare, ...]
    """Most important first; empty unless the outcome is ``estimated``."""
    associations: tuple[Association, ...]
    entangled: tuple[tuple[str, ...], ...]
    """Groups of numeric parameters that move together."""
    left_out: tuple[tuple[str, Withheld], ...]


def param_importance(
    params: Mapping[str, Sequence[ParamValue]], metric: Values, rng: np.random.Generator, *, trees: int = TREES
) -> Importance:
    """Cross-fitted permutation importance of the parameters for ``metric``, with single associations beside it.

    ``metric`` is flat and finite with one value per finished run, and so is every column of ``params`` (else ``ValueError``);
    missing parameters are ``None`` and a level of their own. 5 folds × 3 repeats of a random forest; each raw column is shuffled
    in the held-out fold and the rise of the squared error is its importance (below 0 counts as 0). ``too few`` below
    max(30, 5 per parameter) runs, ``refused`` below R² 0.3, ``no variation`` for a constant metric or no usable parameter.
    """
    y = finite(metric, "metric")
    used, left_out = _usable(columns_of(params, int(y.size)))
    answer = Importance("estimated", None, int(y.size), None, (), associations(params, y), _entangled(used), left_out)
    least = max(LEAST_RUNS, RUNS_PER_PARAM * len(used))
    if constant(y) or not used:
        return replace(answer, outcome="no variation", reason=because("nothing-varies"))
    if y.size < least:
        return replace(
            answer, outcome="too few", reason=because("few-runs-for-importance", n=y.size, params=len(used), least=least)
        )
    # Shares do not depend on the metric's unit, and squared errors of very large or small values leave the range of floats.
    r2, rises = _cross_fitted(used, (y - y.mean()) / y.std(), rng, trees)
    if r2 < LEAST_R2:
        return replace(answer, outcome="refused", reason=because("poor-model", r2=r2, least=LEAST_R2), r2=r2)
    return replace(answer, r2=r2, shares=_shares([column.name for column in used], rises))


def associations(params: Mapping[str, Sequence[ParamValue]], metric: Values) -> tuple[Association, ...]:
    """Spearman's rho of each numeric parameter and eta² of each label with ``metric``, BH-adjusted; empty below 10 runs.

    Uses the runs that have the parameter; parameters that cannot matter (constant, unique, numbering, mostly missing) are left
    out.
    """
    y = finite(metric, "metric")
    used, _ = _usable(columns_of(params, int(y.size)))
    if y.size < ASSOCIATION_RUNS or constant(y):
        return ()
    found = [association for column in used if (association := _association(column, y)) is not None]
    adjusted = benjamini_hochberg_of_some([association.p for association in found])
    return tuple(replace(association, p_adjusted=p) for association, p in zip(found, adjusted, strict=True))


def usable_params(params: Mapping[str, Sequence[ParamValue]], runs: int) -> tuple[str, ...]:
    """The parameters that can matter, sorted: those that vary and do not just name or number the runs."""
    return tuple(column.name for column in _usable(columns_of(params, runs))[0])


def _usable(columns: Sequence[Column]) -> tuple[list[Column], tuple[tuple[str, Withheld], ...]]:
    verdicts = [(column, _withheld(column)) for column in columns]
    used = [column for column, why in verdicts if why is None]
    return used, tuple((column.name, why) for column, why in verdicts if why is not None)


def _withheld(column: Column) -> Withheld | None:
    if column.constant:
        return "constant"
    if nuisance_kind(column.name, next(label for label in column.labels if label != MISSING)):
        return "numbers the runs"
    if column.missing.mean() > MOST_MISSING:
        return "missing in more than half of the runs"
    if column.numbers is None and column.levels == int((~column.missing).sum()):
        return "unique in every run"
    return None


def _entangled(columns: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    """Connected groups of numeric columns with |rho| above 0.7 over the runs that have both."""
    numeric = [column for column in columns if column.numbers is not None]
    groups: dict[str, set[str]] = {column.name: {column.name} for column in numeric}
    for first, second in itertools.combinations(numeric, 2):
        if _moves_with(first, second):
            joined = groups[first.name] | groups[second.name]
            groups.update(dict.fromkeys(joined, joined))
    return tuple(sorted({tuple(sorted(group)) for group in groups.values() if len(group) > 1}))


def _moves_with(first: Column, second: Column) -> bool:
    assert first.numbers is not None
    assert second.numbers is not None
    both = ~first.missing & ~second.missing
    if int(both.sum()) < 3:
        return False
    rho = spearman(first.numbers[both], second.numbers[both])
    return rho is not None and abs(rho) > ENTANGLED


def _encoded(column: Column) -> Array:
    """Shape (runs, k): a number with a flag where it is missing, or one column per level."""
    if column.numbers is None:
        labels = np.asarray(column.labels, dtype=object)
        return np.column_stack([labels == level for level in sorted(set(column.labels))]).astype(np.float64)
    # A forest only asks for order, and it computes in 32 bits: places in the order keep 1e-40, 1e40 and neighbours apart.
    order = np.unique(column.numbers[~column.missing])
    places = np.where(column.missing, -1.0, np.searchsorted(order, column.numbers))
    return np.column_stack([places, column.missing]) if column.missing.any() else places[:, np.newaxis]


def _cross_fitted(columns: Sequence[Column], y: Array, rng: np.random.Generator, trees: int) -> tuple[float, Array]:
    """Cross-validated R², and the rise of the squared error by shuffling each column; shape (fits, columns)."""
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.model_selection import RepeatedKFold

    blocks = [_encoded(column) for column in columns]
    design = np.column_stack(blocks)
    edges = np.cumsum([0, *(block.shape[1] for block in blocks)])
    folds = RepeatedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=_seed(rng))
    rises, errors = [], []
    for train, test in folds.split(design):
        forest = RandomForestRegressor(n_estimators=trees, min_samples_leaf=2, random_state=_seed(rng), n_jobs=1)
        forest.fit(design[train], y[train])
        shuffled = _shuffled(design[test], edges, rng)
        predicted = forest.predict(np.concatenate([design[test][np.newaxis], shuffled]).reshape(-1, design.shape[1]))
        squared = ((predicted.reshape(-1, test.size) - y[test]) ** 2).mean(axis=1)
        rises.append(squared[1:].reshape(len(blocks), SHUFFLES).mean(axis=1) - squared[0])
        errors.append(squared[0] * test.size)
    total = REPEATS * float(((y - y.mean()) ** 2).sum())
    return 1 - math.fsum(errors) / total, np.array(rises)


def _shuffled(rows: Array, edges: npt.NDArray[np.intp], rng: np.random.Generator) -> Array:
    """Copies of the held-out rows, each with one parameter shuffled; shape (columns · shuffles, rows, features)."""
    copies = []
    for start, stop in itertools.pairwise(edges):
        for _ in range(SHUFFLES):
            copy = rows.copy()
            copy[:, start:stop] = rows[rng.permutation(len(rows)), start:stop]
            copies.append(copy)
    return np.array(copies)


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(0, 2**31 - 1))


def _shares(names: Sequence[str], rises: Array) -> tuple[ParamShare, ...]:
    """Mean importance per parameter, below 0 counted as 0, as a share of all; largest first, then by name."""
    means = np.maximum(rises.mean(axis=0), 0.0)
    total = float(means.sum()) or 1.0
    spreads = rises.std(axis=0, ddof=1) / total
    found = [ParamShare(name, float(mean) / total, float(sd)) for name, mean, sd in zip(names, means, spreads, strict=True)]
    return tuple(sorted(found, key=lambda share: (-share.share, share.param)))


def _association(column: Column, y: Array) -> Association | None:
    there = ~column.missing
    if int(there.sum()) < ASSOCIATION_RUNS or constant(y[there]):
        return None
    if column.numbers is not None:
        return _rank_association(column.name, column.numbers[there], y[there])
    labels = np.asarray(column.labels, dtype=object)[there]
    return _level_association(column.name, [y[there][labels == level] for level in sorted(set(labels.tolist()))])


def _rank_association(name: str, x: Array, y: Array) -> Association | None:
    rho = spearman(x, y)
    if rho is None:
        return None
    n = int(x.size)
    # t is infinite at |rho| = 1; the exact p of complete agreement is 2/n!, and no smaller p exists for n ranks.
    t = abs(rho) * math.sqrt((n - 2) / max(1 - rho * rho, 1e-300))
    p = max(2 * float(scipy.stats.t.sf(t, n - 2)), 2 / math.factorial(min(n, 150)))
    return Association(name, "spearman", rho, n, min(1.0, p), None)


def _level_association(name: str, groups: Sequence[Array]) -> Association | None:
    n, k = sum(int(group.size) for group in groups), len(groups)
    if k < 2 or n <= k:
        return None
    everything = np.concatenate(groups)
    total = float(((everything - everything.mean()) ** 2).sum())
    within = math.fsum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    eta2 = max(0.0, 1 - within / total)
    if within <= 1e-24 * total:
        return Association(name, "eta2", 1.0, n, None, None)
    p = float(scipy.stats.f.sf((total - within) / (k - 1) / (within / (n - k)), k - 1, n - k))
    return Association(name, "eta2", eta2, n, p, None)

"""One metric in one group: its independent finite values and their summary.

A parent's value stands instead of its children's, the mean of a seed's runs instead of these. Where the runs are no sample
(trials of a search, folds of one data set) the mean has no interval, and the reason is kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportgen.analyze.compare.groups import Group, SeedMean
from reportgen.analyze.compare.pair_keys import declared_key, nuisance_key
from reportgen.analyze.compare.study import Study
from reportgen.analyze.methods import samples
from reportgen.analyze.methods.means import interval_of_mean
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run, RunKey, units

NoInterval = Literal["", "search", "folds", "tasks"]
"""Trials of a search are no sample of anything, folds of one data set are not independent, and runs on several data sets share
them: a t interval of their mean would promise what it cannot hold."""


@dataclass(frozen=True, slots=True)
class GroupValues:
    """One metric in one group: independent finite values by run, and their summary. ``sd`` and bounds need two."""

    label: str
    keys: tuple[RunKey, ...]
    values: tuple[float, ...]
    n_missing: int
    n_non_finite: int
    n_inside_parents: int
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    median: float | None
    n_parents: int = 0
    """Parents whose children count instead of them, because the pairs are declared by what only the children have."""
    seeds: tuple[SeedMean, ...] = ()
    """Values that are the mean of several runs of one seed; the value stands under the first of them."""
    no_interval: NoInterval = ""
    """Why the mean has no interval although there are values to make one of."""

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def by_key(self) -> dict[RunKey, float]:
        return dict(zip(self.keys, self.values, strict=True))


def group_values(study: Study, group: Group, metric: Metric) -> GroupValues:
    """The independent finite values of ``group``: a parent's instead of its children's, unless pairs are declared by a key that only
    the children have. Declaring it is what makes children samples of their own."""
    finished = [study.runs[key] for key in group.finished]
    opened = _opened(study, finished, metric)
    counted = units(finished, lambda run: metric.finite(run.key) is not None and run.key not in opened, study.runs)
    n_logged = sum(key in metric.values for key in group.finished)
    n_finite = sum(metric.finite(key) is not None for key in group.finished)
    values, seeds = with_seed_means({run.key: metric.values[run.key] for run in counted}, group.seeds)
    return summarised_values(
        group.label,
        values,
        seeds=seeds,
        n_missing=len(finished) - n_logged,
        n_non_finite=n_logged - n_finite,
        n_inside_parents=n_finite - len(counted) - len(opened),
        n_parents=len(opened),
        no_interval="search" if study.is_search(group) else "folds" if has_folds(study, values) else "",
        bounds=metric.bounds,
    )


def with_seed_means(
    values: Mapping[RunKey, float], seeds: Sequence[SeedMean]
) -> tuple[dict[RunKey, float], tuple[SeedMean, ...]]:
    """``values`` with one for each seed, and the seeds that this put together."""
    found, together = dict(values), []
    for seed in seeds:
        keys = tuple(key for key in seed.keys if key in values)
        if len(keys) > 1:
            together.append(replace(seed, keys=keys))
            found = {key: value for key, value in found.items() if key not in keys[1:]}
            found[keys[0]] = samples.mean([values[key] for key in keys])
    return found, tuple(together)


def _opened(study: Study, finished: Sequence[Run], metric: Metric) -> frozenset[RunKey]:
    """Runs with a value and without the declared pairs' key, above runs that have both; none where no pairs are declared."""
    if study.rules.pair_by in (None, "none"):
        return frozenset()
    key_of = declared_key(study.rules.pair_by)
    valued = {run.key for run in finished if metric.finite(run.key) is not None}
    found: set[RunKey] = set()
    for run in finished:
        at = run.parent if run.key in valued and key_of(run) is not None else None
        while at is not None and at in study.runs and at not in found:
            found.add(at)
            at = study.runs[at].parent
    return frozenset(key for key in found & valued if key_of(study.runs[key]) is None)


def summarised_values(
    label: str,
    values: Mapping[RunKey, float],
    *,
    n_missing: int = 0,
    n_non_finite: int = 0,
    n_inside_parents: int = 0,
    n_parents: int = 0,
    seeds: tuple[SeedMean, ...] = (),
    no_interval: NoInterval = "",
    bounds: tuple[float, float] | None = None,
) -> GroupValues:
    """``values`` with their mean, median, sd and the interval of the mean, which ``no_interval`` gives a reason against."""
    plain = list(values.values())
    n = len(plain)
    interval = None if no_interval else interval_of_mean(plain, bounds)
    ordered = sorted(plain)
    return GroupValues(
        label=label,
        keys=tuple(values),
        values=tuple(plain),
        n_missing=n_missing,
        n_non_finite=n_non_finite,
        n_inside_parents=n_inside_parents,
        mean=samples.mean(plain) if plain else None,
        sd=samples.sd(plain) if n > 1 else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        median=(ordered[(n - 1) // 2] / 2 + ordered[n // 2] / 2) if plain else None,
        n_parents=n_parents,
        seeds=seeds,
        no_interval=no_interval,
    )


_SPLITS = re.compile(
    r"(?:^|[_.\-/ ])(?:n|num|k|cv|number_of|n_cv)_?(?:splits|folds)$|^(?:folds|splits|kfolds?|cv)$", re.IGNORECASE
)
_TEST_SHARE = re.compile(
    r"(?:.*[_.\-/ ])?(?:test|val|valid|validation|holdout|eval)_?(?:size|share|fraction|frac|ratio|split|pct)", re.IGNORECASE
)


def declared_splits(study: Study, keys: Iterable[RunKey]) -> int | None:
    """How many folds the runs say that their cross-validation has (``n_splits: 5``); None when they do not, or not alike."""
    found = {
        run.params[name]
        for run in (study.runs[key] for key in keys)
        for name in run.params
        if name not in run.nuisance and _SPLITS.search(name)
    }
    (text,) = found if len(found) == 1 else ("",)
    return int(text) if text.isascii() and text.isdigit() and 2 <= int(text[:6]) <= 10_000 else None


def declared_test_share(study: Study, keys: Iterable[RunKey]) -> float | None:
    """The share of the data that runs say they test on (``test_size: 0.25``); None when they do not, or not alike."""
    found = {run.params[name] for run in (study.runs[key] for key in keys) for name in run.params if _TEST_SHARE.fullmatch(name)}
    try:
        (share,) = {float(text) for text in found}
    except ValueError:
        return None
    return share if 0 < share < 1 else None


def has_folds(study: Study, keys: Iterable[RunKey]) -> bool:
    """Whether two of the runs are different folds; a run with several fold parameters is none."""
    folds = (
        [run.params[name] for name, kind in run.nuisance.items() if kind == "fold"] for run in (study.runs[key] for key in keys)
    )
    return len({own[0] for own in folds if len(own) == 1}) > 1


def over_folds(study: Study, values: GroupValues) -> GroupValues | None:
    """``values`` averaged over the folds of each seed (or parent); None when that leaves one value: then n is 1, not k."""
    seed_of = nuisance_key(("seed",))
    sets: dict[tuple[object, ...], list[RunKey]] = {}
    for key in values.keys:
        sets.setdefault((seed_of(study.runs[key]), study.runs[key].parent), []).append(key)
    if len(sets) < 2:
        return None
    value = values.by_key
    means = {keys[0]: samples.mean([value[key] for key in keys]) for keys in sets.values()}
    return summarised_values(
        values.label,
        means,
        n_missing=values.n_missing,
        n_non_finite=values.n_non_finite,
        n_inside_parents=values.n_inside_parents,
    )


def is_usable(values: Iterable[float]) -> bool:
    """Whether the squares of ``values`` are floats."""
    return all(math.isfinite(value) and abs(value) < samples.LARGEST for value in values)

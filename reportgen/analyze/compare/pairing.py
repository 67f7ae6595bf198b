"""Which runs of two groups belong together: pairs by seed, fold or data set, or by what the config says.

A pair removes what both runs share, so that far fewer runs tell a difference. Whether to pair is decided from the
design alone, never from the values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportgen.analyze.compare.pair_keys import KeyOf, PairKey, PairKind, declared_key, nuisance_key
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.values import GroupValues, declared_splits, declared_test_share
from reportgen.analyze.evaluations import identities
from reportgen.analyze.methods.samples import mean
from reportgen.analyze.nuisance import nuisance_kind
from reportgen.analyze.runs import RunKey

USUAL_TEST_SHARE = 0.2
"""Of splits whose runs do not say how large the test set is."""
FEWEST_PAIRS = 3
"""Automatic pairing needs as many; with fewer a coincidence of keys would look like a design."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Runs of two groups side by side: ``keys[i]``, ``a[i]`` and ``b[i]`` belong together."""

    kinds: tuple[PairKind, ...]
    """What pairs the runs; empty where a declared field does."""
    field: str
    """The declared ``params.NAME`` or ``tags.NAME``; empty where the pairs were found."""
    keys: tuple[PairKey, ...]
    a: tuple[float, ...]
    b: tuple[float, ...]
    runs_a: tuple[tuple[RunKey, ...], ...]
    """Runs behind each value; several when a declared key is shared by several runs of a group: their mean is used."""
    runs_b: tuple[tuple[RunKey, ...], ...]
    left_a: tuple[RunKey, ...]
    """Runs without a partner."""
    left_b: tuple[RunKey, ...]
    n_folds: int = 0
    """Folds of the cross-validation, when the pairs are folds of one data set; 0 = they are not. As many as the runs say
    (``n_splits``), else as there are distinct folds among the pairs."""
    test_share: float | None = None
    """The share of the data in one test set, when the pairs are folds or splits of one data set, which share training data."""
    share_logged: bool = False
    """Whether the runs say how many folds there are, or how large a test set is."""

    @property
    def n(self) -> int:
        return len(self.keys)

    @property
    def declared(self) -> bool:
        return bool(self.field)

    @property
    def repeats(self) -> PairKind | None:
        """What differs from pair to pair where that is chance alone; of a declared field what its name says."""
        if self.declared:
            return "seed" if "seed" in self.field else "repeat" if "repetition" in self.field else None
        return next((kind for kind in self.kinds if kind in ("seed", "repeat")), None)

    @property
    def averaged(self) -> bool:
        return any(len(runs) > 1 for runs in (*self.runs_a, *self.runs_b))

    @property
    def has_drawn_splits(self) -> bool:
        """Whether the seed of each pair draws its split of the data."""
        return self.test_share is not None and not self.n_folds


def pairing_of(study: Study, metric: str, a: GroupValues, b: GroupValues) -> Pairing | None:
    """The pairs of two groups in ``metric``, or None when the design has none.

    Declared: every key that both sides have, where no key joins values of different data sets. Found: a key that occurs once on both sides for at least three pairs and
    for every run of the smaller side.
    """
    field = study.rules.pair_by
    if field == "none":
        return None
    if field is not None:
        declared = _paired(study, a, b, (), declared_key(field), field)
        is_sound = declared.n and pair_over_data(study, [*a.keys, *b.keys], metric) is None
        return _over_parts(study, declared) if is_sound else None
    for kinds in _DESIGNS:
        found = _paired(study, a, b, kinds, nuisance_key(kinds))
        if _is_design(found, a, b):
            return _over_parts(study, found)
    by_data = _paired(study, a, b, ("dataset",), lambda run: study.data_of(run.key) or None)
    return by_data if _is_design(by_data, a, b) else None


@dataclass(frozen=True, slots=True)
class PairOverData:
    """A key of the declared pairs whose runs were measured on different data sets."""

    key: PairKey
    data: tuple[tuple[str, ...], ...]
    """The labels of each data set, sorted."""


def pair_over_data(study: Study, keys: Iterable[RunKey], metric: str) -> PairOverData | None:
    """The first of the declared pairs of ``keys`` that joins values of ``metric`` on different data sets; runs that recorded none
    say nothing."""
    field = study.rules.pair_by
    if field in (None, "none"):
        return None
    key_of, found = declared_key(field), dict[PairKey, dict[frozenset[str], tuple[str, ...]]]()
    for run in keys:
        labels, pair = study.problem_of(metric, run), key_of(study.runs[run])
        if pair is not None and labels:
            found.setdefault(pair, {}).setdefault(identities(labels), labels)
    mixed = sorted((key, tuple(sorted(data.values()))) for key, data in found.items() if len(data) > 1)
    return PairOverData(*mixed[0]) if mixed else None


_DESIGNS: tuple[tuple[PairKind, ...], ...] = (
    ("seed", "repeat", "fold"),
    ("seed", "fold"),
    ("repeat", "fold"),
    ("seed", "repeat"),
    ("seed",),
    ("fold",),
    ("repeat",),
)
"""Kinds of keys in the order in which they are tried."""


def _is_design(found: Pairing, a: GroupValues, b: GroupValues) -> bool:
    return found.n >= FEWEST_PAIRS and found.n == min(a.n, b.n) and not found.averaged


def partly_shared(study: Study, a: GroupValues, b: GroupValues) -> Pairing | None:
    """The pairs of two groups that make no design, because not every run of the smaller side has a partner.

    The seed, repetition or fold that both sides have most of, once each; None when they share none.
    """
    kinds: tuple[PairKind, ...] = ("seed", "repeat", "fold")
    most = max((_paired(study, a, b, (kind,), nuisance_key((kind,))) for kind in kinds), key=lambda one: one.n)
    return _over_parts(study, most) if most.n else None


def _paired(study: Study, a: GroupValues, b: GroupValues, kinds: tuple[PairKind, ...], key_of: KeyOf, field: str = "") -> Pairing:
    sides = [_by_pair_key(study, values, key_of) for values in (a, b)]
    shared = sorted(set(sides[0]) & set(sides[1]))
    if not field:  # a key that a side has twice makes no pair that is sure
        shared = [key for key in shared if len(sides[0][key]) == len(sides[1][key]) == 1]
    used = [{run for key in shared for run in side[key]} for side in sides]
    value_a, value_b = a.by_key, b.by_key
    return Pairing(
        kinds=kinds,
        field=field,
        keys=tuple(shared),
        a=tuple(mean([value_a[run] for run in sides[0][key]]) for key in shared),
        b=tuple(mean([value_b[run] for run in sides[1][key]]) for key in shared),
        runs_a=tuple(tuple(sides[0][key]) for key in shared),
        runs_b=tuple(tuple(sides[1][key]) for key in shared),
        left_a=tuple(run for run in a.keys if run not in used[0]),
        left_b=tuple(run for run in b.keys if run not in used[1]),
    )


def _by_pair_key(study: Study, values: GroupValues, key_of: KeyOf) -> dict[PairKey, list[RunKey]]:
    found: dict[PairKey, list[RunKey]] = {}
    for key in values.keys:
        pair = key_of(study.runs[key])
        if pair is not None:
            found.setdefault(pair, []).append(key)
    return found


def _over_parts(study: Study, pairing: Pairing) -> Pairing:
    """``pairing`` with the share of its test sets, when every pair is one fold, or its seed draws the split of the data."""
    name = pairing.field.partition(".")[2]
    runs = [key for pair in (*pairing.runs_a, *pairing.runs_b) for key in pair]
    if nuisance_kind(name) == "fold" if name else "fold" in pairing.kinds:
        first = [study.runs[pair[0]] for pair in pairing.runs_a]
        folds = {run.params[name] for run in first for name, kind in run.nuisance.items() if kind == "fold"}
        splits = declared_splits(study, runs)
        n = splits or len(folds) or pairing.n
        return replace(pairing, n_folds=n, test_share=1 / n if n > 1 else None, share_logged=splits is not None)
    if pairing.repeats != "seed" or not _has_own_data(study, pairing):
        return pairing
    share = declared_test_share(study, runs)
    return replace(pairing, test_share=share or USUAL_TEST_SHARE, share_logged=share is not None)


def _has_own_data(study: Study, pairing: Pairing) -> bool:
    """Whether the runs of each pair logged data of their own: then the seed draws them."""
    data = [{identities(study.data_of(run)) for run in (*a, *b)} for a, b in zip(pairing.runs_a, pairing.runs_b, strict=True)]
    if any(len(one) != 1 or not next(iter(one)) for one in data):
        return False
    return pairing.n >= FEWEST_PAIRS and len({next(iter(one)) for one in data}) == pairing.n

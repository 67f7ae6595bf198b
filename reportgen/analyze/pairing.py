"""Which runs of two groups belong together: pairs by seed, fold or data set, or by what the config says.

A pair removes what both runs share, so that far fewer runs tell a difference. Whether to pair is decided from the
design alone, never from the values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.analyze.groups import GroupValues, declared_splits
from reportgen.analyze.methods.samples import mean
from reportgen.analyze.nuisance import nuisance_kind
from reportgen.analyze.runs import Run, RunKey

FEWEST_PAIRS = 3
"""Automatic pairing needs as many; with fewer a coincidence of keys would look like a design."""

PairKey = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Runs of two groups side by side: ``keys[i]``, ``a[i]`` and ``b[i]`` belong together."""

    by: str
    """In words: "seed", "fold", "seed and fold", "params.day"."""
    declared: bool
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
    splits_logged: bool = False
    """Whether the runs say how many folds there are."""

    @property
    def n(self) -> int:
        return len(self.keys)

    @property
    def averaged(self) -> bool:
        return any(len(runs) > 1 for runs in (*self.runs_a, *self.runs_b))

    @property
    def test_share(self) -> float:
        """The share of the data in one fold; only of folds."""
        return 1 / self.n_folds


KeyOf = Callable[[Run], PairKey | None]


def declared_key(pair_by: str) -> KeyOf:
    kind, _, name = pair_by.partition(".")

    def of(run: Run) -> PairKey | None:
        value = (run.tags if kind in ("tags", "tag") else run.params).get(name)
        return None if value is None else (value,)

    return of


def nuisance_key(kinds: Sequence[str]) -> KeyOf:
    """The values of a run's nuisance params of ``kinds``, all kinds needed."""

    def of(run: Run) -> PairKey | None:
        found = sorted((kind, name, run.params[name]) for name, kind in run.nuisance.items() if kind in kinds)
        return tuple(value for _, _, value in found) if {kind for kind, _, _ in found} == set(kinds) else None

    return of


def dataset_key(datasets: Mapping[RunKey, tuple[str, ...]]) -> KeyOf:
    return lambda run: datasets.get(run.key) or None


def pairing_of(
    a: GroupValues,
    b: GroupValues,
    pair_by: str | None,
    by_key: Mapping[RunKey, Run],
    datasets: Mapping[RunKey, tuple[str, ...]],
) -> Pairing | None:
    """The pairs of two groups, or None when the design has none.

    Declared: every key that both sides have. Found: a key that occurs once on both sides for at least three pairs and
    for every run of the smaller side.
    """
    if pair_by == "none":
        return None
    if pair_by is not None:
        key_of = declared_key(pair_by)
        found = _paired(pair_by, key_of, a, b, by_key, declared=True)
        return _with_folds(found, by_key, pair_by) if found.n else None
    candidates: list[tuple[str, KeyOf]] = [
        ("seed, repetition and fold", nuisance_key(("fold", "repeat", "seed"))),
        ("seed and fold", nuisance_key(("fold", "seed"))),
        ("repetition and fold", nuisance_key(("fold", "repeat"))),
        ("seed and repetition", nuisance_key(("repeat", "seed"))),
        ("seed", nuisance_key(("seed",))),
        ("fold", nuisance_key(("fold",))),
        ("repetition", nuisance_key(("repeat",))),
        ("data set", dataset_key(datasets)),
    ]
    for words, key_of in candidates:
        found = _paired(words, key_of, a, b, by_key, declared=False)
        if found.n >= FEWEST_PAIRS and found.n == min(a.n, b.n) and not found.averaged:
            return _with_folds(found, by_key, words)
    return None


def partly_shared(a: GroupValues, b: GroupValues, by_key: Mapping[RunKey, Run]) -> Pairing | None:
    """The pairs of two groups that make no design, because not every run of the smaller side has a partner.

    The seed, repetition or fold that both sides have most of, once each; None when they share none.
    """
    found = [
        (words, _paired(words, nuisance_key(kinds), a, b, by_key, declared=False))
        for words, kinds in (("seed", ("seed",)), ("repetition", ("repeat",)), ("fold", ("fold",)))
    ]
    words, most = max(found, key=lambda one: one[1].n)
    return _with_folds(most, by_key, words) if most.n else None


def _paired(
    words: str, key_of: KeyOf, a: GroupValues, b: GroupValues, by_key: Mapping[RunKey, Run], *, declared: bool
) -> Pairing:
    sides = [_by_pair_key(values, key_of, by_key) for values in (a, b)]
    shared = sorted(set(sides[0]) & set(sides[1]))
    if not declared:  # a key that a side has twice makes no pair that is sure
        shared = [key for key in shared if len(sides[0][key]) == len(sides[1][key]) == 1]
    used = [{run for key in shared for run in side[key]} for side in sides]
    value_a, value_b = a.by_key, b.by_key
    return Pairing(
        by=words,
        declared=declared,
        keys=tuple(shared),
        a=tuple(mean([value_a[run] for run in sides[0][key]]) for key in shared),
        b=tuple(mean([value_b[run] for run in sides[1][key]]) for key in shared),
        runs_a=tuple(tuple(sides[0][key]) for key in shared),
        runs_b=tuple(tuple(sides[1][key]) for key in shared),
        left_a=tuple(run for run in a.keys if run not in used[0]),
        left_b=tuple(run for run in b.keys if run not in used[1]),
    )


def _by_pair_key(values: GroupValues, key_of: KeyOf, by_key: Mapping[RunKey, Run]) -> dict[PairKey, list[RunKey]]:
    found: dict[PairKey, list[RunKey]] = {}
    for key in values.keys:
        pair = key_of(by_key[key])
        if pair is not None:
            found.setdefault(pair, []).append(key)
    return found


def _with_folds(pairing: Pairing, by_key: Mapping[RunKey, Run], words: str) -> Pairing:
    """``pairing`` with its number of folds when every pair is one fold."""
    name = words.partition(".")[2]
    is_fold = "fold" in words if not name else nuisance_kind(name) == "fold"
    if not is_fold:
        return pairing
    folds = set()
    for runs in pairing.runs_a:
        run = by_key[runs[0]]
        folds |= {run.params[name] for name, kind in run.nuisance.items() if kind == "fold"}
    splits = declared_splits([key for runs in (*pairing.runs_a, *pairing.runs_b) for key in runs], by_key)
    return replace(pairing, n_folds=splits or len(folds) or pairing.n, splits_logged=splits is not None)


def has_pair_key(pair_by: str | None) -> Callable[[Run], bool] | None:
    """Whether a run has the key of a declared pairing; None where none is declared."""
    if pair_by is None or pair_by == "none":
        return None
    key_of = declared_key(pair_by)
    return lambda run: key_of(run) is not None

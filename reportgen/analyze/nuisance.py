"""Which parameters only tell repetitions apart: seeds, folds and their like. They make no configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

SEEDS = ("random_seed", "random_state", "seed")
FOLDS = ("fold",)
NUISANCE = (*SEEDS, *FOLDS, "split", "rep", "repeat", "replicate", "run_number", "trial_number")

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ENDING = re.compile(
    rf"(?:(?:^|_)(?P<before>[a-z0-9]+)_|^)(?P<word>{'|'.join(NUISANCE)})(?:_(?:id|idx|index|no|nr|number|i|value))?$"
)
# "n_folds" and "test_split" set an experiment up; they do not say which of its repetitions this is.
_BEFORE = frozenset(("n", "num", "number", "count", "k", "max", "min", "total", "test", "train", "val", "valid", "validation"))


def nuisance_kind(name: str, value: str = "0") -> str | None:
    """``seed``, ``fold`` or ``repeat`` when the param only tells repetitions apart, else None.

    The name's last words must be a nuisance word ("data.split_seed", "cvFold", "fold_id"); a share such as
    ``split: 0.8`` is a setting.
    """
    match = _ENDING.search("_".join(_WORD.findall(name)).lower())
    if match is None:
        return None
    word = match["word"]
    if word in SEEDS:
        return "seed"
    if match["before"] in _BEFORE or (word == "split" and _is_share(value)):
        return None
    return "fold" if word in FOLDS else "repeat"


def _is_share(value: str) -> bool:
    try:
        return not float(value).is_integer()
    except ValueError:
        return ":" in value or "/" in value or "," in value
    except OverflowError:
        return False


def nuisance_kinds() -> Callable[[Mapping[str, str]], dict[str, str]]:
    """A function from a run's params to their kinds, nuisance ones only; it reads each name once for all runs."""
    known: dict[str, str | None] = {}

    def of(params: Mapping[str, str]) -> dict[str, str]:
        kinds: dict[str, str] = {}
        for name, value in params.items():
            if name not in known:
                known[name] = nuisance_kind(name)
            kind = known[name]
            if kind == "repeat":  # a split may be a number or a share
                kind = nuisance_kind(name, value)
            if kind is not None:
                kinds[name] = kind
        return kinds

    return of

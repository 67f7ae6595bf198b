"""Which parameters only tell repetitions apart: seeds, folds and their like, and those that name a run. They make no configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

SEEDS = ("random_seed", "random_state", "seed")
FOLDS = ("fold",)
NUISANCE = (*SEEDS, *FOLDS, "split", "rep", "repeat", "replicate", "run_number", "trial_number")

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ENDING = re.compile(rf"(?:^|_)(?P<word>{'|'.join(NUISANCE)})(?:_(?:id|idx|index|no|nr|number|i|value))?$")
# "n_folds", "min_samples_split" and "test_split" set an experiment up; they do not say which of its repetitions this is.
_BEFORE = frozenset(("n", "num", "number", "count", "k", "max", "min", "total", "test", "train", "val", "valid", "validation"))


def nuisance_kind(name: str, value: str = "0") -> str | None:
    """``seed``, ``fold`` or ``repeat`` when the param only tells repetitions apart, else None.

    The name's last words must be a nuisance word ("data.split_seed", "cvFold", "fold_id"); a share such as
    ``split: 0.8`` is a setting.
    """
    words = "_".join(_WORD.findall(name)).lower()
    match = _ENDING.search(words)
    if match is None:
        return None
    word = match["word"]
    if word in SEEDS:
        return "seed"
    if not _BEFORE.isdisjoint(words[: match.start("word")].split("_")) or (word == "split" and _is_share(value)):
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


# --- parameters that name a run ----------------------------------------------------------------------------------------

FEWEST_NAMED = 3
"""Two runs differ in everything that differs at all."""
_NAMES_A_RUN = re.compile(
    r"(?:^|[_.\-/ ])(?:commit|commit_?(?:id|sha|hash)|sha|sha1|git_?(?:sha|hash|rev|revision)|revision|timestamp|ts|date|datetime|time_?stamp|"
    r"started_?at|created_?at|start_?time|uuid|guid|host|hostname|node|ip|port|pid|(?:job|run|build|task|trial|experiment|exp|session|slurm|"
    r"slurm_?job|pipeline|execution|workflow)_?(?:id|no|nr|number|name|uuid)|build|(?:output|out|log|logging|save|checkpoint|ckpt|artifact|"
    r"result|results|work|working)_?(?:dir|directory|path|folder|file)|logdir|outdir)$",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{7,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|"
    r"(?:19|20)\d\d-?[01]\d-?[0-3]\d(?:[T _-]?[0-2]\d[:-]?[0-5]\d(?:[:-]?[0-5]\d(?:[.,]\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?|"
    r"1[0-9]{9}(?:\.\d+)?|1[0-9]{12}",
    re.IGNORECASE,
)
"""Commits and hashes, UUIDs, dates and times, Unix times."""


def naming_params(params: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Params that only name their run: another value in every run, and the name or every value of an identifier, date, host or path.

    ``params`` are those of the runs, one mapping each. A number that is another in every run is a setting: the learning rate of a search.
    """
    if len(params) < FEWEST_NAMED:
        return ()
    return tuple(
        sorted(name for name in {name for own in params for name in own} if _names_runs(name, [p.get(name) for p in params]))
    )


def _names_runs(name: str, values: Sequence[str | None]) -> bool:
    if None in values or len(set(values)) < len(values):
        return False
    camel = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return _NAMES_A_RUN.search(camel) is not None or _are_identifiers(value or "" for value in values)


def _are_identifiers(values: Iterable[str]) -> bool:
    return all(_IDENTIFIER.fullmatch(value.strip()) and not _is_exponent(value) for value in values)


def _is_exponent(value: str) -> bool:
    return re.fullmatch(r"\d+e\d+", value.strip(), re.IGNORECASE) is not None

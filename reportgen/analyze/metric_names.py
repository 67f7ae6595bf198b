"""The words of a metric's name, and the one spelling of names that mean the same quantity."""

from __future__ import annotations

import re

from reportgen.analyze.metric_vocabulary import NO_SHARES, SHARES

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_DIGITS = re.compile(r"^([a-z]+?)(?:\d+)$")
_SEPARATOR = re.compile(r"[^0-9A-Za-z]+")
_INITIAL = re.compile(r"(?<![A-Za-z])[a-z](?=[A-Z]{2,}(?![a-z]))[A-Z]+")
_MIXED = re.compile(r"chrF|SQuAD|mAP|mAR|(?<![A-Za-z])(?:m|fw|g|d|c)IoU|(?<![A-Za-z])[am]Acc(?![a-z])")
_IOU = re.compile(r"IoU|(?<![A-Za-z])io_u(?![A-Za-z])")


def tokens_of(name: str) -> tuple[str, ...]:
    """Lower-case words of ``name``, split at everything that is no letter or digit and at camelCase."""
    plain = _MIXED.sub(lambda match: match[0].lower(), name)
    plain = _INITIAL.sub(lambda match: match[0].lower(), _IOU.sub("Iou", plain))
    return tuple(word.lower() for part in _SEPARATOR.split(plain) for word in _CAMEL.split(part) if word)


_SHARE = "rate|ratio|fraction|share|pct|percent|percentage|count"
_VALIDATION = re.compile(
    r"(?<![A-Za-z])(?:(?:validation|Validation|Val|VAL)(?![a-z])"
    rf"|[Vv]alid(?![a-z])(?![-_ ](?:(?:json|xml|sql|smiles|output|response|syntax|schema)s?[-_ ])?(?:{_SHARE})(?![A-Za-z])))"
)


def canonical_name(name: str) -> str:
    """``name`` with ``val`` for every spelling of the validation split: one quantity has one such name.

    ``valid`` before a noun that can be valid (``valid_json_rate``) is no split and stays.
    """
    return _VALIDATION.sub("val", name)


def is_share(name: str) -> bool:
    """Whether the name is of a measure that lies between 0 and 1 (or 0 and 100 %) by its definition: an accuracy, an AUC, a rate."""
    tokens = tokens_of(name)
    words = {word if word in SHARES else _DIGITS.sub(r"\1", word) for word in tokens}
    return bool(words & SHARES) and not words & NO_SHARES and tokens[:1] != ("neg",)

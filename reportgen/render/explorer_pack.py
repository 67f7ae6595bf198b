"""Numbers as text that a page carries: typed arrays in byte planes, behind one JSON header, gzip and base64.

A plane is the first byte of every number, then the second of every number: neighbours are alike, so gzip finds what to save. The
other half is ``web/data.js``; both know these kinds:

``f8`` float64 · ``f4`` float32 · ``f3`` float32 whose last byte is rounded away (seven bits of a digit: 0.002 %) · ``i4`` int32 ·
``d4`` int32 as differences · ``u2`` uint16 · ``u1`` bytes
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

INT32 = 2**31 - 1
CODES = 4096
"""12 bits; the last three of them are no numbers."""
NAN, MINUS, PLUS = CODES - 3, CODES - 2, CODES - 1
_DTYPES = {"f8": "<f8", "f4": "<f4", "f3": "<f4", "i4": "<i4", "d4": "<i4", "u2": "<u2", "u1": "u1"}

Array = tuple[str, np.ndarray]
"""(kind, numbers)."""


def packed(meta: Mapping[str, Any], arrays: Mapping[str, Array]) -> str:
    """``meta`` and ``arrays`` as one text of base64."""
    parts, listed = [], []
    for name, (kind, numbers) in arrays.items():
        listed.append([name, kind, len(numbers)])
        parts.append(_planes(kind, numbers))
    head = json.dumps({**meta, "arrays": listed}, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return packed_bytes(b"".join((len(head).to_bytes(4, "little"), head, *parts)))


def packed_bytes(data: bytes) -> str:
    """``data`` as gzip in base64."""
    return base64.b64encode(gzip.compress(data, 6 if len(data) > 8_000_000 else 9, mtime=0)).decode()


def whole(numbers: np.ndarray, *, steps: bool = False) -> Array:
    """Whole numbers in the smallest kind that holds them; ``steps``: as differences, for numbers that grow."""
    numbers = np.asarray(numbers, dtype=np.int64)
    if steps:
        change = np.diff(numbers, prepend=0)
        if not len(numbers) or max(np.abs(numbers).max(), np.abs(change).max()) <= INT32:
            return "d4", change.astype(np.int32)
        return "f8", numbers.astype(np.float64)
    if not len(numbers) or (numbers.min() >= 0 and numbers.max() < 1 << 16):
        return "u2", numbers.astype(np.uint16)
    return ("i4", numbers.astype(np.int32)) if np.abs(numbers).max() <= INT32 else ("f8", numbers.astype(np.float64))


def words(texts: Sequence[str | None]) -> tuple[list[str], np.ndarray]:
    """(each text once, in the order of first use; for each text its place + 1, 0 where there is none)."""
    places: dict[str, int] = {}
    codes = [0 if text is None else places.setdefault(text, len(places)) + 1 for text in texts]
    return list(places), np.array(codes, dtype=np.int64)


def quantised(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """``values`` as codes between ``low`` and ``high`` (of the same length); NaN and the infinities have codes of their own."""
    span = np.where(high > low, high - low, 1.0)
    with np.errstate(invalid="ignore", over="ignore"):
        codes = np.rint(np.clip((values - low) / span, 0, 1) * (NAN - 1))
    codes = np.select([np.isnan(values), values == np.inf, values == -np.inf], [NAN, PLUS, MINUS], codes)
    return codes.astype(np.uint16)


def _planes(kind: str, numbers: np.ndarray) -> bytes:
    raw = np.ascontiguousarray(numbers, dtype=_DTYPES[kind])
    if kind == "f3":
        raw = _rounded(raw).view("<f4")
    planes = raw.view(np.uint8).reshape(len(raw), raw.itemsize).T
    return (planes[1:] if kind == "f3" else planes).tobytes()


def _rounded(numbers: np.ndarray) -> np.ndarray:
    """float32 rounded to its first three bytes, half to even; what is not finite stays so."""
    bits = numbers.view("<u4").astype(np.uint64)
    rounded = (bits + 0x7F + ((bits >> np.uint64(8)) & np.uint64(1))) & np.uint64(0xFFFFFF00)
    biggest = np.where(bits >> np.uint64(31), np.uint64(0xFF7FFF00), np.uint64(0x7F7FFF00))
    finite = np.isfinite(numbers)
    overflows = finite & ((rounded & np.uint64(0x7F800000)) == np.uint64(0x7F800000))
    plain = np.where(np.isnan(numbers), np.uint64(0x7FC00000), bits)
    return np.where(finite, np.where(overflows, biggest, rounded), plain).astype("<u4")

"""Random generators that give the same draws on every machine: one for each named block of a report."""

from __future__ import annotations

from hashlib import sha256

import numpy as np

REPORT_SEED = 20_261_120
"""Mixed with the name of the block that draws: same input, same bytes."""


def generator(block: str, seed: int = REPORT_SEED) -> np.random.Generator:
    """The random generator of one block, e.g. ``"comparison/val_accuracy"``; ``ValueError`` for a negative seed.

    The name is hashed with SHA-256, not with Python's ``hash``, which differs from process to process. The bit generator is
    named because NumPy may change its default.
    """
    if seed < 0:
        raise ValueError(f"the seed must not be negative, found {seed}")
    place = int.from_bytes(sha256(block.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, place])))

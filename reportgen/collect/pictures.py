"""Pictures that a report shows though nobody asked for any: which artifacts are some, and which few of them are kept."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase

import pyarrow as pa

from reportgen.snapshot import Snapshot

PICTURES = ("*.png", "*.jpg", "*.jpeg", "*.webp")
"""What a report shows that asks for nothing."""
PICTURE_BYTES = (500_000, 3_000_000)
"""Largest picture, and all together."""
MOST_PICTURES = 2
"""Of one run."""
LARGEST_SHOWN = 1_000_000
"""Bytes of a picture encoded anew."""


def holds_pictures(snapshot: Snapshot) -> bool:
    """Whether a run is known to have pictures: the artifacts of stores on this machine alone are listed."""
    paths = (str(path).lower() for path in snapshot.artifacts.column("path").to_pylist())
    return any(fnmatchcase(path, pattern) for path in paths for pattern in PICTURES)


def few_pictures(contents: pa.Table) -> pa.Table:
    """The first pictures of each run, those nearest to its root."""
    rows = contents.select(["experiment_id", "run_id", "path", "kind"]).to_pylist()
    sizes = [len(content or b"") for content in contents.column("content").to_pylist()]
    fitting = [at for at, row in enumerate(rows) if row["kind"] == "image" and sizes[at] <= LARGEST_SHOWN]
    fitting.sort(key=lambda at: (rows[at]["experiment_id"], rows[at]["run_id"], rows[at]["path"].count("/"), rows[at]["path"]))
    counts: Counter[tuple[str, str]] = Counter()
    kept: list[int] = []
    for at in fitting:
        key = (rows[at]["experiment_id"], rows[at]["run_id"])
        counts[key] += 1
        if counts[key] <= MOST_PICTURES:
            kept.append(at)
    return contents.take(sorted(kept))

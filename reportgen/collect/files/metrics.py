"""The metric files of some runs: read, parsed together and counted, with problems for what is damaged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from reportgen.collect.canonical_rows import history_table, plain
from reportgen.collect.files.disk import MAX_METRIC, Keyed, NotAFolderError, UnreadableError, content, keyed
from reportgen.collect.files.points import Points, n_lines, points_of
from reportgen.collect.files.root import Home
from reportgen.errors import Problem
from reportgen.snapshot import SCHEMAS


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where a run's files are."""

    home: Home
    run_id: str
    path: str

    def keyed(self, what: str) -> Keyed:
        """Its params, tags or metrics. Raises ``UnreadableError`` that names what cannot be listed.

        A file in place of the folder counts as one that is there and cannot be read: the rest of the run is whole.
        """
        try:
            return keyed(f"{self.path}/{what}")
        except NotAFolderError as error:
            return Keyed(refused=((what, str(error)),))
        except UnreadableError as error:
            raise UnreadableError(f"its {what}: {error}") from error


@dataclass(slots=True)
class MetricFiles:
    """The contents of metric files, run after run."""

    runs: list[RunFolder] = field(default_factory=list)
    """All of them, also those without metrics."""
    owners: list[RunFolder] = field(default_factory=list)
    """For each file its run."""
    names: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    n_bytes: int = 0
    lost: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Run id → metric and why, of files that cannot be read."""

    def add(self, run: RunFolder, found: Keyed | None = None) -> None:
        """Reads the metrics of ``run``. Raises ``UnreadableError`` when they cannot be listed; then nothing was added.

        ``found`` are its metric files, when they were listed already.
        """
        found = run.keyed("metrics") if found is None else found
        self.runs.append(run)
        for metric, data in _contents(found, self.lost, run.run_id):
            self.owners.append(run)
            self.names.append(metric)
            self.contents.append(data)
            self.n_bytes += len(data)

    def parsed(self) -> Metrics:
        is_open = [bool(data) and not data.endswith((b"\n", b"\r")) for data in self.contents]
        return Metrics(
            runs=tuple(self.runs),
            owners=tuple(self.owners),
            names=tuple(self.names),
            is_open=tuple(is_open),
            lost={run_id: tuple(lost) for run_id, lost in self.lost.items()},
            points=points_of(self.contents),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Metrics:
    """The metrics of some runs with their points."""

    runs: tuple[RunFolder, ...]
    """All of them, also those without metrics."""
    owners: tuple[RunFolder, ...]
    """For each metric file its run."""
    names: tuple[str, ...]
    is_open: tuple[bool, ...]
    """Whether the last line of the file has no end."""
    lost: Mapping[str, tuple[str, ...]]
    """Run id → metric and why, of files that cannot be read."""
    points: Points
    skipped: tuple[tuple[str, int], ...] = ()
    """(run id, lines) of the metrics that were not wanted."""

    def selected(self, run_ids: Collection[str], wants: Callable[[str], bool]) -> Metrics:
        """The wanted metrics of ``run_ids``; of the others of these runs only how much there is."""
        n_lines = self.points.n_stored.tolist()
        series = list(zip((run.run_id for run in self.owners), self.names, n_lines, strict=True))
        keep = [run_id in run_ids and wants(name) for run_id, name, _ in series]
        return Metrics(
            runs=tuple(run for run in self.runs if run.run_id in run_ids),
            owners=tuple(compress(self.owners, keep)),
            names=tuple(compress(self.names, keep)),
            is_open=tuple(compress(self.is_open, keep)),
            lost={run_id: lost for run_id, lost in self.lost.items() if run_id in run_ids},
            points=self.points if all(keep) else self.points.of(keep),
            skipped=tuple((run_id, n) for run_id, name, n in series if run_id in run_ids and not wants(name)),
        )

    def last_values(self) -> dict[str, list[Any]]:
        """The columns of ``SCHEMAS["metrics"]``."""
        indices, rows = self.points.last()
        owners = [self.owners[index] for index in indices]
        return {
            "experiment_id": [run.home.experiment_id for run in owners],
            "run_id": [run.run_id for run in owners],
            "metric": [self.names[index] for index in indices],
            "value": self.points.value[rows].tolist(),
            "step": self.points.step[rows].tolist(),
            "timestamp": self.points.timestamp[rows].tolist(),
        }

    def history(self) -> pa.Table:
        """The points as a sorted table of ``SCHEMAS["history"]``."""
        points = self.points
        if not len(points.value):
            return SCHEMAS["history"].empty_table()
        words = ([run.home.experiment_id for run in self.owners], self._owner_ids(), self.names)
        experiment, run, metric = (_repeated(column, points.lengths) for column in words)
        if not self._is_sorted(words):
            experiment_of = dict(zip(words[1], words[0], strict=True))
            return history_table(experiment_of, run, metric, points.step, points.timestamp, points.value)
        schema = SCHEMAS["history"]
        time = pa.array(points.timestamp).cast(schema.field("timestamp").type)
        return pa.table([experiment, run, metric, pa.array(points.step), time, pa.array(points.value)], schema=schema)

    def _is_sorted(self, words: tuple[Sequence[str], ...]) -> bool:
        """Whether the series follow each other in order and each step is greater than the one before it: the usual case,
        for which sorting would take as long as parsing."""
        series = list(zip(*words, strict=True))
        rises = np.diff(self.points.step) > 0
        ends = np.cumsum(self.points.lengths) - 1
        rises[ends[(ends >= 0) & (ends < len(rises))]] = True
        return bool(rises.all()) and all(one < other for one, other in pairwise(series))

    def stored(self) -> dict[str, Counter[str]]:
        """``points`` and ``series`` that are in the files, wanted or not, readable or not."""
        counts = _tally(zip(self._owner_ids(), self.points.n_stored.tolist(), strict=True))
        for run_id, lost in self.lost.items():
            counts["series"][run_id] += len(lost)
        for item, counted in self.unwanted().items():
            counts[item] += counted
        return counts

    def unwanted(self) -> dict[str, Counter[str]]:
        """Those of metrics that are not wanted."""
        return _tally(self.skipped)

    def unreadable(self) -> dict[str, Counter[str]]:
        """Lines that are no points, and metrics without a point that could be read."""
        owners = self._owner_ids()
        counts = _tally((owners[index], damage.n_lines) for index, damage in self.points.damage.items())
        counts["series"] = Counter(owners[index] for index in np.flatnonzero(self.points.lengths == 0))
        for run_id, lost in self.lost.items():
            counts["series"][run_id] += len(lost)
        return counts

    def problems(self) -> Iterator[tuple[str, Problem]]:
        """(run id, what is wrong with its metrics)."""
        said: dict[str, list[str]] = defaultdict(list, {run_id: list(lost) for run_id, lost in self.lost.items()})
        open_ended: dict[str, list[str]] = defaultdict(list)
        for index, (run_id, name, is_open) in enumerate(zip(self._owner_ids(), self.names, self.is_open, strict=True)):
            damage = self.points.damage.get(index)
            if damage is not None:
                n_lines = self.points.lengths[index] + damage.n_lines
                said[run_id].append(f"{name}: {damage.n_lines:,} of {n_lines:,} lines are left out ({damage.first})")
            elif not self.points.lengths[index]:
                said[run_id].append(f"{name}: the file is empty")
            elif is_open:
                open_ended[run_id].append(name)
        for run_id, texts in sorted(said.items()):
            what = f"metrics that cannot be read, or not whole: {some(texts)}"
            yield run_id, Problem("metrics-unreadable", f"run {run_id}", what, "look at the files of these metrics in the store")
        for run_id, names in sorted(open_ended.items()):
            what = f"the last line of {some(names, ', ')} has no end, so its last number may have been cut"
            yield run_id, Problem("metrics-open-ended", f"run {run_id}", what, severity="note")

    def _owner_ids(self) -> list[str]:
        return [run.run_id for run in self.owners]


def metric_lines(run: RunFolder) -> Mapping[str, int]:
    """Metric → lines of its file, 0 for one that cannot be read. Raises ``UnreadableError`` as ``MetricFiles.add``."""
    lost: dict[str, list[str]] = defaultdict(list)
    found = run.keyed("metrics")
    lines = {plain(key): 0 for key, _ in (*found.refused, *found.paths)}
    return lines | {metric: n_lines(data) for metric, data in _contents(found, lost, run.run_id)}


def some(texts: Sequence[str], separator: str = "; ", at_most: int = 5) -> str:
    """The first few of ``texts``, and how many more there are."""
    more = f"{separator}and {len(texts) - at_most:,} more" if len(texts) > at_most else ""
    return separator.join(texts[:at_most]) + more


def _contents(found: Keyed, lost: dict[str, list[str]], run_id: str) -> Iterator[tuple[str, bytes]]:
    """(metric, content) of each file that can be read; the others go into ``lost``."""
    for key, why in found.refused:
        lost[run_id].append(f"{plain(key)}: {why}")
    for key, path in found.paths:
        try:
            yield plain(key), content(path, MAX_METRIC)
        except UnreadableError as error:
            lost[run_id].append(f"{plain(key)}: {error}")


def _tally(counted: Iterable[tuple[str, int]]) -> dict[str, Counter[str]]:
    """(run id, points) of series as counts of points and of series."""
    points: Counter[str] = Counter()
    series: Counter[str] = Counter()
    for run_id, n in counted:
        points[run_id] += n
        series[run_id] += 1
    return {"points": points, "series": series}


def _repeated(words: Sequence[str], lengths: np.ndarray) -> pa.ChunkedArray:
    """``words``, each as often as its length says, dictionary-encoded; words that are equal share their code."""
    codes = {word: code for code, word in enumerate(dict.fromkeys(words))}
    indices = np.repeat(np.array([codes[word] for word in words], dtype=np.int32), lengths)
    encoded = pa.DictionaryArray.from_arrays(pa.array(indices), pa.array(list(codes), pa.string()))
    return pa.chunked_array([encoded])

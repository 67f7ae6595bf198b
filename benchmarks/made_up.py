"""A store that is not there: a ``Source`` that makes its histories up while they are read, always the same ones.

For measuring what ten times more points than fit a disk of a laptop do to memory. Runs have the names, params and tags of the other stores;
data sets, models and artifacts there are none.
"""

# ruff: noqa: ARG002 - a made-up store answers the same whatever is asked of it

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from benchmarks.stores import SEED, Shape, metric_name, params_of, runs_of, tags_of
from reportgen.collect.model_metrics import ModelMetrics
from reportgen.collect.source import Chunk, Cost, Counts, Details, Mark, Progress, Size
from reportgen.collect.traces import Traces
from reportgen.errors import Problem
from reportgen.snapshot import SCHEMAS, SourceInfo, empty_table, table_of

_N_RUNS = 50
"""Runs of one chunk, as the reader of SQLite has them."""


class MadeUp:
    """One experiment of ``shape``."""

    counts_points = True
    info = SourceInfo("sqlite", "sqlite:///made-up.db", "made up")
    problems: tuple[Problem, ...] = ()
    unread: Mapping[str, str] = {}

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._runs = runs = runs_of(1, shape)
        order = np.argsort(np.array(runs.ids.to_pylist()))
        self._ids = runs.ids.take(pa.array(order))
        self._start, self._end = runs.start[order], runs.end[order]
        self._metrics = sorted(metric_name(index) for index in range(shape.n_metrics))

    def experiments(self) -> pa.Table:
        one = {"experiment_id": ["1"], "name": ["made up"], "lifecycle": ["active"], "tags": [[]], "source": [self.info.uri]}
        return table_of("experiments", one)

    def runs(self, experiment_ids: Sequence[str]) -> pa.Table:
        n = self._shape.n_runs
        words = {"experiment_id": "1", "status": "FINISHED", "lifecycle": "active", "user": "", "source_name": ""}
        columns = {name: [word] * n for name, word in words.items()} | {"artifact_uri": [""] * n}
        place = {run_id: at for at, run_id in enumerate(self._runs.ids.to_pylist())}
        columns |= {"name": [f"made up-{place[run_id]}" for run_id in self._ids.to_pylist()]}
        return table_of("runs", columns | {"run_id": self._ids, "start_time": self._start, "end_time": self._end})

    def tagged(self, key: str) -> frozenset[str]:
        return frozenset()

    def details(self, run_ids: Sequence[str], progress: Progress) -> Details:
        progress(len(run_ids), len(run_ids), "reading runs")
        params, tags = (
            self._told(table, frozenset(run_ids)) for table in (params_of(self._runs), tags_of("made up", self._runs))
        )
        stored = {name: Counter(table.column("run_id").to_pylist()) for name, table in (("params", params), ("tags", tags))}
        empty = {name: empty_table(name) for name in ("metrics", "datasets")}
        return Details(params, tags, **empty, stored=stored | {"datasets": {}})

    def matching(self, runs: pa.Table, details: Details, filter: str) -> frozenset[str]:
        return frozenset(runs.column("run_id").to_pylist())

    def counts(self, run_ids: Sequence[str]) -> Counts:
        return self._stored(run_ids)

    def sizes(self, run_ids: Sequence[str], wants: Callable[[str], bool]) -> Mapping[str, Size]:
        return dict.fromkeys(run_ids, Size(self._shape.n_metrics * self._shape.n_steps, self._shape.n_metrics))

    def stamp(self) -> str:
        return ""

    def marks(self, run_ids: Sequence[str]) -> Mapping[str, Mark]:
        return {}

    def history(self, run_ids: Sequence[str], wants: Callable[[str], bool], progress: Progress) -> Iterator[Chunk]:
        for first in range(0, len(run_ids), _N_RUNS):
            part = run_ids[first : first + _N_RUNS]
            progress(first, len(run_ids), "reading histories")
            yield Chunk(self._points(first, part), self._stored(part), {})

    def models(self, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
        return empty_table("models"), 0

    def artifacts(self, runs: pa.Table) -> pa.Table:
        return empty_table("artifacts")

    def traces(self, experiment_ids: Sequence[str], *, texts: bool = False) -> Traces:
        return Traces(empty_table("traces"), {})

    def model_metrics(self, experiment_ids: Sequence[str]) -> ModelMetrics:
        return ModelMetrics(empty_table("model_metrics"))

    def cost(self, n_runs: int, n_series: int, n_points: int) -> Cost:
        return Cost(1, 1.0)

    def close(self) -> None:
        pass

    def _told(self, pairs: pa.Table, wanted: frozenset[str]) -> pa.Table:
        """Rows of ``params`` or ``tags`` of the runs ``wanted``."""
        rows = [row for row in pairs.to_pylist() if row["run_uuid"] in wanted]
        columns = {"run_id": [row["run_uuid"] for row in rows], "experiment_id": ["1"] * len(rows)}
        return table_of("params", columns | {name: [row[name] for row in rows] for name in ("key", "value")})

    def _stored(self, run_ids: Sequence[str]) -> Counts:
        size = self._shape.n_metrics
        return {"points": dict.fromkeys(run_ids, size * self._shape.n_steps), "series": dict.fromkeys(run_ids, size)}

    def _points(self, first: int, run_ids: Sequence[str]) -> pa.Table:
        """Sorted rows of ``SCHEMAS["history"]``; ``first`` is the place of the first run, which is the seed."""
        n_metrics, n_steps = self._shape.n_metrics, self._shape.n_steps
        rng = np.random.default_rng([SEED, first])
        n_rows = len(run_ids) * n_metrics * n_steps
        run = np.repeat(np.arange(len(run_ids), dtype=np.int32), n_metrics * n_steps)
        metric = np.tile(np.repeat(np.arange(n_metrics, dtype=np.int32), n_steps), len(run_ids))
        step = np.tile(np.arange(n_steps), len(run_ids) * n_metrics)
        start = self._start[first : first + len(run_ids)]
        value = np.exp(-step / (1 + n_steps / 5)) + rng.normal(0, 0.02, n_rows)
        columns = [
            pa.DictionaryArray.from_arrays(pa.array(np.zeros(n_rows, np.int32)), pa.array(["1"])),
            pa.DictionaryArray.from_arrays(pa.array(run), pa.array(run_ids)),
            pa.DictionaryArray.from_arrays(pa.array(metric), pa.array(self._metrics)),
            pa.array(step),
            pa.array(start[run] + step * 1000).cast(SCHEMAS["history"].field("timestamp").type),
            pa.array(value),
        ]
        return pa.table(columns, schema=SCHEMAS["history"])

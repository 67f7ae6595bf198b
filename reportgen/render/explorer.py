"""The explorer of ``report.html``: its data as packed text, and its script.

What there is to explore is decided by ``Report.explorer``; the snapshot gives params, tags, curves and what else a run has. The
script is the modules of ``web/`` joined into one classic script, so that one hash of the page's policy lets it run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from markupsafe import Markup

from reportgen.errors import RenderError
from reportgen.formats import visible
from reportgen.model import Explorer, ExplorerMetric
from reportgen.redaction import MASK, Redactor
from reportgen.render.explorer_curves import Curves, curves_of
from reportgen.render.explorer_pack import Array, packed, packed_bytes, whole, words
from reportgen.render.filters import http_url, shortened
from reportgen.render.markup import script_markup
from reportgen.render.options import Draft
from reportgen.snapshot import Snapshot
from reportgen.words import Words

LONGEST = 300
"""Characters of one value."""
MOST_WORDS = 400_000
"""Characters of all values of one param or tag."""
MOST_TAGS = 60
MOST_OF_A_RUN = 40
"""Files, models or data sets that are named of one run."""
NOTE = "mlflow.note.content"
_UNSAID = frozenset(("mlflow.runName", NOTE, "mlflow.log-model.history", "mlflow.loggedArtifacts", "mlflow.parentRunId"))
"""Tags that stand elsewhere, or that nobody reads."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ExplorerView:
    """What ``explorer.html.j2`` lays out."""

    title: str
    failed: str
    """What stands there where a browser cannot unpack the data."""
    blocks: tuple[tuple[str, str], ...]
    """(id of an element, packed data)."""
    script: Markup

    @property
    def packed_script(self) -> str:
        return _packed_script(self.script)


@cache
def _packed_script(script: str) -> str:
    return packed_bytes(script.encode())


def explorer_view(draft: Draft) -> ExplorerView | None:
    """The explorer's data and script; None where the report has nothing to explore or is page 1 alone, or was made without its snapshot."""
    explorer, snapshot = draft.report.explorer, draft.snapshot
    if explorer is None or snapshot is None or draft.report.profile == "executive":
        return None
    runs = _Runs(explorer, snapshot, draft.options.redactor)
    started = runs.column("start_time")
    bases = np.array([0 if at is None else at for at in started], dtype=np.float64)
    curves = curves_of(explorer, snapshot, bases)
    say = Words()
    blocks = {"words": packed(say.patterns("explorer"), {}), "table": _table(draft, explorer, runs, curves, bases)}
    blocks |= {"details": _details(runs), **curves.texts}
    named = tuple((f"x-{name}", text) for name, text in blocks.items())
    return ExplorerView(say("explorer-title"), say("explorer-failed"), named, joined_script())


class _Runs:
    """The tables of a snapshot by run, as texts that may be shown."""

    def __init__(self, explorer: Explorer, snapshot: Snapshot, redactor: Redactor) -> None:
        self.explorer = explorer
        self.snapshot = snapshot
        self.places = {key: at for at, key in enumerate(explorer.runs)}
        self._redactor = redactor

    def __len__(self) -> int:
        return len(self.places)

    def column(self, name: str) -> list[Any]:
        """A column of the snapshot's runs, in the explorer's order."""
        values: list[Any] = [None] * len(self)
        table = self.snapshot.runs
        column = table.column(name)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.int64())
        keys = zip(table.column("experiment_id").to_pylist(), table.column("run_id").to_pylist(), strict=True)
        for key, value in zip(keys, column.to_pylist(), strict=True):
            if (at := self.places.get(key)) is not None:
                values[at] = value
        return values

    def rows(self, table: pa.Table, *names: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """(place of the run, values of the columns ``names``) of each row that belongs to one of the runs."""
        columns = [table.column(name).to_pylist() for name in ("experiment_id", "run_id", *names)]
        for experiment_id, run_id, *values in zip(*columns, strict=True):
            if (at := self.places.get((experiment_id, run_id))) is not None:
                yield at, tuple(values)

    def pairs(self, table: pa.Table) -> dict[str, list[str | None]]:
        """Params or tags: key → value of each run."""
        found: dict[str, list[str | None]] = {}
        for at, (key, value) in self.rows(table, "key", "value"):
            found.setdefault(key, [None] * len(self))[at] = value
        return found

    def shown(self, text: str | None, key: str = "", most: int = LONGEST) -> str | None:
        """``text`` as a page may show it: masked where it is a secret, unseen characters as escapes, and not too long."""
        if text is None:
            return None
        return MASK if key and self._redactor.hides(key, text) else visible(shortened(self._redactor(text), most))

    def texts(self, values: Sequence[str | None], key: str = "") -> tuple[list[str], np.ndarray]:
        listed, codes = words(values)
        return [self.shown(text, key) or "" for text in listed], codes


def _table(draft: Draft, explorer: Explorer, runs: _Runs, curves: Curves, bases: np.ndarray) -> str:
    arrays: dict[str, Array] = {"start": whole(bases, steps=True)}
    ended = runs.column("end_time")
    durations = [np.nan if end is None or not base else end - base for end, base in zip(ended, bases, strict=True)]
    arrays["duration"] = ("f8", np.array(durations, dtype=np.float64))
    attributes = {}
    for name in ("name", "status", "user", "source_name", "experiment_id"):
        attributes[name], codes = runs.texts([value or None for value in runs.column(name)])
        arrays[name] = whole(codes)
    parents = zip(runs.column("experiment_id"), runs.column("parent_run_id"), strict=True)
    arrays["parent"] = whole(np.array([runs.places.get((e, p), -1) + 1 for e, p in parents]))
    ids, arrays["ids"] = _ids([run_id for _, run_id in explorer.runs])
    names = dict(
        zip(
            runs.snapshot.experiments.column("experiment_id").to_pylist(),
            runs.snapshot.experiments.column("name").to_pylist(),
            strict=True,
        )
    )
    meta = {
        "v": 1,
        "report": f"{draft.report.name}-{draft.report.provenance.snapshot_digest[:12]}",
        "runs": len(runs),
        "left_out": explorer.n_left_out,
        "ids": ids,
        "experiments": {key: runs.shown(names.get(key) or key) for key in dict(explorer.runs)},
        "pages": {key: url for key, url in explorer.pages if http_url(url)},
        "attributes": attributes,
        "stretches": curves.stretches,
        "points": curves.n_points,
        "rounded": curves.is_rounded,
        "metrics": _metrics(explorer, runs, curves, arrays),
        "params": _dictionaries(dict(_params(explorer, runs)), runs, arrays, "p", len(explorer.params)),
        "tags": _dictionaries(
            {name: values for name, values in sorted(runs.pairs(runs.snapshot.tags).items()) if name not in _UNSAID},
            runs,
            arrays,
            "t",
            MOST_TAGS,
        ),
        "groups": [runs.shown(label) for label, _ in explorer.groups],
        "datasets": _datasets(runs, arrays),
    }
    arrays["group"] = whole(_group_codes(explorer))
    return packed(meta, arrays)


def _params(explorer: Explorer, runs: _Runs) -> Iterator[tuple[str, list[str | None]]]:
    """The params in the explorer's order."""
    found = runs.pairs(runs.snapshot.params)
    return ((name, found[name]) for name in explorer.params if name in found)


def _ids(ids: Sequence[str]) -> tuple[list[str], Array]:
    """(ids as text, or nothing where they are 16 bytes each, then the bytes)."""
    if all(re.fullmatch(r"[0-9a-f]{32}", run_id) for run_id in ids):
        return [], ("u1", np.frombuffer(bytes.fromhex("".join(ids)), dtype=np.uint8))
    return [visible(run_id) for run_id in ids], ("u1", np.zeros(0, dtype=np.uint8))


def _metrics(explorer: Explorer, runs: _Runs, curves: Curves, arrays: dict[str, Array]) -> list[dict[str, Any]]:
    """What each metric is called; its exact values go into ``arrays``: shown, last and best, where they are not the same."""
    stored: dict[str, list[float | None]] = {metric.name: [None] * len(runs) for metric in explorer.metrics}
    for at, (name, value) in runs.rows(runs.snapshot.metrics, "metric", "value"):
        if name in stored:
            stored[name][at] = value
    listed = []
    for at, metric in enumerate(explorer.metrics):
        values = _numbers(metric.values)
        has = np.array([value is not None for value in metric.values], dtype=np.uint8)
        arrays[f"has{at}"], arrays[f"value{at}"] = ("u1", has), ("f8", values[has == 1])
        last = np.where(has, _numbers(stored[metric.name]), np.nan)
        if not np.array_equal(last, np.where(has, values, np.nan), equal_nan=True):
            arrays[f"last{at}"] = ("f8", last[has == 1])
        best = _best(metric, curves.extremes.get(at))
        if best is not None and not np.array_equal(best[has == 1], values[has == 1], equal_nan=True):
            arrays[f"best{at}"] = ("f8", best[has == 1])
        listed.append(
            {
                "name": visible(metric.name),
                "label": visible(metric.label),
                "format": metric.format,
                "digits": metric.digits,
                "goal": metric.goal,
                "rule": metric.rule,
                "main": metric.is_main,
                "curve": f"curve-{at}" in curves.texts,
            }
        )
    return listed


def _numbers(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _best(metric: ExplorerMetric, extremes: tuple[np.ndarray, np.ndarray] | None) -> np.ndarray | None:
    if extremes is None or metric.goal == "none":
        return None
    return extremes[1] if metric.goal == "maximize" else extremes[0]


def _dictionaries(
    found: Mapping[str, list[str | None]], runs: _Runs, arrays: dict[str, Array], prefix: str, most: int
) -> list[dict[str, Any]]:
    """Each param or tag with its words once; those that fill too much of a page are named without them."""
    listed: list[dict[str, Any]] = []
    for at, (name, values) in enumerate(found.items()):
        texts, codes = runs.texts(values, name)
        left_out = at >= most or sum(map(len, texts)) > MOST_WORDS
        listed.append({"name": runs.shown(name), "words": [] if left_out else texts, "left_out": left_out})
        arrays[f"{prefix}{at}"] = whole(np.zeros(0) if left_out else codes)
    return listed


def _group_codes(explorer: Explorer) -> np.ndarray:
    codes = np.zeros(len(explorer.runs), dtype=np.int64)
    for number, (_, members) in enumerate(explorer.groups, 1):
        codes[list(members)] = number
    return codes


def _datasets(runs: _Runs, arrays: dict[str, Array]) -> list[list[str]]:
    """[name, digest, context] of each data set; which run has which is in ``arrays``."""
    places: dict[tuple[str, ...], int] = {}
    pairs = []
    for at, texts in runs.rows(runs.snapshot.datasets, "name", "digest", "context"):
        own = tuple(text or "" for text in texts)
        pairs.append((at, places.setdefault(own, len(places))))
    arrays["dataset_run"] = whole(np.array([at for at, _ in pairs], dtype=np.int64))
    arrays["dataset"] = whole(np.array([place for _, place in pairs], dtype=np.int64))
    return [[runs.shown(text) or "" for text in own] for own in places]


def _details(runs: _Runs) -> str:
    """What only the drawer of a run shows: its note, models and files."""
    notes: dict[str, str] = {}
    for at, (key, value) in runs.rows(runs.snapshot.tags, "key", "value"):
        if key == NOTE and value:
            notes[str(at)] = runs.shown(value, most=2000) or ""
    models = _listed(runs, runs.snapshot.models, ("kind", "name", "version"), _model_words)
    files = _listed(runs, runs.snapshot.artifacts, ("is_dir", "path", "n_bytes"), _file_words)
    return packed({"notes": notes, "models": models, "files": files}, {})


def _listed(
    runs: _Runs, table: pa.Table, names: tuple[str, ...], say: Callable[..., list[Any] | None]
) -> dict[str, dict[str, Any]]:
    """Run → its first items, and how many there are."""
    found: dict[str, dict[str, Any]] = {}
    for at, values in runs.rows(table, *names):
        item = say(runs, *values)
        if item is not None:
            own = found.setdefault(str(at), {"n": 0, "items": []})
            own["n"] += 1
            if len(own["items"]) < MOST_OF_A_RUN:
                own["items"].append(item)
    return found


def _model_words(runs: _Runs, kind: str, name: str, version: str) -> list[Any] | None:
    if kind == "registered":
        return None
    return [runs.shown(f"{name} version {version}" if kind == "version" else name or version)]


def _file_words(runs: _Runs, is_dir: bool | None, path: str, n_bytes: int | None) -> list[Any] | None:
    return None if is_dir else [runs.shown(path), n_bytes]


# --- the script ---


def own_modules() -> Path:
    """``web/``: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "web", package.parent / "web"):
        if (folder / "explorer.js").is_file():
            return folder
    raise RenderError("templates-missing", "reportgen's own scripts are not where they belong", todo="install reportgen again")


_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+)\.js";\n', re.M)
_TYPES = re.compile(r"[ \t]*/\*\*.*?\*/[ \t]*(?:\n(?=\s))?", re.S)
"""Comments that tell types; a third of the source, and of no use to a browser."""
_INDENT = re.compile(r"^[ ]+", re.M)
_EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.M)


@cache
def joined_script() -> Markup:
    """The modules of ``web/`` as one classic script, each in a scope of its own; ``explorer.js`` comes last and runs."""
    done: dict[str, str] = {}
    _join(own_modules(), "explorer", done, ())
    return script_markup('(() => {\n"use strict";\nconst modules = {};\n' + "".join(done.values()) + "})();\n")


def _join(folder: Path, name: str, done: dict[str, str], above: tuple[str, ...]) -> None:
    """Adds module ``name`` to ``done``, after those that it imports."""
    if name in above:
        raise RenderError("templates-missing", f"modules of web/ import each other in a circle: {' → '.join((*above, name))}")
    if name in done:
        return
    source = _INDENT.sub("", _TYPES.sub("", (folder / f"{name}.js").read_text("utf-8")))
    for _, other in _IMPORT.findall(source):
        _join(folder, other, done, (*above, name))
    body = _IMPORT.sub(lambda match: f"const {{ {match[1]} }} = modules.{match[2]};\n", source)
    names = _EXPORT.findall(body)
    body = _EXPORT.sub("", body)
    if left := re.search(r"^(?:import|export)\b.*", body, re.M):
        raise RenderError("templates-missing", f"web/{name}.js has a line that cannot be joined: {left[0]}")
    done[name] = f"modules.{name} = (() => {{\n{body}return {{ {', '.join(names)} }};\n}})();\n"

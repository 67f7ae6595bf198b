"""Traces of LLM applications: when, how long, whether it failed, how many tokens, at what cost; never what was said.

A trace belongs to an experiment and, when it was logged inside a run, to that run. What MLflow keeps of it has moved:
tags and ``trace_request_metadata`` since 2.14, spans with the names of language models since 3.10, columns of its own in
``trace_info`` since 3.17. Whatever is there is taken, the newest place first. Prompts and answers are in previews, in
``mlflow.traceInputs`` and in the content of spans; none of these is selected from a database, and where a file or a
server hands them over with the rest, they are dropped at once.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from reportgen.collect.assessments import (
    REQUEST_ID,
    TRACE_INPUTS,
    Heard,
    Judged,
    heard_of,
    inputs_in,
    judged_of,
    parsed,
    rationales,
    texts_of_trace,
)
from reportgen.collect.canonical_rows import plain, rows_table
from reportgen.collect.coercion import duration_ms, epoch_ms, float64, int64
from reportgen.collect.files.disk import UnreadableError, content, is_file, listing, mapping
from reportgen.collect.ledger import Exclusions
from reportgen.collect.selection import DELETED, OUTSIDE_WINDOW, UNREADABLE, Selection
from reportgen.collect.sql.assessments import evaluation_runs, sql_evaluation_datasets, sql_judged
from reportgen.collect.sql.database import DamagedError, Database, Type, schema_of
from reportgen.collect.sql.statements import n_rows
from reportgen.errors import Problem, SourceError
from reportgen.snapshot import LedgerRow

if TYPE_CHECKING:
    from reportgen.collect.rest.session import Transport  # loads requests, which readers of databases do without

Row = dict[str, Any]

NAME, SCORER = "mlflow.traceName", "mlflow.trace.sourceScorer"
RUN, MODEL_ID, SESSION = "mlflow.sourceRun", "mlflow.modelId", "mlflow.trace.session"
TOKENS, COST = "mlflow.trace.tokenUsage", "mlflow.trace.cost"
TAG_KEYS = (NAME, SCORER)
METADATA_KEYS = (COST, MODEL_ID, RUN, SESSION, TOKENS)
"""All other tags and metadata stay in the store: some of them hold what was asked and answered."""

_N_TRACES = 1_000
"""Traces for one statement. Few enough for one batch of Arrow: SQLite's driver takes the type of a column from its first
batch, and fails when that holds nothing but null and a later one text."""
_PAGE = 500
"""The server's own limit since 2.14 (``mlflow/server/handlers.py``)."""
_MOST_ASKED = 200
"""Evaluations that a server is asked for their linked traces, one request each."""
_N_EXPERIMENTS = 20
"""Experiments of one request; a request that is refused is repeated for each of them."""


@dataclass(frozen=True, slots=True)
class Traces:
    """The traces of some experiments."""

    table: pa.Table
    """Rows of ``SCHEMAS["traces"]``."""
    stored: Mapping[str, int]
    """Experiment id → how many the store says it holds."""
    unreadable: Mapping[str, int] = field(default_factory=dict)
    """Experiment id → how many of these could not be read."""
    judged: Judged = field(default_factory=Judged)
    """What was said of them."""
    datasets: pa.Table = field(default_factory=lambda: rows_table("evaluation_datasets", []))
    problems: tuple[Problem, ...] = ()


def selected(
    traces: Traces,
    experiments: pa.Table,
    exclusions: Exclusions,
    selection: Selection,
    held_against: frozenset[str] = frozenset(),
) -> tuple[dict[str, pa.Table], tuple[LedgerRow, ...]]:
    """(tables of what belongs into the snapshot, rows of the ledger for each experiment that has any of it).

    A trace whose runs are all left out is left out for the reason of its own one; one without a run goes by its own start. What was
    said of a trace is left out with it. Traces of the runs ``held_against``, which are from before the window, are in the tables and, like
    these runs, outside the window in the books; no text of theirs is kept.
    """
    columns = [traces.table.column(name).to_pylist() for name in ("experiment_id", "trace_id", "run_id")]
    starts = traces.table.column("start_time").cast(pa.int64()).to_pylist()
    rows = sorted(experiments.to_pylist(), key=lambda row: row["experiment_id"])
    gone = {row["experiment_id"] for row in rows if row["lifecycle"] == "deleted" and not selection.deleted}
    linked = _linked_runs(traces.judged.rows)
    reasons: dict[tuple[str, str], str | None] = {}
    against: set[tuple[str, str]] = set()
    for experiment_id, trace_id, run_id, start in zip(*columns, starts, strict=True):
        run_ids = [run_id, *linked.get((experiment_id, trace_id), ())]
        reasons[experiment_id, trace_id] = _reason(experiment_id, run_ids, start, gone, exclusions, selection)
        if not held_against.isdisjoint(run_ids):
            against.add((experiment_id, trace_id))
    told = {"traces": (traces.table, traces.stored, traces.unreadable)}
    told["assessments"] = (traces.judged.assessments, traces.judged.stored, traces.judged.unreadable)
    tables: dict[str, pa.Table] = {}
    ledger: list[LedgerRow] = []
    for item, (table, stored, unreadable) in told.items():
        places = [*_places(table)]
        its = [reasons.get(place, UNREADABLE) for place in places]
        why: dict[str, Counter[str]] = defaultdict(Counter)
        for experiment_id, reason in zip(table.column("experiment_id").to_pylist(), its, strict=True):
            why[experiment_id][reason or ""] += 1
        for experiment_id, n in unreadable.items():
            why[experiment_id][UNREADABLE] += n
        tables[item] = _kept(table, [reason is None or place in against for place, reason in zip(places, its, strict=True)])
        for row in rows:
            if stored.get(id_ := row["experiment_id"]):
                left_out = tuple(sorted((reason, n) for reason, n in why[id_].items() if reason))
                ledger.append(LedgerRow(id_, row["name"], item, stored[id_], why[id_][""], left_out))
    links = traces.judged.rows
    for name, table, more in (("evaluation_rows", links, against), ("evaluation_texts", traces.judged.texts, set())):
        tables[name] = _kept(table, [reasons.get(place, UNREADABLE) is None or place in more for place in _places(table)])
    return tables, tuple(ledger)


def _kept(table: pa.Table, wanted: Sequence[bool]) -> pa.Table:
    return table.filter(pa.array(wanted, pa.bool_()))


def _places(table: pa.Table) -> Iterator[tuple[str, str]]:
    return zip(table.column("experiment_id").to_pylist(), table.column("trace_id").to_pylist(), strict=True)


def _linked_runs(rows: pa.Table) -> Mapping[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for place, run_id in zip(_places(rows), rows.column("run_id").to_pylist(), strict=True):
        found[place].append(run_id)
    return found


def _reason(
    experiment_id: str, run_ids: Sequence[str], start: int | None, gone: set[str], exclusions: Exclusions, selection: Selection
) -> str | None:
    if experiment_id in gone:
        return DELETED
    known = [exclusions.reasons.get(run_id) for run_id in run_ids if run_id in exclusions.experiment_of]
    if known:
        return None if None in known else known[0]
    return None if selection.holds_start(start) else OUTSIDE_WINDOW


# --- databases ---

_INFO: Mapping[str, tuple[str, Type]] = {
    "trace_id": ("request_id", "text"),
    "experiment_id": ("experiment_id", "text"),
    "start_time": ("timestamp_ms", "int"),
    "duration_ms": ("execution_time_ms", "int"),
    "status": ("status", "text"),
    "name": ("trace_name", "text"),
    "session": ("session_id", "text"),
    "input_tokens": ("input_tokens", "int"),
    "output_tokens": ("output_tokens", "int"),
    "total_tokens": ("total_tokens", "int"),
    "cost": ("total_cost", "real"),
}


def sql_traces(db: Database, experiment_ids: Sequence[str], *, texts: bool = False) -> Traces:
    """The traces of a database, an experiment after the other; one whose traces are damaged costs only these."""
    if "trace_info" not in db.columns or not experiment_ids:
        return Traces(rows_table("traces", []), {})
    counted = _table(db, "trace_info", {"id": ("experiment_id", "text")}, _in(db, "experiment_id", experiment_ids))
    stored = {row["values"]: row["counts"] for row in pc.value_counts(counted.column("id")).to_pylist()}
    rows: list[Row] = []
    lost: dict[str, int] = {}
    problems: list[Problem] = []
    for experiment_id in sorted(stored):
        try:
            rows += db.at_once(partial(_sql_rows, db, experiment_id))
        except DamagedError as error:
            lost[experiment_id] = stored[experiment_id]
            problems.append(_unreadable(experiment_id, str(error)))
    judged, more = _sql_judged(db, rows, texts=texts)
    datasets = rows_table("evaluation_datasets", db.at_once(lambda: sql_evaluation_datasets(db, experiment_ids)))
    return Traces(rows_table("traces", rows), stored, lost, judged, datasets, (*problems, *more))


def _sql_judged(db: Database, traces: Sequence[Row], *, texts: bool) -> tuple[Judged, tuple[Problem, ...]]:
    """What was said of ``traces``; damage costs that of one experiment."""
    if "assessments" not in db.columns:
        return Judged(), ()
    by_experiment: dict[str, dict[str, str]] = defaultdict(dict)
    for row in traces:
        by_experiment[row["experiment_id"]][row["trace_id"]] = row["run_id"]
    said, rows, shown = list[Row](), list[Row](), list[Row]()
    stored, lost, problems = dict[str, int](), dict[str, int](), list[Problem]()
    marked = db.at_once(lambda: evaluation_runs(db))
    for experiment_id, its in sorted(by_experiment.items()):
        of_traces = f"trace_id IN (SELECT request_id FROM trace_info WHERE {_in(db, 'experiment_id', [experiment_id])})"  # noqa: S608 (quoted)
        try:
            stored[experiment_id] = db.at_once(partial(n_rows, db, "assessments", of_traces))
            found = db.at_once(partial(sql_judged, db, experiment_id, its, marked, texts=texts))
        except DamagedError as error:
            lost[experiment_id] = stored.get(experiment_id, 0)
            problems.append(_unjudged(experiment_id, str(error)))
            continue
        said += found[0]
        rows += found[1]
        shown += found[2]
    return Judged.of(said, rows, shown, stored, lost), tuple(problems)


def _sql_rows(db: Database, experiment_id: str) -> list[Row]:
    found = list[Row]()
    listed = _table(db, "trace_info", {"id": ("request_id", "text")}, _in(db, "experiment_id", [experiment_id]))
    every = sorted(listed.column("id").to_pylist())
    for start in range(0, len(every), _N_TRACES):
        ids = every[start : start + _N_TRACES]
        chunk = _table(db, "trace_info", _INFO, _in(db, "request_id", ids)).to_pylist()
        tags = _pairs(db, "trace_tags", ids, TAG_KEYS)
        metadata = _pairs(db, "trace_request_metadata", ids, METADATA_KEYS)
        models = _models(db, ids)
        for info in chunk:
            id_ = info["trace_id"]
            row = trace_row(id_, experiment_id, tags.get(id_, {}), metadata.get(id_, {}))
            there = {key: value for key, value in info.items() if value is not None}
            found.append(row | there | {"model": ", ".join(models[id_])})
    return found


def _models(db: Database, trace_ids: Sequence[str]) -> Mapping[str, list[str]]:
    """Trace id → the language models that its spans name, sorted. Older stores have them in the spans' content only."""
    there = db.columns.get("spans", frozenset())
    column = next((name for name in ("model_name", "dimension_attributes") if name in there), None)
    found: dict[str, set[str]] = defaultdict(set)
    if column:
        where = f"{_in(db, 'trace_id', trace_ids)} AND {db.quoted(column)} IS NOT NULL"
        table = _table(db, "spans", {"id": ("trace_id", "text"), "model": (column, "text")}, where)
        for id_, text in zip(*(c.to_pylist() for c in table.columns), strict=True):
            name = text if column == "model_name" else _json_object(text).get("mlflow.llm.model")
            if isinstance(name, str) and name:
                found[id_].add(plain(name))
    return defaultdict(list, {id_: sorted(names) for id_, names in found.items()})


def _pairs(db: Database, table: str, trace_ids: Sequence[str], keys: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    fields: Mapping[str, tuple[str, Type]] = {"id": ("request_id", "text"), "key": ("key", "text"), "value": ("value", "text")}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    rows = _table(db, table, fields, f"{_in(db, 'request_id', trace_ids)} AND {_in(db, 'key', keys)}")
    for id_, key, value in zip(*(c.to_pylist() for c in rows.columns), strict=True):
        found[id_][key] = value or ""
    return found


def _table(db: Database, table: str, fields: Mapping[str, tuple[str, Type]], where: str) -> pa.Table:
    """``fields`` (name → column, type) of ``table``; null for columns that it lacks, no rows when there is no such table."""
    types: dict[str, Type] = {name: type_ for name, (_, type_) in fields.items()}
    there = db.columns.get(table)
    if there is None:
        return schema_of(types).empty_table()
    parts = [db.cast(db.quoted(column), type_) if column in there else "NULL" for column, type_ in fields.values()]
    return db.table(f"SELECT {', '.join(parts)} FROM {db.quoted(table)} WHERE {where}", types)  # noqa: S608 (quoted)


def _in(db: Database, column: str, values: Iterable[str]) -> str:
    return f"{db.quoted(column)} IN ({', '.join(db.literal(value) for value in values)})"


# --- servers ---


def rest_traces(
    http: Transport, experiment_ids: Sequence[str], marked: Mapping[str, str] = MappingProxyType({}), *, texts: bool = False
) -> Traces:
    """The traces that a server lists. It counts nothing, so what it lists is what it is said to hold.

    ``marked`` are the runs that are evaluations, with their experiments.
    """
    from reportgen.collect.rest.assessments import rest_evaluation_datasets, span_inputs_of
    from reportgen.collect.rest.session import NotFoundError

    rows: dict[str, Row] = {}
    problems: list[Problem] = []
    search = _Search(http, texts=texts)
    for start in range(0, len(experiment_ids), _N_EXPERIMENTS):
        ids = experiment_ids[start : start + _N_EXPERIMENTS]
        try:
            rows |= search.rows(ids)
        except NotFoundError:
            break  # servers before 2.14 have no traces
        except SourceError:
            if http.given_up:
                raise
            for id_ in ids:
                try:
                    rows |= search.rows([id_])
                except SourceError as error:
                    if http.given_up:
                        raise
                    problems.append(_unreadable(id_, error.what))
    counted = Counter(r["experiment_id"] for r in rows.values())
    heard = {id_: row["heard"] for id_, row in rows.items()}
    linked = search.linked(heard, marked, problems) if not search.is_old else {}
    judged = judged_of(heard, marked, linked, lambda ids: span_inputs_of(http, ids, problems))
    datasets = rest_evaluation_datasets(http, experiment_ids, problems) if any(its.said for its in heard.values()) else []
    table = rows_table("evaluation_datasets", datasets)
    return Traces(rows_table("traces", list(rows.values())), counted, judged=judged, datasets=table, problems=tuple(problems))


class _Search:
    """Lists traces by MLflow 3's endpoint or, once that is not there, by the one before it."""

    def __init__(self, http: Transport, *, texts: bool) -> None:
        self._http = http
        self._texts = texts
        self.is_old = False

    def rows(self, experiment_ids: Sequence[str]) -> dict[str, Row]:
        """By trace id. Read once more when it had several pages, since a page may move while it is read."""
        found, n_pages = self._pages(experiment_ids)
        return found if n_pages == 1 else found | self._pages(experiment_ids)[0]

    def linked(self, heard: Mapping[str, Heard], marked: Mapping[str, str], problems: list[Problem]) -> Mapping[str, set[str]]:
        """Trace → runs that hold it besides the one that it names: asked of the runs that judged traces of others, and of evaluations.

        A server answers for one run at a time. Beyond ``_MOST_ASKED`` evaluations only those that judged traces of others are asked.
        """
        found: dict[str, set[str]] = defaultdict(set)
        asked = {
            (row["run_id"], its.experiment_id)
            for its in heard.values()
            for row in its.said
            if row["run_id"] not in ("", its.source_run)
        }
        places = {its.experiment_id for its in heard.values()}
        evaluations = [pair for pair in sorted(marked.items()) if pair[1] in places]
        if len(evaluations) > _MOST_ASKED:
            what = f"of {len(evaluations)} evaluations only those were asked for linked traces that assessed some of another run"
            todo = "read the database itself, or select fewer experiments"
            problems.append(Problem("links-not-asked", self._http.public_uri, what, todo, "note"))
        else:
            asked |= {*evaluations}
        for run_id, experiment_id in sorted(
            pair for pair in asked if pair[0].isalnum()
        ):  # others are no ids, and no text of a filter
            try:
                its = self._pages([experiment_id], f"attributes.run_id = '{run_id}'")[0]
            except SourceError as error:
                if self._http.given_up:
                    raise
                problems.append(_unjudged(experiment_id, error.what))
                continue
            for trace_id in its:
                found[trace_id].add(run_id)
        return found

    def _pages(self, experiment_ids: Sequence[str], filter: str = "") -> tuple[dict[str, Row], int]:
        rows: dict[str, Row] = {}
        token, seen = "", set[str]()
        while True:
            answer = self._page(experiment_ids, token, filter)
            traces = answer.get("traces", [])
            if not isinstance(traces, list):
                raise SourceError("bad-answer", "a list of traces is no list")
            rows |= {row["trace_id"]: row for row in (rest_row(info, texts=self._texts) for info in traces) if row["trace_id"]}
            token = answer.get("next_page_token") or ""
            if not token or token in seen or not isinstance(token, str):
                return rows, len(seen) + 1
            seen.add(token)

    def _page(self, experiment_ids: Sequence[str], token: str, filter: str) -> Mapping[str, Any]:
        from reportgen.collect.rest.session import NotFoundError

        if not self.is_old:
            places = [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": id_}} for id_ in experiment_ids]
            body: dict[str, Any] = {"locations": places, "max_results": _PAGE, "order_by": ["timestamp_ms ASC"]}
            body |= {"filter": filter} if filter else {}
            try:
                return self._http.json(
                    "POST", "api/3.0/mlflow/traces/search", body=body | ({"page_token": token} if token else {})
                )
            except NotFoundError:
                self.is_old = True
        params = [("experiment_ids", id_) for id_ in experiment_ids]
        params += [("max_results", str(_PAGE)), ("order_by", "timestamp_ms ASC"), *([("page_token", token)] if token else [])]
        return self._http.json("GET", "api/2.0/mlflow/traces", params=params)


def rest_row(info: object, *, texts: bool = False) -> Row:
    """One trace as a server (3.0 or 2.0) or a ``trace_info.yaml`` describes it; times are milliseconds. ``heard``: see ``Heard``."""
    if not isinstance(info, Mapping):
        return {"trace_id": ""}
    tags = _mapping(info.get("tags"))
    place = info.get("trace_location")
    experiment = place.get("mlflow_experiment") if isinstance(place, Mapping) else None
    experiment_id = experiment.get("experiment_id") if isinstance(experiment, Mapping) else info.get("experiment_id")
    trace_id = plain(str(info.get("trace_id") or info.get("request_id") or ""))
    metadata = _mapping(info.get("trace_metadata", info.get("request_metadata")))
    duration = info.get("execution_duration_ms", info.get("execution_time_ms"))
    heard = heard_of(str(experiment_id or ""), trace_id, tags, metadata, info.get("assessments"), info.get("request_preview", ""))
    if texts:
        shown = texts_of_trace(heard.experiment_id, trace_id, info.get("request_preview"), info.get("response_preview"))
        reasons = rationales(heard.experiment_id, trace_id, info.get("assessments"))
        heard = replace(heard, texts=(*shown, *reasons))
    return trace_row(trace_id, str(experiment_id or ""), tags, metadata) | {
        "heard": heard,
        "status": plain(str(info.get("state", info.get("status")) or "")),
        "start_time": epoch_ms(info["request_time"]) if "request_time" in info else int64(info.get("timestamp_ms")),
        "duration_ms": duration_ms(info["execution_duration"]) if "execution_duration" in info else int64(duration),
    }


def _mapping(pairs: object) -> Mapping[str, str]:
    """Tags or metadata: an object since 3.0, a list of keys and values before."""
    if isinstance(pairs, Mapping):
        return {str(key): str(value) for key, value in pairs.items()}
    if isinstance(pairs, list):
        return {str(pair.get("key")): str(pair.get("value", "")) for pair in pairs if isinstance(pair, Mapping)}
    return {}


# --- folders ---


def file_traces(homes: Iterable[tuple[str, str]], *, texts: bool = False) -> Traces:
    """The traces in the folders of experiments, (id, folder) each."""
    rows: list[Row] = []
    stored: dict[str, int] = {}
    lost: Counter[str] = Counter()
    problems: list[Problem] = []
    folders: dict[str, str] = {}
    for experiment_id, folder in homes:
        try:
            names = listing(f"{folder}/traces").folders
        except UnreadableError as error:
            problems.append(_unreadable(experiment_id, str(error)))
            continue
        why: list[str] = []
        for name in names:
            place = f"{folder}/traces/{name}"
            try:
                rows.append(_file_row(experiment_id, plain(name), place, texts=texts))
                folders[plain(name)] = place
            except UnreadableError as error:
                why.append(f"{plain(name)}: {error}")
        lost[experiment_id] += len(why)
        problems += [_unreadable(experiment_id, f"{len(why)} of {len(names)}, for one {why[0]}")] if why else []
        stored |= {experiment_id: len(names)} if names else {}
    unreadable = {id_: n for id_, n in lost.items() if n}
    heard = {row["trace_id"]: row["heard"] for row in rows}
    judged = judged_of(heard, (), {}, lambda ids: {id_: _file_inputs(folders[id_]) for id_ in ids})
    return Traces(rows_table("traces", rows), stored, unreadable, judged, problems=tuple(problems))


def _file_row(experiment_id: str, trace_id: str, folder: str, *, texts: bool) -> Row:
    described = mapping(f"{folder}/trace_info.yaml")
    info = {key: value for key, value in described.items() if texts or not key.endswith("_preview")}
    tags, metadata = (
        {key: _small(f"{folder}/{where}/{key}") for key in keys if is_file(f"{folder}/{where}/{key}")}
        for where, keys in (
            ("tags", (*TAG_KEYS, REQUEST_ID, *_users_tags(f"{folder}/tags"))),
            ("request_metadata", (*METADATA_KEYS, TRACE_INPUTS)),
        )
    )
    said = [mapping(f"{folder}/assessments/{name}") for name in listing(f"{folder}/assessments").files if name.endswith(".yaml")]
    whole = {**info, "tags": tags, "trace_metadata": metadata, "assessments": said}
    found = rest_row({**whole, "experiment_id": experiment_id, "trace_location": None}, texts=texts)
    if found["trace_id"] != trace_id:
        raise UnreadableError(f"it says that it is trace {found['trace_id'][:60]}")
    return found


def _users_tags(folder: str) -> list[str]:
    return [name for name in listing(folder).files if not name.startswith("mlflow.")]


def _file_inputs(folder: str) -> Any:
    """The inputs of the root span, which are dropped by whoever asked."""
    path = f"{folder}/artifacts/traces.json"
    found = parsed(content(path, _MAX_SPANS).decode("utf-8", "replace")) if is_file(path) else None
    spans = found.get("spans") if isinstance(found, Mapping) else None
    for span in spans if isinstance(spans, list) else ():
        if isinstance(span, Mapping) and not (span.get("parent_span_id") or span.get("parent_id")):
            return inputs_in(span.get("attributes"))
    return None


def _small(path: str) -> str:
    return plain(content(path, 1 << 20).decode("utf-8", "replace"))


_MAX_SPANS = 1 << 26
"""Bytes of a trace's spans that are read."""


# --- values ---


def trace_row(trace_id: str, experiment_id: str, tags: Mapping[str, str], metadata: Mapping[str, str]) -> Row:
    """A row of ``SCHEMAS["traces"]`` as far as tags and metadata tell it."""
    tokens = _json_object(metadata.get(TOKENS))
    return {
        "experiment_id": experiment_id,
        "trace_id": trace_id,
        "run_id": plain(metadata.get(RUN, "")),
        "name": plain(tags.get(NAME, "")),
        "status": "",
        "input_tokens": int64(tokens.get("input_tokens")),
        "output_tokens": int64(tokens.get("output_tokens")),
        "total_tokens": int64(tokens.get("total_tokens")),
        "cost": _cost(metadata.get(COST)),
        "model": "",
        "model_id": plain(metadata.get(MODEL_ID, "")),
        "session": plain(metadata.get(SESSION, "")),
        "scorer": plain(tags.get(SCORER, "")),
    }


def _cost(text: str | None) -> float | None:
    total = _json_object(text).get("total_cost")
    cost = None if isinstance(total, str) else float64(total)
    return cost if cost is not None and math.isfinite(cost) else None


def _json_object(text: str | None) -> Mapping[str, Any]:
    """The JSON object in ``text``; an empty one when it holds none (servers cut long metadata)."""
    if not text:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _unjudged(experiment_id: str, why: str) -> Problem:
    where, todo = f"experiment {experiment_id}", "look at them in MLflow"
    return Problem("assessments-unreadable", where, f"the assessments of its traces cannot be read: {why}", todo)


def _unreadable(experiment_id: str, why: str) -> Problem:
    return Problem(
        "traces-unreadable", f"experiment {experiment_id}", f"its traces cannot be read: {why}", "look at them in MLflow"
    )

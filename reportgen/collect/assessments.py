"""What code, judges and people said of traces, and which row of a data set each trace of an evaluation answers.

An assessment belongs to a trace; the run that made it stands in its metadata, the column ``run_id`` is empty in most stores. The
traces of a run are those that name it and those that are linked to it. Rows of two runs are the same where the inputs of their root
spans are, as canonical JSON without the empty keyword arguments that a ``**kwargs`` in the application's signature adds; where spans
are gone, the request id of an answer sheet says so, or at last the whole preview.

Nothing that was asked or answered is kept unless ``texts`` are asked for: inputs, expectations and long feedback are digests while
they are read, and numbers in the snapshot (``numbered``), which tell equal from unequal and nothing else. Asked for, the texts are
what MLflow itself shows in a list of traces (previews) and the reasons that scorers gave, each shortened.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from reportgen.collect.canonical_rows import plain, rows_table
from reportgen.collect.coercion import float64, int64
from reportgen.snapshot import Snapshot, table_of

Row = dict[str, Any]

SOURCE_RUN, SCORER_DIGEST = "mlflow.assessment.sourceRunId", "mlflow.assessment.scorerDigest"
JUDGE_COST = "mlflow.assessment.judgeCost"
REQUEST_ID = "mlflow.eval.requestId"
SOURCE_RUN_OF_TRACE, TRACE_INPUTS = "mlflow.sourceRun", "mlflow.traceInputs"
INPUTS = "mlflow.spanInputs"

LONGEST_LABEL = 24
"""Characters of feedback that is taken for a category; a longer one is a text."""
LONGEST_TAG = 40
LONGEST_TRACE_INPUTS = 250
"""MLflow cuts ``mlflow.traceInputs`` here."""
LONGEST_PREVIEW = 1000
"""MLflow cuts previews here: two long inputs may begin alike, so that a preview of this length says nothing."""
LONGEST_RATIONALE = 4000
LONGEST_PROMPT = 20_000
PROMPT_TEXT = "mlflow.prompt.text"
_ANSWER_SHEET = re.compile(r"[0-9a-f]{64}")
"""A request id that is made of the inputs; all others are random."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Assessments and rows of some traces, with digests in the place of texts."""

    assessments: pa.Table = field(default_factory=lambda: rows_table("assessments", []))
    rows: pa.Table = field(default_factory=lambda: rows_table("evaluation_rows", []))
    texts: pa.Table = field(default_factory=lambda: rows_table("evaluation_texts", []))
    """Empty unless they were asked for."""
    stored: Mapping[str, int] = field(default_factory=dict)
    """Experiment id → how many assessments the store says it holds."""
    unreadable: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        said: Sequence[Row],
        rows: Sequence[Row],
        texts: Sequence[Row],
        stored: Mapping[str, int],
        unreadable: Mapping[str, int] = MappingProxyType({}),
    ) -> Judged:
        assessments, links = rows_table("assessments", said), rows_table("evaluation_rows", rows)
        return cls(assessments, links, rows_table("evaluation_texts", texts), stored, unreadable)


# --- values ------------------------------------------------------------------------------------------------------------


def assessment_row(experiment_id: str, trace_id: str, given: Mapping[str, Any]) -> Row:
    """A row of ``SCHEMAS["assessments"]``; ``given`` has ``value`` as Python reads it, ``metadata`` as a mapping."""
    type_, metadata = given["type"], given["metadata"]
    source = plain(str(given.get("source") or ""))
    rater = plain(str(given.get("rater") or ""))
    row: Row = {
        "experiment_id": experiment_id,
        "trace_id": trace_id,
        "assessment_id": plain(str(given.get("id") or "")),
        "name": plain(str(given.get("name") or "")),
        "type": type_,
        "run_id": plain(str(metadata.get(SOURCE_RUN) or given.get("run_id") or "")),
        "source": source,
        "rater": digest_of(rater) if source == "HUMAN" and rater else rater,
        "scorer_digest": plain(str(metadata.get(SCORER_DIGEST) or "")),
        "error": plain(str(given.get("error") or ""))[:60],
        "valid": given.get("valid") is not False,
        "overrides": plain(str(given.get("overrides") or "")),
        "judge_cost": float64(metadata.get(JUDGE_COST)),
        "label": "",
        "text": "",
    }
    return row | (_feedback(given.get("value")) if type_ == "feedback" else _text(given.get("value")))


def _feedback(value: Any) -> Row:
    """As MLflow's own means count it: truth values, numbers and yes or no in any case; all else is no number."""
    if isinstance(value, bool):
        return {"kind": "pass", "number": float(value)}
    if isinstance(value, int | float):
        number = float64(value)
        return {"kind": "none" if number is None else "number", "number": number}
    if isinstance(value, str) and value.lower() in ("yes", "no"):
        return {"kind": "pass", "number": float(value.lower() == "yes")}
    if isinstance(value, str) and 0 < len(value) <= LONGEST_LABEL and value.isprintable():
        return {"kind": "label", "label": plain(value)}
    return _text(value)


def _text(value: Any) -> Row:
    return {"kind": "none"} if value is None else {"kind": "text", "text": digest_of(value)}


def digest_of(value: Any) -> str:
    """Equal for equal JSON values, whatever the order of their keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def error_code(error: Any) -> str:
    """What kind of error a scorer ended with; its message and stack trace hold paths, and whatever the exception said."""
    found = parsed(error) if isinstance(error, str) else error
    code = found.get("error_code") if isinstance(found, Mapping) else None
    return str(code) if code else "error" if error else ""


def parsed(text: str | None) -> Any:
    """JSON as Python reads it, with the NaN and Infinity that MLflow writes; None for no JSON."""
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _object(text: str | None) -> Mapping[str, Any]:
    found = parsed(text)
    return found if isinstance(found, dict) else {}


def row_key(inputs: Any, request_id: str, preview: str) -> tuple[str, str]:
    """(digest of the row that was asked, what says so); empty when nothing does."""
    if inputs is not None:
        return digest_of(canonical_inputs(inputs)), "inputs"
    shown = parsed(preview)
    if len(preview) < LONGEST_PREVIEW and isinstance(shown, dict):
        return digest_of(canonical_inputs(shown)), "preview"
    if _ANSWER_SHEET.fullmatch(request_id):
        return digest_of(request_id), "request"
    if preview and len(preview) < LONGEST_PREVIEW:
        return digest_of(preview), "preview"
    return "", ""


def canonical_inputs(inputs: Any) -> Any:
    """``inputs`` without what an empty ``**kwargs`` or ``*args`` of the traced function adds."""
    if not isinstance(inputs, dict):
        return inputs
    return {key: value for key, value in inputs.items() if value not in ({}, [])}


def span_inputs(content: str | None) -> Any:
    """The inputs in the content of a root span; None when there are none."""
    return inputs_in(_object(content).get("attributes"))


def inputs_in(attributes: object) -> Any:
    """The inputs among a span's attributes, which hold them as JSON in a text."""
    text = attributes.get(INPUTS) if isinstance(attributes, Mapping) else None
    return parsed(text) if isinstance(text, str) else text


def own_tags(tags: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The user's short tags, sorted: what rows are sliced by."""
    kept = ((plain(key), plain(value)) for key, value in tags if not key.startswith("mlflow.") and 0 < len(value) <= LONGEST_TAG)
    return sorted(kept)


def link_rows(
    experiment_id: str,
    runs_of: Mapping[str, Collection[str]],
    keys: Mapping[str, tuple[str, str]],
    tags: Mapping[str, Sequence[tuple[str, str]]],
) -> Iterator[Row]:
    """Rows of ``SCHEMAS["evaluation_rows"]``: one for each run of each trace."""
    for trace_id, run_ids in runs_of.items():
        row, key = keys.get(trace_id, ("", ""))
        for run_id in sorted(run_ids):
            yield {
                "experiment_id": experiment_id,
                "run_id": plain(run_id),
                "trace_id": trace_id,
                "row": row,
                "key": key,
                "tags": own_tags(tags.get(trace_id, ())),
            }


# --- texts, where they are asked for ------------------------------------------------------------------------------------


def texts_of_trace(experiment_id: str, trace_id: str, question: object, answer: object) -> list[Row]:
    """Rows of ``SCHEMAS["evaluation_texts"]`` of a trace's previews."""
    return [
        {
            "experiment_id": experiment_id,
            "trace_id": trace_id,
            "kind": kind,
            "assessment_id": "",
            "content": _whole_part(text, LONGEST_PREVIEW),
        }
        for kind, text in (("question", question), ("answer", answer))
        if isinstance(text, str) and text
    ]


def rationale_row(experiment_id: str, trace_id: str, assessment_id: object, rationale: object) -> Row | None:
    """Why a scorer said what it did; None where it gave no reason."""
    if not isinstance(rationale, str) or not rationale:
        return None
    content = _whole_part(rationale, LONGEST_RATIONALE)
    place = {"experiment_id": experiment_id, "trace_id": trace_id, "kind": "rationale"}
    return place | {"assessment_id": plain(str(assessment_id or "")), "content": content}


def without_prompt_texts(models: pa.Table) -> tuple[pa.Table, list[Row]]:
    """(``models`` without the tag that holds the words of a version of a prompt, these words as rows of
    ``SCHEMAS["evaluation_texts"]``)."""
    tags = models.column("tags").to_pylist()
    if not any(key == PROMPT_TEXT for pairs in tags for key, _ in pairs or ()):
        return models, []
    names = ("experiment_id", "name", "version")
    rows: list[Row] = []
    for place, pairs in zip(models.select(names).to_pylist(), tags, strict=True):
        text = dict(pairs or ()).get(PROMPT_TEXT)
        if text:
            version = f"{place['name']}/{place['version']}"
            row = {"experiment_id": place["experiment_id"], "trace_id": "", "kind": "prompt", "assessment_id": version}
            rows.append(row | {"content": _whole_part(text, LONGEST_PROMPT)})
    kept = [[pair for pair in pairs or () if pair[0] != PROMPT_TEXT] for pairs in tags]
    field_ = models.schema.field("tags")
    return models.set_column(models.schema.get_field_index("tags"), field_, pa.array(kept, field_.type)), rows


def _whole_part(text: str, longest: int) -> str:
    """``text``, of one that is cut at ``longest`` three quarters: half a credential does not look like one, and is not masked."""
    return plain(text if len(text) < longest else text[: longest * 3 // 4])


# --- numbers in the place of digests -----------------------------------------------------------------------------------


def numbered(snapshot: Snapshot) -> Snapshot:
    """``snapshot`` with numbers for the digests of rows, texts and people, in the order in which they first came.

    A digest can be guessed from a guessed question; a number can not. Rows keep theirs while new ones are added behind them.
    """
    if not snapshot.assessments.num_rows and not snapshot.evaluation_rows.num_rows:
        return snapshot
    places = ("experiment_id", "trace_id")
    starts = snapshot.traces.column("start_time").cast(pa.int64()).to_pylist()
    at = dict(zip(zip(*(snapshot.traces.column(name).to_pylist() for name in places), strict=True), starts, strict=True))
    rows, said = snapshot.evaluation_rows.to_pylist(), snapshot.assessments.to_pylist()

    def when(row: Row) -> tuple[Any, ...]:
        start = at.get((row["experiment_id"], row["trace_id"]))
        return (
            start is None,
            start or 0,
            row["experiment_id"],
            row["trace_id"],
            row.get("name", ""),
            row.get("assessment_id", ""),
        )

    row_numbers = _numbers(row["row"] for row in sorted(rows, key=when))
    texts = _numbers(row["text"] for row in sorted(said, key=when))
    people = _numbers(row["rater"] for row in sorted(said, key=when) if row["source"] == "HUMAN")
    rows = [{**row, "row": row_numbers[row["row"]]} for row in rows]
    said = [
        {
            **row,
            "text": texts[row["text"]],
            "rater": people[row["rater"]] if row["source"] == "HUMAN" else row["rater"],
        }
        for row in said
    ]
    return replace(snapshot, evaluation_rows=_table("evaluation_rows", rows), assessments=_table("assessments", said))


def _table(name: str, rows: Sequence[Row]) -> pa.Table:
    return table_of(name, {column: [row[column] for row in rows] for column in rows[0]}) if rows else rows_table(name, [])


def _numbers(digests: Iterable[str]) -> Mapping[str, str]:
    found = {"": ""}
    for digest in digests:
        if digest not in found:
            found[digest] = str(len(found))
    return found


# --- as servers and folders describe a trace ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """What is kept of one trace that a server or a folder described, beside its row of the table of traces."""

    experiment_id: str
    said: tuple[Row, ...]
    source_run: str
    tags: tuple[tuple[str, str], ...]
    """The user's, and the id of the evaluation's request."""
    key: tuple[str, str]
    """Its row, where the description alone says it."""
    preview: str
    """Digest of a whole preview that is no inputs: the last resort."""

    texts: tuple[Row, ...] = ()
    """Rows of ``SCHEMAS["evaluation_texts"]``."""

    @property
    def request_id(self) -> str:
        return dict(self.tags).get(REQUEST_ID, "")


def heard_of(
    experiment_id: str,
    trace_id: str,
    tags: Mapping[str, str],
    metadata: Mapping[str, str],
    assessments: object,
    preview: object = "",
) -> Heard:
    """Texts are digests from here on. ``mlflow.traceInputs`` has the inputs of the root span, cut: it counts where it is whole."""
    known = [pair for pair in tags.items() if pair[0] == REQUEST_ID or not pair[0].startswith("mlflow.")]
    shown = metadata.get(TRACE_INPUTS, "")
    inputs = parsed(shown) if len(shown) < LONGEST_TRACE_INPUTS else None
    said = (
        [described(experiment_id, trace_id, one) for one in assessments if isinstance(one, Mapping)]
        if isinstance(assessments, list)
        else []
    )
    return Heard(
        experiment_id,
        tuple(row for row in said if row is not None),
        metadata.get(SOURCE_RUN_OF_TRACE, ""),
        tuple(known),
        row_key(inputs, "", "") if inputs is not None else ("", ""),
        row_key(None, "", preview)[0] if isinstance(preview, str) else "",
    )


def rationales(experiment_id: str, trace_id: str, assessments: object) -> list[Row]:
    """The reasons in assessments as a server's JSON or a file's YAML describes them."""
    given = [one for one in assessments if isinstance(one, Mapping)] if isinstance(assessments, list) else []
    rows = (rationale_row(experiment_id, trace_id, one.get("assessment_id"), one.get("rationale")) for one in given)
    return [row for row in rows if row is not None]


def described(experiment_id: str, trace_id: str, given: Mapping[str, Any]) -> Row | None:
    """An assessment as a server's JSON or a file's YAML describes it; None for one of a kind that is not known."""
    source, metadata = given.get("source"), given.get("metadata")
    source = source if isinstance(source, Mapping) else {}
    kind = next((kind for kind in ("feedback", "expectation", "issue") if isinstance(given.get(kind), Mapping)), None)
    if kind is None:
        return None
    value = given[kind]
    serialized = value.get("serialized_value")
    told = parsed(serialized.get("value")) if isinstance(serialized, Mapping) else value.get("value")
    return assessment_row(
        experiment_id,
        trace_id,
        {
            "id": given.get("assessment_id"),
            "name": given.get("assessment_name") or given.get("name"),
            "type": kind,
            "value": told,
            "error": error_code(value.get("error")),
            "source": source.get("source_type"),
            "rater": source.get("source_id"),
            "run_id": given.get("run_id"),
            "valid": given.get("valid"),
            "overrides": given.get("overrides"),
            "metadata": metadata if isinstance(metadata, Mapping) else {},
        },
    )


def judged_of(
    heard: Mapping[str, Heard],
    marked: Collection[str],
    linked: Mapping[str, Collection[str]],
    inputs_of: Callable[[Sequence[str]], Mapping[str, Any]],
) -> Judged:
    """What was heard of some traces. ``linked``: trace → further runs that hold it; ``inputs_of`` reads the inputs of root spans,
    and is asked for those traces alone whose row nothing else tells."""
    said = [row for _, its in sorted(heard.items()) for row in its.said]
    runs_of = {id_: {*linked.get(id_, ()), its.source_run} - {""} for id_, its in sorted(heard.items())}
    wanted = [id_ for id_, runs in runs_of.items() if runs and (heard[id_].said or runs & {*marked})]
    open_ = [id_ for id_ in wanted if not heard[id_].key[0]]
    inputs = inputs_of(open_) if open_ else {}
    texts = [row for id_ in wanted for row in heard[id_].texts]
    keys = {id_: heard[id_].key if heard[id_].key[0] else _key_of(heard[id_], inputs.get(id_)) for id_ in wanted}
    rows = [
        row for id_ in wanted for row in link_rows(heard[id_].experiment_id, {id_: runs_of[id_]}, keys, {id_: heard[id_].tags})
    ]
    stored = Counter(row["experiment_id"] for row in said)
    return Judged.of(said, rows, texts, stored)


def _key_of(heard: Heard, inputs: Any) -> tuple[str, str]:
    if inputs is not None:
        return row_key(inputs, "", "")
    by_request = row_key(None, heard.request_id, "")
    return by_request if by_request[0] or not heard.preview else (heard.preview, "preview")


def otlp_value(value: object) -> Any:
    """A value as OpenTelemetry's JSON writes it, as plain JSON."""
    if not isinstance(value, Mapping):
        return None
    match [(key, its) for key, its in value.items() if key.endswith(("_value", "Value"))]:
        case [(("kvlist_value" | "kvlistValue"), Mapping() as pairs)]:
            its = [pair for pair in pairs.get("values", ()) if isinstance(pair, Mapping)]
            return {str(pair.get("key")): otlp_value(pair.get("value")) for pair in its}
        case [(("array_value" | "arrayValue"), Mapping() as items)]:
            return [otlp_value(item) for item in items.get("values", ())]
        case [(("int_value" | "intValue"), its)]:
            return int64(its)
        case [(_, its)]:
            return its
    return None

"""Which runs a group of a comparison holds, as a person writes it, and which runs come first: small grammars for the config
and the command line.

    models:/NAME@ALIAS, models:/NAME/VERSION   the run that made a registered model, and its replicates
    experiment:NAME                            every run of an experiment (a name, a glob or an id)
                                               of several stores: SOURCE / NAME where two of them have that name, * / NAME for all
    run:NAME_OR_ID[, …]                        runs by name, glob or id
    tags.variant = 'control' and …             MLflow's own filter language; one bare word needs no quotes: tags.variant=control
    EXPERIMENT@FILTER                          the filter within one experiment

Anything else is a plain word, and means something only beside its fellows and a store: a value of ``--by``, an experiment, a
run. This module only reads text; which runs there are is not known here.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Kind = Literal["model", "experiment", "run", "filter", "word"]

_FIELD = r"(?:tags?|params?|parameters?|metrics?|attributes?|attr|runs?|datasets?)\.\s*(?:`[^`]+`|\"[^\"]+\"|[^\s=!<>'\"]+)"
_ATTRIBUTE = r"(?:run_id|run_name|status|user_id|artifact_uri|start_time|end_time)"
_COMPARATOR = r"(?:!=|<=|>=|=|<|>|(?:not\s+)?(?:i?like|in)\b|is\s+(?:not\s+)?null\b)"
_FILTER = re.compile(rf"(?:{_FIELD}|{_ATTRIBUTE})\s*{_COMPARATOR}", re.IGNORECASE)
_SCOPED = re.compile(rf"(?P<experiment>[^'\"]+?)@(?P<filter>\s*{_FILTER.pattern}.*)", re.IGNORECASE | re.DOTALL)
_MODEL = re.compile(r"models:/(?P<name>(?:[A-Za-z0-9._-]+ / )?[^@/]+)(?:@(?P<alias>[^@/]+)|/(?P<version>[0-9]+))")
_EQUALITY = re.compile(
    r"(?P<field>(?:tags?|params?|parameters?)\.(?P<name>[^\s=!<>'\"`]+))\s*(?P<sign>!?=)\s*(?P<value>[^'\"]+?)\s*", re.I
)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selector:
    """One group as it was written, taken apart."""

    kind: Kind
    text: str
    """As it was written."""
    name: str = ""
    """Of the model, the experiment, or the run(s)."""
    alias: str = ""
    version: str = ""
    experiment: str = ""
    """Of ``EXPERIMENT@FILTER``."""
    filter: str = ""
    """In MLflow's language, quotes added."""


def selector_of(text: str) -> Selector:
    """``text`` taken apart. Raises ``ValueError`` for a ``models:`` URI that names neither an alias nor a version."""
    text = text.strip()
    if text.startswith("models:"):
        found = _MODEL.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a registered model: write models:/NAME@ALIAS or models:/NAME/VERSION")
        return Selector("model", text, found["name"], found["alias"] or "", found["version"] or "")
    for kind in ("experiment", "run"):
        if text.startswith(f"{kind}:") and text.partition(":")[2].strip():
            return Selector(kind, text, text.partition(":")[2].strip())
    if _FILTER.match(text):
        return Selector("filter", text, filter=quoted(text))
    if scoped := _SCOPED.fullmatch(text):
        return Selector("filter", text, experiment=scoped["experiment"].strip(), filter=quoted(scoped["filter"].strip()))
    return Selector("word", text, text)


def quoted(filter: str) -> str:
    """``filter`` with quotes around the values of tags and params that have none, as a shell leaves them."""
    if "'" in filter or '"' in filter:
        return filter
    return " and ".join(_quoted_clause(clause) for clause in _AND.split(filter))


def _quoted_clause(clause: str) -> str:
    found = _EQUALITY.fullmatch(clause)
    return f"{found['field']} {found['sign']} '{found['value']}'" if found else clause


def plain_equality(filter: str) -> tuple[str, str] | None:
    """(field, value) of a filter that is one equality, e.g. ``tags.variant = 'a'``; None for any other."""
    found = re.fullmatch(rf"(?P<field>{_FIELD})\s*=\s*(?P<quote>['\"])(?P<value>[^'\"]*)(?P=quote)\s*", filter, re.IGNORECASE)
    return (found["field"].replace(" ", ""), found["value"]) if found else None


def label_of_selector(selector: Selector) -> str:
    """What readers call the group when nobody gave it a name."""
    if selector.kind == "model":
        return f"{selector.name}@{selector.alias}" if selector.alias else f"{selector.name} version {selector.version}"
    if selector.kind in ("experiment", "run", "word"):
        return selector.name
    equality = plain_equality(selector.filter)
    words = f"{equality[0].partition('.')[2]}={equality[1]}" if equality else selector.filter
    return f"{selector.experiment}: {words}" if selector.experiment else words


# --- which runs come first ---

ORDER_ATTRIBUTES = ("artifact_uri", "created", "end_time", "run_id", "run_name", "start_time", "status", "user_id")
"""The attributes that MLflow orders runs by."""
_ORDER_ENTITIES = ("metrics", "params", "tags", "attributes")
_ATTRIBUTE_WORDS = ("attribute", "attributes", "attr", "run")
_OTHER_WORDS = ("metric", "metrics", "param", "params", "parameter", "parameters", "tag", "tags", "dataset", "datasets")


def order_mistake(clause: str) -> str | None:
    """Why MLflow cannot read one clause of ``order_by``, as far as that can be told without MLflow, whose parser takes seconds to
    load; None when it may be able to. What is refused here, MLflow refuses as well; not the other way round."""
    try:
        words = shlex.split(clause.replace("`", '"'))
    except ValueError:
        return "a quote in it is not closed"
    if len(words) not in (1, 2):
        return "it is not one field with ASC or DESC behind it"
    if len(words) == 2 and words[1].lower() not in ("asc", "desc"):
        return f"{words[1]!r} is neither ASC nor DESC"
    entity, dot, key = words[0].partition(".")
    if dot and entity not in (*_ATTRIBUTE_WORDS, *_OTHER_WORDS):
        return f"{entity!r} is none of {', '.join(_ORDER_ENTITIES)}"
    attribute = key if dot else entity
    if (not dot or entity in _ATTRIBUTE_WORDS) and attribute.strip("'\"").lower() not in ORDER_ATTRIBUTES:
        return f"{attribute!r} is no attribute of a run ({', '.join(ORDER_ATTRIBUTES)}); write metrics.NAME, params.NAME or tags.NAME"
    return None


def meant_order(clause: str) -> str:
    """``clause`` as it was probably meant, or ""."""
    if "," in clause:
        return "a list of clauses, " + "[" + ", ".join(part.strip() for part in clause.split(",")) + "]"
    field, _, direction = clause.strip().rpartition(" ") if " " in clause.strip() else (clause.strip(), "", "")
    entity, dot, key = field.partition(".")
    if not dot:
        entity, key = "attributes", field
    near_entity = (get_close_matches(entity, (*_ORDER_ENTITIES, "metric", "param", "tag", "attribute"), 1) or [""])[0]
    near_key = key
    if near_entity in ("attributes", "attribute") and key not in ORDER_ATTRIBUTES:
        near_key = (get_close_matches(key, ORDER_ATTRIBUTES, 1) or [""])[0]
    near_direction = (get_close_matches(direction.upper(), ("ASC", "DESC"), 1) or [""])[0] if direction else ""
    if not near_entity or not near_key or (direction and not near_direction):
        return ""
    meant = " ".join(part for part in (f"{near_entity}.{near_key}" if dot else near_key, near_direction) if part)
    return meant if meant.lower() != clause.strip().lower() else ""

"""Which runs a group of a comparison holds, as a person writes it: one small grammar for the config and the command line.

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
from dataclasses import dataclass
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

"""What the models of the config have in common."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

MetricName = Annotated[str, Field(min_length=1, max_length=250)]

SPAN = re.compile(r"(?P<n>[1-9][0-9]{0,3})(?P<unit>[dw])")

WORD_ERROR = "word"
"""The type of the error for a value that is none of several words; ``words`` in its context are those that may be meant."""


class ConfigModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def days_of(span: str) -> int:
    """Of ``7d`` or ``4w``, which fits ``SPAN``."""
    match = SPAN.fullmatch(span)
    assert match is not None
    return int(match["n"]) * {"d": 1, "w": 7}[match["unit"]]


def word_error(what: str, *words: str) -> PydanticCustomError:
    """A validator's error ``what``; the message proposes the one of ``words`` that the value is close to."""
    return PydanticCustomError(WORD_ERROR, "{what}", {"what": what, "words": words})

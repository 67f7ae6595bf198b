"""What the models of the config have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

MetricName = Annotated[str, Field(min_length=1, max_length=250)]

WORD_ERROR = "word"
"""The type of the error for a value that is none of several words; ``words`` in its context are those that may be meant."""


class ConfigModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def word_error(what: str, *words: str) -> PydanticCustomError:
    """A validator's error ``what``; the message proposes the one of ``words`` that the value is close to."""
    return PydanticCustomError(WORD_ERROR, "{what}", {"what": what, "words": words})

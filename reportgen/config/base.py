"""What all models of the config share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MetricName = Annotated[str, Field(min_length=1, max_length=250)]


class ConfigModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

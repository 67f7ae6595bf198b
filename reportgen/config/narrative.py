"""A short text about the report by a language model that the user runs or pays for; off unless it is configured."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

from pydantic import Field, field_validator, model_validator

from reportgen.config.base import ConfigModel
from reportgen.uri import Uri


class NarrativeConfig(ConfigModel):
    """Ask an OpenAI-compatible endpoint for a summary in words. The report as `llms.txt` has it is sent there; without this key nothing is."""

    url: str = Field(
        max_length=2000,
        description="The endpoint's base address, such as `http://localhost:11434/v1`; `/chat/completions` is added.",
    )
    model: str = Field(
        min_length=1, max_length=200, description="The model's name there; the report says that it wrote the text."
    )
    key_env: str | None = Field(
        None,
        pattern=r"^REPORTGEN_[A-Za-z0-9_]+$",
        description="The environment variable that holds the API key: `REPORTGEN_NARRATIVE_KEY`; left out: no key is sent. A key in the config is not possible.",
    )
    words: int = Field(
        120, ge=20, le=200, description="So many words are asked for; a text of more than twice as many is refused."
    )
    seconds: float = Field(
        60, gt=0, le=600, description="Time for the answer; without one the report has no such text, and says so."
    )

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        uri = Uri.of(value)
        if uri.scheme not in ("http", "https") or not uri.host or uri.fault or uri.user_info or uri.query or "#" in value:
            raise ValueError(
                "an endpoint is an http or https address without user, password and query; name a variable in key_env"
            )
        return value

    @model_validator(mode="after")
    def _key_is_sent_safely(self) -> NarrativeConfig:
        uri = Uri.of(self.url)
        if self.key_env and uri.scheme == "http" and not _is_here(uri.host or ""):
            raise ValueError("a key is not sent without TLS: write https, or leave key_env out")
        return self


def _is_here(host: str) -> bool:
    """Whether ``host`` is this machine, which no network lies before."""
    with suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return host == "localhost"

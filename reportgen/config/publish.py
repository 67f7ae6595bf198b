"""The channels that a finished report is delivered to: MLflow, and messages about it."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from reportgen.config.base import ConfigModel, word_error
from reportgen.config.connection import Secret, TrackingUri
from reportgen.uri import Uri

When = Literal["always", "changed", "gates"]
_WHEN = (
    "`always`: about each report that differs from the last one sent; `changed`: only when headline, gates or decision differ from the last "
    "message; `gates`: only when a gate did not pass."
)
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+")


class MlflowTarget(ConfigModel):
    """Log the bundle as artifacts of a run in MLflow."""

    experiment: str = Field(
        "reports", min_length=1, max_length=500, description="Experiment of the report runs; made when it is missing."
    )
    tracking_uri: TrackingUri | None = Field(
        None, description="Where to log; left out: the store that was read, with several `sources` the first of them."
    )
    link_back: bool = Field(
        False,
        description="Also set a tag that leads to the report on the experiments and compared runs that were read. Without it nothing of "
        "what was read changes.",
    )
    attach: tuple[str, ...] = Field(
        (),
        max_length=1000,
        description="Runs that get the bundle as artifacts as well: `best`, `compared` (all runs of the groups), or ids.",
    )

    @field_validator("attach", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("attach")
    @classmethod
    def _runs(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        for word in words:
            if word not in ("best", "compared") and re.fullmatch(r"[0-9a-f]{32}", word) is None:
                raise word_error(f"{word!r} is no run: write best, compared or the id of a run", "best", "compared")
        return words


class EmailTarget(ConfigModel):
    """Send the report by e-mail: the text and the pictures of page 1, with the PDF attached."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    to: tuple[str, ...] = Field(min_length=1, max_length=100, description="Addresses.")
    from_: str = Field(alias="from", description="The sender's address.")
    server: TrackingUri = Field(
        description="`smtp://HOST:587`: TLS is begun by STARTTLS and required; `smtps://HOST:465`: TLS from the first byte."
    )
    user: Secret | None = Field(None, description="With `password`: the login at the server, e.g. `${REPORTGEN_SMTP_USER}`.")
    password: Secret | None = Field(None, description="From the environment: `${REPORTGEN_SMTP_PASSWORD}`.")
    tls: Literal["required", "none"] = Field(
        "required", description="`none` only for a relay on a trusted network, and never with a password."
    )
    ca_file: str | None = Field(None, description="Certificates to trust besides the system's, as PEM.")
    attach_megabytes: float = Field(
        8, ge=0, le=50, description="A larger PDF is not attached, and the message says so; 0: never."
    )
    when: When = Field("always", description=_WHEN)

    @field_validator("to", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("to", "from_")
    @classmethod
    def _addresses(cls, value: Any) -> Any:
        for address in value if isinstance(value, tuple) else (value,):
            if _ADDRESS.fullmatch(address) is None:
                raise ValueError(f"{address!r} is no address: write NAME@HOST")
        return value

    @field_validator("server")
    @classmethod
    def _smtp(cls, value: str) -> str:
        uri = Uri.of(value)
        if uri.scheme not in ("smtp", "smtps") or not uri.host or uri.fault:
            raise ValueError("a mail server is smtp://HOST:PORT or smtps://HOST:PORT")
        if uri.user_info:
            raise ValueError("write the login as user and password beside the server, with the password from the environment")
        return value

    @model_validator(mode="after")
    def _fits(self) -> EmailTarget:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        if self.tls == "none" and self.password is not None:
            raise ValueError("a password is not sent without TLS: leave out tls: none, or user and password")
        return self


class WebhookTarget(ConfigModel):
    """POST what the report says as JSON, signed as Standard Webhooks are where a secret is given."""

    url: Secret = Field(description="An http or https address; it may be a secret itself: `${REPORTGEN_WEBHOOK_URL}`.")
    secret: Secret | None = Field(None, description="Key of the signature (HMAC-SHA256): `${REPORTGEN_WEBHOOK_SECRET}`.")
    when: When = Field("always", description=_WHEN)

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        uri = Uri.of(value)
        if uri.scheme not in ("http", "https") or not uri.host or uri.fault:
            raise ValueError("a webhook is an http or https address")
        return value


class AppriseTarget(ConfigModel):
    """A short message to Slack, Teams, Mattermost, Discord … by Apprise (extra `notify`)."""

    urls: tuple[Secret, ...] = Field(
        min_length=1, max_length=20, description="Addresses in Apprise's notation, e.g. `${REPORTGEN_SLACK_URL}` for slack://…"
    )
    when: When = Field("always", description=_WHEN)

    @field_validator("urls", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


MessageTarget = EmailTarget | WebhookTarget | AppriseTarget


class PublishConfig(ConfigModel):
    """One delivery of a finished bundle: one of the keys."""

    mlflow: MlflowTarget | None = None
    email: EmailTarget | None = None
    webhook: WebhookTarget | None = None
    apprise: AppriseTarget | None = None

    @model_validator(mode="after")
    def _just_one(self) -> PublishConfig:
        if sum(channel is not None for channel in (self.mlflow, self.email, self.webhook, self.apprise)) != 1:
            raise ValueError("each entry is one channel: mlflow, email, webhook or apprise")
        return self

    @property
    def message(self) -> MessageTarget | None:
        return self.email or self.webhook or self.apprise

    def secrets(self) -> tuple[str, ...]:
        """What no output may show of it; credentials in URIs are known anyway."""
        if self.email is not None:
            return tuple(filter(None, (self.email.user, self.email.password)))
        if self.webhook is not None:
            return tuple(filter(None, (self.webhook.url, self.webhook.secret)))
        return self.apprise.urls if self.apprise is not None else ()

"""Keeping credentials out of everything that leaves the program.

Two defences: text that is known to carry credentials (a tracking URI, a git remote) is made public before it is
stored anywhere, and a ``Redactor`` that knows this job's secrets goes over every error, log line and file at the
edge. Neither is a secret scanner for the world: they guard what the job itself was given, plus URL user-info and
values whose key says that they are secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit, urlunsplit

MASK = "[redacted]"

# scheme://user:password@host, also inside longer text. The user-info may not hold "/" or blanks (it would be quoted).
_USER_INFO = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*://)[^\s/@'\"<>]*(?::[^\s/'\"<>]*)?@")
_QUERY_SECRET = re.compile(
    r"([?&;](?:[\w.\-]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|signature|credential)[\w.\-]*|sig|pwd)=)[^&#\s'\"<>]*",
    re.IGNORECASE,
)
_SECRET_KEY = re.compile(
    r"(?:^|[^a-z])(?:password|passwd|passphrase|secret|api_?key|access_?key|private_?key|auth_?token|access_?token|"
    r"bearer|credentials?|client_?secret|connection_?string)(?:$|[^a-z])|(?:^|_)token$",
    re.IGNORECASE,
)
_SECRET_ENV = re.compile(r"(?:_TOKEN|_PASSWORD|_PASSWD|_SECRET|_API_KEY|_ACCESS_KEY|_SECRET_KEY)$")


def public_uri(uri: str) -> str:
    """``uri`` without user-info and without secret query values."""
    return public_text(uri)


def public_text(text: str) -> str:
    """``text`` with the user-info of every URL in it, and secret query values, masked."""
    if "://" not in text:
        return text
    return _QUERY_SECRET.sub(rf"\1{MASK}", _USER_INFO.sub(rf"\1{MASK}@", text))


def names_a_secret(key: str) -> bool:
    """Whether a param or tag called ``key`` holds a secret by its name (``api_key``, ``db.password``, ``hf_token``).

    ``max_tokens`` or ``token_count`` are no secrets: ``token`` counts only as the whole last word.
    """
    return _SECRET_KEY.search(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).replace("-", "_").replace(".", "_")) is not None


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces the secrets of this job wherever they turn up; callable on any text."""

    secrets: tuple[str, ...] = ()

    @classmethod
    def of(cls, uris: Iterable[str], environment: Mapping[str, str]) -> Redactor:
        """The secrets in the user-info of ``uris`` and in environment variables whose name ends like a secret's."""
        found = {value for name, value in environment.items() if _SECRET_ENV.search(name)}
        for uri in uris:
            found |= set(_uri_secrets(uri))
        # Short values would mask ordinary words; the longest go first so that no tail of a secret stays.
        return cls(tuple(sorted((s for s in found if len(s) >= 4), key=lambda s: (-len(s), s))))

    def __call__(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        return public_text(text)


def _uri_secrets(uri: str) -> Iterable[str]:
    try:
        password = urlsplit(uri).password
    except ValueError:
        return
    if password:
        yield from {password, unquote(password), quote(unquote(password), safe="")}


def without_user_info(uri: str) -> str:
    """``uri`` with user and password removed (not masked), for use as an identity."""
    parts = urlsplit(uri)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host))

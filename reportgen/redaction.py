"""Keeping credentials out of everything that leaves the program.

Three defences. Of a URI only scheme, host, port and path are ever shown (``reportgen.uri``). Text from a store loses what
looks like a credential or is called like one (``reportgen.secret_patterns``, and the config's ``redact``). And a ``Redactor``
knows the credentials of this process itself, from its URIs and its environment: they are looked for in every error, every line
of a log, every value that was read and every file of a bundle.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus, unquote

from reportgen.secret_patterns import HINT, MASK, has_token, hides, names_a_secret, without_secrets, without_tokens
from reportgen.uri import Uri

T = TypeVar("T")

__all__ = ["MASK", "NO_REDACTION", "Redactor", "hides", "names_a_secret", "public_text", "public_uri", "without_user_info"]


def public_uri(uri: str) -> str:
    """Scheme, host, port and path of ``uri``, and nothing else."""
    return Uri.of(uri).public


def public_text(text: str) -> str:
    """``text`` without what looks like a credential."""
    return without_secrets(text)


def without_user_info(uri: str) -> str:
    """``uri`` with user and password removed and all else as it was, for links and for use as an identity."""
    info = Uri.of(uri).user_info
    return uri.replace(f"{info}@", "", 1) if info else uri


@dataclass(frozen=True, slots=True)
class Redactor:
    """Masks credentials in any text: those of this job, what looks like one, and what the config's ``redact`` names."""

    secrets: tuple[str, ...] = ()
    """Of this job, in every way of writing them; the longest first, so that no tail of one stays."""
    words: tuple[str, ...] = ()
    """Credentials of this job that are ordinary words or numbers: they are masked where they stand for themselves only."""
    patterns: tuple[str, ...] = ()
    """Regular expressions of the config."""
    keys: tuple[str, ...] = ()
    """Globs of the config, for names of params and tags."""
    columns: tuple[str, ...] = ()
    """``table.column`` of the config."""

    @classmethod
    def of(
        cls,
        uris: Iterable[str],
        environment: Mapping[str, str],
        *,
        patterns: Iterable[str] = (),
        keys: Iterable[str] = (),
        columns: Iterable[str] = (),
    ) -> Redactor:
        """With the credentials in ``uris`` and in the variables of ``environment`` that are called like one or hold a URI."""
        found = {value for name, value in environment.items() if names_a_secret(name) and not _NO_SECRET.search(name)}
        urls = [value for value in environment.values() if "://" in value]
        for uri in map(Uri.of, (*uris, *urls)):
            found.update(uri.secrets())
            found.update(_in_query(uri))
            if uri.user and uri.password:
                found.add(b64encode(f"{uri.user}:{uri.password}".encode()).decode())
        login = [environment.get(f"MLFLOW_TRACKING_{part}", "") for part in ("USERNAME", "PASSWORD")]
        if all(login):
            found.add(b64encode(":".join(login).encode()).decode())
        plain = {secret for secret in found if _is_word(secret)}
        written = {spelling for secret in found - plain if len(secret) >= 4 for spelling in _spellings(secret)}
        longest = sorted(written, key=lambda secret: (-len(secret), secret))
        return cls(tuple(longest), tuple(sorted(plain)), tuple(patterns), tuple(keys), tuple(columns))

    def __call__(self, text: str) -> str:
        """``text`` without any credential."""
        return without_secrets(self.own(text))

    def own(self, text: str) -> str:
        """``text`` without this job's credentials and what the config's patterns match."""
        pattern = _pattern(self.secrets, self.words, self.patterns)
        return text if pattern is None else pattern.sub(MASK, text)

    def finds(self, text: str) -> bool:
        """Whether ``text`` holds a credential of this job, what the config's patterns match, or a token or key of a known format."""
        pattern = _pattern(self.secrets, (), self.patterns)
        return (pattern is not None and pattern.search(text) is not None) or has_token(text)

    def within(self, value: T) -> T:
        """``value`` without what ``finds`` would find in it: in tuples, mappings and frozen dataclasses, however deep."""
        changed: T = _mapped(value, lambda text: without_tokens(self.own(text)))
        return changed

    def hides(self, key: str, value: str) -> bool:
        """Whether ``value`` is to be masked because it is called ``key``."""
        return hides(key, value) or (bool(value) and any(fnmatchcase(key, glob) for glob in self.keys))

    @property
    def hint(self) -> str | None:
        """A regular expression of every engine, which is found, without regard to case, in any text that may change; None: look at all."""
        return None if self.patterns else "|".join([HINT, *(re.escape(secret) for secret in (*self.secrets, *self.words))])


_NO_SECRET = re.compile(r"^(?:OLD)?PWD$|_(?:FILE|PATH|DIR|DIRECTORY|SOCK)$")
"""Variables of the environment that are called like a secret and hold a place: a shell's PWD is the folder it is in."""

NO_REDACTION = Redactor()
"""Knows no credential of a job; masks what looks like one."""


def _in_query(uri: Uri) -> Iterable[str]:
    for key, value in uri.query:
        parts = [part.partition("=") for part in value.split(";")]  # a connection string of ODBC holds keys of its own
        yield from (inner.strip("{}") for name, _, inner in parts if hides(name, inner))
        if hides(key, value):
            yield value


def _is_word(secret: str) -> bool:
    """Whether ``secret`` may stand in a report without being meant: ``mlflow``, ``postgres``, ``12345``."""
    return len(secret) < 12 and re.fullmatch(r"[A-Za-z]+|[0-9]+|.{1,3}", secret) is not None


def _spellings(secret: str) -> set[str]:
    plain = unquote(secret)
    forms = {secret, plain, quote(plain, safe=""), quote(plain), quote_plus(plain), json.dumps(plain)[1:-1], repr(plain)[1:-1]}
    escaped = html.escape(plain)
    return forms | {escaped, escaped.replace("&#x27;", "&#39;").replace("&quot;", "&#34;"), html.escape(plain, quote=False)}


@lru_cache(maxsize=8)
def _pattern(secrets: tuple[str, ...], words: tuple[str, ...], patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    parts = [re.escape(secret) for secret in secrets]
    if words:
        listed = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        parts.append(rf"\A(?:{listed})\Z|(?<=[:=])(?:{listed})(?![\w.-])")
    parts += [f"(?:{pattern})" for pattern in patterns]
    return re.compile("|".join(parts)) if parts else None


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        changed = tuple(_mapped(item, change) for item in value)
        if all(new is old for new, old in zip(changed, value, strict=True)):
            return value
        return type(value)(*changed) if hasattr(value, "_fields") else changed
    if isinstance(value, Mapping):
        return {key: _mapped(item, change) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in fields(value) if field.init)
        changes = {name: new for name, old in pairs if (new := _mapped(old, change)) is not old}
        return replace(value, **changes) if changes else value
    return value

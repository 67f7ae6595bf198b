"""URIs of stores: the one parser for connecting to them, naming them and keeping their credentials out of sight.

The last ``@`` ends the user-info, as the drivers have it, whatever stands before: passwords may hold ``@``, ``/``, blanks,
quotes and ``<``. ``Uri.public`` is put together from scheme, host, port and path; nothing else ever gets there, so nothing
has to be recognised to be kept secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*):(?P<slashes>//)?")
_PLACES = frozenset({"file", "sqlite"})
"""Schemes of which everything is a path."""
_PLACE = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.%]+)\]|(?P<host>[^\s:/?#\[\]<>\"'\\]*))(?P<port>:[^/?#]*)?(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL
)
_QUOTE = "write every special character of user and password as %XX, e.g. %40 for @ and %2F for /"


@dataclass(frozen=True, slots=True)
class Uri:
    """One URI, or a plain path (then it has no scheme)."""

    scheme: str
    """Lower-case, with the driver's name: ``mysql+pymysql``."""
    user: str | None
    password: str | None
    """User and password as they were meant, %XX replaced."""
    host: str
    """Without brackets; "" when there is none."""
    port: int | None
    path: str
    """From its slash on, as it was written."""
    query: tuple[tuple[str, str], ...] = ()
    user_info: str = ""
    """What stood before the ``@``, as it was written."""
    fault: str = ""
    """Why nobody can be connected to; "" when nothing is wrong."""

    @classmethod
    def of(cls, text: str) -> Uri:
        """Never fails: what is wrong with ``text`` is in ``fault``."""
        text = text.strip()
        match = _SCHEME.match(text)
        scheme = match["scheme"].lower() if match else ""
        if match is None or (match["slashes"] is None and scheme not in (*_PLACES, "databricks")):
            user_info, at, rest = text.rpartition("@")
            is_login = ":" in user_info.partition("/")[0]  # a URL without its scheme, not a folder with an @ in its name
            return cls("", None, None, "", None, rest if at and is_login else text, user_info=user_info if is_login else "")
        rest = text[match.end() :]
        if scheme.partition("+")[0] in _PLACES:
            return _place(scheme, rest if match["slashes"] else f"//{rest}", has_slashes=match["slashes"] is not None)
        return _server(scheme, rest)

    @property
    def family(self) -> str:
        """The scheme without the driver's name."""
        return self.scheme.partition("+")[0]

    @property
    def place(self) -> str:
        """Host and port as they stand in a URI."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def public(self) -> str:
        """What may be shown: scheme, host, port and path."""
        if not self.scheme:
            return self.path
        sign = "" if self.scheme == "file" and not self.host and not self.path.startswith("/") else "//"
        return f"{self.scheme}:{sign}{self.place}{self.path.partition(';')[0] if self.family not in _PLACES else self.path}"

    @property
    def database(self) -> str:
        """The path of a database's URI: its name."""
        return unquote(self.path.removeprefix("/"))

    def options(self) -> dict[str, str | list[str]]:
        """The query of a database's URI; several values of one key in their order."""
        found: dict[str, list[str]] = {}
        for key, value in self.query:
            found.setdefault(key, []).append(value)
        return {key: values if len(values) > 1 else values[0] for key, values in found.items()}

    def secrets(self) -> Iterator[str]:
        """Credentials in it, as they were written and as they were meant; those among ``query`` only its key can tell."""
        yield from (text for text in (self.user_info, self.user_info.partition(":")[2], self.password) if text)
        if self.user and self.password is None:  # a token in the place of the user
            yield self.user


def _place(scheme: str, rest: str, *, has_slashes: bool) -> Uri:
    host, slash, path = rest.removeprefix("//").partition("/") if has_slashes and scheme == "file" else ("", "", rest)
    user_info, _, host = host.rpartition("@")
    if scheme != "file":
        path, _, _ = path.partition("?")
    elif not has_slashes:
        path = path.removeprefix("//")
    return Uri(scheme, None, None, host, None, slash + path, user_info=user_info)


def _server(scheme: str, rest: str) -> Uri:
    user_info, at, place = rest.rpartition("@")
    user, colon, password = user_info.partition(":")
    match = _PLACE.fullmatch(place)
    if match is None:
        fault = "its host is no host's name"
        return Uri(
            scheme, unquote(user), unquote(password) if colon else None, "", None, "", user_info=user_info or place, fault=fault
        )
    digits = (match["port"] or "")[1:]
    port = int(digits) if digits.isascii() and digits.isdigit() and int(digits[:6]) <= 65535 else None
    path, fault = match["path"], ""
    if path and not path.startswith("/"):
        path, fault = "", "its host is no host's name"
    elif digits and port is None:
        fault = "its port is no number from 0 to 65535"
    elif at and _is_ambiguous(scheme, user, password):
        fault = f"the end of its user and password cannot be told: {_QUOTE}"
    query = tuple(parse_qsl(match["rest"].partition("?")[2].partition("#")[0], keep_blank_values=False))
    return Uri(
        scheme,
        unquote(user) if at else None,
        unquote(password) if at and colon else None,
        match["v6"] or match["host"],
        port,
        path,
        query,
        user_info or (digits if port is None else ""),  # user:password without a host
        fault,
    )


def _is_ambiguous(scheme: str, user: str, password: str) -> bool:
    """Whether a driver may take another ``@`` for the end, or a slash before it: it would call another host."""
    separators = frozenset("/?#")
    if separators & set(user) or (scheme in ("http", "https") and separators & set(password)):
        return True
    return "@" in password and bool(separators & set(password))

"""MLflow on Databricks: ``databricks`` and ``databricks://PROFILE`` are tracking servers with a host and a token of their own.

Host and token come from ``DATABRICKS_HOST`` and ``DATABRICKS_TOKEN``, or from a profile of ``~/.databrickscfg``; a profile
that the URI names goes before the variables, as with MLflow itself. Everything else is read over the documented REST API:
histories by pages of each series, unless the workspace answers the request that reads many at once, which is tried one
time. Databricks allows about seven searches a second, so that is the limit unless another one is set.

Not read: models in Unity Catalog, and stores behind a secret scope (``databricks://SCOPE:PREFIX``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from configparser import ConfigParser, Error
from dataclasses import replace
from pathlib import Path

from reportgen.collect.reading import Reading
from reportgen.collect.rest.session import Limits
from reportgen.collect.rest.source import RestSource
from reportgen.errors import BadUriError, SourceError
from reportgen.redaction import public_uri
from reportgen.uri import Uri

CALLS_PER_SECOND = 7.0
_TODO = "set DATABRICKS_HOST and DATABRICKS_TOKEN, or name a profile of ~/.databrickscfg that has both: databricks://PROFILE"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def databricks_source(uri: str, reading: Reading) -> RestSource:
    return workspace_source(uri, reading, os.environ, Limits())


def workspace_source(uri: str, reading: Reading, environment: Mapping[str, str], limits: Limits) -> RestSource:
    """The workspace that ``uri`` means in this ``environment``. Raises ``SourceError`` when host or token is missing."""
    host, token = credentials(uri, environment)
    if reading.calls_per_second is None:
        reading = replace(reading, calls_per_second=CALLS_PER_SECOND)
    others = {name: value for name, value in environment.items() if name not in _LOGINS}
    return RestSource(host, {**others, "MLFLOW_TRACKING_TOKEN": token}, limits, reading, kind="databricks")


_LOGINS = frozenset({"MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"})
"""Of another server: they would go before the token."""


def credentials(uri: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """(URL of the workspace, token)."""
    profile = uri.strip().removeprefix("databricks").removeprefix(":").removeprefix("//").strip("/")
    if ":" in profile or "@" in profile:
        raise BadUriError(
            "bad-uri",
            f"{public_uri(uri)} names no profile; a secret scope exists inside of Databricks only",
            allowed="databricks, databricks://PROFILE",
            todo=_TODO,
        )
    variables = environment.get("DATABRICKS_HOST", ""), environment.get("DATABRICKS_TOKEN", "")
    if not profile and all(variables):
        return _workspace(variables[0], "DATABRICKS_HOST"), variables[1]
    profile = profile or environment.get("DATABRICKS_CONFIG_PROFILE") or "DEFAULT"
    path = Path(environment.get("DATABRICKS_CONFIG_FILE") or "~/.databrickscfg").expanduser()
    section = _profile(path, profile)
    host, token = section.get("host", ""), section.get("token", "")
    if not host or not token:
        lacking = " and ".join(name for name, value in (("host", host), ("token", token)) if not value)
        raise SourceError(
            "databricks-login",
            f"profile {profile} of {path} has no {lacking}",
            found=", ".join(sorted(section)) or "nothing",
            allowed="host and token",
            todo=_TODO,
        )
    return _workspace(host, f"host of profile {profile}"), token


def _profile(path: Path, name: str) -> Mapping[str, str]:
    """What ``path`` says under ``name``. Raises ``SourceError`` when there is no such file or profile."""
    parser = ConfigParser(interpolation=None, default_section="")  # so that DEFAULT is a profile like the others
    try:
        found = parser.read(path, encoding="utf-8")
    except (Error, UnicodeDecodeError) as error:
        what = f"{path} cannot be understood: {type(error).__name__}"  # its own words would quote the line, maybe a token
        raise SourceError("databricks-login", what, todo="correct it, or set DATABRICKS_HOST and DATABRICKS_TOKEN") from None
    if not found:
        what = f"there is no login to Databricks: DATABRICKS_HOST or DATABRICKS_TOKEN is not set, and {path} cannot be read"
        raise SourceError("databricks-login", what, todo=_TODO)
    if not parser.has_section(name):
        raise SourceError(
            "databricks-login",
            f"{path} has no profile {name}",
            found=f"profile {name}",
            allowed=", ".join(parser.sections()) or "nothing: the file is empty",
            todo=_TODO,
        )
    return parser[name]


def _workspace(host: str, where: str) -> str:
    """The URL of a workspace. A token is sent over https only, except to this machine."""
    url = host.strip() if "://" in host else f"https://{host.strip()}"
    server = Uri.of(url)
    if (
        server.fault
        or not server.host
        or (server.scheme != "https" and not (server.scheme == "http" and server.host in _LOOPBACK))
    ):
        raise BadUriError(
            "bad-uri", f"{where} is {server.public}", allowed="https://<workspace>.cloud.databricks.com", todo=_TODO
        )
    return f"{server.scheme}://{server.place}"

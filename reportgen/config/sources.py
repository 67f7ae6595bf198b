"""From a config and the environment to the stores that a report reads, and the folder of histories read earlier."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from reportgen.config.schema import Config, ReportConfig, SourceConfig
from reportgen.uri import Uri


def listed_uris(uris: str | Sequence[str] | None) -> list[str]:
    return [uris] if isinstance(uris, str) and uris else list(uris or ())


def sources_at(uris: Sequence[str]) -> list[dict[str, str]]:
    """Sources for ``uris``, each named after its host, its file or its folder, with a number where two are alike."""
    names = [_source_name(uri) for uri in uris]
    numbered = [f"{name}-{names[: index + 1].count(name)}" if names.count(name) > 1 else name for index, name in enumerate(names)]
    unique = numbered if len(set(numbered)) == len(uris) else [f"source-{index}" for index in range(1, len(uris) + 1)]
    return [{"name": name, "tracking_uri": uri} for name, uri in zip(unique, uris, strict=True)]


def _source_name(uri: str) -> str:
    found = Uri.of(uri)
    word = found.host.lower() if found.scheme.startswith("http") and found.host else PurePosixPath(unquote(found.path)).stem
    return re.sub(r"[^A-Za-z0-9._-]+", "-", word).strip("-._")[:36] or "source"


def resolved_tracking_uri(config: Config, report: ReportConfig, environment: Mapping[str, str] = os.environ) -> str:
    """Where ``report`` reads, with several sources the first: its own URI, the config's, ``MLFLOW_TRACKING_URI``, or
    MLflow's default, in this order."""
    own = report.sources[0].tracking_uri if report.sources else report.tracking_uri
    return own or config.tracking_uri or environment.get("MLFLOW_TRACKING_URI") or "sqlite:///mlflow.db"


def resolved_sources(
    config: Config, report: ReportConfig, environment: Mapping[str, str] = os.environ
) -> tuple[SourceConfig, ...]:
    """The stores that ``report`` reads, each with its URI; the only one of a report without ``sources`` has the name ``store``."""
    uri = resolved_tracking_uri(config, report.model_copy(update={"sources": ()}), environment)
    if not report.sources:
        return (SourceConfig(name="store", tracking_uri=uri),)
    return tuple(source.model_copy(update={"tracking_uri": source.tracking_uri or uri}) for source in report.sources)


def cache_folder(config: Config, root: Path, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where histories are kept for the next time; None when they are not. ``root`` is the folder of the config file."""
    if isinstance(config.cache, str):
        return (root / os.path.expanduser(config.cache)).absolute()  # noqa: PTH111 (an unknown ~user stays as it is)
    return user_cache(environment) if config.cache else None


def user_cache(environment: Mapping[str, str] = os.environ) -> Path | None:
    """reportgen's folder among the user's caches; None for a user without a home, as some containers have."""
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():  # the specification: a relative path is to be ignored
        return base / "reportgen"
    try:
        return Path.home() / ".cache" / "reportgen"
    except RuntimeError:
        return None

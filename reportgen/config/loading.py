"""A ``Config`` from a file, from the command line alone, or from both."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportgen.config.decide import DecideConfig
from reportgen.config.names import report_name
from reportgen.config.schema import MEMO_SECTIONS, Config, ReportConfig, SourceConfig
from reportgen.config.settings import set_value
from reportgen.config.sources import listed_uris, resolved_sources, sources_at
from reportgen.config.validation import validated
from reportgen.config.yaml_file import read_yaml
from reportgen.errors import ConfigError
from reportgen.formats import listed
from reportgen.redaction import public_text


def load(path: Path, *, settings: Sequence[str] = (), environment: Mapping[str, str] = os.environ) -> Config:
    """The config in ``path`` with ``settings`` (``key.path=value``) on top.

    Raises ``ConfigError`` that lists every mistake with file and line.
    """
    data, lines = read_yaml(path)
    for setting in settings:
        set_value(data, setting)
    return validated(_with_files(data, path.parent), lines, str(path), environment)


def _with_files(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """``data`` with the text of each file that a report's ``notes`` name, so that a bundle keeps what was shown.

    Raises ``ConfigError`` for a file that cannot be read.
    """
    reports = data.get("reports")
    for name, report in reports.items() if isinstance(reports, dict) else ():
        notes = report.get("notes") if isinstance(report, dict) else None
        if not isinstance(notes, dict) or set(notes) != {"file"} or not isinstance(notes["file"], str):
            continue
        try:
            report["notes"] = (folder / notes["file"]).read_text("utf-8")
        except (OSError, ValueError) as error:
            raise ConfigError(
                "notes-file",
                f"the file of reports.{name}.notes cannot be read",
                found=f"{notes['file']}: {type(error).__name__}",
                todo="name a text file in UTF-8, relative to the config file",
            ) from error
    return data


def without_file(
    experiments: Sequence[str],
    tracking_uri: str | Sequence[str] | None,
    *,
    settings: Sequence[str] = (),
    chosen: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Config:
    """The config of a build that has no file: one report named after its experiments, everything else by default.

    ``chosen`` holds further keys of the report as they would stand in a file.
    """
    named = [public_text(name) for name in experiments]  # a name may hold a URL with credentials
    title = "All experiments" if named in ([], ["*"]) else listed(named, 3)
    report: dict[str, Any] = {"experiments": list(experiments) or ["*"], "title": title[:200], **(chosen or {})}
    name = "experiments" if named in ([], ["*"]) else report_name(named[0] if len(named) == 1 else ", ".join(sorted(named)))
    data: dict[str, Any] = {"version": 1, "reports": {name: report}}
    uris = listed_uris(tracking_uri)
    if len(uris) == 1:
        data["tracking_uri"] = uris[0]
    elif uris:
        report["sources"] = sources_at(uris)
    for setting in settings:
        set_value(data, setting)
    return validated(data, {}, "command line", environment)


def of_comparison(
    compare: Mapping[str, Any],
    experiments: Mapping[str, Sequence[str]],
    sources: Sequence[SourceConfig],
    *,
    title: str,
    runs: str = "",
    base: Config | None = None,
    settings: Sequence[str] = (),
    environment: Mapping[str, str] = os.environ,
) -> Config:
    """The config of a memo about one comparison of runs in ``experiments``, by name of their source; ``base`` lends its metrics,
    templates, brand, paper, chart files, limits and cache."""
    report: dict[str, Any] = {
        "title": title[:200],
        "runs": runs,
        "compare": dict(compare),
        "sections": list(MEMO_SECTIONS),
    }
    what = [runs, {name: list(its) for name, its in experiments.items() if its}]
    what += [{key: compare.get(key) for key in ("by", "only", "groups", "baseline")}]
    name = report_name(f"compare {title}", json.dumps(what, sort_keys=True))
    data: dict[str, Any] = {"version": 1, "reports": {name: report}}
    if len(sources) == 1:
        data["tracking_uri"] = sources[0].tracking_uri
        report["experiments"] = list(experiments[sources[0].name])
    else:
        report["sources"] = [
            {"name": source.name, "tracking_uri": source.tracking_uri, "experiments": list(names)}
            for source in sources
            if (names := experiments.get(source.name))
        ]
    if base is not None:
        data |= base.model_dump(
            mode="json",
            by_alias=True,
            include={"metrics", "templates", "brand", "paper", "pdf_standard", "charts", "limits", "output", "cache", "redact"},
        )
    for setting in settings:
        set_value(data, setting)
    return validated(data, {}, "command line", environment)


def named_sources(
    config: Config, tracking_uris: Sequence[str] | None, environment: Mapping[str, str] = os.environ
) -> tuple[SourceConfig, ...]:
    """The stores at ``tracking_uris`` with a name each, as ``build`` names them; without any the one of ``config``."""
    uris = listed_uris(tracking_uris)
    report = {"tracking_uri": uris[0]} if len(uris) == 1 else {"sources": sources_at(uris)} if uris else {}
    parsed = validated({"reports": {"memo": report}}, {}, "command line", environment).reports["memo"]
    return resolved_sources(config, parsed, environment)


def check_comparison(options: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> None:
    """Raises ``ConfigError`` as ``load`` does when keys of a comparison hold what they may not, before any group is known."""
    given = {key: value for key, value in options.items() if value is not None}
    validated({"reports": {"memo": {"compare": {"by": "experiment", **given}}}}, {}, "command line", environment)


def decision_from(options: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> DecideConfig:
    """A decision with the keys of ``decide``. Raises ``ConfigError`` as ``load`` does."""
    report = validated({"reports": {"signed": {"decide": dict(options)}}}, {}, "command line", environment).reports["signed"]
    assert report.decide is not None
    return report.decide


def of_mapping(
    content: Mapping[str, Any], *, settings: Sequence[str] = (), environment: Mapping[str, str] = os.environ
) -> Config:
    """The config with ``content``, as a file would have it, and ``settings`` on top; without any report where none is in either.

    Raises ``ConfigError`` that lists every mistake with its key.
    """
    data = {"version": 1, **copy.deepcopy(dict(content))}
    for setting in settings:
        set_value(data, setting)
    return validated(_with_files(data, Path()), {}, "the config", environment)


def with_command_line(
    config: Config,
    experiments: Sequence[str] | None,
    tracking_uri: str | Sequence[str] | None,
    chosen: Mapping[str, Any] | None = None,
    *,
    environment: Mapping[str, str] = os.environ,
) -> Config:
    """``config`` with the experiments, the stores and other keys of the command line in every report.

    Raises ``ConfigError`` as ``load`` does.
    """
    uris = listed_uris(tracking_uri)
    data: dict[str, Any] = {**(chosen or {})}
    data |= {"experiments": list(experiments)} if experiments else {}
    data |= {"tracking_uri": uris[0]} if len(uris) == 1 else {"sources": sources_at(uris)} if uris else {}
    if not data:
        return config
    return config.model_copy(
        update={"reports": {name: _changed(name, report, data, environment) for name, report in config.reports.items()}}
    )


def _changed(name: str, report: ReportConfig, data: Mapping[str, Any], environment: Mapping[str, str]) -> ReportConfig:
    """``report`` with the keys of ``data``, which are checked together with those that they must fit."""
    beside = {key: value for key in ("order_by", "limit") if (value := getattr(report, key)) not in ((), None)}
    given = {key: list(value) if isinstance(value, tuple) else value for key, value in beside.items()} | dict(data)
    parsed = validated({"reports": {name: given}}, {}, "command line", environment).reports[name]
    changes = {key: getattr(parsed, key) for key in data}
    if "experiments" in data:
        changes["sources"] = tuple(source.model_copy(update={"experiments": None}) for source in report.sources)
    if "tracking_uri" in data or "sources" in data:
        changes |= {"tracking_uri": parsed.tracking_uri, "sources": parsed.sources}
    return report.model_copy(update=changes)


def gate_lines(path: Path) -> dict[str, dict[str, int]]:
    """Report → the line of each gate that has a name in the config at ``path``, and under "" that of its gates; {} for a file
    that cannot be read."""
    try:
        data, lines = read_yaml(path)
    except ConfigError:
        return {}
    reports = data.get("reports")
    found: dict[str, dict[str, int]] = {}
    for name, report in reports.items() if isinstance(reports, dict) else ():
        gates = report.get("gates") if isinstance(report, dict) else None
        place = ("reports", name, "gates")
        own = {"": lines.get(place, lines.get(place[:2], 1))}
        for i, gate in enumerate(gates if isinstance(gates, list) else ()):
            if isinstance(gate, dict) and isinstance(gate.get("name"), str):
                own[gate["name"]] = lines.get((*place, i), own[""])
        found[str(name)] = own
    return found


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``config.yaml``, for editors."""
    schema = Config.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "reportgen config.yaml"} | schema

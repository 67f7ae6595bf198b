"""The config file as models: every key with its default, its description and its rules."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator

from reportgen.config.base import SPAN, ConfigModel, MetricName, word_error
from reportgen.config.brand import BrandConfig
from reportgen.config.compare import CompareConfig
from reportgen.config.connection import TrackingUri
from reportgen.config.decide import DecideConfig
from reportgen.config.gates import GateConfig, WaiverConfig
from reportgen.config.names import REPORT_NAME, RESERVED_NAMES
from reportgen.config.narrative import NarrativeConfig
from reportgen.config.publish import PublishConfig
from reportgen.config.redact import RedactConfig
from reportgen.formats import listed
from reportgen.locales import check_language, check_zone
from reportgen.run_selectors import meant_order, order_mistake

_FUNCTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*:[A-Za-z_][A-Za-z0-9_]*")
_SOURCE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_CONNECTION_FIELDS: Any = {"tracking_uri": True, "publish": True, "narrative": True, "sources": {"__all__": {"tracking_uri"}}}
_NEW_KEYS = (
    "sources",
    "order_by",
    "limit",
    "nested",
    "per_experiment",
    "detailed_experiments",
    "matrix",
    "waive",
    "decide",
    "criteria",
    "profile",
    "kg_co2_per_kwh",
    "x_axis",
    "metric_pages",
    "language",
    "timezone",
)
"""Keys of a report that count in its digest only when they are set: configs without them keep theirs."""

_TEXT_OR_FILE: Any = {
    "anyOf": [
        {"type": "string", "maxLength": 100_000},
        {"type": "object", "properties": {"file": {"type": "string"}}, "required": ["file"], "additionalProperties": False},
        {"type": "null"},
    ]
}

_RANGE = re.compile(r"(?P<first>[0-9]{4}-[0-9]{2}-[0-9]{2})?\.\.(?P<last>[0-9]{4}-[0-9]{2}-[0-9]{2})?")
_SWITCHES = frozenset({"", "yes", "no", "on", "off", "true", "false", "none", "null"})
"""Texts that are rejected as a folder name: they were probably meant as a switch."""
_WINDOW_WORDS = "a window is a number of days or weeks such as 7d or 4w, since_last_report, or {from: DAY, to: DAY}"
SINCE_LAST_REPORT = "since_last_report"

SECTIONS = (
    "overview",
    "changes",
    "leaderboard",
    "comparison",
    "tasks",
    "evaluations",
    "histories",
    "parameters",
    "nested",
    "resources",
    "models",
    "card",
    "health",
    "reproducibility",
    "runs",
    "gallery",
    "notes",
)
"""The sections of a report, in their default order."""

MEMO_SECTIONS = ("decision", "evidence", "trust", "promotion", "appendix")
"""The sections of the memo that `reportgen compare` makes; a report may use them as well."""


class MetricConfig(ConfigModel):
    """How one metric is read and shown."""

    goal: Literal["maximize", "minimize", "none"] | None = Field(
        None,
        description="Which direction is better; `none` shows the metric and never ranks it. Left out: inferred from its name.",
    )
    format: Literal["number", "percent", "duration", "bytes", "integer"] = Field(
        "number", description="How its values are printed."
    )
    label: str | None = Field(None, max_length=80, description="What readers call it.")
    digits: int | None = Field(None, ge=0, le=12, description="Decimals; left out: chosen from the values.")
    rule: Literal["last", "best", "min", "max"] = Field(
        "last",
        description="Which value of a run's history stands for the run: the last one (MLflow's), the best in the metric's direction, or an extreme.",
    )


class SectionConfig(ConfigModel):
    """A section with a title and a comment of the author's."""

    section: str = Field(
        description="The name of a section, or `module:name`: a function of your own, in a file beside the config or installed, which returns "
        "a Plotly figure, Markdown, a table, or a list of these."
    )
    title: str | None = Field(None, max_length=120, description="Its heading; left out: that of the section.")
    comment: str | None = Field(None, max_length=20_000, description="Markdown shown above the section's content.")

    @field_validator("section")
    @classmethod
    def _known(cls, name: str) -> str:
        if ":" in name:
            if _FUNCTION.fullmatch(name) is None:
                raise ValueError(f"{name!r} is no function: write module:name, e.g. team_sections:cost_table")
            return name
        known = (*SECTIONS, *MEMO_SECTIONS)
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            raise ValueError(
                f"there is no section {name!r}{f'; did you mean {near[0]}?' if near else ''} (sections: {', '.join(known)})"
            )
        return name

    @property
    def is_custom(self) -> bool:
        """Whether it is somebody's own function."""
        return ":" in self.section


def _named_sections(value: Any) -> Any:
    return [{"section": item} if isinstance(item, str) else item for item in value] if isinstance(value, list) else value


SectionList = Annotated[tuple[SectionConfig, ...], BeforeValidator(_named_sections)]


ExperimentPattern = Annotated[str, Field(min_length=1, max_length=500)]
"""The name of an experiment, or a glob."""


class ExperimentConfig(ConfigModel):
    """How a report over several experiments treats one of them, or each of those that a glob fits."""

    title: str | None = Field(None, max_length=120, description="What readers call it; left out: the experiment's name.")
    primary: MetricName | None = Field(None, description="The metric that ranks its runs; left out: the report's, else chosen.")
    metrics: tuple[MetricName, ...] | None = Field(
        None, description="Further metrics to show, in order; left out: the report's, else chosen."
    )
    compare: CompareConfig | None = Field(None, description="Groups of its runs to compare.")
    gates: tuple[GateConfig, ...] = Field((), description="Gates on its runs, besides the report's.")
    sections: SectionList | None = Field(
        None, min_length=1, description="Its sections, in order; left out: those of the report that are about one problem."
    )
    together: bool = Field(
        False,
        description="All experiments that the entry fits are one problem: their runs are ranked together. Without it each experiment "
        "is a problem of its own, unless primary metric and digests of the data are the same.",
    )

    @model_validator(mode="after")
    def _gates_fit(self) -> ExperimentConfig:
        for gate in self.gates:
            if gate.experiment is not None:
                raise ValueError(f"the entry says which experiments its gates judge: leave out experiment: {gate.experiment}")
        check_groups(self.gates, self.compare)
        return self


def check_groups(gates: Sequence[GateConfig], compare: CompareConfig | None) -> None:
    """Raises ``ValueError`` for a gate on a group that ``compare`` cannot make."""
    for gate in gates:
        if gate.group is not None and compare is None:
            raise ValueError(f"the gate on group {gate.group!r} needs the groups of a comparison: add compare: {{by: …}}")
        if gate.of_margin and compare is not None and gate.group == compare.first:
            raise ValueError(f"the gate on group {gate.group!r} compares the baseline with itself: name another group")


class ArtifactsConfig(ConfigModel):
    """Files of runs to show: images, tables and text."""

    include: tuple[str, ...] | None = Field(
        None,
        description="Paths or globs of artifacts, e.g. `*.png` or `tables/*.json`; `*` matches in folders below as well. Pages (`*.html`) "
        "are linked, not read. Left out: of a store on this machine two small pictures of the best run of each experiment; `[]`: none.",
    )
    runs: Literal["best", "all"] | int = Field(
        "best",
        description="In each experiment of the best run by the primary metric that has any (where none is ranked: the newest), of the N "
        "best, or of all.",
    )
    max_file_megabytes: float = Field(2, gt=0, le=100, description="A larger file is not read, and the report says so.")
    max_total_megabytes: float = Field(50, gt=0, le=1000, description="All files together; what comes after is named, not read.")
    schemes: tuple[str, ...] = Field(
        (),
        description="URI schemes of artifact stores to open besides the store's own, e.g. `s3`: MLflow's client for it, with this "
        "machine's credentials. `file` opens folders of this machine that a database on another one names.",
    )

    folder: str = Field(
        "",
        description="The folder that the tracking server's `--artifacts-destination` names, where a database is read and its artifacts "
        "have the scheme `mlflow-artifacts`. With a server's URL it is not needed.",
    )

    @field_validator("runs")
    @classmethod
    def _one_run_at_least(cls, value: str | int) -> str | int:
        if isinstance(value, int) and (isinstance(value, bool) or not 1 <= value <= 1000):
            raise ValueError("write best, all, or a number of runs from 1 to 1000")
        return value

    @field_validator("schemes")
    @classmethod
    def _words(cls, schemes: tuple[str, ...]) -> tuple[str, ...]:
        for scheme in schemes:
            if re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) is None:
                raise ValueError(f"{scheme!r} is no URI scheme: write the part before the colon, e.g. s3")
        return schemes


Language = Annotated[str, AfterValidator(check_language)]
TimeZone = Annotated[str, AfterValidator(check_zone)]


class WindowRange(ConfigModel):
    """Runs that started from ``from`` (inclusive) to ``to`` (inclusive), days of the report's time zone."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    from_: date | None = Field(None, alias="from", description="The first day.")
    to: date | None = Field(None, description="The last day, itself included.")


class SourceConfig(ConfigModel):
    """One of several stores that a report reads."""

    name: str = Field(description="What readers know it by: letters, digits, `.`, `_` and `-`, at most 40; unique in the report.")
    tracking_uri: TrackingUri | None = Field(None, description="Its tracking URI; left out: the one of the whole config.")
    experiments: tuple[str, ...] | None = Field(
        None, min_length=1, description="Experiments of this store; left out: the report's, which then need not all be in it."
    )

    @field_validator("name")
    @classmethod
    def _short(cls, name: str) -> str:
        if _SOURCE_NAME.fullmatch(name) is None:
            raise ValueError("a source's name is at most 40 letters, digits, . _ and -, and begins with a letter or digit")
        return name


class ReportConfig(ConfigModel):
    """One report."""

    title: str | None = Field(None, max_length=200, description="What stands over the report; left out: its name.")
    tracking_uri: TrackingUri | None = Field(None, description="Store of this report; left out: the one of the whole config.")
    sources: tuple[SourceConfig, ...] = Field(
        (),
        description="Several stores instead of `tracking_uri`, read into one report. Ids and shared names of experiments then "
        "have the source's name before them (`prod / Default`); `limit` counts in each store; `publish` goes to the first.",
    )
    matrix: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(
        {},
        description="Makes one report for each value, of several keys for each combination: `{team: [search, ads]}` puts each team in the "
        "place of `{team}` in this report's name and texts.",
    )
    experiments: tuple[str, ...] = Field(
        ("*",),
        min_length=1,
        description="Names, globs (`recsys/*`), ids, or tags of experiments: `tag:team=recsys` (the value may be a glob), "
        "`tag:team` for any value. A run is read when its experiment fits any entry and none that begins with `!`, such as "
        "`!reports` or `!tmp/*`.",
    )
    per_experiment: Mapping[ExperimentPattern, ExperimentConfig] = Field(
        {},
        description="Settings of single experiments, by name or glob; the first entry that fits an experiment is its own, the others "
        "are not looked at.",
    )
    detailed_experiments: int = Field(
        12,
        ge=0,
        le=500,
        description="Of a report over several problems, at most so many get sections of their own: those that need attention first, "
        "then those with the newest runs. Every one has its row on page 1.",
    )
    runs: str = Field("", max_length=4000, description="Which runs, in MLflow's own filter language.")
    nested: Literal["all", "roots", "children"] = Field(
        "all",
        description="`roots` reads only runs without a parent (or whose parent is deleted, or in no chosen experiment), "
        "`children` only the others, of any depth.",
    )
    order_by: tuple[str, ...] = Field(
        (),
        max_length=10,
        description="Which runs `limit` keeps, in MLflow's own order_by language: `metrics.val_accuracy DESC`, or a list of "
        "such clauses; left out: the latest. Text is put in order by code point in every kind of store, as SQLite does: a database "
        "with another collation may itself put other runs at the limit's border.",
    )
    limit: int | None = Field(
        None, gt=0, description="At most so many runs, after every other choice; the others are counted as left out."
    )
    window: str | WindowRange | None = Field(
        None,
        description="Runs that started in it: `7d`, `4w`, `since_last_report` (of an earlier day, from the output folder or from where "
        "the report is published), {from: 2026-11-01, to: 2026-11-20} or `2026-11-01..2026-11-20`; "
        "left out: all time.",
    )
    deleted: bool = Field(False, description="Read deleted runs as well; they are marked and never enter statistics.")
    primary: MetricName | None = Field(None, description="The metric that ranks; left out: chosen from what most runs have.")
    metrics: tuple[MetricName, ...] = Field((), description="Further metrics to show, in order; left out: chosen.")
    compare: CompareConfig | None = None
    gates: tuple[GateConfig, ...] = ()
    criteria: bool = Field(
        True,
        description="Enforce the quality criteria that MLflow stored with the latest GenAI evaluation of each experiment, or with the "
        "compared ones, as gates.",
    )
    waive: tuple[WaiverConfig, ...] = Field((), description="Gates that need not pass until a day, each with who answers for it.")
    sections: SectionList = Field(
        tuple(SectionConfig(section=name) for name in SECTIONS),
        min_length=1,
        description="Sections in order, as names or {section, title, comment}.",
    )
    language: Language = Field(
        "en",
        description="What the report is told in: `en` or `zh_CN`. The command line and problems met while reading stay English.",
    )
    timezone: TimeZone = Field(
        "UTC",
        description="Whose days and weeks the report counts in, and whose clock it shows, as the IANA database names it: `Asia/Shanghai`.",
    )
    profile: Literal["full", "executive"] = Field(
        "full", description="`executive`: page 1 alone, on two pages at most; data files and gates are as of a full report."
    )
    metric_pages: bool = Field(
        False,
        description="Also a page for each metric, `metrics_comparison/<metric>.html`: every run and its curve, interactive, about 2 MB each.",
    )
    x_axis: str = Field(
        "step",
        min_length=1,
        max_length=250,
        description="Over what curves are drawn: `step`, `relative` (time since a run's first point), `time` (of day), or the name of a metric "
        "that was logged at the same steps and never falls, such as `epoch`.",
    )
    artifacts: ArtifactsConfig = ArtifactsConfig()
    kg_co2_per_kwh: float | None = Field(
        None,
        gt=0,
        le=10,
        description="Turns the energy that runs were measured to use into kg of CO2; left out: no CO2 is shown.",
    )
    notes: Annotated[str | None, WithJsonSchema(_TEXT_OR_FILE)] = Field(
        None,
        max_length=100_000,
        description="The author's Markdown, shown in the section `notes`, or `{file: notes.md}` relative to the config file. "
        '`{{ metric("val_accuracy", best) }}` looks a number of the report up.',
    )
    publish: tuple[PublishConfig, ...] = ()
    narrative: NarrativeConfig | None = None
    decide: DecideConfig | None = Field(
        None, description="The decision that was taken on this report, shown beside the computed verdict; see `reportgen sign`."
    )

    @field_validator("tracking_uri", mode="before")
    @classmethod
    def _one_store(cls, value: Any) -> Any:
        if isinstance(value, list):
            what = "it is one store; name several as sources: [{name: NAME, tracking_uri: URI}, …]"
            raise ValueError(what)  # noqa: TRY004 (pydantic lists ValueErrors only)
        return value

    @field_validator("order_by", mode="before")
    @classmethod
    def _one_clause(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("order_by")
    @classmethod
    def _readable_clauses(cls, clauses: tuple[str, ...]) -> tuple[str, ...]:
        for clause in clauses:
            if why := order_mistake(clause):
                meant = meant_order(clause)
                if not meant:
                    raise word_error(f"{clause!r}: {why}", "metrics", "params", "tags")
                raise ValueError(f"{clause!r}: {why}; did you mean {meant}?")
        return clauses

    @field_validator("sources")
    @classmethod
    def _names_differ(cls, sources: tuple[SourceConfig, ...]) -> tuple[SourceConfig, ...]:
        names = [source.name for source in sources]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two sources have the name {listed(twice)}: give each its own")
        return sources

    @field_validator("window", mode="before")
    @classmethod
    def _from_to(cls, value: Any) -> Any:
        if not isinstance(value, str | dict | WindowRange | None):
            raise ValueError(_WINDOW_WORDS)  # noqa: TRY004 (pydantic lists ValueErrors only)
        match = _RANGE.fullmatch(value) if isinstance(value, str) else None
        return {"from": match["first"], "to": match["last"]} if match and (match["first"] or match["last"]) else value

    @field_validator("window")
    @classmethod
    def _window_words(cls, value: str | WindowRange | None) -> str | WindowRange | None:
        if isinstance(value, str) and value != SINCE_LAST_REPORT and SPAN.fullmatch(value) is None:
            raise ValueError(_WINDOW_WORDS)
        if isinstance(value, WindowRange) and value.from_ and value.to and value.to < value.from_:
            raise ValueError("the window ends before it starts")
        return value

    @model_validator(mode="after")
    def _selection_fits(self) -> ReportConfig:
        if self.tracking_uri is not None and self.sources:
            raise ValueError("give either tracking_uri or sources: put the one store among the sources")
        if self.order_by and self.limit is None:
            raise ValueError(
                "order_by says which runs `limit` keeps: add limit, or leave order_by out (tables have their own order)"
            )
        return self

    @model_validator(mode="after")
    def _gates_have_groups(self) -> ReportConfig:
        check_groups(self.gates, self.compare)
        if self.compare is not None and self.per_experiment:
            raise ValueError(
                "compare makes one comparison of all runs that the report reads, per_experiment many problems of them: "
                "put compare into the entry of its experiment"
            )
        return self

    @property
    def functions(self) -> frozenset[str]:
        """Every function, as ``module:name``, that a section of it is."""
        chosen = (*self.sections, *(one for entry in self.per_experiment.values() for one in entry.sections or ()))
        return frozenset(one.section for one in chosen if one.is_custom)

    @property
    def shows_texts(self) -> bool:
        """Whether any comparison of it shows texts of evaluations."""
        return any(one is not None and one.texts for one in self._comparisons)

    @property
    def keeps_texts(self) -> bool:
        """Whether its data files keep them."""
        return any(one is not None and one.texts == "data" for one in self._comparisons)

    @property
    def _comparisons(self) -> tuple[CompareConfig | None, ...]:
        return (self.compare, *(entry.compare for entry in self.per_experiment.values()))

    def content(self) -> dict[str, Any]:
        """What decides the report, for its digest and for a rebuild: connection fields, which may hold credentials, left out."""
        content = self.model_dump(mode="json", by_alias=True, exclude=_CONNECTION_FIELDS)
        if self.artifacts.include is None:
            content["artifacts"]["include"] = []  # as before there was a default: digests stay, and a rebuild has what was read
        for gate in content["gates"]:
            if gate["experiment"] is None:
                del gate["experiment"]
        for gate in [*content["gates"], *(gate for entry in content["per_experiment"].values() for gate in entry["gates"])]:
            if gate["scorer"] is None:
                del gate["scorer"], gate["coverage"]
        for key in ("split", "texts"):
            if self.compare is not None and not getattr(self.compare, key):
                del content["compare"][key]
        defaults = {key: type(self).model_fields[key].default for key in _NEW_KEYS}
        return {key: value for key, value in content.items() if key not in defaults or getattr(self, key) != defaults[key]}


class ChartFiles(ConfigModel):
    """Further files of every chart in a bundle's `charts` folder, beside the SVG of the PDF."""

    png: bool = Field(False, description="The same picture as PNG.")
    plotly: bool = Field(
        False, description="The chart as the page shows it, as SVG that Kaleido draws: needs Chromium or Chrome."
    )


class Limits(ConfigModel):
    """Limits of time, memory, disk and requests for an unattended job."""

    pdf_seconds: float = Field(
        180, gt=0, le=3600, description="Time to lay out the PDF; after it the report has none, and says so."
    )
    pdf_megabytes: int = Field(3072, ge=256, description="Memory that laying out the PDF may take.")
    chart_seconds: float = Field(20, gt=0, le=600, description="For one chart that a browser exports.")
    browser: str | None = Field(None, description="Path of the Chromium that exports charts; left out: found.")
    reading_seconds: float | None = Field(
        None, gt=0, description="For reading the store; what is not read by then is a gap of the report. Left out: no limit."
    )
    delivery_seconds: float = Field(300, gt=0, description="For logging the bundle to one place in MLflow.")
    connections: int = Field(4, ge=1, le=64, description="Requests that a tracking server gets at once, at most.")
    calls_per_second: float | None = Field(
        None, gt=0, description="Requests that a tracking server gets in a second, at most; left out: no limit."
    )
    points_in_memory: int = Field(
        25_000_000,
        ge=1,
        description="Points of histories kept in memory, about 36 bytes each; beyond it they lie in temporary Parquet files.",
    )
    cache_megabytes: int = Field(
        4096, ge=1, description="Disk space of the cache of histories, all stores together; those used longest ago go first."
    )


class Config(ConfigModel):
    """A whole config file."""

    version: Literal[1] = Field(1, description="Of this format.")
    tracking_uri: TrackingUri | None = Field(
        None, description="MLflow's tracking URI; left out: MLFLOW_TRACKING_URI, then sqlite:///mlflow.db."
    )
    output: str = Field("reports", min_length=1, description="Folder of the bundles, relative to the config file.")
    metrics: Mapping[MetricName, MetricConfig] = Field(default_factory=dict)
    reports: Mapping[str, ReportConfig] = Field(default_factory=dict)
    templates: tuple[str, ...] = Field((), description="Folders searched for templates before the built-in ones.")
    brand: BrandConfig | None = Field(None, description="How reports look as an organisation's own.")
    paper: Literal["a4", "letter"] = Field("a4", description="Size of the PDF's pages.")
    pdf_standard: Literal["ua-1", "a-3b"] = Field(
        "ua-1",
        description="What the PDF keeps to: `ua-1` PDF/UA-1, for every reader; `a-3b` also PDF/A-3b, for archives, with the data "
        "files as associated files.",
    )
    charts: ChartFiles = ChartFiles()
    limits: Limits = Limits()
    redact: RedactConfig = RedactConfig()
    cache: bool | str = Field(
        True,
        description="Folder where histories are kept for the next report, relative to the config file, so that only what changed is "
        "read again; `true`: `reportgen` in the user's cache folder (XDG_CACHE_HOME, else ~/.cache); `false`: read everything anew.",
    )

    @field_validator("cache", mode="before")
    @classmethod
    def _folder_or_not(cls, value: Any) -> Any:
        if not isinstance(value, bool | str) or (isinstance(value, str) and value.strip().lower() in _SWITCHES):
            raise ValueError("write true, false, or a folder such as ./cache")
        return value

    @field_validator("reports")
    @classmethod
    def _report_names(cls, reports: Mapping[str, ReportConfig]) -> Mapping[str, ReportConfig]:
        for name in reports:
            if REPORT_NAME.fullmatch(name) is None:
                raise ValueError(f"the report name {name!r} becomes a folder: lower-case letters, digits, - and _ only")
            if name in RESERVED_NAMES:
                raise ValueError(f"the report name {name!r} becomes a folder, and this name means something else: choose another")
        return reports

    def digest(self, name: str) -> str:
        """SHA-256 over what decides the report ``name``; connection fields, which may hold credentials, left out, and what a person
        decided on it."""
        report = {key: value for key, value in self.reports[name].content().items() if key != "decide"}
        metrics = {key: value.model_dump(mode="json") for key, value in self.metrics.items()}
        order = list(self.reports[name].per_experiment)  # the first entry that fits an experiment is the one that counts
        content = [report, metrics, *([order] if order else [])]
        if self.redact != RedactConfig():
            content.append(self.redact.model_dump(mode="json"))
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

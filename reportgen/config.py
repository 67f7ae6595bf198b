"""What the user writes: ``config.yaml`` -> ``Config``.

Reading is in four steps, each with its own kind of error and all errors of a step at once: YAML with positions
(duplicate keys refused), ``--set`` on top, ``${ENV:-default}`` in connection fields only, then validation against
the models below, where an unknown key is an error with "did you mean". Nothing in a config is executed.

Every field's description here is what ``reportgen schema`` gives to editors and what the docs print.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import math
import os
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from reportgen.errors import ConfigError, Mistake
from reportgen.formats import listed
from reportgen.model import Window
from reportgen.redaction import public_text, without_user_info
from reportgen.selectors import meant_order, order_mistake, selector_of

MOST_BYTES = 1 << 20
"""A config larger than this is a mistake (or an attack with aliases)."""

_ENV = re.compile(r"\$\$|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<default>:-[^}]*)?\}")
_ENV_PREFIXES = ("MLFLOW_", "REPORTGEN_")
_OF_TWO_KINDS = ("window", "runs")
_KINDS = ("str", "int", "WindowRange")
_REPORT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_SOURCE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_CONNECTION_FIELDS: Any = {"tracking_uri": True, "publish": True, "sources": {"__all__": {"tracking_uri"}}}
_NEW_KEYS = ("sources", "order_by", "limit", "nested")
"""Keys of a report that count in its digest only when they are set: configs without them keep theirs."""
_REFUSED_GATE = re.compile(r"p|p_?val(ue)?s?|((min|max)_)?p_?val(ue)?|p_(above|at_least|at_most|below|min|max)|.*signific.*")
_REFUSED_WORDS = (
    'is not offered: "not significantly worse" (p > 0.05) passes more easily the fewer runs there are; write '
    "baseline_margin: M, the largest loss that you would accept, with group: NAME"
)
_RANGE = re.compile(r"(?P<first>[0-9]{4}-[0-9]{2}-[0-9]{2})?\.\.(?P<last>[0-9]{4}-[0-9]{2}-[0-9]{2})?")
_SWITCHES = frozenset({"", "yes", "no", "on", "off", "true", "false", "none", "null"})
"""Texts that were hardly meant as the name of a folder."""
_WINDOW_WORDS = "a window is a number of days or weeks such as 7d or 4w, or {from: DAY, to: DAY}"
_SPAN = re.compile(r"(?P<n>[1-9][0-9]{0,3})(?P<unit>[dw])")

SECTIONS = (
    "overview",
    "changes",
    "leaderboard",
    "comparison",
    "tasks",
    "histories",
    "parameters",
    "nested",
    "resources",
    "models",
    "health",
    "reproducibility",
    "runs",
    "gallery",
    "notes",
)
"""The sections of a report, in their default order."""

MEMO_SECTIONS = ("decision", "evidence", "trust", "appendix")
"""The sections of the memo that `reportgen compare` makes; a report may use them as well."""

FAMILIES = ("holm", "dunnett", "games-howell", "tukey")
"""How three groups or more may be adjusted."""

MetricName = Annotated[str, Field(min_length=1, max_length=250)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetricConfig(_Model):
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


class LooksConfig(_Model):
    """How often a comparison is looked at while its runs accumulate, declared before the first look."""

    planned: int = Field(ge=2, le=20, description="Looks at equal shares of the planned runs.")
    runs: int = Field(ge=4, le=100_000, description="Runs per group (or pairs) that are planned in all.")

    @model_validator(mode="after")
    def _looks_differ(self) -> LooksConfig:
        if self.planned > self.runs // 2:
            raise ValueError(f"{self.planned} looks at {self.runs} runs: a look needs two new runs at least")
        return self


class CompareConfig(_Model):
    """Groups of runs to compare."""

    by: str | None = Field(
        None, description="What makes the groups: `experiment`, `tags.NAME` or `params.NAME`; or give `groups`."
    )
    only: tuple[str, ...] = Field((), description="With `by`: only these groups, in this order; left out: all, in order of name.")
    groups: Mapping[str, str] = Field(
        default_factory=dict,
        description="Each group by its name: MLflow's filter language (`tags.variant = 'a'`, also `EXPERIMENT@FILTER`), a registered "
        "model (`models:/NAME@ALIAS`, `models:/NAME/3`: the run that made it and its replicates), `experiment:NAME` or `run:NAME, …`.",
    )
    baseline: str | None = Field(
        None, description="The group that the others are compared with; left out: the first of `groups` or `only`, else by name."
    )
    pair_by: str | None = Field(
        None,
        description="What pairs runs of two groups: `params.NAME` or `tags.NAME`; `none` never pairs; left out: found by seed or fold.",
    )
    metrics: tuple[MetricName, ...] = Field(
        (), description="Compared metrics, the first is the primary one; left out: the report's."
    )
    replicates: bool = Field(
        False,
        description="Treat runs of a group as replicates although their parameters differ (the sd then includes that spread).",
    )
    repeats: tuple[str, ...] = Field(
        (),
        description="Further parameters that only tell repetitions apart, as seeds and folds do: they make no configuration.",
    )
    family: Literal["holm", "dunnett", "games-howell", "tukey"] = Field(
        "holm",
        description="How three unpaired groups or more are adjusted in the primary metric: Holm's p with Bonferroni's intervals; "
        "`dunnett`: all against the baseline, for sds less than twice each other; `games-howell`: all pairs; `tukey`: all pairs, "
        "where you assert equal variances.",
    )
    alpha: float = Field(
        0.05, ge=0.001, le=0.2, description="Two-sided level of the tests; intervals of differences have 1 − alpha."
    )
    margin: float | None = Field(
        None,
        gt=0,
        allow_inf_nan=False,
        description="The smallest difference of the primary metric that matters, in its unit: groups are then also judged "
        "not worse (non-inferiority) or practically equivalent. There is no default.",
    )
    tasks: str | None = Field(
        None,
        description="What tells the data sets or tasks apart over which the groups are compared: `params.NAME`, `tags.NAME` or "
        "`datasets` (the data set inputs that a run logged); `none` has no such section; left out: found from data set inputs.",
    )
    references: Mapping[str, tuple[float, float]] = Field(
        default_factory=dict,
        description="With tasks: each task's (low, high) reference score, e.g. {cifar10: [0.1, 1.0]}. Only with them are scores "
        "put together over tasks (interquartile mean, probability of improvement).",
    )
    critical_difference: bool = Field(
        False, description="With tasks: also the diagram of mean ranks with Nemenyi's critical difference, and its caveat."
    )
    looks: LooksConfig | None = Field(
        None, description="The plan of a comparison that is looked at while runs accumulate: {planned: 4, runs: 20}."
    )
    robust: bool = Field(False, description="The memo's appendix also gives the Hodges–Lehmann shift with its rank test.")

    @field_validator("by", "pair_by")
    @classmethod
    def _field_of_a_run(cls, value: str | None, info: ValidationInfo) -> str | None:
        word = "experiment" if info.field_name == "by" else "none"
        if value is not None and value != word and re.fullmatch(r"(tags|params)\..+", value) is None:
            raise ValueError(f"write {word}, tags.NAME or params.NAME")
        return value

    @field_validator("tasks")
    @classmethod
    def _field_or_datasets(cls, value: str | None) -> str | None:
        if value is not None and value not in ("datasets", "none") and re.fullmatch(r"(tags|params)\..+", value) is None:
            raise ValueError("write params.NAME, tags.NAME, datasets or none")
        return value

    @field_validator("references")
    @classmethod
    def _differ(cls, references: Mapping[str, tuple[float, float]]) -> Mapping[str, tuple[float, float]]:
        for task, (low, high) in references.items():
            if not (math.isfinite(low) and math.isfinite(high)) or low == high:
                raise ValueError(f"the references of {task!r} must be finite and differ, e.g. [0.1, 1.0]")
        return references

    @field_validator("groups")
    @classmethod
    def _selectors(cls, groups: Mapping[str, str]) -> Mapping[str, str]:
        for name, text in groups.items():
            if selector_of(text).kind == "word":
                raise ValueError(
                    f"the group {name!r} is {text!r}: write a filter (tags.NAME = 'VALUE'), models:/NAME@ALIAS, experiment:NAME or run:NAME"
                )
        return groups

    @model_validator(mode="after")
    def _one_way_to_groups(self) -> CompareConfig:
        if (self.by is None) == (not self.groups):
            raise ValueError("a comparison needs either by: (experiment, tags.NAME or params.NAME) or groups: {NAME: FILTER, …}")
        if self.only and self.by is None:
            raise ValueError("only: names values of by:; with groups: list just the groups that you want")
        names = self.groups or dict.fromkeys(self.only)
        if self.baseline is not None and names and self.baseline not in names:
            near = difflib.get_close_matches(self.baseline, names, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ValueError(f"the baseline {self.baseline!r} is none of the groups {listed(names)}{hint}")
        if len(names) == 1:
            raise ValueError("a comparison needs two groups at least")
        if self.looks is not None and self.family != "holm":
            raise ValueError("looks and family do not go together: the levels of a plan are made for Holm's p")
        return self

    @property
    def field(self) -> str:
        """What makes the groups, in words."""
        return self.by or "the groups of the comparison"

    @property
    def first(self) -> str | None:
        """The baseline that the config names, or implies by the order of its groups."""
        return self.baseline or next(iter(self.groups or self.only), None)


class GateConfig(_Model):
    """A bound that a value must hold; a failed gate makes the exit code 5."""

    metric: MetricName | None = Field(None, description="What is judged; left out only for `of: failed` and `of: runs`.")
    name: str | None = Field(None, max_length=80, description="What readers call the gate.")
    of: Literal["best", "latest", "group", "rate", "failed", "runs"] = Field(
        "best",
        description="Of the best run, of the one that finished last, or of the runs of `group`; `rate`: the share of runs whose "
        "metric is 1 (it must be 0 or 1 in each); `failed`: the share of ended runs that failed or were killed; `runs`: how many finished.",
    )
    group: str | None = Field(
        None,
        max_length=250,
        description="A group of the report's `compare`: the gate judges its mean, or with `of: rate` its share.",
    )
    mode: Literal["point", "confident"] = Field(
        "point",
        description="`point`: the value itself. `confident`: the one-sided 95 % bound, of a group's mean from 3 runs on, of a "
        "share by Wilson's score.",
    )
    at_least: float | None = Field(None, allow_inf_nan=False)
    at_most: float | None = Field(None, allow_inf_nan=False)
    baseline_margin: float | None = Field(
        None,
        gt=0,
        allow_inf_nan=False,
        description="Non-inferiority: `group` is worse than the baseline by less than this, in the metric's unit, with confidence. "
        "With `not_worse_than`: than the earlier runs.",
    )
    baseline_margin_relative: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="Non-inferiority: `group` loses less than this share of the baseline's mean, e.g. 0.02, with confidence.",
    )
    equivalent_within: float | None = Field(
        None,
        gt=0,
        allow_inf_nan=False,
        description="Equivalence: `group` and the baseline differ by less than this either way, in the metric's unit (two one-sided tests).",
    )
    not_worse_than: Literal["previous", "best_of_window"] | None = Field(
        None,
        description="`previous`: the runs of this window raise no alarm against those before it, configuration by configuration "
        "(with `baseline_margin`: are not worse by more than that). `best_of_window`: the best run now is as good as the best "
        "run of the window before, less the margin.",
    )
    min_runs: int | None = Field(
        None, ge=1, le=100_000, description="Fewer runs with a value than this leave the gate INCONCLUSIVE, whatever they say."
    )
    on_inconclusive: Literal["fail", "warn"] = Field(
        "fail", description="Whether too few runs to decide fail the gate (exit code 5) or only warn."
    )

    @model_validator(mode="before")
    @classmethod
    def _implied(cls, data: Any) -> Any:
        """What the other keys leave no choice about need not be written."""
        if not isinstance(data, dict):
            return data
        implied = {"of": "group"} if data.get("group") is not None else {}
        margins = ("baseline_margin", "baseline_margin_relative", "equivalent_within")
        if data.get("not_worse_than") is None and any(data.get(key) is not None for key in margins):
            implied["mode"] = "confident"
        return implied | data

    @model_validator(mode="after")
    def _one_bound(self) -> GateConfig:
        if self.not_worse_than is not None:
            return self._against_history()
        bounds = (self.at_least, self.at_most, self.baseline_margin, self.baseline_margin_relative, self.equivalent_within)
        if sum(bound is not None for bound in bounds) != 1:
            raise ValueError(
                "a gate needs exactly one of at_least and at_most, or of baseline_margin and baseline_margin_relative, "
                "or equivalent_within, or not_worse_than"
            )
        if self.of in ("rate", "failed", "runs"):
            return self._of_counts()
        if (self.of == "group") != (self.group is not None):
            raise ValueError(
                "`of: group` and `group: NAME` go together: write group: NAME alone, or of: best or latest without it"
            )
        if self.metric is None:
            raise ValueError("a gate needs metric: NAME; only of: failed and of: runs judge runs without one")
        if self.of_margin and self.mode == "point":
            raise ValueError("a baseline margin is judged by confidence bounds: leave out mode: point")
        if self.mode == "confident" and self.group is None:
            raise ValueError("a confident gate, or one against the baseline, needs the runs of a group: add group: NAME")
        return self

    def _against_history(self) -> GateConfig:
        others = (self.at_least, self.at_most, self.equivalent_within)
        if self.metric is None:
            raise ValueError("not_worse_than needs metric: NAME")
        if any(bound is not None for bound in others) or (self.baseline_margin and self.baseline_margin_relative):
            raise ValueError(
                "not_worse_than is a bound itself: beside it write at most one of baseline_margin and baseline_margin_relative"
            )
        if self.group is not None or self.of != "best" or self.mode != "point":
            raise ValueError("not_worse_than judges the runs of the report's window: leave out of, group and mode")
        if self.not_worse_than == "previous" and self.baseline_margin_relative is not None:
            raise ValueError("not_worse_than: previous takes a margin in the metric's unit: write baseline_margin: M")
        return self

    def _of_counts(self) -> GateConfig:
        bound = self.at_least if self.at_least is not None else self.at_most
        if bound is None:
            raise ValueError(f"of: {self.of} is judged by at_least or at_most")
        if self.of == "rate" and self.metric is None:
            raise ValueError("of: rate needs metric: NAME, a metric that is 0 or 1 in each run")
        if self.of != "rate" and (self.metric is not None or self.group is not None):
            raise ValueError(f"of: {self.of} judges the runs themselves: leave out metric and group")
        if self.of != "runs" and not 0 <= bound <= 1:
            raise ValueError(f"of: {self.of} is a share: its bound lies from 0 to 1, e.g. 0.1")
        if self.of == "runs" and self.mode == "confident":
            raise ValueError("of: runs is a plain count: leave out mode: confident")
        return self

    @property
    def of_margin(self) -> bool:
        """Whether the gate compares with the baseline."""
        margins = (self.baseline_margin, self.baseline_margin_relative, self.equivalent_within)
        return self.not_worse_than is None and any(margin is not None for margin in margins)


class MlflowTarget(_Model):
    """Log the bundle as artifacts of a run in MLflow."""

    experiment: str = Field(
        "reports", min_length=1, max_length=500, description="Experiment of the report runs; made when it is missing."
    )
    tracking_uri: str | None = Field(
        None, description="Where to log; left out: the store that was read, with several `sources` the first of them."
    )


class PublishConfig(_Model):
    """One delivery of a finished bundle."""

    mlflow: MlflowTarget


class SectionConfig(_Model):
    """A section with words of the author's."""

    section: str
    title: str | None = Field(None, max_length=120)
    comment: str | None = Field(None, max_length=20_000, description="Markdown shown above the section's content.")

    @field_validator("section")
    @classmethod
    def _known(cls, name: str) -> str:
        known = (*SECTIONS, *MEMO_SECTIONS)
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            raise ValueError(
                f"there is no section {name!r}{f'; did you mean {near[0]}?' if near else ''} (sections: {', '.join(known)})"
            )
        return name


class ArtifactsConfig(_Model):
    """Files of runs to show: images, tables and text. Nothing is read unless it is asked for here."""

    include: tuple[str, ...] = Field(
        (),
        description="Paths or globs of artifacts, e.g. `*.png` or `tables/*.json`; `*` matches in folders below as well.",
    )
    runs: Literal["best", "all"] | int = Field(
        "best", description="Of the best run by the primary metric (without one: the newest), of all runs, or of the N best."
    )
    max_file_megabytes: float = Field(2, gt=0, le=100, description="A larger file is not read, and the report says so.")
    max_total_megabytes: float = Field(50, gt=0, le=1000, description="All files together; what comes after is named, not read.")
    schemes: tuple[str, ...] = Field(
        (),
        description="URI schemes of artifact stores to open besides the store's own, e.g. `s3`: MLflow's client for it, with this "
        "machine's credentials. `file` opens folders of this machine that a database on another one names.",
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


class WindowRange(_Model):
    """Runs that started from ``from`` (inclusive) to ``to`` (inclusive), UTC days."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    from_: date | None = Field(None, alias="from")
    to: date | None = None


class SourceConfig(_Model):
    """One of several stores that a report reads."""

    name: str = Field(description="What readers know it by: letters, digits, `.`, `_` and `-`, at most 40; unique in the report.")
    tracking_uri: str | None = Field(None, description="Its tracking URI; left out: the one of the whole config.")
    experiments: tuple[str, ...] | None = Field(
        None, min_length=1, description="Experiments of this store; left out: the report's, which then need not all be in it."
    )

    @field_validator("name")
    @classmethod
    def _short(cls, name: str) -> str:
        if _SOURCE_NAME.fullmatch(name) is None:
            raise ValueError("a source's name is at most 40 letters, digits, . _ and -, and begins with a letter or digit")
        return name


class ReportConfig(_Model):
    """One report."""

    title: str | None = Field(None, max_length=200)
    tracking_uri: str | None = Field(None, description="Store of this report; left out: the one of the whole config.")
    sources: tuple[SourceConfig, ...] = Field(
        (),
        description="Several stores instead of `tracking_uri`, read into one report. Ids and shared names of experiments then "
        "have the source's name before them (`prod / Default`); `limit` counts in each store; `publish` goes to the first.",
    )
    experiments: tuple[str, ...] = Field(
        ("*",),
        min_length=1,
        description="Names, globs (`recsys/*`), ids, or tags of experiments: `tag:team=recsys` (the value may be a glob), "
        "`tag:team` for any value. A run is read when its experiment fits any entry.",
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
        description="Runs that started in it: `7d`, `4w`, {from: 2026-11-01, to: 2026-11-20} or `2026-11-01..2026-11-20`; "
        "left out: all time.",
    )
    deleted: bool = Field(False, description="Read deleted runs as well; they are marked and never enter statistics.")
    primary: MetricName | None = Field(None, description="The metric that ranks; left out: chosen from what most runs have.")
    metrics: tuple[MetricName, ...] = Field((), description="Further metrics to show, in order; left out: chosen.")
    compare: CompareConfig | None = None
    gates: tuple[GateConfig, ...] = ()
    sections: tuple[SectionConfig, ...] = Field(
        tuple(SectionConfig(section=name) for name in SECTIONS),
        min_length=1,
        description="Sections in order, as names or {section, title, comment}.",
    )
    artifacts: ArtifactsConfig = ArtifactsConfig()
    notes: str | None = Field(None, max_length=100_000, description="The author's Markdown, shown in the section `notes`.")
    publish: tuple[PublishConfig, ...] = ()

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
                raise ValueError(f"{clause!r}: {why}{f'; did you mean {meant}?' if meant else ''}")
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
        if isinstance(value, str) and _SPAN.fullmatch(value) is None:
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
        for gate in self.gates:
            if gate.group is not None and self.compare is None:
                raise ValueError(f"the gate on group {gate.group!r} needs the groups of a comparison: add compare: {{by: …}}")
            if gate.of_margin and self.compare is not None and gate.group == self.compare.first:
                raise ValueError(f"the gate on group {gate.group!r} compares the baseline with itself: name another group")
        return self

    @field_validator("sections", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        return [{"section": one} if isinstance(one, str) else one for one in value] if isinstance(value, list) else value

    def content(self) -> dict[str, Any]:
        """What decides the report, for its digest and for a rebuild: connection fields, which may hold credentials, left out."""
        content = self.model_dump(mode="json", by_alias=True, exclude=_CONNECTION_FIELDS)
        defaults = {key: type(self).model_fields[key].default for key in _NEW_KEYS}
        return {key: value for key, value in content.items() if key not in defaults or getattr(self, key) != defaults[key]}


class Limits(_Model):
    """Ceilings that keep an unattended job from running away."""

    pdf_seconds: float = Field(180, gt=0, le=3600)
    pdf_megabytes: int = Field(3072, ge=256)
    chart_seconds: float = Field(20, gt=0, le=600, description="For one chart, drawn for paper.")
    browser: str | None = Field(None, description="Path of the Chromium to draw charts with; left out: found.")
    reading_seconds: float | None = Field(
        None, gt=0, description="For reading the store; what is not read by then is a gap of the report. Left out: no limit."
    )
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


class Config(_Model):
    """A whole config file."""

    version: Literal[1] = 1
    tracking_uri: str | None = Field(
        None, description="MLflow's tracking URI; left out: MLFLOW_TRACKING_URI, then sqlite:///mlflow.db."
    )
    output: str = Field("reports", min_length=1, description="Folder of the bundles, relative to the config file.")
    metrics: Mapping[MetricName, MetricConfig] = Field(default_factory=dict)
    reports: Mapping[str, ReportConfig] = Field(default_factory=dict)
    templates: tuple[str, ...] = Field((), description="Folders searched for templates before the built-in ones.")
    limits: Limits = Limits()
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
            if _REPORT_NAME.fullmatch(name) is None:
                raise ValueError(f"the report name {name!r} becomes a folder: lower-case letters, digits, - and _ only")
        return reports

    def digest(self, name: str) -> str:
        """SHA-256 over what decides the report ``name``; connection fields, which may hold credentials, left out."""
        report = self.reports[name].content()
        metrics = {key: value.model_dump(mode="json") for key, value in self.metrics.items()}
        return hashlib.sha256(json.dumps([report, metrics], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file something stands."""

    file: str
    line: int | None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


def load(path: Path, *, settings: Sequence[str] = (), environment: Mapping[str, str] = os.environ) -> Config:
    """The config in ``path`` with ``settings`` (``key.path=value``) on top.

    Raises ``ConfigError`` that lists every mistake with file and line.
    """
    data, lines = _read(path)
    for setting in settings:
        _set(data, setting)
    return _validated(data, lines, str(path), environment)


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
    named = [public_text(one) for one in experiments]  # a name may hold a URL with credentials
    title = "All experiments" if named in ([], ["*"]) else listed(named, 3)
    report: dict[str, Any] = {"experiments": list(experiments) or ["*"], "title": title[:200], **(chosen or {})}
    name = "experiments" if named in ([], ["*"]) else report_name(named[0] if len(named) == 1 else ", ".join(sorted(named)))
    data: dict[str, Any] = {"version": 1, "reports": {name: report}}
    uris = _listed_uris(tracking_uri)
    if len(uris) == 1:
        data["tracking_uri"] = uris[0]
    elif uris:
        report["sources"] = _named(uris)
    for setting in settings:
        _set(data, setting)
    return _validated(data, {}, "command line", environment)


def report_name(text: str, also: str = "") -> str:
    """The name, and so the folder, of a report that nobody named: ``text`` where it may be one, else what it has of letters and
    digits with six hex digits of its SHA-256, so that two reports share no folder. ``also`` tells apart those with one text."""
    if not also and _REPORT_NAME.fullmatch(text):
        return text
    words = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())
    digest = hashlib.sha256(f"{text}\0{also}".encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{words.strip('-')[:56].strip('-') or 'report'}-{digest}"


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
    templates, limits and cache."""
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
            {"name": one.name, "tracking_uri": one.tracking_uri, "experiments": list(its)}
            for one in sources
            if (its := experiments.get(one.name))
        ]
    if base is not None:
        data |= base.model_dump(mode="json", by_alias=True, include={"metrics", "templates", "limits", "output", "cache"})
    for setting in settings:
        _set(data, setting)
    return _validated(data, {}, "command line", environment)


def named_sources(
    config: Config, tracking_uris: Sequence[str] | None, environment: Mapping[str, str] = os.environ
) -> tuple[SourceConfig, ...]:
    """The stores at ``tracking_uris`` with a name each, as ``build`` names them; without any the one of ``config``."""
    uris = _listed_uris(tracking_uris)
    report = {"tracking_uri": uris[0]} if len(uris) == 1 else {"sources": _named(uris)} if uris else {}
    parsed = _validated({"reports": {"memo": report}}, {}, "command line", environment).reports["memo"]
    return resolved_sources(config, parsed, environment)


def without_reports(settings: Sequence[str] = (), environment: Mapping[str, str] = os.environ) -> Config:
    """What ``settings`` alone say."""
    data: dict[str, Any] = {"version": 1}
    for setting in settings:
        _set(data, setting)
    return _validated(data, {}, "command line", environment)


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
    uris = _listed_uris(tracking_uri)
    data: dict[str, Any] = {**(chosen or {})}
    data |= {"experiments": list(experiments)} if experiments else {}
    data |= {"tracking_uri": uris[0]} if len(uris) == 1 else {"sources": _named(uris)} if uris else {}
    if not data:
        return config
    return config.model_copy(
        update={"reports": {name: _changed(name, report, data, environment) for name, report in config.reports.items()}}
    )


def _changed(name: str, report: ReportConfig, data: Mapping[str, Any], environment: Mapping[str, str]) -> ReportConfig:
    """``report`` with the keys of ``data``, which are checked together with those that they must fit."""
    beside = {key: value for key in ("order_by", "limit") if (value := getattr(report, key)) not in ((), None)}
    given = {key: list(value) if isinstance(value, tuple) else value for key, value in beside.items()} | dict(data)
    parsed = _validated({"reports": {name: given}}, {}, "command line", environment).reports[name]
    changes = {key: getattr(parsed, key) for key in data}
    if "experiments" in data:
        changes["sources"] = tuple(source.model_copy(update={"experiments": None}) for source in report.sources)
    if "tracking_uri" in data or "sources" in data:
        changes |= {"tracking_uri": parsed.tracking_uri, "sources": parsed.sources}
    return report.model_copy(update=changes)


def _listed_uris(uris: str | Sequence[str] | None) -> list[str]:
    return [uris] if isinstance(uris, str) and uris else list(uris or ())


def _named(uris: Sequence[str]) -> list[dict[str, str]]:
    """Sources for ``uris``, each named after its host, its file or its folder, with a number where two are alike."""
    names = [_source_name(uri) for uri in uris]
    numbered = [f"{name}-{names[: index + 1].count(name)}" if names.count(name) > 1 else name for index, name in enumerate(names)]
    unique = numbered if len(set(numbered)) == len(uris) else [f"source-{index}" for index in range(1, len(uris) + 1)]
    return [{"name": name, "tracking_uri": uri} for name, uri in zip(unique, uris, strict=True)]


def _source_name(uri: str) -> str:
    parts = urlsplit(without_user_info(uri))
    word = parts.hostname if parts.scheme.startswith("http") and parts.hostname else PurePosixPath(parts.path).stem
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


def window_of(report: ReportConfig, now: datetime) -> Window:
    """The window of ``report`` in whole UTC days; the day of ``now`` is inside."""
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if report.window is None:
        return Window(None, None, "all time")
    if isinstance(report.window, str):
        match = _SPAN.fullmatch(report.window)
        assert match is not None
        days = int(match["n"]) * {"d": 1, "w": 7}[match["unit"]]
        return Window(tomorrow - timedelta(days=days), tomorrow, f"{days} {'day' if days == 1 else 'days'} to {now:%Y-%m-%d}")
    start, last = report.window.from_, report.window.to
    words = " ".join([f"from {start}" if start else "", f"to {last}" if last else ""]).strip()
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1) if last else None
    return Window(datetime(start.year, start.month, start.day, tzinfo=UTC) if start else None, end, words or "all time")


N_PERIODS = 16
"""Windows before the report's own that it is compared with; steps are looked for in 12 values or more."""


def compared_from(report: ReportConfig, window: Window, now: datetime) -> datetime | None:
    """Start of what is read from before ``window`` to compare with; None without a start, and when nothing compares."""
    asked = any(one.section == "changes" for one in report.sections) or any(gate.not_worse_than for gate in report.gates)
    if window.start is None or not asked:
        return None
    length = (window.end or now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)) - window.start
    return window.start - N_PERIODS * max(length, timedelta(days=1))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``config.yaml``, for editors."""
    schema = Config.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "reportgen config.yaml"} | schema


# --- reading ---------------------------------------------------------------------------------------------------------

_Lines = dict[tuple[str | int, ...], int]


def _read(path: Path) -> tuple[dict[str, Any], _Lines]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            "config-unreadable",
            f"{path} cannot be read: {error.strerror}",
            todo="name another file with --config, make one with `reportgen init`, or give --experiment NAME",
        ) from error
    if len(raw) > MOST_BYTES:
        raise ConfigError(
            "config-too-large", f"{path} is too large for a config", found=f"{len(raw):,} bytes", allowed=f"{MOST_BYTES:,} bytes"
        )
    try:
        loaded = YAML(typ="rt").load(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError("config-not-utf8", f"{path} is not UTF-8 text", todo="save it as UTF-8") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(str(path), None if mark is None else mark.line + 1)
        problem = (error.problem or "not YAML").splitlines()[0]
        raise ConfigError(
            "config-not-yaml",
            f"{place}: {problem}",
            todo="mend the YAML at that line",
            mistakes=(Mistake(place.file, place.line, "", problem),),
        ) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise ConfigError("config-not-yaml", f"{path}: {str(error).splitlines()[0]}", todo="mend the YAML") from error
    if loaded is None:
        loaded = {}
    if not isinstance(loaded, dict):
        raise ConfigError("config-not-a-mapping", f"{path} is not a mapping of keys to values", found=type(loaded).__name__)
    lines: _Lines = {}
    plain = _plain(loaded, (), lines, [0])
    return plain, lines


def _plain(node: Any, at: tuple[str | int, ...], lines: _Lines, n_nodes: list[int]) -> Any:
    """Plain dicts and lists, noting the line of each key; counts nodes so that an alias bomb ends early."""
    n_nodes[0] += 1
    if n_nodes[0] > 100_000:
        raise ConfigError(
            "config-too-large", "the config grows past 100,000 values when its aliases are followed", todo="remove the aliases"
        )
    if isinstance(node, dict):
        plain: dict[str, Any] = {}
        for key, value in node.items():
            place = (*at, str(key))
            if hasattr(node, "lc") and key in (node.lc.data or ()):  # one that comes by `<<: *anchor` has no place here
                lines[place] = node.lc.key(key)[0] + 1
            plain[str(key)] = _plain(value, place, lines, n_nodes)
        return plain
    if isinstance(node, list):
        for index in range(len(node)):
            if hasattr(node, "lc") and node.lc.data:  # a tagged sequence has no positions
                lines[(*at, index)] = node.lc.item(index)[0] + 1
        return [_plain(value, (*at, index), lines, n_nodes) for index, value in enumerate(node)]
    if isinstance(node, bool) or node is None or isinstance(node, datetime | date):
        return node
    for kind in (int, float, str):  # ruamel's scalar subclasses back to plain values
        if isinstance(node, kind):
            return kind(node)
    return str(node)


def _set(data: dict[str, Any], setting: str) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path, sign, text = setting.partition("=")
    keys = path.strip().split(".")
    if not sign or not all(keys):
        raise ConfigError(
            "bad-setting",
            f"--set {setting!r} is not a setting",
            allowed="key.path=value",
            todo="e.g. --set reports.weekly.window=30d",
        )
    try:
        value = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise ConfigError("bad-setting", f"--set {setting!r}: the value is not YAML", todo="put quotes around it") from error
    node = data
    for key in keys[:-1]:
        child = node.setdefault(key, {})
        if not isinstance(child, dict):
            raise ConfigError("bad-setting", f"--set {setting!r}: {key} is not a mapping", found=type(child).__name__)
        node = child
    node[keys[-1]] = value


def _validated(data: dict[str, Any], lines: _Lines, file: str, environment: Mapping[str, str]) -> Config:
    mistakes: list[Mistake] = []
    data = _with_environment(data, environment, lambda at, what: mistakes.append(_mistake_at(file, lines, at, what)))
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        mistakes += [_mistake(e, file, lines) for e in errors if not _follows(e, errors)]
        config = None
    if mistakes or config is None:
        mistakes.sort(key=lambda mistake: mistake.line or 0)
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise ConfigError(
            "config-invalid",
            f"the config has {count}:\n" + "\n".join(f"  {Place(m.file, m.line)}: {m.what}" for m in mistakes),
            todo="mend them all, then run `reportgen plan`; `reportgen schema` prints every key",
            mistakes=tuple(mistakes),
        )
    return config


def _mistake_at(file: str, lines: _Lines, at: Sequence[str | int], what: str) -> Mistake:
    place = _place(file, lines, at)
    return Mistake(place.file, place.line, ".".join(str(part) for part in at), public_text(what))


def _with_environment(
    data: dict[str, Any], environment: Mapping[str, str], wrong: Callable[[tuple[str | int, ...], str], None]
) -> dict[str, Any]:
    """``data`` with ``${NAME:-default}`` replaced in connection fields; elsewhere it stays the text it is."""

    def expand(node: dict[str, Any], at: tuple[str | int, ...]) -> dict[str, Any]:
        value = node.get("tracking_uri")
        return (
            node | {"tracking_uri": _expanded(value, environment, lambda what: wrong((*at, "tracking_uri"), what))}
            if isinstance(value, str)
            else node
        )

    data = expand(data, ())

    def expand_each(items: Any, at: tuple[str | int, ...]) -> Any:
        if not isinstance(items, list):
            return items
        return [expand(item, (*at, i)) if isinstance(item, dict) else item for i, item in enumerate(items)]

    if isinstance(data.get("reports"), dict):
        reports = {name: expand(r, ("reports", name)) if isinstance(r, dict) else r for name, r in data["reports"].items()}
        for name, report in reports.items():
            if isinstance(report, dict) and "sources" in report:
                report["sources"] = expand_each(report["sources"], ("reports", name, "sources"))
            if isinstance(report, dict) and isinstance(report.get("publish"), list):
                report["publish"] = [
                    one | {"mlflow": expand(one["mlflow"], ("reports", name, "publish", i, "mlflow"))}
                    if isinstance(one, dict) and isinstance(one.get("mlflow"), dict)
                    else one
                    for i, one in enumerate(report["publish"])
                ]
        data = data | {"reports": reports}
    return data


def _expanded(text: str, environment: Mapping[str, str], wrong: Callable[[str], None]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, default = match["name"], match["default"]
        if not name.startswith(_ENV_PREFIXES):
            wrong(f"${{{name}}} may not be used here: only names that start with {' or '.join(_ENV_PREFIXES)}")
            return ""
        if environment.get(name):
            return environment[name]
        if default is None:
            wrong(f"the environment variable {name} is not set and ${{{name}}} has no default: write ${{{name}:-VALUE}}")
            return ""
        return str(default[2:])

    return _ENV.sub(value, text)


def _place(file: str, lines: _Lines, at: Sequence[str | int]) -> Place:
    for end in range(len(at), 0, -1):
        if tuple(at[:end]) in lines:
            return Place(file, lines[tuple(at[:end])])
    return Place(file, None)


def _mistake(error: Mapping[str, Any], file: str, lines: _Lines) -> Mistake:
    at = _path(error)
    return _mistake_at(file, lines, at, _what_is_wrong(error, at))


def _path(error: Mapping[str, Any]) -> list[str | int]:
    """Where it is, without the names that pydantic adds in mappings and for each kind of value that a key may have."""
    loc = error["loc"]
    return [p for i, p in enumerate(loc) if p != "[key]" and not (i and loc[i - 1] in _OF_TWO_KINDS and _is_kind(p))]


def _is_kind(part: str | int) -> bool:
    return isinstance(part, str) and (part in _KINDS or part.startswith("literal["))


def _follows(error: Mapping[str, Any], errors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether ``error`` follows from another of ``errors`` and helps nobody: a list that lost its bad item is "too short", a key
    that is misspelt is missing, and a value that is wrong as one of two kinds is so as the other."""
    at = _path(error)
    paths = [(other, _path(other)) for other in errors if other is not error]
    if error["type"] == "missing":
        beside = [str(path[-1]) for other, path in paths if other["type"] == "extra_forbidden" and path[:-1] == at[:-1]]
        return bool(difflib.get_close_matches(str(at[-1]), beside, 1))
    inside = any(path[: len(at)] == at and len(path) > len(at) for _, path in paths)
    if error["type"] == "too_short" or at[-1:] != list(error["loc"][-1:]):
        again = any(path == at and other["type"] == "literal_error" for other, path in paths)
        return inside or (again and error["type"] != "literal_error")
    return False


def _what_is_wrong(error: Mapping[str, Any], at: Sequence[str | int]) -> str:
    key = ".".join(str(part) for part in at) or "the file"
    if error["type"] == "extra_forbidden":
        if "gates" in at and _REFUSED_GATE.fullmatch(str(at[-1])):
            return f"{key} {_REFUSED_WORDS}"
        allowed = _keys_at(at[:-1])
        similar = difflib.get_close_matches(str(at[-1]), allowed, 1)
        hint = f"did you mean {similar[0]}?" if similar else f"allowed: {', '.join(allowed)}"
        return f"{key} is not a key; {hint}"
    message = "write a list, e.g. [NAME]" if error["type"] == "tuple_type" else str(error["msg"]).removeprefix("Value error, ")
    value = error.get("input")
    if error["type"] == "literal_error" and (near := _meant(str(value), str(error["ctx"]["expected"]))):
        message += f"; did you mean {near}?"
    if error["type"] == "value_error" and (near := _written(str(value), message)):
        message += f"; did you mean {near}?"
    told = isinstance(value, dict | list) or error["type"] == "missing" or repr(value) in message
    return f"{key}: {message}" + ("" if told else f" (found {repr(value)[:80]})")


def _meant(word: str, expected: str) -> str | None:
    """The value of ``expected`` (pydantic's words, each value in quotes) that ``word`` is nearest to."""
    allowed: list[str] = re.findall(r"'([^']*)'", expected)
    near = difflib.get_close_matches(word.lower(), allowed, 1)
    return near[0] if near else next((value for value in allowed if len(word) > 1 and value.startswith(word.lower())), None)


def _written(word: str, message: str) -> str | None:
    """The word of ``message`` ("write a, b or c") that ``word`` is nearly."""
    allowed = re.findall(r"[a-z_]{3,}", message.partition("write ")[2]) if "did you mean" not in message else []
    near = difflib.get_close_matches(word, [one for one in allowed if one not in ("none", "the")], 1, cutoff=0.75)
    return near[0] if near else None


def _keys_at(at: Sequence[str | int]) -> list[str]:
    """The keys allowed at a place, for "did you mean"."""
    model: type[BaseModel] = Config
    table: dict[str, type[BaseModel]] = {
        "metrics": MetricConfig,
        "reports": ReportConfig,
        "sources": SourceConfig,
        "limits": Limits,
        "compare": CompareConfig,
        "gates": GateConfig,
        "looks": LooksConfig,
        "sections": SectionConfig,
        "publish": PublishConfig,
        "mlflow": MlflowTarget,
        "window": WindowRange,
        "artifacts": ArtifactsConfig,
    }
    for part in at:
        if isinstance(part, str) and part in table and part in _names(model):
            model = table[part]
    return _names(model)


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]

"""The config of a gate: one value and the bound that it must hold."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from reportgen.config.base import ConfigModel, MetricName, days_of

_MODEL = re.compile(r"models:/[^/@]+@[^/@]+")


class WaiverConfig(ConfigModel):
    """A gate that need not pass until a day: it is shown wherever the gate is, and fails nothing while it holds."""

    gate: str = Field(min_length=1, max_length=200, description="The gate's name, as reports show it.")
    until: date = Field(description="The last day (UTC). From the next day on the gate fails again.")
    reason: str = Field(min_length=1, max_length=500, description="Why, in a sentence; page 1 shows it.")
    owner: str = Field(min_length=1, max_length=100, description="Who answers for it.")
    issue: str = Field("", max_length=300, description="Where it is being worked on: a number or an address.")

    def is_for(self, name: str) -> bool:
        """Whether it is about the gate ``name``; of a report over several projects the project before it may be left out."""
        return name == self.gate or name.endswith(f": {self.gate}")


class BaselineConfig(ConfigModel):
    """A run that stands for what is there already. Exactly one of branch, tag, alias, run and last_report."""

    branch: str | None = Field(
        None,
        min_length=1,
        max_length=250,
        description="The run of this branch that finished last: by its tag git.branch, mlflow.source.git.branch, mlflow.git.branch or branch.",
    )
    tag: str | None = Field(
        None, pattern=r"^[^=]+=.+$", max_length=500, description="`KEY=VALUE`: the run with this tag that finished last."
    )
    alias: str | None = Field(
        None,
        min_length=1,
        max_length=500,
        description="`models:/NAME@ALIAS`: the run that made this version of a registered model. Of a scorer: an alias of the prompt version "
        "that the evaluation used.",
    )
    run: str | None = Field(None, min_length=1, max_length=250, description="A run by name (the one that finished last) or id.")
    last_report: bool = Field(False, description="The best value that the last report of an earlier day named.")
    max_age: str | None = Field(
        None, pattern=r"^[1-9][0-9]{0,3}[dw]$", description="An older baseline leaves the gate INCONCLUSIVE: `14d`, `4w`."
    )

    @model_validator(mode="after")
    def _one(self) -> BaselineConfig:
        if sum(one is not None for one in (self.branch, self.tag, self.alias, self.run)) + self.last_report != 1:
            raise ValueError(
                "a baseline is exactly one of branch: NAME, tag: KEY=VALUE, alias: models:/NAME@ALIAS, run: NAME, last_report: true"
            )
        return self

    @property
    def is_of_evaluation(self) -> bool:
        """Whether it may stand for an evaluation, row by row."""
        return self.run is None and not self.last_report and self.max_age is None

    @property
    def most_days(self) -> int | None:
        """Of its age; None for any."""
        return days_of(self.max_age) if self.max_age else None


class GateConfig(ConfigModel):
    """A bound that a value must hold; a failed gate makes the exit code 5."""

    metric: MetricName | None = Field(None, description="What is judged; left out only for `of: failed` and `of: runs`.")
    scorer: MetricName | None = Field(
        None,
        description="Instead of metric: a scorer of GenAI evaluations, judged from what it said of each row of the latest one.",
    )
    name: str | None = Field(None, max_length=80, description="What readers call the gate.")
    of: Literal["best", "latest", "group", "rate", "failed", "runs", "pass_all"] = Field(
        "best",
        description="Of the best run, of the one that finished last, or of the runs of `group`; `rate`: the share of runs whose "
        "metric is 1 (it must be 0 or 1 in each); `failed`: the share of ended runs that failed or were killed; `runs`: how many finished. "
        "With `scorer`: `latest`, or `pass_all`, the share of rows all of whose answers passed.",
    )
    experiment: str | None = Field(
        None,
        min_length=1,
        max_length=500,
        description="Name or glob of the experiments whose runs it judges; with several problems in one report it is answered for each "
        "of them. Left out: for each problem whose runs have its metric.",
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
    at_least: float | None = Field(
        None, allow_inf_nan=False, description="The smallest value that passes, in the metric's own unit."
    )
    at_most: float | None = Field(None, allow_inf_nan=False, description="The largest value that passes.")
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
    coverage: float | None = Field(
        None,
        ge=0,
        le=1,
        description="With `scorer`: the share of rows that it must have scored, else the gate is NO_DATA; left out: 0.9.",
    )
    not_worse_than: Literal["previous", "best_of_window"] | BaselineConfig | None = Field(
        None,
        description="`previous`: the runs of this window raise no alarm against those before it, configuration by configuration "
        "(with `baseline_margin`: are not worse by more than that). `best_of_window`: the best run now is as good as the best "
        "run of the window before, less the margin. A mapping (or `last_report`): the run of this change (in a CI job of its commit or branch) "
        "is as good as a baseline, less the margin. With `scorer`, row by row: `previous` evaluation, or {alias: A}, {tag: NAME=VALUE}, "
        "{branch: B} for the newest that fits.",
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
        if data.get("scorer") is not None and data.get("group") is None:
            implied = {"of": "latest"}
        margins = ("baseline_margin", "baseline_margin_relative", "equivalent_within")
        if data.get("not_worse_than") == "last_report":
            data = data | {"not_worse_than": {"last_report": True}}
        if isinstance(data.get("not_worse_than"), dict) and data.get("scorer") is None:
            implied["of"] = "best" if data["not_worse_than"].get("last_report") else "latest"
        if data.get("not_worse_than") is None and any(data.get(key) is not None for key in margins):
            implied["mode"] = "confident"
        return implied | data

    @model_validator(mode="after")
    def _one_bound(self) -> GateConfig:
        if self.scorer is not None:
            return self._of_scorer()
        if self.coverage is not None or self.of == "pass_all":
            raise ValueError("coverage and of: pass_all are of a scorer: add scorer: NAME")
        if self.experiment is not None and self.group is not None:
            raise ValueError("a group's runs are those that compare gives it: leave out experiment, or group")
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

    def _of_scorer(self) -> GateConfig:
        if self.metric is not None:
            raise ValueError("give metric or scorer, not both: a scorer is judged row by row, its mean is the metric NAME/mean")
        if self.of not in ("latest", "pass_all", "group") or (self.of == "group") != (self.group is not None):
            raise ValueError("a scorer is judged of: latest or pass_all, or of a group: NAME of the comparison")
        bounds = (self.at_least, self.at_most, self.not_worse_than)
        if sum(bound is not None for bound in bounds) != 1:
            raise ValueError("a gate on a scorer needs exactly one of at_least, at_most and not_worse_than")
        if self.baseline_margin_relative is not None or self.equivalent_within is not None or self.min_runs is not None:
            raise ValueError("baseline_margin_relative, equivalent_within and min_runs are not of a scorer: leave them out")
        if self.baseline_margin is not None and self.not_worse_than is None:
            raise ValueError("baseline_margin of a scorer stands beside not_worse_than")
        if self.not_worse_than is not None and (self.of != "latest" or self.not_worse_than == "best_of_window"):
            raise ValueError("not_worse_than of a scorer holds the latest evaluation against previous, or {alias, tag or branch}")
        if isinstance(self.not_worse_than, BaselineConfig) and not self.not_worse_than.is_of_evaluation:
            raise ValueError("not_worse_than of a scorer is one of alias, tag and branch: leave out run, last_report and max_age")
        return self

    def _against_history(self) -> GateConfig:
        others = (self.at_least, self.at_most, self.equivalent_within)
        if self.metric is None:
            raise ValueError("not_worse_than needs metric: NAME")
        if any(bound is not None for bound in others) or (self.baseline_margin and self.baseline_margin_relative):
            raise ValueError(
                "not_worse_than is a bound itself: beside it write at most one of baseline_margin and baseline_margin_relative"
            )
        if isinstance(self.not_worse_than, BaselineConfig):
            if self.group is not None or self.of not in ("best", "latest") or self.mode != "point" or self.min_runs is not None:
                raise ValueError(
                    "a baseline judges one run: write of: latest or of: best, and leave out group, mode and min_runs"
                )
            if self.not_worse_than.alias and _MODEL.fullmatch(self.not_worse_than.alias) is None:
                raise ValueError(
                    "the alias of a baseline is models:/NAME@ALIAS (of a scorer it is one of a prompt: add scorer: NAME)"
                )
            if self.not_worse_than.last_report and self.of != "best":
                raise ValueError("the last report names best values: leave out of: latest")
            return self
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
    def is_of_periods(self) -> bool:
        """Whether it holds this period against those before it."""
        return self.not_worse_than is not None and not isinstance(self.not_worse_than, BaselineConfig)

    @property
    def of_margin(self) -> bool:
        """Whether the gate compares with the baseline of a comparison."""
        margins = (self.baseline_margin, self.baseline_margin_relative, self.equivalent_within)
        return self.not_worse_than is None and any(margin is not None for margin in margins)

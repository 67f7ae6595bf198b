"""The config of a comparison: groups of runs, how they are tested and against which baseline."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from reportgen.config.base import ConfigModel, MetricName, word_error
from reportgen.formats import listed
from reportgen.run_selectors import selector_of

Family = Literal["holm", "dunnett", "games-howell", "tukey"]
"""How three groups or more may be adjusted."""


class LooksConfig(ConfigModel):
    """How often a comparison is looked at while its runs accumulate, declared before the first look."""

    planned: int = Field(ge=2, le=20, description="Looks at equal shares of the planned runs.")
    runs: int = Field(ge=4, le=100_000, description="Runs per group (or pairs) that are planned in all.")

    @model_validator(mode="after")
    def _looks_differ(self) -> LooksConfig:
        if self.planned > self.runs // 2:
            raise ValueError(f"{self.planned} looks at {self.runs} runs: a look needs two new runs at least")
        return self


class CompareConfig(ConfigModel):
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
    family: Family = Field(
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
    split: Mapping[str, float] = Field(
        default_factory=dict,
        description="How runs were meant to be divided over the groups, e.g. {a: 1, b: 1}: other numbers of runs than chance gives "
        "(p < 0.001, a sample-ratio mismatch) withdraw a verdict for the group.",
    )
    texts: bool | Literal["data"] = Field(
        False,
        description="Of GenAI evaluations: show what was asked and answered in the rows that got worse, and the reasons that scorers gave, "
        "redacted and shortened. `data` also keeps the texts of all rows in the data files, which a rebuild needs to show them. "
        "They are not read without it.",
    )
    robust: bool = Field(False, description="The memo's appendix also gives the Hodges–Lehmann shift with its rank test.")

    @field_validator("by", "pair_by")
    @classmethod
    def _field_of_a_run(cls, value: str | None, info: ValidationInfo) -> str | None:
        word, *others = ("experiment", "experiment") if info.field_name == "by" else ("none",)
        if value is not None and value != word and re.fullmatch(r"(tags|params)\..+", value) is None:
            raise word_error(f"write {word}, tags.NAME or params.NAME", *others, "tags", "params")
        return value

    @field_validator("tasks")
    @classmethod
    def _field_or_datasets(cls, value: str | None) -> str | None:
        if value is not None and value not in ("datasets", "none") and re.fullmatch(r"(tags|params)\..+", value) is None:
            raise word_error("write params.NAME, tags.NAME, datasets or none", "params", "tags", "datasets")
        return value

    @field_validator("references")
    @classmethod
    def _differ(cls, references: Mapping[str, tuple[float, float]]) -> Mapping[str, tuple[float, float]]:
        for task, (low, high) in references.items():
            if not (math.isfinite(low) and math.isfinite(high)) or low == high:
                raise ValueError(f"the references of {task!r} must be finite and differ, e.g. [0.1, 1.0]")
        return references

    @field_validator("split")
    @classmethod
    def _positive(cls, split: Mapping[str, float]) -> Mapping[str, float]:
        if len(split) == 1:
            raise ValueError("a split names two groups at least, e.g. {a: 1, b: 1}")
        for group, weight in split.items():
            if not (math.isfinite(weight) and weight > 0):
                raise ValueError(f"the part of {group!r} must be a number above 0, e.g. {{a: 1, b: 1}}")
        return split

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
        if unknown := next((name for name in self.split if names and name not in names), None):
            raise ValueError(f"split: {unknown!r} is none of the groups {listed(names)}")
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

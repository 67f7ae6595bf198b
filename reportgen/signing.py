"""Signing a report: the same report from its saved data, with the decision of a person beside the computed verdict.

The bundle that is signed stays as it is; the signed one is written beside it, and ``latest`` leads to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.errors import ConfigError

if TYPE_CHECKING:
    from reportgen.config import Config, DecideConfig
    from reportgen.saved import Saved


def signed_config(kept: Saved, decide: DecideConfig, around: Config | None) -> Config:
    """The config that the bundle ``kept`` was made from, with the decision; ``around`` gives what a bundle does not keep: channels,
    templates, limits.

    Raises ``ConfigError`` for a bare snapshot, which is no report, and where ``around`` does not have the report.
    """
    if kept.config is None or kept.name is None:
        raise ConfigError(
            "nothing-to-sign", "these are data without a report", todo="build the report from them first: `reportgen rebuild`"
        )
    report = kept.config.reports[kept.name]
    if around is None:
        return kept.config.model_copy(update={"reports": {kept.name: report.model_copy(update={"decide": decide})}})
    wanted = around.reports.get(kept.name)
    connection = {"publish": wanted.publish, "tracking_uri": wanted.tracking_uri} if wanted else {}
    signed = report.model_copy(update={"decide": decide, **connection})
    return around.model_copy(update={"reports": {kept.name: signed}, "metrics": kept.config.metrics})


def names_same_code(kept: Saved, around: Config | None) -> bool:
    """Whether the person's own config ``around`` names every function that the bundle's config does."""
    wanted = around.reports.get(kept.name or "") if around is not None else None
    if wanted is None or kept.config is None or kept.name is None:
        return False
    return wanted.functions >= kept.config.reports[kept.name].functions

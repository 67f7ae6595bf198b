"""What the user writes: ``config.yaml`` -> ``Config``.

Reading is in four steps, each with its own kind of error and all errors of a step at once: YAML with positions (duplicate
keys refused), ``--set`` on top, ``${ENV:-default}`` in connection fields only, then validation against the models, where an
unknown key is an error with "did you mean". Nothing in a config is executed.

    schema      the models: every key, its default, its description (also ``compare``, ``gates``, ``decide``)
    yaml_file   a file's values and the line of each key          settings    --set key.path=value
    validation  values -> ``Config``, or every mistake in them    loading     a config from a file or the command line
    sources     the stores that a report reads; the cache         window      the period that it reads

Every field's description is what ``reportgen schema`` gives to editors and what the docs print.
"""

from reportgen.config.brand import BrandConfig
from reportgen.config.compare import CompareConfig, LooksConfig
from reportgen.config.decide import DecideConfig
from reportgen.config.gates import BaselineConfig, GateConfig
from reportgen.config.loading import (
    check_comparison,
    decision_from,
    gate_lines,
    json_schema,
    load,
    named_sources,
    of_comparison,
    of_mapping,
    with_command_line,
    without_file,
)
from reportgen.config.narrative import NarrativeConfig
from reportgen.config.publish import AppriseTarget, EmailTarget, MessageTarget, MlflowTarget, PublishConfig, WebhookTarget
from reportgen.config.schema import (
    MEMO_SECTIONS,
    SECTIONS,
    SINCE_LAST_REPORT,
    Config,
    ExperimentConfig,
    Limits,
    MetricConfig,
    ReportConfig,
    SectionConfig,
    SourceConfig,
    WindowRange,
)
from reportgen.config.sources import cache_folder, resolved_sources, resolved_tracking_uri, user_cache
from reportgen.config.window import LastTold, compared_from, window_of

__all__ = [
    "MEMO_SECTIONS",
    "SECTIONS",
    "SINCE_LAST_REPORT",
    "AppriseTarget",
    "BaselineConfig",
    "BrandConfig",
    "CompareConfig",
    "Config",
    "DecideConfig",
    "EmailTarget",
    "ExperimentConfig",
    "GateConfig",
    "LastTold",
    "Limits",
    "LooksConfig",
    "MessageTarget",
    "MetricConfig",
    "MlflowTarget",
    "NarrativeConfig",
    "PublishConfig",
    "ReportConfig",
    "SectionConfig",
    "SourceConfig",
    "WebhookTarget",
    "WindowRange",
    "cache_folder",
    "check_comparison",
    "compared_from",
    "decision_from",
    "gate_lines",
    "json_schema",
    "load",
    "named_sources",
    "of_comparison",
    "of_mapping",
    "resolved_sources",
    "resolved_tracking_uri",
    "user_cache",
    "window_of",
    "with_command_line",
    "without_file",
]

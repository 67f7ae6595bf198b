"""The commented config that ``reportgen init`` writes: the repository's own ``config.yaml``."""

from __future__ import annotations

import json
from pathlib import Path

from reportgen.errors import ConfigError


def example_config(experiment: str | None = None) -> str:
    """The text of the example config; its first report reads ``experiment`` when that is given."""
    text = _file().read_text("utf-8")
    if experiment is None:
        return text
    marked = '    experiments: ["*"]'
    if marked not in text:
        raise ConfigError(
            "example-damaged", "the example config has lost its line for experiments", todo="install reportgen again"
        )
    return text.replace(marked, f"    experiments: [{json.dumps(experiment, ensure_ascii=False)}]", 1)


def _file() -> Path:
    """The example's file: beside this module in an installed package (see pyproject.toml), at the top in a checkout."""
    here = Path(__file__).parent
    installed = here / "config.example.yaml"
    return installed if installed.is_file() else here.parent / "config.yaml"

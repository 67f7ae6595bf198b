"""``--set key.path=value`` on top of a config's values."""

from __future__ import annotations

from typing import Any

from reportgen.config.yaml_file import check_size
from reportgen.errors import ConfigError
from reportgen.redaction import public_text


def set_value(data: dict[str, Any], setting: str) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path, sign, text = setting.partition("=")
    keys = path.strip().split(".")
    if not sign or not all(keys):
        raise ConfigError(
            "bad-setting",
            f"--set {public_text(setting)[:80]!r} is not a setting",
            allowed="key.path=value",
            todo="e.g. --set reports.weekly.window=30d",
        )
    check_size(text, f"the value of --set {path}")
    try:
        value = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError, ValueError) as error:
        raise ConfigError("bad-setting", f"--set {path}: the value is not YAML", todo="put quotes around it") from error
    node = data
    for key in keys[:-1]:
        child = node.setdefault(key, {})
        if not isinstance(child, dict):
            raise ConfigError("bad-setting", f"--set {path}: {key} is not a mapping", found=type(child).__name__)
        node = child
    node[keys[-1]] = value

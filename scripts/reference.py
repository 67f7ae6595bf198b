"""Write docs/reference from the code: every key of config.yaml, every command with its options.

python -m scripts.reference            write them
python -m scripts.reference --check    end with 1 when one is not what the code says
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from reportgen.cli import app
from reportgen.config import json_schema
from scripts.pages import table_row, written

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
WIDTH = 100

Schema = Mapping[str, Any]


def config_page() -> str:
    """Every key, by the part of the config that it stands in."""
    schema = json_schema()
    lines = [
        "# Keys of config.yaml\n\n",
        "Written from the code by `make docs`. An editor that knows JSON Schema completes and checks these keys: `reportgen schema config`, or [the file](../schemas/config.json).\n\n",
        "An unknown key is a mistake, and the message names the key that was probably meant. `${NAME:-default}` reads an environment variable whose name begins with `MLFLOW_` or\n",
        "`REPORTGEN_`, in keys that hold a connection only.\n\n",
    ]
    for name, part in _parts(schema):
        lines.append(f"## {_heading(name)}\n\n")
        if name != "Config" and part.get("description"):
            lines.append(f"{part['description']}\n\n")
        lines.append(table_row(["key", "takes", "left out", "says"]) + "|---|---|---|---|\n")
        required = part.get("required", ())
        for key, about in part["properties"].items():
            default = "must be given" if key in required else _default(about)
            lines.append(
                _linked(table_row([f"`{key}`", _takes(about), default, about.get("description") or _meant(about, schema)]))
            )
        lines.append("\n")
    return "".join(lines).rstrip("\n") + "\n"


def _parts(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The config, then what it holds, in the order in which a reader meets it."""
    seen, waiting = {"Config"}, [("Config", schema)]
    while waiting:
        name, part = waiting.pop(0)
        yield name, part
        for found in re.findall(r"#/\$defs/(\w+)", json.dumps(part["properties"])):
            if found not in seen and "properties" in schema["$defs"][found]:
                seen.add(found)
                waiting.append((found, schema["$defs"][found]))


def _heading(name: str) -> str:
    return (
        "The whole file" if name == "Config" else " ".join(re.findall(r"[A-Z][a-z]+", name)).removesuffix(" Config").capitalize()
    )


def _linked(row: str) -> str:
    """``row`` with a link where a part of the config is named."""
    return re.sub(
        r"@(\w+)@", lambda found: f"[{_heading(found[1]).lower()}](#{_heading(found[1]).lower().replace(' ', '-')})", row
    )


def _meant(about: Schema, schema: Schema) -> str:
    """What the part of the config that stands under this key is."""
    named = re.search(r"#/\$defs/(\w+)", json.dumps(about))
    return schema["$defs"][named[1]].get("description", "").split("\n\n")[0] if named else ""


def _takes(about: Schema) -> str:
    """What a value may be, in words."""
    if "$ref" in about:
        return f"@{about['$ref'].rsplit('/', 1)[1]}@"
    if "enum" in about:
        return ", ".join(f"`{one}`" for one in about["enum"])
    if "const" in about:
        return f"`{json.dumps(about['const'])}`"
    for several in ("anyOf", "oneOf"):
        if several in about:
            return " or ".join(dict.fromkeys(_takes(one) for one in about[several] if one.get("type") != "null"))
    kind = about.get("type", "any")
    if kind == "array":
        return f"a list of {_takes(about['items'])}" if "items" in about else "a list"
    if kind == "object":
        values = about.get("additionalProperties")
        return f"a mapping to {_takes(values)}" if isinstance(values, Mapping) else "a mapping"
    words = {
        "string": "text",
        "boolean": "`true`, `false`",
        "integer": "a whole number",
        "number": "a number",
        "any": "anything",
    }[kind]
    bounds = [
        (about.get("exclusiveMinimum"), "more than"),
        (about.get("minimum"), "at least"),
        (about.get("exclusiveMaximum"), "less than"),
        (about.get("maximum"), "at most"),
    ]
    return " ".join([words, *(f"{word} {bound:g}" for bound, word in bounds if bound is not None)])


def _default(about: Schema) -> str:
    default = about.get("default")
    return (
        "–"
        if default is None or default == "" or isinstance(default, dict) or default == []
        else f"`{json.dumps(default, ensure_ascii=False)}`"
    )


def commands_page() -> str:
    """What ``--help`` says of each command."""
    group = typer.main.get_command(app)
    lines = [
        "# Commands\n\n",
        "Written from the code by `make docs`; the same as `reportgen COMMAND --help`. Exit codes: [CI](../ci.md#exit-codes). Every message has a slug: [problems](../problems.md).\n\n",
    ]
    for name in sorted(group.commands):  # type: ignore[attr-defined]
        command = group.commands[name]  # type: ignore[attr-defined]
        context = command.make_context(
            f"reportgen {name}", [], resilient_parsing=True, terminal_width=WIDTH, max_content_width=WIDTH
        )
        lines.append(f"## {name}\n\n```text\n{command.get_help(context).strip()}\n```\n\n")
    return "".join(lines).rstrip("\n") + "\n"


def texts() -> dict[Path, str]:
    """File → what belongs into it."""
    return {FOLDER / "config.md": config_page(), FOLDER / "commands.md": commands_page()}


if __name__ == "__main__":
    sys.exit(max(written(path, text) for path, text in texts().items()))

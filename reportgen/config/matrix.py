"""One report of a config that stands for many: ``matrix: {team: [search, ads]}`` makes one of it for each value.

Every ``{team}`` in its name and in its texts becomes the value; of several keys each combination is a report. What has no such key in its name
gets the values at its end. Nothing else in braces is touched.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportgen.config.names import report_name
from reportgen.config.yaml_file import Lines
from reportgen.errors import ConfigError

MATRIX = "matrix"
MOST_REPORTS = 10_000


def expanded(data: Mapping[str, Any], lines: Lines) -> tuple[dict[str, Any], Lines]:
    """``data`` with a report for each combination, in the order in which they stand there; and the lines of what is in them.

    What is no matrix stays: the models say what is wrong with it. Raises ``ConfigError`` for two reports with one name, and for too many.
    """
    reports = data.get("reports")
    if not isinstance(reports, Mapping) or not any(_values(report) for report in reports.values()):
        return dict(data), dict(lines)
    made: dict[str, Any] = {}
    own_lines = dict(lines)
    for name, report in reports.items():
        _check_keys(str(name), report, _values(report))
        for chosen in _combinations(name, _values(report)):
            new = _name(str(name), chosen) if chosen else name
            if new in made:
                raise ConfigError(
                    "matrix-same-name",
                    f"two reports are called {new}, one of them by a matrix",
                    todo=f"write its keys into its name, e.g. {{{next(iter(chosen), 'team')}}}-weekly",
                )
            made[new] = {key: _filled_in(value, chosen) for key, value in report.items() if key != MATRIX} if chosen else report
            moved = {("reports", new, *path[2:]): line for path, line in lines.items() if path[:2] == ("reports", name)}
            own_lines |= moved
    return {**data, "reports": made}, own_lines


def _values(report: Any) -> Mapping[str, Sequence[str]]:
    """The matrix of a report; empty where it has none that could be followed."""
    matrix = report.get(MATRIX) if isinstance(report, Mapping) else None
    if not isinstance(matrix, Mapping):
        return {}
    lists = {str(key): [str(value) for value in values] for key, values in matrix.items() if _is_list(values)}
    return lists if len(lists) == len(matrix) else {}


def _is_list(values: Any) -> bool:
    plain = all(isinstance(value, str | int | float) and not isinstance(value, bool) for value in values) if values else False
    return isinstance(values, list | tuple) and plain


def _combinations(name: str, values: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """One empty combination where there is no matrix."""
    n = math.prod(map(len, values.values()))
    if n > MOST_REPORTS:
        raise ConfigError(
            "matrix-too-large", f"the matrix of reports.{name} makes {n:,} reports", allowed=f"at most {MOST_REPORTS:,}"
        )
    for chosen in itertools.product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def _check_keys(name: str, report: Any, values: Mapping[str, Sequence[str]]) -> None:
    """Raise ``ConfigError`` for a key that stands nowhere: it is misspelt here or there."""
    texts = json.dumps([name, {key: value for key, value in report.items() if key != MATRIX}], default=str) if values else ""
    for key in values:
        if len(values) > 1 and f"{{{key}}}" not in texts:
            raise ConfigError(
                "matrix-unused-key",
                f"reports.{name}: {{{key}}} of its matrix stands in none of its texts",
                todo=f"write {{{key}}} where its values belong, or take it out",
            )


def _name(text: str, chosen: Mapping[str, str]) -> str:
    filled = _filled_in(text, chosen)
    return report_name(filled if filled != text else "-".join((text, *chosen.values())))


def _filled_in(value: Any, chosen: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub(r"\{([^{}]+)\}", lambda match: chosen.get(match[1], match[0]), value)
    if isinstance(value, Mapping):
        return {_filled_in(key, chosen): _filled_in(inner, chosen) for key, inner in value.items()}
    return [_filled_in(inner, chosen) for inner in value] if isinstance(value, list) else value

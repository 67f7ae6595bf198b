"""What CI systems read of the gates besides ``junit.xml``: GitLab's code quality list and OpenMetrics text.

Both are made from the report alone. Names from a store stand in them as text: quoted as each format wants it, without control
characters.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from typing import Any

from reportgen.formats import one_line
from reportgen.model import Gate, GateState, Report

_LONGEST = 500
_SEVERITIES: Mapping[GateState, str] = {"FAIL": "blocker", "INCONCLUSIVE": "major", "NO_DATA": "critical"}


def code_quality(report: Report, config_file: str, gate_lines: Mapping[str, int]) -> list[dict[str, Any]]:
    """GitLab's code quality list (``artifacts: reports: codequality``): one entry for each gate that did not pass, at the config.

    A fingerprint is of report and gate, so that GitLab sees what is new in a merge request and what was there before.
    """
    return [
        {
            "description": one_line(f"{gate.name}: {gate.sentence}", _LONGEST),
            "check_name": "reportgen",
            "fingerprint": fingerprint(report.name, gate.name),
            "severity": _SEVERITIES[gate.state] if gate.fails else "info",
            "location": {"path": config_file, "lines": {"begin": line_of(gate, gate_lines)}},
        }
        for gate in report.gates
        if gate.state != "PASS"
    ]


def fingerprint(report: str, gate: str) -> str:
    """What the list calls ``gate`` of ``report``."""
    return hashlib.sha256(f"{report}\0{gate}".encode("utf-8", "replace")).hexdigest()


def line_of(gate: Gate, lines: Mapping[str, int]) -> int:
    """Where a gate stands in the config; of a report over several projects its name there is without the project's."""
    return next((lines[name] for name in (gate.name, gate.name.rpartition(": ")[2], "") if name in lines), 1)


def open_metrics(report: Report, exit_code: int) -> str:
    """OpenMetrics text (``artifacts: reports: metrics``, or a Prometheus file collector): gates, headline numbers, exit code."""
    own = {"report": report.name}
    gates = [(own | {"gate": one_line(gate.name, 200)}, gate) for gate in report.gates]
    numbers = [(name, value) for name, value in sorted(report.metrics.items()) if not name.startswith("best/")]
    bests = [
        (own | {"metric": one_line(name.removeprefix("best/"), 250)}, value)
        for name, value in report.metrics.items()
        if name.startswith("best/")
    ]
    families = (
        ("gate_passed", "1 for a gate that passed, else 0.", [(at, float(gate.state == "PASS")) for at, gate in gates]),
        ("gate_fails", "1 for a gate that fails the build, else 0.", [(at, float(gate.fails)) for at, gate in gates]),
        ("gate_value", "The value that was judged.", _known(gates, "value")),
        ("gate_threshold", "The bound that it was held against.", _known(gates, "threshold")),
        ("best", "The best value of a metric.", sorted(bests, key=lambda one: one[0]["metric"])),
        ("count", "Counts of runs, gates and problems.", [(own | {"of": name.removeprefix("n_")}, v) for name, v in numbers]),
        ("exit_code", "What the report asks for: 0, 3 (something is missing) or 5 (a gate failed).", [(own, float(exit_code))]),
    )
    return "".join(_family(f"reportgen_{name}", words, samples) for name, words, samples in families) + "# EOF\n"


def _known(gates: Iterable[tuple[dict[str, str], Gate]], field: str) -> list[tuple[dict[str, str], float]]:
    return [(at, value) for at, gate in gates if (value := getattr(gate, field)) is not None]


def _family(name: str, words: str, samples: Iterable[tuple[Mapping[str, str], float]]) -> str:
    """One metric family; "" without a sample. Names that two samples share count once."""
    rows = {",".join(f'{key}="{_quoted(text)}"' for key, text in at.items()): value for at, value in samples}
    if not rows:
        return ""
    lines = [f"# TYPE {name} gauge", f"# HELP {name} {words}", *(f"{name}{{{at}}} {_number(v)}" for at, v in rows.items())]
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    if math.isfinite(value):
        return repr(float(value))
    return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"

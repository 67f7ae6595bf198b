"""``verdict.json`` and ``junit.xml``: the decisions of a report for machines.

``verdict.json`` holds gates, verdicts and counts with their values; ``junit.xml`` has one case for each gate, so that any
CI shows them without a plug-in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from reportgen.formats import visible
from reportgen.model import Gate, Report, Verdict
from reportgen.outcomes import GATE_WORDS
from reportgen.render.bundle import exit_code_of, json_bytes
from reportgen.render.options import Draft, Output
from reportgen.render.outputs import FILES
from reportgen.render.walk import blocks_of, of_kind

SCHEMA = "reportgen-verdict/1"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gate_files(draft: Draft) -> Output:
    return Output({FILES["verdict"]: verdict_json(draft), FILES["junit"]: junit_xml(draft.report)})


def verdict_json(draft: Draft) -> bytes:
    """Gates, verdicts, counts and problems, with the exit code that they ask for."""
    report = draft.report
    return json_bytes(
        {
            "schema": SCHEMA,
            "report": report.name,
            "title": report.title,
            "date": report.generated_at,
            "headline": report.headline,
            "exit_code": exit_code_of(report, draft.problems),
            "snapshot_digest": report.provenance.snapshot_digest,
            "decision": report.decision,
            "gates": report.gates,
            "verdicts": [
                {"section": section.id, "verdict": block}
                for section in report.sections
                for block in of_kind(blocks_of(section.blocks), Verdict)
            ],
            "metrics": dict(report.metrics),
            "problems": draft.problems,
        }
    )


def junit_xml(report: Report) -> bytes:
    """One suite with a case for each gate: FAIL and INCONCLUSIVE are failures, NO_DATA an error; what only warns is skipped."""
    count: dict[str, int] = {state: sum(gate.state == state and not gate.warns for gate in report.gates) for state in GATE_WORDS}
    count |= {"FAIL": count["FAIL"] + count["INCONCLUSIVE"], "skipped": sum(gate.warns for gate in report.gates)}
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites tests="{len(report.gates)}" failures="{count["FAIL"]}" errors="{count["NO_DATA"]}">',
        _suite(report, count),
        *_properties(report),
        *(row for gate in report.gates for row in _case(report, gate)),
        "</testsuite>",
        "</testsuites>",
    ]
    return ("\n".join(rows) + "\n").encode()


def _suite(report: Report, count: Mapping[str, int]) -> str:
    counted = f'tests="{len(report.gates)}" failures="{count["FAIL"]}" errors="{count["NO_DATA"]}" skipped="{count["skipped"]}"'
    return f'<testsuite name={_attribute(report.name)} {counted} timestamp="{report.generated_at:%Y-%m-%dT%H:%M:%S}">'


def _properties(report: Report) -> tuple[str, ...]:
    """A person's decision; it changes no case."""
    decision = report.decision
    if decision is None:
        return ()
    pairs = (
        ("decision", decision.decision),
        ("decided_by", decision.by),
        ("decided_on", decision.on),
        ("decided_because", decision.because),
    )
    rows = "".join(f"<property name={_attribute(name)} value={_attribute(value)}/>" for name, value in pairs if value)
    return (f"<properties>{rows}</properties>",)


def _case(report: Report, gate: Gate) -> tuple[str, ...]:
    head = f"<testcase classname={_attribute('reportgen.' + report.name)} name={_attribute(gate.name)}"
    message = _attribute(gate.sentence)
    match gate.state:
        case "PASS":
            return (f"{head}><system-out>{_text(gate.sentence)}</system-out></testcase>",)
        case "FAIL":
            return (f'{head}><failure type="gate" message={message}>{_text(_numbers(gate))}</failure></testcase>',)
        case "INCONCLUSIVE" | "NO_DATA" if gate.warns:
            return (f"{head}><skipped message={message}/></testcase>",)
        case "NO_DATA":
            return (f'{head}><error type="no-data" message={message}>{_text(_numbers(gate))}</error></testcase>',)
        case "INCONCLUSIVE":
            return (f'{head}><failure type="inconclusive" message={message}>{_text(_numbers(gate))}</failure></testcase>',)


def _numbers(gate: Gate) -> str:
    run = f", run {gate.run.name} ({gate.run.run_id})" if gate.run else ""
    return f"{gate.metric}: value {gate.value!r}, threshold {gate.threshold!r}{run}"


def _attribute(text: str) -> str:
    return quoteattr(_xml(text).replace("\n", " "))


def _text(text: str) -> str:
    return escape(_xml(text))


def _xml(text: str) -> str:
    return _NOT_XML.sub(" ", visible(text))

"""``verdict.json``, ``junit.xml`` and the files of ``ci_files``: the decisions of a report for machines.

``verdict.json`` holds gates, verdicts and counts with their values; its keys are described by ``docs/schemas/verdict.json``.
``junit.xml`` has one case for each gate, and for each scorer of compared evaluations, so that any CI shows them without a plug-in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC
from xml.sax.saxutils import escape, quoteattr

from reportgen.formats import visible
from reportgen.model import Gate, Outcome, Report, Verdict, VerdictPart
from reportgen.render.bundle import exit_code_of, json_bytes
from reportgen.render.ci_files import code_quality, open_metrics
from reportgen.render.options import Draft, Output
from reportgen.render.outputs import FILES
from reportgen.render.plain import plain
from reportgen.render.walk import all_blocks, blocks_of, of_kind

SCHEMA = "reportgen-verdict/1"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gate_files(draft: Draft) -> Output:
    report = draft.report
    exit_code = exit_code_of(report, draft.problems)
    return Output(
        {
            FILES["verdict"]: verdict_json(draft),
            FILES["junit"]: junit_xml(report),
            FILES["code_quality"]: json_bytes(code_quality(report, draft.options.config_file, draft.options.gate_lines)),
            FILES["metrics"]: open_metrics(report, exit_code).encode(),
        }
    )


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
            "language": report.language,
            "exit_code": exit_code_of(report, draft.problems),
            "snapshot_digest": report.provenance.snapshot_digest,
            "decision": report.decision,
            "gates": [plain(gate) | {"fails": gate.fails} for gate in report.gates],
            "last_report": report.last_report or None,
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
    """One suite with a case for each gate: FAIL and INCONCLUSIVE are failures, NO_DATA an error; what only warns, or is waived, is
    skipped. A scorer of compared evaluations is a case: worse is a failure, too few rows are skipped."""
    parts = [(block, part) for block in of_kind(all_blocks(report), Verdict) for part in block.parts]
    count = Counter([*(_verdict(gate) for gate in report.gates), *(_PARTS.get(part.outcome, "") for _, part in parts)])
    counted = f'tests="{len(report.gates) + len(parts)}" failures="{count["failure"]}" errors="{count["error"]}"'
    more = f'skipped="{count["skipped"]}" timestamp="{report.generated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"'
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites {counted}>",
        f"<testsuite name={_attribute(report.name)} {counted} {more}>",
        *_properties(report),
        *(_case(report, gate) for gate in report.gates),
        *(_part_case(report, block, part) for block, part in parts),
        "</testsuite>",
        "</testsuites>",
    ]
    return ("\n".join(rows) + "\n").encode()


def _verdict(gate: Gate) -> str:
    """The element of JUnit's format that says how a case ended; "" for one that passed."""
    if not gate.fails:
        return "" if gate.state == "PASS" else "skipped"
    return "error" if gate.state == "NO_DATA" else "failure"


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


_TYPES = {"FAIL": "gate", "INCONCLUSIVE": "inconclusive", "NO_DATA": "no-data"}


def _case(report: Report, gate: Gate) -> str:
    head = f"<testcase classname={_attribute('reportgen.' + report.name)} name={_attribute(gate.name)}"
    message = _attribute(gate.sentence)
    match _verdict(gate):
        case "":
            return f"{head}><system-out>{_text(gate.sentence)}</system-out></testcase>"
        case "skipped":
            return f"{head}><skipped message={message}/></testcase>"
        case element:
            told = f'type="{_TYPES[gate.state]}" message={message}>{_text(_numbers(gate))}'
            return f"{head}><{element} {told}</{element}></testcase>"


_PARTS: Mapping[Outcome, str] = {"worse": "failure", "too_few": "skipped", "incomparable": "skipped"}
"""Outcome of a scorer → the element of its case; all others passed."""


def _part_case(report: Report, block: Verdict, part: VerdictPart) -> str:
    classname = _attribute(f"reportgen.{report.name}.scorers")
    head = f"<testcase classname={classname} name={_attribute(f'{part.name}: {block.title}')}"
    match _PARTS.get(part.outcome):
        case "failure":
            return f'{head}><failure type="regression" message={_attribute(part.sentence)}/></testcase>'
        case "skipped":
            return f"{head}><skipped message={_attribute(part.sentence)}/></testcase>"
        case _:
            return f"{head}><system-out>{_text(part.sentence)}</system-out></testcase>"


def _numbers(gate: Gate) -> str:
    run = f", run {gate.run.name} ({gate.run.run_id})" if gate.run else ""
    return f"{gate.metric}: value {gate.value!r}, threshold {gate.threshold!r}{run}"


def _attribute(text: str) -> str:
    return quoteattr(_xml(text).replace("\n", " "))


def _text(text: str) -> str:
    return escape(_xml(text))


def _xml(text: str) -> str:
    return _NOT_XML.sub(" ", visible(text))

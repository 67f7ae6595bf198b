"""The outcome of one job, and its exit code."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.errors import EXIT_COMPLETE, EXIT_DELIVERY, EXIT_GATE, EXIT_PARTIAL, Problem
from reportgen.formats import listed, plural
from reportgen.model import Decision, Gate, Verdict
from reportgen.render.walk import all_blocks, of_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.model import Report
    from reportgen.publish import Receipt
    from reportgen.render.bundle import Bundle
    from reportgen.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Answer:
    """What a report answers whoever ran the job; a bundle that still stands answers the same again (``last_build``)."""

    headline: str
    verdicts: tuple[Verdict, ...]
    """Without their pictures."""
    gates: tuple[Gate, ...]
    problems: tuple[Problem, ...]
    decision: Decision | None = None

    @classmethod
    def of(cls, report: Report) -> Answer:
        verdicts = tuple(replace(verdict, chart=None) for verdict in of_kind(all_blocks(report), Verdict))
        return cls(report.headline, verdicts, report.gates, report.problems, report.decision)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one job."""

    name: str
    folder: Path
    digest: str
    headline: str
    n_runs: int
    n_points: int
    verdicts: tuple[Verdict, ...]
    gates: tuple[Gate, ...]
    problems: tuple[Problem, ...]
    receipts: tuple[Receipt, ...]
    decision: Decision | None = None
    """What a person decided on it."""

    @property
    def files(self) -> dict[str, Path]:
        """The files of the bundle that have a name of their own, as far as they were made."""
        from reportgen.render.bundle import MANIFEST
        from reportgen.render.outputs import FILES

        paths = {name: self.folder / path for name, path in [*FILES.items(), ("manifest", MANIFEST)]}
        return {name: path for name, path in paths.items() if path.is_file()}

    def _repr_html_(self) -> str:
        """The report in a notebook: its page in a frame of its own, else its headline."""
        return page_in_frame(self.folder / "report.html") or f"<p>{escape(self.headline)}</p>"

    @property
    def failed_gates(self) -> tuple[Gate, ...]:
        """Those that make the exit code 5."""
        return tuple(gate for gate in self.gates if gate.fails)

    @property
    def exit_code(self) -> int:
        """The gravest of gate, delivery and gap; the bundle is written whatever it says.

        A failed gate comes first: who repeats a delivery must not turn it green.
        """
        if self.failed_gates:
            return EXIT_GATE
        if any(receipt.state == "failed" for receipt in self.receipts):
            return EXIT_DELIVERY
        return EXIT_PARTIAL if any(problem.severity == "gap" for problem in self.problems) else EXIT_COMPLETE

    @property
    def reason(self) -> str:
        """Why the exit code is not 0, for the last line of a log; "" when it is."""
        match self.exit_code:
            case 5:
                what = f"{len(self.failed_gates)} of {plural(len(self.gates), 'gate')} not passed"
                return f"{what}: {listed([f'{gate.name} ({gate.state})' for gate in self.failed_gates], 10)}"
            case 6:
                return f"not delivered: {listed([f'{r.channel}, {r.where}' for r in self.receipts if r.state == 'failed'])}"
            case 3:
                gaps = [problem for problem in self.problems if problem.severity == "gap"]
                return f"{plural(len(gaps), 'gap')}: {listed([f'{gap.where} ({gap.slug})' for gap in gaps], 5)}"
        return ""


def outcome_of(answer: Answer, snapshot: Snapshot, bundle: Bundle, receipts: Sequence[Receipt]) -> Outcome:
    """The outcome of a delivered report; the first of ``receipts`` is the output folder's."""
    problems = (
        *answer.problems,
        *snapshot.asides,
        *bundle.problems,
        *(receipt.problem for receipt in receipts if receipt.problem),
    )
    return Outcome(
        name=bundle.name,
        folder=Path(receipts[0].where),
        digest=bundle.digest,
        headline=answer.headline,
        n_runs=snapshot.runs.num_rows,
        n_points=snapshot.history.n_points,
        verdicts=answer.verdicts,
        gates=answer.gates,
        problems=tuple(dict.fromkeys(problems)),
        receipts=tuple(receipts),
        decision=answer.decision,
    )


def outcome_facts(outcome: Outcome) -> dict[str, Any]:
    """``outcome`` for ``--json``."""
    return {
        "name": outcome.name,
        "exit_code": outcome.exit_code,
        "folder": str(outcome.folder),
        "files": {name: str(path) for name, path in outcome.files.items()},
        "digest": outcome.digest,
        "reason": outcome.reason,
        "headline": outcome.headline,
        "n_runs": outcome.n_runs,
        "n_points": outcome.n_points,
        "verdicts": [{"title": v.title, "outcome": v.outcome, "sentence": v.sentence} for v in outcome.verdicts],
        "gates": [
            {
                "name": g.name,
                "state": g.state,
                "fails": g in outcome.failed_gates,
                "sentence": g.sentence,
                "metric": g.metric,
                "value": g.value,
                "threshold": g.threshold,
            }
            for g in outcome.gates
        ],
        "decision": asdict(outcome.decision) if outcome.decision else None,
        "problems": problem_facts(outcome.problems),
        "deliveries": [{"channel": r.channel, "state": r.state, "where": r.where} for r in outcome.receipts],
    }


def problem_facts(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """``problems`` for ``--json``."""
    return [{"slug": p.slug, "severity": p.severity, "where": p.where, "what": p.what, "todo": p.todo} for p in problems]


def page_in_frame(page: Path) -> str:
    """An HTML page as a frame that may run its own scripts and reach nothing else; "" where there is no page."""
    if not page.is_file():
        return ""
    text = escape(page.read_text("utf-8"), quote=True)
    return f'<iframe srcdoc="{text}" sandbox="allow-scripts" style="width: 100%; height: 48em; border: 0"></iframe>'

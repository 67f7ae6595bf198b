"""The comment under a pull request: the decision first, what failed, what changed, and where to read on.

It is made from ``verdict.json`` of finished bundles, so that it says what they say. It holds a mark that no reader sees: by it the
next build finds the comment and writes it anew instead of adding one. What does not fit is left out in whole parts, from the end, and named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.ci import CiFacts
from reportgen.errors import SourceError
from reportgen.formats import one_line
from reportgen.locales import ENGLISH, UTC_NAME, language_of
from reportgen.outcomes import GATE_TONES, OUTCOMES
from reportgen.render.markdown import Part, code, escaped, fitting, strong
from reportgen.render.outputs import FILES
from reportgen.words import Words, told

MOST_ROWS = 20
"""Gates of one table; the others are counted."""
_MOST_VERDICTS = 3
_SENTENCE = 700
_VERDICT_KEYS = {"report": str, "headline": str, "gates": list, "verdicts": list, "problems": list, "metrics": dict}


@dataclass(frozen=True, slots=True)
class Decided:
    """What ``verdict.json`` of one bundle says."""

    name: str
    title: str
    day: str
    headline: str
    gates: tuple[Mapping[str, Any], ...]
    verdicts: tuple[Mapping[str, Any], ...]
    problems: tuple[Mapping[str, Any], ...]
    last_report: str
    decision: Mapping[str, Any] = field(default_factory=dict)
    """A person's decision; empty where nobody has decided."""
    language: str = ENGLISH

    @property
    def failed(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(gate for gate in self.gates if gate["fails"])

    @property
    def gaps(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(problem for problem in self.problems if problem.get("severity") == "gap")

    @property
    def flips(self) -> tuple[Mapping[str, Any], ...]:
        """Gates that decided otherwise in the last report."""
        return tuple(gate for gate in self.gates if gate.get("before") and gate["before"] != gate["state"])


def decided(folder: Path) -> Decided:
    """What the bundle in ``folder`` decided. Raises ``SourceError`` when it says nothing of that."""
    path = folder / FILES["verdict"]
    try:
        kept: Any = json.loads(path.read_bytes())
        if all(isinstance(kept[key], kind) for key, kind in _VERDICT_KEYS.items()) and all(
            "fails" in gate for gate in kept["gates"]
        ):
            return Decided(
                kept["report"],
                str(kept.get("title") or kept["report"]),
                str(kept.get("date", ""))[:10],
                kept["headline"],
                tuple(kept["gates"]),
                tuple(one["verdict"] for one in kept["verdicts"]),
                tuple(kept["problems"]),
                str(kept.get("last_report") or ""),
                kept["decision"] if isinstance(kept.get("decision"), dict) else {},
                language_of(kept.get("language")),
            )
    except FileNotFoundError:
        todo = "name the folder that `reportgen check` or `reportgen build` wrote; with --format, let gates be among the outputs"
        raise SourceError("no-verdict", f"there is no {FILES['verdict']} in {folder}", todo=todo) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise SourceError("verdict-damaged", f"{path} cannot be read", todo="check or build again")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment and what it is known by."""

    mark: str
    """Its first line, which no reader sees."""
    state: str
    """Changes when a gate or a verdict does."""
    body: str
    is_news: bool
    """Whether anything failed, is missing, or is other than in the last report."""


def mark_of(key: str) -> str:
    """The mark of the comments ``key``; text that could end it is left out of it."""
    return f"<!-- reportgen: {''.join(c for c in key if c.isalnum() or c in ' ,._-')[:200]} -->"


def comment_of(reports: Sequence[Decided], most: int, *, key: str = "", ci: CiFacts | None = None, link: str = "") -> Comment:
    """The comment about ``reports`` in at most ``most`` characters; ``link`` leads to the whole report.

    Reports in several languages are told of in English.
    """
    languages = {one.language for one in reports}
    with told(languages.pop() if len(languages) == 1 else ENGLISH, UTC_NAME):
        return _comment_of(reports, most, key=key, ci=ci, link=link)


def _comment_of(reports: Sequence[Decided], most: int, *, key: str, ci: CiFacts | None, link: str) -> Comment:
    say = Words()
    ordered = sorted(reports, key=lambda one: (not one.failed, not one.gaps, one.name))
    mark, state = mark_of(key or ", ".join(sorted(one.name for one in reports))), _state(reports)
    foot = _foot(ordered, ci, link)
    heads = {one.name: _head(one) for one in ordered}
    fixed = (mark, f"<!-- reportgen-state: {state} -->", *heads.values(), foot)
    parts = [part for rank in range(_RANKS) for one in ordered if (part := _part(one, rank)) is not None]
    _, left_out = fitting(parts, most - sum(len(text) + 2 for text in fixed) - 300)
    lines = ["\n".join(fixed[:2])]
    for one in ordered:
        own = (part.text for part in parts if part not in left_out and part.report == one.name)
        lines += [heads[one.name], *own]
    if left_out:
        names = say.listed([part.name for part in left_out], 8)
        lines.append(f"*{say('comment-left-out', names=escaped(names))}*")
    is_news = any(one.failed or one.gaps or one.flips for one in reports)
    return Comment(mark, state, "\n\n".join((*lines, foot)) + "\n", is_news)


def _state(reports: Sequence[Decided]) -> str:
    told = [
        [
            one.name,
            [[gate.get("name"), gate.get("state"), gate["fails"]] for gate in one.gates],
            [[verdict.get("title"), verdict.get("outcome")] for verdict in one.verdicts],
            [problem.get("slug") for problem in one.gaps],
        ]
        for one in sorted(reports, key=lambda one: one.name)
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _head(one: Decided) -> str:
    """The decision and what it is about, in two lines."""
    say, title = Words(), escaped(one_line(one.title, 200))
    n, failed, waived = len(one.gates), len(one.failed), sum(_is_waived(gate) for gate in one.gates)
    if failed:
        return f"### ❌ {say('comment-failed', title=title, failed=failed, n=n)}"
    if one.gaps:
        return f"### ⚠️ {say('comment-gaps', title=title, n=len(one.gaps))}"
    if waived:
        return f"### ⚠️ {say('comment-waived', title=title, waived=waived, n=n)}"
    return f"### ✅ {say('comment-passed', title=title, n=n)}"


_RANKS = 7


@dataclass(frozen=True, slots=True)
class ReportPart(Part):
    report: str


def _part(one: Decided, rank: int) -> ReportPart | None:
    """The part of this rank; the lower the rank, the later it is left out."""
    name, text = (
        lambda: ("failed", _table(one.failed)),
        lambda: ("decision", _decision(one)),
        lambda: ("changes", _changes(one)),
        lambda: ("headline", escaped(one_line(one.headline, 600)) if one.headline else ""),
        lambda: ("verdicts", _verdicts(one)),
        lambda: ("gaps", _gaps(one)),
        lambda: ("others", _others(one)),
    )[rank]()
    say = Words()
    return ReportPart(say("comment-part", name=one.name, part=name), text, one.name) if text else None


def _table(gates: Sequence[Mapping[str, Any]]) -> str:
    say = Words()
    if not gates:
        return ""
    rows = [
        f"| {strong(_name(gate))} | {escaped(one_line(str(gate.get('sentence', '')), _SENTENCE))} |" for gate in gates[:MOST_ROWS]
    ]
    more = f"\n\n*{say('comment-more-gates', n=len(gates) - MOST_ROWS)}*" if len(gates) > MOST_ROWS else ""
    return "\n".join((f"| {say('comment-gate')} | {say('comment-found')} |", "|---|---|", *rows)) + more


def _name(gate: Mapping[str, Any]) -> str:
    return one_line(str(gate.get("name", "")), 120)


def _decision(one: Decided) -> str:
    if not one.decision.get("decision"):
        return ""
    by, because = (one_line(str(one.decision.get(key) or ""), 300) for key in ("by", "because"))
    say = Words()
    return say(
        "comment-decided",
        decision=strong(one_line(str(one.decision["decision"]), 60)),
        by=say("comment-decided-by", who=escaped(by)) if by else "",
        because=say("comment-decided-because", reason=escaped(because)) if because else "",
    )


def _changes(one: Decided) -> str:
    if not one.flips:
        return ""
    say = Words()
    flips = [
        say("comment-flip", gate=strong(_name(gate)), before=_word(gate["before"]), now=_word(gate["state"]))
        for gate in one.flips[:MOST_ROWS]
    ]
    return say("comment-since", day=escaped(one.last_report), changes=say("list-separator").join(flips))


def _word(state: Any) -> str:
    say = Words()
    return say("page-gate-words", state=state) if state in GATE_TONES else escaped(str(state))


def _verdicts(one: Decided) -> str:
    say, shown = Words(), []
    for verdict in one.verdicts[:_MOST_VERDICTS]:
        outcome = next((outcome for outcome in OUTCOMES if outcome == verdict.get("outcome")), None)
        sign = f"{OUTCOMES[outcome].sign} {say('page-outcome', outcome=outcome)}" if outcome else "?"
        shown.append(f"- **{sign}**: {escaped(one_line(str(verdict.get('sentence', '')), _SENTENCE))}")
    more = len(one.verdicts) - len(shown)
    return "\n".join(shown) + (f"\n\n*{say('comment-more-comparisons', n=more)}*" if more > 0 else "")


def _gaps(one: Decided) -> str:
    words = [f"{one_line(str(gap.get('where', '')), 80)} ({gap.get('slug', '')})" for gap in one.gaps]
    say = Words()
    return say("comment-missing", gaps=escaped(say.listed(words, 5))) if words else ""


def _others(one: Decided) -> str:
    """The gates that do not fail, folded away."""
    others = [gate for gate in one.gates if not gate["fails"]]
    if not others:
        return ""
    n_waived = sum(_is_waived(gate) for gate in others)
    n_open = sum(gate["state"] != "PASS" for gate in others) - n_waived
    counts = {"passed": len(others) - n_waived - n_open, "waived": n_waived, "undecided": n_open}
    say = Words()
    said = say.listed([say("comment-count", kind=kind, n=n) for kind, n in counts.items() if n])
    return f"<details><summary>{said}</summary>\n\n{_table(others)}\n\n</details>"


def _is_waived(gate: Mapping[str, Any]) -> bool:
    waiver = gate.get("waiver")
    return isinstance(waiver, Mapping) and not waiver.get("expired")


def _foot(reports: Sequence[Decided], ci: CiFacts | None, link: str) -> str:
    """Where to read on, and what was judged."""
    say = Words()
    links = [(say("comment-report"), link), (say("comment-job"), ci.job_url if ci else "")]
    words = [f"[{name}](<{_address(url)}>)" for name, url in links if url.startswith(("https://", "http://"))]
    commit = (ci.head_commit or ci.commit) if ci else ""
    words += [say("comment-commit", commit=code(commit[:10]))] if commit else []
    words += [say("comment-data", day=escaped(max(one.day for one in reports)))] if reports else []
    return f"<sub>{' · '.join([*words, 'reportgen'])}</sub>"


def _address(url: str) -> str:
    """``url`` as a link in angle brackets may hold it."""
    return "".join(c for c in one_line(url, 2000) if c not in "<>\\ ")

"""Reports of the past, as their bundles say: what a site of them lists, and what differs between two of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.errors import Problem, SourceError
from reportgen.formats import one_line
from reportgen.locales import language_of
from reportgen.redaction import public_text
from reportgen.render.bundle import MANIFEST
from reportgen.render.outputs import FILES
from reportgen.render.site import PastReport

if TYPE_CHECKING:
    from reportgen.collect.reading import Reading
    from reportgen.publish.mlflow import Target

_BUNDLE = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{10}")


def past_reports(folder: Path) -> tuple[PastReport, ...]:
    """Every bundle of every report in the output folder, oldest first; of one day in the order in which they were written.

    A bundle that cannot be read is passed over: whoever deletes or damages one must not lose the site of the others.
    """
    found: list[tuple[str, int, PastReport]] = []
    for place in sorted(folder.glob("*/*")) if folder.is_dir() else ():
        if _BUNDLE.fullmatch(place.name) and place.is_dir() and not place.is_symlink():
            try:
                at = (place / MANIFEST).stat().st_mtime_ns
                found.append((place.name[:10], at, past_report(place, f"{place.parent.name}/{place.name}")))
            except (SourceError, OSError):
                continue
    return tuple(one for *_, one in sorted(found, key=lambda row: (row[0], row[1], row[2].digest)))


def published_reports(
    targets: Sequence[Target], name: str, folder: Path, reading: Reading
) -> tuple[tuple[PastReport, ...], tuple[Problem, ...]]:
    """The reports ``name`` that ``targets`` hold, oldest first, each linked to its run's page; and a warning for what cannot be read."""
    from reportgen.collect.report_runs import report_runs
    from reportgen.collect.run_pages import run_page
    from reportgen.publish.previous_run import fetched

    found: list[PastReport] = []
    problems: list[Problem] = []
    for target in targets:
        try:
            runs = report_runs(target.tracking_uri, target.experiment, name, _ANY_DAY, reading)
        except SourceError as error:
            problems.append(_unread(f"MLflow experiment {one_line(target.experiment, 60)}", error))
            continue
        for run in reversed(runs):
            page = run_page(target.tracking_uri, run.row["experiment_id"], run.run_id)
            try:
                found.append(past_report(fetched(target.tracking_uri, run, folder, [FILES["verdict"]]), page or "", is_page=True))
            except SourceError as error:
                problems.append(_unread(f"report run {run.run_id}", error))
    return tuple(found), tuple(problems)


def _unread(where: str, error: SourceError) -> Problem:
    what = f"A past report cannot be read: {one_line(public_text(error.what), 300)}"
    return Problem("past-report-unread", where, what, "see that the job may read it", "warning")


_ANY_DAY = "9999-12-31"


def past_report(folder: Path, where: str = "", *, is_page: bool = False) -> PastReport:
    """The bundle in ``folder``, which a site reaches by the path ``where``, or which has the page ``where``. Raises ``SourceError`` when
    it is none."""
    pages = [FILES[name] for name in ("site", "html", "pdf", "markdown") if (folder / FILES[name]).is_file()]
    manifest = _read(folder / MANIFEST)
    verdict = _read(folder / FILES["verdict"]) if (folder / FILES["verdict"]).is_file() else {}
    try:
        report, decision = manifest["report"], verdict.get("decision") or manifest.get("decision") or {}
        verdicts = [one["verdict"] for one in verdict.get("verdicts", ())]
        return PastReport(
            name=str(report["name"]),
            title=str(report.get("title") or report["name"]),
            day=str(report["date"])[:10],
            digest=str(manifest["digest"]),
            href=where if is_page else f"{where}/{pages[0]}" if pages else "",
            headline=str(report.get("headline", "")),
            gates=tuple((str(gate["name"]), str(gate["state"])) for gate in manifest["gates"]),
            waived=frozenset(str(gate["name"]) for gate in manifest["gates"] if _holds(gate.get("waiver"))),
            numbers=tuple(sorted((str(key), float(value)) for key, value in manifest["metrics"].items() if _is_number(value))),
            verdicts=tuple((str(one["title"]), str(one["outcome"]), str(one["sentence"])) for one in verdicts),
            problems=tuple(sorted({(str(one["where"]), str(one["slug"])) for one in manifest["problems"]})),
            decision=str(decision.get("decision", "")),
            owner=str(decision.get("by", "")),
            reason=str(decision.get("because", "")),
            exit_code=int(manifest["exit_code"]),
            config_digest=str(manifest["config_digest"]),
            language=language_of(report.get("language")),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise SourceError("bundle-damaged", f"what is in {folder} cannot be read", todo="build the report again") from None


def _holds(waiver: Any) -> bool:
    return isinstance(waiver, dict) and not waiver.get("expired")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise SourceError(
            "no-bundle", f"there is no bundle in {path.parent}", todo=f"name the folder that holds {MANIFEST}"
        ) from None
    except (OSError, ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict):
        raise SourceError("bundle-damaged", f"{path} cannot be read", todo="build the report again")
    return kept


@dataclass(frozen=True, slots=True)
class Differing:
    """One thing that two reports say otherwise; "" or None where one of them does not have it."""

    what: str
    """gate, verdict, number, problem, run, decision or config."""
    name: str
    then: str | float | None
    now: str | float | None


def differences(old: Path, new: Path) -> tuple[Differing, ...]:
    """What the bundle ``new`` says otherwise than ``old``. Raises ``SourceError`` when one is no bundle."""
    then, now = past_report(old), past_report(new)
    found = [
        *_changed("gate", then.gates, now.gates),
        *_changed("verdict", [(title, outcome) for title, outcome, _ in then.verdicts], [(t, o) for t, o, _ in now.verdicts]),
        *_changed("number", then.numbers, now.numbers),
        *_changed(
            "problem",
            [(f"{w} ({slug})", "there") for w, slug in then.problems],
            [(f"{w} ({s})", "there") for w, s in now.problems],
        ),
        *_changed("run", _runs(old), _runs(new)),
        *_changed("decision", [("decision", then.decision)], [("decision", now.decision)]),
    ]
    if then.config_digest != now.config_digest:
        found.append(Differing("config", "config", then.config_digest[:12], now.config_digest[:12]))
    return tuple(found)


def _changed(what: str, then: Iterable[tuple[str, Any]], now: Iterable[tuple[str, Any]]) -> list[Differing]:
    a, b = dict(then), dict(now)
    return [Differing(what, name, a.get(name), b.get(name)) for name in dict.fromkeys([*b, *a]) if a.get(name) != b.get(name)]


def _runs(folder: Path) -> Sequence[tuple[str, str]]:
    """(name and id, status) of the runs that the report read; empty where it was written without its data."""
    file = folder / "data" / "runs.parquet"
    if not file.is_file():
        return ()
    import pyarrow as pa
    from pyarrow import parquet

    try:
        rows: list[Mapping[str, Any]] = parquet.read_table(file).select(["run_id", "name", "status"]).to_pylist()
    except (OSError, KeyError, pa.ArrowException):
        return ()
    return tuple((f"{row['name'] or 'run'} ({row['run_id'][:8]})", row["status"] or "") for row in rows)

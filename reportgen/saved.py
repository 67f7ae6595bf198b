"""What a bundle keeps so that its report can be made again without MLflow, and reading it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.ci import CiFacts
from reportgen.config import SINCE_LAST_REPORT, Config, LastTold, MetricConfig, ReportConfig, without_file
from reportgen.errors import ConfigError, SourceError
from reportgen.job import Job, jobs_of
from reportgen.narrative import FILE as NARRATIVE
from reportgen.narrative import Narrative, narrative_from, narrative_json

if TYPE_CHECKING:
    from reportgen.analyze.previous_report import PreviousReport
    from reportgen.snapshot import Snapshot

_CONFIG_FILE = "data/config.json"


def rebuild_files(job: Job) -> dict[str, bytes]:
    """Path in the bundle → content: all that a rebuild needs beside the snapshot."""
    from reportgen.publish.previous_bundle import FILE, since_json

    earlier = {FILE: since_json(job.earlier)} if job.earlier is not None else {}
    narrative = {NARRATIVE: narrative_json(job.narrative)} if job.narrative is not None else {}
    files = {_CONFIG_FILE: _config_json(job), **earlier, **narrative}
    return {path: job.redactor.within(content.decode()).encode() for path, content in files.items()}


def _config_json(job: Job) -> bytes:
    """What decides the report; connection fields, which may hold credentials, are left out."""
    ci = job.ci
    change = (
        {"commit": ci.commit, "head_commit": ci.head_commit, "branch": ci.branch, "tag": ci.tag, "pull_request": ci.pull_request}
        if ci
        else {}
    )
    kept = {
        "version": 1,
        "name": job.name,
        "date": job.now.isoformat(),
        **({"last": [job.last.day, job.last.until.isoformat()]} if job.last and job.report.window == SINCE_LAST_REPORT else {}),
        **({"change": change} if any(change.values()) else {}),
        "report": job.report.content(),
        "metrics": {key: value.model_dump(mode="json") for key, value in sorted(job.config.metrics.items())},
        **_look(job),
    }
    return (json.dumps(kept, indent=2) + "\n").encode()  # not sorted: the order of a comparison's groups means something


def _look(job: Job) -> dict[str, Any]:
    """The keys of the config that say how the report looks, where they are set; logos as data, since their files stay behind."""
    from reportgen.render.brand import brand_of, kept_brand

    config = job.config
    look: dict[str, Any] = {"paper": config.paper, "pdf_standard": config.pdf_standard}
    look = {key: value for key, value in look.items() if value != type(config).model_fields[key].default}
    if config.brand is not None:
        look["brand"] = kept_brand(config.brand, brand_of(config.brand, job.folder)).model_dump(mode="json", exclude_none=True)
    return look


@dataclass(frozen=True, slots=True)
class Saved:
    """A snapshot on disk with what a rebuild needs; name, config and date are None for a bare snapshot."""

    snapshot: Snapshot
    name: str | None
    config: Config | None
    now: datetime | None
    earlier: PreviousReport | None = None
    last: LastTold | None = None
    ci: CiFacts | None = None
    """The change that it was made for; None outside of a CI job."""
    narrative: Narrative | None = None
    """What a language model wrote about it, or that it did not."""
    config_file: str = ""
    """Where the config was, as its list of failed gates says; "" when it has none."""
    gate_lines: Mapping[str, int] = field(default_factory=dict)
    """Line there of each gate that did not pass, by its name."""

    def again(self, job: Job, *, runs_code: bool = False) -> Job:
        """``job`` as it was when the report was made, for making it again; what its config names as ``module:name`` is run only where
        that config did not come with the bundle."""
        if self.config_file and not job.gate_lines:
            job = replace(job, config_file=self.config_file, gate_lines=self.gate_lines)
        code = job.code if runs_code else None
        return replace(job, code=code, earlier=self.earlier, last=self.last, ci=self.ci, narrative=self.narrative, again=True)


def saved(folder: Path) -> Saved:
    """What lies in a bundle's folder, its ``data`` folder, or the folder of ``reportgen snapshot``.

    Raises ``SourceError`` when there is no snapshot in it, ``ConfigError`` when the saved config is damaged.
    """
    from reportgen.snapshot import Snapshot

    place = _snapshot_folder(folder)
    _check_data(folder)
    snapshot = Snapshot.load(place)
    file = next((p for p in (folder / _CONFIG_FILE, folder / "config.json", place / "config.json") if p.is_file()), None)
    if file is None:
        return Saved(snapshot, None, None, None)
    try:
        kept = json.loads(file.read_text("utf-8"))
        metrics = {key: MetricConfig.model_validate(value) for key, value in kept["metrics"].items()}
        look = {key: kept[key] for key in ("paper", "pdf_standard", "brand") if key in kept}
        config = Config(**look, metrics=metrics, reports={kept["name"]: ReportConfig.model_validate(kept["report"])})
        ci = CiFacts("", **{str(key): str(value) for key, value in kept["change"].items()}) if "change" in kept else None
        last = LastTold(str(kept["last"][0]), datetime.fromisoformat(kept["last"][1])) if "last" in kept else None
        day = datetime.fromisoformat(kept["date"])
        narrative = narrative_from(kept_text) if (kept_text := _kept_file(folder, place, NARRATIVE)) is not None else None
        return Saved(
            snapshot,
            kept["name"],
            config,
            day,
            _saved_earlier(folder, place),
            last,
            ci,
            narrative,
            *_gate_places(folder, kept["name"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigError("saved-config-damaged", f"{file} is damaged", todo="give the config with --config") from error


def job_again(
    kept: Saved,
    given: tuple[Config, Path] | None,
    report: str | None,
    output: Path | None,
    *,
    settings: Sequence[str] = (),
    formats: Sequence[str] | None = None,
    lock_seconds: float = 0.0,
) -> Job:
    """The job that makes ``report`` from ``kept``: of the config ``given`` with its folder, else of the bundle's own, which ``settings`` put aside."""
    if given is not None:
        wanted, root = given
    elif kept.config is not None and not settings:
        wanted, root = kept.config, Path()
    else:
        wanted, root = without_file([], None, settings=settings), Path()
    names = [report] if report else [kept.name] if kept.name in wanted.reports else list(wanted.reports)[:1]
    (job,) = jobs_of(
        wanted, root, [name for name in names if name], output, formats=formats, lock_seconds=lock_seconds, now=kept.now
    )
    return kept.again(job, runs_code=given is not None)


def _check_data(folder: Path) -> None:
    """Raise ``SourceError`` when the data of a bundle are not what its manifest says; other folders have none."""
    from reportgen.publish import changed_files
    from reportgen.render.bundle import MANIFEST

    if not (folder / MANIFEST).is_file() or not (folder / "data" / "runs.parquet").is_file():
        return
    changed = changed_files(folder, "data/")
    if changed:
        raise SourceError(
            "bundle-data-changed",
            f"the data in {folder} are not what the report was made from: {changed[0].where}: {changed[0].what}",
            todo="see `reportgen verify`; take the bundle from where it was delivered to",
        )


def _snapshot_folder(folder: Path) -> Path:
    from reportgen.render.bundle import MANIFEST

    places = (folder / "data" / "snapshot", folder / "snapshot", folder / "data", folder)
    place = next((p for p in places if (p / "runs.parquet").is_file()), None)
    if place is None and (folder / MANIFEST).is_file():
        raise SourceError(
            "bundle-without-data",
            f"the bundle {folder} was made without its data",
            todo="build it with `--format data,…`, or without --format",
        )
    if place is None:
        raise SourceError(
            "no-snapshot",
            f"there is no snapshot in {folder}",
            allowed="a bundle's folder, or the folder that `reportgen snapshot --output` wrote",
            todo="name the folder that holds runs.parquet",
        )
    return place


def _gate_places(folder: Path, name: str) -> tuple[str, dict[str, int]]:
    """Where the config was, and the lines in it of gates that did not pass: from the bundle's own list of them, so that no byte of a bundle
    says where it was made."""
    from reportgen.render.bundle import MANIFEST
    from reportgen.render.ci_files import fingerprint
    from reportgen.render.outputs import FILES

    try:
        listed = json.loads((folder / FILES["code_quality"]).read_bytes())
        places = {one["fingerprint"]: (str(one["location"]["path"]), int(one["location"]["lines"]["begin"])) for one in listed}
        gates = [gate["name"] for gate in json.loads((folder / MANIFEST).read_bytes())["gates"]]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return "", {}
    found = {gate: places[key] for gate in gates if (key := fingerprint(name, gate)) in places}
    return next((path for path, _ in found.values()), ""), {gate: line for gate, (_, line) in found.items()}


def _saved_earlier(folder: Path, place: Path) -> PreviousReport | None:
    from reportgen.publish.previous_bundle import FILE, since_from

    content = _kept_file(folder, place, FILE)
    return since_from(content) if content is not None else None


def _kept_file(folder: Path, place: Path, path: str) -> bytes | None:
    """What a bundle keeps at ``path``; ``folder`` may be its ``data`` folder as well."""
    file = next((p for p in (folder / path, place / Path(path).name) if p.is_file()), None)
    return None if file is None else file.read_bytes()

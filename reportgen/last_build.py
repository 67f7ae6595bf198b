"""The last build of a report, remembered in the cache: where nothing that it depends on has changed since, its bundle is the answer again.

    <cache>/builds/<hash of the report's folder>.json   what the bundle was made from, as one digest, and what was answered

Everything that decides a byte of the bundle is in that digest: what was read, the config, the day, the earlier report, the change that a CI
job is for, the files that the config names, the program and the libraries and fonts beside it. What cannot be known, such as the code of a
custom section or a language model, is never taken for unchanged. The bundle itself must be whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.errors import Problem, ReportError
from reportgen.job import Job
from reportgen.model import Decision, Gate, RunLink, Verdict, VerdictPart, Waiver
from reportgen.outcome import Answer
from reportgen.versions import versions

if TYPE_CHECKING:
    from reportgen.render import Bundle
    from reportgen.snapshot import Snapshot

FORMAT = "reportgen-build/1"
_FOLDER = "builds"
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
_OWN_FONTS = (".fonts", ".local/share/fonts", "Library/Fonts")


@dataclass(frozen=True, slots=True)
class LastBuild:
    """Where the last build of a report is remembered, and what the present one is made from."""

    file: Path
    inputs: str
    """Digest of everything that decides the bundle."""

    def found(self, folder: Path) -> tuple[Bundle, Answer] | None:
        """The bundle in ``folder`` that the same inputs made, and its answer; None where there is none, or it is not whole."""
        from reportgen.publish.report_facts import bundle_in

        try:
            kept = json.loads(self.file.read_bytes())
            if (kept["format"], kept["inputs"]) != (FORMAT, self.inputs):
                return None
            bundle = bundle_in(folder / Path(kept["bundle"]).name, data=False)
            return (bundle, _answer(kept["answer"])) if bundle.digest == kept["digest"] else None
        except (OSError, ValueError, LookupError, TypeError, RecursionError, ReportError):
            return None

    def remember(self, bundle: Bundle, place: Path, answer: Answer) -> None:
        """Keep that ``bundle`` in ``place`` came of these inputs, unless something failed while it was drawn: that may pass."""
        from reportgen.collect.cache.folder import Folder, Unusable

        if not set(bundle.problems) <= set(answer.problems):
            return
        kept = {"format": FORMAT, "inputs": self.inputs, "bundle": place.name, "digest": bundle.digest, "answer": asdict(answer)}
        with suppress(OSError, Unusable):  # then the next build makes it anew
            Folder(self.file.parent).prepared()
            new = self.file.with_suffix(f".{os.getpid()}")
            new.write_text(json.dumps(kept), "utf-8")
            new.replace(self.file)


def last_build(job: Job, snapshot: Snapshot, folder: Path) -> LastBuild | None:
    """Of the report in ``folder``; None where nothing is remembered, or not all that decides it can be known."""
    if job.cache is None or job.again or job.runs_own_code or job.report.narrative is not None:
        return None
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:32]
    sha = hashlib.sha256(FORMAT.encode())
    for fact in _inputs(job, snapshot):
        sha.update(hashlib.sha256(fact.encode("utf-8", "surrogatepass")).digest())
    return LastBuild(job.cache / _FOLDER / f"{name}.json", sha.hexdigest())


def _inputs(job: Job, snapshot: Snapshot) -> Iterator[str]:
    """Everything that decides the bundle, each as a text."""
    from reportgen.saved import rebuild_files

    yield snapshot.digest(texts=True)
    yield repr((snapshot.source, snapshot.sources, snapshot.selection, snapshot.problems, snapshot.unread))
    yield job.redactor.own(job.config.model_dump_json(exclude={"reports"}) + job.report.model_dump_json())
    yield repr((job.name, job.now, job.window, job.last, job.outputs, job.config_file, sorted(job.gate_lines.items())))
    yield repr((job.ci.change, sorted(job.ci.commits), job.ci.branch) if job.ci else None)
    for path, content in sorted(rebuild_files(job).items()):
        yield f"{path}\0{content.decode()}"
    yield repr([(folder, list(_contents(Path(folder)))) for folder in job.config.templates])
    yield repr([*versions(), *_installed()])
    yield repr([*_states(_own_folders()), *_states(_font_folders(), only_folders=True)])


def _contents(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()


def _installed() -> Iterator[str]:
    """Every distribution that can be imported, with its version, as its folder is called."""
    for place in map(Path, sys.path):
        with suppress(OSError):
            yield from sorted(path.name for path in place.iterdir() if path.name.endswith((".dist-info", ".egg-info")))


def _own_folders() -> Iterator[Path]:
    package = Path(__file__).resolve().parent
    yield from (package, package.parent / "web")


def _font_folders() -> Iterator[Path]:
    yield from map(Path, _FONTS)
    with suppress(RuntimeError):
        yield from (Path.home() / name for name in _OWN_FONTS)


def _states(folders: Iterable[Path], *, only_folders: bool = False) -> Iterator[tuple[str, int, int]]:
    """(path, size, time of the last change) of every file, or of every folder, which changes as files come and go."""
    for top in folders:
        for folder, names, files in os.walk(top):
            names[:] = sorted(name for name in names if name != "__pycache__")
            for path in [folder] if only_folders else sorted(os.path.join(folder, file) for file in files):  # noqa: PTH118 (some thousand of them)
                with suppress(OSError):
                    state = os.stat(path)  # noqa: PTH116
                    yield path, 0 if only_folders else state.st_size, state.st_mtime_ns


def _answer(kept: Mapping[str, Any]) -> Answer:
    """Read what ``asdict`` made of an answer. Raises ``LookupError`` or ``TypeError`` for anything else."""
    return Answer(
        headline=str(kept["headline"]),
        verdicts=tuple(
            Verdict(**{**one, "caveats": tuple(one["caveats"]), "parts": tuple(VerdictPart(**part) for part in one["parts"])})
            for one in kept["verdicts"]
        ),
        gates=tuple(
            Gate(
                **{
                    **one,
                    "run": RunLink(**one["run"]) if one["run"] else None,
                    "waiver": Waiver(**one["waiver"]) if one["waiver"] else None,
                }
            )
            for one in kept["gates"]
        ),
        problems=tuple(Problem(**one) for one in kept["problems"]),
        decision=Decision(**kept["decision"]) if kept["decision"] else None,
    )

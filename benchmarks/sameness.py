"""Build every report we have inputs for, and print one digest for each file: two lists that agree prove a change changed nothing.

    python -m benchmarks.sameness OUT [--inputs DIR] [--stores DIR] [--only GLOB …] [--paper] [--against DIGESTS]

Inputs (the demo's training, an A/B test, a weekly store, the real stores of ``--stores``) are made once in ``--inputs`` and
kept, because training takes other times whenever it runs; compare lists made from the same inputs only, since reports
name the store they were read from. Bundles stay in ``OUT``, so a difference can be looked at; ``OUT/digests.txt`` is the list.

Without ``--paper`` no browser and no PDF is started: everything in ``report.json`` and the page is compared in about a
minute. With it, charts as pictures and the PDF are compared too. Exit status 1 when ``--against`` differs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shlex
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tests import ab_store, forked, weekly_store

DATE = "1795132800"
"""2026-11-20, the ``SOURCE_DATE_EPOCH`` of every build: the week of the weekly store."""
SCREEN = "html,markdown,gates,data"

WEEKLY = """\
version: 1
tracking_uri: {uri}
reports:
  weekly:
    experiments: [nightly]
    window: 7d
    primary: val_accuracy
    gates:
      - {{metric: val_accuracy, not_worse_than: previous}}
      - {{metric: val_accuracy, not_worse_than: best_of_window}}
      - {{of: failed, at_most: 0.2}}
"""

GATED = """\
version: 1
tracking_uri: {uri}
metrics:
  val_accuracy: {{goal: maximize, format: percent, label: Validation accuracy}}
reports:
  gated:
    experiments: [ranker/ab]
    compare: {{by: tags.variant, baseline: control, pair_by: params.seed, margin: 0.005, looks: {{planned: 2, runs: 16}}}}
    gates:
      - {{metric: val_accuracy, group: candidate, baseline_margin: 0.005}}
      - {{metric: val_loss, group: candidate, at_most: 0.4, mode: confident, on_inconclusive: warn}}
      - {{metric: val_accuracy, of: best, at_least: 0.99}}
      - {{metric: val_loss, of: latest, at_most: 0.1}}
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One command that makes bundles; ``words`` are its arguments without output, format and cache."""

    name: str
    words: tuple[str, ...]
    before: str | None = None
    """``SOURCE_DATE_EPOCH`` of a build before it, in the same folder: the last report."""


def cases(inputs: Path, stores: Path) -> Iterator[Case]:
    """Every case, in a fixed order; makes those of its inputs that are missing."""
    demo, ab, weekly = inputs / "demo", inputs / "ab", inputs / "weekly"
    if not (demo / "demo-store.json").is_file():
        subprocess.run([sys.executable, "-m", "reportgen", "demo", "-q", "--output", str(demo)], check=True)
    for folder, make in ((ab, ab_store.sqlite_store), (weekly, weekly_store.sqlite_store)):
        if not (folder / "mlflow.db").is_file():
            folder.mkdir(parents=True, exist_ok=True)
            make(folder)
    own = {name: f"sqlite:///{folder}/mlflow.db" for name, folder in (("demo", demo), ("ab", ab), ("weekly", weekly))}
    from reportgen.demo import config_file

    yield Case("demo", ("build", "-c", str(config_file()), "--tracking-uri", own["demo"], "--no-publish"))
    for name, text, source in (("weekly", WEEKLY, "weekly"), ("gated", GATED, "ab")):
        config = inputs / f"{name}.yaml"
        config.write_text(text.format(uri=own[source]), "utf-8")
        yield Case(name, ("build", "-c", str(config)), str(int(DATE) - 7 * 86_400) if name == "weekly" else None)
    yield from (Case(f"memo-{name}", ("compare", *words, "--tracking-uri", own[source])) for name, source, words in memos())
    yield Case("benchmark-weeks", ("build", "-e", "*", "--window", "14d", "--tracking-uri", own["weekly"]))
    for name, root in unpacked(inputs / "stores", stores):
        yield Case(name, ("build", "-e", "*", "--tracking-uri", root))
        yield from (Case(f"{name}-{what}", (*words, "--tracking-uri", root)) for what, words in of_store(name))


def memos() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(name, store, words) of memos that go through every branch of a comparison that our own stores can reach."""
    pair = ("control", "candidate", "--by", "tags.variant", "-m", "val_accuracy")
    yield "paired", "ab", (*pair, "-m", "val_loss", "--pair-by", "params.seed")
    yield "unpaired", "ab", (*pair, "--pair-by", "none", "--robust")
    yield "margin", "ab", (*pair, "--margin", "0.01", "--alpha", "0.1")
    yield "wide-margin", "ab", (*pair, "--margin", "0.05", "--pair-by", "none", "--replicates")
    yield "all-variants", "ab", ("--by", "tags.variant", "-m", "val_loss")
    yield "digits", "demo", ("--by", "tags.variant", "-e", "*digits*")
    yield "experiments", "demo", ("--by", "experiment", "--replicates")
    yield "iris", "demo", ("--by", "params.n_estimators", "-e", "*iris*", "--replicates", "--family", "tukey")
    yield "depths", "demo", ("--by", "params.max_depth", "-e", "*iris*", "--replicates", "--family", "games-howell")
    yield "dunnett", "demo", ("--by", "params.n_estimators", "-e", "*iris*", "--replicates", "--family", "dunnett")
    yield "wine", "demo", ("--by", "params.C", "-e", "*wine*")
    yield "depth-weeks", "weekly", ("--by", "params.depth", "-e", "nightly", "-m", "val_accuracy")
    yield "tasks", "weekly", ("--by", "params.method", "-e", "*bench*", "--replicates")


def of_store(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(what, words) of further commands over a real store: comparisons of real runs."""
    for store, by in (
        ("db-08", "experiment"),
        ("db-12", "experiment"),
        ("db-35", "params.model_type"),
    ):
        if store == name:
            yield "compare", ("compare", "--by", by, "--replicates")
            yield "compare-searches", ("compare", "--by", by, "--tasks", "none")
    if name == "auto-01":
        yield "tasks", ("compare", "full", "subsampled", "-e", "iris-xgboost", "--pair-by", "params.seed", "-m", "log_loss")


def unpacked(folder: Path, stores: Path) -> Iterator[tuple[str, str]]:
    """(name, tracking URI) of every real store, unpacked into ``folder`` once."""
    for archive in sorted(stores.glob("*.tar.gz")):
        name = archive.name.removesuffix(".tar.gz")
        target = folder / name
        if not target.is_dir():
            with tempfile.TemporaryDirectory(dir=_made(folder)) as half, tarfile.open(archive) as content:
                content.extractall(half, filter="data")
                Path(half).rename(target)
                Path(half).mkdir()  # for the context manager to remove
        yield name, _uri(target)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _uri(folder: Path) -> str:
    databases = sorted(path for ending in ("*.db", "*.sqlite", "*.sqlite3") for path in folder.rglob(ending))
    if databases:
        return f"sqlite:///{databases[0]}"
    roots = sorted(
        path
        for path in folder.rglob("*")
        if path.is_dir() and any(path.glob("*/meta.yaml")) and not (path / "meta.yaml").exists() and path.name != ".trash"
    )
    return str(roots[0] if roots else folder)


def built(case: Case, out: Path, *, paper: bool) -> list[str]:
    """The digest list of ``case``: its exit code, what it prints, and every file that it wrote."""
    folder = out / case.name
    folder.mkdir(parents=True)
    words = [*case.words, "--output", "bundles", "--no-cache", *(() if paper else ("--format", SCREEN))]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "REPORTGEN_"))}
    if case.before is not None:
        forked.command(*words, cwd=folder, env=clean | {"SOURCE_DATE_EPOCH": case.before})
    done = forked.command(*words, cwd=folder, env=clean | {"SOURCE_DATE_EPOCH": DATE})
    (folder / "stdout.txt").write_text(done.stdout, "utf-8")
    (folder / "stderr.txt").write_text(done.stderr, "utf-8")
    rows = [f"exit={done.returncode}  {case.name}  ({shlex.join(case.words[:1])})"]
    rows.append(f"{hashlib.sha256(done.stdout.encode()).hexdigest()}  {case.name}/stdout.txt")
    for path in sorted(path for path in (folder / "bundles").rglob("*") if path.is_file() and not path.is_symlink()):
        place = path.relative_to(out)
        if any(part.startswith(".") for part in place.parts) or "latest" in place.parts:
            continue
        rows.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {_without_digest(place)}")
    return rows


def _without_digest(place: Path) -> str:
    """The place of a file; a bundle's folder carries a digest, which would make each of its files another file."""
    case, bundles, report, bundle, *rest = place.parts
    return "/".join((case, bundles, report, bundle[:10], *rest))


def differences(now: Sequence[str], before: Sequence[str], names: Sequence[str]) -> list[str]:
    """Rows of the two lists that differ, of the cases that were built now."""

    def content(rows: Sequence[str]) -> dict[str, str]:
        split = (row.split("  ", 2) for row in rows)
        return {what: digest for digest, what, *_ in split if what.split("/")[0] in names}

    ours, theirs = content(now), content(before)
    return [
        f"{'missing' if what not in ours else 'new' if what not in theirs else 'differs'}: {what}"
        for what in sorted(ours.keys() | theirs.keys())
        if ours.get(what) != theirs.get(what)
    ]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--inputs", type=Path, default=Path("build/sameness"))
    parser.add_argument("--stores", type=Path, default=Path("../shared/stores"))
    parser.add_argument("--only", nargs="*", default=["*"])
    parser.add_argument("--paper", action="store_true", help="pictures and PDF as well")
    parser.add_argument("--against", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args(argv)
    out, inputs = asked.out.resolve(), asked.inputs.resolve()
    chosen = [c for c in cases(inputs, asked.stores.resolve()) if any(fnmatch(c.name, pattern) for pattern in asked.only)]
    with ThreadPoolExecutor(asked.jobs) as pool:
        rows = [row for its in pool.map(lambda case: built(case, out, paper=asked.paper), chosen) for row in its]
    (out / "digests.txt").write_text("".join(f"{row}\n" for row in rows), "utf-8")
    print(f"{len(chosen)} cases, {len(rows)} digests in {out / 'digests.txt'}")
    if asked.against is None:
        return 0
    found = differences(rows, asked.against.read_text("utf-8").splitlines(), [case.name for case in chosen])
    print("\n".join(found) or "no difference")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

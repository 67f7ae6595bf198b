"""The output folder: a bundle appears in it whole or not at all.

    OUTPUT/<report>/<day>-<digest>/   one finished bundle, never changed again
    OUTPUT/<report>/latest            symbolic link to the newest one, whatever outputs it has
    OUTPUT/<report>/latest-complete   symbolic link to the newest one that has every output
    OUTPUT/<report>/check/            what `reportgen check` wrote last, in place of what it wrote before
    OUTPUT/<report>/.lock             held while a job writes; empty, and left for the next one
    OUTPUT/<report>/.work-*           a bundle being written; swept by the next job when one was killed

Files are written and flushed to disk in a work folder on the same file system, the folder is renamed to its name, and
the link is replaced by a rename: a reader, or a machine that loses power, sees the old bundle or the new one.

``latest`` always moves, also to a bundle of fewer outputs (``--format gates``): a file that is missing is noticed, one of last
week's that is taken for today's is not. What it no longer has is told, and ``latest-complete`` still leads to it. A report
that is made again from an old bundle's data moves neither link back.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import BudgetError, LockedError, OutputError, Problem, ReportError
from reportgen.formats import listed
from reportgen.publish.receipt import Receipt
from reportgen.render.bundle import MANIFEST, Bundle, is_same, put
from reportgen.render.outputs import OUTPUTS

if TYPE_CHECKING:
    from filelock import BaseFileLock

_WORK = ".work-"
_LOCK = ".lock"
LATEST = "latest"
COMPLETE = "latest-complete"
CHECK = "check"
_PROOFS = {name: kind.proof for name, kind in OUTPUTS.items() if kind.proof}
_DAY = len("2026-11-20")


@contextmanager
def reserved(output: Path, name: str, *, lock_seconds: float = 0) -> Iterator[Path]:
    """Make, lock and yield the report's folder, proved writable before anything heavy is done.

    Raises ``OutputError`` when it cannot be written, ``LockedError`` when another job holds it for longer than
    ``lock_seconds``. Leftovers of a job that was killed are swept.
    """
    folder = output / name
    with _write_errors(output):
        made = [path for path in (folder, output, *output.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        if folder.is_symlink():
            raise OutputError(
                "output-is-a-link",
                f"{folder} is a symbolic link; a report's folder must be a real one",
                todo="name another --output",
            )
        for link in (folder / LATEST, folder / COMPLETE):
            if link.exists() and not link.is_symlink():
                what = f"{link} is no symbolic link, so it cannot be led to the new bundle"
                raise OutputError("output-link-taken", what, todo="move it away, or name another --output")
        lock = _locked(folder, lock_seconds)
    try:
        with _write_errors(output):
            for leftover in folder.glob(f"{_WORK}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            Path(tempfile.mkdtemp(prefix=_WORK, dir=folder)).rmdir()
        yield folder
    finally:
        _leave_nothing(made)
        lock.release()


def _locked(folder: Path, seconds: float) -> BaseFileLock:
    """Acquire the lock of ``folder``. Another job may remove both meanwhile (``_leave_nothing``): then they are made anew."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / _LOCK)
    deadline = time.monotonic() + seconds
    while True:
        try:
            lock.acquire(timeout=max(0, deadline - time.monotonic()))
        except FileNotFoundError:
            folder.mkdir(parents=True, exist_ok=True)
        except Timeout:
            raise LockedError(
                "report-locked",
                f"another job is writing the report {folder.name!r} into {folder.parent}",
                todo="wait for it, or give --lock-timeout SECONDS",
            ) from None
        else:
            return lock


def _leave_nothing(made: Sequence[Path]) -> None:
    """Remove the folders ``made``, innermost first, when a failed job has put nothing in them but its lock.

    The lock is still held: whoever waits for it finds that its file is gone and tries again.
    """
    with suppress(OSError):  # another job's folder is in one of them, or a file that somebody put there or removed just now
        if not made or {path.name for path in made[0].iterdir()} != {_LOCK}:
            return
        (made[0] / _LOCK).unlink()
        for folder in made:
            folder.rmdir()


def written(bundle: Bundle, folder: Path, day: str, *, again: bool = False) -> Receipt:
    """Write ``bundle`` into ``folder`` (from ``reserved``) as ``<day>-<digest>`` and points ``latest`` at it, and
    ``latest-complete`` when it has every output. One that is made ``again`` moves no link back to an earlier day.

    A bundle of the same digest that is already there and whole is left alone. Raises ``OutputError`` or
    ``BudgetError`` (disk full); then nothing changed.
    """
    target = folder / f"{day}-{bundle.digest[:10]}"
    with _write_errors(folder):
        if _is_whole(target, bundle):
            return Receipt("folder", "unchanged", str(target), _pointed(folder, target.name, again))
        work = Path(tempfile.mkdtemp(prefix=_WORK, dir=folder))
        try:
            _fill(work, bundle)
            if target.exists():  # damaged by hand or by a broken disk: it is replaced by the whole one
                target.rename(work.with_name(f"{work.name}-old"))
            work.rename(target)
        finally:
            for leftover in (work, work.with_name(f"{work.name}-old")):
                shutil.rmtree(leftover, ignore_errors=True)
        _flush(folder)
        return Receipt("folder", "written", str(target), _pointed(folder, target.name, again))


def checked(bundle: Bundle, folder: Path) -> Receipt:
    """Write ``bundle``, which holds nothing but gates, into ``folder`` (from ``reserved``) in place of the last such one.

    Raises as ``written`` does. No link is moved: a check is no report.
    """
    with emptied(folder / CHECK) as work:
        _fill(work, bundle)
    return Receipt("folder", "written", str(folder / CHECK))


def put_in(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files`` beside the reports in ``folder``, each whole or not at all. Raises as ``written`` does."""
    with _write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            work = folder / f"{_WORK}{name}"
            work.write_bytes(content)
            work.replace(folder / name)


def _pointed(folder: Path, name: str, again: bool) -> Problem | None:
    """Move the links of ``folder`` to the bundle ``name``; return a problem when ``latest`` has less than before, or stays."""
    before = _target(folder / LATEST)
    if again and before and name[:_DAY] < before[:_DAY]:
        what = f"it leads to {before}, which is of a later day than the one made again"
        return Problem("latest-stays", str(folder / LATEST), what, severity="warning")
    earlier = _target(folder / COMPLETE)
    _point(folder, LATEST, name)
    lost = sorted(_outputs(folder / before) - _outputs(folder / name)) if before else []
    if _outputs(folder / name) == set(_PROOFS):
        _point(folder, COMPLETE, name)
    if not lost:
        return None
    has = f"; {folder / COMPLETE} still leads to {earlier}" if earlier else f"; {folder / str(before)} has it"
    return Problem("latest-has-less", str(folder / LATEST), f"it has no {listed(lost)} any more{has}", severity="warning")


def _outputs(bundle: Path) -> set[str]:
    return {name for name, file in _PROOFS.items() if (bundle / file).is_file()}


def _target(link: Path) -> str:
    """The name of the bundle that ``link`` leads to; "" when it leads nowhere."""
    return link.readlink().name if link.is_symlink() and link.is_dir() else ""


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """Yield a work folder that becomes ``folder`` when the block succeeds; an earlier snapshot there is replaced.

    Raises ``OutputError`` when ``folder`` holds anything that is not a snapshot, or cannot be written.
    """
    with _write_errors(folder):
        if folder.exists() and not folder.is_dir():
            raise OutputError("output-not-a-folder", f"{folder} is a file", todo="name another --output")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
            raise OutputError(
                "output-not-empty", f"{folder} holds something that is not a snapshot", todo="name another --output, or empty it"
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=_WORK, dir=folder.parent))
    old = work.with_name(f"{work.name}-old")
    try:
        yield work
        with _write_errors(folder):
            work.chmod(0o755)
            for path in work.rglob("*"):
                if path.is_file():
                    _flush_file(path)
            if folder.exists():
                folder.rename(old)
            work.rename(folder)
            _flush(folder.parent)
    finally:
        for leftover in (work, old):
            shutil.rmtree(leftover, ignore_errors=True)


def _flush_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _fill(work: Path, bundle: Bundle) -> None:
    """Write every file of ``bundle``, the manifest last, and flush them to disk."""
    work.chmod(0o755)  # mkdtemp made it private; the files in it are for readers
    for path in sorted(bundle.files, key=lambda p: (p == MANIFEST, p)):
        target = work / path
        if not target.resolve().is_relative_to(work.resolve()):
            raise OutputError("path-outside", f"the bundle names a file outside itself: {path!r}")
        target.parent.mkdir(parents=True, exist_ok=True)
        put(bundle.files[path], target)
        _flush_file(target)
    for directory in sorted({work, *(p.parent for p in work.rglob("*"))}):
        _flush(directory)


def _is_whole(target: Path, bundle: Bundle) -> bool:
    """Whether ``target`` holds exactly the files of ``bundle``, byte for byte."""
    try:
        present = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
        return present == set(bundle.files) and all(is_same(target / path, content) for path, content in bundle.files.items())
    except OSError:
        return False


def _point(folder: Path, link: str, name: str) -> None:
    temporary = folder / f"{_WORK}{link}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(name, target_is_directory=True)
    temporary.replace(folder / link)
    _flush(folder)


def _flush(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _write_errors(output: Path) -> Iterator[None]:
    try:
        yield
    except ReportError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise BudgetError("disk-full", f"{output}: {error.strerror}", todo="free space, or name another --output") from error
        raise OutputError(
            "output-not-writable",
            f"the output folder {output} cannot be written: {error.strerror}",
            todo="make it writable, or name another one with --output",
        ) from error

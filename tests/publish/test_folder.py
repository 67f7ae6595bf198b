"""The output folder: whole or not at all, one job at a time, old bundles untouched."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from reportgen.errors import BudgetError, LockedError, OutputError
from reportgen.publish import folder as folders
from reportgen.render.bundle import Bundle


def bundle(**changes: bytes) -> Bundle:
    files = {"report.html": b"<p>one", "data/runs.csv": b"a,b\n", "manifest.json": b'{"n": 1}'} | {
        name.replace("__", "/"): content for name, content in changes.items()
    }
    digest = hashlib.sha256(str(sorted(files.items())).encode()).hexdigest()
    return made(files, digest)


def made(files: Mapping[str, bytes | Path], digest: str) -> Bundle:
    return Bundle("weekly", "Weekly", files, digest, problems=(), n_charts=0, n_charts_failed=0, exit_code=0)


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file() and not p.is_symlink()}


def publish(output: Path, one: Bundle, day: str = "2026-11-20") -> tuple[str, Path]:
    with folders.reserved(output, "weekly") as at:
        receipt = folders.written(one, at, day)
    return receipt.state, Path(receipt.where)


def test_a_bundle_lands_whole_with_latest_pointing_at_it(tmp_path: Path) -> None:
    one = bundle()
    state, where = publish(tmp_path / "reports", one)
    assert state == "written"
    assert where == tmp_path / "reports" / "weekly" / f"2026-11-20-{one.digest[:10]}"
    assert tree(where) == dict(sorted(one.files.items()))
    assert (tmp_path / "reports/weekly/latest").resolve() == where.resolve()
    assert sorted(p.name for p in (tmp_path / "reports/weekly").iterdir()) == [".lock", where.name, "latest"]


def test_the_same_bundle_again_changes_nothing(tmp_path: Path) -> None:
    _, where = publish(tmp_path, bundle())
    before = {p: p.stat().st_mtime_ns for p in where.rglob("*")}
    assert publish(tmp_path, bundle()) == ("unchanged", where)
    assert {p: p.stat().st_mtime_ns for p in where.rglob("*")} == before


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a file is gone": lambda at: (at / "report.html").unlink(),
    "a file is longer": lambda at: (at / "report.html").write_bytes(b"<p>one more"),
    "a file is shorter": lambda at: (at / "data/runs.csv").write_bytes(b""),
    "a file has other bytes of the same number": lambda at: (at / "data/runs.csv").write_bytes(b"a,c\n"),
    "the manifest has other bytes of the same number": lambda at: (at / "manifest.json").write_bytes(b'{"n": 2}'),
    "the manifest is gone": lambda at: (at / "manifest.json").unlink(),
    "there is one file more": lambda at: (at / "data/more.csv").write_bytes(b""),
    "it is empty": lambda at: [path.unlink() for path in at.rglob("*") if path.is_file()],
}


@pytest.mark.fault(
    "A bundle in the output folder lost, gained or changed a file", "Building again replaces it whole.", at="delivery"
)
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_bundle_of_the_same_digest_is_replaced(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    one = bundle()
    _, where = publish(tmp_path, one)
    damage(where)
    assert publish(tmp_path, one) == ("written", where)
    assert tree(where) == dict(sorted(one.files.items()))


def test_files_that_stay_on_disk_are_compared_by_content_too(tmp_path: Path) -> None:
    large = tmp_path / "history.parquet"
    large.write_bytes(b"PAR1")
    one = made({"data/history.parquet": large, "manifest.json": b"{}"}, "d" * 64)
    _, where = publish(tmp_path / "out", one)
    assert publish(tmp_path / "out", one) == ("unchanged", where)
    (where / "data/history.parquet").write_bytes(b"PAR2")
    assert publish(tmp_path / "out", one) == ("written", where)
    assert (where / "data/history.parquet").read_bytes() == b"PAR1"


def test_a_new_bundle_leaves_the_old_one_and_moves_latest(tmp_path: Path) -> None:
    _, old = publish(tmp_path, bundle())
    before = tree(old)
    _, new = publish(tmp_path, bundle(summary__md=b"x"), "2026-11-27")
    assert tree(old) == before
    assert (tmp_path / "weekly/latest").resolve() == new.resolve()


PROOFS = {
    "data": "data/runs.parquet",
    "pdf": "report.pdf",
    "html": "report.html",
    "markdown": "summary.md",
    "gates": "verdict.json",
}


def test_latest_is_the_newest_and_what_it_lacks_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_PROOFS", PROOFS)  # whatever outputs there are
    whole = made(dict.fromkeys(PROOFS.values(), b"x") | {"manifest.json": b"{}"}, "a" * 64)
    less = made({"verdict.json": b"{}", "manifest.json": b"{}"}, "b" * 64)
    links = lambda: [(tmp_path / "weekly" / name).readlink().name for name in ("latest", "latest-complete")]  # noqa: E731
    with folders.reserved(tmp_path, "weekly") as at:
        assert folders.written(whole, at, "2026-11-20").problem is None
        assert links() == ["2026-11-20-aaaaaaaaaa"] * 2
        told = folders.written(less, at, "2026-11-21").problem
        assert links() == ["2026-11-21-bbbbbbbbbb", "2026-11-20-aaaaaaaaaa"]
        assert folders.written(less, at, "2026-11-21").problem is None
        back = folders.written(whole, at, "2026-11-20", again=True).problem
        assert links() == ["2026-11-21-bbbbbbbbbb", "2026-11-20-aaaaaaaaaa"]
        assert folders.written(whole, at, "2026-11-22", again=True).problem is None
        assert links() == ["2026-11-22-aaaaaaaaaa"] * 2
    assert told is not None
    assert (told.slug, told.severity) == ("latest-has-less", "warning")
    assert (
        told.what
        == f"it has no data, html, markdown and pdf any more; {tmp_path}/weekly/latest-complete still leads to 2026-11-20-aaaaaaaaaa"
    )
    assert back is not None
    assert back.what == "it leads to 2026-11-21-bbbbbbbbbb, which is of a later day than the one made again"


@pytest.mark.fault(
    "A job fails before its bundle is written", "Folders that it made are gone; earlier reports are as they were.", at="delivery"
)
def test_a_first_job_that_fails_leaves_nothing_and_a_later_one_what_was_there(tmp_path: Path) -> None:
    output = tmp_path / "a" / "reports"
    with pytest.raises(ZeroDivisionError), folders.reserved(output, "weekly"):
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "mine").mkdir()
    with pytest.raises(ZeroDivisionError), folders.reserved(tmp_path / "mine", "weekly"):
        _ = 1 / 0
    assert list((tmp_path / "mine").iterdir()) == []
    publish(output, bundle())
    with pytest.raises(ZeroDivisionError), folders.reserved(output, "other"), folders.reserved(output, "weekly"):
        _ = 1 / 0
    assert [path.name for path in output.iterdir()] == ["weekly"]
    assert (output / "weekly" / "latest" / "manifest.json").is_file()


WAITING = """
import sys
import time
from contextlib import suppress
from pathlib import Path
from reportgen.publish import folder as folders
with folders.reserved(Path(sys.argv[1]), "weekly", lock_seconds=60) as at:
    print("in", flush=True)
    sys.stdin.readline()
    (at / "done").write_text("")
"""


def test_who_waits_for_a_job_that_leaves_nothing_gets_a_lock_that_others_see(tmp_path: Path) -> None:
    with suppress(ZeroDivisionError), folders.reserved(tmp_path / "r", "weekly"):
        waiting = subprocess.Popen(
            [sys.executable, "-c", WAITING, str(tmp_path / "r")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        time.sleep(1)  # it is at the lock by then; if not, it has an easier time
        _ = 1 / 0
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == "in\n"
    with pytest.raises(LockedError), folders.reserved(tmp_path / "r", "weekly"):
        pass
    waiting.communicate("go\n", timeout=60)
    assert (waiting.returncode, (tmp_path / "r" / "weekly" / "done").is_file()) == (0, True)


@pytest.mark.fault(
    "The disk is full at a write, a flush or a rename", "What was there stays, byte for byte.", at="machine", exit=8
)
@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_full_disk_at_any_point_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    publish(tmp_path, bundle())
    before = tree(tmp_path)
    full = OSError(errno.ENOSPC, "No space left on device")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise full

    owner, name = {"fsync": (os, "fsync"), "rename": (Path, "rename"), "write": (Path, "open")}[call]
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, fail)
        with pytest.raises(BudgetError, match="No space left"), folders.reserved(tmp_path, "weekly") as at:
            folders.written(bundle(other__txt=b"y"), at, "2026-11-21")
    assert tree(tmp_path) == before


KILLED = """
import os, sys
from pathlib import Path
from reportgen.publish import folder as folders
sys.path.insert(0, sys.argv[2])
from test_folder import bundle
n = [int(sys.argv[3])]
real = os.fsync
def fsync(handle):
    n[0] -= 1
    if n[0] < 0:
        os.kill(os.getpid(), 9)
    real(handle)
os.fsync = fsync
with folders.reserved(Path(sys.argv[1]), "weekly") as at:
    folders.written(bundle(other__txt=b"y"), at, "2026-11-21")
"""


@pytest.mark.fault(
    "A job is killed (SIGKILL) at a flush to disk",
    "`latest` is the whole old or the whole new bundle; the lock is free and leftovers are swept.",
    at="process",
)
def test_a_job_killed_at_any_flush_leaves_the_old_bundle_or_the_new_one(tmp_path: Path) -> None:
    one, two = bundle(), bundle(other__txt=b"y")
    for n in range(0, 10, 2):
        output = tmp_path / str(n)
        publish(output, one)
        done = subprocess.run([sys.executable, "-c", KILLED, str(output), str(Path(__file__).parent), str(n)], timeout=60)
        latest = tree((output / "weekly/latest").resolve())
        assert latest in (dict(sorted(one.files.items())), dict(sorted(two.files.items()))), (n, done.returncode)
        publish(output, one)  # the lock is free at once, and the leftovers are swept
        assert not list((output / "weekly").glob(".work-*"))


@pytest.mark.fault(
    "Another job is writing the same report", "The second one is told; other reports are not held up.", at="process", exit=7
)
def test_a_second_job_waits_or_is_told(tmp_path: Path) -> None:
    with folders.reserved(tmp_path, "weekly"):
        with pytest.raises(LockedError, match="another job is writing the report 'weekly'"), folders.reserved(tmp_path, "weekly"):
            pass
        with folders.reserved(tmp_path, "other"):
            pass


@pytest.mark.fault(
    "The output folder is a file, or the report's folder is a symbolic link", "It is refused.", at="delivery", exit=2
)
def test_an_output_that_cannot_be_written_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written") as raised, folders.reserved(tmp_path / "file", "weekly"):
        pass
    assert raised.value.exit_code == 2
    (tmp_path / "real").mkdir()
    (tmp_path / "weekly").symlink_to(tmp_path / "real")
    with pytest.raises(OutputError, match="is a symbolic link"), folders.reserved(tmp_path, "weekly"):
        pass


@pytest.mark.fault("A file of a bundle has a path out of its folder", "It is refused and not written.", at="delivery", exit=2)
def test_a_path_out_of_the_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="names a file outside itself"):
        publish(tmp_path, made({"../x": b"", "manifest.json": b"{}"}, "0" * 64))
    assert not (tmp_path / "x").exists()


@pytest.mark.fault("The folder for a snapshot holds something else", "It is refused.", at="delivery", exit=2)
def test_a_snapshot_folder_is_replaced_whole_and_only_when_it_is_one(tmp_path: Path) -> None:
    target = tmp_path / "snapshot"
    for n in (1, 2):
        with folders.emptied(target) as work:
            (work / "manifest.json").write_text(json.dumps({"n": n}))
            (work / f"{n}.parquet").write_text("")
        assert sorted(p.name for p in target.iterdir()) == [f"{n}.parquet", "manifest.json"]
    with pytest.raises(ZeroDivisionError), folders.emptied(target):
        _ = 1 / 0
    assert sorted(p.name for p in target.iterdir()) == ["2.parquet", "manifest.json"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["snapshot"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(OutputError, match="holds something that is not a snapshot"), folders.emptied(tmp_path / "mine"):
        pass

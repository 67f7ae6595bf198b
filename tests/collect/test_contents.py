"""Artifacts on request: what is read, what is refused and in which words, and that nothing is read through a side door."""

from __future__ import annotations

import io
import json
import os
import shutil
import struct
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image, PngImagePlugin

from reportgen.collect import Selection, collect
from reportgen.collect.artifact_formats import MAX_SIDE, RefusedArtifactError, decoded
from reportgen.collect.contents import Wanted, contents_from, contents_of
from reportgen.collect.selection import Store
from reportgen.snapshot import Snapshot, SourceInfo, empty_snapshot, table_of
from tests.collect import proxy as faults
from tests.collect.proxy import proxy_before
from tests.servers import DatabaseServer, MlflowServer

RUN = "0123456789abcdef0123456789abcdef"
ALL = Wanted(("*",))
BEHIND_A_SERVER = (
    "they lie behind a tracking server; give reportgen the server's URL instead of its database, or in artifacts.folder the folder "
    "that its --artifacts-destination names"
)


def png(size: tuple[int, int] = (4, 3), color: str = "red", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG", **options)
    return out.getvalue()


@pytest.fixture
def artifacts(store: Path) -> Path:
    """The artifact folder of a run beside an SQLite store."""
    folder = store.parent / "mlruns" / "1" / RUN / "artifacts"
    folder.mkdir(parents=True)
    return folder


def read(store: Path, folder: Path | str, wanted: Wanted = ALL) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """(path → row, what the notes say) for the run ``RUN`` whose artifacts are said to lie in ``folder``."""
    run = {"experiment_id": "1", "run_id": RUN, "artifact_uri": str(folder)}
    table, problems = contents_of(f"sqlite:///{store}", [run], wanted)
    assert all(problem.severity == "note" and problem.where == f"run {RUN}" for problem in problems)
    return {row["path"]: row for row in table.to_pylist()}, [problem.what for problem in problems]


def test_pictures_tables_and_text_are_read_and_written_anew(store: Path, artifacts: Path) -> None:
    (artifacts / "plots").mkdir()
    secret = PngImagePlugin.PngInfo()
    secret.add_text("comment", "SECRET")
    found = png(pnginfo=secret)
    (artifacts / "plots" / "roc.png").write_bytes(found)
    (artifacts / "eval.json").write_text(json.dumps({"columns": ["q", "score"], "data": [["a", 0.5], ["b", None]]}))
    (artifacts / "t.csv").write_text("id,x,api_key\n007,1.5,k\n8,,\n")
    pq.write_table(pa.table({"n": [1, 2], "l": [[1], [2]]}), artifacts / "t.parquet")
    (artifacts / "notes.txt").write_text("password: hunter2\nsee http://bob:pw@host/x\n")
    rows, notes = read(store, artifacts)
    assert notes == []
    picture = rows["plots/roc.png"]
    assert (picture["kind"], picture["media_type"], picture["n_bytes"]) == ("image", "image/png", len(found))
    assert b"SECRET" in found
    assert b"SECRET" not in picture["content"]
    assert Image.open(io.BytesIO(picture["content"])).getpixel((0, 0)) == (255, 0, 0)
    assert json.loads(rows["eval.json"]["content"]) == {"columns": ["q", "score"], "rows": [["a", 0.5], ["b", None]], "n_rows": 2}
    assert json.loads(rows["t.csv"]["content"])["rows"] == [["007", 1.5, "[redacted]"], [8, None, None]]
    assert json.loads(rows["t.parquet"]["content"])["rows"] == [[1, "[1]"], [2, "[2]"]]
    assert rows["notes.txt"]["content"].decode() == "password: [redacted]\nsee http://[redacted]@host/x"


def test_only_what_matches_is_read(store: Path, artifacts: Path) -> None:
    for name in ("a.png", "b.txt"):
        (artifacts / name).write_bytes(png())
    rows, notes = read(store, artifacts, Wanted(("*.png",)))
    assert (list(rows), notes) == (["a.png"], [])


@pytest.mark.fault(
    "Artifacts are larger than the config allows", "They are not shown, and notes name them.", at="artifacts", exit=0
)
def test_too_large_and_too_many_are_named(store: Path, artifacts: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (artifacts / name).write_text("x" * 600)
    (artifacts / "big.txt").write_text("x" * 2000)
    rows, notes = read(store, artifacts, Wanted(("*",), max_file_bytes=1000, max_total_bytes=1300))
    assert list(rows) == ["a.txt", "b.txt"]
    assert sorted(notes) == [
        "1 artifact not shown, big.txt: larger than the 0.001 MB of artifacts.max_file_megabytes",
        "1 artifact not shown, c.txt: the 0.0013 MB of artifacts.max_total_megabytes were spent",
    ]


def test_nothing_matches_is_a_warning(store: Path, artifacts: Path) -> None:
    run = {"experiment_id": "1", "run_id": RUN, "artifact_uri": str(artifacts)}
    table, (problem,) = contents_of(f"sqlite:///{store}", [run], Wanted(("*.gif",)))
    assert table.num_rows == 0
    assert (problem.slug, problem.severity, problem.what) == (
        "artifacts-none",
        "warning",
        "no artifact of the chosen runs matches *.gif",
    )


def test_a_page_is_named_and_never_opened(store: Path, artifacts: Path) -> None:
    (artifacts / "report.HTML").write_text("<script>alert(1)</script>" * 200)
    (artifacts / "report.HTML").chmod(0)
    rows, notes = read(store, artifacts, Wanted(("*",), max_file_bytes=10, max_total_bytes=10))
    assert notes == []
    page = rows["report.HTML"]
    assert (page["kind"], page["media_type"], page["n_bytes"], page["content"], page["sha256"]) == (
        "page",
        "text/html",
        5000,
        b"",
        "",
    )


# --- which runs ---


def three_runs(tmp_path: Path) -> tuple[Store, Snapshot, list[tuple[str, str]]]:
    """A store whose first run has no artifact, whose second has one that is refused, and whose third has a text."""
    keys, uris = [("1", f"{n}" * 32) for n in range(3)], []
    for at, (_, run_id) in enumerate(keys):
        folder = tmp_path / "mlruns" / run_id / "artifacts"
        folder.mkdir(parents=True)
        if at:
            (folder / "a.txt").write_bytes(b"\xff" if at == 1 else b"third")
        uris.append(str(folder))
    runs = table_of("runs", {"experiment_id": ["1"] * 3, "run_id": [key[1] for key in keys], "artifact_uri": uris})
    taken = empty_snapshot(SourceInfo("sqlite", "sqlite:///x.db"), runs=runs)
    return Store("own", f"sqlite:///{tmp_path}/mlflow.db"), taken, keys


def test_a_run_without_anything_to_show_makes_room_for_the_next(tmp_path: Path) -> None:
    store, taken, keys = three_runs(tmp_path)
    table, (note,) = contents_from([store], taken, [(keys, 1)], Wanted(("*.txt",)))
    assert [(row["run_id"], row["content"]) for row in table.to_pylist()] == [(keys[2][1], b"third")]
    assert note.what == "1 artifact not shown, a.txt: it is not UTF-8 text"
    table, _ = contents_from([store], taken, [(keys[::-1], 1)], Wanted(("*.txt",)))
    assert table.num_rows == 1


def test_a_run_whose_folder_was_never_made_has_no_artifact(store: Path, artifacts: Path) -> None:
    artifacts.rmdir()
    artifacts.parent.rmdir()
    run = {"experiment_id": "1", "run_id": RUN, "artifact_uri": str(artifacts)}
    _, (problem,) = contents_of(f"sqlite:///{store}", [run], ALL)
    assert (problem.slug, problem.what) == ("artifacts-none", "no artifact of the chosen runs matches *")


def test_each_choice_is_made_on_its_own(tmp_path: Path) -> None:
    store, taken, keys = three_runs(tmp_path)
    table, problems = contents_from([store], taken, [(keys[:1], 1), (keys[2:], 1)], Wanted(("*.txt",)))
    assert (table["run_id"].to_pylist(), problems) == ([keys[2][1]], ())


def test_nothing_that_can_be_shown_is_a_warning_beside_the_reasons(tmp_path: Path) -> None:
    store, taken, keys = three_runs(tmp_path)
    _, problems = contents_from([store], taken, [(keys[:2], 1)], Wanted(("*.txt",)))
    assert [(problem.slug, problem.severity) for problem in problems] == [
        ("artifact-not-shown", "note"),
        ("artifacts-none", "warning"),
    ]


def test_runs_of_which_nothing_is_read_for_one_reason_are_counted(store: Path) -> None:
    runs = [{"experiment_id": "1", "run_id": f"{n:032}", "artifact_uri": "s3://bucket/1"} for n in range(5)]
    _, (note,) = contents_of(f"sqlite:///{store}", runs, ALL)
    assert note.where == "artifacts"
    assert note.what == "of 5 runs none was read: they lie in s3:, which the config does not allow (artifacts.schemes)"


def test_the_folder_of_a_server_opens_its_own_runs_only(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "served"
    (folder / "1" / RUN / "artifacts").mkdir(parents=True)
    (folder / "1" / RUN / "artifacts" / "a.txt").write_text("served")
    (folder / "secret").mkdir()
    (folder / "secret" / "a.txt").write_text("SECRET")
    wanted = replace(ALL, folder=str(folder))
    assert read(store, f"mlflow-artifacts:/1/{RUN}/artifacts", wanted)[0]["a.txt"]["content"] == b"served"
    assert read(store, f"mlflow-artifacts://host:5000/1/{RUN}/artifacts", wanted)[0]["a.txt"]["content"] == b"served"
    for uri in ("mlflow-artifacts:/secret", f"mlflow-artifacts:/1/{RUN}/../../secret", f"mlflow-artifacts:/2/{RUN}"):
        assert read(store, uri, wanted) == ({}, ["its artifacts were not read: artifacts.folder has no folder of the run"])


# --- side doors ---


@pytest.mark.fault("A run's artifacts hold links to other places", "They are not followed.", at="artifacts", exit=0)
def test_links_are_never_followed(store: Path, artifacts: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("SECRET")
    (artifacts / "file.txt").symlink_to(outside / "secret.txt")
    (artifacts / "folder").symlink_to(outside)
    (artifacts / "own.txt").write_text("own")
    rows, notes = read(store, artifacts)
    assert ([row["content"] for row in rows.values()], notes) == ([b"own"], [])


@pytest.mark.fault(
    "The store names another folder, such as /etc, for a run's artifacts",
    "Nothing is read there, and a note says so.",
    at="artifacts",
    exit=0,
)
@pytest.mark.parametrize(
    "uri", ["/etc", "file:///etc", "../../../../etc", f"/tmp/../etc/{RUN}", f"/nonexistent/{RUN}/artifacts", ""]
)
def test_a_folder_that_is_not_the_runs_own_is_refused(store: Path, uri: str) -> None:
    rows, notes = read(store, uri)
    assert rows == {}
    assert notes == ["its artifacts were not read: their folder is not on this machine, or is not the run's own"]


@pytest.mark.fault(
    "A link leads the run's folder to somebody's home", "Nothing is read there, and a note says so.", at="artifacts", exit=0
)
def test_a_link_above_the_folder_must_lead_to_the_run(store: Path, tmp_path: Path) -> None:
    home = tmp_path / "home" / "artifacts"
    home.mkdir(parents=True)
    (home / "diary.txt").write_text("SECRET")
    (tmp_path / RUN).symlink_to(tmp_path / "home")
    rows, notes = read(store, tmp_path / RUN / "artifacts")
    assert (rows, notes) == ({}, ["its artifacts were not read: a link leads their folder out of the run's own"])


@pytest.mark.fault(
    "Artifacts lie where the config allows no access (S3, FTP, another server)",
    "Nothing is fetched, and a note says so.",
    at="artifacts",
    exit=0,
)
@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("s3://bucket/1/artifacts", "they lie in s3:, which the config does not allow (artifacts.schemes)"),
        ("ftp://host/x", "they lie in ftp:, which the config does not allow (artifacts.schemes)"),
        (
            "mlflow-artifacts:/1/x",
            BEHIND_A_SERVER,
        ),
        (
            "http://evil.test/x",
            BEHIND_A_SERVER,
        ),
    ],
)
def test_other_schemes_are_refused_and_said(store: Path, uri: str, why: str) -> None:
    assert read(store, uri) == ({}, [f"its artifacts were not read: {why}"])


@pytest.mark.parametrize("uri", ["runs:/5f/x", "models:/ranker/1", "mlflow-artifacts:/1/x"])
def test_a_place_that_another_server_would_name_is_never_opened(store: Path, uri: str) -> None:
    schemes = frozenset({"runs", "models", "mlflow-artifacts"})
    assert read(store, uri, replace(ALL, schemes=schemes)) == ({}, [f"its artifacts were not read: {BEHIND_A_SERVER}"])


@pytest.mark.fault(
    "The library for S3 is not installed", "A note says that the artifacts could not be read.", at="artifacts", exit=0
)
def test_an_allowed_scheme_whose_library_is_missing_is_a_note(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)
    rows, (note,) = read(store, "s3://bucket/1/artifacts", replace(ALL, schemes=frozenset({"s3"})))
    assert rows == {}
    assert note.startswith("its artifacts were not read: they cannot be ")


@pytest.mark.fault("A pipe lies among the artifacts", "It is not opened.", at="artifacts")
def test_a_pipe_does_not_hang(store: Path, artifacts: Path) -> None:
    os.mkfifo(artifacts / "pipe.txt")
    (artifacts / "own.txt").write_text("own")
    assert list(read(store, artifacts)[0]) == ["own.txt"]


# --- hostile files ---


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises ``width`` x ``height`` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.fault(
    "Artifacts are bombs, damaged, or of another kind than their name says", "Each is refused in words.", at="artifacts"
)
@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.png", bomb(6000, 6000), "it has 6,000 x 6,000 pixels, more than 25,000,000"),
        ("a.png", bomb(2**31 - 1, 2**31 - 1), "it cannot be decoded as a picture (DecompressionBombError)"),
        ("a.png", bomb(100, 100), "it cannot be decoded as a picture (OSError)"),
        ("a.png", b"<html>", "it cannot be decoded as a picture (UnidentifiedImageError)"),
        ("a.gif", b"%!PS-Adobe EPS", "it cannot be decoded as a picture (UnidentifiedImageError)"),
        ("a.svg", b"<svg onload='x'/>", "SVG is not shown, since it can hold programs; log a PNG beside it"),
        ("a.txt", b"\xff\xfe", "it is not UTF-8 text"),
        ("a.txt", b"a\0b", "it is not text"),
        ("a.json", b"[" * 100_000, "it is not whole JSON"),
        ("a.json", b"[" * 400 + b"1," * 5000 + b"1" + b"]" * 400, "it is nested too deeply to show"),
        ("a.json", b"1" * 5000, "it is not whole JSON"),
        ("a.json", json.dumps([{f"k{n}": n} for n in range(3000)]).encode(), "it has 3,000 columns, more than 2,000"),
        ("a.csv", (",".join("abc" * 1000) + "\n" + "1\n" * 1000).encode(), "it has 3,000 columns, more than 2,000"),
        ("a.csv", b"", "it is empty"),
        ("a.parquet", b"PAR1junkPAR1", "it is not whole Parquet (ArrowInvalid)"),
        ("model.pkl", b"x", "files of the kind .pkl are not shown"),
        ("Makefile", b"x", "files of the kind (no suffix) are not shown"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_in_words(name: str, data: bytes, why: str) -> None:
    with pytest.raises(RefusedArtifactError) as raised:
        decoded(name, data)
    assert str(raised.value) == why


@pytest.mark.parametrize(
    ("format", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")]
)
def test_every_kind_of_picture_becomes_a_png_of_bounded_size(format: str, media_type: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (4000, 100), "blue").save(out, format)
    kind, found, content = decoded("plot.jpg", out.getvalue())
    picture = Image.open(io.BytesIO(content))
    assert (kind, found, picture.format, picture.size) == ("image", media_type, "PNG", (MAX_SIDE, 40))


def test_equal_pictures_give_equal_bytes() -> None:
    assert decoded("a.png", png())[2] == decoded("a.png", png(compress_level=0))[2]


@pytest.mark.parametrize(
    ("text", "kind", "content"),
    [
        ('[{"a": 1}, {"b": "x"}]', "table", {"columns": ["a", "b"], "rows": [[1, None], [None, "x"]], "n_rows": 2}),
        ('{"columns": ["a"], "data": [1]}', "text", None),
        ('{"columns": ["a"], "data": [[NaN, 2]]}', "table", {"columns": ["a"], "rows": [["nan"]], "n_rows": 1}),
        ("3", "text", None),
    ],
)
def test_json(text: str, kind: str, content: Mapping[str, Any] | None) -> None:
    found, _, data = decoded("x.json", text.encode())
    assert found == kind
    assert content is None or json.loads(data) == content


def test_a_long_table_is_cut_and_counted() -> None:
    _, _, data = decoded("x.csv", ("a,b,c,d\n" + "1,2,3,4\n" * 60_000).encode())
    found = json.loads(data)
    assert (len(found["rows"]), found["n_rows"]) == (50_000, 60_000)


@pytest.mark.fault("A small table unfolds to millions of cells", "It is cut and counted.", at="artifacts")
def test_a_small_file_cannot_unfold_into_a_large_table() -> None:
    """Every object has a key of its own: 1,900 columns of 1,900 rows would be 3.6 million cells."""
    found = json.loads(decoded("x.json", json.dumps([{f"k{n}": n} for n in range(1900)]).encode())[2])
    assert (len(found["rows"]), found["n_rows"], len(found["columns"])) == (105, 1900, 1900)
    found = json.loads(decoded("x.csv", (",".join(f"k{n}" for n in range(1900)) + "\n" + "1\n" * 5000).encode())[2])
    assert (len(found["rows"]), found["n_rows"]) == (105, 5000)


@pytest.mark.fault("A small Parquet file unfolds to a long text", "It is refused before it is unfolded.", at="artifacts")
def test_text_that_a_parquet_file_repeats_is_measured_before_it_is_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.collect.artifact_formats.MAX_DECODED", 1_000_000)
    out = io.BytesIO()
    pq.write_table(pa.table({"t": ["x" * 10_000] * 1000}), out)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(RefusedArtifactError, match=r"its text is longer than 1,000,000 characters"):
        decoded("a.parquet", out.getvalue())


def test_numbers_of_many_digits_stay_text() -> None:
    found = json.loads(decoded("x.json", f'{{"columns": ["a"], "data": [[{10**400}], [1]]}}'.encode())[2])
    assert found["rows"] == [[str(10**400)], [1]]


# --- other stores ---


def logged(client: Any, tmp_path: Path) -> str:
    run_id: str = client.create_run(client.create_experiment("pictures")).info.run_id
    client.log_image(run_id, Image.new("RGB", (8, 6), "green"), "plots/a b&é.png")
    client.log_text(run_id, "hello", "notes.txt")
    client.log_text(run_id, "x" * 5000, "deep/er/big.txt")
    return run_id


@pytest.mark.server
@pytest.mark.slow
def test_through_a_server(store: Path, tmp_path: Path, mlflow_server: Callable[[str], MlflowServer]) -> None:
    from mlflow import MlflowClient

    server = mlflow_server(f"sqlite:///{store}")
    client = MlflowClient(server.url)
    run_id = logged(client, tmp_path)
    uri = client.get_run(run_id).info.artifact_uri
    run = {"experiment_id": "1", "run_id": run_id, "artifact_uri": uri}
    table, (note,) = contents_of(server.url, [run], Wanted(("*",), max_file_bytes=1000))
    rows = {row["path"]: row for row in table.to_pylist()}
    assert uri.startswith("mlflow-artifacts:")
    assert sorted(rows) == ["notes.txt", "plots/a b&é.png"]
    assert rows["notes.txt"]["content"] == b"hello"
    assert Image.open(io.BytesIO(rows["plots/a b&é.png"]["content"])).size == (8, 6)
    assert note.what == "1 artifact not shown, deep/er/big.txt: larger than the 0.001 MB of artifacts.max_file_megabytes"
    # A server that does not answer is left behind when the time is up; a list without MLflow's words is none.
    taken = collect(server.url, Selection())
    keys = [(row["experiment_id"], row["run_id"]) for row in taken.runs.to_pylist()]
    with proxy_before(server.url) as proxy:
        proxy.fault = lambda call: faults.hang if call.path == "artifacts/list" else None
        started = time.monotonic()
        table, problems = contents_from([Store("", proxy.url)], taken, [(keys, 9)], ALL, seconds=0.5)
        assert time.monotonic() - started < 3
        assert table.num_rows == 0
        assert ("time-up", "gap") in [(problem.slug, problem.severity) for problem in problems]
        proxy.fault = lambda call: faults.body("{}") if call.path == "artifacts/list" else None
        _, (refused,) = contents_of(proxy.url, [run], ALL)
        assert refused.what == "its artifacts were not read: the server's list of them is not MLflow's"
    # The database beside the server may name it by http; with the scheme allowed, MLflow's client goes there.
    absolute = f"{server.url}/api/2.0/mlflow-artifacts/artifacts{uri.removeprefix('mlflow-artifacts:')}"
    wanted = Wanted(("notes.txt", "deep/*"), max_file_bytes=1000, schemes=frozenset({"http"}))
    found, notes = contents_of(f"sqlite:///{store}", [{**run, "artifact_uri": absolute}], wanted)
    assert found["content"].to_pylist() == [b"hello"]
    assert [problem.what for problem in notes] == [note.what]


@pytest.mark.server
@pytest.mark.slow
def test_a_database_of_another_machine_opens_no_folder_here(postgres: DatabaseServer, artifacts: Path) -> None:
    (artifacts / "a.txt").write_text("SECRET")
    run = {"experiment_id": "1", "run_id": RUN, "artifact_uri": str(artifacts)}
    uri = postgres.uri("nothing")
    table, (note,) = contents_of(uri, [run], ALL)
    assert table.num_rows == 0
    assert note.what == (
        "its artifacts were not read: they lie in a folder that a database of another machine names; allow it with artifacts.schemes: [file]"
    )
    table, _ = contents_of(uri, [run], replace(ALL, schemes=frozenset({"file"})))
    assert table["content"].to_pylist() == [b"SECRET"]


def test_a_folder_store_reads_inside_itself_only(tmp_path: Path) -> None:
    root = tmp_path / "mlruns"
    own = root / "1" / RUN / "artifacts"
    own.mkdir(parents=True)
    (root / "1" / "meta.yaml").write_text("experiment_id: '1'\nname: one\nlifecycle_stage: active\n")
    (own / "a.txt").write_text("own")
    other = tmp_path / "elsewhere" / RUN / "artifacts"
    shutil.copytree(own, other)
    (other / "a.txt").write_text("SECRET")
    run = {"experiment_id": "1", "run_id": RUN, "artifact_uri": str(other)}
    table, notes = contents_of(str(root), [run], ALL)
    assert (table["content"].to_pylist(), notes) == ([b"own"], ())

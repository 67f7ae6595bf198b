"""Artifacts in S3, with a server that speaks its protocol: pictures are read from it on request, and bundles delivered into it."""

from __future__ import annotations

import re
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Selection, Store, collect
from reportgen.collect.contents import Wanted, contents_from
from reportgen.publish.mlflow import Target, logged
from reportgen.redaction import Redactor
from tests.publish.bundles import FILES, delivery, quietly
from tests.servers import accepts, free_port, running

SECRET = "s3cret/Key+very"
BUCKET = "artifacts"


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running server, which this process's clients are told of by the environment; its log."""
    port, folder = free_port(), tmp_path_factory.mktemp("s3")
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    names = {
        "MLFLOW_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "AKIAREPORTGEN",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "2",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with (
        running(command, lambda: accepts(port), folder / "log", signal.SIGTERM, cwd=folder),
        pytest.MonkeyPatch.context() as patched,
    ):
        for name, value in names.items():
            patched.setenv(name, value)
        import boto3

        boto3.client("s3", endpoint_url=names["MLFLOW_S3_ENDPOINT_URL"]).create_bucket(Bucket=BUCKET)
        yield folder / "log"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, s3: Path) -> tuple[str, str]:
    """(URI of a database whose runs log to the bucket, id of the run)."""
    from mlflow import MlflowClient
    from PIL import Image

    uri = f"sqlite:///{tmp_path_factory.mktemp('store')}/mlflow.db"
    client = MlflowClient(uri)
    experiment = client.create_experiment("pictures", artifact_location=f"s3://{BUCKET}/pictures")
    run_id = client.create_run(experiment, run_name="one").info.run_id
    client.log_metric(run_id, "acc", 0.5)
    client.log_image(run_id, Image.new("RGB", (8, 6), "green"), "plots/a b é.png")
    client.log_text(run_id, "model,score\nnet,0.5\n", "tables/scores.csv")
    client.log_text(run_id, "x" * 5000, "long.txt")
    client.set_terminated(run_id)
    return uri, run_id


def read(uri: str, wanted: Wanted) -> tuple[dict[str, Any], list[str]]:
    stores = [Store("store", uri)]
    taken = collect(stores, Selection())
    keys = [(row["experiment_id"], row["run_id"]) for row in taken.runs.to_pylist()]
    table, problems = contents_from(stores, taken, [(keys, len(keys))], wanted)
    return {row["path"]: row for row in table.to_pylist()}, [one.what for one in problems if one.slug == "artifact-not-shown"]


@pytest.mark.fault(
    "Artifacts lie in S3, which the config does not allow",
    "The bucket gets no request, and a note says so.",
    at="artifacts",
    exit=0,
)
def test_artifacts_are_read_from_the_bucket_when_its_scheme_is_allowed(store: tuple[str, str], s3: Path) -> None:
    everything = Wanted(("*",), 4000, 50_000, frozenset({"s3"}))
    rows, notes = read(store[0], everything)
    assert {path: row["kind"] for path, row in rows.items()} == {"plots/a b é.png": "image", "tables/scores.csv": "table"}
    assert len(notes) == 1
    assert "long.txt" in notes[0]
    assert re.search(rf'"GET /{BUCKET}/pictures/{store[1]}/artifacts/tables/scores\.csv', s3.read_text())
    before = s3.read_text().count(" HTTP/1.1")
    rows, notes = read(store[0], Wanted(("*",), 4000, 50_000))
    assert (rows, notes) == (
        {},
        ["its artifacts were not read: they lie in s3:, which the config does not allow (artifacts.schemes)"],
    )
    assert s3.read_text().count(" HTTP/1.1") == before


@pytest.mark.fault(
    "The bucket of a run's artifacts does not exist",
    "A note says that they were not read, without the key.",
    at="artifacts",
    exit=0,
)
def test_a_bucket_that_is_not_there_is_a_note(store: tuple[str, str], tmp_path: Path) -> None:
    """The run's artifacts are said to lie elsewhere, as when somebody deleted the bucket."""
    moved = tmp_path / "mlflow.db"
    moved.write_bytes(Path(store[0].removeprefix("sqlite:///")).read_bytes())
    with closing(sqlite3.connect(moved)) as connection, connection:
        connection.execute("UPDATE runs SET artifact_uri = replace(artifact_uri, 's3://artifacts/', 's3://no-such-bucket/')")
    rows, (note,) = read(f"sqlite:///{moved}", Wanted(("*",), 4000, 50_000, frozenset({"s3"})))
    assert rows == {}
    assert note.startswith("its artifacts were not read: they cannot be ")
    assert SECRET not in note


def test_a_bundle_is_delivered_into_the_bucket_once_and_whole(store: tuple[str, str], s3: Path, tmp_path: Path) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(store[0])
    experiment = client.create_experiment(
        "reports", artifact_location=f"s3://{BUCKET}/reports", tags={"reportgen.reports": "true"}
    )
    bundle = delivery()
    receipts = [logged(bundle, Target(store[0], "reports"), quietly, redactor=Redactor.of([], {}), seconds=60) for _ in range(2)]
    assert [(one.state, one.problem) for one in receipts] == [("written", None), ("unchanged", None)]
    (run,) = client.search_runs([experiment])
    assert run.info.artifact_uri.startswith(f"s3://{BUCKET}/reports/")
    puts = re.findall(rf'"PUT /{BUCKET}/reports/{run.info.run_id}/artifacts/(\S+)', s3.read_text())
    assert sorted(puts) == sorted(FILES)
    assert puts[-1] == "manifest.json"
    folder = Path(client.download_artifacts(run.info.run_id, "", str(tmp_path)))
    assert {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()} == FILES


@pytest.mark.fault(
    "The bucket for reports does not exist", "The delivery failed, and the reason is told without the key.", at="delivery", exit=6
)
def test_a_delivery_that_is_denied_is_told_without_the_key(store: tuple[str, str]) -> None:
    from mlflow import MlflowClient

    MlflowClient(store[0]).create_experiment("elsewhere", artifact_location="s3://no-such-bucket/reports")
    receipt = logged(delivery("e" * 64), Target(store[0], "elsewhere"), quietly, redactor=Redactor.of([], {}), seconds=60)
    assert receipt.state == "failed"
    assert receipt.problem is not None
    assert "NoSuchBucket" in receipt.problem.what
    assert SECRET not in str(receipt)

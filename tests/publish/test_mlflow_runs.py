"""Back to MLflow: the report run's description and links, what the runs that were read get when asked, and what a store needs."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from reportgen.errors import ConfigError, DeliveryError
from reportgen.publish.delivery import sent
from reportgen.publish.mlflow import Target
from reportgen.publish.readiness import check_ready
from reportgen.publish.receipt import Receipt
from reportgen.publish.rights import check_rights
from reportgen.redaction import Redactor
from reportgen.render.bundle import Bundle, digest_of, sha256_of
from tests import forked
from tests.publish.bundles import FILES, delivery, quietly
from tests.servers import DatabaseServer, MlflowServer, sqlite_store


@pytest.fixture
def store(tmp_path: Path) -> tuple[str, MlflowClient, list[str]]:
    """(URI, client, ids of two runs of the experiment "ab")."""
    uri = sqlite_store(tmp_path / "mlflow.db")
    client = MlflowClient(uri)
    experiment = client.create_experiment("ab", artifact_location=str(tmp_path / "artifacts" / "ab"))
    client.create_experiment("reports", artifact_location=str(tmp_path / "artifacts" / "reports"))
    return uri, client, [client.create_run(experiment, run_name=name).info.run_id for name in "ab"]


def made_from(store: tuple[str, MlflowClient, list[str]], digest: str = "d" * 64, **more: Any) -> Bundle:
    one, other = store[2]
    groups = [{"group": "control", "runs": [one]}, {"group": "new", "runs": [other]}]
    experiment = store[1].get_experiment_by_name("ab").experiment_id
    inputs = {"experiments": [{"id": experiment, "name": "ab"}], "best": [other], "compared": groups}
    return delivery(digest, inputs=inputs, **more)


def delivered(bundle: Bundle, uri: str, **how: Any) -> tuple[Receipt, ...]:
    return sent(bundle, [Target(uri, "reports", **how)], [], quietly, folder=None, redactor=Redactor.of([], {}), seconds=60)


def report_runs(client: MlflowClient) -> dict[str, Any]:
    found = client.search_runs([client.get_experiment_by_name("reports").experiment_id])
    return {run.data.tags["reportgen.digest"][0]: run for run in found}


def test_the_report_run_tells_the_summary_and_what_it_was_made_from(store: Any) -> None:
    uri, client, (one, other) = store
    decision = {
        "kind": "decision",
        "decision": "ship",
        "by": "Ana",
        "because": "better",
        "on": "2026-11-20",
        "agreement": "supported",
    }
    bundle = made_from(store, decision=decision)
    summary = "## Weekly\n\n**fine**\n\n### Gates\n\nall passed\n\n### Long\n\n" + "x" * 5000
    (receipt,) = delivered(Bundle(**{name: getattr(bundle, name) for name in ("name", "title", "digest", "problems", "n_charts", "n_charts_failed", "exit_code")}, files={**bundle.files, "summary.md": summary.encode()}), uri)  # fmt: skip
    assert receipt.state == "written"
    assert Path(receipt.where).read_bytes() == FILES["report.html"]  # it opens the report itself
    run = report_runs(client)["d"]
    tags = run.data.tags
    assert tags["mlflow.note.content"] == "## Weekly\n\n**fine**\n\n### Gates\n\nall passed"
    assert tags["reportgen.compared"] == f"control: {one}; new: {other}"
    assert {key.partition("decision")[2]: tags[key] for key in tags if key.startswith("reportgen.decision")} == {"": "ship", ".by": "Ana", ".on": "2026-11-20", ".because": "better", ".agreement": "supported"}  # fmt: skip
    (dataset,) = run.inputs.dataset_inputs
    assert (dataset.dataset.name, dataset.dataset.digest) == ("ab", "5" * 36)
    for run_id in (one, other):  # nothing was asked for
        assert not [key for key in client.get_run(run_id).data.tags if key.startswith("reportgen")]
        assert client.list_artifacts(run_id) == []
    assert client.get_experiment_by_name("ab").tags == {}


def test_links_and_bundles_on_the_runs_when_asked_for(store: Any) -> None:
    uri, client, (one, other) = store
    first, second = delivered(made_from(store), uri, link_back=True, attach=("compared", "best"))
    assert (second.channel, second.state, second.problem) == ("mlflow-runs", "written", None)
    assert second.where.endswith("3 links, the bundle on 2 runs")
    for run_id in (one, other):
        run = client.get_run(run_id)
        assert run.data.tags["reportgen.report.weekly"] == first.where
        assert run.data.tags["reportgen.attached.weekly"] == "d" * 64
        folder = Path(run.info.artifact_uri) / "reportgen" / "weekly" / f"2026-11-20-{'d' * 10}"
        assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == set(FILES)
    assert client.get_experiment_by_name("ab").tags["reportgen.report.weekly"] == first.where
    again = delivered(made_from(store), uri, link_back=True, attach=("compared", "best"))
    assert [receipt.state for receipt in again] == ["unchanged", "unchanged"]


def test_an_experiment_of_this_id_in_another_store_gets_no_link(store: Any) -> None:
    uri, client, _ = store
    bundle = delivery(inputs={"experiments": [{"id": "other:1", "name": "of another store"}]})
    assert [receipt.state for receipt in delivered(bundle, uri, link_back=True)] == ["written", "unchanged"]
    assert client.get_experiment_by_name("ab").tags == {}


@pytest.mark.fault(
    "A run that gets the bundle was deleted since it was read",
    "All other runs get it, the report run is whole, and the deleted one is named.",
    at="delivery",
    exit=6,
)
def test_a_run_that_was_deleted_meanwhile_costs_only_itself(store: Any) -> None:
    uri, client, (one, other) = store
    client.delete_run(one)
    gone = "0" * 32
    first, second = delivered(made_from(store), uri, link_back=True, attach=("compared", gone))
    assert (first.state, second.state) == ("written", "failed")
    assert second.problem is not None
    assert f"run {one[:12]}: it was deleted since it was read" in second.problem.what
    assert f"run {gone[:12]}" in second.problem.what
    assert client.get_run(other).data.tags["reportgen.attached.weekly"] == "d" * 64
    client.restore_run(one)
    again = delivered(made_from(store), uri, link_back=True, attach=("compared",))
    assert [receipt.state for receipt in again] == ["unchanged", "written"]


def test_the_last_report_of_a_day_supersedes_the_others(store: Any) -> None:
    uri, client, _ = store
    for digest in ("a", "b"):
        delivered(made_from(store, digest * 64), uri)
    delivered(made_from(store, "c" * 64, report={"name": "weekly", "date": "2026-11-21T00:00:00+00:00"}), uri)
    runs = report_runs(client)
    assert runs["a"].data.tags["reportgen.superseded_by"] == runs["b"].info.run_id
    assert runs["a"].data.tags["mlflow.note.content"].startswith("**Superseded** by a later report of the same day, run ")
    assert "reportgen.superseded_by" not in {**runs["b"].data.tags, **runs["c"].data.tags}
    assert [receipt.state for receipt in delivered(made_from(store, "a" * 64), uri)] == ["unchanged"]
    runs = report_runs(client)  # the data are again as they were: the first report counts again
    assert runs["b"].data.tags["reportgen.superseded_by"] == runs["a"].info.run_id
    assert "reportgen.superseded_by" not in runs["a"].data.tags
    assert runs["a"].data.tags["mlflow.note.content"] == "é"


@pytest.mark.fault(
    "An upload is cut in the middle of a delivery",
    "`reportgen publish` sends what is missing and nothing twice.",
    at="delivery",
    exit=6,
)
def test_a_delivery_goes_on_where_it_was_cut(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository

    uri, client, _ = store
    uploaded: list[str] = []
    real = LocalArtifactRepository.log_artifact

    def cut(self: Any, local_file: str, artifact_path: str | None = None) -> None:
        name = Path(local_file).name
        if name == "report.html" and "report.html" not in uploaded:
            uploaded.append(name)
            raise ConnectionResetError("Connection reset by peer")
        uploaded.append(name)
        real(self, local_file, artifact_path)

    monkeypatch.setattr(LocalArtifactRepository, "log_artifact", cut)
    (receipt,) = delivered(made_from(store), uri)
    assert receipt.state == "failed"
    assert uploaded == ["c.svg", "a.csv", "report.html"]
    assert report_runs(client)["d"].info.status == "FAILED"
    uploaded[:] = ["report.html"]
    assert [one.state for one in delivered(made_from(store), uri)] == ["written"]
    assert uploaded == ["report.html", "report.html", "summary.md", "manifest.json"]
    assert report_runs(client)["d"].info.status == "FINISHED"


# --- what a store needs ------------------------------------------------------------------------------------------------


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``without("boto3")``: as on a machine that does not have it."""
    real = importlib.util.find_spec

    def hide(name: str) -> None:
        def find(module: str, package: str | None = None) -> Any:
            if module.partition(".")[0] == name.partition(".")[0]:
                raise ModuleNotFoundError(module)
            return real(module, package)

        monkeypatch.setattr("reportgen.publish.readiness.find_spec", find)

    return hide


@pytest.mark.fault(
    "A package that the place of the artifacts needs is not installed, or a database names a place behind a server",
    "It is reported before anything is read, with what to install.",
    at="delivery",
    exit=2,
)
@pytest.mark.parametrize(
    ("place", "package", "todo"),
    [
        ("s3://bucket/x", "boto3", "reportgen[s3]"),
        ("gs://bucket/x", "google.cloud.storage", "reportgen[gcs]"),
        ("wasbs://c@a.blob.core.windows.net/x", "azure.storage.blob", "reportgen[azure]"),
        ("mlflow-artifacts:/x", "", "through the server"),
    ],
)
def test_what_a_store_of_artifacts_needs_is_told_first(place: str, package: str, todo: str, tmp_path: Path, without: Any) -> None:
    uri = sqlite_store(tmp_path / "mlflow.db")
    MlflowClient(uri).create_experiment("reports", artifact_location=place)
    if package:
        without(package)
    with pytest.raises(ConfigError) as raised:
        check_ready([Target(uri, "reports")])
    assert raised.value.exit_code == 2
    assert package in raised.value.what
    assert todo in (raised.value.todo or "")


@pytest.mark.server
def test_a_folder_of_the_servers_machine_is_told_first(mlflow_server: Callable[[str], MlflowServer], tmp_path: Path) -> None:
    server = mlflow_server(sqlite_store(tmp_path / "mlflow.db"))
    client = MlflowClient(server.url)
    client.create_experiment("here", artifact_location=str(tmp_path / "artifacts"))
    check_ready([Target(server.url, "of-the-server")])
    with pytest.raises(ConfigError, match="a folder of the tracking server's machine"):
        check_ready([Target(server.url, "here")])


def test_what_a_database_needs_is_told_without_its_password(without: Any) -> None:
    without("psycopg2")
    with pytest.raises(ConfigError, match="needs the package psycopg2") as raised:
        check_ready([Target("postgresql://user:s3cret@host/db", "reports")])
    assert "s3cret" not in str(raised.value)


def test_a_store_that_does_not_answer_is_no_reason_not_to_build() -> None:
    check_ready([Target("http://127.0.0.1:9", "reports"), Target("sqlite:////nowhere/mlflow.db", "reports")])


# --- the command --------------------------------------------------------------------------------------------------------


def on_disk(folder: Path) -> Path:
    """The small bundle in a folder, with a manifest that vouches for its files."""
    files = {path: content for path, content in FILES.items() if path != "manifest.json"}
    digests = {path: sha256_of(content) for path, content in files.items()}
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    facts = json.loads(FILES["manifest.json"]) | {
        "digest": digest_of(digests),
        "files": {path: {"sha256": digests[path], "size": len(files[path])} for path in files},
        "problems": [],
        "ledger": [],
        "exit_code": 0,
    }
    (folder / "manifest.json").write_text(json.dumps(facts))
    return folder


def published(bundle: Path, *words: str) -> Any:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "REPORTGEN_"))}
    return forked.command("publish", str(bundle), *words, cwd=bundle, env=clean)


@pytest.mark.fault("A bundle was changed before it is published", "Nothing is delivered.", at="delivery", exit=4)
def test_publish_delivers_a_whole_bundle_once_and_no_other(store: Any, tmp_path: Path) -> None:
    uri, client, (one, _) = store
    bundle = on_disk(tmp_path / "bundle")
    words = ("--tracking-uri", uri, "--attach", one, "--json")
    done = [published(bundle, *words) for _ in range(2)]
    assert [one.returncode for one in done] == [0, 0], done[0].stderr
    states = [[row["state"] for row in json.loads(one.stdout)["deliveries"]] for one in done]
    assert states == [["written", "written"], ["unchanged", "unchanged"]]
    (run,) = report_runs(client).values()
    folder = Path(run.info.artifact_uri)
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == set(FILES)
    (bundle / "report.html").write_text("changed")
    done = [published(bundle, "--tracking-uri", uri), published(bundle)]
    assert [(one.returncode, "bundle-changed" in one.stderr or "not as it was written" in one.stderr) for one in done] == [
        (4, True)
    ] * 2


# --- rights -------------------------------------------------------------------------------------------------------------


def test_doctor_finds_out_the_rights_to_write_and_leaves_no_trace(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri, client, _ = store
    before = (tmp_path / "mlflow.db").read_bytes()
    target, nobody = Target(uri, "reports"), Redactor.of([], {})
    assert check_rights(target, nobody) == f"runs, tags and metrics may be inserted; {tmp_path} is writable"
    assert (tmp_path / "mlflow.db").read_bytes() == before
    assert report_runs(client) == {}
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **how: Path(path).name != "mlflow.db" and real(path, mode, **how))
    with pytest.raises(DeliveryError, match="read-only for this user") as raised:
        check_rights(target, nobody)
    assert raised.value.slug == "no-right-to-write"


@pytest.mark.server
def test_rights_on_a_server_and_in_a_database_are_told_by_them(
    postgres: DatabaseServer, mlflow_server: Callable[[str], MlflowServer], tmp_path: Path
) -> None:
    """A reader's role may select and not insert; a server before the same database takes changes."""
    uri, secret = postgres.create_store("rights"), "0nly-r3ads"
    postgres.sql(
        f"CREATE ROLE rights_reader LOGIN PASSWORD '{secret}'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO rights_reader",
        "rights",
    )
    nobody = Redactor.of([], {})
    assert check_rights(Target(uri, "reports"), nobody).startswith("runs, tags and metrics may be inserted")
    with pytest.raises(DeliveryError, match="permission denied for table runs") as raised:
        check_rights(Target(postgres.uri("rights", user="rights_reader", password=secret), "reports"), nobody)
    assert secret not in str(raised.value)
    server = mlflow_server(uri)
    said = check_rights(Target(server.url, "reports"), nobody)
    assert said == "the server takes changes; the first report makes the experiment 'reports' where it is missing"
    MlflowClient(server.url).create_experiment("reports", tags={"reportgen.reports": "true"})
    assert check_rights(Target(server.url, "reports"), nobody) == "the experiment 'reports' may be changed"

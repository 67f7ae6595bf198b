"""A bundle that was changed, cut or added to is found; one that was not is said to be whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

import reportgen
from reportgen.cli import app
from reportgen.errors import SourceError
from reportgen.publish import verified
from tests import weekly_store


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    uri = weekly_store.sqlite_store(folder)
    config = {"tracking_uri": uri, "reports": {"weekly": {"experiments": ["nightly"]}}}
    now = datetime(2026, 11, 20, tzinfo=UTC)
    return reportgen.build(config, output=folder / "out", formats=["markdown", "gates", "data"], cache=False, now=now).folder


@pytest.fixture
def bundle(built: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(built, tmp_path / built.name))


def test_a_bundle_as_it_was_written_is_whole(bundle: Path) -> None:
    found = verified(bundle)
    assert (found.problems, found.has_data) == ((), True)
    told = CliRunner().invoke(app, ["verify", str(bundle)])
    assert told.exit_code == 0
    assert "are as they were written" in told.output


def rewrite(bundle: Path, change: Callable[[dict], None]) -> None:  # type: ignore[type-arg]
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    change(manifest)
    (bundle / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def unbalanced(manifest: dict) -> None:  # type: ignore[type-arg]
    manifest["ledger"][0]["n_read"] -= 1


CHANGES: dict[str, Callable[[Path], object]] = {
    "bundle-file-changed": lambda b: (b / "summary.md").write_text((b / "summary.md").read_text("utf-8") + " "),
    "bundle-file-lost": lambda b: (b / "verdict.json").unlink(),
    "bundle-file-added": lambda b: (b / "extra.html").write_text("x"),
    "bundle-digest": lambda b: rewrite(b, lambda manifest: manifest.update(digest="0" * 64)),
    "bundle-data-changed": lambda b: rewrite(b, lambda manifest: manifest.update(snapshot_digest="0" * 64)),
    "bundle-ledger": lambda b: rewrite(b, unbalanced),
}


@pytest.mark.fault(
    "A file of a bundle was changed, lost or added, or its manifest was edited",
    "`reportgen verify` names it.",
    at="delivery",
    exit=3,
)
@pytest.mark.parametrize("slug", CHANGES)
def test_what_was_changed_is_named(slug: str, bundle: Path) -> None:
    CHANGES[slug](bundle)
    assert [problem.slug for problem in verified(bundle).problems] == [slug]
    told = CliRunner().invoke(app, ["verify", str(bundle), "--json"])
    assert told.exit_code == 3
    assert json.loads(told.stdout)["problems"][0]["slug"] == slug


def test_a_link_in_a_files_place_is_no_file(bundle: Path) -> None:
    (bundle / "summary.md").rename(bundle.parent / "summary.md")
    (bundle / "summary.md").symlink_to(bundle.parent / "summary.md")
    assert [problem.slug for problem in verified(bundle).problems] == ["bundle-file-lost"]


@pytest.mark.fault("The data of a bundle was cut", "`reportgen verify` names the file and the damage.", at="delivery", exit=3)
def test_damaged_data_is_said_and_loses_nothing_else(bundle: Path) -> None:
    runs = bundle / "data" / "runs.parquet"
    runs.write_bytes(runs.read_bytes()[:100])
    assert {problem.slug for problem in verified(bundle).problems} == {"bundle-file-changed", "bundle-data-damaged"}


OUTSIDE = json.dumps({"digest": "", "files": {"../../x": {"sha256": "", "size": 0}}})


@pytest.mark.fault("A folder has no manifest, or a damaged one", "`reportgen verify` says so.", at="delivery", exit=4)
@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (None, "no-bundle"),
        ("{", "bundle-manifest-damaged"),
        ("[]", "bundle-manifest-damaged"),
        (OUTSIDE, "bundle-manifest-damaged"),
    ],
)
def test_a_folder_without_a_manifest_is_no_bundle(content: str | None, slug: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(SourceError) as raised:
        verified(tmp_path)
    assert raised.value.slug == slug

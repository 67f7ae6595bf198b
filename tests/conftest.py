"""What every test may ask for: real servers (``tests.servers``), and Hypothesis without surprises on slow machines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

for _name in ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "BUILDKITE", "CIRCLECI", "JENKINS_URL"):
    os.environ.pop(_name, None)  # a report says which CI job made it; tests say themselves when they are one
# MLflow reads these when it is first imported, which some test does.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")

pytest_plugins = ["tests.servers"]

LONGEST_FIRST = (
    "collect/test_readers.py",
    "render/test_hostile.py",
    "test_end_to_end.py",
    "render/test_pdf.py",
    "test_benchmarks.py",
    "charts/test_export.py",
    "collect/test_fault_oracle.py",
    "sections/test_stores.py",
    "collect/test_faults.py",
    "test_examples.py",
    "test_torture.py",
    "collect/test_cache.py",
    "collect/test_search.py",
    "charts/test_layout.py",
    "render/test_explorer_page.py",
    "render/test_large_tables.py",
    "collect/test_databases.py",
    "charts/test_paper.py",
    "test_compare.py",
    "collect/test_users.py",
    "collect/test_traces.py",
    "render/test_real_charts.py",
    "collect/test_sqlite.py",
    "collect/test_sql_history.py",
    "test_ci_kits.py",
    "test_check.py",
    "test_since_last_report.py",
    "test_streams.py",
    "test_cli.py",
    "test_redaction.py",
    "collect/test_files.py",
    "collect/test_several.py",
    "analyze/compare/test_tasks.py",
    "demo/test_train.py",
    "test_project.py",
    "charts/test_screen.py",
    "render/test_page.py",
    "publish/test_delivery.py",
    "test_many.py",
    "test_artifacts.py",
    "test_narrative.py",
)
"""Files that take ten seconds or more: they begin first, so that no process is alone with one of them at the end."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than there are cores: tests wait for servers, browsers and limits a third of their time."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files of ``LONGEST_FIRST`` first; else the order stays."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


settings.register_profile("reportgen", deadline=None, derandomize=True)
settings.load_profile("reportgen")


@pytest.fixture(autouse=True)
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user's cache folder, a new one for each test: no test, nor a process that it starts, may use the real one."""
    folder = tmp_path_factory.mktemp("cache-home")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """MLflow makes ``mlflow.db`` or ``mlruns`` wherever a client without a URI runs; no test, and no code of ours, may."""
    yield
    assert [name for name in ("mlflow.db", "mlruns") if Path(name).exists()] == []

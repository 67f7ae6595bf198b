"""What every test may ask for: real servers (``tests.servers``), and Hypothesis without surprises on slow machines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# MLflow reads these when it is first imported, which some test does.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")

pytest_plugins = ["tests.servers"]

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

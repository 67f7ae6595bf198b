"""What every test may ask for: real servers (``tests.servers``), and Hypothesis without surprises on slow machines."""

from __future__ import annotations

import os

from hypothesis import settings

# MLflow reads these when it is first imported, which some test does.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")

pytest_plugins = ["tests.servers"]

settings.register_profile("reportgen", deadline=None, derandomize=True)
settings.load_profile("reportgen")

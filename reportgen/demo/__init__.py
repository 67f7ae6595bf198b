"""Real training for `reportgen demo`: a small MLflow store that has what a real one has, good and bad.

Three experiments are trained with scikit-learn on data that comes with it: random forests with a registered model
(`iris`), an A/B test of two networks over paired seeds with learning curves, one failed and one diverging run
(`digits`), and a nested cross-validation sweep (`wine`). In a fourth two versions of an assistant without a language model are
evaluated by `mlflow.genai.evaluate` (`assistant`). Nothing is made up: what is in the store was computed on the
machine at hand, in well under a minute.

Training is a child process of its own (`python -m reportgen.demo.training`): it needs settings that must stand before
NumPy and MLflow are imported, and the caller never has to load either.
"""

from __future__ import annotations

from pathlib import Path

from reportgen.demo.store import train

__all__ = ["config_file", "train"]


def config_file() -> Path:
    """The config that reports on the demo's store; name the store with ``--tracking-uri`` or as the file says."""
    return Path(__file__).with_name("config.yaml")

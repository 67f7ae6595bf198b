"""The software that made a report."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from reportgen import __version__

_PACKAGES = ("mlflow", "pyarrow", "numpy", "scipy", "plotly", "kaleido", "matplotlib", "weasyprint", "jinja2")


def versions() -> tuple[tuple[str, str], ...]:
    """(package, version) of what reads, computes and draws, and of Python; packages that are not installed are left out."""
    installed = [("reportgen", __version__), ("python", platform.python_version())]
    for name in _PACKAGES:
        try:
            installed.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(installed)

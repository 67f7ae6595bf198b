"""Turn MLflow experiments into reports that people read and trust.

The way through the house is one line: ``config -> collect -> analyze -> sections -> charts -> render -> publish``;
``reportgen.pipeline.build`` is those calls in order. Nothing is imported here, so that ``import reportgen`` costs
nothing and each heavy library is loaded only by the room that needs it.
"""

from __future__ import annotations

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    """``__version__``, looked up when it is asked for: reading package metadata takes longer than all else of ``--help``."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("reportgen")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0+unknown"

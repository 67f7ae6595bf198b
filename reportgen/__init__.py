"""Turn MLflow experiments into reports that people read and trust.

The way through the house is one line: ``config -> collect -> analyze -> sections -> charts -> render -> publish``;
``reportgen.pipeline.build`` is those calls in order. From Python: ``reportgen.build``, ``build_all``, ``compare``, ``load`` and ``rebuild``
(``reportgen.api``), and ``reportgen.tracking`` for the training side. Nothing is imported before it is asked for, so that ``import reportgen``
costs nothing and each heavy library is loaded only by the room that needs it.
"""

from __future__ import annotations

from typing import Any

_HOMES = {
    **dict.fromkeys(("Loaded", "build", "build_all", "compare", "load", "rebuild"), "reportgen.api"),
    **dict.fromkeys(("ConfigError", "DeliveryError", "ReportError", "SourceError"), "reportgen.errors"),
    "Outcome": "reportgen.outcome",
    "Report": "reportgen.model",
    "Snapshot": "reportgen.snapshot",
}


__all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604 (types are in __init__.pyi)


def __getattr__(name: str) -> Any:
    """A public name, or ``__version__``, looked up when it is asked for: that takes longer than all else of ``--help``."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("reportgen")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0+unknown"


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""Turn MLflow experiments into reports that people read and trust.

The way through the house is one line: ``config -> collect -> analyze -> sections -> charts -> render -> publish``;
``reportgen.pipeline.build`` is those calls in order. Nothing is imported here, so that ``import reportgen`` costs
nothing and each heavy library is loaded only by the room that needs it.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("reportgen")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]

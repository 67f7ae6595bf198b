from reportgen.api import Loaded as Loaded
from reportgen.api import build as build
from reportgen.api import build_all as build_all
from reportgen.api import compare as compare
from reportgen.api import load as load
from reportgen.api import rebuild as rebuild
from reportgen.errors import ConfigError as ConfigError
from reportgen.errors import DeliveryError as DeliveryError
from reportgen.errors import ReportError as ReportError
from reportgen.errors import SourceError as SourceError
from reportgen.model import Report as Report
from reportgen.outcome import Outcome as Outcome
from reportgen.snapshot import Snapshot as Snapshot

__version__: str

"""Settings of reading a store that affect time, memory and server load, never the result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import EXIT_BUDGET, SourceError
from reportgen.redaction import NO_REDACTION, Redactor

TIME_UP = "the reading's time was up"


class TimeUpError(SourceError):
    """The time that was given for the whole reading has passed."""

    exit_code = EXIT_BUDGET


def time_up(seconds: float | None) -> TimeUpError:
    """The error of a reading that was given ``seconds``."""
    return TimeUpError(
        "time-up",
        f"{TIME_UP} ({seconds:.10g} s)",
        todo="give it more time (limits.reading_seconds), see what the store is busy with, or select fewer experiments or runs",
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """Limits and places of one reading."""

    cache: Path | None = None
    """Folder of histories read earlier, of any store; None reads everything anew."""
    n_connections: int = 4
    """Requests that a server gets at once, at most."""
    calls_per_second: float | None = None
    """Requests that a server gets in a second, at most; None sets no limit."""
    share_of_rate: float = 1.0
    """Of these requests, where other processes ask the same server."""
    seconds: float | None = None
    """Wall-clock limit of the whole reading; None sets no limit. What is not read by then is a gap."""
    points_in_memory: int = 25_000_000
    """Points of histories that are kept in memory (about 36 bytes each); beyond it they lie in Parquet files."""
    scratch: Path | None = None
    """Folder for such files while the report is made; None takes the system's temporary folder."""
    cache_bytes: int = 4096 << 20
    """What the files in ``cache`` may take together."""
    redactor: Redactor = NO_REDACTION
    """What is masked in what was read."""
    store: str = ""
    """Name of this store's folder in ``cache``; ``two_phase_read`` fills it in."""

    @property
    def own_calls_per_second(self) -> float | None:
        """What this process may ask in a second; None = no limit."""
        return None if self.calls_per_second is None else self.calls_per_second * self.share_of_rate

    @property
    def cache_folder(self) -> Path | None:
        """Where histories of this store were kept and are kept; None when nothing is."""
        return self.cache / self.store if self.cache is not None and self.store else None

"""The page that MLflow's own server has for a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from reportgen.redaction import public_uri

if TYPE_CHECKING:
    from reportgen.snapshot import Snapshot

RunPage = Callable[[str, str], str | None]
"""(experiment id, run id) → the address of the run's page; None where there is none."""


def run_page(tracking_uri: str, experiment_id: str, run_id: str) -> str | None:
    """The address of a run's page; None when ``tracking_uri`` is no server, or has a credential in its path."""
    base = public_uri(tracking_uri).rstrip("/")
    if not base.startswith(("http://", "https://")) or "[redacted]" in base:
        return None
    return f"{base}/#/experiments/{experiment_id}/runs/{run_id}"


def run_pages(snapshot: Snapshot) -> RunPage:
    """The addresses of the runs of ``snapshot``; with several sources each run's on the server that it came from."""
    uris = {info.name: info.uri for info in snapshot.sources}

    def page(experiment_id: str, run_id: str) -> str | None:
        if not uris:
            return run_page(snapshot.source.uri, experiment_id, run_id)
        source, _, own_id = experiment_id.partition(":")
        return run_page(uris[source], own_id, run_id.removesuffix(f"#{source}"))

    return page

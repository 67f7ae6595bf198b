"""The child that makes a PDF: one job in on stdin, one answer out on stdout. Run by ``reportgen.render.pdf``.

A layout engine can need minutes and gigabytes for a page that somebody else wrote, so it runs where it can be stopped:
in a process of its own, with a limit on its memory, and with a fetcher that opens nothing but ``data:``.

In:  JSON {"htmls" (the first that leaves no page nearly empty wins, else the best), "attachments": [{"name", "description", "data" (base64)}], "at" (ISO 8601), "megabytes",
"standard"}.
Out: one line of JSON {"log": [[level, message], …], "error": text or null}, then the bytes of the PDF.
"""

from __future__ import annotations

import base64
import gc
import json
import logging
import os
import resource
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from reportgen.children import die_with_parent, end_with_parent
from reportgen.render.pdf_tags import VARIANTS, finisher_of

NEARLY_EMPTY = 0.22
"""A page that is filled less than this, before a section that turns the paper, is not worth the turning."""


def main() -> int:
    """Reads a job from stdin and answers on stdout; libraries that print are sent to stderr."""
    end_with_parent()
    die_with_parent()  # layout may be in a C library for long
    answer = os.dup(1)
    os.dup2(2, 1)
    job = json.load(sys.stdin.buffer)
    limit = job["megabytes"] * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    log, pdf, error = _log(), b"", None
    try:
        pdf = pdf_of(job)
    except BaseException as failure:  # noqa: BLE001 - a fetching error of WeasyPrint is no Exception; the parent must hear of all
        error = f"{type(failure).__name__}: {failure}"
    with os.fdopen(answer, "wb") as out:
        out.write(json.dumps({"log": log.records, "error": error}).encode() + b"\n" + pdf)
    return 1 if error else 0


def pdf_of(job: dict[str, Any]) -> bytes:
    """The PDF of one job; nothing is fetched, and equal jobs give equal bytes."""
    import weasyprint
    from weasyprint.urls import URLFetcher

    at = datetime.fromisoformat(job["at"])
    os.environ["SOURCE_DATE_EPOCH"] = str(int(at.timestamp()))  # fontTools dates the fonts that it cuts
    attachments = [
        weasyprint.Attachment(
            string=base64.b64decode(item["data"]),
            name=item["name"],
            description=item["description"],
            created=at,
            modified=at,
            relationship="Data",
        )
        for item in job["attachments"]
    ]
    # A third of the time goes into looking for cycles among objects that all live until the end.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
    how = {"pdf_variant": VARIANTS[job["standard"]], "pdf_tags": True, "attachments": attachments}
    documents = (weasyprint.HTML(string=html, base_url="report:///", url_fetcher=fetcher).render(**how) for html in job["htmls"])
    document = _fullest(documents)
    return bytes(document.write_pdf(finisher=finisher_of(document, job["standard"]), **how))


def _fullest(documents: Iterator[Any]) -> Any:
    """The first document without a nearly empty page, else the one with the fewest; later ones are made only if needed."""
    best: tuple[int, Any] | None = None
    for document in documents:
        n_empty = sum(filled(page) < NEARLY_EMPTY for page in document.pages[:-1])
        if best is None or n_empty < best[0]:
            best = (n_empty, document)
        if n_empty == 0:
            break
    assert best is not None
    return best[1]


def filled(page: Any) -> float:
    """How far down its content reaches on ``page``, from 0 to 1.

    WeasyPrint has no public word for this; the page box is what its own documentation uses for measuring.
    """
    sheet = page._page_box
    lines = [box for box in sheet.children[0].descendants() if type(box).__name__ in ("LineBox", "BlockReplacedBox")]
    bottom = max((box.position_y + box.margin_height() for box in lines), default=0.0)
    return float((bottom - sheet.content_box_y()) / sheet.height)


class _Records(logging.Handler):
    """Keeps what WeasyPrint has to say, each sentence once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        entry = (record.levelname, record.getMessage()[:500])
        if entry not in self.records and len(self.records) < 1000:
            self.records.append(entry)


def _log() -> _Records:
    records = _Records()
    for name in ("weasyprint", "fontTools"):
        logger = logging.getLogger(name)
        logger.handlers = [records]
        logger.propagate = False
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return records


if __name__ == "__main__":
    sys.exit(main())

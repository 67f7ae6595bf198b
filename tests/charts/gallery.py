"""Every sample as SVG and as PNG, side by side, for people to look at: ``python -m tests.charts.gallery FILE [ID…]``."""

from __future__ import annotations

import base64
import html
import sys
from pathlib import Path

from reportgen.charts.paper import PaperOptions, paper_images
from tests.charts.samples import SAMPLES


def main(file: Path, ids: list[str]) -> None:
    """Write a page with both pictures of each sample."""
    drawn = paper_images([SAMPLES[name] for name in ids or SAMPLES], PaperOptions(png=True))
    for problem in drawn.problems:
        print(problem.severity, problem.slug, problem.where, problem.what, file=sys.stderr)  # noqa: T201
    rows = (
        f"<h2>{html.escape(name)}</h2>{_image('svg+xml', drawn.images[name].data)} {_image('png', drawn.pngs[name].data)}"
        for name in drawn.images
    )
    page = "<!doctype html><meta charset='utf-8'><title>Charts on paper</title><body style='background:#ddd'>"
    file.write_text(page + "\n".join(rows), "utf-8")


def _image(media_type: str, data: bytes) -> str:
    return f"<img alt='' width='680' src='data:image/{media_type};base64,{base64.b64encode(data).decode()}'>"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

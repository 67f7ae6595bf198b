"""Every sample in both engines, side by side, for people to look at: ``python -m tests.charts.gallery DIR [ID…]``."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

from reportgen.charts import PaperOptions, paper_images
from tests.charts.samples import SAMPLES


def main(folder: Path, ids: list[str]) -> None:
    charts = [SAMPLES[name] for name in ids or SAMPLES]
    kaleido = paper_images(charts, PaperOptions(png=True))
    matplotlib = paper_images(charts, PaperOptions(png=True, engine="matplotlib"))
    folder.mkdir(parents=True, exist_ok=True)
    for problem in dict.fromkeys((*kaleido.problems, *matplotlib.problems)):
        print(problem.severity, problem.slug, problem.where, problem.what, file=sys.stderr)  # noqa: T201
    for chart in charts:
        pair = [Image.open(io.BytesIO(drawn.pngs[chart.id].data)).convert("RGB") for drawn in (kaleido, matplotlib)]
        sheet = Image.new("RGB", (sum(p.width for p in pair) + 20, max(p.height for p in pair)), "#ff8800")
        sheet.paste(pair[0], (0, 0))
        sheet.paste(pair[1], (pair[0].width + 20, 0))
        sheet.save(folder / f"{chart.id}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

"""Build the documentation as a site, with reports of the demo's store as its samples and its pictures.

python -m scripts.site               samples, pictures and site, into build/site
python -m scripts.site --no-samples  the site alone, with the pictures that are there
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
SAMPLES = BUILD / "samples"
PICTURES = ROOT / "docs" / "pictures"
DEMO = ROOT / "demo"

REPORTS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo", "portfolio"),
    "weekly": ("weekly", "weekly"),
    "memo": ("../memo/*", "memo"),
    "assistant": ("assistant", "evaluation"),
}
"""Name of the sample → the folder of its report, and the picture of its first page."""
MEMO = [
    "control",
    "candidate",
    "--by",
    "tags.variant",
    "--experiment",
    "digits-ab",
    "--pair-by",
    "params.seed",
    "-m",
    "val_accuracy",
    "-m",
    "val_loss",
]
SCALE = 1.6
"""Pixels for each point of a page: 952 for an A4 page's width."""


def main() -> int:
    if "--no-samples" not in sys.argv:
        make_samples()
    site = BUILD / "site"
    shutil.rmtree(site, ignore_errors=True)
    # -W: a warning is an error; -n would ask for every type of every library.
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", site], cwd=ROOT, check=False
    ).returncode


def make_samples() -> None:
    run("demo", "--quiet")
    run("compare", *MEMO, "--tracking-uri", f"sqlite:///{DEMO / 'mlflow.db'}", "--output", str(DEMO / "memo"), "--quiet")
    SAMPLES.mkdir(parents=True, exist_ok=True)
    PICTURES.mkdir(exist_ok=True)
    for name, (report, picture) in REPORTS.items():
        (bundle,) = (DEMO / "reports").glob(f"{report}/latest")
        for kind in ("html", "pdf"):
            shutil.copyfile(bundle / f"report.{kind}", SAMPLES / f"sample-{name}.{kind}")
        draw_first_page(bundle / "report.pdf", PICTURES / f"{picture}.png")


def run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "reportgen", *arguments], cwd=ROOT, check=False, env=os.environ)
    if done.returncode not in (0, 5):
        sys.exit(f"reportgen {' '.join(arguments)}: exit code {done.returncode}")


def draw_first_page(pdf: Path, png: Path) -> None:
    """The first page, in as few colours as it needs."""
    import pypdfium2
    from PIL import Image

    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=SCALE).to_pil()
    page.quantize(128, dither=Image.Dither.NONE).save(png, optimize=True)


if __name__ == "__main__":
    sys.exit(main())

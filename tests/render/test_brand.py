"""``brand:`` in every output at once, and what it refuses."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pydantic import ValidationError

from reportgen.charts import theme
from reportgen.colors import contrast
from reportgen.config import BrandConfig
from reportgen.model import Section, Sparkline, Tile, Tiles
from reportgen.render import Bundle, RenderOptions, bundle_of
from reportgen.render.brand import MOST_BYTES, brand_of, kept_brand
from tests.render.example import report_with

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 4 4">{}</svg>'
PLAIN = SVG.format('<rect width="4" height="4" fill="#7c2d92"/>')
ACCENT = "#7c2d92"


def png(width: int = 4) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 4), ACCENT).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def branded(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("brand")
    (folder / "logo.png").write_bytes(png())
    (folder / "dark.svg").write_text(PLAIN)
    config = BrandConfig(
        name="Acme & Söhne",
        logo="logo.png",
        logo_dark="dark.svg",
        accent=ACCENT,
        fonts=("IBM Plex Sans",),
        classification='Internal "A"',
        footer="Acme GmbH",
    )
    tile = Tile("Accuracy", 0.98, "percent", chart=Sparkline((1.0, 2.0, 3.0), "up"))
    report = replace(report_with(), sections=(Section("overview", "Overview", (Tiles((tile,)),)),))
    options = RenderOptions(formats=("pdf", "html", "email", "site"), brand=brand_of(config, folder), pdf_standard="a-3b")
    return bundle_of(report, None, options)


def text_of(bundle: Bundle, path: str) -> str:
    content = bundle.files[path]
    assert isinstance(content, bytes)
    return content.decode()


def test_every_output_has_the_logo_and_the_words(branded: Bundle) -> None:
    assert branded.problems == ()
    logo = base64.b64encode(png()).decode()
    for path in ("report.html", "email.html"):
        assert f"data:image/png;base64,{logo}" in text_of(branded, path)
    assert "picture-1.png" in text_of(branded, "site/index.html")
    for path in ("report.html", "email.html", "site/index.html"):
        assert 'alt="Acme &amp; Söhne"' in text_of(branded, path)
        assert "Internal &#34;A&#34;" in text_of(branded, path)
        assert "Acme GmbH" in text_of(branded, path)


def test_every_output_has_the_accent_and_the_typeface(branded: Bundle) -> None:
    page, mail, style = (text_of(branded, path) for path in ("report.html", "email.html", "site/style.css"))
    assert all(f"--accent: {ACCENT}" in text for text in (page, style))
    assert ACCENT in mail
    assert f'stroke="{ACCENT}"' in text_of(branded, "site/index.html")
    assert theme.LIGHT["accent"] not in page
    assert '--sans: "IBM Plex Sans", Inter' in page
    assert "'IBM Plex Sans'" in mail


def test_the_pdf_has_them_on_each_page_and_keeps_to_its_standard(branded: Bundle) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    from tests.render.pdf_rules import broken_rules

    data = branded.files["report.pdf"]
    assert isinstance(data, bytes)
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            text = page.extract_text()
            assert 'Internal "A"' in text
            assert "Acme GmbH" in text
        assert pdf.pages[0].images
    assert broken_rules(data, "a-3b") == []


def test_both_accents_can_be_read() -> None:
    for accent in ("#7c2d92", "#000000", "#767676", "#0000ee", "#c00000"):
        tokens = brand_of(BrandConfig(accent=accent), Path()).tokens
        for inks in tokens.values():
            assert contrast(inks["accent"], inks["ground"]) >= 4.5
            assert contrast(inks["accent"], inks["accent-soft"]) >= 4.5


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("accent", "#ffcc00", "accent #ffcc00 has a contrast of 1.5:1 on the light page, and text needs 4.5:1: #8f7200"),
        ("accent", "red", "'red' is no colour: write #rrggbb"),
        ("fonts", ["x; } body { display: none"], "is no name of a family of fonts"),
        ("accent_dark", "#7fa6ff", "accent_dark without accent"),
    ],
)
def test_what_cannot_be_a_look_is_refused_with_the_reason(key: str, value: object, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        BrandConfig.model_validate({key: value})


def test_a_dark_accent_that_cannot_be_read_on_dark_is_refused() -> None:
    with pytest.raises(ValidationError, match="on the dark page"):
        BrandConfig(accent="#1d4ed8", accent_dark="#1d4ed8")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no picture", "no PNG, JPEG or SVG"),
        (png()[:40], "no PNG, JPEG or SVG"),
        (b"x" * 20_000_000, "20.0 MB, at most 1.0 MB"),
        (SVG.format("<script>alert(1)</script>"), "<script>"),
        (SVG.format('<rect onload="alert(1)"/>'), "a script"),
        (SVG.format('<image xlink:href="https://x.org/a.png"/>'), "outside of it"),
        (SVG.format('<rect fill="url(https://x.org/a#b)"/>'), "outside of it"),
        (SVG.format("<style>@import 'https://x.org/a.css';</style>"), "outside of it"),
        (SVG.format("<foreignObject/>"), "<foreignobject>"),
        ('<!DOCTYPE svg [<!ENTITY a "aa">]>' + PLAIN, "document type"),
        ("<svg", "well-formed"),
    ],
)
def test_a_logo_that_does_not_belong_into_a_picture_is_left_out_and_named(tmp_path: Path, content: bytes | str, why: str) -> None:
    (tmp_path / "logo").write_bytes(content if isinstance(content, bytes) else content.encode())
    brand = brand_of(BrandConfig(logo="logo"), tmp_path)
    assert brand.logo == ""
    (problem,) = brand.problems
    assert (problem.slug, problem.where, problem.severity) == ("brand-logo", "brand.logo", "warning")
    assert why in problem.what


def test_a_missing_logo_costs_nothing_else(tmp_path: Path) -> None:
    brand = brand_of(BrandConfig(logo="no.png", name="Acme"), tmp_path)
    made = bundle_of(report_with(), None, RenderOptions(formats=("html",), brand=brand))
    assert [problem.what for problem in made.problems if problem.slug == "brand-logo"] == [
        "The logo no.png is not shown: there is no such file."
    ]
    assert "Acme ·" in text_of(made, "report.html")


def test_a_plain_svg_is_a_logo_and_a_bundle_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(PLAIN)
    config = BrandConfig(logo="logo.svg", accent=ACCENT)
    brand = brand_of(config, tmp_path)
    assert brand.logo.startswith("data:image/svg+xml;base64,")
    again = brand_of(BrandConfig.model_validate(kept_brand(config, brand).model_dump()), tmp_path / "elsewhere")
    assert again == brand
    assert len(brand.logo) < MOST_BYTES

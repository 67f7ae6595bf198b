"""The typeface that travels with every document."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from reportgen.charts import fonts


def test_the_subset_has_the_letters_of_a_report_and_stays_small():
    with TTFont(io.BytesIO(fonts.inter_ttf())) as font:
        letters = font.getBestCmap()
        assert font["name"].getDebugName(1) == "Inter"
        assert {axis.axisTag for axis in font["fvar"].axes} == {"opsz", "wght"}
        features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert all(ord(mark) in letters for mark in "aZ09 ÄéßŁλ–—−±≥≤→▲▼✓✗×…’“\N{NARROW NO-BREAK SPACE}")
    assert "tnum" in features
    assert len(fonts.inter_woff2()) < 100_000


def test_tabular_figures_are_digits_and_signs():
    """Inter's own have wide hyphens and blanks too."""
    with TTFont(io.BytesIO(fonts.inter_ttf())) as font:
        letters = {name: chr(code) for code, name in font.getBestCmap().items()}
        gsub = font["GSUB"].table
        (numbers,) = {
            tuple(record.Feature.LookupListIndex) for record in gsub.FeatureList.FeatureRecord if record.FeatureTag == "tnum"
        }
        tables = [getattr(table, "ExtSubTable", table) for index in numbers for table in gsub.LookupList.Lookup[index].SubTable]
    assert {letters[name] for table in tables for name in table.mapping} == set("0123456789+−")


def test_a_page_gets_the_same_subset_compressed():
    with TTFont(io.BytesIO(fonts.inter_woff2())) as font:
        assert font.flavor == "woff2"
        assert len(font.getGlyphOrder()) > 400


def test_the_cut_font_is_kept_and_a_damaged_file_is_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "user_cache", lambda: tmp_path / "cache")
    path, made = fonts.inter_path(), []
    assert path is not None

    def kept(kind: str = "ttf") -> bytes:
        return fonts._kept(path, kind, lambda: made.append(kind) or b"font")

    assert kept() == kept() == b"font"
    assert made == ["ttf"]
    (file,) = (tmp_path / "cache" / "fonts").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    assert kept() == kept() == b"font"
    assert made == ["ttf", "ttf"]
    assert kept("woff2") == b"font"
    monkeypatch.setattr(fonts, "version", lambda _name: "other")
    assert kept() == b"font"
    assert made == ["ttf", "ttf", "woff2", "ttf"]
    monkeypatch.setattr(fonts, "user_cache", lambda: Path("/dev/null"))  # nothing can be kept there
    assert kept() == b"font"
    assert len(made) == 5

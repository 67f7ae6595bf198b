"""The typeface that travels with every document."""

from __future__ import annotations

import io

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

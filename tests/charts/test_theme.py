"""The claims that ``theme`` makes about its colours."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from reportgen.charts import theme
from reportgen.colors import channels, contrast, luminance
from reportgen.config.brand import GROUNDS

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
VISIONS = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#000000")


def linear(color: str) -> list[float]:
    return [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels(color)]


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def oklab(rgb: list[float]) -> list[float]:
    lms = times(
        (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        ),
        [min(max(c, 0.0), 1.0) for c in rgb],
    )
    return times(
        (
            (0.2104542553, 0.7936177850, -0.0040720468),
            (1.9779984951, -2.4285922050, 0.4505937099),
            (0.0259040371, 0.7827717662, -0.8086757660),
        ),
        [c ** (1 / 3) for c in lms],
    )


def least_distance(colors, vision: str) -> float:
    seen = [oklab(times(VISIONS[vision], linear(color))) for color in colors]
    return min(sum((a - b) ** 2 for a, b in zip(p, q, strict=True)) ** 0.5 for p, q in combinations(seen, 2)) * 100


@pytest.mark.parametrize("color", [*theme.PALETTE, *(c for t, c in theme.TONES.items() if t != "muted"), *theme.RAMP])
@pytest.mark.parametrize("ground", [theme.LIGHT["ground"], theme.DARK["ground"]])
def test_every_series_is_seen_on_light_and_dark(color, ground):
    assert contrast(color, ground) >= 3.0


@pytest.mark.parametrize("vision", VISIONS)
def test_colours_stay_apart_for_every_reader(vision):
    assert least_distance(theme.PALETTE, vision) > 8.0
    assert least_distance(theme.PALETTE, vision) > min(least_distance(OKABE_ITO, v) for v in VISIONS)


@pytest.mark.parametrize("inks", [theme.LIGHT, theme.DARK])
def test_text_is_readable(inks):
    assert contrast(inks["ink"], inks["ground"]) >= 7
    for role in ("soft", "faint", "accent", "good", "bad", "warning"):
        assert contrast(inks[role], inks["ground"]) >= 4.5, role
    for role in ("accent", "good", "bad", "warning"):
        assert contrast(inks[role], inks[f"{role}-soft"]) >= 4.5, role
    assert contrast(inks["soft"], inks["panel"]) >= 4.5


@pytest.mark.parametrize("inks", [theme.LIGHT, theme.DARK, theme.TONES])
@pytest.mark.parametrize("vision", VISIONS)
def test_good_and_bad_differ_for_every_reader(inks, vision):
    assert least_distance([inks[role] for role in ("good", "bad")], vision) > 8.0


def test_the_config_holds_accents_against_the_grounds_of_the_page():
    assert {"light": theme.LIGHT["ground"], "dark": theme.DARK["ground"]} == GROUNDS


def test_neighbouring_slots_differ_in_more_than_colour():
    looks = [(theme.slot_color(i), theme.slot_symbol(i), theme.slot_dash(i)) for i in range(24)]
    assert len({(c, s) for c, s, _ in looks}) == 24
    assert all(a[1] != b[1] for a, b in pairwise(looks))


def test_numbers_in_cells_are_readable_at_every_shade():
    for scale in (theme.SEQUENTIAL, theme.DIVERGING):
        for k in range(101):
            color = theme.mixed(scale, k / 100)
            assert contrast(theme.ink_on(color), color) >= 3.9


def test_sequential_shades_grow_darker():
    lights = [luminance(theme.mixed(theme.SEQUENTIAL, k / 50)) for k in range(51)]
    assert lights == sorted(lights, reverse=True)


def test_templates_differ_only_in_colours():
    def shape(value):
        if isinstance(value, dict):
            return {key: shape(inner) for key, inner in value.items()}
        return [shape(v) for v in value] if isinstance(value, list) else type(value).__name__

    assert shape(theme.template("light")) == shape(theme.template("dark"))

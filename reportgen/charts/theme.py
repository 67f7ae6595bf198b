"""The look of every chart: colours, signs, faces, sizes; one place for screen and paper.

Colours. ``PALETTE`` starts from the hues of Okabe and Ito (*Color Universal Design*, 2008) and moves their lightness
so that every one has a contrast of at least 3:1 (WCAG 2.2, 1.4.11) on white **and** on the dark background: one
colour means one run in the light page, the dark page and the PDF. The smallest distance between any two, in OKLab
under the protanopia, deuteranopia and tritanopia of Machado et al. (2009), is larger than between the eight
originals. Colour is never the only sign: each slot has its own marker shape, and lines say their name at their end.

Themes. A figure carries no colours of text, grid or background: the page sets ``TEMPLATES["light"]`` or ``["dark"]``
once and switches by relayout. Paper is always light and uses faces that the print machine has.
"""

from __future__ import annotations

from typing import Any, Final

from reportgen.colors import channels, contrast
from reportgen.model import Tone

PALETTE: Final = ("#236b94", "#b33e00", "#1f9670", "#cd75bd", "#9a9905", "#4493ff", "#9559c9", "#686657")
"""Slots 0 to 7; slot 8 is slot 0 again with another marker and dash."""

TONES: Final[dict[Tone, str]] = {
    "neutral": "#6e7781",
    "good": "#0b7a6b",
    "bad": "#c2410c",
    "warning": "#a66f00",
    "best": "#236b94",
    "muted": "#8c959f",
}
"""Colours of a meaning; a word or a sign stands beside them in every medium."""

SYMBOLS: Final = ("circle", "square", "diamond", "triangle", "cross", "open")
"""Marker of a slot; 8 colours and 6 shapes give 24 different pairs."""

DASHES: Final = ("solid", "dash", "dot", "dashdot")
"""A slot's dash changes only after the palette has been used up once."""

GLYPHS: Final = {"circle": "●", "square": "■", "diamond": "◆", "triangle": "▲", "triangle-down": "▼", "cross": "✕", "open": "○"}
"""The marker as a character, in front of a name at the end of its line."""

PLOTLY_SYMBOLS: Final = {
    "circle": "circle",
    "square": "square",
    "diamond": "diamond",
    "triangle": "triangle-up",
    "triangle-down": "triangle-down",
    "cross": "x-thin",
    "open": "circle-open",
}
MARKER_SCALE: Final = {
    "circle": 1.0,
    "square": 0.9,
    "diamond": 1.05,
    "triangle": 1.1,
    "triangle-down": 1.1,
    "cross": 1.0,
    "open": 0.95,
}
"""Shapes of one nominal size differ in weight; these make them look alike."""

SEQUENTIAL: Final = ("#f2f6fa", "#cfe0ee", "#9fc3df", "#6aa3cc", "#3f82b3", "#236b94", "#124a6b", "#082c44")
"""Few to many, in equal steps of lightness, from almost paper to almost ink."""

DIVERGING: Final = ("#8a2f00", "#b33e00", "#d98a5e", "#f0cdb8", "#f4f4f2", "#bcd5e6", "#6aa3cc", "#236b94", "#0d4264")
"""Negative to positive through a neutral middle; the two ends are rust and blue, safe for colour-blind readers."""

RAMP: Final = ("#c08a2b", "#8c8a77", "#5188a6", "#236b94")
"""Low to high for lines: ochre to blue at nearly one lightness, so that both ends are seen on light and dark."""

FAMILY: Final = "Inter"
"""The typeface of every output; ``fonts`` brings it along."""
SCREEN_FONT: Final = (
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, '
    '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif'
)
PAPER_FONTS: Final = ("Inter", "Noto Sans", "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans SC", "Noto Sans CJK JP", "sans-serif")
PAPER_FONT: Final = ", ".join(f'"{name}"' if " " in name else name for name in PAPER_FONTS)

HALO: Final = "halo"
"""Name of the annotation in the templates that has a ground in the colour of the page."""

STRETCH: Final = 0.13
"""Opacity of a shaded part of a plot: seen on a light and on a dark page, and what lies on it stays clear."""

TICK_SIZE: Final = 11.5
LABEL_SIZE: Final = 12.0

SCREEN_WIDTH: Final = 720
PAPER_WIDTH: Final = 680
MIN_SCREEN_WIDTH: Final = 560
"""Narrower than this a chart is not legible: the page should let it scroll sideways instead."""

TOKENS: Final[dict[str, dict[str, str]]] = {
    "light": {
        "ink": "#16181d",
        "soft": "#5b6270",
        "faint": "#6b7280",
        "rule": "#e4e7ec",
        "rule-strong": "#c3c8d1",
        "ground": "#ffffff",
        "panel": "#f5f6f8",
        "accent": "#2b5fd9",
        "accent-soft": "#edf2fd",
        "good": "#0b7a6b",
        "good-soft": "#ecf7f5",
        "bad": "#c02626",
        "bad-soft": "#fdf0f0",
        "warning": "#a8540a",
        "warning-soft": "#fdf5e8",
    },
    "dark": {
        "ink": "#e8eaee",
        "soft": "#a6adb9",
        "faint": "#8b93a1",
        "rule": "#272c35",
        "rule-strong": "#434a56",
        "ground": "#0f1216",
        "panel": "#181c22",
        "accent": "#7fa6ff",
        "accent-soft": "#17223a",
        "good": "#5ad1b8",
        "good-soft": "#0f2724",
        "bad": "#ff8274",
        "bad-soft": "#321a1a",
        "warning": "#f0b860",
        "warning-soft": "#2d2412",
    },
}
"""The colours of every output: the page and paper have them as CSS variables. Text on its ground has 4.5:1, marks have 3:1."""
LIGHT: Final = TOKENS["light"]
DARK: Final = TOKENS["dark"]


def slot_color(slot: int) -> str:
    return PALETTE[slot % len(PALETTE)]


def slot_symbol(slot: int) -> str:
    return SYMBOLS[slot % len(SYMBOLS)]


def slot_dash(slot: int) -> str:
    return DASHES[slot // len(PALETTE) % len(DASHES)]


def mixed(colors: tuple[str, ...], share: float) -> str:
    """The colour at ``share`` (0 to 1) of a scale, mixed linearly between its two neighbours."""
    place = min(max(share, 0.0), 1.0) * (len(colors) - 1)
    left = min(int(place), len(colors) - 2)
    rest = place - left
    pairs = zip(channels(colors[left]), channels(colors[left + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * rest):02x}" for a, b in pairs)


def translucent(color: str, opacity: float) -> str:
    red, green, blue = channels(color)
    return f"rgba({red},{green},{blue},{opacity:g})"


def ink_on(color: str) -> str:
    """The one of dark and white ink that reads better on ``color``."""
    return max((LIGHT["ink"], "#ffffff"), key=lambda ink: contrast(ink, color))


def template(name: str, font: str = SCREEN_FONT) -> dict[str, Any]:
    """A Plotly template: everything about a figure that depends on the background, and nothing else."""
    inks = TOKENS[name]
    axis = {
        "automargin": True,
        "gridcolor": inks["rule"],
        "gridwidth": 1,
        "linecolor": inks["faint"],
        "linewidth": 1,
        "tickcolor": inks["faint"],
        "ticklen": 4,
        "tickfont": {"size": TICK_SIZE, "color": inks["soft"]},
        "title": {"font": {"size": LABEL_SIZE, "color": inks["soft"]}, "standoff": 8},
        "zeroline": False,
        "zerolinecolor": inks["faint"],
    }
    clear = "rgba(0,0,0,0)"
    return {
        "layout": {
            "font": {"family": font, "size": LABEL_SIZE, "color": inks["ink"]},
            "paper_bgcolor": clear,
            "plot_bgcolor": clear,
            "colorway": list(PALETTE),
            "xaxis": axis,
            "yaxis": axis,
            "legend": {"bgcolor": clear, "font": {"size": LABEL_SIZE, "color": inks["ink"]}},
            "annotationdefaults": {"font": {"size": LABEL_SIZE, "color": inks["ink"]}, "showarrow": False},
            "hoverlabel": {
                "align": "left",
                "bgcolor": inks["ground"],
                "bordercolor": inks["rule-strong"],
                "font": {"family": font, "size": LABEL_SIZE, "color": inks["ink"]},
                "namelength": -1,
            },
            "modebar": {"bgcolor": clear, "color": inks["soft"], "activecolor": inks["ink"], "orientation": "v"},
            # Figures ask for it by name, for words that stand on lines.
            "annotations": [{"name": HALO, "visible": False, "bgcolor": translucent(inks["ground"], 0.8), "borderpad": 1}],
        },
        "data": {
            "heatmap": [{"colorbar": {"outlinewidth": 0, "tickfont": {"size": TICK_SIZE, "color": inks["soft"]}}}],
        },
    }

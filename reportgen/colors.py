"""Arithmetic of colours written as ``#rrggbb``: contrast as WCAG 2.2 defines it, and mixing."""

from __future__ import annotations

from typing import Final

TEXT_CONTRAST: Final = 4.5
"""Least contrast of text with its ground (WCAG 2.2, 1.4.3)."""
MARK_CONTRAST: Final = 3.0
"""Least contrast of what a picture is read from (WCAG 2.2, 1.4.11)."""


def channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 (black) to 1 (white)."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def blended(color: str, other: str, share: float) -> str:
    """``color`` with ``share`` (0 to 1) of ``other``."""
    pairs = zip(channels(color), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(color: str, ground: str) -> str:
    """``color``, or the nearest one towards black or white that can be read on ``ground``."""
    towards = "#000000" if luminance(ground) > 0.18 else "#ffffff"
    steps = (blended(color, towards, step / 50) for step in range(51))
    return next(one for one in steps if contrast(one, ground) >= TEXT_CONTRAST)

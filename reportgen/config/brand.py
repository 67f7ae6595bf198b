"""``brand:``: what makes reports look like an organisation's own."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import Field, field_validator, model_validator

from reportgen.colors import TEXT_CONTRAST, contrast, readable
from reportgen.config.base import ConfigModel

GROUNDS: Final = {"light": "#ffffff", "dark": "#0f1216"}
"""What the page's text stands on; ``charts.theme`` has the same."""
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,59}")


class BrandConfig(ConfigModel):
    """Name, logo, colour, typeface and fixed words of an organisation, in the page, the PDF, pictures, e-mail and site."""

    name: str | None = Field(None, min_length=1, max_length=60, description="Stands before the title of every report.")
    logo: str | None = Field(
        None,
        description="File of the logo, relative to the config file: PNG, JPEG or SVG, at most 1 MB. One that cannot be used is left "
        "out and named as a problem.",
    )
    logo_dark: str | None = Field(None, description="The logo for a dark ground; left out: `logo`.")
    accent: str | None = Field(
        None,
        description="Colour of links and highlights, `#rrggbb`: at least 4.5:1 on white. Colours of series and of good and bad stay.",
    )
    accent_dark: str | None = Field(
        None, description="The same for the dark page; left out: `accent`, lightened as far as it takes."
    )
    fonts: Annotated[tuple[str, ...], Field(max_length=5)] = Field(
        (), description="Families that are installed where reports are made and read; Inter stands in for one that is not."
    )
    classification: str | None = Field(None, min_length=1, max_length=60, description="On top of every page, e.g. `Internal`.")
    footer: str | None = Field(None, min_length=1, max_length=120, description="At the foot of every page.")

    @field_validator("accent", "accent_dark")
    @classmethod
    def _six_digits(cls, color: str | None) -> str | None:
        if color is not None and _HEX.fullmatch(color) is None:
            raise ValueError(f"{color!r} is no colour: write #rrggbb, e.g. #1d4ed8")
        return color and color.lower()

    @field_validator("fonts")
    @classmethod
    def _families(cls, fonts: tuple[str, ...]) -> tuple[str, ...]:
        for family in fonts:
            if _FAMILY.fullmatch(family) is None:
                raise ValueError(
                    f"{family!r} is no name of a family of fonts: letters, digits, blanks and hyphens, e.g. IBM Plex Sans"
                )
        return fonts

    @model_validator(mode="after")
    def _readable(self) -> BrandConfig:
        for key, color, ground in (("accent", self.accent, "light"), ("accent_dark", self.accent_dark, "dark")):
            if color is None or (ratio := contrast(color, GROUNDS[ground])) >= TEXT_CONTRAST:
                continue
            near = readable(color, GROUNDS[ground])
            raise ValueError(
                f"{key} {color} has a contrast of {ratio:.1f}:1 on the {ground} page, and text needs {TEXT_CONTRAST}:1: "
                f"{near} is the nearest that has it"
            )
        if self.accent_dark is not None and self.accent is None:
            raise ValueError("accent_dark without accent: give both, or accent alone")
        return self

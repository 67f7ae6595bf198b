"""An organisation's look, ready to be drawn: colours of both themes, logos that are safe to embed, fixed words.

A logo comes from a file that somebody may have got from anywhere. It is shown as ``<img>`` with a ``data:`` address, where no script runs
and nothing is fetched; what does not belong into such a picture is refused all the same, and the report is made without it.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.charts import theme
from reportgen.colors import TEXT_CONTRAST, blended, contrast, readable
from reportgen.errors import Problem
from reportgen.formats import n_bytes

if TYPE_CHECKING:
    from reportgen.config import BrandConfig

MOST_BYTES: Final = 1_000_000
_MOST_PIXELS: Final = 16_000_000
_DATA = re.compile(r"data:(image/[a-z+]+);base64,([A-Za-z0-9+/=]*)")
_SCRIPTS: Final = frozenset(
    {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "set", "animate"}
)
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression\(", re.IGNORECASE)
_INSIDE = re.compile(r"#|data:image/(png|jpeg);base64,", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Brand:
    """How every output of a report looks; the default is our own look."""

    name: str = ""
    logo: str = ""
    """As a ``data:`` address; empty for none."""
    logo_dark: str = ""
    """Empty: ``logo``."""
    tokens: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: theme.TOKENS)
    """``theme.TOKENS`` with the accent."""
    fonts: tuple[str, ...] = ()
    """Families before our own."""
    classification: str = ""
    footer: str = ""
    problems: tuple[Problem, ...] = ()
    """What of it cannot be shown, and why."""


NO_BRAND: Final = Brand()


def brand_of(config: BrandConfig | None, folder: Path) -> Brand:
    """The brand that ``config`` describes, its files relative to ``folder``. What cannot be used is a problem of it."""
    if config is None:
        return NO_BRAND
    logos, problems = {}, []
    for key in ("logo", "logo_dark"):
        given = getattr(config, key)
        loaded = _logo(given, folder) if given else ""
        if isinstance(loaded, _Refused):
            what = f"The logo {loaded.file} is not shown: {loaded.why}."
            problems.append(
                Problem("brand-logo", f"brand.{key}", what, "give a PNG, JPEG or plain SVG of at most 1 MB", "warning")
            )
        logos[key] = loaded if isinstance(loaded, str) else ""
    return Brand(
        name=config.name or "",
        logo=logos["logo"],
        logo_dark=logos["logo_dark"],
        tokens=_tokens(config.accent, config.accent_dark),
        fonts=config.fonts,
        classification=config.classification or "",
        footer=config.footer or "",
        problems=tuple(problems),
    )


def kept_brand(config: BrandConfig, brand: Brand) -> BrandConfig:
    """``config`` with its logos instead of their files, for a bundle that is made again elsewhere."""
    return config.model_copy(update={"logo": brand.logo or None, "logo_dark": brand.logo_dark or None})


def _tokens(accent: str | None, accent_dark: str | None) -> Mapping[str, Mapping[str, str]]:
    if accent is None:
        return theme.TOKENS
    colors = {"light": accent, "dark": accent_dark or readable(accent, theme.DARK["ground"])}
    return {
        name: tokens | {"accent": colors[name], "accent-soft": _soft(colors[name], tokens["ground"])}
        for name, tokens in theme.TOKENS.items()
    }


def _soft(accent: str, ground: str) -> str:
    """A tint of ``ground`` on which ``accent`` can be read."""
    tints = (blended(ground, accent, share / 100) for share in range(12, 0, -1))
    return next((tint for tint in tints if contrast(accent, tint) >= TEXT_CONTRAST), ground)


# --- logos ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Refused:
    file: str
    why: str


def _logo(given: str, folder: Path) -> str | _Refused:
    """The logo as a ``data:`` address."""
    name = "in the config" if given.startswith("data:") else Path(given).name
    data = _bytes_of(given, folder)
    if isinstance(data, str):
        return _Refused(name, data)
    kind = "svg+xml" if _is_svg(data) else _raster_kind(data)
    if kind is None:
        return _Refused(name, "it is no PNG, JPEG or SVG that can be read")
    if kind == "svg+xml" and (why := _unsafe(data)):
        return _Refused(name, why)
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _bytes_of(given: str, folder: Path) -> bytes | str:
    """The file's bytes, or why there are none."""
    if given.startswith("data:"):
        found = _DATA.fullmatch(given)
        try:
            data = base64.b64decode(found[2], validate=True) if found else b""
        except binascii.Error:
            data = b""
    else:
        try:
            path = folder / given
            if not path.is_file():
                return "there is no such file"
            if (size := path.stat().st_size) > MOST_BYTES:
                return f"it has {n_bytes(size)}, at most {n_bytes(MOST_BYTES)} are allowed"
            data = path.read_bytes()
        except (OSError, ValueError) as error:
            return f"it cannot be read ({type(error).__name__})"
    return data if len(data) <= MOST_BYTES else f"it has {n_bytes(len(data))}, at most {n_bytes(MOST_BYTES)} are allowed"


def _raster_kind(data: bytes) -> str | None:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            kind = {"PNG": "png", "JPEG": "jpeg"}[image.format or ""]
            image.load()
    except Exception:  # noqa: BLE001 - Pillow raises what it likes for files that are broken on purpose
        return None
    return kind


def _is_svg(data: bytes) -> bool:
    return b"<svg" in data[:4000]


def _unsafe(data: bytes) -> str:
    """What in an SVG does not belong into a picture; empty for a plain one."""
    if re.search(rb"<!(DOCTYPE|ENTITY)|<\?xml-stylesheet", data, re.IGNORECASE):
        return "it declares a document type, entities or a style sheet"
    try:
        root = ET.fromstring(data)  # noqa: S314 - without a document type there are no entities to expand
    except (ET.ParseError, ValueError, RecursionError):
        return "it is no well-formed SVG"
    if _local(root.tag) != "svg":
        return "it is no SVG"
    for element in root.iter():
        if _local(element.tag) in _SCRIPTS:
            return f"it holds <{_local(element.tag)}>"
        for name, value in element.attrib.items():
            if _local(name).startswith("on"):
                return f"it holds a script ({_local(name)})"
            if (_local(name) == "href" and not _INSIDE.match(value.strip())) or _OUTSIDE.search(value):
                return f"it refers to something outside of it ({_local(name)})"
        if _local(element.tag) == "style" and _OUTSIDE.search(element.text or ""):
            return "its style refers to something outside of it"
    return ""


def _local(name: object) -> str:
    return str(name).rpartition("}")[2].lower()

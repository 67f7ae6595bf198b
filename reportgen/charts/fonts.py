"""The typeface of every output, as the font files that a page, a PDF or a picture needs.

Inter comes with the package ``fontpkg-inter`` (a data package: one variable font, read here and never imported), so that a
report has the same letters and the same line breaks on every machine. A document carries a subset: Latin letters, digits,
punctuation, and the signs that reports use. Other scripts are left to the fonts of the reader's machine (Noto on paper).
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.collect.cache.folder import Folder, Unusable
from reportgen.config import user_cache

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_REPERTOIRE: Final = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0x17F),  # Latin-1 and Latin Extended-A
    (0x391, 0x3C9),  # Greek, for names of parameters
    (0x2010, 0x2027),  # dashes, quotes, bullets, ellipsis
    (0x202F, 0x202F),  # the blank between a number and its unit
    (0x2030, 0x2034),
    (0x2070, 0x208E),  # superscripts and subscripts
    (0x20AC, 0x20AC),
    (0x2190, 0x2199),  # arrows
    (0x2202, 0x2265),  # minus, approximately, at most, at least
    (0x25A0, 0x25CF),  # markers and triangles
    (0x2713, 0x2718),  # check marks
)
_FEATURES: Final = ("ccmp", "kern", "locl", "mark", "mkmk", "tnum")

_DIGEST: Final = hashlib.sha256().digest_size

_WEIGHTS: Final = (400, 700)
"""The lightest and the boldest that a document sets: a third of the font is about others."""


def inter_path() -> Path | None:
    """The variable font of the installed package; None where the package was left out."""
    spec = importlib.util.find_spec("fontpkg_inter")
    if spec is None or not spec.origin:
        return None
    path = Path(spec.origin).parent / "files" / "Inter[opsz,wght].ttf"
    return path if path.is_file() else None


@cache
def inter_ttf() -> bytes:
    """The subset as TrueType, with its axes of weight and optical size; empty without the package. The same bytes every time."""
    path = inter_path()
    return b"" if path is None else _kept(path, "ttf", lambda: _subset_of(path))


def _subset_of(path: Path) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    options = subset.Options()
    options.layout_features = list(_FEATURES)
    options.name_IDs = [1, 2, 13, 14]  # family, style, licence and its address
    options.notdef_outline = True
    options.hinting = False
    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        _keep_words_apart(font)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[code for first, last in _REPERTOIRE for code in range(first, last + 1)])
        subsetter.subset(font)
        instancer.instantiateVariableFont(font, {"wght": _WEIGHTS}, inplace=True)
        return _file_of(font)


def _keep_words_apart(font: TTFont) -> None:
    """Leaves only digits and signs to tabular figures: Inter widens hyphens, blanks, dots and brackets too, so that "digits-nightly" gapes."""
    letters = font.getBestCmap()
    kept = {letters[ord(letter)] for letter in "0123456789+−"}
    gsub = font["GSUB"].table
    numbers = {
        index
        for record in gsub.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for index in record.Feature.LookupListIndex
    }
    for index in numbers:
        for table in gsub.LookupList.Lookup[index].SubTable:
            substitution = getattr(table, "ExtSubTable", table)
            substitution.mapping = {name: other for name, other in substitution.mapping.items() if name in kept}


@cache
def inter_woff2() -> bytes:
    """The same subset as browsers take it; empty without the package."""
    path = inter_path()
    return b"" if path is None else _kept(path, "woff2", _packed)


def _packed() -> bytes:
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(inter_ttf()), recalcTimestamp=False) as font:
        font.flavor = "woff2"
        return _file_of(font)


def _kept(path: Path, kind: str, make: Callable[[], bytes]) -> bytes:
    """What ``make`` makes of the font at ``path``, from the user's cache if it was made before: cutting the font takes two seconds of every process.

    The name of the file is a digest of all that decides its content, and its first bytes are the digest of the rest.
    """
    try:
        makers = (version("fonttools"), version("brotli"))
    except PackageNotFoundError:
        return make()
    cache = user_cache()
    if cache is None:
        return make()
    decides = (path.read_bytes(), Path(__file__).read_bytes(), repr((kind, makers)).encode())
    folder = Folder(cache / "fonts")
    file = folder.path / f"{hashlib.sha256(b''.join(hashlib.sha256(one).digest() for one in decides)).hexdigest()[:32]}.{kind}"
    with suppress(OSError, Unusable):
        folder.check_owner()
        digest, content = (kept := file.read_bytes())[:_DIGEST], kept[_DIGEST:]
        if hashlib.sha256(content).digest() == digest:
            return content
    content = make()
    with suppress(OSError, Unusable):
        folder.prepared()
        new = file.with_suffix(f".{os.getpid()}")
        new.write_bytes(hashlib.sha256(content).digest() + content)
        new.replace(file)
    return content


def _file_of(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()

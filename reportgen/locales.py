"""In which language and time zone a report is told.

Some 200 places print a value; each asks ``locale()``, which holds for one report only: ``report_of``, ``bundle_of`` and ``delivered``
enter ``told_in`` with what the report itself says. It is kept for each thread and task and restored at the end, so that two reports of
one process never meet. Outside a report everything is English in UTC: the command line speaks no other language.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

ENGLISH = "en"
LANGUAGES: Final[Mapping[str, str]] = {ENGLISH: "English", "zh_CN": "简体中文"}
"""What a config can ask for → what its readers call it."""
UTC_NAME = "UTC"


@dataclass(frozen=True, slots=True)
class ValueWords:
    """The words inside of printed values; ``words.told`` takes them from the catalogue (``values.ftl``)."""

    yes: str = "yes"
    no: str = "no"
    higher: str = "↑ higher is better"
    lower: str = "↓ lower is better"
    no_direction: str = "no direction"
    range: str = "{low} to {high}"


@dataclass(frozen=True, slots=True)
class Locale:
    """How one report is told."""

    language: str = ENGLISH
    zone: str = UTC_NAME
    """As the IANA time zone database names it."""
    words: ValueWords = ValueWords()

    @property
    def tzinfo(self) -> tzinfo:
        return zone_of(self.zone)

    @property
    def tag(self) -> str:
        """The language as BCP 47 writes it: ``zh-CN``."""
        return self.language.replace("_", "-")

    def at(self, moment: datetime) -> datetime:
        """``moment`` by the clock of the report."""
        return moment.astimezone(self.tzinfo)


_ENGLISH = Locale()
_TOLD: ContextVar[Locale] = ContextVar("locale", default=_ENGLISH)


def locale() -> Locale:
    """That of the report that is being told."""
    return _TOLD.get()


@contextmanager
def told_in(chosen: Locale) -> Iterator[None]:
    """Everything within is told as ``chosen`` says."""
    token = _TOLD.set(chosen)
    try:
        yield
    finally:
        _TOLD.reset(token)


@cache
def zone_of(name: str) -> tzinfo:
    """The time zone ``name``. Raises ``ZoneInfoNotFoundError`` or ``ValueError`` for one that does not exist."""
    return UTC if name == UTC_NAME else ZoneInfo(name)


def check_language(language: str) -> str:
    """``language`` as it is written here. Raises ``ValueError`` for one that no report can be told in."""
    known = {name.lower(): name for name in LANGUAGES}
    wanted = language.strip().lower().replace("-", "_")
    if wanted in known:
        return known[wanted]
    others = {words.lower(): name for name, words in LANGUAGES.items()} | {
        "chinese": "zh_CN",
        "zh": "zh_CN",
        "zh_tw": "zh_CN",
        "zh_hans": "zh_CN",
    }
    near = [others[one] for one in difflib.get_close_matches(wanted, others, 1)] or difflib.get_close_matches(wanted, known, 1)
    meant = [one for one in (known.get(name.lower()) for name in near) if one]
    hint = f"; did you mean {meant[0]}?" if meant else ""
    raise ValueError(f"there is no language {language[:40]!r}{hint} (languages: {', '.join(LANGUAGES)})")


def check_zone(zone: str) -> str:
    """``zone`` if the time zone database of this machine has it. Raises ``ValueError`` for another."""
    try:
        zone_of(zone)
    except (KeyError, ValueError, OSError):
        names = {name.rpartition("/")[2].lower(): name for name in sorted(available_timezones(), reverse=True)}
        names |= {name.lower(): name for name in available_timezones()}
        wanted = zone.strip().lower().replace(" ", "_")
        near = [names[one] for one in difflib.get_close_matches(wanted, names, 1)]
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(
            f"there is no time zone {zone[:60]!r}{hint} (IANA names, such as UTC, Europe/Berlin, Asia/Shanghai)"
        ) from None
    return zone


def language_of(kept: object) -> str:
    """The language that a finished bundle names; English for one that no report is told in."""
    return kept if isinstance(kept, str) and kept in LANGUAGES else ENGLISH

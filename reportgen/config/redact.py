"""What the config masks besides what looks like a credential."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from reportgen.config.base import ConfigModel


class RedactConfig(ConfigModel):
    """Further values to mask in everything that is read, shown and saved. What looks like a credential is masked without it."""

    keys: tuple[str, ...] = Field(
        (), max_length=200, description="Names or globs of params and tags whose values are masked: `customer_*`."
    )
    patterns: tuple[str, ...] = Field(
        (),
        max_length=100,
        description="Regular expressions (Python's); what they match is masked wherever it stands: `CUST-[0-9]{6}`.",
    )
    columns: tuple[str, ...] = Field(
        (), max_length=100, description="Columns of text of the data files, masked as a whole: `runs.user`, `runs.source_name`."
    )

    @field_validator("patterns")
    @classmethod
    def _compiled(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                matches_nothing = re.compile(pattern).search("") is not None
            except (re.error, RecursionError, OverflowError) as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
            if matches_nothing:
                raise ValueError(f"{pattern!r} matches the empty text, so it would match everywhere")
        return patterns

    @field_validator("columns")
    @classmethod
    def _are_there(cls, columns: tuple[str, ...]) -> tuple[str, ...]:
        if not columns:
            return columns
        from reportgen.snapshot import text_columns

        for column in columns:
            if column not in (allowed := text_columns()):
                raise ValueError(f"{column!r} is no column of text that may be masked (allowed: {', '.join(sorted(allowed))})")
        return columns

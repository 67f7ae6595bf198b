"""The one walk over the blocks of a report, in reading order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from reportgen.model import Block, Chart, Report, Table

B = TypeVar("B", bound=Block)


def of_kind(blocks: Iterable[Block], kind: type[B]) -> tuple[B, ...]:
    return tuple(block for block in blocks if isinstance(block, kind))


def all_blocks(report: Report) -> tuple[Block, ...]:
    return tuple(block for section in report.sections for block in section.blocks)


def all_tables(report: Report) -> tuple[Table, ...]:
    """Every table a reader meets in ``report``; charts' tables and the ledger included."""
    tables = (block.table if isinstance(block, Chart) else block for block in all_blocks(report))
    return (*(table for table in tables if isinstance(table, Table)), report.provenance.ledger)

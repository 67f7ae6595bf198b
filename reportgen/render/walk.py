"""The one walk over the blocks of a report, in reading order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from reportgen.model import Block, Chart, Report, Row, Section, Table, Verdict

B = TypeVar("B", bound=Block)


def of_kind(blocks: Iterable[Block], kind: type[B]) -> tuple[B, ...]:
    return tuple(block for block in blocks if isinstance(block, kind))


def all_blocks(report: Report) -> tuple[Block, ...]:
    return tuple(block for section in report.sections for block in blocks_of(section.blocks))


def blocks_of(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """``blocks`` with those that stand beside each other in place of their row."""
    return tuple(one for block in blocks for one in (blocks_of(block.blocks) if isinstance(block, Row) else (block,)))


def method_of(section: Section) -> tuple[str, ...]:
    """Each sentence of method in ``section`` once, in the order of its blocks: how verdicts were reached, how numbers are made."""
    told: list[str] = []
    for block in blocks_of(section.blocks):
        if isinstance(block, Table | Chart):
            told += block.method
        elif isinstance(block, Verdict) and block.rule:
            told.append(f"{block.title}: {block.rule}")
    return tuple(dict.fromkeys([*told, *section.method]))


def all_tables(report: Report) -> tuple[Table, ...]:
    """Every table a reader meets in ``report``; charts' tables and the ledger included."""
    tables = (block.table if isinstance(block, Chart) else block for block in all_blocks(report))
    return (*(table for table in tables if isinstance(table, Table)), report.provenance.ledger)

"""The promotion of a registered model and its card: lineage, gates, sign-off; what people wrote, and what nobody did."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.config import MEMO_SECTIONS
from reportgen.model import Prose, Report, Section, Table
from reportgen.snapshot import table_of
from tests.sections.checks import is_whole
from tests.sections.words import of_section
from tests.snapshots import FakeRun, metric_configs, snapshot, told

COMMIT = {"mlflow.source.git.commit": "c0ffee" * 6}


def models(*rows: dict[str, Any]) -> Any:
    base = {"kind": "version", "experiment_id": "1", "stage": "", "status": "READY", "aliases": [], "tags": [], "description": ""}
    return table_of("models", {key: [(base | row).get(key) for row in rows] for key in {*base, "name", "version", "run_id"}})


def registry(**challenger: Any) -> Any:
    return models(
        {"kind": "registered", "name": "ranker", "version": "", "run_id": "", "description": "Ranks the home page."},
        {"name": "ranker", "version": "1", "run_id": "a0", "aliases": ["champion"], "tags": [("approved_by", "bo")]},
        {"name": "ranker", "version": "2", "run_id": "b0", "aliases": ["challenger"], **challenger},
    )


def arms() -> list[FakeRun]:
    rows = [(arm, seed) for arm in "ab" for seed in range(5)]
    return [
        FakeRun(
            f"{arm}{seed}",
            {"acc": 0.9 + 0.02 * (arm == "b") + 0.001 * seed, "acc/mobile": 0.7 + 0.01 * seed},
            params={"arm": arm, "seed": str(seed)},
            tags=COMMIT,
            datasets=[("clicks", "d1")],
            context="eval",
        )
        for arm, seed in rows
    ]


GROUPS = {"groups": {"champion": "models:/ranker@champion", "challenger": "models:/ranker@challenger"}, "metrics": ["acc"]}


def promotion(gates: list[dict[str, Any]], decide: dict[str, Any] | None = None) -> tuple[Report, Section]:
    taken = snapshot(*arms(), models=registry(tags=[("model_card.intended_use", "home page\nonly")]))
    more = {"decide": decide} if decide else {}
    report = told(
        taken, metrics=metric_configs(acc={"goal": "maximize"}), sections=list(MEMO_SECTIONS), compare=GROUPS, gates=gates, **more
    )
    is_whole(report)
    return report, next(section for section in report.sections if section.id == "promotion")


def rows_of(section: Section, name: str) -> dict[Any, list[Any]]:
    (table,) = (block for block in section.blocks if isinstance(block, Table) and block.id == name)
    return {row[0].value: [cell.value for cell in row[1:]] for row in table.rows}


def test_lineage_gates_and_a_place_to_sign() -> None:
    _, section = promotion(
        [{"metric": "acc", "group": "challenger", "at_least": 0.99}, {"metric": "acc", "group": "challenger", "at_least": 0.5}]
    )
    lineage = rows_of(section, "promotion-lineage")
    assert lineage["Version"] == ["ranker 1", "ranker 2"]
    assert [run.name for run in lineage["Made by run"]] == ["a0", "b0"]
    assert lineage["Code commit"] == ["c0ffeec0ffee"] * 2
    assert lineage["Data sets"] == ["clicks (d1)"] * 2
    assert lineage["Approval tags"] == ["approved_by: bo", None]
    assert lineage["Intended use"] == [None, "home page only"]
    assert "Limits" not in lineage  # nobody wrote of any
    assert "1 of 2 gates not passed" in of_section(section)
    assert rows_of(section, "promotion-sign-off")["Decision"] == ["☐ ship   ☐ reject   ☐ extend   ☐ hold"]
    assert "Not signed" in of_section(section)


def test_a_signed_promotion_has_its_signature_and_says_that_it_goes_against_a_gate() -> None:
    decide = {"decision": "ship", "by": "Ana", "because": "the gate is too strict", "on": "2026-11-20"}
    report, section = promotion([{"metric": "acc", "group": "challenger", "at_least": 0.99}], decide)
    signed = rows_of(section, "promotion-sign-off")
    assert list(signed.values()) == [["ship"], ["Ana"], ["2026-11-20"], ["the gate is too strict"]]
    assert "Not signed" not in of_section(section)
    assert report.decision is not None
    assert report.decision.agreement == "against"
    assert "goes against the computed result" in of_section(report.sections[0])


def test_no_promotion_without_registered_models() -> None:
    report = told(snapshot(*arms()), sections=list(MEMO_SECTIONS), compare={"by": "params.arm", "metrics": ["acc"]})
    assert "promotion" not in [section.id for section in report.sections]


def card(**changes: Any) -> Section | None:
    taken = snapshot(*arms(), models=changes.pop("models", registry(**changes)))
    report = told(taken, metrics=metric_configs(acc={"goal": "maximize"}), primary="acc", sections=["card"])
    is_whole(report)
    return next((section for section in report.sections if section.id == "card"), None)


def test_a_card_tells_what_was_written_and_measured_and_what_is_missing() -> None:
    section = card(tags=[("limitations", "cold <b>start</b>"), ("Model-Card.License", "MIT")])
    assert section is not None
    (facts,) = (block for block in section.blocks if isinstance(block, Table) and block.layout == "facts")
    told_rows = {row[0].value: row[1].value for row in facts.rows}
    assert facts.title == "ranker, version 2"
    assert told_rows["Limits"] == "cold <b>start</b>"  # escaped by who draws it
    assert told_rows["License"] == "MIT"
    assert told_rows["Data"] == "clicks (d1), eval"
    assert [block.markdown for block in section.blocks if isinstance(block, Prose)] == ["Ranks the home page."]
    slices = next(block for block in section.blocks if isinstance(block, Table) and block.id.startswith("model-slices"))
    assert [[cell.value for cell in row] for row in slices.rows] == [["acc", "whole", "0.9200"], ["acc", "mobile", "0.7000"]]


def test_what_nobody_wrote_is_named_with_the_tag_to_set() -> None:
    bare = models({"name": "ranker", "version": "1", "run_id": "a0", "tags": [("license", "MIT")]})
    section = card(models=bare)
    assert section is not None
    assert "not recorded" in of_section(section)
    assert "model_card.intended_use and model_card.limits" in of_section(section)


@pytest.mark.parametrize("rows", [[], [{"name": "ranker", "version": "1", "run_id": "a0", "tags": [("owner", "ann")]}]])
def test_no_card_where_nobody_described_a_model(rows: list[dict[str, Any]]) -> None:
    assert card(models=models(*rows)) is None

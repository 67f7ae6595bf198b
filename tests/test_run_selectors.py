"""The grammar of a group: what each way of writing it means, and what it is called."""

from __future__ import annotations

import pytest

from reportgen.collect.filters import clauses_of
from reportgen.run_selectors import label_of_selector, meant_order, order_mistake, selector_of


@pytest.mark.parametrize(
    ("text", "kind", "experiment", "filter", "label"),
    [
        ("control", "word", "", "", "control"),
        ("ranker/ab", "word", "", "", "ranker/ab"),
        ("me@home", "word", "", "", "me@home"),
        ("experiment:ranker/ab", "experiment", "", "", "ranker/ab"),
        ("run:seed 1, seed 2", "run", "", "", "seed 1, seed 2"),
        ("models:/ranker@champion", "model", "", "", "ranker@champion"),
        ("models:/ranker/3", "model", "", "", "ranker version 3"),
        ("tags.variant=control", "filter", "", "tags.variant = 'control'", "variant=control"),
        ("tags.variant = 'control'", "filter", "", "tags.variant = 'control'", "variant=control"),
        (
            "params.lr=0.1 and tags.a=b c",
            "filter",
            "",
            "params.lr = '0.1' and tags.a = 'b c'",
            "params.lr = '0.1' and tags.a = 'b c'",
        ),
        ("metrics.acc > 0.9", "filter", "", "metrics.acc > 0.9", "metrics.acc > 0.9"),
        ("attributes.status = 'FAILED'", "filter", "", "attributes.status = 'FAILED'", "status=FAILED"),
        ("ranker/ab@tags.variant=b", "filter", "ranker/ab", "tags.variant = 'b'", "ranker/ab: variant=b"),
        ("tags.mail = 'a@b.c'", "filter", "", "tags.mail = 'a@b.c'", "mail=a@b.c"),
    ],
)
def test_a_group_as_it_is_written(text: str, kind: str, experiment: str, filter: str, label: str) -> None:
    found = selector_of(text)
    assert (found.kind, found.experiment, found.filter, label_of_selector(found)) == (kind, experiment, filter, label)
    if filter:
        assert clauses_of(found.filter)  # MLflow's own parser reads it


@pytest.mark.parametrize("text", ["models:/ranker", "models:ranker@a", "models:/a@b/3", "models:/"])
def test_a_model_needs_an_alias_or_a_version(text: str) -> None:
    with pytest.raises(ValueError, match="write models:/NAME@ALIAS or models:/NAME/VERSION"):
        selector_of(text)


def test_orders_that_are_refused_early_are_refused_by_mlflow_too() -> None:
    from mlflow.exceptions import MlflowException
    from mlflow.utils.search_utils import SearchUtils

    entities = (
        "",
        "metrics.",
        "metric.",
        "params.",
        "tags.",
        "tag.",
        "attributes.",
        "attr.",
        "run.",
        "datasets.",
        "metrcs.",
        "Metric.",
        ".",
    )
    keys = (
        "acc",
        "start_time",
        "`a b`",
        "'a b'",
        "`start_time`",
        "status",
        "a/b",
        "a-b",
        "Created",
        "a b",
        "a,b",
        "",
        "`a",
        "user_id",
    )
    directions = ("", " DESC", " asc", " DSC", " desc x")
    n_refused = 0
    for clause in (f"{entity}{key}{direction}" for entity in entities for key in keys for direction in directions):
        why = order_mistake(clause)
        n_refused += why is not None
        try:
            SearchUtils.parse_order_by_for_search_runs(clause)
        except (MlflowException, ValueError):
            continue
        assert why is None, clause
    assert n_refused > 500
    meant = {"metrics.acc DSC": "metrics.acc DESC", "strat_time": "start_time", "metrcs.acc": "metrics.acc"}
    assert {clause: meant_order(clause) for clause in meant} == meant
    assert all(order_mistake(clause) for clause in meant)

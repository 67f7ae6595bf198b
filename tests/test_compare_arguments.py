"""`reportgen compare` in words: what a person means, and what is said when it is not there or could be two things."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.collect.filter_groups import runs_matching
from reportgen.compare_arguments import CompareArguments, CompareRequest, request_of
from reportgen.errors import ConfigError
from reportgen.snapshot import Snapshot, table_of
from reportgen.words import Words
from reportgen.words.compare.runs import made_by_words
from tests.snapshots import FakeRun, facts, metric_configs, snapshot

UP = metric_configs(m={"goal": "maximize"})


def arms(experiment: str = "ranker/ab", names: tuple[str, ...] = ("control", "new"), n: int = 3) -> list[FakeRun]:
    return [
        FakeRun(
            f"{experiment}-{name}-{i}",
            {"m": 0.1 * at + i / 100 * (1 + at / 3)},
            {"lr": "0.1", "seed": str(i), "model": f"{name}-net"},
            {"variant": name},
            experiment=experiment,
        )
        for at, name in enumerate(names)
        for i in range(n)
    ]


def models(*rows: tuple[str, str, str, list[str]]) -> Any:
    """(name, version, run id, aliases)."""
    columns = {"kind": ["version"] * len(rows), "tags": [[] for _ in rows]}
    columns |= {name: [row[i] for row in rows] for i, name in enumerate(("name", "version", "run_id", "aliases"))}
    return table_of("models", columns)


def ask(taken: Snapshot, *words: str, **fields: Any) -> CompareRequest:
    return request_of(CompareArguments(words, **fields), taken, lambda text: runs_matching(taken, text))


def refused(taken: Snapshot, *words: str, **fields: Any) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        ask(taken, *words, **fields)
    return caught.value


def groups_of(taken: Snapshot, answer: CompareRequest) -> dict[str, int]:
    compare = answer.config.model_dump(exclude_defaults=True)
    found = facts(taken, metrics=UP, primary="m", compare=compare, matching=lambda text: runs_matching(taken, text)).comparison
    return {group.label: group.n for group in found.groups}


STORE = snapshot(*arms(), *arms("ranker/old", ("control", "third")))


def test_values_of_by_in_the_order_that_they_are_named() -> None:
    taken = snapshot(*arms())
    answer = ask(taken, "new", "control", by="variant")
    assert (answer.config.by, answer.config.only, answer.config.baseline) == ("tags.variant", ("new", "control"), "new")
    assert answer.experiments == ("ranker/ab",)
    assert groups_of(taken, answer) == {"new": 3, "control": 3}


def test_all_values_of_by_when_none_is_named() -> None:
    taken = snapshot(*arms(names=("v10", "v2", "v9")))
    assert ask(taken, by="tags.variant").labels == ("v2", "v9", "v10")
    assert ask(taken, by="tags.variant", baseline="v9").labels == ("v9", "v2", "v10")


def test_bare_values_are_found_in_the_one_field_that_has_them_all() -> None:
    answer = ask(snapshot(*arms()), "control", "new")
    assert (answer.config.by, answer.config.only) == ("tags.variant", ("control", "new"))


def test_values_in_several_experiments_need_one_to_be_named() -> None:
    error = refused(STORE, "control", "new", by="tags.variant")
    assert (error.slug, error.found) == ("compare-several-experiments", "ranker/ab and ranker/old")
    assert ask(STORE, "control", "new", by="tags.variant", scoped=True).experiments == ("ranker/ab", "ranker/old")


def test_fields_that_disagree_are_not_guessed() -> None:
    runs = [FakeRun(f"r{i}", {"m": i}, {"side": "ab"[i % 2]}, {"arm": "ab"[i // 2]}) for i in range(4)]
    error = refused(snapshot(*runs), "a", "b")
    assert error.slug == "compare-ambiguous-groups"
    assert error.todo == "say which: --by tags.arm"


def test_experiments_by_name_id_and_glob() -> None:
    answer = ask(STORE, "ranker/old", "ranker/ab")
    assert (answer.config.by, answer.labels) == ("experiment", ("ranker/old", "ranker/ab"))
    assert ask(STORE, "1", "2").labels == ("ranker/ab", "ranker/old")
    several = ask(snapshot(*arms("a1"), *arms("a2"), *arms("b")), "a*", "b")
    assert (several.config.groups, several.experiments) == ({"a*": "experiment:a*", "b": "experiment:b"}, ("a1", "a2", "b"))


def test_filters_are_called_by_their_values() -> None:
    taken = snapshot(*arms())
    answer = ask(taken, "tags.variant=new", "tags.variant=control")
    assert dict(answer.config.groups) == {"new": "tags.variant=new", "control": "tags.variant=control"}
    assert groups_of(taken, answer) == {"new": 3, "control": 3}
    both = ask(STORE, "ranker/ab@tags.variant=control", "ranker/old@tags.variant=control")
    assert both.labels == ("ranker/ab: variant=control", "ranker/old: variant=control")
    assert groups_of(STORE, both) == dict.fromkeys(both.labels, 3)


def test_runs_by_name_id_and_glob() -> None:
    taken = snapshot(*arms())
    answer = ask(taken, "ranker/ab-control-*", "ranker/ab-new-0,ranker/ab-new-1")
    assert groups_of(taken, answer) == {"ranker/ab-control-*": 3, "ranker/ab-new-0,ranker/ab-new-1": 2}


def test_registered_models_stand_for_the_run_that_made_them_and_its_replicates() -> None:
    registry = models(("ranker", "2", "ranker/ab-control-0", ["champion"]), ("ranker", "3", "ranker/ab-new-1", []))
    taken = snapshot(*arms(), models=registry)
    answer = ask(taken, "models:/ranker@champion", "models:/ranker/3")
    assert answer.labels == ("ranker@champion", "ranker version 3")
    assert groups_of(taken, answer) == {"ranker@champion": 3, "ranker version 3": 3}
    compare = answer.config.model_dump(exclude_defaults=True)
    stands = facts(taken, metrics=UP, primary="m", compare=compare).comparison.stands_for
    said = made_by_words(stands["ranker@champion"], Words())
    assert said == "ranker version 2, made by run ranker/ab-control-0 and 2 runs of its configuration"


def test_one_version_twice_leaves_nothing_to_compare() -> None:
    registry = models(("ranker", "2", "ranker/ab-control-0", ["champion", "latest"]))
    error = refused(snapshot(*arms(), models=registry), "models:/ranker@champion", "models:/ranker@latest")
    assert error.slug == "compare-overlap"
    assert "stand in none" in error.what


@pytest.mark.parametrize(
    ("words", "fields", "slug", "said"),
    [
        (
            ("contrl", "new"),
            {"by": "tags.variant"},
            "compare-unknown-group",
            "no run has tags.variant = 'contrl'; did you mean 'control'?",
        ),
        (
            ("control", "new"),
            {"by": "tags.varaint"},
            "compare-unknown-field",
            "--by tags.varaint: no run has it; did you mean tags.variant?",
        ),
        (("contrl", "new"), {}, "compare-unknown-group", "did you mean 'control' (tags.variant)?"),
        (("ranker/ba", "ranker/ab"), {}, "compare-unknown-group", "did you mean the experiment 'ranker/ab'?"),
        (("control", "new"), {"metrics": ("M",)}, "compare-unknown-metric", "no run logged the metric 'M'; did you mean 'm'?"),
        (("control", "new"), {"pair_by": "sed"}, "compare-unknown-field", "did you mean params.seed?"),
        (("control", "new"), {"baseline": "contol"}, "compare-unknown-baseline", "did you mean 'control'?"),
        (("control",), {}, "compare-no-groups", "name two groups to compare"),
        ((), {}, "compare-no-groups", "name two groups to compare"),
        (("new", "new"), {}, "compare-same-group", "a group is named twice"),
        (("models:/rank@x", "new"), {}, "compare-unknown-group", "'new' is a value of tags.variant, which"),
        (
            ("models:/rank@x", "ranker/ab"),
            {},
            "compare-unknown-model",
            "There is no registered model 'rank'. Did you mean 'ranker'?",
        ),
        (("models:/ranker@campion", "ranker/ab"), {}, "compare-unknown-model", "Did you mean champion?"),
        (("models:/ranker/9", "ranker/ab"), {}, "compare-unknown-model", "has no version 9; versions: 2"),
        (("models:/ranker", "ranker/ab"), {}, "compare-bad-group", "write models:/NAME@ALIAS"),
        (("tags.variant=x", "tags.variant=new"), {}, "compare-empty-group", "No run is selected by tags.variant=x"),
        (("tags.variant > 3", "tags.variant=new"), {}, "bad-filter", "MLflow cannot read the run filter"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_near(
    words: tuple[str, ...], fields: dict[str, Any], slug: str, said: str
) -> None:
    taken = snapshot(*arms(), models=models(("ranker", "2", "ranker/ab-control-0", ["champion"])))
    error = refused(taken, *words, **fields)
    assert error.slug == slug
    assert said in str(error)
    assert error.exit_code == 2


def test_an_empty_store_has_nothing_to_compare() -> None:
    assert refused(snapshot(), "a", "b").slug == "nothing-to-compare"


def test_groups_without_a_metric_in_common_are_not_compared() -> None:
    runs = [FakeRun("a", {"acc": 1.0}, {}, {"arm": "a"}), FakeRun("b", {"loss": 1.0}, {}, {"arm": "b"})]
    error = refused(snapshot(*runs), "a", "b")
    assert (error.slug, error.found) == ("compare-no-shared-metric", "a: acc; b: loss")
    assert ask(snapshot(*runs), "a", "b", metrics=("acc",)).config.metrics == (
        "acc",
    )  # who names one is told which side lacks it


def test_a_metric_that_nobody_named_is_one_that_every_group_has() -> None:
    both = [FakeRun(f"{arm}{i}", {"test_acc": 0.1 * i}, {}, {"arm": arm}) for arm in "ab" for i in range(3)]
    runs = [FakeRun(r.run_id, {**r.metrics, "val_acc": 0.5 + i / 10}, {}, r.tags) if i < 3 else r for i, r in enumerate(both)]
    extra = [FakeRun(f"a{i}", {"val_acc": 0.5, "test_acc": 0.4}, {}, {"arm": "a"}) for i in range(3, 20)]
    compare = {"by": "tags.arm"}
    assert facts(snapshot(*runs, *extra), compare=compare).comparison.metrics[0].metric == "test_acc"


def test_a_name_that_two_stores_share_is_not_guessed() -> None:
    taken = snapshot(*arms("prod / ab"), *arms("lab / ab"), *arms("lab / only"))
    for words in (("ab", "lab / only"), ("experiment:ab", "control"), ("ab@tags.variant=new", "control"), ("ab", "control-0")):
        error = refused(taken, *words)
        assert (error.slug, error.found) == ("compare-ambiguous-experiment", "'lab / ab' and 'prod / ab'")
        assert error.todo == "write one of them with its store before it, or '* / ab' for all of them together"
    assert groups_of(taken, ask(taken, "prod / ab", "lab / ab", replicates=True)) == {"prod / ab": 6, "lab / ab": 6}
    assert groups_of(taken, ask(taken, "lab / only", "* / ab", replicates=True)) == {"lab / only": 6, "* / ab": 12}
    told = ask(taken, "prod / ab@tags.variant=new", "experiment:lab / only", replicates=True)
    assert set(told.experiment_ids) == {run["experiment_id"] for run in taken.runs.to_pylist()} - {
        row["experiment_id"] for row in taken.experiments.to_pylist() if row["name"] == "lab / ab"
    }


def test_a_model_of_one_of_several_stores() -> None:
    taken = snapshot(*arms(), models=models(("prod / ranker", "1", "ranker/ab-new-0", ["best"]), ("lab / ranker", "1", "x", [])))
    assert groups_of(taken, ask(taken, "models:/prod / ranker@best", "tags.variant=control"))["prod / ranker@best"] == 3
    assert "Did you mean 'lab / ranker' or 'prod / ranker'?" in str(refused(taken, "models:/ranker@best", "tags.variant=control"))
    assert refused(taken, "models:/prod / ranker@best", "control").todo == "write tags.variant=control"


def test_tasks_level_and_family_are_asked_as_in_a_config() -> None:
    taken = snapshot(*arms(names=("control", "new", "third")))
    config = ask(taken, "control", "new", "third", tasks="seed", alpha=0.01, family="dunnett").config
    assert (config.tasks, config.alpha, config.family) == ("params.seed", 0.01, "dunnett")
    plain = ask(taken, "control", "new").config
    assert (plain.tasks, plain.alpha, plain.family) == (None, 0.05, "holm")
    assert ask(taken, "control", "new", tasks="none").config.tasks == "none"
    error = refused(taken, "control", "new", tasks="sed")
    assert error.slug == "compare-unknown-field"
    assert "did you mean params.seed?" in error.what

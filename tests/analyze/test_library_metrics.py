"""Directions of the metrics that libraries name: from the installed packages, and from a list of the others' documented names."""

from __future__ import annotations

import inspect
import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.utils import all_estimators

from reportgen.analyze.directions import metric_direction
from reportgen.analyze.metric_names import canonical_name
from reportgen.analyze.primary import split_rank

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of MLflow's about its own type hints
    import mlflow.metrics
    from mlflow.genai.scorers import get_all_scorers
    from mlflow.models.evaluation.evaluators import classifier, regressor

LIBRARIES: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("library_metrics.json").read_text())["libraries"]
JUDGED = sorted({name for names in LIBRARIES.values() for name, way in names.items() if way in ("higher", "lower")})
WORDS = {"maximize": "higher", "minimize": "lower", "none": "none"}

BY_OWN_LAW = {"davies_bouldin_score"}
"""Functions of scikit-learn that are named a score and are better when lower."""
NOT_JUDGED = {"consensus_score"}
"""Scores of scikit-learn whose name says nothing elsewhere: no direction is no mistake."""
READING_LEVELS = {"flesch_kincaid_grade_level", "ari_grade_level", "token_count"}
"""Metrics of MLflow with a direction that depends on the reader, or that MLflow has the wrong way round."""


def wrong(names: dict[str, str]) -> dict[str, str]:
    """What is said of each name that is not said rightly."""
    said = {name: WORDS[metric_direction(name).goal] for name in names}
    return {name: f"{said[name]}, not {way}" for name, way in names.items() if said[name] not in way.split(" or ")}


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_documented_names(library: str) -> None:
    assert wrong(LIBRARIES[library]) == {}


def test_scikit_learns_scorers_are_better_when_higher() -> None:
    assert wrong(dict.fromkeys(sklearn.metrics.get_scorer_names(), "higher")) == {}


def test_cross_validated_scorers_too() -> None:
    names = [f"{place}_{name}" for name in sklearn.metrics.get_scorer_names() for place in ("mean_test", "split0_test", "best")]
    assert wrong(dict.fromkeys(names, "higher")) == {}


def test_scikit_learns_functions_follow_their_suffix() -> None:
    ways = {"score": "higher", "loss": "lower", "error": "lower", "deviance": "lower"}
    found = {name: ways[name.rpartition("_")[2]] for name in sklearn.metrics.__all__ if name.rpartition("_")[2] in ways}
    found |= dict.fromkeys(BY_OWN_LAW, "lower") | dict.fromkeys(NOT_JUDGED, "higher or none")
    assert len(found) > 40
    assert wrong(found) == {}


def test_estimators_scores_of_any_data_set_are_better_when_higher() -> None:
    estimators = [name for name, kind in all_estimators() if hasattr(kind, "score")]
    assert len(estimators) > 80
    for dataset in ("X_test", "X_val", "x_holdout", "test_data", "unknown_dataset"):
        names = [f"{name}_score{call}_{dataset}" for name in estimators for call in ("", "-2")]
        assert wrong(dict.fromkeys(names, "higher")) == {}


def mlflow_metrics() -> dict[str, str]:
    ways: dict[str, str] = {}
    for module in (mlflow.metrics, mlflow.metrics.genai):
        for name in module.__all__:
            make = getattr(module, name)
            required = inspect.isfunction(make) and any(
                one.default is one.empty and one.kind is not one.VAR_KEYWORD
                for one in inspect.signature(make).parameters.values()
            )
            metric = make() if inspect.isfunction(make) and not required else None
            if isinstance(metric, mlflow.metrics.EvaluationMetric):
                ways[metric.name] = "higher" if metric.greater_is_better else "lower"
    return ways


def test_mlflows_own_metrics() -> None:
    ways = mlflow_metrics()
    assert len(ways) > 15
    ways |= dict.fromkeys(READING_LEVELS, "lower or none")
    assert wrong({f"{name}{part}": way for name, way in ways.items() for part in ("", "/mean", "/v1/mean", "/v1/p90")}) == {}
    assert wrong({f"{name}/v1/variance": "none" for name in ways}) == {}


def test_what_mlflow_evaluates() -> None:
    true, predicted = np.array([0, 1, 1, 0, 1, 0]), np.array([0, 1, 0, 0, 1, 1])
    shares = np.column_stack([1 - predicted * 0.8, predicted * 0.8])
    names = {*regressor._get_regressor_metrics(true, predicted, None)}
    names |= {*classifier._get_binary_classifier_metrics(y_true=true, y_pred=predicted, y_proba=shares, labels=[0, 1])}
    counts = {"example_count", "sum_on_target", "mean_on_target"}
    assert len(names - counts) > 10
    for name in sorted(names):
        lower = "error" in name or "loss" in name or "false" in name
        assert WORDS[metric_direction(name).goal] == ("none" if name in counts else "lower" if lower else "higher"), name


def test_mlflows_judges_are_never_inverted() -> None:
    names = {scorer.name for scorer in get_all_scorers()}
    assert len(names) > 15
    bad = {"user_frustration": "lower", "pii_detection": "lower or none"}
    assert wrong({f"{name}/mean": bad.get(name, "higher or none") for name in names}) == {}


NEGATIONS = [
    "1 - ",
    "1-",
    "1.0 - ",
    "100 - ",
    "neg_",
    "negative_",
    "minus_",
    "inverse_",
    "inv_",
    "one_minus_",
    "non_",
    "anti_",
    "no_",
]
NEGATIONS += ["not_", "un_", "without_", "negated_", "flipped_", "opposite_", "complement_of_", "reciprocal_", "lack_of_"]
CHANGES = [
    "drop",
    "gap",
    "increase",
    "decrease",
    "delta",
    "regression",
    "std",
    "stderr",
    "variance",
    "change",
    "diff",
    "difference",
]
CHANGES += ["reduction", "degradation", "decline", "saved", "savings", "negated", "inverse", "complement"]
names = st.sampled_from([name for name in JUDGED if metric_direction(name).goal != "none"])


@given(names, st.sampled_from(NEGATIONS), st.sampled_from(["", "val/", "eval/run-3/"]))
def test_a_negated_name_never_keeps_its_direction(name: str, negation: str, place: str) -> None:
    assert metric_direction(f"{place}{negation}{name}").goal != metric_direction(name).goal


@given(
    names,
    st.sampled_from(CHANGES),
    st.sampled_from(["{name}_{change}", "{change}_in_{name}", "{name}/{change}", "{change}_of_{name}"]),
)
def test_the_change_of_a_measure_never_has_its_direction(name: str, change: str, form: str) -> None:
    assert metric_direction(form.format(name=name, change=change)).goal != metric_direction(name).goal


@given(
    names, st.sampled_from(["{}", "eval/{}", "eval/run-3/val_{}", "final/test/{}", "val_{}_epoch_end", "cv/fold_2/{}", "{}_mean"])
)
def test_a_place_never_turns_a_name(name: str, form: str) -> None:
    assert metric_direction(form.format(name)).goal in (metric_direction(name).goal, "none")


@pytest.mark.parametrize(
    "name", ["f1_macro", "rmse", "accuracy", "log_loss", "wer", "mAP50", "success_rate", "hallucination_rate"]
)
@pytest.mark.parametrize(
    "form", ["eval/run-3/val_{}_epoch_end", "a/b/c/test_{}_mean", "xgb_fold_3_{}", "metrics/{}/v1/mean", "{}_class_3"]
)
def test_a_place_of_any_depth_leaves_a_known_name_its_direction(name: str, form: str) -> None:
    assert metric_direction(form.format(name)).goal == metric_direction(name).goal != "none"


@given(names, st.text("bcdfghjklmnpqrstvwxz", min_size=5, max_size=9), st.booleans())
def test_an_unknown_word_takes_a_direction_away_or_leaves_it(name: str, word: str, before: bool) -> None:
    assume(metric_direction(word).goal == "none")
    beside = f"{word}_{name}" if before else f"{name}_{word}"
    assert metric_direction(beside).goal in (metric_direction(name).goal, "none")


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("val_accuracy", "val_accuracy"),
        ("validation_accuracy", "val_accuracy"),
        ("valid_accuracy", "val_accuracy"),
        ("validation_0-rmse", "val_0-rmse"),
        ("metrics/Validation/f1", "metrics/val/f1"),
        ("validationAccuracy", "valAccuracy"),
        ("valid_json_rate", "valid_json_rate"),
        ("invalid_rate", "invalid_rate"),
        ("validity", "validity"),
        ("valid_json_accuracy", "val_json_accuracy"),
        ("valid_error_rate", "val_error_rate"),
        ("test_accuracy", "test_accuracy"),
    ],
)
def test_the_validation_split_has_one_spelling(name: str, canonical: str) -> None:
    assert canonical_name(name) == canonical


@given(st.sampled_from(sorted(LIBRARIES["Keras"])), st.sampled_from(["val", "valid", "validation"]))
def test_the_spelling_of_a_split_changes_nothing_else(name: str, split: str) -> None:
    spelled, name = f"{split}_{name}", f"val_{name}"
    assert canonical_name(spelled) == canonical_name(name) == canonical_name(canonical_name(spelled))
    assert metric_direction(canonical_name(spelled)).goal == metric_direction(spelled).goal
    assert split_rank(canonical_name(spelled)) == split_rank(spelled) == 0

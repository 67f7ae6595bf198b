"""Directions: never a wrong sign, on listed names and on names that the rules were not written for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analyze import metric_vocabulary
from reportgen.analyze.directions import Direction, directions_of, metric_direction
from reportgen.analyze.metric_names import tokens_of
from reportgen.analyze.primary import is_spent, split_rank
from reportgen.words import Words
from reportgen.words.metrics import direction_text
from reportgen.words.problems import problem_of
from tests.snapshots import metric_configs

NAMES: dict[str, list[str]] = json.loads(Path(__file__).with_name("metric_directions.json").read_text())["names"]
WORDS = {"maximize": "higher", "minimize": "lower", "none": "none"}

HIGHER = [
    "Recall@10",
    "hits@10",
    "precision@5",
    "weighted_precision",
    "adversarial_accuracy",
    "robust_accuracy",
    "val_f1_score",
    "macro_avg/f1-score",
    "r2_score",
    "adjusted_r2",
    "explained_variance_score",
    "neg_root_mean_squared_error",
    "brier_skill_score",
    "elbo",
    "f1_toxic",
    "tokens_per_second_per_gpu",
    "eval_steps_per_second",
    "mAP@0.5",
    "valAccuracy",
    "best_val_accuracy",
    "cv_mean_auc",
    "episode_return",
    "reward",
    "success@1",
    "deviance_explained",
    "v_measure_score",
    "normalized_mutual_info",
    "mean_reciprocal_rank",
    "PSNR",
    "SI-SNR",
    "BLEU-4",
    "chrF++",
    "true_negative_rate",
    "detection_rate",
    "uptime",
    "revenue",
    "retention_rate",
    "hallucination_detection_f1",
    "test_acc",
    "top5_acc",
    "accuracy_top5",
    "ndcg_cut_10",
    "mean_log_likelihood",
    "IDF1",
]

LOWER = [
    "accuracy_loss",
    "dice_loss",
    "val/top5_error",
    "wer_test",
    "MedianAbsoluteError",
    "valMAE",
    "smape_val",
    "MASE",
    "brier_score",
    "FID",
    "KID",
    "CER_test",
    "calibration_error",
    "ECE",
    "gini_impurity",
    "hamming_distance_loss",
    "wasserstein_distance",
    "false_discovery_rate",
    "response_time",
    "inference_time_ms",
    "latency_p99",
    "seconds_per_step",
    "cpu_time",
    "churn_rate",
    "bounce_rate",
    "f1_drop",
    "min_val_loss",
    "final_loss",
    "failure_rate",
    "total_cost",
    "co2_eq_kg",
    "unsafe_rate",
    "AIC",
    "val_logloss",
    "mean_gamma_deviance",
    "jailbreak_rate",
    "neg_elbo",
    "psi_score",
    "generalization_gap",
    "packet_loss",
]

NEITHER = [
    "loss_reduction",
    "error_correction_rate",
    "fraud_detection_rate",
    "mean_time_between_failures",
    "time_to_failure",
    "attack_accuracy",
    "membership_inference_auc",
    "self_bleu",
    "profit_and_loss",
    "return_loss",
    "rmse_std",
    "loss_ratio",
    "train_val_loss_gap",
    "win_loss_ratio",
    "best_epoch",
    "best_loss_step",
    "epoch_of_best_loss",
    "non_toxicity_score",
    "discriminator_loss",
    "kl_loss",
    "approx_kl",
    "clip_fraction",
    "waic",
    "time/total_timesteps",
    "cost_savings",
    "demographic_parity_difference",
    "ks_statistic",
    "accuracy_lower_bound",
    "random_accuracy",
    "baseline_auc",
    "mae_naive",
    "forget_accuracy",
    "time_remaining",
    "watch_time",
    "session_duration",
    "dissimilarity",
    "inverse_rmse",
    "one_minus_auc",
    "1-accuracy",
    "rewards/rejected",
    "anomaly_score",
    "weight_decay",
    "dropout_rate",
    "lr",
    "momentum",
    "loss_weight",
    "loss_coef",
    "loss_drop",
    "error_tolerance",
    "standard_error",
    "mean_error",
    "mean_percentage_error",
    "max_drawdown",
    "privacy_epsilon",
    "temperature_sensitivity",
    "loss_auc",
    "refusal_accuracy",
    "system/cpu_utilization_percentage",
    "n_estimators",
    "quality_index",
    "val_loss_delta",
    "error_free_rate",
    "sigma",
    "turnover",
    "volatility",
    "positive_rate",
    "global_step",
]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_listed_names_are_right(name: str) -> None:
    assert WORDS[metric_direction(name).goal] in NAMES[name]


@pytest.mark.parametrize("name", HIGHER)
def test_further_names_that_are_better_when_higher(name: str) -> None:
    assert metric_direction(name).goal == "maximize"


@pytest.mark.parametrize("name", LOWER)
def test_further_names_that_are_better_when_lower(name: str) -> None:
    assert metric_direction(name).goal == "minimize"


@pytest.mark.parametrize("name", NEITHER)
def test_names_that_can_be_read_two_ways_are_not_judged(name: str) -> None:
    assert metric_direction(name).goal == "none"


@pytest.mark.parametrize("where", ["train_", "val/", "eval-", "test.", "valid_0-", "validation/", "best_", "mean_", "metrics/"])
@pytest.mark.parametrize("name", ["accuracy", "loss", "rmse", "roc_auc", "f1", "log_loss", "r2", "logloss"])
def test_where_it_was_measured_does_not_turn_it(where: str, name: str) -> None:
    assert metric_direction(where + name).goal == metric_direction(name).goal != "none"


@pytest.mark.parametrize("name", ["accuracy", "loss", "rmse", "roc_auc", "reward", "latency_ms"])
@pytest.mark.parametrize("spread", ["_std", "_stderr", "_variance", "/std"])
def test_spreads_have_no_direction(name: str, spread: str) -> None:
    assert metric_direction(name + spread).goal == "none"


@given(st.text(max_size=40))
def test_any_text_has_an_answer(name: str) -> None:
    assert metric_direction(name).goal in WORDS
    assert metric_direction(name) == metric_direction(name)


@given(
    st.sampled_from(["accuracy", "loss", "rmse", "auc", "f1"]),
    st.sampled_from(["neg_", "negative_", "inverse_", "one_minus_", "non_", "anti_"]),
)
def test_a_turning_word_never_leaves_the_sign(name: str, turn: str) -> None:
    assert metric_direction(turn + name).goal != metric_direction(name).goal


def test_tokens() -> None:
    assert tokens_of("val/top1_errorRate") == ("val", "top1", "error", "rate")
    assert tokens_of("BinaryAUROC") == ("binary", "auroc")
    assert tokens_of("mAP50-95(B)") == ("map50", "95", "b")


def test_no_word_points_both_ways() -> None:
    high = metric_vocabulary.STRONG_HIGH | metric_vocabulary.WEAK_HIGH
    low = metric_vocabulary.STRONG_LOW | metric_vocabulary.WEAK_LOW
    assert high & low == frozenset()
    assert high >= metric_vocabulary.GENERIC_HIGH
    assert low >= metric_vocabulary.GENERIC_LOW


@pytest.mark.parametrize(("words", "goal"), [*metric_vocabulary.PHRASES, *metric_vocabulary.EXACT.items()])
def test_a_listed_phrase_is_read_as_it_is_listed(words: tuple[str, ...], goal: str) -> None:
    assert metric_direction("_".join(words)).goal == goal


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("RandomForestClassifier_score_X_test", 1),
        ("LogisticRegression_score-1_X_val", 0),
        ("Ridge_score_x_holdout", 1),
        ("SVC_score_Xte", 1),
        ("f1_score_test_data", 1),
        ("LinearRegression_score_X_train", 3),
        ("training_f1_score", 3),
        ("learn-RMSE", 3),
        ("eval/train_loss", 3),
        ("eval_loss", 0),
        ("evaluation/f1", 0),
        ("accuracy", 2),
    ],
)
def test_the_split_is_read_from_the_name(name: str, rank: int) -> None:
    assert split_rank(name) == rank


@pytest.mark.parametrize(
    "name",
    [
        "peak_memory_mb",
        "max_vram_gb",
        "inter_token_latency",
        "itl_ms",
        "tokens_per_second",
        "cost_per_success",
        "n_failed",
        "it/s",
        "epoch_time_s",
    ],
)
def test_time_load_and_cost_are_spent(name: str) -> None:
    assert is_spent(name)


@pytest.mark.parametrize("name", ["eval_mean_token_accuracy", "loss_per_token", "bbox_mAP_s", "wer", "accuracy"])
def test_quality_is_not_spent_whatever_it_is_counted_over(name: str) -> None:
    assert not is_spent(name)


def test_the_config_wins_and_says_so() -> None:
    found, problems = directions_of(["val_loss", "foo"], metric_configs(val_loss={"goal": "maximize"}, foo={"goal": "none"}), [])
    assert found == {"val_loss": Direction("maximize", "config"), "foo": Direction("none", "config")}
    assert problems == ()
    assert direction_text(found["val_loss"], Words()) == "higher is better, set in the config"


def tags(name: str, greater: str) -> dict[str, str]:
    return {"mlflow.experiment.primaryMetric.name": name, "mlflow.experiment.primaryMetric.greaterIsBetter": greater}


def test_mlflows_tag_is_read() -> None:
    found, problems = directions_of(["foo"], {}, [("a", tags("foo", "True")), ("b", {})])
    assert found["foo"] == Direction("maximize", "mlflow")
    assert problems == ()


def test_contradictions_are_not_ranked() -> None:
    found, problems = directions_of(
        ["foo", "val_loss"], {}, [("a", tags("foo", "true")), ("b", tags("foo", "false")), ("c", tags("val_loss", "true"))]
    )
    assert found == {"foo": Direction("none", "conflict"), "val_loss": Direction("none", "conflict")}
    assert [problem.where for problem in problems] == ["foo", "val_loss"]
    assert problem_of(problems[1], Words()).what == (
        "Its direction is contradictory: the tag of experiment c says ↑ higher is better; its name says ↓ lower is better. It is shown "
        "and not ranked."
    )

"""Parameter importance: what is left out, when it is withheld, and what a column is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from reportgen.analyze.methods import importance
from reportgen.analyze.methods.columns import columns_of
from reportgen.analyze.methods.randomness import generator
from reportgen.analyze.methods.samples import because


def sweep(n: int) -> tuple[dict[str, list[str | None]], np.ndarray]:
    """A metric made of a learning rate (with its copy), an optimizer and a conditional momentum; texts as MLflow has them."""
    rng = np.random.default_rng(12)
    lr, adam = 10 ** rng.uniform(-4, -1, n), rng.random(n) < 0.4
    momentum = rng.uniform(0, 1, n)
    metric = np.log10(lr) + 2 * adam + np.where(adam, 0, momentum) + rng.normal(0, 0.05, n)
    params: dict[str, list[str | None]] = {
        "lr": [f"{value:.3e}" for value in lr],
        "lr_copy": [f"{2 * value:.3f}" if value > 1e-3 else f"{2 * value:.2e}" for value in lr],
        "optimizer": ["adam" if flag else "sgd" for flag in adam],
        "momentum": [None if flag else f"{value:.3f}" for flag, value in zip(adam, momentum, strict=True)],
        "batch_size": ["32"] * n,
        "seed": [str(place) for place in range(n)],
        "output": [f"/runs/{place:x}x" for place in range(n)],
        "note": ["rare" if place == 0 else None for place in range(n)],
    }
    return params, metric


@pytest.mark.slow
def test_a_sweep_is_ranked_and_what_cannot_matter_is_named() -> None:
    params, metric = sweep(80)
    found = importance.param_importance(params, metric * 1e-30, generator("importance", 1))
    assert found.outcome == "estimated"
    assert found.r2 is not None
    assert 0.6 < found.r2 < 1
    shares = {share.param: share.share for share in found.shares}
    assert [share.share for share in found.shares] == sorted(shares.values(), reverse=True)
    assert shares["lr"] + shares["lr_copy"] > 0.4, "a parameter and its copy share what they explain"
    assert min(shares["optimizer"], shares["momentum"]) > 0.1, "a conditional parameter counts where it is there"
    assert sum(share.share for share in found.shares) == pytest.approx(1)
    assert found.entangled == (("lr", "lr_copy"),)
    assert dict(found.left_out) == {
        "batch_size": "constant",
        "seed": "numbers the runs",
        "output": "unique in every run",
        "note": "missing in more than half of the runs",
    }
    assert found == importance.param_importance(dict(reversed(params.items())), metric * 1e-30, generator("importance", 1))


def test_importance_is_withheld_with_its_reason() -> None:
    params, metric = sweep(29)
    few = importance.param_importance(params, metric, generator("x", 1))
    assert (few.outcome, few.shares, few.r2) == ("too few", (), None)
    assert few.reason == because("few-runs-for-importance", n=29, params=4, least=30)
    assert {one.param for one in few.associations} == {"lr", "lr_copy", "optimizer", "momentum"}
    constant = importance.param_importance(params, [0.5] * 29, generator("x", 1))
    assert (constant.outcome, constant.associations) == ("no variation", ())
    noise = importance.param_importance({"lr": params["lr"]}, np.random.default_rng(2).normal(size=29), generator("x", 1))
    assert noise.outcome == "too few"
    with pytest.raises(ValueError, match="metric must be finite"):
        importance.param_importance(params, [math.nan] * 29, generator("x", 1))


@pytest.mark.slow
def test_importance_of_noise_is_refused_with_its_r2() -> None:
    rng = np.random.default_rng(3)
    found = importance.param_importance({"a": list(rng.random(40))}, rng.normal(size=40), generator("x", 1))
    assert (found.outcome, found.shares) == ("refused", ())
    assert found.r2 is not None
    assert found.r2 < 0.3
    assert found.reason == because("poor-model", r2=found.r2, least=0.3)


def test_associations_are_spearman_and_eta_squared_with_bh() -> None:
    params, metric = sweep(40)
    found = {one.param: one for one in importance.associations(params, metric)}
    rho = stats.spearmanr([float(value or 0) for value in params["lr"]], metric)
    assert (found["lr"].measure, found["lr"].value) == ("spearman", pytest.approx(rho.statistic))
    assert found["lr"].p == pytest.approx(rho.pvalue)
    groups = [metric[[value == level for value in params["optimizer"]]] for level in ("adam", "sgd")]
    assert found["optimizer"].measure == "eta2"
    assert found["optimizer"].p == pytest.approx(stats.f_oneway(*groups).pvalue)
    assert found["momentum"].n == sum(value is not None for value in params["momentum"])
    ordered = sorted((one.p, one.p_adjusted) for one in found.values())
    assert ordered[-1][0] == pytest.approx(ordered[-1][1])
    assert importance.associations({"a": list(range(9))}, list(range(9))) == ()
    perfect = importance.associations({"a": list(range(10)), "b": ["x", "y"] * 5}, [0.0, 1.0] * 5)
    assert [(one.param, one.value, one.p) for one in perfect][1] == ("b", 1.0, None)
    (monotone,) = importance.associations({"a": list(range(10))}, [math.exp(n) for n in range(10)])
    assert (monotone.value, monotone.p) == (pytest.approx(1), pytest.approx(2 / math.factorial(10)))


def test_columns_read_numbers_in_any_spelling_and_never_guess() -> None:
    lr, flag, mixed, none = columns_of(
        {"a": ["1e-3", "0.001", 0.002], "b": ["True", "False", True], "c": ["1", "two", None], "d": [None, None, math.nan]}, 3
    )
    assert (lr.levels, lr.labels[0] == lr.labels[1]) == (2, True)
    assert (flag.numbers, flag.levels) == (None, 2)
    assert (mixed.numbers, mixed.labels) == (None, ("1", "two", "(missing)"))
    assert (none.numbers, none.constant, none.levels) == (None, True, 0)
    assert columns_of({"a": ["nan", "1", "inf"]}, 3)[0].numbers is None

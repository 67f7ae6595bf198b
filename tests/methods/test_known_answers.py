"""Published and exact cases: every method gives the numbers that its source prints.

``known_answers.json`` has the data, the printed numbers and their rounding, and for most cases an independent recomputation to
full precision. One function per case calls what the report calls and names its answers as the case does.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from reportgen.analyze import curves as drawn
from reportgen.analyze.compare.difference import Difference, OneRun
from reportgen.analyze.compare.study import Study
from reportgen.analyze.compare.two_groups import difference_of
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.directions import Direction
from reportgen.analyze.histories import facts_of_series
from reportgen.analyze.methods import (
    aggregate,
    curves,
    effect_sizes,
    equivalence,
    estimates,
    folds,
    groups,
    importance,
    multiple,
    proportions,
    randomness,
    ranks,
    resampling,
    samples,
    sequential,
    sweeps,
)
from reportgen.analyze.methods.samples import Moments, moments
from reportgen.analyze.metrics import Metric
from reportgen.analyze.runs import Run
from reportgen.snapshot import Series

CASES = {case["id"]: case for case in json.loads((Path(__file__).parent / "known_answers.json").read_text("utf-8"))["cases"]}
Answers = dict[str, Any]

MONTE_CARLO = {"bootstrap-se-law", "sequential-armitage", "sequential-obf", "importance-ishigami"}
"""Cases whose recomputed numbers are simulated or rounded themselves; the printed ones still hold within their tolerance."""
THEORY = {"importance-ishigami": {"first_order", "total"}}
"""Expected values that are properties of the function, not of an estimate; the case's note says what an estimate must meet."""


def rng_for(block: str) -> np.random.Generator:
    return randomness.generator(block, 1)


def ends(bounds: Any) -> list[float] | None:
    return None if bounds is None else [bounds.low, bounds.high]


def welch_sleep(data: Answers) -> Answers:
    test = estimates.welch(data["B"], data["A"])
    assert test is not None
    return {
        "mean_a": samples.mean(data["A"]),
        "mean_b": samples.mean(data["B"]),
        "diff": test.value,
        "se": test.se,
        "t": test.t,
        "df": test.df,
        "p": test.p,
        "ci": [test.low, test.high],
        "p_greater": test.p_above(),
    }


def mann_whitney(data: Answers) -> Answers:
    test = ranks.mann_whitney(data["B"], data["A"])
    shift = ranks.hodges_lehmann_shift(data["B"], data["A"])
    return {
        "U_A": test.u,
        "p_greater": test.p_greater,
        "p_two_sided": test.p_two_sided,
        "hodges_lehmann": shift.estimate,
        "hl_ci": ends(shift.interval),
        "prob_A_gt_B": effect_sizes.probability_of_improvement(data["B"], data["A"]),
    }


def paired_sleep(data: Answers) -> Answers:
    test = estimates.paired(data["B"], data["A"])
    assert test is not None
    return {"diff": test.value, "se": test.se, "t": test.t, "df": test.df, "p": test.p, "ci": [test.low, test.high]}


def wilcoxon_depression(data: Answers) -> Answers:
    test = ranks.signed_rank(data["B"], data["A"])
    centre = ranks.pseudo_median(data["A"], data["B"])
    return {
        "V_plus": test.rank_sum_positive,
        "p_greater": test.p_greater,
        "p_two_sided": test.p_two_sided,
        "hl_B_minus_A": centre.estimate,
        "hl_ci": ends(centre.interval),
        "ci_coverage": centre.coverage,
    }


def cliff(data: Answers) -> Answers:
    delta = effect_sizes.cliffs_delta(data["B"], data["A"])
    a12 = effect_sizes.probability_of_improvement(data["B"], data["A"])
    return {"cliff_delta": delta, "A12": a12, "magnitude": ranks.cliff_magnitude(delta)}


def hedges(data: Answers) -> Answers:
    first, second = Moments(data["n1"], data["m1"], data["s1"]), Moments(data["n2"], data["m2"], data["s2"])
    return {"J": effect_sizes.hedges_correction(first.n + second.n - 2), "g": effect_sizes.hedges_g_of(second, first)}


def plant_growth(data: Answers) -> Answers:
    samples = [data["ctrl"], data["trt1"], data["trt2"]]
    plain, welch = groups.anova(samples, equal_variances=True), groups.anova(samples)
    tukey = groups.tukey_pairs(samples, equal_variances=True)
    return {
        "F": plain.statistic,
        "df": [plain.df_between, plain.df_within],
        "p": plain.p,
        "F_welch": welch.statistic,
        "df_welch": welch.df_within,
        "p_welch": welch.p,
        "tukey": [[pair.difference, *(ends(pair.interval) or []), pair.p_adjusted] for pair in tukey],
    }


def air_quality(data: Answers) -> Answers:
    months = list(data)
    kruskal = groups.kruskal_wallis([data[month] for month in months])

    pairs = list(itertools.combinations(months, 2))
    tests = [estimates.welch(data[first], data[second]) for first, second in pairs]
    holm = multiple.holm_of_some([test and test.p for test in tests])
    adjusted = {f"{second}-{first}": p for (first, second), p in zip(pairs, holm, strict=True)}
    return {"H": kruskal.statistic, "p_kw": kruskal.p, "holm_welch": adjusted}


def benjamini_hochberg(data: Answers) -> Answers:
    fdr, family = multiple.benjamini_hochberg(data["p"]), multiple.holm(data["p"])
    return {
        "n_rejected_bh": sum(p <= 0.05 for p in fdr),
        "n_rejected_bonferroni": sum(p * len(data["p"]) <= 0.05 for p in data["p"]),
        "n_rejected_holm": sum(p <= 0.05 for p in family),
        "bh_adjusted": list(fdr),
        "holm_adjusted": list(family),
    }


def demsar(data: Answers) -> Answers:
    scores = np.array([data["scores"][name] for name in data["algorithms"]]).T
    test = ranks.friedman(scores, higher_is_better=True)
    assert test.uncorrected is not None
    assert test.tie_corrected is not None
    signed = ranks.signed_rank(scores[:, 0], scores[:, 1])
    return {
        "mean_ranks": list(test.mean_ranks),
        "chi2_F": test.uncorrected.chi2,
        "F_F": test.uncorrected.f,
        "df_F": list(test.df),
        "F_crit_05": float(stats.f.isf(0.05, *test.df)),
        "CD_nemenyi_05": ranks.nemenyi_difference(test.groups, test.datasets),
        "CD_nemenyi_10": ranks.nemenyi_difference(test.groups, test.datasets, alpha=0.1),
        "wilcoxon_R_plus": signed.rank_sum_positive,
        "wilcoxon_R_minus": signed.rank_sum_negative,
        "chi2_tie_corrected": test.tie_corrected.chi2,
    }


def friedman_rounding(data: Answers) -> Answers:
    test = ranks.friedman(data["rows"], higher_is_better=False)
    assert test.uncorrected is not None
    assert test.tie_corrected is not None
    return {
        "mean_ranks": list(test.mean_ranks),
        "chi2": test.uncorrected.chi2,
        "p": test.uncorrected.p,
        "chi2_tie_corrected": test.tie_corrected.chi2,
        "p_tie_corrected": test.tie_corrected.p,
        "F_F": test.uncorrected.f,
        "df": list(test.df),
        "p_F": test.uncorrected.p_f,
    }


def atari(data: Answers) -> Answers:
    references = {game: (data["random"][game], data["human"][game]) for game in data["scores"]}
    scores = list(aggregate.normalised(data["scores"], references).values())
    found = aggregate.aggregate_scores(scores)
    return {"mean": found.mean, "median": found.median, "iqm": found.iqm, "optimality_gap": found.optimality_gap}


def rliable_unit(data: Answers) -> Answers:
    x, y = np.array(data["x"], float).T, np.array(data["y"], float).T
    found = aggregate.aggregate_scores(list(x))
    return {
        "iqm_x": found.iqm,
        "median_x": found.median,
        "mean_x": found.mean,
        "iqm_y": aggregate.iqm(y.ravel()),
        "prob_improvement_x_over_y": aggregate.task_probability_interval(list(y), list(x), rng_for("chance"), draws=10).estimate,
    }


def mouse(data: Answers) -> Answers:
    test = resampling.permutation_test(data["B"], data["A"], rng_for("mouse"))
    assert test.exact
    return {
        "diff": test.difference,
        "se_formula": estimates.welch_of(moments(data["B"]), moments(data["A"])).se,
        "p_permutation_greater": test.p_greater,
        "p_permutation_two_sided": test.p_two_sided,
        "n_permutations": test.arrangements,
    }


def law(data: Answers) -> Answers:
    def pearson(strata: tuple[np.ndarray, ...]) -> np.ndarray:
        centred = strata[0] - strata[0].mean(axis=1, keepdims=True)
        x, y = centred[..., 0], centred[..., 1]
        return np.asarray((x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1)))

    rows = np.column_stack([data["LSAT"], data["GPA"]])
    found = resampling.stratified_bootstrap((rows,), pearson, rng_for("law"))
    assert (found.outcome, found.interval) == ("too few", None)
    return {"r": found.estimate, "bootstrap_se": found.standard_error}


def tost_clinic(data: Answers) -> Answers:
    return {
        name: _equivalence_answers(equivalence.equivalence(data[name]["B"], data[name]["A"], data["margin"]))
        for name in ("var1", "var2")
    }


def _equivalence_answers(found: equivalence.Equivalence) -> Answers:
    return {
        "diff": found.difference,
        "df": found.estimate and found.estimate.df,
        "se": found.estimate and found.estimate.se,
        "ci90": ends(found.estimate),
        "p_lower": found.p_low,
        "p_upper": found.p_high,
        "p_tost": found.p,
        "equivalent": found.equivalent,
        "t_lower": found.t_low,
        "t_upper": found.t_high,
    }


def tost_moery(data: Answers) -> Answers:
    first, second = Moments(data["n1"], data["m1"], data["s1"]), Moments(data["n2"], data["m2"], data["s2"])
    found = equivalence.equivalence_of(second, first, data["margin"], equal_variances=True)
    plain = estimates.pooled(second, first)
    return _equivalence_answers(found) | {
        "t_nhst": plain.t,
        "p_nhst": plain.p,
        "ci95": ends(plain),
    }


def shares(data: Answers) -> Answers:
    def newcombe(x1: int, n1: int, x2: int, n2: int) -> Any:
        return ends(proportions.share_difference(x2, n2, x1, n1).difference)

    one = [ends(proportions.wilson_interval(passed, n)) for passed, n in data["one"]]
    return {"wilson": one, "newcombe": [newcombe(*two) for two in data["two"]]}


def lift(data: Answers) -> Answers:
    sides = [Moments(side["n"], side["mean"], math.sqrt(side["var"])) for side in data["orders_per_user"].values()]
    found = estimates.relative_lift_of(*sides)
    assert found is not None
    return {"lift": found.value, "lift_ci": ends(found), "p": estimates.welch_of(*sides).p}


def corrected_t(data: Answers) -> Answers:
    test = folds.corrected_paired(data["y"], data["x"], data["rho"])
    posterior = folds.correlated_posterior(data["y"], data["x"], data["rho"], data["rope"])
    naive = estimates.paired(data["y"], data["x"])
    assert naive is not None
    assert test is not None
    return {
        "left": posterior.below,
        "rope": posterior.inside,
        "right": posterior.above,
        "mean_diff": test.value,
        "scale": test.se,
        "t_corrected": test.t,
        "p_corrected_two_sided": test.p,
        "p_uncorrected_two_sided": naive.p,
    }


def tuna(data: Answers) -> Answers:
    x, y = np.array(data["x"]), np.array(data["y"])
    return {"pearson": samples.correlation(x, y), "spearman": sweeps.spearman(x, y)}


def leys(data: Answers) -> Answers:
    found = sweeps.outliers(data["x"])
    flagged = [one.value for one in found.flagged]
    return {"median": found.median, "mad_scaled": found.spread, "n_flagged": len(flagged), "flagged": flagged}


def tensorboard(data: Answers) -> Answers:
    odd = np.array([float(value) for value in data["s_nonfinite"]])
    smooth = drawn.smoothed(odd, data["w"])
    return {
        "s1": drawn.smoothed(data["s1"], data["w"]).tolist(),
        "s2": drawn.smoothed(data["s2"], data["w"]).tolist(),
        "nonfinite_finite_points": smooth[np.isfinite(smooth)].tolist(),
        "constant": drawn.smoothed(data["constant"], data["constant_w"]).tolist(),
        "clip": drawn.smoothed(data["clip"], data["clip_w"]).tolist(),
    }


def trapezoid(data: Answers) -> Answers:
    def area(curve: Answers) -> float:
        steps = curve.get("x", range(len(curve["y"])))
        level = curves.mean_level(steps, curve["y"])
        assert level.value is not None
        return level.value * (steps[-1] - steps[0])

    return {"auc": [area(curve) for curve in data["curves"]]}


def pareto(data: Answers) -> Answers:
    members = sweeps.pareto_front(data["points"], tuple(data["maximise"])).members
    first = {tuple(data["points"][index]): index for index in reversed(members)}
    return {
        "keep_weakly": [index in members for index in range(len(data["points"]))],
        "first_only": [index in first.values() for index in range(len(data["points"]))],
    }


def ishigami(data: Answers) -> Answers:
    design = np.array(data["X"])
    params: dict[str, list[Any]] = {name: design[:, place].tolist() for place, name in enumerate(data["params"])}
    params |= {name: [value] * len(design) for name, value in data["constant_param"].items()}
    found = importance.param_importance(params, data["y"], rng_for("importance"))
    assert found.left_out == (("batch_size", "constant"),)
    shares = {one.param: one.share for one in found.shares}
    total = CASES["importance-ishigami"]["computed_full_precision"]["total"]
    for name, true in zip(data["params"], np.array(total) / sum(total), strict=True):
        assert shares[name] == pytest.approx(true, abs=0.1), name
    assert shares["noise"] < 0.05
    assert sum(shares.values()) == pytest.approx(1)
    return {"ranking_total": [one.param for one in found.shares]}


def obrien_fleming(data: Answers) -> Answers:
    found = sequential.sequential_bounds(data["looks"], alpha=data["alpha"])
    assert sequential.crossing_probabilities(data["looks"], found.z)[-1] == pytest.approx(data["alpha"], abs=1e-10)
    return {"z": list(found.z)}


def armitage(data: Answers) -> Answers:
    looks = [0.2, 0.4, 0.6, 0.8, 1.0]
    return {
        "type1": [sequential.naive_false_positive_rate(count) for count in data["K"]],
        "pocock_5_crosses": sequential.crossing_probabilities(looks, [2.413] * 5)[-1],
        "obf_5_crosses": sequential.crossing_probabilities(looks, [2.040 * math.sqrt(5 / k) for k in range(1, 6)])[-1],
    }


def smallest_p(data: Answers) -> Answers:
    return {
        "mwu": [ranks.smallest_mann_whitney_p(*sizes) for sizes in data["mwu"]],
        "wilcoxon": [ranks.smallest_signed_rank_p(n) for n in data["wilcoxon_n"]],
    }


def devore(data: Answers) -> Answers:
    return {
        "mean": samples.mean(data["x"]),
        "sd": samples.sd(data["x"]),
        "ci": ends(estimates.t_interval(data["x"])),
        "prediction_interval": ends(estimates.prediction_interval(data["x"])),
    }


def history_loss(data: Answers) -> Answers:
    step = np.array(data["step"], dtype=np.int64)
    values = np.array([float(value) for value in data["values"]])
    facts = facts_of_series(Series("1", "run", "loss", step, step, values))
    finite = np.isfinite(values)
    since = drawn.plateau_since(values[finite], "minimize", patience=data["patience"], min_delta=data["min_delta"])
    assert since is not None
    stop = since + data["patience"]
    reached = curves.time_to_threshold(step, values, data["threshold"], higher_is_better=False)
    return {
        "best_value": facts.low,
        "best_step": facts.low_step,
        "last_value": facts.last,
        "last_step": facts.last_step,
        "first_nonfinite_step": facts.first_bad_step,
        "first_step_reaching_threshold": reached.step,
        "early_stop_step": int(step[finite][stop]),
        "n_points": facts.n_points,
        "n_finite": facts.n_finite,
        "mean_over_steps_auc": curves.mean_level(step, values).value,
    }


def difference(baseline: list[float], other: list[float]) -> Difference:
    """The comparison of the report itself, of two groups that share nothing."""
    metric = Metric("m", "m", Direction("maximize", "config"), "number", 3, False, "last", {}, len(baseline) + len(other))
    sides = group_of("a", baseline), group_of("b", other)
    runs = {key: Run(key[0], key[1], "experiment", key[1], "FINISHED") for side in sides for key in side.keys}
    return difference_of(Study(runs), metric, *sides)


def group_of(label: str, values: list[float]) -> GroupValues:
    keys = tuple(("1", f"{label}{place}") for place in range(len(values)))
    sd = samples.sd(values) if len(values) > 1 else None
    return GroupValues(label, keys, tuple(values), 0, 0, 0, samples.mean(values), sd, None, None, None)


def one_against_five(data: Answers) -> Answers:
    found = difference(data["B"], data["A"])
    assert isinstance(found.result, OneRun)
    assert found.result.placement is not None
    placed = found.result.placement
    return {
        "p": found.p,
        "ci": found.low,
        "diff": found.delta,
        "a_inside_pi_of_b": placed.inside,
        "pi_of_b": ends(placed),
    }


def untested(data: Answers) -> Answers:
    found = difference(data["B"], data["A"])
    return {"p": found.p, "ci": found.low, "diff": found.delta, "n_a": found.n_b, "n_b": found.n_a}


CALLS: dict[str, Callable[[Answers], Answers]] = {
    "welch-sleep": welch_sleep,
    "mwu-hollander69f": mann_whitney,
    "paired-sleep": paired_sleep,
    "wilcoxon-depression": wilcoxon_depression,
    "cliff-effsize": cliff,
    "hedges-borenstein": hedges,
    "anova-plantgrowth": plant_growth,
    "pairwise-holm-airquality": air_quality,
    "bh1995": benjamini_hochberg,
    "demsar-c45": demsar,
    "friedman-rounding": friedman_rounding,
    "rliable-atari100k-iris": atari,
    "rliable-atari100k-simple": atari,
    "rliable-unit": rliable_unit,
    "mouse-permutation": mouse,
    "bootstrap-se-law": law,
    "tost-clinic": tost_clinic,
    "tost-moery": tost_moery,
    "proportions-1": shares,
    "lift-tea-tasting": lift,
    "corrected-t-kcv-AB": corrected_t,
    "correlation-tuna": tuna,
    "outlier-leys": leys,
    "ema-tensorboard": tensorboard,
    "auc-trapezoid": trapezoid,
    "pareto-moocore": pareto,
    "importance-ishigami": ishigami,
    "sequential-obf": obrien_fleming,
    "sequential-armitage": armitage,
    "rule-min-p": smallest_p,
    "pi-devore": devore,
    "history-loss": history_loss,
    "rule-n1-vs-n5": one_against_five,
    "rule-single-runs": untested,
    "rule-constant-groups": untested,
}


def numbers(value: Any) -> Any:
    """The same structure with "nan", "inf" and whole numbers as floats."""
    if isinstance(value, dict):
        return {key: numbers(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [numbers(part) for part in value]
    return float(value) if value in ("nan", "inf", "-inf") or (isinstance(value, int) and not isinstance(value, bool)) else value


def assert_close(found: Any, expected: Any, where: str, *, absolute: float = 0.0, relative: float = 0.0) -> None:
    if isinstance(expected, dict):
        for key in expected:
            assert_close(found[key], expected[key], f"{where}.{key}", absolute=absolute, relative=relative)
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            assert_close(one, other, f"{where}[{place}]", absolute=absolute, relative=relative)
    elif isinstance(expected, float):
        assert found is not None, where
        assert math.isclose(found, expected, abs_tol=absolute * (1 + 1e-9), rel_tol=relative), (
            f"{where}: {found} is not {expected}"
        )
    else:
        assert found == expected, where


NOT_COMPUTED = {"step-nile"}
"""Steps anywhere in one long series are not looked for: the newest periods are held against all before them."""


def test_every_case_has_a_call() -> None:
    assert CALLS.keys() == CASES.keys() - NOT_COMPUTED
    assert len(CASES) == 36


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name == "importance-ishigami" else name for name in CALLS]
)
def test_known_answer(name: str) -> None:
    case = CASES[name]
    found = numbers(CALLS[name](case["data"]))
    expected = {key: value for key, value in numbers(case["expected"]).items() if key not in THEORY.get(name, ())}
    assert expected.keys() <= found.keys(), "an expected number is not computed"
    for key, value in expected.items():
        tolerance = case["tolerance"].get(key, case["tolerance"].get("default", 0))
        assert_close(found[key], value, key, absolute=tolerance)
    if name in MONTE_CARLO:
        return
    recomputed = numbers(case["computed_full_precision"])
    for key in recomputed.keys() & found.keys():
        assert_close(found[key], recomputed[key], f"recomputed {key}", absolute=1e-11, relative=1e-6)

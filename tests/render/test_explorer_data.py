"""What the explorer's data hold: every kind of packed number, curves whole and thinned, and what is hidden."""

from __future__ import annotations

import base64
import gzip
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.render import RenderOptions, bundle_of
from reportgen.render import explorer_curves as curves_module
from reportgen.render.explorer import explorer_view, joined_script
from reportgen.render.explorer_pack import MINUS, NAN, PLUS, packed, quantised, whole, words
from reportgen.render.options import Draft
from tests.snapshots import FakeRun, snapshot, told

SIZES = {"f8": 8, "f4": 4, "f3": 3, "i4": 4, "d4": 4, "u2": 2, "u1": 1}
DTYPES = {"f8": "<f8", "f4": "<f4", "f3": "<f4", "i4": "<i4", "d4": "<i4", "u2": "<u2", "u1": "u1"}


def unpacked(text: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """As ``web/data.js`` does it."""
    data = gzip.decompress(base64.b64decode(text))
    at = 4 + int.from_bytes(data[:4], "little")
    meta = json.loads(data[4:at])
    arrays = {}
    for name, kind, n in meta["arrays"]:
        size = SIZES[kind]
        planes = np.frombuffer(data[at : at + n * size], np.uint8).reshape(size, n)
        if kind == "f3":
            planes = np.concatenate([np.zeros((1, n), np.uint8), planes])
        numbers = np.ascontiguousarray(planes.T).view(DTYPES[kind]).ravel()
        arrays[name] = np.cumsum(numbers.astype(np.int64)) if kind == "d4" else numbers
        at += n * size
    assert at == len(data)
    return meta, arrays


def along(curves: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """The points curve after curve, as ``web/data.js`` puts them; they are packed as the first of every curve, then the second."""
    lengths = curves["length"].tolist()
    places = sorted((place, curve) for curve, length in enumerate(lengths) for place in range(length))
    points = dict(zip(places, curves[name], strict=True))
    return np.array([points[place, curve] for curve, length in enumerate(lengths) for place in range(length)])


def blocks_of(*runs: FakeRun, **report: Any) -> dict[str, tuple[dict[str, Any], dict[str, np.ndarray]]]:
    taken = snapshot(*runs)
    view = explorer_view(Draft(told(taken, **report), taken, RenderOptions()))
    assert view is not None
    return {id_: unpacked(text) for id_, text in view.blocks}


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_whole_numbers_come_back(numbers: list[int]) -> None:
    for steps in (False, True):
        _, arrays = unpacked(packed({}, {"a": whole(np.array(numbers), steps=steps)}))
        assert arrays["a"].tolist() == numbers


@given(st.lists(st.floats(width=32)))
def test_floats_come_back_and_rounded_ones_stay_finite(numbers: list[float]) -> None:
    values = np.array(numbers, dtype=np.float64)
    _, arrays = unpacked(packed({}, {"whole": ("f8", values), "single": ("f4", values), "short": ("f3", values)}))
    assert np.array_equal(arrays["whole"], values, equal_nan=True)
    assert np.array_equal(arrays["single"], values, equal_nan=True)
    short = arrays["short"].astype(np.float64)
    assert np.array_equal(np.isfinite(short), np.isfinite(values))
    assert np.array_equal(short[~np.isfinite(values)], values[~np.isfinite(values)], equal_nan=True)
    normal = np.isfinite(values) & (np.abs(values) > 1e-30)
    assert np.allclose(short[normal], values[normal], rtol=2.0**-15, atol=0)


def test_codes_keep_the_ends_of_a_range_and_what_is_no_number() -> None:
    values = np.array([0.0, 1.0, 0.5, math.nan, math.inf, -math.inf])
    codes = quantised(values, np.zeros(6), np.ones(6))
    assert codes.tolist() == [0, NAN - 1, 2046, NAN, PLUS, MINUS]
    assert quantised(np.array([3.0]), np.array([3.0]), np.array([3.0])).tolist() == [0]
    assert words(["b", None, "a", "b"])[1].tolist() == [1, 0, 2, 1]


def test_a_small_store_is_whole() -> None:
    """Every point with its step, NaN and infinities included; exact last and best values."""
    blocks = blocks_of(
        FakeRun("a" * 32, histories={"loss": [1.0, math.nan, 0.25, 0.5]}, params={"lr": "1e-3"}),
        FakeRun("b" * 32, histories={"loss": [(0, 2.0), (10, math.inf)]}),
        FakeRun("c" * 32),
    )
    meta, table = blocks["x-table"]
    assert (meta["runs"], meta["stretches"], [m["curve"] for m in meta["metrics"]]) == (3, 0, [True])
    assert table["has0"].tolist() == [1, 1, 0]
    assert table["value0"].tolist() == [0.5, math.inf]
    assert table["best0"].tolist() == [0.25, 2.0]
    assert bytes(table["ids"]).hex() == "a" * 32 + "b" * 32 + "c" * 32
    assert (meta["params"][0]["words"], table["p0"].tolist()) == (["1e-3"], [1, 0, 0])
    curves, steps = blocks["x-curve-0"][1], blocks["x-steps"][1]
    assert np.array_equal(along(curves, "mid"), np.array([1, math.nan, 0.25, 0.5, 2, math.inf], np.float32), equal_nan=True)
    assert (steps["lengths"].tolist(), steps["numbers"].tolist()) == ([4, 2], [0, 1, 2, 3, 0, 10])
    assert set(blocks) == {"x-words", "x-table", "x-details", "x-curve-0", "x-steps", "x-times"}


def test_a_large_store_keeps_lowest_mean_and_highest_of_each_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves_module, "MOST", 100)
    monkeypatch.setattr(curves_module, "STRETCHES", 16)
    rng = np.random.default_rng(1)
    values = rng.normal(size=160)
    values[77], values[90:100] = 40.0, math.nan
    blocks = blocks_of(FakeRun("a", histories={"loss": values.tolist()}), FakeRun("b", histories={"loss": [1.0, 2.0]}))
    meta, _ = blocks["x-table"]
    curves, steps = blocks["x-curve-0"][1], blocks["x-steps"][1]
    assert meta["stretches"] == 16
    assert curves["length"].tolist() == [16, 2]
    low, high = float(curves["low"][0]), float(curves["high"][0])
    unit = (high - low) / (NAN - 1)
    codes = {name: along(curves, name)[:16] for name in ("lo", "mid", "hi")}
    found = {name: np.where(own == NAN, np.nan, low + own * unit) for name, own in codes.items()}
    parts = values.reshape(16, 10)
    with np.errstate(invalid="ignore"):
        assert np.allclose(found["lo"][:9], parts[:9].min(axis=1), atol=unit)
        assert np.allclose(found["mid"][:9], parts[:9].mean(axis=1), atol=unit)
        assert found["hi"][7] == pytest.approx(40.0, abs=unit)
    assert np.isnan([found[name][9] for name in found]).all()
    assert steps["numbers"][:4].tolist() == [0, 9, 10, 19]


def test_runs_of_one_moment_share_their_times_and_metrics_without_a_history_have_no_curve() -> None:
    blocks = blocks_of(*(FakeRun(f"{n:032x}", {"final": n}, histories={"a": [1, 2, 3], "b": [3, 2, 1]}) for n in range(5)))
    assert blocks["x-times"][1]["lengths"].tolist() == [3, 1]
    assert {m["name"]: m["curve"] for m in blocks["x-table"][0]["metrics"]} == {"a": True, "b": True, "final": False}


def test_secrets_stay_hidden_and_long_texts_short() -> None:
    secret = "AKIA" + "IOSFODNN7EXAMPLE"
    runs = [
        FakeRun("a", params={"api_key": "hunter2hunter2", "text": "x" * 5000}, tags={"u": "\u202eabc", "t": secret}),
        FakeRun("b"),
    ]
    meta, _ = blocks_of(*runs)["x-table"]
    said = json.dumps(meta, ensure_ascii=False)
    assert "hunter2" not in said
    assert secret not in said
    assert "\u202e" not in said
    assert max(len(word) for param in meta["params"] for word in param["words"]) <= 300


def test_the_compared_groups_and_the_pages_of_runs_are_there() -> None:
    runs = [FakeRun(f"{n}", {"acc": n / 10}, params={"arm": "ab"[n % 2]}) for n in range(6)]
    meta, table = blocks_of(*runs, compare={"by": "params.arm"})["x-table"]
    assert meta["groups"] == ["a", "b"]
    assert sorted(table["group"].tolist()) == [1, 1, 1, 2, 2, 2]
    assert meta["pages"] == {"1": "http://mlflow.test/#/experiments/1/runs/"}


def test_the_same_data_are_the_same_bytes_and_no_snapshot_is_no_explorer() -> None:
    taken = snapshot(FakeRun("a", histories={"loss": [1, 2]}), FakeRun("b", params={"x": "1"}))
    report = told(taken)
    draft = Draft(report, taken, RenderOptions())
    assert explorer_view(draft) == explorer_view(draft)
    assert explorer_view(replace(draft, snapshot=None)) is None
    assert explorer_view(replace(draft, report=replace(report, profile="executive"))) is None
    assert told(snapshot()).explorer is None
    without = bundle_of(report, None, RenderOptions(formats=("html",))).files["report.html"]
    assert b"x-table" not in without


def test_an_explorer_that_cannot_be_made_costs_its_place_only(monkeypatch: pytest.MonkeyPatch, quick_charts: None) -> None:
    taken = snapshot(FakeRun("a", histories={"loss": [1, 2]}), FakeRun("b"))
    report = told(taken)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("of numbers")

    monkeypatch.setattr("reportgen.render.explorer.curves_of", broken)
    bundle = bundle_of(report, taken, RenderOptions(formats=("html",)))
    assert [problem.slug for problem in bundle.problems if problem.where == "report.html"] == ["explorer-failed"]
    page = bundle.files["report.html"].decode()
    assert "x-table" not in page
    assert "ZeroDivisionError: of numbers" in page
    monkeypatch.setattr("reportgen.sections.explorer.split_params", broken)
    without = told(taken)
    assert without.explorer is None
    assert "explorer-failed" in {problem.slug for problem in without.problems}


def test_the_script_is_one_classic_script() -> None:
    script = str(joined_script())
    assert script.count("modules.explorer = ") == 1
    assert script.index("modules.data = ") < script.index("modules.panels = ") < script.index("modules.explorer = ")
    assert "/**" not in script
    assert not any(line.startswith(("import ", "export ")) for line in script.splitlines())

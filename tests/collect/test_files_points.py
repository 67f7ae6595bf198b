"""Metric lines, last values and plain YAML against MLflow's and PyYAML's own reading, on whatever Hypothesis thinks of."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportgen.collect.canonical_rows import history_table
from reportgen.collect.files import points as files_points
from reportgen.collect.files.disk import UnreadableError, flat_mapping, mapping, yaml_mapping
from reportgen.collect.files.metrics import MetricFiles, RunFolder
from reportgen.collect.files.points import Points, n_lines, points_of
from reportgen.collect.files.root import Home
from tests.collect.file_stores import allowed_file_store

INT64 = 2**63


def mlflow_line(line: str) -> tuple[int, str, int] | None:
    """(timestamp, value as text, step) as MLflow reads a line, with the step from its third field, as its migration does."""
    from mlflow.exceptions import MlflowException
    from mlflow.store.fs2db._tracking import _parse_metric_line
    from mlflow.store.tracking.file_store import FileStore

    try:
        timestamp, value, step = _parse_metric_line(line)
    except ValueError:
        if len(line.strip().split(" ")) != 5:
            with pytest.raises((MlflowException, ValueError)):
                FileStore._get_metric_from_line("run", "m", line, "0")
        return None
    if len(line.strip().split(" ")) in (2, 3):
        own = FileStore._get_metric_from_line("run", "m", line, "0")
        assert (own.timestamp, repr(own.value), own.step) == (timestamp, repr(value), step)
    return (timestamp, repr(value), step) if -INT64 <= timestamp < INT64 and -INT64 <= step < INT64 else None


def rows_of(points: Points) -> list[list[tuple[int, str, int]]]:
    ends = np.cumsum(points.lengths)
    rows = list(zip(points.timestamp.tolist(), map(repr, points.value.tolist()), points.step.tolist(), strict=True))
    return [rows[end - n : end] for end, n in zip(ends.tolist(), points.lengths.tolist(), strict=True)]


integers = st.one_of(
    st.integers(-5, 5), st.integers(-(2**70), 2**70), st.sampled_from([INT64 - 1, INT64, -INT64, -INT64 - 1, 1_760_000_000_000])
)
numbers = st.one_of(st.floats(), st.floats(-1, 1), st.integers(-3, 3)).map(repr)
NUMERALS = "x nan NaN -nan inf -inf +inf Infinity -Infinity infinit nan(1) 1_0 0x10 1e5 1e400 -1e400 1e-400 .5 5. +5 -0 00 --1 1.0 1.5.2 e"
odd_words = st.sampled_from(
    [*NUMERALS.split(), "", "\t1", "1\t", "１", "\u00a01", "\ufffd", "\x00", "NULL", "null", "true", '"1"', "1,2"]
)
words = st.one_of(integers.map(str), numbers, odd_words)
endings = st.sampled_from(["\n"] * 8 + ["\r\n", "\r", "\n\n", " \n", "\n ", "\x0b", "\x1c", "\u2028"])


@st.composite
def ordinary_lines(draw: st.DrawFn) -> str:
    end = draw(st.sampled_from(["\n", "\r\n"]))
    lines = draw(st.lists(st.tuples(st.integers(-(2**62), 2**62), st.floats(), st.integers(-(2**62), 2**62)), max_size=8))
    return "".join(f"{timestamp} {value} {step}{end}" for timestamp, value, step in lines)


@st.composite
def odd_lines(draw: st.DrawFn) -> str:
    lines = draw(st.lists(st.tuples(st.lists(words, min_size=1, max_size=6), endings), max_size=6))
    return "".join(" ".join(fields) + end for fields, end in lines)


@settings(max_examples=600)
@given(st.lists(st.one_of(ordinary_lines(), odd_lines()), max_size=6))
@example(["1 0.5 0\n", "1 2 \r3\n", "1 0.5 0\n"])
@example(["\n1 2 3 4 5\n", "1 2 3"])
@example(["1 nan(1) 2\n", "0x1 1 1\n", "1 1 1\n"])
@example(["1 2 3\n4 5\n6 7 8 9\n"])
@example(["1 1e400 0\n1 -1e400 1\n1 1e-400 2\n"])
def test_points_are_those_that_mlflow_reads(texts: list[str]) -> None:
    contents = [text.encode() for text in texts]
    points = points_of(contents)
    for index, (text, found) in enumerate(zip(texts, rows_of(points), strict=True)):
        lines = [line for line in text.splitlines(keepends=True) if line.strip()]
        expected = [mlflow_line(line) for line in lines]
        damage = points.damage.get(index)
        if damage is not None and "cut short" in damage.first and len(lines) > 1:
            expected.pop()  # MLflow takes the two fields that are left of a line for a point of step 0
            expected.append(None)
        elif lines and expected[-1] is not None and len(found) < sum(point is not None for point in expected):
            assert not text.endswith(("\n", "\r"))
            expected[-1] = None
        assert found == [point for point in expected if point is not None]
        assert points.n_stored[index] == len(lines) == n_lines(text.encode())
        assert (0 if damage is None else damage.n_lines) == sum(point is None for point in expected)


@given(st.lists(st.binary(max_size=40), max_size=4))
def test_any_bytes_are_counted_and_nothing_is_raised(contents: list[bytes]) -> None:
    points = points_of(contents)
    assert points.n_stored.tolist() == [n_lines(data) for data in contents]
    assert points.lengths.sum() == len(points.step) == len(points.value) == len(points.timestamp)


@given(st.lists(ordinary_lines(), max_size=12), st.integers(1, 200))
def test_how_files_are_grouped_changes_nothing(texts: list[str], size: int) -> None:
    contents = [text.encode() for text in texts]
    before = files_points._MAX_JOINED
    try:
        files_points._MAX_JOINED = size
        small = points_of(contents)
    finally:
        files_points._MAX_JOINED = before
    assert rows_of(small) == rows_of(points_of(contents)) == [rows_of(points_of([data]))[0] for data in contents]


def test_one_bad_file_among_many_costs_nothing_else() -> None:
    contents = [b"%d 0.5 1\n%d 0.25 2\n" % (n, n + 1) for n in range(100)]
    contents[37] = b"1 1..5 1\n2 0.5 2\n"
    points = points_of(contents)
    assert points.lengths.tolist() == [2] * 37 + [1] + [2] * 62
    assert points.damage[37].first == "line 1 is no `timestamp value step`: '1 1..5 1'"


def test_a_line_of_a_dataset_has_its_step(tmp_path: Path) -> None:
    """MLflow writes it there, and then reads 0 (and nothing when the dataset's name has a blank)."""
    from mlflow.entities import Metric
    from mlflow.exceptions import MlflowException
    from mlflow.store.tracking.file_store import FileStore

    with allowed_file_store():
        store = FileStore(str(tmp_path / "mlruns"))
        run = store.create_run("0", "ann", 0, [], "r").info.run_id
        store.log_metric(run, Metric("one", 0.5, 10, 3, dataset_name="wine", dataset_digest="d1"))
        store.log_metric(run, Metric("two", 0.5, 10, 3, dataset_name="my wine", dataset_digest="d1"))
        assert store.get_metric_history(run, "one")[0].step == 0
        with pytest.raises(MlflowException, match="6 fields"):
            store.get_metric_history(run, "two")
    folder = tmp_path / "mlruns" / "0" / run / "metrics"
    assert rows_of(points_of([(folder / name).read_bytes() for name in ("one", "two")])) == [[(10, "0.5", 3)]] * 2


# --- last values ---

small = st.tuples(st.integers(-1, 1), st.integers(0, 1), st.sampled_from([math.nan, -math.inf, -1.0, 0.0, 2.0, math.inf]))


@given(st.lists(st.lists(small, max_size=6), max_size=5))
def test_the_last_point_is_the_greatest_with_nan_lowest(series: list[list[tuple[int, int, float]]]) -> None:
    contents = ["".join(f"{time} {value} {step}\n" for step, time, value in rows).encode() for rows in series]
    points = points_of(contents)
    files, rows = points.last()
    assert files.tolist() == [index for index, one in enumerate(series) if one]
    for index, row in zip(files.tolist(), rows.tolist(), strict=True):
        best = max(series[index], key=lambda p: (p[0], p[1], not math.isnan(p[2]), 0 if math.isnan(p[2]) else p[2]))
        assert (points.step[row], points.timestamp[row], repr(float(points.value[row]))) == (best[0], best[1], repr(best[2]))


@given(st.lists(st.lists(small.filter(lambda p: not math.isnan(p[2])), min_size=1, max_size=6), min_size=1, max_size=4))
def test_without_nan_the_last_point_is_the_one_of_mlflow(series: list[list[tuple[int, int, float]]]) -> None:
    from mlflow.store.tracking.file_store import FileStore

    lines = [[f"{time} {value} {step}\n" for step, time, value in rows] for rows in series]
    points = points_of(["".join(rows).encode() for rows in lines])
    _, rows = points.last()
    for row, one in zip(rows.tolist(), lines, strict=True):
        own = max(
            (FileStore._get_metric_from_line("r", "m", line, "0") for line in one), key=lambda m: (m.step, m.timestamp, m.value)
        )
        assert (points.step[row], points.timestamp[row], points.value[row]) == (own.step, own.timestamp, own.value)


# --- tables ---

HOMES = [Home(id_, f"/{id_}", False, {}) for id_ in ("1", "10", "2")]


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from("abc"), st.lists(small, max_size=4)), max_size=6, unique_by=lambda s: s[:2]
    ),
    st.data(),
)
def test_histories_are_sorted_whatever_the_order_of_files(
    series: list[tuple[int, str, list[tuple[int, int, float]]]], data: st.DataObject
) -> None:
    order = data.draw(st.sampled_from([series, sorted(series, key=lambda s: (HOMES[s[0]].experiment_id, s[1]))]))
    if data.draw(st.booleans()):  # the usual case: one point for each step, in order
        order = [(home, name, [(step, 0, value) for step, (_, _, value) in enumerate(rows)]) for home, name, rows in order]
    files = MetricFiles()
    for home, name, rows in order:
        files.owners.append(RunFolder(HOMES[home], f"run{home}", ""))
        files.names.append(name)
        files.contents.append("".join(f"{time} {value} {step}\n" for step, time, value in rows).encode())
    metrics = files.parsed()
    flat = [(f"run{home}", name, *row) for home, name, rows in order for row in rows]
    columns: list[Any] = list(zip(*flat, strict=True)) or [()] * 5
    expected = history_table(
        {f"run{index}": home.experiment_id for index, home in enumerate(HOMES)},
        pa.chunked_array([pa.array(columns[0], pa.string())]),
        pa.chunked_array([pa.array(columns[1], pa.string())]),
        np.array(columns[2], np.int64),
        np.array(columns[3], np.int64),
        np.array(columns[4], np.float64),
    )
    assert str(metrics.history().to_pylist()) == str(expected.to_pylist())
    assert metrics.history().schema == expected.schema


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from(["1 1 1\n", "1 1 1\n?\n", "", "1 2 3\n4 5 6"])),
        unique_by=lambda s: s[:2],
    )
)
def test_a_selection_counts_the_same_in_all(series: list[tuple[str, str, str]]) -> None:
    files = MetricFiles()
    for run in sorted({run for run, _, _ in series}):
        files.runs.append(RunFolder(HOMES[0], run, ""))
    for run, name, text in sorted(series):
        files.owners.append(RunFolder(HOMES[0], run, ""))
        files.names.append(name)
        files.contents.append(text.encode())
    metrics = files.parsed()
    some = metrics.selected({"a"}, lambda name: name != "y")
    assert some.stored() == {
        item: {run: n for run, n in counted.items() if run == "a"} for item, counted in metrics.stored().items()
    }
    n_points = some.stored()["points"]["a"] - some.unwanted()["points"]["a"] - some.unreadable()["points"]["a"]
    assert some.history().num_rows == n_points
    assert [run.run_id for run in some.runs] == [run for run in ("a",) if any(s[0] == "a" for s in series)]


# --- YAML ---

keys = st.sampled_from(["name", "status", "run_id", "x", "null", "on", "Yes", "_a", "a b", "1a", "é", "", "no"])
values = st.one_of(
    st.sampled_from(["null", "Null", "~", "[]", "{}", "''", "'a'", "'it''s'", "'null'", "yes", "Off", "n", "NO", "true", "a", "a:b", "a:", "a: b", "a #b"])
    , st.sampled_from(["0", "-0", "00", "0x1F", "0b11", "0b" + "1" * 30, "1_0", "1:30", "1e3", "1.5", "-1", "+1", "9" * 18, "9" * 19, ".inf", "2024-01-01"])
    , st.sampled_from(["file:///C:/a b", "file:C:\\Users", "s3://b/k", "/a/b", "&a x", "*a", "!t", "|", ">", "%", "@", "`", "- a", "? a", '"x"', "a'b", "'a", "a\tb"])
    , st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
    , st.text(st.sampled_from("aZ0 9:-_/.'\"#,[]{}&*!|>%@`~=+\\\té"), max_size=8)
)  # fmt: skip


@settings(max_examples=600)
@given(st.lists(st.tuples(keys, values), max_size=4), st.booleans())
def test_plain_yaml_is_what_the_library_makes_of_it(pairs: list[tuple[str, str]], has_end: bool) -> None:
    text = "\n".join(f"{key}: {value}" for key, value in pairs) + ("\n" if has_end else "")
    found = flat_mapping(text)
    if found is not None:
        loaded = yaml.safe_load(text)
        assert found == loaded
        assert {key: type(value) for key, value in found.items()} == {key: type(value) for key, value in loaded.items()}


def test_the_usual_meta_yaml_is_plain() -> None:
    text = (
        "artifact_uri: file:///home/ann/mlruns/1/8e71a1ef74a8461bbb0d4bb6e78ab3ea/artifacts\nend_time: 1590435823263\nentry_point_name: ''\n"
        "experiment_id: '1'\nlifecycle_stage: active\nname: ''\nrun_id: 8e71a1ef74a8461bbb0d4bb6e78ab3ea\nsource_type: 4\nstatus: 3\ntags: []\nuser_id: null\n"
    )
    assert flat_mapping(text) == yaml.safe_load(text) == yaml_mapping(text)


def test_the_yaml_library_is_loaded_only_for_what_is_not_plain(tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text("name: a\nstatus: 3\n")
    (tmp_path / "other.yaml").write_text("name: {a: 1}\n")
    code = (
        "import sys\nfrom reportgen.collect.files.disk import mapping\n"
        "for name in sys.argv[1:]: print(mapping(name), 'yaml' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, "plain.yaml", "other.yaml"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines() == ["{'name': 'a', 'status': 3} False", "{'name': {'a': 1}} True"]


@given(
    st.one_of(
        st.binary(max_size=60), st.text(st.sampled_from("ab:-?[]{}'\"&*!|>%@ \n\t~#,0129.é\0"), max_size=60).map(str.encode)
    )
)
@settings(max_examples=400)
def test_any_bytes_are_a_mapping_or_unreadable(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    try:
        found = mapping(str(path))
    except UnreadableError:
        return
    assert all(isinstance(key, str) for key in found)

"""config.yaml -> Config: all mistakes at once, with file and line; environment only where a connection is."""

from __future__ import annotations

import json
import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import config
from reportgen.config import load, without_file
from reportgen.errors import ConfigError

ROOT = Path(__file__).parent.parent

FIVE_MISTAKES = """\
version: 1
tracking_uri: ${HOME}
metrics:
  val_acc: {goal: maximise, lable: x}
reports:
  weekly:
    experiment: ["a"]
    window: 7x
    compare: {by: variant}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.fault("A config has mistakes in many places", "All are told at once, with their lines.", at="config", exit=2)
def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    path = written(tmp_path, FIVE_MISTAKES)
    with pytest.raises(ConfigError) as raised:
        config.load(path)
    assert str(raised.value).replace(str(path), "config.yaml").splitlines() == [
        "the config has 6 mistakes:",
        "  config.yaml:2: ${HOME} may not be used here: only names that start with MLFLOW_ or REPORTGEN_",
        "  config.yaml:4: metrics.val_acc.goal: Input should be 'maximize', 'minimize' or 'none'; did you mean maximize? (found 'maximise')",
        "  config.yaml:4: metrics.val_acc.lable is not a key; did you mean label?",
        "  config.yaml:7: reports.weekly.experiment is not a key; did you mean experiments?",
        "  config.yaml:8: reports.weekly.window: a window is a number of days or weeks such as 7d or 4w, since_last_report, or {from: DAY, to: DAY} (found '7x')",
        "  config.yaml:9: reports.weekly.compare.by: write experiment, tags.NAME or params.NAME (found 'variant')",
        "to do: mend them all, then run `reportgen plan`; `reportgen schema` prints every key",
    ]
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1\n", "config.yaml:2: "),
        ("version: 1\nversion: 1\n", "duplicate key"),
        ("- 1\n", "is not a mapping of keys to values"),
        ("reports: {a: {gates: [{metric: x}]}}", "a gate needs exactly one of at_least and at_most"),
        ("reports: {a: {gates: [{metric: x, at_least: 1, baseline_margin: 1}]}}", "or of baseline_margin and"),
        ("reports: {a: {gates: [{metric: x, at_least: 1, mode: confident}]}}", "add group: NAME"),
        ("reports: {a: {gates: [{metric: x, baseline_margin: 1}]}}", "add group: NAME"),
        ("reports: {a: {gates: [{metric: x, group: g, baseline_margin: 1, mode: point}]}}", "leave out mode: point"),
        ("reports: {a: {gates: [{metric: x, group: g, of: best, at_least: 1}]}}", "go together"),
        ("reports: {a: {gates: [{metric: x, group: g, baseline_margin: 0}]}}", "greater than 0"),
        ("reports: {a: {gates: [{metric: x, group: g, at_least: 1}]}}", "needs the groups of a comparison"),
        (
            "reports: {a: {compare: {by: experiment, baseline: g}, gates: [{metric: x, group: g, baseline_margin: 1}]}}",
            "compares the baseline with itself",
        ),
        (
            "reports: {a: {gates: [{metric: x, group: g, not_significantly_worse: true}]}}",
            "passes more easily the fewer runs there are; write baseline_margin: M, the largest loss that you would accept, with group: NAME",
        ),
        ("reports: {a: {gates: [{metric: x, p_value: 0.05}]}}", "not significantly worse"),
        ("reports: {a: {gates: [{at_least: 1}]}}", "a gate needs metric: NAME"),
        ("reports: {a: {gates: [{of: failed}]}}", "a gate needs exactly one of at_least and at_most"),
        ("reports: {a: {gates: [{of: failed, at_most: 3}]}}", "its bound lies from 0 to 1"),
        ("reports: {a: {gates: [{of: failed, metric: x, at_most: 0.1}]}}", "leave out metric and group"),
        ("reports: {a: {gates: [{of: rate, at_least: 0.9}]}}", "a metric that is 0 or 1 in each run"),
        ("reports: {a: {gates: [{of: runs, at_least: 3, mode: confident}]}}", "leave out mode: confident"),
        ("reports: {a: {gates: [{metric: x, not_worse_than: last}]}}", "should be 'previous' or 'best_of_window'"),
        ("reports: {a: {gates: [{metric: x, not_worse_than: previous, at_least: 1}]}}", "is a bound itself"),
        ("reports: {a: {gates: [{metric: x, not_worse_than: previous, of: latest}]}}", "leave out of, group and mode"),
        (
            "reports: {a: {gates: [{metric: x, not_worse_than: previous, baseline_margin_relative: 0.1}]}}",
            "write baseline_margin: M",
        ),
        ("reports: {a: {gates: [{not_worse_than: previous}]}}", "not_worse_than needs metric: NAME"),
        ("reports: {a: {gates: [{metric: x, group: g, equivalent_within: 0}]}}", "greater than 0"),
        ("reports: {a: {compare: {by: experiment, tasks: data}}}", "write params.NAME, tags.NAME, datasets or none"),
        ("reports: {a: {compare: {by: experiment, references: {d: [1, 1]}}}}", "must be finite and differ"),
        ("reports: {a: {compare: {by: experiment, looks: {planned: 4}}}}", "runs"),
        ("reports: {a: {compare: {by: experiment, looks: {planned: 9, runs: 10}}}}", "needs two new runs at least"),
        ("reports: {a: {compare: {by: experiment, looks: {plan: 9, runs: 10}}}}", "did you mean planned?"),
        ("reports: {A b: {}}", "becomes a folder"),
        ("reports: {a: {sections: [overvew]}}", "there is no section 'overvew'; did you mean overview?"),
        ("reports: {a: {window: {from: 2026-02-01, to: 2026-01-01}}}", "the window ends before it starts"),
        ("reports: {a: {experiments: []}}", "at least 1 item"),
        ("reports: {a: {compare: {by: experiment, split: {g: 1}}}}", "a split names two groups at least"),
        ("reports: {a: {compare: {by: experiment, split: {g: 1, h: 0}}}}", "must be a number above 0"),
        (
            "reports: {a: {compare: {groups: {g: 'tags.x = 1', h: 'tags.x = 2'}, split: {g: 1, k: 1}}}}",
            "'k' is none of the groups g and h",
        ),
        (
            "reports: {a: {compare: {by: tags.x}, per_experiment: {e: {primary: m}}}}",
            "put compare into the entry of its experiment",
        ),
        ("reports: {a: {per_experiment: {e: {gates: [{metric: x, at_least: 1, experiment: f}]}}}}", "leave out experiment: f"),
        ("reports: {a: {per_experiment: {e: {primry: m}}}}", "did you mean primary?"),
        ("x: !!python/object/apply:os.system [ls]\n", "x is not a key"),
    ],
)
def test_a_mistake_says_what_and_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        config.load(written(tmp_path, text))
    assert said in str(raised.value)


def test_the_order_of_the_entries_per_experiment_decides_the_report(tmp_path: Path) -> None:
    entries = ("a*: {primary: x}", "'*': {primary: y}")
    digests = set()
    for order in (entries, entries[::-1]):
        text = f"reports: {{r: {{per_experiment: {{{', '.join(order)}}}}}}}"
        digests.add(config.load(written(tmp_path, text)).digest("r"))
    assert len(digests) == 2


@pytest.mark.fault("The config is missing or not UTF-8", "The error says so.", at="config", exit=2)
def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        config.load(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"title: caf\xe9\n")
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        config.load(tmp_path / "latin.yaml")


@pytest.mark.fault("Aliases of a config unfold without bounds", "It is refused.", at="config", exit=2)
def test_aliases_cannot_blow_up(tmp_path: Path) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    with pytest.raises(ConfigError, match="aliases are followed"):
        config.load(written(tmp_path, "\n".join(rows)))


def test_environment_only_in_connection_fields(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "tracking_uri: ${MLFLOW_TRACKING_URI:-sqlite:///a.db}\n"
        "reports: {a: {title: '${MLFLOW_SECRET}', publish: [{mlflow: {tracking_uri: 'http://${MLFLOW_HOST}/$${x}'}}]}}\n",
    )
    loaded = config.load(path, environment={"MLFLOW_HOST": "h", "MLFLOW_SECRET": "s3cret"})
    assert loaded.tracking_uri == "sqlite:///a.db"
    assert loaded.reports["a"].title == "${MLFLOW_SECRET}"
    assert loaded.reports["a"].publish[0].mlflow.tracking_uri == "http://h/${x}"
    with pytest.raises(ConfigError, match="MLFLOW_HOST is not set and"):
        config.load(path, environment={})


def test_settings_go_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "reports: {weekly: {window: 7d}}")
    loaded = config.load(path, settings=["reports.weekly.window=30d", "metrics.acc.goal=maximize"])
    assert loaded.reports["weekly"].window == "30d"
    assert loaded.metrics["acc"].goal == "maximize"
    for wrong in ("x", "=1", "reports.weekly.window.x=1"):
        with pytest.raises(ConfigError, match="--set"):
            config.load(path, settings=[wrong])


def test_no_file_is_needed() -> None:
    made = config.without_file(["Recsys/Ranker v2"], "http://u:pw@h:5000")
    assert list(made.reports) == ["recsys-ranker-v2-c9f14f"]
    assert made.reports["recsys-ranker-v2-c9f14f"].experiments == ("Recsys/Ranker v2",)
    assert [s.section for s in made.reports["recsys-ranker-v2-c9f14f"].sections] == list(config.SECTIONS)


def test_a_credential_in_a_wrong_uri_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        config.load(written(tmp_path, "tracking_uri: [http://user:hunter22@host/]"))
    assert "hunter22" not in str(raised.value)


def test_windows_are_whole_days_and_hold_today() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)

    def window(value: object) -> tuple[object, ...]:
        found = config.window_of(config.ReportConfig.model_validate({"window": value}), now)
        return found.start, found.end, found.words

    assert window(None) == (None, None, "all time")
    assert window("1w") == (datetime(2026, 11, 14, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC), "7 days to 2026-11-20")
    assert window({"from": "2026-11-01"}) == (datetime(2026, 11, 1, tzinfo=UTC), None, "from 2026-11-01")
    assert window({"to": "2026-11-01"})[1] == datetime(2026, 11, 2, tzinfo=UTC)


@given(st.integers(1, 9999), st.sampled_from("dw"))
def test_a_window_is_as_long_as_it_says(n: int, unit: str) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    if n * {"d": 1, "w": 7}[unit] > 365 * 1900:
        return
    found = config.window_of(config.ReportConfig(window=f"{n}{unit}"), now)
    assert found.start is not None
    assert found.end is not None
    assert (found.end - found.start).days == n * {"d": 1, "w": 7}[unit]


def test_the_digest_is_of_what_decides_the_report_not_of_where_it_reads() -> None:
    one = config.without_file(["a"], "http://u:pw@h")
    assert one.digest("a") == config.without_file(["a"], "sqlite:///b.db").digest("a")
    assert one.digest("a") != config.without_file(["a"], None, settings=["reports.a.window=7d"]).digest("a")


def test_the_example_is_a_working_config_and_every_key_has_its_words() -> None:
    loaded = config.load(ROOT / "config.yaml", environment={})
    assert loaded.tracking_uri == "sqlite:///mlflow.db"
    assert list(loaded.reports) == ["weekly"]
    commented = (ROOT / "config.yaml").read_text().replace("  # ranker-ab:", "  ranker-ab:").splitlines()
    start = commented.index("  ranker-ab:")
    end = next(i for i in range(start, len(commented)) if not commented[i].strip())
    text = "\n".join([*commented[:start], *(line.replace("  # ", "  ", 1) for line in commented[start:end])])
    assert "compare:" in text.split("ranker-ab:")[1]


def test_the_example_with_every_comment_taken_away_is_a_working_config(tmp_path: Path) -> None:
    kept = []
    for line in (ROOT / "config.yaml").read_text().splitlines():
        stripped = line.lstrip()
        code = stripped.removeprefix("# ")
        is_code = stripped.startswith("# ") and line.startswith("  ") and (":" in code or code.startswith("-") or "**" in code)
        is_words = is_code and (code[0].isupper() or code.startswith("An "))
        kept.append(line.replace("# ", "", 1) if is_code and not is_words else line)
    loaded = config.load(written(tmp_path, "\n".join(kept)), environment={})
    assert loaded.reports["weekly"].window == "7d"
    assert loaded.reports["weekly"].gates[0].at_least == 0.9
    assert loaded.reports["ranker-ab"].compare is not None
    assert [gate.mode for gate in loaded.reports["ranker-ab"].gates] == ["confident", "confident"]


def test_the_schema_is_json_and_names_every_section() -> None:
    schema = json.dumps(config.json_schema())
    assert '"additionalProperties": false' in schema
    assert '"tracking_uri"' in schema


def test_a_report_named_after_an_experiment_shows_no_credentials() -> None:
    loaded = config.without_file(["https://ann:s3cret@host/data"], None)
    assert "s3cret" not in f"{list(loaded.reports)} {[report.title for report in loaded.reports.values()]}"


def test_reports_that_nobody_named_share_no_folder() -> None:
    def name(*experiments: str) -> str:
        return next(iter(config.without_file(list(experiments), None).reports))

    assert name("my_exp-2") == "my_exp-2"  # what may be a name is one
    assert (name(), name("*")) == ("experiments", "experiments")
    names = [
        name("a/b"),
        name("a b"),
        name("A-b"),
        name("a-b"),
        name("a", "b"),
        name("a", "c"),
        name("ä"),
        name("日本語"),
        name("x" * 300),
    ]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", one) for one in names)
    assert name("a", "b") == name("b", "a") == "a-b-" + name("a", "b")[-6:]
    assert name("日本語").startswith("report-")


def test_memos_of_other_runs_share_no_folder() -> None:
    def name(experiments: list[str], runs: str = "", **compare: object) -> str:
        compared = {"by": "tags.v", "only": ["b", "a"], **compare}
        source = config.SourceConfig(name="store", tracking_uri="sqlite:///x.db")
        made = config.of_comparison(compared, {"store": experiments}, [source], title="a against b", runs=runs)
        return next(iter(made.reports))

    names = [name(["x"]), name(["y"]), name(["x"], "params.a = '1'"), name(["x"], by="params.v")]
    assert len(set(names)) == len(names)
    assert name(["x"], margin=0.1) == name(["x"])
    assert all(one.startswith("compare-a-against-b-") for one in names)


def test_reports_may_share_keys_by_yaml_anchors(tmp_path: Path) -> None:
    text = "reports:\n  a: &base\n    experiments: [x]\n    primary: acc\n  b:\n    <<: *base\n    primary: loss\n  c: *base\n"
    loaded = config.load(written(tmp_path, text))
    assert {name: (one.experiments, one.primary) for name, one in loaded.reports.items()} == {
        "a": (("x",), "acc"),
        "b": (("x",), "loss"),
        "c": (("x",), "acc"),
    }
    with pytest.raises(ConfigError) as raised:
        config.load(written(tmp_path, text.replace("primary: acc", "primry: acc")))
    assert [(m.key, m.line) for m in raised.value.mistakes] == [
        ("reports.a.primry", 4),
        ("reports.c.primry", 4),
        ("reports.b.primry", 5),
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"margin": -1.0}, "compare.margin: Input should be greater than 0 (found -1.0)"),
        ({"margin": float("inf")}, "compare.margin: Input should be a finite number (found inf)"),
        ({"alpha": 0.5}, "compare.alpha: Input should be less than or equal to 0.2 (found 0.5)"),
        ({"family": "dunnet"}, "; did you mean dunnett? (found 'dunnet')"),
    ],
)
def test_options_of_a_comparison_are_checked_by_the_config(options: dict[str, object], said: str) -> None:
    config.check_comparison({"margin": 0.1, "alpha": None, "family": "tukey"})
    with pytest.raises(ConfigError) as raised:
        config.check_comparison(options)
    assert said in str(raised.value)


@pytest.mark.fault("Variables of a URI are not set or not allowed", "Each is told.", at="config", exit=2)
def test_every_wrong_variable_of_a_uri_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        config.load(written(tmp_path, "tracking_uri: 'http://${HOME}:${MLFLOW_PORT}/$${x}'"), environment={})
    assert [mistake.what.partition(" ")[0] for mistake in raised.value.mistakes] == ["${HOME}", "the"]
    assert {mistake.key for mistake in raised.value.mistakes} == {"tracking_uri"}


# --- configs that would keep a job busy ---


@pytest.mark.fault(
    "A config has very many values, levels or lines", "It is refused within seconds, in a short message.", at="config", exit=2
)
@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 50_000,
        "a: " + "[" * 5_000 + "]" * 5_000,
        "{a: " * 5_000,
        "- " * 100_000,
        "".join(" " * n + "a:\n" for n in range(900)),
        "reports: {r: {experiments: [" + ",".join(f"e{n}" for n in range(60_000)) + "]}}",
        "reports:\n  r:\n    experiments:\n" + "".join(f"    - e{n}\n" for n in range(30_000)),
        "".join(f"k{n}: 1\n" for n in range(30_000)),
        "".join(f"k{n}: 1\n" for n in range(4_000)),
        "# comment\n" * 100_000,
    ],
)
def test_no_config_keeps_a_job_busy(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    began = time.monotonic()
    with pytest.raises(ConfigError) as raised:
        load(path)
    assert time.monotonic() - began < 3  # a second, with room for a busy machine
    assert len(str(raised.value)) < 30_000
    with pytest.raises(ConfigError):
        without_file(["e"], None, settings=[f"metrics={text[:100_000]}"])


def test_a_config_of_many_experiments_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "reports:\n  r:\n    experiments: ["
        + ", ".join(f"e{n}" for n in range(1000))
        + "]\n    notes: |\n"
        + "      - a, b: [c]\n" * 500
    )
    assert len(load(path).reports["r"].experiments) == 1000


@pytest.mark.fault("The config is a pipe, a device or a folder", "It is refused at once.", at="config", exit=2)
def test_a_config_is_a_regular_file(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (fifo, Path("/dev/zero"), tmp_path):
        with pytest.raises(ConfigError, match="no regular file"):
            load(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load(Path("a\0b"))


@pytest.mark.fault("A report is called `con`, `nul` or `latest`", "The config is refused.", at="config", exit=2)
@pytest.mark.parametrize("name", ["con", "nul", "lpt1", "latest", "latest-complete"])
def test_a_report_has_no_name_that_means_something_else(name: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"reports: {{{name}: {{}}}}")
    with pytest.raises(ConfigError, match="means something else"):
        load(path)
    (made,) = without_file([name], None).reports
    assert made.startswith(f"{name}-")


# --- one report that stands for many ---


def test_a_matrix_makes_a_report_for_each_combination() -> None:
    weekly = {
        "matrix": {"team": ["search", "Ads & Co"], "kind": ["ab"]},
        "title": "{team}, {kind} {other}",
        "experiments": ["{team}/*", "!{team}/tmp"],
        "per_experiment": {"{team}/main": {"primary": "auc"}},
        "gates": [{"metric": "auc", "at_least": 0.9, "experiment": "{team}/main"}],
    }
    found = config.of_mapping({"reports": {"before": {}, "{team}-{kind}": weekly, "after": {}}}).reports
    names = list(found)
    assert (names[0], names[1], names[3]) == ("before", "search-ab", "after")
    assert names[2].startswith("ads-co-ab-")
    ads = found[names[2]]
    assert (ads.title, ads.experiments) == ("Ads & Co, ab {other}", ("Ads & Co/*", "!Ads & Co/tmp"))
    assert list(ads.per_experiment) == ["Ads & Co/main"]
    assert ads.gates[0].experiment == "Ads & Co/main"
    assert all(not one.matrix for one in found.values())
    unnamed = config.of_mapping({"reports": {"weekly": {"matrix": {"team": ["a", "b"]}}}}).reports
    assert list(unnamed) == ["weekly-a", "weekly-b"]


@pytest.mark.fault("A matrix is empty, unused, or makes thousands of reports", "The config is refused.", at="config", exit=2)
def test_mistakes_in_and_of_a_matrix_are_named(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("version: 1\nreports:\n  '{team}':\n    matrix: {team: [a, b]}\n    windwo: 7d\n", "utf-8")
    with pytest.raises(ConfigError) as raised:
        config.load(path)
    assert [(one.line, one.key) for one in raised.value.mistakes] == [(5, "reports.a.windwo"), (5, "reports.b.windwo")]
    for matrix, words in (({"team": "a"}, "write a list"), ({"team": []}, "at least 1 item"), ([1], "matrix")):
        with pytest.raises(ConfigError, match=words):
            config.of_mapping({"reports": {"weekly": {"matrix": matrix}}})
    with pytest.raises(ConfigError, match="are called a") as same:
        config.of_mapping({"reports": {"a": {}, "{team}": {"matrix": {"team": ["a"]}}}})
    assert same.value.slug == "matrix-same-name"
    many = {key: [str(i) for i in range(60)] for key in "abc"}
    with pytest.raises(ConfigError, match="makes 216,000 reports"):
        config.of_mapping({"reports": {"{a}-{b}-{c}": {"matrix": many}}})
    with pytest.raises(ConfigError, match="stands in none of its texts") as unused:
        config.of_mapping({"reports": {"{team}-w": {"matrix": {"team": ["a"], "tem": ["b"]}}}})
    assert unused.value.slug == "matrix-unused-key"
    odd = config.of_mapping({"reports": {"{my-team}-w": {"matrix": {"my-team": ("a", 1)}, "title": "{my-team}"}}}).reports
    assert {name: one.title for name, one in odd.items()} == {"a-w": "a", "1-w": "1"}

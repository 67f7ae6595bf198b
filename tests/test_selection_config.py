"""The keys of config.yaml and the options that choose stores, experiments and runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen import config
from reportgen.errors import ConfigError, Mistake

SOURCES = """\
version: 1
tracking_uri: sqlite:///default.db
reports:
  weekly:
    sources:
      - {name: prod, tracking_uri: "https://${MLFLOW_USER:-ann}:${MLFLOW_PW}@mlflow.example"}
      - name: lab
        experiments: [a]
    experiments: ["tag:team=recsys", "recsys/*"]
    nested: roots
    order_by: metrics.acc DESC
    limit: 100
"""


def loaded(folder: Path, text: str, **environment: str) -> config.Config:
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    return config.load(path, environment=environment)


def mistakes(folder: Path, report: str) -> list[tuple[str, int | None, str]]:
    """(key, line, what) of each mistake in a report with these lines."""
    with pytest.raises(ConfigError) as raised:
        loaded(folder, "version: 1\nreports:\n  w:\n" + "".join(f"    {line}\n" for line in report.splitlines()))
    for mistake in raised.value.mistakes:
        assert isinstance(mistake, Mistake)
        assert mistake.file == str(folder / "config.yaml")
        assert mistake.what in str(raised.value)
    return [(m.key, m.line, m.what) for m in raised.value.mistakes]


def test_each_source_has_its_own_uri_from_the_environment(tmp_path: Path) -> None:
    found = loaded(tmp_path, SOURCES, MLFLOW_PW="s3cret")
    report = found.reports["weekly"]
    sources = config.resolved_sources(found, report, {})
    assert [(s.name, s.tracking_uri, s.experiments) for s in sources] == [
        ("prod", "https://ann:s3cret@mlflow.example", None),
        ("lab", "sqlite:///default.db", ("a",)),
    ]
    assert config.resolved_tracking_uri(found, report, {}) == "https://ann:s3cret@mlflow.example"
    assert (report.nested, report.order_by, report.limit) == ("roots", ("metrics.acc DESC",), 100)
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, SOURCES)
    (mistake,) = raised.value.mistakes
    assert (mistake.key, mistake.line) == ("reports.weekly.sources.0.tracking_uri", 6)


def test_no_credential_is_in_the_content_or_decides_the_digest(tmp_path: Path) -> None:
    one, two = (loaded(tmp_path, SOURCES, MLFLOW_PW=password) for password in ("s3cret", "other"))
    assert "s3cret" not in str(one.reports["weekly"].content())
    assert one.digest("weekly") == two.digest("weekly")
    fewer = loaded(tmp_path, SOURCES.replace("limit: 100", "limit: 99"), MLFLOW_PW="s3cret")
    assert fewer.digest("weekly") != one.digest("weekly")


def test_a_report_without_the_new_keys_keeps_its_digest(tmp_path: Path) -> None:
    report = loaded(tmp_path, "version: 1\nreports:\n  w: {experiments: [a]}\n").reports["w"]
    assert not {"sources", "order_by", "limit", "nested"} & set(report.content())
    again = config.ReportConfig.model_validate(report.content())
    assert again.content() == report.content()


def test_the_content_with_sources_can_be_read_again(tmp_path: Path) -> None:
    report = loaded(tmp_path, SOURCES, MLFLOW_PW="x").reports["weekly"]
    again = config.ReportConfig.model_validate(report.content())
    assert again.content() == report.content()
    assert [source.tracking_uri for source in again.sources] == [None, None]


@pytest.mark.parametrize(
    ("report", "key", "line", "what"),
    [
        ("sources: [{name: a, url: x}]", "reports.w.sources.0.url", 4, "is not a key; allowed: name, tracking_uri, experiments"),
        ("sources: [{name: a, experiment: [x]}]", "reports.w.sources.0.experiment", 4, "did you mean experiments?"),
        ("sources:\n  - {name: a}\n  - {name: a}", "reports.w.sources", 4, "two sources have the name a: give each its own"),
        ("sources: [{name: 'a/b'}]", "reports.w.sources.0.name", 4, "at most 40 letters"),
        ("tracking_uri: [a, b]", "reports.w.tracking_uri", 4, "name several as sources: [{name: NAME"),
        ("tracking_uri: a\nsources: [{name: a}]", "reports.w", 3, "give either tracking_uri or sources"),
        ("limit: 0", "reports.w.limit", 4, "greater than 0"),
        ("order_by: metrics.acc DESC", "reports.w", 3, "add limit, or leave order_by out"),
        ("order_by: metrics.acc DSC\nlimit: 1", "reports.w.order_by", 4, "did you mean metrics.acc DESC?"),
        ("order_by: [start_time, val_accuracy]\nlimit: 1", "reports.w.order_by", 4, "'val_accuracy' is no attribute of a run"),
        ("artifacts: {runs: bst}", "reports.w.artifacts.runs", 4, "did you mean best?"),
        ("artifacts: {runs: 0}", "reports.w.artifacts.runs", 4, "a number of runs from 1 to 1000"),
        ("artifacts: {includ: [a]}", "reports.w.artifacts.includ", 4, "did you mean include?"),
        ("publish: [{mlfow: {}}]", "reports.w.publish.0.mlfow", 4, "did you mean mlflow?"),
        ("publish: [{}]", "reports.w.publish.0", 4, "each entry is one channel"),
        ("window: {form: 2026-01-01}", "reports.w.window.form", 4, "did you mean from?"),
        ("window: 7", "reports.w.window", 4, "such as 7d or 4w, since_last_report, or {from: DAY, to: DAY}"),
        ("compare: {by: a.b}", "reports.w.compare.by", 4, "write experiment, tags.NAME or params.NAME (found 'a.b')"),
        ("compare: {by: experimnt}", "reports.w.compare.by", 4, "did you mean experiment?"),
        ("compare: {by: experiment, tasks: dataset}", "reports.w.compare.tasks", 4, "did you mean datasets?"),
        ("nested: root", "reports.w.nested", 4, "did you mean roots?"),
        ("nested: Children", "reports.w.nested", 4, "did you mean children?"),
        ("nested: xyz", "reports.w.nested", 4, "(found 'xyz')"),
        ("orderby: x", "reports.w.orderby", 4, "did you mean order_by?"),
        ("window: 2026-11-20..2026-11-01", "reports.w.window", 4, "the window ends before it starts"),
        ("gates: [{metric: a, of: lates, at_least: 1}]", "reports.w.gates.0.of", 4, "did you mean latest?"),
    ],
)
def test_a_mistake_has_its_key_its_line_and_a_next_step(tmp_path: Path, report: str, key: str, line: int, what: str) -> None:
    (found,) = mistakes(tmp_path, report)
    assert found[:2] == (key, line)
    assert what in found[2]


def test_a_window_may_be_written_on_one_line(tmp_path: Path) -> None:
    texts = ["2026-11-01..2026-11-20", "2026-11-01..", "..2026-11-20"]
    found = [loaded(tmp_path, f"version: 1\nreports:\n  w: {{window: {text}}}\n").reports["w"].window for text in texts]
    ends = [(str(one.from_), str(one.to)) for one in found if isinstance(one, config.WindowRange)]
    assert ends == [("2026-11-01", "2026-11-20"), ("2026-11-01", "None"), ("None", "2026-11-20")]


def test_yaml_that_is_none_is_one_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, "a: [1\nb: 2\n")
    (mistake,) = raised.value.mistakes
    assert (mistake.file, mistake.key) == (str(tmp_path / "config.yaml"), "")
    assert mistake.line is not None


def test_several_uris_of_the_command_line_become_named_sources() -> None:
    uris = ["https://ann:s3cret@mlflow.example:5000/x", "sqlite:////srv/a/mlflow.db", "sqlite:////srv/b/mlflow.db", "runs/mlruns"]
    made = config.without_file(["a"], uris).reports["a"]
    assert [(s.name, s.tracking_uri) for s in made.sources] == list(
        zip(["mlflow.example", "mlflow-1", "mlflow-2", "mlruns"], uris, strict=True)
    )
    assert "s3cret" not in str([source.name for source in made.sources])
    assert config.without_file(["a"], uris[:1]).reports["a"].sources == ()


def test_the_command_line_goes_over_every_report(tmp_path: Path) -> None:
    found = loaded(tmp_path, SOURCES, MLFLOW_PW="x")
    chosen: dict[str, Any] = {"runs": "attributes.status = 'FINISHED'", "limit": 5, "window": "7d", "deleted": True}
    report = config.with_command_line(found, ["b"], None, chosen).reports["weekly"]
    assert (report.runs, report.limit, report.window, report.deleted) == ("attributes.status = 'FINISHED'", 5, "7d", True)
    assert (report.experiments, report.order_by) == (("b",), ("metrics.acc DESC",))
    assert [(source.name, source.experiments) for source in report.sources] == [("prod", None), ("lab", None)]
    alone = config.with_command_line(found, None, "sqlite:///x.db").reports["weekly"]
    assert (alone.tracking_uri, alone.sources) == ("sqlite:///x.db", ())
    two = config.with_command_line(found, None, ["sqlite:///x.db", "sqlite:///y.db"]).reports["weekly"]
    assert (two.tracking_uri, [source.name for source in two.sources]) == (None, ["x", "y"])
    assert config.with_command_line(found, None, None) is found


@pytest.mark.parametrize(
    ("chosen", "what"),
    [
        ({"limit": 0}, "reports.weekly.limit: Input should be greater than 0"),
        ({"nested": "leaf"}, "reports.weekly.nested: Input should be 'all', 'roots' or 'children'"),
        ({"window": "7"}, "reports.weekly.window: a window is a number of days or weeks"),
    ],
)
def test_a_mistake_on_the_command_line_is_told_like_one_in_a_file(tmp_path: Path, chosen: dict[str, Any], what: str) -> None:
    with pytest.raises(ConfigError) as raised:
        config.with_command_line(loaded(tmp_path, SOURCES, MLFLOW_PW="x"), None, None, chosen)
    (mistake,) = raised.value.mistakes
    assert mistake.file == "command line"
    assert mistake.what.startswith(what)

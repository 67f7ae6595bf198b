"""The comment under a pull request: what it says, that it is there once, and what happens when a forge refuses."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen import pipeline
from reportgen.ci import CiFacts
from reportgen.errors import ConfigError, DeliveryError, SourceError
from reportgen.publish.comment import Comment, Decided, comment_of, decided
from reportgen.publish.forges import Forge, commented, forge_of
from tests import ci_store, forges
from tests.forges import TOKEN, FakeForge
from tests.test_cli import run
from tests.test_since_last_report import quietly

GATES = [
    {"metric": "val_accuracy", "not_worse_than": {"branch": "main"}, "name": "no regression"},
    {"metric": "val_loss", "at_most": 0.5, "name": "loss"},
]


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    return ci_store.store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def check(uri: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pipeline.check(ci_store.job(uri, tmp_path_factory.mktemp("out"), gates=GATES, title="Ranker"), quietly).folder


@pytest.fixture
def fake() -> Iterator[FakeForge]:
    with forges.forge() as found:
        yield found


def request_of(fake: FakeForge, kind: Any = "github", token: str = TOKEN) -> Forge:
    return Forge(kind, fake.url, "acme/ranker" if kind == "github" else "42", "7", token)


def told(
    n: int = 1, *, name: str = "nightly", state: str = "FAIL", before: str | None = None, sentence: str = "0.88 is too low."
) -> Decided:
    gates = [
        {"name": f"gate {i}", "state": state, "fails": state == "FAIL", "sentence": sentence, "before": before, "waiver": None}
        for i in range(n)
    ]
    return Decided(name, name, "2026-11-20", "Best 0.93.", tuple(gates), (), (), "2026-11-13")


# --- what it says ------------------------------------------------------------------------------------------------------


def test_the_decision_comes_first_then_what_failed_then_the_rest(check: Path) -> None:
    ci = CiFacts("GitHub", commit="b1" * 20, job_url="https://github.com/acme/ranker/actions/runs/1")
    body = comment_of([decided(check)], 65_536, ci=ci, link="https://mlflow/run").body
    lines = [line for line in body.splitlines() if line]
    assert lines[0] == "<!-- reportgen: nightly -->"
    assert lines[2] == "### ❌ Ranker: 1 of 2 gates failed"
    assert lines[5].startswith("| **no regression** | Failed: val\\_accuracy of branch 1 is 0.8800, 0.0300 worse than")
    assert "<summary>1 passed</summary>" in body
    assert lines[-1] == (
        "<sub>[Report](<https://mlflow/run>) · [Job](<https://github.com/acme/ranker/actions/runs/1>) · commit `b1b1b1b1b1` "
        "· data of 2026-11-20 · reportgen</sub>"
    )
    assert len(body) < 2_500


def test_what_changed_since_the_last_report_is_told() -> None:
    body = comment_of([told(state="PASS", before="FAIL")], 65_536).body
    assert "### ✅ nightly: the gate passed" in body
    assert "Since the report of 2026-11-13: **gate 0** failed → passed." in body


def test_a_decision_is_told() -> None:
    body = comment_of([replace(told(), decision={"decision": "ship", "by": "ann", "because": "it is *better*"})], 65_536).body
    assert "Decided: **ship** by ann: it is \\*better\\*" in body


def test_of_several_reports_those_that_failed_come_first() -> None:
    body = comment_of([told(name="a", state="PASS"), told(name="b")], 65_536).body
    assert body.index("b: 1 of 1 gate failed") < body.index("a: the gate passed")
    assert body.startswith("<!-- reportgen: a, b -->")


@pytest.mark.fault(
    "A comment is longer than the forge takes", "Whole parts are left out, from the end, and named.", at="delivery", exit=0
)
@pytest.mark.parametrize("most", [2_000, 20_000, 65_536])
def test_a_comment_keeps_to_its_size_by_whole_parts(most: int) -> None:
    reports = [told(30, name=f"report {i}", sentence="x" * 600) for i in range(20)]
    body = comment_of(reports, most).body
    assert len(body) <= most or most == 2_000  # the heads of 20 reports and the foot are always there
    assert "Left out, because this would be too long" in body
    assert all(f"report {i}: 30 of 30 gates failed" in body for i in range(20))
    assert all(line.endswith("|") for line in body.splitlines() if line.startswith("|"))
    if most == 65_536:
        assert "10 more gates" in body


def test_no_name_formats_links_or_mentions() -> None:
    bad = "<!-- x --> @team [a](http://evil) | `\n# head <img src=x>"
    gate = {"name": bad, "state": "FAIL", "fails": True, "sentence": bad, "before": "PASS", "waiver": None}
    one = Decided(bad, bad, "2026-11-20", bad, (gate,), ({"outcome": "better", "sentence": bad, "title": bad},), (), bad)
    body = comment_of([one], 65_536, key="--> x", link="javascript:alert(1)").body
    rest = body.split("-->", 2)[2]
    assert "<!--" not in rest
    assert "@team" not in rest
    assert "](http" not in rest.replace("\\](http:&#8203;", "")
    assert "<img" not in rest
    assert "javascript" not in rest
    assert body.startswith("<!-- reportgen: -- x -->")


def test_a_folder_without_a_verdict_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no verdict"):
        decided(tmp_path)
    (tmp_path / "verdict.json").write_text("[]")
    with pytest.raises(SourceError, match="cannot be read"):
        decided(tmp_path)


# --- posting -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_posted_twice_it_is_there_once(kind: Any, fake: FakeForge) -> None:
    for i in range(250):
        fake.add(f"comment {i}")
    request = request_of(fake, kind)
    first, second = comment_of([told()], 65_536), comment_of([told(state="PASS")], 65_536)
    assert [commented(request, first), commented(request, first), commented(request, second)] == [
        "posted",
        "unchanged",
        "updated",
    ]
    assert [body for body in fake.comments.values() if body.startswith(first.mark)] == [second.body]
    assert len(fake.comments) == 251
    assert commented(request, comment_of([told()], 65_536, key="other")) == "posted"


def test_only_when_something_changed(fake: FakeForge) -> None:
    request = request_of(fake)
    quiet, news = comment_of([told(state="PASS")], 65_536), comment_of([told()], 65_536)
    assert commented(request, quiet, only_when_changed=True) == "nothing to say"
    assert commented(request, news, only_when_changed=True) == "posted"
    other_words = comment_of([told(sentence="0.87 is too low.")], 65_536)
    assert commented(request, other_words, only_when_changed=True) == "unchanged"
    assert commented(request, other_words) == "updated"
    assert commented(request, quiet, only_when_changed=True) == "updated"  # it is good again, and the comment must say so


@pytest.mark.fault(
    "Two jobs comment on one pull request at once", "The older comment stays, with the newer words.", at="delivery", exit=0
)
def test_two_jobs_at_once_leave_one_comment(fake: FakeForge) -> None:
    mine = comment_of([told()], 65_536)

    def other_job() -> None:
        fake.before_post = None
        fake.add(f"{mine.mark}\nof the other job")

    fake.before_post = other_job
    assert commented(request_of(fake), mine) == "updated"
    assert list(fake.comments.values()) == [mine.body]


@pytest.mark.fault(
    "A comment with the mark is somebody else's, or was deleted meanwhile", "A new one is posted.", at="delivery", exit=0
)
def test_somebody_elses_comment_with_the_mark_is_left_alone(fake: FakeForge) -> None:
    mine = comment_of([told()], 65_536)
    theirs = fake.add(f"{mine.mark}\nmine is not yours")
    fake.others = frozenset({theirs})
    assert commented(request_of(fake), mine) == "posted"
    assert fake.comments[theirs].endswith("mine is not yours")
    assert mine.body in fake.comments.values()


@pytest.mark.fault(
    "A forge is busy (429, 503) when a comment is posted", "It is asked again, with pauses.", at="delivery", exit=0
)
def test_a_busy_forge_is_asked_again(fake: FakeForge, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    fake.faults = [(503, {}, b""), (429, {"Retry-After": "7"}, b""), (403, {"Retry-After": "3000"}, b"")]
    assert commented(request_of(fake), comment_of([told()], 65_536)) == "posted"
    assert pauses == [1.0, 7.0, 30.0]


@pytest.mark.fault(
    "The token for comments is refused, or has no right to comment",
    "Exit 6 says which right it needs; the token is not shown.",
    at="delivery",
    exit=6,
)
@pytest.mark.parametrize(
    ("fault", "slug"),
    [
        ((401, {}, b'{"message": "Bad credentials"}'), "token-refused"),
        ((403, {}, b'{"message": "Resource not accessible by integration"}'), "comment-denied"),
        ((404, {}, b""), "comment-denied"),
        ((422, {}, b'{"message": "ghs_s3cretT0ken1234567890 is locked"}'), "comment-refused"),
        ((302, {"Location": "http://127.0.0.1:9/"}, b""), "comment-refused"),
        ((200, {}, b"<html>"), "forge-answer"),
        ((200, {}, b'{"id": 1}'), "forge-answer"),
    ],
)
def test_refusals(fault: tuple[int, dict[str, str], bytes], slug: str, fake: FakeForge) -> None:
    fake.faults = [fault]
    with pytest.raises(DeliveryError) as raised:
        commented(request_of(fake), comment_of([told()], 65_536))
    assert raised.value.slug == slug
    assert TOKEN not in str(raised.value)
    assert TOKEN not in repr(request_of(fake))


def test_the_token_goes_nowhere_in_the_open_and_a_login_of_netrc_does_not_replace_it(
    fake: FakeForge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ann password x\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    assert commented(request_of(fake), comment_of([told()], 65_536)) == "posted"
    env = {"GITHUB_API_URL": "http://git.example/api/v3", "GITHUB_REPOSITORY": "acme/ranker", "GITHUB_TOKEN": TOKEN}
    with pytest.raises(ConfigError, match="not an https address"):
        forge_of("github", env, number="7")
    assert forge_of("github", env) is None
    with pytest.raises(ConfigError):
        forge_of("github", env, number="7/../8")
    with pytest.raises(ConfigError, match="which repository"):
        forge_of("gitlab", {"GITLAB_TOKEN": "x"}, number="7")


def test_a_forge_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with pytest.raises(DeliveryError, match=r"no answer from 127\.0\.0\.1"):
        commented(Forge("github", "http://127.0.0.1:9", "a/b", "7", TOKEN), Comment("m", "s", "m", is_news=True))


# --- the command -------------------------------------------------------------------------------------------------------


@pytest.mark.fault(
    "The token for comments is missing", "Exit 6 names the variable and the right; the bundle is kept.", at="delivery", exit=6
)
def test_the_command_posts_what_was_checked_last(check: Path, fake: FakeForge, tmp_path: Path) -> None:
    env = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": fake.url,
        "GITHUB_REPOSITORY": "acme/ranker",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_TOKEN": TOKEN,
    }
    output = str(check.parent.parent)
    for words in ("comment posted: acme/ranker#7\n", "comment unchanged: acme/ranker#7\n"):
        done = run("comment", "--github", "--output", output, cwd=tmp_path, env=env)
        assert (done.returncode, done.stdout) == (0, words)
        assert TOKEN not in done.stderr
    assert len(fake.comments) == 1
    printed = run("comment", str(check), "--dry-run", "--json", cwd=tmp_path, env=env)
    assert printed.stdout == next(iter(fake.comments.values()))
    push = run("comment", "--output", output, cwd=tmp_path, env=env | {"GITHUB_REF": "refs/heads/main"})
    assert (push.returncode, push.stdout) == (
        0,
        "comment no pull request: this job is about none, so there is nothing to comment on\n",
    )
    missing = run(
        "comment", "--output", output, "--json", cwd=tmp_path, env={key: env[key] for key in env if key != "GITHUB_TOKEN"}
    )
    assert missing.returncode == 6
    assert "GITHUB_TOKEN or GH_TOKEN is not set" in json.loads(missing.stdout)["error"]["what"]
    assert "pull-requests: write" in missing.stderr
    assert (check / "verdict.json").is_file()
    assert run("comment", "--output", "nowhere", cwd=tmp_path, env=env).returncode == 4

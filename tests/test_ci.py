"""What each CI system says of its job, by the variables that it documents, and where it is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen import pipeline
from reportgen.ci import CiFacts, ci_facts
from reportgen.saved import saved
from tests import ci_store
from tests.test_since_last_report import quietly, report_runs

SHA, HEAD = "a" * 40, "b" * 40

SYSTEMS: Mapping[str, tuple[Mapping[str, str], CiFacts]] = {
    "github push": (
        {
            "GITHUB_ACTIONS": "true", "GITHUB_SHA": SHA, "GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch",
            "GITHUB_HEAD_REF": "", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/ranker", "GITHUB_RUN_ID": "42",
            "GITHUB_ACTOR": "ann",
        },
        CiFacts(
            "GitHub", SHA, branch="main", repository="acme/ranker", job_url="https://github.com/acme/ranker/actions/runs/42", actor="ann"
        ),
    ),
    "github tag": (
        {"GITHUB_ACTIONS": "true", "GITHUB_SHA": SHA, "GITHUB_REF": "refs/tags/v1", "GITHUB_REF_NAME": "v1", "GITHUB_REF_TYPE": "tag"},
        CiFacts("GitHub", SHA, tag="v1"),
    ),
    "gitlab merge request": (
        {
            "GITLAB_CI": "true", "CI_COMMIT_SHA": SHA, "CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "wide",
            "CI_COMMIT_REF_NAME": "wide", "CI_PROJECT_PATH": "acme/ranker", "CI_JOB_URL": "https://gitlab.com/acme/ranker/-/jobs/1",
            "GITLAB_USER_LOGIN": "ann",
        },
        CiFacts(
            "GitLab", SHA, branch="wide", pull_request="7", repository="acme/ranker", job_url="https://gitlab.com/acme/ranker/-/jobs/1",
            actor="ann",
        ),
    ),
    "gitlab branch": (
        {"GITLAB_CI": "true", "CI_COMMIT_SHA": SHA, "CI_COMMIT_BRANCH": "main", "CI_COMMIT_REF_NAME": "main"},
        CiFacts("GitLab", SHA, branch="main"),
    ),
    "jenkins pull request": (
        {
            "JENKINS_URL": "https://ci/", "BUILD_URL": "https://ci/job/ranker/3/", "GIT_COMMIT": SHA, "BRANCH_NAME": "PR-7", "CHANGE_ID": "7",
            "CHANGE_BRANCH": "wide", "CHANGE_AUTHOR": "ann", "GIT_URL": "https://github.com/acme/ranker.git",
        },
        CiFacts(
            "Jenkins", SHA, branch="wide", pull_request="7", repository="https://github.com/acme/ranker.git",
            job_url="https://ci/job/ranker/3/", actor="ann",
        ),
    ),
    "jenkins": (
        {"JENKINS_URL": "https://ci/", "BUILD_URL": "https://ci/job/ranker/3/", "GIT_COMMIT": SHA, "GIT_BRANCH": "origin/main"},
        CiFacts("Jenkins", SHA, branch="main", job_url="https://ci/job/ranker/3/"),
    ),
    "azure pull request": (
        {
            "TF_BUILD": "True", "BUILD_SOURCEVERSION": SHA, "BUILD_SOURCEBRANCH": "refs/pull/7/merge",
            "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/wide", "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": HEAD, "SYSTEM_COLLECTIONURI": "https://dev.azure.com/acme/", "SYSTEM_TEAMPROJECT": "ml",
            "BUILD_BUILDID": "9", "BUILD_REPOSITORY_NAME": "ranker", "BUILD_REQUESTEDFOR": "Ann Example",
        },
        CiFacts(
            "Azure", SHA, HEAD, "wide", pull_request="7", repository="ranker",
            job_url="https://dev.azure.com/acme/ml/_build/results?buildId=9", actor="Ann Example",
        ),
    ),
    "buildkite": (
        {
            "BUILDKITE": "true", "BUILDKITE_COMMIT": SHA, "BUILDKITE_BRANCH": "main", "BUILDKITE_PULL_REQUEST": "false",
            "BUILDKITE_BUILD_URL": "https://buildkite.com/acme/ranker/builds/5", "BUILDKITE_JOB_ID": "j1", "BUILDKITE_BUILD_CREATOR": "Ann",
        },
        CiFacts("Buildkite", SHA, branch="main", job_url="https://buildkite.com/acme/ranker/builds/5#j1", actor="Ann"),
    ),
    "circleci": (
        {
            "CIRCLECI": "true", "CIRCLE_SHA1": SHA, "CIRCLE_BRANCH": "wide", "CIRCLE_PULL_REQUEST": "https://github.com/acme/ranker/pull/7",
            "CIRCLE_BUILD_URL": "https://circleci.com/gh/acme/ranker/6", "CIRCLE_USERNAME": "ann", "CIRCLE_PROJECT_USERNAME": "acme",
            "CIRCLE_PROJECT_REPONAME": "ranker",
        },
        CiFacts(
            "CircleCI", SHA, branch="wide", pull_request="7", repository="acme/ranker", job_url="https://circleci.com/gh/acme/ranker/6",
            actor="ann",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_is_known_by_its_variables(name: str) -> None:
    environment, facts = SYSTEMS[name]
    assert ci_facts(environment) == facts
    assert ci_facts({"HOME": "/root"}) is None


def test_a_pull_request_on_github_has_its_head_commit_from_the_event(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    env = {
        "GITHUB_ACTIONS": "true", "GITHUB_SHA": SHA, "GITHUB_REF": "refs/pull/7/merge", "GITHUB_REF_NAME": "7/merge",
        "GITHUB_HEAD_REF": "wide", "GITHUB_EVENT_PATH": str(event),
    }  # fmt: skip
    event.write_text(json.dumps({"pull_request": {"number": 7, "head": {"sha": HEAD}}}))
    found = ci_facts(env)
    assert found == CiFacts("GitHub", SHA, HEAD, "wide", pull_request="7")
    assert found is not None
    assert found.commits == {SHA, HEAD}
    assert dict(found.change) == {"commit": HEAD, "branch": "wide", "pull request": "7"}
    for broken in ("[]", "{", '{"pull_request": {"head": 1}}'):
        event.write_text(broken)
        assert ci_facts(env) == CiFacts("GitHub", SHA, "", "wide", pull_request="7")


def test_names_are_text_and_addresses_lose_their_passwords() -> None:
    env = {
        "GITLAB_CI": "true", "CI_COMMIT_BRANCH": "a\n::error::b\x1b[31m", "CI_JOB_URL": "https://ann:secret@gitlab/j/1", "CI_COMMIT_TAG": "",
    }  # fmt: skip
    found = ci_facts(env)
    assert found is not None
    assert "\n" not in found.branch
    assert "\x1b" not in found.branch
    assert "secret" not in found.job_url


def test_the_report_run_and_the_report_say_it_and_a_rebuild_says_the_same(tmp_path: Path) -> None:
    uri = ci_store.store(tmp_path)
    ci = CiFacts("GitHub", SHA, branch="wide", pull_request="7", job_url="https://ci/1", actor="ann")
    job = ci_store.job(uri, tmp_path / "out", publish=[{"mlflow": {"experiment": "reports"}}])
    built = pipeline.build(replace(job, ci=ci, formats=("data", "html", "gates")), quietly)
    (run,) = report_runs(uri)
    tags = {key: value for key, value in run.data.tags.items() if key.startswith("reportgen.ci.")}
    assert tags == ci.tags
    assert tags["reportgen.ci.job_url"] == "https://ci/1"
    text = (built.folder / "report.html").read_text("utf-8")
    assert SHA in text
    assert "https://ci/1" not in text  # another job for the same change makes the same bytes
    kept = saved(built.folder)
    assert kept.config is not None
    again = kept.again(
        replace(job, config=kept.config, output=tmp_path / "again", publish=False, formats=("data", "html", "gates"))
    )
    assert pipeline.rebuild(kept.snapshot, again, quietly).digest == built.digest

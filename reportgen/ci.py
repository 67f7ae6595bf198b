"""What CI system runs this job, and for which change: from the variables that the systems document, and from nothing else.

GitHub     docs.github.com, "Variables reference"; the head commit of a pull request is in the event's file
GitLab     docs.gitlab.com, "Predefined CI/CD variables reference"
Jenkins    its environment variables, those of the Git plug-in, and of multibranch pipelines
Azure      learn.microsoft.com, "Use predefined variables" of Azure Pipelines
Buildkite  buildkite.com/docs, "Environment variables"
CircleCI   circleci.com/docs, "Built-in environment variables"
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.formats import one_line
from reportgen.redaction import public_text

_MOST_BYTES = 20 << 20
"""Of GitHub's event; a webhook's payload is at most 25 MB."""

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CiFacts:
    """One job of a CI system; "" where it does not say."""

    system: str
    commit: str = ""
    head_commit: str = ""
    """Of a pull request, where ``commit`` is its merge with the target branch; "" elsewhere."""
    branch: str = ""
    """The branch of the change: of a pull request its own, not the target."""
    tag: str = ""
    pull_request: str = ""
    """Its number."""
    repository: str = ""
    job_url: str = ""
    actor: str = ""
    """Who set the job off."""

    @property
    def commits(self) -> frozenset[str]:
        return frozenset(commit for commit in (self.commit, self.head_commit) if commit)

    @property
    def change(self) -> tuple[tuple[str, str], ...]:
        """(what, value) of what was changed, the same in each job for it."""
        pairs = (("commit", self.head_commit or self.commit), ("branch", self.branch), ("tag", self.tag))
        return tuple((what, value) for what, value in (*pairs, ("pull request", self.pull_request)) if value)

    @property
    def tags(self) -> dict[str, str]:
        """Tags of a report run that this job made."""
        facts = {"system": self.system, "job_url": self.job_url, "actor": self.actor, "repository": self.repository}
        found = facts | {what.replace(" ", "_"): value for what, value in self.change}
        return {f"reportgen.ci.{what}": value for what, value in sorted(found.items()) if value}


def ci_facts(environment: Environment) -> CiFacts | None:
    """The CI job that this process is part of; None outside of one."""
    for is_here, facts in _SYSTEMS:
        if is_here(environment):
            found = facts(environment)
            texts = {name: public_text(one_line(getattr(found, name), 1000)) for name in CiFacts.__slots__}
            return CiFacts(**texts | ({} if texts["job_url"].startswith(("https://", "http://")) else {"job_url": ""}))
    return None


def _github(env: Environment) -> CiFacts:
    ref, is_pull = env.get("GITHUB_REF", ""), env.get("GITHUB_REF", "").startswith("refs/pull/")
    name = env.get("GITHUB_REF_NAME", "")
    is_tag = env.get("GITHUB_REF_TYPE") == "tag"
    place = (env.get("GITHUB_SERVER_URL"), env.get("GITHUB_REPOSITORY"), env.get("GITHUB_RUN_ID"))
    head = _github_event(env).get("pull_request", {})
    sha = head.get("head", {}).get("sha") if isinstance(head, dict) and isinstance(head.get("head"), dict) else None
    return CiFacts(
        "GitHub",
        commit=env.get("GITHUB_SHA", ""),
        head_commit=sha if isinstance(sha, str) else "",
        branch=env.get("GITHUB_HEAD_REF", "") or ("" if is_pull or is_tag else name),
        tag=name if is_tag else "",
        pull_request=ref.split("/")[2] if is_pull else _number(head),
        repository=env.get("GITHUB_REPOSITORY", ""),
        job_url="{}/{}/actions/runs/{}".format(*place) if all(place) else "",
        actor=env.get("GITHUB_ACTOR", ""),
    )


def _number(pull_request: Any) -> str:
    """Of a pull request in an event without its ref: ``pull_request_target``."""
    number = pull_request.get("number") if isinstance(pull_request, dict) else None
    return str(number) if isinstance(number, int) else ""


def _github_event(env: Environment) -> dict[str, Any]:
    path = Path(env.get("GITHUB_EVENT_PATH", ""))
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return {}
        event = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _gitlab(env: Environment) -> CiFacts:
    return CiFacts(
        "GitLab",
        commit=env.get("CI_COMMIT_SHA", ""),
        head_commit=env.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", ""),
        branch=env.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "") or env.get("CI_COMMIT_BRANCH", ""),
        tag=env.get("CI_COMMIT_TAG", ""),
        pull_request=env.get("CI_MERGE_REQUEST_IID", ""),
        repository=env.get("CI_PROJECT_PATH", ""),
        job_url=env.get("CI_JOB_URL", ""),
        actor=env.get("GITLAB_USER_LOGIN", ""),
    )


def _jenkins(env: Environment) -> CiFacts:
    branch = env.get("CHANGE_BRANCH", "") or (
        "" if env.get("CHANGE_ID") else env.get("BRANCH_NAME", "") or env.get("GIT_BRANCH", "")
    )
    return CiFacts(
        "Jenkins",
        commit=env.get("GIT_COMMIT", ""),
        branch="" if env.get("TAG_NAME") else branch.removeprefix("origin/"),
        tag=env.get("TAG_NAME", ""),
        pull_request=env.get("CHANGE_ID", ""),
        repository=env.get("GIT_URL", ""),
        job_url=env.get("BUILD_URL", ""),
        actor=env.get("CHANGE_AUTHOR", "") or env.get("BUILD_USER_ID", ""),
    )


def _azure(env: Environment) -> CiFacts:
    ref = env.get("BUILD_SOURCEBRANCH", "")
    branch = env.get("SYSTEM_PULLREQUEST_SOURCEBRANCH", "") or (ref if ref.startswith("refs/heads/") else "")
    place = (env.get("SYSTEM_COLLECTIONURI"), env.get("SYSTEM_TEAMPROJECT"), env.get("BUILD_BUILDID"))
    return CiFacts(
        "Azure",
        commit=env.get("BUILD_SOURCEVERSION", ""),
        head_commit=env.get("SYSTEM_PULLREQUEST_SOURCECOMMITID", ""),
        branch=branch.removeprefix("refs/heads/"),
        tag=ref.removeprefix("refs/tags/") if ref.startswith("refs/tags/") else "",
        pull_request=env.get("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "") or env.get("SYSTEM_PULLREQUEST_PULLREQUESTID", ""),
        repository=env.get("BUILD_REPOSITORY_NAME", ""),
        job_url="{}/{}/_build/results?buildId={}".format(str(place[0]).rstrip("/"), *place[1:]) if all(place) else "",
        actor=env.get("BUILD_REQUESTEDFOR", ""),
    )


def _buildkite(env: Environment) -> CiFacts:
    pull, url, job = (env.get(f"BUILDKITE_{name}", "") for name in ("PULL_REQUEST", "BUILD_URL", "JOB_ID"))
    tag = env.get("BUILDKITE_TAG", "")
    return CiFacts(
        "Buildkite",
        commit=env.get("BUILDKITE_COMMIT", ""),
        branch="" if tag else env.get("BUILDKITE_BRANCH", ""),
        tag=tag,
        pull_request="" if pull == "false" else pull,
        repository=env.get("BUILDKITE_REPO", ""),
        job_url=f"{url}#{job}" if url and job else url,
        actor=env.get("BUILDKITE_BUILD_CREATOR", ""),
    )


def _circleci(env: Environment) -> CiFacts:
    owner, name = env.get("CIRCLE_PROJECT_USERNAME", ""), env.get("CIRCLE_PROJECT_REPONAME", "")
    return CiFacts(
        "CircleCI",
        commit=env.get("CIRCLE_SHA1", ""),
        branch=env.get("CIRCLE_BRANCH", ""),
        tag=env.get("CIRCLE_TAG", ""),
        pull_request=env.get("CIRCLE_PULL_REQUEST", "").rstrip("/").rpartition("/")[2] or env.get("CIRCLE_PR_NUMBER", ""),
        repository=f"{owner}/{name}" if owner and name else "",
        job_url=env.get("CIRCLE_BUILD_URL", ""),
        actor=env.get("CIRCLE_USERNAME", ""),
    )


def _has(name: str, value: str = "true") -> Callable[[Environment], bool]:
    return lambda env: env.get(name, "").lower() == value


_SYSTEMS: tuple[tuple[Callable[[Environment], bool], Callable[[Environment], CiFacts]], ...] = (
    (_has("GITHUB_ACTIONS"), _github),
    (_has("GITLAB_CI"), _gitlab),
    (_has("TF_BUILD"), _azure),
    (_has("BUILDKITE"), _buildkite),
    (_has("CIRCLECI"), _circleci),
    (lambda env: bool(env.get("JENKINS_URL") and env.get("BUILD_URL")), _jenkins),
)
"""Whether a system runs this job, and what it says of it; Jenkins last, since its agents may be jobs of another one."""

"""Comments under pull requests on GitHub and merge requests on GitLab, by their documented REST APIs.

    GitHub  GET, POST   /repos/{repository}/issues/{number}/comments       PATCH, DELETE  /repos/{repository}/issues/comments/{id}
    GitLab  GET, POST   /projects/{id}/merge_requests/{iid}/notes          PUT, DELETE    …/notes/{note_id}

The token comes from the environment and goes nowhere but to the API's own host: no redirect is followed, plain http is refused
except on this machine, and no error repeats it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from reportgen.errors import ConfigError, DeliveryError
from reportgen.formats import one_line
from reportgen.publish.comment import Comment

_PER_PAGE = 100
_MOST_PAGES = 50
_SECONDS = 20
_TRIES = 4
_LONGEST_PAUSE = 30.0
_TOKENS = {"github": ("GITHUB_TOKEN", "GH_TOKEN"), "gitlab": ("GITLAB_TOKEN",)}
LIMITS = {"github": 65_536, "gitlab": 1_000_000}
"""Characters of one comment."""

Kind = Literal["github", "gitlab"]


@dataclass(frozen=True, slots=True)
class Forge:
    """One pull or merge request."""

    kind: Kind
    api: str
    project: str
    """GitHub: owner/name; GitLab: the project's id or path."""
    number: str
    token: str = field(repr=False)

    @property
    def most(self) -> int:
        return LIMITS[self.kind]

    @property
    def where(self) -> str:
        sign = "#" if self.kind == "github" else "!"
        return f"{self.project}{sign}{self.number}"

    @property
    def _comments(self) -> str:
        if self.kind == "github":
            return f"repos/{quote(self.project)}/issues/{self.number}/comments"
        return f"projects/{quote(self.project, safe='')}/merge_requests/{self.number}/notes"

    def _one(self, id_: int) -> str:
        return f"repos/{quote(self.project)}/issues/comments/{id_}" if self.kind == "github" else f"{self._comments}/{id_}"


def forge_of(
    kind: Kind, environment: Mapping[str, str], *, repository: str = "", number: str = "", pull_request: str = ""
) -> Forge | None:
    """The request that this job is about; None when it is about none. ``repository`` and ``number`` are what the command line says,
    ``pull_request`` what the CI system does.

    Raises ``ConfigError`` when it is not known where to ask, ``DeliveryError`` without a token.
    """
    names = {
        "github": ("GITHUB_API_URL", "https://api.github.com", "GITHUB_REPOSITORY"),
        "gitlab": ("CI_API_V4_URL", "https://gitlab.com/api/v4", "CI_PROJECT_ID"),
    }[kind]
    which = number or pull_request
    if not which:
        return None
    if not which.isdecimal():
        raise ConfigError("bad-request-number", f"{one_line(which, 40)!r} is no number of a pull request", todo="give --number N")
    project = repository or environment.get(names[2], "")
    if not project:
        raise ConfigError(
            "no-repository", "it is not known in which repository to comment", todo=f"give --repository NAME, or set {names[2]}"
        )
    api = (environment.get(names[0]) or names[1]).rstrip("/")
    parts = urlsplit(api)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ConfigError(
            "api-not-https", f"{names[0]} is not an https address, and the token would go there in the open", todo="correct it"
        )
    token = next((environment[name] for name in _TOKENS[kind] if environment.get(name)), "")
    if not token:
        raise DeliveryError(
            "token-missing",
            f"there is no token for commenting: {' or '.join(_TOKENS[kind])} is not set",
            todo=_RIGHTS[kind],
        )
    return Forge(kind, api, project, which, token)


_RIGHTS = {
    "github": "give the step `env: {GITHUB_TOKEN: ${{ github.token }}}` and the job `permissions: {pull-requests: write}`; "
    "a pull request from a fork has no such right",
    "gitlab": "make a project access token with scope api and role Reporter, and put it into a masked CI/CD variable GITLAB_TOKEN "
    "(CI_JOB_TOKEN may not write notes)",
}

Done = Literal["posted", "updated", "unchanged", "nothing to say"]


def commented(forge: Forge, comment: Comment, *, only_when_changed: bool = False) -> Done:
    """Post ``comment``, or write the one with its mark anew. Raises ``DeliveryError``.

    ``only_when_changed`` leaves a comment alone whose gates and verdicts are the same, and makes none when there is no news. Where two
    jobs post at once, the older comment stays.
    """
    import requests

    with requests.Session() as session:
        api = _Api(forge, session)
        own = api.marked(comment.mark)
        if own and own[0].body.rstrip() == comment.body.rstrip():
            return "unchanged"
        if only_when_changed and own and f"<!-- reportgen-state: {comment.state} -->" in own[0].body:
            return "unchanged"
        if only_when_changed and not own and not comment.is_news:
            return "nothing to say"
        for one in own:
            if api.updated(one.id, comment.body):
                return "updated"
        made = api.posted(comment.body)
        first = min((one.id for one in api.marked(comment.mark) if one.id not in {old.id for old in own}), default=made)
        if first < made and api.updated(first, comment.body):
            api.deleted(made)
            return "updated"
        return "posted"


@dataclass(frozen=True, slots=True)
class _Posted:
    id: int
    body: str


class _Api:
    """The calls of one forge. All raise ``DeliveryError``."""

    def __init__(self, forge: Forge, session: Any) -> None:
        self._forge = forge
        self._session = session
        session.trust_env = True  # proxies; a login from ~/.netrc cannot replace the token, which is an auth of its own
        session.auth = self._signed

    def _signed(self, request: Any) -> Any:
        if self._forge.kind == "github":
            request.headers["Authorization"] = f"Bearer {self._forge.token}"
        else:
            request.headers["PRIVATE-TOKEN"] = self._forge.token
        return request

    def marked(self, mark: str) -> list[_Posted]:
        """Comments that begin with ``mark``, oldest first."""
        found: list[_Posted] = []
        for page in range(1, _MOST_PAGES + 1):
            rows = self._call("GET", self._forge._comments, params={"per_page": _PER_PAGE, "page": page})
            if not isinstance(rows, list):
                raise self._error("forge-answer", "its list of comments is none")
            known = (_Posted(row["id"], str(row.get("body") or "").replace("\r\n", "\n")) for row in rows if _is_comment(row))
            found += [one for one in known if one.body.startswith(mark)]
            if len(rows) < _PER_PAGE:
                break
        return sorted(found, key=lambda one: one.id)

    def posted(self, body: str) -> int:
        answer = self._call("POST", self._forge._comments, json={"body": body})
        id_ = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(id_, int):
            raise self._error("forge-answer", "it does not say which comment it made")
        return id_

    def updated(self, id_: int, body: str) -> bool:
        """False when the comment is gone, or is somebody else's."""
        method = "PATCH" if self._forge.kind == "github" else "PUT"
        return self._call(method, self._forge._one(id_), json={"body": body}, gone=(403, 404)) is not None

    def deleted(self, id_: int) -> None:
        self._call("DELETE", self._forge._one(id_), gone=(403, 404))

    def _call(self, method: str, path: str, *, gone: tuple[int, ...] = (), **more: Any) -> Any:
        """The answer's JSON, {} for an empty one; None for a status of ``gone``. What may be repeated is, with pauses."""
        import requests

        forge = self._forge
        headers = (
            {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"} if forge.kind == "github" else {}
        )
        for attempt in range(1, _TRIES + 1):
            try:
                answer = self._session.request(
                    method, f"{forge.api}/{path}", headers=headers, timeout=_SECONDS, allow_redirects=False, **more
                )
            except requests.RequestException as error:
                if attempt == _TRIES or method == "POST":  # it may have been made
                    raise self._error(
                        "forge-unreachable", f"no answer from {urlsplit(forge.api).hostname}: {type(error).__name__}"
                    ) from None
                time.sleep(_pause(attempt, ""))
                continue
            is_busy = answer.status_code in (429, 502, 503, 504) or (
                answer.status_code == 403 and "Retry-After" in answer.headers
            )
            if is_busy and attempt < _TRIES:
                time.sleep(_pause(attempt, answer.headers.get("Retry-After", "")))
                continue
            if answer.status_code in gone:
                return None
            return self._read(answer)
        raise AssertionError("the last try returns or raises")

    def _read(self, answer: Any) -> Any:
        status = answer.status_code
        if status == 401:
            raise self._error("token-refused", "the token was refused (401)", _RIGHTS[self._forge.kind])
        if status in (403, 404):
            what = f"the token may not comment there, or there is no such request ({status})"
            raise self._error("comment-denied", what, _RIGHTS[self._forge.kind])
        if status >= 300:
            raise self._error("comment-refused", f"the comment was refused ({status}): {self._said(answer)}")
        try:
            return answer.json() if answer.content else {}
        except ValueError:
            raise self._error("forge-answer", "its answer is no JSON") from None

    def _said(self, answer: Any) -> str:
        try:
            kept = answer.json()
            said = str(kept.get("message") or kept.get("error") or "") if isinstance(kept, dict) else ""
        except ValueError:
            said = ""
        return one_line(said.replace(self._forge.token, "***"), 200) or "no reason given"

    def _error(self, slug: str, what: str, todo: str = "") -> DeliveryError:
        words = f"commenting on {one_line(self._forge.where, 120)}: {what}"
        return DeliveryError(slug, words, todo=todo or "the bundle is kept; run `reportgen comment` again")


def _is_comment(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), int)


def _pause(attempt: int, retry_after: str) -> float:
    """Seconds before the next try: what the server asks for, at most half a minute, else 1, 2, 4."""
    return min(float(retry_after), _LONGEST_PAUSE) if retry_after.isdecimal() else float(2 ** (attempt - 1))

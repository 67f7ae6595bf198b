"""Lists of a server, complete: experiments, runs and models, each page and each page again until they stay the same.

Pages are cut by offset, so what is deleted or added between two of them moves a row past the reader; a list of several
pages is therefore read again until its ids are the same twice. An empty list may mean that nothing is there or that it
may not be seen: it is asked for twice and checked against the right to read. A list whose pages repeat is ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pyarrow as pa

from reportgen.collect.canonical_rows import rows_table
from reportgen.collect.pool import in_order
from reportgen.collect.reading import TimeUpError
from reportgen.collect.rest.rows import (
    BadAnswerError,
    Run,
    experiment_row,
    logged_row,
    mapping,
    objects,
    registered_row,
    run_id_of,
    run_of,
    text,
    version_row,
)
from reportgen.collect.rest.session import EXPERIMENTS, NotFoundError, RefusedError, Transport
from reportgen.errors import Problem, SourceError

API = "api/2.0/mlflow"
PAGE = 5_000
"""Runs in one answer; a server allows 50,000, which take it a minute."""
MOST_UNANSWERED = 3
"""After so many questions of one kind that stay without an answer each further one is asked once."""
_PAGE_TOGETHER = 1_000
_MAX_PAGES_TOGETHER = 3
"""Runs of other experiments that are listed to see that one has none."""
_PAGE_EXPERIMENTS = 1_000
_SMALLEST_PAGE = 8
"""With so few in it an answer that is too big is one run's fault."""
_MAX_ROUNDS = 4
_MAX_STALE_PAGES = 10
"""Pages in a row that bring nothing new; a server that hides what may not be seen sends a few."""

_SEE_WHAT_IS_SENT = "see what the server, or a proxy before it, sends"

Row = Mapping[str, Any]
Page = Callable[[str], Row]
"""Page token ("" for the first page) → answer."""


class Lists:
    """What one server lists. May be used by several threads at once."""

    def __init__(self, http: Transport, n_connections: int) -> None:
        self._http = http
        self._n_runs = PAGE
        self._workers = [None] * n_connections
        self.problems: list[Problem] = []
        self.bad_runs: dict[str, str] = {}
        """Run id → what is wrong with it."""
        self.unread: dict[str, str] = {}
        """Experiment id → why its runs are not known."""
        self._n_unanswered = 0
        self._version = ""
        self.logged_models: list[Row] = []
        """As the server sent them, for their metrics."""

    def experiments(self) -> list[dict[str, Any]]:
        try:
            listed = self._stable(self._experiment_page, "experiments", _experiment_id)
            if listed and len(listed) % _PAGE_EXPERIMENTS == 0:
                with suppress(RefusedError):  # a server that sorts by nothing else
                    self._check_end(listed, self._experiment_page("", oldest=True), "experiments", _experiment_id)
            rows = [experiment_row(row) for row in listed.values()]
        except NotFoundError as error:
            raise SourceError(
                "not-mlflow",
                f"{self._http.public_uri} knows no {EXPERIMENTS}",
                allowed="an MLflow server of version 1.28 or newer",
                todo="check the URL: it ends where MLflow's own pages begin, without /api or /#/",
            ) from error
        except BadAnswerError as error:
            raise SourceError(
                "not-mlflow",
                f"{self._http.public_uri} does not answer as an MLflow server: {error}",
                todo="check the URL and the proxy before the server",
            ) from error
        if not rows:  # MLflow's own experiment Default is always there, be it deleted
            raise SourceError(
                "no-experiments",
                f"{self._http.public_uri} shows no experiment, not even a deleted one",
                todo="it answers the same to a user who may not see them: check the user's permissions",
            )
        return rows

    def _experiment_page(self, token: str, *, oldest: bool = False) -> Row:
        """By default the newest comes first."""
        body: dict[str, Any] = {"max_results": 1 if oldest else _PAGE_EXPERIMENTS, "view_type": "ALL"}
        body |= {"order_by": ["creation_time ASC"]} if oldest else {}
        body |= {"page_token": token} if token else {}
        return self._http.json("POST", EXPERIMENTS, body=body)

    def runs(self, experiment_id: str) -> dict[str, Run]:
        """Every run of one experiment; one that may not be read, or not understood, becomes a problem."""
        try:
            rows = self._stable(lambda token: self._run_page([experiment_id], token), "runs", run_id_of)
            if not rows:
                self._check_readable(experiment_id)
            elif len(rows) % PAGE == 0:
                self._check_end(rows, self._run_page([experiment_id], "", page=1, order="DESC"), "runs", run_id_of)
        except (SourceError, BadAnswerError) as error:
            if self._http.given_up or isinstance(error, TimeUpError):
                raise
            self._n_unanswered += isinstance(error, SourceError) and error.slug == "unreachable"
            what = error.what if isinstance(error, SourceError) else f"its runs cannot be understood: {error}"
            self._unread(experiment_id, what, (error.todo or "") if isinstance(error, SourceError) else _SEE_WHAT_IS_SENT)
            return {}
        return {run_id: self._understood(run_id, row) for run_id, row in rows.items()}

    def check_empty(self, empty: Sequence[str], others: Sequence[str]) -> None:
        """Look once more for runs of experiments that seem to have none, in a list together with those of ``others``.

        MLflow's answer for no runs is ``{}``, which is also what a broken gateway, or a server that hides what may not be
        seen, sends for many. A list in which the runs of other experiments are tells of these that they have none.
        """
        token, seen = "", set[str]()
        try:
            for _ in range(_MAX_PAGES_TOGETHER):
                answer = self._run_page([*empty, *others], token, page=_PAGE_TOGETHER)
                seen |= {text(mapping(row, "info"), "experiment_id") for row in objects(answer, "runs")}
                token = answer.get("next_page_token") or ""
                if not token or not seen.isdisjoint(empty):
                    break
            why = "" if seen else "the server lists no run of any experiment, though it was asked in three ways"
        except (SourceError, BadAnswerError) as error:
            if self._http.given_up or isinstance(error, TimeUpError):
                raise
            why = f"the server lists no run of it, and cannot be asked again: {error.what if isinstance(error, SourceError) else error}"
        for experiment_id in empty:
            if why or experiment_id in seen:
                what = why or "the server lists no run of it when asked for it alone, and some when asked for it beside others"
                self._unread(
                    experiment_id, what, "check the user's permissions, and what the server, or a proxy before it, sends"
                )

    def _unread(self, experiment_id: str, what: str, todo: str) -> None:
        self.unread[experiment_id] = what
        self.problems.append(Problem("experiment-unreadable", f"experiment {experiment_id}", what, todo))

    def _understood(self, run_id: str, row: Row) -> Run:
        try:
            return run_of(row)
        except BadAnswerError as error:
            self.bad_runs[run_id] = str(error)
            info = row["info"]
            place = {
                "run_id": run_id,
                "experiment_id": str(info.get("experiment_id", "")),
                "name": "",
                "status": "",
                "lifecycle": "active",
            }
            return Run(place, (), {}, {}, ())

    def matching(self, experiment_id: str, filter: str) -> frozenset[str]:
        """The ids of the runs of one experiment that the server finds. Raises ``RefusedError`` for a bad filter."""
        return frozenset(self._stable(lambda token: self._run_page([experiment_id], token, filter), "runs", run_id_of))

    def _run_page(
        self, experiment_ids: Sequence[str], token: str, filter: str = "", *, page: int | None = None, order: str = "ASC"
    ) -> Row:
        body: dict[str, Any] = {
            "experiment_ids": list(experiment_ids),
            "run_view_type": "ALL",
            "order_by": [f"attributes.start_time {order}"],  # ascending, new runs come last, and no page shifts
        }
        body |= {"filter": filter} if filter else {}
        body |= {"page_token": token} if token else {}
        n_tries = 1 if self._n_unanswered >= MOST_UNANSWERED else None
        while True:
            n_runs = min(page or PAGE, self._n_runs)
            try:
                return self._http.json("POST", f"{API}/runs/search", body=body | {"max_results": n_runs}, n_tries=n_tries)
            except SourceError as error:
                if error.slug != "answer-too-big" or n_runs <= _SMALLEST_PAGE:
                    raise
                self._n_runs = min(self._n_runs, n_runs // 5)  # from now on: runs that are rich come in crowds

    def _check_readable(self, experiment_id: str) -> None:
        """An empty list may also mean that the runs may not be seen; the experiment itself is then refused."""
        self._http.json("GET", f"{API}/experiments/get", params=[("experiment_id", experiment_id)])

    def _check_end(self, rows: Mapping[str, Row], answer: Row, key: str, id_of: Callable[[Row], str]) -> None:
        """That a last page that was full, or followed by an empty one, was the last: ``answer``, the other end, is among ``rows``."""
        if not {id_of(row) for row in objects(answer, key)} & rows.keys():
            raise BadAnswerError(f"the list of {key} ends after {len(rows):,}, and its other end is not among them")

    def _stable(self, page: Page, key: str, id_of: Callable[[Row], str]) -> dict[str, Row]:
        """The rows of all pages by id; more than one page, or none, is read again until it stays the same."""
        rows, n_pages = self._pages(page, key, id_of)
        for _ in range(_MAX_ROUNDS - 1):
            if n_pages == 1 and rows:
                return rows
            again, n_pages = self._pages(page, key, id_of)
            if again.keys() == rows.keys():
                return again
            rows = again
        what = f"the list of {key} changed each of the {_MAX_ROUNDS} times it was read; its last state is reported"
        self.problems.append(Problem("list-unstable", self._http.public_uri, what, "run again in a calmer moment", "warning"))
        return rows

    def _pages(self, page: Page, key: str, id_of: Callable[[Row], str]) -> tuple[dict[str, Row], int]:
        rows: dict[str, Row] = {}
        tokens: set[str] = set()
        token = ""
        n_stale = 0
        while True:
            answer = page(token)
            found = {id_of(row): row for row in objects(answer, key)}
            n_stale = n_stale + 1 if found.keys() <= rows.keys() else 0
            rows |= found
            token = answer.get("next_page_token") or ""
            if not token or not isinstance(token, str):
                return rows, len(tokens) + 1
            if token in tokens or n_stale > _MAX_STALE_PAGES:
                what = f"the server's list of {key} does not end, its pages repeat; {len(rows):,} are reported"
                self.problems.append(Problem("list-endless", self._http.public_uri, what, "update the server or its proxy"))
                return rows, 1
            tokens.add(token)

    def version(self) -> str:
        try:
            version = self._http.text("version").strip()
        except SourceError:
            return ""  # servers before 1.21, and other vendors' ones, do not say
        self._version = version if len(version) < 40 and version[:1].isdigit() else ""
        return self._version

    # --- models ---

    def models(self, experiment_ids: Sequence[str]) -> tuple[pa.Table, int]:
        """The three kinds of models, asked for side by side."""
        rows: list[dict[str, Any]] = []
        lists: tuple[tuple[str, Callable[[], list[dict[str, Any]]]], ...] = (
            ("registered models", self._registered),
            ("model versions", self._versions),
            ("logged models", lambda: self._logged(experiment_ids)),
        )
        for what, outcome in in_order(self._workers, lambda _, listing: (listing[0], _outcome(listing[1])), lists):
            if isinstance(outcome, list):
                rows += outcome
                continue
            if self._http.given_up:
                raise outcome
            why = outcome.what if isinstance(outcome, SourceError) else f"the answer cannot be understood: {outcome}"
            self.problems.append(Problem("models-unreadable", what, why, "check the user's permissions"))
        aliases = {(r["name"], v): a for r in rows if r["kind"] == "registered" for v, a in r["alias_of"].items()}
        for row in rows:
            row["aliases"] = sorted(aliases.get((row["name"], row["version"]), [])) if row["kind"] == "version" else []
        return rows_table("models", rows), len(rows)

    def _registered(self) -> list[dict[str, Any]]:
        return [registered_row(row) for row in self._registry("registered-models/search", "registered_models", 1000)]

    def _versions(self) -> list[dict[str, Any]]:
        return [version_row(row) for row in self._registry("model-versions/search", "model_versions", 10_000)]

    def _registry(self, path: str, key: str, page_size: int) -> list[Row]:
        """Models and, which the server lists only when asked for, prompts."""

        def page(token: str, filter: str) -> Row:
            params = {"max_results": str(page_size), "filter": filter, "page_token": token}
            return self._http.json("GET", f"{API}/{path}", params=[(k, v) for k, v in params.items() if v])

        def id_of(row: Row) -> str:
            return f"{text(row, 'name')}\0{row.get('version', '')}"

        found = self._stable(lambda token: page(token, ""), key, id_of)
        with suppress(RefusedError):  # servers before 2.21 have no prompts, and older ones no filter by tag
            found |= self._stable(lambda token: page(token, "tags.`mlflow.prompt.is_prompt` = 'true'"), key, id_of)
        return list(found.values())

    def _logged(self, experiment_ids: Sequence[str]) -> list[dict[str, Any]]:
        rows: list[Row] = []
        for start in range(0, len(experiment_ids), 50):
            ids = list(experiment_ids[start : start + 50])

            def page(token: str, ids: list[str] = ids) -> Row:
                body = {"experiment_ids": ids, "max_results": 50} | ({"page_token": token} if token else {})
                return self._http.json("POST", f"{API}/logged-models/search", body=body)

            try:
                rows += self._stable(page, "models", lambda row: text(mapping(row, "info"), "model_id")).values()
            except NotFoundError:
                if self._version and int(self._version.partition(".")[0]) >= 3:
                    raise
                return []  # servers before 3.0 have no logged models
        self.logged_models = rows
        return [logged_row(row["info"]) for row in rows]


def _experiment_id(row: Row) -> str:
    return text(row, "experiment_id")


def _outcome(read: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]] | SourceError | BadAnswerError:
    """What ``read`` returns, or the reason why nothing is read."""
    try:
        return read()
    except (SourceError, BadAnswerError) as error:
        return error

"""What a server, a proxy or a network does wrong: repeated when it passes, said when it does not, never "no runs"."""

from __future__ import annotations

import datetime
import gzip
import ipaddress
import json
import sqlite3
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reportgen.collect import Reading, Selection
from reportgen.collect.gather import snapshot_of
from reportgen.collect.rest import lists as rest_lists
from reportgen.collect.rest import points as rest_points
from reportgen.collect.rest.session import Limits
from reportgen.collect.rest.source import RestSource
from reportgen.errors import ReportError, SourceError
from reportgen.snapshot import Snapshot
from tests.collect import proxy as faults
from tests.collect.conftest import Rich
from tests.collect.proxy import Call, Proxy, proxy_before
from tests.collect.stores import content, filled
from tests.servers import MlflowServer

pytestmark = [pytest.mark.server, pytest.mark.slow]

QUICK = Limits(try_seconds=20, call_seconds=40, pause_seconds=0.01)
SHORT = Limits(connect_seconds=1, try_seconds=0.5, call_seconds=1.5, pause_seconds=0.01)
SEARCH = "runs/search"
BULK = "metrics/get-history-bulk"


@pytest.fixture(scope="module")
def rich_sqlite(tmp_path_factory: pytest.TempPathFactory, mlflow_server: Callable[[str], MlflowServer]) -> Rich:
    """The rich store with a shorter long series: that one is read whole in ``test_readers``."""
    from mlflow import MlflowClient

    uri = f"sqlite:///{tmp_path_factory.mktemp('rich')}/rich store.db"
    server = mlflow_server(uri)
    return Rich(uri, server, filled(MlflowClient(server.url), n_long=700))


@pytest.fixture
def proxy(rich_sqlite: Rich) -> Iterator[Proxy]:
    with proxy_before(rich_sqlite.server.url) as found:
        yield found


@pytest.fixture(scope="module")
def whole(rich_sqlite: Rich) -> dict[str, list[tuple[Any, ...]]]:
    """What there is to read."""
    return content(read(rich_sqlite.server.url))


def read(
    url: str, selection: Selection | None = None, limits: Limits = QUICK, environment: dict[str, str] | None = None
) -> Snapshot:
    with closing(RestSource(url, environment or {}, limits)) as source:
        return snapshot_of(source, selection or Selection(), lambda *_: None, Reading())


def refused(url: str, limits: Limits = QUICK, environment: dict[str, str] | None = None) -> ReportError:
    with pytest.raises(ReportError) as raised:
        read(url, limits=limits, environment=environment)
    return raised.value


def on(path: str, fault: faults.Fault, numbers: Callable[[int], bool] = lambda _: True) -> Callable[[Call], faults.Fault | None]:
    return lambda call: fault if call.path == path and numbers(call.number) else None


# --- what passes ---

PASSING = {
    "429": faults.status(429, retry_after="0"),
    "500": faults.status(500, b'{"error_code": "INTERNAL_ERROR"}'),
    "502": faults.status(502, b"<html>Bad gateway</html>"),
    "503": faults.status(503),
    "520": faults.status(520),
    "cut short": faults.cut_short,
    "half JSON": faults.half_json,
    "reset": faults.reset,
    "empty": faults.status(200),
}


@pytest.mark.fault(
    "Every third call fails: 429, 500, 502, 503, 520, a reset, or an empty, cut or half answer",
    "The calls are repeated, and everything is read.",
    at="server",
    exit=0,
)
@pytest.mark.parametrize("name", PASSING)
def test_a_fault_in_every_third_call_changes_nothing(name: str, proxy: Proxy, whole: dict[str, Any]) -> None:
    proxy.fault = lambda _: PASSING[name] if len(proxy.calls) % 3 == 2 else None
    snapshot = read(proxy.url)
    assert content(snapshot) == whole
    assert {p.slug for p in snapshot.problems} == {"redacted"}


# --- what does not pass ---


@pytest.mark.fault(
    "The server answers 503 to every call", "It is given up after 6 tries, and the error names the status.", at="server", exit=4
)
def test_a_server_that_always_fails_is_given_up(proxy: Proxy) -> None:
    proxy.fault = lambda _: faults.status(503, b'{"error_code": "TEMPORARILY_UNAVAILABLE", "message": "later"}')
    error = refused(proxy.url)
    assert error.slug == "unreachable"
    assert error.what == (
        f"{proxy.url} did not answer api/2.0/mlflow/experiments/search: status 503, TEMPORARILY_UNAVAILABLE later"
    )
    assert error.found is not None
    assert error.found.startswith("6 tries in ")
    assert len(proxy.calls) == 6


@pytest.mark.fault(
    "The server answers 429 and asks for a pause of a day",
    "Nobody sleeps: within seconds the server counts as unreachable.",
    at="server",
    exit=4,
)
def test_a_retry_after_beyond_the_limit_is_not_slept(proxy: Proxy) -> None:
    proxy.fault = lambda _: faults.status(429, retry_after="86400")
    started = time.monotonic()
    assert refused(proxy.url).slug == "unreachable"
    assert time.monotonic() - started < 5


@pytest.mark.fault(
    "The server hangs, or sends its answer or its headers a few bytes at a time",
    "The call ends at its time limit.",
    at="server",
    exit=4,
)
@pytest.mark.parametrize("fault", [faults.hang, faults.drip, faults.drip_headers])
def test_the_clock_holds_whatever_the_server_does(proxy: Proxy, fault: faults.Fault) -> None:
    proxy.fault = lambda _: fault
    started = time.monotonic()
    error = refused(proxy.url, SHORT)
    assert time.monotonic() - started < 4
    assert error.slug == "unreachable"
    assert "no whole answer within" in error.what or "dripped too slowly" in error.what


@pytest.mark.fault(
    "Nothing listens on the server's port", "The error says within seconds that the connection was refused.", at="server", exit=4
)
def test_nobody_listens() -> None:
    started = time.monotonic()
    error = refused("http://127.0.0.1:1", Limits())
    assert time.monotonic() - started < 4  # and not as long as a server that was there is waited for
    assert error.what == "http://127.0.0.1:1 did not answer api/2.0/mlflow/experiments/search: Connection refused"
    assert error.todo == "check the URL, the network and the server's log, and run again"


@pytest.mark.fault(
    "A login page comes with status 200",
    "It is named after one call, with its first characters and the variables for a login.",
    at="server",
    exit=4,
)
def test_a_login_page_is_named_at_once(proxy: Proxy) -> None:
    proxy.fault = lambda _: faults.status(200, b"<!DOCTYPE html><html><title>Sign in</title></html>", content_type="text/html")
    error = refused(proxy.url)
    assert str(error) == (
        f"{proxy.url} answers api/2.0/mlflow/experiments/search with a web page, not with MLflow's API (a login page?)\n"
        "found: '<!DOCTYPE html><html><title>Sign in</title></html>'\n"
        "to do: log in by MLFLOW_TRACKING_TOKEN, or by MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, and check the URL"
    )
    assert len(proxy.calls) == 1


@pytest.mark.fault(
    "The server answers 401 or 403 with a long page", "One call and one line that names the status.", at="server", exit=4
)
@pytest.mark.parametrize(("code", "what"), [(401, "asks for a login, and none was given"), (403, "does not let this user read")])
def test_no_right_to_read_is_said_at_once(proxy: Proxy, code: int, what: str) -> None:
    proxy.fault = lambda _: faults.status(code, b"<html>" + b"x" * 5000)
    error = refused(proxy.url)
    assert (error.slug, error.what) == ("denied", f"{proxy.url} {what} (api/2.0/mlflow/experiments/search, status {code})")
    assert len(proxy.calls) == 1


@pytest.mark.fault(
    "Another program answers: 404, a JSON list, or objects without MLflow's fields",
    "The error says that this is not MLflow.",
    at="server",
    exit=4,
)
def test_another_program_is_not_mlflow(proxy: Proxy) -> None:
    for fault in (
        faults.status(404, b"not here"),
        faults.body('["a"]'),
        faults.body('{"experiments": 5}'),
        faults.body('{"experiments": [{}]}'),
    ):
        proxy.fault = lambda _, fault=fault: fault  # type: ignore[misc]
        assert refused(proxy.url).slug == "not-mlflow"


@pytest.mark.fault(
    "The server redirects to another address",
    "The redirect is not followed; the error names the address without its query.",
    at="server",
    exit=4,
)
def test_a_redirect_to_another_host_is_not_followed(proxy: Proxy, rich_sqlite: Rich) -> None:
    proxy.fault = lambda _: faults.status(302, location=f"{rich_sqlite.server.url}/login?token=abc")
    error = refused(proxy.url, environment={"MLFLOW_TRACKING_TOKEN": "t0ken"})
    assert error.slug == "redirected"
    assert error.what == f"{proxy.url} redirects to {rich_sqlite.server.url}/login, which was not followed"
    assert len(proxy.calls) == 1
    proxy.fault = lambda _: faults.status(302, location="http://[::1")
    assert refused(proxy.url).slug == "redirected"


def test_a_redirect_within_the_server_is_followed_with_its_method(proxy: Proxy, whole: dict[str, Any]) -> None:
    def moved(call: Call) -> faults.Fault | None:
        return (
            faults.status(308, location="/api/2.0/mlflow/experiments/search")
            if call.number == 1 and call.path == "experiments/search"
            else None
        )

    proxy.fault = moved
    assert content(read(proxy.url)) == whole


@pytest.mark.fault(
    "A server of https redirects to http", "It is not followed, so that no login is sent in the clear.", at="server", exit=4
)
def test_a_redirect_from_https_to_http_is_not_followed(rich_sqlite: Rich, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    trusting = {"MLFLOW_TRACKING_TOKEN": "t0ken", "MLFLOW_TRACKING_SERVER_CERT_PATH": str(tmp_path / "server.pem")}
    with proxy_before(rich_sqlite.server.url, tls=context) as proxy:
        proxy.fault = lambda call: faults.status(302, location=proxy.url.replace("https:", "http:") + call.handler.path)
        error = refused(proxy.url, environment=trusting)
        assert (error.slug, error.exit_code) == ("redirected", 4)
        assert len(proxy.calls) == 1


@pytest.mark.fault("The server redirects in a circle", "The reading stops and says so.", at="server", exit=4)
def test_a_redirect_in_a_circle_ends(proxy: Proxy) -> None:
    proxy.fault = lambda call: faults.status(307, location=call.handler.path)
    assert refused(proxy.url).what == f"{proxy.url} redirects in a circle"


@pytest.mark.fault("A compressed answer unfolds to 50 MB", "Reading stops at the limit for one answer.", at="server", exit=4)
def test_an_answer_has_a_greatest_size_also_when_it_is_compressed(proxy: Proxy) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    proxy.fault = lambda _: faults.status(200, bomb, content_encoding="gzip")
    error = refused(proxy.url, Limits(max_bytes=1_000_000))
    assert (error.slug, error.what) == ("answer-too-big", f"{proxy.url} sent more than 1,000,000 bytes in one answer")


# --- nothing is not taken for an answer ---


@pytest.mark.fault(
    "The server answers {} to every search for runs",
    "The error says that nothing could be read; there is no empty report.",
    at="server",
    exit=4,
)
def test_an_empty_list_of_all_runs_is_no_answer(proxy: Proxy) -> None:
    """MLflow answers ``{}`` for an experiment without runs; so does a gateway that is broken, whatever it is asked."""
    proxy.fault = on(SEARCH, faults.body("{}"))
    error = refused(proxy.url)
    assert (error.slug, error.exit_code) == ("nothing-readable", 4)
    assert (
        error.what
        == "no run could be read of 4 experiments: the server lists no run of any experiment, though it was asked in three ways"
    )
    with pytest.raises(SourceError, match="no run could be read of 1 experiment"):
        read(proxy.url, Selection(experiments=("alpha/train",)))
    assert "experiments/get" in proxy.calls


@pytest.mark.fault(
    "The server answers {} for one experiment that has runs",
    "A search beside other experiments shows it: a gap, or an error when it was the only one.",
    at="server",
    exit=(3, 4),
)
@pytest.mark.parametrize("experiments", [("*",), ("alpha/train",)])
def test_an_experiment_that_seems_empty_is_looked_at_beside_others(
    experiments: tuple[str, ...], proxy: Proxy, rich_sqlite: Rich
) -> None:
    train = rich_sqlite.store.experiments["alpha/train"]
    proxy.fault = lambda call: (
        faults.body("{}") if call.path == SEARCH and json.loads(call.request)["experiment_ids"] == [train] else None
    )
    what = "the server lists no run of it when asked for it alone, and some when asked for it beside others"
    if experiments == ("*",):
        snapshot = read(proxy.url)
        assert [(p.slug, p.where, p.what) for p in snapshot.problems if p.severity == "gap"] == [
            ("experiment-unreadable", f"experiment {train}", what)
        ]
        assert snapshot.unread == (train,)
        assert "alpha/train" not in {row.experiment for row in snapshot.ledger if row.item == "runs"}
    else:
        with pytest.raises(SourceError, match=what):
            read(proxy.url, Selection(experiments=experiments))


def test_an_experiment_is_empty_when_others_are_not(proxy: Proxy) -> None:
    for selection in (Selection(), Selection(experiments=("empty",))):
        snapshot = read(proxy.url, selection)
        assert snapshot.unread == ()
        assert {p.slug for p in snapshot.problems if p.severity != "note"} <= {"redacted"}


@pytest.mark.fault(
    "The second page of the list of runs is always empty",
    "The experiments in question count as not read, never as short.",
    at="server",
    exit=3,
)
def test_a_second_page_that_is_always_empty_is_a_gap(proxy: Proxy, rich_sqlite: Rich, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest_lists, "PAGE", 2)
    proxy.fault = lambda call: faults.body("{}") if call.path == SEARCH and "page_token" in json.loads(call.request) else None
    snapshot = read(proxy.url)
    full = {rich_sqlite.store.experiments[name] for name in ("alpha/train", "βeta ünïcode 実験")}
    assert set(snapshot.unread) == full
    assert snapshot.runs.num_rows == 0 or not full & set(snapshot.runs["experiment_id"].to_pylist())


@pytest.mark.fault(
    "The server finds nothing by a filter that fits some runs",
    "The listed runs are filtered here, with a warning.",
    at="server",
    exit=0,
)
def test_a_filter_that_finds_nothing_is_asked_of_the_listed_runs(proxy: Proxy) -> None:
    selection = Selection(filter="metrics.loss > 0 and attributes.status = 'FINISHED'")
    whole = read(proxy.url, selection)
    assert whole.runs.num_rows
    proxy.fault = lambda call: faults.body("{}") if call.path == SEARCH and "filter" in json.loads(call.request) else None
    found = read(proxy.url, selection)
    assert content(found) == content(whole)
    assert ("filter-unanswered", "warning") in [(p.slug, p.severity) for p in found.problems]
    nothing = read(proxy.url, Selection(filter="metrics.loss > 1e9"))
    assert nothing.runs.num_rows == 0
    assert "filter-unanswered" not in {p.slug for p in nothing.problems}


@pytest.mark.fault(
    "No experiment can be read: a pause of a day, a hang, a drip, 403", "There is no report.", at="server", exit=(4, 8)
)
@pytest.mark.parametrize("fault", [faults.status(429, retry_after="86400"), faults.hang, faults.drip, faults.status(403)])
def test_when_no_experiment_can_be_read_there_is_no_report(fault: faults.Fault, proxy: Proxy) -> None:
    proxy.fault = on(SEARCH, fault)
    for experiments in (("alpha/train",), ("alpha/train", "βeta*")):
        with closing(
            RestSource(proxy.url, {}, Limits(try_seconds=0.2, call_seconds=0.5, n_tries=2, pause_seconds=0.01))
        ) as source:
            with pytest.raises(SourceError) as raised:
                snapshot_of(source, Selection(experiments=experiments), lambda *_: None, Reading())
            assert raised.value.exit_code in (4, 8)


@pytest.mark.fault("A list of runs is empty once", "It is asked for again and is complete.", at="server", exit=0)
def test_a_list_of_runs_that_was_empty_once_is_complete(proxy: Proxy, whole: dict[str, Any]) -> None:
    proxy.fault = on(SEARCH, faults.body("{}"), lambda number: number == 1)
    assert content(read(proxy.url)) == whole


@pytest.mark.fault("An answer of status 200 holds an error code", "It is an error, not an empty list.", at="server", exit=4)
def test_an_error_in_an_answer_of_status_200_is_an_error(proxy: Proxy) -> None:
    proxy.fault = on(SEARCH, faults.body('{"error_code": "PERMISSION_DENIED", "message": "no"}'))
    with pytest.raises(SourceError) as raised:
        read(proxy.url, Selection(experiments=("alpha/train",)))
    assert raised.value.what == (
        f"no run could be read of 1 experiment: {proxy.url} said no to api/2.0/mlflow/runs/search: PERMISSION_DENIED no"
    )


@pytest.mark.fault("The server denies one experiment of several (403)", "It is a gap; the others are read.", at="server", exit=3)
def test_one_experiment_without_access_costs_only_itself(proxy: Proxy, rich_sqlite: Rich) -> None:
    train = rich_sqlite.store.experiments["alpha/train"]

    def denied(call: Call) -> faults.Fault | None:
        is_train = call.path == SEARCH and json.loads(call.request)["experiment_ids"] == [train]
        return faults.status(403) if is_train else None

    proxy.fault = denied
    snapshot = read(proxy.url)
    assert set(snapshot.runs["name"].to_pylist()) == {"parent", "child", "grandchild", "bare"}
    (problem,) = [p for p in snapshot.problems if p.severity == "gap"]
    assert (problem.slug, problem.where) == ("experiment-unreadable", f"experiment {train}")
    assert snapshot.unread == (train,)


@pytest.mark.fault(
    "The server answers {} for an experiment that the user may not read",
    "The error says that the right is missing.",
    at="server",
    exit=4,
)
def test_an_experiment_that_may_not_be_read_does_not_look_empty(proxy: Proxy) -> None:
    """Without permission MLflow answers a search with {} and status 200."""
    proxy.fault = lambda call: {SEARCH: faults.body("{}"), "experiments/get": faults.status(403)}.get(call.path)
    with pytest.raises(SourceError, match="does not let this user read"):
        read(proxy.url, Selection(experiments=("alpha/train",)))


@pytest.mark.fault("The second page of the list of experiments is always empty", "The list is refused.", at="server", exit=4)
def test_a_second_page_of_experiments_that_is_always_empty_is_no_answer(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest_lists, "_PAGE_EXPERIMENTS", 5)
    assert read(proxy.url).experiments.num_rows  # exactly one page, and that is all
    monkeypatch.setattr(rest_lists, "_PAGE_EXPERIMENTS", 2)
    proxy.fault = lambda call: (
        faults.body("{}") if call.path == "experiments/search" and "page_token" in json.loads(call.request) else None
    )
    error = refused(proxy.url)
    assert (error.slug, "its other end is not among them" in error.what) == ("not-mlflow", True)


@pytest.mark.fault("The server lists no experiment at all", "It is an error, not an empty report.", at="server", exit=4)
def test_no_experiments_at_all_is_no_answer(proxy: Proxy) -> None:
    proxy.fault = on("experiments/search", faults.body("{}"))
    assert refused(proxy.url).slug == "no-experiments"


# --- politeness ---


def test_so_many_calls_a_second_and_no_more(proxy: Proxy) -> None:
    arrived: list[float] = []

    def noted(call: Call) -> None:
        arrived.append(time.monotonic())
        call.pass_on()

    proxy.fault = lambda _: noted
    reading = Reading(calls_per_second=20)
    with closing(RestSource(proxy.url, {}, QUICK, reading)) as source:
        snapshot_of(source, Selection(), lambda *_: None, reading)
    assert len(arrived) > 20
    assert (len(arrived) - 1) / (arrived[-1] - arrived[0]) < 21


@pytest.mark.parametrize("n_connections", [1, 3])
def test_so_many_connections_and_no_more(n_connections: int, proxy: Proxy, whole: dict[str, Any]) -> None:
    lock, now, most = threading.Lock(), 0, 0

    def counted(call: Call) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        answer = call.forward()
        time.sleep(0.02)
        with lock:
            now -= 1
        call.send(answer[0], answer[2], answer[1])

    proxy.fault = lambda _: counted
    reading = Reading(n_connections=n_connections)
    with closing(RestSource(proxy.url, {}, QUICK, reading)) as source:
        assert content(snapshot_of(source, Selection(), lambda *_: None, reading)) == whole
    assert most == n_connections


@pytest.mark.fault(
    "The server asks for a pause of one second", "Every thread waits, and everything is read.", at="server", exit=0
)
def test_a_pause_that_the_server_asks_for_holds_for_every_thread(proxy: Proxy, whole: dict[str, Any]) -> None:
    asked: list[float] = []
    arrived: list[float] = []

    def busy(call: Call) -> faults.Fault | None:
        arrived.append(time.monotonic())
        if call.path == BULK and not asked:
            asked.append(time.monotonic())
            return faults.status(429, retry_after="1")
        return None

    proxy.fault = busy
    assert content(read(proxy.url)) == whole
    after = [moment - asked[0] for moment in arrived if moment > asked[0] + 0.3]  # but those under way
    assert min(after) >= 0.99


SLOW: dict[str, faults.Fault] = {"hang": faults.hang, "drip": faults.drip, "500": faults.status(500)}


@pytest.mark.fault(
    "One metric hangs, drips or fails until the time for reading is up",
    "Every run is there; histories that were not read are gaps.",
    at="server",
    exit=3,
)
@pytest.mark.parametrize("name", SLOW)
def test_what_is_not_read_in_time_is_a_gap_of_its_run(name: str, proxy: Proxy, rich_sqlite: Rich, whole: dict[str, Any]) -> None:
    proxy.fault = lambda call: SLOW[name] if "metric_key=loss" in call.handler.path else None
    reading = Reading(seconds=3)
    started = time.monotonic()
    with closing(RestSource(proxy.url, {}, Limits(n_tries=1000, pause_seconds=0.01), reading)) as source:
        snapshot = snapshot_of(source, Selection(), lambda *_: None, reading)
    assert time.monotonic() - started < 5
    late = {(p.where, p.what) for p in snapshot.problems if p.slug == "time-up"}
    assert late >= {(f"run {rich_sqlite.store.runs[name]}", "not read: the reading's time was up") for name in ("a", "b")}
    assert {p.slug for p in snapshot.problems if p.severity == "gap"} <= {"time-up", "models-unreadable", "traces-unreadable"}
    found = content(snapshot)
    assert found["runs"] == whole["runs"]
    assert set(found["history"]) < set(whole["history"])
    assert not any(row.unexplained for row in snapshot.ledger)


@pytest.mark.fault(
    "The lists of runs do not arrive within `limits.reading_seconds`",
    "The reading ends when its time is up.",
    at="server",
    exit=8,
)
def test_lists_that_do_not_come_in_time_are_an_error(proxy: Proxy) -> None:
    proxy.fault = on(SEARCH, faults.drip)
    started = time.monotonic()
    with pytest.raises(SourceError) as raised, closing(RestSource(proxy.url, {}, Limits(), Reading(seconds=1))) as source:
        snapshot_of(source, Selection(), lambda *_: None, Reading())
    assert (raised.value.slug, raised.value.what) == ("time-up", "the reading's time was up (1 s)")
    assert time.monotonic() - started < 3


# --- lists and pages ---


@pytest.mark.fault(
    "A run in the list holds a text where a number belongs", "That run is a gap; the others are read.", at="server", exit=3
)
def test_runs_of_wrong_types_cost_only_themselves(proxy: Proxy, rich_sqlite: Rich) -> None:
    b = rich_sqlite.store.runs["b"]

    def spoilt(call: Call) -> None:
        _, headers, whole = call.forward()
        answer = json.loads(whole)
        for run in answer.get("runs", []):
            if run["info"]["run_id"] == b:
                run["data"]["metrics"][0]["step"] = "many"
        call.send(200, json.dumps(answer).encode(), headers)

    proxy.fault = on(SEARCH, spoilt)
    snapshot = read(proxy.url, Selection(experiments=("alpha/train",)))
    assert snapshot.runs["name"].to_pylist() == ["a"]
    gaps = [(p.slug, p.where, p.what) for p in snapshot.problems if p.severity == "gap"]
    assert gaps == [("run-unreadable", f"run {b}", "it cannot be read: 'step' is 'many', not a whole number of 64 bits")]
    row = next(r for r in snapshot.ledger if (r.experiment, r.item) == ("alpha/train", "runs"))
    assert row.left_out == (("deleted", 1), ("unreadable", 1))


def test_many_pages_are_read_again_until_they_stay_the_same(
    proxy: Proxy, rich_sqlite: Rich, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest_lists, "PAGE", 2)
    assert content(read(proxy.url)) == whole
    train, beta = (rich_sqlite.store.experiments[name] for name in ("alpha/train", "βeta ünïcode 実験"))
    # Four runs are two pages, read twice, and the newest of them is asked for; an empty experiment is one page, read twice and
    # then beside others.
    assert proxy.calls.count(SEARCH) == 5 + 5 + 2 * (len(rich_sqlite.store.experiments) + 1 - 2) - 1 + 1
    assert train != beta


@pytest.fixture
def moving(
    rich_sqlite: Rich, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Callable[[int], str], Callable[[list[str]], None]]]:
    """An experiment of its own that is read by pages of four: (makes a run that starts at that time, forgets runs)."""
    from mlflow import MlflowClient

    monkeypatch.setattr(rest_lists, "PAGE", 4)
    client = MlflowClient(rich_sqlite.server.url)
    experiment = client.create_experiment("moving")
    ids: list[str] = []

    def forget(runs: list[str], *more: str) -> None:
        """As `mlflow gc` does it: the rows are gone."""
        with closing(sqlite3.connect(rich_sqlite.uri.removeprefix("sqlite:///"), timeout=20)) as connection, connection:
            connection.executemany("DELETE FROM tags WHERE run_uuid = ?", [(run,) for run in runs])
            connection.executemany("DELETE FROM runs WHERE run_uuid = ?", [(run,) for run in runs])
            for statement in more:
                connection.execute(statement)

    def make(start: int) -> str:
        ids.append(client.create_run(experiment, start_time=start).info.run_id)
        return ids[-1]

    yield make, forget
    forget(ids, f"DELETE FROM experiments WHERE experiment_id = {experiment}")


def after_the_first_page(act: Callable[[], object]) -> Callable[[Call], faults.Fault | None]:
    def acting(call: Call) -> None:
        call.pass_on()
        if call.number == 1:
            act()

    return on(SEARCH, acting)


@pytest.mark.fault("Runs are deleted between two pages of the list", "No other run is lost.", at="server", exit=0)
def test_runs_deleted_between_two_pages_take_no_living_run_along(
    proxy: Proxy, moving: tuple[Callable[[int], str], Callable[[list[str]], None]]
) -> None:
    make, forget = moving
    ids = [make(1_000 + number) for number in range(10)]
    proxy.fault = after_the_first_page(lambda: forget(ids[:3]))
    snapshot = read(proxy.url, Selection(experiments=("moving",)))
    assert set(snapshot.runs["run_id"].to_pylist()) == set(ids[3:])
    assert [p.slug for p in snapshot.problems if p.severity == "gap"] == []


@pytest.mark.fault(
    "Runs are added between two pages of the list", "No run is lost, and none is there twice.", at="server", exit=0
)
@pytest.mark.parametrize("start", [1, 9_000])
def test_runs_added_between_two_pages_are_no_run_twice(
    start: int, proxy: Proxy, moving: tuple[Callable[[int], str], Callable[[list[str]], None]]
) -> None:
    make, _ = moving
    ids = [make(1_000 + number) for number in range(10)]
    added: list[str] = []
    proxy.fault = after_the_first_page(lambda: added.extend(make(start + number) for number in range(3)))
    snapshot = read(proxy.url, Selection(experiments=("moving",)))
    found = snapshot.runs["run_id"].to_pylist()
    assert len(found) == len(set(found))
    assert set(ids) <= set(found) <= {*ids, *added}
    assert [p.slug for p in snapshot.problems if p.severity == "gap"] == []


@pytest.mark.fault(
    "The pages of a list repeat without an end", "The list stops: its runs are there, and it is a gap.", at="server", exit=3
)
def test_a_page_token_that_repeats_ends(proxy: Proxy) -> None:
    first: list[bytes] = []

    def endless(call: Call) -> None:
        first.append(call.forward()[2] if not first else first[0])
        call.send(200, json.dumps({**json.loads(first[0]), "next_page_token": "again"}).encode())

    proxy.fault = on(SEARCH, endless)
    snapshot = read(proxy.url, Selection(experiments=("alpha/train",)))
    assert snapshot.runs.num_rows == 2
    assert [p.slug for p in snapshot.problems if p.severity == "gap"] == ["list-endless"]


# --- histories ---


@pytest.mark.fault(
    "The endpoint for many histories is unknown (404)",
    "Each history is asked for by itself; every point is read.",
    at="server",
    exit=0,
)
def test_without_the_bulk_endpoint_histories_are_paged(proxy: Proxy, whole: dict[str, Any]) -> None:
    proxy.fault = on(BULK, faults.status(404, b"Not Found"))
    assert content(read(proxy.url)) == whole
    assert proxy.calls.count(BULK) <= 4  # one for each thread, at most


@pytest.mark.fault(
    "The server cuts histories at its limit without a sign", "The rest is asked for; every point is read.", at="server", exit=0
)
@pytest.mark.parametrize("limit", [7, 50, 281, 1_000])
def test_answers_that_are_cut_without_a_sign_are_completed(
    limit: int, proxy: Proxy, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real server cuts at ``max_results`` as it does at 25,000; a batch is made of more than that."""
    monkeypatch.setattr(rest_points, "MAX_POINTS", limit)
    monkeypatch.setattr(rest_points, "expected", lambda _: 1)
    selection = Selection(metrics=("loss", "odd", "twice", "val/*", "fold"))
    expected = [row for row in whole["history"] if row[2] not in ("long", "late", "integral")]
    assert content(read(proxy.url, selection))["history"] == expected


@pytest.mark.fault(
    "The history of one metric is refused (400)",
    "It is a gap with the names of run and metric; all else is read.",
    at="server",
    exit=3,
)
def test_one_history_that_fails_costs_only_itself(proxy: Proxy, rich_sqlite: Rich, whole: dict[str, Any]) -> None:
    a = rich_sqlite.store.runs["a"]

    def failing(call: Call) -> faults.Fault | None:
        return (
            faults.status(400, b'{"error_code": "BAD_REQUEST", "message": "no"}')
            if "metric_key=late" in call.handler.path
            else None
        )

    proxy.fault = failing
    snapshot = read(proxy.url)
    assert content(snapshot)["history"] == [row for row in whole["history"] if row[2] != "late"]
    (problem,) = [p for p in snapshot.problems if p.severity == "gap"]
    assert (problem.slug, problem.where) == ("history-unreadable", f"run {a}, metric late")
    row = next(r for r in snapshot.ledger if (r.experiment, r.item) == ("alpha/train", "series"))
    assert ("unreadable", 1) in row.left_out


@pytest.mark.fault("An answer lacks the end of a history", "The last value tells: the history is a gap.", at="server", exit=3)
def test_a_history_that_lacks_its_end_is_a_gap(proxy: Proxy, rich_sqlite: Rich) -> None:
    def short(call: Call) -> None:
        _, headers, whole = call.forward()
        answer = json.loads(whole)
        answer["metrics"] = [row for row in answer["metrics"] if row["key"] != "late" or row["step"] < 6]
        call.send(200, json.dumps(answer).encode(), headers)

    proxy.fault = lambda call: short if call.path.startswith("metrics/") else None
    (problem,) = [p for p in read(proxy.url).problems if p.severity == "gap"]
    assert (problem.slug, problem.where) == ("history-incomplete", f"run {rich_sqlite.store.runs['a']}")


SPOILT: dict[str, Callable[[dict[str, Any]], object]] = {
    "no value": lambda row: row.pop("value"),
    "no step": lambda row: row.pop("step"),
    "a word for a time": lambda row: row.update(timestamp="soon"),
}


@pytest.mark.fault(
    "Points of one metric lack a value or a step, or have a word for a time",
    "The series is a gap; all else is read.",
    at="server",
    exit=3,
)
@pytest.mark.parametrize("name", SPOILT)
def test_points_that_lack_a_number_are_a_gap_of_their_series(
    name: str, proxy: Proxy, rich_sqlite: Rich, whole: dict[str, Any]
) -> None:
    def spoilt(call: Call) -> None:
        _, headers, body = call.forward()
        answer = json.loads(body)
        for row in answer["metrics"][1:2]:
            SPOILT[name](row)
        call.send(200, json.dumps(answer).encode(), headers)

    proxy.fault = lambda call: spoilt if "metric_key=late" in call.handler.path else None
    snapshot = read(proxy.url)
    assert content(snapshot)["history"] == [row for row in whole["history"] if row[2] != "late"]
    (problem,) = [p for p in snapshot.problems if p.severity == "gap"]
    assert (problem.slug, problem.where) == ("history-unreadable", f"run {rich_sqlite.store.runs['a']}, metric late")


@pytest.mark.fault(
    "A history is empty though its run has a last value, as when the run was deleted meanwhile",
    "The series is a gap.",
    at="server",
    exit=3,
)
def test_an_empty_history_of_a_series_with_a_last_value_is_a_gap(proxy: Proxy, rich_sqlite: Rich) -> None:
    def empty(call: Call) -> faults.Fault | None:
        return faults.body('{"metrics": []}') if "metric_key=late" in call.handler.path else None

    proxy.fault = empty
    (problem,) = [p for p in read(proxy.url).problems if p.severity == "gap"]
    assert (problem.slug, problem.where) == ("history-gone", f"run {rich_sqlite.store.runs['a']}, metric late")


@pytest.mark.fault(
    "From the first history on every connection is reset", "The server is given up and named as unreachable.", at="server", exit=4
)
def test_a_server_that_dies_midway_ends_the_reading(proxy: Proxy) -> None:
    """From the first history on it answers nothing at all."""
    proxy.fault = lambda _: faults.reset if any(path.startswith("metrics/") for path in proxy.calls) else None
    started = time.monotonic()
    assert refused(proxy.url, Limits(n_tries=3, pause_seconds=0.01)).slug == "unreachable"
    assert time.monotonic() - started < 20


@pytest.mark.fault(
    "The server fails (500) on one metric", "Each of its series is a gap; everything else is read.", at="server", exit=3
)
def test_one_metric_that_the_server_cannot_read_costs_its_own_series(proxy: Proxy, whole: dict[str, Any]) -> None:
    proxy.fault = lambda call: faults.status(500) if "metric_key=loss" in call.handler.path else None
    snapshot = read(proxy.url)
    assert content(snapshot)["history"] == [row for row in whole["history"] if row[2] != "loss"]
    lost = {(row[1], "loss") for row in whole["history"] if row[2] == "loss"}
    gaps = {p.where for p in snapshot.problems if p.severity == "gap"}
    assert gaps == {f"run {run_id}, metric {metric}" for run_id, metric in lost}
    assert {row[2] for row in content(snapshot)["metrics"]} == {row[2] for row in whole["metrics"]}


@pytest.mark.fault(
    "Every history comes cut, reset, as 500, or with a pause of a day",
    "Every series is a gap; runs and params are complete.",
    at="server",
    exit=3,
)
@pytest.mark.parametrize("fault", [faults.cut_short, faults.reset, faults.status(500), faults.status(429, retry_after="86400")])
def test_histories_that_never_come_whole_are_gaps(fault: faults.Fault, proxy: Proxy, whole: dict[str, Any]) -> None:
    proxy.fault = lambda call: fault if call.path.startswith("metrics/") else None
    snapshot = read(proxy.url)
    found = content(snapshot)
    assert (found["history"], found["runs"], found["params"]) == ([], whole["runs"], whole["params"])
    gaps = {p.where for p in snapshot.problems if p.severity == "gap"}
    assert gaps == {f"run {row[1]}, metric {row[2]}" for row in whole["metrics"]}
    n_series = len(gaps)
    assert sum(path.startswith("metrics/") for path in proxy.calls) < 6 * (1 + 3 + 3 + 4) + n_series  # not six times each


@pytest.mark.fault(
    "A metric cannot be read for many runs",
    "After some failures the others are not asked for, and the gap says so.",
    at="server",
    exit=3,
)
def test_many_runs_of_a_metric_that_cannot_be_read_are_not_all_asked_for(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest_points, "MOST_UNANSWERED", 1)
    proxy.fault = lambda call: faults.status(500) if "metric_key=loss" in call.handler.path else None
    snapshot = read(proxy.url)
    said = [p.what for p in snapshot.problems if p.slug == "history-unreadable"]
    assert "its history was not asked for, since those of 1 other runs cannot be read" in said


@pytest.mark.fault("The model registry is denied (403)", "It is a gap; histories are complete.", at="server", exit=3)
def test_a_registry_that_may_not_be_read_is_a_gap(proxy: Proxy, whole: dict[str, Any]) -> None:
    proxy.fault = on("registered-models/search", faults.status(403))
    snapshot = read(proxy.url)
    assert [(p.slug, p.where) for p in snapshot.problems if p.severity == "gap"] == [("models-unreadable", "registered models")]
    assert content(snapshot)["history"] == whole["history"]


# --- credentials and TLS ---


@pytest.mark.fault(
    "Access is denied to a tracking URI with user and password", "The error does not show the password.", at="text", exit=4
)
def test_credentials_are_sent_and_told_to_nobody(proxy: Proxy, whole: dict[str, Any]) -> None:
    url = proxy.url.replace("http://", "http://ann:s3cret%40@")
    assert content(read(url)) == whole
    assert {headers.get("Authorization") for headers in proxy.headers} == {"Basic YW5uOnMzY3JldEA="}
    proxy.fault = lambda _: faults.status(403)
    text = str(refused(url))
    assert "s3cret" not in text
    assert "http://127.0.0.1" in text


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"MLFLOW_TRACKING_USERNAME": "u", "MLFLOW_TRACKING_PASSWORD": "p"}, "Basic dTpw"),
        ({"MLFLOW_TRACKING_TOKEN": "t0ken"}, "Bearer t0ken"),
        ({}, None),
    ],
)
def test_credentials_of_the_environment(proxy: Proxy, environment: dict[str, str], expected: str | None) -> None:
    with closing(RestSource(proxy.url, environment, QUICK)):
        assert {headers.get("Authorization") for headers in proxy.headers} == {expected}


@pytest.mark.fault(
    "The server's certificate is self-signed",
    "The error says so at once; with the certificate in the environment everything is read.",
    at="server",
    exit=4,
)
def test_a_certificate_of_ones_own(
    rich_sqlite: Rich, tmp_path: Path, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = certificate(tmp_path)
    whole_runs = len(whole["runs"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    with proxy_before(rich_sqlite.server.url, tls=context) as proxy:
        started = time.monotonic()
        error = refused(proxy.url)
        assert time.monotonic() - started < 4
        assert error.slug == "tls"
        assert "self-signed certificate" in error.what
        assert content(read(proxy.url, environment={"MLFLOW_TRACKING_SERVER_CERT_PATH": str(authority)})) == whole
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
        assert read(proxy.url).runs.num_rows == whole_runs
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        unchecked = read(proxy.url, environment={"MLFLOW_TRACKING_INSECURE_TLS": "true"})
        assert ("tls-unverified", "note") in [(p.slug, p.severity) for p in unchecked.problems]


@pytest.mark.fault(
    "The server asks for a client's certificate and none is given",
    "The reading ends; with the certificate it works.",
    at="server",
    exit=4,
)
def test_a_certificate_of_the_client(rich_sqlite: Rich, tmp_path: Path) -> None:
    authority = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    trusting = {"MLFLOW_TRACKING_SERVER_CERT_PATH": str(authority)}
    with proxy_before(rich_sqlite.server.url, tls=context) as proxy:
        assert refused(proxy.url, SHORT, trusting).slug in ("tls", "unreachable")  # the server may just hang up
        with closing(RestSource(proxy.url, {**trusting, "MLFLOW_TRACKING_CLIENT_CERT_PATH": str(authority)}, QUICK)) as source:
            assert source.experiments().num_rows == 5


@pytest.mark.fault("A certificate that the environment names is no file", "The error names the variable.", at="server", exit=4)
@pytest.mark.parametrize("name", ["MLFLOW_TRACKING_SERVER_CERT_PATH", "MLFLOW_TRACKING_CLIENT_CERT_PATH"])
def test_a_certificate_that_is_not_there_is_said_at_once(name: str, tmp_path: Path) -> None:
    error = refused("https://127.0.0.1:1", environment={name: str(tmp_path / "absent.pem")})
    assert (error.slug, error.what) == ("tls", f"{name} names a file that is not there")


def certificate(folder: Path) -> Path:
    """A file with a key and a certificate for 127.0.0.1 that nobody but itself vouches for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.fault(
    "The server refuses a token, a password, or a user without one (401)",
    "The error says which of them was refused.",
    at="server",
    exit=4,
)
@pytest.mark.parametrize(
    ("environment", "what"),
    [
        ({"MLFLOW_TRACKING_TOKEN": "t0ken"}, "refuses the token in MLFLOW_TRACKING_TOKEN"),
        ({"MLFLOW_TRACKING_USERNAME": "u", "MLFLOW_TRACKING_PASSWORD": "p"}, "refuses this user and password"),
        ({"MLFLOW_TRACKING_USERNAME": "u"}, "refuses this user without a password"),
    ],
)
def test_a_login_that_was_refused_is_told_from_none(proxy: Proxy, environment: dict[str, str], what: str) -> None:
    proxy.fault = lambda _: faults.status(401)
    assert what in refused(proxy.url, environment=environment).what


@pytest.mark.fault("An http URL leads to a port of https", "The error says so.", at="server", exit=4)
def test_http_to_a_port_of_https_says_so(rich_sqlite: Rich, proxy: Proxy, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    proxy.fault = lambda _: faults.status(400, b"<title>400 The plain HTTP request was sent to HTTPS port</title>")
    with proxy_before(rich_sqlite.server.url, tls=context) as secure:
        for url in (secure.url.replace("https:", "http:"), proxy.url):
            error = refused(url)
            assert (error.slug, error.what) == ("tls", f"{url} is called by http, and its port speaks https")


@pytest.mark.fault("The tracking URI has an unknown scheme", "The error shows it without user and password.", at="config", exit=4)
def test_an_unknown_scheme_and_stores_of_other_kinds(tmp_path: Path) -> None:
    from reportgen.collect import collect
    from reportgen.collect.source import recognised

    assert [recognised(u) for u in ("sqlite:///x", "postgresql+psycopg2://h/d", "mysql://h/d", "https://h", "databricks://p", str(tmp_path))] == [
        "sqlite", "postgresql", "mysql", "rest", "databricks", "files",
    ]  # fmt: skip
    with pytest.raises(SourceError) as raised:
        collect("redis://u:pw@h/1", Selection())
    assert raised.value.slug == "unknown-scheme"
    assert raised.value.what == "no reader for tracking URI redis://h/1"


# --- texts and answers that are too big ---


@pytest.mark.fault(
    "A page of runs is larger than one answer may be", "Smaller pages are asked for; everything is read.", at="server", exit=0
)
def test_runs_that_are_too_many_for_one_answer_come_in_smaller_ones(proxy: Proxy, whole: dict[str, Any]) -> None:
    sizes = []

    def too_big(call: Call) -> faults.Fault | None:
        if call.path != SEARCH:
            return None
        sizes.append(json.loads(call.request)["max_results"])
        return faults.body("x" * 600_000) if sizes[-1] > 300 else None

    proxy.fault = too_big
    assert content(read(proxy.url, limits=Limits(n_tries=2, pause_seconds=0.01, max_bytes=500_000))) == whole
    assert {5000, 1000, 200} >= set(sizes) >= {200}


@pytest.mark.fault(
    "A name and a tag have 3,000,000 characters", "They are cut at 100,000, and a gap counts them.", at="text", exit=3
)
def test_a_text_that_unfolds_is_cut_and_said(proxy: Proxy, rich_sqlite: Rich) -> None:
    big, train = "x" * 3_000_000, rich_sqlite.store.experiments["alpha/train"]

    def bomb(call: Call) -> faults.Fault | None:
        if call.path != "experiments/search":
            return None
        place = {"experiment_id": train, "name": big, "lifecycle_stage": "active", "artifact_location": ""}
        return faults.body(json.dumps({"experiments": [place | {"tags": [{"key": "note", "value": big}]}]}))

    proxy.fault = bomb
    snapshot = read(proxy.url)
    (experiment,) = snapshot.experiments.to_pylist()
    assert len(experiment["name"]) < 101_000
    assert len(dict(experiment["tags"])["note"]) < 101_000
    (problem,) = [p for p in snapshot.problems if p.slug == "text-cut"]
    assert problem.what == "texts of more than 100,000 characters were cut: 1 of experiments.name, 1 of experiments.tags"
    assert all(len(p.where) + len(p.what) < 5_000 for p in snapshot.problems)
    assert all(len(row.experiment) < 2_100 for row in snapshot.ledger)

"""Every fault, at every kind of call, at the first, the second and each: the whole truth, a named gap, or an error. Never less.

A small real store behind a real server; between the two a proxy that spoils chosen calls. Whatever it does, reading ends in
one of three ways: the snapshot has the digest that it has without faults; or it says by a problem of severity "gap" what
is missing, and all that is there is right; or there is a ``SourceError``.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.collect import Reading, Selection
from reportgen.collect.gather import snapshot_of
from reportgen.collect.rest import lists as rest_lists
from reportgen.collect.rest import points as rest_points
from reportgen.collect.rest.session import Limits
from reportgen.collect.rest.source import RestSource
from reportgen.errors import SourceError
from reportgen.snapshot import Snapshot
from tests.collect import proxy as faults
from tests.collect.proxy import Call, Proxy, proxy_before
from tests.collect.stores import content, insert_runs
from tests.servers import serving

pytestmark = pytest.mark.server

HASTY = Limits(connect_seconds=1, try_seconds=0.25, call_seconds=0.6, n_tries=3, pause_seconds=0.01, max_bytes=1_000_000)
BOMB = gzip.compress(b" " * 20_000_000)


def burst(call: Call) -> None:
    faults.status(500, b'{"error_code": "INTERNAL_ERROR"}')(call)


FAULTS: dict[str, faults.Fault] = {
    "reset": faults.reset,
    "cut short": faults.cut_short,
    "half JSON": faults.half_json,
    "too short": faults.too_short,
    "too long": faults.too_long,
    "drip": faults.drip,
    "hang": faults.hang,
    "429 for a day": faults.status(429, retry_after="86400"),
    "500": burst,
    "no body": faults.status(200),
    "login page": faults.status(200, b"<!DOCTYPE html><title>Sign in</title>", content_type="text/html"),
    "error as answer": faults.body('{"error_code": "PERMISSION_DENIED", "message": "no"}'),
    "a list": faults.body('["a"]'),
    "wrong types": faults.of_wrong_types,
    "repeating token": faults.repeated_token,
    "gzip bomb": faults.status(200, BOMB, content_encoding="gzip"),
    "403": faults.status(403),
    "404": faults.status(404, b"Not Found"),
    "elsewhere": faults.status(302, location="http://127.0.0.2/login"),
}

ENDPOINTS = (
    "experiments/search",
    "runs/search",
    "metrics/get-history-bulk",
    "metrics/get-history",
    "registered-models/search",
    "model-versions/search",
    "logged-models/search",
)

WHEN: dict[str, Callable[[int], bool]] = {
    "the first call": lambda number: number == 1,
    "the second call": lambda number: number == 2,
    "every call": lambda _: True,
}


@pytest.fixture(scope="module")
def small(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy before a server with nine runs, some models, and answers that are cut into several."""
    from mlflow import MlflowClient

    folder = tmp_path_factory.mktemp("small")
    path = Path(shutil.copy(template, folder / "mlflow.db"))
    ids = insert_runs(path, 7, metrics=("loss", "acc"), n_steps=30)
    with serving(f"sqlite:///{path}", folder) as server:
        client = MlflowClient(server.url)
        client.create_registered_model("ranker")
        insert_runs(path, 1, n_steps=70, experiment=client.create_experiment("long"))  # more than one page
        bare = client.create_run("0", start_time=1_000)
        client.create_model_version("ranker", f"{bare.info.artifact_uri}/model", bare.info.run_id)
        client.create_logged_model("0", name="net", source_run_id=ids[0])
        with proxy_before(server.url, remembers=True) as proxy, pytest.MonkeyPatch.context() as patch:
            patch.setattr(rest_lists, "PAGE", 4)
            patch.setattr(rest_points, "MAX_POINTS", 50)
            yield proxy


def read(url: str, limits: Limits = HASTY, *, with_history: bool = True) -> Snapshot:
    with closing(RestSource(url, {}, limits)) as source:
        return snapshot_of(source, Selection(with_history=with_history), lambda *_: None, Reading())


@pytest.fixture(scope="module")
def whole(small: Proxy) -> dict[bool, Snapshot]:
    """What there is to read, as a calm reader finds it, with histories and without."""
    snapshot = read(small.url, Limits())
    assert (snapshot.runs.num_rows, snapshot.history.n_points, snapshot.models.num_rows) == (9, 7 * 2 * 30 + 70, 3)
    assert not [p for p in snapshot.problems if p.severity == "gap"]
    assert set(ENDPOINTS) <= set(small.calls)
    return {True: snapshot, False: read(small.url, Limits(), with_history=False)}


@pytest.mark.fault(
    "Any of 19 faults at any of 7 endpoints, at the first, the second or each call",
    "The whole truth, a named gap, or an error; never less.",
    at="server",
    exit=(0, 3, 4),
)
@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("name", FAULTS)
def test_nothing_slips(name: str, endpoint: str, when: str, small: Proxy, whole: dict[bool, Snapshot]) -> None:
    n_calls: Counter[str] = Counter()
    with_history = "models" not in endpoint  # histories would only take time

    def fault(call: Call) -> faults.Fault | None:
        n_calls[call.path] += 1
        return FAULTS[name] if call.path == endpoint and WHEN[when](n_calls[call.path]) else None

    if _is_never_less(small, fault, whole[with_history], with_history=with_history):
        assert n_calls[endpoint]


def _is_never_less(
    small: Proxy, fault: Callable[[Call], faults.Fault | None], whole: Snapshot, *, with_history: bool = True
) -> bool:
    """Whether there is a snapshot; it is checked then: the whole truth, or named gaps beside what is right."""
    small.fault = fault
    try:
        snapshot = read(small.url, with_history=with_history)
    except SourceError:
        return False
    finally:
        small.fault = lambda _: None
    gaps = [problem for problem in snapshot.problems if problem.severity == "gap"]
    if not gaps:
        assert snapshot.digest() == whole.digest()
    assert all(gap.where and gap.what for gap in gaps)
    found, expected = _rows(snapshot), _rows(whole)
    assert all(rows <= expected[table] for table, rows in found.items())
    return True


SCHEDULE = st.lists(
    st.tuples(st.sampled_from(ENDPOINTS), st.integers(0, 4), st.sampled_from(sorted(FAULTS))), min_size=2, max_size=5
)
"""(endpoint, which of its calls, fault); call 0 is each."""


@pytest.mark.fault(
    "Several of these faults at once, each at a call of its own or at each, as Hypothesis draws them",
    "The whole truth, a named gap, or an error; never less. `make torture` tries 1,000 schedules.",
    at="server",
    exit=(0, 3, 4),
)
@settings(
    max_examples=int(os.environ.get("REPORTGEN_SCHEDULES", "15")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(schedule=SCHEDULE)
def test_nothing_slips_through_schedules_of_faults(
    schedule: list[tuple[str, int, str]], small: Proxy, whole: dict[bool, Snapshot]
) -> None:
    n_calls: Counter[str] = Counter()

    def fault(call: Call) -> faults.Fault | None:
        n_calls[call.path] += 1
        hit = (name for path, number, name in schedule if path == call.path and number in (0, n_calls[call.path]))
        return FAULTS[found] if (found := next(hit, None)) else None

    _is_never_less(small, fault, whole[True])


def _rows(snapshot: Snapshot) -> dict[str, set[str]]:
    """Each table as a set of rows. The experiment of a model is that of its run, and unknown where that is missing."""
    tables = content(snapshot)
    tables["models"] = [row[:3] + row[4:] for row in tables["models"]]
    return {name: {repr(row) for row in rows} for name, rows in tables.items()}

"""The parser of URIs: what may be shown of one, and what is a credential."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.uri import Uri


@pytest.mark.parametrize(
    ("given", "public", "user", "password"),
    [
        ("http://bob:a@Zx9@host", "http://host", "bob", "a@Zx9"),
        ("http://bob:a%40Zx9@host:5000/mlflow/?token=Zx9#Zx9", "http://host:5000/mlflow/", "bob", "a@Zx9"),
        ("HTTP://bob:Zx9 b\"'<>@host/p;session=Zx9", "http://host/p", "bob", "Zx9 b\"'<>"),
        ("https://Zx9@host", "https://host", "Zx9", None),
        ("mysql://sl:Zq/Zx9secret@h:3306/db?ssl_key=/Zx9.pem", "mysql://h:3306/db", "sl", "Zq/Zx9secret"),
        ("mysql+pymysql://sl:Zq?Zx9@h/db", "mysql+pymysql://h/db", "sl", "Zq?Zx9"),
        ("postgresql://u:p#Zx9@[::1]:5432/db", "postgresql://[::1]:5432/db", "u", "p#Zx9"),
        ("postgresql:///db?host=/run&password=Zx9", "postgresql:///db", None, None),
        ("mssql+pyodbc:///?odbc_connect=PWD%3DZx9", "mssql+pyodbc:///", None, None),
        ("databricks://user:Zx9", "databricks://user", None, None),
        ("databricks:user:Zx9", "databricks://user", None, None),
        ("databricks://prod", "databricks://prod", None, None),
        ("mysql://bob:Zx9", "mysql://bob", None, None),
        ("bob:Zx9@host:5000", "host:5000", None, None),
        ("sqlite:////home/ann@lab/mlflow.db?mode=Zx9", "sqlite:////home/ann@lab/mlflow.db", None, None),
        ("file:///home/ann@lab/mlruns", "file:///home/ann@lab/mlruns", None, None),
        ("file://u:Zx9@host/mlruns", "file://host/mlruns", None, None),
        ("./ann@lab/mlruns", "./ann@lab/mlruns", None, None),
        ("mlruns", "mlruns", None, None),
    ],
)
def test_only_scheme_host_port_and_path_are_shown(given: str, public: str, user: str | None, password: str | None) -> None:
    found = Uri.of(given)
    assert (found.public, found.user, found.password) == (public, user, password)
    assert "Zx9" not in public
    assert Uri.of(public).public == public


@pytest.mark.fault(
    "Drivers could read a URI in different ways, so that a password would be part of the host", "It is refused.", at="config"
)
@pytest.mark.parametrize(
    "uri",
    [
        "http://[::1",
        "http://ho<st",
        "http://host:port",
        "http://host:99999",
        "http://bob:a/Zx9@host",  # requests would call the host bob
        "http://host/@team",
        "mysql://h/db?email=a@b",
        "mysql://u:a@b/Zx9@host/db",  # SQLAlchemy would call the host b
    ],
)
def test_what_a_driver_may_read_otherwise_is_a_fault(uri: str) -> None:
    assert Uri.of(uri).fault


@pytest.mark.parametrize("uri", ["http://bob:a@b@host", "mysql://sl:Zq/9@h/db", "postgresql://u:p w@h/db", "sqlite:///a@b", ""])
def test_what_every_driver_reads_alike_is_none(uri: str) -> None:
    assert Uri.of(uri).fault == ""


def test_parts_of_a_database_uri_are_those_of_sqlalchemy() -> None:
    from sqlalchemy.engine import make_url

    for text in (
        "mysql+pymysql://u:p%40/w@h:3306/d%20b?charset=utf8&x=1&x=2&empty=",
        "postgresql://u@[::1]/db",
        "postgresql:///db?host=/run",
        "mysql://h",
        "mssql+pyodbc://u:p@h:1433/db?driver=ODBC+Driver+17",
    ):
        theirs, ours = make_url(text), Uri.of(text)
        assert (ours.scheme, ours.user, ours.password) == (theirs.drivername, theirs.username, theirs.password)
        assert (ours.host or None, ours.port, ours.database or None) == (theirs.host, theirs.port, theirs.database)
        assert {key: tuple([value] if isinstance(value, str) else value) for key, value in ours.options().items()} == {
            key: (value,) if isinstance(value, str) else value for key, value in theirs.query.items()
        }


@pytest.mark.parametrize("uri", ["file://[/x", "file://[::1/run/artifacts", "http://["])
def test_a_store_may_name_a_place_that_is_no_uri(uri: str, tmp_path: Path) -> None:
    from reportgen.collect.artifacts import artifact_folder

    assert artifact_folder(uri, "run", tmp_path) is None

"""What looks like a credential, what does not, and what a job knows of its own: in values, and in every file of a bundle."""

from __future__ import annotations

import io
import json
import os
import re
import zlib
from pathlib import Path

import pytest

from reportgen.collect.redact import redacted
from reportgen.errors import ConfigError
from reportgen.redaction import MASK, Redactor, names_a_secret, public_text
from reportgen.render import RenderOptions, bundle_of
from reportgen.secret_patterns import FORMATS, has_token, hides
from tests import forked, servers, snapshots
from tests.render.example import report_with

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEhush\nhush\n-----END RSA PRIVATE KEY-----"
HIDDEN = {
    "pwd": "hush",
    "mysql_pass": "hush",
    "auth": "hush",
    "cookie": "sid=hush",
    "ssh_key": "AAAhush",
    "openai-key": "hush",
    "github_pat": "hush",
    "PGPASSWORD": "hush",
    "apiKey": "hush",
    "db.password": "12345",
    "client_secret": "hush",
    "session_token": "hush",
}
SHOWN = {
    "max_tokens": "512",
    "token_count": "7",
    "eos_token": "</s>",
    "primary_key": "id",
    "n_pass": "3",
    "author": "ann",
    "patience": "5",
    "secretary_problem_n": "9",
    "use_auth": "True",
    "cookie": "0",
    "hub_token": "<HUB_TOKEN>",
    "db_password": "${DB_PASSWORD}",
    "api_key": "****",
    "key": "value",
    "path": "/data",
}
LEAKS = (
    "Authorization: Bearer hush.hush1",
    "curl -H 'Authorization: Basic aHVzaDpodXNo' http://host/x",
    "train.py --password hush --lr 0.1",
    "train.py --db-password='hu sh' --lr 0.1",
    '["train.py", "--api-key", "hush", "--lr"]',
    PEM,
    "see AKIAIOSFODNN7EXAMPLE",
    "ghp_" + "a1B2" * 9,
    json.dumps({"db": {"password": "hu sh", "port": 1}, "list": [{"token": "hush"}]}),
    json.dumps({"text": json.dumps({"api_key": "hush"})}),
    "{'api_key': 'hush', 'lr': 0.1}",
    "mysql://sl:Zq/9 hu'sh<@host/db?ssl_key=/hush.pem",
    "https://hush123@github.com/a/b.git",
    "export OPENAI_API_KEY=hush",
    "password: hush and more hush\nuser: ann",
    "Set-Cookie: sid=hush; Path=/",
    "curl -u ann:hush http://host",
    "mysql -h host -phush db",
    "s3://bucket/x?X-Amz-Signature=hush&v=1",
)
KEPT = (
    "d41d8cd98f00b204e9800998ecf8427e",
    "0b5d7f3d2f7b4c0c9d5d0a1b2c3d4e5f6a7b8c9d",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "0.9123456789",
    "http://host:5000/a?b=c@d and mail bob@lab",
    "git@github.com:a/b.git",
    "the bearer of bad news",
    "sk-learn pipeline, task-specific",
    "max_tokens=5, eos_token=</s>",
    '{"lr": 0.1, "tokens": [1, 2]}',
    "monkey: banana",
    "Access denied for user 'ann' (using password: YES)",
)


def test_names_tell_of_secrets() -> None:
    assert {key for key, value in HIDDEN.items() if not hides(key, value)} == set()
    assert {key for key, value in SHOWN.items() if hides(key, value)} == set()
    assert names_a_secret("cookie")


@pytest.mark.fault("A credential stands in a header, a command line, JSON, a URI or a key block", "It is masked.", at="text")
@pytest.mark.parametrize("text", LEAKS)
def test_credentials_are_seen_wherever_they_stand(text: str) -> None:
    found = public_text(text)
    assert MASK in found
    assert not re.search(r"hu ?'?sh|aHVza|AKIAI|a1B2", found)
    assert public_text(found) == found
    if text.startswith(("{", "[")) and "'" not in text:
        json.loads(found)


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_credential_stays(text: str) -> None:
    assert public_text(text) == text


def test_every_format_of_a_token_is_seen() -> None:
    word, digits = "a1B2c3D4" * 20, "0123456789abcdef" * 4
    examples = {
        "a private key": "-----BEGIN OPENSSH PRIVATE KEY-----\nabc",
        "a JSON web token": f"eyJ{word[:20]}.eyJ{word[:20]}.{word[:20]}",
        "an AWS access key": "ASIA" + "A1B2" * 4,
        "a GitHub token": "github_pat_" + word[:40],
        "a GitLab token": "glpat-" + word[:20],
        "a Slack token": "xoxb-" + word[:20],
        "a Slack webhook": "https://hooks.slack.com/services/" + word[:20],
        "a key of OpenAI's or Anthropic's": "sk-proj-" + word[:40],
        "a Hugging Face token": "hf_" + word[:34],
        "a Google API key": "AIza" + word[:35],
        "a Google OAuth token": "ya29." + word[:30],
        "a Databricks token": "dapi" + digits[:32],
        "a Stripe key": "sk_live_" + word[:24],
        "a SendGrid key": f"SG.{word[:22]}.{word[:43]}",
        "an npm token": "npm_" + word[:36],
        "a PyPI token": "pypi-AgE" + word[:60],
        "a Docker token": "dckr_pat_" + word[:27],
        "an age key": "AGE-SECRET-KEY-1" + "A1B2" * 14 + "A1",
        "a DigitalOcean token": "dop_v1_" + digits[:64],
        "a Replicate token": "r8_" + word[:37],
        "a Groq key": "gsk_" + word[:52],
    }
    assert examples.keys() == FORMATS.keys()
    for what, text in examples.items():
        assert re.search(FORMATS[what], text, re.DOTALL), what
        assert has_token(f"is {text} one"), what
        assert MASK in public_text(f"is {text} one"), what


@pytest.mark.fault("The job's own token or password stands in a text, plain or encoded", "It is masked.", at="text")
def test_a_job_knows_its_own_credentials() -> None:
    environment = {
        "MLFLOW_TRACKING_TOKEN": "tok-XYZ.42",
        "MLFLOW_TRACKING_USERNAME": "ann",
        "MLFLOW_TRACKING_PASSWORD": "p&w<9>",
        "AWS_SECRET_ACCESS_KEY": "wJalr/XUtn+FEMI",
        "DATABASE_URL": "postgresql://u:s3cr%2Ft@host/db",
        "PGPASSWORD": "postgres",
        "HOME": "/home/ann",
        "PWD": "/home/ann",
        "DB_PASSWORD_FILE": "/home/ann",
        "MLFLOW_TRACKING_INSECURE_TLS": "true",
    }
    mask = Redactor.of(["http://bob:a@Zx9@host", "mssql+pyodbc:///?odbc_connect=UID%3Dsa%3BPWD%3Dodbc%21pw"], environment)
    for secret in (
        "tok-XYZ.42",
        "p&w<9>",
        "p&amp;w&lt;9&gt;",
        "p%26w%3C9%3E",
        "wJalr/XUtn+FEMI",
        "wJalr%2FXUtn%2BFEMI",
        "s3cr/t",
    ):
        assert mask(f"got {secret} here") == f"got {MASK} here"
    assert mask("a@Zx9") == mask("bob:a@Zx9") == mask("YW5uOnAmdzw5Pg==") == mask("odbc!pw") == MASK
    assert (mask("postgres"), mask("dbname=x user=postgres")) == (MASK, f"dbname=x user={MASK}")
    assert mask("PostgreSQL or postgres, at /home/ann: true") == "PostgreSQL or postgres, at /home/ann: true"


def test_the_config_names_further_secrets() -> None:
    run = snapshots.FakeRun("a", params={"customer": "ACME", "note": "of CUST-123456, fine", "lr": "0.1"})
    taken = snapshots.snapshot(run)
    mask = Redactor.of([], {}, patterns=["CUST-[0-9]{6}"], keys=["cust*"], columns=["runs.name"])
    found = redacted(taken, mask)
    params = {row["key"]: row["value"] for row in found.params.to_pylist()}
    assert params == {"customer": MASK, "note": f"of {MASK}, fine", "lr": "0.1"}
    assert set(found.runs.column("name").to_pylist()) == {MASK}
    (note,) = (problem for problem in found.problems if problem.slug == "redacted")
    assert note.what == "values masked: 1 because of their key, 1 that hold a credential, 1 of columns that `redact` names"
    assert redacted(found, mask).problems == found.problems  # what was masked is not counted twice


@pytest.mark.fault("A pattern or column under `redact` is wrong", "The config is refused.", at="config", exit=2)
@pytest.mark.parametrize(
    ("redact", "words"),
    [
        ({"patterns": ["("]}, "no regular expression"),
        ({"patterns": ["x*"]}, "empty text"),
        ({"columns": ["runs.run_id"]}, "runs.user"),
        ({"colums": []}, "did you mean columns"),
    ],
)
def test_mistakes_in_redact_are_told(redact: dict[str, list[str]], words: str) -> None:
    from reportgen.config.validation import validated

    with pytest.raises(ConfigError, match=words):
        validated({"redact": redact}, {}, "config.yaml", {})


@pytest.mark.fault("A credential would stand in a finished file", "That file is left out, and a gap says so.", at="text", exit=3)
def test_a_file_that_holds_a_credential_is_left_out() -> None:
    from reportgen.model import Paragraph, Span

    report = report_with(Paragraph((Span("the token tok-XYZ.42"),)))
    options = RenderOptions(formats=("html", "pdf", "markdown", "data"), redactor=Redactor(("tok-XYZ.42",)))
    bundle = bundle_of(report, None, options)
    left_out = {problem.where for problem in bundle.problems if problem.slug == "file-with-secret"}
    assert left_out >= {"report.html", "report.json"}
    assert not left_out & set(bundle.files)
    assert "report.pdf" not in bundle.files
    assert not any(b"tok-XYZ.42" in content for content in bundle.files.values() if isinstance(content, bytes))
    assert bundle.exit_code == 3


@pytest.mark.fault(
    "Names, params, tags and notes of runs hold credentials",
    "None is in any file or on the terminal; a note counts them.",
    at="text",
    exit=0,
)
def test_no_output_of_a_build_holds_a_credential(tmp_path: Path) -> None:
    """Names, values, the job's own token and passwords, in raw files, in the text of the PDF, in Parquet and on both streams."""
    import pdfplumber
    import pyarrow.parquet as pq
    from mlflow.tracking import MlflowClient

    uri = servers.sqlite_store(tmp_path / "mlflow.db")
    client = MlflowClient(tracking_uri=uri)
    experiment = client.create_experiment("private tok-XYZ.42hush")
    own = {"MLFLOW_TRACKING_TOKEN": "tok-XYZ.42hush", "AWS_SECRET_ACCESS_KEY": "wJalr/hush+K7"}
    texts = [*LEAKS, *own.values()]
    for number in range(2):
        run = client.create_run(experiment, run_name=f"run {number} tok-XYZ.42hush")
        for key, value in HIDDEN.items():
            client.log_param(run.info.run_id, key.replace("(", ""), f"{value}{number}")
        for index, text in enumerate(texts):
            client.log_param(run.info.run_id, f"p{index:02d}", f"{text}")
            client.set_tag(run.info.run_id, f"t{index:02d}", text)
        client.set_tag(run.info.run_id, "mlflow.note.content", "\n\n".join(texts))
        client.log_metric(run.info.run_id, "val_accuracy", 0.9 + number / 100)
        client.set_terminated(run.info.run_id, status="FAILED" if number else "FINISHED")
    (tmp_path / "config.yaml").write_text(
        "redact: {patterns: ['run [0-9]']}\nreports: {r: {title: 'T tok-XYZ.42hush', notes: 'N tok-XYZ.42hush ghp_a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2', experiments: ['private*']}}\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "AWS_"))} | own
    done = forked.command("build", "--verbose", "--tracking-uri", uri, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    bundle = next(path.parent for path in (tmp_path / "reports" / "r" / "latest").glob("report.html"))
    pdf = bundle / "report.pdf"
    looked = {"stdout": done.stdout, "stderr": done.stderr}
    for path in sorted(bundle.rglob("*")):
        if path.is_file() and path.suffix != ".png":
            looked[path.name] = path.read_bytes().decode("latin-1")
            if path.suffix == ".parquet":
                looked[f"{path.name} as rows"] = str(pq.read_table(path).to_pylist())
    with pdfplumber.open(io.BytesIO(pdf.read_bytes())) as pages:
        looked["text of the PDF"] = re.sub(r"\s", "", "".join(page.extract_text() for page in pages.pages))
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf.read_bytes(), re.DOTALL):
        try:
            looked["streams of the PDF"] = looked.get("streams of the PDF", "") + zlib.decompress(packed).decode("latin-1")
        except zlib.error:
            continue
    secrets = re.compile(r"hush|hu sh|aHVza|AKIAI|a1B2a|run [01]\b")
    assert {name: secrets.findall(text)[:3] for name, text in looked.items() if secrets.search(text)} == {}
    manifest = json.loads((bundle / "manifest.json").read_text())
    (note,) = (problem for problem in manifest["problems"] if problem["slug"] == "redacted")
    assert note["what"].startswith("values masked: ")


def test_a_number_or_a_switch_is_shown_though_its_name_is_like_one_of_a_secret() -> None:
    from reportgen.collect.artifact_formats import _table
    from reportgen.sections.view import shown_value

    assert [shown_value("use_auth", "True"), shown_value("cookie", "3"), shown_value("auth", "hush")] == ["True", "3", MASK]
    assert json.loads(_table(["pass", "api_key"], [[1, 7], ["hush", None]]))["rows"] == [[1, MASK], [MASK, None]]


def test_a_report_has_no_credential_whoever_makes_it(tmp_path: Path) -> None:
    from reportgen import pipeline
    from reportgen.config.validation import validated
    from reportgen.job import jobs_of

    config = validated(
        {"reports": {"r": {"title": "T ghp_" + "a1B2" * 9, "notes": "N CUST-1"}}, "redact": {"patterns": ["CUST-1"]}}, {}, "c", {}
    )
    (job,) = jobs_of(config, tmp_path)
    told = pipeline.reported(job, snapshots.snapshot(snapshots.FakeRun("a", params={"lr": "0.1"})))
    assert told.title == f"T {MASK}"
    assert "CUST-1" not in str(told)

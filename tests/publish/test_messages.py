"""Messages about a report, to real servers: SMTP with TLS and a login, webhooks, and what Apprise speaks. A message that fails loses nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from reportgen import config
from reportgen.config import AppriseTarget, EmailTarget, WebhookTarget
from reportgen.errors import ConfigError
from reportgen.job import redactor_of
from reportgen.publish import messages
from reportgen.publish.messages import told
from reportgen.publish.receipt import Receipt
from reportgen.redaction import Redactor
from reportgen.render import RenderOptions, bundle_of
from reportgen.render.bundle import Bundle
from tests.publish.bundles import delivery
from tests.render.example import example_report
from tests.servers import certificate, free_port

pytestmark = pytest.mark.filterwarnings(
    "ignore:Requiring AUTH"
)  # what aiosmtpd says of a login inside of TLS from the first byte

PASSWORD = "p@ss w0rd/+very"
PAGE = "https://mlflow.example.org/#/experiments/1/runs/2/artifacts/report.html"
LOGGED = (Receipt("folder", "written", "/out/x"), Receipt("mlflow", "written", PAGE))


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "PAUSES", (0.0, 0.0, 0.0))


@pytest.fixture(scope="module")
def whole() -> Bundle:
    """A bundle of the example with its mail and a small PDF."""
    bundle = bundle_of(example_report(), None, RenderOptions(formats=("email", "markdown")))
    files = {**bundle.files, "report.pdf": b"%PDF-1.7 small"}
    return Bundle(bundle.name, bundle.title, files, bundle.digest, (), 0, 0, 0)


def tell(bundle: Bundle, target: Any, folder: Path | None = None, seconds: float = 30) -> Receipt:
    (receipt,) = told(bundle, [target], LOGGED, folder, redactor=Redactor.of([], {"SMTP_PASSWORD": PASSWORD}), seconds=seconds)
    assert PASSWORD not in repr(receipt)
    return receipt


# --- e-mail -------------------------------------------------------------------------------------------------------------


@dataclass
class Mailbox:
    """What an SMTP server was given, and how it answers."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    answer: str = "250 OK"
    refuses: str = ""
    """An address that it does not know."""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address == self.refuses:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return self.answer

    def check(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
        from aiosmtpd.smtp import AuthResult

        self.logins.append((data.login, data.password))
        return AuthResult(success=(data.login, data.password) == (b"reports", PASSWORD.encode()), handled=False)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"))


@contextmanager
def mail_server(keys: tuple[Path, Path], tls: str = "starttls", *, login: bool = True, port: int = 0) -> Iterator[Mailbox]:
    """A real SMTP server on a free port until the block ends; ``tls`` is starttls, implicit or none."""
    from aiosmtpd.controller import Controller

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*keys)
    box = Mailbox(port or free_port())
    how: dict[str, Any] = (
        {"authenticator": box.check, "auth_required": True, "auth_require_tls": tls == "starttls"} if login else {}
    )
    how |= {"tls_context": context, "require_starttls": True} if tls == "starttls" else {}
    how |= {"ssl_context": context} if tls == "implicit" else {}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **how)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def email(box: Mailbox, keys: tuple[Path, Path] | None, scheme: str = "smtp", **more: Any) -> EmailTarget:
    login = {"user": "reports", "password": PASSWORD} | ({"ca_file": str(keys[0])} if keys else {})
    told = {
        "to": ["lead@example.org", "team@example.org"],
        "from": "reports@example.org",
        "server": f"{scheme}://127.0.0.1:{box.port}",
    }
    return EmailTarget.model_validate({**told, **login, **more})


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", "starttls"), ("smtps", "implicit")])
def test_a_report_by_mail_over_tls_with_a_login(scheme: str, tls: str, keys: Any, whole: Bundle, tmp_path: Path) -> None:
    with mail_server(keys, tls) as box:
        receipts = [tell(whole, email(box, keys, scheme), tmp_path) for _ in range(2)]
    assert [(one.state, one.problem) for one in receipts] == [("written", None), ("unchanged", None)]
    assert box.logins == [(b"reports", PASSWORD.encode())]
    (mail,) = box.mails
    assert mail["Subject"].startswith("Recommender weekly: Validation accuracy is at a new best of 93.4")
    assert (mail["To"], mail["Auto-Submitted"]) == ("lead@example.org, team@example.org", "auto-generated")
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert f"Open the report: {PAGE}" in plain.get_content()
    assert "gate FAIL: latency budget" in plain.get_content()
    page = html.get_content()
    assert f'<a href="{PAGE}"' in page
    assert "data:" not in page
    assert not re.search(r"<script|<style|<link|http-equiv|src=\"http", page)
    shown = set(re.findall(r'src="cid:([^"]+)"', page))
    pictures = {part["Content-ID"][1:-1]: part.get_content() for part in mail.walk() if part.get_content_type() == "image/png"}
    assert shown == set(pictures)
    assert len(shown) >= 1
    assert all(png.startswith(b"\x89PNG") for png in pictures.values())
    (pdf,) = mail.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content()) == ("weekly-2026-11-20.pdf", b"%PDF-1.7 small")


def test_a_pdf_over_the_cap_is_not_attached_and_the_message_says_so(keys: Any, whole: Bundle) -> None:
    large = Bundle("weekly", "W", {**whole.files, "report.pdf": b"x" * 20_000}, "e" * 64, (), 0, 0, 0)
    with mail_server(keys) as box:
        receipt = tell(large, email(box, keys, attach_megabytes=0.01))
    assert receipt.state == "written"
    assert receipt.problem is not None
    assert (receipt.problem.slug, receipt.problem.severity) == ("message-remark", "warning")
    (mail,) = box.mails
    assert list(mail.iter_attachments()) == []
    for kind in ("plain", "html"):
        assert "The PDF (20.0 kB) is too large to attach." in mail.get_body((kind,)).get_content()  # type: ignore[union-attr]


def test_no_name_makes_a_header_or_markup(keys: Any) -> None:
    sly = "x\r\nBcc: evil@example.org\n\n<img src=http://evil/><script>1</script>"
    bundle = bundle_of(_named(sly), None, RenderOptions(formats=("email", "markdown")))
    with mail_server(keys) as box:
        assert tell(bundle, email(box, keys)).state == "written"
    (mail,) = box.mails
    assert mail["Bcc"] is None
    assert "Bcc: evil" in mail["Subject"]
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script" not in page
    assert "<img src=http" not in page


def _named(title: str) -> Any:
    from dataclasses import replace

    return replace(example_report(), title=title, headline=title)


Fault = Callable[[Mailbox], dict[str, Any]]


@pytest.mark.fault(
    "The mail server has a certificate that nobody signed",
    "Nothing is sent, no login either; building again sends it.",
    at="delivery",
    exit=6,
)
def test_a_certificate_that_is_not_trusted(keys: Any, whole: Bundle) -> None:
    with mail_server(keys) as box:
        receipt = tell(whole, email(box, None))
    assert receipt.state == "failed"
    assert receipt.problem is not None
    assert (receipt.problem.slug, receipt.problem.severity) == ("email-certificate", "gap")
    assert "not trusted: self-signed certificate" in receipt.problem.what
    assert box.logins == box.mails == []


@pytest.mark.fault("The mail server refuses the password", "The failure is told without it.", at="delivery", exit=6)
def test_a_password_that_is_refused_is_not_shown(keys: Any, whole: Bundle) -> None:
    with mail_server(keys) as box:
        receipt = tell(whole, email(box, keys, password="wrong-but-secret"))
    assert receipt.problem is not None
    assert receipt.problem.slug == "email-denied"
    assert "wrong-but-secret" not in repr(receipt)
    assert box.mails == []


@pytest.mark.fault("The mail server offers no TLS", "Nothing is sent, no login either.", at="delivery", exit=6)
def test_a_server_without_tls_gets_no_login(keys: Any, whole: Bundle) -> None:
    with mail_server(keys, "none", login=False) as box:
        receipt = tell(whole, email(box, keys))
        assert receipt.problem is not None
        assert receipt.problem.slug == "email-no-tls"
        assert box.logins == box.mails == []
        relay = {"user": None, "password": None, "tls": "none"}
        assert tell(whole, email(box, keys, **relay)).state == "written"


@pytest.mark.fault(
    "The mail server is down",
    "The bundle stays; when it is up again `reportgen publish` sends what is missing.",
    at="delivery",
    exit=6,
)
def test_a_server_that_is_down_is_tried_again_and_told(keys: Any, whole: Bundle, tmp_path: Path) -> None:
    port = free_port()
    target = email(Mailbox(port), keys)
    receipt = tell(whole, target, tmp_path)
    assert receipt.state == "failed"
    assert receipt.problem is not None
    assert "cannot be reached: ConnectionRefusedError" in receipt.problem.what
    assert "(tried 3 times)" in receipt.problem.what
    with mail_server(keys, port=port) as box:
        assert [tell(whole, target, tmp_path).state for _ in range(2)] == ["written", "unchanged"]
    assert len(box.mails) == 1


@pytest.mark.fault(
    "The mail server refuses an address, or the message", "Who can be reached is; the rest is told.", at="delivery", exit=(0, 6)
)
def test_what_the_server_refuses(keys: Any, whole: Bundle) -> None:
    with mail_server(keys) as box:
        box.refuses = "team@example.org"
        receipt = tell(whole, email(box, keys))
        assert receipt.state == "written"
        assert receipt.problem is not None
        assert "1 of 2 recipients refused" in receipt.problem.what
        receipt = tell(whole, email(box, keys, to=["team@example.org"]))
        assert receipt.problem is not None
        assert (receipt.problem.slug, "550 no such user" in receipt.problem.what) == ("email-refused", True)
        box.answer = "552 message too large"
        receipt = tell(whole, email(box, keys))
        assert receipt.problem is not None
        assert "552 message too large" in receipt.problem.what
        box.answer = "451 busy"
        receipt = tell(whole, email(box, keys))
        assert receipt.problem is not None
        assert "451 busy (tried 3 times)" in receipt.problem.what


def facts_of(digest: str, headline: str = "fine", gate: str = "PASS", exit_code: int = 0) -> Bundle:
    bundle = delivery(
        digest * 64, report={"name": "weekly", "title": "Weekly", "headline": headline}, gates=[{"name": "g", "state": gate}]
    )
    return Bundle("weekly", "Weekly", bundle.files, bundle.digest, (), 0, 0, exit_code)


def test_one_message_for_each_change_when_asked(keys: Any, tmp_path: Path) -> None:
    reports = [
        facts_of("a"),
        facts_of("b"),
        facts_of("c", headline="worse"),
        facts_of("d", "worse", "FAIL", 5),
        facts_of("e", "worse"),
    ]
    with mail_server(keys) as box:
        changed = [tell(one, email(box, keys, when="changed"), tmp_path).state for one in reports]
        gates = [tell(one, email(box, keys, when="gates", to=["ci@example.org"]), tmp_path).state for one in reports]
    assert changed == ["written", "unchanged", "written", "written", "written"]
    assert gates == ["unchanged", "unchanged", "unchanged", "written", "unchanged"]
    assert [mail["Subject"] for mail in box.mails][-1] == "✗ Weekly: worse"
    (tmp_path / messages.FILE).write_text("{broken")
    with mail_server(keys) as box:  # a memory that cannot be read tells once more, and is written anew
        assert [tell(reports[0], email(box, keys, when="changed"), tmp_path).state for _ in range(2)] == ["written", "unchanged"]


# --- webhook and Apprise ------------------------------------------------------------------------------------------------


@dataclass
class Posts:
    """What an HTTP server was given, and its answers, the last of which stays."""

    port: int
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=lambda: [200])


@pytest.fixture
def posts() -> Iterator[Posts]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.got.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(found.answers.pop(0) if len(found.answers) > 1 else found.answers[0])
            self.send_header("location", f"http://127.0.0.1:{found.port}/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Posts(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_webhook_is_signed_and_says_what_the_report_says(posts: Posts) -> None:
    secret = "whsec_" + base64.b64encode(b"a key of some length").decode()
    target = WebhookTarget(url=f"http://127.0.0.1:{posts.port}/hooks/T0/s3cr3t-path", secret=secret)
    receipt = tell(facts_of("a", "worse", "FAIL", 5), target)
    assert (receipt.state, receipt.where) == ("written", f"127.0.0.1:{posts.port}")
    ((path, headers, body),) = posts.got
    assert path == "/hooks/T0/s3cr3t-path"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(b"a key of some length", signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    told = json.loads(body)
    assert (told["schema"], told["headline"], told["exit_code"], told["url"]) == ("reportgen-message/1", "worse", 5, PAGE)
    assert told["gates"] == [{"name": "g", "state": "FAIL"}]


@pytest.mark.fault(
    "A webhook answers 500, redirects, refuses, or is not there",
    "It is tried again, not followed, or told; its address is not shown.",
    at="delivery",
    exit=(0, 6),
)
@pytest.mark.parametrize(
    ("answers", "state", "calls"),
    [([500, 429, 200], "written", 3), ([503], "failed", 3), ([307], "failed", 1), ([403], "failed", 1)],
)
def test_a_webhook_that_does_not_take_it(answers: list[int], state: str, calls: int, posts: Posts) -> None:
    posts.answers = answers
    receipt = tell(facts_of("a"), WebhookTarget(url=f"http://127.0.0.1:{posts.port}/s3cr3t-path"))
    assert (receipt.state, len(posts.got)) == (state, calls)
    assert "s3cr3t-path" not in repr(receipt)
    assert "webhook-signature" not in posts.got[0][1]


def test_a_short_message_by_apprise(posts: Posts, tmp_path: Path) -> None:
    target = AppriseTarget(urls=(f"mmost://127.0.0.1:{posts.port}/s3cr3t0t0ken0000000000000",))
    assert [tell(facts_of("a", "worse", "FAIL", 5), target, tmp_path).state for _ in range(2)] == ["written", "unchanged"]
    ((path, _, body),) = posts.got
    assert path == "/hooks/s3cr3t0t0ken0000000000000"
    assert "✗ Weekly: worse" in json.loads(body)["text"]
    assert PAGE in json.loads(body)["text"]


@pytest.mark.fault(
    "Apprise cannot reach a channel, or does not know its address",
    "The failure is told without the address.",
    at="delivery",
    exit=6,
)
def test_a_channel_of_apprise_that_fails(posts: Posts) -> None:
    posts.answers = [500]
    receipt = tell(facts_of("a"), AppriseTarget(urls=(f"mmost://127.0.0.1:{posts.port}/s3cr3t0t0ken0000000000000",)))
    assert receipt.state == "failed"
    assert receipt.where == "mmost"
    receipt = tell(facts_of("a"), AppriseTarget(urls=("slakc://s3cr3t/token",)))
    assert receipt.problem is not None
    assert (receipt.problem.slug, "s3cr3t" in repr(receipt)) == ("apprise-address", False)


# --- the config ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "what"),
    [
        ({"email": {"to": "lead", "from": "a@b.c", "server": "smtp://h"}}, "'lead' is no address"),
        ({"email": {"to": "a@b.c\nBcc: x@y.z", "from": "a@b.c", "server": "smtp://h"}}, "is no address"),
        ({"email": {"to": "a@b.c", "from": "a@b.c", "server": "smtp://u:p@h"}}, "with the password from the environment"),
        ({"email": {"to": "a@b.c", "from": "a@b.c", "server": "http://h"}}, "a mail server is smtp://HOST:PORT"),
        ({"email": {"to": "a@b.c", "from": "a@b.c", "server": "smtp://h", "user": "u"}}, "user and password go together"),
        ({"email": {"to": "a@b.c", "from": "a@b.c", "server": "smtp://h", "user": "u", "password": "p", "tls": "none"}}, "a password is not sent without TLS"),
        ({"webhook": {"url": "ftp://h/x"}}, "a webhook is an http or https address"),
        ({"webhook": {"url": "${REPORTGEN_HOOK}"}}, "REPORTGEN_HOOK is not set"),
        ({"webhook": {"url": "http://h"}, "mlflow": {}}, "each entry is one channel"),
        ({}, "each entry is one channel"),
        ({"mlflow": {"attach": "bets"}}, "did you mean best?"),
    ],
)  # fmt: skip
def test_mistakes_in_a_channel_are_named(channel: dict[str, Any], what: str) -> None:
    with pytest.raises(ConfigError) as raised:
        config.of_mapping({"reports": {"weekly": {"publish": [channel]}}}, environment={})
    assert what in str(raised.value)


def test_secrets_of_channels_come_from_the_environment_and_are_masked_everywhere() -> None:
    channels = [
        {"email": {"to": "a@b.c", "from": "a@b.c", "server": "smtp://h", "user": "robot-user", "password": "${REPORTGEN_P}"}},
        {"webhook": {"url": "${REPORTGEN_HOOK}", "secret": "k3y-of-the-hook"}},
        {"apprise": {"urls": ["slack://T0ken/Aaaa/Bbbb"]}},
    ]
    environment = {"REPORTGEN_P": "s3cret-p", "REPORTGEN_HOOK": "https://hooks.example.org/T0/x9y8z7"}
    read = config.of_mapping({"reports": {"weekly": {"publish": channels}}}, environment=environment)
    public = redactor_of(read)
    for secret in ("s3cret-p", "https://hooks.example.org/T0/x9y8z7", "k3y-of-the-hook", "slack://T0ken/Aaaa/Bbbb"):
        assert secret not in public(f"error: {secret} failed")
    assert "s3cret" not in json.dumps(read.reports["weekly"].content(), default=str)


# --- a whole build ------------------------------------------------------------------------------------------------------


@pytest.mark.fault(
    "A report is logged to MLflow, and the mail server is down",
    "The bundle and the report run are whole; the next build sends the mail and nothing twice.",
    at="delivery",
    exit=6,
)
def test_a_build_whose_mail_fails_keeps_everything_else(
    keys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    import reportgen
    from tests import ab_store

    monkeypatch.setenv("REPORTGEN_SMTP_PASSWORD", PASSWORD)
    port, uri = free_port(), ab_store.sqlite_store(tmp_path)
    mail = {
        "to": "lead@example.org",
        "from": "reports@example.org",
        "server": f"smtp://127.0.0.1:{port}",
        "ca_file": str(keys[0]),
    }
    login = {"user": "reports", "password": "${REPORTGEN_SMTP_PASSWORD}"}
    settings = {
        "tracking_uri": uri,
        "output": str(tmp_path / "out"),
        "cache": False,
        "reports": {
            "weekly": {"experiments": ["ranker/ab"], "publish": [{"mlflow": {"experiment": "reports"}}, {"email": mail | login}]}
        },
    }
    build = lambda: reportgen.build(settings, formats=["markdown", "data"])  # noqa: E731
    first = build()
    assert first.exit_code == 6
    assert [(one.channel, one.state) for one in first.receipts] == [
        ("folder", "written"),
        ("mlflow", "written"),
        ("email", "failed"),
    ]
    assert "email.html" in {path.name for path in first.folder.iterdir()}
    with mail_server(keys, port=port) as box:
        second = build()
    assert second.exit_code == 0
    assert [one.state for one in second.receipts] == ["unchanged", "unchanged", "written"]
    assert len(box.mails) == 1
    assert Path(first.receipts[1].where).is_file()
    assert PASSWORD not in capfd.readouterr().err
    kept = b"".join(path.read_bytes() for path in first.folder.parent.rglob("*") if path.is_file() and path.suffix != ".parquet")
    assert PASSWORD.encode() not in kept

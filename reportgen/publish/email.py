"""The report as an e-mail: a plain text, ``email.html`` with its pictures as parts of the message, and the PDF."""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from html import escape
from pathlib import Path

from reportgen.config import EmailTarget
from reportgen.errors import DeliveryError
from reportgen.formats import n_bytes, one_line
from reportgen.publish.messages import Message, PassingError
from reportgen.publish.report_facts import read
from reportgen.render.bundle import size_of
from reportgen.render.email import LINK
from reportgen.render.outputs import FILES
from reportgen.uri import Uri

_SECONDS = 30
_PORTS = {"smtp": 587, "smtps": 465}
_PICTURE = re.compile(r'src="data:image/png;base64,([A-Za-z0-9+/=]+)"')


def mailed(message: Message, target: EmailTarget) -> str:
    """Send the e-mail; a remark about what it lacks, or "". Raises ``PassingError`` for what may pass, else ``DeliveryError``."""
    remarks: list[str] = []
    mail = mail_of(message, target, remarks)
    server = Uri.of(target.server)
    try:
        with _connected(server, target) as smtp:
            if target.user is not None and target.password is not None:
                smtp.login(target.user, target.password)
            refused = smtp.send_message(mail)
    except smtplib.SMTPAuthenticationError:
        raise _denied("email-denied", f"{server.place} refuses the user or the password", "correct user and password") from None
    except smtplib.SMTPNotSupportedError as error:
        todo = "name a port with TLS (smtps://HOST:465, smtp://HOST:587), or tls: none for a relay on a trusted network"
        raise _denied("email-no-tls", f"{server.place} does not offer what is needed: {error}", todo) from None
    except ssl.SSLCertVerificationError as error:
        todo = "name the server as its certificate does, or give ca_file with the authority that signed it"
        raise _denied(
            "email-certificate", f"the certificate of {server.place} is not trusted: {error.verify_message}", todo
        ) from None
    except smtplib.SMTPRecipientsRefused as error:
        why = "; ".join(sorted({_answer(*answer) for answer in error.recipients.values()}))
        if all(code < 500 for code, _ in error.recipients.values()):
            raise PassingError(f"{server.place} took no recipient: {why}") from None
        raise _denied("email-refused", f"{server.place} refuses every recipient: {why}", "correct the addresses") from None
    except smtplib.SMTPResponseException as error:
        what = f"{server.place} answers {_answer(error.smtp_code, error.smtp_error)}"
        if error.smtp_code < 500:
            raise PassingError(what) from None
        raise _denied("email-refused", what, "") from None
    except (OSError, smtplib.SMTPException) as error:
        raise PassingError(f"{server.place} cannot be reached: {type(error).__name__}: {error}") from None
    remarks += [f"{len(refused)} of {len(target.to)} recipients refused"] if refused else []
    return "; ".join(remarks)


def mail_of(message: Message, target: EmailTarget, remarks: list[str]) -> EmailMessage:
    """The whole message. What had to be left out is added to ``remarks``."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, target.from_, ", ".join(target.to)
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=target.from_.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    pdf = message.bundle.files.get(FILES["pdf"])
    too_large = pdf is not None and target.attach_megabytes > 0 and size_of(pdf) > target.attach_megabytes * 1e6
    lacks = f"The PDF ({n_bytes(size_of(pdf))}) is too large to attach." if pdf is not None and too_large else ""
    remarks += [f"{lacks.rstrip('.')}: attach_megabytes is {target.attach_megabytes:.10g}"] if lacks else []
    mail.set_content("\n".join(line for line in (message.facts.title, message.text, lacks) if line) + "\n")
    page = message.bundle.files.get(FILES["email"])
    if page is not None:
        _add_page(mail, read(page).decode("utf-8"), message.url, lacks)
    if pdf is not None and target.attach_megabytes > 0 and not too_large:
        name = f"{message.facts.name}-{message.facts.day}.pdf"
        mail.add_attachment(read(pdf), maintype="application", subtype="pdf", filename=name)
    return mail


def _add_page(mail: EmailMessage, page: str, url: str, lacks: str) -> None:
    """The page with its pictures as related parts: mail programs show no data URIs."""
    link = f'<p style="margin:0 0 16px"><a href="{escape(url)}" style="color:#1f5fa8">Open the report</a></p>' if url else ""
    pictures: list[tuple[str, bytes]] = []

    def placed(found: re.Match[str]) -> str:
        name = make_msgid(domain="reportgen.invalid")
        pictures.append((name, base64.b64decode(found[1])))
        return f'src="cid:{name[1:-1]}"'

    page = _PICTURE.sub(placed, page.replace(LINK, f"{link}{f'<p>{escape(lacks)}</p>' if lacks else ''}"))
    mail.add_alternative(page, subtype="html")
    part = mail.get_payload()[1]  # type: ignore[index]  # a list of two parts by now
    for number, (name, png) in enumerate(pictures, 1):
        part.add_related(png, maintype="image", subtype="png", cid=name, filename=f"chart-{number}.png", disposition="inline")  # type: ignore[union-attr]


def _connected(server: Uri, target: EmailTarget) -> smtplib.SMTP:
    port = server.port or _PORTS[server.scheme]
    if target.tls == "none":
        return smtplib.SMTP(server.host, port, timeout=_SECONDS)
    context = ssl.create_default_context()
    if target.ca_file is not None:
        try:
            context.load_verify_locations(Path(target.ca_file).expanduser())
        except (OSError, ssl.SSLError) as error:
            raise _denied(
                "email-ca-file", f"{target.ca_file} cannot be read as certificates: {error}", "correct ca_file"
            ) from None
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, port, timeout=_SECONDS, context=context)
    smtp = smtplib.SMTP(server.host, port, timeout=_SECONDS)
    try:
        smtp.starttls(context=context)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _denied(slug: str, what: str, todo: str) -> DeliveryError:
    return DeliveryError(slug, what, todo=f"{todo}; then `reportgen publish` sends it" if todo else None)


def _answer(code: int, text: bytes | str) -> str:
    return f"{code} {one_line(text.decode('utf-8', 'replace') if isinstance(text, bytes) else text, 120)}"

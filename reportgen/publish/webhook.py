"""A POST of what the report says, as JSON, signed like a Standard Webhook (https://www.standardwebhooks.com).

The signature is HMAC-SHA256 over ``<webhook-id>.<webhook-timestamp>.<body>``, in base64. The id is the bundle's digest, so that who receives a message twice can
tell; redirects are not followed, since the body and its signature are for the address that was given.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

from reportgen.config import WebhookTarget
from reportgen.errors import DeliveryError
from reportgen.publish.messages import Message, PassingError
from reportgen.uri import Uri

SCHEMA = "reportgen-message/1"
_SECONDS = (10, 30)
"""To connect, and to wait for the answer."""


def posted(message: Message, target: WebhookTarget) -> str:
    """POST the message. Raises ``PassingError`` for what may pass, else ``DeliveryError``."""
    import requests

    body = body_of(message)
    place = Uri.of(target.url).place
    headers = {
        "content-type": "application/json",
        "user-agent": "reportgen",
        **signed(body, message.bundle.digest, target.secret),
    }
    try:
        answer = requests.post(target.url, data=body, headers=headers, timeout=_SECONDS, allow_redirects=False)
    except requests.exceptions.SSLError as error:
        raise DeliveryError("webhook-certificate", f"the certificate of {place} is not trusted: {type(error).__name__}") from None
    except requests.exceptions.RequestException as error:
        raise PassingError(f"{place} cannot be reached: {type(error).__name__}") from None
    if answer.status_code >= 500 or answer.status_code == 429:
        raise PassingError(f"{place} answers {answer.status_code}")
    if not 200 <= answer.status_code < 300:
        raise DeliveryError(
            "webhook-refused", f"{place} answers {answer.status_code}", todo="correct url and secret of the webhook"
        )
    return ""


def body_of(message: Message) -> bytes:
    facts = message.facts
    told = {
        "schema": SCHEMA,
        "report": facts.name,
        "title": facts.title,
        "date": facts.day,
        "headline": facts.headline,
        "exit_code": facts.exit_code,
        "gates": [{"name": name, "state": state} for name, state in facts.gates],
        "decision": dict(facts.decision) or None,
        "digest": facts.digest,
        "snapshot_digest": facts.snapshot_digest,
        "url": message.url or None,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def signed(body: bytes, id_: str, secret: str | None) -> dict[str, str]:
    """The headers that vouch for ``body``; none without a secret."""
    if secret is None:
        return {}
    moment = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    mac = hmac.new(key, f"{id_}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {"webhook-id": id_, "webhook-timestamp": moment, "webhook-signature": f"v1,{base64.b64encode(mac).decode()}"}

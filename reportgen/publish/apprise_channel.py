"""A short message by Apprise, which knows Slack, Teams, Mattermost, Discord, ntfy and a hundred more; the only place that imports it."""

from __future__ import annotations

import logging

from reportgen.config import AppriseTarget
from reportgen.errors import DeliveryError
from reportgen.publish.messages import Message, PassingError


def notified(message: Message, target: AppriseTarget) -> str:
    """Send the message to every address. Raises ``DeliveryError`` for an address that Apprise does not know, ``PassingError`` when one failed."""
    try:
        import apprise
    except ImportError:
        raise DeliveryError(
            "apprise-missing", "the package apprise is not installed", todo="pip install 'reportgen[notify]'"
        ) from None
    channel = apprise.Apprise()
    for number, url in enumerate(target.urls, 1):
        if not channel.add(url):
            scheme = url.partition("://")[0][:20]
            raise DeliveryError(
                "apprise-address",
                f"address {number} ({scheme}:) is none that Apprise knows",
                todo="see https://github.com/caronc/apprise/wiki",
            )
    kind = apprise.NotifyType.WARNING if message.has_open_gates else apprise.NotifyType.INFO
    with apprise.LogCapture(level=logging.WARNING) as log:
        is_sent = channel.notify(
            title=message.subject, body=message.text, notify_type=kind, body_format=apprise.NotifyFormat.TEXT
        )
        said = log.getvalue()
    if not is_sent:
        raise PassingError(f"Apprise could not send it: {said or 'no reason given'}")
    return ""

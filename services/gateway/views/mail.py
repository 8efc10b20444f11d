"""Mails that went out or are about to: to whom, which, and what became of it. What they say is not kept anywhere."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.notifications.contract import (
    NotificationCollected,
    NotificationFailed,
    NotificationQueued,
    NotificationResent,
    NotificationSent,
)


class MailView(Projection):
    """{_id, version, recipient, template, state: queued|sent|failed|collected, queued_at, ended_at, language, reason}"""

    collection = "mails"
    categories = frozenset({"notification"})

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        match event:
            case NotificationQueued():
                document.update(recipient=event.recipient, template=event.template, state="queued", queued_at=envelope.time)
            case NotificationSent(channel="email"):
                document.update(state="sent", language=event.language, ended_at=envelope.time)
            case NotificationFailed(channel="email"):
                document.update(state="failed", reason=event.reason, ended_at=envelope.time)
            case NotificationCollected():
                document.update(state="collected", ended_at=envelope.time)
            case NotificationResent():
                document.update(state="queued", ended_at=None, reason=None)

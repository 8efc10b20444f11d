"""Mails that went out or are about to: to whom, which, and what became of it. What they say is not kept anywhere."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.notifications.contract import NotificationFailed, NotificationQueued, NotificationSent


class MailView(Projection):
    """{_id, version, recipient, template, state: queued|sent|failed, queued_at, ended_at, language, reason}"""

    collection = "mails"
    categories = frozenset({"notification"})

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        match event:
            case NotificationQueued():
                document.update(recipient=event.recipient, template=event.template, state="queued", queued_at=envelope.time)
            case NotificationSent():
                document.update(state="sent", language=event.language, ended_at=envelope.time)
            case NotificationFailed():
                document.update(state="failed", reason=event.reason, ended_at=envelope.time)

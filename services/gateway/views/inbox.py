"""The inbox: what everybody was told, and whether they have read it. Ids and times; what is sealed in it stays so."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.notifications.contract import NotificationQueued, NotificationRead


class InboxView(Projection):
    """{_id, version, recipient: "" where it is not for the inbox, template, parameters, urgency, at, read_at}"""

    collection = "inbox"
    categories = frozenset({"notification"})

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        match event:
            case NotificationQueued() if "inbox" in event.channels:
                kept = event.model_dump(include={"recipient", "template", "parameters", "urgency"})
                document.update(kept, at=envelope.time, read_at=None)
            case NotificationQueued():
                document["recipient"] = ""
            case NotificationRead():
                document["read_at"] = envelope.time

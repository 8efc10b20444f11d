"""The outbox: which messages wait to be sent, by which channel, and what became of them. Made of their events."""

import mongoengine

from services.foundation.database import Document
from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.notifications.contract import (
    NotificationCollected,
    NotificationFailed,
    NotificationQueued,
    NotificationResent,
    NotificationSent,
)

STATE = {"email": "state", "webhook": "webhook"}
"""The field that says how far a channel is."""


class OutboxDocument(mongoengine.DynamicDocument):
    """A notification and what became of it, from its events."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    state = mongoengine.StringField()
    meta = {  # noqa: RUF012
        "collection": "outbox",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("state", "queued_at", "id")},
            {"fields": ("webhook", "queued_at", "id")},
            {"fields": ("recipient", "state")},
        ],
    }


class DeliveryDocument(mongoengine.DynamicDocument):
    """How often a message was tried, and before when nobody is to try it again. See claims.py."""

    id = mongoengine.StringField(primary_key=True)
    attempt = mongoengine.IntField(required=True)
    not_before = mongoengine.DateTimeField(required=True)
    meta = {"collection": "deliveries", "auto_create_index": False}  # noqa: RUF012


class OutboxView(Projection):
    """{_id, version, recipient, cause, template, parameters, urgency, queued_at, correlation_id, round: version since which it
    is tried, state and webhook: none|queued|sent|failed|collected}"""

    collection = "outbox"
    categories = frozenset({"notification"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case NotificationQueued():
                document.update(event.model_dump(), correlation_id=envelope.correlation_id, queued_at=envelope.time, round=1)
                document.update({field: "queued" if name in event.channels else "none" for name, field in STATE.items()})
            case NotificationSent():
                document[STATE[event.channel]] = "sent"
            case NotificationFailed():
                document[STATE[event.channel]] = "failed"
            case NotificationCollected():
                document["state"] = "collected"
            case NotificationResent():
                document.update(state="queued", round=envelope.version, urgency="at_once")

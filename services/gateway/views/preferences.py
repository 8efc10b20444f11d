"""How everybody wants to be written to, and which addresses are dead."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.notifications.contract import (
    AddressBounced,
    BounceForgotten,
    PreferencesChanged,
    WebhookRemoved,
    WebhookSet,
)

DEFAULTS = {
    "email": True,
    "digest": "none",
    "quiet_from": "",
    "quiet_until": "",
    "time_zone": "",
    "webhook": False,
    "bounced": False,
}


class PreferencesView(Projection):
    """{_id, version, recipient, email, digest, quiet_from, quiet_until, time_zone, webhook, bounced}"""

    collection = "preferences"
    categories = frozenset({"preferences"})

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        for name, value in DEFAULTS.items():
            document.setdefault(name, value)
        match event:
            case PreferencesChanged():
                document.update(event.model_dump())
            case WebhookSet():
                document.update(recipient=event.recipient, webhook=True)
            case WebhookRemoved():
                document["webhook"] = False
            case AddressBounced():
                document.update(recipient=event.recipient, bounced=True)
            case BounceForgotten():
                document["bounced"] = False

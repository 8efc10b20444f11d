"""Partner organisations, with their contact in the clear, and what they share."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.gateway.views.profile import ProfileView
from services.profiles.contract import PARTNER_SEALED, SharingScopeSet


class PartnerView(ProfileView):
    """{_id, version, name, regions, …, contact_email, statements, consents, sharing: {shares, regions}}"""

    collection = "partners"
    categories = frozenset({"partner"})
    sealed = PARTNER_SEALED

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        document.setdefault("sharing", None)
        match event:
            case SharingScopeSet():
                document["sharing"] = event.model_dump()
            case _:
                super().apply(document, event, envelope)

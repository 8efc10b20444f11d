"""Who belongs to a contact or a workshop, and so to its messages, as its events say.

Matching decides by it and the gateway shows by it, each from a projection of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.foundation.messages import Event
from services.matching.contract.contact import (
    ContactAssigned,
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactProposed,
    ContactReopened,
)
from services.matching.contract.workshop import (
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RegistrationCancelled,
    WorkshopAnnounced,
    WorkshopCancelled,
)

MEMBERSHIPS = frozenset({"contact", "workshop"})
"""The kinds of streams that have members."""


def note_membership(document: dict[str, Any], event: Event) -> None:
    """Sets in {open, person_id, company_id, coordinator, deputy, participants: [{id, partner_id, registered}]} what the event
    changes. ``open``: whether new messages may be written."""
    match event:
        case ContactProposed():
            sides = {"person_id": event.person_id, "company_id": event.company_id}
            document.update(sides, coordinator=event.coordinator, deputy=event.deputy, open=True)
        case ContactAssigned():
            document.update(coordinator=event.coordinator, deputy=event.deputy)
        case WorkshopAnnounced():
            document.update(coordinator=event.coordinator, open=True)
        case ContactReopened():
            document["open"] = True
        case ContactDeclined() | ContactDormant() | ContactClosed() | WorkshopCancelled():
            document["open"] = False
        case ParticipantRegistered() | ParticipantWaitlisted():
            registered = isinstance(event, ParticipantRegistered)
            entry = {"id": event.participant_id, "partner_id": event.partner_id, "registered": registered}
            document["participants"] = [*_others(document, event.participant_id), entry]
        case ParticipantPromoted():
            document["participants"] = [
                {**each, "registered": True} if each["id"] == event.participant_id else each
                for each in document.get("participants", ())
            ]
        case RegistrationCancelled():
            document["participants"] = _others(document, event.participant_id)


def _others(document: Mapping[str, Any], participant_id: str) -> list[dict[str, Any]]:
    return [each for each in document.get("participants", ()) if each["id"] != participant_id]


@dataclass(frozen=True, slots=True)
class Membership:
    """``known``: whether the contact or workshop exists. A guest has no token: the partner who brings them writes for them."""

    known: bool = False
    open: bool = False
    members: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Membership":
        named = [document.get(name) for name in ("person_id", "company_id", "coordinator", "deputy")]
        registered = [each for each in document.get("participants", ()) if each["registered"]]
        taking_part = [each[name] for each in registered for name in ("id", "partner_id")]
        return cls("open" in document, bool(document.get("open")), frozenset(filter(None, (*named, *taking_part))))

    def includes(self, id: str, role: str) -> bool:
        """Heads belong to all; everybody else is named."""
        return role == "head" or id in self.members

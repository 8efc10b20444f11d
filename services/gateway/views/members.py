"""Who belongs to a contact or workshop, and so sees its messages."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.matching.contract import MEMBERSHIPS, note_membership


class MembersView(Projection):
    """See matching/contract/membership.py."""

    collection = "members"
    categories = MEMBERSHIPS

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        note_membership(document, event)

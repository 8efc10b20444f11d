"""What an answer about a contact says beyond its view: the caller's own part, and what its times clash with."""

from datetime import UTC, datetime

from services.foundation.messages import now
from services.gateway.contact_parts import SIDES, STAFF, part_of
from services.gateway.engagements import clashes_of, engagements_of
from services.gateway.house import Document
from services.gateway.http.visit import Visit
from services.gateway.security import Caller


def with_part(visit: Visit, contact: Document) -> Document:
    """The contact with the caller's part in it."""
    return {**contact, "your_part": part_of(visit.caller, contact, _as_in_views(now()))}


async def with_part_and_clashes(visit: Visit, contact: Document) -> Document:
    """The same; and each open date and each talk to come with what it clashes with, as of what the views have seen."""
    proposal = contact.get("date_proposal")
    slots = [each for each in contact["meetings"] if each["state"] == "scheduled"]
    slots += proposal["dates"] if proposal and proposal["state"] == "open" else []
    if slots:
        ids = (contact["person_id"], contact["company_id"])
        engagements = await engagements_of(visit.gateway.views, ids, without=contact["_id"])
        for each in slots:
            each["clashes"] = clashes_of(contact, each, engagements, _seen_by(visit.caller))
    return with_part(visit, contact)


def _seen_by(caller: Caller) -> frozenset[str]:
    """Of which sides the caller may know with what they are busy: staff of both, a side of itself."""
    return SIDES if caller.role in STAFF else frozenset({caller.role})


def _as_in_views(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)

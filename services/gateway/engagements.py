"""When people and companies are busy, as the views have it: talks they have agreed on and workshops they take part in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

Document = dict[str, Any]
Views = Mapping[str, AsyncCollection[Document]]

SIDES = {"person": "person_id", "company": "company_id"}


@dataclass(frozen=True, slots=True)
class Engagement:
    """``who`` is busy with ``what``, the id of a contact or workshop."""

    who: str
    what: str
    starts_at: datetime
    ends_at: datetime

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


async def engagements_of(views: Views, ids: Iterable[str], without: str) -> list[Engagement]:
    """Of all of them, but for those of this one contact."""
    wanted = {"$in": list(ids)}
    shown = {"meetings": 1, **dict.fromkeys(SIDES.values(), 1)}
    contacts: list[Document] = []
    for field in SIDES.values():
        contacts += await views["contacts"].find({field: wanted, "meetings.state": "scheduled"}, shown).to_list()
    workshops = await views["workshop_times"].find({"participants": wanted, "cancelled": False}).to_list()
    found = [each for contact in contacts if contact["_id"] != without for each in _of_contact(contact)]
    found += [each for workshop in workshops for each in _of_workshop(workshop)]
    return [each for each in dict.fromkeys(found) if each.who in wanted["$in"]]


def _of_contact(contact: Document) -> Iterator[Engagement]:
    for meeting in contact["meetings"]:
        if meeting["state"] == "scheduled":
            for field in SIDES.values():
                yield Engagement(contact[field], contact["_id"], meeting["starts_at"], meeting["ends_at"])


def _of_workshop(workshop: Document) -> Iterator[Engagement]:
    for participant in workshop["participants"]:
        yield Engagement(participant, workshop["_id"], workshop["starts_at"], workshop["ends_at"])


def clashes_of(contact: Document, slot: Document, engagements: Iterable[Engagement], sees: frozenset[str]) -> list[Document]:
    """What this time clashes with: side, start and end; with what, only of the sides that the reader ``sees``."""
    side_of = {contact[field]: side for side, field in SIDES.items()}
    return [
        {
            "side": side_of[each.who],
            "starts_at": each.starts_at,
            "ends_at": each.ends_at,
            "with": each.what if side_of[each.who] in sees else None,
        }
        for each in sorted(engagements, key=lambda one: (one.starts_at, one.who))
        if each.overlaps(slot["starts_at"], slot["ends_at"])
    ]

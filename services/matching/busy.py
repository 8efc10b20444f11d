"""When people and companies are busy: the talks they have agreed on in any contact, and the workshops they take part in.

It is as of what matching has seen of these streams when it is asked: two contacts that agree on the same time within the same
moment may both succeed. Views show the clash to everybody concerned as soon as both are known.
"""

from collections.abc import Iterator
from datetime import datetime

import mongoengine
from pymongo.database import Database

from services.foundation.database import Document
from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.matching.clashes import Busy, Engagement
from services.matching.contract import (
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactProposed,
    DateChosen,
    DatesDeclined,
    DatesLapsed,
    DatesProposed,
    LapseDates,
    MeetingCancelled,
    MeetingHeld,
    MeetingMissed,
    MeetingMoved,
    MeetingScheduled,
    ParticipantPromoted,
    ParticipantRegistered,
    RegistrationCancelled,
    WorkshopAnnounced,
    WorkshopCancelled,
    WorkshopChanged,
)


class BusyDocument(mongoengine.DynamicDocument):
    """A contact or a workshop: ``who`` is busy at which ``times`` because of it. ``choosable_until``: when the last of
    the dates that are open in a contact begins."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    who = mongoengine.ListField(mongoengine.StringField())
    choosable_until = mongoengine.DateTimeField()
    meta = {  # noqa: RUF012
        "collection": "busy",
        "auto_create_index": False,
        "indexes": [{"fields": ("who",)}, {"fields": ("choosable_until",)}],
    }


class BusyView(Projection):
    collection = "busy"
    categories = frozenset({"contact", "workshop"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        _apply_to_who(document, event)
        _apply_to_times(document, event)
        _apply_to_dates(document, event)


def _apply_to_who(document: Document, event: Event) -> None:
    who = document.setdefault("who", [])
    match event:
        case ContactProposed():
            document["who"] = [event.person_id, event.company_id]
        case ParticipantRegistered() | ParticipantPromoted():
            document["who"] = sorted({*who, event.participant_id})
        case RegistrationCancelled():
            document["who"] = [id for id in who if id != event.participant_id]


def _apply_to_times(document: Document, event: Event) -> None:
    times = document.setdefault("times", {})
    match event:
        case MeetingScheduled() | MeetingMoved():
            document["times"] = {**times, event.meeting_id: [event.starts_at, event.ends_at]}
        case MeetingCancelled() | MeetingHeld() | MeetingMissed():
            document["times"] = {id: time for id, time in times.items() if id != event.meeting_id}
        case WorkshopAnnounced() | WorkshopChanged():
            document["times"] = {"workshop": [event.starts_at, event.ends_at]}
        case WorkshopCancelled():
            document["times"] = {}


def _apply_to_dates(document: Document, event: Event) -> None:
    match event:
        case DatesProposed():
            last = max((each.starts_at for each in event.dates), default=None)
            document.update(proposal_id=event.proposal_id, choosable_until=last)
        case DateChosen(meeting_id="") if document.get("proposal_id") == event.proposal_id:
            document["choosable_until"] = event.starts_at
        case DateChosen() | DatesDeclined() | DatesLapsed() | MeetingScheduled():
            document["choosable_until"] = None
        case ContactDeclined() | ContactDormant() | ContactClosed():
            document["choosable_until"] = None


class BusyTimes:
    """Reads when somebody is busy."""

    def __init__(self, database: Database[Document]) -> None:
        self._busy = database["busy"]

    def of_sides(self, contact: str, person_id: str, company_id: str) -> Busy:
        """When the sides of this contact are busy elsewhere."""
        sides = {"person": person_id, "company": company_id}
        found = self._busy.find({"who": {"$in": [person_id, company_id]}, "_id": {"$ne": contact}})
        return tuple(each for document in found for each in _engagements(document, sides))

    def lapsed(self, as_of: datetime) -> Iterator[tuple[str, LapseDates]]:
        """The open proposals whose dates had all begun at this moment, each with its contact and what to ask of it."""
        for document in self._busy.find({"choosable_until": {"$lte": as_of}}):
            yield document["_id"], LapseDates(proposal_id=document["proposal_id"], as_of=as_of)


def _engagements(document: Document, sides: dict[str, str]) -> Iterator[Engagement]:
    for side, id in sides.items():
        if id in document["who"]:
            for starts_at, ends_at in document["times"].values():
                yield Engagement(side, starts_at, ends_at)

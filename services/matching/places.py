"""Places in workshops: who has one or waits for one, as far as the processes of matching must know it. It holds ids only."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import mongoengine
from pymongo.database import Database

from services.foundation.database import Document
from services.foundation.messages import Envelope, Event, now
from services.foundation.projection import Projection
from services.matching.contract import (
    ParticipantRegistered,
    ParticipantWaitlisted,
    RegistrationCancelled,
    WorkshopAnnounced,
    WorkshopCancelled,
    WorkshopChanged,
)


class PlacesDocument(mongoengine.DynamicDocument):
    """A workshop: when it starts, whether it was cancelled, and who has a place or waits, with the partner of each guest."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    starts_at = mongoengine.DateTimeField()
    meta = {  # noqa: RUF012
        "collection": "places",
        "auto_create_index": False,
        "indexes": [{"fields": ("places.participant_id",)}, {"fields": ("places.partner_id",)}],
    }


class PlacesView(Projection):
    collection = "places"
    categories = frozenset({"workshop"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case WorkshopAnnounced():
                document.update(starts_at=event.starts_at, cancelled=False, places=[])
            case WorkshopChanged():
                document["starts_at"] = event.starts_at
            case WorkshopCancelled():
                document["cancelled"] = True
            case ParticipantRegistered() | ParticipantWaitlisted():
                place = event.model_dump(include={"participant_id", "partner_id"})
                document["places"] = [*_without(document, event.participant_id), place]
            case RegistrationCancelled():
                document["places"] = _without(document, event.participant_id)


def _without(document: Document, participant_id: str) -> list[Document]:
    return [each for each in document["places"] if each["participant_id"] != participant_id]


class Places:
    """Reads the places."""

    def __init__(self, database: Database[Document]) -> None:
        self._places = database["places"]

    def after(self, owner: str, moment: datetime) -> Iterator[tuple[str, str]]:
        """Workshop and participant of each place of this person, company or partner in workshops that start later."""
        field = "partner_id" if owner.startswith("partner-") else "participant_id"
        wanted = {f"places.{field}": owner, "starts_at": {"$gt": moment}, "cancelled": False}
        for document in self._places.find(wanted):
            for place in document["places"]:
                if place[field] == owner:
                    yield document["_id"], place["participant_id"]

    def ahead(self, owner: str) -> Iterable[str]:
        """The workshops that lie ahead in which they, or their guests, have a place or wait for one."""
        return (workshop for workshop, _ in self.after(owner, now()))

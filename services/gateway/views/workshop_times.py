"""When workshops take place and who has a place in them: what calendars and clashes need to know."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.matching.contract import (
    ParticipantPromoted,
    ParticipantRegistered,
    RegistrationCancelled,
    WorkshopAnnounced,
    WorkshopCancelled,
    WorkshopChanged,
)

Fields = dict[str, Any]
SHOWN = {"title", "starts_at", "ends_at", "place", "link"}


class WorkshopTimesView(Projection):
    """{_id, version, kind, title, starts_at, ends_at, place, link, cancelled, participants: [id]}; who waits has no place."""

    collection = "workshop_times"
    categories = frozenset({"workshop"})

    def apply(self, document: Fields, event: Event, envelope: Envelope) -> None:
        participants = document.setdefault("participants", [])
        match event:
            case WorkshopAnnounced():
                document.update(kind=event.kind, cancelled=False, **event.model_dump(include=SHOWN))
            case WorkshopChanged():
                document.update(event.model_dump(include=SHOWN))
            case WorkshopCancelled():
                document["cancelled"] = True
            case ParticipantRegistered() | ParticipantPromoted():
                document["participants"] = sorted({*participants, event.participant_id})
            case RegistrationCancelled():
                document["participants"] = [id for id in participants if id != event.participant_id]

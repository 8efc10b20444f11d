"""Workshops, who takes part in them, and the timeline of everything that happened in them."""

from collections.abc import Iterable
from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.gateway.views.contact import timeline_id
from services.matching.contract import (
    AttendanceRecorded,
    FeedbackGiven,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RegistrationCancelled,
    WorkshopAnnounced,
    WorkshopCancelled,
    WorkshopChanged,
    contact_stream,
)

Fields = dict[str, Any]

ABOUT_PARTICIPANT = (
    ParticipantRegistered,
    ParticipantWaitlisted,
    ParticipantPromoted,
    RegistrationCancelled,
    AttendanceRecorded,
    FeedbackGiven,
)
GUEST, FEEDBACK = "guest", "feedback"
"""What stands apart of a registration."""
SEATED = ("registered", "confirmed", "attended", "excused", "no_show")


class WorkshopView(Projection):
    """{_id, version, state: announced|cancelled, kind, title, …, capacity, free_places, waiting, registrations, waiting_line};
    registrations: {_id: workshop/participant, version, workshop_id, participant_id, state, partner_id, language, …};
    registration_words: {_id: …/guest, name, email} and {_id: …/feedback, feedback}, which may be long and stand apart for that;
    workshop_events: {_id: workshop/version, event_id, workshop_id, version, type, time, actor, data}.

    Names, addresses and words stay sealed. Of a registration that was cancelled neither name nor address stays."""

    collection = "workshops"
    derives = ("registrations", "registration_words", "workshop_events")
    categories = frozenset({"workshop"})

    def apply(self, document: Fields, event: Event, envelope: Envelope) -> None:
        _apply_to_workshop(document, event)
        if isinstance(event, ABOUT_PARTICIPANT):
            _apply_to_registrations(document, event, envelope)
        taken = sum(each["state"] in SEATED for each in document["registrations"].values())
        document.update(free_places=max(0, document["capacity"] - taken), waiting=len(document["waiting_line"]))

    def derive(self, document: Fields, event: Event, envelope: Envelope) -> Iterable[tuple[str, Fields]]:
        if isinstance(event, ABOUT_PARTICIPANT):
            registration = document["registrations"][event.participant_id]
            id = registration_id(envelope.stream, event.participant_id)
            yield "registrations", {"_id": id, **registration}
            words = _words_after(event, registration, envelope)
            if words is not None:
                kind, fields = words
                yield "registration_words", {"_id": f"{id}/{kind}", **fields}
        entry = {
            "_id": timeline_id(envelope.stream, envelope.version),
            "event_id": envelope.id,
            "workshop_id": envelope.stream,
            "type": event.TYPE,
            "time": envelope.time,
            "actor": str(envelope.actor),
            "data": event.model_dump(exclude={"name", "email", "words"}),
        }
        yield "workshop_events", entry


def registration_id(workshop: str, participant: str) -> str:
    """One of a participant and workshop."""
    return f"{workshop}/{participant}"


def _apply_to_workshop(document: Fields, event: Event) -> None:
    match event:
        case WorkshopAnnounced():
            document.update(event.model_dump(), state="announced", cancelled_because=None, registrations={}, waiting_line=[])
        case WorkshopChanged():
            document.update(event.model_dump(exclude={"rescheduled"}))
        case WorkshopCancelled():
            document.update(state="cancelled", cancelled_because=event.reason)


def _apply_to_registrations(document: Fields, event: Any, envelope: Envelope) -> None:
    line = [each for each in document["waiting_line"] if each != event.participant_id]
    match event:
        case ParticipantRegistered():
            _set(document, event, workshop_id=envelope.stream, state="registered", registered_at=envelope.time)
        case ParticipantWaitlisted():
            _set(document, event, workshop_id=envelope.stream, state="waitlisted", registered_at=envelope.time)
            line.append(event.participant_id)
        case ParticipantPromoted():
            _change(document, event.participant_id, "confirmed")
        case RegistrationCancelled():
            _change(document, event.participant_id, "cancelled")
        case AttendanceRecorded():
            _change(document, event.participant_id, event.attendance)
    document["waiting_line"] = line


def _set(document: Fields, event: ParticipantRegistered | ParticipantWaitlisted, **state: Any) -> None:
    fields = event.model_dump(exclude={"name", "email"})
    document["registrations"] = {**document["registrations"], event.participant_id: {**fields, **state}}


def _change(document: Fields, participant_id: str, state: str) -> None:
    known = document["registrations"]
    document["registrations"] = {**known, participant_id: {**known[participant_id], "state": state}}


def _words_after(event: Event, registration: Fields, envelope: Envelope) -> tuple[str, Fields] | None:
    """What is kept apart of a registration, if this event says something of it."""
    match event:
        case ParticipantRegistered() | ParticipantWaitlisted() if event.partner_id:
            return GUEST, event.model_dump(include={"name", "email"})
        case RegistrationCancelled() if registration["partner_id"]:
            return GUEST, {"name": "", "email": ""}
        case FeedbackGiven():
            wishes = [{**each.model_dump(), "contact_id": contact_stream(**each.model_dump())} for each in event.wishes]
            told = {"rating": event.rating, "words": event.words, "wishes": wishes, "given_at": envelope.time}
            return FEEDBACK, {"feedback": told}
    return None

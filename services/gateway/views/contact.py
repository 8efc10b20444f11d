"""Contacts with their next step and meetings, and the timeline of everything that happened in them."""

from collections.abc import Iterable
from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.gateway.views.contact_dates import apply_to_dates
from services.matching.contract import (
    ContactAccepted,
    ContactArranged,
    ContactAssigned,
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactProposed,
    ContactReopened,
    CooperationAgreed,
    FollowUpEscalated,
    FollowUpOverdue,
    FollowUpReminded,
    MeetingCancelled,
    MeetingFollowedUp,
    MeetingHeld,
    MeetingMissed,
    MeetingMoved,
    MeetingScheduled,
    NextStepDone,
    NextStepPlanned,
    SignOfLifeNoted,
)

Fields = dict[str, Any]


class ContactView(Projection):
    """{_id, version, state, person_id, company_id, need_id, coordinator, deputy, accepted_by, next_step, meetings,
    date_proposal, closing_reason};
    contact_events: {_id: contact/version, event_id, contact_id, version, type, time, actor, data}."""

    collection = "contacts"
    derives = ("contact_events",)
    categories = frozenset({"contact"})

    def apply(self, document: Fields, event: Event, envelope: Envelope) -> None:
        _apply_to_contact(document, event)
        _apply_to_next_step(document, event)
        apply_to_dates(document, event)
        _apply_to_meetings(document, event)

    def derive(self, document: Fields, event: Event, envelope: Envelope) -> Iterable[tuple[str, Fields]]:
        entry = {
            "_id": timeline_id(envelope.stream, envelope.version),
            "event_id": envelope.id,
            "contact_id": envelope.stream,
            "type": event.TYPE,
            "time": envelope.time,
            "actor": str(envelope.actor),
            "data": event.model_dump(),
        }
        yield "contact_events", entry


def timeline_id(contact: str, version: int) -> str:
    """Sorts by version within the contact, so that a timeline is a range of ids and needs no index of its own."""
    return f"{contact}/{version:08d}"


def _apply_to_contact(document: Fields, event: Event) -> None:
    match event:
        case ContactProposed():
            document.update(state="proposed", accepted_by=[], next_step=None, meetings=[], closing_reason=None)
            document.update(event.model_dump())
        case ContactAssigned():
            document.update(event.model_dump())
        case ContactAccepted():
            document["accepted_by"] = [*(side for side in document["accepted_by"] if side != event.side), event.side]
            if {"person", "company"} <= set(document["accepted_by"]):
                document["state"] = "accepted"
        case ContactDeclined():
            document.update(state="declined", closing_reason=event.reason, next_step=None)
        case ContactArranged():
            document["state"] = "arranged"
        case CooperationAgreed():
            document["state"] = "cooperating"
        case ContactDormant():
            document.update(state="dormant", closing_reason=event.reason, next_step=None)
        case ContactClosed():
            document.update(state="closed", closing_reason=event.reason, next_step=None)
        case SignOfLifeNoted():
            document["last_sign_of_life"] = event.at
        case ContactReopened():
            document.update(state="proposed", accepted_by=[], closing_reason=None)


def _apply_to_next_step(document: Fields, event: Event) -> None:
    match event:
        case NextStepPlanned():
            told = {"reminded": False, "overdue": False, "escalated_to": None}
            document["next_step"] = {**event.model_dump(), **told}
        case NextStepDone():
            if (document["next_step"] or {}).get("step_id") == event.step_id:
                document["next_step"] = None
        case FollowUpReminded():
            _mark_step(document, event.step_id, reminded=True)
        case FollowUpOverdue():
            _mark_step(document, event.step_id, overdue=True)
        case FollowUpEscalated():
            _mark_step(document, event.step_id, escalated_to=event.to)


def _mark_step(document: Fields, step_id: str, **marks: Any) -> None:
    if (document["next_step"] or {}).get("step_id") == step_id:
        document["next_step"] = {**document["next_step"], **marks}


def _apply_to_meetings(document: Fields, event: Event) -> None:
    match event:
        case MeetingScheduled():
            others = [each for each in document["meetings"] if each["meeting_id"] != event.meeting_id]
            document["meetings"] = [*others, {**event.model_dump(), "state": "scheduled", "outcome": ""}]
        case MeetingMoved():
            changed = event.model_dump(include={"starts_at", "ends_at", "place"})
            _change_meeting(document, event.meeting_id, **changed, reason=event.reason, moved_by=event.by)
        case MeetingCancelled():
            _change_meeting(document, event.meeting_id, state="cancelled", reason=event.reason, cancelled_by=event.by)
        case MeetingHeld():
            _change_meeting(document, event.meeting_id, state="held", outcome=event.outcome)
        case MeetingMissed():
            _change_meeting(document, event.meeting_id, state="missed", missed_by=event.missed_by)
        case MeetingFollowedUp():
            _change_meeting(document, event.meeting_id, state="followed_up")


def _change_meeting(document: Fields, meeting_id: str, **changes: Any) -> None:
    document["meetings"] = [
        {**meeting, **changes} if meeting["meeting_id"] == meeting_id else meeting for meeting in document["meetings"]
    ]

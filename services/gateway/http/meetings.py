"""The meetings of a contact: schedule, move, cancel, record, follow up."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.gateway.http.contact_commands import NEXT_STEP, change_contact, send_to_contact, take_part
from services.gateway.http.forms import Form, MeetingPlace, Words, form_of, takes
from services.gateway.http.openapi import writes
from services.gateway.http.reading import require_id
from services.gateway.http.shapes.contacts import Contact
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.matching.contract import (
    CancelMeeting,
    FollowUpMeeting,
    MoveMeeting,
    RecordMeetingHeld,
    RecordMeetingMissed,
    ScheduleMeeting,
)

WITHOUT_ID = {"meeting_id"}

MEETING = form_of(ScheduleMeeting, without=WITHOUT_ID, place=MeetingPlace)
MOVE = form_of(MoveMeeting, without=WITHOUT_ID, place=MeetingPlace | None, reason=Words | None)
CANCELLATION = form_of(CancelMeeting, without=WITHOUT_ID, reason=Words)
HELD = form_of(RecordMeetingHeld, without=WITHOUT_ID, outcome=Words)
MISSED = form_of(RecordMeetingMissed, without=WITHOUT_ID)
FOLLOW_UP = form_of(FollowUpMeeting, without=WITHOUT_ID, next_step=NEXT_STEP | None, next_meeting=MEETING | None)

router = APIRouter(prefix="/v1/contacts/{id}/meetings", tags=["meetings"], route_class=LeanRoute)


@router.post("", summary="Schedule a meeting", status_code=201, responses=writes(Contact, 201), openapi_extra=takes(MEETING))
async def schedule_meeting(visit: Visiting, id: str) -> Response:
    given = (await visit.form("contacts.manage", MEETING)).given()

    async def make(command_id: str, sealed: dict[str, Any]) -> Command:
        return ScheduleMeeting.model_validate({"meeting_id": f"meeting-{command_id}", **sealed})

    return await send_to_contact(visit, id, given, make, 201)


@router.patch("/{meeting_id}", summary="Move a meeting", responses=writes(Contact), openapi_extra=takes(MOVE))
async def move_meeting(visit: Visiting, id: str, meeting_id: str) -> Response:
    return await _change_own_meeting(visit, id, meeting_id, MOVE, MoveMeeting)


@router.post(
    "/{meeting_id}/cancellation", summary="Cancel a meeting", responses=writes(Contact), openapi_extra=takes(CANCELLATION)
)
async def cancel_meeting(visit: Visiting, id: str, meeting_id: str) -> Response:
    return await _change_own_meeting(visit, id, meeting_id, CANCELLATION, CancelMeeting)


@router.post(
    "/{meeting_id}/held", summary="A meeting took place, with its outcome", responses=writes(Contact), openapi_extra=takes(HELD)
)
async def record_meeting_held(visit: Visiting, id: str, meeting_id: str) -> Response:
    return await _change_meeting(visit, id, meeting_id, HELD, RecordMeetingHeld)


@router.post("/{meeting_id}/missed", summary="A meeting was missed", responses=writes(Contact), openapi_extra=takes(MISSED))
async def record_meeting_missed(visit: Visiting, id: str, meeting_id: str) -> Response:
    return await _change_meeting(visit, id, meeting_id, MISSED, RecordMeetingMissed)


@router.post(
    "/{meeting_id}/follow-up",
    summary="After a meeting: the next step, the next meeting or the end",
    responses=writes(Contact),
    openapi_extra=takes(FOLLOW_UP),
)
async def follow_up_meeting(visit: Visiting, id: str, meeting_id: str) -> Response:
    require_id(meeting_id, "meeting")
    given = (await visit.form("contacts.manage", FOLLOW_UP)).given()

    async def make(command_id: str, sealed: dict[str, Any]) -> Command:
        fields: dict[str, Any] = {**sealed, "meeting_id": meeting_id}
        if sealed.get("next_meeting"):
            fields["next_meeting"] = {**sealed["next_meeting"], "meeting_id": f"meeting-{command_id}"}
        return FollowUpMeeting.model_validate(fields)

    return await send_to_contact(visit, id, given, make)


async def _change_meeting(visit: Visit, id: str, meeting_id: str, form: type[Form], command: type[Command]) -> Response:
    require_id(meeting_id, "meeting")
    return await change_contact(visit, id, form, command, meeting_id=meeting_id)


async def _change_own_meeting(visit: Visit, id: str, meeting_id: str, form: type[Form], command: type[Command]) -> Response:
    """For staff, and for the two sides whose talk it is."""
    require_id(meeting_id, "meeting")

    async def make(_: str, sealed: dict[str, Any]) -> Command:
        return command.model_validate({**sealed, "meeting_id": meeting_id})

    return await take_part(visit, id, "contacts.meet", form, make)

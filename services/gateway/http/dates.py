"""Dates for a talk of a contact: proposed by one side, chosen or declined by the other."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.gateway.http.contact_commands import take_part
from services.gateway.http.forms import MeetingPlace, Words, form_of, takes
from services.gateway.http.openapi import writes
from services.gateway.http.reading import require_id
from services.gateway.http.shapes.contacts import Contact
from services.gateway.http.visit import LeanRoute, Visiting
from services.matching.contract import ChooseDate, DeclineDates, ProposeDates

ACTION = "contacts.dates"
DATES = form_of(ProposeDates, without={"proposal_id", "asked_first", "by_itself"}, place=MeetingPlace)
CHOICE = form_of(ChooseDate, without={"proposal_id", "meeting_id"})
REFUSAL = form_of(DeclineDates, without={"proposal_id"}, reason=Words)

router = APIRouter(prefix="/v1/contacts/{id}/date-proposals", tags=["meetings"], route_class=LeanRoute)


@router.post(
    "", summary="Propose dates for a talk", status_code=201, responses=writes(Contact, 201), openapi_extra=takes(DATES)
)
async def propose_dates(visit: Visiting, id: str) -> Response:
    async def make(command_id: str, sealed: dict[str, Any]) -> Command:
        return ProposeDates.model_validate({"proposal_id": f"dates-{command_id}", **sealed})

    return await take_part(visit, id, ACTION, DATES, make, status=201)


@router.post(
    "/{proposal_id}/choice", summary="Choose one of the proposed dates", responses=writes(Contact), openapi_extra=takes(CHOICE)
)
async def choose_date(visit: Visiting, id: str, proposal_id: str) -> Response:
    require_id(proposal_id, "dates")

    async def make(command_id: str, sealed: dict[str, Any]) -> Command:
        return ChooseDate.model_validate({**sealed, "proposal_id": proposal_id, "meeting_id": f"meeting-{command_id}"})

    return await take_part(visit, id, ACTION, CHOICE, make)


@router.post(
    "/{proposal_id}/decline", summary="None of the dates suits", responses=writes(Contact), openapi_extra=takes(REFUSAL)
)
async def decline_dates(visit: Visiting, id: str, proposal_id: str) -> Response:
    require_id(proposal_id, "dates")

    async def make(_: str, sealed: dict[str, Any]) -> Command:
        return DeclineDates.model_validate({**sealed, "proposal_id": proposal_id})

    return await take_part(visit, id, ACTION, REFUSAL, make)

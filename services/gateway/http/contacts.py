"""Contacts: propose, answer, arrange, plan, close. Their meetings are in meetings.py."""

import asyncio
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.gateway.house import Document
from services.gateway.http.contact_commands import NEXT_STEP, SEEN, answer_contact, change_contact, send_to_contact
from services.gateway.http.forms import Words, form_of, takes
from services.gateway.http.moments import AS_OF, as_of, read_as_of, read_events
from services.gateway.http.openapi import reads, reads_page_of, writes
from services.gateway.http.reading import Paging, read_one, read_page
from services.gateway.http.shapes.contacts import Contact, ContactEvent
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import carry_out, show_view
from services.gateway.problems import Problem
from services.gateway.same_address import require_two
from services.matching.contract import (
    AcceptContact,
    AgreeCooperation,
    ArrangeContact,
    AssignContact,
    CloseContact,
    CompleteNextStep,
    DeclineContact,
    PlanNextStep,
    ProposeContact,
    ReopenContact,
    contact_stream,
)

PROPOSAL = form_of(ProposeContact, without={"coordinator", *SEEN})
ACCEPTANCE = form_of(AcceptContact, without=SEEN)
DECLINE = form_of(DeclineContact, reason=Words)
ARRANGEMENT = form_of(ArrangeContact, without=SEEN, next_step=NEXT_STEP | None)
COMPLETION = form_of(CompleteNextStep, then=NEXT_STEP)
COOPERATION = form_of(AgreeCooperation, next_step=NEXT_STEP)
CLOSING = form_of(CloseContact)
ASSIGNMENT = form_of(AssignContact)
REOPENING = form_of(ReopenContact, without=SEEN, next_step=NEXT_STEP)

router = APIRouter(prefix="/v1/contacts", tags=["contacts"], route_class=LeanRoute)


@router.post("", summary="Propose a contact", status_code=201, responses=writes(Contact, 201), openapi_extra=takes(PROPOSAL))
async def propose_contact(visit: Visiting) -> Response:
    given = (await visit.form("contacts.propose", PROPOSAL)).given()
    person, company, _ = await asyncio.gather(
        referred(visit, "people", "person_id", given),
        referred(visit, "companies", "company_id", given),
        referred(visit, "needs", "need_id", given),
    )
    require_two(person, company)
    versions = {"person_version": person["version"], "company_version": company["version"]}

    async def make(_: str) -> tuple[str, Command]:
        command = ProposeContact.model_validate({**given, **versions, "coordinator": visit.caller.id})
        return contact_stream(command.person_id, command.company_id, command.need_id), command

    return await carry_out(visit, make, show_view(visit, "contacts", 201))


@router.get("", summary="Contacts, page by page", responses=reads_page_of(Contact))
async def list_contacts(visit: Visiting, page: Paging) -> Response:
    return await read_page(visit, "contacts", page)


@router.get("/{id}", summary="One contact, also as it stood", responses=reads(Contact), openapi_extra=AS_OF)
async def get_contact(visit: Visiting, id: str) -> Response:
    moment = as_of(visit)
    return await (read_one(visit, "contacts", id) if moment is None else read_as_of(visit, id, moment))


@router.get(
    "/{id}/events",
    summary="Everything that happened in a contact, in order, also up to a moment",
    responses=reads_page_of(ContactEvent),
    openapi_extra=AS_OF,
)
async def get_contact_events(visit: Visiting, id: str) -> Response:
    return await read_events(visit, id, as_of(visit))


@router.post("/{id}/acceptances", summary="Accept for one side", responses=writes(Contact), openapi_extra=takes(ACCEPTANCE))
async def accept_contact(visit: Visiting, id: str) -> Response:
    return await answer_contact(visit, id, ACCEPTANCE, AcceptContact)


@router.post("/{id}/declines", summary="Decline for one side", responses=writes(Contact), openapi_extra=takes(DECLINE))
async def decline_contact(visit: Visiting, id: str) -> Response:
    return await answer_contact(visit, id, DECLINE, DeclineContact)


@router.post(
    "/{id}/arrangement",
    summary="Arrange a contact that both sides accepted",
    responses=writes(Contact),
    openapi_extra=takes(ARRANGEMENT, optional=True),
)
async def arrange_contact(visit: Visiting, id: str) -> Response:
    return await change_contact(visit, id, ARRANGEMENT, ArrangeContact, optional=True)


@router.put(
    "/{id}/assignment",
    summary="Say who looks after a contact, and who stands in",
    responses=writes(Contact),
    openapi_extra=takes(ASSIGNMENT),
)
async def assign_contact(visit: Visiting, id: str) -> Response:
    return await change_contact(visit, id, ASSIGNMENT, AssignContact)


@router.put("/{id}/next-step", summary="Plan the next step", responses=writes(Contact), openapi_extra=takes(NEXT_STEP))
async def plan_next_step(visit: Visiting, id: str) -> Response:
    step = (await visit.form("contacts.manage", NEXT_STEP)).given()

    async def make(_: str, sealed: dict[str, Any]) -> Command:
        return PlanNextStep.model_validate({"next_step": sealed})

    return await send_to_contact(visit, id, step, make)


@router.post(
    "/{id}/next-step/completion",
    summary="The next step is done, and what follows",
    responses=writes(Contact),
    openapi_extra=takes(COMPLETION),
)
async def complete_next_step(visit: Visiting, id: str) -> Response:
    return await change_contact(visit, id, COMPLETION, CompleteNextStep)


@router.post("/{id}/cooperation", summary="Agree a cooperation", responses=writes(Contact), openapi_extra=takes(COOPERATION))
async def agree_cooperation(visit: Visiting, id: str) -> Response:
    return await change_contact(visit, id, COOPERATION, AgreeCooperation)


@router.post("/{id}/closing", summary="Close a contact", responses=writes(Contact), openapi_extra=takes(CLOSING))
async def close_contact(visit: Visiting, id: str) -> Response:
    return await change_contact(visit, id, CLOSING, CloseContact, words=frozenset())


@router.post("/{id}/reopening", summary="Reopen a contact", responses=writes(Contact), openapi_extra=takes(REOPENING))
async def reopen_contact(visit: Visiting, id: str) -> Response:
    await _require_two_still(visit, id)
    return await change_contact(visit, id, REOPENING, ReopenContact)


async def _require_two_still(visit: Visit, id: str) -> None:
    """Addresses may have changed while the contact rested."""
    contact = await visit.gateway.views["contacts"].find_one({"_id": id}) or {}
    sides = (("people", contact.get("person_id")), ("companies", contact.get("company_id")))
    person, company = [await visit.gateway.views[name].find_one({"_id": side}) or {} for name, side in sides]
    require_two(person, company, field="")


async def referred(visit: Visit, collection: str, field: str, given: dict[str, str]) -> Document:
    """The document that a field of the body speaks of; raises a 422 problem."""
    document = await visit.gateway.views[collection].find_one({"_id": given[field], "erased_at": None})
    if document is None:
        name = field.removesuffix("_id")
        raise Problem(422, f"{name}-unknown", f"there is no {name} with this id", field=field)
    return document

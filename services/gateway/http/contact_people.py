"""Further contact people of companies: each is sealed with a key of their own, so that each can be forgotten alone."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.gateway.http.companies import COMPANY
from services.gateway.http.forms import Email, Name, Phone, form_of, takes
from services.gateway.http.openapi import writes
from services.gateway.http.profiles import change, send
from services.gateway.http.reading import require_id
from services.gateway.http.shapes.companies import Company
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.profiles.contract import CONTACT_PERSON_SEALED, AddContactPerson, RemoveContactPerson

ACTION = "companies.update"
CONTACT_PERSON = form_of(AddContactPerson, without={"contact_person_id"}, name=Name, email=Email, phone=Phone)

router = APIRouter(prefix="/v1/companies/{id}/contact-people", tags=["companies"], route_class=LeanRoute)


@router.post(
    "", summary="Add a contact person", status_code=201, responses=writes(Company, 201), openapi_extra=takes(CONTACT_PERSON)
)
async def add_contact_person(visit: Visiting, id: str) -> Response:
    given = (await visit.form(ACTION, CONTACT_PERSON)).given()

    async def make(command_id: str) -> Command:
        return await _sealed(visit, f"contactperson-{command_id}", given, new=True)

    return await change(visit, COMPANY, id, ACTION, make, 201)


@router.delete("/{contact_person_id}", summary="Remove a contact person", responses=writes(Company))
async def remove_contact_person(visit: Visiting, id: str, contact_person_id: str) -> Response:
    require_id(contact_person_id, "contactperson")
    return await send(visit, COMPANY, id, ACTION, RemoveContactPerson, {"contact_person_id": contact_person_id})


async def _sealed(visit: Visit, owner: str, given: dict[str, Any], *, new: bool = False) -> Command:
    clear = {name: given[name] for name in CONTACT_PERSON_SEALED if name in given}
    sealed = await visit.gateway.seal(owner, clear, new=new)
    return AddContactPerson.model_validate({"contact_person_id": owner, **given, **sealed})

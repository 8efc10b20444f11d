"""People: create, read, update; their consents."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.disclosing import CONSENTS
from services.gateway.http import profiles, shown_people
from services.gateway.http.forms import Address, Email, Evidence, Name, OptionalName, Phone, form_of, takes
from services.gateway.http.openapi import finds, reads, writes
from services.gateway.http.reading import read_one
from services.gateway.http.search import answer_search, searches
from services.gateway.http.shapes.people import Person
from services.gateway.http.visit import LeanRoute, Visiting
from services.profiles.contract import PERSON_SEALED, ConsentPurpose, CreatePerson, GrantConsent, UpdatePerson

PERSON = profiles.Kind("people", "person", PERSON_SEALED, ("available_from", "weekly_hours"))
NEW_PERSON = form_of(
    CreatePerson,
    without={"origin"},
    evidence=Evidence,
    name=Name,
    own_script_name=OptionalName,
    email=Email,
    phone=Phone,
    address=Address,
)
CHANGED_PERSON = form_of(
    UpdatePerson,
    without={"cleared"},
    evidence=Evidence,
    name=Name | None,
    own_script_name=OptionalName | None,
    email=Email | None,
    phone=Phone | None,
    address=Address | None,
)
CONSENT = form_of(GrantConsent)

router = APIRouter(prefix="/v1/people", tags=["people"], route_class=LeanRoute)


@router.post("", summary="Create a person", status_code=201, responses=writes(Person, 201), openapi_extra=takes(NEW_PERSON))
async def create_person(visit: Visiting) -> Response:
    return await profiles.create(visit, PERSON, NEW_PERSON, CreatePerson)


@router.get("", summary="People, searched, page by page", responses=finds(Person), openapi_extra=searches("people"))
async def list_people(visit: Visiting) -> Response:
    return await answer_search(visit, "people")


@router.get("/{id}", summary="One person", responses=reads(Person))
async def get_person(visit: Visiting, id: str) -> Response:
    if visit.caller.role in CONSENTS:
        return await shown_people.read_person(visit, id)
    return await read_one(visit, "people", id)


@router.patch("/{id}", summary="State fields of a person anew", responses=writes(Person), openapi_extra=takes(CHANGED_PERSON))
async def update_person(visit: Visiting, id: str) -> Response:
    return await profiles.update(visit, PERSON, id, CHANGED_PERSON, UpdatePerson)


@router.post("/{id}/consents", summary="Record a consent", responses=writes(Person), openapi_extra=takes(CONSENT))
async def grant_consent(visit: Visiting, id: str) -> Response:
    return await profiles.grant_consent(visit, PERSON, id, CONSENT)


@router.delete("/{id}/consents/{purpose}", summary="Withdraw a consent", responses=writes(Person))
async def withdraw_consent(visit: Visiting, id: str, purpose: ConsentPurpose) -> Response:
    return await profiles.withdraw_consent(visit, PERSON, id, purpose)

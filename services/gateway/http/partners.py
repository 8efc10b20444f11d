"""Partner organisations: create, read, update; their consents."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.http import profiles
from services.gateway.http.forms import Email, Evidence, OptionalName, Phone, form_of, takes
from services.gateway.http.openapi import reads, reads_page_of, writes
from services.gateway.http.reading import Paging, read_one, read_page
from services.gateway.http.shapes.partners import Partner
from services.gateway.http.visit import LeanRoute, Visiting
from services.profiles.contract import (
    PARTNER_SEALED,
    ConsentPurpose,
    CreatePartner,
    GrantConsent,
    SetSharingScope,
    UpdatePartner,
)

PARTNER = profiles.Kind("partners", "partner", PARTNER_SEALED)
NEW_PARTNER = form_of(
    CreatePartner, without={"origin"}, evidence=Evidence, contact_name=OptionalName, contact_email=Email, contact_phone=Phone
)
CHANGED_PARTNER = form_of(
    UpdatePartner, evidence=Evidence, contact_name=OptionalName | None, contact_email=Email | None, contact_phone=Phone | None
)
SHARING = form_of(SetSharingScope)
CONSENT = form_of(GrantConsent)

router = APIRouter(prefix="/v1/partners", tags=["partners"], route_class=LeanRoute)


@router.post("", summary="Create a partner", status_code=201, responses=writes(Partner, 201), openapi_extra=takes(NEW_PARTNER))
async def create_partner(visit: Visiting) -> Response:
    return await profiles.create(visit, PARTNER, NEW_PARTNER, CreatePartner)


@router.get("", summary="Partners, page by page", responses=reads_page_of(Partner))
async def list_partners(visit: Visiting, page: Paging) -> Response:
    return await read_page(visit, "partners", page)


@router.get("/{id}", summary="One partner", responses=reads(Partner))
async def get_partner(visit: Visiting, id: str) -> Response:
    return await read_one(visit, "partners", id)


@router.patch(
    "/{id}", summary="State fields of a partner anew", responses=writes(Partner), openapi_extra=takes(CHANGED_PARTNER)
)
async def update_partner(visit: Visiting, id: str) -> Response:
    return await profiles.update(visit, PARTNER, id, CHANGED_PARTNER, UpdatePartner)


@router.post("/{id}/consents", summary="Record a consent", responses=writes(Partner), openapi_extra=takes(CONSENT))
async def grant_consent(visit: Visiting, id: str) -> Response:
    return await profiles.grant_consent(visit, PARTNER, id, CONSENT)


@router.delete("/{id}/consents/{purpose}", summary="Withdraw a consent", responses=writes(Partner))
async def withdraw_consent(visit: Visiting, id: str, purpose: ConsentPurpose) -> Response:
    return await profiles.withdraw_consent(visit, PARTNER, id, purpose)


@router.put("/{id}/sharing", summary="Say what a partner shares", responses=writes(Partner), openapi_extra=takes(SHARING))
async def set_sharing_scope(visit: Visiting, id: str) -> Response:
    scope = (await visit.form("partners.update", SHARING)).given()
    return await profiles.send(visit, PARTNER, id, "partners.update", SetSharingScope, scope)

"""Companies: create, read, update; their consents."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.http import profiles
from services.gateway.http.forms import Email, Evidence, Name, Phone, form_of, takes
from services.gateway.http.openapi import finds, reads, writes
from services.gateway.http.reading import read_one
from services.gateway.http.search import answer_search, searches
from services.gateway.http.shapes.companies import Company
from services.gateway.http.visit import LeanRoute, Visiting
from services.profiles.contract import COMPANY_SEALED, ConsentPurpose, CreateCompany, GrantConsent, UpdateCompany

COMPANY = profiles.Kind("companies", "company", COMPANY_SEALED, ("industry",))
NEW_COMPANY = form_of(
    CreateCompany, without={"origin"}, evidence=Evidence, contact_name=Name, contact_email=Email, contact_phone=Phone
)
CHANGED_COMPANY = form_of(
    UpdateCompany,
    without={"cleared"},
    evidence=Evidence,
    contact_name=Name | None,
    contact_email=Email | None,
    contact_phone=Phone | None,
)
CONSENT = form_of(GrantConsent)

router = APIRouter(prefix="/v1/companies", tags=["companies"], route_class=LeanRoute)


@router.post("", summary="Create a company", status_code=201, responses=writes(Company, 201), openapi_extra=takes(NEW_COMPANY))
async def create_company(visit: Visiting) -> Response:
    return await profiles.create(visit, COMPANY, NEW_COMPANY, CreateCompany)


@router.get("", summary="Companies, searched, page by page", responses=finds(Company), openapi_extra=searches("companies"))
async def list_companies(visit: Visiting) -> Response:
    return await answer_search(visit, "companies")


@router.get("/{id}", summary="One company", responses=reads(Company))
async def get_company(visit: Visiting, id: str) -> Response:
    return await read_one(visit, "companies", id)


@router.patch(
    "/{id}", summary="State fields of a company anew", responses=writes(Company), openapi_extra=takes(CHANGED_COMPANY)
)
async def update_company(visit: Visiting, id: str) -> Response:
    return await profiles.update(visit, COMPANY, id, CHANGED_COMPANY, UpdateCompany)


@router.post("/{id}/consents", summary="Record a consent", responses=writes(Company), openapi_extra=takes(CONSENT))
async def grant_consent(visit: Visiting, id: str) -> Response:
    return await profiles.grant_consent(visit, COMPANY, id, CONSENT)


@router.delete("/{id}/consents/{purpose}", summary="Withdraw a consent", responses=writes(Company))
async def withdraw_consent(visit: Visiting, id: str, purpose: ConsentPurpose) -> Response:
    return await profiles.withdraw_consent(visit, COMPANY, id, purpose)

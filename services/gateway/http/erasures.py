"""Being forgotten: DELETE of a profile, and the erasure with the stores that have confirmed it."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.house import Document
from services.gateway.http.openapi import reads, reads_page_of, writes
from services.gateway.http.reading import Paging, find, find_even_erased, read_one, read_page, shown
from services.gateway.http.shapes.common import Shape
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import ViewLate, carry_out, watched
from services.gateway.kin import kin_of
from services.gateway.permissions import require, require_for
from services.gateway.search.about import searches_about
from services.profiles.contract import EraseProfile, Store, erasure_stream

NOTICE = {"people": ("name", "email"), "companies": ("contact_name", "contact_email"), "partners": ("name", "contact_email")}
"""The fields with whom and where the receipt is sent to."""

router = APIRouter(prefix="/v1", tags=["erasures"], route_class=LeanRoute)


class CleanedStore(BaseModel):
    """A store, and since when it holds nothing readable; null while it has not confirmed."""

    store: Store
    confirmed_at: datetime | None


class Confirmation(BaseModel):
    """What was confirmed of whom: of the profile itself, or of what belonged to it."""

    owner: str
    stores: list[Store]
    confirmed_at: datetime


class Erasure(Shape):
    """An erasure. ``receipt``: what became of the mail to whom was erased."""

    owner: str
    kind: Literal["person", "company", "partner"]
    state: Literal["running", "completed"]
    erased_at: datetime
    completed_at: datetime | None
    owners: list[str]
    stores: list[CleanedStore]
    confirmations: list[Confirmation] = Field(default_factory=list)
    receipt: Literal["none", "waiting", "sent", "failed"]


@router.delete("/people/{id}", summary="Erase a person for good", responses=writes(Erasure))
async def erase_person(visit: Visiting, id: str) -> Response:
    return await _erase(visit, "people", id)


@router.delete("/companies/{id}", summary="Erase a company for good", responses=writes(Erasure))
async def erase_company(visit: Visiting, id: str) -> Response:
    return await _erase(visit, "companies", id)


@router.delete("/partners/{id}", summary="Erase a partner for good", responses=writes(Erasure))
async def erase_partner(visit: Visiting, id: str) -> Response:
    return await _erase(visit, "partners", id)


@router.get("/erasures", summary="Erasures, page by page", responses=reads_page_of(Erasure))
async def list_erasures(visit: Visiting, page: Paging) -> Response:
    return await read_page(visit, "erasures", page, {"owner": {"$ne": None}})


@router.get("/erasures/{id}", summary="An erasure with what each store confirmed", responses=reads(Erasure))
async def get_erasure(visit: Visiting, id: str) -> Response:
    return await read_one(visit, "erasures", id)


async def _erase(visit: Visit, collection: str, id: str) -> Response:
    """Erases the profile and shows the erasure; of one that is erased already, shows how far it is."""
    require(visit.caller, f"{collection}.erase")
    document = await find_even_erased(visit, collection, id)
    require_for(visit.caller, f"{collection}.erase", document)
    if document.get("erased_at"):
        return await _shown(visit, await find(visit, "erasures", document["erasure_id"]))

    async def make(_: str) -> tuple[str, Command]:
        return id, await _command(visit, collection, document)

    async def show(outcome: Outcome) -> Response:
        await watched(visit, collection, outcome)
        return await _shown(visit, await _begun(visit, erasure_stream(id)))

    return await carry_out(visit, make, show)


async def _command(visit: Visit, collection: str, document: Document) -> EraseProfile:
    """Name and address for the receipt are sealed with a key of the erasure's own, which goes when the mail is sent."""
    name, email = (document.get(field) or "" for field in NOTICE[collection])
    clear = {"notice_name": name, "notice_email": email} if email else {}
    sealed = await visit.gateway.seal(erasure_stream(document["_id"]), clear, new=bool(email))
    language = document.get("preferred_language") or "de"
    kin = await kin_of(visit.gateway.views, collection, document)
    also = (*kin, *await searches_about(visit.gateway, document))
    return EraseProfile(also=also, language=language, **sealed)


async def _begun(visit: Visit, id: str) -> Document:
    """The erasure once it has begun; a store may have confirmed before. Raises ViewLate."""
    version, patience = 1, visit.gateway.settings.answer_deadline_seconds
    while True:
        document = await visit.gateway.watch.at_least("erasures", id, version, patience)
        if document is None:
            raise ViewLate
        if document.get("owner"):
            return document
        version = document["version"] + 1


async def _shown(visit: Visit, document: Document) -> Response:
    return await shown(visit, "erasures", document, location=f"/v1/erasures/{document['_id']}")

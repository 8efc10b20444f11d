"""Where a profile comes from: the prospect that it was, with every approach, or the referral that it is made of."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.http.openapi import reads
from services.gateway.http.reading import JSON, dump, find, public
from services.gateway.http.shapes.history import History
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.permissions import hidden, require, require_for

router = APIRouter(prefix="/v1", route_class=LeanRoute)


@router.get("/people/{id}/history", summary="How a person was won", tags=["people"], responses=reads(History))
async def get_history_of_person(visit: Visiting, id: str) -> Response:
    return await _read_history(visit, "people", id)


@router.get("/companies/{id}/history", summary="How a company was won", tags=["companies"], responses=reads(History))
async def get_history_of_company(visit: Visiting, id: str) -> Response:
    return await _read_history(visit, "companies", id)


@router.get("/partners/{id}/history", summary="How a partner was won", tags=["partners"], responses=reads(History))
async def get_history_of_partner(visit: Visiting, id: str) -> Response:
    return await _read_history(visit, "partners", id)


async def _read_history(visit: Visit, collection: str, id: str) -> Response:
    """For staff and control: what staff note of a talk is theirs. Raises 403 and 404 problems."""
    without = hidden(require(visit.caller, "prospects.read"), "prospects")
    require_for(visit.caller, f"{collection}.read", await find(visit, collection, id))
    prospect = await visit.gateway.views["prospects"].find_one({"profile_id": id})
    if prospect is not None:
        told = _of_prospect(public(prospect, without))
    else:
        told = {"origin": await _referral(visit, id), "approaches": [], "agreed_at": None}
    return Response(dump({"id": id, **told}), media_type=JSON)


def _of_prospect(prospect: dict[str, Any]) -> dict[str, Any]:
    about = {name: prospect.get(name) for name in ("found_through", "source", "coordinator", "identified_at")}
    origin = {"kind": "prospect", "id": prospect["id"], **about}
    return {"origin": origin, "approaches": prospect["approaches"], "agreed_at": prospect.get("agreed_at")}


async def _referral(visit: Visit, person_id: str) -> dict[str, Any] | None:
    referral = await visit.gateway.views["referrals"].find_one({"person_id": person_id})
    if referral is None:
        return None
    return {
        "kind": "referral",
        "id": referral["_id"],
        "source": referral["partner_id"],
        "identified_at": referral["received_at"],
    }

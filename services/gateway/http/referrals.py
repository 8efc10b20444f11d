"""Whom partners recommend: read, accept, reject. Partners hand them in over gRPC."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.gateway.http.forms import Reason, form_of, takes
from services.gateway.http.openapi import reads, reads_page_of, writes
from services.gateway.http.reading import Paging, find, read_one, read_page
from services.gateway.http.shapes.referrals import Referral
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import carry_out, show_view
from services.gateway.permissions import require_for
from services.gateway.problems import Problem
from services.profiles.contract import AcceptReferral, RejectReferral

ACCEPTANCE = form_of(AcceptReferral)
REJECTION = form_of(RejectReferral, reason=Reason)

router = APIRouter(prefix="/v1/referrals", tags=["referrals"], route_class=LeanRoute)


@router.get("", summary="Referrals, page by page", responses=reads_page_of(Referral))
async def list_referrals(visit: Visiting, page: Paging) -> Response:
    return await read_page(visit, "referrals", page)


@router.get("/{id}", summary="One referral", responses=reads(Referral))
async def get_referral(visit: Visiting, id: str) -> Response:
    return await read_one(visit, "referrals", id)


@router.post("/{id}/acceptance", summary="Accept a referral", responses=writes(Referral), openapi_extra=takes(ACCEPTANCE))
async def accept_referral(visit: Visiting, id: str) -> Response:
    command = AcceptReferral.model_validate((await visit.form("referrals.decide", ACCEPTANCE)).given())
    if await visit.gateway.views["people"].find_one({"_id": command.person_id, "erased_at": None}) is None:
        raise Problem(422, "person-unknown", "there is no person with this id", field="person_id")
    return await _decide(visit, id, command)


@router.post("/{id}/rejection", summary="Reject a referral", responses=writes(Referral), openapi_extra=takes(REJECTION))
async def reject_referral(visit: Visiting, id: str) -> Response:
    given = (await visit.form("referrals.decide", REJECTION)).given()
    await find(visit, "referrals", id)
    sealed = await visit.gateway.seal_words(id, given, {"reason"})
    return await _decide(visit, id, RejectReferral.model_validate(sealed))


async def _decide(visit: Visit, id: str, command: Command) -> Response:
    require_for(visit.caller, "referrals.decide", await find(visit, "referrals", id))

    async def make(_: str) -> tuple[str, Command]:
        return id, command

    return await carry_out(visit, make, show_view(visit, "referrals"))

"""What companies look for, and the people for it."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.http.forms import Evidence, form_of, takes
from services.gateway.http.openapi import finds, reads, writes
from services.gateway.http.profiles import attributed, with_words_sealed
from services.gateway.http.reading import JSON, dump, find, read_one, shown
from services.gateway.http.search import answer_search, searches
from services.gateway.http.shapes.needs import Candidates, Need
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import Show, carry_out, watched
from services.gateway.permissions import require_for
from services.gateway.problems import not_found
from services.gateway.shown_rankings import shown_candidates
from services.profiles.contract import StateNeed, WithdrawNeed

NEW_NEED = form_of(StateNeed, without={"need_id"}, evidence=Evidence)

router = APIRouter(tags=["companies"], route_class=LeanRoute)


@router.post(
    "/v1/companies/{id}/needs",
    summary="State what a company looks for",
    status_code=201,
    responses=writes(Need, 201),
    openapi_extra=takes(NEW_NEED),
)
async def state_need(visit: Visiting, id: str) -> Response:
    given = attributed(visit.caller, (await visit.form("needs.state", NEW_NEED)).given())
    require_for(visit.caller, "needs.state", {"company_id": (await find(visit, "companies", id))["_id"]})

    async def make(command_id: str) -> tuple[str, Command]:
        sealed = await with_words_sealed(visit, id, given)
        return id, StateNeed.model_validate({"need_id": f"need-{command_id}", **sealed})

    async def show(outcome: Outcome) -> Response:
        return await _show_need(visit, f"need-{outcome.command_id}", 201)(outcome)

    return await carry_out(visit, make, show)


@router.delete("/v1/companies/{id}/needs/{need_id}", summary="Withdraw a need", responses=writes(Need))
async def withdraw_need(visit: Visiting, id: str, need_id: str) -> Response:
    need = await find(visit, "needs", need_id)
    if need["company_id"] != id:
        raise not_found("need with this id at this company")
    require_for(visit.caller, "needs.state", need)

    async def make(_: str) -> tuple[str, Command]:
        return id, WithdrawNeed(need_id=need_id)

    return await carry_out(visit, make, _show_need(visit, need_id))


@router.get("/v1/needs", summary="Needs, searched, page by page", responses=finds(Need), openapi_extra=searches("needs"))
async def list_needs(visit: Visiting) -> Response:
    return await answer_search(visit, "needs")


@router.get("/v1/needs/{id}", summary="One need", responses=reads(Need))
async def get_need(visit: Visiting, id: str) -> Response:
    return await read_one(visit, "needs", id)


@router.get("/v1/needs/{id}/candidates", summary="The people for a need, best first", responses=reads(Candidates))
async def get_candidates(visit: Visiting, id: str) -> Response:
    grant = require_for(visit.caller, "needs.rank", await find(visit, "needs", id))
    ranking = await visit.gateway.views["rankings"].find_one({"_id": id}) or {}
    candidates = await shown_candidates(visit.gateway, visit.caller, grant, ranking)
    content = {"need_id": id, "ranked_at": ranking.get("ranked_at"), "items": [each for _, each in candidates]}
    return Response(dump(content), media_type=JSON)


def _show_need(visit: Visit, need_id: str, status: int = 200) -> Show:
    """Answers with the need once its company's document, which is written after it, has seen the outcome."""

    async def show(outcome: Outcome) -> Response:
        await watched(visit, "companies", outcome)
        location = f"/v1/needs/{need_id}" if status == 201 else ""
        return await shown(visit, "needs", await find(visit, "needs", need_id), status, location)

    return show

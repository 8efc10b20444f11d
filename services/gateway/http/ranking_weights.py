"""The weights of ranking: read, set, tried before they are set."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.house import Document
from services.gateway.http.forms import form_of, takes
from services.gateway.http.openapi import reads, reads_page_of, writes
from services.gateway.http.reading import JSON, dump, find, public
from services.gateway.http.shapes.rankings import RankingWeightsShape, SetOfWeights, WeightTrial
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import carry_out, watched
from services.gateway.permissions import require
from services.matching.contract import DEFAULT_WEIGHT_BY_CRITERION, WEIGHTS_STREAM, SetWeights, TryWeights

NEW_WEIGHTS = form_of(SetWeights)
TRIED_WEIGHTS = form_of(TryWeights)
PATH = "/v1/ranking-weights"

router = APIRouter(prefix=PATH, tags=["rankings"], route_class=LeanRoute)


@router.get("", summary="The weights of ranking that count", responses=reads(RankingWeightsShape))
async def get_weights(visit: Visiting) -> Response:
    require(visit.caller, "ranking-weights.read")
    return _answer(await _current(visit))


@router.put("", summary="Make other weights count", responses=writes(RankingWeightsShape), openapi_extra=takes(NEW_WEIGHTS))
async def set_weights(visit: Visiting) -> Response:
    given = (await visit.form("ranking-weights.set", NEW_WEIGHTS)).given()

    async def make(_: str) -> tuple[str, Command]:
        return WEIGHTS_STREAM, SetWeights.model_validate(given)

    async def show(outcome: Outcome) -> Response:
        return _answer(await watched(visit, "ranking_weights", outcome))

    return await carry_out(visit, make, show)


@router.get("/history", summary="All weights that were ever set, the last first", responses=reads_page_of(SetOfWeights))
async def get_history(visit: Visiting) -> Response:
    require(visit.caller, "ranking-weights.read")
    items = list(reversed((await _current(visit)).get("history", [])))
    return Response(dump({"items": items, "next": None}), media_type=JSON)


@router.post(
    "/trials",
    summary="Try weights on the present rankings, without changing anything",
    status_code=201,
    responses=writes(WeightTrial, 201),
    openapi_extra=takes(TRIED_WEIGHTS),
)
async def try_weights(visit: Visiting) -> Response:
    given = (await visit.form("weight-trials.begin", TRIED_WEIGHTS)).given()

    async def make(command_id: str) -> tuple[str, Command]:
        return f"trial-{command_id}", TryWeights.model_validate(given)

    async def show(outcome: Outcome) -> Response:
        return _trial(await watched(visit, "weight_trials", outcome), 201)

    return await carry_out(visit, make, show)


@router.get("/trials/{id}", summary="What came of a trial: who would gain and who would lose", responses=reads(WeightTrial))
async def get_trial(visit: Visiting, id: str) -> Response:
    require(visit.caller, "weight-trials.read")
    return _trial(await find(visit, "weight_trials", id), 200)


async def _current(visit: Visit) -> Document:
    found: Document | None = await visit.gateway.views["ranking_weights"].find_one({"_id": WEIGHTS_STREAM})
    default = {"weights_version": 0, "weights": DEFAULT_WEIGHT_BY_CRITERION, "note": "", "set_at": None, "set_by": None}
    return found or {"_id": WEIGHTS_STREAM, "version": 0, **default}


def _answer(document: Document) -> Response:
    told = public(document, frozenset({"history", "updated_at"}))
    return Response(dump(told), headers={"etag": f'"{told["version"]}"'}, media_type=JSON)


def _trial(document: Document, status: int) -> Response:
    headers = {"etag": f'"{document["version"]}"'}
    if status == 201:
        headers["location"] = f"{PATH}/trials/{document['_id']}"
    if document["state"] == "running":
        headers["retry-after"] = "1"
    return Response(dump(public(document, frozenset())), status, headers, JSON)

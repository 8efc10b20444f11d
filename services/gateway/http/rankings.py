"""Who suits which need, why, and why not. The platform ranks and explains; people decide (EU AI Act, Annex III 4)."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.commander import DeadlinePassed
from services.gateway.disclosing import audience
from services.gateway.house import Document
from services.gateway.http.openapi import reads
from services.gateway.http.reading import JSON, dump, find
from services.gateway.http.shapes.rankings import NeedRanking, PairExplanation, PersonRanking
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import ViewLate, watched
from services.gateway.permissions import ALL, Grant, require_for
from services.gateway.problems import away, not_found, preferred_language, refused
from services.gateway.ranking_words import NOTICE, obstacles, verdicts
from services.gateway.shown_rankings import seen_verdicts, shown_candidates
from services.matching.contract import WEIGHTS_STREAM, ExplainPair, explanation_stream

router = APIRouter(prefix="/v1", route_class=LeanRoute)


@router.get(
    "/needs/{id}/ranking",
    summary="The people for a need, best first, and why",
    tags=["companies"],
    responses=reads(NeedRanking),
)
async def get_ranking_of_need(visit: Visiting, id: str) -> Response:
    grant = require_for(visit.caller, "needs.rank", await find(visit, "needs", id))
    ranking = await visit.gateway.views["rankings"].find_one({"_id": id}) or {}
    language = _language(visit)
    items = [
        {
            "person_id": each["person_id"],
            "place": place,
            "score": each["score"],
            "verdicts": verdicts(each["verdicts"], language, with_evidence=grant is ALL),
        }
        for place, each in await shown_candidates(visit.gateway, visit.caller, grant, ranking)
    ]
    told = {"need_id": id, "ranked_at": ranking.get("ranked_at"), "weights_version": ranking.get("weights_version")}
    return _answer({**told, "items": items}, language)


@router.get(
    "/people/{id}/ranking",
    summary="The needs for a person, best first, and why",
    tags=["people"],
    responses=reads(PersonRanking),
)
async def get_ranking_of_person(visit: Visiting, id: str) -> Response:
    grant = require_for(visit.caller, "people.rank", await find(visit, "people", id))
    ranking = await visit.gateway.views["person_rankings"].find_one({"_id": id}) or {}
    language = _language(visit)
    items = [
        {
            "need_id": each["need_id"],
            "company_id": each["company_id"],
            "score": each["score"],
            "verdicts": verdicts(each["verdicts"], language, with_evidence=grant is not Grant.THIN),
        }
        for each in ranking.get("needs", ())
    ]
    told = {"person_id": id, "ranked_at": ranking.get("ranked_at"), "weights_version": ranking.get("weights_version")}
    return _answer({**told, "items": items}, language)


@router.get(
    "/needs/{id}/people/{person_id}/explanation",
    summary="How a person stands for a need: what rules them out or costs most, and the smallest change that would turn it",
    tags=["companies"],
    responses=reads(PairExplanation),
)
async def get_explanation(visit: Visiting, id: str, person_id: str) -> Response:
    need = await find(visit, "needs", id)
    about = {"person_id": person_id, "company_id": need["company_id"]}
    grant = require_for(visit.caller, "explanations.read", about)
    person = await find(visit, "people", person_id)
    if visit.caller.role == "company":
        await _require_shown(visit, person_id)
    found = await _explained(visit, need, person)
    language = _language(visit)
    with_facts = grant is ALL or visit.caller.role == "person"
    kept = ("need_id", "person_id", "need_open", "score", "weights_version", "explained_at")
    told = {
        **{name: found[name] for name in kept},
        "ruled_out": bool(found["ruled_out_by"]),
        "ruled_out_by": obstacles(found["ruled_out_by"], language, with_facts),
        "costs": obstacles(found["costs"], language, with_facts),
        "verdicts": verdicts(seen_verdicts(visit.caller, grant, found["verdicts"]), language, with_evidence=with_facts),
    }
    return _answer(told, language)


async def _explained(visit: Visit, need: Document, person: Document) -> Document:
    """Asked of matching, which alone judges; raises 404 and 503 problems."""
    views = visit.gateway.views
    company = await views["companies"].find_one({"_id": need["company_id"]}, {"version": 1}) or {}
    weights = await views["ranking_weights"].find_one({"_id": WEIGHTS_STREAM}, {"weights_version": 1}) or {}
    command = ExplainPair(
        need_id=need["_id"],
        person_id=person["_id"],
        company_id=need["company_id"],
        person_version=person["version"],
        company_version=company.get("version", 0),
        weights_version=weights.get("weights_version", 0),
    )
    stream = explanation_stream(command.need_id, command.person_id)
    try:
        outcome = await visit.gateway.commander.execute(
            command, stream, visit.caller.actor, correlation_id=visit.correlation_id
        )
        if outcome.status == "refused":
            raise refused(outcome)
        if outcome.status == "parked":
            raise away()
        return await watched(visit, "explanations", outcome)
    except (DeadlinePassed, ViewLate):
        raise away() from None


async def _require_shown(visit: Visit, person_id: str) -> None:
    """A company may ask about people who agreed to be shown; raises a 404 problem."""
    wanted = {"_id": person_id, **await audience(visit.gateway, visit.caller)}
    if await visit.gateway.views["people"].find_one(wanted, {"_id": 1}) is None:
        raise not_found("person with this id who agreed to be shown to you")


def _language(visit: Visit) -> str:
    return preferred_language(visit.request.headers.get("accept-language", ""))


def _answer(told: dict[str, Any], language: str) -> Response:
    headers = {"content-language": language, "vary": "accept-language"}
    return Response(dump({**told, "notice": NOTICE[language]}), 200, headers, JSON)

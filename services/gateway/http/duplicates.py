"""Probable duplicates, with the reason, and staff saying that two profiles are not the same. For staff."""

import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.gateway.duplicates.comparing import Likeness
from services.gateway.duplicates.finder import Pair
from services.gateway.http.companies import COMPANY
from services.gateway.http.openapi import reads, reads_page_of, writes
from services.gateway.http.people import PERSON
from services.gateway.http.profiles import Kind, send
from services.gateway.http.reading import JSON, Paging, dump, find
from services.gateway.http.shapes.companies import Company
from services.gateway.http.shapes.duplicates import DuplicatePair, Duplicates
from services.gateway.http.shapes.people import Person
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.permissions import require
from services.gateway.problems import Problem
from services.profiles.contract import DismissDuplicate

Collection = Literal["people", "companies"]
_CURSOR = re.compile(r"([01](?:\.[0-9]{1,3})?)/([a-z]{4,13}-[0-9a-f-]{36})/([a-z]{4,13}-[0-9a-f-]{36})")

router = APIRouter(route_class=LeanRoute)


@router.get(
    "/v1/duplicates",
    tags=["people"],
    summary="Pairs that are probably the same, best first",
    responses=reads_page_of(DuplicatePair),
)
async def list_duplicates(
    visit: Visiting, page: Paging, kind: Annotated[Collection, Query(description="Of people or of companies")] = "people"
) -> Response:
    require(visit.caller, f"{kind}.merge")
    finder = visit.gateway.finders[kind]
    pairs, more = await finder.page(_behind(page.cursor), page.limit)
    items = [
        {"profiles": [finder.shown(each.first), finder.shown(each.second)], **_why(finder.likeness(each))} for each in pairs
    ]
    return Response(dump({"items": items, "next": _cursor(pairs[-1]) if more else None}), media_type=JSON)


@router.get(
    "/v1/people/{id}/duplicates", tags=["people"], summary="Who is probably the same person", responses=reads(Duplicates)
)
async def duplicates_of_person(visit: Visiting, id: str) -> Response:
    return await _of_one(visit, "people", id)


@router.get(
    "/v1/companies/{id}/duplicates",
    tags=["companies"],
    summary="What is probably the same company",
    responses=reads(Duplicates),
)
async def duplicates_of_company(visit: Visiting, id: str) -> Response:
    return await _of_one(visit, "companies", id)


@router.put(
    "/v1/people/{id}/duplicates/{other_id}/dismissal", tags=["people"], summary="These are two people", responses=writes(Person)
)
async def dismiss_person(visit: Visiting, id: str, other_id: str) -> Response:
    return await _dismiss(visit, PERSON, id, other_id)


@router.put(
    "/v1/companies/{id}/duplicates/{other_id}/dismissal",
    tags=["companies"],
    summary="These are two companies",
    responses=writes(Company),
)
async def dismiss_company(visit: Visiting, id: str, other_id: str) -> Response:
    return await _dismiss(visit, COMPANY, id, other_id)


async def _of_one(visit: Visit, collection: Collection, id: str) -> Response:
    require(visit.caller, f"{collection}.merge")
    finder = visit.gateway.finders[collection]
    found = await finder.like(await find(visit, collection, id))
    items = [{"profile": finder.told(document), **_why(likeness)} for document, likeness in found]
    return Response(dump({"items": items}), media_type=JSON)


async def _dismiss(visit: Visit, kind: Kind, id: str, other_id: str) -> Response:
    require(visit.caller, f"{kind.collection}.merge")
    await find(visit, kind.collection, other_id)
    return await send(visit, kind, id, f"{kind.collection}.merge", DismissDuplicate, {"other_id": other_id})


def _why(likeness: Likeness) -> dict[str, Any]:
    reasons = [{"fields": each.fields, "weight": each.weight, "de": each.de, "en": each.en} for each in likeness.reasons]
    return {"score": likeness.score, "reasons": reasons}


def _cursor(pair: Pair) -> str:
    return f"{pair.score:.3f}/{pair.first}/{pair.second}"


def _behind(cursor: str | None) -> Pair | None:
    """The pair that this cursor continues after; raises a 400 problem for what was never given out."""
    if cursor is None:
        return None
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Problem(400, "bad-cursor", "take the cursor from `next` of the page before", field="cursor")
    return Pair(-float(found[1]), found[2], found[3])

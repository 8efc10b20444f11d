"""Workshops as each caller may see them: one, or a page in the order of their dates."""

from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import AwareDatetime

from services.gateway.house import Document
from services.gateway.http.dated_pages import behind, cursor_behind, in_time
from services.gateway.http.reading import JSON, Page, dump, public
from services.gateway.http.visit import Visit
from services.gateway.permissions import Grant, hidden, require, scope
from services.gateway.security import Caller
from services.gateway.views.workshop import SEATED, registration_id
from services.matching.contract import WorkshopKind
from services.profiles.contract import LanguageCode, Region

STARTS = "starts_at"
WITHOUT_PEOPLE = {"registrations": 0, "waiting_line": 0}
"""Whoever reads workshops reads nobody who takes part."""


class Wanted:
    """Which workshops. ``filter``: the same as a query."""

    def __init__(
        self,
        kind: Annotated[WorkshopKind | None, Query()] = None,
        region: Annotated[Region | None, Query()] = None,
        language: Annotated[LanguageCode | None, Query()] = None,
        since: Annotated[AwareDatetime | None, Query(alias="from", description="Which start then or later")] = None,
        until: Annotated[AwareDatetime | None, Query(description="Which start before this moment")] = None,
        free: Annotated[bool, Query(description="Announced ones with a free place")] = False,
        mine: Annotated[
            bool, Query(description="In which the caller, or a guest of theirs, is registered; for staff: those that they hold")
        ] = False,
    ) -> None:
        self.mine = mine
        fields = {"kind": kind, "region": region, "language": language}
        self.filter: list[dict[str, Any]] = [{name: value} for name, value in fields.items() if value is not None]
        if since is not None:
            self.filter.append({STARTS: {"$gte": in_time(since, "from")}})
        if until is not None:
            self.filter.append({STARTS: {"$lt": in_time(until, "until")}})
        if free:
            self.filter.append({"state": "announced", "free_places": {"$gt": 0}})


WorkshopList = Annotated[Wanted, Depends(Wanted)]


async def read_workshops(visit: Visit, page: Page, wanted: Wanted) -> Response:
    """A page of workshops, the earliest first. Raises 400 and 403 problems."""
    require(visit.caller, "workshops.read")
    own = [await _own(visit)] if wanted.mine else []
    query = [*wanted.filter, *own, *([behind(STARTS, page.cursor)] if page.cursor is not None else [])]
    sought = visit.gateway.views["workshops"].find({"$and": query} if query else {}, WITHOUT_PEOPLE)
    found = await sought.sort([(STARTS, 1), ("_id", 1)]).limit(page.limit + 1).to_list()
    shown = found[: page.limit]
    further = cursor_behind(shown[-1][STARTS], shown[-1]["_id"]) if len(found) > page.limit else None
    return Response(dump({"items": await _as_seen(visit, shown), "next": further}), media_type=JSON)


async def show_workshop(visit: Visit, document: Document, status: int = 200, location: str = "") -> Response:
    """This workshop as the caller may see it, with its version as ETag. Raises a 403 problem."""
    require(visit.caller, "workshops.read")
    headers = {"etag": f'"{document["version"]}"'} | ({"location": location} if location else {})
    return Response(dump((await _as_seen(visit, [document]))[0]), status, headers, JSON)


async def _as_seen(visit: Visit, documents: list[Document]) -> list[dict[str, Any]]:
    grant, states = require(visit.caller, "workshops.read"), await _own_states(visit, documents)
    return [_seen(visit.caller, grant, each, states.get(each["_id"])) for each in documents]


def _seen(caller: Caller, grant: Grant, document: Document, state: str | None) -> dict[str, Any]:
    concealed = frozenset[str]() if state in SEATED else hidden(grant, "workshops")
    return {**public(document, concealed), "my_state": state}


async def _own(visit: Visit) -> dict[str, Any]:
    """The query for workshops that are the caller's in some way."""
    registered = scope(visit.caller, "registrations.read")
    if not registered:
        return {"coordinator": visit.caller.id}
    wanted = {**registered, "state": {"$ne": "cancelled"}}
    return {"_id": {"$in": await visit.gateway.views["registrations"].distinct("workshop_id", wanted)}}


async def _own_states(visit: Visit, documents: list[Document]) -> dict[str, str]:
    """By workshop, how it stands with the caller's own registration."""
    if not visit.caller.stream:
        return {}
    ids = [registration_id(each["_id"], visit.caller.stream) for each in documents]
    found = visit.gateway.views["registrations"].find({"_id": {"$in": ids}}, {"workshop_id": 1, "state": 1})
    return {each["workshop_id"]: each["state"] for each in await found.to_list()}

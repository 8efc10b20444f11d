"""Lists of prospects: by kind, state, sector, region, who is responsible, and by their next step."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import AwareDatetime

from services.foundation.messages import now
from services.gateway.http import dated_pages
from services.gateway.http.reading import JSON, Page, dump, public, read_page
from services.gateway.http.visit import Visit
from services.gateway.permissions import hidden, require
from services.profiles.contract import OPEN_PROSPECT_STATES, Kind, ProspectState, Region, Sector, StaffId

DUE = "next_step.due"


class Wanted:
    """Which prospects, and in which order. ``filter``: the same as a query."""

    def __init__(
        self,
        kind: Annotated[Kind | None, Query()] = None,
        state: Annotated[ProspectState | None, Query()] = None,
        sector: Annotated[Sector | None, Query()] = None,
        region: Annotated[Region | None, Query()] = None,
        coordinator: Annotated[StaffId | None, Query(description="Who is responsible")] = None,
        due_before: Annotated[AwareDatetime | None, Query(description="Whose next step is due before this moment")] = None,
        overdue: Annotated[bool, Query(description="Whose next step should have been done by now")] = False,
        untouched_since: Annotated[
            AwareDatetime | None, Query(description="Open ones with which nothing has happened since this moment")
        ] = None,
        sort: Annotated[
            Literal["id", "due"], Query(description="`due`: only those that are open, whose next step is due first comes first")
        ] = "id",
    ) -> None:
        fields = {"kind": kind, "state": state, "sector": sector, "region": region, "coordinator": coordinator}
        self.filter: list[dict[str, Any]] = [{name: value} for name, value in fields.items() if value is not None]
        if due_before is not None:
            self.filter.append({DUE: {"$lt": due_before}})
        if overdue:
            self.filter.append({DUE: {"$lt": now()}})
        if untouched_since is not None:
            self.filter.append({"state": {"$in": sorted(OPEN_PROSPECT_STATES)}, "updated_at": {"$lt": untouched_since}})
        self.by_due = sort == "due"


ProspectList = Annotated[Wanted, Depends(Wanted)]


async def read_prospects(visit: Visit, page: Page, wanted: Wanted) -> Response:
    """A page of prospects. Raises 400 and 403 problems."""
    if not wanted.by_due:
        return await read_page(visit, "prospects", page, {"$and": wanted.filter} if wanted.filter else {})
    concealed = hidden(require(visit.caller, "prospects.read"), "prospects")
    query: list[dict[str, Any]] = [*wanted.filter, {DUE: {"$ne": None}}]
    if page.cursor is not None:
        query.append(behind(page.cursor))
    sorted_by = [(DUE, 1), ("_id", 1)]
    found = await visit.gateway.views["prospects"].find({"$and": query}).sort(sorted_by).limit(page.limit + 1).to_list()
    further = cursor_behind(found[page.limit - 1]) if len(found) > page.limit else None
    items = [public(document, concealed) for document in found[: page.limit]]
    return Response(dump({"items": items, "next": further}), media_type=JSON)


def cursor_behind(document: dict[str, Any]) -> str:
    """Where a page ends: the due date and the id of its last prospect."""
    return dated_pages.cursor_behind(document["next_step"]["due"], document["_id"])


def behind(cursor: str) -> dict[str, Any]:
    """The query for what comes behind it; raises a 400 problem for what was never given out."""
    return dated_pages.behind(DUE, cursor)

"""Lists of prospects: by kind, state, sector, region, who is responsible, and by their next step."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import AwareDatetime

from services.foundation.messages import now
from services.gateway.http.reading import JSON, Page, after, cursor_for, dump, public, read_page
from services.gateway.http.visit import Visit
from services.gateway.permissions import hidden, require
from services.gateway.problems import Problem
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
    due: datetime = document["next_step"]["due"]
    place = f"{due.replace(tzinfo=UTC).isoformat()}|{cursor_for(document['_id'])}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def behind(cursor: str) -> dict[str, Any]:
    """The query for what comes behind it; raises a 400 problem for what was never given out."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        moment, _, id_cursor = text.partition("|")
        due = datetime.fromisoformat(moment)
    except (binascii.Error, ValueError):
        raise Problem(400, "bad-cursor", "take the cursor from `next` of the page before", field="cursor") from None
    return {"$or": [{DUE: {"$gt": due}}, {DUE: due, "_id": {"$gt": after(id_cursor)}}]}

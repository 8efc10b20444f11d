"""The calendar of a person or a company: the talks they have agreed on, and the workshops in which they have a place."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AwareDatetime

from services.foundation.messages import now
from services.gateway.house import Document
from services.gateway.http.dated_pages import in_time
from services.gateway.http.openapi import reads
from services.gateway.http.reading import JSON, dump, find
from services.gateway.http.shapes.calendars import Calendar
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.permissions import require_for

router = APIRouter(prefix="/v1", route_class=LeanRoute)

Since = Annotated[AwareDatetime | None, Query(alias="from", description="Only what ends after this moment; else after now")]


@router.get("/people/{id}/calendar", summary="What a person has agreed on", tags=["people"], responses=reads(Calendar))
async def get_calendar_of_person(visit: Visiting, id: str, since: Since = None) -> Response:
    return await _calendar(visit, "people", "person_id", id, since)


@router.get("/companies/{id}/calendar", summary="What a company has agreed on", tags=["companies"], responses=reads(Calendar))
async def get_calendar_of_company(visit: Visiting, id: str, since: Since = None) -> Response:
    return await _calendar(visit, "companies", "company_id", id, since)


async def _calendar(visit: Visit, collection: str, side: str, id: str, since: datetime | None) -> Response:
    require_for(visit.caller, f"{collection}.calendar", await find(visit, collection, id))
    views, start = visit.gateway.views, (in_time(since, "from") or now()).astimezone(UTC).replace(tzinfo=None)
    contacts = await views["contacts"].find({side: id, "meetings.state": "scheduled"}).to_list()
    workshops = await views["workshop_times"].find({"participants": id, "cancelled": False}).to_list()
    entries = [each for contact in contacts for each in await _talks(visit, contact)] + [_workshop(each) for each in workshops]
    ahead = sorted((each for each in entries if each["ends_at"] > start), key=lambda each: (each["starts_at"], each["id"]))
    return Response(dump({"id": id, "items": ahead}), media_type=JSON)


async def _talks(visit: Visit, contact: Document) -> list[dict[str, Any]]:
    opened: Document = await visit.gateway.open_words(contact["person_id"], {"meetings": contact["meetings"]})
    shown = ("format", "starts_at", "ends_at", "place")
    return [
        {
            "id": each["meeting_id"],
            "kind": "meeting",
            "contact_id": contact["_id"],
            "title": None,
            **{name: each[name] for name in shown},
            "link": None,
        }
        for each in opened["meetings"]
        if each["state"] == "scheduled"
    ]


def _workshop(workshop: Document) -> dict[str, Any]:
    shown = {name: workshop[name] for name in ("starts_at", "ends_at", "place", "title", "link")}
    return {"id": workshop["_id"], "kind": "workshop", "contact_id": None, "format": workshop["kind"], **shown}

"""Workshops: announce, change, cancel, read. Who takes part is in workshop_registrations.py."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.http.forms import form_of, takes
from services.gateway.http.openapi import reads, reads_page_of, writes
from services.gateway.http.reading import JSON, Paging, dump, find, public
from services.gateway.http.shapes.workshops import Workshop, WorkshopEvent
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.workshop_lists import WorkshopList, read_workshops, show_workshop
from services.gateway.http.writing import Show, carry_out, watched
from services.gateway.permissions import OWN, forbidden, require
from services.matching.contract import AnnounceWorkshop, CancelWorkshop, ChangeWorkshop, RecordAttendance

ANNOUNCEMENT = form_of(AnnounceWorkshop, without={"coordinator"})
CHANGE = form_of(ChangeWorkshop)
CANCELLATION = form_of(CancelWorkshop)
ATTENDANCE = form_of(RecordAttendance)

router = APIRouter(prefix="/v1/workshops", tags=["workshops"], route_class=LeanRoute)


@router.post(
    "", summary="Announce a workshop", status_code=201, responses=writes(Workshop, 201), openapi_extra=takes(ANNOUNCEMENT)
)
async def announce_workshop(visit: Visiting) -> Response:
    given = (await visit.form("workshops.announce", ANNOUNCEMENT)).given()

    async def make(command_id: str) -> tuple[str, Command]:
        return f"workshop-{command_id}", AnnounceWorkshop.model_validate({**given, "coordinator": visit.caller.id})

    return await carry_out(visit, make, _show(visit, 201))


@router.get("", summary="Workshops, page by page, the earliest first", responses=reads_page_of(Workshop))
async def list_workshops(visit: Visiting, page: Paging, wanted: WorkshopList) -> Response:
    return await read_workshops(visit, page, wanted)


@router.get("/{id}", summary="One workshop", responses=reads(Workshop))
async def get_workshop(visit: Visiting, id: str) -> Response:
    return await show_workshop(visit, await find(visit, "workshops", id))


@router.get("/{id}/events", summary="Everything that happened in a workshop, in order", responses=reads_page_of(WorkshopEvent))
async def get_workshop_events(visit: Visiting, id: str) -> Response:
    if require(visit.caller, "registrations.read") is OWN:
        raise forbidden(visit.caller, "registrations.read")  # it names everybody who takes part
    await find(visit, "workshops", id)
    found = await visit.gateway.views["workshop_events"].find({"_id": {"$gt": f"{id}/", "$lt": f"{id}0"}}).to_list()
    items = [public(event, frozenset()) for event in sorted(found, key=lambda event: int(event["version"]))]
    return Response(dump({"items": items, "next": None}), media_type=JSON)


@router.patch("/{id}", summary="Change a workshop", responses=writes(Workshop), openapi_extra=takes(CHANGE))
async def change_workshop(visit: Visiting, id: str) -> Response:
    given = (await visit.form("workshops.manage", CHANGE)).given()
    return await _send(visit, id, ChangeWorkshop.model_validate(given))


@router.post("/{id}/cancellation", summary="Cancel a workshop", responses=writes(Workshop), openapi_extra=takes(CANCELLATION))
async def cancel_workshop(visit: Visiting, id: str) -> Response:
    given = (await visit.form("workshops.manage", CANCELLATION)).given()
    return await _send(visit, id, CancelWorkshop.model_validate(given))


@router.put(
    "/{id}/attendance",
    summary="Record who came, of one participant or of many: all of it, or nothing",
    responses=writes(Workshop),
    openapi_extra=takes(ATTENDANCE),
)
async def record_attendance(visit: Visiting, id: str) -> Response:
    given = (await visit.form("workshops.manage", ATTENDANCE)).given()
    return await _send(visit, id, RecordAttendance.model_validate(given))


async def _send(visit: Visit, id: str, command: Command) -> Response:
    await find(visit, "workshops", id)

    async def make(_: str) -> tuple[str, Command]:
        return id, command

    return await carry_out(visit, make, _show(visit))


def _show(visit: Visit, status: int = 200) -> Show:
    async def show(outcome: Outcome) -> Response:
        document = await watched(visit, "workshops", outcome)
        return await show_workshop(visit, document, status, f"/v1/workshops/{outcome.stream}" if status == 201 else "")

    return show

"""The staff directory: by which name and address coordinators and heads are reached."""

import asyncio
import re
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.house import Document
from services.gateway.http.forms import Email, Name, fits, form_of, takes
from services.gateway.http.openapi import reads, reads_page_of, writes
from services.gateway.http.reading import JSON, dump
from services.gateway.http.shapes.staff import StaffMember
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import Show, carry_out, watched
from services.gateway.permissions import forbidden, require
from services.gateway.problems import not_found
from services.gateway.words import open_text
from services.notifications.contract import EnrolStaff, RemoveStaff, staff_stream

SEALED = ("name", "email")
MOST = 500
_STAFF_ID = re.compile(r"[^\x00-\x20\x7f-\xa0](?:[^\x00-\x1f\x7f-\x9f]{0,98}[^\x00-\x20\x7f-\xa0])?")
ENTRY = form_of(EnrolStaff, without={"staff_id"}, called="StaffEntry", name=Annotated[Name, fits(700)], email=Email)

router = APIRouter(prefix="/v1/staff", tags=["staff"], route_class=LeanRoute)


@router.get("", summary="The staff directory", responses=reads_page_of(StaffMember))
async def list_staff(visit: Visiting) -> Response:
    require(visit.caller, "staff.read")
    found = await visit.gateway.views["staff"].find({"staff_id": {"$gt": ""}}).sort("_id", 1).limit(MOST).to_list()
    return Response(dump({"items": [await _opened(visit, each) for each in found], "next": None}), media_type=JSON)


@router.get("/{id}", summary="One member of staff; `me` is yourself", responses=reads(StaffMember))
async def get_staff(visit: Visiting, id: str) -> Response:
    require(visit.caller, "staff.read")
    return await _answer(visit, await _known(visit, _named(visit, id)))


@router.put("/{id}", summary="Enter somebody of staff, or yourself", responses=writes(StaffMember), openapi_extra=takes(ENTRY))
async def enrol_staff(visit: Visiting, id: str) -> Response:
    """Heads enter everybody, coordinators themselves as coordinators."""
    given = (await visit.form("staff.enrol", ENTRY)).given()
    staff_id = _named(visit, id)
    own = staff_id == visit.caller.id and given["role"] == visit.caller.role
    if visit.caller.role != "head" and not own:
        raise forbidden(visit.caller, "staff.enrol")

    async def make(_: str) -> tuple[str, Command]:
        stream = staff_stream(staff_id)
        sealed = await _sealed(visit, stream, given)
        return stream, EnrolStaff.model_validate({"staff_id": staff_id, **given, **sealed})

    return await carry_out(visit, make, _show(visit), (staff_stream(staff_id),))


@router.delete("/{id}", summary="Somebody leaves: their name and address are forgotten", responses=writes(StaffMember))
async def remove_staff(visit: Visiting, id: str) -> Response:
    require(visit.caller, "staff.enrol")
    staff_id = _named(visit, id)
    if visit.caller.role != "head" and staff_id != visit.caller.id:
        raise forbidden(visit.caller, "staff.enrol")
    await _known(visit, staff_id)

    async def make(_: str) -> tuple[str, Command]:
        return staff_stream(staff_id), RemoveStaff()

    async def show(outcome: Outcome) -> Response:
        await watched(visit, "staff", outcome)
        return Response(dump({"id": outcome.stream, "version": outcome.version, "removed": True}), media_type=JSON)

    return await carry_out(visit, make, show)


def _named(visit: Visit, id: str) -> str:
    if id == "me" and visit.caller.stream:
        raise forbidden(visit.caller, "staff.read")
    if not _STAFF_ID.fullmatch(named := visit.caller.id if id == "me" else id):
        raise not_found("member of staff with this id in the directory")
    return named


async def _known(visit: Visit, staff_id: str) -> Document:
    document = await visit.gateway.views["staff"].find_one({"_id": staff_stream(staff_id)})
    if document is None or "staff_id" not in document:
        raise not_found("member of staff with this id in the directory")
    return document


async def _sealed(visit: Visit, stream: str, given: dict[str, Any]) -> dict[str, str]:
    """What has not changed keeps its seal, so that saying it again is known to be nothing new."""
    document = await visit.gateway.views["staff"].find_one({"_id": stream}) or {}
    before = await asyncio.to_thread(_clear, visit, document) if "staff_id" in document else {}
    kept = {name: document[name] for name in SEALED if before.get(name) == given[name]}
    news = {name: given[name] for name in SEALED if name not in kept}
    return kept | await visit.gateway.seal(stream, news, new=True)


def _clear(visit: Visit, document: Document) -> dict[str, str | None]:
    return {name: open_text(visit.gateway.vault, document["_id"], name, document[name]) for name in SEALED}


async def _opened(visit: Visit, document: Document) -> dict[str, Any]:
    fields = {name: value for name, value in document.items() if name != "_id"}
    return {"id": document["_id"], **fields, **await asyncio.to_thread(_clear, visit, document)}


async def _answer(visit: Visit, document: Document) -> Response:
    headers = {"etag": f'"{document["version"]}"'}
    return Response(dump(await _opened(visit, document)), headers=headers, media_type=JSON)


def _show(visit: Visit) -> Show:
    async def show(outcome: Outcome) -> Response:
        return await _answer(visit, await watched(visit, "staff", outcome))

    return show

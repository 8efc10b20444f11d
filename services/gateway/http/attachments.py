"""The files beside messages: upload one, name it in a message, download it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query
from fastapi.responses import Response, StreamingResponse

from services.gateway.attachment_types import UnfitFile, media_type_of
from services.gateway.attachments import name_field
from services.gateway.house import Document
from services.gateway.http.forms import flaws
from services.gateway.http.openapi import PROBLEM
from services.gateway.http.places import Place, new_routers, on_both, place_of, place_to_write
from services.gateway.http.reading import JSON, dump, require_id
from services.gateway.http.shapes.messages import UploadedFile
from services.gateway.http.visit import Visit, Visiting
from services.gateway.permissions import forbidden
from services.gateway.problems import Problem, erased, not_found
from services.gateway.sealed_twice import open_twice
from services.matching.contract import LONGEST_ATTACHMENT

FileName = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^/\\]+$", description="What the file is called")]
SAFE = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "no-store",
}
RECEIVING_SECONDS = 300
"""For so long one upload may keep one of the few berths."""
BINARY: dict[str, Any] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
ROUTERS = new_routers()


@on_both(
    ROUTERS,
    "post",
    "/attachments",
    "Upload a file for a message",
    status_code=201,
    responses={201: {"model": UploadedFile}, "4XX": PROBLEM, 503: PROBLEM},
    openapi_extra={"requestBody": {"required": True, "content": BINARY}},
)
async def upload_attachment(visit: Visiting, id: str, name: FileName) -> Response:
    place = await place_to_write(visit, id)
    for _, reason in flaws(name):
        raise Problem(422, "invalid-input", reason, field="name")
    stated = visit.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    visit.gateway.attachments.berths.take()
    try:
        data = await _received(visit)
        kept = await visit.gateway.attachments.keep(_about(place), name, _media_type(name, stated, data), data)
    finally:
        visit.gateway.attachments.berths.give_back()
    told = {"id": kept["_id"], "name": name, **{field: kept[field] for field in ("media_type", "size", "expires_at")}}
    headers = {"location": f"{visit.request.url.path}/{kept['_id']}"}
    return Response(dump(told), 201, headers, JSON)


@on_both(
    ROUTERS,
    "get",
    "/attachments/{attachment_id}",
    "A file of a message",
    response_class=Response,
    responses={200: {"description": "The file", "content": BINARY}, "4XX": PROBLEM, 503: PROBLEM},
)
async def get_attachment(visit: Visiting, id: str, attachment_id: str) -> Response:
    place = await place_of(visit, id)
    if place.thin:
        raise forbidden(visit.caller, "messages.read")
    document = await _found(visit, place, require_id(attachment_id, "attachment"))
    sealed = (document["owners"], name_field(attachment_id), document["name"])
    name = await asyncio.to_thread(open_twice, visit.gateway.vault, *sealed)
    parts = visit.gateway.attachments.content(document)
    first = await anext(parts, None)
    if name is None or first is None:
        raise erased()
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    headers = SAFE | {"content-disposition": disposition, "content-length": str(document["size"])}
    return StreamingResponse(_all(first, parts), headers=headers, media_type=document["media_type"])


def _about(place: Place) -> Document:
    return {"subject": place.id, "author": place.me, "role": place.role, "owners": list(place.mine)}


def _media_type(name: str, stated: str, data: bytes) -> str:
    try:
        return media_type_of(name, stated, data)
    except UnfitFile as unfit:
        raise Problem(422, "attachment-refused", unfit.reason, field=unfit.field) from None


async def _received(visit: Visit) -> bytes:
    """The file; raises a 413 problem as soon as it is too large, a 408 problem where it does not come."""
    stated = visit.request.headers.get("content-length", "0")
    if stated.isdecimal() and int(stated[:20]) > LONGEST_ATTACHMENT:
        raise _too_large()
    data = bytearray()
    try:
        async with asyncio.timeout(RECEIVING_SECONDS):
            async for chunk in visit.request.stream():
                data += chunk
                if len(data) > LONGEST_ATTACHMENT:
                    raise _too_large()
    except TimeoutError:
        detail = f"the file did not come within {RECEIVING_SECONDS} seconds"
        raise Problem(408, "upload-too-slow", detail, headers={"connection": "close"}) from None
    return bytes(data)


def _too_large() -> Problem:
    detail = f"a file may have {LONGEST_ATTACHMENT} bytes at most"
    return Problem(413, "body-too-large", detail, field="body", headers={"connection": "close"})


async def _found(visit: Visit, place: Place, id: str) -> Document:
    """The file, if a message here names it that can still be read, or it is the caller's own and waits. Raises 404 and 410."""
    message = await visit.gateway.views["messages"].find_one({"attachment_ids": id, "subject": place.id})
    if message is not None and message["state"] != "posted":
        raise Problem(410, "message-is-gone", "the message of this file was withdrawn or hidden")
    document = await visit.gateway.attachments.find(id)
    if message is not None and document is None:
        raise erased()
    if document is None or document["subject"] != place.id or (message is None and document["author"] != place.me):
        raise not_found("attachment with this id")
    return document


async def _all(first: bytes, others: AsyncIterator[bytes | None]) -> AsyncIterator[bytes]:
    """A part that cannot be read any more ends the answer short of its length: the client sees that it is not whole."""
    yield first
    async for part in others:
        if part is None:
            return
        yield part

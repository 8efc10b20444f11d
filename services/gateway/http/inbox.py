"""The inbox of whoever asks: profiles by their id, staff by their token; heads with that of all heads."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.house import Document
from services.gateway.http.openapi import reads, writes
from services.gateway.http.reading import JSON, Paging, after, cursor_for, dump, require_id
from services.gateway.http.shapes.inbox import InboxItem, InboxPage
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import carry_out, watched
from services.gateway.inbox_titles import title_of
from services.gateway.permissions import require
from services.gateway.problems import not_found, preferred_language
from services.notifications.contract import HEADS, MarkRead, staff_stream

router = APIRouter(prefix="/v1/inbox", tags=["inbox"], route_class=LeanRoute)


@router.get("", summary="What you were told, newest first, with how much of it you have not read", responses=reads(InboxPage))
async def list_inbox(
    visit: Visiting, page: Paging, unread: Annotated[bool, Query(description="Only that")] = False
) -> Response:
    require(visit.caller, "inbox.read")
    mine: dict[str, Any] = {"recipient": {"$in": recipients(visit)}}
    wanted = mine | ({"read_at": None} if unread else {})
    if page.cursor is not None:
        last = await visit.gateway.views["inbox"].find_one({"_id": after(page.cursor), **mine}) or {}
        at, id = last.get("at"), last.get("_id")
        wanted = {"$and": [wanted, {"$or": [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": id}}]}]}
    order = [("at", -1), ("_id", -1)]
    found = await visit.gateway.views["inbox"].find(wanted).sort(order).limit(page.limit + 1).to_list()
    further = cursor_for(found[page.limit - 1]["_id"]) if len(found) > page.limit else None
    count = await visit.gateway.views["inbox"].count_documents(mine | {"read_at": None})
    items = [await _shown(visit, each) for each in found[: page.limit]]
    return Response(dump({"items": items, "next": further, "unread": count}), media_type=JSON)


@router.post("/{id}/read", summary="You have read it", responses=writes(InboxItem))
async def mark_read(visit: Visiting, id: str) -> Response:
    require(visit.caller, "inbox.read")
    require_id(id, "notification")
    told = await visit.gateway.views["inbox"].find_one({"_id": id, "recipient": {"$in": recipients(visit)}})
    if told is None:
        raise not_found("message with this id in your inbox")

    async def make(_: str) -> tuple[str, Command]:
        return id, MarkRead()

    async def show(outcome: Outcome) -> Response:
        return Response(dump(await _shown(visit, await watched(visit, "inbox", outcome))), media_type=JSON)

    return await carry_out(visit, make, show, _owners(told))


def recipients(visit: Visit) -> list[str]:
    """The recipients that the caller is."""
    caller = visit.caller
    if caller.stream:
        return [caller.stream]
    return [staff_stream(caller.id), *([HEADS] if caller.role == "head" else [])]


def _owners(told: Document) -> tuple[str, ...]:
    """With whose key a place is sealed that stands in it."""
    owner = told["parameters"].get("place_key", "")
    return (owner,) if owner else ()


async def _shown(visit: Visit, document: Document) -> dict[str, Any]:
    """What of the parameters is sealed with somebody's key is in the clear while that exists."""
    parameters = dict(document["parameters"])
    owner = parameters.pop("place_key", "")
    if owner:
        parameters = await visit.gateway.open_words(owner, parameters)
    language = preferred_language(visit.request.headers.get("accept-language", ""))
    fields = {name: document[name] for name in ("version", "template", "urgency", "at", "read_at")}
    return {"id": document["_id"], **fields, "title": title_of(document["template"], language), "parameters": parameters}

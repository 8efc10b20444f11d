"""Reported messages, for the staff who decide whether they are hidden: coordinators see those of their own contacts and
workshops, heads see all."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.gateway.house import Document
from services.gateway.http.openapi import reads
from services.gateway.http.places import belongs, seen_from, shown_message
from services.gateway.http.reading import JSON, MOST_ITEMS, dump
from services.gateway.http.shapes.messages import ReportedMessages
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.permissions import require
from services.gateway.views.thread import message_key

router = APIRouter(prefix="/v1/reported-messages", tags=["messages"], route_class=LeanRoute)

Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS)]
Cursor = Annotated[str, Query(pattern=r"^(|message-[0-9a-f-]{36})$", description="`next` of the page before")]


@router.get("", summary="Reported messages that wait for a decision", responses=reads(ReportedMessages))
async def list_reported(visit: Visiting, limit: Limit = 50, cursor: Cursor = "") -> Response:
    require(visit.caller, "messages.moderate")
    waiting = await visit.gateway.views["reported_messages"].find({"state": "posted"}).to_list()
    waiting.sort(key=lambda each: (each["reported_at"], each["_id"]))
    keys = [each["_id"] for each in waiting]
    start = keys.index(cursor) + 1 if cursor in keys else 0
    items: list[dict[str, Any]] = []
    for each in waiting[start:]:
        told = await _told(visit, each)
        if told is not None and len(items) == limit:
            return Response(dump({"items": items, "next": items[-1]["message"]["id"]}), media_type=JSON)
        if told is not None:
            items.append(told)
    return Response(dump({"items": items, "next": None}), media_type=JSON)


async def _told(visit: Visit, reported: Document) -> dict[str, Any] | None:
    """What is told of it; nothing to a coordinator who does not belong there."""
    members = await visit.gateway.views["members"].find_one({"_id": reported["subject"]})
    message = await visit.gateway.views["messages"].find_one({"_id": message_key(reported["thread"], reported["number"])})
    if members is None or message is None or not belongs(visit, members):
        return None
    shown = await shown_message(visit, seen_from(visit, members), message)
    return {"subject": reported["subject"], "reports": reported["reports"], "message": shown}

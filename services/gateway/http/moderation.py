"""Reported messages, for the staff who decide whether they are hidden: coordinators see those of their own contacts and
workshops, heads see all."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.house import Document
from services.gateway.http.dated_pages import behind, cursor_behind
from services.gateway.http.openapi import reads
from services.gateway.http.places import belongs, seen_from, shown_message
from services.gateway.http.reading import JSON, Paging, dump
from services.gateway.http.shapes.messages import ReportedMessages
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.permissions import require
from services.gateway.views.thread import message_key

router = APIRouter(prefix="/v1/reported-messages", tags=["messages"], route_class=LeanRoute)

REPORTED = "reported_at"


@router.get("", summary="Reported messages that wait for a decision", responses=reads(ReportedMessages))
async def list_reported(visit: Visiting, page: Paging) -> Response:
    require(visit.caller, "messages.moderate")
    wanted = [{"state": "posted"}, *([behind(REPORTED, page.cursor)] if page.cursor is not None else [])]
    waiting = visit.gateway.views["reported_messages"].find({"$and": wanted}).sort([(REPORTED, 1), ("_id", 1)])
    items: list[dict[str, Any]] = []
    further, last = None, ""
    async for each in waiting:
        told = await _told(visit, each)
        if told is not None and len(items) == page.limit:
            further = last
            break
        if told is not None:
            items.append(told)
            last = cursor_behind(each[REPORTED], each["_id"])
    return Response(dump({"items": items, "next": further}), media_type=JSON)


async def _told(visit: Visit, reported: Document) -> dict[str, Any] | None:
    """What is told of it; nothing to a coordinator who does not belong there."""
    members = await visit.gateway.views["members"].find_one({"_id": reported["subject"]})
    message = await visit.gateway.views["messages"].find_one({"_id": message_key(reported["thread"], reported["number"])})
    if members is None or message is None or not belongs(visit, members):
        return None
    shown = await shown_message(visit, seen_from(visit, members), message)
    return {"subject": reported["subject"], "reports": reported["reports"], "message": shown}

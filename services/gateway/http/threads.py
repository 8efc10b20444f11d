"""The threads and messages of a contact or workshop: read, write, withdraw, report, hide, and how far one has read."""

import asyncio
import re
from functools import partial
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.house import Document
from services.gateway.http.forms import Form, form_of, takes
from services.gateway.http.openapi import reads, writes
from services.gateway.http.places import (
    BODY,
    TOPIC,
    Place,
    new_routers,
    on_both,
    place_of,
    place_to_write,
    shown_message,
    shown_messages,
)
from services.gateway.http.reading import JSON, MOST_ITEMS, dump, require_id
from services.gateway.http.shapes.messages import Message, MessagePage, ReadMark, ThreadSummaries
from services.gateway.http.visit import Visit, Visiting
from services.gateway.http.writing import carry_out, watched
from services.gateway.problems import Problem, not_found
from services.gateway.sealed_twice import seal_twice
from services.gateway.views.thread import message_key
from services.gateway.words import open_text
from services.matching.contract import (
    LONGEST_MESSAGE,
    MOST_ATTACHMENTS,
    AttachmentId,
    HideMessage,
    MarkThreadRead,
    MessageId,
    PostMessage,
    ReportMessage,
    WithdrawMessage,
    thread_stream,
)
from services.profiles.contract import LanguageCode

LONGEST_TOPIC = 120


class MessageForm(Form):
    """``topic``: begins a thread of its own, or goes on with that of the same topic. ``attachments``: files uploaded before."""

    body: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_MESSAGE)]
    language: LanguageCode
    topic: Annotated[str, StringConstraints(max_length=LONGEST_TOPIC)] = ""
    reply_to: MessageId | None = None
    attachments: Annotated[list[AttachmentId], Field(max_length=MOST_ATTACHMENTS, default_factory=list)]


REPORT = form_of(ReportMessage, without={"message_id", "by", "role"})
HIDING = form_of(HideMessage, without={"message_id", "by", "role"})
MARK = form_of(MarkThreadRead, without={"reader", "role"})

Which = Annotated[str, Query(pattern=r"^(|thread-[0-9a-f-]{36})$", description="A thread of `/threads`; else the main one")]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="How many messages at most")]
Cursor = Annotated[str, Query(description="`next` of the page before")]


ROUTERS = new_routers()
_on = partial(on_both, ROUTERS)


@_on("get", "/threads", "What the messages here are about, and how many you have not read", responses=reads(ThreadSummaries))
async def list_threads(visit: Visiting, id: str) -> Response:
    place = await place_of(visit, id)
    found = await visit.gateway.views["threads"].find({"subject": place.id}).to_list()
    items = [await _summary(visit, place, each) for each in sorted(found, key=lambda each: each["last_at"], reverse=True)]
    return Response(dump({"items": items, "unread": sum(each["unread"] for each in items)}), media_type=JSON)


@_on("get", "/messages", "The messages of a thread, oldest first", responses=reads(MessagePage))
async def list_messages(visit: Visiting, id: str, thread: Which = "", limit: Limit = 50, cursor: Cursor = "") -> Response:
    place, number = await place_of(visit, id), _number_in(cursor)
    document = await _thread(visit, place, thread) if thread else await _main_thread(visit, place)
    if document is None:
        return Response(dump({"items": [], "next": None, "unread": 0}), media_type=JSON)
    within = {"$gt": message_key(document["_id"], number), "$lt": f"{document['_id']}0"}
    found = await visit.gateway.views["messages"].find({"_id": within}).sort("_id", 1).limit(limit + 1).to_list()
    items = await shown_messages(visit, place, found[:limit])
    further = str(items[-1]["number"]) if len(found) > limit else None
    return Response(dump({"items": items, "next": further, "unread": unread(document, place.me)}), media_type=JSON)


@_on(
    "post",
    "/messages",
    "Write a message",
    status_code=201,
    responses=writes(Message, 201),
    openapi_extra=takes(MessageForm),
)
async def post_message(visit: Visiting, id: str, thread: Which = "") -> Response:
    form = await visit.form("messages.write", MessageForm)
    place = await place_to_write(visit, id)
    topic = await _topic(visit, place, thread, form.topic)

    async def make(command_id: str) -> tuple[str, Command]:
        message_id = f"message-{command_id}"
        attached = await _attached(visit, place, message_id, form.attachments)
        body = await _sealed(visit, place, f"{BODY} of {message_id}", form.body)
        who = {"author": place.me, "role": place.role, "subject": place.id, "subject_version": place.version}
        what = {"message_id": message_id, "topic": topic, "body": body, "language": form.language, "reply_to": form.reply_to}
        return thread_stream(place.id, topic), PostMessage.model_validate(who | what | {"attachments": attached})

    async def show(outcome: Outcome) -> Response:
        return await _answer(visit, place, outcome, f"message-{outcome.command_id}", 201)

    return await carry_out(visit, make, show, place.mine)


@_on("post", "/messages/{message_id}/withdrawal", "Withdraw your own message", responses=writes(Message))
async def withdraw_message(visit: Visiting, id: str, message_id: str) -> Response:
    place, message = await _message(visit, id, message_id, "messages.write")
    return await _send(visit, place, message, WithdrawMessage(message_id=message_id, author=place.me))


@_on(
    "post",
    "/messages/{message_id}/reports",
    "Ask staff to look at a message",
    responses=writes(Message),
    openapi_extra=takes(REPORT),
)
async def report_message(visit: Visiting, id: str, message_id: str) -> Response:
    given = (await visit.form("messages.write", REPORT)).given()
    place, message = await _message(visit, id, message_id, "messages.write")
    who = {"message_id": message_id, "by": place.me, "role": place.role}
    return await _send(visit, place, message, ReportMessage.model_validate(who | given))


@_on(
    "post", "/messages/{message_id}/hiding", "Hide a message; for staff", responses=writes(Message), openapi_extra=takes(HIDING)
)
async def hide_message(visit: Visiting, id: str, message_id: str) -> Response:
    given = (await visit.form("messages.moderate", HIDING)).given()
    place, message = await _message(visit, id, message_id, "messages.moderate")
    who = {"message_id": message_id, "by": place.me, "role": place.role}
    return await _send(visit, place, message, HideMessage.model_validate(who | given))


@_on(
    "put",
    "/messages/read-mark",
    "You have read up to and with this message",
    responses=writes(ReadMark),
    openapi_extra=takes(MARK),
)
async def mark_read(visit: Visiting, id: str) -> Response:
    given = (await visit.form("messages.write", MARK)).given()
    place, message = await _message(visit, id, given["message_id"], "messages.write")
    command = MarkThreadRead.model_validate({"reader": place.me, "role": place.role, **given})

    async def show(outcome: Outcome) -> Response:
        thread = await watched(visit, "threads", outcome)
        mark = {"thread": thread["_id"], "read_up_to": read_up_to(thread, place.me), "unread": unread(thread, place.me)}
        return Response(dump(mark), media_type=JSON)

    return await carry_out(visit, _always(message["thread"], command), show)


def _number_in(cursor: str) -> int:
    """The number of the message to continue behind; raises a 400 problem for what was never given out."""
    if not re.fullmatch("[0-9]{0,8}", cursor, re.ASCII):
        raise Problem(400, "bad-cursor", "take the cursor from `next` of the page before", field="cursor")
    return int(cursor or 0)


def read_up_to(thread: Document, reader: str) -> int:
    """The number of the message up to which this reader has read; 0 where they have read none."""
    return next((int(each["number"]) for each in thread.get("read", ()) if each["reader"] == reader), 0)


def unread(thread: Document, reader: str) -> int:
    """How many messages of others, that can still be read, came since."""
    seen = read_up_to(thread, reader)
    return sum(each["number"] > seen and each["author"] != reader and each["state"] == "posted" for each in thread["messages"])


async def _summary(visit: Visit, place: Place, thread: Document) -> dict[str, Any]:
    opened = partial(open_text, visit.gateway.vault, place.topic_owner, TOPIC, thread["topic"])
    topic = None if place.thin else await asyncio.to_thread(opened)
    counted = {"messages": len(thread["messages"]), "unread": unread(thread, place.me)}
    return {"id": thread["_id"], "topic": topic, "main": not thread["topic"], "last_at": thread["last_at"], **counted}


async def _main_thread(visit: Visit, place: Place) -> Document | None:
    return await visit.gateway.views["threads"].find_one({"_id": thread_stream(place.id)})


async def _thread(visit: Visit, place: Place, id: str) -> Document:
    """The thread, if it is one of this place; raises a 404 problem."""
    document = await visit.gateway.views["threads"].find_one({"_id": id, "subject": place.id})
    if document is None:
        raise not_found("thread with this id")
    return document


async def _topic(visit: Visit, place: Place, thread: str, topic: str) -> str:
    """What a message's thread is about, sealed: always the same for the same topic, so that it leads to the same thread."""
    if thread and topic:
        raise Problem(422, "invalid-input", "the thread has a topic already", field="topic")
    if thread:
        return str((await _thread(visit, place, thread))["topic"])
    return await asyncio.to_thread(visit.gateway.vault.seal_words, place.topic_owner, TOPIC, topic.strip())


async def _sealed(visit: Visit, place: Place, field: str, text: str) -> str:
    return await asyncio.to_thread(seal_twice, visit.gateway.vault, place.mine, field, text)


async def _attached(visit: Visit, place: Place, message_id: str, ids: list[str]) -> list[dict[str, Any]]:
    """These files as the message names them, also where it is sent again; raises a 422 problem."""
    if len(set(ids)) < len(ids):
        raise Problem(422, "invalid-input", "names a file twice", field="attachments")
    attached = []
    for number, id in enumerate(ids):
        found = await visit.gateway.attachments.claim(id, place.id, place.me, message_id)
        if found is None:
            detail = "there is no such file that waits for a message here"
            raise Problem(422, "attachment-unknown", detail, field=f"attachments.{number}")
        attached.append({"attachment_id": id, **{name: found[name] for name in ("name", "media_type", "size")}})
    return attached


async def _message(visit: Visit, id: str, message_id: str, action: str) -> tuple[Place, Document]:
    """A message of this place; raises 403 and 404 problems."""
    place = await place_of(visit, id, action)
    wanted = {"message_id": require_id(message_id, "message"), "subject": place.id}
    found = await visit.gateway.views["messages"].find_one(wanted)
    if found is None:
        raise not_found("message with this id")
    return place, found


async def _send(visit: Visit, place: Place, message: Document, command: Command) -> Response:
    async def show(outcome: Outcome) -> Response:
        return await _answer(visit, place, outcome, message["message_id"])

    owners = tuple(dict.fromkeys((*place.owners(message["author"], message["role"]), *place.mine)))
    return await carry_out(visit, _always(message["thread"], command), show, owners)


def _always(stream: str, command: Command) -> Any:
    async def make(_: str) -> tuple[str, Command]:
        return stream, command

    return make


async def _answer(visit: Visit, place: Place, outcome: Outcome, message_id: str, status: int = 200) -> Response:
    await watched(visit, "threads", outcome)
    message = await visit.gateway.views["messages"].find_one({"message_id": message_id, "subject": place.id})
    if message is None:
        raise not_found("message with this id")
    return Response(dump(await shown_message(visit, place, message)), status, media_type=JSON)

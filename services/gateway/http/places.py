"""Where messages are written: the contacts and workshops, who belongs to them, and what they see of a message.

Only who belongs there takes part: both sides, the coordinator and the deputy of a contact, who has a place in a workshop and
its coordinator, and heads. Auditors and operators see that there are messages, not what they say.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from services.gateway.house import Document
from services.gateway.http.reading import require_id
from services.gateway.http.visit import LeanRoute, Visit
from services.gateway.permissions import Grant, forbidden, require
from services.gateway.problems import not_found
from services.gateway.sealed_twice import open_twice, owners_of
from services.gateway.security import STREAM_ROLES
from services.matching.contract import Membership

BODY = "body"
TOPIC = "topic"
CATEGORIES = {"contacts": "contact", "workshops": "workshop"}

Operation = Callable[[Any], Any]


def new_routers() -> tuple[APIRouter, ...]:
    """A router for what is asked of contacts and one for what is asked of workshops: both take the same."""
    return tuple(APIRouter(prefix=f"/v1/{each}/{{id}}", tags=["messages"], route_class=LeanRoute) for each in CATEGORIES)


def on_both(routers: Sequence[APIRouter], method: str, path: str, summary: str, **documented: Any) -> Operation:
    """Registers the operation with each of these."""

    def register(endpoint: Any) -> Any:
        for router in routers:
            getattr(router, method)(path, summary=summary, **documented)(endpoint)
        return endpoint

    return register


@dataclass(frozen=True, slots=True)
class Place:
    """A contact or workshop as one of its members sees it. ``me``: the id under which they write and read."""

    id: str
    version: int
    person_id: str | None
    me: str
    role: str
    thin: bool

    @property
    def mine(self) -> tuple[str, ...]:
        """Whose keys seal what the caller writes here."""
        return self.owners(self.me, self.role)

    @property
    def topic_owner(self) -> str:
        """Whose key seals what the threads here are about."""
        return self.person_id or self.id

    def owners(self, author: str, role: str) -> tuple[str, ...]:
        return owners_of(self.id, self.person_id, author, role)


async def place_of(visit: Visit, id: str, action: str = "messages.read") -> Place:
    """The contact or workshop of this path, if the caller may do this there. Raises 403 and 404 problems."""
    category = CATEGORIES[visit.request.url.path.split("/")[2]]
    grant = require(visit.caller, action)
    document = await visit.gateway.views["members"].find_one({"_id": require_id(id, category)})
    if document is None:
        raise not_found(f"{category} with this id")
    return _place(visit, document, grant, action)


async def place_to_write(visit: Visit, id: str) -> Place:
    """The same for whoever writes there. A workshop has a key of its own, made when it is first written in."""
    place = await place_of(visit, id, "messages.write")
    if place.topic_owner == place.id:
        await asyncio.to_thread(visit.gateway.vault.create, place.id)
    return place


def _place(visit: Visit, document: Document, grant: Grant, action: str) -> Place:
    place = seen_from(visit, document, thin=grant is Grant.THIN)
    if not (place.thin or belongs(visit, document)):
        raise forbidden(visit.caller, action)
    return place


def seen_from(visit: Visit, document: Document, *, thin: bool = False) -> Place:
    """This document of members as the caller's place, whether or not they belong there."""
    return Place(document["_id"], document["version"], document.get("person_id"), me_of(visit), visit.caller.role, thin)


def belongs(visit: Visit, document: Document) -> bool:
    return Membership.of(document).includes(me_of(visit), visit.caller.role)


def me_of(visit: Visit) -> str:
    """The id under which the caller writes: the person, company or partner that they speak for, or their own."""
    return visit.caller.stream if visit.caller.role in STREAM_ROLES else visit.caller.id


async def shown_message(visit: Visit, place: Place, message: Document) -> dict[str, Any]:
    """The message as the caller may see it."""
    return (await shown_messages(visit, place, [message]))[0]


async def shown_messages(visit: Visit, place: Place, messages: list[Document]) -> list[dict[str, Any]]:
    return await asyncio.to_thread(lambda: [_shown(visit, place, each) for each in messages])


def _shown(visit: Visit, place: Place, message: Document) -> dict[str, Any]:
    names = ("thread", "number", "author", "role", "at", "language", "reply_to", "state", "reason")
    told = {"id": message["message_id"], **{name: message[name] for name in names}, "own": message["author"] == place.me}
    owners = place.owners(message["author"], message["role"])
    body = None if place.thin else _opened(visit, owners, f"{BODY} of {message['message_id']}", message["body"])
    if body is None and message["state"] == "posted" and not place.thin:
        told["state"] = "erased"
    return told | {"body": body, "attachments": [_file(visit, place, owners, each) for each in message["attachments"]]}


def _file(visit: Visit, place: Place, owners: tuple[str, ...], attachment: Document) -> dict[str, Any]:
    id = attachment["attachment_id"]
    name = None if place.thin else _opened(visit, owners, f"name of {id}", attachment["name"])
    return {"id": id, "name": name, "media_type": attachment["media_type"], "size": attachment["size"]}


def _opened(visit: Visit, owners: tuple[str, ...], field: str, sealed: str | None) -> str | None:
    return open_twice(visit.gateway.vault, owners, field, sealed) if sealed else None

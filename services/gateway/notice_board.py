"""The notice board as each reader sees it: opened, in part, and searched.

Whoever posts here wants to be read by all who take part, and decides what they say of themselves. A person's name is shown to
staff alone; organisations are named.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services.gateway.house import Document, Gateway
from services.gateway.permissions import THIN, require
from services.gateway.search.folding import words
from services.gateway.security import STREAM_ROLES, Caller
from services.gateway.words import open_text

ORGANISATIONS = {"company": "companies", "partner": "partners"}
STAFF = frozenset({"coordinator", "head"})
CONTROL = frozenset({"auditor", "operator"})
LOOKED_AT_ONCE = 100
"""So many notices are opened before it is looked whether the page is full."""
LOOKED_AT_MOST = 1_000
"""So many are opened for one page of a search at most; its cursor goes on behind them."""

Place = tuple[datetime, str]
"""Where a page ends: when its last notice was posted, and its id."""


def key_of(role: str, author: str, notice: str) -> str:
    """Whose key seals what this author writes on the board."""
    return author if role in STREAM_ROLES else notice


async def shown_notice(gateway: Gateway, caller: Caller, notice: Document) -> dict[str, Any]:
    """This notice as the caller sees it; raises a 403 problem."""
    [shown] = await shown_notices(gateway, caller, [notice])
    return shown


async def shown_notices(gateway: Gateway, caller: Caller, notices: Sequence[Document]) -> list[dict[str, Any]]:
    """The same for several. A text is null where it may not be read, or not any more."""
    reads_words = require(caller, "notices.read") is not THIN
    authors = {(part["role"], part["author"]) for notice in notices for part in (notice, *notice["answers"])}
    names = await _names(gateway, authors)
    opened = await asyncio.to_thread(_opened, gateway, notices) if reads_words else [_unread(each) for each in notices]
    return [_for(caller, notice, names) for notice in opened]


async def find_notices(
    gateway: Gateway, caller: Caller, wanted: Mapping[str, Any], sought: str, behind: Place | None, limit: int
) -> tuple[list[dict[str, Any]], Place | None]:
    """A page of what is wanted, the newest first, in which each word sought begins some word; and where it ends, if there is
    more.

    Texts are searched in the clear, which they are only while they are looked at.
    """
    found: list[dict[str, Any]] = []
    looked, terms = 0, words(sought)
    while True:
        query = {"$and": [dict(wanted), *([_older_than(behind)] if behind else [])]}
        some = gateway.views["notices"].find(query).sort([("posted_at", -1), ("_id", -1)]).limit(LOOKED_AT_ONCE)
        notices = await some.to_list()
        for notice, shown in zip(notices, await shown_notices(gateway, caller, notices), strict=True):
            if len(found) == limit:
                return found, behind
            behind = (notice["posted_at"].replace(tzinfo=UTC), notice["_id"])
            if not terms or _tells_of(shown, terms):
                found.append(shown)
        looked += len(notices)
        if len(notices) < LOOKED_AT_ONCE:
            return found, None
        if looked >= LOOKED_AT_MOST:
            return found, behind


def visible_to(caller: Caller) -> dict[str, Any]:
    """What is hidden from readers, staff still see, and its author sees that it is hidden."""
    if caller.role in STAFF | CONTROL:
        return {}
    return {"$or": [{"state": {"$ne": "hidden"}}, {"author": caller.stream}]}


def _older_than(place: Place) -> dict[str, Any]:
    moment, id = place
    return {"$or": [{"posted_at": {"$lt": moment}}, {"posted_at": moment, "_id": {"$lt": id}}]}


def _opened(gateway: Gateway, notices: Sequence[Document]) -> list[Document]:
    keys = {key_of(part["role"], part["author"], each["_id"]) for each in notices for part in (each, *each["answers"])}
    gateway.vault.prefetch(keys)
    return [_opened_one(gateway, notice) for notice in notices]


def _opened_one(gateway: Gateway, notice: Document) -> Document:
    def text(part: Document, field: str) -> str | None:
        sealed = part[field]
        return open_text(gateway.vault, key_of(part["role"], part["author"], notice["_id"]), field, sealed) if sealed else None

    answers = [{**each, "body": text(each, "body")} for each in notice["answers"]]
    return {**notice, "title": text(notice, "title"), "body": text(notice, "body"), "answers": answers}


def _unread(notice: Document) -> Document:
    return {**notice, "title": None, "body": None, "answers": [{**each, "body": None} for each in notice["answers"]]}


def _for(caller: Caller, notice: Document, names: Mapping[str, str | None]) -> dict[str, Any]:
    staff = caller.role in STAFF | CONTROL
    answers = [_answer_for(caller, each, names) for each in notice["answers"] if staff or each["hidden"] is None]
    fields = {name: value for name, value in notice.items() if name not in ("_id", "author", "role", "answers", "reports")}
    shown = {"id": notice["_id"], **fields, "author": _author_for(caller, notice, names), "answers": answers}
    return shown | {"reports": notice["reports"]} if staff else shown


def _answer_for(caller: Caller, answer: Document, names: Mapping[str, str | None]) -> dict[str, Any]:
    fields = {name: value for name, value in answer.items() if name not in ("author", "role")}
    if caller.role not in STAFF:
        fields.pop("contact_id")
    return {**fields, "author": _author_for(caller, answer, names)}


def _author_for(caller: Caller, part: Document, names: Mapping[str, str | None]) -> dict[str, Any]:
    """Who wrote it: to staff by id, to others organisations by name, people and staff by their role alone."""
    own = part["author"] in (caller.stream, caller.id)
    shown: dict[str, Any] = {"role": part["role"], "name": names.get(part["author"]), "yours": own}
    return shown | {"id": part["author"]} if caller.role in STAFF else shown


async def _names(gateway: Gateway, authors: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    names: dict[str, str | None] = {}
    for role, collection in ORGANISATIONS.items():
        ids = [author for written_as, author in authors if written_as == role]
        if not ids:
            continue
        async for each in gateway.views[collection].find({"_id": {"$in": ids}}, {"name": 1}):
            names[each["_id"]] = each.get("name")
    return names


def _tells_of(shown: Mapping[str, Any], terms: Sequence[str]) -> bool:
    """Whether each term begins some word of the notice or of an answer to it."""
    texts = (shown["title"], shown["body"], *(each["body"] for each in shown["answers"]))
    known = {word for text in texts if text for word in words(text)}
    return all(any(word.startswith(term) for word in known) for term in terms)

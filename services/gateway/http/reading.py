"""Reading views: one document, or a page of them, without the fields that the caller may not see."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import Depends, Query
from fastapi.responses import Response

from services.gateway.documents import INTERNAL
from services.gateway.house import Document
from services.gateway.http.contact_answers import with_part, with_part_and_clashes
from services.gateway.http.visit import Visit
from services.gateway.permissions import Grant, hidden, require_for, scope
from services.gateway.problems import Problem, erased, not_found
from services.gateway.words import without_words

JSON = "application/json"
MOST_ITEMS = 200

_OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z
_ID = re.compile(r"[a-z]{4,13}-[0-9a-f-]{36}")


SINGULAR = {
    "people": "person",
    "companies": "company",
    "needs": "need",
    "partners": "partner",
    "referrals": "referral",
    "prospects": "prospect",
    "contacts": "contact",
    "workshops": "workshop",
    "rankings": "ranking",
    "erasures": "erasure",
    "weight_trials": "trial",
    "searches": "search",
    "notices": "notice",
}

EACH_SOURCE = "**"
"""In a path to what is left out: each source of a statement, wherever in the document it stands."""

WORDS_OWNER = {"contacts": "person_id"}
"""The field that names whose key the words of a collection are sealed with."""


PROFILES = frozenset({"people", "companies", "partners"})
"""Of these a tombstone stays when one is erased: nobody finds it in a list."""


async def find(visit: Visit, collection: str, id: str) -> Document:
    """The document with this id; raises a 404 problem, or a 410 problem where it was erased."""
    document = await find_even_erased(visit, collection, id)
    if document.get("erased_at") and collection in PROFILES:
        raise erased()
    return document


async def find_even_erased(visit: Visit, collection: str, id: str) -> Document:
    """The same, but of one that was erased the tombstone. Raises a 404 problem."""
    document = await visit.gateway.views[collection].find_one({"_id": id}) if _ID.fullmatch(id) else None
    if document is None:
        raise not_found(f"{SINGULAR[collection]} with this id")
    return document


def require_id(id: str, category: str) -> str:
    """This id in a path, if it is one of this category at all; raises a 404 problem."""
    if not (_ID.fullmatch(id) and id.startswith(f"{category}-")):
        raise not_found(f"{category} with this id")
    return id


async def read_one(visit: Visit, collection: str, id: str) -> Response:
    """The answer to a GET of one document. Raises 403 and 404 problems."""
    return await shown(visit, collection, await find(visit, collection, id))


async def shown(visit: Visit, collection: str, document: Document, status: int = 200, location: str = "") -> Response:
    """This document as the caller may see it, with its version as ETag. Raises a 403 problem."""
    grant = require_for(visit.caller, f"{collection}.read", document)
    document = await with_words(visit, collection, document, grant)
    if collection == "contacts":
        document = await with_part_and_clashes(visit, document)
    headers = {"etag": f'"{document["version"]}"'}
    if location:
        headers["location"] = location
    return Response(dump(public(document, hidden(grant, collection))), status, headers, JSON)


def public(document: Document, without: frozenset[str]) -> dict[str, Any]:
    """The document with ``id`` for ``_id``; changes the one it is given.

    ``part.name`` leaves a name out of a part, or of each part where there is a list of them; ``**.name`` out of each source of
    a statement. What is left out is left out of the statements too.
    """
    for name in without:
        _leave_out(document, name)
        for stated in ("statements", "covered"):
            document.get(stated, {}).pop(name, None)
    for name in INTERNAL:
        document.pop(name, None)
    return {"id": document.pop("_id"), **document}


def _leave_out(document: Document, name: str) -> None:
    part, deeper, rest = name.partition(".")
    if part == EACH_SOURCE:
        _leave_out_of_sources(document, rest)
        return
    if not deeper:
        document.pop(name, None)
        return
    inner = document.get(part) or []
    for each in inner if isinstance(inner, list) else [inner]:
        _leave_out(each, rest)


def _leave_out_of_sources(content: Any, name: str) -> None:
    """Evidence has a namesake: how well a language is proven, which is part of what is stated."""
    if isinstance(content, dict) and "provenance" in content:
        content.pop(name, None)
    for part in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        _leave_out_of_sources(part, name)


def dump(content: Any) -> bytes:
    """JSON; MongoDB's times, which have no zone, are UTC."""
    return orjson.dumps(content, option=_OPTIONS)


class Page:
    """Which part of a list is asked for: ``limit`` items after ``cursor``."""

    def __init__(
        self,
        limit: Annotated[int, Query(ge=1, le=MOST_ITEMS, description="How many items at most")] = 50,
        cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
    ) -> None:
        self.limit = limit
        self.cursor = cursor


Paging = Annotated[Page, Depends(Page)]


async def read_page(visit: Visit, collection: str, page: Page, filter: Mapping[str, Any] | None = None) -> Response:
    """A page of what the caller may see, in the order of the ids. Raises 400 and 403 problems."""
    wanted: dict[str, Any] = {**(filter or {}), **scope(visit.caller, f"{collection}.read")}
    if collection in PROFILES:
        wanted["erased_at"] = None
    if page.cursor is not None:
        wanted = {"$and": [wanted, {"_id": {"$gt": after(page.cursor)}}]} if wanted else {"_id": {"$gt": after(page.cursor)}}
    found = await visit.gateway.views[collection].find(wanted).sort("_id", 1).limit(page.limit + 1).to_list()
    further = cursor_for(found[page.limit - 1]["_id"]) if len(found) > page.limit else None
    items = [await _item(visit, collection, each) for each in found[: page.limit]]
    return Response(dump({"items": items, "next": further}), media_type=JSON)


async def with_words(visit: Visit, collection: str, document: Document, grant: Grant) -> Document:
    """The document with the words in it opened: views keep them sealed, with the key of whom this field names.

    A THIN grant shows none of them.
    """
    owner = WORDS_OWNER.get(collection)
    if owner is None:
        return document
    if grant is Grant.THIN:
        concealed: Document = without_words(document)
        return concealed
    opened: Document = await visit.gateway.open_words(document[owner], document)
    return opened


async def _item(visit: Visit, collection: str, document: Document) -> dict[str, Any]:
    grant = require_for(visit.caller, f"{collection}.read", document)
    document = await with_words(visit, collection, document, grant)
    if collection == "contacts":
        document = with_part(visit, document)
    return public(document, hidden(grant, collection))


def cursor_for(id: str) -> str:
    """The cursor that continues after this id."""
    return base64.urlsafe_b64encode(id.encode()).decode().rstrip("=")


def after(cursor: str) -> str:
    """The id that this cursor continues after; raises a 400 problem for what was never given out."""
    try:
        id = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        id = ""
    if not _ID.fullmatch(id):
        raise Problem(400, "bad-cursor", "take the cursor from `next` of the page before", field="cursor")
    return id

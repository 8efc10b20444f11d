"""A contact and its timeline as they stood at a moment that is asked for."""

import re
from datetime import datetime
from typing import Any

from fastapi.responses import Response

from services.foundation.messages import now
from services.gateway.house import Document
from services.gateway.http.reading import JSON, dump, find, public, with_words
from services.gateway.http.visit import Visit
from services.gateway.permissions import hidden, require, require_for
from services.gateway.problems import Problem
from services.gateway.timeline import folded, told_by

AS_OF: dict[str, Any] = {
    "parameters": [
        {
            "name": "as_of",
            "in": "query",
            "required": False,
            "description": "A past moment (RFC 3339, with its zone); without it, now",
            "schema": {"type": "string", "format": "date-time", "maxLength": 40},
        }
    ]
}
EXAMPLE = "2026-11-24T09:00:00+01:00"

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)


def as_of(visit: Visit) -> datetime | None:
    """The moment that is asked for; None for now. Raises a 422 problem for one without zone, or in the future."""
    given = visit.request.query_params.get("as_of")
    if given is None:
        return None
    moment = _moment(given)
    if moment is None:
        raise Problem(422, "invalid-input", f"must be a moment with its zone like {EXAMPLE}", field="as_of")
    if moment > now():
        raise Problem(422, "invalid-input", "must not lie in the future", field="as_of")
    return moment


def _moment(given: str) -> datetime | None:
    """A plus that was not escaped arrives as a space."""
    text = given.replace(" ", "+").upper()
    try:
        return datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None


async def read_as_of(visit: Visit, id: str, moment: datetime) -> Response:
    """The answer to a GET of a contact as it stood. Raises 403 and 404 problems, also where it had not begun yet.

    What somebody may do, and what clashes, is a matter of now and is left out.
    """
    require(visit.caller, "contacts.read")
    grant = require_for(visit.caller, "contacts.read", await find(visit, "contacts", id))
    stood = await with_words(visit, "contacts", folded(id, await _entries(visit, id, moment)), grant)
    etag = {"etag": f'"{stood["version"]}"'}
    return Response(dump(public(stood, hidden(grant, "contacts"))), 200, etag, JSON)


async def read_events(visit: Visit, id: str, moment: datetime | None) -> Response:
    """The answer to a GET of its timeline, up to this moment if one is given."""
    require(visit.caller, "contacts.read")
    contact = await find(visit, "contacts", id)
    grant = require_for(visit.caller, "contacts.read", contact)
    items = [public(entry, frozenset()) for entry in await _entries(visit, id, moment)]
    told = await with_words(visit, "contacts", {"person_id": contact["person_id"], "items": items}, grant)
    return Response(dump({"items": told["items"], "next": None}), media_type=JSON)


async def _entries(visit: Visit, id: str, moment: datetime | None) -> list[Document]:
    found = await visit.gateway.views["contact_events"].find({"_id": {"$gt": f"{id}/", "$lt": f"{id}0"}}).to_list()
    entries: list[Document] = sorted(found, key=lambda entry: int(entry["version"]))
    if moment is None:
        return entries
    told = told_by(entries, moment)
    if not told:
        raise Problem(404, "contact-not-begun", "the contact had not begun at that moment", field="as_of")
    return told

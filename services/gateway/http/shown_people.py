"""People as companies and partners see them: only those who agreed to it, and only after the disclosure is recorded."""

from typing import Any

from fastapi.responses import Response

from services.gateway.disclosing import arranged_contact, audience, disclosure, part_of, recorded
from services.gateway.house import Document
from services.gateway.http.reading import JSON, dump, find_even_erased, public
from services.gateway.http.visit import Visit
from services.gateway.permissions import require
from services.gateway.problems import not_found

NOBODY = "person with this id who agreed to be shown to you"


async def read_person(visit: Visit, id: str) -> Response:
    """One person; a company in an arranged contact also sees name, e-mail and phone. Raises 403, 404 and 503 problems."""
    require(visit.caller, "people.read")
    document = await _seen(visit, id)
    contact = await arranged_contact(visit.gateway, visit.caller, id)
    shown = part_of(document, contact)
    if not await recorded(visit.gateway.commander, visit.caller, {id: disclosure(visit.caller, shown, contact)}):
        raise not_found(NOBODY)
    return Response(dump(public(shown, frozenset())), headers={"etag": f'"{document["version"]}"'}, media_type=JSON)


async def _seen(visit: Visit, id: str) -> Document:
    await find_even_erased(visit, "people", id)
    document = await visit.gateway.views["people"].find_one({"_id": id, **await audience(visit.gateway, visit.caller)})
    if document is None:
        raise not_found(NOBODY)
    return document


async def in_a_list(visit: Visit, found: list[Document]) -> list[dict[str, Any]]:
    """These people without what identifies them. What partners read in a list is recorded, as in their feed."""
    shown = {document["_id"]: part_of(document) for document in found}
    if visit.caller.role == "partner":
        wanted = {id: disclosure(visit.caller, each) for id, each in shown.items()}
        agreed = await recorded(visit.gateway.commander, visit.caller, wanted)
        shown = {id: each for id, each in shown.items() if id in agreed}
    return [public(each, frozenset()) for each in shown.values()]

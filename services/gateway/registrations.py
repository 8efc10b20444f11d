"""Registrations as they are read: with what the view keeps apart of them."""

from collections.abc import Sequence

from services.gateway.house import Document, Gateway
from services.gateway.views.workshop import FEEDBACK, GUEST

APART = {"name": None, "email": None, "feedback": None}


async def with_what_stands_apart(gateway: Gateway, registrations: Sequence[Document]) -> list[Document]:
    """These registrations with the name and address of each guest and with the feedback, sealed as they are kept."""
    ids = [f"{each['_id']}/{kind}" for each in registrations for kind in (GUEST, FEEDBACK)]
    apart: dict[str, Document] = {each["_id"]: {} for each in registrations}
    async for each in gateway.views["registration_words"].find({"_id": {"$in": ids}}, {"version": 0}):
        apart[each.pop("_id").rpartition("/")[0]] |= each
    return [{**each, **APART, **apart[each["_id"]]} for each in registrations]

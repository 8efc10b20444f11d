"""The proof that no conversation dies unnoticed: for now, and for any past moment."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from itertools import groupby
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import now
from services.gateway.house import Document
from services.gateway.http.moments import AS_OF, as_of
from services.gateway.http.openapi import reads
from services.gateway.http.reading import JSON, Paging, after, cursor_for, dump
from services.gateway.http.shapes.promise import PromisedContacts, PromiseProof
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.permissions import require
from services.gateway.promise import Proof, Standing, standing
from services.gateway.timeline import told_by

CONTACTS_AT_ONCE = 200
"""So many are read and folded at once."""
LOOKS = 20
LOOK_SECONDS = 0.1
"""How often, and in which distance, a contact is looked at again whose events may have been seen half: those of one decision
arrive one by one."""

router = APIRouter(prefix="/v1/promise", tags=["promise"], route_class=LeanRoute)


@router.get(
    "",
    summary="How many contacts were open at a moment, and that none was silent",
    responses=reads(PromiseProof),
    openapi_extra=AS_OF,
)
async def prove_promise(visit: Visiting) -> Response:
    require(visit.caller, "promise.read")
    proof = Proof(as_of(visit) or now())
    async for each in _standings(visit, proof.as_of):
        proof.add(each)
    return Response(dump(_told(proof)), media_type=JSON)


@router.get(
    "/contacts",
    summary="The contacts that were open at a moment, each with owner and next step",
    responses=reads(PromisedContacts),
    openapi_extra=AS_OF,
)
async def list_promised_contacts(visit: Visiting, page: Paging) -> Response:
    require(visit.caller, "promise.read")
    moment = as_of(visit) or now()
    found: list[Standing] = []
    async for each in _standings(visit, moment, after(page.cursor) if page.cursor is not None else ""):
        found.append(each)
        if len(found) > page.limit:
            break
    further = cursor_for(found[page.limit - 1].contact) if len(found) > page.limit else None
    items = [_item(each, moment) for each in found[: page.limit]]
    return Response(dump({"as_of": moment, "items": items, "next": further}), media_type=JSON)


def _told(proof: Proof) -> dict[str, Any]:
    return {
        "as_of": proof.as_of,
        "kept": not proof.silent,
        "open": proof.open,
        "silent": len(proof.silent),
        "silent_contacts": proof.silent[:CONTACTS_AT_ONCE],
        "overdue": proof.overdue,
        "reported": proof.reported,
        "escalated": dict(sorted(proof.escalated.items())),
        "owners": dict(sorted(proof.owners.items())),
        "checksum": f"sha256:{proof.checksum}",
    }


def _item(each: Standing, moment: datetime) -> dict[str, Any]:
    step = {"step_id": each.step_id, "owner": each.owner, "due": each.due, "overdue": each.overdue(moment)}
    told = {"reported": each.reported, "escalated_to": each.escalated_to}
    about = {name: getattr(each, name) for name in ("version", "state", "person_id", "company_id", "coordinator", "deputy")}
    return {"id": each.contact, **about, "next_step": {**step, **told} if each.step_id else None, "silent": each.silent}


async def _standings(visit: Visit, moment: datetime, behind: str = "") -> AsyncIterator[Standing]:
    """The contacts that were open, in the order of their ids, from the one behind this id on."""
    while ids := await _next_ids(visit, behind):
        behind = ids[-1]
        for each in await asyncio.to_thread(_folded, await _entries(visit, ids[0], behind), moment):
            sure = await _looked_at_again(visit, each, moment) if each.silent else each
            if sure is not None:
                yield sure


def _folded(entries: list[Document], moment: datetime) -> list[Standing]:
    timelines = groupby(entries, key=lambda entry: str(entry["contact_id"]))
    stood = (standing(contact, told_by(timeline, moment)) for contact, timeline in timelines)
    return [each for each in stood if each is not None]


async def _next_ids(visit: Visit, behind: str) -> list[str]:
    contacts = visit.gateway.views["contacts"].find({"_id": {"$gt": behind}}, {"_id": 1}).sort("_id", 1)
    return [each["_id"] for each in await contacts.limit(CONTACTS_AT_ONCE).to_list()]


async def _entries(visit: Visit, first: str, last: str) -> list[Document]:
    """The whole timelines of the contacts from the first to the last of these ids."""
    events = visit.gateway.views["contact_events"]
    found: list[Document] = await events.find({"_id": {"$gt": f"{first}/", "$lt": f"{last}0"}}).sort("_id", 1).to_list()
    return found


async def _looked_at_again(visit: Visit, seen: Standing, moment: datetime) -> Standing | None:
    """The contact once all events of its last decision are there; as it was seen, where nothing comes."""
    for _ in range(LOOKS):
        await asyncio.sleep(LOOK_SECONDS)
        timeline = await _entries(visit, seen.contact, seen.contact)
        again = standing(seen.contact, told_by(timeline, moment))
        if again is None or not again.silent:
            return again
    return seen

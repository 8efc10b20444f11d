"""From what is said of prospects in the clear to commands that hold it sealed, and know who has declined before."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson

from services.foundation.messages import Command
from services.gateway import recognition
from services.gateway.house import Document, Gateway
from services.gateway.problems import Problem
from services.gateway.views.prospect import APPROACH_NOTE, DECLINE_NOTE, STEP_TEXT
from services.profiles.contract import (
    PROSPECT_SEALED,
    DeclineProspect,
    IdentifyProspect,
    PlanOutreachStep,
    RecordApproach,
    UpdateProspect,
    prospect_stream,
)

Given = Mapping[str, Any]

DECLINED_BEFORE = "who declined is not approached again; this one is known to have declined"


async def identification(gateway: Gateway, command_id: str, given: Given, staff: str) -> tuple[str, Command]:
    """The stream and command for a new prospect, as POST /v1/prospects and an import take it. ``staff``: who is responsible
    where nobody else is named. Raises a 409 problem for who declined before, and KeyMissing for who was erased."""
    fields = {name: value for name, value in given.items() if value is not None}
    external_id = fields.get("external_id", "")
    stream = prospect_stream(fields["source"], external_id) if external_id else f"prospect-{command_id}"
    await refuse_declined(gateway, stream, fields)
    coordinator = fields.setdefault("coordinator", staff)
    step = fields.pop("next_step", None)
    clear = {name: fields[name] for name in PROSPECT_SEALED if name in fields}
    sealed = await gateway.seal(stream, clear, new=True)
    written = orjson.dumps({**fields, "next_step": step}, option=orjson.OPT_SORT_KEYS).decode()
    fingerprint = await asyncio.to_thread(gateway.vault.fingerprint, stream, written)
    planned = await _step(gateway, stream, step, coordinator)
    return stream, IdentifyProspect.model_validate({**fields, **sealed, "fingerprint": fingerprint, "next_step": planned})


async def refuse_declined(gateway: Gateway, stream: str, fields: Given) -> None:
    """Raises a 409 problem for a prospect that declined, or that shares a name, address or number with one who did. It tells
    nothing of the other."""
    known = await gateway.views["prospects"].find_one({"_id": stream})
    declined = known is not None and known["state"] in ("declined", "minimised") and not known.get("profile_id")
    if not declined:
        found = await asyncio.to_thread(recognition.marks, gateway.vault, fields)
        declined = await gateway.views["declined_marks"].find_one({"_id": {"$in": found}}) is not None
    if declined:
        raise Problem(409, "prospect-declined-before", DECLINED_BEFORE)


async def change(gateway: Gateway, document: Document, given: Given) -> Command:
    """Only what has changed is sealed: what is sealed anew looks changed."""
    changed = {name: value for name, value in given.items() if value is not None and value != document.get(name)}
    clear = {name: changed[name] for name in PROSPECT_SEALED if name in changed}
    return UpdateProspect.model_validate(changed | await gateway.seal(document["_id"], clear))


async def approach(gateway: Gateway, document: Document, given: Given, staff: str) -> Command:
    """An approach with what follows from it."""
    stream, decline = document["_id"], given.get("decline")
    sealed = await gateway.seal(stream, {APPROACH_NOTE: given.get("note", "")})
    follows = {
        "by": given.get("by") or staff,
        "note": sealed[APPROACH_NOTE],
        "next_step": await _step(gateway, stream, given.get("next_step"), document.get("coordinator", staff)),
        "decline": await _declining(gateway, document, decline) if decline else None,
    }
    return RecordApproach.model_validate({**given, **follows})


async def plan(gateway: Gateway, document: Document, given: Given, staff: str) -> Command:
    """Another next step."""
    step = await _step(gateway, document["_id"], given, document.get("coordinator", staff))
    return PlanOutreachStep.model_validate({"next_step": step})


async def decline(gateway: Gateway, document: Document, given: Given, at: Any) -> Command:
    """The end, with the marks by which they are recognised."""
    said = {name: value for name, value in given.items() if name != "at"}
    return DeclineProspect.model_validate({"at": at, "decline": await _declining(gateway, document, said)})


async def _declining(gateway: Gateway, document: Document, said: Given) -> dict[str, Any]:
    sealed = await gateway.seal(document["_id"], {DECLINE_NOTE: said.get("note", "")})
    found = await asyncio.to_thread(recognition.marks, gateway.vault, document)
    return {**said, "note": sealed[DECLINE_NOTE], "marks": found}


async def _step(gateway: Gateway, stream: str, step: Given | None, coordinator: str) -> dict[str, Any] | None:
    if step is None:
        return None
    sealed = await gateway.seal(stream, {STEP_TEXT: step["what"]})
    return {"what": sealed[STEP_TEXT], "owner": step.get("owner") or coordinator, "due": step["due"]}

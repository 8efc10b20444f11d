"""Merging two profiles of the same person or company, and undoing it. For staff.

Each profile's data is sealed with a key of its own, so what may be taken over is sealed anew for the surviving profile here.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.foundation.privacy import KeyVault
from services.gateway.documents import INTERNAL
from services.gateway.house import Document
from services.gateway.http.companies import COMPANY
from services.gateway.http.forms import form_of, takes
from services.gateway.http.openapi import writes
from services.gateway.http.people import PERSON
from services.gateway.http.profiles import Kind
from services.gateway.http.reading import JSON, SINGULAR, dump, find, public, shown
from services.gateway.http.shapes.companies import Company
from services.gateway.http.shapes.merging import MergedCompany, MergedPerson
from services.gateway.http.shapes.people import Person
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import ViewLate, carry_out, watched
from services.gateway.permissions import require_for
from services.gateway.problems import Problem
from services.gateway.views.merging import merged_statements
from services.matching.contract import OPEN_STATES
from services.profiles.contract import MergeProfiles, UndoMerge

MERGE = form_of(
    MergeProfiles,
    without={"absorbed_version", "statements", "qualifications", "recognitions", "concepts", "contact_people", "needs"},
)
NOTE = {
    "de": "Einwilligungen wurden nicht übernommen: Es gelten die des bestehenden Profils. Fehlt eine, ist sie neu einzuholen.",
    "en": "Consents were not taken over: those of the surviving profile hold. Where one is missing, ask for it anew.",
}

router = APIRouter(route_class=LeanRoute)


@router.post(
    "/v1/people/{id}/merges",
    tags=["people"],
    summary="Merge another person into this one",
    responses=writes(MergedPerson),
    openapi_extra=takes(MERGE),
)
async def merge_people(visit: Visiting, id: str) -> Response:
    return await _merge(visit, PERSON, id)


@router.post(
    "/v1/companies/{id}/merges",
    tags=["companies"],
    summary="Merge another company into this one",
    responses=writes(MergedCompany),
    openapi_extra=takes(MERGE),
)
async def merge_companies(visit: Visiting, id: str) -> Response:
    return await _merge(visit, COMPANY, id)


@router.delete(
    "/v1/people/{id}/merges/{absorbed_id}", tags=["people"], summary="Undo a merge of people", responses=writes(Person)
)
async def undo_merge_of_people(visit: Visiting, id: str, absorbed_id: str) -> Response:
    return await _undo(visit, PERSON, id, absorbed_id)


@router.delete(
    "/v1/companies/{id}/merges/{absorbed_id}",
    tags=["companies"],
    summary="Undo a merge of companies",
    responses=writes(Company),
)
async def undo_merge_of_companies(visit: Visiting, id: str, absorbed_id: str) -> Response:
    return await _undo(visit, COMPANY, id, absorbed_id)


async def _merge(visit: Visit, kind: Kind, id: str) -> Response:
    action = f"{kind.collection}.merge"
    given = (await visit.form(action, MERGE)).given()
    require_for(visit.caller, action, await find(visit, kind.collection, id))
    absorbed_id = given["absorbed_id"]
    absorbed = await visit.gateway.views[kind.collection].find_one({"_id": absorbed_id})
    if absorbed is None:
        what = SINGULAR[kind.collection]
        raise Problem(422, "absorbed-profile-unknown", f"there is no {what} with this id", field="absorbed_id")
    if absorbed.get("merged_into") != id and absorbed_id != id:
        await _require_absorbable(visit, kind, absorbed)

    async def make(_: str) -> tuple[str, Command]:
        held = await asyncio.to_thread(_held, visit, kind, id, absorbed)
        return id, MergeProfiles.model_validate({**given, "absorbed_version": absorbed["version"], **held})

    async def show(outcome: Outcome) -> Response:
        survivor = await watched(visit, kind.collection, outcome)
        await _both_seen(visit, kind, absorbed_id, lambda document: _is_absorbed(document, id, outcome.command_id))
        return _answer(survivor, absorbed)

    return await carry_out(visit, make, show)


async def _undo(visit: Visit, kind: Kind, id: str, absorbed_id: str) -> Response:
    action = f"{kind.collection}.merge"
    survivor = await find(visit, kind.collection, id)
    require_for(visit.caller, action, survivor)
    await find(visit, kind.collection, absorbed_id)
    needs = [need for need, whose in survivor.get("merged_needs", {}).items() if whose == absorbed_id]
    await _require_no_contacts(visit, {"need_id": {"$in": needs}} if needs else None, absorbed_id)

    async def make(_: str) -> tuple[str, Command]:
        return id, UndoMerge(absorbed_id=absorbed_id)

    async def show(outcome: Outcome) -> Response:
        document = await watched(visit, kind.collection, outcome)
        await _both_seen(visit, kind, absorbed_id, lambda each: each.get("merged_into") != id)
        return await shown(visit, kind.collection, document)

    return await carry_out(visit, make, show)


async def _require_absorbable(visit: Visit, kind: Kind, absorbed: Document) -> None:
    """Raises 409 problems. What changes after this look, the absorbed profile itself decides."""
    if absorbed.get("merged_into"):
        raise Problem(409, "profile-is-merged", f"that profile was merged into {absorbed['merged_into']}", field="absorbed_id")
    if absorbed.get("merged_from"):
        detail = f"these were merged into that profile: {', '.join(absorbed['merged_from'])}; undo that first"
        raise Problem(409, "profile-has-absorbed-others", detail, field="absorbed_id")
    if "statements" not in absorbed or any(absorbed.get(field) is None for field in kind.sealed):
        raise Problem(409, "profile-erased", "the personal data of that profile was erased", field="absorbed_id")
    await _require_no_contacts(visit, {f"{kind.category}_id": absorbed["_id"]}, absorbed["_id"])


async def _require_no_contacts(visit: Visit, whose: Mapping[str, Any] | None, absorbed_id: str) -> None:
    if whose is None:
        return
    found = await visit.gateway.views["contacts"].find(whose, {"state": 1}).to_list()
    errors = [{"field": "absorbed_id", "reason": f"{each['_id']} is open"} for each in found if each["state"] in OPEN_STATES]
    if errors:
        detail = f"{absorbed_id} has open contacts: {', '.join(each['reason'].split()[0] for each in errors)}"
        raise Problem(409, "contacts-open", detail, errors=errors)


def _is_absorbed(document: Document, survivor_id: str, merge_id: str) -> bool:
    """Raises a 409 problem where the profile has rejected it meanwhile."""
    rejected = document.get("merge_rejected") or {}
    if rejected.get("merge_id") == merge_id:
        detail = f"the other profile cannot be absorbed: {rejected['reason']}; nothing was taken over"
        raise Problem(409, "merge-rejected", detail, field="absorbed_id")
    return bool(document.get("merged_into") == survivor_id)


async def _both_seen(visit: Visit, kind: Kind, absorbed_id: str, holds: Callable[[Document], bool]) -> None:
    """Waits until the view of the absorbed profile shows the second half; raises ViewLate."""
    version, patience = 0, visit.gateway.settings.answer_deadline_seconds
    while True:
        document = await visit.gateway.watch.at_least(kind.collection, absorbed_id, version, patience)
        if document is None:
            raise ViewLate
        if holds(document):
            return
        version = document["version"] + 1


def _answer(survivor: Document, absorbed: Document) -> Response:
    taken: dict[str, list[str]] = {}
    for field, each in merged_statements(survivor):
        if each["merged_from"] == absorbed["_id"]:
            taken.setdefault(field, []).append(each["provenance"])
    own = {each["purpose"] for each in survivor.get("consents", ())}
    content = {
        "absorbed_id": absorbed["_id"],
        "taken": taken,
        "consents_not_taken": sorted({each["purpose"] for each in absorbed.get("consents", ())} - own),
        "note": NOTE,
        "profile": public(survivor, frozenset(INTERNAL)),
    }
    return Response(dump(content), headers={"etag": f'"{survivor["version"]}"'}, media_type=JSON)


def _held(visit: Visit, kind: Kind, survivor_id: str, absorbed: Document) -> dict[str, Any]:
    """All that the absorbed profile holds of its own, as the command wants it. Raises KeyMissing."""

    vault = visit.gateway.vault

    def seal(field: str, value: Any) -> Any:
        return vault.seal(survivor_id, field, value or "") if field in kind.sealed else value

    def source(made: Mapping[str, Any]) -> dict[str, Any]:
        sealed = vault.seal_words(survivor_id, "evidence", made["evidence"] or "")
        return {"provenance": made["provenance"], "evidence": sealed, "at": made["at"], "by": made["by"]}

    statements = [
        {**source(each), "fields": {field: seal(field, each["value"])}}
        for field, made in absorbed["statements"].items()
        for each in made
    ]
    qualifications = absorbed.get("qualifications", ())
    return {
        "statements": statements,
        "qualifications": list(_qualifications(qualifications, source)),
        "recognitions": [
            {"qualification_id": each["id"], "status": each["recognition"], **_decision(vault, survivor_id, each["decision"])}
            for each in qualifications
            if each.get("decision")
        ],
        "concepts": [
            {**source(each), "typed": each["typed"], "concept": each["concept"]} for each in absorbed.get("skill_concepts", ())
        ],
        "contact_people": [_contact_person(visit, each) for each in absorbed.get("contact_people", ())],
        "needs": [
            {"need_id": each["id"], **each, **source(each["source"])} for each in absorbed.get("needs", ()) if each["open"]
        ],
    }


def _decision(vault: KeyVault, owner: str, decision: Mapping[str, Any]) -> dict[str, Any]:
    return {**decision, "reference": vault.seal_words(owner, "reference", decision.get("reference") or "")}


def _qualifications(qualifications: Any, source_of: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in qualifications:
        for made in each["statements"]:
            source = source_of(made)
            recorded = {"qualification_id": each["id"], **made["value"]}
            recorded |= {name: source[name] for name in ("provenance", "evidence")}
            yield {**source, "recorded": recorded}


def _contact_person(visit: Visit, person: Document) -> dict[str, Any]:
    """Sealed anew with the key of their own, which stays the same."""
    id, clear = person["id"], {name: person[name] for name in ("name", "email", "phone")}
    sealed = {name: visit.gateway.vault.seal(id, name, text or "") for name, text in clear.items()}
    return {**person, **sealed, "contact_person_id": id}

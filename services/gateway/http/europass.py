"""A Europass document becomes a person, or tells one what is news."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel

from services.foundation.messages import now
from services.gateway.http.openapi import PROBLEM
from services.gateway.http.reading import JSON, dump
from services.gateway.http.visit import LeanRoute, Visiting
from services.gateway.imports.europass.importing import Imported, carry_in, curriculum_of
from services.gateway.imports.intake import Intake
from services.gateway.imports.kinds import KINDS
from services.gateway.imports.patience import NotAnswering
from services.gateway.permissions import require
from services.gateway.problems import Problem, away

MOST_BYTES = 10_000_000
"""Documents hold a photograph, which is not taken over."""
TYPES = frozenset({"application/json", "application/xml", "text/xml"})

router = APIRouter(prefix="/v1/imports", tags=["imports"], route_class=LeanRoute)

DOCUMENT = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "title": "EuropassDocument"}} for kind in sorted(TYPES)},
    }
}
Words = Annotated[str | None, Query(max_length=500)]


class Europass(BaseModel):
    """How it ended: ``created``, ``changed``, ``unchanged``, or what a dry run ``would_create`` or ``would_change``."""

    status: str
    id: str
    person: dict[str, Any]
    qualifications: list[dict[str, Any]]
    qualifications_recorded: int
    notes: list[str]


class Beside:
    """What the document does not say, or says otherwise; written like the cells of a file."""

    def __init__(
        self,
        occupation: Words = None,
        sectors: Words = None,
        purposes: Words = None,
        place: Words = None,
        region: Words = None,
        preferred_language: Words = None,
        email: Words = None,
        dry_run: Annotated[bool, Query(description="Say what would be made, and write nothing")] = False,
    ) -> None:
        said = {"occupation": occupation, "sectors": sectors, "purposes": purposes, "place": place, "region": region}
        said |= {"preferred_language": preferred_language, "email": email}
        self.said = {name: words for name, words in said.items() if words and words.strip()}
        self.dry_run = dry_run


@router.post(
    "/europass",
    summary="Import a Europass document",
    responses={200: {"model": Europass}, 201: {"model": Europass}, "4XX": PROBLEM, 503: PROBLEM},
    openapi_extra=DOCUMENT,
)
async def import_europass(visit: Visiting, beside: Annotated[Beside, Depends()]) -> Response:
    for action in ("people.create", "people.update"):
        require(visit.caller, action)
    if visit.request.headers.get("content-type", "").lower().partition(";")[0].strip() not in TYPES:
        raise Problem(415, "unsupported-media-type", f"send a Europass document as {' or '.join(sorted(TYPES))}")
    intake = Intake(visit.request, min(MOST_BYTES, visit.gateway.settings.max_import_bytes))
    try:
        made = curriculum_of(await intake.whole(), now().date())
    finally:
        intake.close()
    try:
        imported = await carry_in(visit.gateway, visit.caller, made, beside.said, visit.correlation_id, dry_run=beside.dry_run)
    except NotAnswering:
        raise away() from None
    return await _answer(visit, imported)


async def _answer(visit: Visiting, imported: Imported) -> Response:
    settled = imported.settled
    if settled.status == "refused":
        errors = [{"field": each["column"], "reason": each["reason"]} for each in settled.errors]
        detail = "; ".join(f"{each['field']}: {each['reason']}" for each in errors)
        raise Problem(422, "invalid-input", detail, field=errors[0]["field"], errors=errors)
    if settled.version:
        patience = visit.gateway.settings.answer_deadline_seconds
        await visit.gateway.watch.at_least(KINDS["people"].collection, settled.id, settled.version, patience)
    shown = Europass(
        status=settled.status,
        id=settled.id,
        person=imported.given,
        qualifications=imported.qualifications,
        qualifications_recorded=imported.recorded,
        notes=imported.notes,
    )
    return Response(dump(shown.model_dump()), 201 if settled.status == "created" else 200, media_type=JSON)

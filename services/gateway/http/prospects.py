"""Prospects: whom staff want to win. Identified, approached, and then agreed or declined."""

from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command, now
from services.foundation.outcomes import Outcome
from services.gateway.http import prospect_commands as making
from services.gateway.http.companies import COMPANY, NEW_COMPANY
from services.gateway.http.forms import takes, takes_one_of
from services.gateway.http.openapi import reads, reads_page_of, writes
from services.gateway.http.partners import NEW_PARTNER, PARTNER
from services.gateway.http.people import NEW_PERSON, PERSON
from services.gateway.http.profiles import attributed, with_words_sealed
from services.gateway.http.prospect_forms import APPROACH, CHANGED_PROSPECT, NEW_PROSPECT, DeclineForm, OutreachStepForm
from services.gateway.http.prospect_lists import ProspectList, read_prospects
from services.gateway.http.reading import Paging, find, read_one, shown
from services.gateway.http.shapes.prospects import Prospect
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import Make, ViewLate, carry_out, show_view, watched
from services.gateway.permissions import require, require_for
from services.profiles.contract import AgreeProspect

PROFILES = {"person": (PERSON, NEW_PERSON), "company": (COMPANY, NEW_COMPANY), "partner": (PARTNER, NEW_PARTNER)}
"""What an agreed prospect becomes, and the form of its profile, by kind."""

router = APIRouter(prefix="/v1/prospects", tags=["prospects"], route_class=LeanRoute)


@router.post(
    "", summary="Identify a prospect", status_code=201, responses=writes(Prospect, 201), openapi_extra=takes(NEW_PROSPECT)
)
async def identify_prospect(visit: Visiting) -> Response:
    given = (await visit.form("prospects.create", NEW_PROSPECT)).given()

    async def make(command_id: str) -> tuple[str, Command]:
        return await making.identification(visit.gateway, command_id, given, visit.caller.id)

    return await carry_out(visit, make, show_view(visit, "prospects", 201))


@router.get("", summary="Prospects, page by page", responses=reads_page_of(Prospect))
async def list_prospects(visit: Visiting, page: Paging, wanted: ProspectList) -> Response:
    return await read_prospects(visit, page, wanted)


@router.get("/{id}", summary="One prospect", responses=reads(Prospect))
async def get_prospect(visit: Visiting, id: str) -> Response:
    return await read_one(visit, "prospects", id)


@router.patch(
    "/{id}", summary="Replace fields of a prospect", responses=writes(Prospect), openapi_extra=takes(CHANGED_PROSPECT)
)
async def update_prospect(visit: Visiting, id: str) -> Response:
    given = (await visit.form("prospects.manage", CHANGED_PROSPECT)).given()
    document = await find(visit, "prospects", id)

    async def make(_: str) -> tuple[str, Command]:
        return id, await making.change(visit.gateway, document, given)

    return await _send(visit, id, make)


@router.post(
    "/{id}/approaches",
    summary="Record an approach, and what follows from it",
    responses=writes(Prospect),
    openapi_extra=takes(APPROACH),
)
async def record_approach(visit: Visiting, id: str) -> Response:
    given = (await visit.form("prospects.manage", APPROACH)).given()
    document = await find(visit, "prospects", id)

    async def make(_: str) -> tuple[str, Command]:
        return id, await making.approach(visit.gateway, document, given, visit.caller.id)

    return await _send(visit, id, make)


@router.put("/{id}/next-step", summary="Plan the next step", responses=writes(Prospect), openapi_extra=takes(OutreachStepForm))
async def plan_outreach_step(visit: Visiting, id: str) -> Response:
    given = (await visit.form("prospects.manage", OutreachStepForm)).given()
    document = await find(visit, "prospects", id)

    async def make(_: str) -> tuple[str, Command]:
        return id, await making.plan(visit.gateway, document, given, visit.caller.id)

    return await _send(visit, id, make)


@router.post("/{id}/decline", summary="Record that they declined", responses=writes(Prospect), openapi_extra=takes(DeclineForm))
async def decline_prospect(visit: Visiting, id: str) -> Response:
    given = (await visit.form("prospects.manage", DeclineForm)).given()
    document = await find(visit, "prospects", id)
    at: datetime = given.get("at") or now()

    async def make(_: str) -> tuple[str, Command]:
        return id, await making.decline(visit.gateway, document, given, at)

    return await _send(visit, id, make)


@router.post(
    "/{id}/agreement",
    summary="They agree: give the fields of their profile, as for a new person, company or partner",
    status_code=201,
    responses=writes(Prospect, 201),
    openapi_extra=takes_one_of(*(form for _, form in PROFILES.values())),
)
async def agree_prospect(visit: Visiting, id: str) -> Response:
    require(visit.caller, "prospects.manage")
    document = await find(visit, "prospects", id)
    kind, form = PROFILES[document["kind"]]
    given = attributed(visit.caller, (await visit.form("prospects.manage", form)).given())

    async def make(command_id: str) -> tuple[str, Command]:
        profile_id = f"{kind.category}-{command_id}"
        clear = {name: given[name] for name in kind.sealed if given.get(name) is not None}
        sealed = given | await visit.gateway.seal(profile_id, clear, new=True)
        profile = await with_words_sealed(visit, profile_id, sealed)
        return id, AgreeProspect.model_validate({"profile_id": profile_id, kind.category: profile})

    async def show(outcome: Outcome) -> Response:
        return await _show_agreed(visit, outcome)

    return await carry_out(visit, make, show)


async def _show_agreed(visit: Visit, outcome: Outcome) -> Response:
    """The prospect, once its profile can be read; ``Location`` tells where. Raises ViewLate."""
    document = await watched(visit, "prospects", outcome)
    collection, profile_id = PROFILES[document["kind"]][0].collection, document["profile_id"]
    patience = visit.gateway.settings.answer_deadline_seconds
    if await visit.gateway.watch.at_least(collection, profile_id, 1, patience) is None:
        raise ViewLate
    return await shown(visit, "prospects", document, 201, f"/v1/{collection}/{profile_id}")


async def _send(visit: Visit, id: str, make: Make) -> Response:
    require_for(visit.caller, "prospects.manage", await find(visit, "prospects", id))
    return await carry_out(visit, make, show_view(visit, "prospects"))

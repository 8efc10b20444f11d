"""What people have learned: qualifications, how far they are recognised, and which concepts their typed skills mean."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.messages import Command
from services.gateway.http.forms import Evidence, Reference, form_of, takes
from services.gateway.http.openapi import writes
from services.gateway.http.people import PERSON
from services.gateway.http.profiles import attributed, change, send, with_words_sealed
from services.gateway.http.reading import require_id
from services.gateway.http.shapes.people import Person
from services.gateway.http.visit import LeanRoute, Visiting
from services.profiles.contract import ChangeRecognitionStatus, RecordQualification, RemoveQualification, StateSkills

ACTION = "people.update"
QUALIFICATION = form_of(RecordQualification, without={"qualification_id"}, evidence=Evidence)
RECOGNITION = form_of(ChangeRecognitionStatus, without={"qualification_id"}, reference=Reference)
SKILLS = form_of(StateSkills, evidence=Evidence)

router = APIRouter(prefix="/v1/people/{id}", tags=["people"], route_class=LeanRoute)


@router.post(
    "/qualifications",
    summary="Record a qualification",
    status_code=201,
    responses=writes(Person, 201),
    openapi_extra=takes(QUALIFICATION),
)
async def record_qualification(visit: Visiting, id: str) -> Response:
    given = attributed(visit.caller, (await visit.form(ACTION, QUALIFICATION)).given())

    async def make(command_id: str) -> Command:
        sealed = await with_words_sealed(visit, id, given)
        return RecordQualification.model_validate({"qualification_id": f"qualification-{command_id}", **sealed})

    return await change(visit, PERSON, id, ACTION, make, 201)


@router.put(
    "/qualifications/{qualification_id}",
    summary="State a qualification anew",
    responses=writes(Person),
    openapi_extra=takes(QUALIFICATION),
)
async def correct_qualification(visit: Visiting, id: str, qualification_id: str) -> Response:
    require_id(qualification_id, "qualification")
    given = attributed(visit.caller, (await visit.form(ACTION, QUALIFICATION)).given())
    recorded = {"qualification_id": qualification_id, **given}
    return await send(visit, PERSON, id, ACTION, RecordQualification, recorded)


@router.put(
    "/qualifications/{qualification_id}/recognition",
    summary="Say how far a qualification is recognised",
    responses=writes(Person),
    openapi_extra=takes(RECOGNITION),
)
async def change_recognition(visit: Visiting, id: str, qualification_id: str) -> Response:
    require_id(qualification_id, "qualification")
    given = (await visit.form("people.recognise", RECOGNITION)).given()
    changed = {"qualification_id": qualification_id, **given}
    return await send(visit, PERSON, id, "people.recognise", ChangeRecognitionStatus, changed)


@router.delete("/qualifications/{qualification_id}", summary="Remove a qualification", responses=writes(Person))
async def remove_qualification(visit: Visiting, id: str, qualification_id: str) -> Response:
    require_id(qualification_id, "qualification")
    return await send(visit, PERSON, id, ACTION, RemoveQualification, {"qualification_id": qualification_id})


@router.put("/skills", summary="Confirm what typed skills mean", responses=writes(Person), openapi_extra=takes(SKILLS))
async def confirm_skills(visit: Visiting, id: str) -> Response:
    given = attributed(visit.caller, (await visit.form(ACTION, SKILLS)).given())
    return await send(visit, PERSON, id, ACTION, StateSkills, given)

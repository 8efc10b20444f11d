"""Who takes part in workshops, and their feedback: people and companies in their own name, guests with a partner."""

import asyncio
from typing import Annotated, Any, Self

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.foundation.aggregate import derived_stream
from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.house import Document
from services.gateway.http.forms import EmailOrNothing, Form, Name, takes
from services.gateway.http.openapi import reads_page_of, writes
from services.gateway.http.reading import JSON, Paging, after, cursor_for, dump, find, public
from services.gateway.http.shapes.workshop_registrations import Registration
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import Show, carry_out, watched
from services.gateway.permissions import Grant, hidden, require, require_for, scope
from services.gateway.problems import Problem, not_found
from services.gateway.registrations import with_what_stands_apart
from services.gateway.same_address import require_two
from services.gateway.views.workshop import registration_id
from services.gateway.words import without_words
from services.matching.contract import CancelRegistration, GiveFeedback, ParticipantId, Rating, RegisterParticipant, Wish
from services.profiles.contract import CompanyId, LanguageCode, PersonId

ADDRESSED = {"person": "people", "company": "companies", "partner": "partners"}
PartnerId = Annotated[str, StringConstraints(pattern=r"^partner-[0-9a-f-]{36}$")]
FeedbackWords = Annotated[str, StringConstraints(max_length=2000)]


class Guest(Form):
    """Somebody without a profile, whom a partner brings."""

    name: Name
    email: EmailOrNothing = ""


class RegistrationForm(Form):
    """``participant_id``: a person or company, for themselves the default; or a ``guest`` of a partner, of the calling one by
    default."""

    participant_id: PersonId | CompanyId | None = None
    guest: Guest | None = None
    partner_id: PartnerId | None = None
    language: LanguageCode | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if self.participant_id and self.guest:
            raise PydanticCustomError("one_participant", "give either participant_id or guest")
        return self


class FeedbackForm(Form):
    """``participant_id``: who gives it, for a person or company itself by default. Each of the ``wishes`` is for a talk."""

    participant_id: ParticipantId | None = None
    rating: Rating
    words: FeedbackWords = ""
    wishes: Annotated[tuple[Wish, ...], Field(max_length=10)] = ()


router = APIRouter(prefix="/v1/workshops/{id}", tags=["workshops"], route_class=LeanRoute)


@router.post(
    "/registrations",
    summary="Register for a workshop; without a free place, wait in line",
    status_code=201,
    responses=writes(Registration, 201),
    openapi_extra=takes(RegistrationForm, optional=True),
)
async def register_participant(visit: Visiting, id: str) -> Response:
    form = await visit.form("registrations.make", RegistrationForm, optional=True)
    participant, partner = _who(visit, form)
    require_for(visit.caller, "registrations.make", {"participant_id": participant, "partner_id": partner})
    await find(visit, "workshops", id)
    owner = partner or participant or ""
    profile = await _profile(visit, owner, "partner_id" if partner else "participant_id")
    guest = form.guest.model_dump() if form.guest else {}
    sealed = await visit.gateway.seal(owner, guest) if guest else {}

    async def make(command_id: str) -> tuple[str, Command]:
        who = participant or await _guest_id(visit, id, owner, guest["email"] or command_id)
        version = 0 if partner else profile["version"]
        about = {"participant_id": who, "participant_version": version, "partner_id": partner or "", "language": form.language}
        return id, RegisterParticipant.model_validate({**about, **sealed})

    async def show(outcome: Outcome) -> Response:
        who = participant or await _guest_id(visit, id, owner, guest["email"] or outcome.command_id)
        return await _show(visit, who, 201)(outcome)

    return await carry_out(visit, make, show)


@router.get(
    "/registrations",
    summary="Who takes part and who waits: for staff all, for others their own and their guests",
    responses=reads_page_of(Registration),
)
async def list_registrations(visit: Visiting, id: str, page: Paging) -> Response:
    grant = require(visit.caller, "registrations.read")
    workshop = await find(visit, "workshops", id)
    wanted: list[dict[str, Any]] = [{"workshop_id": id}, scope(visit.caller, "registrations.read")]
    if page.cursor is not None:
        wanted.append({"participant_id": {"$gt": after(page.cursor)}})
    sought = visit.gateway.views["registrations"].find({"$and": wanted}).sort("participant_id", 1)
    found = await sought.limit(page.limit + 1).to_list()
    further = cursor_for(found[page.limit - 1]["participant_id"]) if len(found) > page.limit else None
    whole = await with_what_stands_apart(visit.gateway, found[: page.limit])
    items = [await _seen(visit, grant, workshop, each) for each in whole]
    return Response(dump({"items": items, "next": further}), media_type=JSON)


@router.delete(
    "/registrations/{participant_id}",
    summary="Give up a place, which the first in line gets, or the waiting for one",
    responses=writes(Registration),
)
async def cancel_registration(visit: Visiting, id: str, participant_id: str) -> Response:
    await _registration(visit, "registrations.make", id, participant_id)

    async def make(_: str) -> tuple[str, Command]:
        return id, CancelRegistration(participant_id=participant_id)

    return await carry_out(visit, make, _show(visit, participant_id))


@router.post(
    "/feedback",
    summary="Say how it was, and whom one wants to talk to: each wish becomes a proposed contact where the rules allow it",
    status_code=201,
    responses=writes(Registration, 201),
    openapi_extra=takes(FeedbackForm),
)
async def give_feedback(visit: Visiting, id: str) -> Response:
    given = (await visit.form("registrations.answer", FeedbackForm)).given()
    who = given.get("participant_id") or visit.caller.stream
    if not who:
        raise Problem(422, "invalid-input", "say who gives it", field="participant_id")
    registration = await _registration(visit, "registrations.answer", id, who)
    for number, wish in enumerate(given.get("wishes", ())):
        await _require_possible(visit, wish, f"wishes.{number}")
    sealed = await visit.gateway.seal_words(_owner(registration), given, {"words"})

    async def make(_: str) -> tuple[str, Command]:
        return id, GiveFeedback.model_validate({**sealed, "participant_id": who})

    return await carry_out(visit, make, _show(visit, who, 201))


def _who(visit: Visit, form: RegistrationForm) -> tuple[str | None, str | None]:
    """The participant, if it is no guest, and the partner, if it is one. Raises a 422 problem where nobody is named."""
    own = visit.caller.stream
    if form.guest:
        partner = form.partner_id or (own if visit.caller.role == "partner" else None)
        if partner is None and not own:
            raise Problem(422, "guest-needs-partner", "say which partner brings this guest", field="partner_id")
        return None, partner
    if form.partner_id or (visit.caller.role == "partner" and not form.participant_id):
        raise Problem(422, "guest-needs-partner", "a partner registers its guests: give a guest with a name", field="guest")
    if not (form.participant_id or own):
        raise Problem(422, "invalid-input", "say who is to take part", field="participant_id")
    return form.participant_id or own, None


async def _profile(visit: Visit, id: str, field: str) -> Document:
    """The profile of whoever takes part or brings a guest; raises a 422 problem."""
    kind = id.partition("-")[0]
    document = await visit.gateway.views[ADDRESSED[kind]].find_one({"_id": id, "erased_at": None})
    if document is None:
        raise Problem(422, f"{kind}-unknown", f"there is no {kind} with this id", field=field)
    return document


async def _guest_id(visit: Visit, workshop: str, partner: str, mark: str) -> str:
    """The same for the same address, so that a guest who is registered twice is registered once."""
    fingerprint = await asyncio.to_thread(visit.gateway.vault.fingerprint, partner, mark.lower())
    return derived_stream("guest", workshop, partner, fingerprint)


async def _registration(visit: Visit, action: str, workshop: str, participant: str) -> Document:
    """This registration, if the caller may do this to it. Raises 403 and 404 problems."""
    require(visit.caller, action)
    await find(visit, "workshops", workshop)
    found = await visit.gateway.views["registrations"].find_one({"_id": registration_id(workshop, participant)})
    require_for(visit.caller, action, found or {"participant_id": participant})
    if found is None:
        raise not_found("registration of this participant")
    return found


async def _require_possible(visit: Visit, wish: dict[str, str], field: str) -> None:
    """Raises a 422 problem for a wish that speaks of nobody, of somebody twice, or of no open need of that company."""
    person, company = [await _profile(visit, wish[name], f"{field}.{name}") for name in ("person_id", "company_id")]
    require_two(person, company, field=f"{field}.person_id")
    about = {"_id": wish["need_id"], "company_id": wish["company_id"], "open": True}
    if await visit.gateway.views["needs"].find_one(about, {"_id": 1}) is None:
        raise Problem(422, "need-not-open", "the company has no open need with this id", field=f"{field}.need_id")


def _show(visit: Visit, participant: str, status: int = 200) -> Show:
    """Answers with the registration as of the outcome."""

    async def show(outcome: Outcome) -> Response:
        workshop = await watched(visit, "workshops", outcome)
        registration = {
            "_id": registration_id(outcome.stream, participant),
            "version": workshop["version"],
            **workshop["registrations"][participant],
        }
        grant = require_for(visit.caller, "registrations.read", registration)
        (whole,) = await with_what_stands_apart(visit.gateway, [registration])
        told = await _seen(visit, grant, workshop, whole)
        return Response(dump(told), status, {"etag": f'"{workshop["version"]}"'}, JSON)

    return show


async def _seen(visit: Visit, grant: Grant, workshop: Document, registration: Document) -> dict[str, Any]:
    line, participant = workshop["waiting_line"], registration["participant_id"]
    place = line.index(participant) + 1 if participant in line else None
    if grant is Grant.THIN:
        told = without_words(registration)
    else:
        told = await visit.gateway.open_words(_owner(registration), registration)
    return {**public(told, hidden(grant, "registrations")), "place_in_line": place}


def _owner(registration: Document) -> str:
    """With whose key the words are sealed: the participant's, a guest's with that of the partner who brings them."""
    return str(registration["partner_id"] or registration["participant_id"])

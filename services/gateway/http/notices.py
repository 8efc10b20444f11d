"""The notice board: post, answer, close; report and hide; and turn an answer into a contact."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from services.foundation.messages import Command, now
from services.foundation.outcomes import Outcome
from services.gateway.house import Document
from services.gateway.http.contacts import referred
from services.gateway.http.dated_pages import cursor_behind, place_in
from services.gateway.http.forms import Form, fits, form_of, takes
from services.gateway.http.notice_lists import NoticeList
from services.gateway.http.openapi import reads, reads_page_of, writes
from services.gateway.http.reading import JSON, Paging, dump, find
from services.gateway.http.shapes.common import Shape
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import NOT_KEPT, Make, carry_out, watched
from services.gateway.notice_board import find_notices, key_of, shown_notice, visible_to
from services.gateway.permissions import require, require_for
from services.gateway.problems import Problem, not_found
from services.gateway.same_address import require_two
from services.matching.contract import (
    AnswerNotice,
    CloseNotice,
    HideNotice,
    HidingReason,
    NoticeKind,
    PostNotice,
    ReportNotice,
    TakeUpAnswer,
)
from services.profiles.contract import CompanyId, LanguageCode, NeedId, PersonId

USUAL_RUN = timedelta(days=60)
"""How long a notice runs whose author does not say until when."""

Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
NoticeText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4_000),
    fits(8_900),
    Field(description="May have several lines, and 8,900 bytes in UTF-8"),
]

NOTICE = form_of(PostNotice, without={"author", "role", "expires_at"}, title=Title, body=NoticeText)
REPORT = form_of(ReportNotice, without={"by"})
HIDING = form_of(HideNotice)

router = APIRouter(prefix="/v1/notices", tags=["notices"], route_class=LeanRoute)


class NewNotice(NOTICE):  # type: ignore[valid-type, misc]
    """A notice. Without ``expires_at`` it runs for 60 days."""

    expires_at: AwareDatetime | None = None


class NewAnswer(Form):
    """An answer to a notice."""

    body: NoticeText
    language: LanguageCode


class NoticeClosing(Form):
    """Why a notice ends: its author takes it back, or what it asks for is settled."""

    reason: Literal["by_author", "settled"]


class NewContact(Form):
    """The contact that comes of an answer. A side that wrote the notice or the answer need not be named."""

    need_id: NeedId
    person_id: PersonId | None = None
    company_id: CompanyId | None = None


class NoticeAuthor(BaseModel):
    """Who wrote it: organisations by name; ``id``: for staff."""

    role: Literal["person", "company", "partner", "coordinator", "head"]
    name: str | None = None
    yours: bool
    id: str | None = None


class NoticeAnswer(BaseModel):
    """``body`` is null where it was hidden, or its author erased. ``contact_id``: what came of it, for staff."""

    answer_id: str
    author: NoticeAuthor
    body: str | None
    language: str
    answered_at: datetime
    hidden: HidingReason | None = None
    contact_id: str | None = None


class NoticeReport(BaseModel):
    by: str
    reason: HidingReason
    answer_id: str | None
    at: datetime


class Notice(Shape):
    """``ended``: why it is closed or hidden. ``reports``: for staff. Texts are null where the notice was hidden or its author
    erased."""

    kind: NoticeKind
    author: NoticeAuthor
    title: str | None
    body: str | None
    language: str
    sectors: list[str]
    regions: list[str]
    target_markets: list[str]
    posted_at: datetime
    expires_at: datetime
    state: Literal["open", "closed", "hidden"]
    ended: str | None
    answers: list[NoticeAnswer]
    reports: list[NoticeReport] = Field(default_factory=list)


@router.post("", summary="Post a notice", status_code=201, responses=writes(Notice, 201), openapi_extra=takes(NewNotice))
async def post_notice(visit: Visiting) -> Response:
    given = (await visit.form("notices.post", NewNotice)).given()

    async def make(command_id: str) -> tuple[str, Command]:
        id, expires_at = f"notice-{command_id}", given.get("expires_at") or now() + USUAL_RUN
        sealed = await _sealed(visit, id, {name: given[name] for name in ("title", "body")})
        fields = given | sealed | _written_by(visit) | {"expires_at": expires_at}
        return id, PostNotice.model_validate(fields)

    return await _carry_out(visit, make, 201)


@router.get("", summary="Notices, the newest first, searched", responses=reads_page_of(Notice))
async def list_notices(visit: Visiting, page: Paging, wanted: NoticeList) -> Response:
    require(visit.caller, "notices.read")
    behind = place_in(page.cursor) if page.cursor is not None else None
    items, end = await find_notices(visit.gateway, visit.caller, wanted.query(visit.caller), wanted.sought, behind, page.limit)
    return Response(dump({"items": items, "next": cursor_behind(*end) if end else None}), media_type=JSON)


@router.get("/{id}", summary="One notice with its answers", responses=reads(Notice))
async def get_notice(visit: Visiting, id: str) -> Response:
    require(visit.caller, "notices.read")
    return await _answer(visit, await _visible(visit, id))


@router.post("/{id}/answers", summary="Answer a notice", responses=writes(Notice), openapi_extra=takes(NewAnswer))
async def answer_notice(visit: Visiting, id: str) -> Response:
    given = (await visit.form("notices.post", NewAnswer)).given()
    await _visible(visit, id)

    async def make(command_id: str) -> tuple[str, Command]:
        sealed = await _sealed(visit, id, {"body": given["body"]})
        fields = given | sealed | _written_by(visit) | {"answer_id": f"answer-{command_id}"}
        return id, AnswerNotice.model_validate(fields)

    return await _carry_out(visit, make)


@router.post("/{id}/closing", summary="Close a notice", responses=writes(Notice), openapi_extra=takes(NoticeClosing))
async def close_notice(visit: Visiting, id: str) -> Response:
    form = await visit.form("notices.close", NoticeClosing)
    require_for(visit.caller, "notices.close", await _visible(visit, id))
    return await _carry_out(visit, _always(id, CloseNotice(reason=form.reason)))


@router.post("/{id}/reports", summary="Ask staff to look at it", responses=writes(Notice), openapi_extra=takes(REPORT))
async def report_notice(visit: Visiting, id: str) -> Response:
    given = (await visit.form("notices.post", REPORT)).given()
    await _visible(visit, id)
    command = ReportNotice.model_validate(given | {"by": _written_by(visit)["author"]})
    return await _carry_out(visit, _always(id, command))


@router.post("/{id}/hiding", summary="Hide a notice, or an answer", responses=writes(Notice), openapi_extra=takes(HIDING))
async def hide_notice(visit: Visiting, id: str) -> Response:
    given = (await visit.form("notices.moderate", HIDING)).given()
    await _visible(visit, id)
    return await _carry_out(visit, _always(id, HideNotice.model_validate(given)))


@router.post(
    "/{id}/answers/{answer_id}/contact",
    summary="Turn an answer into a contact, which is proposed to both sides",
    responses=writes(Notice),
    openapi_extra=takes(NewContact),
)
async def take_up_answer(visit: Visiting, id: str, answer_id: str) -> Response:
    given = (await visit.form("contacts.propose", NewContact)).given()
    notice = await _visible(visit, id)
    sides = _sides(notice, answer_id) | {name: value for name, value in given.items() if value is not None}
    for side in ("person_id", "company_id"):
        if side not in sides:
            raise Problem(422, "invalid-input", f"neither author is one: say the {side}", field=side)
    person, company, _ = await asyncio.gather(
        referred(visit, "people", "person_id", sides),
        referred(visit, "companies", "company_id", sides),
        referred(visit, "needs", "need_id", sides),
    )
    require_two(person, company)
    versions = {"person_version": person["version"], "company_version": company["version"]}
    fields = {**sides, **versions, "answer_id": answer_id, "coordinator": visit.caller.id}
    return await _carry_out(visit, _always(id, TakeUpAnswer.model_validate(fields)))


def _sides(notice: Document, answer_id: str) -> dict[str, Any]:
    """The person and the company among those who wrote notice and answer; raises a 404 problem."""
    answer = next((each for each in notice["answers"] if each["answer_id"] == answer_id), None)
    if answer is None:
        raise not_found("answer with this id to this notice")
    return {f"{each['role']}_id": each["author"] for each in (notice, answer) if each["role"] in ("person", "company")}


async def _visible(visit: Visit, id: str) -> Document:
    """The notice, if the caller may see it. What is hidden from them is as good as none."""
    notice = await find(visit, "notices", id)
    if notice["state"] == "hidden" and visible_to(visit.caller) and notice["author"] != visit.caller.stream:
        raise not_found("notice with this id")
    return notice


def _written_by(visit: Visit) -> dict[str, str]:
    return {"author": visit.caller.stream or visit.caller.id, "role": visit.caller.role}


async def _sealed(visit: Visit, notice: str, clear: dict[str, str]) -> dict[str, str]:
    by = _written_by(visit)
    owner = key_of(by["role"], by["author"], notice)
    return await visit.gateway.seal(owner, clear, new=owner == notice)


def _always(id: str, command: Command) -> Make:
    async def make(_: str) -> tuple[str, Command]:
        return id, command

    return make


async def _carry_out(visit: Visit, make: Make, status: int = 200) -> Response:
    async def show(outcome: Outcome) -> Response:
        return await _answer(visit, await watched(visit, "notices", outcome), status)

    return await carry_out(visit, make, show, NOT_KEPT)


async def _answer(visit: Visit, notice: Document, status: int = 200) -> Response:
    headers = {"etag": f'"{notice["version"]}"'}
    if status == 201:
        headers["location"] = f"/v1/notices/{notice['_id']}"
    return Response(dump(await shown_notice(visit.gateway, visit.caller, notice)), status, headers, JSON)

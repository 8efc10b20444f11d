"""Mails that did not arrive: sending one again, and addresses that do not exist."""

import asyncio
from email import message_from_string, policy
from email.message import EmailMessage, Message
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AfterValidator, StringConstraints

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.house import Document
from services.gateway.http.forms import Form, takes
from services.gateway.http.openapi import writes
from services.gateway.http.reading import JSON, dump, require_id
from services.gateway.http.shapes.mails import BounceShown, MailShown
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import carry_out, watched
from services.gateway.permissions import require
from services.gateway.problems import Problem, not_found
from services.notifications.contract import ForgetBounce, RecordBounce, ResendNotification, preferences_stream

SEALED_ADDRESS = {
    "person": ("people", "email"),
    "company": ("companies", "contact_email"),
    "partner": ("partners", "contact_email"),
}


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n")


class BounceForm(Form):
    """Which mail came back: its Message-ID, or the report of the mail server (RFC 3464) as it came."""

    message_id: Annotated[str, StringConstraints(max_length=300)] = ""
    report: Annotated[str, StringConstraints(max_length=200_000), AfterValidator(_unix_lines)] = ""


router = APIRouter(prefix="/v1", tags=["inbox"], route_class=LeanRoute)


@router.post("/mails/{id}/resending", summary="Send again what was given up", responses=writes(MailShown))
async def resend_mail(visit: Visiting, id: str) -> Response:
    require(visit.caller, "mails.resend")
    await _mail(visit, id)

    async def make(_: str) -> tuple[str, Command]:
        return id, ResendNotification()

    async def show(outcome: Outcome) -> Response:
        document = await watched(visit, "mails", outcome)
        names = ("version", "recipient", "template", "state")
        return Response(dump({"id": id, **{name: document[name] for name in names}}), media_type=JSON)

    return await carry_out(visit, make, show)


@router.post(
    "/bounces",
    summary="A mail came back: its address does not exist",
    responses=writes(BounceShown),
    openapi_extra=takes(BounceForm),
)
async def report_bounce(visit: Visiting) -> Response:
    """Nothing more is written to the address until another is stated. Who looks after the recipient is told."""
    form = await visit.form("mails.bounce", BounceForm)
    told = (form.message_id, "reported") if form.message_id else await asyncio.to_thread(read_report, form.report)
    named, reason = told
    mail = await _mail(visit, named.strip().strip("<>").rpartition("@")[0] or named.strip().strip("<>"))
    recipient = mail["recipient"]
    address = await _address(visit, recipient)
    fingerprint = await asyncio.to_thread(visit.gateway.vault.fingerprint, recipient, address)

    async def make(_: str) -> tuple[str, Command]:
        return preferences_stream(recipient), RecordBounce(recipient=recipient, address=fingerprint, reason=reason[:300])

    return await carry_out(visit, make, _show(visit, recipient, True))


@router.delete("/bounces/{recipient_id}", summary="The address can be written to after all", responses=writes(BounceShown))
async def forget_bounce(visit: Visiting, recipient_id: str) -> Response:
    require(visit.caller, "mails.resend")

    async def make(_: str) -> tuple[str, Command]:
        return preferences_stream(recipient_id), ForgetBounce(recipient=recipient_id)

    if not await visit.gateway.views["preferences"].find_one({"_id": preferences_stream(recipient_id)}):
        raise not_found("recipient whose mails came back with this id")
    return await carry_out(visit, make, _show(visit, recipient_id, False))


def read_report(text: str) -> tuple[str, str]:
    """The Message-ID of the mail that a delivery report is about, and the status that it gives.

    Raises a 422 problem for what is no such report, or tells of a delay rather than of a failure for good.
    """
    try:
        message_id, status = _told_in(text)
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):  # what the parser makes of a broken mail
        message_id, status = "", ""
    if not message_id or not status.startswith("5."):
        raise Problem(422, "no-bounce", "this is no report that a mail failed for good", field="report")
    return message_id, f"reported {status[:20]}"


def _told_in(text: str) -> tuple[str, str]:
    report = message_from_string(text, _class=EmailMessage, policy=policy.default)
    status, message_id = "", ""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            failed = (block for block in _inside(part) if str(block["Action"] or "").strip().lower() == "failed")
            status = next((str(block["Status"] or "").strip() for block in failed), status)
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            returned = _inside(part) if kind == "message/rfc822" else [message_from_string(part.get_content())]
            message_id = next((str(each["Message-ID"] or "").strip() for each in returned), message_id)
    return message_id, status


def _inside(part: Message) -> list[Message]:
    """The parts of a part; none where it is broken."""
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


async def _mail(visit: Visit, id: str) -> Document:
    document = await visit.gateway.views["mails"].find_one({"_id": require_id(id, "notification")})
    if document is None:
        raise not_found("mail with this id")
    return document


async def _address(visit: Visit, recipient: str) -> str:
    """The address that a recipient has stated. Raises a 404 problem where there is none any more."""
    kind = recipient.partition("-")[0]
    if kind == "staff":
        document: Any = await visit.gateway.views["staff"].find_one({"_id": recipient}) or {}
        sealed = document.get("email", "")
        address = await asyncio.to_thread(visit.gateway.vault.open, recipient, "email", sealed)
    else:
        collection, field = SEALED_ADDRESS.get(kind, ("people", "email"))
        address = (await visit.gateway.views[collection].find_one({"_id": recipient}) or {}).get(field)
    if not address:
        raise not_found("recipient with an address any more")
    return str(address)


def _show(visit: Visit, recipient: str, bounced: bool) -> Any:
    async def show(outcome: Outcome) -> Response:
        await watched(visit, "preferences", outcome)
        return Response(dump({"recipient": recipient, "bounced": bounced, "version": outcome.version}), media_type=JSON)

    return show

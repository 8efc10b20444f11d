"""ReferralService: partners hand over referrals and ask how they stand."""

import asyncio
from typing import Any

import grpc
import orjson
from bruecke.partner.v1 import partner_pb2 as messages
from bruecke.partner.v1 import partner_pb2_grpc as stubs
from pydantic import ValidationError
from pymongo.asynchronous.database import AsyncDatabase

from services.foundation.aggregate import derived_stream
from services.foundation.database import Document
from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.commander import DeadlinePassed
from services.gateway.house import Gateway
from services.gateway.http.forms import Email, Name, flaws, form_of
from services.gateway.partner.calls import CallEnded, invalid, partner_of, regions_of
from services.gateway.security import Caller
from services.profiles.contract import LongText, ReceiveReferral, RevokeReferral

SEALED = ("name", "email", "note")
OPTIONAL = ("email", "occupation", "note")
UNKNOWN = "external_id: there is no such referral of yours"

ReferralForm = form_of(
    ReceiveReferral, without=("partner_id", "fingerprint"), called="Referral", name=Name, email=Email, note=LongText
)


class Referrals(stubs.ReferralServiceServicer):
    """Belongs to the gateway's event loop."""

    def __init__(self, gateway: Gateway, database: AsyncDatabase[Document]) -> None:
        self._gateway = gateway
        self._database = database

    async def SubmitReferral(self, request: Any, context: Any) -> Any:  # noqa: N802 - the name stands in the proto file
        caller = partner_of(context, self._gateway.verifier)
        form = _form(request)
        if form["region"] not in await regions_of(self._database, caller.stream):
            raise invalid("region", "is not one of your regions")
        stream = derived_stream("referral", caller.stream, form["external_id"])
        sealed = await asyncio.to_thread(self._seal, stream, form)
        command = ReceiveReferral(partner_id=caller.stream, **{**form, **sealed})
        outcome = await self._carry_out(command, stream, caller)
        return messages.SubmitReferralResponse(referral_id=stream, version=outcome.version)

    async def RevokeReferral(self, request: Any, context: Any) -> Any:  # noqa: N802 - the name stands in the proto file
        caller = partner_of(context, self._gateway.verifier)
        stream = derived_stream("referral", caller.stream, request.external_id)
        outcome = await self._carry_out(RevokeReferral(), stream, caller)
        return messages.RevokeReferralResponse(referral_id=stream, version=outcome.version)

    async def GetReferral(self, request: Any, context: Any) -> Any:  # noqa: N802 - the name stands in the proto file
        caller = partner_of(context, self._gateway.verifier)
        stream = derived_stream("referral", caller.stream, request.external_id)
        referral = await self._database["referrals"].find_one({"_id": stream, "partner_id": caller.stream})
        if referral is None:
            raise CallEnded(grpc.StatusCode.NOT_FOUND, UNKNOWN)
        return messages.GetReferralResponse(
            referral_id=stream,
            external_id=referral["external_id"],
            state=messages.ReferralState.Value(f"REFERRAL_STATE_{referral['state'].upper()}"),
            reason=referral["reason"] or "",
            version=referral["version"],
        )

    async def _carry_out(self, command: Command, stream: str, caller: Caller) -> Outcome:
        """The outcome, accepted, when GetReferral tells of it; ends the call for any other."""
        try:
            outcome = await self._gateway.commander.execute(command, stream, caller.actor)
        except DeadlinePassed:
            raise CallEnded(grpc.StatusCode.DEADLINE_EXCEEDED, "not answered yet; send it again") from None
        if outcome.code == "stream-unknown":
            raise CallEnded(grpc.StatusCode.NOT_FOUND, UNKNOWN)
        if outcome.status == "refused":
            raise CallEnded(grpc.StatusCode.FAILED_PRECONDITION, f"{outcome.code}: {outcome.message}")
        if outcome.status == "parked":
            raise CallEnded(grpc.StatusCode.UNAVAILABLE, f"staff look into it; command {outcome.command_id}")
        await self._gateway.watch.at_least("referrals", stream, outcome.version, self._gateway.settings.answer_deadline_seconds)
        return outcome

    def _seal(self, stream: str, form: dict[str, Any]) -> dict[str, str]:
        self._gateway.vault.create(stream)
        sealed = {name: self._gateway.vault.seal(stream, name, form[name]) for name in SEALED if name in form}
        return sealed | {
            "fingerprint": self._gateway.vault.fingerprint(stream, orjson.dumps(form, option=orjson.OPT_SORT_KEYS).decode())
        }


def _form(request: Any) -> dict[str, Any]:
    """What was sent, checked in the clear; ends the call with INVALID_ARGUMENT."""
    given = _fields(request)
    try:
        ReferralForm.model_validate_json(orjson.dumps(given), strict=True)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        raise invalid(".".join(str(part) for part in first["loc"]), first["msg"]) from None
    for field, reason in flaws(given):
        raise invalid(field, reason)
    return given


def _fields(request: Any) -> dict[str, Any]:
    """The request as the form has it. What may be left out and is empty was left out."""
    fields = {
        "external_id": request.external_id,
        "name": request.name,
        "email": request.email,
        "occupation": request.occupation,
        "skills": list(request.skills),
        "languages": [{"language": each.language, "level": each.level} for each in request.languages],
        "region": request.region,
        "note": request.note,
    }
    return {name: value for name, value in fields.items() if value or name not in OPTIONAL}

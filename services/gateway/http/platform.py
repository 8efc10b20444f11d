"""How commands ended, and preferences of recipients."""

import re

from fastapi import APIRouter
from fastapi.responses import Response

from services.foundation.aggregate import derived_stream
from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.http.forms import form_of, takes
from services.gateway.http.openapi import reads, writes
from services.gateway.http.reading import JSON, dump, find
from services.gateway.http.shapes import CommandStatus, Preferences
from services.gateway.http.visit import LeanRoute, Visiting
from services.gateway.http.writing import carry_out
from services.gateway.permissions import require, require_for
from services.gateway.problems import not_found
from services.notifications.contract import ChangePreferences

PATIENCE_SECONDS = 1.0
"""How long a question after a command waits, when the command has to be sent once more to be answered."""

PREFERENCES = form_of(ChangePreferences, without={"recipient"})
RECIPIENTS = {"person": "people", "company": "companies", "partner": "partners"}

_COMMAND_ID = re.compile(r"[0-9a-f-]{36}")

router = APIRouter(prefix="/v1", tags=["platform"], route_class=LeanRoute)


@router.get("/commands/{id}", summary="How a command ended", responses=reads(CommandStatus))
async def get_command(visit: Visiting, id: str) -> Response:
    commander = visit.gateway.commander
    logged = await commander.find(id) if _COMMAND_ID.fullmatch(id) else None
    if logged is None:
        raise not_found("command with this id that was answered with 202")
    if logged.actor != visit.caller.actor:
        require(visit.caller, "commands.read")
    outcome = await commander.inquire(id, logged, PATIENCE_SECONDS)
    content = outcome.model_dump(exclude={"command_id"}) if outcome else {"status": "pending", "stream": logged.stream}
    return Response(dump({"id": id, **content}), media_type=JSON)


@router.put(
    "/preferences/{recipient_id}",
    summary="Say whether someone may be written to by e-mail",
    responses=writes(Preferences),
    openapi_extra=takes(PREFERENCES),
)
async def change_preferences(visit: Visiting, recipient_id: str) -> Response:
    given = (await visit.form("preferences.change", PREFERENCES)).given()
    collection = RECIPIENTS.get(recipient_id.partition("-")[0])
    if collection is None:
        raise not_found("recipient with this id")
    require_for(visit.caller, "preferences.change", await find(visit, collection, recipient_id))

    async def make(_: str) -> tuple[str, Command]:
        command = ChangePreferences.model_validate({"recipient": recipient_id, **given})
        return derived_stream("preferences", recipient_id), command

    async def show(outcome: Outcome) -> Response:
        content = {"id": recipient_id, **given, "version": outcome.version}
        return Response(dump(content), headers={"etag": f'"{outcome.version}"'}, media_type=JSON)

    return await carry_out(visit, make, show)

"""How commands ended."""

import re

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.http.openapi import reads
from services.gateway.http.reading import JSON, dump
from services.gateway.http.shapes.platform import CommandStatus
from services.gateway.http.visit import LeanRoute, Visiting
from services.gateway.permissions import require
from services.gateway.problems import not_found

PATIENCE_SECONDS = 1.0
"""How long a question after a command waits, when the command has to be sent once more to be answered."""

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

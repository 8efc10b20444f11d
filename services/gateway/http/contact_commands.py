"""Commands to a contact that exists: who may send them, and the answer with the contact as it then is."""

from typing import Any

from fastapi.responses import Response

from services.foundation.messages import Command
from services.gateway.http.forms import Form
from services.gateway.http.reading import find
from services.gateway.http.visit import Visit
from services.gateway.http.writing import Make, carry_out, show_view
from services.gateway.permissions import OWN, forbidden, require_for


async def change_contact(
    visit: Visit, id: str, form: type[Form], command: type[Command], *, optional: bool = False, **fixed: Any
) -> Response:
    """Sends this command with the body's fields, and those that are fixed by the path. For staff."""
    filled = await visit.form("contacts.manage", form, optional=optional)

    async def make(_: str) -> tuple[str, Command]:
        return id, command.model_validate({**filled.given(), **fixed})

    return await send_to_contact(visit, id, make)


async def send_to_contact(visit: Visit, id: str, make: Make, status: int = 200) -> Response:
    """Sends what ``make`` gives, if the contact exists and the caller may. For staff."""
    require_for(visit.caller, "contacts.manage", await find(visit, "contacts", id))
    return await carry_out(visit, make, show_view(visit, "contacts", status))


async def answer_contact(visit: Visit, id: str, form: type[Form], command: type[Command]) -> Response:
    """Accepts or declines: staff for either side, a person or company for its own."""
    answer = command.model_validate((await visit.form("contacts.answer", form)).given())
    grant = require_for(visit.caller, "contacts.answer", await find(visit, "contacts", id))
    if grant is OWN and answer.model_dump()["side"] != visit.caller.role:
        raise forbidden(visit.caller, "contacts.answer")

    async def make(_: str) -> tuple[str, Command]:
        return id, answer

    return await carry_out(visit, make, show_view(visit, "contacts"))

"""Commands to a contact that exists: who may send them, and the answer with the contact as it then is."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.responses import Response

from services.foundation.messages import Command
from services.gateway.house import Document
from services.gateway.http.forms import Form, Words, form_of
from services.gateway.http.reading import find
from services.gateway.http.visit import Visit
from services.gateway.http.writing import carry_out, show_view
from services.gateway.permissions import OWN, forbidden, require_for
from services.matching.contract import Step

WORDS = frozenset({"what", "outcome", "place", "reason"})
"""The fields of commands to contacts that hold somebody's own words."""

SEEN = frozenset({"person_version", "company_version"})
"""The fields in which a command says what the sender has seen of both profiles."""

NEXT_STEP = form_of(Step, called="PlanNextStep", what=Words)
"""A next step as it stands in the body of many commands."""

MakeOf = Callable[[str, dict[str, Any]], Awaitable[Command]]
"""From the command's id and the fields of the body, words sealed, to the command."""


async def change_contact(
    visit: Visit,
    id: str,
    form: type[Form],
    command: type[Command],
    *,
    optional: bool = False,
    words: frozenset[str] = WORDS,
    **fixed: Any,
) -> Response:
    """Sends this command with the body's fields, and those that are fixed by the path. For staff."""
    given = (await visit.form("contacts.manage", form, optional=optional)).given()
    seen = await _seen(visit, await find(visit, "contacts", id), command)

    async def make(_: str, fields: dict[str, Any]) -> Command:
        return command.model_validate({**fields, **fixed, **seen})

    return await send_to_contact(visit, id, given, make, words=words)


async def send_to_contact(
    visit: Visit, id: str, given: dict[str, Any], make: MakeOf, status: int = 200, words: frozenset[str] = WORDS
) -> Response:
    """Sends what ``make`` gives for the command's id and these fields, whose words are sealed for the contact's person, if the
    contact exists and the caller may. For staff."""
    contact = await find(visit, "contacts", id)
    require_for(visit.caller, "contacts.manage", contact)
    sealed = await visit.gateway.seal_words(contact["person_id"], given, words)

    async def make_for_contact(command_id: str) -> tuple[str, Command]:
        return id, await make(command_id, sealed)

    return await carry_out(visit, make_for_contact, show_view(visit, "contacts", status))


async def answer_contact(visit: Visit, id: str, form: type[Form], command: type[Command]) -> Response:
    """Accepts or declines: staff for either side, a person or company for its own."""
    given = (await visit.form("contacts.answer", form)).given()
    contact = await find(visit, "contacts", id)
    grant = require_for(visit.caller, "contacts.answer", contact)
    sealed = await visit.gateway.seal_words(contact["person_id"], given, WORDS)
    answer = command.model_validate(sealed | await _seen(visit, contact, command))
    if grant is OWN and answer.model_dump()["side"] != visit.caller.role:
        raise forbidden(visit.caller, "contacts.answer")

    async def make(_: str) -> tuple[str, Command]:
        return id, answer

    return await carry_out(visit, make, show_view(visit, "contacts"))


async def take_part(visit: Visit, id: str, action: str, form: type[Form], make: MakeOf, status: int = 200) -> Response:
    """Sends what ``make`` gives: staff for whom they like, a person or company for its own side.

    Where the command says who it is ``by`` and the body does not, it is the caller. To decide despite a clash is for staff.
    """
    given = (await visit.form(action, form)).given()
    contact = await find(visit, "contacts", id)
    own = require_for(visit.caller, action, contact) is OWN
    if "by" in form.model_fields:
        given.setdefault("by", visit.caller.role if own else "coordinator")
    if own and (given.get("by", visit.caller.role) != visit.caller.role or given.get("despite_clashes")):
        raise forbidden(visit.caller, action)
    sealed = await visit.gateway.seal_words(contact["person_id"], given, WORDS)

    async def make_for_contact(command_id: str) -> tuple[str, Command]:
        return id, await make(command_id, sealed)

    return await carry_out(visit, make_for_contact, show_view(visit, "contacts", status))


async def _seen(visit: Visit, contact: Document, command: type[Command]) -> dict[str, int]:
    """The versions of both profiles that the caller may have seen, for a command that is judged by them."""
    if not command.model_fields.keys() >= SEEN:
        return {}
    sides = (("people", contact["person_id"]), ("companies", contact["company_id"]))
    found = [await visit.gateway.views[name].find_one({"_id": id}, {"version": 1}) or {} for name, id in sides]
    return {"person_version": found[0].get("version", 0), "company_version": found[1].get("version", 0)}

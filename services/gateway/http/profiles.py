"""What the routes of people, companies and partners share: creating, updating and consents."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from fastapi.responses import Response

from services.foundation.messages import Command
from services.gateway.http.forms import Form
from services.gateway.http.reading import find
from services.gateway.http.visit import Visit
from services.gateway.http.writing import carry_out, show_view
from services.gateway.permissions import require_for
from services.profiles.contract import GrantConsent, WithdrawConsent


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of profile: its view, the category of its streams, and the fields that are sealed."""

    collection: str
    category: str
    sealed: Collection[str]


async def create(visit: Visit, kind: Kind, form: type[Form], command: type[Command]) -> Response:
    """Creates a profile under an id made from the command's, with a key of its own."""
    given = (await visit.form(f"{kind.collection}.create", form)).given()

    async def make(command_id: str) -> tuple[str, Command]:
        stream = f"{kind.category}-{command_id}"
        return stream, await _sealed(visit, kind, stream, given, command, new=True)

    return await carry_out(visit, make, show_view(visit, kind.collection, 201))


async def update(visit: Visit, kind: Kind, id: str, form: type[Form], command: type[Command]) -> Response:
    """Replaces the fields that are given. What is sealed anew looks changed, so only what has changed is sealed."""
    action = f"{kind.collection}.update"
    given = (await visit.form(action, form)).given()
    document = await find(visit, kind.collection, id)
    require_for(visit.caller, action, document)
    changed = {name: value for name, value in given.items() if name not in kind.sealed or value != document.get(name)}

    async def make(_: str) -> tuple[str, Command]:
        return id, await _sealed(visit, kind, id, changed, command)

    return await carry_out(visit, make, show_view(visit, kind.collection))


async def grant_consent(visit: Visit, kind: Kind, id: str, form: type[Form]) -> Response:
    """Records a consent."""
    filled = await visit.form(f"{kind.collection}.consent", form)
    return await _consent(visit, kind, id, GrantConsent.model_validate(filled.given()))


async def withdraw_consent(visit: Visit, kind: Kind, id: str, purpose: str) -> Response:
    """Ends a consent. Raises a 404 problem for a purpose that there is none of."""
    return await _consent(visit, kind, id, WithdrawConsent.model_validate({"purpose": purpose}))


async def _consent(visit: Visit, kind: Kind, id: str, command: Command) -> Response:
    require_for(visit.caller, f"{kind.collection}.consent", await find(visit, kind.collection, id))

    async def make(_: str) -> tuple[str, Command]:
        return id, command

    return await carry_out(visit, make, show_view(visit, kind.collection))


async def _sealed(
    visit: Visit, kind: Kind, owner: str, given: dict[str, Any], command: type[Command], *, new: bool = False
) -> Command:
    clear = {name: given[name] for name in kind.sealed if given.get(name) is not None}
    return command.model_validate(given | await visit.gateway.seal(owner, clear, new=new))

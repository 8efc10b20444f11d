"""What the routes of people, companies and partners share: creating, updating and consents."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.responses import Response

from services.foundation.messages import Command
from services.gateway.house import Document
from services.gateway.http.forms import Form
from services.gateway.http.reading import find
from services.gateway.http.visit import Visit
from services.gateway.http.writing import carry_out, show_view
from services.gateway.permissions import require_for
from services.gateway.problems import Problem
from services.gateway.security import STREAM_ROLES, Caller
from services.profiles.contract import GrantConsent, WithdrawConsent


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of profile: its view, the category of its streams, the fields that are sealed, and those that null empties."""

    collection: str
    category: str
    sealed: Collection[str]
    clearable: Collection[str] = ()


WORDS = frozenset({"evidence", "reference"})
"""The fields of commands to profiles that hold somebody's own words about someone."""


async def create(visit: Visit, kind: Kind, form: type[Form], command: type[Command]) -> Response:
    """Creates a profile under an id made from the command's, with a key of its own."""
    given = attributed(visit.caller, (await visit.form(f"{kind.collection}.create", form)).given())

    async def make(command_id: str) -> tuple[str, Command]:
        stream = f"{kind.category}-{command_id}"
        return stream, await _sealed(visit, kind, stream, given, command, new=True)

    return await carry_out(visit, make, show_view(visit, kind.collection, 201))


async def update(visit: Visit, kind: Kind, id: str, form: type[Form], command: type[Command]) -> Response:
    """States the fields that are given. What is sealed anew looks changed, so only what has changed is sealed."""
    action = f"{kind.collection}.update"
    given = attributed(visit.caller, (await visit.form(action, form)).given())
    document = await find(visit, kind.collection, id)
    require_for(visit.caller, action, document)
    changed = changes(kind, document, given)

    async def make(_: str) -> tuple[str, Command]:
        return id, await _sealed(visit, kind, id, changed, command)

    return await carry_out(visit, make, show_view(visit, kind.collection))


def changes(kind: Kind, document: Document, given: Mapping[str, Any]) -> dict[str, Any]:
    """What of these fields is news to the profile; null empties those that may be empty, and leaves the others as they are."""
    provenance = given["provenance"]
    news = {
        name: value
        for name, value in given.items()
        if value is not None and (name not in kind.sealed or value != last_stated(document, name, provenance))
    }
    cleared = tuple(name for name in kind.clearable if name in given and given[name] is None)
    return {**news, "cleared": cleared} if cleared else news


def last_stated(document: Document, field: str, provenance: str) -> Any:
    """What was last stated of a field under this provenance; of staff, who repeat nothing, what counts if they never did.

    What came by a merge was not stated here: repeating it makes it the profile's own.
    """
    all_made = document.get("statements", {}).get(field, ())
    made = [each for each in all_made if "merged_from" not in each]
    beside = document.get(field) if provenance == "staff" and len(made) == len(all_made) else None
    return next((each["value"] for each in made if each["provenance"] == provenance), beside)


def attributed(caller: Caller, given: Mapping[str, Any]) -> dict[str, Any]:
    """These fields with their provenance: people, companies and partners speak for themselves, staff say whose word it is.

    Raises a 422 problem for a client who claims another.
    """
    own = caller.role in STREAM_ROLES
    provenance = given.get("provenance") or ("said" if own else "staff")
    if own and provenance != "said":
        raise Problem(422, "provenance-not-yours", "you speak for yourself: leave it out, or say said", field="provenance")
    return {**given, "provenance": provenance}


async def change(
    visit: Visit, kind: Kind, id: str, action: str, make: Callable[[str], Awaitable[Command]], status: int = 200
) -> Response:
    """Sends the command that ``make`` gives for the command's id, if the profile exists and the caller may."""
    require_for(visit.caller, action, await find(visit, kind.collection, id))

    async def make_for_profile(command_id: str) -> tuple[str, Command]:
        return id, await make(command_id)

    return await carry_out(visit, make_for_profile, show_view(visit, kind.collection, status))


async def send(visit: Visit, kind: Kind, id: str, action: str, command: type[Command], given: Mapping[str, Any]) -> Response:
    """The same for a command with these fields, of which the words are sealed."""

    async def make(_: str) -> Command:
        return command.model_validate(await with_words_sealed(visit, id, given))

    return await change(visit, kind, id, action, make)


async def with_words_sealed(visit: Visit, owner: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """These fields, with those of them sealed that hold somebody's own words. Raises KeyMissing."""
    words = {name: given[name] for name in WORDS if name in given}
    return {**given, **await visit.gateway.seal_words(owner, words, WORDS)}


async def grant_consent(visit: Visit, kind: Kind, id: str, form: type[Form]) -> Response:
    """Records a consent."""
    action = f"{kind.collection}.consent"
    filled = await visit.form(action, form)
    return await send(visit, kind, id, action, GrantConsent, filled.given())


async def withdraw_consent(visit: Visit, kind: Kind, id: str, purpose: str) -> Response:
    """Ends a consent. Raises a 404 problem for a purpose that there is none of."""
    return await send(visit, kind, id, f"{kind.collection}.consent", WithdrawConsent, {"purpose": purpose})


async def _sealed(
    visit: Visit, kind: Kind, owner: str, given: dict[str, Any], command: type[Command], *, new: bool = False
) -> Command:
    clear = {name: given[name] for name in kind.sealed if given.get(name) is not None}
    sealed = given | await visit.gateway.seal(owner, clear, new=new)
    return command.model_validate(await with_words_sealed(visit, owner, sealed))

"""The kinds of profiles that can be imported, and how the fields of a row become the commands that a form leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.foundation.messages import Command
from services.gateway.house import Document, Gateway
from services.gateway.http import companies, people, profiles
from services.gateway.http.forms import Form
from services.gateway.imports.columns import TABLES, Column
from services.gateway.imports.filling import Given, RowRefused, filled
from services.gateway.imports.prospects import ImportProspects
from services.gateway.imports.rows import Row, error
from services.gateway.security import Caller
from services.profiles.contract import CreateCompany, CreatePerson, UpdateCompany, UpdatePerson

ERASED = "the personal data of this profile was erased"


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of profile: what it is over HTTP, its forms and commands, and the columns of a file."""

    profile: profiles.Kind
    new: type[Form]
    changed: type[Form]
    create: type[Command]
    update: type[Command]

    @property
    def collection(self) -> str:
        return self.profile.collection

    @property
    def category(self) -> str:
        return self.profile.category

    @property
    def columns(self) -> tuple[Column, ...]:
        return TABLES[self.collection]

    def new_fields(self, row: Row, source: str, provenance: str) -> Given:
        """The fields of a new profile; raises RowRefused."""
        return {**filled(self.new, row.given), "provenance": provenance}

    async def creation(self, gateway: Gateway, caller: Caller, stream: str, given: Given) -> Command:
        """The command that creates it. Raises KeyMissing."""
        return await self._sealed(gateway, stream, given, self.create, new=True)

    async def change(self, gateway: Gateway, document: Document, news: Given) -> Command:
        """The command that tells it what is news. Raises KeyMissing."""
        return await self._sealed(gateway, document["_id"], news, self.update)

    async def _sealed(
        self, gateway: Gateway, stream: str, given: Given, command: type[Command], *, new: bool = False
    ) -> Command:
        clear = {name: given[name] for name in self.profile.sealed if given.get(name) is not None}
        return command.model_validate({**given, **await gateway.seal(stream, clear, new=new)})

    def news(self, document: Document, row: Row, provenance: str) -> Given:
        """What of the fields is news to the profile; raises RowRefused."""
        _require_there(document)
        said = {**filled(self.changed, row.given), "provenance": provenance}
        changes = profiles.changes(self.profile, document, said)
        news = {name: value for name, value in changes.items() if not self._known(document, name, value, provenance)}
        return {**news, "provenance": provenance} if news else {}

    def _known(self, document: Document, field: str, value: Any, provenance: str) -> bool:
        """Whether this was stated before. What is sealed was compared already."""
        if field == "provenance":
            return True
        if field in self.profile.sealed:
            return False
        told = self.update.model_validate({field: value}).model_dump(mode="json")[field]
        return _says(profiles.last_stated(document, field, provenance), told)


def _says(stated: Any, told: Any) -> bool:
    """Whether a statement holds all that is told; it may hold what was derived beside it."""
    match stated, told:
        case dict(), dict():
            return all(name in stated and _says(stated[name], part) for name, part in told.items())
        case list(), list():
            return len(stated) == len(told) and all(map(_says, stated, told))
        case _:
            return bool(stated == told)


def _require_there(document: Document) -> None:
    """Raises RowRefused for a profile that is not there any more."""
    if document.get("erased_at"):
        raise RowRefused([error("", ERASED)])
    if document.get("merged_into"):
        raise RowRefused([error("", f"the profile was merged into {document['merged_into']}")])


KINDS: Mapping[str, ImportKind | ImportProspects] = {
    "people": ImportKind(people.PERSON, people.NEW_PERSON, people.CHANGED_PERSON, CreatePerson, UpdatePerson),
    "companies": ImportKind(companies.COMPANY, companies.NEW_COMPANY, companies.CHANGED_COMPANY, CreateCompany, UpdateCompany),
    "prospects": ImportProspects(),
}
"""By the name that they have in the path."""

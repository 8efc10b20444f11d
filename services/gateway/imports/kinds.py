"""The kinds of profiles that can be imported, and how the fields of a row become the commands that a form leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from services.foundation.messages import Command
from services.gateway.house import Document
from services.gateway.http import companies, people, profiles
from services.gateway.http.forms import Form, flaws
from services.gateway.imports.columns import TABLES, Column
from services.gateway.imports.rows import Error, error
from services.profiles.contract import CreateCompany, CreatePerson, UpdateCompany, UpdatePerson


class RowRefused(Exception):
    """What of a row the form does not take."""

    def __init__(self, errors: list[Error]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of profile: what it is over HTTP, its forms and commands, and the columns of a file."""

    profile: profiles.Kind
    new: type[Form]
    changed: type[Form]
    create: type[Command]
    update: type[Command]

    @property
    def columns(self) -> tuple[Column, ...]:
        return TABLES[self.profile.collection]

    def created(self, given: Mapping[str, Any], provenance: str) -> dict[str, Any]:
        """The fields of a new profile; raises RowRefused."""
        return {**_filled(self.new, given), "provenance": provenance}

    def news(self, document: Document, given: Mapping[str, Any], provenance: str) -> dict[str, Any]:
        """What of the fields is news to the profile; raises RowRefused."""
        filled = {**_filled(self.changed, given), "provenance": provenance}
        changes = profiles.changes(self.profile, document, filled)
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


def _filled(form: type[Form], given: Mapping[str, Any]) -> dict[str, Any]:
    """The form with these fields, checked like a request's body."""
    try:
        filled = form.model_validate_json(orjson.dumps(given), strict=True).given()
    except ValidationError as fault:
        raise RowRefused([error(str(each["loc"][0]), each["msg"]) for each in fault.errors(include_input=False)]) from None
    errors = [error(path.partition(".")[0], reason) for path, reason in flaws(filled)]
    if errors:
        raise RowRefused(errors)
    return filled


KINDS: Mapping[str, ImportKind] = {
    "people": ImportKind(people.PERSON, people.NEW_PERSON, people.CHANGED_PERSON, CreatePerson, UpdatePerson),
    "companies": ImportKind(companies.COMPANY, companies.NEW_COMPANY, companies.CHANGED_COMPANY, CreateCompany, UpdateCompany),
}
"""By the name that they have in the path."""

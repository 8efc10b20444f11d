"""What answers to a merge look like."""

from pydantic import BaseModel

from services.gateway.http.shapes.companies import Company
from services.gateway.http.shapes.people import Person


class Merged(BaseModel):
    """``taken``: fields that were taken over, with the provenance of each statement. ``consents_not_taken``: purposes to which
    the absorbed profile consents and the surviving one does not."""

    absorbed_id: str
    taken: dict[str, list[str]]
    consents_not_taken: list[str]
    note: dict[str, str]


class MergedPerson(Merged):
    profile: Person


class MergedCompany(Merged):
    profile: Company

"""Outreach: who agrees gets a profile that knows the prospect it comes from."""

from collections.abc import Iterator

from services.foundation.messages import Command, Recorded
from services.foundation.reaction import Request
from services.profiles.contract import CreateCompany, CreatePartner, CreatePerson, ProspectAgreed


def agreement(recorded: Recorded) -> Iterator[Request]:
    """Creates the profile that an agreed prospect becomes."""
    event = recorded.message
    if isinstance(event, ProspectAgreed):
        yield Request(event.profile_id, _creation(event, origin=recorded.stream))


def _creation(event: ProspectAgreed, origin: str) -> Command:
    fields = event.profile | {"origin": origin}
    match event.kind:
        case "person":
            return CreatePerson.model_validate(fields)
        case "company":
            return CreateCompany.model_validate(fields)
        case _:
            return CreatePartner.model_validate(fields)

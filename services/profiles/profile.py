"""What people, companies and partners have in common: they are created once, updated, and give and withdraw consents.

Sealed fields are compared as they stand. Two seals of one text differ, so a sender seals only what has changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from services.foundation.aggregate import Aggregate, Context, Refusal
from services.foundation.messages import Command, Event
from services.profiles.contract import (
    CompanyDetails,
    ConsentGranted,
    ConsentWithdrawn,
    GrantConsent,
    PartnerDetails,
    PersonDetails,
    ProfileCreated,
    ProfileUpdated,
    WithdrawConsent,
)

AnyDetails = PersonDetails | CompanyDetails | PartnerDetails


class ProfileAlreadyExists(Refusal):
    """A profile with this id was created before, with other details."""


@dataclass(frozen=True, slots=True)
class Consent:
    """To which wording someone agreed, and to whom their data may go."""

    text_version: str
    recipients: tuple[str, ...]


class Profile(Aggregate):
    """``details`` is the profile as last stated, ``consents`` the active ones by purpose."""

    details_type: ClassVar[type[PersonDetails] | type[CompanyDetails] | type[PartnerDetails]]

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.details: AnyDetails | None = None
        self.consents: dict[str, Consent] = {}

    def build(self, fields: dict[str, Any]) -> AnyDetails:
        """The details that these fields make."""
        return self.details_type.model_validate(fields)

    def create(self, command: Command, _: Context) -> Iterator[Event]:
        details = self.build(command.model_dump())
        if self.details is None:
            yield ProfileCreated(kind=details.kind, details=details)
        elif self.details != details:
            raise ProfileAlreadyExists(f"{self.stream} already exists with other details")

    def update(self, command: Command, _: Context) -> Iterator[Event]:
        stated = self.details.model_dump() if self.details else {}
        details = self.build(stated | command.model_dump(exclude_none=True))
        if details != self.details:
            yield ProfileUpdated(kind=details.kind, details=details)

    def grant_consent(self, command: GrantConsent, context: Context) -> Iterator[Event]:
        """The same wording for the same recipients is no new consent, in whichever language it is shown again."""
        if self.consents.get(command.purpose) != Consent(command.text_version, command.recipients):
            yield ConsentGranted(**command.model_dump(), granted_at=context.time)

    def withdraw_consent(self, command: WithdrawConsent, context: Context) -> Iterator[Event]:
        if command.purpose in self.consents:
            yield ConsentWithdrawn(purpose=command.purpose, withdrawn_at=context.time)

    def apply(self, event: Event) -> None:
        match event:
            case ProfileCreated() | ProfileUpdated():
                self.details = event.details
            case ConsentGranted():
                self.consents[event.purpose] = Consent(event.text_version, event.recipients)
            case ConsentWithdrawn():
                self.consents.pop(event.purpose, None)

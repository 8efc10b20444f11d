"""What people, companies and partners have in common: they are created once, updated, and give and withdraw consents.

Whoever states something overwrites only their own statement; the details hold the ones that count (statements.py).

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
from services.profiles.statements import Statement, Statements

AnyDetails = PersonDetails | CompanyDetails | PartnerDetails

NOT_STATED = frozenset({"provenance", "evidence", "origin", "cleared"})
"""Fields of commands that say something about the statements and are none themselves."""
EMPTY: tuple[Any, ...] = ("", (), None)


class ProfileAlreadyExists(Refusal):
    """A profile with this id was created before, with other details."""


class EvidenceMissing(Refusal):
    """What is called verified rests on evidence, which must be named."""


@dataclass(frozen=True, slots=True)
class Consent:
    """To which wording someone agreed, and to whom their data may go."""

    text_version: str
    recipients: tuple[str, ...]


class Profile(Aggregate):
    """``details`` is the profile by the statements that count, ``consents`` the active ones by purpose."""

    details_type: ClassVar[type[PersonDetails] | type[CompanyDetails] | type[PartnerDetails]]

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.details: AnyDetails | None = None
        self.statements = Statements()
        self.consents: dict[str, Consent] = {}

    def build(self, fields: dict[str, Any]) -> AnyDetails:
        """The details that these fields make."""
        return self.details_type.model_validate(fields)

    def create(self, command: Any, _: Context) -> Iterator[Event]:
        """A field that was left to its default is no statement: nobody said it."""
        require_evidence(command)
        details = self.build(command.model_dump(exclude=set(NOT_STATED)))
        if self.details is None:
            stated = tuple(field for field in _stateable(command) if getattr(command, field) != _default(command, field))
            yield ProfileCreated(kind=details.kind, details=details, stated=stated, origin=command.origin, **_source(command))
        elif self.details != details:
            raise ProfileAlreadyExists(f"{self.stream} already exists with other details")

    def update(self, command: Command, _: Context) -> Iterator[Event]:
        require_evidence(command)
        before = dict(self.details or ())
        if_all_counted = self.build(before | _given(command))
        made = (Statement(field, getattr(if_all_counted, field), *_source(command).values()) for field in _given(command))
        new = [statement for statement in made if self._is_news(statement, before)]
        if new:
            details = self.build(before | self.statements.with_further(new).counting())
            beside = {each.field: each.value for each in new if getattr(details, each.field) != each.value}
            stated = tuple(each.field for each in new)
            yield ProfileUpdated(kind=details.kind, details=details, stated=stated, beside=beside, **_source(command))

    def _is_news(self, statement: Statement, before: dict[str, Any]) -> bool:
        """Staff who enter what the profile holds anyway say nothing; whoever says so themselves does.

        Saying what a merge has brought makes it the profile's own.
        """
        made = self.statements.made(statement.field, statement.provenance)
        if made is not None and not self.statements.is_lent(statement.field, statement.provenance):
            return made != statement
        differs = bool(statement.value != before.get(statement.field)) or self.statements.is_lent(statement.field)
        return differs or (statement.provenance != "staff" and statement.value not in EMPTY)

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
                for statement in self._made_by(event):
                    self.statements.add(statement)
            case ConsentGranted():
                self.consents[event.purpose] = Consent(event.text_version, event.recipients)
            case ConsentWithdrawn():
                self.consents.pop(event.purpose, None)

    def _made_by(self, event: ProfileCreated | ProfileUpdated) -> Iterator[Statement]:
        said = event.as_stated()
        for field in event.stated or self._entered_by_staff(event.details):
            yield Statement(field, getattr(said, field), event.provenance, event.evidence)

    def _entered_by_staff(self, details: AnyDetails) -> list[str]:
        """The fields that an event from before there was provenance states."""
        counting = self.statements.counting()
        return [name for name, value in details if name != "kind" and (name in counting or value not in EMPTY)]


def _stateable(command: Command) -> Iterator[str]:
    return (field for field in type(command).model_fields if field not in NOT_STATED)


def _default(command: Command, field: str) -> Any:
    return type(command).model_fields[field].default


def _given(command: Any) -> dict[str, Any]:
    """What an update states: the fields that are given, and those that it empties."""
    given: dict[str, Any] = command.model_dump(exclude=set(NOT_STATED), exclude_none=True)
    return given | dict.fromkeys(getattr(command, "cleared", ()))


def _source(command: Any) -> dict[str, str]:
    return {"provenance": command.provenance, "evidence": command.evidence}


def require_evidence(command: Any) -> None:
    """Raises EvidenceMissing for something that is called verified and rests on nothing."""
    if command.provenance == "verified" and not command.evidence.strip():
        raise EvidenceMissing("say what was seen that verifies this", field="evidence")

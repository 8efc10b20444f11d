"""What people, companies and partners have in common: they are created once, updated, and give and withdraw consents.

Whoever states something overwrites only their own statement; the details hold the ones that count (statements.py).

Sealed fields are compared as they stand. Two seals of one text differ, so a sender seals only what has changed.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from services.foundation.aggregate import Context, Refusal
from services.foundation.messages import Command, Event
from services.profiles.contract import (
    CompanyDetails,
    ConsentGranted,
    ConsentWithdrawn,
    CreateCompany,
    CreatePartner,
    CreatePerson,
    DataDisclosed,
    EraseProfile,
    GrantConsent,
    PartnerDetails,
    PersonDetails,
    ProfileCreated,
    ProfileErased,
    ProfileUpdated,
    RecordDisclosure,
    WithdrawConsent,
    erasure_stream,
)
from services.profiles.disclosures import Disclosures
from services.profiles.erasing import HoldsPersonalData
from services.profiles.statements import Statement, Statements
from services.vocabulary.consent_texts import CONSENT_TEXTS

Creation = CreatePerson | CreateCompany | CreatePartner
AnyDetails = PersonDetails | CompanyDetails | PartnerDetails

NOT_STATED = frozenset({"provenance", "evidence", "origin", "cleared"})
"""Fields of commands that say something about the statements and are none themselves."""
EMPTY: tuple[Any, ...] = ("", (), None)


class ProfileAlreadyExists(Refusal):
    """A profile with this id was created before, with other details."""


class ConsentTextUnknown(Refusal):
    """Nobody agrees to a text that does not exist."""


class EvidenceMissing(Refusal):
    """What is called verified rests on evidence, which must be named."""


@dataclass(frozen=True, slots=True)
class Consent:
    """To which wording someone agreed, and to whom their data may go."""

    text_version: str
    recipients: tuple[str, ...]
    granted_at: datetime | None = dataclasses.field(default=None, compare=False)


class Profile(HoldsPersonalData):
    """``details`` is the profile by the statements that count, ``consents`` the active ones by purpose."""

    details_type: ClassVar[type[PersonDetails] | type[CompanyDetails] | type[PartnerDetails]]

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.details: AnyDetails | None = None
        self._read = Statements()
        self._unread: list[ProfileCreated | ProfileUpdated] = []
        self.consents: dict[str, Consent] = {}
        self.disclosures = Disclosures()
        self.origin = ""

    @property
    def statements(self) -> Statements:
        """What was stated so far. Read out of the events only when somebody asks: most profiles are created and left alone."""
        for event in self._unread:
            for statement in self._made_by(event):
                self._read.add(statement)
        self._unread.clear()
        return self._read

    def build(self, fields: dict[str, Any]) -> AnyDetails:
        """The details that these fields make."""
        return self.details_type.model_validate(fields)

    def create(self, command: Creation, _: Context) -> Iterator[Event]:
        """A field that was left to its default is no statement: nobody said it."""
        require_evidence(command)
        details = self.build(command.model_dump())
        if self.details is None:
            stated = tuple(field for field, default in _defaults(type(command)) if getattr(command, field) != default)
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
        if (command.text_version, command.purpose) not in CONSENT_TEXTS:
            raise ConsentTextUnknown("there is no such wording for this purpose", field="text_version")
        if self.consents.get(command.purpose) != Consent(command.text_version, command.recipients):
            yield ConsentGranted(**command.model_dump(), granted_at=context.time)

    def withdraw_consent(self, command: WithdrawConsent, context: Context) -> Iterator[Event]:
        if command.purpose in self.consents:
            yield ConsentWithdrawn(purpose=command.purpose, withdrawn_at=context.time)

    def record_disclosure(self, command: RecordDisclosure, context: Context) -> Iterator[Event]:
        consent = self.consents.get(command.consent)
        version, granted_at = (consent.text_version, consent.granted_at) if consent else (None, None)
        yield from self.disclosures.record(command, version, granted_at, context)

    def erase(self, command: EraseProfile, context: Context) -> Iterator[Event]:
        """Asked again by the same erasure it is so already; asked by another, that one waits for what follows."""
        erasure = command.erasure_id or erasure_stream(self.stream)
        if erasure not in self.erasures:
            also = tuple(sorted({*command.also, *self.further_owners()} - {self.stream}))
            fields = command.model_dump(exclude={"also", "erasure_id"})
            kind = self.category
            yield ProfileErased(kind=kind, erasure_id=erasure, erased_at=context.time, also=also, **fields)

    def further_owners(self) -> Iterator[str]:
        """Who else has a key with data of this profile, as far as its own events tell."""
        if self.origin:
            yield self.origin

    def apply(self, event: Event) -> None:
        match event:
            case ProfileCreated() | ProfileUpdated():
                self.origin = getattr(event, "origin", "") or self.origin
                self.details = event.details
                self._unread.append(event)
            case ConsentGranted():
                self.consents[event.purpose] = Consent(event.text_version, event.recipients, event.granted_at)
            case DataDisclosed():
                self.disclosures.apply(event)
            case ConsentWithdrawn():
                self.consents.pop(event.purpose, None)
            case ProfileErased():
                self.consents.clear()
                super().apply(event)

    def _made_by(self, event: ProfileCreated | ProfileUpdated) -> Iterator[Statement]:
        said = event.as_stated()
        for field in event.stated or self._entered_by_staff(event.details):
            yield Statement(field, getattr(said, field), event.provenance, event.evidence)

    def _entered_by_staff(self, details: AnyDetails) -> list[str]:
        """The fields that an event from before there was provenance states."""
        counting = self._read.counting()
        return [name for name, value in details if name != "kind" and (name in counting or value not in EMPTY)]


@cache
def _defaults(command: type[Creation]) -> tuple[tuple[str, Any], ...]:
    """The fields that this command states, with their defaults."""
    return tuple((field, info.default) for field, info in command.model_fields.items() if field not in NOT_STATED)


def _given(command: Any) -> dict[str, Any]:
    """What an update states: the fields that are given, and those that it empties."""
    given: dict[str, Any] = command.model_dump(exclude=set(NOT_STATED), exclude_none=True)
    return given | dict.fromkeys(getattr(command, "cleared", ()))


def _source(command: Any) -> dict[str, str]:
    return {"provenance": command.provenance, "evidence": command.evidence}


def require_evidence(command: Any) -> None:
    """Raises EvidenceMissing for something that is called verified and rests on nothing."""
    if command.provenance == "verified" and not command.evidence:
        raise EvidenceMissing("say what was seen that verifies this", field="evidence")

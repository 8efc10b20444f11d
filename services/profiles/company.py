"""A company with its contact people and needs. Its size class is derived from its figures and never typed in."""

from collections.abc import Iterator
from typing import Any

from services.foundation.aggregate import Context, Refusal
from services.foundation.messages import Command, Event
from services.profiles.contract import (
    AddContactPerson,
    CompanyDetails,
    ContactPersonAdded,
    ContactPersonRemoved,
    NeedStated,
    NeedWithdrawn,
    RemoveContactPerson,
    StateNeed,
    WithdrawNeed,
    YearFigures,
)
from services.profiles.profile import AnyDetails, Creation, Profile, require_evidence
from services.profiles.size_class import lasting_size_class
from services.vocabulary.industries import IndustryUnknown, section_of


class NeedUnknown(Refusal):
    """The company never stated this need."""


class NeedAlreadyWithdrawn(Refusal):
    """A need that was withdrawn does not come back; it is stated anew."""


class NeedAlreadyStated(Refusal):
    """The need was stated before, with other content."""


class IndustryNotInScheme(Refusal):
    """The scheme has no such edition, or the edition no such code."""


class ContactPersonUnknown(Refusal):
    """The company has no such contact person, or no longer."""


class Company(Profile):
    """``open_needs`` are the needs as stated, ``withdrawn_needs`` the ids of those that are over."""

    category = "company"
    details_type = CompanyDetails

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.open_needs: dict[str, NeedStated] = {}
        self.withdrawn_needs: set[str] = set()
        self.contact_people: dict[str, ContactPersonAdded] = {}
        self.removed_contact_people: set[str] = set()

    def create(self, command: Creation, context: Context) -> Iterator[Event]:
        _require_industry(command)
        return super().create(command, context)

    def update(self, command: Command, context: Context) -> Iterator[Event]:
        _require_industry(command)
        return super().update(command, context)

    def build(self, fields: dict[str, Any]) -> AnyDetails:
        """Adds what is derived: the section of the industry, the figures of all years, the size class."""
        if fields.get("industry"):
            code = {name: fields["industry"][name] for name in ("scheme", "edition", "code")}
            fields = fields | {"industry": code | {"section": section_of(**code)}}
        figures = self._figures_with(_figures(fields))
        return super().build(fields | {"figures": figures, "size_class": lasting_size_class(figures)})

    def _figures_with(self, latest: YearFigures) -> tuple[YearFigures, ...]:
        """Of every year, the last that was stated; those of an unknown year only until the first known one."""
        kept = self.details.figures if isinstance(self.details, CompanyDetails) else ()
        return (*(each for each in kept if each.year not in (latest.year, 0)), latest)

    def add_contact_person(self, command: AddContactPerson, _: Context) -> Iterator[Event]:
        """The key of one who was removed is destroyed, so nobody is added under that id again."""
        if command.contact_person_id in self.removed_contact_people:
            raise ContactPersonUnknown("this contact person was removed; add another", field="contact_person_id")
        added = ContactPersonAdded.model_validate(command.model_dump())
        if self.contact_people.get(command.contact_person_id) != added:
            yield added

    def remove_contact_person(self, command: RemoveContactPerson, _: Context) -> Iterator[Event]:
        if command.contact_person_id in self.contact_people:
            yield ContactPersonRemoved(contact_person_id=command.contact_person_id)
        elif command.contact_person_id not in self.removed_contact_people:
            raise ContactPersonUnknown("the company has no such contact person", field="contact_person_id")

    def state_need(self, command: StateNeed, _: Context) -> Iterator[Event]:
        require_evidence(command)
        if command.need_id in self.withdrawn_needs:
            raise NeedAlreadyWithdrawn("this need was withdrawn; state a new one", field="need_id")
        stated = NeedStated.model_validate(command.model_dump())
        known = self.open_needs.get(command.need_id)
        if known is None:
            yield stated
        elif known != stated:
            raise NeedAlreadyStated("this need was stated with other content; withdraw it and state a new one", field="need_id")

    def withdraw_need(self, command: WithdrawNeed, _: Context) -> Iterator[Event]:
        if command.need_id in self.open_needs:
            yield NeedWithdrawn(need_id=command.need_id)
        elif command.need_id not in self.withdrawn_needs:
            raise NeedUnknown("the company has not stated this need", field="need_id")

    def further_owners(self) -> Iterator[str]:
        yield from super().further_owners()
        yield from self.contact_people

    def apply(self, event: Event) -> None:
        match event:
            case NeedStated():
                self.open_needs[event.need_id] = event
            case NeedWithdrawn():
                self.open_needs.pop(event.need_id, None)
                self.withdrawn_needs.add(event.need_id)
            case ContactPersonAdded():
                self.contact_people[event.contact_person_id] = event
            case ContactPersonRemoved():
                self.contact_people.pop(event.contact_person_id, None)
                self.removed_contact_people.add(event.contact_person_id)
            case _:
                super().apply(event)


def _require_industry(command: Any) -> None:
    """Raises IndustryNotInScheme."""
    if command.industry is not None:
        try:
            section_of(command.industry.scheme, command.industry.edition, command.industry.code)
        except IndustryUnknown as unknown:
            raise IndustryNotInScheme(str(unknown), field=f"industry.{unknown.part}") from None


def _figures(fields: dict[str, Any]) -> YearFigures:
    return YearFigures(
        year=fields.get("figures_year") or 0,
        headcount=fields.get("headcount") or 0,
        turnover_eur=fields.get("turnover_eur") or 0,
        balance_sheet_eur=fields.get("balance_sheet_eur") or 0,
    )

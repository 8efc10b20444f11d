"""A company with its contact people and needs. Its size class is derived from its figures and never typed in."""

from collections.abc import Iterator
from typing import Any

from services.foundation.aggregate import Context, Refusal, derived_stream
from services.foundation.messages import Command, Event
from services.profiles.contract import (
    FIGURES,
    AddContactPerson,
    CompanyDetails,
    ContactPersonAdded,
    ContactPersonRemoved,
    MergeProfiles,
    MergeUndone,
    NeedStated,
    NeedWithdrawn,
    ProfileCreated,
    ProfilesMerged,
    ProfileUpdated,
    RemoveContactPerson,
    StateNeed,
    TakenNeed,
    UndoMerge,
    WithdrawNeed,
    YearFigures,
)
from services.profiles.merging import Mergeable, of_the_absorbed
from services.profiles.profile import AnyDetails, Creation, require_evidence
from services.profiles.size_class import lasting_size_class
from services.profiles.statements import Statements
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


class Company(Mergeable):
    """``open_needs`` are the needs as stated, ``withdrawn_needs`` the ids of those that are over."""

    category = "company"
    details_type = CompanyDetails

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.open_needs: dict[str, NeedStated] = {}
        self.withdrawn_needs: set[str] = set()
        self.contact_people: dict[str, ContactPersonAdded] = {}
        self.removed_contact_people: set[str] = set()
        self.own_figures: tuple[YearFigures, ...] = ()
        self.lent_contact_people: dict[str, str] = {}
        self.lent_needs: dict[str, str] = {}

    def create(self, command: Creation, context: Context) -> Iterator[Event]:
        _require_industry(command)
        return super().create(command, context)

    def update(self, command: Command, context: Context) -> Iterator[Event]:
        _require_industry(command)
        return super().update(command, context)

    def build(self, fields: dict[str, Any]) -> AnyDetails:
        """Adds what is derived: the section of the industry, the figures of all years, the size class."""
        if fields.get("industry"):
            code = {name: _part(fields["industry"], name) for name in ("scheme", "edition", "code")}
            fields = fields | {"industry": code | {"section": section_of(**code)}}
        figures = with_year(fields.get("figures", ()), _figures(fields))
        return super().build(fields | {"figures": figures, "size_class": lasting_size_class(figures)})

    def add_contact_person(self, command: AddContactPerson, _: Context) -> Iterator[Event]:
        """The key of one who was removed is destroyed, so nobody is added under that id again."""
        if command.contact_person_id in self.removed_contact_people:
            raise ContactPersonUnknown("this contact person was removed; add another", field="contact_person_id")
        added = ContactPersonAdded.model_validate(command.model_dump())
        lent = command.contact_person_id in self.lent_contact_people
        if lent or self.contact_people.get(command.contact_person_id) != added:
            yield added

    def remove_contact_person(self, command: RemoveContactPerson, _: Context) -> Iterator[Event]:
        if command.contact_person_id in self.contact_people:
            lender = self.lent_contact_people.get(command.contact_person_id, "")
            yield ContactPersonRemoved(contact_person_id=command.contact_person_id, lent_by=lender)
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

    def merge(self, command: MergeProfiles, context: Context) -> Iterator[Event]:
        """Open needs are stated anew under ids of their own: contacts hang on the id of a need and its company."""
        for event in super().merge(command, context):
            yield event
            if isinstance(event, ProfilesMerged):
                original = {need.need_id: need for need in command.needs}
                yield from (original[each.original_id].model_copy(update={"need_id": each.need_id}) for each in event.needs)

    def further_taken(self, command: MergeProfiles, context: Context) -> dict[str, Any]:
        known = {*self.contact_people, *self.removed_contact_people}
        anew = ((need.need_id, derived_stream("need", context.command_id, need.need_id)) for need in command.needs)
        return {
            "contact_people": tuple(each for each in command.contact_people if each.contact_person_id not in known),
            "needs": tuple(TakenNeed(need_id=new, original_id=original) for original, new in anew),
        }

    def undo_merge(self, command: UndoMerge, context: Context) -> Iterator[Event]:
        for event in super().undo_merge(command, context):
            yield event
            needs = of_the_absorbed(self.lent_needs, command.absorbed_id)
            yield from (NeedWithdrawn(need_id=need_id) for need_id in needs if need_id in self.open_needs)

    def remembered(self, left: Statements) -> dict[str, Any]:
        return {"figures": self.own_figures}

    def further_given_back(self, absorbed_id: str) -> dict[str, Any]:
        return {"contact_people": of_the_absorbed(self.lent_contact_people, absorbed_id)}

    def apply(self, event: Event) -> None:
        match event:
            case ProfilesMerged():
                super().apply(event)
                self.contact_people |= {each.contact_person_id: each for each in event.contact_people}
                self.lent_contact_people |= {each.contact_person_id: event.absorbed_id for each in event.contact_people}
                self.lent_needs |= {each.need_id: event.absorbed_id for each in event.needs}
            case MergeUndone():
                super().apply(event)
                for id in event.contact_people:
                    self.contact_people.pop(id, None)
                    self.lent_contact_people.pop(id, None)
                for need_id in of_the_absorbed(self.lent_needs, event.absorbed_id):
                    del self.lent_needs[need_id]
            case ProfileCreated() | ProfileUpdated():
                super().apply(event)
                self._keep_own_figures(event)
            case NeedStated():
                self.open_needs[event.need_id] = event
            case NeedWithdrawn():
                self.open_needs.pop(event.need_id, None)
                self.withdrawn_needs.add(event.need_id)
            case ContactPersonAdded():
                self.contact_people[event.contact_person_id] = event
                self.lent_contact_people.pop(event.contact_person_id, None)
            case ContactPersonRemoved():
                self.contact_people.pop(event.contact_person_id, None)
                self.lent_contact_people.pop(event.contact_person_id, None)
                self.removed_contact_people.add(event.contact_person_id)
            case _:
                super().apply(event)

    def _keep_own_figures(self, event: ProfileCreated | ProfileUpdated) -> None:
        """Those of years that this profile stated itself."""
        if event.details.kind == "company" and not any(self.statements.is_lent(field) for field in FIGURES):
            self.own_figures = with_year(self.own_figures, _figures(dict(event.details)))


def _require_industry(command: Any) -> None:
    """Raises IndustryNotInScheme."""
    if command.industry is not None:
        try:
            section_of(command.industry.scheme, command.industry.edition, command.industry.code)
        except IndustryUnknown as unknown:
            raise IndustryNotInScheme(str(unknown), field=f"industry.{unknown.part}") from None


def _part(industry: Any, name: str) -> str:
    """Of an industry as it comes in a command, or as the details hold it."""
    return str(industry[name] if isinstance(industry, dict) else getattr(industry, name))


def with_year(kept: tuple[YearFigures, ...], latest: YearFigures) -> tuple[YearFigures, ...]:
    """Of every year, the last that was stated; those of an unknown year only until the first known one."""
    return (*(each for each in kept if each.year not in (latest.year, 0)), latest)


def _figures(fields: dict[str, Any]) -> YearFigures:
    return YearFigures(
        year=fields.get("figures_year") or 0,
        headcount=fields.get("headcount") or 0,
        turnover_eur=fields.get("turnover_eur") or 0,
        balance_sheet_eur=fields.get("balance_sheet_eur") or 0,
    )

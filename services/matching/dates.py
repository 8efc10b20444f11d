"""Dates for a talk: proposed by one side and chosen by the other, or proposed by the coordinator and agreed on by both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.foundation.aggregate import Refusal
from services.foundation.messages import Event
from services.matching import next_step
from services.matching.contract import (
    ChooseDate,
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactReopened,
    DateChosen,
    DatesDeclined,
    DatesLapsed,
    DatesProposed,
    DeclineDates,
    LapseDates,
    MeetingScheduled,
    OfferedSlot,
    ProposeDates,
    Step,
    StepOwner,
)

OTHER: Mapping[str, StepOwner] = {"person": "company", "company": "person"}
ASKED_FIRST: Mapping[str, StepOwner] = {"person": "person", "company": "company"}
CHOOSING: Mapping[str, str] = {
    "person": "Termin wählen (choose a date)",
    "company": "Termin wählen (choose a date)",
    "coordinator": "Terminwahl beider Seiten einholen (get both sides to choose a date)",
}
CHOICE_LEAD = timedelta(days=1)
"""How long before the earliest date an answer is due, where there is time enough."""


class DatesAlreadyProposed(Refusal):
    """A proposal with this id was made before, with other dates."""


class DatesOverlap(Refusal):
    """The dates of one proposal are alternatives: no two of them at the same time."""


class DatesUnknown(Refusal):
    """Nobody made this proposal in this contact."""


class DatesNoLongerOpen(Refusal):
    """The proposal was answered, replaced or withdrawn."""


class DatesAreTheirOwn(Refusal):
    """Who proposed the dates leaves the choice to the other side."""


class DateNotProposed(Refusal):
    """Only a proposed date can be chosen."""


class DateHasPassed(Refusal):
    """A talk is agreed on before it begins."""


def as_shown(moment: datetime) -> datetime:
    """The moment in whole milliseconds: a date is chosen as a view shows it, and views keep no more."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class DateProposal:
    """An open proposal. ``agreed``: the side that has chosen, while the other has still to agree to the one date left."""

    proposal_id: str
    by: str
    format: str
    dates: tuple[OfferedSlot, ...]
    place: str
    asked_first: str
    choose_by: datetime | None
    agreed: str = ""

    def slot(self, starts_at: datetime) -> OfferedSlot | None:
        return next((each for each in self.dates if as_shown(each.starts_at) == as_shown(starts_at)), None)

    def ahead_of(self, time: datetime) -> tuple[OfferedSlot, ...]:
        """The dates that still lie ahead."""
        return tuple(each for each in self.dates if each.starts_at > time)

    @property
    def awaited(self) -> StepOwner:
        """Whose answer is awaited: the other side's, or the one's to be asked first; of both, the coordinator sees to it."""
        if self.agreed or self.by in OTHER:
            return OTHER[self.agreed or self.by]
        return ASKED_FIRST.get(self.asked_first, "coordinator")

    def settled_by(self, side: str) -> bool:
        """Whether nobody else has to agree once this side has."""
        return self.by in OTHER or self.agreed == OTHER[side]

    def says(self, command: ProposeDates) -> bool:
        """Whether it stands as the command asks."""
        asked = tuple(sorted((each.starts_at, each.ends_at) for each in command.dates))
        offered = tuple((each.starts_at, each.ends_at) for each in self.dates)
        return (self.by, self.format, offered, self.place) == (command.by, command.format, asked, command.place)


@dataclass(frozen=True, slots=True)
class Dates:
    """The proposals of one contact: the open one, and how those before it ended. A contact has one open at most."""

    open: DateProposal | None = None
    ended: Mapping[str, Event | None] = field(default_factory=dict)
    """By id: the choice or the refusal that ended it; None where it was replaced or withdrawn."""

    # --- what follows from a command ------------------------------------------------------------------------------------

    def propose(self, command: ProposeDates, time: datetime) -> Iterator[Event]:
        """The dates are checked one by one by the caller, who knows the meetings; here, against each other."""
        if self.open and self.open.proposal_id == command.proposal_id and self.open.says(command):
            return
        if command.proposal_id in self.ended or (self.open and self.open.proposal_id == command.proposal_id):
            raise DatesAlreadyProposed("a proposal with this id was made before", field="proposal_id")
        _require_alternatives(command)
        dates = tuple(sorted(command.dates, key=lambda each: each.starts_at))
        yield DatesProposed(
            proposal_id=command.proposal_id,
            by=command.by,
            format=command.format,
            dates=tuple(OfferedSlot(starts_at=each.starts_at, ends_at=each.ends_at) for each in dates),
            place=command.place,
            asked_first=command.asked_first or "",
            choose_by=_choose_by(dates[0].starts_at, time),
        )

    def choose(self, command: ChooseDate, time: datetime) -> Iterator[DateChosen]:
        """``meeting_id`` of the choice is empty while the other side has still to agree."""
        if self._is_so_already(command):
            return
        proposal = self._open(command.proposal_id)
        if proposal.by == command.by:
            raise DatesAreTheirOwn("who proposed the dates cannot choose one of them", field="by")
        slot = _proposed(proposal, command.starts_at)
        if proposal.agreed == command.by:
            return
        if slot.starts_at <= time:
            raise DateHasPassed("this date has passed", field="starts_at")
        meeting_id = command.meeting_id if proposal.settled_by(command.by) else ""
        chosen = {"proposal_id": command.proposal_id, "by": command.by, "meeting_id": meeting_id}
        yield DateChosen(**chosen, starts_at=slot.starts_at)

    def chosen(self, command: ChooseDate) -> tuple[DateProposal, OfferedSlot]:
        """The open proposal and the date of it that the command takes."""
        proposal = self._open(command.proposal_id)
        return proposal, _proposed(proposal, command.starts_at)

    def decline(self, command: DeclineDates) -> Iterator[Event]:
        ended = self.ended.get(command.proposal_id)
        if isinstance(ended, DatesDeclined) and ended.by == command.by:
            return
        self._open(command.proposal_id)
        yield DatesDeclined(proposal_id=command.proposal_id, by=command.by, reason=command.reason)

    def lapse(self, command: LapseDates) -> Iterator[Event]:
        """Too early, or on a proposal that is no longer open, it changes nothing."""
        proposal = self.open
        if proposal and proposal.proposal_id == command.proposal_id and not proposal.ahead_of(command.as_of):
            yield DatesLapsed(proposal_id=command.proposal_id)

    # --- what they ask for ----------------------------------------------------------------------------------------------

    def next_step(self, time: datetime) -> Step | None:
        """To choose a date; nothing where none is to be chosen, or where it is too late for it."""
        ahead = self.open.ahead_of(time) if self.open else ()
        if self.open is None or not ahead:
            return None
        due = self.open.choose_by
        if due is None or due <= time:
            due = _choose_by(ahead[0].starts_at, time)
        return Step(what=CHOOSING[self.open.awaited], owner=self.open.awaited, due=due)

    # --- what events change ---------------------------------------------------------------------------------------------

    def after(self, *events: Event) -> "Dates":
        """The proposals after these events; whatever does not concern an open proposal changes nothing."""
        dates = self
        for event in events:
            dates = dates._after(event)
        return dates

    def _after(self, event: Event) -> "Dates":
        match event:
            case DatesProposed():
                return replace(self._ended(None), open=_proposal(event))
            case DateChosen(meeting_id=""):
                return replace(self, open=self.open and _agreed(self.open, event))
            case DateChosen() | DatesDeclined():
                return self._ended(event)
            case (
                DatesLapsed() | MeetingScheduled() | ContactDeclined() | ContactDormant() | ContactClosed() | ContactReopened()
            ):
                return self._ended(None)
        return self

    def _ended(self, by: Event | None) -> "Dates":
        return Dates(None, {**self.ended, self.open.proposal_id: by}) if self.open else self

    # --- rules ----------------------------------------------------------------------------------------------------------

    def _is_so_already(self, command: ChooseDate) -> bool:
        ended = self.ended.get(command.proposal_id)
        if not isinstance(ended, DateChosen) or ended.by != command.by:
            return False
        return as_shown(ended.starts_at) == as_shown(command.starts_at)

    def _open(self, proposal_id: str) -> DateProposal:
        if self.open and self.open.proposal_id == proposal_id:
            return self.open
        if proposal_id in self.ended:
            raise DatesNoLongerOpen("the proposal was answered, replaced or withdrawn", field="proposal_id")
        raise DatesUnknown("the contact has no such proposal of dates", field="proposal_id")


def _require_alternatives(command: ProposeDates) -> None:
    for index, each in enumerate(command.dates):
        for earlier in command.dates[:index]:
            if earlier.starts_at < each.ends_at and each.starts_at < earlier.ends_at:
                raise DatesOverlap("two of the dates overlap", field=f"dates.{index}.starts_at")


def _proposed(proposal: DateProposal, starts_at: datetime) -> OfferedSlot:
    slot = proposal.slot(starts_at)
    if slot is None:
        raise DateNotProposed("this date is not among those proposed", field="starts_at")
    return slot


def _choose_by(earliest: datetime, time: datetime) -> datetime:
    """A day before the earliest date, or half-way to it where that is sooner than a day; a week at most."""
    return min(max(earliest - CHOICE_LEAD, time + (earliest - time) / 2), time + next_step.ANSWER_TIME)


def _proposal(event: DatesProposed) -> DateProposal:
    return DateProposal(event.proposal_id, event.by, event.format, event.dates, event.place, event.asked_first, event.choose_by)


def _agreed(proposal: DateProposal, event: DateChosen) -> DateProposal:
    slot = proposal.slot(event.starts_at)
    return replace(proposal, agreed=event.by, dates=(slot,) if slot else proposal.dates)

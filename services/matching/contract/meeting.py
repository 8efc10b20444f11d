"""The meetings of a contact, and the dates that are proposed for them. All live in the stream of the contact."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from services.foundation.messages import Command, Event
from services.matching.contract.values import (
    ClosingReason,
    MeetingFormat,
    MeetingId,
    OfferedSlot,
    Place,
    ProposalId,
    Side,
    Step,
    TimeSlot,
    Words,
)

ProposedBy = Literal["person", "company", "coordinator"]
MissedBy = Literal["person", "company", "both"]
MOST_DATES = 10
"""So many dates one proposal may offer."""


class ScheduleMeeting(Command, type="matching.ScheduleMeeting.v1"):
    """``despite_clashes``: also at a time at which one side is known to be busy elsewhere. For staff, here and below."""

    meeting_id: MeetingId
    format: MeetingFormat
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: Place = ""
    despite_clashes: bool = False


class MoveMeeting(Command, type="matching.MoveMeeting.v1"):
    """A side that moves a talk itself says why."""

    meeting_id: MeetingId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: Place | None = None
    reason: Words | None = None
    despite_clashes: bool = False


class CancelMeeting(Command, type="matching.CancelMeeting.v1"):
    meeting_id: MeetingId
    reason: Words


class RecordMeetingHeld(Command, type="matching.RecordMeetingHeld.v1"):
    """``outcome``: what came of it."""

    meeting_id: MeetingId
    outcome: Words


class RecordMeetingMissed(Command, type="matching.RecordMeetingMissed.v1"):
    meeting_id: MeetingId
    missed_by: MissedBy


class FollowUpMeeting(Command, type="matching.FollowUpMeeting.v1"):
    """After a meeting held: exactly one of a next step, a next meeting or a closing reason."""

    meeting_id: MeetingId
    next_step: Step | None = None
    next_meeting: ScheduleMeeting | None = None
    closing_reason: ClosingReason | None = None


class ProposeDates(Command, type="matching.ProposeDates.v1"):
    """Dates for a talk, offered by one side for the other to choose from, or by the coordinator for both to agree on.

    ``by_itself``: sent by the process of the first talk; changes nothing where something else was decided meanwhile.
    ``asked_first``: the side that is to choose first of what the coordinator offers; empty where it does not matter.
    """

    proposal_id: ProposalId
    by: ProposedBy = "coordinator"
    format: MeetingFormat
    dates: Annotated[tuple[TimeSlot, ...], Field(min_length=1, max_length=MOST_DATES)]
    place: Place = ""
    asked_first: Side | None = None
    by_itself: bool = False


class ChooseDate(Command, type="matching.ChooseDate.v1"):
    """Takes one of the proposed dates, named by its start: the talk is scheduled under ``meeting_id``.

    Of dates that the coordinator offered to both, the first to choose leaves the other that one date to agree to.
    """

    proposal_id: ProposalId
    by: Side
    starts_at: AwareDatetime
    meeting_id: MeetingId
    despite_clashes: bool = False


class DeclineDates(Command, type="matching.DeclineDates.v1"):
    """None of the dates suits. Who proposed them takes them back."""

    proposal_id: ProposalId
    by: ProposedBy = "coordinator"
    reason: Words


class LapseDates(Command, type="matching.LapseDates.v1"):
    """Sent by the timer: at ``as_of`` nobody had chosen, and the last of the dates had begun."""

    proposal_id: ProposalId
    as_of: AwareDatetime


class MeetingScheduled(Event, type="matching.MeetingScheduled.v1"):
    """``first``: the Erstgespräch of the contact."""

    meeting_id: str
    format: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    first: bool = False


class MeetingMoved(Event, type="matching.MeetingMoved.v1"):
    """``by``: the side that moved it; empty where staff did."""

    meeting_id: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    reason: str = ""
    by: str = ""


class MeetingCancelled(Event, type="matching.MeetingCancelled.v1"):
    """``starts_at``: when it would have begun. ``by``: the side that cancelled it; empty where staff did."""

    meeting_id: str
    reason: str
    starts_at: datetime | None = None
    by: str = ""


class MeetingHeld(Event, type="matching.MeetingHeld.v1"):
    meeting_id: str
    outcome: str


class MeetingMissed(Event, type="matching.MeetingMissed.v1"):
    """``seek_date``: no other talk is agreed on, so a new date is to be found; the rest is what the talk was to be."""

    meeting_id: str
    missed_by: str
    seek_date: bool = False
    format: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""


class MeetingFollowedUp(Event, type="matching.MeetingFollowedUp.v1"):
    meeting_id: str


class DatesProposed(Event, type="matching.DatesProposed.v1"):
    """Replaces an open proposal of the contact. ``choose_by``: until when an answer is due, before the earliest date."""

    proposal_id: str
    by: str
    format: str
    dates: tuple[OfferedSlot, ...]
    place: str = ""
    asked_first: str = ""
    choose_by: datetime | None = None


class DateChosen(Event, type="matching.DateChosen.v1"):
    """``meeting_id`` is empty while the other side has still to agree."""

    proposal_id: str
    by: str
    starts_at: datetime
    meeting_id: str


class DatesDeclined(Event, type="matching.DatesDeclined.v1"):
    proposal_id: str
    by: str
    reason: str


class DatesLapsed(Event, type="matching.DatesLapsed.v1"):
    """All dates of the proposal went by."""

    proposal_id: str

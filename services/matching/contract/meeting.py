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
MOST_DATES = 10
"""So many dates one proposal may offer."""


class ScheduleMeeting(Command, type="matching.ScheduleMeeting.v1"):
    meeting_id: MeetingId
    format: MeetingFormat
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: Place = ""


class MoveMeeting(Command, type="matching.MoveMeeting.v1"):
    meeting_id: MeetingId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: Place | None = None


class CancelMeeting(Command, type="matching.CancelMeeting.v1"):
    meeting_id: MeetingId
    reason: Words


class RecordMeetingHeld(Command, type="matching.RecordMeetingHeld.v1"):
    """``outcome``: what came of it."""

    meeting_id: MeetingId
    outcome: Words


class RecordMeetingMissed(Command, type="matching.RecordMeetingMissed.v1"):
    meeting_id: MeetingId
    missed_by: Side


class FollowUpMeeting(Command, type="matching.FollowUpMeeting.v1"):
    """After a meeting held: exactly one of a next step, a next meeting or a closing reason."""

    meeting_id: MeetingId
    next_step: Step | None = None
    next_meeting: ScheduleMeeting | None = None
    closing_reason: ClosingReason | None = None


class ProposeDates(Command, type="matching.ProposeDates.v1"):
    """Dates for a talk, offered by one side (or the coordinator for both), for the other to choose from."""

    proposal_id: ProposalId
    by: ProposedBy
    format: MeetingFormat
    dates: Annotated[tuple[TimeSlot, ...], Field(min_length=1, max_length=MOST_DATES)]
    place: Place = ""


class ChooseDate(Command, type="matching.ChooseDate.v1"):
    """Takes one of the proposed dates, named by its start: the talk is scheduled under ``meeting_id``."""

    proposal_id: ProposalId
    by: ProposedBy
    starts_at: AwareDatetime
    meeting_id: MeetingId


class DeclineDates(Command, type="matching.DeclineDates.v1"):
    """None of the dates suits."""

    proposal_id: ProposalId
    by: ProposedBy
    reason: Words


class MeetingScheduled(Event, type="matching.MeetingScheduled.v1"):
    """``first``: the Erstgespräch of the contact."""

    meeting_id: str
    format: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    first: bool = False


class MeetingMoved(Event, type="matching.MeetingMoved.v1"):
    meeting_id: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""


class MeetingCancelled(Event, type="matching.MeetingCancelled.v1"):
    """``starts_at``: when it would have begun."""

    meeting_id: str
    reason: str
    starts_at: datetime | None = None


class MeetingHeld(Event, type="matching.MeetingHeld.v1"):
    meeting_id: str
    outcome: str


class MeetingMissed(Event, type="matching.MeetingMissed.v1"):
    meeting_id: str
    missed_by: str


class MeetingFollowedUp(Event, type="matching.MeetingFollowedUp.v1"):
    meeting_id: str


class DatesProposed(Event, type="matching.DatesProposed.v1"):
    """Replaces an open proposal of the contact."""

    proposal_id: str
    by: str
    format: str
    dates: tuple[OfferedSlot, ...]
    place: str = ""


class DateChosen(Event, type="matching.DateChosen.v1"):
    proposal_id: str
    by: str
    starts_at: datetime
    meeting_id: str


class DatesDeclined(Event, type="matching.DatesDeclined.v1"):
    proposal_id: str
    by: str
    reason: str

"""The meetings of a contact: dated talks that are scheduled, moved, cancelled, held or missed, and followed up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from services.foundation.aggregate import Refusal
from services.foundation.messages import Event
from services.matching import next_step
from services.matching.contract import (
    CancelMeeting,
    MeetingCancelled,
    MeetingFollowedUp,
    MeetingHeld,
    MeetingMissed,
    MeetingMoved,
    MeetingScheduled,
    MoveMeeting,
    RecordMeetingHeld,
    RecordMeetingMissed,
    ScheduleMeeting,
    Step,
)

MeetingState = Literal["scheduled", "cancelled", "held", "missed", "followed_up"]


class MeetingUnknown(Refusal):
    """The contact has no such meeting."""


class MeetingAlreadyScheduled(Refusal):
    """A meeting with this id was scheduled before, for something else."""


class MeetingEndsBeforeItStarts(Refusal):
    """A meeting ends after it starts."""


class MeetingInThePast(Refusal):
    """A meeting is scheduled for a time that lies ahead."""


class MeetingTooFarAhead(Refusal):
    """A meeting beyond the planning horizon would let the contact die unnoticed."""


class MeetingsOverlap(Refusal):
    """The same two sides cannot hold two talks at once."""


class MeetingNoLongerScheduled(Refusal):
    """The meeting was cancelled, held or missed."""


class MeetingNotYetStarted(Refusal):
    """Nobody knows what came of a meeting before it has begun."""


class MeetingAlreadyBegun(Refusal):
    """Once a talk should have begun its sides no longer move or cancel it: it was held or missed."""


class MovingNeedsReason(Refusal):
    """A side that moves an agreed talk owes the other a reason."""


class MeetingNotHeld(Refusal):
    """Only what was held is followed up."""


class MeetingAlreadyFollowedUp(Refusal):
    """What follows from the meeting was recorded before."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One talk. ``remark`` is the outcome of one held, who missed one missed."""

    meeting_id: str
    format: str
    starts_at: datetime
    ends_at: datetime
    place: str
    state: MeetingState = "scheduled"
    remark: str = ""

    @property
    def time(self) -> tuple[datetime, datetime]:
        return self.starts_at, self.ends_at

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at

    def says(self, command: ScheduleMeeting) -> bool:
        """Whether it stands as the command asks."""
        asked = (command.format, command.starts_at, command.ends_at, command.place)
        return self.state == "scheduled" and (self.format, self.starts_at, self.ends_at, self.place) == asked


@dataclass(frozen=True, slots=True)
class Meetings:
    """All meetings of one contact, as of now. Its verbs yield the event that follows, or nothing where all is so already."""

    by_id: Mapping[str, Meeting] = field(default_factory=dict)

    # --- what follows from a command ------------------------------------------------------------------------------------

    def schedule(self, command: ScheduleMeeting, time: datetime, within: str = "") -> Iterator[Event]:
        """``within``: the field of another command in which this one stands, with a dot."""
        known = self.by_id.get(command.meeting_id)
        if known and known.says(command):
            return
        if known:
            raise MeetingAlreadyScheduled("a meeting with this id was scheduled before", field=f"{within}meeting_id")
        self.require_free_time(command.starts_at, command.ends_at, time, within)
        yield MeetingScheduled(**command.model_dump(exclude={"despite_clashes"}), first=self._none_counts())

    def move(self, command: MoveMeeting, time: datetime, by: str = "") -> Iterator[Event]:
        """``by``: the side that moves it; empty where staff do."""
        meeting = self._scheduled(command.meeting_id)
        place = meeting.place if command.place is None else command.place
        if (command.starts_at, command.ends_at, place) == (*meeting.time, meeting.place):
            return
        if by:
            _require_ahead(meeting, time)
        if by and not command.reason:
            raise MovingNeedsReason("say why the meeting is to be moved", field="reason")
        if (command.starts_at, command.ends_at) != meeting.time:
            self.require_free_time(command.starts_at, command.ends_at, time, but=meeting.meeting_id)
        moved = command.model_dump(include={"meeting_id", "starts_at", "ends_at"})
        yield MeetingMoved(**moved, place=place, reason=command.reason or "", by=by)

    def cancel(self, command: CancelMeeting, time: datetime, by: str = "") -> Iterator[Event]:
        if self._known(command.meeting_id).state != "cancelled":
            meeting = self._scheduled(command.meeting_id)
            if by:
                _require_ahead(meeting, time)
            yield _cancelled(meeting, command.reason, by)

    def hold(self, command: RecordMeetingHeld, time: datetime) -> Iterator[Event]:
        meeting = self._known(command.meeting_id)
        if meeting.state in ("held", "followed_up") and meeting.remark == command.outcome:
            return
        self._require_begun(command.meeting_id, time)
        yield MeetingHeld(meeting_id=command.meeting_id, outcome=command.outcome)

    def miss(self, command: RecordMeetingMissed, time: datetime) -> Iterator[Event]:
        meeting = self._known(command.meeting_id)
        if meeting.state == "missed" and meeting.remark == command.missed_by:
            return
        self._require_begun(command.meeting_id, time)
        planned = {"format": meeting.format, "starts_at": meeting.starts_at, "ends_at": meeting.ends_at, "place": meeting.place}
        seek_date = self._in_state("scheduled") == [meeting]
        yield MeetingMissed(meeting_id=command.meeting_id, missed_by=command.missed_by, seek_date=seek_date, **planned)

    def follow_up(self, meeting_id: str) -> Iterator[Event]:
        meeting = self._known(meeting_id)
        if meeting.state == "followed_up":
            raise MeetingAlreadyFollowedUp("the meeting was followed up before", field="meeting_id")
        if meeting.state != "held":
            raise MeetingNotHeld(f"the meeting is {meeting.state}, not held", field="meeting_id")
        yield MeetingFollowedUp(meeting_id=meeting_id)

    def call_off(self, time: datetime, reason: str) -> Iterator[Event]:
        """Cancels every meeting that lies ahead."""
        for meeting in self._in_state("scheduled"):
            if meeting.starts_at > time:
                yield _cancelled(meeting, reason)

    # --- what they ask for ----------------------------------------------------------------------------------------------

    @property
    def awaiting_follow_up(self) -> frozenset[str]:
        """The ids of the meetings held from which nothing has followed yet."""
        return frozenset(meeting.meeting_id for meeting in self._in_state("held"))

    @property
    def is_scheduled(self) -> bool:
        """Whether a talk is agreed on."""
        return bool(self._in_state("scheduled"))

    def next_step(self, time: datetime, choice: Step | None = None, given_up: frozenset[str] = frozenset()) -> Step:
        """Follow up what is held; else hold what is scheduled, the earliest first, or choose a date if that is due sooner;
        else find a date. ``choice``: the step of an open proposal of dates; ``given_up``: meetings no longer followed up."""
        if self.awaiting_follow_up - given_up:
            return next_step.follow_up(time)
        steps = [next_step.hold_talk(meeting.ends_at) for meeting in self._in_state("scheduled")]
        steps += [choice] if choice else []
        return min(steps, key=lambda step: step.due) if steps else next_step.find_new_date(time)

    # --- what events change ---------------------------------------------------------------------------------------------

    def after(self, *events: Event) -> "Meetings":
        """The meetings after these events; whatever does not concern a known meeting changes nothing."""
        by_id = dict(self.by_id)
        for event in events:
            match event:
                case MeetingScheduled():
                    by_id[event.meeting_id] = _scheduled(event)
                case MeetingMoved() | MeetingCancelled() | MeetingHeld() | MeetingMissed() | MeetingFollowedUp():
                    if event.meeting_id in by_id:
                        by_id[event.meeting_id] = _changed(by_id[event.meeting_id], event)
        return Meetings(by_id)

    # --- rules ----------------------------------------------------------------------------------------------------------

    def _known(self, meeting_id: str) -> Meeting:
        meeting = self.by_id.get(meeting_id)
        if meeting is None:
            raise MeetingUnknown("the contact has no such meeting", field="meeting_id")
        return meeting

    def _scheduled(self, meeting_id: str) -> Meeting:
        meeting = self._known(meeting_id)
        if meeting.state != "scheduled":
            raise MeetingNoLongerScheduled(f"the meeting is {meeting.state.replace('_', ' ')}", field="meeting_id")
        return meeting

    def _require_begun(self, meeting_id: str, time: datetime) -> None:
        if time < self._scheduled(meeting_id).starts_at:
            raise MeetingNotYetStarted("the meeting has not begun yet", field="meeting_id")

    def require_free_time(
        self, starts_at: datetime, ends_at: datetime, time: datetime, within: str = "", but: str = ""
    ) -> None:
        """Raises the refusal that names what is wrong with this time. ``but``: the talk that is to be moved there."""
        if ends_at <= starts_at:
            raise MeetingEndsBeforeItStarts("a meeting must end after it starts", field=f"{within}ends_at")
        if starts_at <= time:
            raise MeetingInThePast("a meeting must start in the future", field=f"{within}starts_at")
        if ends_at - time > next_step.PLANNING_HORIZON:
            raise MeetingTooFarAhead("a meeting must take place within two years", field=f"{within}ends_at")
        others = (meeting for meeting in self._in_state("scheduled") if meeting.meeting_id != but)
        if any(other.overlaps(starts_at, ends_at) for other in others):
            raise MeetingsOverlap("another meeting of this contact is at that time", field=f"{within}starts_at")

    def _in_state(self, *states: MeetingState) -> list[Meeting]:
        return [meeting for meeting in self.by_id.values() if meeting.state in states]

    def _none_counts(self) -> bool:
        """Whether no meeting was held or is still to be held, so that the next one is the Erstgespräch."""
        return not self._in_state("scheduled", "held", "followed_up")


def _scheduled(event: MeetingScheduled) -> Meeting:
    return Meeting(event.meeting_id, event.format, event.starts_at, event.ends_at, event.place)


def _changed(meeting: Meeting, event: Event) -> Meeting:
    match event:
        case MeetingMoved():
            return replace(meeting, starts_at=event.starts_at, ends_at=event.ends_at, place=event.place)
        case MeetingCancelled():
            return replace(meeting, state="cancelled")
        case MeetingHeld():
            return replace(meeting, state="held", remark=event.outcome)
        case MeetingMissed():
            return replace(meeting, state="missed", remark=event.missed_by)
        case MeetingFollowedUp():
            return replace(meeting, state="followed_up")
    return meeting


def _cancelled(meeting: Meeting, reason: str, by: str = "") -> MeetingCancelled:
    return MeetingCancelled(meeting_id=meeting.meeting_id, reason=reason, starts_at=meeting.starts_at, by=by)


def _require_ahead(meeting: Meeting, time: datetime) -> None:
    if meeting.starts_at <= time:
        raise MeetingAlreadyBegun("the meeting has begun; it was held or missed", field="meeting_id")

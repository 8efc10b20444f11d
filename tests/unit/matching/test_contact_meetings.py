"""Meetings: scheduled, moved, cancelled, held, missed and followed up, and what is to be done next."""

from datetime import datetime

import pytest

from services.foundation.aggregate import Refusal
from services.foundation.messages import Command, Event
from services.matching import next_step
from services.matching.contact_rules import ContactNotArranged, ContactNotOpen, FollowUpNeedsOneDecision
from services.matching.contract import (
    CancelMeeting,
    ContactAccepted,
    ContactArranged,
    ContactClosed,
    ContactReopened,
    FollowUpMeeting,
    MeetingCancelled,
    MeetingFollowedUp,
    MeetingHeld,
    MeetingMissed,
    MeetingMoved,
    MoveMeeting,
    RecordMeetingHeld,
    RecordMeetingMissed,
    ScheduleMeeting,
)
from services.matching.meeting import (
    MeetingAlreadyFollowedUp,
    MeetingAlreadyScheduled,
    MeetingEndsBeforeItStarts,
    MeetingInThePast,
    MeetingNoLongerScheduled,
    MeetingNotHeld,
    MeetingNotYetStarted,
    MeetingsOverlap,
    MeetingTooFarAhead,
    MeetingUnknown,
)
from services.matching.next_step import StepDueInThePast
from tests.unit.matching.words import (
    ACCEPTED,
    ARRANGED,
    CALL,
    CLOSED,
    COOPERATING,
    DAY,
    FIRST,
    HELD,
    HOUR,
    PROPOSED,
    SCHEDULED,
    SECOND,
    TALK_AT,
    TALK_OVER,
    contact,
    planned,
    scheduled,
    talk,
)
from tests.unit.story import NOW

MOVE = MoveMeeting(meeting_id=FIRST, starts_at=TALK_AT + DAY, ends_at=TALK_OVER + DAY)
MOVED = MeetingMoved(meeting_id=FIRST, starts_at=TALK_AT + DAY, ends_at=TALK_OVER + DAY, place="online")
CANCEL = CancelMeeting(meeting_id=FIRST, reason="ill")
CANCELLED = MeetingCancelled(meeting_id=FIRST, reason="ill", starts_at=TALK_AT)
HOLD = RecordMeetingHeld(meeting_id=FIRST, outcome="both go on")
WAS_HELD = MeetingHeld(meeting_id=FIRST, outcome="both go on")
MISS = RecordMeetingMissed(meeting_id=FIRST, missed_by="company")
TALK = {"format": "video", "starts_at": TALK_AT, "ends_at": TALK_OVER, "place": "online"}
MISSED = MeetingMissed.model_validate({"meeting_id": FIRST, "missed_by": "company", "seek_date": True, **TALK})
FOLLOWED_UP = MeetingFollowedUp(meeting_id=FIRST)
LATER = talk(SECOND, starts_at=TALK_AT + 7 * DAY)


# --- scheduling -------------------------------------------------------------------------------------------------------


def test_the_first_meeting_is_the_erstgespraech_and_the_talk_is_the_next_step() -> None:
    story = contact().given(*ARRANGED).when(talk())
    story.then(scheduled(talk(), first=True), planned(4, next_step.hold_talk(TALK_OVER)))


def test_scheduling_the_same_again_changes_nothing() -> None:
    contact().given(*SCHEDULED).when(talk()).then_nothing()


def test_a_later_meeting_is_no_erstgespraech_and_leaves_the_earlier_talk_next() -> None:
    contact().given(*SCHEDULED).when(LATER).then(scheduled(LATER))


def test_an_earlier_meeting_comes_next() -> None:
    earlier = talk(SECOND, starts_at=NOW + DAY)
    story = contact().given(*SCHEDULED).when(earlier)
    story.then(scheduled(earlier), planned(5, next_step.hold_talk(earlier.ends_at)))


def test_after_a_cancelled_one_the_next_meeting_is_the_erstgespraech() -> None:
    history = (*SCHEDULED, CANCELLED, planned(5, CALL))
    contact().given(*history).when(LATER).then(scheduled(LATER, first=True), planned(6, next_step.hold_talk(LATER.ends_at)))


@pytest.mark.parametrize("history", [PROPOSED, ACCEPTED])
@pytest.mark.parametrize("command", [talk(), MOVE])
def test_talks_come_after_the_arrangement(history: tuple[Event, ...], command: Command) -> None:
    contact().given(*history).when(command).then_refused(ContactNotArranged)


def test_those_who_cooperate_go_on_talking() -> None:
    contact().given(*COOPERATING).when(talk()).then(scheduled(talk(), first=True), planned(5, next_step.hold_talk(TALK_OVER)))


@pytest.mark.parametrize(
    ("starts_at", "hours", "refusal", "field"),
    [
        (TALK_AT, 0, MeetingEndsBeforeItStarts, "ends_at"),
        (TALK_AT, -1, MeetingEndsBeforeItStarts, "ends_at"),
        (NOW, 1, MeetingInThePast, "starts_at"),
        (NOW - DAY, 1, MeetingInThePast, "starts_at"),
        (NOW + 730 * DAY, 1, MeetingTooFarAhead, "ends_at"),
        (TALK_AT - HOUR / 2, 1, MeetingsOverlap, "starts_at"),
        (TALK_AT - DAY, 48, MeetingsOverlap, "starts_at"),
    ],
)
def test_a_meeting_needs_a_time_that_is_free_and_ahead(
    starts_at: datetime, hours: float, refusal: type[Refusal], field: str
) -> None:
    refused = contact().given(*SCHEDULED).when(talk(SECOND, starts_at, hours))
    refused.then_refused(refusal, field=field)


def test_one_talk_may_begin_when_another_ends() -> None:
    contact().given(*SCHEDULED).when(talk(SECOND, TALK_OVER)).then(scheduled(talk(SECOND, TALK_OVER)))


def test_the_time_of_a_cancelled_meeting_is_free() -> None:
    again = talk(SECOND)
    story = contact().given(*SCHEDULED, CANCELLED, planned(5, CALL)).when(again)
    story.then(scheduled(again, first=True), planned(6, next_step.hold_talk(TALK_OVER)))


def test_a_meeting_id_stands_for_one_meeting() -> None:
    longer = contact().given(*SCHEDULED).when(talk(hours=2))
    longer.then_refused(MeetingAlreadyScheduled, field="meeting_id")
    again = contact().given(*SCHEDULED, CANCELLED).when(talk())
    again.then_refused(MeetingAlreadyScheduled, field="meeting_id")


# --- moving and cancelling --------------------------------------------------------------------------------------------


def test_a_moved_meeting_moves_the_next_step() -> None:
    contact().given(*SCHEDULED).when(MOVE).then(MOVED, planned(5, next_step.hold_talk(MOVE.ends_at)))


def test_a_meeting_may_move_to_another_place_only() -> None:
    command = MoveMeeting(meeting_id=FIRST, starts_at=TALK_AT, ends_at=TALK_OVER, place="Hafen 1")
    moved = MeetingMoved(meeting_id=FIRST, starts_at=TALK_AT, ends_at=TALK_OVER, place="Hafen 1")
    contact().given(*SCHEDULED).when(command).then(moved)


def test_moving_to_where_it_is_changes_nothing() -> None:
    contact().given(*SCHEDULED).when(MoveMeeting(meeting_id=FIRST, starts_at=TALK_AT, ends_at=TALK_OVER)).then_nothing()


def test_a_meeting_may_overlap_its_own_old_time() -> None:
    command = MoveMeeting(meeting_id=FIRST, starts_at=TALK_AT + HOUR / 2, ends_at=TALK_OVER + HOUR)
    moved = MeetingMoved(**command.model_dump(include={"meeting_id", "starts_at", "ends_at"}), place="online")
    contact().given(*SCHEDULED).when(command).then(moved, planned(5, next_step.hold_talk(command.ends_at)))


def test_a_meeting_is_not_moved_onto_another() -> None:
    command = MoveMeeting(meeting_id=FIRST, starts_at=LATER.starts_at, ends_at=LATER.ends_at)
    contact().given(*SCHEDULED, scheduled(LATER)).when(command).then_refused(MeetingsOverlap, field="starts_at")


def test_a_meeting_is_not_moved_into_the_past() -> None:
    command = MoveMeeting(meeting_id=FIRST, starts_at=NOW - DAY, ends_at=NOW)
    contact().given(*SCHEDULED).when(command).then_refused(MeetingInThePast, field="starts_at")


def test_a_cancelled_meeting_needs_a_new_date() -> None:
    contact().given(*SCHEDULED).when(CANCEL).then(CANCELLED, planned(5, next_step.find_new_date(NOW)))


def test_when_one_of_two_meetings_is_cancelled_the_other_comes_next() -> None:
    history = (*SCHEDULED, scheduled(LATER))
    contact().given(*history).when(CANCEL).then(CANCELLED, planned(5, next_step.hold_talk(LATER.ends_at)))


def test_cancelling_twice_changes_nothing() -> None:
    contact().given(*SCHEDULED, CANCELLED).when(CANCEL).then_nothing()


# --- held or missed ---------------------------------------------------------------------------------------------------


def test_a_meeting_held_is_followed_up_within_three_days() -> None:
    story = contact().given(*SCHEDULED).when(HOLD, at=TALK_OVER)
    story.then(WAS_HELD, planned(5, next_step.follow_up(TALK_OVER)))


def test_a_missed_meeting_needs_a_new_date() -> None:
    story = contact().given(*SCHEDULED).when(MISS, at=TALK_OVER)
    story.then(MISSED, planned(5, next_step.find_new_date(TALK_OVER)))


@pytest.mark.parametrize(("command", "event"), [(HOLD, WAS_HELD), (MISS, MISSED)])
def test_recording_the_same_twice_changes_nothing(command: Command, event: Event) -> None:
    contact().given(*SCHEDULED, event, planned(5, CALL)).when(command, at=TALK_OVER).then_nothing()


def test_recording_a_meeting_held_again_after_its_follow_up_changes_nothing() -> None:
    contact().given(*HELD, FOLLOWED_UP, planned(6, CALL)).when(HOLD, at=TALK_OVER).then_nothing()


@pytest.mark.parametrize("command", [HOLD, MISS])
def test_nobody_knows_before_it_began_what_came_of_a_meeting(command: Command) -> None:
    contact().given(*SCHEDULED).when(command).then_refused(MeetingNotYetStarted, field="meeting_id")


@pytest.mark.parametrize(
    ("event", "command"),
    [
        (CANCELLED, MOVE),
        (CANCELLED, HOLD),
        (CANCELLED, MISS),
        (WAS_HELD, CANCEL),
        (WAS_HELD, MOVE),
        (WAS_HELD, MISS),
        (WAS_HELD, HOLD.model_copy(update={"outcome": "nothing"})),
        (MISSED, HOLD),
        (MISSED, CANCEL),
    ],
)
def test_what_became_of_a_meeting_is_not_rewritten(event: Event, command: Command) -> None:
    refused = contact().given(*SCHEDULED, event).when(command, at=TALK_OVER)
    refused.then_refused(MeetingNoLongerScheduled, field="meeting_id")


@pytest.mark.parametrize("command", [MOVE, CANCEL, HOLD, MISS, FollowUpMeeting(meeting_id=FIRST, next_step=CALL)])
def test_a_meeting_must_be_known(command: Command) -> None:
    contact().given(*ARRANGED).when(command).then_refused(MeetingUnknown, field="meeting_id")


# --- following up -----------------------------------------------------------------------------------------------------


def test_a_talk_is_followed_by_a_next_step() -> None:
    contact().given(*HELD).when(FollowUpMeeting(meeting_id=FIRST, next_step=CALL)).then(FOLLOWED_UP, planned(6, CALL))


def test_a_talk_is_followed_by_the_next_talk() -> None:
    story = contact().given(*HELD).when(FollowUpMeeting(meeting_id=FIRST, next_meeting=LATER), at=TALK_OVER)
    story.then(FOLLOWED_UP, scheduled(LATER), planned(6, next_step.hold_talk(LATER.ends_at)))


def test_a_talk_is_followed_by_the_end_of_the_contact() -> None:
    story = contact().given(*HELD).when(FollowUpMeeting(meeting_id=FIRST, closing_reason="no_fit"))
    story.then(FOLLOWED_UP, ContactClosed(reason="no_fit"))
    assert story.aggregate.step is None


@pytest.mark.parametrize(
    "decisions", [{}, {"next_step": CALL, "closing_reason": "no_fit"}, {"next_meeting": LATER, "next_step": CALL}]
)
def test_a_talk_is_followed_by_exactly_one_decision(decisions: dict[str, object]) -> None:
    command = FollowUpMeeting.model_validate({"meeting_id": FIRST, **decisions})
    contact().given(*HELD).when(command).then_refused(FollowUpNeedsOneDecision, field="next_step")


@pytest.mark.parametrize(
    ("meeting", "refusal", "field"),
    [
        (talk(SECOND, NOW), MeetingInThePast, "next_meeting.starts_at"),
        (talk(SECOND, hours=0), MeetingEndsBeforeItStarts, "next_meeting.ends_at"),
        (talk(FIRST), MeetingAlreadyScheduled, "next_meeting.meeting_id"),
    ],
)
def test_the_next_talk_obeys_the_rules_of_scheduling(meeting: ScheduleMeeting, refusal: type[Refusal], field: str) -> None:
    contact().given(*HELD).when(FollowUpMeeting(meeting_id=FIRST, next_meeting=meeting)).then_refused(refusal, field=field)


def test_the_step_after_a_talk_lies_ahead() -> None:
    command = FollowUpMeeting(meeting_id=FIRST, next_step=CALL)
    contact().given(*HELD).when(command, at=CALL.due).then_refused(StepDueInThePast, field="next_step.due")


def test_only_what_was_held_is_followed_up() -> None:
    refused = contact().given(*SCHEDULED).when(FollowUpMeeting(meeting_id=FIRST, next_step=CALL))
    refused.then_refused(MeetingNotHeld, field="meeting_id")


def test_a_talk_is_followed_up_once() -> None:
    refused = contact().given(*HELD, FOLLOWED_UP, planned(6, CALL)).when(FollowUpMeeting(meeting_id=FIRST, next_step=CALL))
    refused.then_refused(MeetingAlreadyFollowedUp, field="meeting_id")


def test_a_new_meeting_does_not_push_aside_an_open_follow_up() -> None:
    contact().given(*HELD).when(LATER, at=TALK_OVER).then(scheduled(LATER))


def test_a_talk_whose_follow_up_gave_way_to_another_step_holds_up_nothing() -> None:
    story = contact().given(*HELD, planned(6, CALL)).when(LATER, at=TALK_OVER)
    story.then(scheduled(LATER), planned(7, next_step.hold_talk(LATER.ends_at)))
    story.when(RecordMeetingHeld(meeting_id=SECOND, outcome="again"), at=LATER.ends_at)
    story.then(MeetingHeld(meeting_id=SECOND, outcome="again"), planned(8, next_step.follow_up(LATER.ends_at)))


def test_after_reopening_a_missed_talk_is_sought_anew_whatever_was_left_open_before() -> None:
    begun_anew = (ContactClosed(reason="no_fit"), ContactReopened(), planned(6, CALL))
    agreed = (ContactAccepted(side="person"), ContactAccepted(side="company"), ContactArranged(), planned(7, CALL))
    story = contact().given(*HELD, *begun_anew, *agreed).when(LATER, at=TALK_OVER)
    story.when(RecordMeetingMissed(meeting_id=SECOND, missed_by="company"), at=LATER.ends_at)
    assert story.events[1:] == (planned(9, next_step.find_new_date(LATER.ends_at)),)
    assert story.aggregate.seeking == "step-9"


@pytest.mark.parametrize("command", [talk(SECOND), MOVE, CANCEL, HOLD, MISS])
def test_a_closed_contact_has_no_meetings(command: Command) -> None:
    contact().given(*CLOSED).when(command).then_refused(ContactNotOpen)

"""A workshop: places, the line for them, and who came."""

from datetime import timedelta
from typing import Any

import pytest

from services.foundation.aggregate import Refusal
from services.foundation.messages import Command
from services.matching import workshop_rules as rules
from services.matching.contract import (
    AttendanceRecorded,
    CancelWorkshop,
    ChangeWorkshop,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RecordAttendance,
    RegisterParticipant,
    RegistrationCancelled,
    WhoCame,
    WorkshopCancelled,
    WorkshopChanged,
)
from services.matching.eligibility import CompanyUnknown, PersonIsMerged, PersonUnknown
from services.matching.workshop_rules import Standing
from tests.unit.matching.workshop_words import (
    ANNA,
    ANNOUNCED,
    ANNOUNCEMENT,
    BILAL,
    CHEN,
    ENDS,
    FULL,
    GUEST,
    GUEST_COMES,
    PARTNER,
    STARTS,
    WITH_LINE,
    came,
    leaves,
    registered,
    registers,
    waitlisted,
    workshop,
)
from tests.unit.story import NOW

CANCELLED = WorkshopCancelled(reason="The speaker is ill")


def changed(rescheduled: bool = False, **fields: Any) -> WorkshopChanged:
    plan = ANNOUNCED.model_dump(exclude={"kind", "region", "coordinator"})
    return WorkshopChanged(**{**plan, **fields}, rescheduled=rescheduled)


# --- announcing, changing, cancelling -----------------------------------------------------------------------------------


def test_a_workshop_is_announced() -> None:
    workshop().when(ANNOUNCEMENT).then(ANNOUNCED)


def test_announcing_it_again_changes_nothing_but_another_one_is_refused() -> None:
    workshop().given(ANNOUNCED).when(ANNOUNCEMENT).then_nothing()
    other = ANNOUNCEMENT.model_copy(update={"title": "Another"})
    workshop().given(ANNOUNCED).when(other).then_refused(rules.WorkshopAlreadyAnnounced)


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"starts_at": NOW}, rules.WorkshopInThePast, "starts_at"),
        ({"starts_at": NOW + timedelta(days=900)}, rules.WorkshopTooFarAhead, "starts_at"),
        ({"ends_at": STARTS}, rules.WorkshopEndsBeforeItStarts, "ends_at"),
        ({"place": " "}, rules.WorkshopNeedsPlaceOrLink, "place"),
    ],
)
def test_a_workshop_that_nobody_can_attend_is_refused(wrong: dict[str, Any], refusal: type[Refusal], field: str) -> None:
    workshop().when(ANNOUNCEMENT.model_copy(update=wrong)).then_refused(refusal, field)
    if "place" not in wrong:
        workshop().given(ANNOUNCED).when(ChangeWorkshop(**wrong)).then_refused(refusal, field)


def test_a_link_does_for_a_place() -> None:
    online = ANNOUNCEMENT.model_copy(update={"place": "", "link": "https://meet.example.org/1"})
    workshop().when(online).then(ANNOUNCED.model_copy(update={"place": "", "link": "https://meet.example.org/1"}))


def test_a_new_title_moves_nobody_and_a_new_time_does() -> None:
    workshop().given(ANNOUNCED).when(ChangeWorkshop(title="New")).then(changed(title="New"))
    later = ENDS + timedelta(hours=1)
    workshop().given(ANNOUNCED).when(ChangeWorkshop(ends_at=later)).then(changed(ends_at=later, rescheduled=True))


def test_a_change_to_what_is_so_already_changes_nothing() -> None:
    workshop().given(ANNOUNCED).when(ChangeWorkshop(capacity=2, place="Rostock")).then_nothing()


def test_more_places_promote_those_who_wait_in_their_order() -> None:
    story = workshop().given(*FULL, *waitlisted(CHEN, GUEST)).when(ChangeWorkshop(capacity=3))
    story.then(changed(capacity=3), ParticipantPromoted(participant_id=CHEN))


def test_nobody_loses_a_place_to_a_smaller_room() -> None:
    workshop().given(*FULL).when(ChangeWorkshop(capacity=1)).then_refused(rules.CapacityBelowRegistered, "capacity")


def test_a_workshop_is_cancelled_once_and_before_it_starts() -> None:
    cancel = CancelWorkshop(reason=CANCELLED.reason)
    workshop().given(*FULL).when(cancel).then(CANCELLED)
    workshop().given(*FULL, CANCELLED).when(cancel).then_nothing()
    workshop().given(*FULL).when(cancel, at=STARTS).then_refused(rules.WorkshopHasStarted)


@pytest.mark.parametrize("command", [registers(CHEN), leaves(ANNA), ChangeWorkshop(title="New"), came(ANNA)])
def test_a_cancelled_workshop_takes_nothing_any_more(command: Command) -> None:
    workshop().given(*FULL, CANCELLED).when(command).then_refused(rules.WorkshopIsCancelled)


# --- registering --------------------------------------------------------------------------------------------------------


def test_places_are_given_until_there_are_none_and_then_one_waits() -> None:
    workshop().given(ANNOUNCED).when(registers(ANNA)).then(*registered(ANNA))
    workshop().given(*FULL).when(registers(CHEN)).then(*waitlisted(CHEN))


@pytest.mark.parametrize("who", [ANNA, CHEN])
def test_registering_twice_changes_nothing(who: str) -> None:
    workshop().given(*WITH_LINE).when(registers(who)).then_nothing()


def test_registering_ends_with_the_start() -> None:
    workshop().given(ANNOUNCED).when(registers(ANNA), at=STARTS).then_refused(rules.WorkshopHasStarted)
    workshop().given(ANNOUNCED).when(registers(ANNA), at=STARTS - timedelta(seconds=1)).then(*registered(ANNA))


@pytest.mark.parametrize(
    ("who", "standing", "refusal"),
    [
        (ANNA, Standing(known=False), PersonUnknown),
        (CHEN, Standing(known=False), CompanyUnknown),
        (ANNA, Standing(merged_into=BILAL), PersonIsMerged),
    ],
)
def test_only_who_has_a_profile_of_their_own_takes_part(who: str, standing: Standing, refusal: type[Refusal]) -> None:
    workshop(standing).given(ANNOUNCED).when(registers(who)).then_refused(refusal, "participant_id")


def test_a_partner_brings_a_guest() -> None:
    comes = ParticipantRegistered(participant_id=GUEST, partner_id=PARTNER, name="sealed.v1.abc", email="sealed.v1.abc")
    workshop().given(ANNOUNCED).when(GUEST_COMES).then(comes)
    waits = ParticipantWaitlisted(**comes.model_dump())
    workshop().given(*FULL).when(GUEST_COMES).then(waits)


def test_a_guest_comes_with_a_partner_and_everybody_else_alone() -> None:
    workshop().given(ANNOUNCED).when(registers(GUEST)).then_refused(rules.GuestNeedsPartner, "partner_id")
    brought = RegisterParticipant(participant_id=ANNA, partner_id=PARTNER, name="sealed.v1.abc")
    workshop().given(ANNOUNCED).when(brought).then_refused(rules.OnlyGuestsAreBrought, "partner_id")


def test_a_guest_stays_the_guest_of_their_partner() -> None:
    story = workshop().given(ANNOUNCED).when(GUEST_COMES).when(leaves(GUEST))
    other = GUEST_COMES.model_copy(update={"partner_id": PARTNER.replace("9", "8")})
    story.when(other).then_refused(rules.GuestOfAnotherPartner, "participant_id")


# --- giving up a place --------------------------------------------------------------------------------------------------


def test_a_place_that_is_given_up_goes_to_the_first_in_line() -> None:
    story = workshop().given(*FULL, *waitlisted(CHEN, GUEST)).when(leaves(ANNA))
    story.then(RegistrationCancelled(participant_id=ANNA), ParticipantPromoted(participant_id=CHEN))


def test_who_gives_up_waiting_promotes_nobody() -> None:
    workshop().given(*FULL, *waitlisted(CHEN, GUEST)).when(leaves(CHEN)).then(RegistrationCancelled(participant_id=CHEN))


def test_who_left_may_come_again_at_the_end_of_the_line() -> None:
    story = workshop().given(*FULL, *waitlisted(CHEN, GUEST)).when(leaves(ANNA)).when(registers(ANNA))
    story.then(*waitlisted(ANNA))
    story.when(leaves(BILAL)).then(RegistrationCancelled(participant_id=BILAL), ParticipantPromoted(participant_id=GUEST))


def test_giving_up_twice_changes_nothing_and_who_was_never_there_is_told_so() -> None:
    workshop().given(*FULL).when(leaves(ANNA)).when(leaves(ANNA)).then_nothing()
    workshop().given(*FULL).when(leaves(CHEN)).then_refused(rules.ParticipantNotRegistered, "participant_id")


def test_after_the_start_nobody_is_moved_up() -> None:
    workshop().given(*WITH_LINE).when(leaves(ANNA), at=STARTS).then_refused(rules.WorkshopHasStarted)


# --- attendance ---------------------------------------------------------------------------------------------------------


def test_attendance_is_recorded_after_the_start_and_can_be_corrected() -> None:
    workshop().given(*FULL).when(came(ANNA)).then_refused(rules.WorkshopNotYetStarted)
    story = workshop().given(*FULL).when(came(ANNA, "no_show"), at=STARTS)
    story.then(AttendanceRecorded(participant_id=ANNA, attendance="no_show"))
    story.when(came(ANNA, "no_show"), at=ENDS).then_nothing()
    story.when(came(ANNA), at=ENDS).then(AttendanceRecorded(participant_id=ANNA, attendance="attended"))


def test_of_a_list_all_is_recorded_or_nothing() -> None:
    both = RecordAttendance(
        participants=(
            WhoCame(participant_id=ANNA, attendance="attended"),
            WhoCame(participant_id=BILAL, attendance="excused"),
        )
    )
    workshop().given(*FULL).when(both, at=STARTS).then(
        AttendanceRecorded(participant_id=ANNA, attendance="attended"),
        AttendanceRecorded(participant_id=BILAL, attendance="excused"),
    )
    waiting = WhoCame(participant_id=CHEN, attendance="attended")
    with_waiting = RecordAttendance(participants=(*both.participants, waiting))
    refused = workshop().given(*WITH_LINE).when(with_waiting, at=STARTS)
    refused.then_refused(rules.ParticipantHasNoPlace, "participants.2.participant_id")


def test_nobody_stands_in_a_list_twice() -> None:
    twice = RecordAttendance(participants=(*came(ANNA).participants, *came(ANNA, "excused").participants))
    refused = workshop().given(*FULL).when(twice, at=STARTS)
    refused.then_refused(rules.ParticipantListedTwice, "participants.1.participant_id")

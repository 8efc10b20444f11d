"""Feedback after a workshop, and what follows: contacts that participants wish for. What ends with a profile."""

from datetime import datetime

import pytest

from services.foundation.messages import Event
from services.foundation.process_manager import request_envelope
from services.foundation.reaction import Request
from services.matching import workshop_rules as rules
from services.matching.contract import (
    AttendanceRecorded,
    CancelRegistration,
    FeedbackGiven,
    GiveFeedback,
    NotedWish,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    ProposeContact,
    Wish,
    contact_stream,
)
from services.matching.workshop_processes import late_leaving, leaving, wishes
from services.profiles.contract import ProfileErased, ProfileMergedInto
from tests.unit.matching.workshop_words import ANNA, BILAL, CHEN, FULL, GUEST, PARTNER, STARTS, UUID, WORKSHOP, workshop
from tests.unit.recording import recorded
from tests.unit.story import NOW

NEED = f"need-{UUID}7"
WISH = Wish(person_id=ANNA, company_id=CHEN, need_id=NEED)
NOTED = NotedWish(**WISH.model_dump())
ATTENDED = (*FULL, AttendanceRecorded(participant_id=ANNA, attendance="attended"))
FEEDBACK = GiveFeedback(participant_id=ANNA, rating=5, words="sealed.v1.abc", wishes=(WISH,))
GIVEN = FeedbackGiven(participant_id=ANNA, rating=5, words="sealed.v1.abc", wishes=(NOTED,), coordinator="staff-1")


def test_who_was_there_says_how_it_was_and_whom_they_want_to_meet() -> None:
    workshop().given(*ATTENDED).when(FEEDBACK, at=STARTS).then(GIVEN)


def test_who_was_not_there_has_nothing_to_say() -> None:
    for story in (
        workshop().given(*FULL),
        workshop().given(*FULL, AttendanceRecorded(participant_id=ANNA, attendance="no_show")),
    ):
        story.when(FEEDBACK, at=STARTS).then_refused(rules.FeedbackOnlyAfterAttending, "participant_id")


def test_nobody_knows_how_it_was_before_it_starts() -> None:
    workshop().given(*FULL).when(FEEDBACK).then_refused(rules.WorkshopNotYetStarted)


def test_feedback_is_given_once() -> None:
    workshop().given(*ATTENDED, GIVEN).when(FEEDBACK, at=STARTS).then_refused(rules.FeedbackAlreadyGiven)


def test_a_wish_said_twice_is_one_wish() -> None:
    twice = FEEDBACK.model_copy(update={"wishes": (WISH, WISH)})
    workshop().given(*ATTENDED).when(twice, at=STARTS).then(GIVEN)


def test_nobody_wishes_for_somebody_else() -> None:
    other = Wish(person_id=BILAL, company_id=CHEN, need_id=NEED)
    feedback = FEEDBACK.model_copy(update={"wishes": (WISH, other)})
    workshop().given(*ATTENDED).when(feedback, at=STARTS).then_refused(rules.WishOfSomebodyElse, "wishes.1")


def test_each_wish_becomes_a_proposed_contact_looked_after_by_who_held_the_workshop() -> None:
    proposal = ProposeContact(person_id=ANNA, company_id=CHEN, need_id=NEED, coordinator="staff-1")
    assert list(wishes(recorded(GIVEN, WORKSHOP))) == [Request(contact_stream(ANNA, CHEN, NEED), proposal)]


def places_of(owner: str, moment: datetime) -> list[tuple[str, str]]:
    assert moment == NOW
    return {ANNA: [(WORKSHOP, ANNA)], PARTNER: [(WORKSHOP, GUEST)]}.get(owner, [])


@pytest.mark.parametrize(("owner", "kind", "participant"), [(ANNA, "person", ANNA), (PARTNER, "partner", GUEST)])
def test_who_is_erased_gives_up_their_places_and_a_partner_those_of_its_guests(owner: str, kind: str, participant: str) -> None:
    erased = recorded(ProfileErased(kind=kind, erasure_id="erasure-1", erased_at=NOW), owner)
    given_up = [Request(WORKSHOP, CancelRegistration(participant_id=participant), about=participant)]
    assert list(leaving(places_of, lambda _: False)(erased)) == given_up


def test_every_guest_of_a_partner_in_one_workshop_is_given_up_under_an_id_of_its_own() -> None:
    erased = recorded(ProfileErased(kind="partner", erasure_id="erasure-1", erased_at=NOW), PARTNER)
    guests = leaving(lambda *_: [(WORKSHOP, GUEST), (WORKSHOP, f"guest-{UUID}9")], lambda _: False)
    ids = [request_envelope("matching", erased.envelope, each).id for each in guests(erased)]
    assert len(set(ids)) == 2
    assert ids == [request_envelope("matching", erased.envelope, each).id for each in guests(erased)]


@pytest.mark.parametrize("still_merged", [True, False])
def test_who_is_merged_gives_up_their_places_unless_the_merge_was_undone(still_merged: bool) -> None:
    merged = recorded(ProfileMergedInto(survivor_id=BILAL, merge_id="m1"), ANNA)
    expected = [Request(WORKSHOP, CancelRegistration(participant_id=ANNA), about=ANNA)] if still_merged else []
    assert list(leaving(places_of, lambda _: still_merged)(merged)) == expected


@pytest.mark.parametrize("event", [ParticipantRegistered, ParticipantWaitlisted])
@pytest.mark.parametrize("gone", [True, False])
def test_who_registers_while_they_are_erased_gives_up_the_place(event: type[Event], gone: bool) -> None:
    made = recorded(event.model_validate({"participant_id": ANNA}), WORKSHOP)
    expected = [Request(WORKSHOP, CancelRegistration(participant_id=ANNA))] if gone else []
    assert list(late_leaving(lambda _: gone)(made)) == expected


def test_nothing_else_gives_up_a_place() -> None:
    assert list(late_leaving(lambda _: True)(recorded(ParticipantPromoted(participant_id=ANNA), WORKSHOP))) == []

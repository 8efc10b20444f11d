"""Cooperation, rest, end and a new beginning."""

from dataclasses import replace

import pytest

from services.foundation.messages import Command, Event
from services.matching import next_step
from services.matching.contact_rules import ContactAlreadyEnded, ContactAlreadyOpen, ContactNotArranged, ContactNotOpen
from services.matching.contract import (
    AcceptContact,
    AgreeCooperation,
    ArrangeContact,
    CloseContact,
    ContactAccepted,
    ContactClosed,
    ContactDormant,
    ContactReopened,
    CooperationAgreed,
    LetContactRest,
    MeetingCancelled,
    ReopenContact,
)
from services.matching.eligibility import PersonHasNotConsentedToMatching
from services.matching.next_step import StepDueInThePast
from tests.unit.matching.words import (
    ACCEPTED,
    ARRANGED,
    CALL,
    CLOSED,
    COOPERATING,
    DECLINED,
    DORMANT,
    ELIGIBLE,
    FIRST,
    PROPOSED,
    SCHEDULED,
    TALK_AT,
    TALK_OVER,
    contact,
    planned,
)
from tests.unit.story import NOW

AGREE = AgreeCooperation(next_step=CALL)
REST = LetContactRest(reason="consent withdrawn")
CLOSE = CloseContact(reason="no_fit")
REOPEN = ReopenContact(next_step=CALL)
REOPENED = (*CLOSED, ContactReopened(), planned(4, CALL))


def test_both_sides_agree_to_cooperate() -> None:
    contact().given(*ARRANGED).when(AGREE).then(CooperationAgreed(), planned(4, CALL))


def test_agreeing_again_changes_nothing() -> None:
    contact().given(*COOPERATING).when(AGREE).then_nothing()


def test_agreeing_again_with_another_step_plans_the_step() -> None:
    other = CALL.model_copy(update={"owner": "person"})
    contact().given(*COOPERATING).when(AgreeCooperation(next_step=other)).then(planned(5, other))


@pytest.mark.parametrize("history", [PROPOSED, ACCEPTED])
def test_cooperation_comes_after_the_arrangement(history: tuple[Event, ...]) -> None:
    contact().given(*history).when(AGREE).then_refused(ContactNotArranged)


@pytest.mark.parametrize("history", [PROPOSED, ACCEPTED, ARRANGED, COOPERATING])
def test_an_open_contact_comes_to_rest(history: tuple[Event, ...]) -> None:
    story = contact().given(*history).when(REST)
    story.then(ContactDormant(reason="consent withdrawn"))
    assert story.aggregate.step is None


@pytest.mark.parametrize("history", [DORMANT, CLOSED, DECLINED])
def test_what_has_ended_rests_already(history: tuple[Event, ...]) -> None:
    contact().given(*history).when(REST).then_nothing()


@pytest.mark.parametrize("history", [PROPOSED, ACCEPTED, ARRANGED, COOPERATING, DORMANT])
def test_a_contact_is_closed_with_a_reason(history: tuple[Event, ...]) -> None:
    contact().given(*history).when(CLOSE).then(ContactClosed(reason="no_fit"))


@pytest.mark.parametrize("command", [CLOSE, REST])
def test_meetings_that_lie_ahead_are_called_off(command: CloseContact | LetContactRest) -> None:
    story = contact().given(*SCHEDULED).when(command)
    assert story.events[0] == MeetingCancelled(meeting_id=FIRST, reason=command.reason, starts_at=TALK_AT)
    assert not story.aggregate.is_open


def test_a_meeting_that_has_begun_is_not_called_off() -> None:
    contact().given(*SCHEDULED).when(CLOSE, at=TALK_OVER).then(ContactClosed(reason="no_fit"))


def test_closing_twice_for_the_same_reason_changes_nothing() -> None:
    contact().given(*CLOSED).when(CLOSE).then_nothing()


def test_a_closed_contact_keeps_its_reason() -> None:
    contact().given(*CLOSED).when(CloseContact(reason="unreachable")).then_refused(ContactAlreadyEnded)


def test_a_declined_contact_is_not_closed() -> None:
    contact().given(*DECLINED).when(CLOSE).then_refused(ContactAlreadyEnded)


@pytest.mark.parametrize("history", [CLOSED, DORMANT])
def test_a_contact_that_ended_begins_anew(history: tuple[Event, ...]) -> None:
    contact().given(*history).when(REOPEN).then(ContactReopened(), planned(4, CALL))


def test_a_declined_contact_may_get_a_second_chance() -> None:
    contact().given(*DECLINED).when(REOPEN).then(ContactReopened(), planned(2, CALL))


def test_after_reopening_both_sides_are_asked_again() -> None:
    story = contact().given(*REOPENED).when(AcceptContact(side="person"))
    story.then(ContactAccepted(side="person"))
    story.when(AcceptContact(side="company"))
    story.then(ContactAccepted(side="company"), planned(5, next_step.arrange(NOW)))


def test_an_open_contact_is_not_reopened() -> None:
    contact().given(*ARRANGED).when(REOPEN).then_refused(ContactAlreadyOpen)


def test_nothing_is_reopened_without_the_consents() -> None:
    eligibility = replace(ELIGIBLE, consent_to_matching=False)
    refused = contact(eligibility).given(*DORMANT).when(REOPEN)
    refused.then_refused(PersonHasNotConsentedToMatching)


def test_the_step_after_reopening_lies_ahead() -> None:
    contact().given(*CLOSED).when(REOPEN, at=CALL.due).then_refused(StepDueInThePast, field="next_step.due")


@pytest.mark.parametrize("history", [DORMANT, CLOSED, DECLINED])
@pytest.mark.parametrize("command", [AGREE, AcceptContact(side="person"), ArrangeContact()])
def test_what_has_ended_takes_no_further_commands(history: tuple[Event, ...], command: Command) -> None:
    contact().given(*history).when(command).then_refused(ContactNotOpen)

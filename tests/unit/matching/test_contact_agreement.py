"""From the proposal to the arrangement."""

from dataclasses import asdict

import pytest

from services.foundation.aggregate import Refusal
from services.foundation.messages import Command, Event
from services.matching import next_step
from services.matching.contact_rules import (
    ContactAlreadyArranged,
    ContactAlreadyOpen,
    ContactBelongsToAnotherStream,
    ContactMustBeReopened,
    ContactNotAcceptedByBoth,
    ContactNotOpen,
)
from services.matching.contract import (
    AcceptContact,
    ArrangeContact,
    ContactAccepted,
    ContactArranged,
    ContactDeclined,
    DeclineContact,
    ProposeContact,
    ReopenContact,
)
from services.matching.eligibility import (
    CompanyUnknown,
    Eligibility,
    NeedNotOpen,
    PersonDoesNotWantThisPurpose,
    PersonHasNotConsentedToBeShown,
    PersonHasNotConsentedToMatching,
    PersonUnknown,
)
from services.matching.next_step import StepDueInThePast
from services.matching.routes import routes
from tests.unit.matching.words import (
    ACCEPTED,
    ARRANGED,
    CALL,
    CLOSED,
    COMPANY,
    CONTACT,
    COOPERATING,
    DECLINED,
    DORMANT,
    ELIGIBLE,
    NEED,
    PERSON,
    PROPOSED,
    contact,
    planned,
)
from tests.unit.story import NOW, Story

PROPOSE = ProposeContact(person_id=PERSON, company_id=COMPANY, need_id=NEED, coordinator="staff-1")
PERSON_ACCEPTS, COMPANY_ACCEPTS = AcceptContact(side="person"), AcceptContact(side="company")
DECLINE = DeclineContact(side="person", reason="no time")


def without(missing: str) -> Eligibility:
    return Eligibility(**{**asdict(ELIGIBLE), missing: False})


def test_a_proposal_asks_both_sides_within_a_week() -> None:
    contact().when(PROPOSE).then(*PROPOSED)


def test_one_pair_and_need_have_one_open_contact() -> None:
    contact().given(*PROPOSED).when(PROPOSE).then_refused(ContactAlreadyOpen)


@pytest.mark.parametrize("history", [DECLINED, DORMANT, CLOSED])
def test_a_contact_that_ended_is_not_proposed_again(history: tuple[Event, ...]) -> None:
    contact().given(*history).when(PROPOSE).then_refused(ContactMustBeReopened)


def test_a_proposal_stands_in_the_stream_of_its_pair_and_need() -> None:
    other = PROPOSE.model_copy(update={"need_id": NEED.replace("3", "9")})
    contact().when(other).then_refused(ContactBelongsToAnotherStream)


@pytest.mark.parametrize(
    ("missing", "refusal", "field"),
    [
        ("person_known", PersonUnknown, "person_id"),
        ("company_known", CompanyUnknown, "company_id"),
        ("need_open", NeedNotOpen, "need_id"),
        ("consent_to_matching", PersonHasNotConsentedToMatching, "person_id"),
        ("consent_to_show", PersonHasNotConsentedToBeShown, "person_id"),
        ("purpose_fits", PersonDoesNotWantThisPurpose, "need_id"),
    ],
)
def test_nobody_is_proposed_without_what_it_takes(missing: str, refusal: type[Refusal], field: str) -> None:
    contact(without(missing)).when(PROPOSE).then_refused(refusal, field=field)


def test_the_first_to_accept_waits_for_the_other() -> None:
    contact().given(*PROPOSED).when(PERSON_ACCEPTS).then(ContactAccepted(side="person"))


def test_when_both_accept_the_contact_is_to_be_arranged() -> None:
    story = contact().given(*PROPOSED, ContactAccepted(side="person")).when(COMPANY_ACCEPTS)
    story.then(ContactAccepted(side="company"), planned(2, next_step.arrange(NOW)))


@pytest.mark.parametrize("history", [ACCEPTED, ARRANGED, COOPERATING])
def test_accepting_twice_changes_nothing(history: tuple[Event, ...]) -> None:
    contact().given(*history).when(PERSON_ACCEPTS).then_nothing()


@pytest.mark.parametrize("history", [PROPOSED, ACCEPTED])
def test_a_side_declines_and_the_contact_ends(history: tuple[Event, ...]) -> None:
    story = contact().given(*history).when(DECLINE)
    story.then(ContactDeclined(side="person", reason="no time"))
    assert not story.aggregate.is_open


@pytest.mark.parametrize("side", ["person", "company"])
def test_declining_what_is_declined_changes_nothing(side: str) -> None:
    contact().given(*DECLINED).when(DECLINE.model_copy(update={"side": side})).then_nothing()


@pytest.mark.parametrize("history", [ARRANGED, COOPERATING])
def test_an_arranged_contact_is_closed_not_declined(history: tuple[Event, ...]) -> None:
    contact().given(*history).when(DECLINE).then_refused(ContactAlreadyArranged)


def test_an_accepted_contact_is_arranged() -> None:
    contact().given(*ACCEPTED).when(ArrangeContact()).then(ContactArranged(), planned(3, next_step.find_first_date(NOW)))


def test_an_arrangement_may_name_the_next_step() -> None:
    contact().given(*ACCEPTED).when(ArrangeContact(next_step=CALL)).then(ContactArranged(), planned(3, CALL))


def test_the_next_step_of_an_arrangement_lies_ahead() -> None:
    late = CALL.model_copy(update={"due": NOW})
    contact().given(*ACCEPTED).when(ArrangeContact(next_step=late)).then_refused(StepDueInThePast, field="next_step.due")


@pytest.mark.parametrize("history", [PROPOSED, (*PROPOSED, ContactAccepted(side="person"))])
def test_both_sides_must_accept_before_the_arrangement(history: tuple[Event, ...]) -> None:
    contact().given(*history).when(ArrangeContact()).then_refused(ContactNotAcceptedByBoth)


@pytest.mark.parametrize("history", [ARRANGED, COOPERATING])
def test_arranging_twice_changes_nothing(history: tuple[Event, ...]) -> None:
    contact().given(*history).when(ArrangeContact()).then_nothing()


def test_arranging_twice_with_another_step_plans_the_step() -> None:
    contact().given(*ARRANGED).when(ArrangeContact(next_step=CALL)).then(planned(4, CALL))


@pytest.mark.parametrize("history", [DORMANT, CLOSED])
@pytest.mark.parametrize("command", [PERSON_ACCEPTS, DECLINE, ArrangeContact()])
def test_a_contact_that_is_not_open_takes_no_answers(history: tuple[Event, ...], command: Command) -> None:
    contact().given(*history).when(command).then_refused(ContactNotOpen)


@pytest.mark.parametrize(
    ("before", "command"),
    [
        (ACCEPTED[:2], PERSON_ACCEPTS),
        (ACCEPTED, ArrangeContact()),
        (CLOSED, ReopenContact(next_step=CALL)),
    ],
    ids=["accept", "arrange", "reopen"],
)
def test_both_profiles_are_judged_as_of_what_the_sender_has_seen(before: tuple[Event, ...], command: Command) -> None:
    judged: list[ProposeContact] = []

    def eligibility_of(proposal: ProposeContact) -> Eligibility:
        judged.append(proposal)
        return ELIGIBLE

    seen = {"person_version": 7, "company_version": 4}
    Story(CONTACT, routes(eligibility_of)).given(*before).when(command.model_copy(update=seen))
    assert [(each.person_id, each.person_version, each.company_version) for each in judged] == [(PERSON, 7, 4)]

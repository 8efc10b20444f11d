"""Clashes with what a side has agreed on elsewhere, and who may decide despite them."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.foundation.aggregate import Context
from services.foundation.messages import Actor, Command, Event
from services.foundation.reaction import Request
from services.matching.busy import BusyView
from services.matching.clashes import Busy, Engagement, MeetingsClash
from services.matching.contact import Contact
from services.matching.contact_rules import DeputyIsTheCoordinator
from services.matching.contract import (
    AcceptContact,
    ArrangeContact,
    AssignContact,
    CancelMeeting,
    ChooseDate,
    ContactAssigned,
    FollowUpMeeting,
    MeetingCancelled,
    MeetingMoved,
    MoveMeeting,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    PlanNextStep,
    RegistrationCancelled,
    ReopenContact,
    WorkshopAnnounced,
    WorkshopCancelled,
)
from services.matching.eligibility import NeedNotOpen
from services.matching.meeting import MeetingAlreadyBegun, MovingNeedsReason
from services.matching.process_managers import need_withdrawal
from services.matching.routes import routes
from services.profiles.contract import NeedWithdrawn
from tests.unit.matching.test_dates import DATES, MONDAY, OFFERED, TUESDAY
from tests.unit.matching.words import (
    ACCEPTED,
    ARRANGED,
    CALL,
    CLOSED,
    COMPANY,
    CONTACT,
    DAY,
    ELIGIBLE,
    FIRST,
    HELD,
    HOUR,
    NEED,
    PERSON,
    PROPOSED,
    SCHEDULED,
    SECOND,
    TALK_AT,
    TALK_OVER,
    contact,
    talk,
)
from tests.unit.recording import recorded
from tests.unit.story import NOW, Story

ELSEWHERE: Busy = (Engagement("person", MONDAY - HOUR / 2, MONDAY + HOUR / 2),)


def busy_contact(busy: Busy = ELSEWHERE) -> Story:
    def busy_of(stream: str, person: str, company: str) -> Busy:
        assert (stream, person, company) == (CONTACT, PERSON, COMPANY)
        return busy

    return Story(CONTACT, routes(lambda _: ELIGIBLE, busy_of))


MOVE = MoveMeeting(meeting_id=FIRST, starts_at=MONDAY, ends_at=MONDAY + HOUR)
CHOOSE = ChooseDate(proposal_id=DATES, by="person", starts_at=MONDAY, meeting_id=FIRST)


@pytest.mark.parametrize(
    ("history", "command", "field"),
    [
        (ARRANGED, talk(FIRST, MONDAY), "starts_at"),
        (SCHEDULED, MOVE, "starts_at"),
        (OFFERED, CHOOSE, "starts_at"),
        (HELD, FollowUpMeeting(meeting_id=FIRST, next_meeting=talk(SECOND, MONDAY)), "next_meeting.starts_at"),
    ],
)
def test_a_talk_at_a_time_at_which_a_side_is_busy_needs_a_decision(
    history: tuple[Event, ...], command: Command, field: str
) -> None:
    busy_contact().given(*history).when(command).then_refused(MeetingsClash, field=field)


@pytest.mark.parametrize(("history", "command"), [(ARRANGED, talk(FIRST, MONDAY)), (SCHEDULED, MOVE), (OFFERED, CHOOSE)])
def test_staff_decide_despite_a_clash(history: tuple[Event, ...], command: Command) -> None:
    story = busy_contact().given(*history).when(command.model_copy(update={"despite_clashes": True}))
    assert story.refusal is None
    assert story.aggregate.meetings.by_id[FIRST].starts_at == MONDAY


def test_when_one_talk_ends_the_next_may_begin() -> None:
    next_door = (Engagement("company", MONDAY - HOUR, MONDAY), Engagement("person", MONDAY + HOUR, MONDAY + 2 * HOUR))
    assert busy_contact(next_door).given(*ARRANGED).when(talk(FIRST, MONDAY)).refusal is None


def test_saying_again_what_is_agreed_is_no_new_clash() -> None:
    busy = (Engagement("person", TALK_AT, TALK_OVER),)
    busy_contact(busy).given(*SCHEDULED).when(talk()).then_nothing()


# --- who is busy ------------------------------------------------------------------------------------------------------

WORKSHOP = WorkshopAnnounced(
    kind="workshop",
    title="Export",
    description="",
    language="de",
    starts_at=MONDAY,
    ends_at=TUESDAY,
    capacity=9,
    place="Rostock",
    link="",
    region="DE-MV",
    coordinator="staff-1",
)
PLACE = ParticipantRegistered(participant_id=PERSON)


def document_of(stream: str, *events: Event) -> dict[str, object]:
    document: dict[str, object] = {"_id": stream}
    for event in events:
        BusyView().apply(document, event, recorded(event, stream).envelope)
    return document


def test_both_sides_are_busy_while_they_talk() -> None:
    document = document_of(CONTACT, *SCHEDULED)
    assert (document["who"], document["times"]) == ([PERSON, COMPANY], {FIRST: [TALK_AT, TALK_OVER]})
    moved = MeetingMoved(meeting_id=FIRST, starts_at=MONDAY, ends_at=TUESDAY)
    assert document_of(CONTACT, *SCHEDULED, moved)["times"] == {FIRST: [MONDAY, TUESDAY]}
    assert document_of(CONTACT, *SCHEDULED, MeetingCancelled(meeting_id=FIRST, reason="ill"))["times"] == {}


def test_who_has_a_place_in_a_workshop_is_busy_and_who_waits_is_not() -> None:
    waits = ParticipantWaitlisted(participant_id=COMPANY)
    assert document_of("workshop-1", WORKSHOP, PLACE, waits)["who"] == [PERSON]
    assert document_of("workshop-1", WORKSHOP, PLACE, waits, ParticipantPromoted(participant_id=COMPANY))["who"] == [
        COMPANY,
        PERSON,
    ]
    assert document_of("workshop-1", WORKSHOP, PLACE, RegistrationCancelled(participant_id=PERSON))["who"] == []
    assert document_of("workshop-1", WORKSHOP, PLACE, WorkshopCancelled(reason="ill"))["times"] == {}


def test_open_dates_can_be_chosen_until_the_last_begins() -> None:
    assert document_of(CONTACT, *OFFERED)["choosable_until"] == TUESDAY
    assert document_of(CONTACT, *OFFERED, *CLOSED[-1:])["choosable_until"] is None


# --- each side's own part ---------------------------------------------------------------------------------------------


def asked_by(side: str, command: Command, *history: Event, at: datetime = NOW) -> tuple[Event, ...]:
    aggregate = Contact(CONTACT).fold(history)
    context = Context(time=at, actor=Actor("u1", side), command_id="c")
    return tuple(routes(lambda _: ELIGIBLE)[type(command)].decide(aggregate, command, context))  # type: ignore[union-attr]


def test_a_side_says_why_it_moves_a_talk() -> None:
    with pytest.raises(MovingNeedsReason) as refused:
        asked_by("company", MOVE, *SCHEDULED)
    assert refused.value.field == "reason"
    moved = asked_by("company", MOVE.model_copy(update={"reason": "fair"}), *SCHEDULED)[0]
    assert moved == MeetingMoved(
        meeting_id=FIRST, starts_at=MONDAY, ends_at=MONDAY + HOUR, place="online", reason="fair", by="company"
    )


@pytest.mark.parametrize("command", [MOVE.model_copy(update={"reason": "x"}), CancelMeeting(meeting_id=FIRST, reason="x")])
def test_once_a_talk_has_begun_its_sides_no_longer_move_or_cancel_it(command: Command) -> None:
    with pytest.raises(MeetingAlreadyBegun):
        asked_by("person", command, *SCHEDULED, at=TALK_AT)
    assert asked_by("coordinator", command, *SCHEDULED, at=TALK_AT)


def test_a_cancelled_talk_says_which_side_cancelled_it() -> None:
    cancelled = asked_by("person", CancelMeeting(meeting_id=FIRST, reason="ill"), *SCHEDULED)[0]
    assert cancelled == MeetingCancelled(meeting_id=FIRST, reason="ill", starts_at=TALK_AT, by="person")


# --- coordinator and deputy -------------------------------------------------------------------------------------------


def test_a_contact_gets_another_coordinator_and_a_deputy() -> None:
    assign = AssignContact(coordinator="staff-2", deputy="staff-3")
    story = contact().given(*PROPOSED).when(assign)
    story.then(ContactAssigned(coordinator="staff-2", deputy="staff-3"))
    story.when(assign).then_nothing()


def test_the_deputy_is_somebody_else() -> None:
    same = AssignContact(coordinator="staff-2", deputy="staff-2")
    contact().given(*PROPOSED).when(same).then_refused(DeputyIsTheCoordinator, field="deputy")


# --- a need that was withdrawn meanwhile ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("history", "command"),
    [
        (PROPOSED, AcceptContact(side="person")),
        (ACCEPTED, ArrangeContact()),
        (CLOSED, ReopenContact(next_step=CALL)),
    ],
)
def test_nobody_agrees_to_what_is_no_longer_looked_for(history: tuple[Event, ...], command: Command) -> None:
    Story(CONTACT, routes(lambda _: replace(ELIGIBLE, need_open=False))).given(*history).when(command).then_refused(NeedNotOpen)


def test_an_open_contact_whose_need_was_withdrawn_is_the_coordinators_to_decide() -> None:
    react = need_withdrawal(lambda _: [CONTACT, "contact-of-another-need"], lambda _: (PERSON, COMPANY))
    (request,) = react(recorded(NeedWithdrawn(need_id=NEED), COMPANY))
    assert isinstance(request, Request)
    assert isinstance(request.command, PlanNextStep)
    assert (request.stream, request.command.next_step.owner) == (CONTACT, "coordinator")
    assert request.command.next_step.due == NOW + 3 * DAY
    assert list(react(recorded(PLACE, "workshop-1"))) == []

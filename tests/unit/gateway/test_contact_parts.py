"""Who has which part in a contact, what its times clash with, and that nobody is in contact with themselves."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.foundation.messages import Event
from services.gateway.contact_parts import part_of
from services.gateway.engagements import Engagement, clashes_of
from services.gateway.problems import Problem
from services.gateway.same_address import is_with_themselves, require_two
from services.gateway.security import Caller
from services.gateway.views.contact import ContactView
from services.gateway.views.workshop_times import WorkshopTimesView
from services.matching import contract as matching
from tests.unit.gateway.test_views import PROPOSED, fold

NOW = datetime(2026, 5, 4, 9)
HOUR = timedelta(hours=1)
SLOT = matching.OfferedSlot(starts_at=NOW + 48 * HOUR, ends_at=NOW + 49 * HOUR)

PERSON = Caller("u7", "person", "person-1")
COMPANY = Caller("u8", "company", "company-1")
COORDINATOR, DEPUTY, COLLEAGUE = Caller("u1", "coordinator"), Caller("u2", "coordinator"), Caller("u3", "head")
ANOTHER = Caller("u4", "coordinator")

ASSIGNED = matching.ContactAssigned(coordinator="u1", deputy="u2")
BOTH = (matching.ContactAccepted(side="person"), matching.ContactAccepted(side="company"))
ARRANGED = (*BOTH, matching.ContactArranged())
OFFER = matching.DatesProposed(proposal_id="d1", by="company", format="video", dates=(SLOT,), choose_by=NOW + 24 * HOUR)
TALK = matching.MeetingScheduled(meeting_id="m1", format="video", starts_at=SLOT.starts_at, ends_at=SLOT.ends_at)


def contact(*events: Event) -> dict[str, Any]:
    return fold(ContactView(), "contact-1", PROPOSED, ASSIGNED, *events)[0]


def actions(caller: Caller, *events: Event, later: timedelta = timedelta()) -> list[str]:
    part: list[str] = part_of(caller, contact(*events), NOW + later)["actions"]
    return part


@pytest.mark.parametrize(
    ("caller", "role"),
    [
        (PERSON, "person"),
        (COMPANY, "company"),
        (COORDINATOR, "coordinator"),
        (DEPUTY, "deputy"),
        (COLLEAGUE, "staff"),
        (Caller("u9", "auditor"), "reader"),
    ],
)
def test_everybody_is_told_who_they_are_in_it(caller: Caller, role: str) -> None:
    assert part_of(caller, contact(), NOW)["as"] == role


def test_a_side_answers_once() -> None:
    assert actions(PERSON) == ["accept", "decline"]
    assert actions(PERSON, BOTH[0]) == ["decline"]
    assert actions(PERSON, *BOTH) == ["decline"]
    assert actions(Caller("u9", "auditor")) == []


def test_dates_are_chosen_by_whom_did_not_propose_them_while_one_lies_ahead() -> None:
    assert actions(PERSON, *ARRANGED, OFFER) == ["propose_dates", "choose_date", "decline_dates"]
    assert actions(COMPANY, *ARRANGED, OFFER) == ["propose_dates", "decline_dates"]
    assert "choose_date" in actions(DEPUTY, *ARRANGED, OFFER)
    assert "choose_date" not in actions(PERSON, *ARRANGED, OFFER, later=48 * HOUR)


def test_of_dates_for_both_each_side_chooses_once() -> None:
    for_both = (*ARRANGED, OFFER.model_copy(update={"by": "coordinator"}))
    chosen = matching.DateChosen(proposal_id="d1", by="company", starts_at=SLOT.starts_at, meeting_id="")
    assert "choose_date" in actions(COMPANY, *for_both)
    assert "choose_date" not in actions(COMPANY, *for_both, chosen)
    assert "choose_date" in actions(PERSON, *for_both, chosen)


def test_a_talk_is_its_sides_to_move_until_it_begins_and_then_the_staffs_to_record() -> None:
    assert actions(PERSON, *ARRANGED, TALK)[-2:] == ["move_meeting", "cancel_meeting"]
    assert actions(PERSON, *ARRANGED, TALK, later=48 * HOUR) == ["propose_dates"]
    assert "record_meeting_held" not in actions(COORDINATOR, *ARRANGED, TALK)
    assert {"record_meeting_held", "record_meeting_missed"} <= set(actions(COORDINATOR, *ARRANGED, TALK, later=48 * HOUR))
    held = matching.MeetingHeld(meeting_id="m1", outcome="good")
    assert "follow_up_meeting" in actions(COORDINATOR, *ARRANGED, TALK, held)


def test_what_ended_can_be_reopened_by_staff_alone() -> None:
    closed = matching.ContactClosed(reason="no_fit")
    assert actions(COORDINATOR, closed) == ["reopen", "assign"]
    assert actions(PERSON, closed) == []


@pytest.mark.parametrize(("owner", "who"), [("person", PERSON), ("coordinator", DEPUTY), ("head", COLLEAGUE)])
def test_the_next_step_is_somebodys(owner: str, who: Caller) -> None:
    planned = matching.NextStepPlanned(step_id="step-2", what="call", owner=owner, due=NOW)
    is_next = [
        each for each in (PERSON, COMPANY, DEPUTY, ANOTHER, COLLEAGUE) if part_of(each, contact(planned), NOW)["is_next"]
    ]
    assert is_next == [who]


# --- what became of proposed dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (matching.DateChosen(proposal_id="d1", by="person", starts_at=SLOT.starts_at, meeting_id="m1"), "chosen"),
        (matching.DateChosen(proposal_id="d1", by="person", starts_at=SLOT.starts_at, meeting_id=""), "open"),
        (matching.DatesDeclined(proposal_id="d1", by="person", reason="no"), "declined"),
        (matching.DatesLapsed(proposal_id="d1"), "lapsed"),
        (TALK, "replaced"),
        (matching.ContactDormant(reason="consent_withdrawn"), "withdrawn"),
        (matching.ContactClosed(reason="no_fit"), "withdrawn"),
        (matching.DatesLapsed(proposal_id="another"), "open"),
    ],
)
def test_a_contact_shows_what_became_of_its_dates(event: Event, state: str) -> None:
    assert contact(*ARRANGED, OFFER, event)["date_proposal"]["state"] == state


def test_a_new_proposal_takes_the_place_of_the_old_one() -> None:
    assert contact(*ARRANGED, OFFER, OFFER.model_copy(update={"proposal_id": "d2"}))["date_proposal"]["proposal_id"] == "d2"
    assert contact()["date_proposal"] is None


def test_a_workshop_without_a_place_in_it_is_no_engagement() -> None:
    registered, gone = (
        matching.ParticipantRegistered(participant_id="person-1"),
        matching.RegistrationCancelled(participant_id="person-1"),
    )
    waits = matching.ParticipantWaitlisted(participant_id="person-2")
    assert fold(WorkshopTimesView(), "workshop-1", registered, waits)[0]["participants"] == ["person-1"]
    assert fold(WorkshopTimesView(), "workshop-1", registered, gone)[0]["participants"] == []


# --- clashes ----------------------------------------------------------------------------------------------------------


def test_with_what_a_side_is_busy_is_told_only_to_those_whose_concern_it_is() -> None:
    busy = [
        Engagement("person-1", "contact-2", SLOT.starts_at - HOUR / 2, SLOT.ends_at),
        Engagement("company-1", "workshop-1", SLOT.starts_at, SLOT.ends_at),
        Engagement("person-1", "contact-3", SLOT.ends_at, SLOT.ends_at + HOUR),
    ]
    told = clashes_of(contact(), SLOT.model_dump(), busy, frozenset({"person"}))
    assert [(each["side"], each["with"]) for each in told] == [("person", "contact-2"), ("company", None)]


# --- nobody talks to themselves ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("company", "same"),
    [
        ({"contact_email": " ADA@Example.org "}, True),
        ({"contact_email": "ada+jobs@example.org"}, True),
        ({"contact_email": "j@example.org", "contact_people": [{"email": "ada@example.org"}]}, True),
        ({"contact_email": "j@example.org", "contact_people": [{"email": None}]}, False),
        ({"contact_email": None}, False),
        ({}, False),
    ],
)
def test_who_answers_for_the_company_is_not_its_counterpart(company: dict[str, Any], same: bool) -> None:
    assert is_with_themselves({"email": "ada@example.org"}, company) is same
    assert not is_with_themselves({"email": None}, company)


def test_the_refusal_names_the_field_in_which_both_stand() -> None:
    with pytest.raises(Problem) as refused:
        require_two({"email": "ada@example.org"}, {"contact_email": "ada@example.org"}, field="wishes.1.person_id")
    assert (refused.value.status, refused.value.field) == (422, "wishes.1.person_id")

"""Dates for a talk: proposed by one side, chosen by the other, declined, replaced, withdrawn and gone by."""

from datetime import datetime, timedelta

import pytest

from services.foundation.aggregate import Refusal
from services.foundation.messages import Command, Event
from services.matching import next_step
from services.matching.contact_rules import ContactNotArranged, ContactNotOpen
from services.matching.contract import (
    ChooseDate,
    CloseContact,
    DateChosen,
    DatesDeclined,
    DatesLapsed,
    DatesProposed,
    DeclineDates,
    LapseDates,
    LetContactRest,
    MeetingMissed,
    OfferedSlot,
    PlanNextStep,
    ProposeDates,
    Step,
    TimeSlot,
)
from services.matching.dates import (
    DateHasPassed,
    DateNotProposed,
    DatesAlreadyProposed,
    DatesAreTheirOwn,
    DatesNoLongerOpen,
    DatesOverlap,
    DatesUnknown,
)
from services.matching.meeting import MeetingEndsBeforeItStarts, MeetingInThePast, MeetingsOverlap, MeetingTooFarAhead
from tests.unit.matching.words import (
    ACCEPTED,
    ARRANGED,
    CALL,
    CLOSED,
    DAY,
    FIRST,
    HELD,
    HOUR,
    SCHEDULED,
    SECOND,
    TALK_AT,
    TALK_OVER,
    UUID,
    contact,
    planned,
    scheduled,
    talk,
)
from tests.unit.story import NOW

DATES, OTHERS = f"dates-{UUID}7", f"dates-{UUID}8"
MONDAY, TUESDAY = NOW + 4 * DAY, NOW + 5 * DAY


def slots(*starts: datetime) -> tuple[TimeSlot, ...]:
    return tuple(TimeSlot(starts_at=each, ends_at=each + HOUR) for each in starts)


def proposal(by: str = "company", *starts: datetime, id: str = DATES, asked_first: str | None = None) -> ProposeDates:
    dates = slots(*(starts or (MONDAY, TUESDAY)))
    return ProposeDates.model_validate(
        {"proposal_id": id, "by": by, "format": "video", "dates": dates, "place": "online", "asked_first": asked_first}
    )


def proposed(command: ProposeDates, choose_by: datetime = MONDAY - DAY) -> DatesProposed:
    dates = tuple(OfferedSlot(**each.model_dump()) for each in command.dates)
    fields = command.model_dump(include={"proposal_id", "by", "format", "place"})
    return DatesProposed(**fields, dates=dates, asked_first=command.asked_first or "", choose_by=choose_by)


def choice(by: str = "person", starts_at: datetime = MONDAY, id: str = DATES) -> ChooseDate:
    return ChooseDate.model_validate({"proposal_id": id, "by": by, "starts_at": starts_at, "meeting_id": FIRST})


def to_choose(owner: str, due: datetime = MONDAY - DAY) -> Step:
    return Step.model_validate({"what": "Termin wählen (choose a date)", "owner": owner, "due": due})


BY_COMPANY = proposal()
OFFERED: tuple[Event, ...] = (*ARRANGED, proposed(BY_COMPANY), planned(4, to_choose("person")))
BY_BOTH = proposal("coordinator")
CHOSEN = DateChosen(proposal_id=DATES, by="person", starts_at=MONDAY, meeting_id=FIRST)
DECLINE = DeclineDates(proposal_id=DATES, by="person", reason="on a journey")
DECLINED = DatesDeclined(proposal_id=DATES, by="person", reason="on a journey")


# --- proposing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "owner"), [("company", "person"), ("person", "company")])
def test_the_other_side_is_to_choose_before_the_earliest_date(by: str, owner: str) -> None:
    contact().given(*ARRANGED).when(proposal(by)).then(proposed(proposal(by)), planned(4, to_choose(owner)))


def test_dates_stand_in_their_order_whatever_the_order_in_which_they_were_typed() -> None:
    shuffled = contact().given(*ARRANGED).when(proposal("company", TUESDAY, MONDAY))
    shuffled.then(proposed(BY_COMPANY), planned(4, to_choose("person")))


def test_of_dates_for_tomorrow_one_is_chosen_in_half_the_time_left() -> None:
    soon = NOW + 12 * HOUR
    story = contact().given(*ARRANGED).when(proposal("company", soon))
    assert story.aggregate.step.due == NOW + 6 * HOUR


def test_of_dates_far_ahead_one_is_chosen_within_a_week() -> None:
    story = contact().given(*ARRANGED).when(proposal("company", NOW + 60 * DAY))
    assert story.aggregate.step.due == NOW + 7 * DAY


def test_the_coordinator_sees_to_it_that_both_choose() -> None:
    story = contact().given(*ARRANGED).when(BY_BOTH)
    assert (story.aggregate.step.owner, story.aggregate.step.due) == ("coordinator", MONDAY - DAY)


def test_the_side_that_is_asked_first_has_the_step() -> None:
    assert contact().given(*ARRANGED).when(proposal("coordinator", asked_first="company")).aggregate.step.owner == "company"


def test_proposing_the_same_again_changes_nothing() -> None:
    contact().given(*OFFERED).when(BY_COMPANY).then_nothing()


def test_an_id_stands_for_one_proposal() -> None:
    contact().given(*OFFERED).when(proposal("company", MONDAY)).then_refused(DatesAlreadyProposed, field="proposal_id")
    contact().given(*OFFERED, DECLINED, planned(5, CALL)).when(BY_COMPANY).then_refused(
        DatesAlreadyProposed, field="proposal_id"
    )


@pytest.mark.parametrize(
    ("dates", "refusal", "field"),
    [
        ([(MONDAY, MONDAY)], MeetingEndsBeforeItStarts, "dates.0.ends_at"),
        ([(MONDAY, MONDAY - HOUR)], MeetingEndsBeforeItStarts, "dates.0.ends_at"),
        ([(MONDAY, MONDAY + HOUR), (NOW - DAY, NOW)], MeetingInThePast, "dates.1.starts_at"),
        ([(NOW, NOW + HOUR)], MeetingInThePast, "dates.0.starts_at"),
        ([(NOW + 730 * DAY, NOW + 730 * DAY + HOUR)], MeetingTooFarAhead, "dates.0.ends_at"),
        ([(MONDAY, MONDAY + HOUR), (MONDAY, MONDAY + HOUR)], DatesOverlap, "dates.1.starts_at"),
        ([(MONDAY, MONDAY + HOUR), (MONDAY - HOUR / 2, MONDAY + HOUR / 2)], DatesOverlap, "dates.1.starts_at"),
        ([(MONDAY, MONDAY + HOUR), (TALK_AT, TALK_OVER)], MeetingsOverlap, "dates.1.starts_at"),
    ],
)
def test_each_date_is_a_possible_one(dates: list[tuple[datetime, datetime]], refusal: type[Refusal], field: str) -> None:
    offered = tuple(TimeSlot(starts_at=start, ends_at=end) for start, end in dates)
    command = BY_COMPANY.model_copy(update={"dates": offered})
    contact().given(*SCHEDULED).when(command).then_refused(refusal, field=field)


def test_dates_come_after_the_arrangement() -> None:
    contact().given(*ACCEPTED).when(BY_COMPANY).then_refused(ContactNotArranged)
    contact().given(*CLOSED).when(BY_COMPANY).then_refused(ContactNotOpen)


def test_a_talk_before_the_choice_stays_the_next_step() -> None:
    contact().given(*SCHEDULED).when(BY_COMPANY).then(proposed(BY_COMPANY))


def test_the_same_dates_in_another_order_are_proposed_already() -> None:
    reversed_dates = BY_COMPANY.model_copy(update={"dates": BY_COMPANY.dates[::-1]})
    contact().given(*ARRANGED).when(BY_COMPANY).when(reversed_dates).then_nothing()


def test_an_open_follow_up_is_not_pushed_aside_by_dates() -> None:
    later = proposal("company", NOW + 20 * DAY)
    story = contact().given(*HELD).when(later, at=TALK_OVER)
    assert [type(event) for event in story.events] == [DatesProposed]


# --- choosing ---------------------------------------------------------------------------------------------------------


def test_a_chosen_date_is_a_talk() -> None:
    agreed = talk(FIRST, MONDAY)
    story = contact().given(*OFFERED).when(choice())
    story.then(CHOSEN, scheduled(agreed, first=True), planned(5, next_step.hold_talk(MONDAY + HOUR)))


def test_who_proposed_does_not_choose() -> None:
    contact().given(*OFFERED).when(choice("company")).then_refused(DatesAreTheirOwn, field="by")


def test_choosing_the_same_again_changes_nothing() -> None:
    contact().given(*OFFERED).when(choice()).when(choice()).then_nothing()


@pytest.mark.parametrize(
    ("command", "refusal", "field"),
    [
        (choice(starts_at=MONDAY + HOUR / 2), DateNotProposed, "starts_at"),
        (choice(id=OTHERS), DatesUnknown, "proposal_id"),
    ],
)
def test_only_what_was_proposed_is_chosen(command: Command, refusal: type[Refusal], field: str) -> None:
    contact().given(*OFFERED).when(command).then_refused(refusal, field=field)


def test_a_date_that_has_passed_is_no_choice_but_a_later_one_still_is() -> None:
    story = contact().given(*OFFERED)
    story.when(choice(), at=MONDAY).then_refused(DateHasPassed, field="starts_at")
    story.when(choice(starts_at=TUESDAY), at=MONDAY)
    assert story.aggregate.meetings.by_id[FIRST].starts_at == TUESDAY


def test_what_the_coordinator_offers_is_agreed_on_by_both() -> None:
    story = contact().given(*ARRANGED).when(BY_BOTH).when(choice("company", TUESDAY))
    story.then(
        DateChosen(proposal_id=DATES, by="company", starts_at=TUESDAY, meeting_id=""),
        planned(5, to_choose("person")),
    )
    story.when(choice("company", TUESDAY)).then_nothing()
    story.when(choice("person", MONDAY)).then_refused(DateNotProposed, field="starts_at")
    story.when(choice("person", TUESDAY))
    assert story.events[:2] == (
        DateChosen(proposal_id=DATES, by="person", starts_at=TUESDAY, meeting_id=FIRST),
        scheduled(talk(FIRST, TUESDAY), first=True),
    )


# --- declined, replaced, withdrawn, gone by ---------------------------------------------------------------------------


def test_declined_dates_are_the_coordinators_to_replace() -> None:
    contact().given(*OFFERED).when(DECLINE).then(DECLINED, planned(5, next_step.find_new_date(NOW)))


def test_declining_twice_changes_nothing() -> None:
    contact().given(*OFFERED, DECLINED, planned(5, CALL)).when(DECLINE).then_nothing()


def test_new_dates_replace_the_open_ones() -> None:
    mine = proposal("person", TUESDAY, id=OTHERS)
    story = contact().given(*OFFERED).when(mine)
    story.then(proposed(mine, TUESDAY - DAY), planned(5, to_choose("company", TUESDAY - DAY)))
    story.when(choice()).then_refused(DatesNoLongerOpen, field="proposal_id")


def test_a_talk_that_is_agreed_on_otherwise_ends_the_proposal() -> None:
    story = contact().given(*OFFERED).when(talk(SECOND, TUESDAY + DAY))
    story.when(choice()).then_refused(DatesNoLongerOpen, field="proposal_id")


@pytest.mark.parametrize("end", [LetContactRest(reason="consent_withdrawn: matching"), CloseContact(reason="no_fit")])
def test_dates_of_a_contact_that_rests_or_ended_cannot_be_chosen(end: Command) -> None:
    story = contact().given(*OFFERED).when(end)
    assert story.aggregate.dates.open is None
    story.when(choice()).then_refused(ContactNotOpen)


def test_when_all_dates_went_by_the_coordinator_is_to_find_another() -> None:
    story = contact().given(*OFFERED).when(LapseDates(proposal_id=DATES, as_of=TUESDAY), at=TUESDAY)
    story.then(DatesLapsed(proposal_id=DATES), planned(5, next_step.find_new_date(TUESDAY)))
    story.when(LapseDates(proposal_id=DATES, as_of=TUESDAY), at=TUESDAY).then_nothing()


def test_dates_do_not_lapse_while_one_lies_ahead_or_once_they_were_answered() -> None:
    contact().given(*OFFERED).when(LapseDates(proposal_id=DATES, as_of=MONDAY), at=MONDAY).then_nothing()
    contact().given(*OFFERED, DECLINED).when(LapseDates(proposal_id=DATES, as_of=TUESDAY), at=TUESDAY).then_nothing()


# --- by themselves ----------------------------------------------------------------------------------------------------

MISSED_AT = {"format": "video", "starts_at": TALK_AT, "ends_at": TALK_OVER, "place": "online"}
MISSED = (
    *SCHEDULED,
    MeetingMissed.model_validate({"meeting_id": FIRST, "missed_by": "company", "seek_date": True, **MISSED_AT}),
    planned(5, next_step.find_new_date(TALK_OVER)),
)
BY_ITSELF = proposal("coordinator", asked_first="company").model_copy(update={"by_itself": True})


def test_after_a_missed_talk_dates_are_proposed_and_who_missed_it_answers_first() -> None:
    story = contact().given(*MISSED).when(BY_ITSELF, at=TALK_OVER)
    assert [type(event) for event in story.events] == [DatesProposed, type(planned(6, CALL))]
    assert (story.aggregate.step.owner, story.aggregate.step.step_id) == ("company", "step-6")


@pytest.mark.parametrize(
    "meanwhile",
    [
        PlanNextStep(next_step=CALL),
        talk(SECOND, TUESDAY),
        proposal("person", TUESDAY, id=OTHERS),
        CloseContact(reason="no_fit"),
    ],
)
def test_what_was_decided_meanwhile_stands(meanwhile: Command) -> None:
    story = contact().given(*MISSED).when(meanwhile, at=TALK_OVER)
    assert story.events
    story.when(BY_ITSELF, at=TALK_OVER + timedelta(seconds=1)).then_nothing()

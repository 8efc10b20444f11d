"""Merging companies: figures stay together, contact people keep their ids, needs are stated anew."""

from typing import Any

from services.profiles.contract import (
    AddContactPerson,
    ContactPersonAdded,
    ContactPersonRemoved,
    IndustryCode,
    MarkMerged,
    NeedStated,
    NeedWithdrawn,
    ProfilesMerged,
    RemoveContactPerson,
    UpdateCompany,
    WithdrawNeed,
)
from services.profiles.merging import NothingToTake, ProfileIsMerged
from tests.unit.profiles.test_merging import last_event, merge, stated, undo
from tests.unit.profiles.words import COMPANY, DEPUTY, NEED, SEALED, company, create_company

OTHER = COMPANY[:-1] + "9"
FIGURES: dict[str, Any] = {"headcount": 300, "turnover_eur": 1, "balance_sheet_eur": 90_000_000}
DEPUTY_ADDED = ContactPersonAdded(contact_person_id=DEPUTY, name=SEALED)
STATED = NeedStated(need_id=NEED, title="Pump engineer", purpose="employment")


def of_other(*statements: Any, **more: Any) -> Any:
    return merge(*statements, absorbed=OTHER, **more)


def test_figures_are_taken_together_or_not_at_all() -> None:
    whole = stated("said", **FIGURES)
    kept = company().when(create_company(figures_year=2024)).when(of_other(whole))
    assert (kept.then_details().headcount, kept.then_details().figures_year) == (49, 2024)
    taken = company().when(create_company(figures_year=2024)).when(of_other(whole, take=("turnover_eur",)))
    assert (taken.then_details().headcount, taken.then_details().figures_year) == (300, None)
    assert taken.when(undo(OTHER)).then_details() == kept.then_details()


def test_what_was_said_of_figures_is_not_outweighed() -> None:
    story = company().when(create_company(provenance="said")).when(of_other(stated(**FIGURES), take=("headcount",)))
    story.then_refused(NothingToTake, field="take.0")


def test_contact_people_are_taken_over_and_given_back() -> None:
    story = company().when(create_company()).when(of_other(contact_people=(DEPUTY_ADDED,)))
    assert set(story.aggregate.contact_people) == {DEPUTY}
    assert last_event(story.when(undo(OTHER))).contact_people == (DEPUTY,)
    assert story.aggregate.contact_people == {}


def test_a_contact_person_who_was_stated_anew_stays() -> None:
    story = company().when(create_company()).when(of_other(contact_people=(DEPUTY_ADDED,)))
    same = AddContactPerson(contact_person_id=DEPUTY, name=SEALED)
    assert story.when(same).events == (DEPUTY_ADDED,)
    story.when(undo(OTHER))
    assert set(story.aggregate.contact_people) == {DEPUTY}


def test_who_removes_a_lent_contact_person_says_whose_it_was_for_the_key_is_the_same() -> None:
    story = company().when(create_company()).when(of_other(contact_people=(DEPUTY_ADDED,)))
    removed = ContactPersonRemoved(contact_person_id=DEPUTY, lent_by=OTHER)
    story.when(RemoveContactPerson(contact_person_id=DEPUTY)).then(removed)
    assert last_event(story.when(undo(OTHER))).contact_people == ()


def test_a_company_that_rests_forgets_a_contact_person_for_its_survivor_and_nobody_else() -> None:
    rests = MarkMerged(survivor_id=OTHER, merge_id="m1")
    story = company().when(create_company()).when(AddContactPerson(contact_person_id=DEPUTY, name=SEALED)).when(rests)
    for survivor in ("", OTHER[:-1] + "8"):
        story.when(RemoveContactPerson(contact_person_id=DEPUTY, survivor_id=survivor)).then_refused(ProfileIsMerged)
    forgotten = RemoveContactPerson(contact_person_id=DEPUTY, survivor_id=OTHER)
    story.when(forgotten).then(ContactPersonRemoved(contact_person_id=DEPUTY))
    story.when(forgotten).then_nothing()


def test_open_needs_are_stated_anew_under_ids_of_their_own() -> None:
    story = company().when(create_company()).when(of_other(needs=(STATED,)))
    merged, restated = story.events
    assert isinstance(merged, ProfilesMerged)
    assert isinstance(restated, NeedStated)
    assert restated.need_id != NEED
    assert restated.model_copy(update={"need_id": NEED}) == STATED
    assert [(each.need_id, each.original_id) for each in merged.needs] == [(restated.need_id, NEED)]
    assert story.when(undo(OTHER)).events[1:] == (NeedWithdrawn(need_id=restated.need_id),)


def test_a_need_that_was_withdrawn_meanwhile_is_not_withdrawn_again() -> None:
    story = company().when(create_company()).when(of_other(needs=(STATED,)))
    (need_id,) = story.aggregate.open_needs
    story.when(WithdrawNeed(need_id=need_id)).when(undo(OTHER))
    assert len(story.events) == 1


def test_an_industry_survives_edits_and_merges() -> None:
    pumps = IndustryCode(scheme="WZ", edition="2008", code="28.13")
    story = company().when(create_company(industry=pumps)).when(UpdateCompany(place="Schwerin"))
    before = story.then_details()
    assert before.industry.section == "C"
    building = {"scheme": "WZ", "edition": "2008", "code": "41", "section": "F"}
    story.when(of_other(stated("said", industry=building)))
    assert story.then_details().industry.section == "F"
    assert story.when(undo(OTHER)).then_details() == before

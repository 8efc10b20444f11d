"""Merging: what the surviving profile takes over, what it refuses, and what is given back."""

from typing import Any

import pytest

from services.foundation.aggregate import Refusal
from services.foundation.messages import Command
from services.profiles.contract import (
    ConsentGranted,
    DismissDuplicate,
    DuplicateDismissed,
    EraseProfile,
    GrantConsent,
    MarkMerged,
    MarkSeparated,
    MergeProfiles,
    MergeRejected,
    MergeUndone,
    ProfileMergedInto,
    ProfileSeparated,
    ProfilesMerged,
    TakenStatements,
    UndoMerge,
    UpdatePerson,
    WithdrawConsent,
)
from services.profiles.merging import (
    AlreadyMerged,
    DuplicateOfItself,
    FieldNotInProfile,
    MergedIntoItself,
    MergedKindsDiffer,
    NothingToTake,
    NotMerged,
    ProfileIsMerged,
)
from tests.unit.profiles.words import COMPANY, OTHER_PERSON, PERSON, create_person, person
from tests.unit.story import NOW, Story


def stated(provenance: str = "staff", evidence: str = "", **fields: Any) -> TakenStatements:
    return TakenStatements(provenance=provenance, evidence=evidence, at=NOW, by="coordinator:1", fields=fields)


def merge(*statements: TakenStatements, take: tuple[str, ...] = (), absorbed: str = OTHER_PERSON, **more: Any) -> MergeProfiles:
    return MergeProfiles(absorbed_id=absorbed, absorbed_version=1, statements=statements, take=take, **more)


def last_event(story: Story) -> Any:
    assert story.refusal is None, story.refusal
    return story.events[-1]


def held(story: Story, field: str) -> dict[str, Any]:
    return {each.provenance: each.value for each in story.aggregate.statements if each.field == field}


def test_what_the_survivor_does_not_hold_is_taken_over_with_its_provenance() -> None:
    story = person().when(create_person()).when(merge(stated("said", weekly_hours=20, place="Wismar")))
    assert (story.then_details().weekly_hours, story.then_details().place) == (20, "Wismar")
    assert held(story, "place") == {"staff": "Rostock", "said": "Wismar"}
    event = last_event(story)
    assert isinstance(event, ProfilesMerged)
    assert (event.absorbed_id, event.merge_id, event.taken) == (
        OTHER_PERSON,
        "command-1",
        (stated("said", weekly_hours=20, place="Wismar"),),
    )


def test_what_the_survivor_said_itself_stays_its_word() -> None:
    story = person().when(create_person(provenance="said")).when(merge(stated("said", place="Wismar")))
    assert held(story, "place") == {"said": "Rostock"}
    assert last_event(story).taken == ()


def test_staff_choose_between_two_statements_of_one_provenance() -> None:
    story = person().when(create_person()).when(merge(stated(place="Wismar", occupation="2151"), take=("place",)))
    assert (story.then_details().place, story.then_details().occupation) == ("Wismar", "2144")


@pytest.mark.parametrize(
    ("own", "statements", "take"),
    [
        ("said", (stated("staff", place="Wismar"),), ("place",)),
        ("staff", (stated("said", region="DE-BE"),), ("region", "place")),
        ("staff", (), ("shoe_size",)),
    ],
)
def test_what_would_not_count_cannot_be_taken(own: str, statements: tuple[TakenStatements, ...], take: tuple[str, ...]) -> None:
    story = person().when(create_person(provenance=own)).when(merge(*statements, take=take))
    story.then_refused(NothingToTake, field=f"take.{len(take) - 1}")


@pytest.mark.parametrize("fields", [{"shoe_size": 44}, {"kind": "person"}, {"mobility_km": "far"}])
def test_only_what_a_profile_can_hold_is_taken_over(fields: dict[str, Any]) -> None:
    story = person().when(create_person()).when(merge(stated("said", **fields)))
    story.then_refused(FieldNotInProfile, field=f"statements.{next(iter(fields))}")


@pytest.mark.parametrize(("absorbed", "refusal"), [(PERSON, MergedIntoItself), (COMPANY, MergedKindsDiffer)])
def test_a_person_absorbs_another_person(absorbed: str, refusal: type[Refusal]) -> None:
    person().when(create_person()).when(merge(absorbed=absorbed)).then_refused(refusal, field="absorbed_id")


def test_nobody_is_merged_twice_into_the_same_profile() -> None:
    person().when(create_person()).when(merge()).when(merge()).then_refused(AlreadyMerged, field="absorbed_id")


def test_consents_are_not_taken_over() -> None:
    granted = GrantConsent(purpose="matching", text_version="2026-01", language="de")
    story = person().when(create_person()).when(granted).when(merge(stated("said", place="Wismar")))
    assert set(story.aggregate.consents) == {"matching"}
    story.when(WithdrawConsent(purpose="matching"))
    assert story.aggregate.consents == {}


def test_an_absorbed_profile_refuses_everything_and_tells_who_stands_for_it() -> None:
    story = person().when(create_person()).when(MarkMerged(survivor_id=OTHER_PERSON, merge_id="m1"))
    story.then(ProfileMergedInto(survivor_id=OTHER_PERSON, merge_id="m1"))
    commands: tuple[Command, ...] = (
        UpdatePerson(place="Wismar"),
        GrantConsent(purpose="matching", text_version="2026-01", language="de"),
        merge(absorbed=f"person-{'0' * 36}"),
        create_person(),
    )
    for command in commands:
        story.when(command).then_refused(ProfileIsMerged)
        assert story.refusal is not None
        assert OTHER_PERSON in story.refusal.message


def test_who_was_told_apart_stands_for_itself_again_with_its_consents() -> None:
    granted = ConsentGranted(purpose="matching", text_version="2026-01", language="de", granted_at=NOW)
    story = person().when(create_person()).given(granted).when(MarkMerged(survivor_id=OTHER_PERSON, merge_id="m1"))
    story.when(MarkSeparated(survivor_id=OTHER_PERSON, merge_id="m1"))
    story.then(ProfileSeparated(survivor_id=OTHER_PERSON, merge_id="m1"))
    assert set(story.aggregate.consents) == {"matching"}
    assert story.when(UpdatePerson(place="Wismar")).then_details().place == "Wismar"


def test_another_merge_that_was_undone_separates_nobody() -> None:
    story = person().when(create_person()).when(MarkMerged(survivor_id=OTHER_PERSON, merge_id="m1"))
    story.when(MarkSeparated(survivor_id=OTHER_PERSON, merge_id="m0")).then_nothing()
    person().when(create_person()).when(MarkSeparated(survivor_id=OTHER_PERSON, merge_id="m0")).then_nothing()


def test_who_is_merged_already_is_not_absorbed_by_another() -> None:
    story = person().when(create_person()).when(MarkMerged(survivor_id=OTHER_PERSON, merge_id="m1"))
    third = f"person-{'1' * 36}"
    rejected = MergeRejected(survivor_id=third, merge_id="m2", reason="merged_elsewhere")
    story.when(MarkMerged(survivor_id=third, merge_id="m2")).then(rejected)


def test_who_has_absorbed_others_is_not_absorbed() -> None:
    story = person().when(create_person()).when(merge())
    rejected = MergeRejected(survivor_id=OTHER_PERSON, merge_id="m2", reason="has_absorbed_others")
    story.when(MarkMerged(survivor_id=OTHER_PERSON, merge_id="m2")).then(rejected)


def test_who_was_erased_is_not_absorbed_and_the_survivor_gives_back() -> None:
    erased = person().when(create_person()).when(EraseProfile())
    erased.when(MarkMerged(survivor_id=OTHER_PERSON, merge_id="m1"))
    erased.then(MergeRejected(survivor_id=OTHER_PERSON, merge_id="m1", reason="erased"))


def test_erasing_either_side_names_the_other_and_once_told_apart_no_more() -> None:
    rests = person().when(create_person()).when(MarkMerged(survivor_id=OTHER_PERSON, merge_id="m1"))
    assert last_event(rests.when(EraseProfile())).also == (OTHER_PERSON,)
    survivor = person().when(create_person()).when(merge(stated(address="Markt 1")))
    assert last_event(survivor.when(EraseProfile())).also == (OTHER_PERSON,)
    apart = person().when(create_person()).when(merge(stated(address="Markt 1"))).when(undo())
    assert last_event(apart.when(EraseProfile())).also == ()


def test_undoing_gives_back_what_was_taken_over() -> None:
    story = person().when(create_person())
    before = story.then_details()
    story.when(merge(stated("said", place="Wismar", weekly_hours=9), stated(mobility_km=7))).when(undo())
    assert story.then_details() == before
    event = last_event(story)
    assert isinstance(event, MergeUndone)
    assert {each.field for each in event.statements} == {"place", "weekly_hours", "mobility_km"}


def test_what_was_stated_after_the_merge_stays() -> None:
    story = person().when(create_person()).when(merge(stated("said", place="Wismar", weekly_hours=9)))
    story.when(UpdatePerson(place="Schwerin", provenance="said")).when(undo())
    assert (story.then_details().place, story.then_details().weekly_hours) == ("Schwerin", None)


@pytest.mark.parametrize("source", ["said", "staff"])
def test_saying_what_the_merge_brought_makes_it_ones_own(source: str) -> None:
    story = person().when(create_person()).when(merge(stated("said", place="Wismar")))
    same = UpdatePerson.model_validate({"place": "Wismar", "provenance": source})
    assert story.when(same).events
    story.when(same).then_nothing()
    assert story.when(undo()).then_details().place == "Wismar"


def test_of_two_merges_either_can_be_undone_first() -> None:
    third = f"person-{'1' * 36}"
    story = person().when(create_person())
    before = story.then_details()
    story.when(merge(stated(place="Wismar"), take=("place",)))
    story.when(merge(stated(place="Schwerin"), take=("place",), absorbed=third))
    assert story.when(undo()).then_details().place == "Schwerin"
    assert story.when(undo(third)).then_details() == before


def test_undoing_again_changes_nothing_and_what_was_never_merged_cannot_be_undone() -> None:
    story = person().when(create_person())
    story.when(undo()).then_refused(NotMerged, field="absorbed_id")
    story.when(merge()).when(undo()).when(undo()).then_nothing()


def test_a_rejected_merge_is_undone_and_no_other() -> None:
    story = person().when(create_person()).when(merge())
    rejected = {"absorbed_id": OTHER_PERSON, "reason": "merged_elsewhere"}
    story.when(UndoMerge(merge_id="another", **rejected)).then_nothing()
    assert last_event(story.when(UndoMerge(merge_id="command-1", **rejected))).reason == "merged_elsewhere"
    story.when(UndoMerge(merge_id="command-1", **rejected)).then_nothing()


def test_a_duplicate_is_dismissed_once() -> None:
    story = person().when(create_person()).when(DismissDuplicate(other_id=OTHER_PERSON))
    story.then(DuplicateDismissed(other_id=OTHER_PERSON))
    story.when(DismissDuplicate(other_id=OTHER_PERSON)).then_nothing()
    story.when(DismissDuplicate(other_id=PERSON)).then_refused(DuplicateOfItself, field="other_id")
    story.when(DismissDuplicate(other_id=COMPANY)).then_refused(MergedKindsDiffer, field="other_id")


def undo(absorbed: str = OTHER_PERSON) -> UndoMerge:
    return UndoMerge(absorbed_id=absorbed)

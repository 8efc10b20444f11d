"""What one profile decides about a merge, the other is asked."""

import pytest

from services.foundation.messages import Event
from services.foundation.reaction import Request
from services.profiles.contract import (
    ConsentWithdrawn,
    ContactPersonRemoved,
    MarkMerged,
    MarkSeparated,
    MergeRejected,
    MergeUndone,
    PersonDetails,
    ProfileMergedInto,
    ProfilesMerged,
    RemoveContactPerson,
    UndoMerge,
)
from services.profiles.merge_process import both_sides_of_a_merge
from tests.unit.profiles.words import COMPANY, DEPUTY, OTHER_PERSON, PERSON, SEALED
from tests.unit.recording import recorded
from tests.unit.story import NOW

DETAILS = PersonDetails(name=SEALED, email=SEALED)


def asked(event: Event, stream: str) -> list[Request]:
    return list(both_sides_of_a_merge(recorded(event, stream)))


def test_the_absorbed_profile_is_asked_to_rest() -> None:
    merged = ProfilesMerged(kind="person", details=DETAILS, absorbed_id=OTHER_PERSON, absorbed_version=1, merge_id="m1")
    assert asked(merged, PERSON) == [Request(OTHER_PERSON, MarkMerged(survivor_id=PERSON, merge_id="m1"))]


def test_it_is_told_when_the_merge_was_undone() -> None:
    undone = MergeUndone(kind="person", details=DETAILS, absorbed_id=OTHER_PERSON, merge_id="m1")
    assert asked(undone, PERSON) == [Request(OTHER_PERSON, MarkSeparated(survivor_id=PERSON, merge_id="m1"))]


def test_the_survivor_gives_back_what_it_took_of_one_who_cannot_be_absorbed() -> None:
    rejected = MergeRejected(survivor_id=PERSON, merge_id="m1", reason="merged_elsewhere")
    undo = UndoMerge(absorbed_id=OTHER_PERSON, merge_id="m1", reason="merged_elsewhere")
    assert asked(rejected, OTHER_PERSON) == [Request(PERSON, undo)]


def test_the_company_that_has_lent_a_contact_person_is_asked_to_forget_them_too() -> None:
    other = COMPANY[:-1] + "9"
    removed = ContactPersonRemoved(contact_person_id=DEPUTY, lent_by=other)
    assert asked(removed, COMPANY) == [Request(other, RemoveContactPerson(contact_person_id=DEPUTY, survivor_id=COMPANY))]


@pytest.mark.parametrize(
    "event",
    [
        ConsentWithdrawn(purpose="matching", withdrawn_at=NOW),
        ProfileMergedInto(survivor_id=PERSON, merge_id="m1"),
        ContactPersonRemoved(contact_person_id=DEPUTY),
    ],
)
def test_nothing_else_is_asked(event: Event) -> None:
    assert asked(event, OTHER_PERSON) == []

"""The second half of a merge: the absorbed profile is told, and where it cannot be absorbed, the survivor is told that."""

from collections.abc import Iterator

from services.foundation.messages import Recorded
from services.foundation.reaction import Request
from services.profiles.contract import (
    ContactPersonRemoved,
    MarkMerged,
    MarkSeparated,
    MergeRejected,
    MergeUndone,
    ProfilesMerged,
    RemoveContactPerson,
    UndoMerge,
)


def both_sides_of_a_merge(recorded: Recorded) -> Iterator[Request]:
    """From what one profile has decided to what the other is asked. A merge that is undone twice is undone once.

    A contact person who came by a merge has one key at both companies: destroyed, it opens nothing in either.
    """
    match recorded.message:
        case ProfilesMerged(absorbed_id=absorbed_id, merge_id=merge_id):
            yield Request(absorbed_id, MarkMerged(survivor_id=recorded.stream, merge_id=merge_id))
        case MergeUndone(absorbed_id=absorbed_id, merge_id=merge_id):
            yield Request(absorbed_id, MarkSeparated(survivor_id=recorded.stream, merge_id=merge_id))
        case MergeRejected(survivor_id=survivor_id, merge_id=merge_id, reason=reason):
            yield Request(survivor_id, UndoMerge(absorbed_id=recorded.stream, merge_id=merge_id, reason=reason))
        case ContactPersonRemoved(contact_person_id=id, lent_by=lender) if lender:
            yield Request(lender, RemoveContactPerson(contact_person_id=id, survivor_id=recorded.stream))

"""Merging: two profiles that are of the same person or company become one, and can be told apart again.

A merge has two streams. ``ProfilesMerged`` on the surviving profile comes first; a process manager then asks the absorbed one
to rest, which it may reject (``MergeRejected``), whereupon the survivor gives back what it took over. ``merge_id`` tells one
merge of a pair from the next.
"""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from services.foundation.messages import Command, Event
from services.profiles.contract.company import ContactPersonAdded, NeedStated
from services.profiles.contract.person import QualificationRecorded
from services.profiles.contract.profile import ProfileUpdated
from services.profiles.contract.values import FieldName, Value

MergeableId = Annotated[str, StringConstraints(pattern=r"^(person|company)-[0-9a-f-]{36}$")]
MergeId = Annotated[str, StringConstraints(max_length=100)]
FIGURES = ("headcount", "turnover_eur", "balance_sheet_eur", "figures_year")
"""Fields of a company that mean something together only: they are taken over together or not at all."""


class Taken(Value):
    """Where something that was taken over comes from, and when and by whom it was handed in there."""

    provenance: str = "staff"
    evidence: str = ""
    at: datetime
    by: str = ""


class TakenStatements(Taken):
    """What one source stated of these fields. Personal data in it is sealed for the surviving profile."""

    fields: dict[str, Any]


class TakenQualification(Taken):
    """What one source stated of a qualification, which keeps its id. Its provenance stands here and in ``recorded``."""

    recorded: QualificationRecorded


class TakenRecognition(Value):
    """How far a qualification that was taken over is recognised."""

    qualification_id: str
    status: str
    authority: str = ""
    reference: str = ""
    decided_on: date | None = None


class TakenConcept(Taken):
    """Which concept a typed skill was confirmed to mean."""

    typed: str
    concept: str | None = None


class TakenNeed(Value):
    """A need that is stated anew by the surviving company, and its id at the absorbed one."""

    need_id: str
    original_id: str


class StatementKey(Value):
    """One field as one source stated it."""

    field: str
    provenance: str


class ConceptKey(Value):
    """One typed skill as one source explained it."""

    typed: str
    provenance: str


class MergeProfiles(Command, type="profiles.MergeProfiles.v1"):
    """To the surviving profile. It is given all that the absorbed one holds, as its sender saw it, and decides what it takes.

    ``take``: the fields in which the absorbed profile's statements replace those of the same provenance.
    """

    absorbed_id: MergeableId
    absorbed_version: Annotated[int, Field(ge=1)]
    take: Annotated[tuple[FieldName, ...], Field(max_length=40)] = ()
    statements: Annotated[tuple[TakenStatements, ...], Field(max_length=200)] = ()
    qualifications: Annotated[tuple[TakenQualification, ...], Field(max_length=500)] = ()
    recognitions: Annotated[tuple[TakenRecognition, ...], Field(max_length=500)] = ()
    concepts: Annotated[tuple[TakenConcept, ...], Field(max_length=500)] = ()
    contact_people: Annotated[tuple[ContactPersonAdded, ...], Field(max_length=200)] = ()
    needs: Annotated[tuple[NeedStated, ...], Field(max_length=200)] = ()


class UndoMerge(Command, type="profiles.UndoMerge.v1"):
    """To the surviving profile. With ``merge_id``, that merge alone; ``reason`` where the absorbed profile rejected it."""

    absorbed_id: MergeableId
    merge_id: MergeId = ""
    reason: Annotated[str, StringConstraints(max_length=100)] = ""


class MarkMerged(Command, type="profiles.MarkMerged.v1"):
    """To the absorbed profile, by the process manager."""

    survivor_id: MergeableId
    merge_id: MergeId


class MarkSeparated(Command, type="profiles.MarkSeparated.v1"):
    """To the absorbed profile, by the process manager, when the merge was undone."""

    survivor_id: MergeableId
    merge_id: MergeId


class DismissDuplicate(Command, type="profiles.DismissDuplicate.v1"):
    """Staff have looked: the other profile is somebody else's."""

    other_id: MergeableId


class ProfilesMerged(ProfileUpdated, type="profiles.ProfilesMerged.v1"):
    """The surviving profile with what it took over from the absorbed one. An update: who follows ``details`` needs no more.

    ``stated`` and ``beside`` are empty: nobody has stated anything now. ``needs`` are followed by a NeedStated each.
    """

    provenance: str = "merge"
    absorbed_id: str
    absorbed_version: int
    merge_id: str
    taken: tuple[TakenStatements, ...] = ()
    qualifications: tuple[TakenQualification, ...] = ()
    recognitions: tuple[TakenRecognition, ...] = ()
    concepts: tuple[TakenConcept, ...] = ()
    contact_people: tuple[ContactPersonAdded, ...] = ()
    needs: tuple[TakenNeed, ...] = ()


class MergeUndone(ProfileUpdated, type="profiles.MergeUndone.v1"):
    """The profile without what it had taken over; what was stated since then stays. Lists what was given back.

    ``reason``: why the absorbed profile rejected the merge, or empty. A NeedWithdrawn follows for each need taken over.
    """

    provenance: str = "merge"
    absorbed_id: str
    merge_id: str
    reason: str = ""
    statements: tuple[StatementKey, ...] = ()
    qualifications: tuple[str, ...] = ()
    concepts: tuple[ConceptKey, ...] = ()
    contact_people: tuple[str, ...] = ()


class ProfileMergedInto(Event, type="profiles.ProfileMergedInto.v1"):
    """This profile rests: the survivor stands for it. Nothing in it is changed, its consents neither."""

    survivor_id: str
    merge_id: str


class MergeRejected(Event, type="profiles.MergeRejected.v1"):
    """This profile cannot be absorbed: it was meanwhile merged elsewhere, or has absorbed others itself."""

    survivor_id: str
    merge_id: str
    reason: str


class ProfileSeparated(Event, type="profiles.ProfileSeparated.v1"):
    """The merge was undone: this profile stands for itself again, as it was."""

    survivor_id: str
    merge_id: str


class DuplicateDismissed(Event, type="profiles.DuplicateDismissed.v1"):
    other_id: str

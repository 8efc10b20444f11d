"""Workshops: events with places. Their commands and events, each workshop a stream ``workshop-…``."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from services.foundation.messages import Command, Event
from services.matching.contract.values import StaffId
from services.profiles.contract import CompanyId, LanguageCode, NeedId, PersonId, Region, Sealed

WorkshopKind = Literal["discussion_round", "workshop", "intercultural_training", "entrepreneurship_training", "company_visit"]
Attendance = Literal["registered", "waitlisted", "confirmed", "attended", "excused", "no_show", "cancelled"]
"""``confirmed``: whoever waited and then got a place."""
RecordedAttendance = Literal["attended", "excused", "no_show"]
ParticipantId = Annotated[str, StringConstraints(pattern=r"^(person|company|guest)-[0-9a-f-]{36}$")]
"""A person, a company, or a guest whom a partner brings."""
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Venue = Annotated[str, StringConstraints(max_length=300)]
Link = Annotated[str, StringConstraints(pattern=r"^(|https://[^\s<>\"]{3,490})$")]
Rating = Annotated[int, Field(ge=1, le=5)]


class Wish(BaseModel):
    """A talk that a participant wants after the workshop: the contact of this person and company about this need."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    person_id: PersonId
    company_id: CompanyId
    need_id: NeedId


class NotedWish(BaseModel):
    """The same, as it stands in events."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    person_id: str
    company_id: str
    need_id: str


class AnnounceWorkshop(Command, type="matching.AnnounceWorkshop.v1"):
    """``place`` is public, ``link`` for those who take part online: one of them at least. Nothing here names a person."""

    kind: WorkshopKind
    title: Title
    description: Annotated[str, StringConstraints(max_length=4000)] = ""
    language: LanguageCode
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    capacity: Annotated[int, Field(ge=1, le=10_000)]
    place: Venue = ""
    link: Link = ""
    region: Region
    coordinator: StaffId


class ChangeWorkshop(Command, type="matching.ChangeWorkshop.v1"):
    """What is None stays as it is."""

    title: Title | None = None
    description: Annotated[str, StringConstraints(max_length=4000)] | None = None
    language: LanguageCode | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    capacity: Annotated[int, Field(ge=1, le=10_000)] | None = None
    place: Venue | None = None
    link: Link | None = None


class CancelWorkshop(Command, type="matching.CancelWorkshop.v1"):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class RegisterParticipant(Command, type="matching.RegisterParticipant.v1"):
    """``partner_id``, ``name`` and ``email``: of a guest, sealed with the key of the partner who brings them.

    ``participant_version``: what the sender has seen of the profile; matching waits until it has too.
    """

    participant_id: ParticipantId
    participant_version: Annotated[int, Field(ge=0)] = 0
    partner_id: str = ""
    name: Sealed = ""
    email: Sealed = ""
    language: LanguageCode | None = None


class CancelRegistration(Command, type="matching.CancelRegistration.v1"):
    participant_id: ParticipantId


class WhoCame(BaseModel):
    """What became of one place."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    participant_id: ParticipantId
    attendance: RecordedAttendance


class RecordAttendance(Command, type="matching.RecordAttendance.v1"):
    """Of one participant or of the whole list: all of it is recorded, or nothing."""

    participants: Annotated[tuple[WhoCame, ...], Field(min_length=1, max_length=500)]


class GiveFeedback(Command, type="matching.GiveFeedback.v1"):
    """``words`` are sealed with the participant's key, a guest's with that of the partner who brought them; each wish becomes
    a proposed contact where the rules allow it."""

    participant_id: ParticipantId
    rating: Rating
    words: Sealed = ""
    wishes: Annotated[tuple[Wish, ...], Field(max_length=10)] = ()


class WorkshopAnnounced(Event, type="matching.WorkshopAnnounced.v1"):
    kind: str
    title: str
    description: str
    language: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    place: str
    link: str
    region: str
    coordinator: str


class WorkshopChanged(Event, type="matching.WorkshopChanged.v1"):
    """How the workshop is from now on; ``rescheduled``: whether its time, place or link is another one."""

    title: str
    description: str
    language: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    place: str
    link: str
    rescheduled: bool


class WorkshopCancelled(Event, type="matching.WorkshopCancelled.v1"):
    reason: str


class ParticipantRegistered(Event, type="matching.ParticipantRegistered.v1"):
    participant_id: str
    partner_id: str = ""
    name: str = ""
    email: str = ""
    language: str | None = None


class ParticipantWaitlisted(Event, type="matching.ParticipantWaitlisted.v1"):
    participant_id: str
    partner_id: str = ""
    name: str = ""
    email: str = ""
    language: str | None = None


class ParticipantPromoted(Event, type="matching.ParticipantPromoted.v1"):
    participant_id: str


class RegistrationCancelled(Event, type="matching.RegistrationCancelled.v1"):
    participant_id: str


class AttendanceRecorded(Event, type="matching.AttendanceRecorded.v1"):
    participant_id: str
    attendance: str


class FeedbackGiven(Event, type="matching.FeedbackGiven.v1"):
    participant_id: str
    rating: int
    words: str = ""
    wishes: tuple[NotedWish, ...] = ()
    coordinator: str = ""

"""What matching says to others: the values, commands and events of contacts, their next steps and their meetings.

All of them live in the stream of the contact: ``contact_stream(person, company, need)``. Source: DOMAIN.md, "Streams, events,
rules" and "Values".
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from services.foundation.aggregate import derived_stream
from services.foundation.messages import Command, Event
from services.profiles.contract import LONGEST_SEALED, CompanyId, NeedId, PersonId

SERVICE = "matching"

Side = Literal["person", "company"]
ContactState = Literal["proposed", "accepted", "arranged", "cooperating", "dormant", "closed", "declined"]
OPEN_STATES: frozenset[str] = frozenset({"proposed", "accepted", "arranged", "cooperating"})
MeetingFormat = Literal[
    "face_to_face",
    "video",
    "phone",
    "discussion_round",
    "workshop",
    "intercultural_training",
    "entrepreneurship_training",
    "company_visit",
]
ClosingReason = Literal[
    "cooperation_running",
    "person_withdrew",
    "company_withdrew",
    "unreachable",
    "no_fit",
    "legal_obstacle",
    "duplicate",
    "programme_ended",
]
StepOwner = Literal["person", "company", "coordinator", "head"]

Words = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SEALED)]
"""What somebody wrote. It may name people, so the gateway seals it with the key of the contact's person; what matching itself
says of a step or a reason is in the clear."""
Place = Annotated[str, StringConstraints(max_length=LONGEST_SEALED)]
"""Where a meeting takes place, sealed like words: it may be somebody's home."""
ContactId = Annotated[str, StringConstraints(pattern=r"^contact-[0-9a-f-]{36}$")]
MeetingId = Annotated[str, StringConstraints(pattern=r"^meeting-[0-9a-f-]{36}$")]


def contact_stream(person_id: str, company_id: str, need_id: str) -> str:
    """The one stream of this pair and need: a second proposal meets the first."""
    return derived_stream("contact", person_id, company_id, need_id)


class Step(BaseModel):
    """What is to be done next in a contact, by whom and until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    what: Words
    owner: StepOwner
    due: AwareDatetime


# --- commands -------------------------------------------------------------------------------------------------------


class ProposeContact(Command, type="matching.ProposeContact.v1"):
    """``person_version`` and ``company_version``: what the sender has seen of both profiles; matching waits until it has too.

    ``coordinator`` is the opaque id of the member of staff who looks after the contact.
    """

    person_id: PersonId
    company_id: CompanyId
    need_id: NeedId
    coordinator: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    person_version: Annotated[int, Field(ge=0)] = 0
    company_version: Annotated[int, Field(ge=0)] = 0


class AcceptContact(Command, type="matching.AcceptContact.v1"):
    side: Side


class DeclineContact(Command, type="matching.DeclineContact.v1"):
    side: Side
    reason: Words


class ArrangeContact(Command, type="matching.ArrangeContact.v1"):
    """Both sides have accepted; names and ways to reach each other may now be exchanged."""

    next_step: Step | None = None


class PlanNextStep(Command, type="matching.PlanNextStep.v1"):
    """Replaces the open next step."""

    next_step: Step


class CompleteNextStep(Command, type="matching.CompleteNextStep.v1"):
    """The open next step is done; ``then`` is the one that follows."""

    then: Step


class ReportOverdue(Command, type="matching.ReportOverdue.v1"):
    """Sent by the timer: the step with this due date was still open at ``as_of``."""

    step_id: str
    as_of: AwareDatetime


class ScheduleMeeting(Command, type="matching.ScheduleMeeting.v1"):
    meeting_id: MeetingId
    format: MeetingFormat
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: Place = ""


class MoveMeeting(Command, type="matching.MoveMeeting.v1"):
    meeting_id: MeetingId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: Place | None = None


class CancelMeeting(Command, type="matching.CancelMeeting.v1"):
    meeting_id: MeetingId
    reason: Words


class RecordMeetingHeld(Command, type="matching.RecordMeetingHeld.v1"):
    """``outcome``: what came of it."""

    meeting_id: MeetingId
    outcome: Words


class RecordMeetingMissed(Command, type="matching.RecordMeetingMissed.v1"):
    meeting_id: MeetingId
    missed_by: Side


class FollowUpMeeting(Command, type="matching.FollowUpMeeting.v1"):
    """After a meeting held: exactly one of a next step, a next meeting or a closing reason."""

    meeting_id: MeetingId
    next_step: Step | None = None
    next_meeting: ScheduleMeeting | None = None
    closing_reason: ClosingReason | None = None


class AgreeCooperation(Command, type="matching.AgreeCooperation.v1"):
    next_step: Step


class LetContactRest(Command, type="matching.LetContactRest.v1"):
    """Makes a contact dormant; sent by the withdrawal process when a consent ends."""

    reason: Words


class CloseContact(Command, type="matching.CloseContact.v1"):
    reason: ClosingReason


class ReopenContact(Command, type="matching.ReopenContact.v1"):
    next_step: Step


# --- events ---------------------------------------------------------------------------------------------------------


class ContactProposed(Event, type="matching.ContactProposed.v1"):
    person_id: str
    company_id: str
    need_id: str
    coordinator: str
    region: str = ""
    """The region of the person, so that the partner of that region can follow."""


class ContactAccepted(Event, type="matching.ContactAccepted.v1"):
    side: str


class ContactDeclined(Event, type="matching.ContactDeclined.v1"):
    side: str
    reason: str


class ContactArranged(Event, type="matching.ContactArranged.v1"):
    pass


class NextStepPlanned(Event, type="matching.NextStepPlanned.v1"):
    """``step_id`` is unique within the contact."""

    step_id: str
    what: str
    owner: str
    due: datetime


class NextStepDone(Event, type="matching.NextStepDone.v1"):
    step_id: str


class FollowUpOverdue(Event, type="matching.FollowUpOverdue.v1"):
    step_id: str
    owner: str
    due: datetime
    as_of: datetime


class FollowUpEscalated(Event, type="matching.FollowUpEscalated.v1"):
    step_id: str
    to: str
    as_of: datetime


class MeetingScheduled(Event, type="matching.MeetingScheduled.v1"):
    """``first``: the Erstgespräch of the contact."""

    meeting_id: str
    format: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    first: bool = False


class MeetingMoved(Event, type="matching.MeetingMoved.v1"):
    meeting_id: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""


class MeetingCancelled(Event, type="matching.MeetingCancelled.v1"):
    """``starts_at``: when it would have begun."""

    meeting_id: str
    reason: str
    starts_at: datetime | None = None


class MeetingHeld(Event, type="matching.MeetingHeld.v1"):
    meeting_id: str
    outcome: str


class MeetingMissed(Event, type="matching.MeetingMissed.v1"):
    meeting_id: str
    missed_by: str


class MeetingFollowedUp(Event, type="matching.MeetingFollowedUp.v1"):
    meeting_id: str


class CooperationAgreed(Event, type="matching.CooperationAgreed.v1"):
    pass


class ContactDormant(Event, type="matching.ContactDormant.v1"):
    reason: str


class ContactClosed(Event, type="matching.ContactClosed.v1"):
    reason: str


class ContactReopened(Event, type="matching.ContactReopened.v1"):
    """The contact begins anew: its state is ``proposed`` and both sides are asked again."""


# --- rankings -------------------------------------------------------------------------------------------------------


class Verdict(BaseModel):
    """How one criterion judges one person for one need: points of 0 to 1, its weight, and why, in German and English."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    criterion: str
    points: float
    weight: float
    reason_de: str
    reason_en: str


class Candidate(BaseModel):
    """A person's place in the ranking for a need; ``score`` is from 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    person_id: str
    score: float
    verdicts: tuple[Verdict, ...] = ()


class NeedRanked(Event, type="matching.NeedRanked.v1"):
    """The people for a need, best first, as of now: a state on its own topic ``matching.rankings``, not a fact of a stream."""

    need_id: str
    company_id: str
    open: bool
    candidates: tuple[Candidate, ...] = ()

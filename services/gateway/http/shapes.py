"""What answers look like, for the OpenAPI document. Answers themselves come from the views as they are."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.matching.contract import Candidate, ContactState, MeetingFormat
from services.profiles.contract import (
    CompanyDetails,
    ConsentGranted,
    NeedStated,
    PartnerDetails,
    PersonDetails,
    Provenance,
    RecognitionStatus,
    ReferralReceived,
)


class Shape(BaseModel):
    """A view's document: its id and the version of its stream, which is also its ETag."""

    id: str
    version: int
    updated_at: datetime | None = None


class Consent(ConsentGranted):
    """An active consent."""


class Source(BaseModel):
    """Where a statement comes from, what it rests on, when and by whom it was handed in."""

    provenance: Provenance
    evidence: str = ""
    at: datetime
    by: str


class FieldStatement(Source):
    """What was stated of one field."""

    value: Any


class Profile(Shape):
    """``statements``: by field, what each source has stated, the statement that counts first. ``origin``: the prospect or
    referral that the profile was made of."""

    statements: dict[str, list[FieldStatement]] = Field(default_factory=dict)
    origin: str | None = None
    created_at: datetime | None = None
    consents: list[Consent] = Field(default_factory=list)


class Decision(BaseModel):
    """Who decided on a recognition, under which file number, and when."""

    authority: str = ""
    reference: str = ""
    decided_on: date | None = None


class Qualification(BaseModel):
    """A qualification as it counts; ``statements`` are what each source has said of it."""

    id: str
    title: str
    field_of_study: str = ""
    level: int | None = None
    awarded_by: str = ""
    country: str | None = None
    year: int | None = None
    recognition: RecognitionStatus
    decision: Decision | None = None
    statements: list[FieldStatement]


class SkillConcept(Source):
    """A skill as it was typed, and the concept of the vocabulary that it was confirmed to mean; null where none does."""

    typed: str
    concept: str | None = None


class Person(Profile, PersonDetails):
    """What identifies the person is missing for roles that may not see it, and null once the person was erased."""

    kind: Literal["person"] = Field(default="person", exclude=True)
    name: str | None = None  # type: ignore[assignment]
    own_script_name: str | None = None  # type: ignore[assignment]
    email: str | None = None  # type: ignore[assignment]
    phone: str | None = None  # type: ignore[assignment]
    address: str | None = None  # type: ignore[assignment]
    qualifications: list[Qualification] = Field(default_factory=list)
    skill_concepts: list[SkillConcept] = Field(default_factory=list)
    concepts: list[str] = Field(default_factory=list)


class Need(Shape, NeedStated):
    """What a company looks for."""

    need_id: str = Field(default="", exclude=True)
    company_id: str = ""
    open: bool = True


class ContactPerson(BaseModel):
    """A further contact person of a company."""

    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    role: str = ""
    preferred_language: str = "de"


class Company(Profile, CompanyDetails):
    """What identifies its contact people is missing for roles that may not see it."""

    kind: Literal["company"] = Field(default="company", exclude=True)
    contact_name: str | None = None  # type: ignore[assignment]
    contact_email: str | None = None  # type: ignore[assignment]
    contact_phone: str | None = None  # type: ignore[assignment]
    contact_people: list[ContactPerson] = Field(default_factory=list)
    needs: list[dict[str, Any]] = Field(default_factory=list)


class Sharing(BaseModel):
    """What a partner shares, and of which regions."""

    shares: list[str]
    regions: list[str]


class Partner(Profile, PartnerDetails):
    """A partner organisation; ``sharing`` is null until it has said what it shares."""

    kind: Literal["partner"] = Field(default="partner", exclude=True)
    contact_name: str | None = None  # type: ignore[assignment]
    contact_email: str | None = None  # type: ignore[assignment]
    contact_phone: str | None = None  # type: ignore[assignment]
    sharing: Sharing | None = None


class Referral(Shape, ReferralReceived):
    """Whom a partner recommends; name, e-mail and note are missing for roles that may not see them."""

    name: str | None = None  # type: ignore[assignment]
    email: str | None = None  # type: ignore[assignment]
    note: str | None = None  # type: ignore[assignment]
    fingerprint: str = Field(default="", exclude=True)
    state: Literal["received", "accepted", "rejected", "revoked"]
    person_id: str | None = None
    reason: str | None = None


class NextStep(BaseModel):
    """What is to be done next, by whom and until when."""

    step_id: str
    what: str
    owner: str
    due: datetime
    overdue: bool


class Meeting(BaseModel):
    """A dated talk within a contact."""

    meeting_id: str
    format: MeetingFormat
    starts_at: datetime
    ends_at: datetime
    place: str
    first: bool
    state: Literal["scheduled", "cancelled", "held", "missed", "followed_up"]
    outcome: str


class Contact(Shape):
    """The relationship of one person and one company about one need."""

    state: ContactState
    person_id: str
    company_id: str
    need_id: str
    coordinator: str
    region: str = ""
    accepted_by: list[str]
    next_step: NextStep | None
    meetings: list[Meeting]
    closing_reason: str | None


class ContactEvent(Shape):
    """One event of a contact's timeline."""

    event_id: str
    contact_id: str
    type: str
    time: datetime
    actor: str
    data: dict[str, Any]


class Candidates(BaseModel):
    """The people for a need, best first."""

    need_id: str
    ranked_at: datetime | None
    items: list[Candidate]


class FacetCount(BaseModel):
    """How many hits there are with this value."""

    value: str
    count: int


class SavedSearch(Shape):
    """A search that its owner runs again and again; ``unseen``: new hits since they looked last that they may still see."""

    title: str
    resource: Literal["people", "companies", "needs"]
    query: str
    notify: bool
    saved_at: datetime
    unseen: int


class CommandStatus(BaseModel):
    """How a command ended, if it has."""

    id: str
    status: Literal["pending", "accepted", "refused", "parked"]
    stream: str = ""
    version: int = 0
    code: str = ""
    message: str = ""
    field: str = ""


class Preferences(BaseModel):
    """Whether a recipient may be written to by e-mail."""

    id: str
    email: bool
    version: int


class FieldError(BaseModel):
    """A field and what is wrong with it."""

    field: str
    reason: str


class ProblemDetails(BaseModel):
    """Why a request failed (RFC 9457). ``code`` is stable and meant for programs, ``title`` for people."""

    model_config = ConfigDict(title="Problem")
    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str = ""
    errors: list[FieldError] = Field(default_factory=list)

"""What answers look like, for the OpenAPI document. Answers themselves come from the views as they are."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.matching.contract import Attendance, Candidate, ContactState, MeetingFormat, WorkshopKind
from services.profiles.contract import (
    ApproachOutcome,
    CompanyDetails,
    ConsentGranted,
    DeclinedBy,
    DeclineReason,
    Kind,
    Means,
    NeedStated,
    PartnerDetails,
    PersonDetails,
    ProspectDetails,
    ProspectState,
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
    """What was stated of one field; ``merged_from``: the profile from which it came by a merge."""

    value: Any
    merged_from: str | None = None


class Profile(Shape):
    """``statements``: by field, what each source has stated, the statement that counts first. ``origin``: the prospect or
    referral that the profile was made of. ``covered``: statements in whose place others of the same provenance came by a merge.
    ``merged_into``: the profile that stands for this one; ``merged_from``: those for which this one stands."""

    statements: dict[str, list[FieldStatement]] = Field(default_factory=dict)
    covered: dict[str, list[FieldStatement]] = Field(default_factory=dict)
    origin: str | None = None
    merged_into: str | None = None
    merged_from: list[str] = Field(default_factory=list)
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


class DuplicateReason(BaseModel):
    """Why two profiles may be the same: the fields that were compared, the weight from 0 to 1, and the sentence."""

    fields: list[str]
    weight: float
    de: str
    en: str


class DuplicateProfile(BaseModel):
    """A profile that may be a duplicate, in short: ``occupation`` of people, ``sector`` of companies."""

    id: str
    version: int
    name: str | None
    place: str | None = None
    occupation: str | None = None
    sector: str | None = None


class Duplicate(BaseModel):
    """Another profile that is probably the same; ``score`` from 0 to 1."""

    profile: DuplicateProfile
    score: float
    reasons: list[DuplicateReason]


class Duplicates(BaseModel):
    """Probable duplicates of a profile, best first."""

    items: list[Duplicate]


class DuplicatePair(BaseModel):
    """Two profiles that are probably the same; ``score`` from 0 to 1."""

    profiles: list[DuplicateProfile]
    score: float
    reasons: list[DuplicateReason]


class Merged(BaseModel):
    """``taken``: fields that were taken over, with the provenance of each statement. ``consents_not_taken``: purposes to which
    the absorbed profile consents and the surviving one does not."""

    absorbed_id: str
    taken: dict[str, list[str]]
    consents_not_taken: list[str]
    note: dict[str, str]


class MergedPerson(Merged):
    profile: Person


class Need(Shape, NeedStated):
    """What a company looks for."""

    need_id: str = Field(default="", exclude=True)
    provenance: str = Field(default="", exclude=True)
    evidence: str = Field(default="", exclude=True)
    source: Source | None = None
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


class MergedCompany(Merged):
    profile: Company


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


class Approach(BaseModel):
    """Who approached a prospect, when, how, and what came of it; the note is missing for roles that may not see it."""

    approach_id: str
    by: str
    at: datetime
    means: Means
    outcome: ApproachOutcome
    note: str | None = None


class OutreachStep(BaseModel):
    """What is to be done next with a prospect; what it is, is missing for roles that may not see it."""

    step_id: str
    what: str | None = None
    owner: str
    due: datetime


class Decline(BaseModel):
    """Why, by whom and when it ended."""

    reason: DeclineReason
    by: DeclinedBy
    at: datetime
    note: str | None = None


class Prospect(Shape, ProspectDetails):
    """Whom staff want to win. What identifies somebody is missing for roles that may not see it, and once it was minimised."""

    kind: Kind
    state: ProspectState
    name: str | None = None  # type: ignore[assignment]
    identified_at: datetime | None = None
    agreed_at: datetime | None = None
    next_step: OutreachStep | None
    approaches: list[Approach]
    decline: Decline | None
    profile_id: str | None


class Origin(BaseModel):
    """Where a profile comes from. ``source``: of a prospect, where its data was found; of a referral, the partner."""

    kind: Literal["prospect", "referral"]
    id: str
    found_through: str | None = None
    source: str | None = None
    coordinator: str | None = None
    identified_at: datetime | None = None


class History(BaseModel):
    """How a profile came about; ``origin`` is null where staff or the person made it directly."""

    id: str
    origin: Origin | None
    approaches: list[Approach]
    agreed_at: datetime | None


class NextStep(BaseModel):
    """What is to be done next, by whom and until when. Words are null for roles that may not see them, and once the person was
    erased; so they are in meetings."""

    step_id: str
    what: str | None
    owner: str
    due: datetime
    reminded: bool = False
    overdue: bool
    escalated_to: Literal["coordinator", "deputy", "head"] | None = None


class Clash(BaseModel):
    """One side is busy elsewhere at that time; ``with``: the contact or workshop, for those who may know."""

    side: Literal["person", "company"]
    starts_at: datetime
    ends_at: datetime
    with_: str | None = Field(alias="with")


class Meeting(BaseModel):
    """A dated talk within a contact. ``reason``: why it was last moved or cancelled.

    ``clashes``: of one that is to come, where one contact is read.
    """

    meeting_id: str
    format: MeetingFormat
    starts_at: datetime
    ends_at: datetime
    place: str | None
    first: bool
    state: Literal["scheduled", "cancelled", "held", "missed", "followed_up"]
    outcome: str | None
    missed_by: Literal["person", "company", "both"] | None = None
    reason: str | None = None
    cancelled_by: str | None = None
    moved_by: str | None = None
    clashes: list[Clash] = Field(default_factory=list)


class ProposedDate(BaseModel):
    """A time that is offered, and what it clashes with, where one contact is read."""

    starts_at: datetime
    ends_at: datetime
    clashes: list[Clash] = Field(default_factory=list)


class DateProposal(BaseModel):
    """The latest dates that were proposed for a talk. ``chosen``: the date that one side, or both by now, have agreed to."""

    proposal_id: str
    by: Literal["person", "company", "coordinator"]
    format: MeetingFormat
    place: str | None
    choose_by: datetime | None
    dates: list[ProposedDate]
    state: Literal["open", "chosen", "declined", "lapsed", "replaced", "withdrawn"]
    chosen_by: list[str]
    chosen: datetime | None
    meeting_id: str | None
    declined_by: str | None
    reason: str | None


class Part(BaseModel):
    """What the caller is in a contact and may do in it now; ``is_next``: the next step is theirs."""

    as_: Literal["person", "company", "coordinator", "deputy", "staff", "reader"] = Field(alias="as")
    actions: list[str]
    is_next: bool


class CalendarEntry(BaseModel):
    """A talk that is agreed on, or a workshop in which there is a place."""

    id: str
    kind: Literal["meeting", "workshop"]
    contact_id: str | None
    format: str
    title: str | None
    starts_at: datetime
    ends_at: datetime
    place: str | None
    link: str | None


class Calendar(BaseModel):
    """What a person or company has agreed on, the earliest first."""

    id: str
    items: list[CalendarEntry]


class Contact(Shape):
    """The relationship of one person and one company about one need."""

    state: ContactState
    person_id: str
    company_id: str
    need_id: str
    coordinator: str
    deputy: str = ""
    region: str = ""
    accepted_by: list[str]
    next_step: NextStep | None
    meetings: list[Meeting]
    date_proposal: DateProposal | None = None
    your_part: Part
    closing_reason: str | None
    last_sign_of_life: datetime | None = None


class ContactEvent(Shape):
    """One event of a contact's timeline."""

    event_id: str
    contact_id: str
    type: str
    time: datetime
    actor: str
    data: dict[str, Any]


class Workshop(Shape):
    """An event with places. ``link`` is told to staff and to those who have a place; ``waiting``: how many stand in line;
    ``my_state``: how it stands with the caller's own registration, null for others."""

    state: Literal["announced", "cancelled"]
    kind: WorkshopKind
    title: str
    description: str
    language: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    free_places: int
    waiting: int
    place: str
    link: str | None = None
    region: str
    coordinator: str
    cancelled_because: str | None
    my_state: Attendance | None = None


class WorkshopWish(BaseModel):
    """A talk that a participant wants; ``contact_id``: the contact that it becomes where the rules allow it."""

    person_id: str
    company_id: str
    need_id: str
    contact_id: str


class WorkshopFeedback(BaseModel):
    """How it was, from 1 to 5; the words are missing for roles that may not see them."""

    rating: int
    words: str | None = None
    wishes: list[WorkshopWish]
    given_at: datetime


class Registration(Shape):
    """Who takes part in a workshop, or waits: ``place_in_line`` is 1 for the first. Name and e-mail are those of a guest."""

    workshop_id: str
    participant_id: str
    partner_id: str
    state: Attendance
    place_in_line: int | None
    name: str | None = None
    email: str | None = None
    language: str | None
    registered_at: datetime
    feedback: WorkshopFeedback | None


class WorkshopEvent(Shape):
    """One event of a workshop's timeline; names, addresses and words are left out."""

    event_id: str
    workshop_id: str
    type: str
    time: datetime
    actor: str
    data: dict[str, Any]


class PromiseProof(BaseModel):
    """Whether every open contact had an owner and a dated next step at that moment. ``silent`` must be 0."""

    as_of: datetime
    kept: bool
    open: int
    silent: int
    silent_contacts: list[str]
    overdue: int
    reported: int
    escalated: dict[str, int]
    owners: dict[str, int]
    checksum: str


class PromisedStep(BaseModel):
    """The open next step of a contact at that moment."""

    step_id: str
    owner: str
    due: datetime
    overdue: bool
    reported: bool
    escalated_to: str | None


class PromisedContact(Shape):
    """A contact that was open at that moment, whose it was, and what was to be done next in it."""

    state: ContactState
    person_id: str
    company_id: str
    coordinator: str
    deputy: str
    next_step: PromisedStep | None
    silent: bool


class PromisedContacts(BaseModel):
    """A page of them. ``as_of``: send it along with ``cursor``, so that all pages speak of one moment."""

    as_of: datetime
    items: list[PromisedContact]
    next: str | None


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


class PreferencesShown(BaseModel):
    """How a recipient wants to be written to. ``bounced``: mails to the address that they have stated came back."""

    model_config = ConfigDict(title="Preferences")
    id: str
    email: bool
    digest: Literal["none", "daily", "weekly"]
    quiet_from: str
    quiet_until: str
    time_zone: str
    webhook: bool
    bounced: bool
    version: int


class WebhookShown(BaseModel):
    """A webhook with its secret, which is shown this once."""

    model_config = ConfigDict(title="Webhook")
    id: str
    url: str
    secret: str
    version: int


class InboxItem(BaseModel):
    """Something that you were told. ``parameters``: what it is about, by ids and times."""

    id: str
    version: int
    template: str
    title: str
    urgency: Literal["at_once", "may_wait"]
    at: datetime
    read_at: datetime | None
    parameters: dict[str, str | None]


class InboxPage(BaseModel):
    """A page of the inbox, and how much of the whole is unread."""

    items: list[InboxItem]
    next: str | None
    unread: int


class StaffMember(Shape):
    """A member of staff, by the id that their token says."""

    staff_id: str
    name: str | None
    email: str | None
    role: Literal["coordinator", "head"]
    language: str
    time_zone: str


class MailShown(BaseModel):
    """A mail and how far it is."""

    model_config = ConfigDict(title="Mail")
    id: str
    version: int
    recipient: str
    template: str
    state: str


class BounceShown(BaseModel):
    """Whether mails to the address of a recipient come back."""

    model_config = ConfigDict(title="Bounce")
    recipient: str
    bounced: bool
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

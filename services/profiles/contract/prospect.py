"""Prospects: whom staff want to win and who has not agreed yet.

What identifies somebody is sealed with the prospect's own key, the names of organisations and all free texts too: a firm may be
called after its owner, and what staff write down names people. So destroying one key leaves nothing of a prospect.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from services.foundation.aggregate import derived_stream
from services.foundation.messages import Command, Event
from services.profiles.contract.company import CreateCompany
from services.profiles.contract.partner import CreatePartner
from services.profiles.contract.person import CreatePerson
from services.profiles.contract.values import Kind, Region, Sealed, Sector, Text, UiLanguage, Value

PROSPECT_SEALED = ("name", "contact_name", "email", "phone", "address", "note")
"""The fields of a prospect that identify somebody. Sealed too: ``what`` of a next step, ``note`` of an approach or decline."""

ProspectState = Literal["identified", "approached", "in_talks", "agreed", "declined", "minimised"]
OPEN_PROSPECT_STATES: frozenset[str] = frozenset({"identified", "approached", "in_talks"})
FoundThrough = Literal["fair", "register", "recommendation", "event", "press", "web", "own_request", "other"]
"""By which way a prospect became known. ``own_request``: they came by themselves."""
Means = Literal["face_to_face", "phone", "discussion_round", "meeting", "workshop", "training", "letter", "email"]
"""How somebody is approached: as the project's seed text lists it, and in writing."""
ApproachOutcome = Literal["no_answer", "call_back", "undecided", "interested", "in_talks", "not_interested"]
DeclineReason = Literal[
    "no_interest", "no_time", "no_need", "other_provider", "wants_no_contact", "unreachable", "not_suitable", "ceased", "other"
]
"""From a list, so that what stays of a declined prospect names nobody."""
DeclinedBy = Literal["prospect", "institute"]

ProspectId = Annotated[str, StringConstraints(pattern=r"^prospect-[0-9a-f-]{36}$")]
StaffId = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""The opaque id of a member of staff."""
ExternalId = Annotated[str, StringConstraints(max_length=100)]
SealedName = Annotated[Sealed, Field(min_length=1)]
Place = Annotated[str, StringConstraints(max_length=200)]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Mark = Annotated[str, StringConstraints(pattern=r"^(name|email|phone):[0-9a-f]{64}$")]
"""A keyed digest by which somebody who declined is recognised; says nothing without the key (KeyVault.fingerprint)."""


def prospect_stream(source: str, external_id: str) -> str:
    """The one stream of what this source calls by this id, so that an import may be repeated."""
    return derived_stream("prospect", source, external_id)


class OutreachStep(Value, extra="forbid"):
    """What is to be done next, by whom and until when. ``what`` is sealed; without it, it is the first approach."""

    what: Sealed = ""
    owner: StaffId
    due: AwareDatetime


class Declining(Value, extra="forbid"):
    """Why and by whom it ends. ``marks``: digests by which the prospect is recognised later."""

    reason: DeclineReason
    by: DeclinedBy = "prospect"
    note: Sealed = ""
    marks: Annotated[tuple[Mark, ...], Field(min_length=1, max_length=10)]


# --- commands -------------------------------------------------------------------------------------------------------


class IdentifyProspect(Command, type="profiles.IdentifyProspect.v1"):
    """``found_through`` and ``source`` say where the data comes from (Art. 14 (2) (f) GDPR); the source names no person.

    Stream: ``prospect_stream(source, external_id)`` where there is an external id, any new one otherwise. ``fingerprint``: the
    vault's digest of all that was given, as the seals of one text differ. Without ``next_step`` the first approach is due soon.
    """

    kind: Kind
    name: SealedName
    contact_name: Sealed = ""
    email: Sealed = ""
    phone: Sealed = ""
    address: Sealed = ""
    note: Sealed = ""
    sector: Sector
    region: Region
    place: Place = ""
    preferred_language: UiLanguage = "de"
    found_through: FoundThrough
    source: Text
    external_id: ExternalId = ""
    coordinator: StaffId
    next_step: OutreachStep | None = None
    fingerprint: Fingerprint


class UpdateProspect(Command, type="profiles.UpdateProspect.v1"):
    """Replaces the fields that are given. Where the data comes from stays what it was."""

    name: SealedName | None = None
    contact_name: Sealed | None = None
    email: Sealed | None = None
    phone: Sealed | None = None
    address: Sealed | None = None
    note: Sealed | None = None
    sector: Sector | None = None
    region: Region | None = None
    place: Place | None = None
    preferred_language: UiLanguage | None = None
    coordinator: StaffId | None = None


class RecordApproach(Command, type="profiles.RecordApproach.v1"):
    """Who approached the prospect, when, how, and what came of it.

    And what follows: ``next_step``, or ``decline`` where the prospect is not interested.
    """

    by: StaffId
    at: AwareDatetime
    means: Means
    outcome: ApproachOutcome
    note: Sealed = ""
    next_step: OutreachStep | None = None
    decline: Declining | None = None


class PlanOutreachStep(Command, type="profiles.PlanOutreachStep.v1"):
    """Replaces the open next step."""

    next_step: OutreachStep


class AgreeProspect(Command, type="profiles.AgreeProspect.v1"):
    """The prospect agrees to cooperate. The profile of its kind is given, sealed with the profile's own key."""

    profile_id: Annotated[str, StringConstraints(pattern=r"^(person|company|partner)-[0-9a-f-]{36}$")]
    person: CreatePerson | None = None
    company: CreateCompany | None = None
    partner: CreatePartner | None = None


class DeclineProspect(Command, type="profiles.DeclineProspect.v1"):
    """``at``: when they said so; may lie in the past."""

    at: AwareDatetime
    decline: Declining


class MinimiseProspect(Command, type="profiles.MinimiseProspect.v1"):
    """Sent by the timer for those who declined before ``declined_until``."""

    declined_until: AwareDatetime


# --- events ---------------------------------------------------------------------------------------------------------


class ProspectDetails(Value):
    """A prospect as last stated; see PROSPECT_SEALED for what is sealed."""

    name: str
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    note: str = ""
    sector: str = ""
    region: str = ""
    place: str = ""
    preferred_language: str = "de"
    found_through: str = ""
    source: str = ""
    external_id: str = ""
    coordinator: str = ""


class ProspectIdentified(Event, type="profiles.ProspectIdentified.v1"):
    kind: str
    details: ProspectDetails
    fingerprint: str = ""


class ProspectUpdated(Event, type="profiles.ProspectUpdated.v1"):
    """The prospect as it stands now, whole."""

    details: ProspectDetails


class OutreachStepPlanned(Event, type="profiles.OutreachStepPlanned.v1"):
    """``step_id`` is unique within the prospect. ``what`` is sealed; empty, it is the first approach."""

    step_id: str
    what: str = ""
    owner: str
    due: datetime


class ProspectApproached(Event, type="profiles.ProspectApproached.v1"):
    """``state``: in which the prospect is now."""

    approach_id: str
    by: str
    at: datetime
    means: str
    outcome: str
    note: str = ""
    state: str = "approached"


class ProspectAgreed(Event, type="profiles.ProspectAgreed.v1"):
    """``profile``: the fields of the command that creates the profile, sealed with the profile's own key."""

    kind: str
    profile_id: str
    profile: dict[str, Any] = Field(default_factory=dict)


class ProspectDeclined(Event, type="profiles.ProspectDeclined.v1"):
    reason: str
    by: str
    at: datetime
    note: str = ""
    marks: tuple[str, ...] = ()


class ProspectMinimised(Event, type="profiles.ProspectMinimised.v1"):
    """The key of the stream is destroyed. What stays is what this event says."""

    kind: str = ""
    sector: str = ""
    region: str = ""
    marks: tuple[str, ...] = ()

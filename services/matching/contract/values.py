"""The values that the messages of matching are made of, with their limits. Source: DOMAIN.md, "Values"."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from services.foundation.aggregate import derived_stream
from services.profiles.contract import LONGEST_SEALED

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
StaffId = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""The opaque id of a member of staff, as their token says it."""
ContactId = Annotated[str, StringConstraints(pattern=r"^contact-[0-9a-f-]{36}$")]
MeetingId = Annotated[str, StringConstraints(pattern=r"^meeting-[0-9a-f-]{36}$")]
ProposalId = Annotated[str, StringConstraints(pattern=r"^dates-[0-9a-f-]{36}$")]
WorkshopId = Annotated[str, StringConstraints(pattern=r"^workshop-[0-9a-f-]{36}$")]


def contact_stream(person_id: str, company_id: str, need_id: str) -> str:
    """The one stream of this pair and need: a second proposal meets the first."""
    return derived_stream("contact", person_id, company_id, need_id)


class Step(BaseModel):
    """What is to be done next in a contact, by whom and until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    what: Words
    owner: StepOwner
    due: AwareDatetime


class TimeSlot(BaseModel):
    """A time at which a talk could take place."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class OfferedSlot(BaseModel):
    """The same, as it stands in events."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    starts_at: datetime
    ends_at: datetime

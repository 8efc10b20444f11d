"""What answers about contacts look like."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from services.gateway.http.shapes.common import Shape
from services.gateway.http.shapes.meetings import DateProposal, Meeting
from services.matching.contract import ContactState


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


class Part(BaseModel):
    """What the caller is in a contact and may do in it now; ``is_next``: the next step is theirs."""

    as_: Literal["person", "company", "coordinator", "deputy", "staff", "reader"] = Field(alias="as")
    actions: list[str]
    is_next: bool


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

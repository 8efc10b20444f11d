"""What answers about the promise look like."""

from datetime import datetime

from pydantic import BaseModel

from services.gateway.http.shapes.common import Shape
from services.matching.contract import ContactState


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

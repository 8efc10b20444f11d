"""What answers about meetings, and the dates proposed for them, look like."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.matching.contract import MeetingFormat


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

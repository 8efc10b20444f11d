"""What answers about prospects look like."""

from datetime import datetime

from pydantic import BaseModel

from services.gateway.http.shapes.common import Shape
from services.profiles.contract import ApproachOutcome, DeclinedBy, DeclineReason, Kind, Means, ProspectDetails, ProspectState


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

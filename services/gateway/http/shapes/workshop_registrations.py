"""What answers about registrations for workshops look like."""

from datetime import datetime

from pydantic import BaseModel

from services.gateway.http.shapes.common import Shape
from services.matching.contract import Attendance


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

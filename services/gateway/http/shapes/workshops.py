"""What answers about workshops look like."""

from datetime import datetime
from typing import Any, Literal

from services.gateway.http.shapes.common import Shape
from services.matching.contract import Attendance, WorkshopKind


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


class WorkshopEvent(Shape):
    """One event of a workshop's timeline; names, addresses and words are left out."""

    event_id: str
    workshop_id: str
    type: str
    time: datetime
    actor: str
    data: dict[str, Any]

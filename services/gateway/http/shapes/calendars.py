"""What answers about calendars look like."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


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

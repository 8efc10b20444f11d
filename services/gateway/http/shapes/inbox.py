"""What answers about the inbox look like."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


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

"""What answers about searches look like."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.gateway.http.shapes.common import Shape


class FacetCount(BaseModel):
    """How many hits there are with this value."""

    value: str
    count: int


class SavedSearch(Shape):
    """A search that its owner runs again and again; ``unseen``: new hits since they looked last that they may still see."""

    title: str
    resource: Literal["people", "companies", "needs"]
    query: str
    notify: bool
    saved_at: datetime
    unseen: int
